#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/value.h"

static const char *const in_both[] = {"%Y-%m-%d", "%d/%m/%Y"};
static const char *const in_names[] = {"%d %b %Y", "%B %e, %Y", "%d.%m.%y"};
static const char *const choices[] = {"open", "fixed", "Visit_Planned", "نعم"};

#define MICRO(n)    \
	{           \
		(n) \
	}

static const struct value_rule text80 = {.type = VALUE_TEXT, .required = true, .max_length = 8};
static const struct value_rule last4 = {.type = VALUE_TEXT, .min_length = 4, .max_length = 4};
static const struct value_rule optional = {.type = VALUE_TEXT};
static const struct value_rule fallback = {.type = VALUE_TEXT,
					   .required = true,
					   .fallback = " guest "};
static const struct value_rule number = {.type = VALUE_NUMBER,
					 .has_min = true,
					 .min = MICRO(-5000000),
					 .has_max = true,
					 .max = MICRO(2000000000)};
static const struct value_rule tenths = {.type = VALUE_NUMBER, .has_decimals = true, .decimals = 1};
static const struct value_rule whole = {.type = VALUE_NUMBER, .has_decimals = true};
static const struct value_rule money = {
	.type = VALUE_MONEY, .required = true, .has_min = true, .min = MICRO(1000), .decimals = 3};
static const struct value_rule cents = {.type = VALUE_MONEY, .decimals = 2};
static const struct value_rule date = {
	.type = VALUE_DATE, .required = true, .in = in_both, .in_count = 2, .out = "%-d %B %Y"};
static const struct value_rule named = {.type = VALUE_DATE,
					.in = in_names,
					.in_count = 3,
					.out = "%A %d %b %Y"};
static const struct value_rule bare = {.type = VALUE_DATE};
static const struct value_rule digits = {.type = VALUE_DATE,
					 .in = in_both,
					 .in_count = 2,
					 .out = "%a %d/%-m (%m) %Y"};
static const struct value_rule choice = {.type = VALUE_CHOICE,
					 .of = choices,
					 .of_count = 4,
					 .fallback = "OPEN"};
static const struct value_rule strict_choice = {.type = VALUE_CHOICE,
						.required = true,
						.of = choices,
						.of_count = 4};
static const struct value_rule bad_default = {.type = VALUE_DATE, .fallback = "soon"};

#define AR LANGUAGE_AR
#define EN LANGUAGE_EN

static const struct {
	const struct value_rule *rule;
	const char *text;
	enum language language;
	enum value_fault fault;
	const char *out;
} cases[] = {
	/* text */
	{&text80, "Salim", EN, VALUE_OK, "Salim"},
	{&text80, "  Salim \t", EN, VALUE_OK, "Salim"},
	{&text80, "\u00a0سالم\u200f", AR, VALUE_OK, "سالم"},
	{&text80, "12345678", EN, VALUE_OK, "12345678"},
	{&text80, "123456789", EN, VALUE_TOO_LONG, NULL},
	{&text80, "سالمسالم", AR, VALUE_OK, "سالمسالم"}, /* characters, not bytes */
	{&text80, "سالمسالمم", AR, VALUE_TOO_LONG, NULL},
	{&text80, "", EN, VALUE_MISSING, NULL},
	{&text80, " \u00a0\u200e ", EN, VALUE_MISSING, NULL},
	{&text80,
	 "a\x01"
	 "b\x7f"
	 "c",
	 EN, VALUE_OK, "abc"},
	{&text80, "a\nb", EN, VALUE_OK, "a b"},
	{&text80, "a\r\n\tb", EN, VALUE_OK, "a b"},
	{&text80, "a \n b", EN, VALUE_OK, "a  b"},
	{&text80, "a\u202eb\u202c", EN, VALUE_OK, "ab"},
	{&text80, "\u2067ab\u2069", EN, VALUE_OK, "ab"},
	{&text80,
	 "a\xc2\x85"
	 "b",
	 EN, VALUE_OK, "ab"},
	{&text80,
	 "a\xff"
	 "b",
	 EN, VALUE_OK, "ab"},
	{&text80, "می\u200cروم", AR, VALUE_OK, "می\u200cروم"}, /* joins letters: part of the word */
	{&last4, "0417", EN, VALUE_OK, "0417"},
	{&last4, "417", EN, VALUE_TOO_SHORT, NULL},
	{&last4, "10417", EN, VALUE_TOO_LONG, NULL},
	{&last4, "", EN, VALUE_OK, ""},
	{&optional, "", EN, VALUE_OK, ""},
	{&optional, "\n", EN, VALUE_OK, ""},
	{&fallback, "", EN, VALUE_OK, "guest"},
	{&fallback, "x", EN, VALUE_OK, "x"},

	/* number */
	{&number, "12", EN, VALUE_OK, "12"},
	{&number, "1,234.50", EN, VALUE_OK, "1234.50"},
	{&number, "١٢٫٥", AR, VALUE_OK, "12.5"},
	{&number, "۱۲", AR, VALUE_OK, "12"},
	{&number, "-5", EN, VALUE_OK, "-5"},
	{&number,
	 "\u2212"
	 "5",
	 EN, VALUE_OK, "-5"},
	{&number, "-5.000001", EN, VALUE_TOO_SMALL, NULL},
	{&number, "2000", EN, VALUE_OK, "2000"},
	{&number, "2000.000001", EN, VALUE_TOO_LARGE, NULL},
	{&number, "9999999999999999999999", EN, VALUE_TOO_LARGE, NULL},
	{&number, "-9999999999999999999999", EN, VALUE_TOO_SMALL, NULL},
	{&number, "0.1234567", EN, VALUE_TOO_MANY_DECIMALS, NULL},
	{&number, "007", EN, VALUE_OK, "7"},
	{&number, "-0", EN, VALUE_OK, "0"},
	{&number, "3abc", EN, VALUE_NOT_A_NUMBER, NULL},
	{&number, "1e3", EN, VALUE_NOT_A_NUMBER, NULL},
	{&number, "", EN, VALUE_OK, ""},
	{&tenths, "112.5", EN, VALUE_OK, "112.5"},
	{&tenths, "71", EN, VALUE_OK, "71"},
	{&tenths, "38.25", EN, VALUE_TOO_MANY_DECIMALS, NULL},
	{&whole, "5", EN, VALUE_OK, "5"},
	{&whole, "5.0", EN, VALUE_TOO_MANY_DECIMALS, NULL},

	/* money */
	{&money, "12.5", EN, VALUE_OK, "12.500"},
	{&money, "12.500", EN, VALUE_OK, "12.500"},
	{&money, "12", EN, VALUE_OK, "12.000"},
	{&money, "1,234.5", EN, VALUE_OK, "1234.500"},
	{&money, "١٬٢٣٤٫٥", AR, VALUE_OK, "1234.500"},
	{&money, "0.001", EN, VALUE_OK, "0.001"},
	{&money, "0.000", EN, VALUE_TOO_SMALL, NULL},
	{&money, "-12.5", EN, VALUE_TOO_SMALL, NULL},
	{&money, "12.5001", EN, VALUE_TOO_MANY_DECIMALS, NULL},
	{&money, "12.5000000", EN, VALUE_TOO_MANY_DECIMALS, NULL},
	{&money, "12,5", EN, VALUE_NOT_A_NUMBER, NULL}, /* a decimal comma, or a lost digit? */
	{&money, "12.500 OMR", EN, VALUE_NOT_A_NUMBER, NULL},
	{&money, "", EN, VALUE_MISSING, NULL},
	/* Three decimals: one comma before three digits may be either. */
	{&money, "12,500", EN, VALUE_AMBIGUOUS, NULL},
	{&money, " -1,234 ", EN, VALUE_AMBIGUOUS, NULL},
	{&money, "١٢،٥٠٠", AR, VALUE_AMBIGUOUS, NULL},
	{&money, "١٢٬٥٠٠", AR, VALUE_OK, "12500.000"},
	{&money, "12 500", EN, VALUE_OK, "12500.000"},
	{&money, "1,234.500", EN, VALUE_OK, "1234.500"},
	{&money, "1,234,567", EN, VALUE_OK, "1234567.000"},
	{&cents, "12,500", EN, VALUE_OK, "12500.00"},
	{&number, "1,234", EN, VALUE_OK, "1234"},
	{&cents, "3", EN, VALUE_OK, "3.00"},
	{&cents, "3.999", EN, VALUE_TOO_MANY_DECIMALS, NULL},

	/* date */
	{&date, "2026-12-03", EN, VALUE_OK, "3 December 2026"},
	{&date, "2026-12-03", AR, VALUE_OK, "3 ديسمبر 2026"},
	{&date, "05/12/2026", EN, VALUE_OK, "5 December 2026"},
	{&date, "5/1/2027", AR, VALUE_OK, "5 يناير 2027"},
	{&date, "٢٠٢٦-٠٨-٣١", AR, VALUE_OK, "31 أغسطس 2026"},
	{&date, " 2026-04-01 ", AR, VALUE_OK, "1 أبريل 2026"},
	{&date, "2028-02-29", EN, VALUE_OK, "29 February 2028"},
	{&date, "2026-02-29", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "31/02/2026", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "31/04/2026", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "2026-13-01", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "12/31/2026", EN, VALUE_NOT_A_DATE, NULL}, /* American order is not guessed */
	{&date, "2026-00-10", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "2026-12-00", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "26-12-03", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "2026-12-03 00:00:00", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "2026-12-03x", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "2026-12", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "46359", EN, VALUE_NOT_A_DATE, NULL}, /* a spreadsheet's day number */
	{&date, "tomorrow", EN, VALUE_NOT_A_DATE, NULL},
	{&date, "", EN, VALUE_MISSING, NULL},
	{&named, "03 Dec 2026", EN, VALUE_OK, "Thursday 03 Dec 2026"},
	{&named, "3 december 2026", EN, VALUE_OK, "Thursday 03 Dec 2026"},
	{&named, "3  DEC  2026", EN, VALUE_OK, "Thursday 03 Dec 2026"},
	{&named, "June 7, 2026", EN, VALUE_OK, "Sunday 07 Jun 2026"},
	{&named, "May 7, 2026", AR, VALUE_OK, "الخميس 07 مايو 2026"},
	{&named, "٣ ديسمبر ٢٠٢٦", AR, VALUE_OK, "الخميس 03 ديسمبر 2026"},
	{&named, "3 اكتوبر 2026", AR, VALUE_OK, "السبت 03 أكتوبر 2026"},
	{&named, "03.12.26", EN, VALUE_OK, "Thursday 03 Dec 2026"},
	{&named, "03.12.69", EN, VALUE_OK, "Wednesday 03 Dec 1969"},
	{&named, "03.12.68", EN, VALUE_OK, "Monday 03 Dec 2068"},
	{&named, "3 Foo 2026", EN, VALUE_NOT_A_DATE, NULL},
	{&named, "3Dec2026", EN, VALUE_NOT_A_DATE, NULL},
	{&bare, "2026-12-03", AR, VALUE_OK, "2026-12-03"},
	{&bare, "", AR, VALUE_OK, ""},
	{&digits, "2026-02-05", EN, VALUE_OK, "Thu 05/2 (02) 2026"},
	{&bad_default, "", EN, VALUE_NOT_A_DATE, NULL},

	/* choice */
	{&choice, "fixed", EN, VALUE_OK, "fixed"},
	{&choice, " FIXED ", EN, VALUE_OK, "fixed"},
	{&choice, "visit_planned", EN, VALUE_OK, "Visit_Planned"},
	{&choice, "نعم", AR, VALUE_OK, "نعم"},
	{&choice, "", EN, VALUE_OK, "open"},
	{&choice, "fix", EN, VALUE_NOT_A_CHOICE, NULL},
	{&choice, "open fixed", EN, VALUE_NOT_A_CHOICE, NULL},
	{&strict_choice, "", EN, VALUE_MISSING, NULL},
};

static void test_render(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *out = "(unset)";
		enum value_fault fault =
			value_render(cases[i].rule, cases[i].text, cases[i].language, &arena, &out);

		if (fault != cases[i].fault ||
		    (fault == VALUE_OK && strcmp(out, cases[i].out) != 0))
			fail_msg("case %zu '%s': fault %d, '%s'", i, cases[i].text, (int)fault,
				 out);
	}
	arena_free(&arena);
}

static void test_text_without_limit_has_one(void **state)
{
	struct arena arena = {0};
	char *text = malloc(VALUE_LENGTH_MAX + 2);
	const char *out;

	(void)state;
	memset(text, 'x', VALUE_LENGTH_MAX + 1);
	text[VALUE_LENGTH_MAX + 1] = '\0';
	assert_int_equal(value_render(&optional, text, EN, &arena, &out), VALUE_TOO_LONG);
	text[VALUE_LENGTH_MAX] = '\0';
	assert_int_equal(value_render(&optional, text, EN, &arena, &out), VALUE_OK);
	free(text);
	arena_free(&arena);
}

static void test_fault_texts(void **state)
{
	static const struct {
		enum value_fault fault;
		const struct value_rule *rule;
		const char *text;
	} texts[] = {
		{VALUE_MISSING, &money, "is empty; expected a value"},
		{VALUE_TOO_SHORT, &last4, "is too short; expected at least 4 characters"},
		{VALUE_TOO_LONG, &text80, "is too long; expected at most 8 characters"},
		{VALUE_TOO_LONG, &optional, "is too long; expected at most 4000 characters"},
		{VALUE_NOT_A_NUMBER, &money,
		 "is not a number; expected digits such as 1234 or 12.5"},
		{VALUE_TOO_SMALL, &money, "is too small; expected at least 0.001"},
		{VALUE_TOO_SMALL, &number, "is too small; expected at least -5"},
		{VALUE_TOO_LARGE, &number, "is too large; expected at most 2000"},
		{VALUE_TOO_LARGE, &optional, "is too large; expected at most 1000000000000"},
		{VALUE_TOO_MANY_DECIMALS, &money, "has too many decimals; expected at most 3"},
		{VALUE_TOO_MANY_DECIMALS, &number, "has too many decimals; expected at most 6"},
		{VALUE_NOT_A_DATE, &date,
		 "is not a date; expected a form such as 2026-11-22 (%Y-%m-%d) or 22/11/2026 "
		 "(%d/%m/%Y)"},
		{VALUE_NOT_A_DATE, &bare,
		 "is not a date; expected a form such as 2026-11-22 (%Y-%m-%d)"},
		/* Also the forms that can be read but not written have an example. */
		{VALUE_NOT_A_DATE, &named,
		 "is not a date; expected a form such as 22 Nov 2026 (%d %b %Y) or "
		 "November 22, 2026 (%B %e, %Y) or 22.11.26 (%d.%m.%y)"},
		{VALUE_NOT_A_CHOICE, &choice,
		 "is not one of the choices; expected one of: open, fixed, Visit_Planned, نعم"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_string_equal(value_fault_text(texts[i].fault, texts[i].rule, "x", &arena),
				    texts[i].text);
	for (int i = 0; i < VALUE_FAULT_COUNT; i++)
		assert_non_null(value_fault_text((enum value_fault)i, &money, "x", &arena));
	arena_free(&arena);
}

/* What a number with a comma may mean is told where there are two ways, and only there. */
static void test_readings(void **state)
{
	static const struct {
		const char *text;
		const char *readings;
	} texts[] = {
		{"12,500", "12.500 or 12500"},
		{" 12,5 ", "12.5 or 125"},
		{"-12,34", "-12.34 or -1234"},
		{"0,123", "0.123 or 123"},
		{"1234,567", "1234.567 or 1234567"},
		{"١٢،٥", "12.5 or 125"},
		{"12.500", NULL},
		{"1,234.5", NULL},
		{"1.234,5", NULL},
		{"1,234,567", NULL},
		{"١٢٬٥٠٠", NULL},
		{"12,", NULL},
		{"a,b", NULL},
		{"", NULL},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		const char *readings = decimal_readings(texts[i].text, &arena);

		if (!readings != !texts[i].readings ||
		    (readings && strcmp(readings, texts[i].readings) != 0))
			fail_msg("'%s': %s", texts[i].text, readings ? readings : "one way");
	}
	assert_string_equal(value_fault_text(VALUE_AMBIGUOUS, &money, " 12,500", &arena),
			    "may be 12.500 or 12500; expected one of them, without the comma");
	assert_string_equal(value_fault_text(VALUE_NOT_A_NUMBER, &number, "12,5", &arena),
			    "may be 12.5 or 125; expected one of them, without the comma");
	arena_free(&arena);
}

static void test_decimals(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t micro;
		int decimals;
	} texts[] = {
		{"12.500", true, 12500000, 3},
		{"١٢٫٥", true, 12500000, 1},
		{"1,234.5", true, 1234500000, 1},
		{"-3", true, -3000000, 0},
		{"+3", true, 3000000, 0},
		{".5", true, 500000, 1},
		{"0", true, 0, 0},
		{"0.000001", true, 1, 6},
		{"-0.000001", true, -1, 6},
		{"1 234", true, 1234000000, 0},
		{"1\u00a0"
		 "234",
		 true, 1234000000, 0},
		{"1\u202f"
		 "234",
		 true, 1234000000, 0},
		{"1،234", true, 1234000000, 0},
		{"1٬234٬567", true, 1234567000000, 0},
		{"1,234,567.25", true, 1234567250000, 2},
		{"123,456", true, 123456000000, 0},
		{" 5 ", true, 5000000, 0},
		{"1000000000000", true, 1000000000000000000, 0},
		{"1000000000000.000001", false, 0, 0},
		{"1000000000001", false, 0, 0},
		{"99999999999999999999999999", false, 0, 0},
		{"", false, 0, 0},
		{" ", false, 0, 0},
		{".", false, 0, 0},
		{"-", false, 0, 0},
		{"5.", false, 0, 0},
		{"1.2.3", false, 0, 0},
		{"1,23", false, 0, 0},
		{"12,34.5", false, 0, 0},
		{"1234,567", false, 0, 0},
		{"1,2345", false, 0, 0},
		{"0,123", false, 0, 0},
		{",123", false, 0, 0},
		{"1,,234", false, 0, 0},
		{"1,234 567", false, 0, 0},
		{"1.234,5", false, 0, 0},
		{"0x10", false, 0, 0},
		{"nan", false, 0, 0},
		{"1e5", false, 0, 0},
		{"--5", false, 0, 0},
		{"5-", false, 0, 0},
		{"1/2", false, 0, 0},
		{"0.0000001", false, 0, 0},
		{"12.5%", false, 0, 0},
		{"OMR 5", false, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct decimal d = {0};
		int decimals = 0;
		bool ok = decimal_parse(texts[i].text, &d, &decimals);

		if (ok != texts[i].ok || d.micro != texts[i].micro || decimals != texts[i].decimals)
			fail_msg("'%s': %d %lld %d", texts[i].text, ok, (long long)d.micro,
				 decimals);
	}
}

static void test_decimal_format(void **state)
{
	static const struct {
		int64_t micro;
		int decimals;
		const char *text;
	} texts[] = {
		{12500000, 3, "12.500"},
		{12500000, 0, "13"},
		{-12500000, 0, "-13"},
		{12499999, 0, "12"},
		{1234567, 6, "1.234567"},
		{1234567, 2, "1.23"},
		{1235000, 2, "1.24"},
		{-1235000, 2, "-1.24"},
		{0, 3, "0.000"},
		{-400, 3, "0.000"},
		{-500, 3, "-0.001"},
		{999999, 2, "1.00"},
		{1, 6, "0.000001"},
		{50000, 1, "0.1"},
		{INT64_MAX, 6, "9223372036854.775807"},
		{INT64_MIN, 6, "-9223372036854.775808"},
	};
	char out[DECIMAL_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_string_equal(decimal_format((struct decimal){texts[i].micro},
						   texts[i].decimals, out),
				    texts[i].text);
}

static void test_date_forms(void **state)
{
	static const struct {
		const char *form;
		bool in;
		bool out;
	} forms[] = {
		{"%Y-%m-%d", true, true},     {"%d/%m/%y", true, false},
		{"%e %b %Y", true, false},    {"%-d %B %Y", false, true},
		{"%A", false, true},          {"%d %m", false, true},
		{"%Y-%m-%d %d", false, true}, {"%Y", false, true},
		{"", false, false},           {"today", false, false},
		{"%", false, false},          {"%Y-%m-%", false, false},
		{"%H:%M", false, false},      {"%-Y", false, false},
		{"%-", false, false},         {"%%Y-%m-%d", false, false},
		{"%D", false, false},         {"%a %d %B %Y", false, true},
		{"يوم %d %B %Y", true, true}, {"%Y%m%d", true, true},
		{"%b %B %d %Y", false, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		if (value_date_form_ok(forms[i].form, false) != forms[i].in ||
		    value_date_form_ok(forms[i].form, true) != forms[i].out)
			fail_msg("'%s'", forms[i].form);
}

/* Every day of four years goes out and comes in again, in both languages. */
static void test_dates_round_trip(void **state)
{
	static const char *const in[] = {"%d %B %Y"};
	static const struct value_rule out = {.type = VALUE_DATE, .out = "%-d %B %Y"};
	static const struct value_rule back = {.type = VALUE_DATE, .in = in, .in_count = 1};
	struct arena arena = {0};

	(void)state;
	for (int day = 0; day < 4 * 372; day++) {
		char text[40];
		const char *spoken;
		const char *again;

		snprintf(text, sizeof(text), "%04d-%02d-%02d", 2026 + day / 372, day / 31 % 12 + 1,
			 day % 31 + 1);
		for (int language = 0; language < LANGUAGE_COUNT; language++) {
			if (value_render(&out, text, (enum language)language, &arena, &spoken) !=
			    VALUE_OK)
				continue;
			assert_int_equal(value_render(&back, spoken, (enum language)language,
						      &arena, &again),
					 VALUE_OK);
			assert_string_equal(again, text);
		}
	}
	arena_free(&arena);
}

static void test_type_names(void **state)
{
	enum value_type type;

	(void)state;
	for (int i = 0; i < VALUE_TYPE_COUNT; i++) {
		assert_true(value_type_from_name(value_type_name((enum value_type)i), &type));
		assert_int_equal(type, i);
	}
	assert_false(value_type_from_name("integer", &type));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_render),
		cmocka_unit_test(test_text_without_limit_has_one),
		cmocka_unit_test(test_fault_texts),
		cmocka_unit_test(test_readings),
		cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_decimal_format),
		cmocka_unit_test(test_date_forms),
		cmocka_unit_test(test_dates_round_trip),
		cmocka_unit_test(test_type_names),
	};

	print_message("%zu values\n", COUNT_OF(cases));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
