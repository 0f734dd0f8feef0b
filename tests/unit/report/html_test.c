/*
 * The page as text: nothing that a row says can leave its block, and the policy names exactly the
 * script and the style that are there. What the page does in a browser is tested by tests/page/,
 * which lets this program write a page:  html_test --write ROWS FILE [live]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/html.h"
#include "report/summary.h"

#include "sample.h"

static bool write_page(const char *path, size_t rows, bool live, struct err *e)
{
	struct arena arena = {0};
	struct arena row_arena = {0};
	struct run run = sample_run(&arena, rows);
	struct tally tally = {0};
	struct sheet sheet = {0};
	struct writer out = {0};
	struct html html = {0};
	struct record record;

	for (size_t i = 0; i < rows; i++) {
		struct row row = sample_row(&row_arena, i);
		sample_count(&run, &tally, &row);
		arena_reset(&row_arena);
	}
	if (live) {
		run.state = RUN_OPEN;
		run.finished_ms = 0;
	}
	struct html_facts facts = {
		.tally = &tally,
		.now_ms = SAMPLE_START_MS + 7 * HOUR_MS,
		.live = live,
		.every_ms = MINUTE_MS,
	};
	bool ok = sheet_open(&sheet, &run, e) && writer_open(&out, path, e) &&
		  html_begin(&html, &out, &sheet, &facts, e);
	for (size_t i = 0; ok && i < rows; i++) {
		arena_reset(&row_arena);
		struct row row = sample_row(&row_arena, i);
		ok = record_make(&row, &row_arena, &record, e) && html_row(&html, &record, e);
	}
	ok = ok && html_end(&html, true, e) && writer_finish(&out, e) && writer_publish(&out, e);
	html_close(&html);
	writer_close(&out);
	sheet_close(&sheet);
	arena_free(&row_arena);
	arena_free(&arena);
	return ok;
}

static char *read_page(size_t rows)
{
	char path[] = "/tmp/nida-html-XXXXXX";
	struct err e = {0};
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	if (!write_page(path, rows, false, &e))
		fail_msg("%s", e.text);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	fseek(file, 0, SEEK_END);
	size_t size = (size_t)ftell(file);
	rewind(file);
	char *text = xmalloc(size + 1);
	assert_int_equal(fread(text, 1, size, file), size);
	text[size] = '\0';
	fclose(file);
	unlink(path);
	return text;
}

static int count_of(const char *text, const char *what)
{
	int count = 0;

	for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
		count++;
	return count;
}

/* Two blocks are the page's own (run, rows-end), one is its script; every 500 rows need
 * two more. */
static void test_blocks_end_where_they_should(void **state)
{
	static const struct {
		size_t rows;
		int scripts;
	} cases[] = {{0, 3}, {1, 5}, {60, 5}, {500, 5}, {501, 7}};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *text = read_page(cases[i].rows);
		assert_int_equal(count_of(text, "<script"), cases[i].scripts);
		assert_int_equal(count_of(text, "</script>"), cases[i].scripts);
		assert_int_equal(count_of(text, "<!--"), 0);
		assert_non_null(strstr(text, "</html>"));
		free(text);
	}
}

static void test_values_stay_data(void **state)
{
	(void)state;
	char *text = read_page(60);
	const char *data = strstr(text, "class=\"rows\"");

	assert_non_null(data);
	assert_null(strstr(text, "<img"));
	assert_null(strstr(text, "alert(1)</script"));
	assert_non_null(strstr(data, "\\u003c/script>\\u003cscript>alert(1)"));
	assert_non_null(strstr(data, "\\u003c!--\\u003cscript>"));
	assert_non_null(strstr(data, "\\u2028"));
	free(text);
}

static void test_policy(void **state)
{
	(void)state;
	char *text = read_page(1);
	const char *policy = strstr(text, "Content-Security-Policy");

	assert_non_null(policy);
	assert_non_null(strstr(policy, "default-src 'none'; script-src 'sha256-"));
	assert_int_equal(count_of(text, "'sha256-"), 2);
	assert_null(strstr(text, "unsafe-"));
	free(text);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_end_where_they_should),
		cmocka_unit_test(test_values_stay_data),
		cmocka_unit_test(test_policy),
	};

	if (argc >= 4 && strcmp(argv[1], "--write") == 0) {
		struct err e = {0};
		if (write_page(argv[3], (size_t)strtoul(argv[2], NULL, 10), argc > 4, &e))
			return 0;
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
