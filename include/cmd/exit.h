/*
 * Exit codes: documented in nida(1) and stable.
 */
#ifndef NIDA_CMD_EXIT_H
#define NIDA_CMD_EXIT_H

#include "base/err.h"

enum exit_code {
	EXIT_DONE = 0,       /* all rows done */
	EXIT_FAILED = 1,     /* unexpected failure */
	EXIT_INVALID = 2,    /* usage, or an invalid campaign, scenario or list */
	EXIT_UNFINISHED = 3, /* stopped before the list was finished: signal, `until`, pause */
	EXIT_GUARDED = 4,    /* stopped by a guard: breaker, budget, canary, credentials */
	EXIT_RUNNING = 5,    /* another process already runs this campaign */
	EXIT_IN_DOUBT = 6,   /* the list is finished, but a person must look at a doubt */
};

enum exit_code exit_code_of(const struct err *e);

#endif
