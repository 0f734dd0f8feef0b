#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "report/csv.h"
#include "report/follow_up.h"
#include "report/rejects.h"

#include "files.h"
#include "sample.h"

static void test_cells(void **state)
{
	static const struct {
		const char *text;
		const char *cell;
	} cases[] = {
		{"", "\"\""},
		{"سالم", "\"سالم\""},
		{"say \"hi\"", "\"say \"\"hi\"\"\""},
		/* What a spreadsheet would run. */
		{"=1+1", "\"'=1+1\""},
		{"=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""},
		{"+1+2", "\"'+1+2\""},
		{"-2+3", "\"'-2+3\""},
		{"@SUM(A1)", "\"'@SUM(A1)\""},
		{"\tx", "\"'\tx\""},
		{"\rx", "\"'\rx\""},
		{"＝1", "\"'＝1\""},
		{"＋1", "\"'＋1\""},
		{"－1", "\"'－1\""},
		{"＠a", "\"'＠a\""},
		{"=\"\"", "\"'=\"\"\"\"\""},
		/* Blanks, a BOM or direction marks in front do not help. */
		{"  =1", "\"  '=1\""},
		{"\xef\xbb\xbf=1", "\"\xef\xbb\xbf'=1\""},
		{"\xe2\x80\x8f=1", "\"\xe2\x80\x8f'=1\""},
		{"\xc2\xa0@a", "\"\xc2\xa0'@a\""},
		/* Where the list separator is a semicolon, quotes in the middle
		 * of a line protect nothing. */
		{"a;=1", "\"a;'=1\""},
		{"a; @b", "\"a; '@b\""},
		{"a\n=1", "\"a\n'=1\""},
		{"a\t=1", "\"a\t'=1\""},
		{"a;b\n-c", "\"a;b\n'-c\""},
		{"a\r\n=1", "\"a\r\n'=1\""},
		{"\t=1", "\"'\t'=1\""},
		{";;=1", "\";;'=1\""},
		{"=1;=2\n=3", "\"'=1;'=2\n'=3\""},
		{"سالم;＝1\n", "\"سالم;'＝1\n\""},
		/* A quote is no blank: what follows it begins no cell. */
		{"\"", "\"\"\"\""},
		{"\"=1", "\"\"\"=1\""},
		{"a\";\"=1;=1\"", "\"a\"\";\"\"=1;'=1\"\"\""},
		{" \"\n@\"", "\" \"\"\n'@\"\"\""},
		/* Nor is a byte that is no character; those that were torn stay as they are. */
		{"\xff=1", "\"\xff=1\""},
		{"a;\xd8=1;=", "\"a;\xd8=1;'=\""},
		{"\xd8\";=1", "\"\xd8\"\";'=1\""},
		{"a\xe2\x80", "\"a\xe2\x80\""},
		/* Harmless: signs inside, plain signed numbers. */
		{"a=1", "\"a=1\""},
		{"a - b", "\"a - b\""},
		{"a@b.example", "\"a@b.example\""},
		{"-12.500", "\"-12.500\""},
		{"+3", "\"+3\""},
		{"-", "\"'-\""},
		{"-1.2.3", "\"'-1.2.3\""},
		{"-5.", "\"'-5.\""},
		/* Phones as text, and read back as the same number. */
		{"+96890014127", "\"+968 9001 4127\""},
		{"+968 9001 4127", "\"+968 9001 4127\""},
		{"+966501234567", "\"+966 501 234 567\""},
		{"+12025550143", "\"+1 202 555 0143\""},
		{"+442079460018", "\"+44 207 946 0018\""},
		{"90014127", "\"90014127\""},
		{"+968-9001-4127", "\"+968 9001 4127\""},
		{"+968 9001-0002", "\"+968 9001 0002\""},
		{"+(968) 9001.4127", "\"+968 9001 4127\""},
		{"+968 9001–4127", "\"+968 9001 4127\""},
		{"+96890••••00", "\"+96890••••00\""},
		{"+٩٦٨٩٠٠١٤١٢٧", "\"+٩٦٨٩٠٠١٤١٢٧\""},
		{"+968-9001-4127-1234567", "\"'+968-9001-4127-1234567\""},
		{"+968*9001", "\"'+968*9001\""},
		/* Amounts. */
		{"-1,234.500", "\"-1,234.500\""},
		{"-12,345,678", "\"-12,345,678\""},
		{"+1234567.500", "\"+1234567.500\""},
		{"-1,23.500", "\"'-1,23.500\""},
		{"-1234,500", "\"'-1234,500\""},
		{"-1,234-1", "\"'-1,234-1\""},
		/* What a spreadsheet would lose something of. */
		{"0012345678", "\"'0012345678\""},
		{"0096891234568", "\"'0096891234568\""},
		{"-007", "\"'-007\""},
		{"00.5", "\"'00.5\""},
		{"1234567890123456", "\"'1234567890123456\""},
		{"0.1234567890123456", "\"'0.1234567890123456\""},
		{"12E4", "\"'12E4\""},
		{"1e-5", "\"'1e-5\""},
		{"0", "\"0\""},
		{"0.500", "\"0.500\""},
		{"123456789012345", "\"123456789012345\""},
		{"1,234.500", "\"1,234.500\""},
		{"e5", "\"e5\""},
		{"1e", "\"1e\""},
		{"00:30", "\"00:30\""},
		{"0012-34", "\"0012-34\""},
		{"+968 9001=1", "\"'+968 9001=1\""},
		{"+1 2", "\"'+1 2\""},
	};
	struct buf b;
	(void)state;

	buf_init(&b, 4096);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_reset(&b);
		csv_add_cell(&b, cases[i].text);
		assert_string_equal(b.data, cases[i].cell);
	}
	buf_free(&b);
}

/* The record of one row of the sample, and its sheet; all in the arena. */
struct scene {
	struct arena arena;
	struct run run;
	struct sheet sheet;
	struct row row;
	struct record record;
};

static void scene_open(struct scene *s, size_t row)
{
	struct err e = {0};

	*s = (struct scene){0};
	s->run = sample_run(&s->arena, 1);
	s->row = sample_row(&s->arena, row);
	assert_true(sheet_open(&s->sheet, &s->run, &e));
	assert_true(record_make(&s->row, &s->arena, &s->record, &e));
}

static void scene_close(struct scene *s)
{
	sheet_close(&s->sheet);
	arena_free(&s->arena);
}

/* The header, and the line of the scene's record; the caller frees both. */
static char *write_row(struct scene *s, char **header)
{
	char path[FILES_PATH_SIZE];
	struct writer w = files_writer(path);
	struct csv csv;

	csv_begin(&csv, &w, &s->sheet);
	csv_row(&csv, &s->record);
	csv_close(&csv);
	*header = files_take(&w, path);
	char *end = strstr(*header, "\r\n") + 2;
	char *line = xstrdup(end);
	*end = '\0';
	return line;
}

static char *row_text(struct scene *s)
{
	char *header;
	char *line = write_row(s, &header);

	free(header);
	return line;
}

static char *header_text(struct scene *s)
{
	char *header;

	free(write_row(s, &header));
	return header;
}

static void test_header(void **state)
{
	struct scene s;
	(void)state;

	scene_open(&s, 20);
	char *text = header_text(&s);
	assert_string_equal(
		text,
		"\xef\xbb\xbf\"account_no\",\"customer_name\",\"mobile\",\"lang\",\"balance\","
		"\"due_date\",\"city\",\"state\",\"reason\",\"outcome\",\"attempts\","
		"\"first_call\",\"last_call\",\"talk_seconds\",\"cost\",\"cost_from\",\"job_id\","
		"\"recording\","
		"\"disposition\",\"promisedDate\",\"summary\",\"transcript\",\"phone_e164\","
		"\"language\"\r\n");
	free(text);
	scene_close(&s);
}

/* The list's own columns keep their names; nida's give way, as often as it takes. */
static void test_names_that_meet(void **state)
{
	static const char *const columns[] = {"state", "nida_state", "cost"};
	static const char *const fields[] = {"reason", "Why", "السبب"};
	struct scene s;
	struct err e = {0};
	(void)state;

	scene_open(&s, 20);
	sheet_close(&s.sheet);
	s.run.columns = sample_pack(&s.arena, columns, COUNT_OF(columns));
	s.run.fields = sample_pack(&s.arena, fields, COUNT_OF(fields));
	assert_true(sheet_open(&s.sheet, &s.run, &e));
	char *text = header_text(&s);
	assert_non_null(strstr(text, "\"outcome_reason\",\"transcript\""));
	assert_non_null(
		strstr(text, "\"state\",\"nida_state\",\"cost\",\"nida_nida_state\",\"reason\""));
	assert_non_null(strstr(text, "\"last_call\",\"talk_seconds\",\"nida_cost\",\"cost_from\""));
	free(text);
	scene_close(&s);
}

/* In JSON no value may hide behind another of the same name. */
static void test_columns_that_share_a_name(void **state)
{
	static const char *const columns[] = {"b", "a", "a_2", "a", "b", "a", "c"};
	static const char *const names[] = {"b", "a", "a_2", "a_3", "b_2", "a_4", "c"};
	struct scene s;
	struct err e = {0};
	(void)state;

	scene_open(&s, 20);
	sheet_close(&s.sheet);
	s.run.columns = sample_pack(&s.arena, columns, COUNT_OF(columns));
	assert_true(sheet_open(&s.sheet, &s.run, &e));
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_string_equal(s.sheet.names[i], names[i]);
	scene_close(&s);
}

static size_t count_fields(const char *line)
{
	size_t count = 1;
	bool quoted = false;

	for (const char *p = line; *p && (quoted || *p != '\r'); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == ',' && !quoted)
			count++;
	}
	return count;
}

/* Whatever a row holds, its line has as many fields as the header, and ends in CRLF. */
static void test_rows_fit_the_header(void **state)
{
	(void)state;

	for (size_t i = 0; i < 200; i++) {
		struct scene s;

		scene_open(&s, i);
		char *text = row_text(&s);
		assert_int_equal(count_fields(text), 7 + 11 + 3 + 3);
		assert_string_equal(text + strlen(text) - 2, "\r\n");
		assert_null(strstr(text, ",\"=cmd"));
		free(text);
		scene_close(&s);
	}
}

/* Whose figure the cost is, is said. */
static void check_row_of_a_talk(bool estimated)
{
	struct scene s;
	struct row_attempt a = {.number = 1,
				.state = ATTEMPT_CLOSED,
				.outcome = OUTCOME_COMPLETED,
				.job_id = "job-1",
				.intent_ms = SAMPLE_START_MS,
				.talk_ms = 61499,
				.has_cost = true,
				.cost = {50000},
				.cost_estimated = estimated,
				.recording = "https://r.example/1",
				.recording_file = "",
				.words = "",
				.transcript = "[\"agent\",\"ألو\",\"customer\",\"=نعم\"]",
				.values = "[\"summary\",\"@x\",\"disposition\",\"will_pay\"]"};
	struct err e = {0};

	scene_open(&s, 20);
	s.row.contact.state = CONTACT_DONE;
	s.row.contact.outcome = OUTCOME_COMPLETED;
	s.row.contact.detail = "as agreed";
	s.row.contact.attempts = 1;
	s.row.contact.language = "ar";
	s.row.contact.phone = "+96890014127";
	s.row.contact.cells = "[\"007\",\"=x\",\"+96890014127\"]";
	s.row.attempts = &a;
	s.row.attempt_count = 1;
	assert_true(record_make(&s.row, &s.arena, &s.record, &e));
	char *text = row_text(&s);
	char *expected = arena_printf(
		&s.arena,
		"\"'007\",\"'=x\",\"+968 9001 4127\",\"\",\"\",\"\",\"\",\"done\",\"%s as "
		"agreed\",\"completed\","
		"\"1\",\"2026-11-22T09:00:00+04:00\",\"2026-11-22T09:00:00+04:00\",\"61\",\"0.05\","
		"\"%s\",\"job-1\",\"https://r.example/1\",\"will_pay\",\"\",\"'@x\","
		"\"المساعد: ألو\nالعميل: =نعم\",\"+968 9001 4127\",\"ar\"\r\n",
		outcome_text(OUTCOME_COMPLETED, LANGUAGE_EN), estimated ? "estimated" : "provider");
	assert_string_equal(text, expected);
	free(text);
	scene_close(&s);
}

static void test_row_of_a_talk(void **state)
{
	(void)state;
	check_row_of_a_talk(false);
	check_row_of_a_talk(true);
}

/* The line of a row in which the agent said one character so many times. */
static char *talk_of(struct scene *s, const char *character, size_t times)
{
	struct err e = {0};
	size_t size = strlen(character);
	char *words = arena_alloc(&s->arena, times * size + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(words + i * size, character, size);
	const char *lines[] = {"agent", words};
	struct row_attempt a = {.number = 1,
				.state = ATTEMPT_CLOSED,
				.job_id = "",
				.talk_ms = -1,
				.recording = "",
				.recording_file = "",
				.words = "",
				.values = "[]",
				.transcript = sample_pack(&s->arena, lines, COUNT_OF(lines))};
	s->row.contact.language = "en";
	s->row.attempts = &a;
	s->row.attempt_count = 1;
	assert_true(record_make(&s->row, &s->arena, &s->record, &e));
	return row_text(s);
}

static size_t utf16_length(const char *text)
{
	size_t count = 0;
	uint32_t c;

	while ((c = utf8_next(&text)) != 0)
		count += c > 0xffff ? 2 : 1;
	return count;
}

/* Excel cannot hold more than 32,767 characters in a cell; the note says where the rest is. */
static void test_long_transcript_is_cut(void **state)
{
	static const struct {
		const char *character;
		size_t times;
		bool cut;
	} cases[] = {
		/* Behind "Agent: ". Not bytes count but units of UTF-16. */
		{"n", 32000 - 7, false}, {"n", 32001 - 7, true}, {"ن", 32000 - 7, false},
		{"ن", 32001 - 7, true},  {"😀", 15996, false},    {"😀", 15997, true},
		{"😀", 80000, true},
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scene s;

		scene_open(&s, 20);
		char *text = talk_of(&s, cases[i].character, cases[i].times);
		assert_in_range(utf16_length(text), 31000, 32766);
		assert_int_equal(utf8_check(text, strlen(text)), strlen(text));
		assert_int_equal(strstr(text, "the rest is in results.jsonl") != NULL,
				 cases[i].cut);
		free(text);
		scene_close(&s);
	}
}

/* A line's memory is kept for the next; nothing else of it is. */
static void test_rows_do_not_mix(void **state)
{
	struct scene s[3];
	char path[FILES_PATH_SIZE];
	struct writer w = files_writer(path);
	struct arena arena = {0};
	struct csv csv;
	char *alone[COUNT_OF(s)];
	(void)state;

	for (size_t i = 0; i < COUNT_OF(s); i++) {
		scene_open(&s[i], 20 + i);
		alone[i] = row_text(&s[i]);
	}
	csv_begin(&csv, &w, &s[0].sheet);
	for (size_t i = 0; i < COUNT_OF(s); i++)
		csv_row(&csv, &s[i].record);
	csv_close(&csv);
	char *text = files_take(&w, path);
	assert_string_equal(strstr(text, "\r\n") + 2,
			    arena_printf(&arena, "%s%s%s", alone[0], alone[1], alone[2]));
	for (size_t i = 0; i < COUNT_OF(s); i++) {
		free(alone[i]);
		scene_close(&s[i]);
	}
	free(text);
	arena_free(&arena);
}

static void test_follow_up(void **state)
{
	static const struct {
		enum contact_state state;
		int why; /* outcome, or reason */
		bool wanted;
	} cases[] = {
		{CONTACT_DONE, OUTCOME_COMPLETED, false},
		{CONTACT_DONE, OUTCOME_NO_ANSWER, true},
		{CONTACT_DONE, OUTCOME_FAILED, true},
		{CONTACT_DONE, OUTCOME_FORWARDED, false},
		{CONTACT_DONE, OUTCOME_TERMINATED, false}, /* a person ended it on purpose */
		{CONTACT_DONE, OUTCOME_LOST, true},
		{CONTACT_IN_DOUBT, OUTCOME_NONE, true},
		{CONTACT_PENDING, OUTCOME_NO_ANSWER, false}, /* this run still calls it */
		{CONTACT_PLACING, OUTCOME_NONE, false},
		{CONTACT_LIVE, OUTCOME_NONE, false},
		{CONTACT_SKIPPED, SKIP_INVALID_PHONE, false},
		{CONTACT_SKIPPED, SKIP_MISSING_VALUE, false},
		{CONTACT_SKIPPED, SKIP_BAD_VALUE, false},
		{CONTACT_SKIPPED, SKIP_DUPLICATE, false},
		{CONTACT_SKIPPED, SKIP_SUPPRESSED, false},
		{CONTACT_SKIPPED, SKIP_NO_CONSENT, false},
		{CONTACT_SKIPPED, SKIP_FREQUENCY, false},
		{CONTACT_SKIPPED, SKIP_UNSETTLED, true},
		{CONTACT_SKIPPED, SKIP_OUT_OF_TIME, true},
		{CONTACT_SKIPPED, SKIP_OVER_BUDGET, true},
		{CONTACT_SKIPPED, SKIP_CANCELLED, false},
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct contact c = {.state = cases[i].state};
		if (c.state == CONTACT_SKIPPED)
			c.reason = (enum skip_reason)cases[i].why;
		else
			c.outcome = (enum outcome)cases[i].why;
		assert_int_equal(follow_up_wants(&c), cases[i].wanted);
	}
}

static char *follow_up_text(struct scene *s, size_t *length)
{
	char path[FILES_PATH_SIZE];
	struct writer w = files_writer(path);
	struct follow_up f;
	struct err e = {0};

	assert_true(record_make(&s->row, &s->arena, &s->record, &e));
	follow_up_begin(&f, &w, &s->sheet);
	follow_up_row(&f, &s->record);
	follow_up_close(&f);
	*length = (size_t)ftello(w.file);
	return files_take(&w, path);
}

/* Exactly the cells of the list, in its shape: it will be a list again. */
static void test_follow_up_is_a_list(void **state)
{
	struct scene s;
	size_t length;
	(void)state;

	scene_open(&s, 20);
	s.row.contact.state = CONTACT_IN_DOUBT;
	s.row.contact.cells = "[\"007\",\"=a, \\\"b\\\"\",\"+96890014127\",\" "
			      "x\",\"line\\nbreak\",\"\",\"مسقط\"]";
	char *text = follow_up_text(&s, &length);
	assert_string_equal(
		text,
		CSV_BOM "account_no,customer_name,mobile,lang,balance,due_date,city\r\n"
			"007,\"=a, \"\"b\"\"\",+96890014127,\" x\",\"line\nbreak\",\"\",مسقط\r\n");
	free(text);
	scene_close(&s);
}

/* In the encoding of the list, with its separator. */
static void test_follow_up_is_written_like_the_list(void **state)
{
	static const char *const columns[] = {"a;b", "ج"};
	static const struct {
		enum list_encoding encoding;
		char delimiter;
		const char *cells;
		const char *bytes;
		size_t length;
	} cases[] = {
		{ENCODING_UTF8, ';', "[\"x,y\",\"پ\"]",
		 CSV_BOM "\"a;b\";\xd8\xac\r\n\"x,y\";\xd9\xbe\r\n", 23},
		{ENCODING_WINDOWS_1256, ';', "[\"x\",\"پ\"]", "\"a;b\";\xcc\r\nx;\x81\r\n", 14},
		/* It does not have every letter. */
		{ENCODING_WINDOWS_1256, ',', "[\"x\",\"ж🇴y\"]", "\"a;b\",\xcc\r\nx,\?\?y\r\n", 16},
		{ENCODING_UTF16, '\t', "[\"x\",\"ج\"]",
		 "\xff\xfe\"\0a\0;\0b\0\"\0\t\0\x2c\x06\r\0\n\0x\0\t\0\x2c\x06\r\0\n\0", 30},
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scene s;
		struct err e = {0};
		size_t length;

		scene_open(&s, 20);
		sheet_close(&s.sheet);
		s.run.columns = sample_pack(&s.arena, columns, COUNT_OF(columns));
		s.run.list_encoding = cases[i].encoding;
		s.run.list_delimiter = cases[i].delimiter;
		assert_true(sheet_open(&s.sheet, &s.run, &e));
		s.row.contact.state = CONTACT_IN_DOUBT;
		s.row.contact.cells = cases[i].cells;
		char *text = follow_up_text(&s, &length);
		assert_int_equal(length, cases[i].length);
		assert_memory_equal(text, cases[i].bytes, length);
		free(text);
		scene_close(&s);
	}
}

/* More than one block of the encoder. */
static void test_follow_up_of_long_cells(void **state)
{
	struct scene s;
	size_t length;
	struct buf cells;
	(void)state;

	scene_open(&s, 20);
	s.run.list_encoding = ENCODING_WINDOWS_1256;
	s.row.contact.state = CONTACT_IN_DOUBT;
	buf_init(&cells, 1 << 20);
	buf_adds(&cells, "[\"");
	for (int i = 0; i < 30000; i++)
		buf_adds(&cells, "ع");
	buf_adds(&cells, "\"]");
	s.row.contact.cells = cells.data;
	char *text = follow_up_text(&s, &length);
	size_t count = 0;
	for (size_t i = 0; i < length; i++)
		count += (unsigned char)text[i] == 0xda;
	assert_int_equal(count, 30000);
	buf_free(&cells);
	free(text);
	scene_close(&s);
}

/* Every skipped row stands in one of the two files, and nobody else in this one. */
static void test_rejects_and_follow_up_share_the_skipped(void **state)
{
	(void)state;

	for (int i = SKIP_NONE + 1; i < SKIP_REASON_COUNT; i++) {
		struct contact c = {.state = CONTACT_SKIPPED, .reason = (enum skip_reason)i};
		assert_int_equal(rejects_wants(&c), !follow_up_wants(&c));
	}
	for (int i = 0; i < CONTACT_STATE_COUNT; i++) {
		struct contact c = {.state = (enum contact_state)i};
		if (i != CONTACT_SKIPPED)
			assert_false(rejects_wants(&c));
	}
}

/* One row of a list with these columns, as rejects.csv has it behind the header. */
static char *reject_of(struct contact *c, const char *columns, const char *cells)
{
	struct scene s;
	char path[FILES_PATH_SIZE];
	struct writer w = files_writer(path);
	struct err e = {0};

	scene_open(&s, 20);
	sheet_close(&s.sheet);
	s.run.columns = columns;
	assert_true(sheet_open(&s.sheet, &s.run, &e));
	c->state = CONTACT_SKIPPED;
	c->cells = cells;
	c->language = "ar";
	c->key = "";
	c->phone = "";
	s.row = (struct row){.contact = *c};
	assert_true(record_make(&s.row, &s.arena, &s.record, &e));
	rejects_begin(&w, &s.sheet);
	rejects_row(&w, &s.sheet, &s.record);
	char *text = files_take(&w, path);
	scene_close(&s);
	return text;
}

static void test_rejects(void **state)
{
	static const struct {
		enum skip_reason reason;
		int64_t line;
		const char *detail;
		const char *tail; /* behind the row's own cell */
	} cases[] = {
		{SKIP_INVALID_PHONE, 4, "Column 'x' holds '12'.",
		 "\"4\",\"invalid_phone\",\"Column 'x' holds '12'. Correct the number in the "
		 "list.\""},
		{SKIP_MISSING_VALUE, 5, "Column 'x' is empty; expected a value.",
		 "\"5\",\"missing_value\",\"Column 'x' is empty; expected a value. Fill in the "
		 "cell.\""},
		{SKIP_DUPLICATE, 6, "row 1 has the same number",
		 "\"6\",\"duplicate\",\"Row 1 has the same number. Keep one of the rows; to call "
		 "each "
		 "row of a number, set list.duplicates to all.\""},
		{SKIP_SUPPRESSED, 7, "on dnc.csv",
		 "\"7\",\"suppressed\",\"On dnc.csv. This person must not be called; if the number "
		 "stands there by mistake, take it off.\""},
		{SKIP_CANCELLED, 0, "no longer on the list",
		 "\"\",\"cancelled\",\"No longer on the list. Nothing is wrong with the row; put "
		 "it on "
		 "a new list to call it.\""},
		{SKIP_FREQUENCY, 8, "", "\"8\",\"frequency\",\"Put the row on a later list.\""},
	};
	(void)state;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct contact c = {
			.reason = cases[i].reason,
			.line = cases[i].line,
			.detail = cases[i].detail,
		};
		char wanted[512];
		snprintf(wanted, sizeof(wanted),
			 CSV_BOM "\"اسم\",\"line\",\"reason\",\"hint\"\r\n\"'=1\",%s\r\n",
			 cases[i].tail);
		char *text = reject_of(&c, "[\"اسم\"]", "[\"=1\"]");
		assert_string_equal(text, wanted);
		free(text);
	}
}

static void test_rejects_give_way_to_the_list(void **state)
{
	struct contact c = {.reason = SKIP_NO_CONSENT, .line = 2, .detail = ""};
	(void)state;

	char *text = reject_of(&c, "[\"line\",\"reason\",\"nida_reason\"]",
			       "[\"7\",\"a \\\"b\\\"\",\"+96890014127\"]");
	assert_string_equal(
		text,
		CSV_BOM "\"line\",\"reason\",\"nida_reason\",\"nida_line\",\"nida_nida_reason\","
			"\"hint\"\r\n\"7\",\"a \"\"b\"\"\",\"+968 9001 4127\",\"2\",\"no_consent\","
			"\"Call only once the customer has agreed and the column says so.\"\r\n");
	free(text);
}

/* A cell without a column is not lost: it stands in the hint, and in the reason of results.csv. */
static void test_cells_beyond_the_header(void **state)
{
	struct contact c = {.reason = SKIP_BAD_VALUE, .line = 2, .detail = ""};
	struct scene s;
	struct err e = {0};
	(void)state;

	char *text = reject_of(&c, "[\"a\"]", "[\"1\",\"=2\",\"سالم\"]");
	assert_non_null(strstr(text, "\"Correct the row in the list. Beyond the header's columns: "
				     "=2 | سالم\"\r\n"));
	free(text);
	scene_open(&s, 20);
	s.row.contact.cells = "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"eighth\"]";
	assert_true(record_make(&s.row, &s.arena, &s.record, &e));
	text = row_text(&s);
	assert_non_null(strstr(text, " Beyond the header's columns: eighth\","));
	free(text);
	scene_close(&s);
}

/* Links from one folder to another, for a report that is written elsewhere. */
static void test_ways(void **state)
{
	static const struct {
		const char *from;
		const char *to;
		const char *way; /* NULL: there is none */
	} cases[] = {
		{"a/b", "a/c d", "../c%20d"},
		{"a", "a/b", "b"},
		{"a/b", "a", ".."},
		{"a/b", "a/b", NULL},
		{"a/b", "a/bb", "../bb"},
		{"a/bb", "a/b", "../b"},
		{"a/b/../b", "a/100%#?", "../100%25%23%3F"},
		{"a/b", "a/none", NULL},
	};
	char dir[] = "/tmp/nida-way-XXXXXX";
	struct arena arena = {0};
	(void)state;

	assert_non_null(mkdtemp(dir));
	static const char *const made[] = {"a", "a/b", "a/bb", "a/c d", "a/100%#?"};
	for (size_t i = 0; i < COUNT_OF(made); i++)
		assert_int_equal(mkdir(arena_printf(&arena, "%s/%s", dir, made[i]), 0700), 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *way =
			record_way(arena_printf(&arena, "%s/%s", dir, cases[i].from),
				   arena_printf(&arena, "%s/%s", dir, cases[i].to), &arena);
		if (cases[i].way)
			assert_string_equal(way, cases[i].way);
		else
			assert_null(way);
	}
	for (size_t i = COUNT_OF(made); i-- > 0;)
		rmdir(arena_printf(&arena, "%s/%s", dir, made[i]));
	rmdir(dir);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_names_that_meet),
		cmocka_unit_test(test_columns_that_share_a_name),
		cmocka_unit_test(test_rows_fit_the_header),
		cmocka_unit_test(test_row_of_a_talk),
		cmocka_unit_test(test_long_transcript_is_cut),
		cmocka_unit_test(test_rows_do_not_mix),
		cmocka_unit_test(test_follow_up),
		cmocka_unit_test(test_follow_up_is_a_list),
		cmocka_unit_test(test_follow_up_is_written_like_the_list),
		cmocka_unit_test(test_follow_up_of_long_cells),
		cmocka_unit_test(test_rejects_and_follow_up_share_the_skipped),
		cmocka_unit_test(test_rejects),
		cmocka_unit_test(test_rejects_give_way_to_the_list),
		cmocka_unit_test(test_cells_beyond_the_header),
		cmocka_unit_test(test_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
