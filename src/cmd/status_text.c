/*
 * A standing for people.
 */
#include "status_p.h"

#include "base/columns.h"
#include "base/text_mask.h"
#include "cmd/say.h"

#include <inttypes.h>

#define OPEN_SHOWN    20
#define KEY_COLUMNS   12
#define LINE_MAX_SIZE 4096
#define NOTE_STALE_MS (60 * SECOND_MS)

/* Text from outside, in at most `width` columns (0: as it is). */
static void put(FILE *out, const char *text, size_t width)
{
	struct buf cell;

	buf_init(&cell, LINE_MAX_SIZE);
	columns_add(&cell, text, width, width > 0);
	fputs(cell.data, out);
	buf_free(&cell);
}

struct listing {
	const struct standing *st;
	FILE *out;
};

static bool show_open(void *data, const struct attempt *a, const struct contact *c, struct err *e)
{
	const struct listing *listing = data;
	char masked[TEXT_MASK_SIZE];
	char since[MOMENT_SIZE];

	(void)e;
	say(listing->out, "  %-9s ", attempt_state_name(a->state));
	/* end-call and settle want the whole of it. */
	put(listing->out, c->key, columns_of(c->key) > KEY_COLUMNS ? 0 : KEY_COLUMNS);
	say(listing->out, " %s  attempt %d, for %s%s", text_mask_phone(a->phone, masked), a->number,
	    span_words(listing->st->now_ms - a->intent_ms, since), *a->status ? ", " : "");
	put(listing->out, a->status, 0);
	fputs(*a->words ? ": " : "", listing->out);
	put(listing->out, a->words, 0);
	fputc('\n', listing->out);
	return true;
}

/* The first few of the open ones, and how many more there are. */
static bool show_some(struct session *s, const struct standing *st, bool in_doubt, FILE *out,
		      struct err *e)
{
	struct listing listing = {.st = st, .out = out};
	struct open_visit visit = {.in_doubt = in_doubt,
				   .most = OPEN_SHOWN,
				   .visit = show_open,
				   .data = &listing};
	int64_t doubts = st->tally.state[CONTACT_IN_DOUBT];
	int64_t all = in_doubt ? doubts : standing_open(st) - doubts;

	if (!standing_each_open(s, st, &visit, e))
		return false;
	if (all > OPEN_SHOWN)
		say(out, "  … and %" PRId64 " more\n", all - OPEN_SHOWN);
	return true;
}

static void show_why(const struct standing *st, FILE *out)
{
	char when[MOMENT_SIZE];

	if (!*st->why) {
		fputs("why        calls are being placed\n", out);
	} else {
		fputs("why        nothing is dialled now: ", out);
		put(out, st->why, 0);
		fputc('\n', out);
	}
	if (st->runner && st->noted && st->now_ms - st->note.noted_ms > NOTE_STALE_MS)
		say(out, "           (the runner said so %s ago)\n",
		    span_words(st->now_ms - st->note.noted_ms, when));
}

static void show_head(const struct standing *st, FILE *out)
{
	const struct zone *zone = st->plan->campaign.zone;
	const struct run *run = &st->run;
	char when[MOMENT_SIZE];
	char ago[MOMENT_SIZE];

	say(out, "campaign   %s, run %s, %s", run->campaign, run->name, run_state_name(run->state));
	if (st->runner)
		say(out, "; process %ld runs it", st->runner);
	say(out, "\nstarted    %s %s, %s ago, list ",
	    moment_short(zone, run->created_ms, false, when), zone_name(zone),
	    span_words(st->now_ms - run->created_ms, ago));
	put(out, run->list_file, 0);
	if (run->finished_ms > 0)
		say(out, "\nover       %s", moment_short(zone, run->finished_ms, false, when));
	if (run->purged_ms)
		say(out, "\npurged     its personal data were removed %s",
		    moment_short(zone, run->purged_ms, false, when));
	fputc('\n', out);
}

static void show_calls(const struct standing *st, FILE *out)
{
	const struct campaign *c = &st->plan->campaign;
	const struct run *run = &st->run;
	char words[MOMENT_SIZE];
	char cost[DECIMAL_SIZE];

	say(out,
	    "calls      %" PRId64 " made, %" PRId64 " answered, %" PRId64 " no answer, %" PRId64
	    " failed, talked %s, cost %s\n",
	    run->calls, run->answered, run->no_answer, run->failed, span_words(run->talk_ms, words),
	    decimal_format(run->cost, 3, cost));
	if (st->recordings.kept + st->recordings.wanted + st->recordings.given_up > 0)
		say(out,
		    "recordings %" PRId64 " downloaded, %" PRId64 " to come, %" PRId64
		    " cannot be had\n",
		    st->recordings.kept, st->recordings.wanted, st->recordings.given_up);
	if (run->state != RUN_OPEN)
		return;
	say(out,
	    "pace       %" PRId64 " call%s in the last minute, at most %" PRId64 "; %" PRId64
	    " live, at most %" PRId64 "\n",
	    st->last_minute, st->last_minute == 1 ? "" : "s", c->calls_per_minute,
	    standing_open(st) - st->tally.state[CONTACT_IN_DOUBT], c->live);
	say_hours(out, c, st->now_ms);
	if (st->forecast_ms > 0)
		say(out, "forecast   over by about %s\n",
		    moment_short(c->zone, st->forecast_ms, false, words));
}

static void show_canary(const struct standing *st, FILE *out)
{
	const struct canary_rule *rule = &st->plan->campaign.guard.canary;

	if (rule->rows == 0)
		return;
	if (st->run.canary_judged)
		fputs("canary     judged\n", out);
	else
		say(out,
		    "canary     %" PRId64 " of the first %d rows were called, %" PRId64
		    " answered; %.0f %% must be\n",
		    st->canary_begun, rule->rows, st->canary_answered, rule->min_answered * 100);
}

static void show_person(const struct standing *st, FILE *out)
{
	const struct person_rule *rule = &st->plan->campaign.guard.person;
	const char *sign = "";
	char gap[MOMENT_SIZE];

	if (rule->min_gap_ms == 0 && rule->per_day == 0 && rule->per_week == 0)
		return;
	fputs("per person ", out);
	if (rule->min_gap_ms > 0) {
		say(out, "%s apart", span_words(rule->min_gap_ms, gap));
		sign = ", ";
	}
	if (rule->per_day > 0) {
		say(out, "%s%d a day", sign, rule->per_day);
		sign = ", ";
	}
	if (rule->per_week > 0)
		say(out, "%s%d a week", sign, rule->per_week);
	say(out, "; %" PRId64 " row%s skipped for it\n", st->tally.skip[SKIP_FREQUENCY],
	    st->tally.skip[SKIP_FREQUENCY] == 1 ? "" : "s");
}

static void show_guards(const struct standing *st, FILE *out)
{
	const struct guard *guard = &st->plan->campaign.guard;
	char spent[DECIMAL_SIZE];
	char expected[DECIMAL_SIZE];
	char limit[DECIMAL_SIZE];

	if (st->run.state != RUN_OPEN)
		return;
	if (guard->breaker.failures > 0)
		say(out, "breaker    %d of the last %d calls failed; trips at %.0f %% of %d\n",
		    st->breaker_failed, st->breaker_of, guard->breaker.failures * 100,
		    guard->breaker.of_last);
	show_canary(st, out);
	if (guard->has_budget)
		say(out, "budget     %s spent, %s expected of open calls, at most %s\n",
		    decimal_format(st->run.cost, 3, spent),
		    decimal_format(st->expected, 3, expected),
		    decimal_format(guard->budget, 3, limit));
	show_person(st, out);
}

/* One of many campaigns. */
static void show_line(const struct standing *st, FILE *out)
{
	int64_t over = st->tally.state[CONTACT_DONE] + st->tally.state[CONTACT_SKIPPED];

	say(out,
	    "%-18s %-16s %-9s %" PRId64 "/%" PRId64 " over, %" PRId64 " live, %" PRId64
	    " in doubt; ",
	    st->run.campaign, st->run.name, run_state_name(st->run.state), over, st->tally.rows,
	    st->tally.state[CONTACT_LIVE], st->tally.state[CONTACT_IN_DOUBT]);
	put(out, *st->why ? st->why : "dialling", 0);
	fputc('\n', out);
}

bool status_text(struct session *s, const struct standing *st, FILE *out, struct err *e)
{
	if (!st->plan) {
		show_line(st, out);
		return true;
	}
	show_head(st, out);
	show_why(st, out);
	say_rows(out, &st->tally);
	show_calls(st, out);
	show_guards(st, out);
	if (!show_some(s, st, true, out, e) || !show_some(s, st, false, out, e))
		return false;
	if (st->tally.state[CONTACT_IN_DOUBT] > 0 && !st->runner)
		fputs("A person decides what stays in doubt: `nida settle`.\n", out);
	/* The longest part, and the one that changes least: a low terminal cuts it, not the calls.
	 */
	say_reasons(out, &st->tally);
	return true;
}
