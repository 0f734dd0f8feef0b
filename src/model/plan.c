#include "model/plan.h"

#include "base/text.h"
#include "base/text_near.h"

#include <stdlib.h>
#include <string.h>

static int column_find(const struct plan_columns *columns, const char *name)
{
	for (size_t i = 0; i < columns->count; i++)
		if (strcmp(columns->names[i], name) == 0)
			return (int)i;
	return -1;
}

static void columns_copy(struct plan *p, const char *const *names, size_t count)
{
	const char **copy = arena_array(&p->arena, count, sizeof(*copy));

	for (size_t i = 0; i < count; i++)
		copy[i] = text_trim(&p->arena, names[i]);
	p->columns = (struct plan_columns){.count = count, .names = copy};
}

struct missing {
	struct plan_miss *items;
	size_t count; /* those beyond PLAN_MISSES_MAX too */
};

static void miss(const struct plan *p, struct missing *m, const char *name, const char *wanted_by)
{
	if (m->count < PLAN_MISSES_MAX)
		m->items[m->count] = (struct plan_miss){
			.name = name,
			.wanted_by = wanted_by,
			.near = text_near_miss(name, p->columns.names, p->columns.count),
		};
	m->count++;
}

static void columns_bind(struct plan *p, struct missing *m)
{
	const struct list_rules *list = &p->campaign.list;
	struct plan_columns *columns = &p->columns;
	const struct {
		const char *name;
		const char *wanted_by;
		int *index;
	} wants[] = {
		{list->phone, "list.phone", &columns->phone},
		{list->key, "list.key", &columns->key},
		{list->language, "list.language", &columns->language},
		{list->timezone, "list.timezone", &columns->timezone},
		{list->consent, "list.consent", &columns->consent},
	};

	for (size_t i = 0; i < COUNT_OF(wants); i++) {
		*wants[i].index = wants[i].name ? column_find(columns, wants[i].name) : -1;
		if (wants[i].name && *wants[i].index < 0)
			miss(p, m, wants[i].name, wants[i].wanted_by);
	}
}

static bool is_given(const struct campaign *c, const char *name)
{
	for (size_t i = 0; i < c->param_count; i++)
		if (strcmp(c->params[i].name, name) == 0)
			return true;
	return false;
}

/* What the campaign gives, and what the scenario requires beyond that, which has to come from its
 * default. */
static void params_list(struct plan *p, struct plan_param *params)
{
	/* For a parameter that the scenario does not know. */
	static const struct value_rule plain = {.type = VALUE_TEXT};
	const struct campaign *c = &p->campaign;
	const struct scenario *s = &p->scenario;

	p->param_count = 0;
	for (size_t i = 0; i < c->param_count; i++) {
		const struct variable *v = scenario_variable(s, c->params[i].name);
		params[p->param_count++] = (struct plan_param){
			.name = c->params[i].name,
			.given = &c->params[i],
			.rule = v ? &v->rule : &plain,
		};
	}
	for (size_t i = 0; i < s->variable_count; i++) {
		const struct variable *v = &s->variables[i];
		if (v->rule.required && !is_given(c, v->name))
			params[p->param_count++] =
				(struct plan_param){.name = v->name, .rule = &v->rule};
	}
}

static void param_fill(struct plan *p, struct plan_param *param)
{
	if (param->given && !template_is_literal(&param->given->value))
		return;
	const char *text =
		param->given ? template_render(&param->given->value, NULL, &p->arena) : "";
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		const char *value;
		if (value_render(param->rule, text, (enum language)i, &p->arena, &value) ==
		    VALUE_OK)
			param->same[i] = value;
	}
}

static void params_bind(struct plan *p)
{
	size_t most = p->campaign.param_count + p->scenario.variable_count;
	struct plan_param *params = arena_array(&p->arena, most, sizeof(*params));

	params_list(p, params);
	const char **names = arena_array(&p->arena, p->param_count, sizeof(*names));
	for (size_t i = 0; i < p->param_count; i++) {
		param_fill(p, &params[i]);
		names[i] = params[i].name;
	}
	p->params = params;
	p->param_names = names;
}

bool plan_bind(struct plan *p, const char *const *names, size_t count,
	       struct plan_miss misses[PLAN_MISSES_MAX], size_t *missed)
{
	struct missing m = {.items = misses};

	p->params = NULL;
	columns_copy(p, names, count);
	columns_bind(p, &m);
	for (size_t i = 0; i < p->campaign.param_count; i++) {
		struct param *param = &p->campaign.params[i];
		const char *absent = template_bind(&param->value, p->columns.names, count);
		if (absent)
			miss(p, &m, absent, arena_printf(&p->arena, "params.%s", param->name));
	}
	if (m.count == 0)
		params_bind(p);
	*missed = m.count;
	return m.count == 0;
}

void plan_free(struct plan *p)
{
	if (!p)
		return;
	arena_free(&p->arena);
	free(p);
}
