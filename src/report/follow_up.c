#include "report/follow_up.h"

#include "encoder_p.h"

#include "base/buf.h"

#include <string.h>

#define ROW_MAX ((size_t)64 << 20)

bool follow_up_wants(const struct contact *c)
{
	if (c->removed)
		return false;
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

/* Whatever the list's separator is: the reader tells it from what stands outside quotes. */
static bool needs_quotes(const char *text)
{
	size_t length = strlen(text);
	/* A blank at either end survives in quotes only, and a line of one empty
	 * cell is no line. */
	bool blank_end = length == 0 || strchr(" \t", text[0]) || strchr(" \t", text[length - 1]);

	return blank_end || strpbrk(text, "\",;\t\r\n");
}

static void add_cell(struct buf *out, const char *text)
{
	if (!needs_quotes(text)) {
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

static void write_line(struct follow_up *f, const char *const *cells, size_t count)
{
	struct buf line;

	buf_init(&line, ROW_MAX);
	for (size_t i = 0; i < f->sheet->column_count; i++) {
		if (i > 0)
			buf_addc(&line, f->sheet->run->list_delimiter);
		add_cell(&line, i < count ? cells[i] : "");
	}
	buf_adds(&line, "\r\n");
	encoder_add(f->encoder, f->out, line.data, line.length);
	buf_free(&line);
}

void follow_up_begin(struct follow_up *f, struct writer *out, const struct sheet *s)
{
	*f = (struct follow_up){
		.out = out,
		.sheet = s,
		.encoder = encoder_new(s->run->list_encoding),
	};
	encoder_begin(f->encoder, out);
	write_line(f, s->columns, s->column_count);
}

void follow_up_row(struct follow_up *f, const struct record *r)
{
	if (follow_up_wants(&r->row->contact))
		write_line(f, r->cells, r->cell_count);
}

void follow_up_close(struct follow_up *f)
{
	encoder_free(f->encoder);
	*f = (struct follow_up){0};
}
