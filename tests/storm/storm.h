/*
 * The storm: promise 1 and promise 2, proven against a world that breaks.
 *
 * For one seed: a random campaign over a random list, called in virtual time over the simulated
 * network, which loses answers, creates calls late, answers with errors, pages and stale lists;
 * other systems call the same numbers; the wall clock jumps. At random commits and provider events
 * the whole process state is thrown away and built again from the ledger alone. In the end the
 * network's own record is judged, which knows what really happened:
 *
 *   - no contact is dialled while an earlier call of it is up, or may be;
 *   - nobody is dialled more often than the campaign allows, nor after an answer;
 *   - nobody is dialled outside the hours, over the pace, over the live cap, over the budget, after
 *     having been suppressed, without consent, more often than per_person allows, as a duplicate,
 *     or with a row that cannot be called; nor once the breaker or the canary should have stopped
 * it;
 *   - every row ends in one final, explained state (or stays in doubt), and the counts add up;
 *   - what the ledger says of each call is what happened to it;
 *   - running it once more places nothing.
 *
 * Everything follows from the seed, so a failing one replays exactly.
 *
 * Can it fail? mutants/ holds patches that each break nida in one way that matters; `make
 * storm-mutants` applies them one by one and demands that the storm catches each
 * (mutants/README.md).
 */
#ifndef NIDA_STORM_H
#define NIDA_STORM_H

#include "base/clock.h"
#include "base/mem.h"
#include "base/moment.h"
#include "base/rng.h"
#include "ledger/ledger.h"
#include "model/plan.h"
#include "provider/network.h"
#include "provider/provider.h"
#include "provider/rehearsal.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#define STORM_WORDS_SIZE 512
#define MUSCAT_MS        (4 * HOUR_MS) /* Asia/Muscat is four hours ahead, all year */

enum storm_crash {
	CRASH_NONE,
	CRASH_BEFORE_REQUEST, /* as a request is about to be handed over */
	CRASH_AFTER_REQUEST,  /* it has left */
	CRASH_AT_COMMIT,      /* the commit does not happen */
};

#define STORM_ROWS_MAX 150

/* A row of the list, as it was written. */
struct storm_row {
	int number;    /* its phone ends with it */
	bool consents; /* asked only when the campaign has a consent column */
	bool sound;    /* has a number and a name */
};

/* A placing as it left nida, whatever became of it. */
struct dial {
	char to[24];
	char ref[33];
	int row;            /* from 1, by the name among its params */
	int64_t wall_ms;    /* by nida's clock */
	int64_t network_ms; /* by the network's, which never jumps */
};

/* A world: all that outlives a crash. */
struct storm {
	uint64_t seed;
	struct rng rng;  /* drives the campaign, the faults and the crashes */
	char folder[64]; /* of the campaign's files and the ledger */
	char campaign[128];
	char ledger_path[128];
	struct plan *plan;
	struct provider network; /* the rehearsal provider, crashed and reused */
	struct provider door;    /* what the engine is given: `network` behind the crashing */

	/* what was drawn */
	int rows;
	struct storm_row list[STORM_ROWS_MAX + 1]; /* from 1 */
	bool asks_consent;
	bool fails_often;  /* the breaker is set, and gets something to do */
	struct rng extras; /* of the rules drawn last, so that earlier seeds draw what they drew */
	bool foreign_calls;
	bool clock_jumps;
	int close_hour;          /* hours are 09:00-13:00 and 16:00 to this, every day */
	int64_t until_ms;        /* 0: none */
	const char *never_again; /* the disposition that means it */

	/* what was seen */
	struct dial *dials;
	size_t dial_count;
	size_t dial_size;
	bool guarded; /* the budget stopped the run */

	/* crashing */
	enum storm_crash crash;
	int64_t crash_in; /* events until it happens */
	jmp_buf out;
	bool inside; /* an engine is at work: crashing is possible */
	bool commit_failed;
	int crashes;
	int crashes_left;

	char words[STORM_WORDS_SIZE]; /* why it failed */
};

/* world.c: draw a campaign, a list, a network. */
bool storm_open(struct storm *s, uint64_t seed);
void storm_close(struct storm *s);

/* door.c: the provider that crashes. */
void storm_make_door(struct storm *s);
void storm_plan_crash(struct storm *s);

/* judge.c: what really happened? False: `words` says what went wrong. */
bool storm_judge(struct storm *s, struct ledger *l, int64_t run_id);

/* judge_rules.c: the same for the rules that say who may be called, and when to stop. */
bool storm_judge_rules(struct storm *s, struct ledger *l);

bool storm_fail(struct storm *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
