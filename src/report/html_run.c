#include "html_p.h"

#include <inttypes.h>

static void add_name(struct buf *out, const char *name)
{
	if (out->data[out->length - 1] != '{')
		buf_addc(out, ',');
	buf_add_json(out, name);
	buf_addc(out, ':');
}

static void add_text(struct buf *out, const char *name, const char *text)
{
	add_name(out, name);
	if (text)
		buf_add_json(out, text);
	else
		buf_adds(out, "null");
}

static void add_number(struct buf *out, const char *name, int64_t number)
{
	add_name(out, name);
	buf_addf(out, "%" PRId64, number);
}

static void add_flag(struct buf *out, const char *name, bool flag)
{
	add_name(out, name);
	buf_adds(out, flag ? "true" : "false");
}

/* One [count, name, English sentence, Arabic sentence]. */
static void add_word(struct buf *out, int index, int64_t count, const char *name,
		     const char *english, const char *arabic)
{
	buf_addf(out, "%s[%" PRId64 ",", index > 0 ? "," : "", count);
	buf_add_json(out, name);
	buf_addc(out, ',');
	buf_add_json(out, english);
	buf_addc(out, ',');
	buf_add_json(out, arabic);
	buf_addc(out, ']');
}

/* The rows carry numbers; these lists say what they mean and how many there are of each. */
static void add_words(struct buf *out, const struct tally *t)
{
	add_name(out, "states");
	buf_addc(out, '[');
	for (int i = 0; i < CONTACT_STATE_COUNT; i++) {
		enum contact_state state = (enum contact_state)i;
		add_word(out, i, t->state[i], contact_state_name(state),
			 contact_state_text(state, LANGUAGE_EN),
			 contact_state_text(state, LANGUAGE_AR));
	}
	buf_addc(out, ']');
	add_name(out, "outcomes");
	buf_addc(out, '[');
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		enum outcome outcome = (enum outcome)i;
		add_word(out, i, t->outcome[i], outcome_name(outcome),
			 outcome_text(outcome, LANGUAGE_EN), outcome_text(outcome, LANGUAGE_AR));
	}
	buf_addc(out, ']');
	add_name(out, "reasons");
	buf_addc(out, '[');
	for (int i = 0; i < SKIP_REASON_COUNT; i++) {
		enum skip_reason reason = (enum skip_reason)i;
		add_word(out, i, t->skip[i], skip_reason_name(reason),
			 skip_reason_text(reason, LANGUAGE_EN),
			 skip_reason_text(reason, LANGUAGE_AR));
	}
	buf_addc(out, ']');
}

static void add_shape(struct buf *out, const struct sheet *s)
{
	add_name(out, "columns");
	buf_addc(out, '[');
	for (size_t i = 0; i < s->column_count; i++) {
		buf_adds(out, i > 0 ? "," : "");
		buf_add_json(out, s->columns[i]);
	}
	buf_addc(out, ']');
	add_name(out, "fields");
	buf_addc(out, '[');
	for (size_t i = 0; i < s->field_count; i++) {
		const struct sheet_field *f = &s->fields[i];
		buf_adds(out, i > 0 ? ",[" : "[");
		buf_add_json(out, f->name);
		buf_addc(out, ',');
		buf_add_json(out, f->label[LANGUAGE_EN]);
		buf_addc(out, ',');
		buf_add_json(out, f->label[LANGUAGE_AR]);
		buf_addc(out, ']');
	}
	buf_addc(out, ']');
	add_number(out, "chunk", HTML_CHUNK_ROWS);
}

void html_add_run(struct buf *out, const struct sheet *s, const struct html_facts *facts)
{
	const struct run *run = s->run;
	char cost[DECIMAL_SIZE];

	buf_addc(out, '{');
	add_text(out, "campaign", run->campaign);
	add_text(out, "run", run->name);
	add_text(out, "scenario", run->scenario);
	add_text(out, "titleEn", run->title_en);
	add_text(out, "titleAr", run->title_ar);
	add_flag(out, "rehearsal", run->rehearsal);
	add_text(out, "state", run_state_name(run->state));
	add_flag(out, "live", facts->live && run->state == RUN_OPEN);
	add_text(out, "pausedBy", run->paused_by);
	add_text(out, "pauseWords", run->paused_by ? run->pause_words : NULL);
	add_text(out, "list", run->list_file);
	add_text(out, "zone", run->zone);
	add_number(out, "asOf", facts->now_ms);
	add_number(out, "created", run->created_ms);
	add_number(out, "finished", run->finished_ms);
	add_number(out, "listRows", run->rows);
	add_number(out, "rows", facts->tally->rows);
	add_number(out, "calls", run->calls);
	add_number(out, "answered", run->answered);
	add_number(out, "talk", run->talk_ms);
	add_name(out, "cost");
	buf_adds(out, record_cost_text(run->cost, cost));
	add_words(out, facts->tally);
	add_shape(out, s);
	buf_addc(out, '}');
}
