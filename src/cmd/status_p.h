/*
 * The parts of `nida status`.
 *
 * A standing is everything status knows about one run, gathered from the ledger in one reading and
 * by rule, never by counting rows: tallies, open attempts and the newest ones have indexes. What
 * only the campaign file knows (hours, pace, guards) is there when it was given, else `plan` is
 * NULL. Texts lie in the session's arena. The four ways of showing it (text, JSON, Prometheus, and
 * text over and over) show the same.
 */
#ifndef NIDA_CMD_STATUS_P_H
#define NIDA_CMD_STATUS_P_H

#include "cmd/session.h"
#include "ledger/attempt.h"
#include "ledger/contact.h"
#include "ledger/recording.h"
#include "ledger/run.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct standing {
	struct standing *next; /* of the next campaign */
	struct run run;
	struct tally tally;
	struct recording_counts recordings;
	int64_t now_ms;
	long runner; /* process that runs it; 0: none */
	bool noted;
	struct runner_note note;
	const char *why;      /* nothing is dialled; "" : it dials */
	int64_t why_until_ms; /* when that will change; 0: not known */
	int64_t last_minute;  /* calls begun in the last 60 s */

	const struct plan *plan; /* NULL: what follows is not known */
	int64_t forecast_ms;     /* when the rest is probably over; 0: cannot be told */
	bool hours_open;
	int64_t hours_change_ms; /* the next closing or opening; 0: none */
	int breaker_failed;
	int breaker_of;          /* how many ended calls the breaker has seen; at most of_last */
	int64_t canary_begun;    /* rows that the canary judges by, until it has */
	int64_t canary_answered; /* of them */
	struct decimal expected; /* what the open calls will probably cost */
};

/* How many rows are not over: being placed, live or in doubt. */
int64_t standing_open(const struct standing *st);

/* status_gather.c: *out is NULL when the ledger has no run (of this campaign); else a list, with
 * one entry when the session has a plan. */
bool standing_gather(struct session *s, struct standing **out, struct err *e) MUST_CHECK;

/* Visit the attempts of a run that are open: those in doubt, or the others; the contact of each
 * comes with it. At most `most` are visited (0: all). */
struct open_visit {
	bool in_doubt;
	int64_t most;
	bool (*visit)(void *data, const struct attempt *a, const struct contact *c, struct err *e);
	void *data;
};
bool standing_each_open(struct session *s, const struct standing *st, const struct open_visit *v,
			struct err *e) MUST_CHECK;

/* status_text.c: for people; lines of any length. */
bool status_text(struct session *s, const struct standing *st, FILE *out, struct err *e) MUST_CHECK;

/* status_json.c: an object for each standing, one a line. */
bool status_json(struct session *s, const struct standing *st, FILE *out, struct err *e) MUST_CHECK;

/* status_metrics.c: all of a list, in Prometheus's text exposition format 0.0.4. */
void status_metrics(const struct standing *all, FILE *out);

/* status_watch.c: the text, drawn again every second, until q, Ctrl-C or SIGTERM; then the terminal
 * is as it was. */
bool status_watch(struct session *s, struct err *e) MUST_CHECK;

/* The text of all standings as lines that fit; the caller frees. */
bool status_page(struct session *s, size_t width, char **out, struct err *e) MUST_CHECK;

#endif
