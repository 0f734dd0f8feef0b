#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/never_again.h"

static const char *const choices[] = {"will_pay", "disputes", "do_not_call"};

static const struct variable outcomes[] = {
	{.name = "promisedDate", .rule = {.type = VALUE_DATE}},
	{.name = "disposition", .rule = {.type = VALUE_CHOICE, .of = choices, .of_count = 3}},
	{.name = "mayCall", .rule = {.type = VALUE_TEXT}},
	{.name = "wish", .rule = {.type = VALUE_TEXT}},
};

static const struct suppress_when rules[] = {
	{"disposition", "do_not_call"},
	{"mayCall", "no"},
	{"wish", "لا تتصل"},
};

static const struct scenario scenario = {
	.outcome_count = COUNT_OF(outcomes),
	.outcomes = outcomes,
	.suppress_count = COUNT_OF(rules),
	.suppress = rules,
};

#define NO     NEVER_AGAIN_NO
#define UNSURE NEVER_AGAIN_UNSURE
#define YES    NEVER_AGAIN_YES

static const struct {
	const char *name;
	const char *value;
	enum never_again expected;
} cases[] = {
	/* as it should be */
	{"disposition", "do_not_call", YES},
	{"disposition", "will_pay", NO},
	/* as a language model writes it */
	{"disposition", "DO_NOT_CALL", YES},
	{"disposition", "Do not call", YES},
	{"disposition", "do-not-call.", YES},
	{"disposition", "  do_not_call\n", YES},
	{"disposition", "doNotCall", YES},
	{"disposition", "\"do_not_call\"", YES},
	{"disposition", "will_pay, do_not_call", YES},
	{"disposition", "do_not_call_again", YES},
	{"disposition", "[do_not_call]", YES},
	{"disposition", "Customer is angry: do not call!", YES},
	{"Disposition", "do_not_call", YES},
	{"payment.disposition", "do_not_call", YES},
	{"result.Disposition", "Do not call", YES},
	{"disposition.value", "do_not_call", YES},
	{"a.b.disposition.c.d", "do_not_call", YES},
	/* choices in other spellings are choices */
	{"disposition", "Will pay.", NO},
	{"disposition", "DISPUTES", NO},
	/* no choice at all */
	{"disposition", "dnc", UNSURE},
	{"disposition", "never again", UNSURE},
	{"disposition", "do_not_callback", UNSURE},
	{"disposition", "لا تتصل", UNSURE},
	/* says nothing */
	{"disposition", "", NO},
	{"disposition", "null", NO},
	{"disposition", "-", NO},
	/* short words are words, not parts of others */
	{"mayCall", "no", YES},
	{"mayCall", "No, never.", YES},
	{"mayCall", "unknown", NO},
	{"mayCall", "not asked", NO},
	{"mayCall", "yes", NO},
	/* Arabic */
	{"wish", "لا تتصل", YES},
	{"wish", "«لا تتصل» بي", YES},
	{"wish", "اتصل غدا", NO},
	/* another field */
	{"promisedDate", "do_not_call", NO},
	{"note", "do_not_call", NO},
};

static void test_judge(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct outcome_value value = {cases[i].name, cases[i].value};
		const struct outcome_value *which;
		enum never_again got = never_again_judge(&scenario, &value, 1, &which);
		if (got != cases[i].expected)
			fail_msg("%s: '%s' is %d", value.name, value.value, (int)got);
		assert_ptr_equal(which, got == NO ? NULL : &value);
	}
}

/* One sure value outweighs any number of others, wherever it stands. */
static void test_the_surest_counts(void **state)
{
	static const struct outcome_value values[] = {
		{"disposition", "dnc"},
		{"mayCall", "no"},
		{"disposition", "will_pay"},
	};
	const struct outcome_value *which;

	(void)state;
	assert_int_equal(never_again_judge(&scenario, values, 3, &which), YES);
	assert_ptr_equal(which, &values[1]);
	assert_int_equal(never_again_judge(&scenario, values, 0, &which), NO);
	assert_null(which);
	assert_int_equal(never_again_judge(&scenario, values, 1, NULL), UNSURE);
}

static void test_told(void **state)
{
	static const struct {
		struct outcome_value values[2];
		bool told;
	} stories[] = {
		{{{"customerName", "Aisha"}, {"nidaRef", "0"}}, false},
		/* other findings, or the field without a word in it: more may come */
		{{{"promisedDate", "tomorrow"}, {"x", ""}}, false},
		{{{"promisedDate", ""}, {"disposition", ""}}, false},
		{{{"disposition", "none"}, {"x", ""}}, false},
		{{{"promisedDate", ""}, {"disposition", "will_pay"}}, true},
		{{{"disposition", "dnc"}, {"x", ""}}, true},
		{{{"a.disposition.value", "disputes"}, {"x", ""}}, true},
		{{{"name", "disposition"}, {"value", "disputes"}}, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(stories); i++)
		assert_int_equal(never_again_told(&scenario, stories[i].values, 2),
				 stories[i].told);
	assert_false(never_again_told(&scenario, NULL, 0));
}

/* The field named by one value, its finding by the next. */
static void test_field_named_by_a_value(void **state)
{
	static const struct outcome_value values[] = {
		{"name", "promisedDate"},
		{"value", "tomorrow"},
		{"name", "disposition"},
		{"value", "do not call"},
	};
	const struct outcome_value *which;

	(void)state;
	assert_int_equal(never_again_judge(&scenario, values, 4, &which), YES);
	assert_ptr_equal(which, &values[3]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_the_surest_counts),
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_field_named_by_a_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
