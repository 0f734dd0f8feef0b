/*
 * The settings of a plan that decide who is called or what is said. Hours, pace, waits, guards
 * and reports are not among them: they may change while a run goes on. Of what comes from the
 * environment a checksum stands here: a change is seen, a secret is not.
 */
#include "load/plan.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

/* Fixed keys of plan_settings(), beside one for each param. */
#define FIXED_MAX 16

struct gathering {
	struct arena *arena;
	struct plan_setting *items;
	size_t count;
};

static void add(struct gathering *g, const char *key, const char *value)
{
	g->items[g->count++] = (struct plan_setting){key, value ? value : ""};
}

static const char *template_text(const struct template *t, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < t->count; i++)
		text = t->parts[i].is_name ? arena_printf(arena, "%s{{%s}}", text, t->parts[i].text)
					   : arena_printf(arena, "%s%s", text, t->parts[i].text);
	return text;
}

/* With the NUL, so that no two lists of texts give the same bytes. */
static void hash_text(struct sha256 *sha, const char *text)
{
	sha256_add(sha, text ? text : "", strlen(text ? text : "") + 1);
}

static void hash_texts(struct sha256 *sha, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		hash_text(sha, texts[i]);
	hash_text(sha, NULL);
}

static void hash_limit(struct sha256 *sha, bool is_set, struct decimal d)
{
	char text[DECIMAL_SIZE];

	hash_text(sha, is_set ? decimal_format(d, 6, text) : NULL);
}

static void hash_variable(struct sha256 *sha, const struct variable *v, struct arena *arena)
{
	const struct value_rule *rule = &v->rule;

	hash_text(sha, v->name);
	hash_text(sha, arena_printf(arena, "%s %d %zu %zu %d %d", value_type_name(rule->type),
				    rule->required, rule->min_length, rule->max_length,
				    rule->has_decimals, rule->decimals));
	hash_limit(sha, rule->has_min, rule->min);
	hash_limit(sha, rule->has_max, rule->max);
	hash_text(sha, rule->fallback);
	hash_text(sha, rule->out);
	hash_texts(sha, rule->in, rule->in_count);
	hash_texts(sha, rule->of, rule->of_count);
}

static void hash_bilingual(struct sha256 *sha, const struct bilingual *b)
{
	hash_texts(sha, b->text, LANGUAGE_COUNT);
}

/* What of the scenario reaches the customer. Titles, labels and rehearsal figures do not;
 * prompts and outcomes do when nida sends them itself. */
static const char *scenario_checksum(const struct scenario *s, struct arena *arena)
{
	struct sha256 *sha = sha256_new();
	char hex[SHA256_HEX_SIZE];

	hash_text(sha, s->name);
	for (size_t i = 0; i < s->variable_count; i++)
		hash_variable(sha, &s->variables[i], arena);
	hash_text(sha, s->inline_agent ? "inline" : "dashboard");
	if (s->inline_agent) {
		hash_bilingual(sha, &s->prompt);
		hash_bilingual(sha, &s->first_message);
		for (size_t i = 0; i < s->outcome_count; i++)
			hash_variable(sha, &s->outcomes[i], arena);
	}
	for (size_t i = 0; i < s->suppress_count; i++) {
		hash_text(sha, s->suppress[i].field);
		hash_text(sha, s->suppress[i].value);
	}
	sha256_finish(sha, hex);
	return arena_strdup(arena, hex);
}

/* Mixed with the name, so that equal secrets do not look equal. */
static const char *secret_checksum(const struct param *param, struct arena *arena)
{
	struct sha256 *sha = sha256_new();
	char hex[SHA256_HEX_SIZE];

	hash_text(sha, param->name);
	hash_text(sha, template_text(&param->value, arena));
	sha256_finish(sha, hex);
	return arena_printf(arena, "(from the environment, checksum %s)", hex);
}

static int compare_keys(const void *a, const void *b)
{
	const struct plan_setting *left = a;
	const struct plan_setting *right = b;

	return strcmp(left->key, right->key);
}

static void add_list(struct gathering *g, const struct list_rules *l)
{
	static const char *const duplicates[] = {"first", "all", "reject"};
	static const char *const encodings[] = {"auto", "utf-8", "utf-16", "windows-1256"};

	add(g, "list.accept", l->mobile_only ? "mobile" : "mobile, landline");
	add(g, "list.consent", l->consent);
	add(g, "list.country", l->country == PHONE_ANY ? NULL : phone_country_code(l->country));
	add(g, "list.duplicates", duplicates[l->duplicates]);
	add(g, "list.encoding", encodings[l->encoding]);
	add(g, "list.key", l->key);
	add(g, "list.language", l->language);
	add(g, "list.phone", l->phone);
	add(g, "list.timezone", l->timezone);
}

const struct plan_setting *plan_settings(struct plan *plan, size_t *count)
{
	const struct campaign *c = &plan->campaign;
	struct gathering g = {.arena = &plan->arena};

	g.items = arena_array(g.arena, FIXED_MAX + c->param_count, sizeof(*g.items));
	add(&g, "agent.ar", c->agent[LANGUAGE_AR]);
	add(&g, "agent.en", c->agent[LANGUAGE_EN]);
	add(&g, "from", c->from);
	add_list(&g, &c->list);
	add(&g, "scenario", scenario_checksum(&plan->scenario, g.arena));
	for (size_t i = 0; i < c->param_count; i++)
		add(&g, arena_printf(g.arena, "params.%s", c->params[i].name),
		    c->params[i].secret ? secret_checksum(&c->params[i], g.arena)
					: template_text(&c->params[i].value, g.arena));
	qsort(g.items, g.count, sizeof(*g.items), compare_keys);
	*count = g.count;
	return g.items;
}
