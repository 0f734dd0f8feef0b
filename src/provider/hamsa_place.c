#include <string.h>

#include "provider/json.h"
#include "hamsa_p.h"

#define ID_MAX 200

const char *hamsa_place_path(const struct place_order *order)
{
	return order->from ? "/v1/voice-agents/phone-number/call" : "/v1/voice-agents/call";
}

void hamsa_add_order(struct buf *b, const struct place_order *order)
{
	buf_adds(b, "{\"toNumber\":");
	buf_add_json(b, order->to);
	if (order->from) {
		buf_adds(b, ",\"phoneNumber\":");
		buf_add_json(b, order->from);
	}
	if (order->agent_id) {
		buf_adds(b, ",\"voiceAgentId\":");
		buf_add_json(b, order->agent_id);
		buf_adds(b, ",\"params\":");
		hamsa_add_params(b, order);
	} else {
		buf_adds(b, ",\"agentDetails\":");
		hamsa_add_agent_details(b, order);
	}
	buf_addc(b, '}');
}

/* The id under `key`, or NULL when what is there cannot be one. */
static const char *id_at(const cJSON *item, struct arena *arena)
{
	const char *id = json_text(item, arena);

	if (!id || cJSON_IsBool(item) || !*id || strlen(id) > ID_MAX)
		return NULL;
	for (const char *p = id; *p; p++)
		if (*p <= 0x20 || *p >= 0x7f)
			return NULL;
	return id;
}

/* The routes differ in where they put the id: data.jobId, data.id, jobId, id. */
static const char *job_id_of(struct hamsa *h, const cJSON *root)
{
	const cJSON *data = json_get(root, "data");
	const cJSON *places[] = {json_find(data, "jobId"), json_find(data, "id"),
				 json_get(root, "jobId"), json_get(root, "id")};

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		const char *id = id_at(places[i], &h->arena);
		if (id)
			return id;
	}
	return NULL;
}

/* Only what cannot have become a call is called refused. A web page, of whatever status, comes from
 * something on the way, which may have answered before Hamsa did or in its place: it proves
 * nothing, and only a time to wait for is taken from it (answer.retry_after_ms). */
static enum place_verdict verdict_of(struct hamsa *h, const struct hamsa_reply *r,
				     const char *job_id)
{
	int status = r->http->status;

	if (r->http->result == HTTP_NOT_SENT)
		return PLACE_NOT_SENT;
	if (r->http->result == HTTP_IN_DOUBT)
		return PLACE_IN_DOUBT;
	if (status / 100 == 2)
		return job_id ? PLACE_ACCEPTED : PLACE_IN_DOUBT;
	if (status / 100 != 4 || status == 408 || r->is_html)
		return PLACE_IN_DOUBT;
	if (status == 429)
		return PLACE_SLOW_DOWN;
	if (status == 401 || status == 402 || status == 403 || status == 404 || status == 409)
		return PLACE_STOP;
	return hamsa_reply_about_money(h, r) ? PLACE_STOP : PLACE_REFUSED;
}

void hamsa_judge_place(struct hamsa *h, const struct hamsa_reply *r, struct answer *out)
{
	const char *job_id = hamsa_reply_is_2xx(r) ? job_id_of(h, r->json) : NULL;

	out->place = verdict_of(h, r, job_id);
	out->read = READ_OK;
	if (out->place == PLACE_ACCEPTED)
		out->job_id = job_id;
	else if (hamsa_reply_is_2xx(r))
		out->words = arena_printf(&h->arena, "%s (no id of a call in it)", out->words);
}
