/*
 * Processes that nida starts beside itself: the writer of live reports, the campaign's on_finish.
 */
#ifndef NIDA_CMD_CHILD_P_H
#define NIDA_CMD_CHILD_P_H

#include "base/clock.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Start argv (ended by NULL), both its output streams joined in this one of ours, or thrown away
 * (CHILD_QUIET). 0 and errno on failure. */
#define CHILD_QUIET (-1)
pid_t child_start(const char *const *argv, char *const *environment, int output);

/* Has it ended? *status as waitpid() gives it. */
bool child_ended(pid_t child, int *status);

/* Wait for its end, at most so long and until an interrupt (run/signals.h); then it is killed, and
 * all that it has started. By the run's clock, but ten real seconds at least: however fast that
 * clock goes, a disk and a script do not. False: it had to be. */
bool child_await(pid_t child, const struct clock *clock, int64_t most_ms, int *status);

#endif
