#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "provider/json.h"

static const struct parse_case {
	const char *text;
	const char *value; /* of "a"; NULL: the text is no JSON */
} parse_cases[] = {
	{"{\"a\":\"b\"}", "b"},
	{"  {\"a\":\"b\"} \n", "b"},
	{"{\"a\":\"b\"} x", NULL},
	{"{\"a\":\"b\"", NULL},
	{"", NULL},
	{"<html>", NULL},
	{"{\"a\":\"\\u0639\"}", "ع"},
	{"{\"a\":\"\\ud83d\\ude00\"}", "\xf0\x9f\x98\x80"},
	/* Half a pair makes cJSON refuse the whole text, and \u0000 would cut it short. */
	{"{\"a\":\"x\\ud83dy\"}", "x\xef\xbf\xbdy"},
	{"{\"a\":\"x\\uDE00y\"}", "x\xef\xbf\xbdy"},
	{"{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
	{"{\"a\":\"x\\u0000y\"}", "x\xef\xbf\xbdy"},
	{"{\"a\":\"\\\\ud83d\"}", "\\ud83d"}, /* an escaped backslash, and plain letters */
	{"{\"a\":\"\\ud83\"}", NULL},
	{"{\"a\":\"\\ud83d", NULL},
	{"{\"a\":\"\\ud83d\\", NULL},
};

static void test_parse(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		cJSON *root = json_parse(c->text);
		if (!root != !c->value)
			fail_msg("'%s' was %s", c->text, root ? "taken" : "refused");
		if (c->value)
			assert_string_equal(json_get_text(root, "a", &arena), c->value);
		cJSON_Delete(root);
	}
	arena_free(&arena);
}

static const struct text_case {
	const char *json;
	const char *text; /* NULL: none */
} text_cases[] = {
	{"\"x\"", "x"},
	{"12", "12"},
	{"-0.5", "-0.5"},
	{"1e3", "1000"},
	{"9007199254740991", "9007199254740991"},
	/* from here on two ids would look like one */
	{"9007199254740992", NULL},
	{"9007199254740993", NULL},
	{"-9007199254740993", NULL},
	{"123456789012345678901234567890", NULL},
	{"true", "true"},
	{"false", "false"},
	{"1e999", NULL},
	{"null", NULL},
	{"[]", NULL},
	{"{}", NULL},
};

static void test_text(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(text_cases); i++) {
		cJSON *item = json_parse(text_cases[i].json);
		const char *text = json_text(item, &arena);
		if (!text != !text_cases[i].text || (text && strcmp(text, text_cases[i].text) != 0))
			fail_msg("%s gave %s", text_cases[i].json, text ? text : "nothing");
		cJSON_Delete(item);
	}
	assert_null(json_text(NULL, &arena));
	arena_free(&arena);
}

static const struct number_case {
	const char *json;
	bool ok;
	double value;
} number_cases[] = {
	{"125", true, 125},       {"\"125\"", true, 125}, {"\"0.25\"", true, 0.25},
	{"\"-1e2\"", true, -100}, {"\"\"", false, 0},     {"\" 1\"", false, 0},
	{"\"12s\"", false, 0},    {"\"inf\"", false, 0},  {"\"0x10\"", false, 0},
	{"\"1e999\"", false, 0},  {"1e999", false, 0},    {"true", false, 0},
	{"null", false, 0},       {"[1]", false, 0},
};

static void test_number(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(number_cases); i++) {
		cJSON *item = json_parse(number_cases[i].json);
		double value = 0;
		bool ok = json_number(item, &value);
		if (ok != number_cases[i].ok || (ok && value != number_cases[i].value))
			fail_msg("%s gave %d, %f", number_cases[i].json, ok, value);
		cJSON_Delete(item);
	}
}

static const struct moment_case {
	const char *json;
	int64_t ms; /* 0: none */
} moment_cases[] = {
	{"\"2026-11-22T10:15:00.250Z\"", 1795342500250},
	{"\"2026-11-22T14:15:00+04:00\"", 1795342500000},
	{"\"2026-11-22T10:15:00\"", 1795342500000}, /* no zone: UTC */
	{"1795342500000", 1795342500000},
	{"1795342500", 1795342500000},
	{"1795342500.5", 1795342500500},
	{"\"1795342500000\"", 1795342500000},
	{"\"1795342500\"", 1795342500000},
	{"0", 0},
	{"-5", 0},
	{"1e300", 0},
	{"\"yesterday\"", 0},
	{"\"\"", 0},
	{"\"2026-02-30T10:15:00Z\"", 0},
	{"null", 0},
	{"{}", 0},
};

static void test_moment(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(moment_cases); i++) {
		cJSON *item = json_parse(moment_cases[i].json);
		int64_t ms = 0;
		bool ok = json_moment(item, &ms);
		if (ok != (moment_cases[i].ms != 0) || (ok && ms != moment_cases[i].ms))
			fail_msg("%s gave %d, %lld", moment_cases[i].json, ok, (long long)ms);
		cJSON_Delete(item);
	}
}

static const struct find_case {
	const char *json;
	const char *value; /* of "k"; NULL: not found */
} find_cases[] = {
	{"{\"k\":\"0\"}", "0"},
	{"{\"data\":{\"k\":\"1\"}}", "1"},
	{"{\"data\":{\"data\":{\"data\":{\"k\":\"3\"}}}}", "3"},
	{"{\"data\":{\"data\":{\"data\":{\"data\":{\"k\":\"4\"}}}}}", NULL},
	{"{\"k\":null,\"data\":{\"k\":\"1\"}}", "1"},
	{"{\"K\":\"0\"}", NULL},
	{"{\"data\":[{\"k\":\"1\"}]}", NULL},
	{"{\"data\":null}", NULL},
	{"[]", NULL},
	{"\"k\"", NULL},
};

static void test_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(find_cases); i++) {
		cJSON *root = json_parse(find_cases[i].json);
		const cJSON *item = json_find(root, "k");
		if (!item != !find_cases[i].value)
			fail_msg("%s: %s", find_cases[i].json, item ? "found" : "not found");
		if (item)
			assert_string_equal(item->valuestring, find_cases[i].value);
		cJSON_Delete(root);
	}
	assert_null(json_find(NULL, "k"));
}

static const struct joined_case {
	const char *json;
	size_t max;
	const char *text; /* NULL: none */
} joined_cases[] = {
	{"[]", 100, NULL},
	{"{}", 100, NULL},
	{"\"a\"", 100, NULL},
	{"[null,{},[]]", 100, NULL},
	{"[\"a\"]", 100, "a"},
	{"[\"a\",1,true,null,\"ب\"]", 100, "a, 1, true, ب"},
	{"[\"\",\"a\"]", 100, ", a"},
	/* 8 bytes for what is said, and nothing torn */
	{"[\"abcd\",\"ef\"]", 40, "abcd, ef"},
	{"[\"abcd\",\"efg\"]", 40, "abcd, … (+1)"},
	{"[\"abcd\",\"efg\",\"h\"]", 40, "abcd, … (+2)"},
	{"[\"abcdefghi\",\"j\"]", 40, "… (+2)"},
	{"[\"a\"]", 0, "… (+1)"},
};

static void test_joined(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(joined_cases); i++) {
		const struct joined_case *c = &joined_cases[i];
		cJSON *root = json_parse(c->json);
		const char *text = json_joined(root, c->max, &arena);
		if (!text != !c->text || (text && strcmp(text, c->text) != 0))
			fail_msg("%s is '%s'", c->json, text ? text : "(none)");
		cJSON_Delete(root);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_joined), cmocka_unit_test(test_parse),
		cmocka_unit_test(test_text),   cmocka_unit_test(test_number),
		cmocka_unit_test(test_moment), cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
