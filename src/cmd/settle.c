/*
 * nida settle: a person decides what stayed in doubt. Without a key it says what there is to
 * decide.
 */
#include "object_p.h"

#include "cmd/say.h"
#include "cmd/session.h"

#include "ledger/attempt.h"
#include "ledger/contact.h"
#include "ledger/lock.h"

#include <stdio.h>
#include <string.h>

struct doubts {
	struct session *s;
	const struct run *run;
	const char *key; /* the one to decide; NULL: list them */
	size_t count;
	int64_t attempt_id; /* of `key`; 0: not found */
	int64_t contact_id;
	int number; /* of the attempt */
};

static bool visit_doubt(void *data, const struct attempt *a, struct err *e)
{
	struct doubts *d = data;
	struct contact contact;
	char when[MOMENT_SIZE];

	if (a->state != ATTEMPT_IN_DOUBT && a->state != ATTEMPT_PLACING)
		return true;
	if (!ledger_contact_get(d->s->ledger, a->contact_id, &d->s->arena, &contact, e))
		return false;
	d->count++;
	if (d->key && strcmp(d->key, contact.key) == 0) {
		d->attempt_id = a->id;
		d->contact_id = a->contact_id;
		d->number = a->number;
	}
	if (!d->key && option_given(d->s->in, OPTION_JSON))
		object_print_doubt(d->run, &contact, a);
	else if (!d->key)
		say(stdout, "%-16s %s  attempt %d, %s: %s\n", contact.key, a->phone, a->number,
		    moment_short(d->s->plan->campaign.zone, a->intent_ms, true, when),
		    *a->words ? a->words : "nida was interrupted while it placed this call.");
	return true;
}

/* Nobody is called by a run that a person has ended. */
static bool skip_cancelled(struct session *s, const struct run *run, int64_t now_ms, struct err *e)
{
	int64_t count;

	return run->state != RUN_CANCELLED ||
	       ledger_contacts_skip_pending(s->ledger, run->id, SKIP_CANCELLED,
					    "the run was cancelled", now_ms, &count, e);
}

/* Back to the state that a person's word leads to. */
static bool decide(struct session *s, const struct run *run, bool newest, const struct doubts *d,
		   bool called, struct err *e)
{
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	static const char yes[] = "A person says that this call was made.";
	static const char no[] = "A person says that this call was never made.";

	if (!ledger_begin(s->ledger, e))
		return false;
	/* What it cost nobody knows: a budget counts it as what was expected. */
	bool ok = called ? ledger_attempt_ended(s->ledger, d->attempt_id, OUTCOME_LOST, NULL,
						rehearsal_call_cost(&s->plan->scenario.rehearsal),
						yes, -1, now_ms, e)
			 : ledger_attempt_void(s->ledger, d->attempt_id, "absent", no, now_ms,
					       now_ms, e);
	/* A row that may be called again opens a run that was finished without it; a run that was
	 * followed by another is never taken up again, so there the row stays uncalled. */
	if (ok && !called && !newest)
		ok = ledger_contact_skip(s->ledger, d->contact_id, SKIP_CANCELLED,
					 "a newer run has taken the place of this one", now_ms, e);
	else if (ok && !called && run->state == RUN_FINISHED)
		ok = ledger_run_set_state(s->ledger, run->id, RUN_OPEN, now_ms, e);
	ok = ok && skip_cancelled(s, run, now_ms, e);
	if (ok && ledger_commit(s->ledger, e))
		return true;
	ledger_rollback(s->ledger);
	return false;
}

/* What was decided, and where the row stands after it. */
static bool print_decision(struct session *s, const struct run *run, const struct doubts *d,
			   bool called, struct err *e)
{
	struct contact c;
	struct object o;

	if (!ledger_contact_get(s->ledger, d->contact_id, &s->arena, &c, e))
		return false;
	struct emit *j = object_begin(&o);
	object_add_run(j, run);
	emit_text(j, "key", c.key);
	emit_number(j, "attempt", d->number);
	emit_flag(j, "called", called);
	emit_text(j, "state", contact_state_name(c.state));
	emit_text(j, "reason", c.state == CONTACT_SKIPPED ? skip_reason_name(c.reason) : NULL);
	emit_text(j, "outcome", c.state == CONTACT_DONE ? outcome_name(c.outcome) : NULL);
	object_print(&o);
	return true;
}

static bool settle_key(struct session *s, const struct run *run, struct doubts *d, struct err *e)
{
	bool called = option_given(s->in, OPTION_CALLED);
	struct run latest;
	bool found;

	if (called == option_given(s->in, OPTION_NOT_CALLED))
		return err_set(e, ERR_INVALID,
			       "Was %s called? Say either --called or --not-called.", d->key);
	if (d->attempt_id == 0)
		return err_set(e, ERR_INVALID, "Nothing is in doubt about %s in run %s.", d->key,
			       run->name);
	if (!ledger_run_latest(s->ledger, run->campaign, &s->arena, &latest, &found, e) ||
	    !decide(s, run, latest.id == run->id, d, called, e))
		return false;
	if (option_given(s->in, OPTION_JSON))
		return print_decision(s, run, d, called, e);
	say(stdout, "%s\n",
	    called                        ? "The row is done; it is not called again."
	    : run->state == RUN_CANCELLED ? "It is not called again: the run was cancelled."
	    : latest.id == run->id ? "The row is pending again; the next `nida run` calls it."
				   : "The row stays uncalled in this older run; its number may be "
				     "called by others again.");
	return true;
}

static bool settle(struct session *s, struct err *e)
{
	struct doubts doubts = {
		.s = s,
		.key = session_key(s, s->in->arguments[1]),
	};
	struct ledger_lock *lock = NULL;
	struct run run;

	doubts.run = &run;
	if (!session_need_run(s, LEDGER_CHANGE, &run, e))
		return false;
	if (run.purged_ms > 0)
		return err_set(e, ERR_INVALID,
			       "The personal data of run %s were removed; nothing about it can be "
			       "decided any more.",
			       run.name);
	/* A runner may be settling this very call at this moment. */
	if (doubts.key && !ledger_lock_take(s->ledger, s->plan->campaign.name, &lock, e))
		return false;
	/* Nor may what it has changed until now be overlooked: the run may be finished by it. */
	bool ok = ledger_run_get(s->ledger, run.id, &s->arena, &run, e) &&
		  ledger_attempts_open(s->ledger, run.id, visit_doubt, &doubts, e);
	if (ok && doubts.key)
		ok = settle_key(s, &run, &doubts, e);
	else if (ok && doubts.count == 0 && !option_given(s->in, OPTION_JSON))
		say(stdout, "Nothing is in doubt in run %s.\n", run.name);
	ledger_lock_drop(lock);
	return ok;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	bool ok = session_load_plan(&s, in, e) && settle(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_CALLED, OPTION_NOT_CALLED, OPTION_RUN, OPTION_JSON,
					 OPTION_LEDGER, OPTION_ENV_FILE,   OPTION_HELP};

const struct verb verb_settle = {
	.name = "settle",
	.arguments = "CAMPAIGN [KEY]",
	.least = 1,
	.most = 2,
	.summary = "a person decides what stayed in doubt",
	.details =
		"A placing whose answer never arrived stays in doubt when Hamsa's list can neither "
		"show the call nor prove\nthat there is none; nida never calls such a row again by "
		"itself. Without KEY the rows in doubt are listed.\nLook them up at Hamsa, then "
		"say "
		"--called (the row is done, as lost) or --not-called (it is pending again).\n"
		"Either leaves an event. Not while the campaign is being run.",
	.example = "  nida settle campaigns/payment-reminder.yaml 10482231 --not-called",
	.options = options,
	.run = run,
};
