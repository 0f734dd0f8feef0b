/*
 * Hamsa's three routes that start a call. They differ in the name of our number and in where the
 * answer keeps the id; and all say "success": false when they succeed, as the real ones do.
 */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/text_mask.h"
#include "sim_p.h"

struct place_route {
	const char *from_field; /* the name of our number in the body */
	bool from_required;
	bool params_required; /* with a stored agent */
	bool whole_job;       /* data.id of a whole job, not data.jobId */
	bool call_params;
};

static const char *body_text(const cJSON *body, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(body, name));

	return text && *text ? text : NULL;
}

static bool is_e164(const char *text)
{
	size_t digits = strspn(text + 1, "0123456789");

	return text[0] == '+' && digits >= 7 && digits <= 15 && text[1] != '0' &&
	       text[1 + digits] == '\0';
}

static bool is_known(const char *const *list, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(list[i], "=");
		if (strlen(text) == length && memcmp(list[i], text, length) == 0)
			return true;
	}
	return count == 0;
}

/* Texts as they are, everything else as its JSON. */
static const char *param_text(const cJSON *value, struct arena *arena)
{
	const char *text = cJSON_GetStringValue(value);

	if (text)
		return text;
	char *printed = cJSON_PrintUnformatted(value);
	const char *copy = arena_strdup(arena, printed ? printed : "");
	cJSON_free(printed);
	return copy;
}

static void read_params(const cJSON *params, struct arena *arena, struct network_order *order)
{
	size_t count = (size_t)cJSON_GetArraySize(params);
	const char **names = arena_array(arena, count + 1, sizeof(*names));
	const char **values = arena_array(arena, count + 1, sizeof(*values));
	size_t used = 0;
	const cJSON *item;

	cJSON_ArrayForEach(item, params)
	{
		names[used] = item->string;
		values[used++] = param_text(item, arena);
	}
	order->param_count = used;
	order->param_names = names;
	order->param_values = values;
}

/* Check the body as Hamsa does; on false the reply is written. */
static bool read_order(const struct sim *sim, const struct place_route *route, const cJSON *body,
		       struct arena *arena, struct network_order *order, struct sim_reply *reply)
{
	const struct options *o = sim->options;
	const cJSON *details = cJSON_GetObjectItemCaseSensitive(body, "agentDetails");
	const cJSON *params = cJSON_GetObjectItemCaseSensitive(body, "params");

	*order = (struct network_order){
		.to = body_text(body, "toNumber"),
		.from = body_text(body, route->from_field),
		.agent_id = body_text(body, "voiceAgentId"),
	};
	if (order->to == NULL || !is_e164(order->to)) {
		hamsa_invalid(reply, "toNumber must be a valid phone number in E.164 format");
	} else if (route->from_required && order->from == NULL) {
		hamsa_invalid(reply,
			      arena_printf(arena, "%s should not be empty", route->from_field));
	} else if (order->agent_id == NULL && !cJSON_IsObject(details)) {
		hamsa_invalid(reply, "either voiceAgentId or agentDetails is required");
	} else if (order->agent_id && route->params_required && !cJSON_IsObject(params)) {
		hamsa_invalid(reply, "params must be an object");
	} else if (order->agent_id && !is_known(o->agents, o->agent_count, order->agent_id)) {
		hamsa_error(reply, 404, "Voice agent not found", "VOICE_AGENT_NOT_FOUND");
	} else if (order->from && !is_known(o->numbers, o->number_count, order->from)) {
		hamsa_error(reply, 404, "Phone number not found", "PHONE_NUMBER_NOT_FOUND");
	} else {
		if (order->agent_id == NULL && !cJSON_IsObject(params))
			params = cJSON_GetObjectItemCaseSensitive(details, "params");
		read_params(params, arena, order);
		return true;
	}
	return false;
}

static void write_job(const struct place_route *route, const struct network_call *call,
		      struct buf *out)
{
	json_text(out, "id", call->id);
	json_text(out, "title", "Telephone call");
	json_text(out, "type", "VOICE_AGENTS");
	json_text(out, "processingType", "real-time");
	json_text(out, "status", "PENDING");
	json_text(out, "voiceAgentId", call->agent_id);
	json_text(out, "mediaUrl", NULL);
	json_text(out, "jobResponse", NULL);
	json_time(out, "createdAt", call->created_ms);
	json_time(out, "updatedAt", call->created_ms);
	if (route->call_params) {
		buf_adds(out, "\"callParams\":{");
		json_text(out, "machineNumber", call->from);
		json_text(out, "userNumber", call->to);
		json_end(out, "},");
	}
}

static void write_accepted(const struct place_route *route, const struct network_call *call,
			   struct buf *out)
{
	buf_adds(out, "{\"success\":false,\"message\":\"success\",\"data\":{");
	if (route->whole_job) {
		write_job(route, call, out);
	} else {
		json_text(out, "voiceAgentId", call->agent_id);
		json_text(out, "jobId", call->id);
	}
	json_end(out, "}}");
}

static void write_page(struct sim_reply *reply)
{
	reply->type = "text/html; charset=utf-8";
	buf_adds(&reply->body,
		 "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
		 "<body><h1>Bad gateway</h1><p>The web server reported a bad gateway error.</p>"
		 "</body></html>\n");
}

static void write_outcome(const struct place_route *route, const struct network_reply *outcome,
			  struct sim_reply *reply)
{
	switch (outcome->answer) {
	case NETWORK_ACCEPTED:
		write_accepted(route, outcome->call, &reply->body);
		break;
	case NETWORK_NAMELESS:
		buf_adds(&reply->body, "{\"success\":false,\"message\":\"success\",\"data\":{}}");
		break;
	case NETWORK_REFUSED:
		if (outcome->status == 429)
			hamsa_error(reply, 429, outcome->words, "RATE_LIMIT_EXCEEDED");
		else
			hamsa_invalid(reply, outcome->words);
		reply->retry_after_ms = outcome->retry_after_ms;
		break;
	case NETWORK_BROKEN:
		hamsa_error(reply, 500, outcome->words, "INTERNAL_SERVER_ERROR");
		break;
	case NETWORK_PAGE:
		write_page(reply);
		break;
	case NETWORK_LOST:
		reply->drop = true;
		break;
	}
	reply->status = outcome->status;
}

static void place(struct sim *sim, const struct place_route *route,
		  const struct sim_request *request, struct sim_reply *reply)
{
	cJSON *body = cJSON_ParseWithLengthOpts(request->body, request->body_length + 1, NULL, 1);
	struct network_order order;
	struct network_reply outcome;

	if (!cJSON_IsObject(body)) {
		hamsa_invalid(reply, "the body is not a JSON object");
	} else if (read_order(sim, route, body, request->arena, &order, reply)) {
		reply->masked = text_mask_phone(order.to, reply->mask);
		network_place(sim->network, request->now_ms, &order, &outcome);
		write_outcome(route, &outcome, reply);
	}
	cJSON_Delete(body);
}

void hamsa_place_from_number(struct sim *sim, const struct sim_request *request,
			     struct sim_reply *reply)
{
	static const struct place_route route = {.from_field = "phoneNumber",
						 .from_required = true,
						 .params_required = true};

	place(sim, &route, request, reply);
}

void hamsa_place_plain(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	static const struct place_route route = {.from_field = "fromNumber", .whole_job = true};

	place(sim, &route, request, reply);
}

void hamsa_place_twilio(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	static const struct place_route route = {.from_field = "twilioPhoneNumber",
						 .from_required = true,
						 .whole_job = true,
						 .call_params = true};

	place(sim, &route, request, reply);
}
