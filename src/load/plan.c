#include "load/plan.h"

#include "campaign_p.h"
#include "scenario_p.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define AGENT_VARIABLE "HAMSA_VOICE_AGENT_ID"

static bool is_given(const struct campaign *c, const char *name)
{
	for (size_t i = 0; i < c->param_count; i++)
		if (strcmp(c->params[i].name, name) == 0)
			return true;
	return false;
}

static void check_param(struct reader *r, const struct plan *p, const struct param *param)
{
	static const char *const reserved[] = RESERVED_NAMES;
	const struct scenario *s = &p->scenario;

	for (size_t i = 0; i < COUNT_OF(reserved); i++) {
		if (strcmp(param->name, reserved[i]) != 0)
			continue;
		problems_add(r->problems, PROBLEM_ERROR, r->tree->file, param->line, param->column,
			     "params.%s: nida sends this one itself; leave it out.", param->name);
		return;
	}
	if (scenario_variable(s, param->name))
		return;
	const char **names = arena_array(r->arena, s->variable_count, sizeof(*names));
	for (size_t i = 0; i < s->variable_count; i++)
		names[i] = s->variables[i].name;
	problems_add(r->problems, PROBLEM_WARNING, r->tree->file, param->line, param->column,
		     "params.%s: the scenario has no such variable, so it is sent unchecked; %s",
		     param->name, read_suggestion(r, param->name, names, s->variable_count));
}

static void check_params(struct reader *r, const struct plan *p)
{
	const struct node *at = node_child(r->tree->root, "params");
	const struct scenario *s = &p->scenario;

	for (size_t i = 0; i < p->campaign.param_count; i++)
		check_param(r, p, &p->campaign.params[i]);
	for (size_t i = 0; i < s->variable_count; i++) {
		const struct variable *v = &s->variables[i];
		if (v->rule.required && !v->rule.fallback && !is_given(&p->campaign, v->name))
			problems_add(r->problems, PROBLEM_ERROR, r->tree->file,
				     at ? at->key_line : 0, at ? at->key_column : 0,
				     "params.%s: the scenario requires this variable, and nothing "
				     "supplies it.",
				     v->name);
	}
}

/* Who talks: the campaign's agent, else the environment's; with an inline agent nobody else. */
static void settle_agent(struct reader *r, struct plan *p)
{
	const struct node *at = node_child(r->tree->root, "agent");
	struct campaign *c = &p->campaign;

	if (p->scenario.inline_agent) {
		if (at)
			read_warning(r, at,
				     "the scenario brings its own agent (agent: inline), so this "
				     "one is not used.");
		for (int i = 0; i < LANGUAGE_COUNT; i++)
			c->agent[i] = NULL;
		return;
	}
	const char *fallback = at ? NULL : env_get(r->env, AGENT_VARIABLE);
	if (!at && !fallback && env_allows_unset(r->env))
		fallback = "${" AGENT_VARIABLE "}";
	for (int i = 0; i < LANGUAGE_COUNT && fallback; i++)
		c->agent[i] = arena_strdup(r->arena, fallback);
	if (!at && !fallback)
		problems_add(
			r->problems, PROBLEM_ERROR, r->tree->file, 0, 0,
			"agent: nobody would talk; set this key to the id of a voice agent, or "
			"set " AGENT_VARIABLE " in the environment or in the env file.");
	else if (at && !c->list.language && c->agent[LANGUAGE_EN] && !c->agent[LANGUAGE_AR])
		read_fault(r, at,
			   "list.language is not set, so every customer is called in Arabic, but "
			   "there is no agent for 'ar'.");
}

static bool read_campaign(struct plan *p, const char *file, struct reader *r, struct tree *tree)
{
	if (!tree_load(file, "The campaign file", r->arena, r->problems, tree))
		return false;
	r->tree = tree;
	campaign_read(r, &p->campaign);
	return true;
}

static bool read_scenario(struct plan *p, const struct reader *campaign)
{
	struct reader r = {.arena = campaign->arena, .problems = campaign->problems};
	struct tree tree;

	if (!p->campaign.scenario_file ||
	    !tree_load(p->campaign.scenario_file, "The scenario file", r.arena, r.problems, &tree))
		return false;
	r.tree = &tree;
	scenario_read(&r, &p->scenario);
	return true;
}

static bool stands_after(const struct problem *a, const struct problem *b, const char *first_file)
{
	bool a_first = strcmp(a->file, first_file) == 0;
	bool b_first = strcmp(b->file, first_file) == 0;

	if (a_first != b_first)
		return b_first;
	return a->line != b->line ? a->line > b->line : a->column > b->column;
}

/* Readers go through a file in their own order; people read it from the top. */
static void sort_problems(struct problems *problems, size_t from, const char *first_file)
{
	for (size_t i = from + 1; i < problems->count; i++) {
		struct problem moved = problems->items[i];
		size_t k = i;
		for (; k > from && stands_after(&problems->items[k - 1], &moved, first_file); k--)
			problems->items[k] = problems->items[k - 1];
		problems->items[k] = moved;
	}
}

struct plan *plan_load(const char *campaign_file, const struct env *env, struct problems *problems)
{
	struct plan *p = xcalloc(1, sizeof(*p));
	struct reader r = {.env = env, .arena = &p->arena, .problems = problems};
	struct tree tree;
	size_t errors_before = problems->errors;
	size_t count_before = problems->count;

	if (read_campaign(p, campaign_file, &r, &tree) && read_scenario(p, &r)) {
		check_params(&r, p);
		settle_agent(&r, p);
	}
	sort_problems(problems, count_before, campaign_file);
	if (problems->errors == errors_before)
		return p;
	plan_free(p);
	return NULL;
}
