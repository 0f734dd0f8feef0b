/* How opening hours are written: spans of a day and days of the week. */
#include "model/hours.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

#define DAY_MINUTES 1440

static const char not_a_span[] = "it must be written HH:MM-HH:MM, for example 09:00-13:00.";

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* "9:00" or "09:00" as minutes after midnight, up to 24:00. */
static bool take_time(const char **p, int *minutes, const char **why)
{
	const char *q = *p;
	int hour = 0;
	int minute = 0;
	int digits = 0;

	for (; *q >= '0' && *q <= '9' && digits < 3; q++, digits++)
		hour = hour * 10 + (*q - '0');
	*why = not_a_span;
	if (digits < 1 || digits > 2 || *q++ != ':')
		return false;
	for (digits = 0; *q >= '0' && *q <= '9' && digits < 3; q++, digits++)
		minute = minute * 10 + (*q - '0');
	if (digits != 2)
		return false;

	*why = "its times must lie between 00:00 and 24:00.";
	*minutes = hour * 60 + minute;
	*p = q;
	return minute <= 59 && *minutes <= DAY_MINUTES;
}

bool hours_span_parse(const char *text, struct hours_span *out, const char **why)
{
	static const char en_dash[] = "\u2013";
	const char *p = skip_blanks(text);
	int from;
	int to;

	if (!take_time(&p, &from, why))
		return false;
	p = skip_blanks(p);
	if (strncmp(p, en_dash, strlen(en_dash)) == 0) {
		p += strlen(en_dash);
	} else if (*p == '-') {
		p++;
	} else {
		*why = not_a_span;
		return false;
	}
	p = skip_blanks(p);
	if (!take_time(&p, &to, why))
		return false;
	if (*skip_blanks(p) != '\0') {
		*why = "it must be one span alone, for example 09:00-13:00.";
		return false;
	}
	if (from == DAY_MINUTES) {
		*why = "it begins at 24:00, which belongs to the next day.";
		return false;
	}
	if (from == to) {
		*why = "it ends where it begins; a whole day is 00:00-24:00.";
		return false;
	}
	*out = (struct hours_span){from, to < from ? to + DAY_MINUTES : to};
	return true;
}

/* A day's name at *p, which moves past it and the blanks around; -1 if there is none. */
static int take_day(const char **p)
{
	static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
	char name[4] = "";

	*p = skip_blanks(*p);
	memcpy(name, *p, strnlen(*p, 3));
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (text_equal_nocase(name, names[i])) {
			*p = skip_blanks(*p + 3);
			return (int)i;
		}
	}
	return -1;
}

bool hours_days_parse(const char *text, unsigned *days)
{
	const char *p = text;
	unsigned found = 0;

	if (text_equal_nocase(text, "daily")) {
		*days = 0x7f;
		return true;
	}
	for (;; p++) {
		int first = take_day(&p);
		int last = first;
		if (first < 0)
			return false;
		if (*p == '-') {
			p++;
			last = take_day(&p);
			/* sun-sun: one day or eight? */
			if (last < 0 || last == first)
				return false;
		}
		for (int day = first; day != last; day = (day + 1) % 7)
			found |= 1u << day;
		found |= 1u << last;
		if (*p != ',')
			break;
	}
	if (*p != '\0')
		return false;
	*days = found;
	return true;
}
