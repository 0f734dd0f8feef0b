/*
 * Time zones: the local calendar at a moment, and the moment of a local calendar.
 *
 * A zone is an immutable table of offsets read once from the zone database through glibc; a name
 * that the database does not have is refused (glibc alone would silently give UTC), and so are its
 * files that are no places (localtime, posixrules, Factory, right/…, posix/…). The table
 * covers 2015 to 2065; beyond it the last offset stays.
 */
#ifndef NIDA_BASE_ZONE_H
#define NIDA_BASE_ZONE_H

#include <stdint.h>

#include "base/err.h"

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

#endif
