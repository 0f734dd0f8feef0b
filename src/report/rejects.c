#include "report/rejects.h"

#include "base/buf.h"
#include "report/csv.h"
#include "report/follow_up.h"

#include <inttypes.h>
#include <stdio.h>

#define HINT_MAX ((size_t)1 << 20)

/* What to do about it, behind what is wrong. */
static const char *advice(enum skip_reason reason)
{
	static const char *const texts[SKIP_REASON_COUNT] = {
		[SKIP_INVALID_PHONE] = "Correct the number in the list.",
		[SKIP_MISSING_VALUE] = "Fill in the cell.",
		[SKIP_BAD_VALUE] = "Correct the row in the list.",
		[SKIP_DUPLICATE] = "Keep one of the rows; to call each row of a number, set "
				   "list.duplicates to all.",
		[SKIP_SUPPRESSED] = "This person must not be called; if the number stands there by "
				    "mistake, take it off.",
		[SKIP_NO_CONSENT] =
			"Call only once the customer has agreed and the column says so.",
		[SKIP_FREQUENCY] = "Put the row on a later list.",
		[SKIP_CANCELLED] =
			"Nothing is wrong with the row; put it on a new list to call it.",
	};

	return texts[reason] ? texts[reason] : "";
}

bool rejects_wants(const struct contact *c)
{
	return c->state == CONTACT_SKIPPED && !follow_up_wants(c);
}

/* "Column 'mobile' holds '12'. … Correct the number in the list." */
static void add_hint(struct buf *line, const struct sheet *s, const struct record *r)
{
	const struct contact *c = &r->row->contact;
	const char *detail = c->detail;
	struct buf hint;

	buf_init(&hint, HINT_MAX);
	if (*detail) {
		buf_addc(&hint,
			 *detail >= 'a' && *detail <= 'z' ? (char)(*detail - 'a' + 'A') : *detail);
		buf_adds(&hint, detail + 1);
		buf_adds(&hint, hint.data[hint.length - 1] == '.' ? " " : ". ");
	}
	buf_adds(&hint, advice(c->reason));
	csv_add_extra(&hint, s, r);
	csv_add_next(line, hint.data);
	buf_free(&hint);
}

void rejects_begin(struct writer *w, const struct sheet *s)
{
	struct buf line;

	csv_line_begin(&line);
	for (size_t i = 0; i < s->column_count; i++)
		csv_add_next(&line, s->columns[i]);
	csv_add_own_column(&line, s, "line");
	csv_add_own_column(&line, s, "reason");
	csv_add_own_column(&line, s, "hint");
	writer_adds(w, CSV_BOM);
	csv_line_end(&line, w);
}

void rejects_row(struct writer *w, const struct sheet *s, const struct record *r)
{
	const struct contact *c = &r->row->contact;
	char number[24] = "";
	struct buf line;

	if (!rejects_wants(c))
		return;
	if (c->line > 0)
		snprintf(number, sizeof(number), "%" PRId64, c->line);
	csv_line_begin(&line);
	for (size_t i = 0; i < s->column_count; i++)
		csv_add_next(&line, i < r->cell_count ? r->cells[i] : "");
	csv_add_next(&line, number);
	csv_add_next(&line, skip_reason_name(c->reason));
	add_hint(&line, s, r);
	csv_line_end(&line, w);
}
