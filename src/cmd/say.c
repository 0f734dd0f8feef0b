#include "cmd/say.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/moment.h"
#include "run/progress.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024
#define WHERE_MAX      8192
#define OPENINGS_SHOWN 3

bool say_on_screen(FILE *stream)
{
	const char *term = getenv("TERM");

	return isatty(fileno(stream)) && term && *term && strcmp(term, "dumb") != 0;
}

bool say_in_colour(FILE *stream)
{
	const char *no = getenv("NO_COLOR");

	return say_on_screen(stream) && !(no && *no);
}

static void say_line_of_log(enum log_level level, const char *text)
{
	const char *end = text + strlen(text);

	while (end > text && end[-1] == '\n')
		end--;
	log_line(level, "%.*s", (int)(end - text), text);
}

void say(FILE *stream, const char *fmt, ...)
{
	char *text;
	va_list args;

	va_start(args, fmt);
	int length = vasprintf(&text, fmt, args);
	va_end(args);
	if (length < 0)
		BUG("bad format '%s'", fmt);
	if (stream == stderr && log_is_json()) {
		say_line_of_log(LOG_INFO, text);
	} else {
		struct buf shown;
		buf_init(&shown, SIZE_MAX / 2);
		buf_add_shown(&shown, text, true);
		fputs(shown.data, stream);
		buf_free(&shown);
	}
	free(text);
}

static void say_problem(FILE *stream, const struct problem *p, bool colour)
{
	bool error = p->level == PROBLEM_ERROR;
	const char *paint = !colour ? "" : error ? "\033[31m" : "\033[33m";
	struct buf where;

	buf_init(&where, WHERE_MAX);
	if (*p->file)
		buf_addf(&where, "%s:", p->file);
	if (p->line > 0)
		buf_addf(&where, "%d:", p->line);
	if (p->column > 0)
		buf_addf(&where, "%d:", p->column);
	if (where.length > 0)
		buf_addc(&where, ' ');
	if (stream == stderr && log_is_json()) {
		log_line(error ? LOG_ERROR : LOG_WARN, "%s%s", where.data, p->text);
	} else {
		say(stream, "%s", where.data);
		fputs(paint, stream);
		say(stream, "%s:", error ? "error" : "warning");
		fputs(colour ? "\033[0m" : "", stream);
		say(stream, " %s\n", p->text);
	}
	buf_free(&where);
}

void say_problems(FILE *stream, const struct problems *problems)
{
	bool colour = say_in_colour(stream);

	for (size_t i = 0; i < problems->count; i++)
		say_problem(stream, &problems->items[i], colour);
	size_t hidden = problems->errors + problems->warnings - problems->count;
	if (hidden > 0)
		say(stream, "… and %zu more.\n", hidden);
}

void say_path(const char *label, const char *path)
{
	char *here = realpath(".", NULL);
	char *whole = realpath(path, NULL);
	size_t length = here ? strlen(here) : 0;

	if (here && whole && strncmp(whole, here, length) == 0 && whole[length] == '/')
		say(stdout, "%s%s\n", label, whole + length + 1);
	else
		say(stdout, "%s%s\n", label, whole ? whole : path);
	free(here);
	free(whole);
}

void say_rows(FILE *stream, const struct tally *t)
{
	static const char *const words[CONTACT_STATE_COUNT] = {
		[CONTACT_PENDING] = "pending", [CONTACT_PLACING] = "being placed",
		[CONTACT_LIVE] = "live",       [CONTACT_IN_DOUBT] = "in doubt",
		[CONTACT_DONE] = "done",       [CONTACT_SKIPPED] = "skipped",
	};
	const char *sign = " = ";
	struct buf sum;

	buf_init(&sum, LINE_MAX_BYTES);
	for (int i = 0; i < CONTACT_STATE_COUNT; i++) {
		if (t->state[i] == 0)
			continue;
		buf_addf(&sum, "%s%" PRId64 " %s", sign, t->state[i], words[i]);
		sign = " + ";
	}
	say(stream, "rows       %" PRId64 "%s\n", t->rows, sum.data);
	buf_free(&sum);
}

void say_reasons(FILE *stream, const struct tally *t)
{
	for (int i = 0; i < OUTCOME_COUNT; i++)
		if (t->outcome[i] > 0)
			say(stream, "done    %5" PRId64 " %-13s %s\n", t->outcome[i],
			    outcome_name((enum outcome)i),
			    outcome_text((enum outcome)i, LANGUAGE_EN));
	for (int i = 0; i < SKIP_REASON_COUNT; i++)
		if (t->skip[i] > 0)
			say(stream, "skipped %5" PRId64 " %-13s %s\n", t->skip[i],
			    skip_reason_name((enum skip_reason)i),
			    skip_reason_text((enum skip_reason)i, LANGUAGE_EN));
}

void say_tally(FILE *stream, const struct tally *t)
{
	say_rows(stream, t);
	say_reasons(stream, t);
}

/* "Sun 22 Nov 09:00-13:00", with the day again where it ends on another one. */
static void say_opening(FILE *stream, const char *lead, const struct zone *zone, int64_t from_ms,
			int64_t to_ms)
{
	char from[MOMENT_SIZE];
	char to[MOMENT_SIZE];
	struct civil first = zone_civil(zone, from_ms);
	struct civil last = zone_civil(zone, to_ms);

	moment_short(zone, from_ms, false, from);
	if (to_ms == INT64_MAX)
		say(stream, "           %s %s, without an end\n", lead, from);
	else if (first.day == last.day && first.month == last.month && first.year == last.year)
		say(stream, "           %s %s-%02d:%02d\n", lead, from, last.hour, last.minute);
	else
		say(stream, "           %s %s - %s\n", lead, from,
		    moment_short(zone, to_ms, false, to));
}

/* The openings after a moment, one a line. */
static void say_openings(FILE *stream, const struct campaign *c, int64_t after_ms, const char *lead)
{
	int64_t from_ms;

	for (int i = 0; i < OPENINGS_SHOWN && after_ms != INT64_MAX; i++) {
		if (!hours_next_open(&c->hours, c->zone, after_ms, &from_ms)) {
			say(stream, "           they never open again\n");
			return;
		}
		after_ms = hours_open_until(&c->hours, c->zone, from_ms);
		say_opening(stream, lead, c->zone, from_ms, after_ms);
		lead = "    ";
	}
}

void say_hours(FILE *stream, const struct campaign *c, int64_t now_ms)
{
	char when[MOMENT_SIZE];
	int64_t close_ms;

	if (!hours_open(&c->hours, c->zone, now_ms)) {
		say(stream, "hours      closed now (%s)\n", zone_name(c->zone));
		say_openings(stream, c, now_ms, "next");
	} else if ((close_ms = hours_open_until(&c->hours, c->zone, now_ms)) == INT64_MAX) {
		say(stream, "hours      open at any time of day and night\n");
	} else {
		say(stream, "hours      open now, until %s (%s)\n",
		    moment_short(c->zone, close_ms, false, when), zone_name(c->zone));
		say_openings(stream, c, close_ms, "then");
	}
	if (c->hours.has_until)
		say(stream, "           nothing is dialled after %s\n",
		    moment_short(c->zone, c->hours.until_ms, false, when));
	if (c->list.timezone)
		say(stream, "           by each customer's own clock (column %s)\n",
		    c->list.timezone);
}

/* Money for the rows that are left, at the scenario's rates: each answered once. */
static struct decimal forecast_cost(const struct plan *plan, int64_t callable)
{
	const struct rehearsal_rates *r = &plan->scenario.rehearsal;
	double missed = 1;

	for (int i = 0; i < plan->campaign.retry.attempts; i++)
		missed *= 1 - r->answer;
	double minutes = (double)(r->talk_min_ms + r->talk_max_ms) / 2 / MINUTE_MS;
	return (struct decimal){(int64_t)((double)callable * (1 - missed) * minutes *
					  (double)r->cost_per_minute.micro)};
}

void say_plan(FILE *stream, const struct plan *plan, const struct tally *tally, int64_t now_ms)
{
	const struct campaign *c = &plan->campaign;
	struct engine_view view = {
		.tally = *tally,
		.per_minute = (double)c->calls_per_minute,
	};
	struct progress progress = {.plan = plan, .view = &view, .now_ms = now_ms};
	int64_t callable = tally->state[CONTACT_PENDING];
	int64_t end_ms = progress_forecast_ms(&progress);
	char when[MOMENT_SIZE];
	char cost[DECIMAL_SIZE];
	char budget[DECIMAL_SIZE];

	say(stream, "pace       at most %" PRId64 " calls a minute, %" PRId64 " live at once\n",
	    c->calls_per_minute, c->live);
	say_hours(stream, c, now_ms);
	if (callable == 0) {
		say(stream, "forecast   nobody to call\n");
		return;
	}
	if (end_ms > 0)
		say(stream, "forecast   first calls over by about %s, retries apart\n",
		    moment_short(c->zone, end_ms, false, when));
	else
		say(stream, "forecast   not everybody can be called before the hours end\n");
	decimal_format(forecast_cost(plan, callable), 3, cost);
	if (c->guard.has_budget)
		say(stream, "cost       about %s if everybody is called; the budget is %s\n", cost,
		    decimal_format(c->guard.budget, 3, budget));
	else
		say(stream, "cost       about %s if everybody is called\n", cost);
}
