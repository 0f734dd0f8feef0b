/*
 * follow-up.csv: the rows worth another campaign, in the shape of the original list, so that the
 * file can be the next campaign's list.file as it is.
 *
 * Worth it: rows whose calls came to nothing (done as no_answer, failed or lost), rows that nobody
 * got to (skipped as out_of_time, over_budget or unsettled), and rows in doubt, which a person
 * should look at first. Not in it: customers who were talked to; rows that this run still will
 * call; rows that no second campaign can help (number, values, consent, suppression), or that a
 * person cancelled.
 *
 * Columns, separator and encoding are those of the list (UTF-16 little-endian), so whatever reads
 * the list reads this. UTF-8 begins with its mark, whether the list did or not: nida reads both,
 * and Excel takes a list without it for another encoding. Cells are exactly those of the list, in
 * quotes only where CSV needs them, nothing neutralised, since this is a file for nida; results.csv
 * is the one for spreadsheets. A run that went on with a list in another encoding may hold letters
 * that windows-1256 does not have; they become '?'.
 */
#ifndef NIDA_REPORT_FOLLOW_UP_H
#define NIDA_REPORT_FOLLOW_UP_H

#include "report/record.h"
#include "report/writer.h"

#include <stdbool.h>

/* Borrows both until follow_up_close(). */
struct follow_up {
	struct writer *out;
	const struct sheet *sheet;
	struct encoder *encoder; /* NULL: UTF-8 */
};

void follow_up_begin(struct follow_up *f, struct writer *out, const struct sheet *s);

/* Writes nothing for a row that is not worth it. */
void follow_up_row(struct follow_up *f, const struct record *r);

/* Harmless on a zeroed struct. */
void follow_up_close(struct follow_up *f);

bool follow_up_wants(const struct contact *c);

#endif
