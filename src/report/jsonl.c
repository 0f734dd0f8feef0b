#include "report/jsonl.h"

#include "base/emit.h"

#include <inttypes.h>

#define ROW_MAX ((size_t)64 << 20)

/* What is empty is not known. */
static void add_text_or_null(struct emit *j, const char *name, const char *text)
{
	emit_text(j, name, text && *text ? text : NULL);
}

/* 0 is "not known". */
static void add_moment(struct emit *j, const char *name, int64_t wall_ms)
{
	char text[MOMENT_SIZE];

	emit_text(j, name, wall_ms ? moment_utc(wall_ms, text) : NULL);
}

static void add_columns(struct emit *j, const struct sheet *s, const struct record *r)
{
	emit_open(j, "columns", '{');
	for (size_t i = 0; i < s->column_count && i < r->cell_count; i++)
		emit_text(j, s->names[i], r->cells[i]);
	emit_close(j, '}');

	if (r->cell_count <= s->column_count)
		return;
	emit_open(j, "extra", '[');
	for (size_t i = s->column_count; i < r->cell_count; i++)
		emit_text(j, NULL, r->cells[i]);
	emit_close(j, ']');
}

static void add_transcript(struct emit *j, const struct record_attempt *a)
{
	emit_open(j, "transcript", '[');
	for (size_t i = 0; i < a->utterance_count; i++) {
		const struct utterance *u = &a->utterances[i];
		emit_open(j, NULL, '{');
		emit_text(j, "speaker", u->speaker == SPEAKER_AGENT ? "agent" : "customer");
		emit_text(j, "text", u->text);
		emit_close(j, '}');
	}
	emit_close(j, ']');
}

static void add_attempt(struct emit *j, const struct record_attempt *a)
{
	const struct row_attempt *of = a->of;
	char cost[DECIMAL_SIZE];

	emit_open(j, NULL, '{');
	emit_number(j, "number", of->number);
	emit_text(j, "state", attempt_state_name(of->state));
	emit_text(j, "outcome", of->outcome == OUTCOME_NONE ? NULL : outcome_name(of->outcome));
	add_text_or_null(j, "job_id", of->job_id);
	add_moment(j, "intent", of->intent_ms);
	add_moment(j, "started", of->started_ms);
	add_moment(j, "ended", of->ended_ms);
	if (of->talk_ms >= 0)
		emit_number(j, "talk_ms", of->talk_ms);
	else
		emit_null(j, "talk_ms");
	emit_literal(j, "cost", of->has_cost ? record_cost_text(of->cost, cost) : "null");
	emit_flag(j, "cost_estimated", of->cost_estimated);
	add_text_or_null(j, "recording", of->recording);
	add_text_or_null(j, "recording_file", a->file);
	emit_text(j, "words", of->words);
	add_transcript(j, a);
	emit_open(j, "values", '{');
	for (size_t i = 0; i < a->value_count; i++)
		emit_text(j, a->values[i].name, a->values[i].value);
	emit_close(j, '}');
	emit_close(j, '}');
}

static void add_standing(struct emit *j, const struct record *r)
{
	const struct contact *c = &r->row->contact;

	emit_text(j, "state", contact_state_name(c->state));
	emit_text(j, "reason", c->reason == SKIP_NONE ? NULL : skip_reason_name(c->reason));
	emit_text(j, "reason_text", record_reason(r, LANGUAGE_EN));
	emit_text(j, "detail", c->detail);
	emit_text(j, "outcome", c->outcome == OUTCOME_NONE ? NULL : outcome_name(c->outcome));
}

bool jsonl_row(struct writer *w, const struct sheet *s, const struct record *r, struct err *e)
{
	const struct contact *c = &r->row->contact;
	struct buf line;
	struct emit j = {.out = &line};

	buf_init(&line, ROW_MAX);
	emit_open(&j, NULL, '{');
	emit_number(&j, "row", c->ordinal);
	emit_number(&j, "line", c->line);
	emit_text(&j, "key", c->key);
	emit_text(&j, "phone", c->phone);
	emit_text(&j, "language", c->language);
	add_columns(&j, s, r);
	add_standing(&j, r);
	emit_open(&j, "attempts", '[');
	for (size_t i = 0; i < r->attempt_count; i++)
		add_attempt(&j, &r->attempts[i]);
	emit_close(&j, ']');
	emit_close(&j, '}');
	buf_addc(&line, '\n');

	bool fits = !line.overflow;
	if (fits)
		writer_add(w, line.data, line.length);
	buf_free(&line);
	return fits ||
	       err_set(e, ERR_FAILED,
		       "Row %" PRId64 " (key '%s') with its transcripts is larger than %zu MiB; "
		       "it cannot be written to '%s'.",
		       c->ordinal, c->key, ROW_MAX >> 20, w->path);
}
