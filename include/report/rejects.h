/*
 * rejects.csv: the rows that are not called as they stand, and what a person can do about each.
 *
 * The columns of the list, then line (of the list file; empty for a row that the list does not have
 * any more), reason (a name of model/contact.h) and hint, which ends with the cells for which the
 * header has no column. Every skipped row stands in exactly one of
 * two files: those that another campaign could call as they are in follow-up.csv, all others here.
 *
 * For a spreadsheet, so everything in report/csv.h holds here too: BOM, CRLF, quotes, nothing that
 * would be run, and columns of nida's give way to those of the list.
 */
#ifndef NIDA_REPORT_REJECTS_H
#define NIDA_REPORT_REJECTS_H

#include "report/record.h"
#include "report/writer.h"

#include <stdbool.h>

void rejects_begin(struct writer *w, const struct sheet *s);

/* Writes nothing for a row that is no reject. */
void rejects_row(struct writer *w, const struct sheet *s, const struct record *r);

bool rejects_wants(const struct contact *c);

#endif
