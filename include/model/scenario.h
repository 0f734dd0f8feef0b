/*
 * A scenario: what the agent needs to know about a customer and what it should find out.
 * Immutable once loaded; all of it lives in the arena of its plan.
 */
#ifndef NIDA_MODEL_SCENARIO_H
#define NIDA_MODEL_SCENARIO_H

#include "model/language.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct variable {
	const char *name;
	struct value_rule rule;
	struct bilingual label; /* texts may be NULL: the name is shown */
};

/* suppress_when: this value of this outcome field means "never call again". */
struct suppress_when {
	const char *field;
	const char *value;
};

/* How simulated customers behave; shares add up to 1. */
struct rehearsal_rates {
	double answer;
	double no_answer;
	double failed;
	int64_t talk_min_ms;
	int64_t talk_max_ms;
	struct decimal cost_per_minute;
};

struct scenario {
	const char *name;
	struct bilingual title;
	size_t variable_count;
	const struct variable *variables;
	struct bilingual prompt;        /* with {{variables}} */
	struct bilingual first_message; /* likewise */
	bool inline_agent;              /* agent: inline */
	size_t outcome_count;
	const struct variable *outcomes; /* `required` has no meaning here */
	size_t suppress_count;
	const struct suppress_when *suppress;
	struct rehearsal_rates rehearsal;
};

/* What a call that is answered will probably cost: at the scenario's rate, for talk of middling
 * length. */
struct decimal rehearsal_call_cost(const struct rehearsal_rates *rates);

/* NULL when there is none of this name. */
const struct variable *scenario_variable(const struct scenario *s, const char *name);

#endif
