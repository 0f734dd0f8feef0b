#include "run/progress.h"

#include "base/columns.h"
#include "base/moment.h"

#include <inttypes.h>
#include <stdio.h>

#define OPENINGS_MAX 400
#define RING_MS      20000 /* until somebody picks up */
#define TEXT_MAX     8192
#define BAR_MOST     30
#define BAR_LEAST    4

#define KEY_COLUMNS 12
#define HANG        4

static int percent(int64_t part, int64_t whole)
{
	return whole > 0 ? (int)(part * 100 / whole) : 0;
}

/* Rows: done or skipped. */
static int64_t over(const struct tally *t)
{
	return t->state[CONTACT_DONE] + t->state[CONTACT_SKIPPED];
}

/* Calls: a row may have had several. */
static int64_t ended_calls(const struct engine_view *v)
{
	return v->calls - (int64_t)v->live - (int64_t)v->in_doubt;
}

/* Through the opening hours, from at_ms on, for so many minutes of them; 0: they do not last. */
static int64_t walk_hours(const struct campaign *c, int64_t at_ms, double minutes_left)
{
	for (int i = 0; i < OPENINGS_MAX; i++) {
		int64_t open_ms;
		if (!hours_next_open(&c->hours, c->zone, at_ms, &open_ms))
			return 0;
		int64_t close_ms = hours_open_until(&c->hours, c->zone, open_ms);
		if (close_ms == INT64_MAX ||
		    minutes_left * MINUTE_MS <= (double)(close_ms - open_ms))
			return open_ms + (int64_t)(minutes_left * MINUTE_MS);
		minutes_left -= (double)(close_ms - open_ms) / MINUTE_MS;
		at_ms = close_ms;
	}
	return 0;
}

int64_t progress_forecast_ms(const struct progress *p)
{
	const struct tally *t = &p->view->tally;
	const struct campaign *c = &p->plan->campaign;
	const struct rehearsal_rates *rates = &p->plan->scenario.rehearsal;
	int64_t left = t->state[CONTACT_PENDING];

	if (left == 0 || p->view->per_minute <= 0)
		return 0;
	/* At the pace, or as fast as calls make room for the next ones, whichever is slower. */
	double talk_ms = (double)(rates->talk_min_ms + rates->talk_max_ms) / 2 + RING_MS;
	double by_live = (double)c->live * MINUTE_MS / talk_ms;
	double per_minute = by_live < p->view->per_minute ? by_live : p->view->per_minute;
	int64_t end_ms = walk_hours(c, p->now_ms, (double)left / per_minute);

	/* A retry that waits for its time keeps the run up, however few are left. */
	if (end_ms == 0 || p->view->last_due_ms <= p->now_ms)
		return end_ms;
	int64_t retry_ms = walk_hours(c, p->view->last_due_ms, talk_ms / MINUTE_MS);
	return retry_ms == 0 || retry_ms > end_ms ? retry_ms : end_ms;
}

/* As long as the figures beside it leave room, whatever they grow to; none where they leave none.
 */
static void add_bar(const struct tally *t, size_t width, bool colour, struct buf *out)
{
	int beside = snprintf(NULL, 0, " 100 %%  %" PRId64 "/%" PRId64 " over", t->rows, t->rows);
	size_t room = width > (size_t)beside ? width - (size_t)beside : 0;
	size_t cells = room > BAR_MOST ? BAR_MOST : room < BAR_LEAST ? 0 : room;
	size_t full = t->rows > 0 ? cells * (size_t)over(t) / (size_t)t->rows : 0;

	if (colour)
		buf_adds(out, "\033[36m");
	for (size_t i = 0; i < cells; i++)
		buf_adds(out, i < full ? "█" : "░");
	if (colour)
		buf_adds(out, "\033[0m");
	buf_addf(out, "%s%3d %%  %" PRId64 "/%" PRId64 " over\n", cells > 0 ? " " : "",
		 percent(over(t), t->rows), over(t), t->rows);
}

/* Calls that somebody ended before anything else became of them. */
static int64_t stopped_calls(const struct engine_view *v)
{
	return ended_calls(v) - v->answered - v->no_answer - v->failed;
}

/* calls = live + answered + no answer + failed + ended by somebody + in doubt; what is skipped are
 * rows */
static void add_calls(const struct engine_view *v, struct buf *out)
{
	int64_t ended = ended_calls(v);
	int64_t skipped = v->tally.state[CONTACT_SKIPPED];

	buf_addf(out,
		 "%" PRId64 " call%s\t%zu live\t%" PRId64 " answered (%d %%)\t%" PRId64
		 " no answer\t%" PRId64 " failed\t%zu in doubt",
		 v->calls, v->calls == 1 ? "" : "s", v->live, v->answered,
		 percent(v->answered, ended), v->no_answer, v->failed, v->in_doubt);
	if (stopped_calls(v) > 0)
		buf_addf(out, "\t%" PRId64 " ended by us", stopped_calls(v));
	if (skipped > 0)
		buf_addf(out, "\t%" PRId64 " row%s skipped", skipped, skipped == 1 ? "" : "s");
	buf_addc(out, '\n');
}

static void add_pace(const struct progress *p, struct buf *out)
{
	const struct campaign *c = &p->plan->campaign;
	int64_t end_ms = progress_forecast_ms(p);
	char words[MOMENT_SIZE];
	char money[DECIMAL_SIZE];

	/* What the pace leaves out to be on the safe side is not worth a decimal. */
	buf_addf(out, p->view->per_minute < 10 ? "%" PRId64 " of %.2g" : "%" PRId64 " of %.0f",
		 p->view->last_minute, p->view->per_minute);
	buf_adds(out, " calls a minute\t");
	buf_addf(out, "%s passed", span_words(p->now_ms - p->started_ms, words));
	if (end_ms > 0)
		buf_addf(out, "\tends about %s", moment_short(c->zone, end_ms, false, words));
	buf_addf(out, "\t%s spent", decimal_format(p->view->cost, 3, money));
	if (c->guard.has_budget)
		buf_addf(out, " of %s", decimal_format(c->guard.budget, 3, money));
	buf_addc(out, '\n');
}

static const char *sign_of(enum outcome outcome)
{
	return outcome == OUTCOME_COMPLETED || outcome == OUTCOME_FORWARDED ? "✓" : "·";
}

static void add_ended(const struct engine_ended *ended, struct buf *out)
{
	char talk[MOMENT_SIZE];

	buf_addf(out, "  %s ", sign_of(ended->outcome));
	columns_add(out, ended->key, KEY_COLUMNS, true);
	buf_addf(out, " %s  %s", ended->phone, outcome_name(ended->outcome));
	if (ended->talk_ms > 0)
		buf_addf(out, " %s", span_words(ended->talk_ms, talk));
	buf_addc(out, '\n');
}

void progress_block(const struct progress *p, size_t width, bool colour, struct buf *out)
{
	const struct engine_view *v = p->view;
	struct buf text;

	buf_init(&text, TEXT_MAX);
	add_calls(v, &text);
	add_pace(p, &text);
	if (*v->why) {
		buf_adds(&text, "not dialling: ");
		columns_add(&text, v->why, 0, false);
		buf_addc(&text, '\n');
	} else {
		buf_adds(&text, "dialling\n");
	}
	for (size_t i = 0; i < v->ended_count; i++)
		add_ended(&v->ended[i], &text);

	add_bar(&v->tally, width, colour, out);
	columns_wrap(out, text.data, width, HANG);
	buf_free(&text);
}

void progress_line(const struct progress *p, struct buf *out)
{
	const struct engine_view *v = p->view;
	const struct tally *t = &v->tally;

	buf_addf(out,
		 "%" PRId64 " of %" PRId64 " rows over (%d %%), %" PRId64
		 " of them skipped; %" PRId64 " call%s made, %" PRId64
		 " in the last minute, %zu live, %" PRId64 " answered, %" PRId64
		 " no answer, %" PRId64 " failed, %zu in doubt",
		 over(t), t->rows, percent(over(t), t->rows), t->state[CONTACT_SKIPPED], v->calls,
		 v->calls == 1 ? "" : "s", v->last_minute, v->live, v->answered, v->no_answer,
		 v->failed, v->in_doubt);
	if (*v->why)
		buf_addf(out, "; not dialling: %s", v->why);
}

void progress_fields(const struct progress *p, struct buf *out)
{
	const struct engine_view *v = p->view;
	const struct tally *t = &v->tally;
	char money[DECIMAL_SIZE];

	buf_addf(out,
		 ",\"event\":\"progress\",\"rows\":%" PRId64 ",\"done\":%" PRId64
		 ",\"skipped\":%" PRId64 ",\"live\":%zu,\"in_doubt\":%zu",
		 t->rows, t->state[CONTACT_DONE], t->state[CONTACT_SKIPPED], v->live, v->in_doubt);
	buf_addf(out,
		 ",\"calls\":%" PRId64 ",\"calls_last_minute\":%" PRId64 ",\"answered\":%" PRId64
		 ",\"not_answered\":%" PRId64 ",\"no_answer\":%" PRId64 ",\"failed\":%" PRId64
		 ",\"cost\":%s,\"why\":",
		 v->calls, v->last_minute, v->answered, ended_calls(v) - v->answered, v->no_answer,
		 v->failed, decimal_format(v->cost, 3, money));
	buf_add_json(out, v->why);
}
