/* Dates of lists in, spoken dates out. The library's strptime() and strftime() would need a locale
 * for the names, and take much that is no date. */
#include "value_p.h"

#include "base/moment.h"
#include "base/text.h"
#include "digit_p.h"

#include <string.h>

static const char *const months_short_en[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const months_en[] = {"January",   "February", "March",    "April",
					"May",       "June",     "July",     "August",
					"September", "October",  "November", "December"};
static const char *const months_ar[] = {"يناير", "فبراير", "مارس",   "أبريل",  "مايو",   "يونيو",
					"يوليو", "أغسطس",  "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"};
/* As they are often typed. */
static const char *const months_bare_ar[] = {"يناير",  "فبراير", "مارس",   "ابريل",
					     "مايو",   "يونيو",  "يوليو",  "اغسطس",
					     "سبتمبر", "اكتوبر", "نوفمبر", "ديسمبر"};
static const char *const days_short_en[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const days_en[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
				      "Thursday", "Friday", "Saturday"};
static const char *const days_ar[] = {"الأحد",  "الاثنين", "الثلاثاء", "الأربعاء",
				      "الخميس", "الجمعة",  "السبت"};

static bool take_digits(const char **p, int least, int most, int *out)
{
	int count = 0;

	*out = 0;
	for (const char *next = *p; count < most; count++) {
		int digit = digit_value(utf8_next(&next));
		if (digit < 0)
			break;
		*out = *out * 10 + digit;
		*p = next;
	}
	return count >= least;
}

/* Does `text` begin with `name` (ASCII case ignored)? */
static bool begins_with(const char *text, const char *name)
{
	char head[32] = "";
	size_t length = strlen(name);

	memcpy(head, text, strnlen(text, length));
	return text_equal_nocase(head, name);
}

static bool take_month_name(const char **p, int *out)
{
	/* Long names first: Jun is a part of June. */
	static const char *const *const tables[] = {months_en, months_ar, months_bare_ar,
						    months_short_en};

	for (size_t t = 0; t < COUNT_OF(tables); t++) {
		for (int i = 0; i < 12; i++) {
			if (!begins_with(*p, tables[t][i]))
				continue;
			*p += strlen(tables[t][i]);
			*out = i + 1;
			return true;
		}
	}
	return false;
}

static bool take_year(const char **p, bool two_digits, int *out)
{
	if (!two_digits)
		return take_digits(p, 4, 4, out);
	if (!take_digits(p, 2, 2, out))
		return false;
	/* As strptime() has it: 69..99 are of the last century. */
	*out += *out >= 69 ? 1900 : 2000;
	return true;
}

static bool take_field(const char **p, char field, struct value_date *date)
{
	switch (field) {
	case 'd':
	case 'e':
		return take_digits(p, 1, 2, &date->day);
	case 'm':
		return take_digits(p, 1, 2, &date->month);
	case 'b':
	case 'B':
		return take_month_name(p, &date->month);
	case 'Y':
	case 'y':
		return take_year(p, field == 'y', &date->year);
	default:
		return false;
	}
}

static const char *skip_blanks(const char *p)
{
	const char *next = p;

	while (text_is_blank(utf8_next(&next)))
		p = next;
	return p;
}

bool date_read(const char *text, const char *form, struct value_date *out)
{
	const char *p = text;

	*out = (struct value_date){0};
	for (const char *f = form; *f; f++) {
		if (*f == '%') {
			if (!take_field(&p, *++f, out))
				return false;
		} else if (*f == ' ') {
			const char *after = skip_blanks(p);
			if (after == p)
				return false;
			p = after;
		} else if (*p++ != *f) {
			return false;
		}
	}
	return *p == '\0' && date_is_valid(out->year, out->month, out->day);
}

static int weekday_of(struct value_date date)
{
	int64_t days = days_from_date(date.year, date.month, date.day);

	/* 1970-01-01 was a Thursday. */
	return (int)(((days + 4) % 7 + 7) % 7);
}

static const char *month_name(int month, bool full, enum language language)
{
	if (language == LANGUAGE_AR)
		return months_ar[month - 1];
	return full ? months_en[month - 1] : months_short_en[month - 1];
}

static const char *day_name(int weekday, bool full, enum language language)
{
	if (language == LANGUAGE_AR)
		return days_ar[weekday];
	return full ? days_en[weekday] : days_short_en[weekday];
}

/* With zeros in front up to `width`. */
static void add_number(struct buf *out, int number, int width)
{
	char digits[16];
	size_t first = sizeof(digits);

	for (; number > 0 || width > 0; number /= 10, width--)
		digits[--first] = (char)('0' + number % 10);
	buf_add(out, digits + first, sizeof(digits) - first);
}

void date_write(struct value_date date, const char *form, enum language language, struct buf *out)
{
	for (const char *f = form; *f; f++) {
		if (*f != '%') {
			buf_addc(out, *f);
			continue;
		}
		bool padded = *++f != '-';
		if (!padded)
			f++;
		if (*f == 'd' || *f == 'e')
			add_number(out, date.day, padded ? 2 : 1);
		else if (*f == 'm')
			add_number(out, date.month, padded ? 2 : 1);
		else if (*f == 'Y')
			add_number(out, date.year, 4);
		else if (*f == 'y')
			add_number(out, date.year % 100, 2);
		else if (*f == 'b' || *f == 'B')
			buf_adds(out, month_name(date.month, *f == 'B', language));
		else if (*f == 'a' || *f == 'A')
			buf_adds(out, day_name(weekday_of(date), *f == 'A', language));
		else
			BUG("date form '%s' was not checked", form);
	}
}

static bool output_form_ok(const char *form)
{
	bool any = false;

	for (const char *f = form; *f; f++) {
		if (*f != '%')
			continue;
		f++;
		bool bare = *f == '-';
		if (bare)
			f++;
		if (!*f || !strchr(bare ? "dm" : "dmYbBaA", *f))
			return false;
		any = true;
	}
	return any;
}

static bool input_form_ok(const char *form)
{
	int days = 0;
	int months = 0;
	int years = 0;

	for (const char *f = form; *f; f++) {
		if (*f != '%')
			continue;
		f++;
		if (!*f || !strchr("demYybB", *f))
			return false;
		days += *f == 'd' || *f == 'e';
		months += *f == 'm' || *f == 'b' || *f == 'B';
		years += *f == 'Y' || *f == 'y';
	}
	return days == 1 && months == 1 && years == 1;
}

bool value_date_form_ok(const char *form, bool for_output)
{
	return for_output ? output_form_ok(form) : input_form_ok(form);
}
