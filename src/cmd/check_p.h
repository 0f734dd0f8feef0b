/*
 * The part of `nida check` that asks Hamsa.
 */
#ifndef NIDA_CMD_CHECK_P_H
#define NIDA_CMD_CHECK_P_H

#include "cmd/session.h"

#include <stdbool.h>

/* Does the key work, is the project active, does it have the agents and the caller's number, and
 * does this campaign supply every placeholder that the agents speak? All that is wrong is printed,
 * as with the files. */
bool check_online(struct session *s, struct err *e) MUST_CHECK;

#endif
