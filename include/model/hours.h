/*
 * Opening hours: when a customer may be called.
 *
 * A week of spans in local minutes of the day, exceptions by date that replace that day's spans,
 * and an optional last moment. All is judged in one zone: the campaign's, or the customer's own. A
 * day without spans is closed; a table without any span is always closed (rules fail closed).
 *
 * A span is [from, to): 09:00-13:00 calls at 09:00:00 and no longer at 13:00:00. `to` may pass
 * midnight (22:00-02:00 is kept as 1320..1560): the part after midnight belongs to the day it began
 * on, also for exceptions. Where clocks jump forward over a span's edge the edge is the moment of
 * the jump; where they fall back, an hour that exists twice is judged by the wall clock, both
 * times.
 */
#ifndef NIDA_MODEL_HOURS_H
#define NIDA_MODEL_HOURS_H

#include "base/moment.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOURS_SPANS_MAX 8 /* a day */

struct hours_span {
	int from; /* minutes after midnight, 0..1439 */
	int to;   /* from < to ≤ from + 1440 */
};

struct hours_day {
	size_t count;
	struct hours_span spans[HOURS_SPANS_MAX];
};

struct hours_exception {
	int64_t first_day; /* days since 1970-01-01, both included */
	int64_t last_day;
	struct hours_day day; /* count 0: closed */
};

struct hours {
	struct hours_day week[7]; /* 0 = Sunday */
	size_t exception_count;
	const struct hours_exception *exceptions; /* a later one wins over an earlier one */
	bool always;                              /* no `hours` in the campaign: any time */
	bool has_until;
	int64_t until_ms; /* nothing is dialled at or after this */
};

/* May a customer of this zone be called at this moment? */
bool hours_open(const struct hours *h, const struct zone *zone, int64_t wall_ms);

/* The first moment ≥ wall_ms at which it is open; false when there is none within 400 days or
 * before `until`. */
bool hours_next_open(const struct hours *h, const struct zone *zone, int64_t wall_ms, int64_t *out);

/* The first moment > wall_ms at which it is no longer open; wall_ms must be open. INT64_MAX when it
 * does not close within 400 days (`always`, or a week without a gap) and there is no `until`. */
int64_t hours_open_until(const struct hours *h, const struct zone *zone, int64_t wall_ms);

/* "09:00-13:00", "22:00-02:00", "00:00-24:00". On false *why says what is wrong, in words that go
 * on about "it": "it ends where it begins; …." */
bool hours_span_parse(const char *text, struct hours_span *out, const char **why);

/* "sun-thu", "fri", "sat-sun", "mon,wed", "daily": bit 0 = Sunday. False for anything else. */
bool hours_days_parse(const char *text, unsigned *days);

/* Do two spans of a day overlap (also over midnight into the same weekday's next day)? */
bool hours_spans_overlap(struct hours_span a, struct hours_span b);

#endif
