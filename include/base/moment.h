/*
 * Moments and spans as text, and time zones.
 *
 * A moment is wall time in ms since 1970 UTC. A span is a length of time in ms ("90s", "30m", "4h",
 * "7d"). A zone is an immutable table of offsets read once from the zone database through glibc;
 * a name that the database does not have is refused (glibc alone would silently give UTC). The table
 * covers 2015 to 2065; beyond it the last offset stays. Days are counted since 1970-01-01.
 */
#ifndef NIDA_BASE_MOMENT_H
#define NIDA_BASE_MOMENT_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define SECOND_MS 1000LL
#define MINUTE_MS 60000LL
#define HOUR_MS   3600000LL
#define DAY_MS    86400000LL

struct civil {
	int year;
	int month;   /* 1..12 */
	int day;     /* 1..31 */
	int hour;    /* 0..23 */
	int minute;  /* 0..59 */
	int second;  /* 0..59 */
	int weekday; /* 0 = Sunday */
};

struct zone;

/* The zone called `name` ("Asia/Muscat"). Zones live as long as the process; asking twice for one
 * name gives the same pointer. */
bool zone_find(const char *name, const struct zone **out, struct err *e) MUST_CHECK;
const struct zone *zone_utc(void);
const char *zone_name(const struct zone *z);
int64_t zone_offset_ms(const struct zone *z, int64_t wall_ms);

/* The local calendar at a moment. */
struct civil zone_civil(const struct zone *z, int64_t wall_ms);

/* The first moment that the local calendar shows `c` or, where clocks jump over it, the moment of
 * the jump. `weekday` is ignored; hour 24 is allowed and means the next midnight. */
int64_t zone_moment(const struct zone *z, struct civil c);

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar, and back. */
int64_t days_from_date(int year, int month, int day);
void date_from_days(int64_t days, int *year, int *month, int *day);
bool date_is_valid(int year, int month, int day);

/* "2026-11-22T10:15:00.000Z", "2026-11-22 10:15:00+04:00", fractions and seconds optional, offset or Z
 * required. */
bool moment_parse_iso(const char *text, int64_t *wall_ms) MUST_CHECK;

#define MOMENT_SIZE 40
/* "2026-11-22T14:15:00+04:00" */
const char *moment_iso(const struct zone *z, int64_t wall_ms, char out[MOMENT_SIZE]);
/* "Sun 22 Nov 14:15" : for people; seconds are added when `seconds`. */
const char *moment_short(const struct zone *z, int64_t wall_ms, bool seconds,
			 char out[MOMENT_SIZE]);

/* "90s", "30m", "4h", "7d", "250ms": one unsigned number and a unit, nothing else. */
bool span_parse(const char *text, int64_t *ms) MUST_CHECK;
/* "2 h 5 min", "40 s", "3 d 4 h": the two largest units. */
const char *span_words(int64_t ms, char out[MOMENT_SIZE]);

#endif
