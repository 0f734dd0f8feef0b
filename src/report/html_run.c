#include "html_p.h"

#include "base/emit.h"

#include <string.h>

/* One [count, name, English sentence, Arabic sentence]. */
static void add_word(struct emit *j, int64_t count, const char *name, const char *english,
		     const char *arabic)
{
	emit_open(j, NULL, '[');
	emit_number(j, NULL, count);
	emit_text(j, NULL, name);
	emit_text(j, NULL, english);
	emit_text(j, NULL, arabic);
	emit_close(j, ']');
}

/* The rows carry numbers; these lists say what they mean and how many there are of each. */
static void add_words(struct emit *j, const struct tally *t)
{
	emit_open(j, "states", '[');
	for (int i = 0; i < CONTACT_STATE_COUNT; i++) {
		enum contact_state state = (enum contact_state)i;
		add_word(j, t->state[i], contact_state_name(state),
			 contact_state_text(state, LANGUAGE_EN),
			 contact_state_text(state, LANGUAGE_AR));
	}
	emit_close(j, ']');
	emit_open(j, "outcomes", '[');
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		enum outcome outcome = (enum outcome)i;
		add_word(j, t->outcome[i], outcome_name(outcome),
			 outcome_text(outcome, LANGUAGE_EN), outcome_text(outcome, LANGUAGE_AR));
	}
	emit_close(j, ']');
	emit_open(j, "reasons", '[');
	for (int i = 0; i < SKIP_REASON_COUNT; i++) {
		enum skip_reason reason = (enum skip_reason)i;
		add_word(j, t->skip[i], skip_reason_name(reason),
			 skip_reason_text(reason, LANGUAGE_EN),
			 skip_reason_text(reason, LANGUAGE_AR));
	}
	emit_close(j, ']');
}

/* {field: {value: [English label, Arabic label]}}; the choices of a field stand together. */
static void add_choices(struct emit *j, const struct sheet *s)
{
	const char *field = NULL;

	emit_open(j, "choices", '{');
	for (size_t i = 0; i < s->choice_count; i++) {
		const struct sheet_choice *c = &s->choices[i];
		if (field && strcmp(field, c->field) != 0)
			emit_close(j, '}');
		if (!field || strcmp(field, c->field) != 0)
			emit_open(j, c->field, '{');
		field = c->field;
		emit_open(j, c->value, '[');
		emit_text(j, NULL, c->label[LANGUAGE_EN]);
		emit_text(j, NULL, c->label[LANGUAGE_AR]);
		emit_close(j, ']');
	}
	if (field)
		emit_close(j, '}');
	emit_close(j, '}');
}

static void add_shape(struct emit *j, const struct sheet *s)
{
	emit_open(j, "columns", '[');
	for (size_t i = 0; i < s->column_count; i++)
		emit_text(j, NULL, s->columns[i]);
	emit_close(j, ']');
	emit_open(j, "fields", '[');
	for (size_t i = 0; i < s->field_count; i++) {
		const struct sheet_field *f = &s->fields[i];
		emit_open(j, NULL, '[');
		emit_text(j, NULL, f->name);
		emit_text(j, NULL, f->label[LANGUAGE_EN]);
		emit_text(j, NULL, f->label[LANGUAGE_AR]);
		emit_close(j, ']');
	}
	emit_close(j, ']');
	add_choices(j, s);
	emit_number(j, "chunk", HTML_CHUNK_ROWS);
}

void html_add_run(struct buf *out, const struct sheet *s, const struct html_facts *facts)
{
	const struct run *run = s->run;
	struct emit emit = {.out = out};
	struct emit *j = &emit;
	char cost[DECIMAL_SIZE];

	emit_open(j, NULL, '{');
	emit_text(j, "campaign", run->campaign);
	emit_text(j, "run", run->name);
	emit_text(j, "scenario", run->scenario);
	emit_text(j, "titleEn", run->title_en);
	emit_text(j, "titleAr", run->title_ar);
	emit_flag(j, "rehearsal", run->rehearsal);
	emit_text(j, "state", run_state_name(run->state));
	emit_flag(j, "live", facts->live && run->state == RUN_OPEN);
	emit_number(j, "every", facts->every_ms);
	emit_flag(j, "masked", facts->masked);
	emit_text(j, "pausedBy", run->paused_by);
	emit_text(j, "pauseWords", run->paused_by ? run->pause_words : NULL);
	emit_text(j, "list", run->list_file);
	emit_text(j, "zone", run->zone);
	emit_number(j, "asOf", facts->now_ms);
	emit_number(j, "created", run->created_ms);
	emit_number(j, "finished", run->finished_ms);
	emit_number(j, "purged", run->purged_ms);
	emit_number(j, "listRows", run->rows);
	emit_number(j, "rows", facts->tally->rows);
	emit_number(j, "calls", run->calls);
	emit_number(j, "answered", run->answered);
	emit_number(j, "talk", run->talk_ms);
	emit_literal(j, "cost", record_cost_text(run->cost, cost));
	add_words(j, facts->tally);
	add_shape(j, s);
	emit_close(j, '}');
}
