/*
 * What is in doubt: how much of it there is, how old it is, and whether a call that the provider
 * tells of may be one of them.
 */
#ifndef NIDA_RUN_DOUBT_P_H
#define NIDA_RUN_DOUBT_P_H

#include "engine_p.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct survey {
	size_t open;       /* not decided to stay */
	size_t alive;      /* young enough that the call may be up */
	bool settling;     /* one is young enough that looking again may decide it */
	int64_t oldest_ms; /* none of their calls can be older */
	int64_t wait_us;   /* until the next look */
	int64_t fade_us;   /* until one is too old to be up */
};

/* How long a list that does not catch up, or cannot be read, is waited for. */
int64_t doubt_lag_us(const struct engine *g);

struct survey doubt_survey(const struct engine *g);

/* No call of this attempt can have been made before. The wall clock may have been ahead at the
 * intent; what the provider said of an earlier call holds all the same. Without one (a new
 * ledger), a day is allowed for. */
int64_t doubt_oldest_ms(const struct engine *g, const struct call *call);

/* Does what the provider says of a call fit what we know of one of ours? Numbers are the same also
 * when one is in its national form, agents whatever their case; what is not said (0, "") may be
 * anybody's. */
bool doubt_is_alike(const char *phone, const char *our_agent, uint64_t number, const char *agent);
bool doubt_may_be(const struct call *call, uint64_t number, const char *agent);

#endif
