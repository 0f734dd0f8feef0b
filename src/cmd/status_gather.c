/*
 * One reading of the ledger: how each run stands.
 */
#include "status_p.h"

#include "ledger/event.h"
#include "ledger/lock.h"
#include "model/guard.h"
#include "run/progress.h"

#include <inttypes.h>

int64_t standing_open(const struct standing *st)
{
	return st->tally.state[CONTACT_PLACING] + st->tally.state[CONTACT_LIVE] +
	       st->tally.state[CONTACT_IN_DOUBT];
}

/* "3 calls are live" */
static const char *live_words(struct session *s, const struct standing *st)
{
	int64_t live = st->tally.state[CONTACT_PLACING] + st->tally.state[CONTACT_LIVE];

	return arena_printf(&s->arena, "%" PRId64 " call%s live", live,
			    live == 1 ? " is" : "s are");
}

static const char *cancelled_words(struct session *s, const struct standing *st)
{
	if (st->tally.state[CONTACT_PLACING] + st->tally.state[CONTACT_LIVE] == 0)
		return "the run was cancelled";
	return arena_printf(&s->arena, "the run was cancelled; %s and %s", live_words(s, st),
			    st->runner ? "followed to the end"
				       : "followed by nobody: `nida cancel` again does");
}

/* Nobody runs it: why the last one left, if it could say. */
static bool tell_stopped(struct session *s, struct standing *st, struct err *e)
{
	const char *words;

	if (!ledger_event_stopped(s->ledger, st->run.id, &s->arena, &words, e))
		return false;
	st->why = "no runner is alive; run the campaign again to go on";
	if (*words)
		st->why = arena_printf(&s->arena, "%s. The last one left with: %s", st->why, words);
	return true;
}

static bool tell_why(struct session *s, struct standing *st, struct err *e)
{
	const struct run *run = &st->run;

	if (run->state == RUN_FINISHED) {
		st->why = "the run is finished";
	} else if (run->state == RUN_CANCELLED) {
		st->why = cancelled_words(s, st);
	} else if (run->paused_by) {
		st->why = arena_printf(&s->arena, "paused by %s: %s", run->paused_by,
				       run->pause_words);
		if (st->runner == 0)
			st->why = arena_printf(&s->arena, "%s; no runner is alive", st->why);
	} else if (st->runner == 0) {
		return tell_stopped(s, st, e);
	} else if (st->noted && st->note.pid == st->runner) {
		st->why = st->note.why;
		st->why_until_ms = st->note.until_ms;
	} else {
		st->why = "the runner is starting";
	}
	return true;
}

static void tell_hours(struct standing *st)
{
	const struct campaign *c = &st->plan->campaign;
	int64_t at_ms;

	st->hours_open = hours_open(&c->hours, c->zone, st->now_ms);
	if (st->hours_open) {
		at_ms = hours_open_until(&c->hours, c->zone, st->now_ms);
		st->hours_change_ms = at_ms == INT64_MAX ? 0 : at_ms;
	} else if (hours_next_open(&c->hours, c->zone, st->now_ms, &at_ms)) {
		st->hours_change_ms = at_ms;
	}
}

static bool tell_forecast(struct session *s, struct standing *st, struct err *e)
{
	struct engine_view view = {
		.tally = st->tally,
		.per_minute = (double)st->plan->campaign.calls_per_minute,
	};
	struct progress progress = {.plan = st->plan, .view = &view, .now_ms = st->now_ms};

	if (!ledger_contacts_last_due(s->ledger, st->run.id, &view.last_due_ms, e))
		return false;
	st->forecast_ms = st->run.state == RUN_OPEN ? progress_forecast_ms(&progress) : 0;
	return true;
}

/* As the runner's breaker sees it: what ended since a person last looked. */
static bool tell_guards(struct session *s, struct standing *st, struct err *e)
{
	const struct breaker_rule *rule = &st->plan->campaign.guard.breaker;
	enum outcome recent[BREAKER_MAX];
	struct breaker breaker = {0};
	size_t count = 0;

	if (rule->failures > 0 && !ledger_attempts_recent(s->ledger, st->run.id, st->run.resumed_ms,
							  (size_t)rule->of_last, recent, &count, e))
		return false;
	st->breaker_of = (int)count;
	breaker_recall(&breaker, rule, recent, count);
	(void)breaker_trips(&breaker, rule, &st->breaker_failed);

	int64_t open = standing_open(st);
	if (st->plan->campaign.guard.canary.rows > 0 && !st->run.canary_judged &&
	    !ledger_rows_called(s->ledger, st->run.id, &st->canary_begun, &st->canary_answered, e))
		return false;
	st->expected.micro = rehearsal_call_cost(&st->plan->scenario.rehearsal).micro * open;
	return true;
}

static bool gather(struct session *s, struct standing *st, struct err *e)
{
	const struct run *run = &st->run;

	st->now_ms = clock_wall_ms(&s->in->clock);
	st->plan = s->plan;
	if (!ledger_run_tally(s->ledger, run->id, &st->tally, e) ||
	    !ledger_runner_read(s->ledger, run->id, &s->arena, &st->note, &st->noted, e) ||
	    !ledger_recordings_count(s->ledger, run->id, &st->recordings, e) ||
	    !ledger_attempts_since(s->ledger, run->id, st->now_ms - MINUTE_MS, &st->last_minute, e))
		return false;
	st->runner = ledger_lock_holder(s->ledger, run->campaign);
	if (!tell_why(s, st, e))
		return false;
	if (!st->plan)
		return true;
	tell_hours(st);
	return tell_forecast(s, st, e) && tell_guards(s, st, e);
}

struct gathering {
	struct session *s;
	struct standing **last;
};

static bool gather_each(void *data, const struct run *run, struct err *e)
{
	struct gathering *g = data;
	struct standing *st = arena_alloc(&g->s->arena, sizeof(*st));

	st->run = *run;
	*g->last = st;
	g->last = &st->next;
	return gather(g->s, st, e);
}

bool standing_gather(struct session *s, struct standing **out, struct err *e)
{
	struct gathering all = {.s = s, .last = out};
	struct run run;
	bool found;

	*out = NULL;
	if (!s->plan)
		return ledger_run_each_latest(s->ledger, &s->arena, gather_each, &all, e);
	return session_find_run(s, &run, &found, e) && (!found || gather_each(&all, &run, e));
}

struct open_walk {
	struct session *s;
	const struct open_visit *v;
	int64_t visited;
};

static bool visit_open(void *data, const struct attempt *a, struct err *e)
{
	struct open_walk *walk = data;
	const struct open_visit *v = walk->v;
	struct contact contact;

	if ((a->state == ATTEMPT_IN_DOUBT) != v->in_doubt ||
	    (v->most > 0 && walk->visited >= v->most))
		return true;
	walk->visited++;
	return ledger_contact_get(walk->s->ledger, a->contact_id, &walk->s->arena, &contact, e) &&
	       v->visit(v->data, a, &contact, e);
}

bool standing_each_open(struct session *s, const struct standing *st, const struct open_visit *v,
			struct err *e)
{
	struct open_walk walk = {.s = s, .v = v};

	return ledger_attempts_open(s->ledger, st->run.id, visit_open, &walk, e);
}
