/*
 * A standing for machines. Documented in nida(1), and stable: members are added, never renamed.
 */
#include "status_p.h"

#include "cmd/say.h"

#include "base/buf.h"

#include <inttypes.h>

#define MEMBER_MAX ((size_t)1 << 20)

/* Each of these adds `,"name":value`. */
static void add_text(FILE *out, const char *name, const char *value)
{
	struct buf b;

	buf_init(&b, MEMBER_MAX);
	if (value)
		buf_add_json(&b, value);
	say(out, ",\"%s\":%s", name, value ? b.data : "null");
	buf_free(&b);
}

static void add_number(FILE *out, const char *name, int64_t value)
{
	say(out, ",\"%s\":%" PRId64, name, value);
}

static void add_money(FILE *out, const char *name, struct decimal value)
{
	char text[DECIMAL_SIZE];

	say(out, ",\"%s\":%s", name, decimal_format(value, 3, text));
}

/* UTC; 0 is null. */
static void add_moment(FILE *out, const char *name, int64_t at_ms)
{
	char when[MOMENT_SIZE];

	add_text(out, name, at_ms > 0 ? moment_iso(zone_utc(), at_ms, when) : NULL);
}

static void add_counts(FILE *out, const struct tally *t)
{
	add_number(out, "rows", t->rows);
	fputs(",\"states\":{", out);
	for (int i = 0; i < CONTACT_STATE_COUNT; i++)
		say(out, "%s\"%s\":%" PRId64, i > 0 ? "," : "",
		    contact_state_name((enum contact_state)i), t->state[i]);
	fputs("},\"outcomes\":{", out);
	for (int i = 1; i < OUTCOME_COUNT; i++)
		say(out, "%s\"%s\":%" PRId64, i > 1 ? "," : "", outcome_name((enum outcome)i),
		    t->outcome[i]);
	fputs("},\"skipped\":{", out);
	for (int i = 1; i < SKIP_REASON_COUNT; i++)
		say(out, "%s\"%s\":%" PRId64, i > 1 ? "," : "",
		    skip_reason_name((enum skip_reason)i), t->skip[i]);
	fputc('}', out);
}

static void add_guards(FILE *out, const struct standing *st)
{
	const struct guard *g = &st->plan->campaign.guard;

	fputs(",\"guards\":{\"breaker\":", out);
	if (g->breaker.failures > 0)
		say(out, "{\"failed\":%d,\"of\":%d,\"failures\":%g,\"of_last\":%d}",
		    st->breaker_failed, st->breaker_of, g->breaker.failures, g->breaker.of_last);
	else
		fputs("null", out);
	fputs(",\"canary\":", out);
	if (g->canary.rows > 0)
		say(out,
		    "{\"rows\":%d,\"min_answered\":%g,\"ended\":%" PRId64 ",\"answered\":%" PRId64
		    ",\"judged\":%s}",
		    g->canary.rows, g->canary.min_answered, st->canary_begun - standing_open(st),
		    st->canary_answered, st->run.canary_judged ? "true" : "false");
	else
		fputs("null", out);
	fputs(",\"budget\":", out);
	if (g->has_budget) {
		char spent[DECIMAL_SIZE];
		say(out, "{\"spent\":%s", decimal_format(st->run.cost, 3, spent));
		add_money(out, "expected", st->expected);
		add_money(out, "limit", g->budget);
		fputc('}', out);
	} else {
		fputs("null", out);
	}
	say(out,
	    ",\"per_person\":{\"min_gap_s\":%" PRId64
	    ",\"per_day\":%d,\"per_week\":%d,\"skipped\":%" PRId64 "}}",
	    (int64_t)(g->person.min_gap_ms / SECOND_MS), g->person.per_day, g->person.per_week,
	    st->tally.skip[SKIP_FREQUENCY]);
}

/* What the campaign file knows. */
static void add_plan(FILE *out, const struct standing *st)
{
	const struct campaign *c = &st->plan->campaign;

	say(out, ",\"pace\":{\"calls_per_minute\":%" PRId64 ",\"live\":%" PRId64 "}",
	    c->calls_per_minute, c->live);
	say(out, ",\"hours\":{\"open\":%s", st->hours_open ? "true" : "false");
	add_moment(out, "closes", st->hours_open ? st->hours_change_ms : 0);
	add_moment(out, "opens", st->hours_open ? 0 : st->hours_change_ms);
	fputc('}', out);
	add_moment(out, "forecast_end", st->forecast_ms);
	add_guards(out, st);
}

static void add_head(FILE *out, const struct standing *st)
{
	const struct run *run = &st->run;

	say(out, "{\"state\":\"%s\"", run_state_name(run->state));
	add_text(out, "campaign", run->campaign);
	add_text(out, "run", run->name);
	add_moment(out, "started", run->created_ms);
	add_moment(out, "finished", run->finished_ms);
	add_moment(out, "purged", run->purged_ms);
	add_number(out, "runner", st->runner);
	add_text(out, "paused_by", run->paused_by);
	add_text(out, "why", st->why);
	add_moment(out, "why_until", st->why_until_ms);
	add_number(out, "calls", run->calls);
	add_number(out, "calls_last_minute", st->last_minute);
	add_number(out, "answered", run->answered);
	add_number(out, "no_answer", run->no_answer);
	add_number(out, "failed", run->failed);
	add_number(out, "talk_s", run->talk_ms / SECOND_MS);
	add_money(out, "cost", run->cost);
	say(out,
	    ",\"recordings\":{\"kept\":%" PRId64 ",\"wanted\":%" PRId64 ",\"given_up\":%" PRId64
	    "}",
	    st->recordings.kept, st->recordings.wanted, st->recordings.given_up);
	add_counts(out, &st->tally);
}

struct listing {
	FILE *out;
	bool begun;
};

static bool add_open(void *data, const struct attempt *a, const struct contact *c, struct err *e)
{
	struct listing *l = data;

	(void)e;
	say(l->out, "%s{\"state\":\"%s\"", l->begun ? "," : "", attempt_state_name(a->state));
	l->begun = true;
	add_text(l->out, "key", c->key);
	add_number(l->out, "attempt", a->number);
	add_moment(l->out, "since", a->intent_ms);
	add_text(l->out, "status", a->status);
	add_text(l->out, "job_id", a->job_id);
	add_text(l->out, "words", a->words);
	fputc('}', l->out);
	return true;
}

bool status_json(struct session *s, const struct standing *st, FILE *out, struct err *e)
{
	add_head(out, st);
	if (st->plan) {
		struct listing listing = {.out = out};
		struct open_visit visit = {.visit = add_open, .data = &listing};

		add_plan(out, st);
		fputs(",\"open\":[", out);
		if (!standing_each_open(s, st, &visit, e))
			return false;
		visit.in_doubt = true;
		if (!standing_each_open(s, st, &visit, e))
			return false;
		fputc(']', out);
	}
	fputs("}\n", out);
	return true;
}
