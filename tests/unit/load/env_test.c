/* The env file: what is taken, what is refused, and that no value ever gets into a message. */
#include "load/env.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/nida-env-XXXXXX";
static char path[64];

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/.env", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

static void write_env(const char *text, mode_t mode)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void takes_values(void **state)
{
	static const struct {
		const char *text;
		const char *expected; /* of T_NAME; NULL: not set */
	} cases[] = {
		{"", NULL},
		{"T_NAME=abc", "abc"},
		{"T_NAME=abc\n", "abc"},
		{"T_NAME=abc\r\n", "abc"},
		{"\xef\xbb\xbfT_NAME=abc\n", "abc"},
		{"\n# T_NAME=no\n\n  T_NAME=abc\n", "abc"},
		{"export T_NAME=abc\n", "abc"},
		{"export\tT_NAME=abc\n", "abc"},
		{"T_NAME=\n", NULL},
		{"T_NAME=\"\"\n", NULL},
		{"T_NAME=abc  \n", "abc"},
		{"T_NAME=a b # a comment\n", "a b"},
		/* A '#' within a secret is part of it. */
		{"T_NAME=a#b\n", "a#b"},
		{"T_NAME=#b\n", NULL},
		{"T_NAME='a # b'\n", "a # b"},
		{"T_NAME=\"a # b\" # comment\n", "a # b"},
		{"T_NAME=\"a \\\"b\\\" \\\\ \\n\"\n", "a \"b\" \\ \\n"},
		{"T_NAME='a \\' # b\n", "a \\"},
		{"T_NAME=a=b==\n", "a=b=="},
		{"T_NAME=it's\n", "it's"},
		{"T_NAME=سالم\n", "سالم"},
		{"T_OTHER=1\nT_NAME=abc\nT_LAST=2", "abc"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct env *env;
		struct err e;

		write_env(cases[i].text, 0600);
		if (!env_load(path, NULL, &env, &e))
			fail_msg("case %zu: %s", i, e.text);
		const char *value = env_get(env, "T_NAME");
		if (!cases[i].expected)
			assert_null(value);
		else
			assert_string_equal(value, cases[i].expected);
		env_free(env);
	}
}

static void refuses_what_it_cannot_read(void **state)
{
	static const struct {
		const char *text;
		const char *expected; /* behind "The env file '…', line " */
	} cases[] = {
		{"T_NAME\n", "1: expected NAME=value, without blanks around the '='."},
		{"\n\nT_NAME = secret\n", "3: expected NAME=value, without blanks around the '='."},
		{"=secret\n", "1: expected NAME=value, without blanks around the '='."},
		{"1T=secret\n", "1: expected NAME=value, without blanks around the '='."},
		{"T-NAME=secret\n", "1: expected NAME=value, without blanks around the '='."},
		{"T_NAME=\"secret\n",
		 "1: the quoted value must end with the same quote, with nothing "
		 "behind it but a comment."},
		{"T_NAME='secret' x\n",
		 "1: the quoted value must end with the same quote, with nothing "
		 "behind it but a comment."},
		{"T_NAME=secret\nT_NAME=secret\n",
		 "2: T_NAME stands there already, on line 1; keep one of the two."},
		{"A=1\nT_NAME=secret\xff\n", "2: expected text in UTF-8."},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct env *env;
		struct err e;
		char expected[512];

		write_env(cases[i].text, 0600);
		assert_false(env_load(path, NULL, &env, &e));
		snprintf(expected, sizeof(expected), "The env file '%s', line %s", path,
			 cases[i].expected);
		assert_string_equal(e.text, expected);
		assert_null(strstr(e.text, "secret"));
		assert_int_equal(e.kind, ERR_INVALID);
	}
}

static void refuses_a_file_that_others_can_read(void **state)
{
	static const struct {
		mode_t mode;
		bool ok;
	} cases[] = {
		{0600, true},
		{0400, true},
		{0700, true},
		{0640, false},
		{0604, false},
		{0644, false},
		/* Who can write it can make us call with another key. */
		{0620, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct env *env = NULL;
		struct err e;

		write_env("T_NAME=secret\n", cases[i].mode);
		assert_int_equal(env_load(path, NULL, &env, &e), cases[i].ok);
		if (!cases[i].ok)
			assert_non_null(strstr(e.text, "chmod 600"));
		env_free(cases[i].ok ? env : NULL);
	}
}

static void prefers_the_process(void **state)
{
	struct env *env;
	struct err e;

	(void)state;
	write_env("T_NAME=file\n", 0600);
	assert_true(env_load(path, NULL, &env, &e));
	assert_string_equal(env_get(env, "T_NAME"), "file");
	assert_int_equal(setenv("T_NAME", "process", 1), 0);
	assert_string_equal(env_get(env, "T_NAME"), "process");
	/* Set to nothing, as cron does, is the same as not set. */
	assert_int_equal(setenv("T_NAME", "", 1), 0);
	assert_string_equal(env_get(env, "T_NAME"), "file");
	assert_int_equal(unsetenv("T_NAME"), 0);
	assert_null(env_get(env, "T_NONE"));
	env_free(env);
}

static void looks_beside_the_campaign_and_here(void **state)
{
	char campaign[80];
	char before[4096];
	struct env *env;
	struct err e;

	(void)state;
	write_env("T_NAME=beside\n", 0600);
	snprintf(campaign, sizeof(campaign), "%s/campaign.yaml", dir);
	assert_true(env_load(NULL, campaign, &env, &e));
	assert_string_equal(env_get(env, "T_NAME"), "beside");
	env_free(env);

	/* A folder without an env file: the working directory's counts. */
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(dir), 0);
	assert_true(env_load(NULL, "/nowhere/campaign.yaml", &env, &e));
	assert_string_equal(env_get(env, "T_NAME"), "beside");
	env_free(env);
	assert_int_equal(chmod(path, 0644), 0);
	assert_false(env_load(NULL, "/nowhere/campaign.yaml", &env, &e));
	assert_int_equal(unlink(path), 0);
	assert_true(env_load(NULL, NULL, &env, &e));
	assert_null(env_get(env, "T_NAME"));
	env_free(env);
	assert_int_equal(chdir(before), 0);
}

static void needs_the_file_that_was_named(void **state)
{
	struct env *env;
	struct err e;

	(void)state;
	assert_false(env_load("/nowhere/x.env", NULL, &env, &e));
	assert_string_equal(e.text, "The env file '/nowhere/x.env' does not exist.");
	assert_false(env_load("/tmp", NULL, &env, &e));
	assert_string_equal(e.text, "The env file '/tmp' is a directory; expected a file.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_values),
		cmocka_unit_test(refuses_what_it_cannot_read),
		cmocka_unit_test(refuses_a_file_that_others_can_read),
		cmocka_unit_test(prefers_the_process),
		cmocka_unit_test(looks_beside_the_campaign_and_here),
		cmocka_unit_test(needs_the_file_that_was_named),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
