/* Suppression files: every form a do-not-call register comes in, and that nothing is passed
 * over. */
#include "load/suppression.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/nida-suppression-XXXXXX";

static int make_file(void **state)
{
	(void)state;
	close(mkstemp(path));
	return 0;
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static bool read_text(const char *text, struct phone_set *set, struct err *e)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	*set = (struct phone_set){0};
	return suppression_read(path, PHONE_OM, set, e);
}

static void takes_numbers(void **state)
{
	static const struct {
		const char *text;
		size_t count; /* 96890014127 is among them, when there are any */
	} cases[] = {
		{"phone\n", 0},
		{"phone,reason\n", 0},
		{"+96890014127\n", 1},
		{"90014127", 1},
		{"90014127\r\n90023318\r\n", 2},
		{"\xef\xbb\xbf+96890014127\n", 1},
		{"90014127,\n90023318,\n", 2},
		{"phone,reason\n+96890014127,asked\n+968 9002 3318,\"written, twice\"\n", 2},
		{"reason;PHONE\nasked;0096890014127\n", 1},
		{" Mobile \n90014127\n", 1},
		{"id\tmsisdn\n1\t96890014127\n", 1},
		{"Number\n90014127\n", 1},
		{"name,tel\nx,90014127\n", 1},
		{"الاسم,رقم\nسالم,٩٠٠١٤١٢٧\n", 1},
		{"phone,reason\n90014127\n", 1},
		/* Cleared rows of a spreadsheet hold nothing to suppress. */
		{"phone,reason\n90014127,x\n,\n\n", 1},
		/* Twice the same number is one. */
		{"90014127\n+968 9001 4127\n", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct phone_set set;
		struct err e;

		if (!read_text(cases[i].text, &set, &e))
			fail_msg("case %zu: %s", i, e.text);
		phone_set_seal(&set);
		assert_int_equal(set.count, cases[i].count);
		assert_int_equal(phone_set_has(&set, 96890014127), cases[i].count > 0);
		phone_set_free(&set);
	}
}

static void fails_closed(void **state)
{
#define NO_COLUMN                                                                                 \
	"line 1: no column is called phone, mobile, number, msisdn, tel or رقم; name the one " \
	"with "                                                                                   \
	"the numbers so in a first line."
	static const struct {
		const char *text;
		const char *expected; /* how the message goes on behind the name of the file */
	} cases[] = {
		{"90014127,asked\n90023318,asked\n", NO_COLUMN},
		{"customer,reason\nx,y\n", NO_COLUMN},
		{"phone,mobile\n90014127,90023318\n", "line 1: 2 columns have a name for numbers"},
		{"Telephone\n90014127\n", "line 1: It holds letters"},
		{"phone\n90014127\nunknown\n", "line 3: It holds letters"},
		{"phone\n90014127\n9.0014E+07\n", "line 3: A spreadsheet has rounded"},
		{"phone,reason\n,asked\n", "line 2: There is no number"},
		{"reason,phone\nasked\n", "line 2: The cell for the number is missing."},
		{"90014127\n90023318,x\n", "line 2: A second cell stands here"},
		{"phone\n9001412\n12\n90023318\nx\n",
		 "line 2: The number has too few digits; expected a whole number such as "
		 "+96891234567. "
		 "(And 2 more lines of this file cannot be understood.)"},
		{"phone\n\"90014127\n",
		 "line 2: a quote (\") opens a cell here and is never closed."},
		{"phone\nx\n\"90014127\n",
		 "line 3: a quote (\") opens a cell here and is never closed."},
		{"phone,reason\n90014127,\xd3\xc7\xe1\n",
		 "line 2: this is not UTF-8; save the file as \"CSV UTF-8\"."},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct phone_set set;
		struct err e;
		char expected[400];

		snprintf(expected, sizeof(expected), "The suppression file '%s', %s", path,
			 cases[i].expected);
		if (read_text(cases[i].text, &set, &e))
			fail_msg("case %zu was accepted", i);
		if (strncmp(e.text, expected, strlen(expected)) != 0)
			fail_msg("case %zu: %s\nexpected: %s", i, e.text, expected);
		assert_int_equal(e.kind, ERR_INVALID);
		/* Numbers are personal: the line says enough. */
		assert_null(strstr(e.text, "90014127"));
		phone_set_free(&set);
	}
}

/* A register that was emptied, or whose writing has only begun, is not "nobody". */
static void needs_a_line(void **state)
{
	static const char *const texts[] = {"", "\n\n", "\xef\xbb\xbf"};
	char expected[200];

	(void)state;
	snprintf(expected, sizeof(expected),
		 "The suppression file '%s' is empty; a header line at least is expected", path);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct phone_set set;
		struct err e;

		if (read_text(texts[i], &set, &e))
			fail_msg("case %zu was accepted", i);
		if (strncmp(e.text, expected, strlen(expected)) != 0)
			fail_msg("case %zu: %s", i, e.text);
		phone_set_free(&set);
	}
}

static void needs_the_file(void **state)
{
	struct phone_set set = {0};
	struct err e;

	(void)state;
	assert_false(suppression_read("/nowhere/x.csv", PHONE_OM, &set, &e));
	assert_string_equal(e.text, "The suppression file '/nowhere/x.csv' does not exist.");
	assert_false(suppression_read("/tmp", PHONE_OM, &set, &e));
	assert_string_equal(e.text, "The suppression file '/tmp' is a directory; expected a file.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_numbers),
		cmocka_unit_test(fails_closed),
		cmocka_unit_test(needs_a_line),
		cmocka_unit_test(needs_the_file),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
