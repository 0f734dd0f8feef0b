/*
 * Values of a row: what a scenario's variable accepts, and how it is spoken.
 *
 * A value goes in as the text of a cell and comes out as the text Hamsa receives (always a string).
 * Before anything else it is cleaned: trimmed, control characters and bidi controls removed (a line
 * end or tab inside becomes one space). An empty value takes the default, which has to pass the
 * rule as well; an empty required one without default is VALUE_MISSING.
 *
 *   text    from `min` to `max` characters
 *   number  digits of any script, thousands separators, a decimal point or ٫; min, max; comes out
 * in ASCII digits with the decimals it was written with money   as number, at most `decimals`
 * decimals; comes out with exactly `decimals` of them. Where there may be three, a single comma
 * before the last three digits may be the decimal sign of many lists as well as a thousands
 * separator: nobody guesses which date    one of the forms `in`; comes out in the form `out` with
 * the month names of the call's language; impossible dates are refused choice  one of `of` (ASCII
 * case ignored); comes out as written in `of`
 */
#ifndef NIDA_MODEL_VALUE_H
#define NIDA_MODEL_VALUE_H

#include "base/mem.h"
#include "model/language.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_type {
	VALUE_TEXT,   /* words, spoken as they stand */
	VALUE_NUMBER, /* a count or a measure */
	VALUE_MONEY,  /* an amount, always with the same number of decimals */
	VALUE_DATE,   /* a day, spoken with the month's name */
	VALUE_CHOICE, /* one of a few words */
	VALUE_TYPE_COUNT,
};

/* A decimal number in millionths: exact for every amount nida meets. */
struct decimal {
	int64_t micro;
};

struct value_rule {
	enum value_type type;
	bool required;
	size_t min_length; /* text: characters; 0: no minimum */
	size_t max_length; /* text: characters; 0: no limit but VALUE_LENGTH_MAX */
	bool has_min;
	bool has_max;
	struct decimal min; /* number, money */
	struct decimal max;
	bool has_decimals;     /* number: `decimals` is a limit (of money it always is) */
	int decimals;          /* 0..6 */
	const char *currency;  /* money: shown in reports; may be NULL */
	const char *const *in; /* date: forms of strptime, limited to %d %m %Y %y %b %B %e and
				* text; NULL: %Y-%m-%d */
	size_t in_count;
	const char *out;       /* date: a form of strftime, limited to %d %-d %m %-m %Y %B %b %A %a;
				* NULL: %Y-%m-%d */
	const char *const *of; /* choice */
	size_t of_count;
	const struct bilingual *of_labels; /* what reports call each of them; NULL: as it is */
	const char *fallback;              /* `default`; NULL: none */
};

#define VALUE_LENGTH_MAX 4000 /* characters */

enum value_fault {
	VALUE_OK,                /* may be sent */
	VALUE_MISSING,           /* empty, required, and without default */
	VALUE_TOO_SHORT,         /* a text of fewer characters than the rule asks for */
	VALUE_TOO_LONG,          /* a text of more characters than the rule allows */
	VALUE_NOT_A_NUMBER,      /* not a number, or one whose separators stand in wrong places */
	VALUE_AMBIGUOUS,         /* money: 12,500 may be 12.500 or 12500 */
	VALUE_TOO_SMALL,         /* below `min` */
	VALUE_TOO_LARGE,         /* above `max`, or beyond DECIMAL_MAX */
	VALUE_TOO_MANY_DECIMALS, /* finer than the rule allows: nothing is rounded in silence */
	VALUE_NOT_A_DATE,        /* in none of the forms, or a day that does not exist */
	VALUE_NOT_A_CHOICE,      /* none of the words in `of` */
	VALUE_FAULT_COUNT,
};

/* On VALUE_OK *out is the text to send ("" for an absent optional value): in the arena, in the
 * rule, or `text` itself where nothing in it had to change. */
enum value_fault value_render(const struct value_rule *rule, const char *text,
			      enum language language, struct arena *arena, const char **out);

/* The fault of `text` with what was expected: "is not a date; expected a form such as 2026-11-22
 * (%Y-%m-%d)". */
const char *value_fault_text(enum value_fault fault, const struct value_rule *rule,
			     const char *text, struct arena *arena);

const char *value_type_name(enum value_type type);
bool value_type_from_name(const char *name, enum value_type *out);

/* The largest whole part, on either side of zero. */
#define DECIMAL_MAX 1000000000000LL

/* "12.500", "١٢٫٥", "1,234.5", "-3" → millionths; false for anything else, more than 6 decimals or
 * more than DECIMAL_MAX. `decimals` (may be NULL) receives how many were written. Thousands are
 * told by , ٬ ، or a blank and must stand in threes: 12,34 may mean 12.34 and is refused. */
bool decimal_parse(const char *text, struct decimal *out, int *decimals);
/* "12.500 or 12500" of "12,500", in the arena: what a text may mean whose only separator is one
 * comma (, or ،). NULL for any other. */
const char *decimal_readings(const char *text, struct arena *arena);
/* With exactly `decimals` decimals (0..6), rounded half away from zero. */
#define DECIMAL_SIZE 32
const char *decimal_format(struct decimal d, int decimals, char out[DECIMAL_SIZE]);

/* Is `form` one that value_render() understands, as `in` (then it must give a day, a month and a
 * year, each once) or as `out`? */
bool value_date_form_ok(const char *form, bool for_output);

#endif
