/*
 * The loop: steps the engine until it is done, sleeps in between, listens to signals, shows
 * progress.
 *
 * First SIGINT or SIGTERM: place no more calls, follow the live ones to their end. Second SIGINT:
 * leave at once; the ledger has everything, and the next `nida run` picks the live calls up.
 * SIGHUP: the suppression files are read again and taken as they are. SIGUSR1: write the reports now.
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
	void (*report)(void *data); /* the reports are due; NULL: nobody writes any */
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
