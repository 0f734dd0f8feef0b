#include "report/summary.h"

#include "base/buf.h"
#include "report/follow_up.h"

#include <inttypes.h>
#include <string.h>

#define SUMMARY_MAX ((size_t)4 << 20)

void summary_begin(struct summary *sum, const struct tally *tally)
{
	*sum = (struct summary){.tally = *tally};
}

void summary_row(struct summary *sum, const struct record *r)
{
	const struct contact *c = &r->row->contact;

	sum->counted.rows++;
	sum->counted.state[c->state]++;
	if (c->state == CONTACT_DONE)
		sum->counted.outcome[c->outcome]++;
	if (c->state == CONTACT_SKIPPED)
		sum->counted.skip[c->reason]++;
	sum->attempts += (int64_t)r->attempt_count;
	sum->transcripts += r->spoken != NULL;
	sum->recordings += *r->recording != '\0';
	sum->follow_up += follow_up_wants(c);
	if (r->talk_ms > 0)
		sum->talk_ms += r->talk_ms;
	sum->cost.micro += r->cost.micro;
	sum->estimated.micro += r->estimated.micro;
}

static int64_t total(const int64_t *counts, size_t count)
{
	int64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += counts[i];
	return sum;
}

static bool tally_holds(const struct tally *t)
{
	return t->rows == total(t->state, CONTACT_STATE_COUNT) &&
	       t->state[CONTACT_DONE] == total(t->outcome, OUTCOME_COUNT) &&
	       t->state[CONTACT_SKIPPED] == total(t->skip, SKIP_REASON_COUNT);
}

bool summary_agrees(const struct summary *sum)
{
	const struct tally *a = &sum->tally;
	const struct tally *b = &sum->counted;

	return tally_holds(a) && tally_holds(b) && a->rows == b->rows &&
	       memcmp(a->state, b->state, sizeof(a->state)) == 0 &&
	       memcmp(a->outcome, b->outcome, sizeof(a->outcome)) == 0 &&
	       memcmp(a->skip, b->skip, sizeof(a->skip)) == 0;
}

static void add_moment(struct buf *out, const char *name, const struct zone *zone, int64_t wall_ms)
{
	char text[MOMENT_SIZE];

	if (wall_ms)
		buf_addf(out, "  \"%s\": \"%s\",\n", name, moment_iso(zone, wall_ms, text));
	else
		buf_addf(out, "  \"%s\": null,\n", name);
}

static void add_text(struct buf *out, const char *name, const char *text)
{
	buf_addf(out, "  \"%s\": ", name);
	if (text)
		buf_add_json(out, text);
	else
		buf_adds(out, "null");
	buf_adds(out, ",\n");
}

static void add_run(struct buf *out, const struct sheet *s, int64_t now_ms, bool live)
{
	const struct run *run = s->run;

	buf_addf(out, "  \"version\": %d,\n", SUMMARY_VERSION);
	add_text(out, "campaign", run->campaign);
	add_text(out, "run", run->name);
	add_text(out, "scenario", run->scenario);
	buf_addf(out, "  \"rehearsal\": %s,\n", run->rehearsal ? "true" : "false");
	add_text(out, "state", run_state_name(run->state));
	buf_addf(out, "  \"live\": %s,\n", live ? "true" : "false");
	add_text(out, "paused_by", run->paused_by);
	add_text(out, "pause_words", run->paused_by ? run->pause_words : NULL);
	add_text(out, "list_file", run->list_file);
	add_text(out, "list_sha256", run->list_sha256);
	add_text(out, "zone", run->zone);
	add_moment(out, "as_of", s->zone, now_ms);
	add_moment(out, "created", s->zone, run->created_ms);
	add_moment(out, "finished", s->zone, run->finished_ms);
	add_moment(out, "last_call", s->zone, run->last_intent_ms);
}

static void add_count(struct buf *out, const char *name, int64_t count, bool *first)
{
	buf_addf(out, "%s\n    \"%s\": %" PRId64, *first ? "" : ",", name, count);
	*first = false;
}

static void add_tally(struct buf *out, const struct tally *t)
{
	bool first = true;

	buf_addf(out, "  \"rows\": %" PRId64 ",\n  \"states\": {", t->rows);
	for (int i = 0; i < CONTACT_STATE_COUNT; i++)
		add_count(out, contact_state_name((enum contact_state)i), t->state[i], &first);
	buf_adds(out, "\n  },\n  \"outcomes\": {");
	first = true;
	for (int i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++)
		add_count(out, outcome_name((enum outcome)i), t->outcome[i], &first);
	buf_adds(out, "\n  },\n  \"skipped\": {");
	first = true;
	for (int i = SKIP_NONE + 1; i < SKIP_REASON_COUNT; i++)
		add_count(out, skip_reason_name((enum skip_reason)i), t->skip[i], &first);
	buf_adds(out, "\n  },\n");
}

static void add_identity(struct buf *out, const char *text, int64_t left, int64_t right, bool last)
{
	buf_addf(out,
		 "    {\"text\": \"%s\", \"left\": %" PRId64 ", \"right\": %" PRId64
		 ", \"holds\": %s}%s\n",
		 text, left, right, left == right ? "true" : "false", last ? "" : ",");
}

static void add_identities(struct buf *out, const struct sheet *s, const struct summary *sum)
{
	const struct tally *t = &sum->tally;

	buf_adds(out, "  \"identities\": [\n");
	add_identity(out, "rows = pending + placing + live + in_doubt + done + skipped", t->rows,
		     total(t->state, CONTACT_STATE_COUNT), false);
	add_identity(out, "done = sum of outcomes", t->state[CONTACT_DONE],
		     total(t->outcome, OUTCOME_COUNT), false);
	add_identity(out, "skipped = sum of reasons", t->state[CONTACT_SKIPPED],
		     total(t->skip, SKIP_REASON_COUNT), false);
	add_identity(out, "rows of the list = rows of the run", s->run->rows, t->rows, false);
	add_identity(out, "rows in these reports = rows of the run", sum->counted.rows, t->rows,
		     true);
	buf_addf(out, "  ],\n  \"agrees\": %s,\n", summary_agrees(sum) ? "true" : "false");
}

static void add_calls(struct buf *out, const struct run *run, const struct summary *sum)
{
	char cost[DECIMAL_SIZE];
	double reach = run->calls > 0 ? (double)run->answered / (double)run->calls : 0;
	int64_t average = run->answered > 0 ? run->talk_ms / run->answered : 0;

	buf_addf(out, "  \"attempts\": %" PRId64 ",\n", sum->attempts);
	buf_addf(out, "  \"calls\": %" PRId64 ",\n", run->calls);
	buf_addf(out, "  \"answered\": %" PRId64 ",\n", run->answered);
	buf_addf(out, "  \"reach\": %.4f,\n", reach);
	buf_addf(out, "  \"talk_seconds\": %" PRId64 ",\n", (int64_t)(run->talk_ms / SECOND_MS));
	buf_addf(out, "  \"average_talk_seconds\": %" PRId64 ",\n", (int64_t)(average / SECOND_MS));
	buf_addf(out, "  \"cost\": %s,\n", record_cost_text(run->cost, cost));
	buf_addf(out, "  \"cost_estimated\": %s,\n", record_cost_text(sum->estimated, cost));
	buf_addf(out, "  \"transcripts\": %" PRId64 ",\n", sum->transcripts);
	buf_addf(out, "  \"recordings\": %" PRId64 ",\n", sum->recordings);
	buf_addf(out, "  \"follow_up_rows\": %" PRId64 "\n", sum->follow_up);
}

void summary_write(struct writer *w, const struct sheet *s, const struct summary *sum,
		   int64_t now_ms, bool live)
{
	struct buf out;

	buf_init(&out, SUMMARY_MAX);
	buf_adds(&out, "{\n");
	add_run(&out, s, now_ms, live);
	add_tally(&out, &sum->tally);
	add_identities(&out, s, sum);
	add_calls(&out, s->run, sum);
	buf_adds(&out, "}\n");
	writer_add(w, out.data, out.length);
	buf_free(&out);
}
