/*
 * The routes of nida-sim, asked without a network: what Hamsa and Twilio would answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/moment.h"
#include "sim/sim.h"

#define START_MS 1795330000000LL
#define ACCOUNT  "AC0123456789abcdef0123456789abcdef"
#define TWILIO   "/2010-04-01/Accounts/" ACCOUNT "/Calls"
#define PLACE    "/v1/voice-agents/phone-number/call"
#define ORDER                                                                                     \
	"{\"toNumber\":\"+96891234567\",\"phoneNumber\":\"+96824000000\",\"voiceAgentId\":\"a\"," \
	"\"params\":{\"scenario\":\"payment-reminder\",\"language\":\"en\",\"nidaRef\":\"abc\","  \
	"\"count\":3}}"

/* A sim with its clock in the test's hand, and the last answer. */
struct bench {
	struct options options;
	struct sim sim;
	struct arena arena;
	struct sim_reply reply;
	cJSON *json;
	int64_t now_ms;
};

static void bench_open(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	network_config_init(&b->options.network);
	b->options.network.rates = (struct rehearsal_rates){
		.answer = 1,
		.talk_min_ms = 60 * SECOND_MS,
		.talk_max_ms = 60 * SECOND_MS,
		.cost_per_minute = {50000},
	};
	b->options.network.ring_min_ms = 5 * SECOND_MS;
	b->options.network.ring_max_ms = 5 * SECOND_MS;
	b->sim.options = &b->options;
	b->now_ms = START_MS;
	snprintf(b->sim.origin, sizeof(b->sim.origin), "http://127.0.0.1:1");
}

static void bench_forget(struct bench *b)
{
	cJSON_Delete(b->json);
	b->json = NULL;
	if (b->reply.body.data)
		buf_free(&b->reply.body);
}

static void bench_close(struct bench *b)
{
	bench_forget(b);
	sim_close(&b->sim);
	arena_free(&b->arena);
}

/* "a=1&b=2", undecoded. */
static size_t split_query(struct arena *arena, const char *query, struct sim_arg *args)
{
	size_t count = 0;

	while (*query) {
		size_t length = strcspn(query, "&");
		size_t name = strcspn(query, "=");
		args[count++] =
			(struct sim_arg){arena_strndup(arena, query, name),
					 arena_strndup(arena, query + name + 1, length - name - 1)};
		query += length + (query[length] == '&');
	}
	return count;
}

static int ask_as(struct bench *b, struct sim_request request, const char *target)
{
	struct sim_arg args[8];
	size_t length = strcspn(target, "?");

	bench_forget(b);
	request.path = arena_strndup(&b->arena, target, length);
	request.args = args;
	request.arg_count = split_query(&b->arena, target[length] ? target + length + 1 : "", args);
	request.body = request.body ? request.body : "";
	request.body_length = strlen(request.body);
	request.now_ms = b->now_ms;
	request.arena = &b->arena;
	sim_answer(&b->sim, &request, &b->reply);
	b->json = cJSON_Parse(b->reply.body.data);
	return b->reply.status;
}

static int ask(struct bench *b, const char *method, const char *target, const char *body)
{
	struct sim_request request = {.method = method,
				      .authorization = "Token key",
				      .user = ACCOUNT,
				      .password = "token",
				      .body = body};

	return ask_as(b, request, target);
}

/* "data.calls.0.id" in the last answer; fails the test when there is none. */
static const cJSON *at(const struct bench *b, const char *path)
{
	const cJSON *item = b->json;
	char name[64];

	for (const char *p = path; *p && item;) {
		size_t length = strcspn(p, ".");
		snprintf(name, sizeof(name), "%.*s", (int)length, p);
		item = cJSON_IsArray(item) ? cJSON_GetArrayItem(item, (int)strtol(name, NULL, 10))
					   : cJSON_GetObjectItemCaseSensitive(item, name);
		p += length + (p[length] == '.');
	}
	if (item == NULL)
		fail_msg("no %s in %s", path, b->reply.body.data);
	return item;
}

static const char *text_at(const struct bench *b, const char *path)
{
	const char *text = cJSON_GetStringValue(at(b, path));

	return text ? text : "(no text)";
}

/* Place ORDER and keep its id. */
static const char *place(struct bench *b)
{
	assert_int_equal(ask(b, "POST", PLACE, ORDER), 200);
	return arena_strdup(&b->arena, text_at(b, "data.jobId"));
}

static const char *join(struct bench *b, const char *first, const char *second, const char *third)
{
	return arena_printf(&b->arena, "%s%s%s", first, second, third);
}

static const char *conversation(struct bench *b, const char *id)
{
	return join(b, "/v1/voice-agents/conversation/", id, "");
}

static void test_authorization(void **state)
{
	static const struct {
		const char *given;
		const char *key; /* that nida-sim was started with */
		int status;
	} cases[] = {
		{NULL, NULL, 401},      {"Token ", NULL, 401},  {"Bearer x", NULL, 401},
		{"Token x", NULL, 200}, {"token x", NULL, 401}, {"Token x", "y", 401},
		{"Token y", "y", 200},  {"Token yy", "y", 401},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench b;
		struct sim_request request = {.method = "GET", .authorization = cases[i].given};
		bench_open(&b);
		b.options.key = cases[i].key;
		sim_open(&b.sim);
		assert_int_equal(ask_as(&b, request, "/v1/projects/by-api-key"), cases[i].status);
		bench_close(&b);
	}
}

static void test_twilio_authorization(void **state)
{
	static const struct {
		const char *user;
		const char *password;
		int status;
	} cases[] = {
		{NULL, NULL, 401},
		{ACCOUNT, "", 401},
		{"AC0123", "t", 401},
		{"AC0123456789abcdef0123456789abcdee", "t",
		 401}, /* another account than the path's */
		{ACCOUNT, "t", 200},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench b;
		struct sim_request request = {.method = "GET",
					      .user = cases[i].user,
					      .password = cases[i].password};
		bench_open(&b);
		sim_open(&b.sim);
		assert_int_equal(ask_as(&b, request, TWILIO ".json"), cases[i].status);
		if (cases[i].status == 401)
			assert_int_equal(at(&b, "code")->valueint, 20003);
		bench_close(&b);
	}
}

static void test_status_of_requests(void **state)
{
	static const struct {
		const char *method;
		const char *target;
		const char *body;
		int status;
	} cases[] = {
		{"POST", PLACE, ORDER, 200},
		{"POST", PLACE, "", 400},
		{"POST", PLACE, "[]", 400},
		{"POST", PLACE, ORDER "x", 400},
		{"POST", PLACE,
		 "{\"toNumber\":\"91234567\",\"phoneNumber\":\"+968\",\"voiceAgentId\":"
		 "\"a\",\"params\":{}}",
		 400},
		/* Each of these lacks one thing that the route needs. */
		{"POST", PLACE,
		 "{\"toNumber\":\"+96891234567\",\"voiceAgentId\":\"a\",\"params\":{}}", 400},
		{"POST", PLACE,
		 "{\"toNumber\":\"+96891234567\",\"phoneNumber\":\"+968\",\"voiceAgentId\":"
		 "\"a\"}",
		 400},
		{"POST", PLACE,
		 "{\"toNumber\":\"+96891234567\",\"phoneNumber\":\"+968\",\"params\":{}}", 400},
		{"POST", PLACE,
		 "{\"toNumber\":\"+96891234567\",\"phoneNumber\":\"+968\",\"agentDetails\":"
		 "{}}",
		 200},
		{"POST", "/v1/voice-agents/call",
		 "{\"toNumber\":\"+96891234567\",\"voiceAgentId\":\"a\"}", 200},
		{"GET", PLACE, "", 404},
		{"GET", "/v1/voice-agents/conversation/nobody", "", 404},
		{"GET", "/v1/voice-agents/conversation/nobody/terminate", "", 404},
		{"GET", "/v1/voice-agents/conversation/", "", 404},
		{"GET", "/v1/jobs", "", 400},
		{"GET", "/v1/jobs?jobId=nobody", "", 404},
		{"GET", "/v1/voice-agents/conversations/minimal-list?page=0", "", 400},
		{"GET", "/v1/voice-agents/conversations/minimal-list?perPage=0", "", 400},
		{"GET", "/v1/voice-agents/conversations/minimal-list?perPage=9999", "", 200},
		{"GET", "/v1/voice-agents/conversations/minimal-list?status=DONE", "", 400},
		{"GET", "/v1/voice-agents/conversations/minimal-list?startTime=now", "", 400},
		{"GET", "/v2/voice-agents?skip=1&take=10", "", 200},
		{"GET", "/v2/voice-agents/a", "", 200},
		{"GET", "/v1/voice-agents/phone-number/list", "", 200},
		{"GET", "/v1/projects/statistics/numbers", "", 200},
		{"GET", TWILIO "/CA0123456789abcdef0123456789abcdef.json", "", 404},
		{"POST", TWILIO "/nonsense", "Status=completed", 404},
		{"GET", "/recordings/nobody.wav", "", 404},
		{"GET", "/", "", 404},
	};
	struct bench b;

	(void)state;
	bench_open(&b);
	sim_open(&b.sim);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int status = ask(&b, cases[i].method, cases[i].target, cases[i].body);
		if (status != cases[i].status)
			fail_msg("%s %s: %d %s", cases[i].method, cases[i].target, status,
				 b.reply.body.data);
		assert_non_null(b.json);
	}
	bench_close(&b);
}

static void test_where_each_route_keeps_the_id(void **state)
{
	static const struct {
		const char *target;
		const char *body;
		const char *path;
	} cases[] = {
		{PLACE, ORDER, "data.jobId"},
		{"/v1/voice-agents/call", ORDER, "data.id"},
		{"/v1/voice-agents/twilio/call",
		 "{\"toNumber\":\"+96891234567\",\"twilioPhoneNumber\":\"+968\",\"voiceAgentId\":"
		 "\"a\"}",
		 "data.id"},
	};
	struct bench b;

	(void)state;
	bench_open(&b);
	sim_open(&b.sim);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(ask(&b, "POST", cases[i].target, cases[i].body), 200);
		/* So the documentation prints a success. */
		assert_true(cJSON_IsFalse(at(&b, "success")));
		assert_string_equal(text_at(&b, "message"), "success");
		assert_int_equal(strlen(text_at(&b, cases[i].path)), 36);
	}
	assert_string_equal(text_at(&b, "data.callParams.userNumber"), "+96891234567");
	bench_close(&b);
}

static void test_a_call_is_followed_to_its_end(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	sim_open(&b.sim);
	const char *id = place(&b);

	ask(&b, "GET", conversation(&b, id), "");
	assert_string_equal(text_at(&b, "data.status"), "PENDING");
	assert_true(cJSON_IsNull(at(&b, "data.callDuration")));
	assert_true(cJSON_IsNull(at(&b, "data.jobResponse")));

	b.now_ms = START_MS + 6000;
	ask(&b, "GET", conversation(&b, id), "");
	assert_string_equal(text_at(&b, "data.status"), "IN_PROGRESS");

	b.now_ms = START_MS + HOUR_MS;
	ask(&b, "GET", conversation(&b, id), "");
	assert_string_equal(text_at(&b, "data.status"), "COMPLETED");
	assert_int_equal(at(&b, "data.callDuration")->valueint, 60);
	assert_true(at(&b, "data.totalCost")->valuedouble == 0.05);
	assert_string_equal(text_at(&b, "data.callParams.userNumber"), "+96891234567");
	assert_string_equal(text_at(&b, "data.params.nidaRef"), "abc");
	assert_string_equal(text_at(&b, "data.params.count"), "3");
	assert_non_null(strstr(text_at(&b, "data.jobResponse.transcription.0.Agent"), "Hello"));
	at(&b, "data.jobResponse.outcomeResult.disposition");
	assert_true(at(&b, "data.jobResponse.callStartedAt")->valuedouble == START_MS + 5000);
	assert_non_null(strstr(text_at(&b, "data.mediaUrl"), "http://127.0.0.1:1/recordings/"));

	/* The older view: one more level of data. */
	ask(&b, "GET", join(&b, "/v1/jobs?jobId=", id, ""), "");
	assert_string_equal(text_at(&b, "data.data.status"), "COMPLETED");
	at(&b, "data.data.jobResponse.transcription.0");
	bench_close(&b);
}

static void test_terminate(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	sim_open(&b.sim);
	const char *id = place(&b);
	const char *target = join(&b, conversation(&b, id), "/terminate", "");

	assert_int_equal(ask(&b, "GET", target, ""), 200);
	assert_string_equal(text_at(&b, "messageKey"), "ConversationTerminatedSuccessfully");
	ask(&b, "GET", conversation(&b, id), "");
	assert_string_equal(text_at(&b, "data.status"), "TERMINATED");
	assert_int_equal(ask(&b, "GET", target, ""), 400);
	bench_close(&b);
}

static void test_faults_of_placing(void **state)
{
	static const struct {
		enum network_fault fault;
		int status;
		bool drop;
		const char *type;
	} cases[] = {
		{NETWORK_LOST_ANSWER, 0, true, "application/json"},
		{NETWORK_LOST_REQUEST, 0, true, "application/json"},
		{NETWORK_ERROR_500, 500, false, "application/json"},
		{NETWORK_HTML_502, 502, false, "text/html"},
		{NETWORK_NO_ID, 200, false, "application/json"},
		{NETWORK_TOO_MANY, 429, false, "application/json"},
		{NETWORK_BAD_ROW, 400, false, "application/json"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench b;
		bench_open(&b);
		b.options.network.share[cases[i].fault] = 1;
		sim_open(&b.sim);
		assert_int_equal(ask(&b, "POST", PLACE, ORDER), cases[i].status);
		assert_int_equal(b.reply.drop, cases[i].drop);
		assert_ptr_equal(strstr(b.reply.type, cases[i].type), b.reply.type);
		assert_int_equal(b.reply.retry_after_ms, cases[i].status == 429 ? 5000 : 0);
		if (cases[i].fault == NETWORK_NO_ID)
			assert_null(at(&b, "data")->child);
		bench_close(&b);
	}
}

static void test_known_agents_and_numbers(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	b.options.agents[b.options.agent_count++] = "a=Collections";
	b.options.numbers[b.options.number_count++] = "+96824111111";
	sim_open(&b.sim);
	assert_int_equal(ask(&b, "POST", PLACE, ORDER), 404); /* not from one of our numbers */
	assert_string_equal(text_at(&b, "messageKey"), "PHONE_NUMBER_NOT_FOUND");
	assert_int_equal(ask(&b, "GET", "/v2/voice-agents/b", ""), 404);
	assert_int_equal(ask(&b, "GET", "/v2/voice-agents/a", ""), 200);
	assert_string_equal(text_at(&b, "data.name"), "Collections");
	assert_int_equal(at(&b, "data.callSettings.maxCallDuration")->valueint, 300);
	ask(&b, "GET", "/v1/voice-agents/phone-number/list?provider=SIP", "");
	assert_string_equal(text_at(&b, "data.0.number"), "+96824111111");
	bench_close(&b);
}

static void test_minimal_list(void **state)
{
	static const struct {
		const char *query;
		int count;
		int filtered;
	} cases[] = {
		{"", 100, 130},
		{"?perPage=50&page=3", 30, 130},
		{"?perPage=500", 130, 130},
		{"?status=PENDING&status=IN_PROGRESS", 64, 64},
		{"?status=PENDING", 4, 4},
		{"?status=COMPLETED&perPage=200", 66, 66},
		{"?startTime=1795330010000&endTime=1795330019000", 10, 10},
		{"?voiceAgentId=a&perPage=1", 1, 130},
		{"?voiceAgentId=b", 0, 0},
	};
	struct bench b;

	(void)state;
	bench_open(&b);
	sim_open(&b.sim);
	for (int i = 0; i < 130; i++) {
		b.now_ms = START_MS + i * SECOND_MS;
		place(&b);
	}
	b.now_ms = START_MS + 130 * SECOND_MS;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ask(&b, "GET",
		    join(&b, "/v1/voice-agents/conversations/minimal-list", cases[i].query, ""),
		    "");
		assert_int_equal(cJSON_GetArraySize(at(&b, "data.calls")), cases[i].count);
		assert_int_equal(at(&b, "data.filtered")->valueint, cases[i].filtered);
		assert_int_equal(at(&b, "data.total")->valueint, 130);
	}
	ask(&b, "GET", "/v1/voice-agents/conversations/minimal-list?status=COMPLETED", "");
	assert_int_equal(at(&b, "data.calls.0.duration")->valueint, 60);
	assert_string_equal(text_at(&b, "data.calls.0.channelType"), "Telephone");
	assert_string_equal(text_at(&b, "data.calls.0.callParams.userNumber"), "+96891234567");
	assert_string_equal(text_at(&b, "data.calls.0.createdAt"), "2026-11-22T06:46:40.000Z");
	bench_close(&b);
}

static void test_twilio_sees_trunk_calls(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	sim_open(&b.sim);
	place(&b);
	ask(&b, "GET", TWILIO ".json?Status=ringing", "");
	assert_int_equal(cJSON_GetArraySize(at(&b, "calls")), 1);
	b.now_ms = START_MS + 6000;
	ask(&b, "GET", TWILIO ".json?Status=in-progress", "");
	assert_string_equal(text_at(&b, "calls.0.direction"), "trunking-terminating");
	assert_ptr_equal(strstr(text_at(&b, "calls.0.to"), "sip:+96891234567@"),
			 text_at(&b, "calls.0.to"));
	const char *sid = arena_strdup(&b.arena, text_at(&b, "calls.0.sid"));
	assert_int_equal(strlen(sid), 34);
	ask(&b, "GET", TWILIO ".json?To=+96891234567", "");
	assert_int_equal(cJSON_GetArraySize(at(&b, "calls")), 0);

	const char *target = join(&b, TWILIO "/", sid, ".json");
	assert_int_equal(ask(&b, "POST", target, "Status=canceled"), 400); /* too late for that */
	assert_int_equal(ask(&b, "POST", target, "Status=completed"), 200);
	assert_string_equal(text_at(&b, "status"), "completed");
	assert_int_equal(ask(&b, "POST", target, "Status=completed"), 400);
	assert_int_equal(at(&b, "code")->valueint, 21220);
	ask(&b, "GET", target, "");
	assert_string_equal(text_at(&b, "duration"), "1");
	bench_close(&b);
}

static void test_twilio_pages(void **state)
{
	struct bench b;
	int seen = 0;

	(void)state;
	bench_open(&b);
	sim_open(&b.sim);
	for (int i = 0; i < 25; i++)
		place(&b);
	const char *target = TWILIO ".json?Status=ringing&PageSize=10";
	for (int page = 0; target; page++) {
		assert_true(page < 3);
		ask(&b, "GET", target, "");
		seen += cJSON_GetArraySize(at(&b, "calls"));
		const char *next = cJSON_GetStringValue(at(&b, "next_page_uri"));
		target = next ? arena_strdup(&b.arena, next) : NULL;
	}
	assert_int_equal(seen, 25);
	bench_close(&b);
}

static void test_twilio_refuses_locked_calls(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	b.options.network.share[NETWORK_LOCKED] = 1;
	sim_open(&b.sim);
	place(&b);
	b.options.twilio_direct = true;
	ask(&b, "GET", TWILIO ".json?To=+96891234567", "");
	const char *target = arena_strdup(&b.arena, text_at(&b, "calls.0.uri"));
	assert_int_equal(ask(&b, "POST", target, "Status=completed"), 400);
	assert_int_equal(at(&b, "code")->valueint, 21220);
	bench_close(&b);
}

static void test_recording(void **state)
{
	static const struct {
		const char *range;
		int status;
		size_t length;
		const char *content_range;
	} cases[] = {
		{NULL, 200, 320044, ""}, /* a minute of talk is cut at 20 s */
		{"bytes=0-43", 206, 44, "bytes 0-43/320044"},
		{"bytes=320000-", 206, 44, "bytes 320000-320043/320044"},
		{"bytes=-10", 206, 10, "bytes 320034-320043/320044"},
		{"bytes=0-999999", 206, 320044, "bytes 0-320043/320044"},
		{"bytes=320044-", 416, 0, "bytes */320044"},
		{"bytes=9-3", 416, 0, "bytes */320044"},
		{"bytes=a", 416, 0, "bytes */320044"},
		{"lines=1", 200, 320044, ""},
	};
	struct bench b;

	(void)state;
	bench_open(&b);
	sim_open(&b.sim);
	const char *target = join(&b, "/recordings/", place(&b), ".wav");
	assert_int_equal(ask(&b, "GET", target, ""), 404); /* not over yet */
	b.now_ms = START_MS + HOUR_MS;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sim_request request = {.method = "GET", .range = cases[i].range};
		assert_int_equal(ask_as(&b, request, target), cases[i].status);
		assert_int_equal(b.reply.body.length, cases[i].length);
		assert_string_equal(b.reply.content_range, cases[i].content_range);
	}
	struct sim_request whole = {.method = "GET"};
	ask_as(&b, whole, target);
	assert_memory_equal(b.reply.body.data, "RIFF", 4);
	bench_close(&b);
}

static void test_record_and_reset(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	b.options.network.share[NETWORK_LOST_REQUEST] = 1;
	sim_open(&b.sim);
	ask(&b, "GET", "/sim/record", "");
	assert_int_equal(cJSON_GetArraySize(at(&b, "calls")), 0);
	ask(&b, "POST", PLACE, ORDER);
	ask(&b, "POST", PLACE, ORDER);
	ask(&b, "GET", "/sim/record", "");
	assert_int_equal(cJSON_GetArraySize(at(&b, "calls")), 2);
	assert_string_equal(text_at(&b, "calls.1.faults.0"), "lost-request");
	assert_string_equal(text_at(&b, "calls.1.params.nidaRef"), "abc");
	assert_int_equal(at(&b, "calls.1.created_ms")->valueint, 0);
	ask(&b, "GET", "/sim/requests", "");
	assert_int_equal(at(&b, "POST " PLACE)->valueint, 2);
	ask(&b, "POST", "/sim/reset", "");
	ask(&b, "GET", "/sim/record", "");
	assert_int_equal(cJSON_GetArraySize(at(&b, "calls")), 0);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_authorization),
		cmocka_unit_test(test_twilio_authorization),
		cmocka_unit_test(test_status_of_requests),
		cmocka_unit_test(test_where_each_route_keeps_the_id),
		cmocka_unit_test(test_a_call_is_followed_to_its_end),
		cmocka_unit_test(test_terminate),
		cmocka_unit_test(test_faults_of_placing),
		cmocka_unit_test(test_known_agents_and_numbers),
		cmocka_unit_test(test_minimal_list),
		cmocka_unit_test(test_twilio_sees_trunk_calls),
		cmocka_unit_test(test_twilio_pages),
		cmocka_unit_test(test_twilio_refuses_locked_calls),
		cmocka_unit_test(test_recording),
		cmocka_unit_test(test_record_and_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
