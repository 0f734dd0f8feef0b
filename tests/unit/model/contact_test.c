#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/contact.h"

static void test_all_arrows(void **state)
{
	/* Rows: from; columns: pending, placing, live, in_doubt, done, skipped. */
	static const bool arrows[CONTACT_STATE_COUNT][CONTACT_STATE_COUNT] = {
		/* pending */ {0, 1, 0, 0, 0, 1},
		/* placing */ {1, 0, 1, 1, 1, 0},
		/* live */ {1, 0, 0, 0, 1, 0},
		/* in_doubt */ {1, 0, 1, 0, 1, 0},
		/* done */ {0, 0, 0, 0, 0, 0},
		/* skipped */ {0, 0, 0, 0, 0, 0},
	};

	(void)state;
	assert_int_equal(CONTACT_STATE_COUNT, 6);
	for (int from = 0; from < CONTACT_STATE_COUNT; from++)
		for (int to = 0; to < CONTACT_STATE_COUNT; to++)
			if (contact_may_move((enum contact_state)from, (enum contact_state)to) !=
			    arrows[from][to])
				fail_msg("%s to %s", contact_state_name((enum contact_state)from),
					 contact_state_name((enum contact_state)to));
}

/* A state is final exactly when nothing leads out of it. */
static void test_final_states(void **state)
{
	(void)state;
	for (int from = 0; from < CONTACT_STATE_COUNT; from++) {
		bool leads_out = false;
		for (int to = 0; to < CONTACT_STATE_COUNT; to++)
			leads_out |=
				contact_may_move((enum contact_state)from, (enum contact_state)to);
		assert_int_equal(contact_state_is_final((enum contact_state)from), !leads_out);
	}
}

static void test_state_names(void **state)
{
	static const char *const names[] = {"pending",  "placing", "live",
					    "in_doubt", "done",    "skipped"};
	enum contact_state back;

	(void)state;
	for (int i = 0; i < CONTACT_STATE_COUNT; i++) {
		assert_string_equal(contact_state_name((enum contact_state)i), names[i]);
		assert_true(contact_state_from_name(names[i], &back));
		assert_int_equal(back, i);
	}
	assert_false(contact_state_from_name("", &back));
	assert_false(contact_state_from_name("Pending", &back));
}

static void test_outcome_names(void **state)
{
	static const char *const names[] = {"none",      "completed",  "no_answer", "failed",
					    "forwarded", "terminated", "lost"};
	enum outcome back;

	(void)state;
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		assert_string_equal(outcome_name((enum outcome)i), names[i]);
		assert_true(outcome_from_name(names[i], &back));
		assert_int_equal(back, i);
	}
	assert_false(outcome_from_name("busy", &back));
}

static void test_skip_reason_names(void **state)
{
	static const char *const names[] = {
		"none",      "invalid_phone", "missing_value", "bad_value",
		"duplicate", "suppressed",    "no_consent",    "frequency",
		"unsettled", "out_of_time",   "over_budget",   "cancelled",
	};
	enum skip_reason back;

	(void)state;
	for (int i = 0; i < SKIP_REASON_COUNT; i++) {
		assert_string_equal(skip_reason_name((enum skip_reason)i), names[i]);
		assert_true(skip_reason_from_name(names[i], &back));
		assert_int_equal(back, i);
	}
	assert_false(skip_reason_from_name("canceled", &back));
}

static void check_sentence(const char *text, enum language language)
{
	assert_non_null(text);
	assert_int_equal(text[strlen(text) - 1], '.');
	/* Arabic letters begin with these bytes in UTF-8. */
	bool arabic = (unsigned char)text[0] >= 0xd8 && (unsigned char)text[0] <= 0xdb;
	assert_int_equal(arabic, language == LANGUAGE_AR);
}

static void test_every_word_has_a_sentence_in_both_languages(void **state)
{
	(void)state;
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		enum language language = (enum language)i;
		for (int n = 0; n < CONTACT_STATE_COUNT; n++)
			check_sentence(contact_state_text((enum contact_state)n, language),
				       language);
		for (int n = 0; n < OUTCOME_COUNT; n++)
			check_sentence(outcome_text((enum outcome)n, language), language);
		for (int n = 0; n < SKIP_REASON_COUNT; n++)
			check_sentence(skip_reason_text((enum skip_reason)n, language), language);
	}
	assert_string_equal(outcome_text(OUTCOME_NO_ANSWER, LANGUAGE_EN), "Nobody picked up.");
	assert_string_equal(outcome_text(OUTCOME_NO_ANSWER, LANGUAGE_AR),
			    "لم يرد أحد على المكالمة.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_arrows),
		cmocka_unit_test(test_final_states),
		cmocka_unit_test(test_state_names),
		cmocka_unit_test(test_outcome_names),
		cmocka_unit_test(test_skip_reason_names),
		cmocka_unit_test(test_every_word_has_a_sentence_in_both_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
