#include "report/summary.h"

#include "base/emit.h"
#include "report/follow_up.h"

#include <stdio.h>
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

static void add_moment(struct emit *j, const char *name, const struct zone *zone, int64_t wall_ms)
{
	char text[MOMENT_SIZE];

	emit_text(j, name, wall_ms ? moment_iso(zone, wall_ms, text) : NULL);
}

static void add_run(struct emit *j, const struct sheet *s, int64_t now_ms, bool live)
{
	const struct run *run = s->run;

	emit_number(j, "version", SUMMARY_VERSION);
	emit_text(j, "campaign", run->campaign);
	emit_text(j, "run", run->name);
	emit_text(j, "scenario", run->scenario);
	emit_flag(j, "rehearsal", run->rehearsal);
	emit_text(j, "state", run_state_name(run->state));
	emit_flag(j, "live", live);
	emit_text(j, "paused_by", run->paused_by);
	emit_text(j, "pause_words", run->paused_by ? run->pause_words : NULL);
	emit_text(j, "list_file", run->list_file);
	emit_text(j, "list_sha256", run->list_sha256);
	emit_text(j, "zone", run->zone);
	add_moment(j, "as_of", s->zone, now_ms);
	add_moment(j, "created", s->zone, run->created_ms);
	add_moment(j, "finished", s->zone, run->finished_ms);
	add_moment(j, "last_call", s->zone, run->last_intent_ms);
}

static void add_tally(struct emit *j, const struct tally *t)
{
	emit_number(j, "rows", t->rows);
	emit_open(j, "states", '{');
	for (int i = 0; i < CONTACT_STATE_COUNT; i++)
		emit_number(j, contact_state_name((enum contact_state)i), t->state[i]);
	emit_close(j, '}');
	emit_open(j, "outcomes", '{');
	for (int i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++)
		emit_number(j, outcome_name((enum outcome)i), t->outcome[i]);
	emit_close(j, '}');
	emit_open(j, "skipped", '{');
	for (int i = SKIP_NONE + 1; i < SKIP_REASON_COUNT; i++)
		emit_number(j, skip_reason_name((enum skip_reason)i), t->skip[i]);
	emit_close(j, '}');
}

static void add_identity(struct emit *j, const char *text, int64_t left, int64_t right)
{
	emit_open_line(j, NULL, '{');
	emit_text(j, "text", text);
	emit_number(j, "left", left);
	emit_number(j, "right", right);
	emit_flag(j, "holds", left == right);
	emit_close(j, '}');
}

static void add_identities(struct emit *j, const struct sheet *s, const struct summary *sum)
{
	const struct tally *t = &sum->tally;

	emit_open(j, "identities", '[');
	add_identity(j, "rows = pending + placing + live + in_doubt + done + skipped", t->rows,
		     total(t->state, CONTACT_STATE_COUNT));
	add_identity(j, "done = sum of outcomes", t->state[CONTACT_DONE],
		     total(t->outcome, OUTCOME_COUNT));
	add_identity(j, "skipped = sum of reasons", t->state[CONTACT_SKIPPED],
		     total(t->skip, SKIP_REASON_COUNT));
	add_identity(j, "rows of the list = rows of the run", s->run->rows, t->rows);
	add_identity(j, "rows in these reports = rows of the run", sum->counted.rows, t->rows);
	emit_close(j, ']');
	emit_flag(j, "agrees", summary_agrees(sum));
}

static void add_calls(struct emit *j, const struct run *run, const struct summary *sum)
{
	char reach[DECIMAL_SIZE];
	char cost[DECIMAL_SIZE];
	int64_t average = run->answered > 0 ? run->talk_ms / run->answered : 0;

	snprintf(reach, sizeof(reach), "%.4f",
		 run->calls > 0 ? (double)run->answered / (double)run->calls : 0);
	emit_number(j, "attempts", sum->attempts);
	emit_number(j, "calls", run->calls);
	emit_number(j, "answered", run->answered);
	emit_literal(j, "reach", reach);
	emit_number(j, "talk_seconds", run->talk_ms / SECOND_MS);
	emit_number(j, "average_talk_seconds", average / SECOND_MS);
	emit_literal(j, "cost", record_cost_text(run->cost, cost));
	emit_literal(j, "cost_estimated", record_cost_text(sum->estimated, cost));
	emit_number(j, "transcripts", sum->transcripts);
	emit_number(j, "recordings", sum->recordings);
	emit_number(j, "follow_up_rows", sum->follow_up);
}

void summary_write(struct writer *w, const struct sheet *s, const struct summary *sum,
		   int64_t now_ms, bool live)
{
	struct buf out;
	struct emit j = {.out = &out, .pretty = true};

	buf_init(&out, SUMMARY_MAX);
	emit_open(&j, NULL, '{');
	add_run(&j, s, now_ms, live);
	add_tally(&j, &sum->tally);
	add_identities(&j, s, sum);
	add_calls(&j, s->run, sum);
	emit_close(&j, '}');
	buf_addc(&out, '\n');
	writer_add(w, out.data, out.length);
	buf_free(&out);
}
