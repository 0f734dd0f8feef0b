/*
 * The totals of a run, from two sides: the ledger's own tally, and a count of the rows as they
 * pass.
 *
 * Both are of one consistent view, so they must agree; when they do not, the ledger is damaged and
 * every report says so (`agrees`) instead of hiding it. Written as summary.json, with the
 * identities
 *
 *     rows = pending + placing + live + in_doubt + done + skipped
 *     done = sum of outcomes,  skipped = sum of reasons,  rows of the list = rows of the run
 *
 * and whether they hold.
 */
#ifndef NIDA_REPORT_SUMMARY_H
#define NIDA_REPORT_SUMMARY_H

#include "ledger/run.h"
#include "report/record.h"
#include "report/writer.h"

#include <stdbool.h>
#include <stdint.h>

#define SUMMARY_VERSION 1

struct summary {
	struct tally tally;   /* as the ledger keeps it */
	struct tally counted; /* as the rows passed */
	int64_t attempts;     /* of the rows that passed */
	int64_t transcripts;
	int64_t recordings;
	int64_t follow_up; /* rows in follow-up.csv */
	int64_t talk_ms;
	struct decimal cost;
	struct decimal estimated; /* the part of it that the provider did not give */
};

void summary_begin(struct summary *sum, const struct tally *tally);
void summary_row(struct summary *sum, const struct record *r);

/* Do the identities hold, for the tally and for the rows that passed? */
bool summary_agrees(const struct summary *sum);

void summary_write(struct writer *w, const struct sheet *s, const struct summary *sum,
		   int64_t now_ms, bool live);

#endif
