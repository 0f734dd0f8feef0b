#include <string.h>

#include "base/mem.h"
#include "hamsa_desk.h"

#define ROW(id)                                                                             \
	"{\"id\":\"" id "\",\"status\":\"PENDING\",\"createdAt\":\"2026-11-22T10:15:00Z\"," \
	"\"voiceAgentId\":\"a\",\"callParams\":{\"userNumber\":\"+96891234567\"}}"

static const struct list_case {
	int status;
	const char *body;
	bool live_only;
	enum read_verdict read;
	size_t lines;
	bool last_page;
} list_cases[] = {
	{200, "{\"data\":{\"calls\":[" ROW("a") "," ROW("b") "]}}", false, READ_OK, 2, false},
	{200, "{\"data\":{\"calls\":[" ROW("a") "]}}", false, READ_OK, 1, true},
	{200, "{\"data\":{\"calls\":[]}}", false, READ_OK, 0, true},
	{200, "{\"data\":{\"data\":{\"calls\":[]}}}", false, READ_OK, 0, true},
	{200, "{\"data\":{\"calls\":[{\"id\":\"a\",\"callParams\":null,\"createdAt\":7}]}}", false,
	 READ_OK, 1, true},
	/* No list is not an empty list: what is absent from one counts as never placed. */
	{200, "{\"data\":{\"calls\":null}}", false, READ_LATER, 0, false},
	{200, "{\"data\":{}}", false, READ_LATER, 0, false},
	{200, "{\"data\":{\"calls\":{}}}", false, READ_LATER, 0, false},
	{200, "{\"data\":{\"calls\":[" ROW("a"), false, READ_LATER, 0, false},
	{200, "<html>", false, READ_LATER, 0, false},
	{200, "", false, READ_LATER, 0, false},
	{200, "{\"data\":{\"calls\":[" ROW("a") ",{\"status\":\"PENDING\"}]}}", false, READ_LATER,
	 0, false},
	{200, "{\"data\":{\"calls\":[null]}}", false, READ_LATER, 0, false},
	/* Among live calls a line without an id is passed over, but the page is still full. */
	{200, "{\"data\":{\"calls\":[null," ROW("a") "]}}", true, READ_OK, 1, false},
	{401, "{}", false, READ_STOP, 0, false},
	{403, "{}", false, READ_STOP, 0, false},
	{404, "{}", false, READ_LATER, 0, false},
	{429, "{}", false, READ_LATER, 0, false},
	{500, "{\"data\":{\"calls\":[]}}", false, READ_LATER, 0, false},
};

static void test_list(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(list_cases); i++) {
		const struct list_case *c = &list_cases[i];
		const struct fault_rule rules[] = {{"GET", 0, 0, c->status, NULL, c->body}, {0}};
		const struct list_query query = {.live_only = c->live_only,
						 .page = 1,
						 .per_page = 2};
		struct desk d = {0};

		desk_open(&d, rules);
		provider_list(&d.p, 9, &query);
		const struct answer *a = desk_wait(&d);
		if (a->read != c->read || a->line_count != c->lines || a->last_page != c->last_page)
			fail_msg("%s: verdict %d, %zu lines, last %d (%s)", c->body, (int)a->read,
				 a->line_count, a->last_page, a->words);
		desk_close(&d);
	}
}

static void test_list_as_sent(void **state)
{
	static const struct fault_rule rules[] = {{"GET", 0, 0, 200, NULL,
						   "{\"data\":{\"calls\":[" ROW("a") "]}}"},
						  {0}};
	struct list_query query = {.from_ms = 1795342500000,
				   .to_ms = 1795342600000,
				   .live_only = true,
				   .agent_id = "a&b",
				   .page = 3,
				   .per_page = 200};
	struct desk d = {0};

	(void)state;
	desk_open(&d, rules);
	provider_list(&d.p, 1, &query);
	const struct answer *a = desk_wait(&d);
	assert_string_equal(a->lines[0].job_id, "a");
	assert_string_equal(a->lines[0].user_number, "+96891234567");
	assert_string_equal(a->lines[0].agent_id, "a");
	assert_int_equal(a->lines[0].status, CALL_PENDING);
	assert_int_equal(a->lines[0].created_ms, 1795342500000);
	assert_int_equal(fault_count(&d.server,
				     "GET /v1/voice-agents/conversations/minimal-list?page=3&"
				     "perPage=200&startTime=1795342500000&endTime=1795342600000&"
				     "status=PENDING&status=IN_PROGRESS&voiceAgentId=a%26b HTTP"),
			 1);
	query = (struct list_query){.page = 1, .per_page = 100};
	provider_list(&d.p, 2, &query);
	desk_wait(&d);
	assert_int_equal(fault_count(&d.server, "minimal-list?page=1&perPage=100 HTTP"), 1);
	desk_close(&d);
}

#define CONVERSATION "GET /v1/voice-agents/conversation/j%2F1 "
#define WHY          "{\"message\":\"because\"}"
#define TERMINATE    "GET /v1/voice-agents/conversation/j%2F1/terminate "
#define JOBS         "GET /v1/jobs?jobId=j%2F1 "
#define DONE         "{\"data\":{\"id\":\"j/1\",\"status\":\"COMPLETED\"}}"
#define LIVE         "{\"data\":{\"id\":\"j/1\",\"status\":\"IN_PROGRESS\"}}"

static const struct read_case {
	struct fault_rule rules[4];
	enum read_verdict read;
	enum call_status status; /* READ_OK */
} read_cases[] = {
	{{{CONVERSATION, 0, 0, 200, NULL, DONE}}, READ_OK, CALL_COMPLETED},
	{{{CONVERSATION, 0, 0, 404, NULL, "{}"},
	  {JOBS, 0, 0, 200, NULL,
	   "{\"message\":\"ok\",\"data\":{\"data\":{\"id\":\"j\",\"status\":\"FAILED\"}}}"}},
	 READ_OK,
	 CALL_FAILED},
	{{{CONVERSATION, 0, 0, 404, NULL, "{}"}, {JOBS, 0, 0, 404, NULL, "{}"}}, READ_GONE, 0},
	/* Only two times 404 is gone. */
	{{{CONVERSATION, 0, 0, 404, NULL, "{}"}, {JOBS, 0, 0, 200, NULL, "{\"data\":null}"}},
	 READ_LATER,
	 0},
	{{{CONVERSATION, 0, 0, 404, NULL, "{}"}, {JOBS, 0, 0, 500, NULL, "{}"}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 404, NULL, "{}"}, {JOBS, FAULT_DROP, 0, 0, NULL, NULL}},
	 READ_LATER,
	 0},
	{{{CONVERSATION, 0, 0, 404, NULL, "{}"}, {JOBS, 0, 0, 401, NULL, "{}"}}, READ_STOP, 0},
	/* A web page is a gateway's, which knows nothing of calls. */
	{{{CONVERSATION, 0, 0, 404, HTML, "<html>"}, {JOBS, 0, 0, 404, NULL, "{}"}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 404, NULL, "<html>"}, {JOBS, 0, 0, 404, NULL, "{}"}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 404, NULL, "{}"}, {JOBS, 0, 0, 404, HTML, "<html>"}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 500, NULL, DONE}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 502, HTML, "<html>"}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 200, HTML, "<html>"}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 200, NULL, "{\"data\":"}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 200, NULL, "{\"success\":true}"}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 429, NULL, "{}"}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 400, NULL, "{}"}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 401, NULL, "{}"}}, READ_STOP, 0},
	{{{CONVERSATION, 0, 0, 403, NULL, "{}"}}, READ_STOP, 0},
	{{{CONVERSATION, 0, 0, 403, HTML, "<html>blocked"}}, READ_LATER, 0},
	{{{CONVERSATION, FAULT_HANG, 0, 0, NULL, NULL}}, READ_LATER, 0},
	{{{CONVERSATION, FAULT_CUT, 0, 200, NULL, DONE}}, READ_LATER, 0},
	{{{CONVERSATION, 0, 0, 302, "Location: /v1/other\r\n", DONE}}, READ_LATER, 0},
};

static void test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(read_cases); i++) {
		const struct read_case *c = &read_cases[i];
		struct desk d = {0};

		desk_open(&d, c->rules);
		provider_read(&d.p, 5, "j/1");
		const struct answer *a = desk_wait(&d);
		if (a->read != c->read || (c->read == READ_OK && a->call->status != c->status))
			fail_msg("case %zu: verdict %d, %s", i, (int)a->read, a->words);
		assert_int_equal(a->token, 5);
		if (c->read == READ_OK) {
			assert_string_equal(a->call->job_id, "j/1");
			assert_ptr_equal(a->call->raw, a->raw);
		} else {
			assert_null(a->call);
		}
		desk_close(&d);
	}
}

static const struct end_case {
	struct fault_rule rules[4];
	enum read_verdict read;
	bool already_over;
	const char *words; /* part of them; NULL: any */
} end_cases[] = {
	{{{TERMINATE, 0, 0, 200, NULL, "{\"success\":true}"}}, READ_OK, false, NULL},
	{{{TERMINATE, 0, 0, 204, NULL, ""}}, READ_OK, false, NULL},
	{{{TERMINATE, 0, 0, 200, HTML, "<html>"}}, READ_LATER, false, NULL},
	/* refused: a look at the call decides */
	{{{TERMINATE, 0, 0, 400, NULL, "{}"}, {CONVERSATION, 0, 0, 200, NULL, DONE}},
	 READ_OK,
	 true,
	 "already ended (COMPLETED)"},
	{{{TERMINATE, 0, 0, 404, NULL, "{}"}, {CONVERSATION, 0, 0, 200, NULL, DONE}},
	 READ_OK,
	 true,
	 NULL},
	{{{TERMINATE, 0, 0, 409, NULL, "{}"}, {CONVERSATION, 0, 0, 200, NULL, DONE}},
	 READ_OK,
	 true,
	 NULL},
	{{{TERMINATE, 0, 0, 400, NULL, "{}"}, {CONVERSATION, 0, 0, 200, NULL, LIVE}},
	 READ_LATER,
	 false,
	 "still IN_PROGRESS"},
	{{{TERMINATE, 0, 0, 400, NULL, "{}"}, {CONVERSATION, 0, 0, 404, NULL, WHY}},
	 READ_GONE,
	 false,
	 "Hamsa knows no such call (404: because); it may belong to another project."},
	{{{TERMINATE, 0, 0, 400, NULL, "{}"}, {CONVERSATION, 0, 0, 200, NULL, "{}"}},
	 READ_LATER,
	 false,
	 NULL},
	{{{TERMINATE, 0, 0, 400, NULL, "{}"}, {CONVERSATION, 0, 0, 500, NULL, DONE}},
	 READ_LATER,
	 false,
	 NULL},
	/* each in a sentence of its own */
	{{{TERMINATE, 0, 0, 401, NULL, WHY}},
	 READ_STOP,
	 false,
	 "Hamsa does not accept the key (401: because); `nida hamsa status` tells more."},
	{{{TERMINATE, 0, 0, 403, NULL, WHY}},
	 READ_STOP,
	 false,
	 "Hamsa does not let this key end the call (403: because)"},
	{{{TERMINATE, 0, 0, 403, HTML, "<html>"}}, READ_LATER, false, "has a fault (403)"},
	{{{TERMINATE, 0, 0, 404, HTML, "<html>"}, {CONVERSATION, 0, 0, 404, NULL, WHY}},
	 READ_LATER,
	 false,
	 "has a fault (404)"},
	{{{TERMINATE, 0, 0, 404, NULL, "{}"}, {CONVERSATION, 0, 0, 404, HTML, "<html>"}},
	 READ_LATER,
	 false,
	 "has a fault (404)"},
	{{{TERMINATE, 0, 0, 429, NULL, "{}"}}, READ_LATER, false, "too many requests (429)"},
	{{{TERMINATE, 0, 0, 422, NULL, WHY}}, READ_LATER, false, "Hamsa refused (422: because)."},
	{{{TERMINATE, 0, 0, 500, NULL, "{}"}}, READ_LATER, false, "has a fault (500)"},
	{{{TERMINATE, 0, 0, 502, HTML, "<html>"}}, READ_LATER, false, "has a fault (502)"},
	{{{TERMINATE, FAULT_DROP, 0, 0, NULL, NULL}},
	 READ_LATER,
	 false,
	 "whether it heard is not known"},
};

static void test_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(end_cases); i++) {
		const struct end_case *c = &end_cases[i];
		struct desk d = {0};

		desk_open(&d, c->rules);
		provider_end(&d.p, 5, "j/1");
		const struct answer *a = desk_wait(&d);
		if (a->read != c->read || a->already_over != c->already_over ||
		    (c->words && !strstr(a->words, c->words)))
			fail_msg("case %zu: verdict %d, over %d, %s", i, (int)a->read,
				 a->already_over, a->words);
		desk_close(&d);
	}
}

static const struct project_case {
	int status;
	const char *body;
	const char *wanted_id;
	enum read_verdict read;
	const char *words; /* part of them; NULL: any */
} project_cases[] = {
	{200, "{\"data\":{\"id\":\"p1\",\"name\":\"Omantel\",\"isDeactivated\":false}}", NULL,
	 READ_OK, NULL},
	{200, "{\"data\":{\"id\":\"p1\",\"name\":\"Omantel\"}}", "p1", READ_OK, NULL},
	{200, "{\"data\":{\"id\":\"p1\",\"name\":\"Omantel\"}}", "p2", READ_OK,
	 "HAMSA_PROJECT_ID says p2"},
	{200, "{\"data\":{\"id\":\"p1\",\"name\":\"Omantel\",\"isDeactivated\":true}}", NULL,
	 READ_STOP, "deactivated the project 'Omantel'"},
	{200, "{\"data\":{\"id\":\"p1\",\"isDeactivated\":\"true\"}}", NULL, READ_STOP, NULL},
	{200, "{\"data\":null}", NULL, READ_LATER, NULL},
	{401, "{\"messageKey\":\"AUTH_INVALID_KEY\"}", NULL, READ_STOP, "AUTH_INVALID_KEY"},
	{404, "{}", NULL, READ_GONE, NULL},
	{404, "<html>", NULL, READ_LATER, "web page"},
	{503, "{}", NULL, READ_LATER, NULL},
};

static void test_project(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(project_cases); i++) {
		const struct project_case *c = &project_cases[i];
		const struct fault_rule rules[] = {{"GET /v1/projects/by-api-key ", 0, 0, c->status,
						    NULL, c->body},
						   {0}};
		struct desk d = {0};

		desk_open_at(&d, rules, "/v1", c->wanted_id);
		provider_project(&d.p, 1);
		const struct answer *a = desk_wait(&d);
		if (a->read != c->read || (c->words && !strstr(a->words, c->words)))
			fail_msg("%s: verdict %d, %s", c->body, (int)a->read, a->words);
		if (c->read == READ_OK)
			assert_string_equal(a->project_id, "p1");
		desk_close(&d);
	}
}

static const struct agent_case {
	int status;
	const char *body;
	enum read_verdict read;
	int64_t max_call_ms;
} agent_cases[] = {
	{200, "{\"data\":{\"id\":\"a\",\"name\":\"N\",\"callSettings\":{\"maxCallDuration\":300}}}",
	 READ_OK, 300000},
	{200,
	 "{\"data\":{\"data\":{\"id\":\"a\",\"name\":\"N\",\"callSettings\":{\"maxCallDuration\":"
	 "\"60\"}}}}",
	 READ_OK, 60000},
	{200, "{\"id\":\"a\",\"name\":\"N\",\"callSettings\":null}", READ_OK, 0},
	{200, "{\"data\":{\"id\":\"a\",\"name\":\"N\",\"callSettings\":{\"maxCallDuration\":-1}}}",
	 READ_OK, 0},
	{200, "{\"data\":[]}", READ_LATER, 0},
	{404, "{}", READ_GONE, 0},
	{404, "<html>", READ_LATER, 0},
	{403, "{}", READ_STOP, 0},
	{500, "{}", READ_LATER, 0},
};

static void test_agent(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(agent_cases); i++) {
		const struct agent_case *c = &agent_cases[i];
		const struct fault_rule rules[] = {{"GET /v2/voice-agents/a%3F1 ", 0, 0, c->status,
						    NULL, c->body},
						   {0}};
		struct desk d = {0};

		desk_open(&d, rules);
		provider_agent(&d.p, 1, "a?1");
		const struct answer *a = desk_wait(&d);
		if (a->read != c->read)
			fail_msg("%s: verdict %d, %s", c->body, (int)a->read, a->words);
		if (c->read == READ_OK) {
			assert_int_equal(a->agent->max_call_ms, c->max_call_ms);
			assert_string_equal(a->agent->name, "N");
			assert_string_equal(a->agent->id, "a?1");
		}
		desk_close(&d);
	}
}

static const struct key_case {
	const char *key;
	const char *header; /* what is sent; NULL: refused */
	const char *fault;  /* part of the message */
} key_cases[] = {
	{"sk_1", "Authorization: Token sk_1\r\n", NULL},
	{"  sk_1\r\n", "Authorization: Token sk_1\r\n", NULL},
	{"Token sk_1", "Authorization: Token sk_1\r\n", NULL},
	{"tOKEN   sk_1", "Authorization: Token sk_1\r\n", NULL},
	{"Token_xyz", "Authorization: Token Token_xyz\r\n", NULL},
	{"hamsa_1", "Authorization: Token hamsa_1\r\n", NULL},
	{"", NULL, "empty"},
	{" \t", NULL, "empty"},
	{"Token  ", NULL, "empty"},
	{"pk_1", NULL, "public key"},
	{"Token pk_1", NULL, "public key"},
	{"sk_1\r\nX-Evil: 1", NULL, "line break"},
	{"sk_1\nx", NULL, "line break"},
	{"sk 1", NULL, "blank"},
	{"Bearer sk_1", NULL, "blank"},
	{"sk_\xd8\xb9", NULL, "character"},
};

static void test_key_rules(void **state)
{
	static const struct fault_rule rules[] = {{"GET", 0, 0, 200, NULL, "{}"}, {0}};
	struct fault_server server;
	struct clock clock;
	char url[64];

	(void)state;
	fault_start(&server, rules);
	clock_init_system(&clock);
	snprintf(url, sizeof(url), " http://127.0.0.1:%d/v1 ", server.port);
	for (size_t i = 0; i < COUNT_OF(key_cases); i++) {
		const struct key_case *c = &key_cases[i];
		struct hamsa_config config = {.base_url = url, .api_key = c->key, .clock = &clock};
		struct provider p = {0};
		struct answer answer;
		struct err e = {0};
		bool ok = hamsa_new(&config, &p, &e);

		if (ok != !c->fault || (!ok && !strstr(e.text, c->fault)))
			fail_msg("'%s': %s", c->key, ok ? "accepted" : e.text);
		if (!ok) {
			assert_null(strstr(e.text, "k_1"));
			continue;
		}
		provider_project(&p, 1);
		while (!provider_next(&p, &answer))
			provider_wait(&p, 100000);
		if (!strstr(server.seen[server.seen_count - 1].text, c->header))
			fail_msg("'%s' sent %s", c->key, server.seen[server.seen_count - 1].text);
		provider_free(&p);
	}
	fault_stop(&server);
}

static void test_address_rules(void **state)
{
	struct hamsa_config config = {.base_url = "http://api.tryhamsa.com/v1", .api_key = KEY};
	struct clock clock;
	struct provider p;
	struct err e;

	(void)state;
	clock_init_system(&clock);
	config.clock = &clock;
	assert_false(hamsa_new(&config, &p, &e));
	assert_int_equal(e.kind, ERR_INVALID);
	assert_non_null(strstr(e.text, "HAMSA_BASE_URL"));
	assert_null(strstr(e.text, KEY));
}

/* Answers come in any order; each token comes back once. */
static void test_many_kinds_at_once(void **state)
{
	enum { MANY = 100 };
	static const struct fault_rule rules[] = {
		{"POST", 0, 0, 200, NULL, "{\"id\":\"j\"}"},
		{"/terminate", 0, 0, 200, NULL, "{}"},
		{"minimal-list", 0, 0, 200, NULL, "{\"calls\":[]}"},
		{"conversation/", 0, 0, 404, NULL, "{}"}, /* each read asks the old route too */
		{"jobs", 0, 0, 200, NULL, DONE},
		{0},
	};
	const struct list_query query = {.page = 1, .per_page = 10};
	int seen[MANY] = {0};
	struct desk d = {0};

	(void)state;
	desk_open(&d, rules);
	for (uint64_t i = 0; i < MANY; i += 4) {
		provider_place(&d.p, i, &desk_order);
		provider_read(&d.p, i + 1, "j");
		provider_list(&d.p, i + 2, &query);
		provider_end(&d.p, i + 3, "j");
	}
	assert_int_equal(provider_in_flight(&d.p), MANY);
	for (size_t left = MANY; left > 0; left--) {
		struct mono start = clock_mono(&d.clock);
		while (!provider_next(&d.p, &d.answer)) {
			assert_true(mono_since(start, clock_mono(&d.clock)) < BOUND_US);
			provider_wait(&d.p, 100000);
		}
		assert_int_equal(provider_in_flight(&d.p), left - 1);
		seen[d.answer.token]++;
		static const enum request_kind kinds[] = {REQUEST_PLACE, REQUEST_READ, REQUEST_LIST,
							  REQUEST_END};
		assert_int_equal(d.answer.kind, kinds[d.answer.token % 4]);
		assert_int_equal(d.answer.read, READ_OK);
	}
	for (int i = 0; i < MANY; i++)
		assert_int_equal(seen[i], 1);
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_list_as_sent),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_project),
		cmocka_unit_test(test_agent),
		cmocka_unit_test(test_key_rules),
		cmocka_unit_test(test_address_rules),
		cmocka_unit_test(test_many_kinds_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
