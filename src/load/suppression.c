#include "load/suppression.h"

#include "record_p.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char what[] = "The suppression file";

struct suppression_reading {
	const char *file;
	enum phone_country home;
	struct phone_set *set;                     /* NULL: the visitor is told instead */
	const struct suppression_visitor *visitor; /* NULL: they go to the set */
	struct arena arena;
	bool has_begun; /* the first record was seen */
	size_t column;  /* where the numbers stand */
	size_t width;   /* cells a record needs at least */
	int64_t faults; /* lines that cannot be understood; e holds the first */
};

static bool fault(struct suppression_reading *s, int64_t line, struct err *e, const char *why)
{
	if (s->visitor) {
		s->visitor->fault(s->visitor->data, line, why);
		return true;
	}
	/* Gathered, so that one look at the file is enough; but only the first is told in full. */
	if (s->faults++ == 0)
		(void)err_set(e, ERR_INVALID, "%s '%s', line %" PRId64 ": %s", what, s->file, line,
			      why);
	return true;
}

static bool is_number_column(const char *name)
{
	static const char *const names[] = {"phone", "mobile", "number", "msisdn", "tel", "رقم"};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (text_equal_nocase(name, names[i]))
			return true;
	return false;
}

/* Cells in use: empty ones at the end do not count. */
static size_t used_cells(const struct record *record)
{
	size_t count = record->count;

	while (count > 0 && !*record->cells[count - 1])
		count--;
	return count;
}

/* Is the first record a header? Then the column is known from it; a file without one has one
 * column. */
static bool take_header(struct suppression_reading *s, const struct record *record, bool *is_header,
			struct err *e)
{
	size_t found = 0;

	for (size_t i = 0; i < record->count; i++) {
		if (!is_number_column(text_trim(&s->arena, record->cells[i])))
			continue;
		s->column = i;
		found++;
	}
	*is_header = found > 0;
	if (found > 1)
		return err_set(e, ERR_INVALID,
			       "%s '%s', line %" PRId64
			       ": %zu columns have a name for numbers (phone, "
			       "mobile, number, msisdn, tel, رقم); keep one.",
			       what, s->file, record->line, found);
	if (found == 0 && used_cells(record) > 1)
		return err_set(
			e, ERR_INVALID,
			"%s '%s', line %" PRId64 ": no column is called phone, mobile, number, "
			"msisdn, tel or رقم; name the one with the numbers so in a first line.",
			what, s->file, record->line);
	s->width = found ? 0 : 1;
	return true;
}

static bool take_number(struct suppression_reading *s, const struct record *record, struct err *e)
{
	struct phone phone;

	if (used_cells(record) == 0)
		return true;
	if (s->width && used_cells(record) > s->width)
		return fault(s, record->line, e,
			     "A second cell stands here, and the file has no header "
			     "that says which one is the number.");
	if (s->column >= record->count)
		return fault(s, record->line, e, "The cell for the number is missing.");
	if (record->fault != RECORD_OK && record->fault_cell == s->column)
		return fault(s, record->line, e,
			     arena_printf(&s->arena, "The number %s",
					  record_fault_text(record->fault)));

	enum phone_fault wrong = phone_parse(record->cells[s->column], s->home, &phone);
	if (wrong != PHONE_OK)
		return fault(s, record->line, e, phone_fault_text(wrong));
	if (s->visitor)
		return s->visitor->number(s->visitor->data, phone.e164, e);
	phone_set_add(s->set, phone_to_number(phone.e164));
	return true;
}

static bool take_record(void *data, const struct record *record, struct err *e)
{
	struct suppression_reading *s = data;
	bool is_header = false;

	if (!s->has_begun && !take_header(s, record, &is_header, e))
		return false;
	s->has_begun = true;
	return is_header || take_number(s, record, e);
}

/* The first fault is in e already; say how many more there are. */
static void count_faults(int64_t faults, struct err *e)
{
	size_t length = strlen(e->text);

	if (faults > 1)
		snprintf(e->text + length, sizeof(e->text) - length,
			 " (And %" PRId64 " more line%s of this file cannot be understood.)",
			 faults - 1, faults == 2 ? "" : "s");
}

static bool read_file(struct suppression_reading *s, struct err *e)
{
	struct record_source source = {
		.file = s->file,
		.what = what,
		.advice = "this is not UTF-8; save the file as \"CSV UTF-8\".",
		.encoding = ENCODING_AUTO,
	};
	char sha256[SHA256_HEX_SIZE];
	bool ok = record_read(&source, take_record, s, sha256, e);

	arena_free(&s->arena);
	return ok;
}

bool suppression_each(const char *file, enum phone_country home,
		      const struct suppression_visitor *visitor, struct err *e)
{
	struct suppression_reading s = {.file = file, .home = home, .visitor = visitor};

	return read_file(&s, e);
}

bool suppression_read(const char *file, enum phone_country home, struct phone_set *set,
		      struct err *e)
{
	struct suppression_reading s = {.file = file, .home = home, .set = set};
	struct err first = {0};
	bool ok = read_file(&s, &first);

	if (ok && !s.has_begun)
		ok = err_set(&first, ERR_INVALID,
			     "%s '%s' is empty; a header line at least is expected, such as "
			     "\"phone\". Nothing is dialled without it.",
			     what, file);
	/* record_read() overwrites what a fault left there only when it fails itself. */
	if (ok && s.faults > 0) {
		count_faults(s.faults, &first);
		ok = false;
	}
	if (!ok)
		*e = first;
	return ok;
}
