/* Reading and normalising; which numbers are possible in the Gulf, and the sources of that, is in
 * phone_plan.c. */
#include "model/phone.h"

#include "base/mem.h"
#include "base/text.h"
#include "digit_p.h"
#include "phone_p.h"

#include <stddef.h>
#include <string.h>

#define E164_SHORTEST 7
#define E164_LONGEST  15

/* More digits than any number has, and a country's prefix: what is beyond is only counted. */
#define DIGITS_MAX 32

/* The digits of a cell and how they were written. */
struct reading {
	char digits[DIGITS_MAX + 1];
	bool plus;
};

static bool is_separator(uint32_t c)
{
	return text_is_blank(c) || c == '-' || c == '.' || c == '(' || c == ')' || c == '[' ||
	       c == ']' || c == '/' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

/* A decimal point, or what stands for one in other locales. */
static bool is_point(uint32_t c)
{
	return c == '.' || c == ',' || c == 0x066b;
}

static const char *skip_front(const char *text)
{
	const char *p = text;

	for (const char *next = p; text_is_blank(utf8_next(&next));)
		p = next;
	if (*p == '\'')
		p++;
	for (const char *next = p; text_is_blank(utf8_next(&next));)
		p = next;
	return p;
}

/* How many digits stand at *p, which moves past them; *zeros: are all of them 0? */
static int take_digits(const char **p, bool *zeros)
{
	int count = 0;

	*zeros = true;
	for (const char *next = *p;; count++) {
		int value = digit_value(utf8_next(&next));
		if (value < 0)
			return count;
		*zeros = *zeros && value == 0;
		*p = next;
	}
}

static bool at_end(const char *p)
{
	for (;;) {
		uint32_t c = utf8_next(&p);
		if (c == 0)
			return true;
		if (!text_is_blank(c))
			return false;
	}
}

/* What a spreadsheet makes of a long number: 9.68912E+10, or 96891234567.0 */
static enum phone_fault spreadsheet_damage(const char *p)
{
	bool zeros;
	bool fraction_zeros = false;
	int fraction = 0;

	if (*p == '+')
		p++;
	int whole = take_digits(&p, &zeros);
	if (whole == 0)
		return PHONE_OK;

	const char *next = p;
	if (is_point(utf8_next(&next))) {
		p = next;
		fraction = take_digits(&p, &fraction_zeros);
	}
	/* Not more than two zeros: 2412.0000 is a way to write a number. */
	if (whole >= E164_SHORTEST && fraction_zeros && (fraction == 1 || fraction == 2) &&
	    at_end(p))
		return PHONE_FLOAT;
	if (*p != 'e' && *p != 'E')
		return PHONE_OK;
	p++;
	if (*p == '+' || *p == '-')
		p++;
	return take_digits(&p, &zeros) > 0 && at_end(p) ? PHONE_SCIENTIFIC : PHONE_OK;
}

static enum phone_fault read_digits(const char *p, struct reading *out)
{
	size_t count = 0;

	for (;;) {
		uint32_t c = utf8_next(&p);
		if (c == 0)
			break;
		int value = digit_value(c);
		if (value >= 0 && count == DIGITS_MAX)
			return PHONE_TOO_LONG;
		if (value >= 0)
			out->digits[count++] = (char)('0' + value);
		else if (c == '+' && count == 0 && !out->plus)
			out->plus = true;
		else if (!is_separator(c))
			return PHONE_LETTERS;
	}
	out->digits[count] = '\0';
	return count == 0 ? PHONE_EMPTY : PHONE_OK;
}

/* Digits that begin with a country code. */
static enum phone_fault judge_international(const char *digits, struct phone *out)
{
	size_t length = strlen(digits);
	enum phone_fault fault = PHONE_OK;

	out->country = phone_plan_find(digits);
	out->line = PHONE_LINE_UNKNOWN;
	const struct phone_plan *plan = phone_plan_of(out->country);
	if (plan)
		fault = phone_plan_judge(plan, digits + strlen(plan->code), &out->line);
	else if (digits[0] == '0')
		fault = PHONE_IMPOSSIBLE;
	else if (length < E164_SHORTEST)
		fault = PHONE_TOO_SHORT;

	if (fault == PHONE_OK && length > E164_LONGEST)
		fault = PHONE_TOO_LONG;
	if (fault == PHONE_OK) {
		out->e164[0] = '+';
		memcpy(out->e164 + 1, digits, length + 1);
	}
	return fault;
}

/* Digits as they are dialled inside `home`. */
static enum phone_fault judge_national(const char *digits, enum phone_country home,
				       struct phone *out)
{
	const struct phone_plan *plan = phone_plan_of(home);
	bool zero = plan->trunk_zero && digits[0] == '0';
	const char *national = digits + zero;
	enum phone_line line = PHONE_LINE_UNKNOWN;
	enum phone_fault fault = phone_plan_judge(plan, national, &line);

	if (fault != PHONE_OK)
		return fault;
	/* Special numbers are dialled without the 0, all others with it. */
	if (plan->trunk_zero && zero != (line != PHONE_LINE_OTHER))
		return zero ? PHONE_IMPOSSIBLE : PHONE_LOST_ZERO;

	size_t code = strlen(plan->code);
	if (code + strlen(national) > E164_LONGEST)
		return PHONE_TOO_LONG;
	out->country = home;
	out->line = line;
	out->e164[0] = '+';
	memcpy(out->e164 + 1, plan->code, code);
	memcpy(out->e164 + 1 + code, national, strlen(national) + 1);
	return PHONE_OK;
}

/* Digits without + or 00. */
static enum phone_fault judge_bare(const char *digits, enum phone_country home, struct phone *out)
{
	size_t length = strlen(digits);
	enum phone_country named = phone_plan_find(digits);
	enum phone_fault fault = PHONE_NO_COUNTRY_CODE;

	if (home != PHONE_ANY) {
		fault = judge_national(digits, home, out);
		/* A national number may begin like a country code: 9681 2345 is a mobile in
		 * Oman. */
		if (fault == PHONE_OK)
			return fault;
	} else if (length < E164_SHORTEST) {
		fault = PHONE_TOO_SHORT;
	} else if (length > E164_LONGEST) {
		fault = PHONE_TOO_LONG;
	}

	bool whole = length == 11 || length == 12;
	if (named != PHONE_ANY && (whole || (named == home && length > 9)))
		return judge_international(digits, out);
	/* 00968…, of which a spreadsheet has left 0968… */
	struct phone lost;
	if (digits[0] == '0' && phone_plan_find(digits + 1) != PHONE_ANY &&
	    (length == 12 || length == 13) && judge_international(digits + 1, &lost) == PHONE_OK)
		return PHONE_LOST_ZERO;
	return fault;
}

static enum phone_fault judge(const char *text, enum phone_country home, struct phone *out)
{
	struct reading reading = {.plus = false};
	const char *p = skip_front(text);
	enum phone_fault fault = spreadsheet_damage(p);

	if (fault == PHONE_OK)
		fault = read_digits(p, &reading);
	if (fault != PHONE_OK)
		return fault;
	if (reading.plus)
		return judge_international(reading.digits, out);
	if (strncmp(reading.digits, "00", 2) == 0)
		return judge_international(reading.digits + 2, out);
	return judge_bare(reading.digits, home, out);
}

enum phone_fault phone_parse(const char *text, enum phone_country home, struct phone *out)
{
	*out = (struct phone){.line = PHONE_LINE_UNKNOWN, .country = PHONE_ANY};

	enum phone_fault fault = judge(text, home, out);
	if (fault != PHONE_OK)
		*out = (struct phone){.line = PHONE_LINE_UNKNOWN, .country = PHONE_ANY};
	return fault;
}

const char *phone_fault_text(enum phone_fault fault)
{
	static const char *const texts[PHONE_FAULT_COUNT] = {
		[PHONE_OK] = "The number can be called.",
		[PHONE_EMPTY] = "There is no number; expected one such as +96891234567.",
		[PHONE_LETTERS] =
			"It holds letters or other characters that no telephone number has; "
			"expected one number such as +96891234567.",
		[PHONE_SCIENTIFIC] =
			"A spreadsheet has rounded the number and its last digits are lost; "
			"format the column as text and fill it again from the source.",
		[PHONE_FLOAT] = "A spreadsheet has made a decimal of the number; "
				"format the column as text and export the list again.",
		[PHONE_NO_COUNTRY_CODE] =
			"The number has no country code; write it as +96891234567, or set "
			"list.country in the campaign to the country it belongs to.",
		[PHONE_LOST_ZERO] =
			"A 0 is missing in front, probably removed by a spreadsheet; "
			"format the column as text, or write the number as +968… or +971….",
		[PHONE_TOO_SHORT] = "The number has too few digits; expected a whole number "
				    "such as +96891234567.",
		[PHONE_TOO_LONG] = "The number has too many digits; expected one number "
				   "such as +96891234567, not two in one cell.",
		[PHONE_IMPOSSIBLE] = "No number of its country begins like this; "
				     "check the digits and the country code.",
	};

	return texts[fault];
}

bool phone_country_from_code(const char *code, enum phone_country *out)
{
	for (int i = PHONE_ANY + 1; i < PHONE_COUNTRY_COUNT; i++) {
		if (text_equal_nocase(phone_plan_of((enum phone_country)i)->iso, code)) {
			*out = (enum phone_country)i;
			return true;
		}
	}
	return false;
}

const char *phone_country_code(enum phone_country country)
{
	const struct phone_plan *plan = phone_plan_of(country);

	return plan ? plan->iso : "";
}

static const char *skip_scheme(const char *text)
{
	static const char *const schemes[] = {"sip:", "sips:", "tel:"};

	if (!strchr("sStT", *text))
		return text;
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		char head[8] = "";
		size_t length = strlen(schemes[i]);
		memcpy(head, text, strnlen(text, length));
		if (text_equal_nocase(head, schemes[i]))
			return text + length;
	}
	return text;
}

uint64_t phone_to_number(const char *e164)
{
	uint64_t number = 0;
	int count = 0;
	int zeros = 0; /* in front */

	for (const char *p = skip_scheme(skip_front(e164));;) {
		uint32_t c = utf8_next(&p);
		int value = digit_value(c);
		if (value < 0) {
			if (c == 0 || c == '@' || c == ';')
				break;
			if (!is_separator(c) && !(c == '+' && count + zeros == 0))
				return 0;
			continue;
		}
		if (value == 0 && count == 0) {
			zeros++;
			continue;
		}
		if (++count > E164_LONGEST)
			return 0;
		number = number * 10 + (uint64_t)value;
	}
	/* 00 stands for +; any other number of zeros is no international prefix. */
	return (zeros == 0 || zeros == 2) && count >= E164_SHORTEST ? number : 0;
}
