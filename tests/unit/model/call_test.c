#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/call.h"

static void test_status_words(void **state)
{
	static const struct {
		const char *text;
		enum call_status status;
	} words[] = {
		{"PENDING", CALL_PENDING},
		{"IN_PROGRESS", CALL_IN_PROGRESS},
		{"COMPLETED", CALL_COMPLETED},
		{"NO_ANSWER", CALL_NO_ANSWER},
		{"FAILED", CALL_FAILED},
		{"FORWARDED", CALL_FORWARDED},
		{"TERMINATED", CALL_TERMINATED},
		{"QUEUED", CALL_PENDING},
		{"RUNNING", CALL_IN_PROGRESS},
		{"ACTIVE", CALL_IN_PROGRESS},
		{"PROCESSING", CALL_IN_PROGRESS},
		{"SUCCEEDED", CALL_COMPLETED},
		{"ERROR", CALL_FAILED},
		{"CANCELED", CALL_TERMINATED},
		{"CANCELLED", CALL_TERMINATED},
		{"UNANSWERED", CALL_NO_ANSWER},
		{"in-progress", CALL_IN_PROGRESS},
		{"In Progress", CALL_IN_PROGRESS},
		{"in_progress", CALL_IN_PROGRESS},
		{"inProgress", CALL_IN_PROGRESS},
		{"no-answer", CALL_NO_ANSWER},
		{"no answer", CALL_NO_ANSWER},
		{"noAnswer", CALL_NO_ANSWER},
		{"completed", CALL_COMPLETED},
		{" completed ", CALL_COMPLETED},
		{"FAILED\n", CALL_FAILED},
		{"ringing", CALL_PENDING},
		/* Nobody knows these: a call taken for over would be lost from sight. */
		{"", CALL_UNKNOWN},
		{"ENDED", CALL_UNKNOWN},
		{"BUSY", CALL_UNKNOWN},
		{"COMPLETED_WITH_ERRORS", CALL_UNKNOWN},
		{"NOT COMPLETED", CALL_UNKNOWN},
		{"COMPLETE", CALL_UNKNOWN},
		{"UNKNOWN", CALL_UNKNOWN},
		{"null", CALL_UNKNOWN},
		{"FAILED?", CALL_UNKNOWN},
		{"مكتملة", CALL_UNKNOWN},
		{"A_VERY_LONG_WORD_THAT_NO_STATUS_HAS", CALL_UNKNOWN},
		{NULL, CALL_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (call_status_from_text(words[i].text) != words[i].status)
			fail_msg("'%s': %d", words[i].text ? words[i].text : "(null)",
				 (int)call_status_from_text(words[i].text));
}

static void test_outcomes(void **state)
{
	static const enum outcome outcomes[CALL_STATUS_COUNT] = {
		[CALL_COMPLETED] = OUTCOME_COMPLETED,   [CALL_NO_ANSWER] = OUTCOME_NO_ANSWER,
		[CALL_FAILED] = OUTCOME_FAILED,         [CALL_FORWARDED] = OUTCOME_FORWARDED,
		[CALL_TERMINATED] = OUTCOME_TERMINATED,
	};

	(void)state;
	for (int i = 0; i < CALL_STATUS_COUNT; i++) {
		enum call_status status = (enum call_status)i;
		assert_int_equal(call_status_outcome(status), outcomes[i]);
		assert_int_equal(call_status_is_final(status), outcomes[i] != OUTCOME_NONE);
		assert_int_equal(call_status_from_text(call_status_name(status)), i);
	}
}

static void test_attempt_names(void **state)
{
	static const char *const names[] = {"placing", "live", "in_doubt", "closed"};
	enum attempt_state back;

	(void)state;
	for (int i = 0; i < ATTEMPT_STATE_COUNT; i++) {
		assert_string_equal(attempt_state_name((enum attempt_state)i), names[i]);
		assert_true(attempt_state_from_name(names[i], &back));
		assert_int_equal(back, i);
	}
	assert_false(attempt_state_from_name("open", &back));
}

#define HEX "0123456789abcdefABCDEF0123456789"
#define SID "CA" HEX

static void test_twilio_sids(void **state)
{
	static const struct {
		const char *text;
		bool found;
	} cases[] = {
		{SID, true},
		{"{\"callSid\":\"" SID "\"}", true},
		{"/Calls/" SID ".json", true},
		{"CA CACA " SID, true},
		{"", false},
		{"CA", false},
		{"CA0123", false},
		{"x" SID, false},
		{SID "0", false},
		{SID "z", false},
		{"ca" HEX, false},
		{"CA0123456789abcdefABCDEF012345678g", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char sid[CALL_TWILIO_SID_SIZE] = "";
		if (call_find_twilio_sid(cases[i].text, sid) != cases[i].found)
			fail_msg("'%s'", cases[i].text);
		assert_string_equal(sid, cases[i].found ? SID : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_words),
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_attempt_names),
		cmocka_unit_test(test_twilio_sids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
