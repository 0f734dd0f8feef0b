/*
 * What a comparison of runs needs: which runs there are, and their calls summed by time, so that a
 * hundred thousand calls become a few lines.
 *
 * Times are summed by quarters of an hour, since no zone of the world is off by less: the caller
 * knows the zone and makes days of them. Void attempts, which never rang, are left out, so the sums
 * over a run are its calls, answered, talk_ms and cost (ledger/run.h).
 */
#ifndef NIDA_LEDGER_COMPARE_H
#define NIDA_LEDGER_COMPARE_H

#include "base/err.h"
#include "base/mem.h"
#include "ledger/ledger.h"
#include "ledger/run.h"
#include "model/contact.h"

#include <stdbool.h>
#include <stdint.h>

struct call_slice {
	int64_t from_ms;      /* start of the quarter of an hour in which they were placed */
	enum outcome outcome; /* OUTCOME_NONE: not over */
	int64_t calls;
	int64_t talk_ms;
	struct decimal cost;
};

/* Runs of a campaign (NULL: of every one; rehearsals apart) that began or called since then, by
 * campaign, oldest first. Texts lie in the arena. */
bool ledger_runs_since(struct ledger *l, const char *campaign, int64_t since_ms,
		       struct arena *arena,
		       bool (*visit)(void *data, const struct run *run, struct err *e), void *data,
		       struct err *e) MUST_CHECK;

/* By time and outcome, each pair once. */
bool ledger_run_calls(struct ledger *l, int64_t run_id,
		      bool (*visit)(void *data, const struct call_slice *slice, struct err *e),
		      void *data, struct err *e) MUST_CHECK;

#endif
