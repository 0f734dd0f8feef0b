#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/moment.h"

/* Exactly `digits` digits at *p, which moves past them. */
static bool take_number(const char **p, int digits, int *out)
{
	*out = 0;
	for (int i = 0; i < digits; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		*out = *out * 10 + (**p - '0');
	}
	return true;
}

static bool take_char(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

/* ".123456" in ms; nothing there is 0. */
static int take_fraction_ms(const char **p)
{
	int ms = 0;
	int weight = 100;

	if (**p != '.' || (*p)[1] < '0' || (*p)[1] > '9')
		return 0;
	for ((*p)++; **p >= '0' && **p <= '9'; (*p)++) {
		ms += (**p - '0') * weight;
		weight /= 10;
	}
	return ms;
}

static bool take_offset_ms(const char **p, int64_t *offset_ms)
{
	int hours;
	int minutes;
	int sign = **p == '-' ? -1 : 1;

	if (take_char(p, 'Z') || take_char(p, 'z')) {
		*offset_ms = 0;
		return true;
	}
	if (!take_char(p, '+') && !take_char(p, '-'))
		return false;
	if (!take_number(p, 2, &hours))
		return false;
	(void)take_char(p, ':');
	if (!take_number(p, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*offset_ms = sign * (hours * HOUR_MS + minutes * MINUTE_MS);
	return true;
}

bool moment_parse_iso(const char *text, int64_t *wall_ms)
{
	const char *p = text;
	int year;
	int month;
	int day;
	int hour;
	int minute;
	int second = 0;
	int64_t offset_ms;

	if (!take_number(&p, 4, &year) || !take_char(&p, '-') || !take_number(&p, 2, &month) ||
	    !take_char(&p, '-') || !take_number(&p, 2, &day) || !date_is_valid(year, month, day))
		return false;
	if (!take_char(&p, 'T') && !take_char(&p, ' '))
		return false;
	if (!take_number(&p, 2, &hour) || !take_char(&p, ':') || !take_number(&p, 2, &minute))
		return false;
	if (take_char(&p, ':') && !take_number(&p, 2, &second))
		return false;
	int fraction_ms = take_fraction_ms(&p);
	if (!take_offset_ms(&p, &offset_ms) || *p != '\0')
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;

	*wall_ms = days_from_date(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS +
		   second * SECOND_MS + fraction_ms - offset_ms;
	return true;
}

/* The last two digits of n ≥ 0; returns the place behind them. */
static char *put_two(char *out, int n)
{
	out[0] = (char)('0' + n / 10 % 10);
	out[1] = (char)('0' + n % 10);
	return out + 2;
}

static char *put_after(char *out, char separator, int n)
{
	*out = separator;
	return put_two(out + 1, n);
}

/* "2026-11-22T14:15:00" at the beginning of `out`, digit by digit: every row of a report has
 * moments, and printf() is for years that nobody expects. */
static char *put_civil(char out[MOMENT_SIZE], struct civil c)
{
	char *p = out;

	if (c.year >= 0 && c.year <= 9999)
		p = put_two(put_two(p, c.year / 100), c.year);
	else
		p += snprintf(p, MOMENT_SIZE, "%04d", c.year);
	p = put_after(p, '-', c.month);
	p = put_after(p, '-', c.day);
	p = put_after(p, 'T', c.hour);
	p = put_after(p, ':', c.minute);
	return put_after(p, ':', c.second);
}

const char *moment_utc(int64_t wall_ms, char out[MOMENT_SIZE])
{
	int ms = (int)((wall_ms % SECOND_MS + SECOND_MS) % SECOND_MS);
	char *p = put_civil(out, zone_civil(zone_utc(), wall_ms));

	*p++ = '.';
	*p++ = (char)('0' + ms / 100);
	p = put_two(p, ms);
	*p++ = 'Z';
	*p = '\0';
	return out;
}

const char *moment_iso(const struct zone *z, int64_t wall_ms, char out[MOMENT_SIZE])
{
	int offset = (int)(zone_offset_ms(z, wall_ms) / MINUTE_MS);
	int size = offset < 0 ? -offset : offset;
	struct civil c = zone_civil(z, wall_ms);

	c.year %= 10000; /* four digits are its form */
	char *p = put_after(put_civil(out, c), offset < 0 ? '-' : '+', size / 60);
	p = put_after(p, ':', size % 60);
	*p = '\0';
	return out;
}

const char *moment_short(const struct zone *z, int64_t wall_ms, bool seconds, char out[MOMENT_SIZE])
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct civil c = zone_civil(z, wall_ms);
	int length = snprintf(out, MOMENT_SIZE, "%s %d %s %02d:%02d", days[c.weekday], c.day,
			      months[c.month - 1], c.hour, c.minute);

	if (seconds)
		snprintf(out + length, MOMENT_SIZE - (size_t)length, ":%02d", c.second);
	return out;
}

bool span_parse(const char *text, int64_t *ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", SECOND_MS}, {"m", MINUTE_MS}, {"h", HOUR_MS}, {"d", DAY_MS}};
	int64_t number = 0;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++) {
		number = number * 10 + (*p - '0');
		if (number > 1000000000)
			return false;
	}
	if (p == text)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(p, units[i].unit) == 0) {
			*ms = number * units[i].ms;
			return true;
		}
	}
	return false;
}

const char *span_words(int64_t ms, char out[MOMENT_SIZE])
{
	long long s = (long long)((ms < 0 ? -ms : ms) / SECOND_MS);

	if (s >= 86400 && s % 86400 >= 3600)
		snprintf(out, MOMENT_SIZE, "%lld d %lld h", s / 86400, s % 86400 / 3600);
	else if (s >= 86400)
		snprintf(out, MOMENT_SIZE, "%lld d", s / 86400);
	else if (s >= 3600 && s % 3600 >= 60)
		snprintf(out, MOMENT_SIZE, "%lld h %lld min", s / 3600, s % 3600 / 60);
	else if (s >= 3600)
		snprintf(out, MOMENT_SIZE, "%lld h", s / 3600);
	else if (s >= 60 && s % 60 && s < 600)
		snprintf(out, MOMENT_SIZE, "%lld min %lld s", s / 60, s % 60);
	else if (s >= 60)
		snprintf(out, MOMENT_SIZE, "%lld min", s / 60);
	else if (ms < 0 ? -ms < SECOND_MS && ms != 0 : ms < SECOND_MS && ms != 0)
		snprintf(out, MOMENT_SIZE, "%lld ms", (long long)(ms < 0 ? -ms : ms));
	else
		snprintf(out, MOMENT_SIZE, "%lld s", s);
	return out;
}
