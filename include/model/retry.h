/*
 * Retry: whether, and when, a contact is called again after an attempt has ended.
 *
 * Only outcomes that the campaign names are tried again; `waits` before attempt 2, 3, … are taken
 * in order and the last one repeats. completed, forwarded, terminated and lost are never retried,
 * whatever the campaign says (a customer who has spoken, or whom we may have spoken to, is not
 * called again).
 */
#ifndef NIDA_MODEL_RETRY_H
#define NIDA_MODEL_RETRY_H

#include "model/contact.h"

#include <stdbool.h>
#include <stdint.h>

#define RETRY_WAITS_MAX 16

struct retry_waits {
	int count; /* 0: this outcome is final */
	int64_t ms[RETRY_WAITS_MAX];
};

struct retry {
	int attempts; /* in all, the first included; ≥ 1 */
	struct retry_waits on[OUTCOME_COUNT];
};

/* `made` attempts have been made, the last ended with `outcome` at `ended_ms`. True: call again at
 * *due_ms (before opening hours are asked). */
bool retry_due(const struct retry *r, enum outcome outcome, int made, int64_t ended_ms,
	       int64_t *due_ms);

/* May the campaign name this outcome under retry.on? */
bool retry_allowed(enum outcome outcome);

#endif
