#include <string.h>

#include "base/moment.h"
#include "provider/json.h"
#include "hamsa_p.h"

char *hamsa_agent_path(const char *agent_id)
{
	struct buf path;

	buf_init(&path, HAMSA_REQUEST_MAX);
	buf_adds(&path, "/v2/voice-agents/");
	http_add_escaped(&path, agent_id);
	return path.data;
}

static bool is_true(const cJSON *item)
{
	return cJSON_IsTrue(item) ||
	       (cJSON_IsString(item) && strcmp(item->valuestring, "true") == 0);
}

void hamsa_judge_project(struct hamsa *h, const struct hamsa_reply *r, struct answer *out)
{
	const char *id;
	const char *name;

	if (out->read != READ_OK)
		return;
	id = json_text(json_find(r->json, "id"), &h->arena);
	name = json_text(json_find(r->json, "name"), &h->arena);
	if (!id && !name) {
		out->read = READ_LATER;
		out->words = "Hamsa answered without a project where the key's was asked for.";
		return;
	}
	out->project_id = id ? id : "";
	if (is_true(json_find(r->json, "isDeactivated"))) {
		out->read = READ_STOP;
		out->words = arena_printf(&h->arena,
					  "Hamsa has deactivated the project '%s' of this key; no "
					  "call can be placed until it is active again.",
					  name ? name : id);
	} else if (h->project_id && id && strcmp(h->project_id, id) != 0) {
		out->words = arena_printf(&h->arena,
					  "The key belongs to project %s, but HAMSA_PROJECT_ID "
					  "says %s.",
					  id, h->project_id);
	}
}

void hamsa_judge_agent(struct hamsa *h, const struct hamsa_job *job, const struct hamsa_reply *r,
		       struct answer *out)
{
	const cJSON *agent = json_holding(r->json, "id");
	const char *name;
	struct agent_report *report;
	double limit_s;

	if (out->read != READ_OK)
		return;
	if (!agent) {
		out->read = READ_LATER;
		out->words = "Hamsa answered without an agent where one was asked for.";
		return;
	}

	report = arena_alloc(&h->arena, sizeof(*report));
	report->id = arena_strdup(&h->arena, job->id);
	name = json_get_text(agent, "name", &h->arena);
	report->name = name ? name : "";
	if (json_number(json_get(json_get(agent, "callSettings"), "maxCallDuration"), &limit_s) &&
	    limit_s > 0 && limit_s * SECOND_MS < DAY_MS)
		report->max_call_ms = (int64_t)(limit_s * SECOND_MS);
	out->agent = report;
}
