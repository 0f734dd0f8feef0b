/*
 * The rules of one contact, asked right before its dial although they were asked when the list was
 * frozen: files, registers and clocks have moved on since.
 */
#include "judge_p.h"

#include "ledger/attempt.h"
#include "ledger/lock.h"
#include "model/hours.h"

#include <string.h>

#define BUSY_WAIT_MS (30 * SECOND_MS) /* another call to the number is up: look again */
#define BUSY_MOST_MS (2 * HOUR_MS)    /* longer than any call */

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

/* Earlier calls to the contact's number, as far as a rule asks for them. */
static bool look_up_calls(const struct engine *g, const char *phone, struct person_calls *out,
			  struct err *e)
{
	const struct person_rule *rule = &g->plan->campaign.guard.person;

	*out = (struct person_calls){0};
	return (rule->min_gap_ms == 0 ||
		ledger_attempt_of_phone(g->ledger, phone, 1, &out->newest_ms, e)) &&
	       (rule->per_day == 0 ||
		ledger_attempt_of_phone(g->ledger, phone, rule->per_day, &out->of_day_ms, e)) &&
	       (rule->per_week == 0 ||
		ledger_attempt_of_phone(g->ledger, phone, rule->per_week, &out->of_week_ms, e));
}

/* Gap and caps over all campaigns. A wait beyond today's hours would keep a nightly run going for
 * days, so then the row is skipped and says so. */
static bool judge_person(struct engine *g, struct judged *j, struct err *e)
{
	const struct person_rule *rule = &g->plan->campaign.guard.person;
	struct person_calls calls;
	int64_t next_ms;
	char when[MOMENT_SIZE];

	if (!look_up_calls(g, j->contact.phone, &calls, e))
		return false;
	if (person_allows(rule, j->order.verdict.zone, g->now_ms, &calls, &next_ms))
		return true;
	if (next_ms - g->now_ms <= DAY_MS &&
	    (!g->plan->campaign.hours.has_until || next_ms < g->plan->campaign.hours.until_ms))
		put_off(j, next_ms);
	else
		refuse(j, SKIP_FREQUENCY,
		       arena_printf(&g->tick, "guard.per_person allows the next call on %s",
				    moment_short(j->order.verdict.zone, next_ms, false, when)));
	return true;
}

/* A doubt that nobody is looking into: it will not settle by waiting. This run looks into its own,
 * and a runner of another campaign into that one's. */
static bool is_left_alone(const struct engine *g, const struct busy_call *call)
{
	if (call->run_id == g->run_id ||
	    (call->state != ATTEMPT_IN_DOUBT && call->state != ATTEMPT_PLACING))
		return false;
	return strcmp(call->campaign, g->run.campaign) == 0 ||
	       ledger_lock_holder(g->ledger, call->campaign) == 0;
}

/* Another call to this number is not over, whoever placed it. */
static bool judge_busy(struct engine *g, struct judged *j, struct err *e)
{
	struct busy_call call;

	if (!ledger_phone_busy(g->ledger, j->contact.phone, &g->tick, &call, e))
		return false;
	if (call.since_ms == 0)
		return true;
	if (!is_left_alone(g, &call) &&
	    g->now_ms - call.since_ms < g->plan->campaign.settle_ms + BUSY_MOST_MS)
		put_off(j, g->now_ms + BUSY_WAIT_MS);
	else if (call.state == ATTEMPT_LIVE)
		refuse(j, SKIP_UNSETTLED,
		       arena_printf(&g->tick,
				    "campaign %s, run %s, row %s: that call is still live; `nida "
				    "run` of that campaign follows it to its end",
				    call.campaign, call.run, call.key));
	else
		refuse(j, SKIP_UNSETTLED,
		       arena_printf(&g->tick,
				    "campaign %s, run %s, row %s: look for that call at Hamsa, "
				    "then decide with `nida settle CAMPAIGN %s --run %s`",
				    call.campaign, call.run, call.key, call.key, call.run));
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
	return judge_busy(g, j, e);
}

bool judge_contact(struct engine *g, struct judged *j, struct err *e)
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
