/*
 * Ending live calls, for `nida end-call` and `nida cancel`.
 *
 * The wish is written into the ledger before anybody is asked, so that whoever records the end (a
 * runner, or ending_record() when none is alive) counts the call as terminated and never retries
 * it. Several processes may want the end of one call at the same time: they take turns, and only
 * the one whose wish was the first takes it back when it came to nothing. Hamsa's own terminate is
 * asked first, Twilio if that fails; then the call is read until it is final.
 *
 * A test call of `nida try` belongs to no row: its end is an event of the ledger and nothing else.
 */
#ifndef NIDA_CMD_ENDING_P_H
#define NIDA_CMD_ENDING_P_H

#include "cmd/session.h"
#include "ledger/attempt.h"

#include <stdbool.h>
#include <stddef.h>

/* One live call that is to end; texts in the session's arena. */
struct ending {
	struct attempt attempt; /* of a test call: the job id alone, its own id is 0 */
	const struct run *run;  /* NULL: a test call's */
	const char *key;        /* NULL likewise */
	bool over;              /* it was seen to end */
};

/* What came of asking for the end of a call, or of looking for one that is live. */
enum ending_result {
	ENDING_ENDED,       /* now, because of this command */
	ENDING_OVER_BEFORE, /* by itself, or because somebody else was faster */
	ENDING_ASKED,       /* its end was asked for, and Hamsa still shows it as live */
	ENDING_FAILED,      /* nobody could end it; the wish is taken back */
	ENDING_NO_CALL,     /* its row was not called (yet), or no call is live at all */
};

/* A result for machines. What is not known, or says nothing here, is NULL. */
struct ending_line {
	const struct run *run;
	const char *key;
	const struct attempt *attempt;
	const struct contact *row; /* how its row stands, when its call was found to be over */
	bool waits;                /* the row may be called (again) */
	const char *why;           /* why nobody could end it */
};

void ending_print(const struct session *s, enum ending_result result,
		  const struct ending_line *line);

/* Live calls of a run; `wanted` may choose among them (NULL: all). The run is borrowed. */
bool ending_find(struct session *s, const struct run *run,
		 bool (*wanted)(void *data, const struct attempt *a, const char *key), void *data,
		 struct ending **out, size_t *count, struct err *e) MUST_CHECK;

/* `via` is "hamsa", "twilio" or NULL: one after the other. What is going on is said at once, what
 * came of it is printed. */
bool ending_ask(struct session *s, const struct ending *call, const char *via, const char *by,
		enum ending_result *out, struct err *e) MUST_CHECK;

/* Ask for the end of each in turn; *left: how many of them were not seen to end. */
bool ending_ask_all(struct session *s, struct ending *calls, size_t count, const char *via,
		    const char *by, size_t *left, struct err *e) MUST_CHECK;

/* When no process runs the campaign: the engine reads those that are over and records their ends
 * as it always does (cost, transcript, do-not-call), and places nothing. */
bool ending_record(struct session *s, const struct run *run, const struct ending *calls,
		   size_t count, struct err *e) MUST_CHECK;

#endif
