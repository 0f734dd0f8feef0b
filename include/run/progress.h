/*
 * Progress: what an operator sees while a run goes on, as text.
 *
 * progress_block() is for a terminal: lines no wider than it is, which are drawn over each other
 * (run/screen.h); in a narrow one they break between figures, never within. progress_line() is one
 * line for the log, progress_fields() the same as members of a JSON object. All only format; none
 * asks anybody anything.
 *
 * Rows that are over are done or skipped; calls are attempts, of which a row may have several:
 *   calls = live + answered + not answered + in doubt
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

/* Lines, each ended by '\n'. */
void progress_block(const struct progress *p, size_t width, bool colour, struct buf *out);

void progress_line(const struct progress *p, struct buf *out);
/* `,"rows":1000,"done":420…` */
void progress_fields(const struct progress *p, struct buf *out);

/* When the rest will probably be over; 0: cannot be told. Of the view only tally, pace and
 * last_due_ms are looked at. */
int64_t progress_forecast_ms(const struct progress *p);

#endif
