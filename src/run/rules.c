/*
 * The rules that hold for everybody: may anybody be called now, and how many together?
 *
 * They are asked before each dial, in the order in which an operator would want to hear of them;
 * the first that says no is the answer to "why is nothing being dialled?".
 */
#include "engine_p.h"

#include "base/log.h"
#include "model/hours.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PLACING_MAX 32 /* POSTs under way at once; fewer than there are connections */

/* The campaign's own hours; with a zone for each customer they are asked for each instead. */
static bool hours_allow(struct engine *g, int64_t *wait_us)
{
	const struct campaign *c = &g->plan->campaign;
	int64_t open_ms;
	char when[MOMENT_SIZE];

	if (g->plan->columns.timezone >= 0 || hours_open(&c->hours, c->zone, g->now_ms))
		return true;
	if (hours_next_open(&c->hours, c->zone, g->now_ms, &open_ms)) {
		engine_why(g, open_ms, "outside hours until %s %s",
			   moment_short(c->zone, open_ms, false, when), zone_name(c->zone));
		engine_wait_at_most(wait_us, engine_us_until(g, open_ms));
	} else {
		engine_why(g, 0, "the campaign's hours never open again");
	}
	return false;
}

/* Does the budget keep the rest from being called, whatever the time? */
bool engine_is_over_budget(const struct engine *g)
{
	bool paused = g->run.paused_by && strcmp(g->run.paused_by, "budget") == 0;

	return paused || !budget_allows(&g->plan->campaign.guard, g->run.cost, 0,
					rehearsal_call_cost(&g->plan->scenario.rehearsal));
}

/* After the last moment at which anybody could be called, the rows left over say so: what kept them
 * from being called was the budget, where it had stopped the run before. */
bool engine_expire(struct engine *g, bool *expired, struct err *e)
{
	const struct campaign *c = &g->plan->campaign;
	int64_t open_ms;
	int64_t count;

	bool until_passed = c->hours.has_until && g->now_ms >= c->hours.until_ms;
	bool budget_spent = engine_is_over_budget(g);

	/* `until` may lie in hours that are closed: then the time is over before it. */
	*expired = until_passed || (g->plan->columns.timezone < 0 &&
				    !hours_next_open(&c->hours, c->zone, g->now_ms, &open_ms));
	if (!*expired || (g->due_known && g->next_due_ms == INT64_MAX))
		return true;
	if (!ledger_begin(g->ledger, e))
		return false;
	if (!ledger_contacts_skip_pending(g->ledger, g->run_id,
					  budget_spent ? SKIP_OVER_BUDGET : SKIP_OUT_OF_TIME,
					  until_passed ? "`until` has passed"
						       : "the hours never open again",
					  g->now_ms, &count, e) ||
	    !ledger_commit(g->ledger, e)) {
		ledger_rollback(g->ledger);
		return false;
	}
	if (count > 0)
		log_warn("%" PRId64 " rows were not called: the %s.", count,
			 budget_spent ? "budget was used up before the time was over"
				      : "time is over");
	g->due_known = true;
	g->next_due_ms = INT64_MAX;
	return true;
}

/* The canary is judged once; before that no more than its rows are begun. A row that is called
 * again meanwhile is the same row. */
static bool canary_allows(struct engine *g, bool *allowed, struct err *e)
{
	const struct canary_rule *rule = &g->plan->campaign.guard.canary;
	/* What stays in doubt for want of later calls is not waited for: without the verdict there
	 * are none. It counts as a row that was not answered. */
	size_t waiting = board_count(g->board);
	int64_t answered;
	char words[200];

	*allowed = true;
	if (rule->rows == 0 || g->run.canary_judged)
		return true;
	if (!engine_doubts_settling(g))
		waiting -= board_in_phase(g->board, PHASE_IN_DOUBT);
	if (!ledger_rows_called(g->ledger, g->run_id, &g->canary_begun, &answered, e))
		return false;
	int64_t ended = g->canary_begun - (int64_t)waiting;
	switch (canary_judge(rule, g->canary_begun, ended, answered)) {
	case CANARY_CALLING:
		return true;
	case CANARY_WAITING:
		*allowed = false;
		engine_why(g, 0, "the first %d rows are being called; waiting to judge them",
			   rule->rows);
		return true;
	case CANARY_PASSED:
		g->run.canary_judged = true;
		return ledger_run_canary_judged(g->ledger, g->run_id, e);
	case CANARY_FAILED:
		*allowed = false;
		snprintf(words, sizeof(words),
			 "of the first %" PRId64 " rows %" PRId64
			 " were answered, fewer than the %.0f %% that guard.canary asks for",
			 g->canary_begun, answered, rule->min_answered * 100);
		/* Together: judged without the pause, the rest would be called. */
		if (!ledger_begin(g->ledger, e))
			return false;
		if (engine_pause(g, "canary", words, e) &&
		    ledger_run_canary_judged(g->ledger, g->run_id, e) &&
		    ledger_commit(g->ledger, e))
			return true;
		ledger_rollback(g->ledger);
		return false;
	}
	return true;
}

static bool budget_ok(struct engine *g, bool *allowed, struct err *e)
{
	const struct guard *guard = &g->plan->campaign.guard;
	size_t live = board_count(g->board);
	char spent[DECIMAL_SIZE];
	char limit[DECIMAL_SIZE];
	char next[DECIMAL_SIZE];
	char words[240];

	*allowed = budget_allows(guard, g->run.cost, (int64_t)live,
				 rehearsal_call_cost(&g->plan->scenario.rehearsal));
	if (*allowed)
		return true;
	/* Live calls may turn out cheaper than expected, and what is in doubt may never have
	 * been: judge when the ones are over and the others have had their time to settle. */
	if (live > board_in_phase(g->board, PHASE_IN_DOUBT) || engine_doubts_settling(g)) {
		engine_why(g, 0,
			   "the budget allows no further call until the live ones have ended");
		return true;
	}
	snprintf(words, sizeof(words),
		 "%s spent of a budget of %s, and the next call may cost %s; a larger guard.budget "
		 "lets it go on",
		 decimal_format(g->run.cost, 3, spent), decimal_format(guard->budget, 3, limit),
		 decimal_format(rehearsal_call_cost(&g->plan->scenario.rehearsal), 3, next));
	return engine_pause(g, "budget", words, e);
}

static bool pace_allows(struct engine *g, int64_t *wait_us)
{
	int64_t pace_us = pace_wait_us(&g->pace, g->now);
	int64_t hold_us = mono_since(g->now, g->pace.hold_until);
	char words[MOMENT_SIZE];

	if (hold_us > 0)
		engine_why(g, g->now_ms + hold_us / 1000, "Hamsa asked us to wait %s",
			   span_words(hold_us / 1000, words));
	if (pace_us > 0)
		engine_wait_at_most(wait_us, pace_us);
	return pace_us == 0;
}

/* A placing that waits for its connection has not started: others would start together with it, in
 * a burst. *late: it has waited for long enough to be worth a word. */
static bool all_have_left(struct engine *g, bool *late)
{
	bool unsent =
		board_in_phase(g->board, PHASE_PLACING) > 0 && provider_unsent(g->provider) > 0;

	if (unsent && !g->unsent)
		g->unsent_since = g->now;
	if (!unsent && g->unsent)
		pace_departed(&g->pace, g->now);
	g->unsent = unsent;
	*late = unsent && mono_since(g->unsent_since, g->now) > SECOND_MS * 1000;
	return !unsent;
}

/* Calls that are up, or may be. */
static size_t count_up(const struct engine *g)
{
	size_t over =
		board_in_phase(g->board, PHASE_LATE) + board_in_phase(g->board, PHASE_REREADING);

	return board_count(g->board) - board_in_phase(g->board, PHASE_IN_DOUBT) - over +
	       engine_doubts_alive(g);
}

/* May anybody be called now? `why` is empty when only the pace says not yet. */
bool engine_may_place(struct engine *g, int64_t *wait_us, bool *may, struct err *e)
{
	const struct campaign *c = &g->plan->campaign;
	size_t up = count_up(g);
	int64_t backoff_us = mono_since(g->now, g->network.until);
	bool late;
	bool left = all_have_left(g, &late);
	struct err unreadable;

	*may = false;
	engine_why(g, 0, "%s", "");
	if (g->hurried && g->stop == STOP_ASKED && up > 0) {
		engine_why(g, 0, "stopping: no further call is placed, %zu followed to the end",
			   up);
	} else if (g->stop != STOP_NONE) {
		engine_why(g, 0, "%s", g->stop_words);
	} else if (g->run.paused_by) {
		engine_why(g, 0, "paused by %s: %s", g->run.paused_by, g->run.pause_words);
	} else if (g->project != PROJECT_GOOD) {
		engine_why(g, 0, "waiting for Hamsa to confirm the key and the project");
	} else if (!hours_allow(g, wait_us)) {
		return true;
	} else if (backoff_us > 0) {
		engine_why(g, g->now_ms + backoff_us / 1000,
			   "Hamsa cannot be reached; trying again soon");
		engine_wait_at_most(wait_us, backoff_us);
	} else if (!left) {
		engine_why(g, 0, "%s", late ? "a call waits for a connection to Hamsa" : "");
	} else if (!suppressor_refresh(g->suppressor, &unreadable)) {
		engine_why(g, 0, "%s", unreadable.text);
		engine_wait_at_most(wait_us, SECOND_MS * 1000);
	} else if ((int64_t)up >= c->live) {
		size_t doubts = engine_doubts_alive(g);
		if (doubts > 0)
			engine_why(
				g, 0,
				"%zu live and %zu in doubt, which may be up; the cap is %" PRId64,
				up - doubts, doubts, c->live);
		else
			engine_why(g, 0, "%zu live, the cap is %" PRId64, up, c->live);
		/* Calls in doubt make room by growing too old to be up; nothing else tells of
		 * it. */
		engine_wait_at_most(wait_us, engine_doubts_fade_us(g));
	} else {
		bool allowed;
		if (!canary_allows(g, &allowed, e))
			return false;
		if (allowed && !budget_ok(g, &allowed, e))
			return false;
		*may = allowed && pace_allows(g, wait_us);
	}
	return true;
}

/* How many calls may start together now. */
size_t engine_room(const struct engine *g)
{
	int64_t most = pace_group(&g->pace);
	int64_t up = (int64_t)count_up(g);
	const struct canary_rule *canary = &g->plan->campaign.guard.canary;

	/* What waits for a connection would leave later, in a burst, whatever the clock says
	 * then. */
	int64_t placing = (int64_t)board_in_phase(g->board, PHASE_PLACING);
	if (most > PLACING_MAX - placing)
		most = PLACING_MAX - placing;
	if (most > g->plan->campaign.live - up)
		most = g->plan->campaign.live - up;
	if (canary->rows > 0 && !g->run.canary_judged && most > canary->rows - g->canary_begun)
		most = canary->rows - g->canary_begun;
	if (g->limit > 0 && most > g->limit - g->placed)
		most = g->limit - g->placed;
	if (g->plan->campaign.guard.has_budget && most > 1)
		most = 1; /* each call is weighed against the budget by itself */
	return most > BATCH_MAX ? BATCH_MAX : most < 0 ? 0 : (size_t)most;
}
