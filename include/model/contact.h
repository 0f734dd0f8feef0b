/*
 * A contact: one row of the list, as nida keeps it, and the states it goes through.
 *
 *     pending ─→ placing ─→ live ─→ done(outcome) ─→ (retry due) pending
 *        │          ├─ not sent, or refused as "slow down" ─→ pending (with a time)
 *        │          ├─ refused for this row ─→ done(failed, the provider's words)
 *        │          └─ sent, no answer ─→ in_doubt ─→ live | done (found at Hamsa)
 *        │                                         │  pending (proven absent) | stays in_doubt
 *        └─→ skipped(reason)
 *
 * A contact whose call ended and that is to be called again goes from live straight back to
 * pending, with the time it is due. Every state, outcome and reason has a name (kept in the ledger,
 * written to the reports, never translated) and a sentence in English and Arabic for people.
 */
#ifndef NIDA_MODEL_CONTACT_H
#define NIDA_MODEL_CONTACT_H

#include "model/language.h"

#include <stdbool.h>

enum contact_state {
	/* Waits for its time (`due_ms`) and for the rules. Next: placing, skipped. */
	CONTACT_PENDING,
	/* The intent is in the ledger and the POST may be on its way. After a crash it must be
	 * taken for in doubt. Next: live, pending, done, in_doubt. */
	CONTACT_PLACING,
	/* Hamsa accepted the call and has not said that it is over. Next: done, pending (retry). */
	CONTACT_LIVE,
	/* The POST was sent and its answer never arrived: a call may or may not exist. Nobody is
	 * called from here. Next: live (found), done (found, over), pending (proven absent). */
	CONTACT_IN_DOUBT,
	/* Over, with an outcome; no further attempt. Final. */
	CONTACT_DONE,
	/* Never called (again), for a reason. Final. */
	CONTACT_SKIPPED,
	CONTACT_STATE_COUNT,
};

enum outcome {
	OUTCOME_NONE,       /* not over yet */
	OUTCOME_COMPLETED,  /* answered, talked, ended normally */
	OUTCOME_NO_ANSWER,  /* nobody picked up */
	OUTCOME_FAILED,     /* an error at Hamsa or the carrier, or refused for this row */
	OUTCOME_FORWARDED,  /* passed on to another destination, usually a person */
	OUTCOME_TERMINATED, /* ended from our side: end-call, or the dashboard */
	OUTCOME_LOST,       /* Hamsa no longer knows it, or it never ended by itself */
	OUTCOME_COUNT,
};

enum skip_reason {
	SKIP_NONE,
	SKIP_INVALID_PHONE, /* the number cannot be called */
	SKIP_MISSING_VALUE, /* a required value, or the key, is empty */
	SKIP_BAD_VALUE,     /* a value does not fit its type, or the row its header */
	SKIP_DUPLICATE,     /* another row has this number or this key */
	SKIP_SUPPRESSED,    /* on a do-not-call list, or asked never to be called again */
	SKIP_NO_CONSENT,    /* the consent column does not say yes */
	SKIP_FREQUENCY,     /* called too often or too recently, by any campaign */
	SKIP_UNSETTLED,     /* an earlier call to the number is in doubt: a person must look */
	SKIP_OUT_OF_TIME,   /* `until` passed first */
	SKIP_OVER_BUDGET,   /* the budget was used up first */
	SKIP_CANCELLED,     /* a person ended the run, or took the row off the list */
	SKIP_REASON_COUNT,
};

/* Is from → to an arrow of the drawing above? The ledger calls BUG() for anything else. */
bool contact_may_move(enum contact_state from, enum contact_state to);
bool contact_state_is_final(enum contact_state state);

const char *contact_state_name(enum contact_state state);
const char *outcome_name(enum outcome outcome);
const char *skip_reason_name(enum skip_reason reason);

/* Back from a name; false for an unknown one. */
bool contact_state_from_name(const char *name, enum contact_state *out);
bool outcome_from_name(const char *name, enum outcome *out);
bool skip_reason_from_name(const char *name, enum skip_reason *out);

/* A sentence for people, e.g. "Nobody picked up." / "لم يرد أحد على المكالمة." */
const char *contact_state_text(enum contact_state state, enum language language);
const char *outcome_text(enum outcome outcome, enum language language);
const char *skip_reason_text(enum skip_reason reason, enum language language);

#endif
