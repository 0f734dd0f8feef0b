/*
 * The scenario file: a tree in, a struct scenario out, problems on the way.
 */
#ifndef NIDA_LOAD_SCENARIO_P_H
#define NIDA_LOAD_SCENARIO_P_H

#include "read_p.h"

#include "model/scenario.h"

void scenario_read(struct reader *r, struct scenario *out);

/* A map of variables (or of outcome fields, which are never required and have no default). One
 * whose rule is faulty is kept with its name, so that others may still refer to it. */
void variables_read(struct reader *r, const struct node *n, bool is_outcome,
		    const struct variable **out, size_t *count);

/* Names that nida sends by itself beside the variables. */
#define RESERVED_NAMES                            \
	{                                         \
		"scenario", "language", "nidaRef" \
	}

#endif
