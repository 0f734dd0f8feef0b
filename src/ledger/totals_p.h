/*
 * The totals of a run (its tally and the sums of its calls), while a transaction goes on.
 *
 * Every change of a contact or an attempt changes them, and many changes share a transaction: so
 * they wait in memory and are written once, before the commit, and before anybody reads a run or a
 * tally through this connection. Others see them change with the commit, as before. What a rollback
 * takes back is dropped here too. Totals of one run wait at a time.
 */
#ifndef NIDA_LEDGER_TOTALS_P_H
#define NIDA_LEDGER_TOTALS_P_H

#include "base/err.h"
#include "ledger/run.h"

#include <stdbool.h>
#include <stdint.h>

struct totals {
	int64_t run_id; /* 0: nothing waits */
	struct tally moved;
	int64_t calls;
	int64_t last_intent_ms; /* 0: none was added */
	int64_t answered;
	int64_t no_answer;
	int64_t failed;
	int64_t talk_ms;
	int64_t cost_micro;
	int64_t fresh_after;
};

/* So many contacts leave one place of the tally for another; `why` is the outcome or the skip
 * reason by name when `to` is a final state. */
bool totals_move(struct ledger *l, int64_t run_id, enum contact_state from, enum contact_state to,
		 const char *why, int64_t contacts, struct err *e) MUST_CHECK;

/* One call more, begun at intent_ms; or one that was none after all. */
bool totals_add_call(struct ledger *l, int64_t run_id, int64_t intent_ms, struct err *e) MUST_CHECK;
bool totals_take_call(struct ledger *l, int64_t run_id, struct err *e) MUST_CHECK;

bool totals_add_end(struct ledger *l, int64_t run_id, enum outcome outcome, int64_t talk_ms,
		    int64_t cost_micro, struct err *e) MUST_CHECK;

/* Every row of the run up to this one was taken up. Noted with the next commit of whatever kind; a
 * rollback drops it, and then the search for fresh rows begins further up and finds the same. */
void totals_fresh_after(struct ledger *l, int64_t run_id, int64_t contact_id);
/* How far that is known beyond what is noted; 0: it is not. */
int64_t totals_known_fresh(const struct ledger *l, int64_t run_id);
/* Rows were added: what the ledger says is all that is known. */
void totals_forget_fresh(struct ledger *l);

bool totals_write(struct ledger *l, struct err *e) MUST_CHECK;
void totals_drop(struct ledger *l);

#endif
