#include "report/jsonl.h"

#include "base/buf.h"

#include <inttypes.h>
#include <string.h>

#define ROW_MAX ((size_t)64 << 20)

/* ,"name": */
static void add_name(struct buf *out, const char *name)
{
	char last = out->length > 0 ? out->data[out->length - 1] : '{';

	if (last != '{' && last != '[')
		buf_addc(out, ',');
	buf_add_json(out, name);
	buf_addc(out, ':');
}

static void add_text(struct buf *out, const char *name, const char *text)
{
	add_name(out, name);
	buf_add_json(out, text);
}

static void add_text_or_null(struct buf *out, const char *name, const char *text)
{
	add_name(out, name);
	if (text && *text)
		buf_add_json(out, text);
	else
		buf_adds(out, "null");
}

static void add_number(struct buf *out, const char *name, int64_t number)
{
	add_name(out, name);
	buf_addf(out, "%" PRId64, number);
}

/* 0 is "not known". */
static void add_moment(struct buf *out, const char *name, int64_t wall_ms)
{
	char text[MOMENT_SIZE];

	add_name(out, name);
	if (wall_ms == 0) {
		buf_adds(out, "null");
		return;
	}
	struct civil c = zone_civil(zone_utc(), wall_ms);
	int ms = (int)(((wall_ms % SECOND_MS) + SECOND_MS) % SECOND_MS);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day,
		 c.hour, c.minute, c.second, ms);
	buf_add_json(out, text);
}

/* The n-th of columns that share a name; 1 for the first. */
static int name_turn(const struct sheet *s, size_t column)
{
	int turn = 1;

	for (size_t i = 0; i < column; i++)
		turn += strcmp(s->columns[i], s->columns[column]) == 0;
	return turn;
}

static void add_columns(struct buf *out, const struct sheet *s, const struct record *r)
{
	struct arena arena = {0};

	add_name(out, "columns");
	buf_addc(out, '{');
	for (size_t i = 0; i < s->column_count && i < r->cell_count; i++) {
		int turn = name_turn(s, i);
		const char *name = turn == 1 ? s->columns[i]
					     : arena_printf(&arena, "%s_%d", s->columns[i], turn);
		add_text(out, name, r->cells[i]);
	}
	buf_addc(out, '}');
	arena_free(&arena);

	if (r->cell_count <= s->column_count)
		return;
	add_name(out, "extra");
	buf_addc(out, '[');
	for (size_t i = s->column_count; i < r->cell_count; i++) {
		if (i > s->column_count)
			buf_addc(out, ',');
		buf_add_json(out, r->cells[i]);
	}
	buf_addc(out, ']');
}

static void add_transcript(struct buf *out, const struct record_attempt *a)
{
	add_name(out, "transcript");
	buf_addc(out, '[');
	for (size_t i = 0; i < a->utterance_count; i++) {
		const struct utterance *u = &a->utterances[i];
		buf_adds(out, i > 0 ? ",{" : "{");
		add_text(out, "speaker", u->speaker == SPEAKER_AGENT ? "agent" : "customer");
		add_text(out, "text", u->text);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void add_attempt(struct buf *out, const struct record_attempt *a)
{
	char cost[DECIMAL_SIZE];

	buf_addc(out, '{');
	add_number(out, "number", a->of->number);
	add_text(out, "state", attempt_state_name(a->of->state));
	add_text_or_null(out, "outcome",
			 a->of->outcome == OUTCOME_NONE ? NULL : outcome_name(a->of->outcome));
	add_text_or_null(out, "job_id", a->of->job_id);
	add_moment(out, "intent", a->of->intent_ms);
	add_moment(out, "started", a->of->started_ms);
	add_moment(out, "ended", a->of->ended_ms);
	add_name(out, "talk_ms");
	if (a->of->talk_ms >= 0)
		buf_addf(out, "%" PRId64, a->of->talk_ms);
	else
		buf_adds(out, "null");
	add_name(out, "cost");
	buf_adds(out, a->of->has_cost ? record_cost_text(a->of->cost, cost) : "null");
	add_name(out, "cost_estimated");
	buf_adds(out, a->of->cost_estimated ? "true" : "false");
	add_text_or_null(out, "recording", a->of->recording);
	add_text_or_null(out, "recording_file", a->file);
	add_text(out, "words", a->of->words);
	add_transcript(out, a);
	add_name(out, "values");
	buf_addc(out, '{');
	for (size_t i = 0; i < a->value_count; i++)
		add_text(out, a->values[i].name, a->values[i].value);
	buf_adds(out, "}}");
}

static void add_standing(struct buf *out, const struct record *r)
{
	const struct contact *c = &r->row->contact;

	add_text(out, "state", contact_state_name(c->state));
	add_text_or_null(out, "reason",
			 c->reason == SKIP_NONE ? NULL : skip_reason_name(c->reason));
	add_text(out, "reason_text", record_reason(r, LANGUAGE_EN));
	add_text(out, "detail", c->detail);
	add_text_or_null(out, "outcome",
			 c->outcome == OUTCOME_NONE ? NULL : outcome_name(c->outcome));
}

bool jsonl_row(struct writer *w, const struct sheet *s, const struct record *r, struct err *e)
{
	const struct contact *c = &r->row->contact;
	struct buf line;

	buf_init(&line, ROW_MAX);
	buf_addc(&line, '{');
	add_number(&line, "row", c->ordinal);
	add_number(&line, "line", c->line);
	add_text(&line, "key", c->key);
	add_text(&line, "phone", c->phone);
	add_text(&line, "language", c->language);
	add_columns(&line, s, r);
	add_standing(&line, r);
	add_name(&line, "attempts");
	buf_addc(&line, '[');
	for (size_t i = 0; i < r->attempt_count; i++) {
		if (i > 0)
			buf_addc(&line, ',');
		add_attempt(&line, &r->attempts[i]);
	}
	buf_adds(&line, "]}\n");

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
