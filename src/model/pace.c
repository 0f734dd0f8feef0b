#include "model/pace.h"

#include "base/mem.h"

#define MINUTE_US    60000000LL
#define DAY_US       (24 * 60 * MINUTE_US)
#define LEAST_FACTOR (1.0 / 16)
#define RECOVERY     0.1

/* A start this late was waited for as well as a machine can; what is later is a stall. */
#define JITTER_US 5000

_Static_assert(JITTER_US + PACE_COMMIT_US < MINUTE_US / 500,
	       "or more than per_minute could start in a minute");

/* Steps of a tenth do not add up to exactly 1. */
#define FULL 0.999

static struct mono later(struct mono a, struct mono b)
{
	return mono_since(a, b) > 0 ? b : a;
}

void pace_init(struct pace *p, int64_t per_minute, struct mono now)
{
	if (per_minute < 1)
		BUG("a pace of %lld calls a minute", (long long)per_minute);
	*p = (struct pace){
		.per_minute = per_minute,
		.factor = 1,
		.next = now,
		.slowed = now,
		.hold_until = now,
	};
}

int64_t pace_interval_us(const struct pace *p)
{
	/* A fifth of a percent more than a minute, rounded up without a sum that could overflow: a
	 * pace has no upper limit. The interval is never 0. */
	int64_t full = 1 + (MINUTE_US + MINUTE_US / 500 - 1) / p->per_minute;

	return (int64_t)((double)full / p->factor);
}

void pace_remember(struct pace *p, struct mono now, int64_t ago_us)
{
	int64_t interval = pace_interval_us(p);
	int64_t wait = ago_us < 0 ? interval : interval - ago_us;

	if (wait > 0)
		p->next = later(p->next, mono_add(now, wait));
}

int64_t pace_wait_us(const struct pace *p, struct mono now)
{
	int64_t wait = mono_since(now, later(p->next, p->hold_until));

	return wait > 0 ? wait : 0;
}

int64_t pace_group(const struct pace *p)
{
	int64_t group = PACE_GROUP_US / pace_interval_us(p);

	return group > 1 ? group : 1;
}

void pace_started(struct pace *p, struct mono now, int64_t calls)
{
	int64_t wait = pace_interval_us(p) * calls;
	int64_t late = mono_since(later(p->next, p->hold_until), now);
	int64_t most = wait / 501; /* what is left is 60 s / per_minute */

	/* From now, not from when it was due: a dialer does not catch up. Only what every timer and
	 * every commit is late by is won back: else those moments add up to calls that are never
	 * made. N + 1 starts still take N intervals less one JITTER_US and one PACE_COMMIT_US,
	 * which is more than the minute that N intervals are made for. */
	if (late > 0 && late <= JITTER_US)
		wait -= late < most ? late : most;
	p->next = mono_add(now, wait);
}

void pace_departed(struct pace *p, struct mono now)
{
	p->next = later(p->next, mono_add(now, pace_interval_us(p)));
}

void pace_slow_down(struct pace *p, struct mono now, int64_t retry_after_us)
{
	p->factor = p->factor / 2 > LEAST_FACTOR ? p->factor / 2 : LEAST_FACTOR;
	p->slowed = now;
	pace_departed(p, now);
	if (retry_after_us > DAY_US)
		retry_after_us = DAY_US;
	if (retry_after_us > 0)
		p->hold_until = later(p->hold_until, mono_add(now, retry_after_us));
}

void pace_recover(struct pace *p, struct mono now)
{
	/* While nothing may be placed nothing can be complained about: the wait proves nothing. */
	struct mono since = later(p->slowed, p->hold_until);

	while (p->factor < 1 && mono_since(since, now) >= MINUTE_US) {
		since = mono_add(since, MINUTE_US);
		p->slowed = since;
		p->factor += RECOVERY;
		if (p->factor >= FULL)
			p->factor = 1;
	}
}
