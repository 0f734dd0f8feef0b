/*
 * results.csv: every row of the list, for a spreadsheet.
 *
 * UTF-8 with a BOM (without it Excel takes Arabic for Windows-1256), CRLF, every field quoted.
 * First the columns of the list, in their order; then nida's, which take the prefix nida_ where the
 * list has a column of that name, and among them the scenario's outcome fields, which take the
 * prefix outcome_ where a column has that name already. Excel changes what it reads, so four
 * things are done to cells here; results.jsonl has everything unaltered.
 *
 * - A cell that a spreadsheet might run as a formula gets an apostrophe in front: one that begins
 *   with = + - @ or their full-width forms (blanks before them do not help), or with a tab or CR.
 *   The same behind a semicolon or a line break inside a cell: where Windows separates lists with
 *   semicolons (Arabic settings do), Excel splits there in spite of the quotes. A plain number with
 *   its sign (-12.500, -1,234.500) is left alone.
 * - A number of which a spreadsheet would lose something gets the same apostrophe: one that is
 *   padded with zeros (0012345678, 0096891234568), one of more than 15 digits, and digits with an
 *   E between them (12E4), which would become 120000. All others are left to be numbers.
 * - A phone number with its + is written as +968 9001 4127, the international notation of ITU-T
 *   E.123, whatever stood between its digits: text for every spreadsheet, the way people write
 *   numbers, and nida reads it back as the same number. As +96890014127 it would become
 * 96890014127, or 9.69E+10 in a narrow column; +968-9001-4127 would be a subtraction. A masked one
 *   (+96890••••27) is text as it is. The usual remedies are worse: ="…" is a formula, an apostrophe
 *   stays visible when a CSV is opened, and an invisible mark makes two equal numbers compare as
 *   different.
 * - A transcript beyond what a cell of Excel can hold (32,767 units of UTF-16) is cut, and says so.
 *
 * Cells beyond the header's columns have no column here; they stand in the reason.
 */
#ifndef NIDA_REPORT_CSV_H
#define NIDA_REPORT_CSV_H

#include "base/buf.h"
#include "report/record.h"
#include "report/writer.h"

#include <stdint.h>

/* Borrows both until csv_close(). */
struct csv {
	struct writer *out;
	const struct sheet *sheet;
	struct buf line; /* kept from row to row */
	struct buf cell; /* one that is put together, likewise */
};

/* Writes the header. */
void csv_begin(struct csv *csv, struct writer *out, const struct sheet *s);
void csv_row(struct csv *csv, const struct record *r);

/* Harmless on a zeroed struct. */
void csv_close(struct csv *csv);

/* The pieces, for other files of this kind: a line, from its beginning to its writing; its next
 * cell; the name of a column of nida's. */
#define CSV_BOM "\xef\xbb\xbf"
void csv_line_begin(struct buf *line);
void csv_add_next(struct buf *line, const char *text);
void csv_add_number(struct buf *line, int64_t number);
void csv_add_own_column(struct buf *line, const struct sheet *s, const char *name);
void csv_line_end(struct buf *line, struct writer *w);

/* The cells for which the header has no column, behind a reason: plain text, for one cell. */
void csv_add_extra(struct buf *text, const struct sheet *s, const struct record *r);

/* One cell made safe, with its quotes. */
void csv_add_cell(struct buf *out, const char *text);

#endif
