#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/plan.h"

static const char *const header[] = {"acc", "name",    "mobile",  "lang",
				     "tz",  "consent", "balance", "due"};

static const char *const iso_date[] = {"%Y-%m-%d"};

static const struct variable variables[] = {
	{.name = "customerName", .rule = {.type = VALUE_TEXT, .required = true, .max_length = 20}},
	{.name = "balance",
	 .rule = {.type = VALUE_MONEY,
		  .required = true,
		  .decimals = 3,
		  .has_min = true,
		  .min = {1000}}},
	{.name = "dueDate",
	 .rule = {.type = VALUE_DATE, .in = iso_date, .in_count = 1, .out = "%-d %B %Y"}},
	{.name = "company", .rule = {.type = VALUE_TEXT, .required = true, .fallback = "Sidra"}},
	/* Optional ones that no parameter supplies are not sent, default or not. */
	{.name = "note", .rule = {.type = VALUE_TEXT, .fallback = "none"}},
};

static void param_set(struct plan *p, const char *name, const char *template)
{
	struct param *param = &p->campaign.params[p->campaign.param_count++];
	size_t offset;
	const char *why;

	param->name = name;
	assert_true(template_parse(template, &p->arena, &param->value, &offset, &why));
}

static struct plan *plan_make(void)
{
	struct plan *p = xcalloc(1, sizeof(*p));
	struct campaign *c = &p->campaign;
	struct err e;

	c->list = (struct list_rules){.phone = "mobile",
				      .key = "acc",
				      .language = "lang",
				      .timezone = "tz",
				      .consent = "consent",
				      .country = PHONE_OM};
	c->agent[LANGUAGE_AR] = "agent-ar";
	c->agent[LANGUAGE_EN] = "agent-en";
	if (!zone_find("Asia/Muscat", &c->zone, &e))
		fail_msg("%s", e.text);
	c->params = arena_array(&p->arena, 8, sizeof(*c->params));
	param_set(p, "customerName", "{{name}}");
	param_set(p, "balance", "{{balance}}");
	param_set(p, "dueDate", "{{due}}");
	param_set(p, "extra", "{{name}} / {{acc}}");
	p->scenario.variables = variables;
	p->scenario.variable_count = COUNT_OF(variables);
	return p;
}

static void plan_bind_all(struct plan *p)
{
	struct plan_miss misses[PLAN_MISSES_MAX];
	size_t missed;

	if (!plan_bind(p, header, COUNT_OF(header), misses, &missed))
		fail_msg("%s misses %s", misses[0].wanted_by, misses[0].name);
}

static const char *param_value(const struct row_verdict *v, const char *name)
{
	for (size_t i = 0; i < v->param_count; i++)
		if (strcmp(v->param_names[i], name) == 0)
			return v->param_values[i];
	return NULL;
}

#define GOOD "7", "Salim", "91234567", "en", "", "yes", "12.5", "2026-12-03"

static void test_good_row(void **state)
{
	static const char *const cells[] = {" 7 ",        " Salim\n", "91234567", "EN",
					    "Asia/Dubai", "Yes",      "12.5",     "2026-12-03"};
	struct plan *p = plan_make();
	struct arena arena = {0};
	struct row_verdict v;

	(void)state;
	plan_bind_all(p);
	plan_judge_row(p, cells, &arena, &v);
	assert_int_equal(v.skip, SKIP_NONE);
	assert_string_equal(v.detail, "");
	assert_string_equal(v.key, "7");
	assert_string_equal(v.phone.e164, "+96891234567");
	assert_int_equal(v.language, LANGUAGE_EN);
	assert_string_equal(zone_name(v.zone), "Asia/Dubai");
	assert_int_equal(v.param_count, 5);
	assert_string_equal(param_value(&v, "customerName"), "Salim");
	assert_string_equal(param_value(&v, "balance"), "12.500");
	assert_string_equal(param_value(&v, "dueDate"), "3 December 2026");
	assert_string_equal(param_value(&v, "extra"), "Salim / 7");
	assert_string_equal(param_value(&v, "company"), "Sidra");
	assert_null(param_value(&v, "note"));
	arena_free(&arena);
	plan_free(p);
}

struct row_case {
	const char *cells[COUNT_OF(header)];
	enum skip_reason skip;
	const char *detail;
};

static const struct row_case rows[] = {
	{{GOOD}, SKIP_NONE, ""},
	{{"7", "Salim", "9.1E+07", "en", "", "yes", "12.5", ""},
	 SKIP_INVALID_PHONE,
	 "Column 'mobile' holds '9.1E+07'. A spreadsheet has rounded the number and its last "
	 "digits "
	 "are lost; format the column as text and fill it again from the source."},
	{{"7", "Salim", "", "en", "", "yes", "12.5", ""},
	 SKIP_INVALID_PHONE,
	 "Column 'mobile' holds ''. There is no number; expected one such as +96891234567."},
	/* What is found is shown in one line of 40 characters at most. */
	{{"7", "Salim", "a text\nthat is certainly no phone number at all", "en", "", "yes", "1",
	  ""},
	 SKIP_INVALID_PHONE,
	 "Column 'mobile' holds 'a text that is certainly no phone number…'. It holds letters or "
	 "other "
	 "characters that no telephone number has; expected one number such as +96891234567."},
	{{" ", "Salim", "91234567", "en", "", "yes", "12.5", ""},
	 SKIP_MISSING_VALUE,
	 "Column 'acc' is empty; every row needs its own key there (list.key)."},
	{{"7", "Salim", "91234567", "en", "", "no", "12.5", ""},
	 SKIP_NO_CONSENT,
	 "Column 'consent' holds 'no'; only yes, 1, true and نعم count as consent."},
	{{"7", "Salim", "91234567", "en", "", "", "12.5", ""},
	 SKIP_NO_CONSENT,
	 "Column 'consent' holds ''; only yes, 1, true and نعم count as consent."},
	{{"7", "Salim", "91234567", "fr", "", "yes", "12.5", ""},
	 SKIP_BAD_VALUE,
	 "Column 'lang' holds 'fr', which is no language nida knows; expected ar or en."},
	{{"7", "Salim", "91234567", "en", "Asia/Nowhere", "yes", "12.5", ""},
	 SKIP_BAD_VALUE,
	 "Column 'tz' holds 'Asia/Nowhere', which is no time zone of this machine; "
	 "expected a name such as Asia/Muscat."},
	{{"7", "", "91234567", "en", "", "yes", "12.5", ""},
	 SKIP_MISSING_VALUE,
	 "Column 'name' (parameter customerName) is empty; expected a value."},
	{{"7", "Salim", "91234567", "en", "", "yes", "12,5", ""},
	 SKIP_BAD_VALUE,
	 "Column 'balance' (parameter balance): '12,5' may be 12.5 or 125; "
	 "expected one of them, without the comma."},
	{{"7", "Salim", "91234567", "en", "", "yes", "0", ""},
	 SKIP_BAD_VALUE,
	 "Column 'balance' (parameter balance): '0' is too small; expected at least 0.001."},
	{{"7", "Salim", "91234567", "en", "", "yes", "1", "3/12/26"},
	 SKIP_BAD_VALUE,
	 "Column 'due' (parameter dueDate): '3/12/26' is not a date; "
	 "expected a form such as 2026-11-22 (%Y-%m-%d)."},
	/* The first decides the reason, all are told. */
	{{"7", "", "91234567", "en", "", "yes", "x", ""},
	 SKIP_MISSING_VALUE,
	 "Column 'name' (parameter customerName) is empty; expected a value. "
	 "Column 'balance' (parameter balance): 'x' is not a number; "
	 "expected digits such as 1234 or 12.5."},
	/* Each rule comes before the ones after it. */
	{{"", "", "x", "fr", "Nowhere", "no", "x", "x"}, SKIP_INVALID_PHONE, NULL},
	{{"", "", "91234567", "fr", "Nowhere", "no", "x", "x"},
	 SKIP_MISSING_VALUE,
	 "Column 'acc' is empty; every row needs its own key there (list.key)."},
	{{"7", "", "91234567", "fr", "Nowhere", "no", "x", "x"}, SKIP_NO_CONSENT, NULL},
	{{"7", "", "91234567", "fr", "Nowhere", "yes", "x", "x"},
	 SKIP_BAD_VALUE,
	 "Column 'lang' holds 'fr', which is no language nida knows; expected ar or en."},
	{{"7", "", "91234567", "", "Nowhere", "yes", "x", "x"},
	 SKIP_BAD_VALUE,
	 "Column 'tz' holds 'Nowhere', which is no time zone of this machine; "
	 "expected a name such as Asia/Muscat."},
};

static void test_rows(void **state)
{
	struct plan *p = plan_make();
	struct arena arena = {0};

	(void)state;
	plan_bind_all(p);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct row_verdict v;

		plan_judge_row(p, rows[i].cells, &arena, &v);
		if (v.skip != rows[i].skip)
			fail_msg("row %zu: %s %s", i, skip_reason_name(v.skip), v.detail);
		if (rows[i].detail)
			assert_string_equal(v.detail, rows[i].detail);
		assert_non_null(v.key);
		assert_non_null(v.zone);
		assert_int_equal(v.param_count, v.skip == SKIP_NONE ? 5 : 0);
		arena_reset(&arena);
	}
	arena_free(&arena);
	plan_free(p);
}

static enum skip_reason judge_with(struct plan *p, size_t column, const char *cell,
				   struct arena *arena, struct row_verdict *v)
{
	const char *cells[] = {GOOD};

	cells[column] = cell;
	plan_judge_row(p, cells, arena, v);
	return v->skip;
}

static void test_consent_words(void **state)
{
	static const struct {
		const char *text;
		enum skip_reason skip;
	} words[] = {
		{"yes", SKIP_NONE},       {"YES", SKIP_NONE},        {"y", SKIP_NO_CONSENT},
		{"Y", SKIP_NO_CONSENT},   {"1", SKIP_NONE},          {"true", SKIP_NONE},
		{"TRUE", SKIP_NONE},      {"نعم", SKIP_NONE},        {" yes ", SKIP_NONE},
		{"\u200fنعم", SKIP_NONE}, {"no", SKIP_NO_CONSENT},   {"0", SKIP_NO_CONSENT},
		{"لا", SKIP_NO_CONSENT},  {"yes?", SKIP_NO_CONSENT}, {"ye", SKIP_NO_CONSENT},
		{"2", SKIP_NO_CONSENT},   {"1.0", SKIP_NO_CONSENT},  {"unknown", SKIP_NO_CONSENT},
	};
	struct plan *p = plan_make();
	struct arena arena = {0};
	struct row_verdict v;

	(void)state;
	plan_bind_all(p);
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (judge_with(p, 5, words[i].text, &arena, &v) != words[i].skip)
			fail_msg("'%s': %s", words[i].text, v.detail);
	arena_free(&arena);
	plan_free(p);
}

static void test_languages_and_agents(void **state)
{
	static const struct {
		const char *ar;
		const char *en;
		bool inline_agent;
		const char *cell;
		enum skip_reason skip;
		enum language language;
	} cases[] = {
		{"a", "e", false, "", SKIP_NONE, LANGUAGE_AR},
		{"a", NULL, false, "", SKIP_NONE, LANGUAGE_AR},
		{NULL, "e", false, "", SKIP_NONE, LANGUAGE_EN},
		{NULL, "e", false, "en", SKIP_NONE, LANGUAGE_EN},
		{NULL, "e", false, "ar", SKIP_BAD_VALUE, LANGUAGE_AR},
		{"a", NULL, false, "en", SKIP_BAD_VALUE, LANGUAGE_EN},
		{NULL, NULL, false, "", SKIP_BAD_VALUE, LANGUAGE_AR},
		{NULL, NULL, true, "", SKIP_NONE, LANGUAGE_AR},
		{NULL, NULL, true, "en", SKIP_NONE, LANGUAGE_EN},
		{NULL, "e", true, "", SKIP_NONE, LANGUAGE_AR},
		{"a", "e", false, "عربي", SKIP_NONE, LANGUAGE_AR},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct plan *p = plan_make();
		struct row_verdict v;

		p->campaign.agent[LANGUAGE_AR] = cases[i].ar;
		p->campaign.agent[LANGUAGE_EN] = cases[i].en;
		p->scenario.inline_agent = cases[i].inline_agent;
		p->scenario.prompt = (struct bilingual){{"مرحبا", "hello"}};
		plan_bind_all(p);
		if (judge_with(p, 3, cases[i].cell, &arena, &v) != cases[i].skip ||
		    v.language != cases[i].language)
			fail_msg("case %zu: %s", i, v.detail);
		plan_free(p);
	}
	arena_free(&arena);
}

static void test_mobile_only(void **state)
{
	static const struct {
		const char *phone;
		bool callable;
		const char *says;
	} cases[] = {
		{"91234567", true, ""},
		{"24123456", false, "It is a landline"},
		{"80071234", false, "It is a special number"},
		{"+442079460018", false, "number plan nida does not know"},
	};
	struct plan *p = plan_make();
	struct arena arena = {0};
	struct row_verdict v;

	(void)state;
	plan_bind_all(p);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		p->campaign.list.mobile_only = false;
		assert_int_equal(judge_with(p, 2, cases[i].phone, &arena, &v), SKIP_NONE);
		p->campaign.list.mobile_only = true;
		assert_int_equal(judge_with(p, 2, cases[i].phone, &arena, &v),
				 cases[i].callable ? SKIP_NONE : SKIP_INVALID_PHONE);
		assert_non_null(strstr(v.detail, cases[i].says));
	}
	arena_free(&arena);
	plan_free(p);
}

/* Without optional columns: the phone is the key, Arabic the language, the campaign's zone
 * holds. */
static void test_fewest_columns(void **state)
{
	static const char *const cells[] = {"",  "Salim", "+968 9123 4567", "fr", "x", "no",
					    "1", ""};
	struct plan *p = plan_make();
	struct arena arena = {0};
	struct row_verdict v;

	(void)state;
	p->campaign.list = (struct list_rules){.phone = "mobile"};
	plan_bind_all(p);
	assert_int_equal(p->columns.key, -1);
	plan_judge_row(p, cells, &arena, &v);
	assert_int_equal(v.skip, SKIP_NONE);
	assert_string_equal(v.key, "+96891234567");
	assert_int_equal(v.language, LANGUAGE_AR);
	assert_string_equal(zone_name(v.zone), "Asia/Muscat");
	assert_int_equal(judge_with(p, 2, "91234567", &arena, &v), SKIP_INVALID_PHONE);
	assert_string_equal(v.key, "");
	arena_free(&arena);
	plan_free(p);
}

/* Loading refuses this; judging fails closed all the same. */
static void test_required_variable_without_source(void **state)
{
	struct plan *p = plan_make();
	struct arena arena = {0};
	struct row_verdict v;

	(void)state;
	p->campaign.param_count = 1;
	plan_bind_all(p);
	assert_int_equal(judge_with(p, 0, "7", &arena, &v), SKIP_MISSING_VALUE);
	assert_string_equal(v.detail, "Parameter balance is empty; expected a value.");
	arena_free(&arena);
	plan_free(p);
}

/* A parameter that the scenario does not know is cleaned and may be empty, but not endless. */
static void test_unknown_params(void **state)
{
	struct plan *p = plan_make();
	struct arena arena = {0};
	struct row_verdict v;
	char longest[VALUE_LENGTH_MAX + 2];

	(void)state;
	p->scenario.variable_count = 0;
	plan_bind_all(p);
	assert_int_equal(judge_with(p, 1, "  a\tb\x01 ", &arena, &v), SKIP_NONE);
	assert_string_equal(param_value(&v, "customerName"), "a b");
	assert_int_equal(judge_with(p, 1, "", &arena, &v), SKIP_NONE);
	assert_string_equal(param_value(&v, "customerName"), "");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(judge_with(p, 1, longest, &arena, &v), SKIP_BAD_VALUE);
	/* Two columns in one parameter: both are named. */
	assert_non_null(strstr(v.detail, "Columns 'name', 'acc' (parameter extra): "));
	arena_free(&arena);
	plan_free(p);
}

static void test_bind(void **state)
{
	static const char *const padded[] = {"acc ", " name",   "mobile",  "lang",
					     "tz",   "consent", "balance", "due"};
	static const struct {
		size_t column; /* of the header, to be left out */
		const char *wanted_by;
	} cases[] = {
		{2, "list.phone"},     {0, "list.key"},     {3, "list.language"},
		{4, "list.timezone"},  {5, "list.consent"}, {1, "params.customerName"},
		{7, "params.dueDate"},
	};
	struct plan_miss misses[PLAN_MISSES_MAX];
	size_t missed;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct plan *p = plan_make();
		const char *names[COUNT_OF(header)];

		memcpy(names, header, sizeof(names));
		names[cases[i].column] = "other";
		assert_false(plan_bind(p, names, COUNT_OF(names), misses, &missed));
		assert_true(missed >= 1);
		assert_string_equal(misses[0].name, header[cases[i].column]);
		assert_string_equal(misses[0].wanted_by, cases[i].wanted_by);
		assert_null(misses[0].near);
		/* A header that fits can still be bound. */
		assert_true(plan_bind(p, padded, COUNT_OF(padded), misses, &missed));
		assert_string_equal(p->columns.names[0], "acc");
		plan_free(p);
	}
	plan_free(NULL);
}

/* All that is missing is told in one go, each with the column that was probably meant. */
static void test_bind_tells_all_misses(void **state)
{
	static const char *const names[] = {"Acc", "NAME",    "mobil",   "language",
					    "t z", "Consent", "balance", "due"};
	static const struct {
		const char *wanted_by;
		const char *near;
	} wanted[] = {
		{"list.phone", "mobil"},     {"list.key", "Acc"},
		{"list.language", NULL},     {"list.timezone", "t z"},
		{"list.consent", "Consent"}, {"params.customerName", "NAME"},
		{"params.extra", "NAME"},
	};
	struct plan_miss misses[PLAN_MISSES_MAX];
	struct plan *p = plan_make();
	size_t missed;

	(void)state;
	assert_false(plan_bind(p, names, COUNT_OF(names), misses, &missed));
	assert_int_equal(missed, COUNT_OF(wanted));
	for (size_t i = 0; i < COUNT_OF(wanted); i++) {
		assert_string_equal(misses[i].wanted_by, wanted[i].wanted_by);
		if (wanted[i].near)
			assert_string_equal(misses[i].near, wanted[i].near);
		else
			assert_null(misses[i].near);
	}
	/* Beyond what there is room for they are counted. */
	static const char *const strange[] = {"a", "b"};
	p->campaign.param_count = 5;
	assert_false(plan_bind(p, strange, COUNT_OF(strange), misses, &missed));
	assert_int_equal(missed, 5 + 4);
	plan_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_row),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_consent_words),
		cmocka_unit_test(test_languages_and_agents),
		cmocka_unit_test(test_mobile_only),
		cmocka_unit_test(test_fewest_columns),
		cmocka_unit_test(test_required_variable_without_source),
		cmocka_unit_test(test_unknown_params),
		cmocka_unit_test(test_bind),
		cmocka_unit_test(test_bind_tells_all_misses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
