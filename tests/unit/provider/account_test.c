/*
 * What Hamsa says of the account: each answer made sense of, each failure with its name, its exit
 * code and its remedy, and the key in none of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "provider/account.h"
#include "fault_server.h"

#define KEY  "sk_very_secret"
#define HTML "Content-Type: text/html\r\n"

#define PROJECT "GET /v1/projects/by-api-key "
#define AGENTS  "GET /v2/voice-agents?skip="
#define NUMBERS "GET /v1/voice-agents/phone-number/list?skip="
#define USAGE   "GET /v1/projects/statistics/numbers?"

struct bench {
	struct fault_server server;
	struct clock clock;
	struct account *account;
	struct arena arena;
};

static void bench_at(struct bench *b, const char *url, const char *project_id)
{
	struct hamsa_config config = {
		.base_url = url,
		.api_key = KEY,
		.project_id = project_id,
		.clock = &b->clock,
		.read_timeout_ms = 500,
	};
	struct err e;

	clock_init_system(&b->clock);
	if (!account_new(&config, &b->account, &e))
		fail_msg("%s", e.text);
}

static void bench_open(struct bench *b, const struct fault_rule *rules, const char *project_id)
{
	char url[64];

	*b = (struct bench){0};
	fault_start(&b->server, rules);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/v1", b->server.port);
	bench_at(b, url, project_id);
}

static void bench_close(struct bench *b)
{
	account_free(b->account);
	fault_stop(&b->server);
	arena_free(&b->arena);
}

static const struct project_case {
	struct fault_rule rule;
	const char *project_id; /* what HAMSA_PROJECT_ID says */
	enum account_trouble trouble;
	enum err_kind kind;
	const char *words; /* part of the sentence */
} project_cases[] = {
	{{PROJECT, 0, 0, 200, NULL, "{\"data\":{\"id\":\"p\",\"name\":\"N\"}}"}, NULL, 0, 0, NULL},
	{{PROJECT, 0, 0, 201, NULL, "{\"success\":false,\"data\":{\"data\":{\"id\":\"p\"}}}"},
	 "p",
	 0,
	 0,
	 NULL},
	{{PROJECT, 0, 0, 200, NULL, "{\"data\":{\"id\":\"p\",\"isDeactivated\":false}}"},
	 "",
	 0,
	 0,
	 NULL},
	{{PROJECT, 0, 0, 200, NULL, "{\"data\":{\"id\":\"p\"}}"},
	 "other",
	 ACCOUNT_OTHER_PROJECT,
	 ERR_INVALID,
	 "belongs to project p, but HAMSA_PROJECT_ID says other. Use the key of that project"},
	{{PROJECT, 0, 0, 200, NULL, "{\"data\":{\"id\":\"p\",\"isDeactivated\":true}}"},
	 NULL,
	 ACCOUNT_DEACTIVATED,
	 ERR_STOPPED,
	 "deactivated the project 'p' of this key. No call can be placed"},
	{{PROJECT, 0, 0, 200, NULL, "{\"data\":{\"name\":\"N\",\"isDeactivated\":\"true\"}}"},
	 NULL,
	 ACCOUNT_DEACTIVATED,
	 ERR_STOPPED,
	 "'N'"},
	{{PROJECT, 0, 0, 401, NULL, "{\"message\":\"Key " KEY " is bad\"}"},
	 NULL,
	 ACCOUNT_KEY_REFUSED,
	 ERR_STOPPED,
	 "Hamsa answered 401: Key ************** is bad. Copy the project's secret key again"},
	{{PROJECT, 0, 0, 403, NULL, "{\"message\":\"no\"}"},
	 NULL,
	 ACCOUNT_FORBIDDEN,
	 ERR_STOPPED,
	 "with the right to"},
	{{PROJECT, 0, 0, 403, HTML, "<html>"}, NULL, ACCOUNT_BROKEN, ERR_FAILED, "web page"},
	{{PROJECT, 0, 0, 404, NULL, "{}"},
	 NULL,
	 ACCOUNT_NOT_FOUND,
	 ERR_INVALID,
	 "Is HAMSA_BASE_URL right?"},
	{{PROJECT, 0, 0, 429, NULL, "{}"}, NULL, ACCOUNT_SLOW_DOWN, ERR_FAILED, "Wait a little"},
	{{PROJECT, 0, 0, 500, NULL, "{}"}, NULL, ACCOUNT_BROKEN, ERR_FAILED, "fault of Hamsa's"},
	{{PROJECT, 0, 0, 502, HTML, "<html>"}, NULL, ACCOUNT_BROKEN, ERR_FAILED, "web page"},
	{{PROJECT, 0, 0, 200, HTML, "<html>"}, NULL, ACCOUNT_BROKEN, ERR_FAILED, "web page"},
	{{PROJECT, 0, 0, 200, NULL, "{}"},
	 NULL,
	 ACCOUNT_BROKEN,
	 ERR_FAILED,
	 "without a project where the key's was asked for"},
	{{PROJECT, FAULT_HANG, 0, 0, NULL, NULL},
	 NULL,
	 ACCOUNT_TIMEOUT,
	 ERR_FAILED,
	 "Try again; if it stays so"},
	{{PROJECT, FAULT_CUT, 0, 0, NULL, NULL},
	 NULL,
	 ACCOUNT_BROKEN,
	 ERR_FAILED,
	 "no whole answer"},
};

static void test_project(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(project_cases); i++) {
		const struct project_case *c = &project_cases[i];
		const struct fault_rule rules[] = {c->rule, {0}};
		struct account_project project;
		struct bench b;
		struct err e = {0};

		bench_open(&b, rules, c->project_id);
		bool ok = account_project(b.account, &b.arena, &project, &e);
		if (ok != !c->words || account_trouble(b.account) != c->trouble ||
		    (c->words && (e.kind != c->kind || !strstr(e.text, c->words))))
			fail_msg("%zu: %s, kind %d: %s", i,
				 account_trouble_name(account_trouble(b.account)), (int)e.kind,
				 e.text);
		assert_null(strstr(e.text, KEY));
		if (ok)
			assert_string_equal(project.id, "p");
		bench_close(&b);
	}
}

/* What never was an answer. */
static void test_unreachable(void **state)
{
	static const struct {
		const char *url;
		enum account_trouble trouble;
		const char *words;
	} cases[] = {
		{"http://127.0.0.1:9", ACCOUNT_NO_CONNECTION, "does no firewall or proxy"},
		{"https://127.0.0.1:9", ACCOUNT_NO_CONNECTION, "does no firewall or proxy"},
		{"https://no-such-host.invalid", ACCOUNT_NO_HOST, "network and DNS?"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench b = {0};
		struct account_project project;
		struct err e = {0};

		bench_at(&b, cases[i].url, NULL);
		assert_false(account_project(b.account, &b.arena, &project, &e));
		if (account_trouble(b.account) != cases[i].trouble ||
		    !strstr(e.text, cases[i].words))
			fail_msg("%s: %s", cases[i].url, e.text);
		account_free(b.account);
		arena_free(&b.arena);
	}
}

/* An agent as text: id name language limit idle [spoken] [known]. */
static void write_agent(struct buf *out, const struct account_agent *a)
{
	buf_addf(out, "%s|%s|%s|%lld|%lld|", a->id, a->name, a->language, (long long)a->max_call_ms,
		 (long long)a->idle_ms);
	for (size_t i = 0; i < a->spoken_count; i++)
		buf_addf(out, "%s ", a->spoken[i]);
	buf_addc(out, '|');
	for (size_t i = 0; i < a->known_count; i++)
		buf_addf(out, "%s ", a->known[i]);
}

static void test_agent_forms(void **state)
{
	static const struct {
		const char *body;
		const char *expected; /* NULL: an error */
	} cases[] = {
		{"{\"data\":{\"id\":\"a\"}}", "a|||0|0||"},
		{"{\"data\":{\"data\":{\"id\":7,\"name\":null}}}", "7|||0|0||"},
		{"{\"id\":\"a\",\"name\":\"وكيل\",\"conversation\":{\"language\":\"ar\","
		 "\"greetingMessage\":\"{{ x }} {{y}}\",\"preamble\":\"{{x}} {{z\"},"
		 "\"callSettings\":{\"maxCallDuration\":300,\"userInactivityTimeout\":\"15\"}}",
		 "a|وكيل|ar|300000|15000|x y |x y "},
		/* older agents have it all beside */
		{"{\"id\":\"a\",\"lang\":\"en\",\"greetingMessage\":\"{{x}}\",\"params\":[\"x\","
		 "\"w\"]}",
		 "a||en|0|0|x |x w "},
		{"{\"id\":\"a\",\"conversation\":{\"languages\":[\"ar\",\"en\"],\"params\":"
		 "[{\"name\":\"n\"},null,{},3]}}",
		 "a||ar, en|0|0||n "},
		{"{\"id\":\"a\",\"conversation\":{\"params\":{\"p\":\"\",\"q\":null}}}",
		 "a|||0|0||p q "},
		{"{\"id\":\"a\",\"conversation\":7,\"callSettings\":{\"maxCallDuration\":-1,"
		 "\"userInactivityTimeout\":1e9}}",
		 "a|||0|0||"},
		{"{\"data\":{\"name\":\"without an id\"}}", NULL},
		{"[]", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct fault_rule rules[] = {{"GET /v2/voice-agents/a%2Fb ", 0, 0, 200, NULL,
						    cases[i].body},
						   {0}};
		struct account_agent agent;
		struct bench b;
		struct err e = {0};
		struct buf text;

		bench_open(&b, rules, NULL);
		buf_init(&text, 4096);
		bool ok = account_agent(b.account, "a/b", &b.arena, &agent, &e);
		if (ok)
			write_agent(&text, &agent);
		if (ok != (cases[i].expected != NULL) ||
		    (ok && strcmp(text.data, cases[i].expected) != 0))
			fail_msg("%zu: %s %s", i, text.data, e.text);
		buf_free(&text);
		bench_close(&b);
	}
}

static const struct pages_case {
	const char *name;
	struct fault_rule rules[4];
	const char *ids; /* NULL: an error */
	int asked;
} pages_cases[] = {
	{"until a page brings nothing new",
	 {{AGENTS "1&take=100 ", 0, 0, 200, NULL,
	   "{\"data\":{\"total\":3,\"voiceAgents\":[{\"id\":\"a\"},{\"id\":\"b\"}]}}"},
	  {AGENTS "2&take=100 ", 0, 0, 200, NULL,
	   "{\"data\":{\"voiceAgents\":[{\"id\":\"b\"},{\"id\":\"c\"},{\"name\":\"no id\"}]}}"},
	  {AGENTS "3&take=100 ", 0, 0, 200, NULL, "{\"data\":{\"voiceAgents\":[]}}"}},
	 "a b c ",
	 3},
	{"a server that does not page",
	 {{AGENTS, 0, 0, 200, NULL, "{\"data\":[{\"id\":\"a\"}]}"}},
	 "a ",
	 2},
	{"none", {{AGENTS, 0, 0, 200, NULL, "{\"data\":{\"voiceAgents\":[]}}"}}, "", 1},
	{"no list", {{AGENTS, 0, 0, 200, NULL, "{\"data\":{}}"}}, NULL, 1},
	{"half a list is none",
	 {{AGENTS "1&take=100 ", 0, 0, 200, NULL, "{\"data\":[{\"id\":\"a\"}]}"},
	  {AGENTS "2&take=100 ", 0, 0, 500, NULL, "{}"}},
	 NULL,
	 2},
};

static void test_pages(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(pages_cases); i++) {
		const struct pages_case *c = &pages_cases[i];
		struct account_agent *agents;
		struct bench b;
		struct err e = {0};
		struct buf ids;
		size_t count;

		bench_open(&b, c->rules, NULL);
		buf_init(&ids, 4096);
		bool ok = account_agents(b.account, &b.arena, &agents, &count, &e);
		for (size_t k = 0; ok && k < count; k++)
			buf_addf(&ids, "%s ", agents[k].id);
		if (ok != (c->ids != NULL) || (ok && strcmp(ids.data, c->ids) != 0) ||
		    fault_count(&b.server, AGENTS) != c->asked)
			fail_msg("%s: '%s', asked %d times: %s", c->name, ids.data,
				 fault_count(&b.server, AGENTS), e.text);
		buf_free(&ids);
		bench_close(&b);
	}
}

static void test_numbers(void **state)
{
	static const struct fault_rule rules[] = {
		{NUMBERS, 0, 0, 200, NULL,
		 "{\"data\":[{\"number\":\"+96824000000\",\"label\":\"خط\",\"type\":\"SIP\","
		 "\"voiceAgentId\":null},{\"phoneNumber\":96824111111},{\"id\":\"none\"},null]}"},
		{0}};
	struct account_number *numbers;
	struct bench b;
	struct err e;
	size_t count;

	(void)state;
	bench_open(&b, rules, NULL);
	assert_true(account_numbers(b.account, &b.arena, &numbers, &count, &e));
	assert_int_equal(count, 2);
	assert_string_equal(numbers[0].number, "+96824000000");
	assert_string_equal(numbers[0].label, "خط");
	assert_string_equal(numbers[0].agent_id, "");
	assert_string_equal(numbers[1].number, "96824111111");
	assert_string_equal(numbers[1].type, "");
	bench_close(&b);
}

static void test_usage(void **state)
{
	static const struct {
		const char *body;
		const char *expected;
	} cases[] = {
		{"{\"success\":true,\"message\":\"m\",\"data\":{\"price\":{\"value\":1.5,\"unit\":"
		 "\"credits\"},\"requests\":{\"value\":\"12\",\"unit\":null},\"tokens\":null}}",
		 "price=1.5 credits;requests=12 ;"},
		{"{\"data\":{\"data\":{\"media\":12,\"deep\":{\"no\":\"value\"},\"on\":true}}}",
		 "media=12 ;on=true ;"},
		{"{\"price\":{\"value\":3}}", "price=3 ;"},
		{"{\"success\":true}", ""},
		{"[1]", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct fault_rule rules[] = {{USAGE
						    "projectId=p%261&startPeriod=5&endPeriod=9 ",
						    0, 0, 200, NULL, cases[i].body},
						   {0}};
		struct account_figure *figures;
		struct bench b;
		struct err e = {0};
		struct buf text;
		size_t count;

		bench_open(&b, rules, NULL);
		buf_init(&text, 4096);
		if (!account_usage(b.account, "p&1", 5, 9, &b.arena, &figures, &count, &e))
			fail_msg("%s", e.text);
		for (size_t k = 0; k < count; k++)
			buf_addf(&text, "%s=%s %s;", figures[k].name, figures[k].value,
				 figures[k].unit);
		assert_string_equal(text.data, cases[i].expected);
		buf_free(&text);
		bench_close(&b);
	}
}

static void test_usage_of_nobody(void **state)
{
	static const struct fault_rule rules[] = {{USAGE, 0, 0, 404, NULL, "{}"}, {0}};
	struct account_figure *figures;
	struct bench b;
	struct err e = {0};
	size_t count;

	(void)state;
	bench_open(&b, rules, NULL);
	assert_false(account_usage(b.account, "p", 5, 9, &b.arena, &figures, &count, &e));
	assert_int_equal(e.kind, ERR_INVALID);
	assert_non_null(strstr(e.text, "Hamsa knows no project p. HAMSA_PROJECT_ID may be unset"));
	bench_close(&b);
}

/* A gateway, or another site altogether, knows nothing of agents and projects. */
static void test_pages_of_gateways(void **state)
{
	static const struct fault_rule rules[] = {{"GET ", 0, 0, 404, HTML, "<html>"}, {0}};
	static const char words[] = "Hamsa answered 404 with a web page instead of an answer. Is "
				    "HAMSA_BASE_URL right?";
	struct account_figure *figures;
	struct account_agent agent;
	struct bench b;
	struct err e = {0};
	size_t count;

	(void)state;
	bench_open(&b, rules, NULL);
	assert_false(account_agent(b.account, "a", &b.arena, &agent, &e));
	assert_non_null(strstr(e.text, words));
	assert_false(account_usage(b.account, "p", 5, 9, &b.arena, &figures, &count, &e));
	assert_non_null(strstr(e.text, words));
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_project),         cmocka_unit_test(test_unreachable),
		cmocka_unit_test(test_agent_forms),     cmocka_unit_test(test_pages),
		cmocka_unit_test(test_numbers),         cmocka_unit_test(test_usage),
		cmocka_unit_test(test_usage_of_nobody), cmocka_unit_test(test_pages_of_gateways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
