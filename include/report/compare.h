/*
 * Several runs beside each other: reach, cost and outcome by campaign, by day and by run.
 *
 *     <dir>/comparison.html                 over all campaigns of a ledger
 *     <dir>/comparison.csv                  a line for each campaign, run and day
 *     <dir>/<campaign>/comparison.*         over the runs of one campaign
 *
 * A run is in it whole, or not at all: when it began or called since the given moment. So the days
 * of a run add up to its totals, and the runs to the campaign's. A day is the campaign's local one;
 * calls count on the day on which they were placed. Only sums leave the ledger: nothing here is
 * about a person.
 *
 * The page is made and kept safe like report.html (report/html.h), and links to the page of each
 * run that lies beside it.
 */
#ifndef NIDA_REPORT_COMPARE_H
#define NIDA_REPORT_COMPARE_H

#include "base/err.h"
#include "base/mem.h"
#include "ledger/ledger.h"
#include "ledger/run.h"
#include "report/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct compare_day {
	int64_t day; /* days since 1970 of the local calendar */
	int64_t calls;
	int64_t outcome[OUTCOME_COUNT]; /* of the calls; OUTCOME_NONE: not over */
	int64_t talk_ms;
	struct decimal cost;
};

struct compare_run {
	struct run run;
	struct tally tally;
	const struct zone *zone;
	const char *page; /* its report.html, seen from the comparison; NULL: there is none */
	size_t day_count; /* 0: nobody was called */
	const struct compare_day *days; /* in order */
};

/* What was read from the ledger; all of it lies in the arena. */
struct compare {
	struct arena arena;
	size_t run_count;
	struct compare_run *runs; /* by campaign, oldest first */
	int64_t since_ms;         /* 0: from the beginning */
	int64_t now_ms;
};

struct compare_options {
	const char *dir;
	const char *campaign; /* NULL: all */
	int64_t since_ms;     /* 0: from the beginning */
	int64_t now_ms;
	unsigned formats; /* of enum report_format: REPORT_HTML, REPORT_CSV */
};

/* "" for what the formats left out. */
struct compare_paths {
	char html[REPORT_PATH_SIZE];
	char csv[REPORT_PATH_SIZE];
};

/* False also when no run is in it. The ledger is only read. */
bool compare_write(struct ledger *l, const struct compare_options *options,
		   struct compare_paths *out, struct err *e) MUST_CHECK;

/* Answered calls of a day. */
int64_t compare_answered(const struct compare_day *day);

#endif
