/*
 * follow-up.csv: the rows worth another campaign, in the shape of the original list, so that the
 * file can be the next campaign's list.file as it is.
 *
 * Worth it: rows whose calls came to nothing (done as no_answer, failed or lost), rows that nobody
 * got to (skipped as out_of_time, over_budget or unsettled), and rows in doubt, which a person
 * should look at first. Not in it: customers who were talked to; rows that this run still will call; rows that no
 * second campaign can help (number, values, consent, suppression), or that a person cancelled.
 *
 * Cells are exactly those of the list: plain UTF-8 without a BOM, quotes only where CSV needs them,
 * nothing neutralised, since this is a file for nida; results.csv is the one for spreadsheets.
 */
#ifndef NIDA_REPORT_FOLLOW_UP_H
#define NIDA_REPORT_FOLLOW_UP_H

#include "report/record.h"
#include "report/writer.h"

#include <stdbool.h>

void follow_up_begin(struct writer *w, const struct sheet *s);

/* Writes nothing for a row that is not worth it. */
void follow_up_row(struct writer *w, const struct sheet *s, const struct record *r);

bool follow_up_wants(const struct contact *c);

#endif
