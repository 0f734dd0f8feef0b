/*
 * Pace: how fast calls may start.
 *
 * Never more than `per_minute` in any 60 s, evenly spaced, and no catching up after a stall: the
 * next call is due one interval after the last one *started*, or after it was due, when it started
 * no more than a few milliseconds late, as timers and commits make it; two starts are never closer
 * than 60 s / per_minute. The interval is a fifth of a percent longer than
 * 60 s / per_minute, which pays for those milliseconds and for the jitter between here and Hamsa:
 * neither can push one call too many into somebody's 60-second window. It is rounded up to whole
 * microseconds, so that beyond some hundred thousand a minute the true pace stays a little below
 * the figure. After "slow down" the pace is halved (down to 1/16) and won back by a tenth of the
 * full pace for every minute without another complaint, counted from the end of the wait that was
 * asked for.
 */
#ifndef NIDA_MODEL_PACE_H
#define NIDA_MODEL_PACE_H

#include "base/clock.h"

#include <stdint.h>

struct pace {
	int64_t per_minute;     /* the campaign's figure, ≥ 1 */
	double factor;          /* 1 = full pace; ≥ 1/16 */
	struct mono next;       /* no call before this */
	struct mono slowed;     /* when the factor last changed */
	struct mono hold_until; /* asked to wait (Retry-After); no call before this */
};

void pace_init(struct pace *p, int64_t per_minute, struct mono now);

/* After a start-up: the last call of this campaign was placed `ago_us` ago (negative or unknown: be
 * careful and wait a whole interval). */
void pace_remember(struct pace *p, struct mono now, int64_t ago_us);

/* Microseconds until a call may start; 0: now. */
int64_t pace_wait_us(const struct pace *p, struct mono now);

/* How many calls may start at one moment: 1, but for paces with less than PACE_GROUP_US between two
 * calls, which are spaced evenly in groups of that length. */
#define PACE_GROUP_US 10000
int64_t pace_group(const struct pace *p);

/* So many calls were started now (1 to pace_group()), or no more than PACE_COMMIT_US ago: their
 * intents are committed in between. */
#define PACE_COMMIT_US 20000
void pace_started(struct pace *p, struct mono now, int64_t calls);

/* A call that was started earlier has left this machine only now: the next one is due one interval
 * after this. */
void pace_departed(struct pace *p, struct mono now);

/* The provider said "slow down", and perhaps for how long (0: it did not say; a day at most is
 * believed, then it may say so again). */
void pace_slow_down(struct pace *p, struct mono now, int64_t retry_after_us);

/* Let the pace recover; cheap, called every tick. */
void pace_recover(struct pace *p, struct mono now);

/* Microseconds between two starts at the present pace. */
int64_t pace_interval_us(const struct pace *p);

#endif
