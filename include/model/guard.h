/*
 * Guards: what stops a run before it does harm. All fail closed: a guard that trips pauses the run
 * (exit 4) until a person has looked and said `nida resume`.
 *
 *   breaker     of the last `of_last` calls that began to talk or ended without, a share ≥
 *               `failures` failed or were lost
 *   canary      the first `rows` contacts are called, then judged: a share < `min_answered` stops
 *   budget      known cost + expected cost of live calls reaches the limit, or would pass it with
 * the next call per_person  over all campaigns of the ledger: a minimum gap, a number a day and a
 * week
 */
#ifndef NIDA_MODEL_GUARD_H
#define NIDA_MODEL_GUARD_H

#include "base/moment.h"
#include "model/contact.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BREAKER_MAX 1000

struct breaker_rule {
	double failures; /* share 0..1; 0: no breaker */
	int of_last;     /* 1..BREAKER_MAX */
};

struct canary_rule {
	int rows; /* 0: no canary */
	double min_answered;
};

struct person_rule {
	int64_t min_gap_ms; /* 0: none */
	int per_day;        /* 0: no limit; the customer's local days */
	int per_week;       /* 0: no limit; the last 7 local days */
};

struct guard {
	struct breaker_rule breaker;
	struct canary_rule canary;
	bool has_budget;
	struct decimal budget;
	struct person_rule person;
};

/* A ring of the last calls. Trips only once it holds `of_last` of them. */
struct breaker {
	bool failed[BREAKER_MAX];
	uint64_t added; /* ever; the n-th lies at n modulo of_last */
};

bool breaker_is_failure(enum outcome outcome);

/* Returns the number of the entry. */
uint64_t breaker_add(struct breaker *b, const struct breaker_rule *rule, bool failed);

/* What the ledger remembers of ended calls, newest first, as if they had been added in their turn.
 */
void breaker_recall(struct breaker *b, const struct breaker_rule *rule,
		    const enum outcome *newest_first, size_t count);

/* An entry that was added as good has failed after all; if it is still in the ring. */
void breaker_correct(struct breaker *b, const struct breaker_rule *rule, uint64_t entry);

/* `failures` (may be NULL) receives how many of those in the ring failed. */
bool breaker_trips(const struct breaker *b, const struct breaker_rule *rule, int *failures);

enum canary_verdict {
	CANARY_CALLING, /* fewer than `rows` contacts begun: go on */
	CANARY_WAITING, /* all begun, not all ended: place nothing, wait */
	CANARY_PASSED,
	CANARY_FAILED,
};

/* Contacts begun, ended (first attempt over) and answered so far. */
enum canary_verdict canary_judge(const struct canary_rule *rule, int64_t begun, int64_t ended,
				 int64_t answered);

/* May one more call be placed, `live` being up, each expected to cost `expected`? */
bool budget_allows(const struct guard *g, struct decimal spent, int64_t live,
		   struct decimal expected);

/* Of all earlier attempts to a number, by intent, those that decide: each limit asks for one alone,
 * however large it is. 0: there are not so many. */
struct person_calls {
	int64_t newest_ms;
	int64_t of_day_ms;  /* the newest but per_day - 1 */
	int64_t of_week_ms; /* the newest but per_week - 1 */
};

/* True: may be called now. False: *next_ms is when it may be (at the earliest). */
bool person_allows(const struct person_rule *rule, const struct zone *zone, int64_t now_ms,
		   const struct person_calls *calls, int64_t *next_ms);

#endif
