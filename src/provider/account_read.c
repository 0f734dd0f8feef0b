#include <string.h>

#include "base/moment.h"
#include "base/text.h"
#include "model/template.h"
#include "provider/json.h"
#include "account_p.h"

#define LANGUAGES_MAX 200 /* bytes of a list of them */

static const char *get_text(const cJSON *object, const char *key, struct arena *arena)
{
	return text_or_empty(json_get_text(object, key, arena));
}

/* Of `conversation`, or in older agents beside it. */
static const cJSON *setting(const cJSON *agent, const char *key)
{
	const cJSON *item = json_get(json_get(agent, "conversation"), key);

	return item ? item : json_get(agent, key);
}

static int64_t seconds_of(const cJSON *item)
{
	double seconds;

	if (!json_number(item, &seconds) || seconds <= 0 || seconds * SECOND_MS >= DAY_MS)
		return 0;
	return (int64_t)(seconds * SECOND_MS);
}

/* "ar", or several: "ar, en". */
static const char *language_of(const cJSON *agent, struct arena *arena)
{
	static const char *const keys[] = {"language", "lang", "languages"};

	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const cJSON *item = setting(agent, keys[i]);
		const char *text = json_text(item, arena);
		if (!text)
			text = json_joined(item, LANGUAGES_MAX, arena);
		if (text && *text)
			return text;
	}
	return "";
}

struct names {
	size_t count;
	const char **items;
};

static void names_add(struct names *n, const char *name)
{
	for (size_t i = 0; name && i < n->count; i++)
		if (strcmp(n->items[i], name) == 0)
			return;
	if (name && *name)
		n->items[n->count++] = name;
}

/* Declared parameters: {"name": …}, ["name"], [{"name": "name"}]. */
static void add_declared(struct names *n, const cJSON *params, struct arena *arena)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, params)
	{
		const char *name = json_get_text(item, "name", arena);
		if (cJSON_IsObject(params))
			names_add(n, arena_strdup(arena, item->string));
		else if (name)
			names_add(n, name);
		else
			names_add(n, cJSON_IsString(item) ? json_text(item, arena) : NULL);
	}
}

bool account_agent_from(const cJSON *item, struct arena *arena, struct account_agent *out)
{
	const char *id = json_get_text(item, "id", arena);
	const char *greeting = json_text(setting(item, "greetingMessage"), arena);
	const char *preamble = json_text(setting(item, "preamble"), arena);
	const cJSON *limits = json_get(item, "callSettings");
	const cJSON *params = setting(item, "params");
	struct names known = {0};

	if (!id)
		return false;
	*out = (struct account_agent){
		.id = id,
		.name = get_text(item, "name", arena),
		.type = get_text(item, "type", arena),
		.language = language_of(item, arena),
		.max_call_ms = seconds_of(json_get(limits, "maxCallDuration")),
		.idle_ms = seconds_of(json_get(limits, "userInactivityTimeout")),
	};
	out->spoken = template_names(arena_printf(arena, "%s\n%s", greeting ? greeting : "",
						  preamble ? preamble : ""),
				     arena, &out->spoken_count);
	known.items = arena_array(arena, out->spoken_count + (size_t)cJSON_GetArraySize(params) + 1,
				  sizeof(*known.items));
	for (size_t i = 0; i < out->spoken_count; i++)
		names_add(&known, out->spoken[i]);
	add_declared(&known, params, arena);
	out->known = known.items;
	out->known_count = known.count;
	return true;
}

bool account_number_from(const cJSON *item, struct arena *arena, struct account_number *out)
{
	const char *number = json_get_text(item, "number", arena);

	if (!number)
		number = json_get_text(item, "phoneNumber", arena);
	if (!number)
		return false;
	*out = (struct account_number){
		.number = number,
		.label = get_text(item, "label", arena),
		.type = get_text(item, "type", arena),
		.agent_id = get_text(item, "voiceAgentId", arena),
	};
	return true;
}

size_t account_figures_from(const cJSON *root, struct arena *arena, struct account_figure **out)
{
	const cJSON *figures = root;
	const cJSON *item;
	size_t count = 0;

	while (cJSON_IsObject(json_get(figures, "data")))
		figures = json_get(figures, "data");
	*out = arena_array(arena, (size_t)cJSON_GetArraySize(figures) + 1, sizeof(**out));
	cJSON_ArrayForEach(item, figures)
	{
		bool whole = cJSON_IsObject(item);
		const char *value = json_text(whole ? json_get(item, "value") : item, arena);
		/* What wraps the answer is none of its figures. */
		if (!value || !item->string || (figures == root && !whole))
			continue;
		(*out)[count++] = (struct account_figure){
			.name = arena_strdup(arena, item->string),
			.value = value,
			.unit = get_text(item, "unit", arena),
		};
	}
	return count;
}
