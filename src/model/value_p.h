/*
 * The parts of value.c: cleaned text, decimals, dates. Faults are value.h's.
 */
#ifndef NIDA_MODEL_VALUE_P_H
#define NIDA_MODEL_VALUE_P_H

#include "base/buf.h"
#include "model/value.h"

/* The text without control characters, bidi controls and blanks around it: its own end when there
 * is nothing to take out, else a copy in the arena. */
const char *value_clean(struct arena *arena, const char *text);

/* VALUE_OK, VALUE_NOT_A_NUMBER, VALUE_TOO_MANY_DECIMALS (more than 6), VALUE_TOO_SMALL or
 * VALUE_TOO_LARGE (beyond DECIMAL_MAX). */
enum value_fault decimal_read(const char *text, struct decimal *out, int *decimals);

struct value_date {
	int year;
	int month; /* 1..12 */
	int day;   /* 1..31 */
};

/* Does the whole text fit the form, and is the day in the calendar? */
bool date_read(const char *text, const char *form, struct value_date *out);
/* In any form of value_date_form_ok(), `in` or `out` (an example of an input form is shown in
 * messages). */
void date_write(struct value_date date, const char *form, enum language language, struct buf *out);

#define DATE_FORM_DEFAULT "%Y-%m-%d"

#endif
