#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider/json.h"
#include "account_p.h"
#include "hamsa_p.h"

#define TAKE      100 /* items of a page */
#define PAGES_MAX 500

struct account {
	struct hamsa *hamsa;
	enum account_trouble trouble;
	bool is_page; /* what was answered last is a web page, and no word of Hamsa's */
};

/* Each in a word for machines and in what a person can do about it. */
static const struct {
	const char *name;
	enum err_kind kind;
	const char *remedy;
} troubles[ACCOUNT_TROUBLE_COUNT] = {
	[ACCOUNT_FINE] = {"none", ERR_FAILED, ""},
	[ACCOUNT_NO_HOST] = {"no_host", ERR_FAILED,
			     "Is HAMSA_BASE_URL right, and does this machine have a network and "
			     "DNS?"},
	[ACCOUNT_NO_CONNECTION] =
		{"no_connection", ERR_FAILED,
		 "Is HAMSA_BASE_URL right, and does no firewall or proxy stand in "
		 "the way?"},
	[ACCOUNT_NO_TLS] = {"no_tls", ERR_FAILED,
			    "Check this machine's date and its certificates (package "
			    "ca-certificates), and that nothing on the way opens the connection."},
	[ACCOUNT_TIMEOUT] = {"timeout", ERR_FAILED,
			     "Try again; if it stays so, the network or Hamsa itself is in "
			     "trouble."},
	[ACCOUNT_KEY_REFUSED] = {"key_refused", ERR_STOPPED,
				 "Copy the project's secret key again (Hamsa dashboard, API keys) "
				 "into HAMSA_API_KEY; it may have been replaced."},
	[ACCOUNT_FORBIDDEN] = {"forbidden", ERR_STOPPED,
			       "The key is known, but may not ask this; use a secret key of the "
			       "project with the right to."},
	[ACCOUNT_NOT_FOUND] = {"not_found", ERR_INVALID,
			       "Is HAMSA_BASE_URL right? It ends with /v1, or with the host."},
	[ACCOUNT_OTHER_PROJECT] =
		{"other_project", ERR_INVALID,
		 "Use the key of that project, or unset HAMSA_PROJECT_ID: then the "
		 "key's own project is taken."},
	[ACCOUNT_DEACTIVATED] = {"deactivated", ERR_STOPPED,
				 "No call can be placed until it is active again (Hamsa dashboard, "
				 "or Hamsa's support)."},
	[ACCOUNT_SLOW_DOWN] = {"slow_down", ERR_FAILED, "Wait a little and ask again."},
	[ACCOUNT_BROKEN] = {"broken", ERR_FAILED,
			    "That is a fault of Hamsa's, or of something on the way to it; try "
			    "again in a minute."},
};

enum account_trouble account_trouble(const struct account *a)
{
	return a->trouble;
}

const char *account_trouble_name(enum account_trouble trouble)
{
	return troubles[trouble].name;
}

static bool fail(struct account *a, enum account_trouble trouble, const char *words, struct err *e)
{
	size_t length = strlen(words);

	a->trouble = trouble;
	return err_set(e, troubles[trouble].kind, "%s%s %s", words,
		       length && words[length - 1] == '.' ? "" : ".", troubles[trouble].remedy);
}

bool account_new(const struct hamsa_config *config, struct account **out, struct err *e)
{
	struct hamsa *hamsa = hamsa_open(config, e);

	if (!hamsa)
		return false;
	*out = xcalloc(1, sizeof(**out));
	(*out)->hamsa = hamsa;
	return true;
}

void account_free(struct account *a)
{
	if (!a)
		return;
	hamsa_free(a->hamsa);
	free(a);
}

static enum account_trouble trouble_of(const struct hamsa_reply *r)
{
	static const enum account_trouble of_http[] = {
		[HTTP_FINE] = ACCOUNT_BROKEN,
		[HTTP_NO_HOST] = ACCOUNT_NO_HOST,
		[HTTP_NO_CONNECTION] = ACCOUNT_NO_CONNECTION,
		[HTTP_NO_TLS] = ACCOUNT_NO_TLS,
		[HTTP_TIMEOUT] = ACCOUNT_TIMEOUT,
		[HTTP_TORN] = ACCOUNT_BROKEN,
	};

	if (r->http->result != HTTP_ANSWERED)
		return of_http[r->http->trouble];
	if (hamsa_reply_is_2xx(r) && r->json)
		return ACCOUNT_FINE;
	switch (r->http->status) {
	case 401:
		return ACCOUNT_KEY_REFUSED;
	case 403:
		/* A web page comes from something on the way, not from the key. */
		return r->is_html ? ACCOUNT_BROKEN : ACCOUNT_FORBIDDEN;
	case 404:
		return ACCOUNT_NOT_FOUND;
	case 429:
		return ACCOUNT_SLOW_DOWN;
	default:
		return ACCOUNT_BROKEN;
	}
}

/* One question. On true the caller ends *json with cJSON_Delete(). */
static bool ask(struct account *a, const char *path, cJSON **json, struct err *e)
{
	struct http_answer http;
	struct hamsa_reply reply;

	arena_reset(&a->hamsa->arena);
	hamsa_ask(a->hamsa, path, &http);
	hamsa_reply_read(a->hamsa, &http, &reply);
	a->trouble = trouble_of(&reply);
	a->is_page = reply.is_html;
	*json = reply.json;
	if (a->trouble == ACCOUNT_FINE)
		return true;
	fail(a, a->trouble, hamsa_reply_words(a->hamsa, &reply), e);
	cJSON_Delete(reply.json);
	return false;
}

bool account_project(struct account *a, struct arena *arena, struct account_project *out,
		     struct err *e)
{
	const char *wanted = a->hamsa->project_id;
	cJSON *json;

	if (!ask(a, "/v1/projects/by-api-key", &json, e))
		return false;
	const char *id = json_text(json_find(json, "id"), arena);
	const char *name = json_text(json_find(json, "name"), arena);
	const char *off = json_text(json_find(json, "isDeactivated"), arena);
	cJSON_Delete(json);

	*out = (struct account_project){.id = id ? id : "", .name = name ? name : ""};
	if (!id && !name)
		return fail(a, ACCOUNT_BROKEN,
			    "Hamsa answered without a project where the key's was asked for", e);
	if (off && strcmp(off, "true") == 0)
		return fail(a, ACCOUNT_DEACTIVATED,
			    arena_printf(arena,
					 "Hamsa has deactivated the project '%s' of this key",
					 name ? name : id),
			    e);
	if (wanted && id && strcmp(wanted, id) != 0)
		return fail(a, ACCOUNT_OTHER_PROJECT,
			    arena_printf(arena,
					 "The key belongs to project %s, but HAMSA_PROJECT_ID says "
					 "%s",
					 id, wanted),
			    e);
	return true;
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* A list that grows page by page; `take` adds an item unless it is there already. */
struct listing {
	const char *path; /* up to skip= */
	const char *key;  /* under which the items may lie */
	bool (*take)(struct listing *l, const cJSON *item);
	struct arena *arena;
	size_t count;
	size_t room;
	size_t size; /* of one */
	void *items; /* in the arena */
};

static void *listing_next(struct listing *l)
{
	if (l->count == l->room) {
		size_t room = l->room ? l->room * 2 : 64;
		void *items = arena_array(l->arena, room, l->size);
		if (l->count)
			memcpy(items, l->items, l->count * l->size);
		l->items = items;
		l->room = room;
	}
	return (char *)l->items + l->count * l->size;
}

static bool take_agent(struct listing *l, const cJSON *item)
{
	struct account_agent *agent = listing_next(l);
	const struct account_agent *agents = l->items;

	if (!account_agent_from(item, l->arena, agent))
		return false;
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(agents[i].id, agent->id) == 0)
			return false;
	l->count++;
	return true;
}

static bool take_number(struct listing *l, const cJSON *item)
{
	struct account_number *number = listing_next(l);
	const struct account_number *numbers = l->items;

	if (!account_number_from(item, l->arena, number))
		return false;
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(numbers[i].number, number->number) == 0)
			return false;
	l->count++;
	return true;
}

/* The array of a reply: under its key, or as the innermost `data` itself. */
static const cJSON *items_of(const cJSON *root, const char *key)
{
	const cJSON *items = json_find(root, key);

	while (!cJSON_IsArray(items) && json_get(root, "data")) {
		root = json_get(root, "data");
		items = root;
	}
	return cJSON_IsArray(items) ? items : NULL;
}

/* `skip` counts pages from 1 on these routes. A server may give less to a page than it was asked
 * for, or the same page for ever: only one that brings nothing new is the last. */
static bool read_list(struct account *a, struct listing *l, struct err *e)
{
	for (int page = 1; page <= PAGES_MAX; page++) {
		char path[128];
		cJSON *json;
		const cJSON *item;
		bool news = false;
		snprintf(path, sizeof(path), "%s?skip=%d&take=%d", l->path, page, TAKE);
		if (!ask(a, path, &json, e))
			return false;
		const cJSON *items = items_of(json, l->key);
		if (!items) {
			cJSON_Delete(json);
			return fail(a, ACCOUNT_BROKEN,
				    "Hamsa answered without a list where one was asked for", e);
		}
		cJSON_ArrayForEach(item, items) news |= l->take(l, item);
		cJSON_Delete(json);
		if (!news)
			return true;
	}
	return fail(a, ACCOUNT_BROKEN, "Hamsa's list does not end", e);
}

bool account_agents(struct account *a, struct arena *arena, struct account_agent **out,
		    size_t *count, struct err *e)
{
	struct listing l = {
		.path = "/v2/voice-agents",
		.key = "voiceAgents",
		.take = take_agent,
		.arena = arena,
		.size = sizeof(**out),
	};
	bool ok = read_list(a, &l, e);

	*out = l.items;
	*count = l.count;
	return ok;
}

bool account_numbers(struct account *a, struct arena *arena, struct account_number **out,
		     size_t *count, struct err *e)
{
	struct listing l = {
		.path = "/v1/voice-agents/phone-number/list",
		.key = "phoneNumbers",
		.take = take_number,
		.arena = arena,
		.size = sizeof(**out),
	};
	bool ok = read_list(a, &l, e);

	*out = l.items;
	*count = l.count;
	return ok;
}

bool account_agent(struct account *a, const char *id, struct arena *arena,
		   struct account_agent *out, struct err *e)
{
	char *path = hamsa_agent_path(id);
	cJSON *json;
	bool ok = ask(a, path, &json, e);

	free(path);
	if (!ok)
		return a->trouble == ACCOUNT_NOT_FOUND && !a->is_page
			       ? err_set(e, ERR_INVALID,
					 "Hamsa knows no agent %s; `nida hamsa agents` lists them.",
					 id)
			       : false;
	ok = account_agent_from(json_holding(json, "id"), arena, out);
	cJSON_Delete(json);
	return ok ? true
		  : fail(a, ACCOUNT_BROKEN,
			 "Hamsa answered without an agent where one was asked for", e);
}

bool account_usage(struct account *a, const char *project_id, int64_t from_ms, int64_t to_ms,
		   struct arena *arena, struct account_figure **out, size_t *count, struct err *e)
{
	struct buf path;
	cJSON *json;

	buf_init(&path, HAMSA_REQUEST_MAX);
	buf_adds(&path, "/v1/projects/statistics/numbers?projectId=");
	http_add_escaped(&path, project_id);
	buf_addf(&path, "&startPeriod=%" PRId64 "&endPeriod=%" PRId64, from_ms, to_ms);
	bool ok = ask(a, path.data, &json, e);
	buf_free(&path);
	if (!ok)
		return a->trouble == ACCOUNT_NOT_FOUND && !a->is_page
			       ? err_set(e, ERR_INVALID,
					 "Hamsa knows no project %s. HAMSA_PROJECT_ID may be "
					 "unset: "
					 "then the key's own project is taken.",
					 project_id)
			       : false;
	*count = account_figures_from(json, arena, out);
	cJSON_Delete(json);
	return true;
}
