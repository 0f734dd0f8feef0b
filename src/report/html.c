#include "report/html.h"

#include "base/emit.h"
#include "report/assets.h"

#include "html_p.h"

#include <inttypes.h>
#include <string.h>

#define TEXT_MAX ((size_t)64 << 20)

#define MARK_START "<!--{"
#define MARK_END   "}-->"

#define SCRIPT_PARTS 12

/* The script in its parts, in the order in which they need each other. */
static void script_parts(struct asset out[SCRIPT_PARTS])
{
	size_t n = 0;

	out[n++] = (struct asset){asset_words_js, asset_words_js_size};
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

/* The text put together so far, as data inside a <script>: without any '<'. In JSON a '<' stands in
 * strings only, so that each can be written as an escape. */
static void write_data(struct writer *w, struct buf *text)
{
	const char *p = text->data;
	const char *less;

	while ((less = strchr(p, '<'))) {
		writer_add(w, p, (size_t)(less - p));
		writer_adds(w, "\\u003c");
		p = less + 1;
	}
	writer_adds(w, p);
	buf_reset(text);
}

/* Text as HTML, outside scripts. */
static void write_text(struct writer *w, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '&')
			writer_adds(w, "&amp;");
		else if (*p == '<')
			writer_adds(w, "&lt;");
		else if (*p == '>')
			writer_adds(w, "&gt;");
		else if (*p == '"')
			writer_adds(w, "&quot;");
		else
			writer_add(w, p, 1);
	}
}

/* Simulators and local archives serve recordings from this machine, without TLS. */
static void write_policy(struct writer *w)
{
	struct asset script[SCRIPT_PARTS];
	struct asset style = {asset_report_css, asset_report_css_size};
	struct buf text;

	buf_init(&text, 4096);
	buf_adds(&text, "default-src 'none'; script-src ");
	script_parts(script);
	html_add_hash(&text, script, SCRIPT_PARTS);
	buf_adds(&text, "; style-src ");
	html_add_hash(&text, &style, 1);
	buf_adds(&text,
		 "; media-src https: data: blob: file: http://127.0.0.1:* http://localhost:*; "
		 "base-uri 'none'; form-action 'none'");
	writer_add(w, text.data, text.length);
	buf_free(&text);
}

static void write_script(struct writer *w)
{
	struct asset script[SCRIPT_PARTS];

	script_parts(script);
	for (size_t i = 0; i < SCRIPT_PARTS; i++)
		writer_add(w, script[i].bytes, script[i].size);
}

static void write_mark(struct html *h, const char *name, size_t length,
		       const struct html_facts *facts)
{
	const struct run *run = h->sheet->run;

	if (strncmp(name, "policy", length) == 0) {
		write_policy(h->out);
	} else if (strncmp(name, "title", length) == 0) {
		write_text(h->out, run->campaign);
		writer_adds(h->out, " ");
		write_text(h->out, run->name);
	} else if (strncmp(name, "style", length) == 0) {
		writer_add(h->out, asset_report_css, asset_report_css_size);
	} else if (strncmp(name, "run", length) == 0) {
		html_add_run(&h->text, h->sheet, facts);
		write_data(h->out, &h->text);
	} else if (strncmp(name, "script", length) == 0) {
		write_script(h->out);
	} else {
		BUG("the frame of the report page has an unknown mark '%.*s'", (int)length, name);
	}
}

/* The frame up to the mark of the rows, the other marks filled in. */
static void write_frame(struct html *h, const struct html_facts *facts)
{
	const char *mark;

	while ((mark = strstr(h->rest, MARK_START))) {
		const char *name = mark + strlen(MARK_START);
		const char *end = strstr(name, MARK_END);
		if (!end)
			BUG("the frame of the report page has a mark without an end");

		writer_add(h->out, h->rest, (size_t)(mark - h->rest));
		h->rest = end + strlen(MARK_END);
		if (strncmp(name, "rows}", 5) == 0)
			return;
		write_mark(h, name, (size_t)(end - name), facts);
	}
	BUG("the frame of the report page has no place for the rows");
}

bool html_begin(struct html *h, struct writer *out, const struct sheet *sheet,
		const struct html_facts *facts, struct err *e)
{
	*h = (struct html){
		.out = out,
		.sheet = sheet,
		.rest = (const char *)asset_report_html,
	};
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
 * cost estimated */
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
	emit_text(j, NULL, *a->file ? a->file : of->recording);
	emit_text(j, NULL, of->words);
	emit_open(j, NULL, '[');
	for (size_t i = 0; i < a->value_count; i++) {
		emit_text(j, NULL, a->values[i].name);
		emit_text(j, NULL, a->values[i].value);
	}
	emit_close(j, ']');
	emit_number(j, NULL, of->cost_estimated);
	emit_close(j, ']');
}

/* key, phone, language, state, outcome (of a skipped one: reason), detail, line, cells, attempts */
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
	write_data(h->out, &h->text);

	add_talk(&h->text, r);
	if (h->text.overflow)
		return too_large(h, r, e);
	begin_row(&h->talk, "talk", h->rows);
	write_data(&h->talk, &h->text);

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
	write_data(h->out, &h->text);
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
