/*
 * The loop: steps the engine until it is done, sleeps in between, listens to signals, shows
 * progress.
 *
 * First SIGINT or SIGTERM: place no more calls, follow the live ones to their end. Second SIGINT:
 * leave at once; the ledger has everything, and the next `nida run` picks the live calls up.
 * SIGHUP: the suppression files are read again now and taken as they are; but when it says that the
 * terminal has gone, the run goes on without one and nothing else happens. SIGUSR1: write the
 * reports now. When it has returned, a second SIGINT ends the process.
 */
#ifndef NIDA_RUN_LOOP_H
#define NIDA_RUN_LOOP_H

#include "base/clock.h"
#include "base/err.h"
#include "model/plan.h"
#include "provider/provider.h"
#include "run/engine.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct loop {
	struct engine *engine;
	struct provider *provider;
	const struct clock *clock;
	const struct plan *plan;
	FILE *terminal; /* where progress is drawn; NULL: one log line a minute instead */
	bool colour;
	/* The reports are due. False: the last ones are still being written, ask again. NULL:
	 * nobody writes any. */
	bool (*report)(void *data);
	void *report_data;
};

enum loop_end {
	LOOP_FINISHED, /* see enum engine_state */
	LOOP_LEFT,
	LOOP_GUARDED,
	LOOP_ABANDONED, /* second Ctrl-C: calls may be live */
};

bool loop_run(const struct loop *loop, enum loop_end *end, struct err *e) MUST_CHECK;

#endif
