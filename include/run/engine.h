/*
 * The engine: takes due contacts, asks the rules, writes the intent, places, follows, settles.
 *
 * One engine drives one run, in one thread, in steps. A step reaps what the provider has finished,
 * records it, and starts whatever is due and allowed; between steps the caller sleeps in
 * provider_wait() for as long as the step says. Nothing that matters lives in the engine: it can be
 * dropped after any step, or in the middle of one, and a new one built from the ledger goes on.
 *
 * The caller holds the campaign's lock and owns all that it lends in `struct engine_parts`. Time
 * comes from the clock given, chance from the generator given, so a step can be replayed exactly.
 */
#ifndef NIDA_RUN_ENGINE_H
#define NIDA_RUN_ENGINE_H

#include "base/clock.h"
#include "base/err.h"
#include "base/rng.h"
#include "ledger/ledger.h"
#include "ledger/lock.h"
#include "ledger/run.h"
#include "model/plan.h"
#include "provider/provider.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct engine;

struct engine_parts {
	struct ledger *ledger;
	const struct ledger_lock
		*lock; /* of the campaign; NULL: nobody else can reach the ledger */
	struct provider *provider;
	const struct clock *clock;
	struct rng *rng;
	const struct plan *plan;
	int64_t run_id;
	const char *only; /* place calls to this key alone; NULL: to everybody */
	int64_t limit;    /* place at most this many calls; 0: no limit */
	const char
		*recordings; /* folder of the run's reports, where recordings go; NULL: nowhere */
};

enum engine_state {
	ENGINE_GOING,
	ENGINE_FINISHED, /* every row is in a final state, or stays in doubt */
	ENGINE_LEFT,    /* told to stop (or paused): nothing is live any more, rows are left over */
	ENGINE_GUARDED, /* a guard or the provider stopped the placing; nothing is live any more */
};

/* How a call that has just ended looks to an onlooker. */
struct engine_ended {
	char key[64];
	char phone[32]; /* masked */
	enum outcome outcome;
	int64_t talk_ms; /* -1: not known */
	int64_t at_ms;
};

#define ENGINE_ENDED_MAX 5

/* For progress and status; texts are borrowed until the next step. */
struct engine_view {
	struct tally tally;
	int64_t calls; /* attempts that reached the provider, over the whole run */
	int64_t answered;
	int64_t no_answer;
	int64_t failed; /* or lost; what is left of the calls that are over somebody ended */
	struct decimal cost;
	size_t live; /* being placed, live, or being read */
	size_t in_doubt;
	const char *why;     /* why nothing is dialled now; "" : it dials */
	int64_t until_ms;    /* when that will change; 0: not known */
	double per_minute;   /* the pace now, after any slowing down */
	int64_t last_minute; /* calls that were begun in the last 60 s */
	int64_t last_due_ms; /* when the last retry that waits is due; 0: none waits */
	size_t ended_count;
	struct engine_ended ended[ENGINE_ENDED_MAX]; /* newest first */
};

/* Reads what is open from the ledger. */
bool engine_new(const struct engine_parts *parts, struct engine **out, struct err *e) MUST_CHECK;
void engine_free(struct engine *g);

/* *wait_us: how long there is nothing to do unless the provider finishes something. False: the
 * ledger (or the list of suppressed numbers at its worst) failed; drop the engine. */
bool engine_step(struct engine *g, int64_t *wait_us, enum engine_state *state,
		 struct err *e) MUST_CHECK;

/* Place no more calls; go on following the live ones. */
void engine_stop(struct engine *g);

/* A person has looked at the suppression files: they are read again now, and believed as they are.
 * False: one cannot be read; nobody is dialled until it can. */
bool engine_reread_suppression(struct engine *g, struct err *e) MUST_CHECK;

bool engine_look(struct engine *g, struct engine_view *out, struct err *e) MUST_CHECK;

/* Why the engine is ENGINE_GUARDED or ENGINE_LEFT: a sentence. */
const char *engine_stop_words(const struct engine *g);

#endif
