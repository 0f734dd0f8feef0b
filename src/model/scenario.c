#include "model/scenario.h"

#include "base/moment.h"

#include <string.h>

struct decimal rehearsal_call_cost(const struct rehearsal_rates *rates)
{
	int64_t talk_ms = (rates->talk_min_ms + rates->talk_max_ms) / 2;

	return (struct decimal){rates->cost_per_minute.micro * (talk_ms / SECOND_MS) / 60};
}

const struct variable *scenario_variable(const struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->variable_count; i++)
		if (strcmp(s->variables[i].name, name) == 0)
			return &s->variables[i];
	return NULL;
}
