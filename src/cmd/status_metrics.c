/*
 * Standings as metrics: Prometheus's text exposition format 0.0.4, for the textfile collector of
 * node-exporter.
 *
 * One table entry is one metric: its HELP and TYPE, then a sample or more for each campaign,
 * together as the format wants them. All figures are of the newest run of a campaign, so a counter
 * begins anew with each run, which Prometheus takes for a restart.
 */
#include "status_p.h"

#include "cmd/say.h"

#include "base/mem.h"

#include <inttypes.h>

struct metric {
	const char *name;
	const char *type;
	const char *help;
	bool of_plan; /* needs the campaign file */
	void (*add)(FILE *out, const char *name, const struct standing *st);
};

static void add_label(FILE *out, const char *label, const char *value)
{
	say(out, "%s=\"", label);
	for (const char *p = value; *p; p++) {
		if (*p == '\\' || *p == '"')
			say(out, "\\%c", *p);
		else if (*p == '\n')
			fputs("\\n", out);
		else
			fputc(*p, out);
	}
	fputc('"', out);
}

/* `label` NULL: none but the campaign. */
static void sample(FILE *out, const char *name, const struct standing *st, const char *label,
		   const char *value, double number)
{
	say(out, "%s{", name);
	add_label(out, "campaign", st->run.campaign);
	if (label) {
		fputc(',', out);
		add_label(out, label, value);
	}
	say(out, "} %.16g\n", number);
}

static void one(FILE *out, const char *name, const struct standing *st, double number)
{
	sample(out, name, st, NULL, NULL, number);
}

static double money(struct decimal d)
{
	return (double)d.micro / 1e6;
}

static double seconds(int64_t ms)
{
	return (double)ms / 1e3;
}

static void add_run(FILE *out, const char *name, const struct standing *st)
{
	sample(out, name, st, "run", st->run.name, 1);
}

static void add_state(FILE *out, const char *name, const struct standing *st)
{
	for (int i = 0; i <= RUN_CANCELLED; i++)
		sample(out, name, st, "state", run_state_name((enum run_state)i),
		       st->run.state == (enum run_state)i);
}

static void add_rows(FILE *out, const char *name, const struct standing *st)
{
	for (int i = 0; i < CONTACT_STATE_COUNT; i++)
		sample(out, name, st, "state", contact_state_name((enum contact_state)i),
		       (double)st->tally.state[i]);
}

static void add_outcomes(FILE *out, const char *name, const struct standing *st)
{
	for (int i = 1; i < OUTCOME_COUNT; i++)
		sample(out, name, st, "outcome", outcome_name((enum outcome)i),
		       (double)st->tally.outcome[i]);
}

static void add_skipped(FILE *out, const char *name, const struct standing *st)
{
	for (int i = 1; i < SKIP_REASON_COUNT; i++)
		sample(out, name, st, "reason", skip_reason_name((enum skip_reason)i),
		       (double)st->tally.skip[i]);
}

static void add_calls(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, (double)st->run.calls);
}

static void add_answered(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, (double)st->run.answered);
}

static void add_talk(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, seconds(st->run.talk_ms));
}

static void add_cost(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, money(st->run.cost));
}

static void add_last_minute(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, (double)st->last_minute);
}

static void add_runner(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, st->runner != 0);
}

static void add_noted(FILE *out, const char *name, const struct standing *st)
{
	if (st->noted)
		one(out, name, st, seconds(st->note.noted_ms));
}

static void add_paused(FILE *out, const char *name, const struct standing *st)
{
	if (st->run.paused_by)
		sample(out, name, st, "by", st->run.paused_by, 1);
	else
		one(out, name, st, 0);
}

static void add_dialling(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, !*st->why);
}

static void add_started(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, seconds(st->run.created_ms));
}

static void add_finished(FILE *out, const char *name, const struct standing *st)
{
	if (st->run.finished_ms > 0)
		one(out, name, st, seconds(st->run.finished_ms));
}

static void add_hours(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, st->hours_open);
}

static void add_forecast(FILE *out, const char *name, const struct standing *st)
{
	if (st->forecast_ms > 0)
		one(out, name, st, seconds(st->forecast_ms));
}

static void add_pace(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, (double)st->plan->campaign.calls_per_minute);
}

static void add_live_limit(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, (double)st->plan->campaign.live);
}

static void add_budget(FILE *out, const char *name, const struct standing *st)
{
	if (st->plan->campaign.guard.has_budget)
		one(out, name, st, money(st->plan->campaign.guard.budget));
}

static void add_expected(FILE *out, const char *name, const struct standing *st)
{
	one(out, name, st, money(st->expected));
}

static void add_breaker(FILE *out, const char *name, const struct standing *st)
{
	if (st->breaker_of > 0)
		one(out, name, st, (double)st->breaker_failed / st->breaker_of);
}

static const struct metric metrics[] = {
	{"nida_run_info", "gauge", "The newest run of the campaign; always 1.", false, add_run},
	{"nida_run_state", "gauge", "1 for the state that the run is in.", false, add_state},
	{"nida_run_started_timestamp_seconds", "gauge", "When the run began.", false, add_started},
	{"nida_run_finished_timestamp_seconds", "gauge", "When the run ended.", false,
	 add_finished},
	{"nida_rows", "gauge", "Rows of the list by where they stand.", false, add_rows},
	{"nida_rows_done", "gauge", "Rows that are done, by outcome.", false, add_outcomes},
	{"nida_rows_skipped", "gauge", "Rows that are not called, by reason.", false, add_skipped},
	{"nida_calls_total", "counter", "Calls that reached Hamsa.", false, add_calls},
	{"nida_calls_answered_total", "counter", "Calls that were answered.", false, add_answered},
	{"nida_talk_seconds_total", "counter", "Time talked.", false, add_talk},
	{"nida_cost_total", "counter", "What the calls cost, in Hamsa's unit.", false, add_cost},
	{"nida_calls_last_minute", "gauge", "Calls begun in the last 60 s.", false,
	 add_last_minute},
	{"nida_runner_up", "gauge", "1 while a process runs the campaign.", false, add_runner},
	{"nida_runner_noted_timestamp_seconds", "gauge", "When the runner last left word.", false,
	 add_noted},
	{"nida_paused", "gauge", "1 while a person or a guard holds the run.", false, add_paused},
	{"nida_dialling", "gauge", "0 while nothing is dialled, for whatever reason.", false,
	 add_dialling},
	{"nida_hours_open", "gauge", "1 while the campaign's hours are open.", true, add_hours},
	{"nida_forecast_end_timestamp_seconds", "gauge", "When the rest is probably over.", true,
	 add_forecast},
	{"nida_pace_limit_calls_per_minute", "gauge", "The campaign's pace.", true, add_pace},
	{"nida_live_limit", "gauge", "How many calls may be live at once.", true, add_live_limit},
	{"nida_budget_limit", "gauge", "The campaign's budget, in Hamsa's unit.", true, add_budget},
	{"nida_cost_expected", "gauge", "What the open calls will probably cost.", true,
	 add_expected},
	{"nida_breaker_failed_ratio", "gauge", "Share of the last calls that failed.", true,
	 add_breaker},
};

void status_metrics(const struct standing *all, FILE *out)
{
	for (size_t i = 0; i < COUNT_OF(metrics); i++) {
		const struct metric *m = &metrics[i];

		if (m->of_plan && !(all && all->plan))
			continue;
		say(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, m->type);
		for (const struct standing *st = all; st; st = st->next)
			m->add(out, m->name, st);
	}
}
