#include "forecast_p.h"

#include "base/buf.h"
#include "cmd/say.h"
#include "provider/rehearsal.h"

#include <inttypes.h>
#include <stdio.h>

#define JSON_MAX 65536

int64_t forecast_requests(const struct provider *p)
{
	int64_t sum = 0;

	for (int kind = REQUEST_PLACE; kind <= REQUEST_AGENT; kind++)
		sum += rehearsal_requests(p, (enum request_kind)kind);
	return sum;
}

int64_t forecast_left_over(const struct forecast *f)
{
	return f->tally.state[CONTACT_PENDING] + f->tally.skip[SKIP_OUT_OF_TIME] +
	       f->tally.skip[SKIP_OVER_BUDGET];
}

static double share(int64_t part, int64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

/* ---- the forecast, for people ---------------------------------------------------------------- */

static void say_moment(const struct forecast *f, const char *label, int64_t at_ms)
{
	const struct zone *zone = f->session->plan->campaign.zone;
	char when[MOMENT_SIZE];

	if (at_ms == 0)
		say(stdout, "%-10s none\n", label);
	else
		say(stdout, "%-10s %s %s\n", label, moment_short(zone, at_ms, false, when),
		    zone_name(zone));
}

static void say_left_over(const struct forecast *f)
{
	if (forecast_left_over(f) == 0)
		return;
	say(stdout, "left over  %" PRId64 " row%s:", forecast_left_over(f),
	    forecast_left_over(f) == 1 ? "" : "s");
	if (f->tally.skip[SKIP_OUT_OF_TIME] > 0)
		say(stdout, " %" PRId64 " because the time is over",
		    f->tally.skip[SKIP_OUT_OF_TIME]);
	if (f->tally.skip[SKIP_OVER_BUDGET] > 0)
		say(stdout, " %" PRId64 " because the budget is used up",
		    f->tally.skip[SKIP_OVER_BUDGET]);
	if (f->tally.state[CONTACT_PENDING] > 0)
		say(stdout, " %" PRId64 " because a guard stopped the run",
		    f->tally.state[CONTACT_PENDING]);
	say(stdout, "\n");
}

static void say_requests(const struct provider *p, int64_t calls)
{
	int64_t account =
		rehearsal_requests(p, REQUEST_PROJECT) + rehearsal_requests(p, REQUEST_AGENT);

	say(stdout,
	    "requests   %" PRId64 " to Hamsa, %.1f a call: %" PRId64 " placings, %" PRId64
	    " pages of the list, %" PRId64 " reads, %" PRId64 " ends, %" PRId64
	    " about the account\n",
	    forecast_requests(p), share(forecast_requests(p), calls),
	    rehearsal_requests(p, REQUEST_PLACE), rehearsal_requests(p, REQUEST_LIST),
	    rehearsal_requests(p, REQUEST_READ), rehearsal_requests(p, REQUEST_END), account);
}

void forecast_say(const struct forecast *f)
{
	const struct run *run = &f->run;
	char cost[DECIMAL_SIZE];
	char took[MOMENT_SIZE];

	say(stdout, "rehearsal  seed %" PRIu64 ", simulated customers; nobody was called\n",
	    f->seed);
	say_moment(f, "begin", f->start_ms);
	say_tally(stdout, &f->tally);
	say_moment(f, "first call", f->first_ms);
	say_moment(f, "last call", f->last_ms);
	int64_t retries = run->calls - f->called;
	say(stdout, "calls      %" PRId64 ": %" PRId64 " row%s called, %" PRId64 " %s\n",
	    run->calls, f->called, f->called == 1 ? "" : "s", retries,
	    retries == 1 ? "retry" : "retries");
	say(stdout, "answered   %" PRId64 ": %.0f %% of the calls, %.0f %% of the rows called\n",
	    run->answered, share(run->answered, run->calls) * 100,
	    share(run->answered, f->called) * 100);
	say(stdout, "in doubt   %" PRId64 "\n", f->tally.state[CONTACT_IN_DOUBT]);
	say_left_over(f);
	say(stdout, "cost       %s\n", decimal_format(run->cost, 3, cost));
	say_requests(&f->session->provider, run->calls);
	if (*f->stopped)
		say(stdout, "stopped    %s\n", f->stopped);
	say_moment(f, "end", f->end_ms);
	say(stdout, "lasts      %s\n", span_words(f->end_ms - f->start_ms, took));
	say(stdout, "report     %s\n", f->paths.folder);
}

/* ---- and for machines ------------------------------------------------------------------------ */

static void add_moment(struct buf *b, const struct forecast *f, const char *name, int64_t at_ms)
{
	char when[MOMENT_SIZE];

	if (at_ms == 0)
		buf_addf(b, ",\"%s\":null", name);
	else
		buf_addf(b, ",\"%s\":\"%s\"", name,
			 moment_iso(f->session->plan->campaign.zone, at_ms, when));
}

static void add_number(struct buf *b, const char *name, int64_t number)
{
	buf_addf(b, ",\"%s\":%" PRId64, name, number);
}

static void add_rows(struct buf *b, const struct tally *t)
{
	add_number(b, "rows", t->rows);
	buf_adds(b, ",\"done\":{");
	for (int i = 1; i < OUTCOME_COUNT; i++)
		buf_addf(b, "%s\"%s\":%" PRId64, i > 1 ? "," : "", outcome_name((enum outcome)i),
			 t->outcome[i]);
	buf_adds(b, "},\"skipped\":{");
	for (int i = 1; i < SKIP_REASON_COUNT; i++)
		buf_addf(b, "%s\"%s\":%" PRId64, i > 1 ? "," : "",
			 skip_reason_name((enum skip_reason)i), t->skip[i]);
	buf_addc(b, '}');
	add_number(b, "in_doubt", t->state[CONTACT_IN_DOUBT]);
}

static void add_requests(struct buf *b, const struct provider *p)
{
	static const char *const names[] = {
		[REQUEST_PLACE] = "place", [REQUEST_LIST] = "list",       [REQUEST_READ] = "read",
		[REQUEST_END] = "end",     [REQUEST_PROJECT] = "project", [REQUEST_AGENT] = "agent",
	};

	buf_addf(b, ",\"requests\":{\"all\":%" PRId64, forecast_requests(p));
	for (size_t i = 0; i < COUNT_OF(names); i++)
		add_number(b, names[i], rehearsal_requests(p, (enum request_kind)i));
	buf_addc(b, '}');
}

void forecast_print_json(const struct forecast *f)
{
	const struct run *run = &f->run;
	char cost[DECIMAL_SIZE];
	struct buf b;

	buf_init(&b, JSON_MAX);
	buf_adds(&b, "{\"campaign\":");
	buf_add_json(&b, run->campaign);
	buf_addf(&b, ",\"seed\":%" PRIu64, f->seed);
	add_moment(&b, f, "begin", f->start_ms);
	add_moment(&b, f, "first_call", f->first_ms);
	add_moment(&b, f, "last_call", f->last_ms);
	add_moment(&b, f, "end", f->end_ms);
	add_rows(&b, &f->tally);
	add_number(&b, "left_over", forecast_left_over(f));
	add_number(&b, "rows_called", f->called);
	add_number(&b, "calls", run->calls);
	add_number(&b, "retries", run->calls - f->called);
	add_number(&b, "answered", run->answered);
	buf_addf(&b, ",\"answered_of_calls\":%.4f,\"answered_of_rows\":%.4f",
		 share(run->answered, run->calls), share(run->answered, f->called));
	buf_addf(&b, ",\"cost\":%s", decimal_format(run->cost, 3, cost));
	add_requests(&b, &f->session->provider);
	buf_adds(&b, ",\"stopped\":");
	buf_add_json(&b, f->stopped);
	buf_adds(&b, ",\"report\":");
	buf_add_json(&b, f->paths.folder);
	say(stdout, "%s}\n", b.data);
	buf_free(&b);
}
