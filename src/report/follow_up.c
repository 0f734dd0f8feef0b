#include "report/follow_up.h"

#include "base/buf.h"

#include <string.h>

#define ROW_MAX ((size_t)64 << 20)

bool follow_up_wants(const struct contact *c)
{
	switch (c->state) {
	case CONTACT_DONE:
		return c->outcome == OUTCOME_NO_ANSWER || c->outcome == OUTCOME_FAILED ||
		       c->outcome == OUTCOME_LOST;
	case CONTACT_SKIPPED:
		return c->reason == SKIP_OUT_OF_TIME || c->reason == SKIP_OVER_BUDGET ||
		       c->reason == SKIP_UNSETTLED;
	case CONTACT_IN_DOUBT:
		return true;
	default:
		return false;
	}
}

static void add_cell(struct buf *out, const char *text)
{
	size_t length = strlen(text);
	/* A blank at either end survives in quotes only, and a line of one empty
	 * cell is no line. */
	bool blank_end = length == 0 || strchr(" \t", text[0]) || strchr(" \t", text[length - 1]);

	if (!blank_end && !strpbrk(text, "\",\r\n")) {
		buf_adds(out, text);
		return;
	}
	buf_addc(out, '"');
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			buf_addc(out, '"');
		buf_addc(out, *p);
	}
	buf_addc(out, '"');
}

static void write_line(struct writer *w, const char *const *cells, size_t count, size_t wanted)
{
	struct buf line;

	buf_init(&line, ROW_MAX);
	for (size_t i = 0; i < wanted; i++) {
		if (i > 0)
			buf_addc(&line, ',');
		add_cell(&line, i < count ? cells[i] : "");
	}
	buf_adds(&line, "\r\n");
	writer_add(w, line.data, line.length);
	buf_free(&line);
}

void follow_up_begin(struct writer *w, const struct sheet *s)
{
	write_line(w, s->columns, s->column_count, s->column_count);
}

void follow_up_row(struct writer *w, const struct sheet *s, const struct record *r)
{
	if (follow_up_wants(&r->row->contact))
		write_line(w, r->cells, r->cell_count, s->column_count);
}
