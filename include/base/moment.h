/*
 * Moments and spans as text.
 *
 * A moment is wall time in ms since 1970 UTC. A span is a length of time in ms ("90s", "30m", "4h",
 * "7d").
 */
#ifndef NIDA_BASE_MOMENT_H
#define NIDA_BASE_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/err.h"
#include "base/zone.h"

/* "2026-11-22T10:15:00.000Z", "2026-11-22 10:15:00+04:00", fractions and seconds optional,
 * offset or Z required. */
bool moment_parse_iso(const char *text, int64_t *wall_ms) MUST_CHECK;

#define MOMENT_SIZE 40
/* "2026-11-22T14:15:00+04:00" */
const char *moment_iso(const struct zone *z, int64_t wall_ms, char out[MOMENT_SIZE]);
/* "2026-11-22T10:15:00.250Z" */
const char *moment_utc(int64_t wall_ms, char out[MOMENT_SIZE]);
/* "Sun 22 Nov 14:15" : for people; seconds are added when `seconds`. */
const char *moment_short(const struct zone *z, int64_t wall_ms, bool seconds,
			 char out[MOMENT_SIZE]);

/* "90s", "30m", "4h", "7d", "250ms": one unsigned number and a unit, nothing else. */
bool span_parse(const char *text, int64_t *ms) MUST_CHECK;
/* "2 h 5 min", "40 s", "3 d 4 h": the two largest units. */
const char *span_words(int64_t ms, char out[MOMENT_SIZE]);

#endif
