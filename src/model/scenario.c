#include "model/scenario.h"

#include <string.h>

const struct variable *scenario_variable(const struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->variable_count; i++)
		if (strcmp(s->variables[i].name, name) == 0)
			return &s->variables[i];
	return NULL;
}
