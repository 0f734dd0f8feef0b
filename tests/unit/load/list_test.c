/*
 * The list reader against files as they come from people, spreadsheets and mail: each fixture with
 * everything that it must give, in one line.
 *
 *     UTF8 ',' id|name         encoding, delimiter, names
 *     1@2 1|a                  ordinal@line of a row, its cells
 *     2@3 ! What. 2|b          its fault, when there is one
 */
#include "load/list.h"

#include "base/buf.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FIXTURES "tests/fixtures/load/list/"

static void add_cells(struct buf *b, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_addf(b, "%s%s", i ? "|" : "", cells[i]);
}

static bool tell_header(void *data, const struct list_header *h, struct err *e)
{
	static const char *const encodings[] = {"AUTO", "UTF8", "UTF16", "1256"};
	struct buf *b = data;

	(void)e;
	buf_addf(b, "%s '%c' ", encodings[h->encoding], h->delimiter);
	add_cells(b, h->names, h->count);
	return true;
}

static bool tell_row(void *data, const struct list_row *row, struct err *e)
{
	struct buf *b = data;

	(void)e;
	buf_addf(b, "\n%d@%d ", (int)row->ordinal, (int)row->line);
	if (row->fault)
		buf_addf(b, "! %s ", row->fault);
	add_cells(b, row->cells, row->count);
	return true;
}

/* What a file gives: the story above, then the error if there is one. */
static void tell(const char *file, enum list_encoding encoding, struct buf *b)
{
	struct list_rules rules = {.file = file, .encoding = encoding};
	struct list_visitor visitor = {b, tell_header, tell_row};
	struct list_summary summary;
	struct err e;

	buf_init(b, 1 << 20);
	if (!list_read(&rules, &visitor, &summary, &e))
		buf_addf(b, "%s%s", b->length ? "\n" : "", e.text);
}

static const struct {
	const char *file;
	enum list_encoding encoding;
	const char *expected;
} fixtures[] = {
	{"plain.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name|mobile\n"
	 "1@2 1|Salim|96890014127\n"
	 "2@3 2|Maryam|96873120845"},
	{"crlf.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a\n"
	 "2@3 2|b"},
	/* Old Mac line ends. */
	{"cr-only.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a\n"
	 "2@3 2|b\rc\n"
	 "3@5 3|d"},
	{"mixed-ends.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a\n"
	 "2@3 2|b\n"
	 "3@4 3|c"},
	{"no-final-newline.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a\n"
	 "2@3 2|b"},
	{"bom.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|سالم"},
	/* A quoted first name right behind the mark. */
	{"bom-quoted.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a"},
	{"arabic-header.csv", ENCODING_AUTO,
	 "UTF8 ',' رقم الحساب|الاسم الكامل|الجوال\n"
	 "1@2 1|سالم بن حمد|90014127"},
	{"spaces-in-header.csv", ENCODING_AUTO,
	 "UTF8 ',' account no|full name|mobile phone\n"
	 "1@2 1|a|2"},
	/* Pasted from a web page. */
	{"nbsp-header.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a"},
	/* Excel where the comma is the decimal point. */
	{"semicolon.csv", ENCODING_AUTO,
	 "UTF8 ';' id|name|amount\n"
	 "1@2 1|a|12,500\n"
	 "2@3 2|b|8,900"},
	{"tab.csv", ENCODING_AUTO,
	 "UTF8 '\t' id|name|city\n"
	 "1@2 1|a b|Seeb\n"
	 "2@3 2||Sur"},
	/* Commas inside quotes do not count. */
	{"semicolon-quoted-commas.csv", ENCODING_AUTO,
	 "UTF8 ';' name, first|id\n"
	 "1@2 a,b|1"},
	/* Excel's own first line. */
	{"sep-line.csv", ENCODING_AUTO,
	 "UTF8 ';' id|name\n"
	 "1@3 1|a"},
	{"one-column.csv", ENCODING_AUTO,
	 "UTF8 ',' mobile\n"
	 "1@2 90014127\n"
	 "2@3 90023318"},
	{"quoted-newline.csv", ENCODING_AUTO,
	 "UTF8 ',' id|note|city\n"
	 "1@2 1|two\n"
	 "lines|Seeb\n"
	 "2@4 2|b|Sur"},
	{"quoted-crlf.csv", ENCODING_AUTO,
	 "UTF8 ',' id|note\n"
	 "1@2 1|two\r\n"
	 "\r\n"
	 "lines\n"
	 "2@5 2|b"},
	{"quoted-header-newline.csv", ENCODING_AUTO,
	 "UTF8 ',' id|full\n"
	 "name\n"
	 "1@3 1|a"},
	/* The line on which the delimiter is looked for goes on behind the quoted line end. */
	{"quoted-newline-before-delimiter.csv", ENCODING_AUTO,
	 "UTF8 ';' full\n"
	 "name|id\n"
	 "1@3 a|1"},
	{"doubled-quotes.csv", ENCODING_AUTO,
	 "UTF8 ',' id|note\n"
	 "1@2 1|he said \"yes\""},
	/* Bare cells lose their blanks, quoted ones keep them. */
	{"quoted-spaces.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|  a  \n"
	 "2@3 2|b"},
	{"blank-lines.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@5 1|a\n"
	 "2@8 2|b"},
	/* A line of commas alone is a row: it must be accounted for. */
	{"empty-cells-row.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a\n"
	 "2@3 |\n"
	 "3@4 2|b"},
	{"trailing-commas.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a\n"
	 "2@3 2|b"},
	{"trailing-commas-header-only.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a\n"
	 "2@3 2|b"},
	{"value-beyond-header.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a\n"
	 "2@3 ! The row has a value in cell 3, but the header has only 2 columns. "
	 "2|b\n"
	 "3@4 3|d"},
	{"short-row.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name|city\n"
	 "1@2 1|a|Seeb\n"
	 "2@3 ! The row has 2 cells, but the header has 3 columns. 2|b|\n"
	 "3@4 ! The row has 1 cell, but the header has 3 columns. 3||\n"
	 "4@5 4|c|Sur"},
	/* The line of the fault is where the row begins. */
	{"short-row-after-quoted-newline.csv", ENCODING_AUTO,
	 "UTF8 ',' id|note|city\n"
	 "1@2 ! The row has 2 cells, but the header has 3 columns. 1|a\n"
	 "b\n"
	 "c|\n"
	 "2@5 2|d|e"},
	{"nul-byte.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 ! The cell in column 'name' holds a NUL byte; the file may be damaged. "
	 "1|a�b\n"
	 "2@3 2|c"},
	/* The file is UTF-8 but for one row. */
	{"bad-utf8-row.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|سالم\n"
	 "2@3 ! The cell in column 'name' is not in the encoding of the file. 2|���\n"
	 "3@4 3|b"},
	{"bad-utf8-named.csv", ENCODING_UTF8,
	 "UTF8 ',' id|name\n"
	 "1@2 ! The cell in column 'name' is not in the encoding of the file. 1|����\n"
	 "2@3 2|b"},
	{"cut-utf8.csv", ENCODING_UTF8,
	 "UTF8 ',' id|name\n"
	 "1@2 ! The cell in column 'name' is not in the encoding of the file. 1|سال�"},
	{"windows-1256-auto.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a\n"
	 "The list '" FIXTURES "windows-1256-auto.csv', line 3: this is not UTF-8; save the "
	 "list as \"CSV UTF-8\", or name its encoding in list.encoding."},
	{"windows-1256.csv", ENCODING_WINDOWS_1256,
	 "1256 ',' id|name\n"
	 "1@2 1|سالم بن حمد\n"
	 "2@3 2|€5"},
	{"utf8-called-1256.csv", ENCODING_WINDOWS_1256,
	 "The list '" FIXTURES "utf8-called-1256.csv' is UTF-8 text, but list.encoding names "
	 "windows-1256."},
	{"bom-called-1256.csv", ENCODING_WINDOWS_1256,
	 "The list '" FIXTURES "bom-called-1256.csv' begins with a UTF-8 mark, but "
	 "list.encoding names another encoding."},
	/* "Unicode text" of Excel. */
	{"utf16le-bom.csv", ENCODING_AUTO,
	 "UTF16 '\t' id|name\n"
	 "1@2 1|سالم"},
	{"utf16be-bom.csv", ENCODING_AUTO,
	 "UTF16 ',' id|name\n"
	 "1@2 1|سالم"},
	{"utf16le-nomark.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "utf16le-nomark.csv' looks like UTF-16 text without a byte order "
	 "mark; save it as CSV (UTF-8) or, if it is a list, set list.encoding to "
	 "utf-16."},
	{"utf16le-named.csv", ENCODING_UTF16,
	 "UTF16 ',' id|name\n"
	 "1@2 1|سالم"},
	{"utf16be-named.csv", ENCODING_UTF16,
	 "UTF16 ',' id|name\n"
	 "1@2 1|سالم"},
	{"utf16-called-utf8.csv", ENCODING_UTF8,
	 "The list '" FIXTURES "utf16-called-utf8.csv' begins with a UTF-16 mark, but "
	 "list.encoding names another encoding."},
	{"utf16-cut.csv", ENCODING_AUTO,
	 "UTF16 ',' id|name\n"
	 "1@2 1|a\n"
	 "The list '" FIXTURES "utf16-cut.csv', line 3: the file ends in the middle of a "
	 "character; it has been cut off."},
	{"utf16-lone-surrogate.csv", ENCODING_AUTO,
	 "UTF16 ',' id|name\n"
	 "1@2 ! The cell in column 'name' is not in the encoding of the file. 1|a�b\n"
	 "2@3 2|c"},
	{"utf16-emoji.csv", ENCODING_AUTO,
	 "UTF16 ',' id|name\n"
	 "1@2 1|😀"},
	{"utf32.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "utf32.csv' is UTF-32 text; save it as CSV (UTF-8)."},
	{"workbook.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "workbook.csv' is an Excel workbook or a zip file; save it as "
	 "CSV (UTF-8)."},
	{"old-workbook.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "old-workbook.csv' is an old Excel workbook (.xls); save it as "
	 "CSV (UTF-8)."},
	{"document.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "document.csv' is a PDF document; expected CSV text."},
	{"compressed.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "compressed.csv' is compressed (gzip); unpack it first."},
	{"empty.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "empty.csv' is empty; expected a header and rows."},
	{"bom-alone.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "bom-alone.csv' is empty; expected a header and rows."},
	{"blanks-alone.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "blanks-alone.csv' is empty; expected a header and rows."},
	{"header-alone.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "The list '" FIXTURES "header-alone.csv' has a header, but no rows."},
	{"empty-header.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "empty-header.csv', line 1: the header is empty; expected the "
	 "names of the columns."},
	{"unnamed-column.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "unnamed-column.csv', line 1: column 2 has no name in the "
	 "header; expected the name of a column."},
	/* Alike once trimmed. */
	{"column-twice.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "column-twice.csv', line 1: the header has two columns called "
	 "'name'; rename one."},
	{"unclosed-quote.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a\n"
	 "The list '" FIXTURES "unclosed-quote.csv', line 3: a quote (\") opens a cell here and "
	 "is never closed."},
	{"unclosed-quote-later-quote.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "The list '" FIXTURES "unclosed-quote-later-quote.csv', line 2: a quote (\") opens a "
	 "cell that is not closed on this line, and text that does not belong there "
	 "follows the next quote, on line 4."},
	{"quote-in-cell.csv", ENCODING_AUTO,
	 "UTF8 ',' id|size\n"
	 "1@2 1|a\n"
	 "The list '" FIXTURES "quote-in-cell.csv', line 3: a quote (\") stands where none can: "
	 "a cell that holds quotes must be in quotes itself, with each quote in it "
	 "written twice (\"\")."},
	{"text-after-quote.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "The list '" FIXTURES "text-after-quote.csv', line 2: a quote (\") stands where none "
	 "can: a cell that holds quotes must be in quotes itself, with each quote in "
	 "it written twice (\"\")."},
	/* The quote that is not closed begins on line 3. */
	{"unclosed-third-cell.csv", ENCODING_AUTO,
	 "UTF8 ',' id|note|city\n"
	 "The list '" FIXTURES "unclosed-third-cell.csv', line 3: a quote (\") opens a cell "
	 "here and is never closed."},
	/* Kept as it stands; the reports defuse it. */
	{"formula.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|=cmd|calc\n"
	 "2@3 2|@x"},
	{"excel-text-phone.csv", ENCODING_AUTO,
	 "UTF8 ',' id|mobile\n"
	 "1@2 1|'90014127\n"
	 "2@3 2|=\"90014127\""},
	{"rtl-marks.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|\u200fسالم\u200e"},
	/* No delimiter of ours: one column. */
	{"pipe.csv", ENCODING_AUTO,
	 "UTF8 ',' id|name\n"
	 "1@2 1|a"},
	/* A title line is taken for the header; every row says so. */
	{"title-above.csv", ENCODING_AUTO,
	 "UTF8 ',' Customers of November\n"
	 "1@2 ! The row has a value in cell 2, but the header has only 1 column. id\n"
	 "2@3 ! The row has a value in cell 2, but the header has only 1 column. 1"},
	{"header-nul.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "header-nul.csv', line 1: in the header, the name of column 2 "
	 "holds a NUL byte; the file may be damaged."},
	{"header-is-text.csv", ENCODING_AUTO,
	 "The list '" FIXTURES "header-is-text.csv', line 1: column 2 has a whole text in the "
	 "header; expected the name of a column."},
};

static void gives_what_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(fixtures); i++) {
		char path[256];
		struct buf b;

		snprintf(path, sizeof(path), FIXTURES "%s", fixtures[i].file);
		tell(path, fixtures[i].encoding, &b);
		if (strcmp(b.data, fixtures[i].expected) != 0)
			fail_msg("%s gave:\n%s\nexpected:\n%s", path, b.data, fixtures[i].expected);
		buf_free(&b);
	}
}

static void says_what_is_wrong_with_the_file_itself(void **state)
{
	static const struct {
		const char *file;
		const char *expected;
	} cases[] = {
		{"no-such.csv", "The list 'no-such.csv' does not exist."},
		{"Makefile/list.csv", "The list 'Makefile/list.csv' does not exist."},
		{"tests", "The list 'tests' is a directory; expected a file."},
		{"/dev/null", "The list '/dev/null' is a pipe or a device; expected a file."},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char hex[SHA256_HEX_SIZE];
		struct buf b;
		struct err e;

		tell(cases[i].file, ENCODING_AUTO, &b);
		assert_string_equal(b.data, cases[i].expected);
		assert_false(list_fingerprint(cases[i].file, hex, &e));
		assert_string_equal(e.text, cases[i].expected);
		buf_free(&b);
	}
}

/* ---- files that are too large to keep ----------------------------------------------------- */

static char path[] = "/tmp/nida-list-XXXXXX";

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

static void write_file(const char *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

#define ROWS 20000

struct expectation {
	int64_t next;
	int64_t line; /* where the next row must begin */
};

/* Every third row has three more lines in a quoted cell; the lengths differ, so that every kind
 * of line end meets the end of a block. */
static void make_rows(struct buf *b, const char *end)
{
	buf_init(b, 16 << 20);
	buf_addf(b, "id,note,name%s", end);
	for (int i = 1; i <= ROWS; i++) {
		if (i % 3 == 0)
			buf_addf(b, "%d,\"a%s%s%sb\",\"%.*s\"%s", i, end, end, end, i % 41,
				 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", end);
		else
			buf_addf(b, "%d,,سالم%s", i, end);
	}
}

static bool no_header(void *data, const struct list_header *header, struct err *e)
{
	(void)data;
	(void)header;
	(void)e;
	return true;
}

static bool expect_row(void *data, const struct list_row *row, struct err *e)
{
	struct expectation *x = data;

	(void)e;
	assert_null(row->fault);
	assert_int_equal(row->ordinal, x->next);
	assert_int_equal(strtol(row->cells[0], NULL, 10), x->next);
	assert_int_equal(row->line, x->line);
	assert_int_equal(strlen(row->cells[2]), x->next % 3 == 0 ? x->next % 41 : 8);
	x->line += x->next % 3 == 0 ? 4 : 1;
	x->next++;
	return true;
}

static void read_expected_rows(enum list_encoding encoding)
{
	struct list_rules rules = {.file = path, .encoding = encoding};
	struct expectation x = {.next = 1, .line = 2};
	struct list_visitor visitor = {&x, no_header, expect_row};
	struct list_summary summary;
	char hex[SHA256_HEX_SIZE];
	struct err e;

	if (!list_read(&rules, &visitor, &summary, &e))
		fail_msg("%s", e.text);
	assert_int_equal(summary.rows, ROWS);
	assert_true(list_fingerprint(path, hex, &e));
	assert_string_equal(summary.sha256, hex);
}

static void counts_lines_across_blocks(void **state)
{
	static const char *const ends[] = {"\n", "\r\n", "\r"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		struct buf b;

		make_rows(&b, ends[i]);
		/* Shifted by up to three bytes, so that each place falls on the edge of a block. */
		for (size_t shift = 0; shift < 4; shift++) {
			struct buf shifted;
			buf_init(&shifted, b.length + 8);
			buf_add(&shifted, "   ", shift);
			buf_add(&shifted, b.data, b.length);
			write_file(shifted.data, shifted.length);
			read_expected_rows(ENCODING_AUTO);
			buf_free(&shifted);
		}
		buf_free(&b);
	}
}

static void counts_lines_in_utf16(void **state)
{
	struct buf text;
	struct buf b;

	(void)state;
	make_rows(&text, "\r\n");
	buf_init(&b, 32 << 20);
	buf_adds(&b, "\xff\xfe");
	for (const char *p = text.data; *p;) {
		uint32_t c = utf8_next(&p);
		buf_addc(&b, (char)(c & 0xff));
		buf_addc(&b, (char)(c >> 8));
	}
	write_file(b.data, b.length);
	read_expected_rows(ENCODING_AUTO);
	buf_free(&text);
	buf_free(&b);
}

static void fill(struct buf *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_addc(b, 'x');
}

static void cuts_a_cell_that_is_too_long(void **state)
{
	struct buf file;
	struct buf told;

	(void)state;
	buf_init(&file, 1 << 20);
	buf_adds(&file, "id,note\n1,");
	fill(&file, 64 * 1024);
	buf_adds(&file, "\n2,");
	fill(&file, 64 * 1024 + 1);
	buf_adds(&file, "\n3,c\n");
	write_file(file.data, file.length);
	tell(path, ENCODING_AUTO, &told);
	/* The first is just short enough. */
	assert_null(strstr(told.data, "1@2 !"));
	assert_non_null(strstr(told.data,
			       "\n2@3 ! The cell in column 'note' is longer than 64 KiB. 2|xxx"));
	assert_non_null(strstr(told.data, "\n3@4 3|c"));
	buf_free(&file);
	buf_free(&told);
}

static void gives_up_on_a_quote_that_swallows_the_file(void **state)
{
	struct buf file;
	struct buf told;
	char expected[256];

	(void)state;
	buf_init(&file, 16 << 20);
	buf_adds(&file, "id,note\n1,a\n2,\"b\n");
	for (int i = 0; i < 1000000; i++)
		buf_adds(&file, "3,aaaaaa\n");
	write_file(file.data, file.length);
	tell(path, ENCODING_AUTO, &told);
	snprintf(expected, sizeof(expected),
		 "UTF8 ',' id|note\n1@2 1|a\nThe list '%s', line 3: the cell that begins here does "
		 "not "
		 "end within 8 MiB; a quote (\") is not closed.",
		 path);
	assert_string_equal(told.data, expected);
	buf_free(&file);
	buf_free(&told);
}

static bool keep_last(void *data, const struct list_row *row, struct err *e)
{
	struct buf *b = data;

	(void)e;
	assert_null(row->fault);
	buf_reset(b);
	buf_addf(b, "%d@%d %s", (int)row->ordinal, (int)row->line, row->cells[1]);
	return true;
}

/* Eight MiB are the limit of one record, not of the file. */
static void reads_long_records_late_in_a_file(void **state)
{
	struct buf file;
	struct buf told;

	(void)state;
	buf_init(&file, 16 << 20);
	buf_adds(&file, "id,note\n1,");
	for (int i = 0; i < 150; i++) {
		buf_adds(&file, "\"");
		fill(&file, 60 * 1024);
		buf_adds(&file, "\n\"\n2,");
	}
	buf_adds(&file, "\"last\none\"\n");
	write_file(file.data, file.length);
	struct list_rules rules = {.file = path};
	struct list_visitor visitor = {&told, no_header, keep_last};
	struct list_summary summary;
	struct err e;
	buf_init(&told, 256 * 1024);
	if (!list_read(&rules, &visitor, &summary, &e))
		fail_msg("%s", e.text);
	assert_string_equal(told.data, "151@302 last\none");
	buf_free(&file);
	buf_free(&told);
}

/* A bad byte in one block must be seen although the next, with the rest of its row, is plain
 * ASCII. */
static void judges_a_row_that_spans_blocks(void **state)
{
	struct buf file;
	struct buf told;

	(void)state;
	buf_init(&file, 256 * 1024);
	buf_adds(&file, "id,note\n1,");
	fill(&file, 60 * 1024);
	buf_adds(&file, "\n2,\xff");
	fill(&file, 20 * 1024);
	buf_adds(&file, "\n");
	write_file(file.data, file.length);
	tell(path, ENCODING_UTF8, &told);
	assert_non_null(
		strstr(told.data, "\n2@3 ! The cell in column 'note' is not in the encoding"));
	buf_free(&file);
	buf_free(&told);
}

/* One letter outside ASCII that is right, in a cell before the wrong one, shows that the file is
 * UTF-8: then only the row is wrong. A cell on the first of two lines counts, a part of the wrong
 * cell itself does not. */
static void blames_the_row_or_the_file(void **state)
{
#define WRONG "! The cell in column 'note' is not in the encoding of the file. "
	static const struct {
		const char *rows;
		const char *told; /* after the header; what follows the file's name in an error */
	} cases[] = {
		{"س,\xff\n2,b\n", "\n1@2 " WRONG "س|\ufffd\n2@3 2|b"},
		{"1,سa\n2,\xff\n", "\n1@2 1|سa\n2@3 " WRONG "2|\ufffd"},
		{"س,\"a\n\xff\"\n", "\n1@2 " WRONG "س|a\n\ufffd"},
		{"س,\"a\xd8\n\xb3\"\n", "\n1@2 " WRONG "س|a\ufffd\n\ufffd"},
		{"1,\"س\n\xff\"\n", ", line 2: this is not UTF-8"},
		{"1,\"\xff\nس\"\n", ", line 2: this is not UTF-8"},
		{"\xff,س\n", ", line 2: this is not UTF-8"},
		{"1,a\n2,\xff\n3,س\n", ", line 3: this is not UTF-8"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf file;
		struct buf told;

		buf_init(&file, 1024);
		buf_addf(&file, "id,note\n%s", cases[i].rows);
		write_file(file.data, file.length);
		tell(path, ENCODING_AUTO, &told);
		const char *found = strstr(told.data, cases[i].told);
		if (!found || (*cases[i].told == '\n' && strcmp(found, cases[i].told) != 0))
			fail_msg("case %zu gave:\n%s", i, told.data);
		buf_free(&file);
		buf_free(&told);
	}
#undef WRONG
}

static bool expect_letters(void *data, const struct list_row *row, struct err *e)
{
	int64_t *wide = data;

	(void)e;
	assert_null(row->fault);
	assert_int_equal(strspn(row->cells[1], "x"), 1);
	for (const char *p = row->cells[1] + 1; *p; p += 2, (*wide)++)
		assert_memory_equal(p, "س", 2);
	return true;
}

/* Rows of an odd length, so that the ends of blocks cut every kind of place: letters too. */
static void keeps_letters_that_blocks_cut(void **state)
{
	struct list_rules rules = {.file = path};
	int64_t wide = 0;
	struct list_visitor visitor = {&wide, no_header, expect_letters};
	struct list_summary summary;
	struct buf file;
	struct err e;

	(void)state;
	buf_init(&file, 4 << 20);
	buf_adds(&file, "id,note\n");
	for (int i = 0; i < ROWS; i++)
		buf_adds(&file, "1,xسسسسسسسسسسسسسسسسسسسس\n");
	write_file(file.data, file.length);
	if (!list_read(&rules, &visitor, &summary, &e))
		fail_msg("%s", e.text);
	assert_int_equal(wide, ROWS * 20);
	buf_free(&file);
}

static void refuses_more_cells_than_a_spreadsheet_has(void **state)
{
	struct buf file;
	struct buf told;

	(void)state;
	buf_init(&file, 1 << 20);
	buf_adds(&file, "id,name\n1,a\n");
	for (int i = 0; i < 16384; i++)
		buf_addc(&file, ',');
	write_file(file.data, file.length);
	tell(path, ENCODING_AUTO, &told);
	assert_non_null(strstr(told.data, "line 3: this record has more than 16384 cells."));
	buf_free(&file);
	buf_free(&told);
}

/* ---- the visitor's own mind --------------------------------------------------------------- */

static bool stop_at_header(void *data, const struct list_header *header, struct err *e)
{
	(void)data;
	return err_set(e, ERR_STOPPED, "no column '%s' please", header->names[0]);
}

static bool stop_at_second_row(void *data, const struct list_row *row, struct err *e)
{
	int *rows = data;

	*rows += 1;
	return row->ordinal < 2 || err_set(e, ERR_BUSY, "enough");
}

static void stops_when_the_visitor_says_so(void **state)
{
	struct list_rules rules = {.file = FIXTURES "one-column.csv"};
	int rows = 0;
	struct list_visitor at_header = {&rows, stop_at_header, stop_at_second_row};
	struct list_visitor at_row = {&rows, no_header, stop_at_second_row};
	struct list_summary summary;
	struct err e;

	(void)state;
	assert_false(list_read(&rules, &at_header, &summary, &e));
	assert_string_equal(e.text, "no column 'mobile' please");
	assert_int_equal(e.kind, ERR_STOPPED);
	assert_int_equal(rows, 0);

	write_file("a\n1\n2\n3\n4\n", 10);
	rules.file = path;
	assert_false(list_read(&rules, &at_row, &summary, &e));
	assert_string_equal(e.text, "enough");
	assert_int_equal(rows, 2);
}

static void tells_the_checksum(void **state)
{
	struct list_rules rules = {.file = path};
	struct list_visitor visitor = {NULL, no_header, stop_at_second_row};
	struct list_summary summary;
	struct err e;
	int rows = 0;

	(void)state;
	visitor.data = &rows;
	write_file("a\n1\n", 4);
	assert_true(list_read(&rules, &visitor, &summary, &e));
	/* printf 'a\n1\n' | sha256sum */
	assert_string_equal(summary.sha256,
			    "309b0e45a73d3fc5325e2b6ed0a01ef8b9cde6b05a5633c1f893f970d52bfddc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_the_table_says),
		cmocka_unit_test(says_what_is_wrong_with_the_file_itself),
		cmocka_unit_test(counts_lines_across_blocks),
		cmocka_unit_test(counts_lines_in_utf16),
		cmocka_unit_test(cuts_a_cell_that_is_too_long),
		cmocka_unit_test(gives_up_on_a_quote_that_swallows_the_file),
		cmocka_unit_test(reads_long_records_late_in_a_file),
		cmocka_unit_test(judges_a_row_that_spans_blocks),
		cmocka_unit_test(blames_the_row_or_the_file),
		cmocka_unit_test(keeps_letters_that_blocks_cut),
		cmocka_unit_test(refuses_more_cells_than_a_spreadsheet_has),
		cmocka_unit_test(stops_when_the_visitor_says_so),
		cmocka_unit_test(tells_the_checksum),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
