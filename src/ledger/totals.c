#include "totals_p.h"

#include "statement_p.h"

static bool write_place(struct ledger *l, enum contact_state state, const char *why, int64_t moved,
			struct err *e)
{
	if (moved == 0)
		return true;
	return statement_run(l, moved > 0 ? STMT_TALLY_ADD : STMT_TALLY_TAKE, e, "issi",
			     l->totals.run_id, contact_state_name(state), why,
			     moved > 0 ? moved : -moved);
}

static bool write_tally(struct ledger *l, const struct tally *moved, struct err *e)
{
	for (int i = 0; i < CONTACT_STATE_COUNT; i++)
		if (!contact_state_is_final((enum contact_state)i) &&
		    !write_place(l, (enum contact_state)i, "", moved->state[i], e))
			return false;
	for (int i = 0; i < OUTCOME_COUNT; i++)
		if (!write_place(l, CONTACT_DONE, outcome_name((enum outcome)i), moved->outcome[i],
				 e))
			return false;
	for (int i = 0; i < SKIP_REASON_COUNT; i++)
		if (!write_place(l, CONTACT_SKIPPED, skip_reason_name((enum skip_reason)i),
				 moved->skip[i], e))
			return false;
	return true;
}

bool totals_write(struct ledger *l, struct err *e)
{
	const struct totals *t = &l->totals;
	struct totals left = {0};

	if (t->run_id == 0)
		return true;
	if (!write_tally(l, &t->moved, e))
		return false;
	bool summed = t->calls || t->last_intent_ms || t->answered || t->no_answer || t->failed ||
		      t->talk_ms || t->cost_micro;
	/* How far the list was taken up is worth no commit of its own. */
	bool alone = !summed && sqlite3_get_autocommit(l->db);
	if (t->fresh_after && alone)
		left = (struct totals){.run_id = t->run_id, .fresh_after = t->fresh_after};
	else if ((summed || t->fresh_after) &&
		 !statement_run(l, STMT_RUN_SUM, e, "iiiiiiiii", t->run_id, t->calls,
				t->last_intent_ms, t->answered, t->talk_ms, t->cost_micro,
				t->fresh_after, t->no_answer, t->failed))
		return false;
	l->totals = left;
	return true;
}

void totals_drop(struct ledger *l)
{
	l->totals = (struct totals){0};
}

/* Make room for the totals of this run. */
static bool begin(struct ledger *l, int64_t run_id, struct err *e)
{
	if (l->totals.run_id == run_id)
		return true;
	if (!totals_write(l, e))
		return false;
	l->totals = (struct totals){.run_id = run_id};
	return true;
}

/* Outside a transaction each change stands for itself. */
static bool end(struct ledger *l, struct err *e)
{
	return !sqlite3_get_autocommit(l->db) || totals_write(l, e);
}

bool totals_move(struct ledger *l, int64_t run_id, enum contact_state from, enum contact_state to,
		 const char *why, int64_t contacts, struct err *e)
{
	struct tally *moved = &l->totals.moved;
	enum outcome outcome;
	enum skip_reason reason;

	if (!begin(l, run_id, e))
		return false;
	moved->state[from] -= contacts;
	moved->state[to] += contacts;
	if (to == CONTACT_DONE && outcome_from_name(why, &outcome))
		moved->outcome[outcome] += contacts;
	if (to == CONTACT_SKIPPED && skip_reason_from_name(why, &reason))
		moved->skip[reason] += contacts;
	return end(l, e);
}

bool totals_add_call(struct ledger *l, int64_t run_id, int64_t intent_ms, struct err *e)
{
	if (!begin(l, run_id, e))
		return false;
	l->totals.calls++;
	l->totals.last_intent_ms = intent_ms;
	return end(l, e);
}

bool totals_take_call(struct ledger *l, int64_t run_id, struct err *e)
{
	if (!begin(l, run_id, e))
		return false;
	l->totals.calls--;
	return end(l, e);
}

bool totals_add_end(struct ledger *l, int64_t run_id, enum outcome outcome, int64_t talk_ms,
		    int64_t cost_micro, struct err *e)
{
	if (!begin(l, run_id, e))
		return false;
	l->totals.answered += outcome == OUTCOME_COMPLETED || outcome == OUTCOME_FORWARDED;
	l->totals.no_answer += outcome == OUTCOME_NO_ANSWER;
	l->totals.failed += outcome == OUTCOME_FAILED || outcome == OUTCOME_LOST;
	l->totals.talk_ms += talk_ms;
	l->totals.cost_micro += cost_micro;
	return end(l, e);
}

void totals_fresh_after(struct ledger *l, int64_t run_id, int64_t contact_id)
{
	if (l->totals.run_id == 0)
		l->totals.run_id = run_id;
	if (l->totals.run_id == run_id)
		l->totals.fresh_after = contact_id;
}

int64_t totals_known_fresh(const struct ledger *l, int64_t run_id)
{
	return l->totals.run_id == run_id ? l->totals.fresh_after : 0;
}

void totals_forget_fresh(struct ledger *l)
{
	l->totals.fresh_after = 0;
}
