/*
 * The questions of `nida hamsa`, one function each; hamsa.c chooses.
 */
#ifndef NIDA_CMD_HAMSA_P_H
#define NIDA_CMD_HAMSA_P_H

#include "cmd/session.h"
#include "provider/account.h"

#include <stdbool.h>
#include <stdint.h>

/* hamsa_lists.c */
bool hamsa_agents(struct session *s, struct account *a, struct err *e) MUST_CHECK;
bool hamsa_numbers(struct session *s, struct account *a, struct err *e) MUST_CHECK;

/* hamsa_calls.c: everything since then, and whose it is. */
bool hamsa_calls(struct session *s, int64_t from_ms, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
