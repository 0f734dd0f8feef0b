#include "value_p.h"

#include "base/text.h"

#include <string.h>

#define GROUP 3 /* digits between two thousands separators */

static const char *const type_names[VALUE_TYPE_COUNT] = {
	[VALUE_TEXT] = "text", [VALUE_NUMBER] = "number", [VALUE_MONEY] = "money",
	[VALUE_DATE] = "date", [VALUE_CHOICE] = "choice",
};

const char *value_type_name(enum value_type type)
{
	return type_names[type];
}

bool value_type_from_name(const char *name, enum value_type *out)
{
	for (int i = 0; i < VALUE_TYPE_COUNT; i++) {
		if (strcmp(type_names[i], name) == 0) {
			*out = (enum value_type)i;
			return true;
		}
	}
	return false;
}

/* Line ends and tabs part words, so something must stay in their place. */
static bool is_break(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

/* Control characters, and marks that reorder what stands around them. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200b || c == 0x200e ||
	       c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	       c == 0xfeff || c == UTF8_INVALID;
}

/* Past what is certainly no break and no control: graphic ASCII, and two-byte letters of which none
 * is one (Arabic, but for U+061C). */
static const char *skip_plain(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	for (;;) {
		if (*p >= 0x20 && *p < 0x7f)
			p++;
		else if (*p >= 0xd8 && *p <= 0xdb && (p[1] & 0xc0) == 0x80 &&
			 !(*p == 0xd8 && p[1] == 0x9c))
			p += 2;
		else
			return (const char *)p;
	}
}

const char *value_clean(struct arena *arena, const char *text)
{
	const char *plain = skip_plain(text);
	size_t used = (size_t)(plain - text);

	if (*plain == '\0')
		return text_bare(arena, text);

	char *clean = arena_strndup(arena, text, used + strlen(plain));
	for (const char *p = plain;;) {
		const char *start = p;
		uint32_t c = utf8_next(&p);
		if (c == 0)
			break;
		if (is_break(c)) {
			if (used > 0 && clean[used - 1] != ' ')
				clean[used++] = ' ';
		} else if (!is_control(c)) {
			memcpy(clean + used, start, (size_t)(p - start));
			used += (size_t)(p - start);
		}
	}
	clean[used] = '\0';
	return text_bare(arena, clean);
}

static enum value_fault render_text(const struct value_rule *rule, const char *text,
				    const char **out)
{
	size_t length = strlen(text);
	size_t max = rule->max_length ? rule->max_length : VALUE_LENGTH_MAX;

	/* Bytes first: a text has no more characters than them. */
	if (length > max || rule->min_length > 0)
		length = utf8_length(text);
	if (length < rule->min_length)
		return VALUE_TOO_SHORT;
	if (length > max)
		return VALUE_TOO_LONG;
	*out = text;
	return VALUE_OK;
}

static enum value_fault render_number(const struct value_rule *rule, const char *text,
				      struct arena *arena, const char **out)
{
	bool money = rule->type == VALUE_MONEY;
	struct decimal d;
	int decimals;
	char shown[DECIMAL_SIZE];
	enum value_fault fault = decimal_read(text, &d, &decimals);

	if (fault != VALUE_OK)
		return fault;
	if (money && rule->decimals >= GROUP && decimal_readings(text, arena))
		return VALUE_AMBIGUOUS;
	if ((money || rule->has_decimals) && decimals > rule->decimals)
		return VALUE_TOO_MANY_DECIMALS;
	if (rule->has_min && d.micro < rule->min.micro)
		return VALUE_TOO_SMALL;
	if (rule->has_max && d.micro > rule->max.micro)
		return VALUE_TOO_LARGE;
	*out = arena_strdup(arena, decimal_format(d, money ? rule->decimals : decimals, shown));
	return VALUE_OK;
}

static const char *date_form_in(const struct value_rule *rule, size_t i)
{
	return rule->in_count ? rule->in[i] : DATE_FORM_DEFAULT;
}

static size_t date_form_count(const struct value_rule *rule)
{
	return rule->in_count ? rule->in_count : 1;
}

static const char *date_text(struct value_date date, const char *form, enum language language,
			     struct arena *arena)
{
	struct buf text;

	buf_init(&text, VALUE_LENGTH_MAX);
	date_write(date, form, language, &text);
	const char *copy = arena_strdup(arena, text.data);
	buf_free(&text);
	return copy;
}

static enum value_fault render_date(const struct value_rule *rule, const char *text,
				    enum language language, struct arena *arena, const char **out)
{
	struct value_date date;

	for (size_t i = 0; i < date_form_count(rule); i++) {
		if (!date_read(text, date_form_in(rule, i), &date))
			continue;
		*out = date_text(date, rule->out ? rule->out : DATE_FORM_DEFAULT, language, arena);
		return VALUE_OK;
	}
	return VALUE_NOT_A_DATE;
}

static enum value_fault render_choice(const struct value_rule *rule, const char *text,
				      const char **out)
{
	for (size_t i = 0; i < rule->of_count; i++) {
		if (text_equal_nocase(rule->of[i], text)) {
			*out = rule->of[i];
			return VALUE_OK;
		}
	}
	return VALUE_NOT_A_CHOICE;
}

enum value_fault value_render(const struct value_rule *rule, const char *text,
			      enum language language, struct arena *arena, const char **out)
{
	const char *clean = value_clean(arena, text);

	if (!*clean && rule->fallback)
		clean = value_clean(arena, rule->fallback);
	if (!*clean) {
		*out = clean;
		return rule->required ? VALUE_MISSING : VALUE_OK;
	}

	switch (rule->type) {
	case VALUE_TEXT:
		return render_text(rule, clean, out);
	case VALUE_NUMBER:
	case VALUE_MONEY:
		return render_number(rule, clean, arena, out);
	case VALUE_DATE:
		return render_date(rule, clean, language, arena, out);
	case VALUE_CHOICE:
		return render_choice(rule, clean, out);
	case VALUE_TYPE_COUNT:
		break;
	}
	BUG("value type %d", (int)rule->type);
}

/* With the decimals a person would write: at least `least`, and no zeros beyond. */
static const char *limit_text(struct decimal d, int least, struct arena *arena)
{
	char shown[DECIMAL_SIZE];
	int decimals = 6;
	int64_t unit = 10;

	for (; decimals > least && d.micro % unit == 0; decimals--)
		unit *= 10;
	return arena_strdup(arena, decimal_format(d, decimals, shown));
}

static const char *date_forms_text(const struct value_rule *rule, struct arena *arena)
{
	static const struct value_date example = {2026, 11, 22};
	const char *list = "";

	for (size_t i = 0; i < date_form_count(rule); i++) {
		const char *form = date_form_in(rule, i);

		list = arena_printf(arena, "%s%s%s (%s)", list, i ? " or " : "",
				    date_text(example, form, LANGUAGE_EN, arena), form);
	}
	return list;
}

static const char *choices_text(const struct value_rule *rule, struct arena *arena)
{
	const char *list = "";

	for (size_t i = 0; i < rule->of_count; i++)
		list = arena_printf(arena, "%s%s%s", list, i ? ", " : "", rule->of[i]);
	return list;
}

/* A lone comma is the decimal sign to some and parts thousands to others. */
static const char *no_number_text(const char *text, struct arena *arena)
{
	const char *readings = decimal_readings(text, arena);

	if (!readings)
		return "is not a number; expected digits such as 1234 or 12.5";
	return arena_printf(arena, "may be %s; expected one of them, without the comma", readings);
}

const char *value_fault_text(enum value_fault fault, const struct value_rule *rule,
			     const char *text, struct arena *arena)
{
	static const struct decimal largest = {DECIMAL_MAX * 1000000};
	static const struct decimal smallest = {-DECIMAL_MAX * 1000000};
	/* The limits of money are shown as money is. */
	int least = rule->type == VALUE_MONEY ? rule->decimals : 0;
	bool limited = rule->type == VALUE_MONEY || rule->has_decimals;

	switch (fault) {
	case VALUE_OK:
		return "is good";
	case VALUE_MISSING:
		return "is empty; expected a value";
	case VALUE_TOO_SHORT:
		return arena_printf(arena, "is too short; expected at least %zu characters",
				    rule->min_length);
	case VALUE_TOO_LONG:
		return arena_printf(arena, "is too long; expected at most %zu characters",
				    rule->max_length ? rule->max_length : VALUE_LENGTH_MAX);
	case VALUE_NOT_A_NUMBER:
	case VALUE_AMBIGUOUS:
		return no_number_text(value_clean(arena, text), arena);
	case VALUE_TOO_SMALL:
		return arena_printf(arena, "is too small; expected at least %s",
				    limit_text(rule->has_min ? rule->min : smallest, least, arena));
	case VALUE_TOO_LARGE:
		return arena_printf(arena, "is too large; expected at most %s",
				    limit_text(rule->has_max ? rule->max : largest, least, arena));
	case VALUE_TOO_MANY_DECIMALS:
		return arena_printf(arena, "has too many decimals; expected at most %d",
				    limited ? rule->decimals : 6);
	case VALUE_NOT_A_DATE:
		return arena_printf(arena, "is not a date; expected a form such as %s",
				    date_forms_text(rule, arena));
	case VALUE_NOT_A_CHOICE:
		return arena_printf(arena, "is not one of the choices; expected one of: %s",
				    choices_text(rule, arena));
	case VALUE_FAULT_COUNT:
		break;
	}
	BUG("value fault %d", (int)fault);
}
