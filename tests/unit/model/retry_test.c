#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/retry.h"

static const struct retry rules = {
	.attempts = 4,
	.on =
		{
			[OUTCOME_NO_ANSWER] = {.count = 2, .ms = {1000, 5000}},
			[OUTCOME_FAILED] = {.count = 1, .ms = {300}},
			/* A campaign cannot name these; if one does all the same, they stay
			 * final. */
			[OUTCOME_COMPLETED] = {.count = 1, .ms = {1}},
			[OUTCOME_FORWARDED] = {.count = 1, .ms = {1}},
			[OUTCOME_TERMINATED] = {.count = 1, .ms = {1}},
			[OUTCOME_LOST] = {.count = 1, .ms = {1}},
			[OUTCOME_NONE] = {.count = 1, .ms = {1}},
		},
};

static void test_due(void **state)
{
	static const struct {
		enum outcome outcome;
		int made;
		int64_t due_ms; /* -1: final */
	} cases[] = {
		{OUTCOME_NO_ANSWER, 1, 101000}, {OUTCOME_NO_ANSWER, 2, 105000},
		{OUTCOME_NO_ANSWER, 3, 105000}, /* the last wait repeats */
		{OUTCOME_NO_ANSWER, 4, -1},     {OUTCOME_NO_ANSWER, 5, -1},
		{OUTCOME_FAILED, 1, 100300},    {OUTCOME_FAILED, 3, 100300},
		{OUTCOME_FAILED, 4, -1},        {OUTCOME_COMPLETED, 1, -1},
		{OUTCOME_FORWARDED, 1, -1},     {OUTCOME_TERMINATED, 1, -1},
		{OUTCOME_LOST, 1, -1},          {OUTCOME_NONE, 1, -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t due_ms = -1;
		bool again = retry_due(&rules, cases[i].outcome, cases[i].made, 100000, &due_ms);

		if (again != (cases[i].due_ms >= 0) || due_ms != cases[i].due_ms)
			fail_msg("case %zu: %d %lld", i, again, (long long)due_ms);
	}
}

static void test_no_rules(void **state)
{
	static const struct retry once = {.attempts = 1, .on = {[OUTCOME_FAILED] = {1, {5}}}};
	static const struct retry no_waits = {.attempts = 5};
	int64_t due_ms;

	(void)state;
	assert_false(retry_due(&once, OUTCOME_FAILED, 1, 0, &due_ms));
	assert_false(retry_due(&no_waits, OUTCOME_FAILED, 1, 0, &due_ms));
}

static void test_allowed(void **state)
{
	(void)state;
	for (int i = 0; i < OUTCOME_COUNT; i++)
		assert_int_equal(retry_allowed((enum outcome)i),
				 i == OUTCOME_NO_ANSWER || i == OUTCOME_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_no_rules),
		cmocka_unit_test(test_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
