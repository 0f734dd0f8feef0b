/*
 * Attempts: the tries at calling a contact, each change of state in one function.
 *
 *     placing ─→ live ─→ closed(outcome)
 *        ├─→ in_doubt ─→ live | closed(outcome) | closed(void: proven absent)
 *        └─→ closed(outcome failed: refused) | closed(void: never dialled)
 *
 * Each function moves the attempt and its contact together, keeps the run's totals and tally, and
 * adds an event. A void attempt is one that certainly never rang; it does not count against the
 * campaign's attempts.
 */
#ifndef NIDA_LEDGER_ATTEMPT_H
#define NIDA_LEDGER_ATTEMPT_H

#include "base/err.h"
#include "base/mem.h"
#include "ledger/contact.h"
#include "ledger/ledger.h"
#include "model/call.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts are never NULL. */
struct attempt {
	int64_t id;
	int64_t contact_id;
	int64_t run_id;
	int number;      /* 1 for the first of its contact */
	const char *ref; /* nidaRef: 32 hexadecimal digits */
	enum attempt_state state;
	const char *phone;
	const char *agent;  /* "" : inline */
	const char *job_id; /* "" : none known */
	int64_t intent_ms;
	int64_t placed_ms;      /* when Hamsa's answer was recorded; 0: not yet */
	const char *status;     /* the last word Hamsa had for it; "" */
	const char *words;      /* the last thing worth saying about it */
	int64_t end_asked_ms;   /* somebody asked for its end; 0: nobody */
	const char *twilio_sid; /* of a reply of Hamsa's; "": none was seen */
	enum outcome outcome;   /* OUTCOME_NONE: not closed, or void */
	bool is_void;           /* it certainly never rang */
};

/* The intent: pending → placing. Sets out->id. Must be committed before the POST starts. */
bool ledger_attempt_intend(struct ledger *l, const struct contact *c, const struct attempt *a,
			   const char *request, int64_t now_ms, int64_t *id,
			   struct err *e) MUST_CHECK;

/* placing or in_doubt → live. */
bool ledger_attempt_accepted(struct ledger *l, int64_t id, const char *job_id, const char *reply,
			     int64_t now_ms, struct err *e) MUST_CHECK;

/* placing → void, or in_doubt → void (proven absent): it certainly never rang. The contact is
 * pending again, not before due_ms, which is later than 0. `why` is one of "not_sent",
 * "slow_down", "stopped", "absent". */
bool ledger_attempt_void(struct ledger *l, int64_t id, const char *why, const char *words,
			 int64_t due_ms, int64_t now_ms, struct err *e) MUST_CHECK;

/* placing → closed(failed); contact → done(failed): refused for this row, for ever. */
bool ledger_attempt_refused(struct ledger *l, int64_t id, const char *words, int64_t now_ms,
			    struct err *e) MUST_CHECK;

/* placing → in_doubt. */
bool ledger_attempt_doubt(struct ledger *l, int64_t id, const char *words, int64_t now_ms,
			  struct err *e) MUST_CHECK;

/* A call that is live, or in doubt, has a new status word; the state stays. */
bool ledger_attempt_status(struct ledger *l, int64_t id, const char *status, int64_t now_ms,
			   struct err *e) MUST_CHECK;

/* live, or in_doubt when a person says so → closed(outcome). retry_ms ≥ 0: the contact is
 * pending again from then on; < 0: it is done. `report` may be NULL (lost). `cost` is counted as
 * spent; where the report has none it is an estimate and kept as such (0: none). `words` may be
 * "". */
bool ledger_attempt_ended(struct ledger *l, int64_t id, enum outcome outcome,
			  const struct call_report *report, struct decimal cost, const char *words,
			  int64_t retry_ms, int64_t now_ms, struct err *e) MUST_CHECK;

/* Somebody asks for the end of a live call; any process may. *first: nobody had asked before. */
bool ledger_attempt_ask_end(struct ledger *l, int64_t id, const char *by, int64_t now_ms,
			    bool *first, struct err *e) MUST_CHECK;

/* The wish is taken back: nobody could fulfil it. */
bool ledger_attempt_unask_end(struct ledger *l, int64_t id, const char *why, int64_t now_ms,
			      struct err *e) MUST_CHECK;

/* Hamsa has told which call of Twilio's this is; any process may keep it. (What it tells when it
 * accepts a call, or in the report of its end, is kept without this.) */
bool ledger_attempt_keep_sid(struct ledger *l, int64_t id, const char *sid,
			     struct err *e) MUST_CHECK;

/* The attempt as it stands now, which must exist; its texts live as long as the arena. */
bool ledger_attempt_get(struct ledger *l, int64_t id, struct arena *arena, struct attempt *out,
			struct err *e) MUST_CHECK;

/* How the attempt stands now. */
bool ledger_attempt_state(struct ledger *l, int64_t id, enum attempt_state *out,
			  struct err *e) MUST_CHECK;

/* Every attempt of a run that is not closed, oldest first. */
bool ledger_attempts_open(struct ledger *l, int64_t run_id,
			  bool (*visit)(void *data, const struct attempt *a, struct err *e),
			  void *data, struct err *e) MUST_CHECK;

/* Every attempt of a run behind which there is, or may be, a call at Hamsa: those with a job id and
 * those nobody knows about yet; oldest first. Void and refused ones are left out. */
bool ledger_attempts_called(struct ledger *l, int64_t run_id,
			    bool (*visit)(void *data, const struct attempt *a, struct err *e),
			    void *data, struct err *e) MUST_CHECK;

/* The attempt with this reference, and the latest of this number in a run; 0: there is none. */
bool ledger_attempt_by_ref(struct ledger *l, const char *ref, int64_t *id,
			   struct err *e) MUST_CHECK;
bool ledger_attempt_by_phone(struct ledger *l, int64_t run_id, const char *phone, int64_t *id,
			     struct err *e) MUST_CHECK;

/* The attempt that this job id belongs to, of any run of this ledger; 0: no run knows it. Ids
 * grow in the order of the intents, whatever the wall clock says. */
bool ledger_attempt_by_job(struct ledger *l, const char *job_id, int64_t *id,
			   struct err *e) MUST_CHECK;

/* The latest attempt of any run whose call is known to exist; 0: none. */
bool ledger_attempt_newest_made(struct ledger *l, int64_t *id, struct err *e) MUST_CHECK;

/* When the provider says it made the last call of ours before this attempt; 0: not known. By the
 * provider's own clock, so it bounds what came later even when this machine's clock was wrong. */
bool ledger_attempt_made_before(struct ledger *l, int64_t id, int64_t *out_ms,
				struct err *e) MUST_CHECK;

/* How many rows of a run were called, calls that are up included, and how many of them answered
 * one. Costs as much as the run has calls. */
bool ledger_rows_called(struct ledger *l, int64_t run_id, int64_t *called, int64_t *answered,
			struct err *e) MUST_CHECK;

/* Outcomes of the last `most` attempts of a run that ended after since_ms, newest first; what a
 * person decided is not among them. */
bool ledger_attempts_recent(struct ledger *l, int64_t run_id, int64_t since_ms, size_t most,
			    enum outcome *out, size_t *count, struct err *e) MUST_CHECK;

/* How many calls of a run were begun since since_ms, void ones left out. Costs as much as there
 * were, of all runs. */
bool ledger_attempts_since(struct ledger *l, int64_t run_id, int64_t since_ms, int64_t *count,
			   struct err *e) MUST_CHECK;

/* A call to a number that is not over: whose it is, and how it stands. */
struct busy_call {
	int64_t since_ms; /* of its intent; 0: there is none */
	int64_t run_id;
	enum attempt_state state;
	const char *campaign;
	const char *run; /* by name */
	const char *key;
};

/* The oldest one of this number, of any campaign; texts in the arena. */
bool ledger_phone_busy(struct ledger *l, const char *phone, struct arena *arena,
		       struct busy_call *out, struct err *e) MUST_CHECK;

/* When this number was called, by any campaign, for the nth time counted back from now (1: the
 * newest); void attempts left out. 0: it was called less often. */
bool ledger_attempt_of_phone(struct ledger *l, const char *phone, int nth, int64_t *out_ms,
			     struct err *e) MUST_CHECK;

#endif
