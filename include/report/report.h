/*
 * The reports of a run: everything that is known about every row of the list, as files.
 *
 *     <dir>/<campaign>/<run>/report.html     for people, in a browser
 *                            results.csv     for people, in a spreadsheet
 *                            follow-up.csv   the rows worth another campaign, as a list
 *                            rejects.csv     the rows that are not called as they stand, and why
 *                            results.jsonl   for machines, nothing altered
 *                            summary.json    for machines, the totals
 *
 * All of them come from one consistent view of the ledger and one pass over its rows, so they agree
 * with each other; one row is in memory at a time. Each is written to a temporary name beside it
 * and renamed when all are complete: a reader sees the old report or the new one, never half of
 * one. A masked report has a folder of its own, <run>-masked, and no follow-up.csv, which would be
 * nobody's list. Two processes that write the same report at the same time take turns.
 */
#ifndef NIDA_REPORT_REPORT_H
#define NIDA_REPORT_REPORT_H

#include "base/err.h"
#include "ledger/ledger.h"
#include "report/mask.h"

#include <stdbool.h>
#include <stdint.h>

struct report_options {
	const char *dir;         /* report.dir of the campaign */
	unsigned formats;        /* enum report_format, or-ed; REPORT_REJECTS_ALONE: rejects.csv */
	int64_t now_ms;          /* what the report says it is as of */
	bool live;               /* a process is at work on the run: the page reloads itself */
	int64_t every_ms;        /* how often it is written while it is live */
	const struct mask *mask; /* NULL: nothing is masked */
};

#define REPORT_PATH_SIZE     1024
#define REPORT_REJECTS_ALONE (1u << 8) /* no format that a campaign can name */

/* "" for what the formats left out. */
struct report_paths {
	char folder[REPORT_PATH_SIZE];
	char html[REPORT_PATH_SIZE];
	char csv[REPORT_PATH_SIZE];
	char follow_up[REPORT_PATH_SIZE];
	char rejects[REPORT_PATH_SIZE];
	char jsonl[REPORT_PATH_SIZE];
	char summary[REPORT_PATH_SIZE];
};

/* A run that begins takes its folder at once: names of runs are made for each ledger, and of two
 * that write to one `dir` the second finds the folder taken (*claimed is false) and chooses another
 * name. Given back when the run is taken back: only an empty folder goes. */
bool report_claim(const char *dir, const char *campaign, const char *run, bool *claimed,
		  struct err *e) MUST_CHECK;
void report_unclaim(const char *dir, const char *campaign, const char *run);

/* Folders that are missing are made. The ledger is only read. */
bool report_write(struct ledger *l, int64_t run_id, const struct report_options *options,
		  struct report_paths *out, struct err *e) MUST_CHECK;

/* Which reports lie in this folder, and how many files they are. */
void report_find(const char *folder, unsigned *formats, int64_t *files);

/* Remove them, and what an interrupted report_write() has left there. */
bool report_remove(const char *folder, unsigned *formats, int64_t *files, struct err *e) MUST_CHECK;

#endif
