#include "run/progress.h"

#include "base/moment.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_SIZE 512

static int percent(int64_t part, int64_t whole)
{
	return whole > 0 ? (int)(part * 100 / whole) : 0;
}

static int64_t finished(const struct tally *t)
{
	return t->state[CONTACT_DONE] + t->state[CONTACT_SKIPPED];
}

int64_t progress_forecast_ms(const struct progress *p)
{
	const struct tally *t = &p->view->tally;
	const struct campaign *c = &p->plan->campaign;
	const struct rehearsal_rates *rates = &p->plan->scenario.rehearsal;
	int64_t left = t->state[CONTACT_PENDING];
	int64_t at_ms = p->now_ms;

	if (left == 0 || p->view->per_minute <= 0)
		return 0;
	/* At the pace, or as fast as calls make room for the next ones, whichever is slower. */
	double talk_ms = (double)(rates->talk_min_ms + rates->talk_max_ms) / 2 + 20000;
	double by_live = talk_ms > 0 ? (double)c->live * 60000 / talk_ms : p->view->per_minute;
	double per_minute = by_live < p->view->per_minute ? by_live : p->view->per_minute;
	double minutes_left = (double)left / per_minute;
	/* Walk the opening hours. */
	for (int i = 0; i < 400; i++) {
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

/* One line, cut to the width by columns, not bytes. */
static void add_line(struct buf *out, size_t width, const char *line)
{
	const char *p = line;
	size_t used = 0;

	while (*p) {
		const char *next = p;
		char one[8] = "";
		(void)utf8_next(&next);
		memcpy(one, p, (size_t)(next - p));
		size_t w = text_width(one);
		if (used + w > width)
			break;
		used += w;
		p = next;
	}
	buf_add(out, line, (size_t)(p - line));
	buf_adds(out, "\033[K\n");
}

static void bar(const struct tally *t, size_t width, bool colour, struct buf *out)
{
	size_t cells = width > 60 ? 30 : width > 34 ? width - 30 : 4;
	size_t full = t->rows > 0 ? cells * (size_t)finished(t) / (size_t)t->rows : 0;
	char line[LINE_SIZE] = "";
	size_t used = 0;

	for (size_t i = 0; i < cells; i++)
		used += utf8_put(line + used, i < full ? 0x2588 : 0x2591);
	snprintf(line + used, sizeof(line) - used, " %3d %%  %" PRId64 "/%" PRId64 " done",
		 percent(finished(t), t->rows), finished(t), t->rows);
	if (colour)
		buf_adds(out, "\033[36m");
	add_line(out, width, line);
	if (colour)
		buf_adds(out, "\033[0m");
}

static const char *sign_of(enum outcome outcome)
{
	return outcome == OUTCOME_COMPLETED || outcome == OUTCOME_FORWARDED ? "✓" : "·";
}

static void add_ended(const struct engine_ended *ended, size_t width, struct buf *out)
{
	char line[LINE_SIZE];
	char talk[MOMENT_SIZE] = "";

	if (ended->talk_ms > 0)
		span_words(ended->talk_ms, talk);
	snprintf(line, sizeof(line), "  %s %-12s %s  %s %s", sign_of(ended->outcome), ended->key,
		 ended->phone, outcome_name(ended->outcome), talk);
	add_line(out, width, line);
}

size_t progress_block(const struct progress *p, size_t width, bool colour, struct buf *out)
{
	const struct engine_view *v = p->view;
	const struct tally *t = &v->tally;
	const struct zone *zone = p->plan->campaign.zone;
	char line[LINE_SIZE];
	char words[MOMENT_SIZE];
	size_t lines = 4;

	bar(t, width, colour, out);
	snprintf(line, sizeof(line),
		 "%zu live   %" PRId64 " answered of %" PRId64 " calls (%d %%)   %zu in doubt   "
		 "%" PRId64 " skipped",
		 v->live, v->answered, v->calls, percent(v->answered, v->calls), v->in_doubt,
		 t->state[CONTACT_SKIPPED]);
	add_line(out, width, line);

	int64_t end_ms = progress_forecast_ms(p);
	int length = snprintf(line, sizeof(line), "%s passed",
			      span_words(p->now_ms - p->started_ms, words));
	if (end_ms > 0)
		snprintf(line + length, sizeof(line) - (size_t)length, "   about %s to the end",
			 moment_short(zone, end_ms, false, words));
	add_line(out, width, line);

	if (*v->why)
		snprintf(line, sizeof(line), "not dialling: %s", v->why);
	else
		snprintf(line, sizeof(line), "dialling, at most %.4g a minute", v->per_minute);
	add_line(out, width, line);
	for (size_t i = 0; i < v->ended_count; i++, lines++)
		add_ended(&v->ended[i], width, out);
	return lines;
}

void progress_line(const struct progress *p, struct buf *out)
{
	const struct engine_view *v = p->view;
	const struct tally *t = &v->tally;

	buf_addf(out,
		 "%" PRId64 " of %" PRId64 " rows done (%d %%), %zu live, %" PRId64
		 " calls made, %" PRId64 " answered, %zu in doubt, %" PRId64 " skipped",
		 finished(t), t->rows, percent(finished(t), t->rows), v->live, v->calls,
		 v->answered, v->in_doubt, t->state[CONTACT_SKIPPED]);
	if (*v->why)
		buf_addf(out, "; not dialling: %s", v->why);
}
