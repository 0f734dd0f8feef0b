/* Columns: widths, cells, broken lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/columns.h"
#include "base/mem.h"

static void test_widths(void **state)
{
	static const struct {
		const char *text;
		size_t width;
	} cases[] = {
		{"", 0},
		{"abc", 3},
		{"سالم", 4},
		{"سَالِم", 4},               /* with vowel signs */
		{"مُحَمَّد", 4},               /* shadda and fatha on one letter */
		{"عبد ٱللّٰه", 8},           /* a superscript alef, an alef wasla */
		{"\u200fa", 1},            /* a bidi mark */
		{"\u061ca", 1},            /* the Arabic letter mark */
		{"\u2068سالم\u2069", 4},   /* isolates */
		{"e\u0301", 1},            /* a combining accent */
		{"שָׁלוֹם", 4},               /* Hebrew points */
		{"नमस्ते", 4},               /* a virama and a vowel sign */
		{"日本", 4},               /* two columns each */
		{"한국", 4},               /* precomposed */
		{"\u1112\u1161\u11ab", 2}, /* one syllable of three parts */
		{"☎", 1},
		{"📞", 2},
		{"█░", 2},
		{"…", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (columns_of(cases[i].text) != cases[i].width)
			fail_msg("'%s' takes %zu columns, not %zu", cases[i].text,
				 columns_of(cases[i].text), cases[i].width);
}

static void test_cells(void **state)
{
	static const struct {
		const char *text;
		size_t width;
		bool fill;
		const char *shown;
	} cases[] = {
		{"A1", 4, true, "A1  "},
		{"A1", 4, false, "A1"},
		{"A1", 0, true, "A1"},
		{"A1042", 5, true, "A1042"},
		{"A1042", 4, true, "A10…"},
		{"سالم", 6, true, "\u2068سالم\u2069  "},
		{"سالم بن علي", 6, true, "\u2068سالم …\u2069"},
		{"سَالِم", 4, true, "\u2068سَالِم\u2069"},
		{"日本語", 4, true, "日… "}, /* half a character is none */
		{"a\033[2Jb", 0, false, "a�[2Jb"},
		{"a\r\nb\tc", 0, false, "a��b�c"},
		{"a\u202eb", 0, false, "a�b"}, /* an override reaches beyond its cell */
		{"a\xff", 0, false, "a�"},
		{"\u2067a\u0301", 3, true, "�a\u0301 "},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf out;
		buf_init(&out, 200);
		columns_add(&out, cases[i].text, cases[i].width, cases[i].fill);
		assert_string_equal(out.data, cases[i].shown);
		buf_free(&out);
	}
}

static void test_broken_lines(void **state)
{
	static const struct {
		const char *text;
		size_t width;
		size_t hang;
		const char *shown;
	} cases[] = {
		{"", 20, 4, ""},
		{"short\n", 20, 4, "short\n"},
		{"no end of line", 20, 4, "no end of line\n"},
		{"\n\n", 20, 4, "\n\n"},
		{"any length at all, as it is\n", SIZE_MAX, 4, "any length at all, as it is\n"},
		/* exactly as wide, and one more */
		{"12345678901234567890\n", 20, 4, "12345678901234567890\n"},
		{"123456789012345678901\n", 20, 4, "12345678901234567890\n    1\n"},
		/* between words; what goes on is indented */
		{"why      nothing is dialled now\n", 20, 9,
		 "why      nothing is\n         dialled now\n"},
		{"live  A1  +968  attempt 1\n", 20, 2, "live  A1  +968\n  attempt 1\n"},
		/* between figures rather than between words */
		{"12 live\t300 answered\t80 no answer\n", 40, 0,
		 "12 live   300 answered   80 no answer\n"},
		{"12 live\t300 answered\t80 no answer\n", 20, 0,
		 "12 live\n300 answered\n80 no answer\n"},
		{"12 live\t1 no answer\t8 failed\n", 21, 0, "12 live   1 no answer\n8 failed\n"},
		/* columns, not bytes */
		{"سالم بن علي الحارثي\n", 20, 0, "سالم بن علي الحارثي\n"},
		/* a word that fits no line */
		{"see /a/very/long/path/to/a/report.html\n", 20, 2,
		 "see\n  /a/very/long/path/\n  to/a/report.html\n"},
		/* a width nobody has is taken for the least there is */
		{"one two three four five\n", 3, 0, "one two three four\nfive\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf out;
		buf_init(&out, 400);
		columns_wrap(&out, cases[i].text, cases[i].width, cases[i].hang);
		assert_string_equal(out.data, cases[i].shown);
		buf_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_broken_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
