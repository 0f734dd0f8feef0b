/*
 * Running a campaign, in parts that stand in files of their own.
 *
 * `nida run` uses all of them. run_drive() is also how `nida cancel` carries out what it has
 * decided, and run_conclude() how `nida end-call` ends a run whose last call it has ended: whoever
 * holds the campaign's lock does what a runner does, in the same way.
 *
 * A run id is one of the session's ledger, and its campaign is the session's plan. Nothing here is
 * owned beyond the call, but a live report's child.
 */
#ifndef NIDA_CMD_RUN_P_H
#define NIDA_CMD_RUN_P_H

#include "cmd/session.h"
#include "ledger/run.h"
#include "report/report.h"
#include "run/loop.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* run.c: which rows the command is about. */
struct narrowing {
	const char *only; /* the row with this key alone; NULL: every row */
	int64_t limit;    /* at most so many calls; 0: no limit */
};

/* run.c: there must be such a row, and it must be one that can be called. */
bool run_check_only(struct session *s, int64_t run_id, const struct narrowing *narrow,
		    struct err *e) MUST_CHECK;

/* resume.c: which run is this command about? */
enum resume_choice {
	RESUME_BEGUN,   /* a new run was frozen from the list */
	RESUME_OLD,     /* an unfinished run goes on */
	RESUME_NOTHING, /* the run of this very list is finished; said so */
};

bool resume_or_begin(struct session *s, int64_t *run_id, enum resume_choice *choice,
		     struct err *e) MUST_CHECK;

/* A new run that called nobody is as if it had never been begun. */
bool resume_take_back(struct session *s, int64_t run_id, struct err *e) MUST_CHECK;

/* run.c: step the engine until it is done, under the campaign's lock; then run_conclude(). `over`:
 * the run was finished before, and only recordings are left to fetch. */
bool run_drive(struct session *s, const struct ledger_lock *lock, int64_t run_id,
	       const struct narrowing *narrow, bool over, enum exit_code *code,
	       struct err *e) MUST_CHECK;
/* The engine is done: the reports, the counts on the terminal, the campaign's on_finish (not again
 * for one that was over before). */
bool run_conclude(struct session *s, int64_t run_id, enum loop_end end, const char *words,
		  bool over, enum exit_code *code, struct err *e) MUST_CHECK;

/* dry_run.c: print the rendered requests as JSON, send none. */
bool dry_run(struct session *s, const struct narrowing *narrow, struct err *e) MUST_CHECK;

/* live_report.c: reports while the run goes on, by a process of their own, so that no call waits
 * for them. At most one at a time. */
struct live_report {
	struct session *session;
	int64_t run_id;
	pid_t child; /* 0: none */
};

/* False: the last ones are still being written. */
bool live_report_write(void *live_report);
void live_report_await(struct live_report *live);

/* recordings.c: where this run's recordings go, as a path from the root; NULL: they stay links,
 * or there are none any more. */
bool recordings_folder(struct session *s, int64_t run_id, const char **out,
		       struct err *e) MUST_CHECK;
/* Is there anything left to fetch for a run that is over? */
bool recordings_left(struct session *s, int64_t run_id, bool *out, struct err *e) MUST_CHECK;
/* How many are there and how many are not; nothing when the campaign wants none. */
bool recordings_say(struct session *s, int64_t run_id, struct err *e) MUST_CHECK;

/* hook.c: run the campaign's on_finish. Its failure is reported and changes nothing. */
void hook_run(struct session *s, int64_t run_id, const struct report_paths *paths,
	      const struct tally *tally, enum exit_code code);

#endif
