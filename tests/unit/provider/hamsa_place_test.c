#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/mem.h"
#include "provider/http.h"
#include "hamsa_desk.h"

static const struct place_case {
	struct fault_rule rule;
	enum place_verdict place;
	const char *job_id;
	const char *words; /* part of them; NULL: any */
} place_cases[] = {
	/* accepted: the id in four places, whatever `success` says, any 2xx */
	{{"POST", 0, 0, 200, JSON, "{\"success\":false,\"data\":{\"jobId\":\"j1\"}}"},
	 PLACE_ACCEPTED,
	 "j1",
	 NULL},
	{{"POST", 0, 0, 201, JSON, "{\"data\":{\"id\":\"j2\"}}"}, PLACE_ACCEPTED, "j2", NULL},
	{{"POST", 0, 0, 202, JSON, "{\"jobId\":\"j3\"}"}, PLACE_ACCEPTED, "j3", NULL},
	{{"POST", 0, 0, 200, NULL, "{\"id\":\"j4\"}"}, PLACE_ACCEPTED, "j4", NULL},
	{{"POST", 0, 0, 200, JSON,
	  "{\"id\":\"no\",\"jobId\":\"no\",\"data\":{\"id\":\"no\",\"jobId\":\"j5\"}}"},
	 PLACE_ACCEPTED,
	 "j5",
	 NULL},
	{{"POST", 0, 0, 200, JSON, "{\"data\":{\"data\":{\"id\":\"j6\"}}}"},
	 PLACE_ACCEPTED,
	 "j6",
	 NULL},
	{{"POST", 0, 0, 200, JSON, "{\"data\":{\"jobId\":null,\"id\":\"j7\"}}"},
	 PLACE_ACCEPTED,
	 "j7",
	 NULL},
	{{"POST", 0, 0, 200, JSON, "{\"data\":{\"id\":12345}}"}, PLACE_ACCEPTED, "12345", NULL},
	/* 2xx without an id proves nothing */
	{{"POST", 0, 0, 200, JSON, "{\"success\":true,\"data\":{}}"},
	 PLACE_IN_DOUBT,
	 NULL,
	 "no id"},
	{{"POST", 0, 0, 200, JSON, "{\"data\":{\"jobId\":\"\"}}"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 200, JSON, "{\"data\":{\"jobId\":\"a b\"}}"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 200, JSON, "{\"data\":{\"jobId\":true}}"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 200, JSON, "{\"data\":{\"jobId\":{\"id\":\"x\"}}}"},
	 PLACE_IN_DOUBT,
	 NULL,
	 NULL},
	{{"POST", 0, 0, 200, JSON, "{\"data\":[{\"jobId\":\"x\"}]}"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 200, JSON, "{\"success\":false,\"error\":\"Insufficient credits\"}"},
	 PLACE_IN_DOUBT,
	 NULL,
	 "Insufficient credits"},
	{{"POST", 0, 0, 200, JSON, "{\"data\":{\"jobId\":\"j1\""}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 200, JSON, ""}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 204, NULL, ""}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 200, HTML, "<html>jobId</html>"}, PLACE_IN_DOUBT, NULL, "web page"},
	/* an id that has lost its last digits on the way is none */
	{{"POST", 0, 0, 200, JSON, "{\"data\":{\"jobId\":9007199254740993}}"},
	 PLACE_IN_DOUBT,
	 NULL,
	 NULL},
	/* slow down, with and without a time */
	{{"POST", 0, 0, 429, "Retry-After: 3\r\n", "{\"messageKey\":\"RATE_LIMIT_EXCEEDED\"}"},
	 PLACE_SLOW_DOWN,
	 NULL,
	 "RATE_LIMIT_EXCEEDED"},
	{{"POST", 0, 0, 429, NULL, "{\"message\":\"request quota\"}"}, PLACE_SLOW_DOWN, NULL, NULL},
	/* refused for this row */
	{{"POST", 0, 0, 400, JSON, "{\"message\":\"toNumber is bad\"}"},
	 PLACE_REFUSED,
	 NULL,
	 "Hamsa answered 400: toNumber is bad"},
	{{"POST", 0, 0, 422, JSON, "{\"message\":[\"a is bad\",\"b is bad\"],\"error\":\"x\"}"},
	 PLACE_REFUSED,
	 NULL,
	 "a is bad; b is bad"},
	{{"POST", 0, 0, 400, NULL, "plain words"}, PLACE_REFUSED, NULL, "plain words"},
	{{"POST", 0, 0, 400, JSON, "{\"error\":{\"message\":\"inside\"}}"},
	 PLACE_REFUSED,
	 NULL,
	 "inside"},
	{{"POST", 0, 0, 400, JSON, "{\"messageKey\":\"BAD_NUMBER\"}"},
	 PLACE_REFUSED,
	 NULL,
	 "BAD_NUMBER"},
	{{"POST", 0, 0, 400, JSON, ""}, PLACE_REFUSED, NULL, "without a word"},
	{{"POST", 0, 0, 413, JSON, "{}"}, PLACE_REFUSED, NULL, NULL},
	{{"POST", 0, 0, 451, JSON, "{}"}, PLACE_REFUSED, NULL, NULL},
	/* somebody's parameter is called accountBalance: that is no word about credit */
	{{"POST", 0, 0, 400, JSON, "{\"message\":\"params.accountBalance must be a string\"}"},
	 PLACE_REFUSED,
	 NULL,
	 NULL},
	{{"POST", 0, 0, 400, JSON, "{\"message\":\"credit_limit must be a string\"}"},
	 PLACE_REFUSED,
	 NULL,
	 NULL},
	/* stop the run */
	{{"POST", 0, 0, 401, JSON, "{\"messageKey\":\"KeyRotated\"}"},
	 PLACE_STOP,
	 NULL,
	 "KeyRotated"},
	{{"POST", 0, 0, 402, JSON, "{}"}, PLACE_STOP, NULL, NULL},
	{{"POST", 0, 0, 403, JSON, "{\"messageKey\":\"KeyNotForAgent\"}"}, PLACE_STOP, NULL, NULL},
	{{"POST", 0, 0, 404, JSON, "{\"message\":\"agent not found\"}"},
	 PLACE_STOP,
	 NULL,
	 "agent not found"},
	{{"POST", 0, 0, 409, JSON, "{\"messageKey\":\"EnvironmentNotDeployed\"}"},
	 PLACE_STOP,
	 NULL,
	 NULL},
	{{"POST", 0, 0, 400, JSON, "{\"message\":\"Insufficient credits.\"}"},
	 PLACE_STOP,
	 NULL,
	 NULL},
	{{"POST", 0, 0, 422, JSON, "{\"message\":\"no\",\"error\":\"Your BALANCE is low\"}"},
	 PLACE_STOP,
	 NULL,
	 NULL},
	{{"POST", 0, 0, 400, JSON, "{\"message\":\"no\",\"messageKey\":\"QuotaExceeded\"}"},
	 PLACE_STOP,
	 NULL,
	 NULL},
	{{"POST", 0, 0, 400, NULL, "billing is off"}, PLACE_STOP, NULL, NULL},
	/* anything else is in doubt */
	{{"POST", 0, 0, 408, JSON, "{}"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 500, JSON, "{\"message\":\"Insufficient credits\"}"},
	 PLACE_IN_DOUBT,
	 NULL,
	 NULL},
	{{"POST", 0, 0, 503, JSON, "{\"data\":{\"jobId\":\"j1\"}}"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 502, HTML, "<html>Bad gateway</html>"},
	 PLACE_IN_DOUBT,
	 NULL,
	 "502 with a web page"},
	/* a gateway's page proves nothing, whatever its status; a time to wait for stands */
	{{"POST", 0, 0, 400, HTML, "<html>Bad request</html>"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 401, HTML, "<html>"}, PLACE_IN_DOUBT, NULL, "401 with a web page"},
	{{"POST", 0, 0, 402, HTML, "<html>"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 403, HTML, "<html>"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 404, HTML, "<pre>Cannot POST</pre>"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 404, NULL, " <!DOCTYPE html>"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 409, HTML, "<html>"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 422, HTML, "<html>"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 429, HTML "Retry-After: 3\r\n", "<html>"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 429, HTML, "<html>"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 503, HTML "Retry-After: 3\r\n", "<html>"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 307, "Location: /x\r\n", ""}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", 0, 0, 600, JSON, "{}"}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", FAULT_DROP, 0, 0, NULL, NULL}, PLACE_IN_DOUBT, NULL, "no whole answer"},
	{{"POST", FAULT_RESET, 0, 0, NULL, NULL}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", FAULT_HANG, 0, 0, NULL, NULL}, PLACE_IN_DOUBT, NULL, NULL},
	{{"POST", FAULT_CUT, 0, 200, JSON, "{\"jobId\":\"j1\"}    "}, PLACE_IN_DOUBT, NULL, NULL},
	/* whole numbers are not for logs */
	{{"POST", 0, 0, 400, JSON, "{\"message\":\"toNumber +96890001234 is bad\"}"},
	 PLACE_REFUSED,
	 NULL,
	 "toNumber +•••••••••34 is bad"},
	/* the key is struck out of what Hamsa says, and bad bytes are made good */
	{{"POST", 0, 0, 400, JSON, "{\"message\":\"bad key " KEY "!\"}"},
	 PLACE_REFUSED,
	 NULL,
	 "bad key **************!"},
	{{"POST", 0, 0, 400, JSON, "{\"message\":\"a\xff\\nb\"}"},
	 PLACE_REFUSED,
	 NULL,
	 "a\xef\xbf\xbd b"},
};

static void test_place_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(place_cases); i++) {
		const struct place_case *c = &place_cases[i];
		const struct fault_rule rules[] = {c->rule, {0}};
		struct desk d = {0};

		desk_open(&d, rules);
		provider_place(&d.p, 7, &desk_order);
		assert_int_equal(provider_in_flight(&d.p), 1);
		const struct answer *a = desk_wait(&d);
		if (a->place != c->place || (c->words && !strstr(a->words, c->words)))
			fail_msg("case %zu (%d %s): verdict %d, %s", i, c->rule.status,
				 c->rule.body ? c->rule.body : "", (int)a->place, a->words);
		assert_int_equal(a->kind, REQUEST_PLACE);
		assert_int_equal(a->token, 7);
		if (c->job_id)
			assert_string_equal(a->job_id, c->job_id);
		else
			assert_null(a->job_id);
		if (c->rule.headers && strstr(c->rule.headers, "Retry"))
			assert_int_equal(a->retry_after_ms, 3000);
		/* Whatever came of it, it was asked for once. */
		assert_int_equal(fault_count(&d.server, "POST"), 1);
		desk_close(&d);
	}
}

static void test_place_not_sent(void **state)
{
	static const struct fault_rule rules[] = {{0}};
	struct desk d = {0};

	(void)state;
	desk_open(&d, rules);
	fault_stop(&d.server);
	provider_place(&d.p, 1, &desk_order);
	assert_int_equal(desk_wait(&d)->place, PLACE_NOT_SENT);
	provider_free(&d.p);
}

/* Until `unsent` placings of the desk have not left yet; the wait is bounded. */
static void wait_unsent(struct desk *d, size_t unsent)
{
	struct mono start = clock_mono(&d->clock);

	while (provider_unsent(&d->p) != unsent) {
		assert_true(mono_since(start, clock_mono(&d->clock)) < BOUND_US);
		provider_wait(&d->p, 1000);
	}
}

static void test_unsent(void **state)
{
	static const struct fault_rule rules[] = {
		{"/call ", FAULT_HANG, 1, 0, NULL, NULL},
		{"/call ", 0, 0, 200, JSON, "{\"id\":\"j\"}"},
		{0},
	};
	struct desk d = {0};

	(void)state;
	desk_open(&d, rules);
	assert_int_equal(provider_unsent(&d.p), 0);
	provider_place(&d.p, 1, &desk_order);
	provider_read(&d.p, 2, "j"); /* is no placing */
	assert_int_equal(provider_unsent(&d.p), 1);
	wait_unsent(&d, 0);
	/* It has left, whether it is answered or not. */
	assert_true(provider_in_flight(&d.p) >= 1);
	while (provider_in_flight(&d.p) > 0) {
		if (!provider_next(&d.p, &d.answer))
			provider_wait(&d.p, 100000);
		assert_int_equal(provider_unsent(&d.p), 0);
	}
	provider_place(&d.p, 3, &desk_order);
	assert_int_equal(desk_wait(&d)->place, PLACE_ACCEPTED);
	assert_int_equal(provider_unsent(&d.p), 0);
	desk_close(&d);
}

/* The queue of a server that accepts nobody is full: who comes later waits before the door. */
static void test_unsent_for_want_of_a_connection(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fillers[4];
	int port;
	int listener = fault_listen(&port, 0);
	struct desk d = {0};

	(void)state;
	address.sin_port = htons((uint16_t)port);
	for (size_t i = 0; i < COUNT_OF(fillers); i++) {
		fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		(void)!connect(fillers[i], (struct sockaddr *)&address, sizeof(address));
	}
	desk_connect(&d, port, "", NULL);
	provider_place(&d.p, 1, &desk_order);
	while (!provider_next(&d.p, &d.answer)) {
		assert_int_equal(provider_unsent(&d.p), 1);
		provider_wait(&d.p, 100000);
	}
	assert_int_equal(d.answer.place, PLACE_NOT_SENT);
	assert_int_equal(provider_unsent(&d.p), 0);
	provider_free(&d.p);
	for (size_t i = 0; i < COUNT_OF(fillers); i++)
		close(fillers[i]);
	close(listener);
}

static void test_place_body_too_large(void **state)
{
	static const struct fault_rule rules[] = {{0}};
	char *huge = malloc(HTTP_BODY_MAX + 2u);
	struct place_order big = desk_order;
	struct desk d = {0};

	(void)state;
	memset(huge, 'x', HTTP_BODY_MAX + 1u);
	huge[HTTP_BODY_MAX + 1u] = '\0';
	big.param_values = (const char *const[]){huge, "abc"};
	desk_open(&d, rules);
	provider_place(&d.p, 1, &big);
	assert_int_equal(desk_wait(&d)->place, PLACE_REFUSED);
	assert_int_equal(fault_count(&d.server, ""), 0);
	provider_place(&d.p, 2, &big); /* and one that nobody waits for */
	desk_close(&d);
	free(huge);
}

static void test_long_words_are_cut(void **state)
{
	struct buf body;
	struct desk d = {0};

	(void)state;
	buf_init(&body, 100000);
	buf_adds(&body, "{\"message\":\"x");
	for (int i = 0; i < 1000; i++)
		buf_adds(&body, "ع");
	buf_adds(&body, "\"}");
	const struct fault_rule rules[] = {{"POST", 0, 0, 400, JSON, body.data}, {0}};
	desk_open(&d, rules);
	provider_place(&d.p, 1, &desk_order);
	const struct answer *a = desk_wait(&d);
	assert_true(strlen(a->words) < 340);
	assert_string_equal(a->words + strlen(a->words) - 5, "ع…");
	assert_string_equal(a->raw, body.data);
	desk_close(&d);
	buf_free(&body);
}

/* A body full of the key, and a key that looks like what it is struck out with. */
static void test_keys_are_struck_out(void **state)
{
	static const char *const keys[] = {KEY, "***", "a"};
	struct buf body;

	(void)state;
	buf_init(&body, HTTP_BODY_MAX);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		struct desk d = {.key = keys[i]};
		buf_reset(&body);
		while (body.length < 512u * 1024)
			buf_adds(&body, keys[i]);
		const struct fault_rule rules[] = {{"POST", 0, 0, 400, NULL, body.data}, {0}};
		desk_open(&d, rules);
		provider_place(&d.p, 1, &desk_order);
		assert_non_null(strstr(desk_wait(&d)->words, "400: ***"));
		desk_close(&d);
	}
	buf_free(&body);
}

static void test_place_as_sent(void **state)
{
	static const struct fault_rule rules[] = {{"POST", 0, 0, 200, JSON, "{\"id\":\"j\"}"}, {0}};
	static const char *const bases[] = {"/v1", "/v1/", "", "/", "/v1//"};
	struct place_order hamsas = desk_order;

	(void)state;
	hamsas.from = NULL;
	for (size_t i = 0; i < COUNT_OF(bases); i++) {
		struct desk d = {0};
		desk_open_at(&d, rules, bases[i], NULL);
		provider_place(&d.p, 1, &desk_order);
		desk_wait(&d);
		provider_place(&d.p, 2, &hamsas);
		desk_wait(&d);

		const char *own = d.server.seen[0].text;
		const char *other = d.server.seen[1].text;
		char *rendered = provider_render(&d.p, &desk_order);
		assert_non_null(
			strstr(own, "POST /v1/voice-agents/phone-number/call HTTP/1.1\r\n"));
		assert_non_null(strstr(own, "\r\nAuthorization: Token " KEY "\r\n"));
		assert_non_null(strstr(own, "\r\nContent-Type: application/json\r\n"));
		assert_string_equal(strstr(own, "\r\n\r\n") + 4, rendered);
		assert_non_null(strstr(other, "POST /v1/voice-agents/call HTTP/1.1\r\n"));
		assert_null(strstr(other, "phoneNumber"));
		free(rendered);
		desk_close(&d);
	}
}

static const char *text_at(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static void test_render_stored(void **state)
{
	static const struct fault_rule rules[] = {{0}};
	struct place_order bare = desk_order;
	struct desk d = {0};

	(void)state;
	desk_open(&d, rules);
	char *body = provider_render(&d.p, &desk_order);
	cJSON *root = cJSON_Parse(body);
	const cJSON *params = cJSON_GetObjectItemCaseSensitive(root, "params");
	assert_string_equal(text_at(root, "toNumber"), "+96891234567");
	assert_string_equal(text_at(root, "phoneNumber"), "+96824000000");
	assert_string_equal(text_at(root, "voiceAgentId"), "agent-1");
	assert_string_equal(text_at(params, "customerName"), desk_order.param_values[0]);
	assert_string_equal(text_at(params, "nidaRef"), "abc");
	cJSON_Delete(root);
	free(body);

	bare.param_count = 0; /* `params` is required even so */
	body = provider_render(&d.p, &bare);
	assert_non_null(strstr(body, "\"params\":{}"));
	free(body);
	desk_close(&d);
}

static void test_render_inline(void **state)
{
	static const struct fault_rule rules[] = {{0}};
	static const char *const choices[] = {"pay", "no"};
	static const struct variable outcomes[] = {
		{.name = "disposition",
		 .rule = {.type = VALUE_CHOICE, .of = choices, .of_count = COUNT_OF(choices)},
		 .label = {{[LANGUAGE_AR] = "النتيجة", [LANGUAGE_EN] = "Result"}}},
		{.name = "when", .rule = {.type = VALUE_DATE}},
		{.name = "amount", .rule = {.type = VALUE_MONEY, .currency = "OMR"}},
	};
	static const struct scenario scenario = {
		.name = "payment-reminder",
		.prompt = {{[LANGUAGE_AR] = "تعليمات {{customerName}}", [LANGUAGE_EN] = "prompt"}},
		.first_message = {{[LANGUAGE_AR] = "مرحبا", [LANGUAGE_EN] = "hello"}},
		.inline_agent = true,
		.outcome_count = COUNT_OF(outcomes),
		.outcomes = outcomes,
	};
	struct place_order inline_order = desk_order;
	struct desk d = {0};

	(void)state;
	inline_order.agent_id = NULL;
	inline_order.scenario = &scenario;
	desk_open(&d, rules);
	for (int language = 0; language < LANGUAGE_COUNT; language++) {
		inline_order.language = (enum language)language;
		char *body = provider_render(&d.p, &inline_order);
		cJSON *root = cJSON_Parse(body);
		const cJSON *agent = cJSON_GetObjectItemCaseSensitive(root, "agentDetails");
		const cJSON *shape =
			cJSON_GetObjectItemCaseSensitive(agent, "outcomeResponseShape");
		const cJSON *fields = cJSON_GetObjectItemCaseSensitive(shape, "properties");
		const cJSON *field = cJSON_GetObjectItemCaseSensitive(fields, "disposition");

		assert_null(cJSON_GetObjectItemCaseSensitive(root, "voiceAgentId"));
		assert_null(cJSON_GetObjectItemCaseSensitive(root, "params"));
		assert_string_equal(text_at(agent, "agentName"), "payment-reminder");
		assert_string_equal(text_at(agent, "lang"), language_code(inline_order.language));
		assert_string_equal(text_at(agent, "greetingMessage"),
				    scenario.first_message.text[language]);
		assert_string_equal(text_at(agent, "preamble"), scenario.prompt.text[language]);
		assert_non_null(strstr(text_at(agent, "outcome"), "pay, no"));
		assert_string_equal(text_at(shape, "type"), "object");
		assert_int_equal(cJSON_GetArraySize(fields), 3);
		assert_int_equal(cJSON_GetArraySize(
					 cJSON_GetObjectItemCaseSensitive(field, "enum")),
				 2);
		assert_string_equal(text_at(field, "description"),
				    outcomes[0].label.text[language]);
		field = cJSON_GetObjectItemCaseSensitive(fields, "amount");
		assert_string_equal(text_at(field, "type"), "number");
		assert_string_equal(text_at(cJSON_GetObjectItemCaseSensitive(agent, "params"),
					    "nidaRef"),
				    "abc");
		cJSON_Delete(root);
		free(body);
	}
	desk_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place_verdicts),
		cmocka_unit_test(test_place_not_sent),
		cmocka_unit_test(test_unsent),
		cmocka_unit_test(test_unsent_for_want_of_a_connection),
		cmocka_unit_test(test_place_body_too_large),
		cmocka_unit_test(test_long_words_are_cut),
		cmocka_unit_test(test_keys_are_struck_out),
		cmocka_unit_test(test_place_as_sent),
		cmocka_unit_test(test_render_stored),
		cmocka_unit_test(test_render_inline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
