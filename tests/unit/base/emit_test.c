/*
 * JSON comes out whole: commas, names, lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/emit.h"

static void write_sample(struct emit *j)
{
	emit_open(j, NULL, '{');
	emit_text(j, "a", "x,{[\"");
	emit_text(j, "b", NULL);
	emit_number(j, "c", -5);
	emit_open(j, "d", '[');
	emit_flag(j, NULL, true);
	emit_open_line(j, NULL, '{');
	emit_literal(j, "e", "0.05");
	emit_open(j, "f", '[');
	emit_number(j, NULL, 1);
	emit_number(j, NULL, 2);
	emit_close(j, ']');
	emit_close(j, '}');
	emit_flag(j, NULL, false);
	emit_close(j, ']');
	emit_open(j, "g", '{');
	emit_close(j, '}');
	emit_null(j, "h");
	emit_close(j, '}');
}

static void test_forms(void **state)
{
	static const struct {
		bool pretty;
		const char *text;
	} cases[] = {
		{false,
		 "{\"a\":\"x,{[\\\"\",\"b\":null,\"c\":-5,\"d\":[true,{\"e\":0.05,\"f\":[1,2]},"
		 "false],\"g\":{},\"h\":null}"},
		{true,
		 "{\n  \"a\": \"x,{[\\\"\",\n  \"b\": null,\n  \"c\": -5,\n  \"d\": [\n    true,\n"
		 "    {\"e\": 0.05, \"f\": [1, 2]},\n    false\n  ],\n  \"g\": {},\n"
		 "  \"h\": null\n}"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out;
		struct emit j = {.out = &out, .pretty = cases[i].pretty};

		buf_init(&out, 4096);
		write_sample(&j);
		assert_string_equal(out.data, cases[i].text);
		assert_int_equal(j.depth, 0);
		buf_free(&out);
	}
}

/* Several values in one buffer, one after the other: no comma between them. */
static void test_one_after_the_other(void **state)
{
	struct buf out;
	(void)state;

	buf_init(&out, 64);
	struct emit j = {.out = &out};
	for (int i = 0; i < 2; i++) {
		emit_open(&j, NULL, '[');
		emit_number(&j, NULL, i);
		emit_close(&j, ']');
		buf_addc(&out, '\n');
	}
	assert_string_equal(out.data, "[0]\n[1]\n");
	buf_free(&out);
}

/* What does not fit is no reason to fall. */
static void test_overflow(void **state)
{
	struct buf out;
	(void)state;

	buf_init(&out, 3);
	struct emit j = {.out = &out, .pretty = true};
	write_sample(&j);
	assert_true(out.overflow);
	buf_free(&out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
