#include "run/order.h"

#include "base/pack.h"

#include <inttypes.h>
#include <string.h>

/* Everything that goes into params: the rendered ones, and what nida always adds. */
static void fill_params(const struct plan *plan, struct arena *arena, struct order *o)
{
	const struct row_verdict *v = &o->verdict;
	size_t count = v->param_count + 3;
	const char **names = arena_array(arena, count, sizeof(*names));
	const char **values = arena_array(arena, count, sizeof(*values));

	for (size_t i = 0; i < v->param_count; i++) {
		names[i] = v->param_names[i];
		values[i] = v->param_values[i];
	}
	names[count - 3] = "scenario";
	values[count - 3] = plan->scenario.name;
	names[count - 2] = "language";
	values[count - 2] = language_code(v->language);
	names[count - 1] = "nidaRef";
	values[count - 1] = arena_strdup(arena, o->ref);
	o->place.param_count = count;
	o->place.param_names = names;
	o->place.param_values = values;
}

/* The campaign's own params come first, in its order (plan_judge_row()). */
static void hide_secrets(const struct plan *plan, struct arena *arena, struct order *o)
{
	const char **values = arena_array(arena, o->place.param_count, sizeof(*values));

	for (size_t i = 0; i < o->place.param_count; i++)
		values[i] = o->place.param_values[i];
	for (size_t i = 0; i < plan->campaign.param_count; i++)
		if (plan->campaign.params[i].secret)
			values[i] = "(hidden)";
	o->shown = o->place;
	o->shown.param_values = values;
}

bool order_render(const struct plan *plan, const struct contact *contact, struct rng *rng,
		  struct arena *arena, struct order *out)
{
	const char **cells;
	size_t count;

	*out = (struct order){0};
	if (!unpack_strings(contact->cells, arena, &cells, &count) || count != plan->columns.count)
		BUG("contact %" PRId64 " has damaged cells", contact->id);
	plan_judge_row(plan, cells, arena, &out->verdict);
	if (out->verdict.skip != SKIP_NONE)
		return false;
	rng_hex(rng, out->ref);
	out->place = (struct place_order){
		.to = contact->phone,
		.from = plan->campaign.from,
		.agent_id = plan->scenario.inline_agent
				    ? NULL
				    : plan->campaign.agent[out->verdict.language],
		.scenario = &plan->scenario,
		.language = out->verdict.language,
	};
	fill_params(plan, arena, out);
	hide_secrets(plan, arena, out);
	return true;
}
