#include "value_p.h"

#include "base/text.h"
#include "digit_p.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MICRO        1000000LL
#define DECIMALS_MAX 6

/* Comma, Arabic thousands separator, Arabic comma, blanks. */
static bool is_thousands(uint32_t c)
{
	return c == ',' || c == 0x066c || c == 0x060c || c == ' ' || c == 0xa0 || c == 0x202f ||
	       c == 0x2009;
}

static const char *skip_blanks(const char *p)
{
	const char *next = p;

	while (text_is_blank(utf8_next(&next)))
		p = next;
	return p;
}

/* The sign at *p, which moves past it. */
static bool take_minus(const char **p)
{
	const char *next = *p;
	uint32_t c = utf8_next(&next);
	bool minus = c == '-' || c == 0x2212;

	if (minus || c == '+')
		*p = next;
	return minus;
}

static bool digit_follows(const char *p)
{
	return digit_value(utf8_next(&p)) >= 0;
}

/* The whole part: digits, either plain or in groups of three with one kind of separator between
 * them. The value is capped beyond DECIMAL_MAX. Returns the number of digits, -1 if the groups are
 * wrong. */
static int take_whole(const char **p, int64_t *value)
{
	uint32_t separator = 0;
	int digits = 0;
	int group = 0; /* digits since the last separator */
	bool zero_first = false;

	*value = 0;
	for (const char *next = *p;;) {
		uint32_t c = utf8_next(&next);
		int digit = digit_value(c);
		if (digit >= 0) {
			zero_first = digits == 0 ? digit == 0 : zero_first;
			if (*value <= DECIMAL_MAX)
				*value = *value * 10 + digit;
			digits++;
			group++;
		} else if (is_thousands(c) && digit_follows(next)) {
			bool first = separator == 0;
			/* 0,123 is a decimal comma; 12,34 and 1,2345 may be one. */
			if (digits == 0 ||
			    (first ? group > 3 || zero_first : group != 3 || c != separator))
				return -1;
			separator = c;
			group = 0;
		} else {
			break;
		}
		*p = next;
	}
	return separator && group != 3 ? -1 : digits;
}

/* Decimals in millionths; *count is how many were written. */
static int64_t take_fraction(const char **p, int *count)
{
	int64_t micro = 0;
	int64_t weight = MICRO / 10;

	*count = 0;
	for (const char *next = *p;; (*count)++) {
		int digit = digit_value(utf8_next(&next));
		if (digit < 0)
			return micro;
		micro += digit * weight;
		weight /= 10;
		*p = next;
	}
}

enum value_fault decimal_read(const char *text, struct decimal *out, int *decimals)
{
	const char *p = skip_blanks(text);
	bool minus = take_minus(&p);
	int64_t whole;
	int64_t fraction = 0;
	int count = 0;
	int digits = take_whole(&p, &whole);

	if (digits < 0)
		return VALUE_NOT_A_NUMBER;
	const char *next = p;
	uint32_t point = utf8_next(&next);
	if (point == '.' || point == 0x066b) {
		p = next;
		fraction = take_fraction(&p, &count);
		if (count == 0)
			return VALUE_NOT_A_NUMBER;
	}
	if (digits + count == 0 || *skip_blanks(p) != '\0')
		return VALUE_NOT_A_NUMBER;
	if (whole > DECIMAL_MAX || (whole == DECIMAL_MAX && fraction > 0))
		return minus ? VALUE_TOO_SMALL : VALUE_TOO_LARGE;
	if (count > DECIMALS_MAX)
		return VALUE_TOO_MANY_DECIMALS;

	out->micro = (whole * MICRO + fraction) * (minus ? -1 : 1);
	*decimals = count;
	return VALUE_OK;
}

/* `text` with its only comma as a decimal point, and without it. False: it has none, or others. */
static bool split_at_comma(const char *text, struct arena *arena, char **as_point, char **as_none)
{
	size_t size = strlen(text) + 1;
	const char *comma = NULL;
	const char *after = NULL;

	for (const char *p = text; *p;) {
		const char *start = p;
		uint32_t c = utf8_next(&p);
		if (c != ',' && c != 0x060c)
			continue;
		if (comma)
			return false;
		comma = start;
		after = p;
	}
	if (!comma)
		return false;
	int before = (int)(comma - text);
	*as_point = arena_alloc(arena, size);
	*as_none = arena_alloc(arena, size);
	snprintf(*as_point, size, "%.*s.%s", before, text, after);
	snprintf(*as_none, size, "%.*s%s", before, text, after);
	return true;
}

const char *decimal_readings(const char *text, struct arena *arena)
{
	char *as_point;
	char *as_none;
	struct decimal small;
	struct decimal large;
	int decimals;
	int none;
	char shown[2][DECIMAL_SIZE];

	if (!split_at_comma(text, arena, &as_point, &as_none) ||
	    decimal_read(as_point, &small, &decimals) != VALUE_OK ||
	    decimal_read(as_none, &large, &none) != VALUE_OK || none > 0)
		return NULL;
	return arena_printf(arena, "%s or %s", decimal_format(small, decimals, shown[0]),
			    decimal_format(large, 0, shown[1]));
}

bool decimal_parse(const char *text, struct decimal *out, int *decimals)
{
	int ignored;

	return decimal_read(text, out, decimals ? decimals : &ignored) == VALUE_OK;
}

const char *decimal_format(struct decimal d, int decimals, char out[DECIMAL_SIZE])
{
	uint64_t micro = d.micro < 0 ? -(uint64_t)d.micro : (uint64_t)d.micro;
	uint64_t unit = (uint64_t)MICRO; /* of the last decimal shown, in millionths */

	if (decimals < 0 || decimals > DECIMALS_MAX)
		BUG("%d decimals", decimals);
	for (int i = 0; i < decimals; i++)
		unit /= 10;

	uint64_t units = (micro + unit / 2) / unit;
	bool minus = d.micro < 0 && units > 0;
	char digits[DECIMAL_SIZE]; /* from its end on: an amount in every row is not for printf */
	size_t first = sizeof(digits);
	digits[--first] = '\0';
	for (int i = 0; i < decimals; i++, units /= 10)
		digits[--first] = (char)('0' + units % 10);
	if (decimals > 0)
		digits[--first] = '.';
	do {
		digits[--first] = (char)('0' + units % 10);
		units /= 10;
	} while (units > 0);
	if (minus)
		digits[--first] = '-';
	return memcpy(out, digits + first, sizeof(digits) - first);
}
