/*
 * One request to Hamsa and its answer, for verbs that do a single thing.
 */
#ifndef NIDA_CMD_AWAIT_P_H
#define NIDA_CMD_AWAIT_P_H

#include "cmd/session.h"
#include "provider/provider.h"

/* Wait for the one answer that is under way; borrowed until the next one. */
void await_answer(struct session *s, struct answer *out);

/* Let this much of the clock pass. */
void await_time(struct session *s, int64_t ms);

#endif
