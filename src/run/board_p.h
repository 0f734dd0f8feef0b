/*
 * The board: every attempt of this run that is not closed, as the engine works on it.
 *
 * One entry per open attempt, found by attempt id or by job id. The ledger is the truth; the board
 * is rebuilt from it at start-up and holds, beside that, only what may be forgotten (when to look
 * next).
 */
#ifndef NIDA_RUN_BOARD_P_H
#define NIDA_RUN_BOARD_P_H

#include "base/clock.h"
#include "model/call.h"
#include "model/language.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOB_ID_SIZE 128

enum call_phase {
	PHASE_PLACING,   /* the POST is on its way */
	PHASE_LIVE,      /* accepted; asked after with every round */
	PHASE_READING,   /* a read of it is on its way */
	PHASE_LATE,      /* over, but not all of it is told yet: asked again at next_read */
	PHASE_REREADING, /* over, and a further read of it is on its way */
	PHASE_IN_DOUBT,  /* sent, no answer: looked for in the provider's list */
	PHASE_COUNT,
};

struct call {
	int64_t attempt_id;
	int64_t contact_id;
	int number;
	char ref[33];
	char phone[32];
	char agent[128];
	char job_id[JOB_ID_SIZE]; /* "" : none known */
	enum call_phase phase;
	enum call_status status;
	int64_t intent_ms;
	bool end_asked;

	/* following */
	struct mono since;       /* when this process began to follow it */
	struct mono next_read;   /* PHASE_LATE */
	int64_t round;           /* the last round of following that saw it alive */
	int late_reads;          /* reads that found it over but not all of it told */
	int gone_reads;          /* reads in a row that did not find it */
	int unread;              /* reads in a row that gave nothing one can use */
	enum call_status listed; /* the list has said that it is over; CALL_UNKNOWN: it has not */
	struct mono listed_since;
	int end_tries; /* how often the watchdog has asked for its end */
	bool ending;   /* the watchdog has asked for its end */
	bool talked;   /* it was seen talking, and counted so by the breaker */
	uint64_t breaker_entry;

	/* settling */
	struct mono doubt_since; /* when this process began to doubt it */
	int64_t made_after_ms;   /* by the provider's clock, the call is no older; 0: not known */
	bool accepted;           /* the provider said yes, under an id that is another call's */
	int looks;
	bool undecided; /* by the last look, unless something else moves */
	bool held;      /* undecided: a person has to look */

	struct call *next_by_id;
	struct call *next_by_job;
	struct call *newer; /* in the order of adding */
	struct call *older;
};

struct board;

struct board *board_new(void);
void board_free(struct board *b);

/* The entry is the board's; it stays where it is until it is removed. */
struct call *board_add(struct board *b, int64_t attempt_id);
void board_set_job(struct board *b, struct call *call, const char *job_id);
void board_set_phase(struct board *b, struct call *call, enum call_phase phase);
void board_remove(struct board *b, struct call *call);

struct call *board_by_id(const struct board *b, int64_t attempt_id);
struct call *board_by_job(const struct board *b, const char *job_id);

/* The first of a walk along `newer`, during which no entry is removed. */
struct call *board_oldest(const struct board *b);

size_t board_count(const struct board *b);
size_t board_in_phase(const struct board *b, enum call_phase phase);
/* How often a call has come to PHASE_LATE, ever. */
uint64_t board_lates(const struct board *b);

/* Walk all entries, the newest first; `visit` may remove the entry it is given, and no other. */
void board_each(struct board *b, void (*visit)(void *data, struct call *call), void *data);

#endif
