/*
 * Hamsa's routes about the account: project, agents, numbers, usage.
 */
#include <string.h>

#include "base/moment.h"
#include "sim_p.h"

#define PROJECT "5f1c9a52-7a3e-4d0f-9a41-6a4b2f0c7d10"

void hamsa_read_project(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	(void)request;
	buf_addf(&reply->body,
		 "{\"success\":true,\"message\":\"success\",\"data\":{\"id\":\"" PROJECT "\","
		 "\"name\":\"Simulated project\",\"isDeactivated\":%s,"
		 "\"createdAt\":\"2025-01-01T08:00:00.000Z\","
		 "\"updatedAt\":\"2025-01-01T08:00:00.000Z\"}}",
		 sim->options->deactivated ? "true" : "false");
}

/* `agent` is ID or ID=NAME. */
static void write_agent(const struct options *o, const char *agent, struct buf *out,
			struct arena *arena)
{
	const char *name = strchr(agent, '=');

	buf_addc(out, '{');
	json_text(out, "id", arena_strndup(arena, agent, strcspn(agent, "=")));
	json_text(out, "type", "Single Prompt");
	json_text(out, "name", name ? name + 1 : "Simulated agent");
	buf_adds(out, "\"conversation\":{");
	json_text(out, "language", "ar");
	json_text(out, "greetingMessage", "السلام عليكم، هل أتحدث مع {{customerName}}؟");
	json_text(out, "preamble",
		  o->preamble ? o->preamble : "أنت مساعد صوتي آلي. تحدث بلطف مع {{customerName}}.");
	buf_adds(out, "\"params\":{\"customerName\":\"\"}},\"voice\":null,\"llm\":null,"
		      "\"callSettings\":{\"maxCallDuration\":300,\"userInactivityTimeout\":15,"
		      "\"responseDelay\":400},\"phoneNumber\":null,\"webhookUrl\":null}");
}

/* `skip` counts pages from 1 on these routes. *first and *last: the items of this page. */
static bool read_page(const struct sim_request *request, int64_t count, int64_t *first,
		      int64_t *last, struct sim_reply *reply)
{
	int64_t page;
	int64_t take;

	if (!sim_arg_number(request, "skip", 1, 1000000, 1, &page) ||
	    !sim_arg_number(request, "take", 1, 1000, 10, &take)) {
		hamsa_invalid(reply, "skip and take must not be less than 1");
		return false;
	}
	*first = (page - 1) * take < count ? (page - 1) * take : count;
	*last = *first + take < count ? *first + take : count;
	return true;
}

void hamsa_list_agents(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	static const char *const standard[] = {SIM_AGENT "=Simulated agent"};
	const struct options *o = sim->options;
	const char *const *agents = o->agent_count > 0 ? o->agents : standard;
	int64_t count = o->agent_count > 0 ? (int64_t)o->agent_count : (int64_t)COUNT_OF(standard);
	int64_t i;
	int64_t last;

	if (!read_page(request, count, &i, &last, reply))
		return;
	buf_addf(&reply->body,
		 "{\"success\":true,\"message\":\"success\",\"data\":{\"total\":%lld,"
		 "\"filtered\":%lld,\"voiceAgents\":[",
		 (long long)count, (long long)count);
	for (; i < last; i++) {
		write_agent(o, agents[i], &reply->body, request->arena);
		buf_addc(&reply->body, ',');
	}
	json_end(&reply->body, "]}}");
}

void hamsa_read_agent(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	const struct options *o = sim->options;
	const char *id = request->parts[0];
	const char *found = o->agent_count == 0 ? id : NULL;

	for (size_t i = 0; i < o->agent_count; i++) {
		size_t length = strcspn(o->agents[i], "=");
		if (strlen(id) == length && memcmp(o->agents[i], id, length) == 0)
			found = o->agents[i];
	}
	if (found == NULL) {
		hamsa_error(reply, 404, "Voice agent not found", "VOICE_AGENT_NOT_FOUND");
		return;
	}
	buf_adds(&reply->body, "{\"success\":true,\"message\":\"success\",\"data\":");
	write_agent(o, found, &reply->body, request->arena);
	buf_addc(&reply->body, '}');
}

void hamsa_list_numbers(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	static const char *const standard[] = {SIM_FROM};
	const struct options *o = sim->options;
	const char *const *numbers = o->number_count > 0 ? o->numbers : standard;
	int64_t count =
		o->number_count > 0 ? (int64_t)o->number_count : (int64_t)COUNT_OF(standard);
	const char *type = o->twilio_direct ? "TWILIO" : "SIP";
	const char *wanted = sim_arg(request, "provider");
	int64_t i;
	int64_t last;

	if (wanted && strcmp(wanted, type) != 0)
		count = 0;
	if (!read_page(request, count, &i, &last, reply))
		return;
	buf_adds(&reply->body, "{\"success\":true,\"message\":\"success\",\"data\":[");
	for (; i < last; i++) {
		buf_addf(&reply->body, "{\"id\":\"00000000-0000-4000-8000-%012lld\",",
			 (long long)i + 1);
		json_text(&reply->body, "number", numbers[i]);
		json_text(&reply->body, "label", "Simulated line");
		json_text(&reply->body, "type", type);
		json_text(&reply->body, "voiceAgentId", NULL);
		json_end(&reply->body, "},");
	}
	json_end(&reply->body, "]}");
}

void hamsa_read_statistics(struct sim *sim, const struct sim_request *request,
			   struct sim_reply *reply)
{
	const int64_t minute = sim->options->network.rates.cost_per_minute.micro;
	const char *project = sim_arg(request, "projectId");
	struct decimal spent = {0};
	char text[DECIMAL_SIZE];
	size_t count = 0;
	int64_t from_ms;
	int64_t to_ms;

	if (project && strcmp(project, PROJECT) != 0) {
		hamsa_error(reply, 404, "Project not found", "PROJECT_NOT_FOUND");
		return;
	}
	if (!sim_arg_number(request, "startPeriod", 0, INT64_MAX, 0, &from_ms) ||
	    !sim_arg_number(request, "endPeriod", 0, INT64_MAX, INT64_MAX, &to_ms)) {
		hamsa_invalid(reply, "startPeriod and endPeriod must be in milliseconds");
		return;
	}
	network_advance(sim->network, request->now_ms);
	for (size_t i = 0; i < network_call_count(sim->network); i++) {
		const struct network_call *call = network_call_at(sim->network, i);
		if (call->created_ms < from_ms || call->created_ms > to_ms)
			continue;
		count++;
		if (call->ended_ms > 0 && call->answered_ms > 0)
			spent.micro += minute * (call->ended_ms - call->answered_ms) / MINUTE_MS;
	}
	buf_addf(&reply->body,
		 "{\"success\":true,\"message\":\"success\",\"data\":{"
		 "\"price\":{\"value\":%s,\"unit\":\"credits\"},"
		 "\"requests\":{\"value\":\"%zu\",\"unit\":\"requests\"},"
		 "\"tokens\":{\"value\":0,\"unit\":\"tokens\"},"
		 "\"transcription\":{\"value\":0,\"unit\":\"minutes\"}}}",
		 decimal_format(spent, 6, text), count);
}
