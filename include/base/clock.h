/*
 * The clock, as a thing that is passed in.
 *
 * Wall time is int64_t milliseconds since 1970 UTC (`_ms`): what a person reads, what the ledger
 * keeps, what opening hours are judged by; it may jump. Monotonic time is `struct mono`, in
 * microseconds since an arbitrary moment: what pace and time-outs are measured with; it only goes
 * forward. The two never mix. Only clock.c asks the system.
 *
 * A clock may run faster than life (demonstrations and tests against a simulator on loopback, never
 * a real provider: cmd/ checks that). `speed` says how many of its seconds pass in a real one.
 */
#ifndef NIDA_BASE_CLOCK_H
#define NIDA_BASE_CLOCK_H

#include <stdint.h>

#include "base/err.h"

struct mono {
	int64_t us;
};

struct clock {
	int64_t (*wall_ms)(const struct clock *self);
	struct mono (*mono)(const struct clock *self);
	void *world;       /* of a simulated clock: whoever moves it */
	double speed;      /* 1 for the system's clock */
	int64_t start_ms;  /* scaled clock: its wall time at the anchor */
	int64_t anchor_ms; /* scaled clock: the system's wall time at the anchor */
};

int64_t clock_wall_ms(const struct clock *c);
struct mono clock_mono(const struct clock *c);

/* Microseconds from a to b. */
int64_t mono_since(struct mono a, struct mono b);
struct mono mono_add(struct mono a, int64_t us);

void clock_init_system(struct clock *c);

/* From "START[xSPEED][@ANCHOR]", e.g. "2026-11-22T09:00:00+04:00x400@1795330000": at the real Unix
 * second ANCHOR (default: now) the clock shows START, and from there runs SPEED times as fast.
 * Two processes that are given the same text with an anchor agree on the time. SPEED is 0.001 to
 * 100000. On failure *c is untouched. */
bool clock_init_scaled(struct clock *c, const char *text, struct err *e) MUST_CHECK;

#endif
