/*
 * Placing: from a due contact to a POST that may leave.
 *
 * First the rules that hold for everybody (may_place), in the order in which an operator would want
 * to hear of them; then the rules of one contact (judge), asked again right here although they were
 * asked when the list was frozen, because files, registers and clocks have moved on since. What may
 * go is written into the ledger as intents, in one transaction with a synced commit, and only then
 * handed to the provider.
 */
#include "engine_p.h"

#include "base/log.h"
#include "base/text.h"
#include "ledger/event.h"
#include "model/hours.h"
#include "run/order.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MAX           64
#define BUSY_WAIT_MS        (30 * SECOND_MS) /* another call to the number is up: look again */
#define BUSY_MOST_MS        (2 * HOUR_MS)    /* longer than any call */
#define PERSON_ATTEMPTS_MAX 256

void engine_why(struct engine *g, int64_t until_ms, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(g->why, sizeof(g->why), fmt, args);
	va_end(args);
	g->why_until_ms = until_ms;
}

static int64_t us_until_wall(const struct engine *g, int64_t wall_ms)
{
	return wall_ms == INT64_MAX ? INT64_MAX : (wall_ms - g->now_ms) * 1000;
}

static struct decimal expected_cost(const struct engine *g)
{
	const struct rehearsal_rates *rates = &g->plan->scenario.rehearsal;
	int64_t talk_ms = (rates->talk_min_ms + rates->talk_max_ms) / 2;

	return (struct decimal){rates->cost_per_minute.micro * (talk_ms / SECOND_MS) / 60};
}

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
		engine_wait_at_most(wait_us, us_until_wall(g, open_ms));
	} else {
		engine_why(g, 0, "the campaign's hours never open again");
	}
	return false;
}

/* After the last moment at which anybody could be called, the rows left over say so. */
static bool expire(struct engine *g, bool *expired, struct err *e)
{
	const struct campaign *c = &g->plan->campaign;
	int64_t open_ms;
	int64_t count;

	bool until_passed = c->hours.has_until && g->now_ms >= c->hours.until_ms;

	/* `until` may lie in hours that are closed: then the time is over before it. */
	*expired = until_passed || (g->plan->columns.timezone < 0 &&
				    !hours_next_open(&c->hours, c->zone, g->now_ms, &open_ms));
	if (!*expired || (g->due_known && g->next_due_ms == INT64_MAX))
		return true;
	if (!ledger_begin(g->ledger, e))
		return false;
	if (!ledger_contacts_skip_pending(g->ledger, g->run_id, SKIP_OUT_OF_TIME,
					  until_passed ? "`until` has passed"
						       : "the hours never open again",
					  g->now_ms, &count, e) ||
	    !ledger_commit(g->ledger, e)) {
		ledger_rollback(g->ledger);
		return false;
	}
	if (count > 0)
		log_warn("%" PRId64 " rows were not called: the time is over.", count);
	g->due_known = true;
	g->next_due_ms = INT64_MAX;
	return true;
}

/* The canary is judged once; before that no more than its rows are begun. */
static bool canary_allows(struct engine *g, bool *allowed, struct err *e)
{
	const struct canary_rule *rule = &g->plan->campaign.guard.canary;
	int64_t begun = g->run.calls;
	int64_t ended = begun - (int64_t)board_count(g->board);
	char words[200];

	*allowed = true;
	if (rule->rows == 0 || g->run.canary_judged)
		return true;
	switch (canary_judge(rule, begun, ended, g->run.answered)) {
	case CANARY_CALLING:
		return true;
	case CANARY_WAITING:
		*allowed = false;
		engine_why(g, 0, "the first %d calls are out; waiting to judge them", rule->rows);
		return true;
	case CANARY_PASSED:
		g->run.canary_judged = true;
		return ledger_run_canary_judged(g->ledger, g->run_id, e);
	case CANARY_FAILED:
		*allowed = false;
		snprintf(words, sizeof(words),
			 "of the first %" PRId64 " calls %" PRId64
			 " were answered, fewer than the %.0f %% that guard.canary asks for",
			 ended, g->run.answered, rule->min_answered * 100);
		return ledger_run_canary_judged(g->ledger, g->run_id, e) &&
		       engine_pause(g, "canary", words, e);
	}
	return true;
}

static bool budget_ok(struct engine *g, bool *allowed, struct err *e)
{
	const struct guard *guard = &g->plan->campaign.guard;
	size_t live = board_count(g->board);
	char spent[DECIMAL_SIZE];
	char limit[DECIMAL_SIZE];
	char words[160];

	*allowed = budget_allows(guard, g->run.cost, (int64_t)live, expected_cost(g));
	if (*allowed)
		return true;
	/* Live calls may turn out cheaper than expected, and what is in doubt may never have been: judge
	 * when the ones are over and the others have had their time to settle. */
	if (live > board_in_phase(g->board, PHASE_IN_DOUBT) || engine_doubts_settling(g)) {
		engine_why(g, 0,
			   "the budget allows no further call until the live ones have ended");
		return true;
	}
	snprintf(words, sizeof(words), "%s spent of a budget of %s",
		 decimal_format(g->run.cost, 3, spent), decimal_format(guard->budget, 3, limit));
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

/* Nobody is due: remember until when, so that the ledger is not asked at every step. */
static bool learn_next_due(struct engine *g, struct err *e)
{
	if (g->only) {
		engine_halt(g, STOP_ASKED, "--only %s: nothing more to place now.", g->only);
		return true;
	}
	g->due_known = true;
	return ledger_contacts_next_due(g->ledger, g->run_id, g->now_ms, &g->next_due_ms, e);
}

static bool find_due(struct engine *g, size_t most, struct contact *out, size_t *count,
		     struct err *e)
{
	bool found;

	if (!g->only)
		return ledger_contacts_due(g->ledger, g->run_id, g->now_ms, most, &g->tick, out,
					   count, e);
	*count = 0;
	if (!ledger_contact_by_key(g->ledger, g->run_id, g->only, &g->tick, out, &found, e))
		return false;
	if (found && out->state == CONTACT_PENDING && out->due_ms <= g->now_ms)
		*count = 1;
	return true;
}

/* With nothing live but what is in doubt, a run without anybody left to call has come to its end. */
static bool learn_if_nobody_waits(struct engine *g, struct err *e)
{
	struct contact due;
	size_t count;

	if (g->due_known || board_count(g->board) > board_in_phase(g->board, PHASE_IN_DOUBT))
		return true;
	return find_due(g, 1, &due, &count, e) && (count > 0 || learn_next_due(g, e));
}

/* May anybody be called now? `why` is empty when only the pace says not yet. */
static bool may_place(struct engine *g, int64_t *wait_us, bool *may, struct err *e)
{
	const struct campaign *c = &g->plan->campaign;
	size_t up = board_count(g->board) - board_in_phase(g->board, PHASE_IN_DOUBT) -
		    board_in_phase(g->board, PHASE_LATE) + engine_doubts_alive(g);
	int64_t backoff_us = mono_since(g->now, g->network.until);
	struct err unreadable;

	*may = false;
	engine_why(g, 0, "%s", "");
	if (g->stop != STOP_NONE) {
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
	} else if (!suppressor_refresh(g->suppressor, &unreadable)) {
		engine_why(g, 0, "%s", unreadable.text);
		engine_wait_at_most(wait_us, SECOND_MS * 1000);
	} else if ((int64_t)up >= c->live) {
		engine_why(g, 0, "%zu live, the cap is %" PRId64, up, c->live);
		/* Calls in doubt make room by growing too old to be up; nothing else tells of it. */
		engine_wait_at_most(wait_us, engine_doubts_fade_us(g));
		return learn_if_nobody_waits(g, e);
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

/* How one due contact fares; texts in the tick's arena. */
struct judged {
	struct contact contact;
	bool go;
	bool defer;
	int64_t due_ms;        /* of a deferred one */
	enum skip_reason skip; /* of a skipped one */
	const char *detail;
	int64_t attempt_id; /* of one that goes */
	struct order order;
};

static void refuse(struct judged *j, enum skip_reason reason, const char *detail)
{
	j->go = false;
	j->skip = reason;
	j->detail = detail;
}

static void put_off(struct judged *j, int64_t due_ms)
{
	j->go = false;
	j->defer = true;
	j->due_ms = due_ms;
}

static void judge_hours(const struct engine *g, struct judged *j)
{
	const struct hours *hours = &g->plan->campaign.hours;
	int64_t open_ms;

	if (hours_open(hours, j->order.verdict.zone, g->now_ms))
		return;
	if (hours_next_open(hours, j->order.verdict.zone, g->now_ms, &open_ms))
		put_off(j, open_ms);
	else
		refuse(j, SKIP_OUT_OF_TIME, "the hours never open again for this customer");
}

/* Gap and caps over all campaigns. A wait beyond today's hours would keep a nightly run going for
 * days, so then the row is skipped and says so. */
static bool judge_person(const struct engine *g, struct judged *j, struct err *e)
{
	const struct person_rule *rule = &g->plan->campaign.guard.person;
	int64_t times[PERSON_ATTEMPTS_MAX];
	size_t count;
	int64_t next_ms;
	char when[MOMENT_SIZE];

	if (rule->min_gap_ms == 0 && rule->per_day == 0 && rule->per_week == 0)
		return true;

	int64_t since_ms =
		g->now_ms - (rule->min_gap_ms > 8 * DAY_MS ? rule->min_gap_ms : 8 * DAY_MS);
	if (!ledger_attempts_of_phone(g->ledger, j->contact.phone, since_ms, PERSON_ATTEMPTS_MAX,
				      times, &count, e))
		return false;
	if (person_allows(rule, j->order.verdict.zone, g->now_ms, times, count, &next_ms))
		return true;
	if (next_ms - g->now_ms <= DAY_MS &&
	    (!g->plan->campaign.hours.has_until || next_ms < g->plan->campaign.hours.until_ms))
		put_off(j, next_ms);
	else
		refuse(j, SKIP_FREQUENCY,
		       arena_printf((struct arena *)&g->tick,
				    "guard.per_person allows the next call on %s",
				    moment_short(j->order.verdict.zone, next_ms, false, when)));
	return true;
}

static bool judge_number(struct engine *g, struct judged *j, struct err *e)
{
	const char *source;
	bool found;

	if (!suppressor_has(g->suppressor, g->ledger, j->contact.phone, &found, &source, e))
		return false;
	if (found) {
		refuse(j, SKIP_SUPPRESSED, arena_printf(&g->tick, "on %s", source));
		return true;
	}
	int64_t since_ms;
	if (!ledger_phone_busy(g->ledger, j->contact.phone, &since_ms, e))
		return false;
	if (since_ms == 0)
		return true;
	if (g->now_ms - since_ms < g->plan->campaign.settle_ms + BUSY_MOST_MS)
		put_off(j, g->now_ms + BUSY_WAIT_MS);
	else
		refuse(j, SKIP_FREQUENCY, "an earlier call to this number is still not settled");
	return true;
}

/* All rules of one contact. */
static bool judge(struct engine *g, struct judged *j, struct err *e)
{
	j->go = true;
	if (!order_render(g->plan, &j->contact, g->rng, &g->tick, &j->order)) {
		refuse(j, j->order.verdict.skip, j->order.verdict.detail);
		return true;
	}
	if (strcmp(j->order.verdict.phone.e164, j->contact.phone) != 0) {
		refuse(j, SKIP_INVALID_PHONE, "the number is read differently than before");
		return true;
	}
	if (!judge_number(g, j, e))
		return false;
	if (j->go)
		judge_hours(g, j);
	return !j->go || judge_person(g, j, e);
}

static const char *agent_of(const struct judged *j)
{
	return j->order.place.agent_id ? j->order.place.agent_id : "";
}

/* Write down what was decided about one contact; for one that goes, its intent. */
static bool write_down(struct engine *g, struct judged *j, struct err *e)
{
	if (j->defer)
		return ledger_contact_defer(g->ledger, j->contact.id, j->due_ms, e);
	if (!j->go)
		return ledger_contact_skip(g->ledger, j->contact.id, j->skip, j->detail, g->now_ms,
					   e);

	char *request = provider_render(g->provider, &j->order.place);
	struct attempt attempt = {
		.number = j->contact.attempts + 1,
		.ref = j->order.ref,
		.phone = j->contact.phone,
		.agent = agent_of(j),
	};
	bool ok = ledger_attempt_intend(g->ledger, &j->contact, &attempt, request, g->now_ms,
					&j->attempt_id, e);
	free(request);
	return ok;
}

/* The intent is on disk: now, and only now, the POST may leave. */
static void send_order(struct engine *g, const struct judged *j)
{
	struct call *call = board_add(g->board, j->attempt_id);
	char masked[TEXT_MASK_SIZE];

	call->contact_id = j->contact.id;
	call->number = j->contact.attempts + 1;
	call->intent_ms = g->now_ms;
	snprintf(call->ref, sizeof(call->ref), "%s", j->order.ref);
	snprintf(call->phone, sizeof(call->phone), "%s", j->contact.phone);
	snprintf(call->agent, sizeof(call->agent), "%s", agent_of(j));
	g->run.calls++;
	g->placed++;
	log_debug("placing attempt %d for row %s (%s)", call->number, j->contact.key,
		  text_mask_phone(j->contact.phone, masked));
	provider_place(g->provider, (uint64_t)j->attempt_id, &j->order.place);
}

/* How many calls may start together now. */
static size_t room(const struct engine *g)
{
	int64_t most = pace_group(&g->pace);
	int64_t up = (int64_t)(board_count(g->board) - board_in_phase(g->board, PHASE_IN_DOUBT) -
			       board_in_phase(g->board, PHASE_LATE) + engine_doubts_alive(g));
	const struct canary_rule *canary = &g->plan->campaign.guard.canary;

	if (most > g->plan->campaign.live - up)
		most = g->plan->campaign.live - up;
	if (canary->rows > 0 && !g->run.canary_judged && most > canary->rows - g->run.calls)
		most = canary->rows - g->run.calls;
	if (g->limit > 0 && most > g->limit - g->placed)
		most = g->limit - g->placed;
	if (g->plan->campaign.guard.has_budget && most > 1)
		most = 1; /* each call is weighed against the budget by itself */
	return most > BATCH_MAX ? BATCH_MAX : most < 0 ? 0 : (size_t)most;
}

/* One batch: judge, write down, commit, send. *placed: how many POSTs went out. */
static bool place_batch(struct engine *g, const struct contact *due, size_t count, size_t *placed,
			struct err *e)
{
	struct judged *batch = arena_array(&g->tick, count, sizeof(*batch));

	*placed = 0;
	if (!ledger_begin(g->ledger, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		batch[i].contact = due[i];
		/* Inside the transaction, so that two rows of one number in one batch see each other. */
		if (!judge(g, &batch[i], e) || !write_down(g, &batch[i], e))
			goto undo;
	}
	if (!ledger_commit(g->ledger, e))
		goto undo;

	for (size_t i = 0; i < count; i++) {
		if (!batch[i].go)
			continue;
		send_order(g, &batch[i]);
		(*placed)++;
	}
	return true;
undo:
	ledger_rollback(g->ledger);
	return false;
}

static bool nobody_due(struct engine *g, int64_t *wait_us)
{
	char when[MOMENT_SIZE];

	if (!g->due_known || g->next_due_ms <= g->now_ms)
		return false;
	if (g->next_due_ms == INT64_MAX) {
		engine_why(g, 0, "everybody has been called");
	} else {
		engine_why(g, g->next_due_ms, "the next call is due %s",
			   moment_short(g->plan->campaign.zone, g->next_due_ms, true, when));
		engine_wait_at_most(wait_us, us_until_wall(g, g->next_due_ms));
	}
	return true;
}

bool engine_place(struct engine *g, int64_t *wait_us, struct err *e)
{
	bool expired = false;
	bool may;

	if (g->limit > 0 && g->placed >= g->limit && g->stop == STOP_NONE)
		engine_halt(g, STOP_ASKED, "--limit %" PRId64 " is reached.", g->limit);
	if (g->stop == STOP_NONE && !expire(g, &expired, e))
		return false;
	if (!may_place(g, wait_us, &may, e))
		return false;
	if (!may || nobody_due(g, wait_us))
		return true;

	struct contact due[BATCH_MAX];
	size_t count;
	size_t placed;
	size_t most = room(g);
	if (most == 0)
		return true;
	if (!find_due(g, most, due, &count, e))
		return false;
	if (count == 0)
		return learn_next_due(g, e) && (nobody_due(g, wait_us), true);
	if (!place_batch(g, due, count, &placed, e))
		return false;
	g->due_known = false;
	if (placed > 0)
		pace_started(&g->pace, g->now, (int64_t)placed);
	engine_wait_at_most(wait_us, pace_wait_us(&g->pace, g->now));
	return true;
}
