/*
 * Progress: what an operator sees while a run goes on, as text.
 *
 * progress_block() is for a terminal: a few lines that are drawn over each other, no wider than it
 * is. progress_line() is one line for the log. Both only format; neither asks anybody anything.
 */
#ifndef NIDA_RUN_PROGRESS_H
#define NIDA_RUN_PROGRESS_H

#include "base/buf.h"
#include "model/plan.h"
#include "run/engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	const struct plan *plan;
	const struct engine_view *view;
	int64_t started_ms; /* of this process */
	int64_t now_ms;
};

/* Lines end with '\n'; returns how many there are. */
size_t progress_block(const struct progress *p, size_t width, bool colour, struct buf *out);
void progress_line(const struct progress *p, struct buf *out);

/* When the rest will probably be over; 0: cannot be told. */
int64_t progress_forecast_ms(const struct progress *p);

#endif
