#include "report/mask.h"

#include "base/text_mask.h"
#include "base/text_near.h"

#include <string.h>

#define MASKED "•••"

/* Fewer digits than any phone has. */
#define DIGITS_MAX 6

static bool keeps(const struct mask *m, const char *column)
{
	for (size_t i = 0; i < m->keep_count; i++) {
		if (strcmp(m->keep[i], column) == 0)
			return true;
	}
	return false;
}

bool mask_fits(const struct mask *m, const struct sheet *s, struct err *e)
{
	for (size_t i = 0; i < m->keep_count; i++) {
		size_t column = 0;
		while (column < s->column_count && strcmp(s->columns[column], m->keep[i]) != 0)
			column++;
		if (column == s->column_count) {
			const char *near = text_near_miss(m->keep[i], s->columns, s->column_count);
			return err_set(e, ERR_INVALID,
				       "--keep: the list of run %s has no column '%s'%s%s%s.",
				       s->run->name, m->keep[i], near ? "; perhaps '" : "",
				       near ? near : "", near ? "'" : "");
		}
	}
	return true;
}

static const char *masked_cell(const char *text)
{
	return *text ? MASKED : "";
}

static const char *const *mask_cells(const struct mask *m, const struct sheet *s,
				     const struct record *r, struct arena *arena)
{
	const char **cells = arena_array(arena, r->cell_count + 1, sizeof(*cells));

	for (size_t i = 0; i < r->cell_count; i++) {
		bool kept = i < s->column_count && keeps(m, s->columns[i]);
		cells[i] = kept ? r->cells[i] : masked_cell(r->cells[i]);
	}
	return cells;
}

static const char *mask_key(const struct record *r, const char *phone,
			    const char *const *masked_cells)
{
	const struct contact *c = &r->row->contact;

	for (size_t i = 0; i < r->cell_count; i++) {
		if (strcmp(masked_cells[i], c->key) == 0)
			return c->key;
	}
	return strcmp(c->key, c->phone) == 0 ? phone : masked_cell(c->key);
}

static size_t count_digits(const char *text)
{
	size_t count = 0;

	for (const char *p = text; *p; p++)
		count += *p >= '0' && *p <= '9';
	return count;
}

/* A value that the scenario's rule allows, and that can be no name and no number of a person. */
static bool is_harmless(const struct mask *m, const struct outcome_value *value,
			enum language language, struct arena *arena)
{
	const char *rendered;

	for (size_t i = 0; i < m->scenario->outcome_count; i++) {
		const struct variable *field = &m->scenario->outcomes[i];
		if (strcmp(field->name, value->name) != 0)
			continue;
		if (field->rule.type == VALUE_TEXT ||
		    value_render(&field->rule, value->value, language, arena, &rendered) !=
			    VALUE_OK)
			return false;
		return field->rule.type == VALUE_CHOICE || field->rule.type == VALUE_DATE ||
		       count_digits(rendered) <= DIGITS_MAX;
	}
	return false;
}

static struct record_attempt mask_attempt(const struct mask *m, const struct record_attempt *a,
					  enum language language, struct arena *arena)
{
	struct row_attempt *of = arena_alloc(arena, sizeof(*of));
	struct outcome_value *values = arena_array(arena, a->value_count + 1, sizeof(*values));

	*of = *a->of;
	of->recording = "";
	of->recording_file = "";
	of->words = "";
	of->transcript = "[]";
	of->values = "[]";
	for (size_t i = 0; i < a->value_count; i++) {
		values[i] = a->values[i];
		if (!is_harmless(m, &values[i], language, arena))
			values[i].value = masked_cell(values[i].value);
	}
	return (struct record_attempt){
		.of = of, .file = "", .away = "", .value_count = a->value_count, .values = values};
}

struct record mask_record(const struct mask *m, const struct sheet *s, const struct record *r,
			  struct arena *arena)
{
	struct record_attempt *attempts =
		arena_array(arena, r->attempt_count + 1, sizeof(*attempts));
	struct row *row = arena_alloc(arena, sizeof(*row));
	struct record out = *r;
	char phone[TEXT_MASK_SIZE];

	*row = *r->row;
	out.row = row;
	out.cells = mask_cells(m, s, r, arena);
	row->contact.phone = arena_strdup(arena, text_mask_phone(r->row->contact.phone, phone));
	row->contact.key = mask_key(r, row->contact.phone, out.cells);
	row->contact.cells = "[]";
	row->contact.detail = "";
	for (size_t i = 0; i < r->attempt_count; i++) {
		attempts[i] = mask_attempt(m, &r->attempts[i], r->language, arena);
		if (r->valued == &r->attempts[i])
			out.valued = &attempts[i];
	}
	out.attempts = attempts;
	out.recording = "";
	out.spoken = NULL;
	return out;
}
