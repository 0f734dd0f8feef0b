#include "compare_p.h"
#include "html_p.h"

#include "base/emit.h"
#include "report/assets.h"

#define FACTS_MAX ((size_t)64 << 20)

static void add_day(struct emit *j, const struct compare_day *day)
{
	char date[COMPARE_DATE_SIZE];
	char cost[DECIMAL_SIZE];

	emit_open(j, NULL, '[');
	emit_text(j, NULL, compare_date(day->day, date));
	emit_number(j, NULL, day->calls);
	emit_number(j, NULL, compare_answered(day));
	emit_number(j, NULL, day->talk_ms);
	emit_literal(j, NULL, record_cost_text(day->cost, cost));
	emit_open(j, NULL, '[');
	for (int i = 0; i < OUTCOME_COUNT; i++)
		emit_number(j, NULL, day->outcome[i]);
	emit_close(j, ']');
	emit_close(j, ']');
}

static void add_run(struct emit *j, const struct compare_run *r)
{
	const struct run *run = &r->run;
	const struct tally *t = &r->tally;

	emit_open(j, NULL, '{');
	emit_text(j, "campaign", run->campaign);
	emit_text(j, "run", run->name);
	emit_text(j, "titleEn", run->title_en);
	emit_text(j, "titleAr", run->title_ar);
	emit_text(j, "state", run_state_name(run->state));
	emit_text(j, "page", r->page);
	emit_number(j, "created", run->created_ms);
	emit_number(j, "rows", t->rows);
	emit_number(j, "reached", t->outcome[OUTCOME_COMPLETED] + t->outcome[OUTCOME_FORWARDED]);
	emit_number(j, "skipped", t->state[CONTACT_SKIPPED]);
	emit_number(j, "inDoubt", t->state[CONTACT_IN_DOUBT]);
	emit_open(j, "days", '[');
	for (size_t i = 0; i < r->day_count; i++)
		add_day(j, &r->days[i]);
	emit_close(j, ']');
	emit_close(j, '}');
}

static void add_facts(struct buf *out, const struct compare *c)
{
	struct emit emit = {.out = out};
	struct emit *j = &emit;

	emit_open(j, NULL, '{');
	/* Moments of the page as a whole are told in the zone of the first campaign. */
	emit_text(j, "zone", c->runs[0].run.zone);
	emit_number(j, "asOf", c->now_ms);
	emit_number(j, "since", c->since_ms);
	emit_open(j, "outcomes", '[');
	for (int i = 0; i < OUTCOME_COUNT; i++)
		emit_text(j, NULL, outcome_name((enum outcome)i));
	emit_close(j, ']');
	emit_open(j, "runs", '[');
	for (size_t i = 0; i < c->run_count; i++)
		add_run(j, &c->runs[i]);
	emit_close(j, ']');
	emit_close(j, '}');
}

void compare_write_html(struct writer *w, const struct compare *c)
{
	const struct asset script[] = {
		{asset_words_js, asset_words_js_size},
		{asset_language_js, asset_language_js_size},
		{asset_shell_js, asset_shell_js_size},
		{asset_draw_js, asset_draw_js_size},
		{asset_compare_charts_js, asset_compare_charts_js_size},
		{asset_compare_js, asset_compare_js_size},
	};
	struct buf facts;
	struct html_frame frame = {
		.text = (const char *)asset_compare_html,
		.script = script,
		.script_count = COUNT_OF(script),
		.title = "nida: campaigns compared",
		.facts = &facts,
	};

	buf_init(&facts, FACTS_MAX);
	add_facts(&facts, c);
	writer_adds(w, html_write_frame(w, &frame));
	buf_free(&facts);
}
