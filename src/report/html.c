#include "report/html.h"

#include "base/emit.h"
#include "report/assets.h"
#include "report/follow_up.h"

#include "html_p.h"

#include <inttypes.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)

/* The script in its parts, in the order in which they need each other. */
#define SCRIPT_PARTS 14

static void script_parts(struct asset out[SCRIPT_PARTS])
{
	size_t n = 0;

	out[n++] = (struct asset){asset_words_js, asset_words_js_size};
	out[n++] = (struct asset){asset_language_js, asset_language_js_size};
	out[n++] = (struct asset){asset_shell_js, asset_shell_js_size};
	out[n++] = (struct asset){asset_data_js, asset_data_js_size};
	out[n++] = (struct asset){asset_draw_js, asset_draw_js_size};
	out[n++] = (struct asset){asset_figures_js, asset_figures_js_size};
	out[n++] = (struct asset){asset_charts_js, asset_charts_js_size};
	out[n++] = (struct asset){asset_columns_js, asset_columns_js_size};
	out[n++] = (struct asset){asset_table_js, asset_table_js_size};
	out[n++] = (struct asset){asset_detail_js, asset_detail_js_size};
	out[n++] = (struct asset){asset_head_js, asset_head_js_size};
	out[n++] = (struct asset){asset_filters_js, asset_filters_js_size};
	out[n++] = (struct asset){asset_save_js, asset_save_js_size};
	out[n++] = (struct asset){asset_report_js, asset_report_js_size};
	if (n != SCRIPT_PARTS)
		BUG("the script of the report page has %zu parts", n);
}

static void write_frame(struct html *h, const struct html_facts *facts)
{
	const struct run *run = h->sheet->run;
	struct asset script[SCRIPT_PARTS];
	struct arena arena = {0};
	struct html_frame frame = {
		.text = (const char *)asset_report_html,
		.script = script,
		.script_count = SCRIPT_PARTS,
		.title = arena_printf(&arena, "%s %s", run->campaign, run->name),
		.facts = &h->text,
	};

	script_parts(script);
	html_add_run(&h->text, h->sheet, facts);
	h->rest = html_write_frame(h->out, &frame);
	arena_free(&arena);
}

bool html_begin(struct html *h, struct writer *out, const struct sheet *sheet,
		const struct html_facts *facts, struct err *e)
{
	*h = (struct html){.out = out, .sheet = sheet};
	buf_init(&h->text, TEXT_MAX);
	if (!writer_open_spool(&h->talk, out->path, e))
		return false;
	write_frame(h, facts);
	return writer_ok(out, e);
}

/* A comma between the rows of a block, a new block every HTML_CHUNK_ROWS. */
static void begin_row(struct writer *w, const char *kind, int64_t row)
{
	if (row % HTML_CHUNK_ROWS != 0) {
		writer_adds(w, ",\n");
		return;
	}
	if (row > 0)
		writer_adds(w, "]</script>\n");
	writer_adds(w, "<script type=\"application/json\" class=\"");
	writer_adds(w, kind);
	writer_adds(w, "\">[");
}

/* number, state, outcome, job id, intent, started, ended, talk, cost, recording, words, values,
 * cost estimated, the link of a recording that is a file */
static void add_attempt(struct emit *j, const struct record_attempt *a)
{
	const struct row_attempt *of = a->of;
	char cost[DECIMAL_SIZE];

	emit_open(j, NULL, '[');
	emit_number(j, NULL, of->number);
	emit_number(j, NULL, (int)of->state);
	emit_number(j, NULL, (int)of->outcome);
	emit_text(j, NULL, of->job_id);
	emit_number(j, NULL, of->intent_ms);
	emit_number(j, NULL, of->started_ms);
	emit_number(j, NULL, of->ended_ms);
	emit_number(j, NULL, of->talk_ms);
	emit_literal(j, NULL, of->has_cost ? record_cost_text(of->cost, cost) : "null");
	const char *file = *a->file ? a->file : a->away;
	emit_text(j, NULL, *file ? file : of->recording);
	emit_text(j, NULL, of->words);
	emit_open(j, NULL, '[');
	for (size_t i = 0; i < a->value_count; i++) {
		emit_text(j, NULL, a->values[i].name);
		emit_text(j, NULL, a->values[i].value);
	}
	emit_close(j, ']');
	emit_number(j, NULL, of->cost_estimated);
	emit_text(j, NULL, *file ? of->recording : "");
	emit_close(j, ']');
}

/* key, phone, language, state, outcome (of a skipped one: reason), detail, line, cells, attempts,
 * whether it is in follow-up.csv */
static void add_row(struct buf *out, const struct record *r)
{
	const struct contact *c = &r->row->contact;
	struct emit emit = {.out = out};
	struct emit *j = &emit;

	emit_open(j, NULL, '[');
	emit_text(j, NULL, c->key);
	emit_text(j, NULL, c->phone);
	emit_number(j, NULL, (int)r->language);
	emit_number(j, NULL, (int)c->state);
	emit_number(j, NULL, c->state == CONTACT_SKIPPED ? (int)c->reason : (int)c->outcome);
	emit_text(j, NULL, c->detail);
	emit_number(j, NULL, c->line);
	emit_open(j, NULL, '[');
	for (size_t i = 0; i < r->cell_count; i++)
		emit_text(j, NULL, r->cells[i]);
	emit_close(j, ']');
	emit_open(j, NULL, '[');
	for (size_t i = 0; i < r->attempt_count; i++)
		add_attempt(j, &r->attempts[i]);
	emit_close(j, ']');
	emit_number(j, NULL, follow_up_wants(c));
	emit_close(j, ']');
}

/* For each attempt [speaker, text, speaker, text …]; 0 for a row without any. */
static void add_talk(struct buf *out, const struct record *r)
{
	struct emit j = {.out = out};

	if (!r->spoken) {
		emit_number(&j, NULL, 0);
		return;
	}
	emit_open(&j, NULL, '[');
	for (size_t i = 0; i < r->attempt_count; i++) {
		const struct record_attempt *a = &r->attempts[i];
		emit_open(&j, NULL, '[');
		for (size_t k = 0; k < a->utterance_count; k++) {
			emit_number(&j, NULL, a->utterances[k].speaker == SPEAKER_CUSTOMER);
			emit_text(&j, NULL, a->utterances[k].text);
		}
		emit_close(&j, ']');
	}
	emit_close(&j, ']');
}

static bool too_large(const struct html *h, const struct record *r, struct err *e)
{
	return err_set(e, ERR_FAILED,
		       "Row %" PRId64 " (key '%s') with its transcripts is larger than %zu MiB; it "
		       "cannot be written to '%s'.",
		       r->row->contact.ordinal, r->row->contact.key, TEXT_MAX >> 20, h->out->path);
}

bool html_row(struct html *h, const struct record *r, struct err *e)
{
	add_row(&h->text, r);
	if (h->text.overflow)
		return too_large(h, r, e);
	begin_row(h->out, "rows", h->rows);
	html_write_data(h->out, &h->text);

	add_talk(&h->text, r);
	if (h->text.overflow)
		return too_large(h, r, e);
	begin_row(&h->talk, "talk", h->rows);
	html_write_data(&h->talk, &h->text);

	h->rows++;
	return writer_ok(h->out, e) && writer_ok(&h->talk, e);
}

bool html_end(struct html *h, bool agrees, struct err *e)
{
	if (h->rows > 0) {
		writer_adds(h->out, "]</script>\n");
		writer_adds(&h->talk, "]</script>\n");
	}
	buf_addf(&h->text, "{\"rows\":%" PRId64 ",\"agrees\":%s}", h->rows,
		 agrees ? "true" : "false");
	writer_adds(h->out, "<script type=\"application/json\" id=\"rows-end\">");
	html_write_data(h->out, &h->text);
	writer_adds(h->out, "</script>\n");
	writer_add_spool(h->out, &h->talk);
	writer_adds(h->out, h->rest);
	return writer_ok(h->out, e);
}

void html_close(struct html *h)
{
	writer_close(&h->talk);
	if (h->text.data)
		buf_free(&h->text);
	*h = (struct html){0};
}
