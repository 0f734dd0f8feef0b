#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/template.h"

static const char *const columns[] = {"name", "due date", "رصيد", "empty"};
static const char *const cells[] = {"Salim", "2026-12-03", "12.500", ""};

static void test_render(void **state)
{
	static const struct {
		const char *text;
		const char *out;
	} cases[] = {
		{"", ""},
		{"plain", "plain"},
		{"{{name}}", "Salim"},
		{"{{ name }}", "Salim"},
		{"{{\tname\u00a0}}", "Salim"},
		{"Hello {{name}}!", "Hello Salim!"},
		{"{{name}}{{name}}", "SalimSalim"},
		{"{{name}} owes {{رصيد}} by {{due date}}.", "Salim owes 12.500 by 2026-12-03."},
		{"[{{empty}}]", "[]"},
		{"{name}", "{name}"},
		{"a { b } c", "a { b } c"},
		{"{", "{"},
		{"}}", "}}"},
		{"{{name}}}", "Salim}"},
		{"{{{name}}}", "{Salim}"},
		{"{{{{name}}}}", "{{Salim}}"},
		{"{\"a\": {\"b\": 1}}", "{\"a\": {\"b\": 1}}"},
		{"عزيزي {{name}}،", "عزيزي Salim،"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct template t;
		size_t offset;
		const char *why;

		if (!template_parse(cases[i].text, &arena, &t, &offset, &why))
			fail_msg("'%s': %s", cases[i].text, why);
		assert_null(template_bind(&t, columns, COUNT_OF(columns)));
		assert_string_equal(template_render(&t, cells, &arena), cases[i].out);
	}
	arena_free(&arena);
}

static void test_faults(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
	} cases[] = {
		{"{{", 0},
		{"{{name", 0},
		{"{{name}", 0},
		{"Hello {{name", 6},
		{"{{}}", 0},
		{"ab {{ }}", 3},
		{"{{a}} {{", 6},
		{"{{a {{b}}", 0},
		{"{{a}} {{\u00a0}}", 6},
		{"عزيزي {{name", 11},
		{"{{{}}", 1},
		{"{{{{", 2},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct template t;
		size_t offset = 999;
		const char *why = NULL;

		if (template_parse(cases[i].text, &arena, &t, &offset, &why) ||
		    offset != cases[i].offset)
			fail_msg("'%s': offset %zu", cases[i].text, offset);
		assert_int_equal(why[strlen(why) - 1], '.');
	}
	arena_free(&arena);
}

static void test_bind(void **state)
{
	static const char *const others[] = {"x", "name"};
	struct arena arena = {0};
	struct template t;
	size_t offset;
	const char *why;

	(void)state;
	assert_true(template_parse("{{name}} {{Name}} {{nix}}", &arena, &t, &offset, &why));
	/* The first that is missing; capitals matter. */
	assert_string_equal(template_bind(&t, columns, COUNT_OF(columns)), "Name");
	assert_true(template_parse("{{name}}", &arena, &t, &offset, &why));
	assert_string_equal(template_bind(&t, columns, 0), "name");
	/* Binding again to another header takes the place of the first. */
	assert_null(template_bind(&t, columns, COUNT_OF(columns)));
	assert_int_equal(t.parts[0].column, 0);
	assert_null(template_bind(&t, others, COUNT_OF(others)));
	assert_int_equal(t.parts[0].column, 1);
	arena_free(&arena);
}

/* Somebody else's text: whatever is no placeholder is passed over. */
static void test_names(void **state)
{
	static const struct {
		const char *text;
		const char *names;
	} cases[] = {
		{"", ""},
		{"plain {text} }}", ""},
		{"{{a}}", "a,"},
		{"{{ a }} {{b}} {{\u00a0a}}", "a,b,"},
		{"{{اسم العميل}}، {{b c}}", "اسم العميل,b c,"},
		{"{{}} {{ }} {{a}}", "a,"},
		{"{{a {{b}}", "b,"},
		{"{{{a}}}", "a,"},
		{"{{a}} {{b", "a,"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *all = "";
		size_t count;
		const char *const *names = template_names(cases[i].text, &arena, &count);
		for (size_t k = 0; k < count; k++)
			all = arena_printf(&arena, "%s%s,", all, names[k]);
		if (strcmp(all, cases[i].names) != 0)
			fail_msg("'%s': '%s'", cases[i].text, all);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_render),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_bind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
