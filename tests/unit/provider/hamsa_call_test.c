#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "provider/http.h"
#include "provider/json.h"
#include "../../../src/provider/hamsa_p.h"

#define REF "0123456789abcdef0123456789abcdef"

static bool parse_call(const char *body, const char *job_id, struct arena *arena,
		       struct call_report *out)
{
	cJSON *root = json_parse(body);
	bool is_call = hamsa_call_from(root, body, job_id, arena, out);

	cJSON_Delete(root);
	return is_call;
}

/* The parts of a call that a row of a table can state, as one line of text. */
static void describe(const struct call_report *r, struct buf *b)
{
	buf_addf(b, "%s", call_status_name(r->status));
	if (r->talk_ms >= 0)
		buf_addf(b, " talk=%lld", (long long)r->talk_ms);
	if (r->has_cost)
		buf_addf(b, " cost=%lld", (long long)r->cost.micro);
	if (r->words)
		buf_addf(b, " words=%s", r->words);
	if (r->recording)
		buf_addf(b, " recording=%s", r->recording);
	if (r->twilio_sid)
		buf_addf(b, " sid=%.4s", r->twilio_sid);
	if (r->ref)
		buf_addf(b, " ref=%.4s", r->ref);
	if (r->user_number)
		buf_addf(b, " to=%s", r->user_number);
	for (size_t i = 0; i < r->utterance_count; i++)
		buf_addf(b, " %c:%s", r->utterances[i].speaker == SPEAKER_AGENT ? 'A' : 'C',
			 r->utterances[i].text);
	for (size_t i = 0; i < r->value_count; i++)
		buf_addf(b, " %s=%s", r->values[i].name, r->values[i].value);
}

#define CALL(rest) "{\"success\":true,\"data\":{\"id\":\"j1\",\"status\":\"COMPLETED\"," rest "}}"
#define TALK       "[{\"Agent\":\"hi\"},{\"User\":\"ho\"}]"

static const struct call_case {
	const char *body;
	const char *expected; /* NULL: no call */
} call_cases[] = {
	/* status, and where the call lies */
	{"{\"data\":{\"id\":\"j\",\"status\":\"in-progress\"}}", "IN_PROGRESS"},
	{"{\"id\":\"j\",\"status\":\"NO_ANSWER\"}", "NO_ANSWER"},
	{"{\"data\":{\"data\":{\"id\":\"j\",\"status\":\"FAILED\"}}}", "FAILED"},
	{"{\"message\":\"ok\",\"status\":\"success\",\"data\":{\"id\":\"j\",\"status\":\"PENDING\"}"
	 "}",
	 "PENDING"},
	{"{\"data\":{\"id\":\"j\",\"status\":\"DANCING\"}}", "UNKNOWN"},
	{"{\"data\":{\"id\":\"j\",\"status\":null}}", "UNKNOWN"},
	{"{\"data\":{\"id\":\"j\",\"status\":{\"a\":1}}}", "UNKNOWN"},
	{"{\"data\":{\"status\":\"COMPLETED\"}}", "COMPLETED"},
	/* no call at all */
	{"{\"success\":true,\"data\":null}", NULL},
	{"{\"success\":true,\"data\":[]}", NULL},
	{"{\"data\":{\"x\":1}}", NULL},
	{"[]", NULL},
	{"null", NULL},
	{"\"id\"", NULL},
	{"{\"data\":{\"id\":\"j\"", NULL},
	{"", NULL},
	/* talk: the two moments win over callDuration, which may count the ringing */
	{CALL("\"callDuration\":125"), "COMPLETED talk=125000"},
	{CALL("\"callDuration\":\"12.5\""), "COMPLETED talk=12500"},
	{CALL("\"callDuration\":90,\"jobResponse\":{\"callStartedAt\":1795342500000,"
	      "\"callEndedAt\":1795342560500}"),
	 "COMPLETED talk=60500"},
	{CALL("\"jobResponse\":{\"callStartedAt\":\"2026-11-22T10:15:00Z\","
	      "\"callEndedAt\":\"2026-11-22T10:16:00Z\"}"),
	 "COMPLETED talk=60000"},
	{CALL("\"callStartedAt\":1795342500,\"callEndedAt\":1795342507"), "COMPLETED talk=7000"},
	/* clocks that disagree: back to what Hamsa says itself */
	{CALL("\"callDuration\":5,\"callStartedAt\":1795342507,\"callEndedAt\":1795342500"),
	 "COMPLETED talk=5000"},
	{CALL("\"callDuration\":0"), "COMPLETED talk=0"},
	{"{\"data\":{\"id\":\"j\",\"status\":\"IN_PROGRESS\",\"callDuration\":0}}", "IN_PROGRESS"},
	{CALL("\"callDuration\":null"), "COMPLETED"},
	{CALL("\"callDuration\":-3"), "COMPLETED"},
	{CALL("\"callDuration\":1e300"), "COMPLETED"},
	{CALL("\"callDuration\":\"long\""), "COMPLETED"},
	/* cost: anywhere, but not among what the list or the agent calls so */
	{CALL("\"totalCost\":1.25"), "COMPLETED cost=1250000"},
	{CALL("\"totalCost\":\"0.000001\""), "COMPLETED cost=1"},
	{CALL("\"billing\":[{\"cost\":2}]"), "COMPLETED cost=2000000"},
	{CALL("\"params\":{\"cost\":\"9\"},\"agentDetails\":{\"cost\":9}"), "COMPLETED"},
	{CALL("\"jobResponse\":{\"outcomeResult\":{\"cost\":9}}"),
	 "COMPLETED cost=9"}, /* a value that the agent noted, not the cost */
	{CALL("\"totalCost\":null,\"cost\":3"), "COMPLETED cost=3000000"},
	{CALL("\"totalCost\":-1"), "COMPLETED"},
	{CALL("\"totalCost\":1e300"), "COMPLETED"},
	/* failure words, only of a failed call */
	{"{\"data\":{\"id\":\"j\",\"status\":\"FAILED\",\"callAnalysis\":{\"error\":{\"message\":"
	 "\"no route\",\"statusCode\":480}}}}",
	 "FAILED words=no route (480)"},
	{"{\"data\":{\"id\":\"j\",\"status\":\"FAILED\",\"callAnalysis\":{\"error\":\"busy\"}}}",
	 "FAILED words=busy"},
	{"{\"data\":{\"id\":\"j\",\"status\":\"FAILED\",\"callAnalysis\":{\"error\":"
	 "\"no route to +968 9000 1234\"}}}",
	 "FAILED words=no route to +••• •••• ••34"},
	{"{\"data\":{\"id\":\"j\",\"status\":\"FAILED\",\"callAnalysis\":null}}", "FAILED"},
	{CALL("\"callAnalysis\":{\"error\":\"busy\"}"), "COMPLETED"},
	/* recording: a web address or nothing, for it becomes a link */
	{CALL("\"mediaUrl\":\"https://x/y.mp3\""), "COMPLETED recording=https://x/y.mp3"},
	{CALL("\"mediaUrl\":\"javascript:alert(1)\""), "COMPLETED"},
	{CALL("\"mediaUrl\":null"), "COMPLETED"},
	{CALL("\"mediaUrl\":7"), "COMPLETED"},
	/* our reference and Twilio's, wherever they are */
	{CALL("\"params\":{\"nidaRef\":\"" REF "\"}"), "COMPLETED ref=0123"},
	{CALL("\"logs\":[{\"payload\":{\"deep\":[{\"nidaRef\": \"" REF "\"}]}}]"),
	 "COMPLETED ref=0123"},
	{CALL("\"agentDetails\":\"{\\\"params\\\":{\\\"nidaRef\\\":\\\"" REF "\\\"}}\""),
	 "COMPLETED ref=0123"},
	{CALL("\"params\":{\"nidaRef\":\"" REF "0\"}"), "COMPLETED"},
	{CALL("\"params\":{\"nidaRef\":\"abc\"},\"x\":{\"nidaRef\":\"" REF "\"}"),
	 "COMPLETED ref=0123"},
	{CALL("\"params\":{\"nidaRef\":null}"), "COMPLETED"},
	{CALL("\"x\":{\"callSid\":\"CA" REF "\"}"), "COMPLETED sid=CA01"},
	{CALL("\"x\":\"leg CA" REF " is up\""), "COMPLETED sid=CA01"},
	{CALL("\"x\":\"ABCA" REF "\""), "COMPLETED"},
	{CALL("\"x\":\"CA" REF "0\""), "COMPLETED"},
	/* numbers */
	{CALL("\"callParams\":{\"userNumber\":\"+96891234567\"}"), "COMPLETED to=+96891234567"},
	{CALL("\"toNumber\":\"+96891234567\",\"callParams\":null"), "COMPLETED to=+96891234567"},
	{CALL("\"callParams\":\"x\""), "COMPLETED"},
	/* transcript: every place that client code was seen to look in */
	{CALL("\"jobResponse\":{\"transcription\":" TALK "}"), "COMPLETED A:hi C:ho"},
	{CALL("\"callAnalysis\":{\"transcription\":" TALK "}"), "COMPLETED A:hi C:ho"},
	{CALL("\"callAnalysis\":{\"conversation\":" TALK "}"), "COMPLETED A:hi C:ho"},
	{CALL("\"callAnalysis\":{\"transcript\":" TALK "}"), "COMPLETED A:hi C:ho"},
	{CALL("\"transcription\":" TALK), "COMPLETED A:hi C:ho"},
	{CALL("\"conversation\":" TALK), "COMPLETED A:hi C:ho"},
	{CALL("\"transcript\":" TALK), "COMPLETED A:hi C:ho"},
	{CALL("\"messages\":[{\"role\":\"assistant\",\"content\":\"hi\"}]"), "COMPLETED A:hi"},
	{CALL("\"data\":{\"transcription\":" TALK "}"), "COMPLETED A:hi C:ho"},
	{CALL("\"data\":{\"jobResponse\":{\"transcription\":" TALK "}}"), "COMPLETED A:hi C:ho"},
	{CALL("\"callData\":{\"transcript\":" TALK "}"), "COMPLETED A:hi C:ho"},
	{CALL("\"logs\":[null,{\"payload\":{\"transcription\":" TALK "}}]"), "COMPLETED A:hi C:ho"},
	{CALL("\"logs\":[{\"category\":\"FLOW\",\"payload\":{\"role\":\"agent\",\"message\":\"no\"}"
	      "},"
	      "{\"category\":\"CONVERSATION\",\"payload\":{\"role\":\"agent\",\"message\":\"hi\"}},"
	      "{\"category\":\"conversation\",\"payload\":{\"role\":\"user\",\"message\":\"ho\"}}"
	      "]"),
	 "COMPLETED A:hi C:ho"},
	{CALL("\"toScript\":\"Agent: hi\\nnoise\\r\\nuser:ho: ho\\n\""), "COMPLETED A:hi C:ho: ho"},
	{CALL("\"fromScript\":\"AGENT: hi\""), "COMPLETED A:hi"},
	/* an empty place does not hide a full one */
	{CALL("\"jobResponse\":{\"transcription\":[]},\"transcript\":" TALK),
	 "COMPLETED A:hi C:ho"},
	/* speakers in any case; function calls, nulls and strangers were not said by anyone */
	{CALL("\"transcription\":[{\"agent\":\"hi\"},{\"USER\":\"ho\"},null,7,\"x\",[],{},"
	      "{\"Agent\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"Agent\":null},"
	      "{\"Agent\":\"\"},{\"User\":\" \"},{\"System\":\"s\"},"
	      "{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"text\":\"yes\"}]"),
	 "COMPLETED A:hi C:ho C:yes"},
	{CALL("\"transcription\":{\"Agent\":\"hi\"}"), "COMPLETED"},
	/* outcome values, flattened */
	{CALL("\"jobResponse\":{\"outcomeResult\":{\"disposition\":\"will_pay\",\"n\":3,\"ok\":"
	      "true,"
	      "\"none\":null,\"pay\":{\"date\":\"2026-12-01\",\"deep\":{\"x\":1}},"
	      "\"tags\":[\"a\",2,null,{}],\"empty\":[]}}"),
	 "COMPLETED disposition=will_pay n=3 ok=true pay.date=2026-12-01 "
	 "pay.deep.x=1 tags=a tags=2"},
	{CALL("\"outcomeResult\":{\"a\":\"b\"}"), "COMPLETED a=b"},
	{CALL("\"jobResponse\":null,\"callAnalysis\":{\"outcomeResult\":{\"a\":\"b\"}}"),
	 "COMPLETED a=b"},
	{CALL("\"outcomeResult\":\"text\""), "COMPLETED"},
	{CALL("\"outcomeResult\":[1]"), "COMPLETED"},
	/* the same object, written as a text; in a list; deeper; a list of objects */
	{CALL("\"outcomeResult\":\"{\\\"a\\\":\\\"b\\\"}\""), "COMPLETED a=b"},
	{CALL("\"outcomeResult\":[{\"a\":\"b\"},{\"c\":1}]"), "COMPLETED a=b c=1"},
	{CALL("\"outcomeResult\":{\"r\":{\"p\":{\"d\":\"x\"}}}"), "COMPLETED r.p.d=x"},
	{CALL("\"outcomeResult\":{\"l\":[{\"d\":\"x\"},{\"d\":\"y\"}]}"), "COMPLETED l.d=x l.d=y"},
	{CALL("\"outcomeResult\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}"
	      "}}}}}}"
	      ",\"b\":2}"),
	 "COMPLETED b=2"},
	/* written as a text twice over */
	{CALL("\"outcomeResult\":\"\\\"{\\\\\\\"a\\\\\\\":1}\\\"\""), "COMPLETED a=1"},
	{CALL("\"jobResponse\":\"opaque\""), "COMPLETED"},
};

static void test_table(void **state)
{
	struct arena arena = {0};
	struct buf got;

	(void)state;
	buf_init(&got, 4096);
	for (size_t i = 0; i < COUNT_OF(call_cases); i++) {
		const struct call_case *c = &call_cases[i];
		struct call_report report;
		bool ok = parse_call(c->body, "j1", &arena, &report);
		buf_reset(&got);
		if (ok)
			describe(&report, &got);
		if (ok != (c->expected != NULL) || (ok && strcmp(got.data, c->expected) != 0))
			fail_msg("%s\n   gave %s\ninstead of %s", c->body, ok ? got.data : "none",
				 c->expected ? c->expected : "none");
	}
	buf_free(&got);
	arena_free(&arena);
}

static void test_moments_and_ids(void **state)
{
	static const char body[] = CALL(
		"\"createdAt\":\"2026-11-22T10:14:00Z\",\"voiceAgentId\":\"a1\",\"jobResponse\":"
		"{\"callStartedAt\":1795342500000,\"callEndedAt\":\"2026-11-22T10:16:00Z\"}");
	struct arena arena = {0};
	struct call_report r;

	(void)state;
	assert_true(parse_call(body, "j1", &arena, &r));
	assert_int_equal(r.created_ms, 1795342440000);
	assert_int_equal(r.started_ms, 1795342500000);
	assert_int_equal(r.ended_ms, 1795342560000);
	assert_string_equal(r.agent_id, "a1");
	assert_string_equal(r.status_text, "COMPLETED");
	assert_string_equal(r.job_id, "j1");
	assert_ptr_equal(r.raw, body);
	arena_free(&arena);
}

/* Bodies as large and as deep as a hostile server can send them. */
static void test_hostile_sizes(void **state)
{
	struct arena arena = {0};
	struct call_report r;
	struct buf b;

	(void)state;
	buf_init(&b, HTTP_BODY_MAX);
	buf_adds(&b, "{\"id\":\"j\",\"transcription\":[{\"Agent\":\"x\"}");
	while (b.length < HTTP_BODY_MAX - 32)
		buf_adds(&b, ",{\"Agent\":\"x\"}");
	buf_adds(&b, "]}");
	assert_true(parse_call(b.data, "j", &arena, &r));
	assert_true(r.utterance_count > 290000);

	for (int depth = 900; depth <= 2000000; depth = depth == 900 ? 2000000 : depth + 1) {
		buf_reset(&b);
		buf_adds(&b, "{\"id\":\"j\",\"deep\":");
		for (int i = 0; i < depth; i++)
			buf_addc(&b, '[');
		for (int i = 0; i < depth; i++)
			buf_addc(&b, ']');
		buf_addc(&b, '}');
		assert_int_equal(parse_call(b.data, "j", &arena, &r), depth == 900);
	}

	buf_reset(&b);
	buf_adds(&b, "{\"id\":\"j\",\"deep\":");
	for (int i = 0; i < 900; i++)
		buf_adds(&b, "{\"data\":");
	buf_adds(&b, "1");
	for (int i = 0; i < 901; i++)
		buf_addc(&b, '}');
	assert_true(parse_call(b.data, "j", &arena, &r));
	buf_free(&b);
	arena_free(&arena);
}

/* Bytes that are in use now; 0 where another allocator stands in the way of counting. */
static size_t memory_in_use(void)
{
#ifdef __SANITIZE_ADDRESS__
	return 0;
#else
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
#endif
}

/* Read {"list": <count members>}; what that left in the arena must be in proportion to what
 * came. */
static void read_list(size_t count, const char *before, const char *member, const char *after,
		      struct arena *arena, struct call_report *r)
{
	struct buf b;

	buf_init(&b, HTTP_BODY_MAX);
	buf_adds(&b, "{\"id\":\"j\",\"outcomeResult\":{");
	buf_adds(&b, before);
	for (size_t i = 0; i < count; i++)
		buf_addf(&b, "%s%s", i ? "," : "", member);
	buf_addf(&b, "%s}}", after);
	assert_false(b.overflow);

	size_t used = memory_in_use();
	assert_true(parse_call(b.data, "j", arena, r));
	used = memory_in_use() - used;
	if (used > 8 * b.length + 200000)
		fail_msg("%zu members (%zu bytes) have taken %zu bytes", count, b.length, used);
	buf_free(&b);
}

/* A list of findings is one text, and no longer than a text may be. The small one comes first, so
 * that memory that grows with the square is seen before it is gone. */
static void test_long_lists(void **state)
{
	static const size_t counts[] = {5000, 100000};
	struct arena arena = {0};
	struct call_report r;
	char name[3000];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		read_list(counts[i], "\"list\":[", "{\"x\":1}", "]", &arena, &r);
		assert_int_equal(r.value_count, counts[i]);
		assert_string_equal(r.values[counts[i] - 1].name, "list.x");
		arena_free(&arena);

		read_list(counts[i], "\"list\":[{\"x\":[", "\"abcdef\"", "]}]", &arena, &r);
		assert_int_equal(r.value_count, 1);
		assert_true(strlen(r.values[0].value) <= 65536);
		if (counts[i] == 100000)
			assert_non_null(strstr(r.values[0].value, "abcdef, … (+91812)"));
		arena_free(&arena);
	}

	/* A name too long to be copied for each finding: those are left out. */
	snprintf(name, sizeof(name), "\"kept\":[{\"a\":1}],\"%02900d\":[", 0);
	read_list(100000, name, "{\"x\":1}", "]", &arena, &r);
	assert_int_equal(r.value_count, 1);
	assert_string_equal(r.values[0].name, "kept.a");
	arena_free(&arena);
}

/* Cutting a good body anywhere, or spoiling any one byte of it, must do no harm. */
static void test_torn_and_spoilt(void **state)
{
	static const char good[] = CALL(
		"\"callDuration\":\"12\",\"totalCost\":1,\"jobResponse\":{\"transcription\":" TALK
		",\"outcomeResult\":{\"a\":{\"b\":\"\\ud83d\\ude00\"}}},\"params\":{\"nidaRef\":"
		"\"" REF "\"},\"x\":\"CA" REF "\"");
	static const char spoil[] = {'"', '{', ']', '\\', '0', '\x01', '\xff'};
	struct arena arena = {0};
	struct call_report r;
	char *copy;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(good); i++) {
		copy = arena_strndup(&arena, good, i);
		assert_false(parse_call(copy, "j", &arena, &r));
		for (size_t k = 0; k < sizeof(spoil); k++) {
			copy = arena_strdup(&arena, good);
			copy[i] = spoil[k];
			(void)!parse_call(copy, "j", &arena, &r);
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),           cmocka_unit_test(test_moments_and_ids),
		cmocka_unit_test(test_hostile_sizes),   cmocka_unit_test(test_long_lists),
		cmocka_unit_test(test_torn_and_spoilt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
