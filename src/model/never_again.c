#include "model/never_again.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

static uint32_t lower(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Letters and digits of any script; '_', '-', blanks, quotes and full stops stand between words. */
static bool is_letter(uint32_t c)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} between[] = {
		{0x80, 0xbf},     /* «, », no-break space */
		{0x60c, 0x61f},   /* Arabic comma, semicolon, question mark, marks of direction */
		{0x640, 0x640},   /* tatweel */
		{0x64b, 0x65f},   /* tashkeel: a word is the same with and without */
		{0x66a, 0x66d},   /* Arabic percent sign, separators, star */
		{0x6d4, 0x6d4},   /* Arabic full stop */
		{0x2000, 0x206f}, /* spaces, dashes, quotes, marks of direction */
		{0xfeff, 0xfeff}, /* byte-order mark */
	};

	c = lower(c);
	if (c <= 0x7f)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
	for (size_t i = 0; i < COUNT_OF(between); i++)
		if (c >= between[i].first && c <= between[i].last)
			return false;
	return true;
}

/* The next letter at *p, which moves past it; 0 at the end. */
static uint32_t next_letter(const char **p)
{
	uint32_t c;

	do
		c = utf8_next(p);
	while (c != 0 && !is_letter(c));
	return lower(c);
}

/* Past the letters of `wanted` at the beginning of `text`; NULL: it begins otherwise. */
static const char *skip(const char *text, const char *wanted)
{
	for (;;) {
		uint32_t c = next_letter(&wanted);
		if (c == 0)
			return text;
		if (next_letter(&text) != c)
			return NULL;
	}
}

static bool is_same(const char *text, const char *wanted)
{
	const char *rest = skip(text, wanted);

	return rest && next_letter(&rest) == 0;
}

/* As whole words: "no" stands in "no, never", not in "unknown". */
static bool contains(const char *text, const char *wanted)
{
	bool inside = false;

	while (*text) {
		const char *at = text;
		bool letter = is_letter(utf8_next(&text));
		if (letter && !inside) {
			const char *rest = skip(at, wanted);
			if (rest && !is_letter(utf8_next(&rest)))
				return true;
		}
		inside = letter;
	}
	return false;
}

/* "disposition", "payment.disposition", "disposition.value": the field may stand anywhere on the
 * path. */
static bool is_field(const char *name, const char *field)
{
	char part[128];

	for (;;) {
		size_t length = strcspn(name, ".");
		if (length < sizeof(part)) {
			memcpy(part, name, length);
			part[length] = '\0';
			if (is_same(part, field))
				return true;
		}
		if (name[length] == '\0')
			return false;
		name += length + 1;
	}
}

/* Is value i of this field: by its name, or because the value before it names the field ({"name":
 * "disposition", "value": "do_not_call"})? */
static bool is_of(const struct outcome_value *values, size_t i, const char *field)
{
	return is_field(values[i].name, field) || (i > 0 && is_same(values[i - 1].value, field));
}

static bool says_nothing(const char *value)
{
	return is_same(value, "") || is_same(value, "null") || is_same(value, "none") ||
	       is_same(value, "unknown");
}

static const struct variable *find_field(const struct scenario *s, const char *field)
{
	for (size_t i = 0; i < s->outcome_count; i++)
		if (strcmp(s->outcomes[i].name, field) == 0)
			return &s->outcomes[i];
	return NULL;
}

/* One of the choices that the scenario lists for the field. */
static bool is_listed(const struct scenario *s, const char *field, const char *value)
{
	const struct variable *v = find_field(s, field);

	for (size_t k = 0; v && k < v->rule.of_count; k++)
		if (is_same(value, v->rule.of[k]))
			return true;
	return false;
}

static bool is_choice(const struct scenario *s, const char *field, const char *value)
{
	const struct variable *v = find_field(s, field);

	return !v || v->rule.type != VALUE_CHOICE || is_listed(s, field, value);
}

enum never_again never_again_judge(const struct scenario *s, const struct outcome_value *values,
				   size_t count, const struct outcome_value **which)
{
	const struct outcome_value *unsure = NULL;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < s->suppress_count; k++) {
			if (!is_of(values, i, s->suppress[k].field))
				continue;
			if (contains(values[i].value, s->suppress[k].value)) {
				if (which)
					*which = &values[i];
				return NEVER_AGAIN_YES;
			}
			if (!says_nothing(values[i].value) &&
			    !is_choice(s, s->suppress[k].field, values[i].value))
				unsure = &values[i];
		}
	}
	if (which)
		*which = unsure;
	return unsure ? NEVER_AGAIN_UNSURE : NEVER_AGAIN_NO;
}

bool never_again_told(const struct scenario *s, const struct outcome_value *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < s->suppress_count; k++)
			if (is_of(values, i, s->suppress[k].field) &&
			    (!says_nothing(values[i].value) ||
			     is_listed(s, s->suppress[k].field, values[i].value)))
				return true;
	return false;
}
