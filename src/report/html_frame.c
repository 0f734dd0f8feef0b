#include "html_p.h"

#include "report/assets.h"

#include <string.h>

#define MARK_START "<!--{"
#define MARK_END   "}-->"

void html_write_data(struct writer *w, struct buf *text)
{
	const char *p = text->data;
	const char *less;

	/* In JSON a '<' stands in strings only, so that each can be written as an escape. */
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
static void write_policy(struct writer *w, const struct html_frame *frame)
{
	struct asset style = {asset_report_css, asset_report_css_size};
	struct buf text;

	buf_init(&text, 4096);
	buf_adds(&text, "default-src 'none'; script-src ");
	html_add_hash(&text, frame->script, frame->script_count);
	buf_adds(&text, "; style-src ");
	html_add_hash(&text, &style, 1);
	buf_adds(&text,
		 "; media-src https: data: blob: file: http://127.0.0.1:* http://localhost:*; "
		 "base-uri 'none'; form-action 'none'");
	writer_add(w, text.data, text.length);
	buf_free(&text);
}

static void write_mark(struct writer *w, const struct html_frame *frame, const char *name,
		       size_t length)
{
	if (strncmp(name, "policy", length) == 0) {
		write_policy(w, frame);
	} else if (strncmp(name, "title", length) == 0) {
		write_text(w, frame->title);
	} else if (strncmp(name, "style", length) == 0) {
		writer_add(w, asset_report_css, asset_report_css_size);
	} else if (strncmp(name, "run", length) == 0) {
		html_write_data(w, frame->facts);
	} else if (strncmp(name, "script", length) == 0) {
		for (size_t i = 0; i < frame->script_count; i++)
			writer_add(w, frame->script[i].bytes, frame->script[i].size);
	} else {
		BUG("the frame of a page has an unknown mark '%.*s'", (int)length, name);
	}
}

const char *html_write_frame(struct writer *w, const struct html_frame *frame)
{
	const char *rest = frame->text;
	const char *mark;

	while ((mark = strstr(rest, MARK_START))) {
		const char *name = mark + strlen(MARK_START);
		const char *end = strstr(name, MARK_END);
		if (!end)
			BUG("the frame of a page has a mark without an end");

		writer_add(w, rest, (size_t)(mark - rest));
		rest = end + strlen(MARK_END);
		if (strncmp(name, "rows}", 5) == 0)
			return rest;
		write_mark(w, frame, name, (size_t)(end - name));
	}
	BUG("the frame of a page has no place for the rows");
}
