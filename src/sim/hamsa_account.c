/*
 * Hamsa's routes about the account: project, agents, numbers, usage.
 */
#include "sim_p.h"

#include "base/moment.h"

#include <string.h>

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
static void write_agent(const char *agent, struct buf *out, struct arena *arena)
{
	const char *name = strchr(agent, '=');

	buf_addc(out, '{');
	json_text(out, "id", arena_strndup(arena, agent, strcspn(agent, "=")));
	json_text(out, "type", "Single Prompt");
	json_text(out, "name", name ? name + 1 : "Simulated agent");
	buf_adds(out, "\"conversation\":{");
	json_text(out, "greetingMessage", "السلام عليكم، هل أتحدث مع {{customerName}}؟");
	json_text(out, "preamble", "أنت مساعد صوتي آلي. تحدث بلطف مع {{customerName}}.");
	buf_adds(out, "\"params\":{\"customerName\":\"\"}},\"voice\":null,\"llm\":null,"
		      "\"callSettings\":{\"maxCallDuration\":300,\"userInactivityTimeout\":15,"
		      "\"responseDelay\":400},\"phoneNumber\":null,\"webhookUrl\":null}");
}

void hamsa_list_agents(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	static const char *const standard[] = {SIM_AGENT "=Simulated agent"};
	const struct options *o = sim->options;
	const char *const *agents = o->agent_count > 0 ? o->agents : standard;
	int64_t count = o->agent_count > 0 ? (int64_t)o->agent_count : (int64_t)COUNT_OF(standard);
	int64_t page;
	int64_t take;

	/* `skip` counts pages from 1 on this route. */
	if (!sim_arg_number(request, "skip", 1, 1000000, 1, &page) ||
	    !sim_arg_number(request, "take", 1, 1000, 10, &take)) {
		hamsa_invalid(reply, "skip and take must not be less than 1");
		return;
	}
	buf_addf(&reply->body,
		 "{\"success\":true,\"message\":\"success\",\"data\":{\"total\":%lld,"
		 "\"filtered\":%lld,\"voiceAgents\":[",
		 (long long)count, (long long)count);
	for (int64_t i = (page - 1) * take; i < count && i < page * take; i++) {
		write_agent(agents[i], &reply->body, request->arena);
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
	write_agent(found, &reply->body, request->arena);
	buf_addc(&reply->body, '}');
}

void hamsa_list_numbers(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	static const char *const standard[] = {SIM_FROM};
	const struct options *o = sim->options;
	const char *const *numbers = o->number_count > 0 ? o->numbers : standard;
	size_t count = o->number_count > 0 ? o->number_count : COUNT_OF(standard);
	const char *type = o->twilio_direct ? "TWILIO" : "SIP";
	const char *wanted = sim_arg(request, "provider");

	buf_adds(&reply->body, "{\"success\":true,\"message\":\"success\",\"data\":[");
	for (size_t i = 0; i < count && (wanted == NULL || strcmp(wanted, type) == 0); i++) {
		buf_addf(&reply->body, "{\"id\":\"00000000-0000-4000-8000-%012zu\",", i + 1);
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
	struct decimal spent = {0};
	char text[DECIMAL_SIZE];

	network_advance(sim->network, request->now_ms);
	for (size_t i = 0; i < network_call_count(sim->network); i++) {
		const struct network_call *call = network_call_at(sim->network, i);
		if (call->ended_ms > 0 && call->answered_ms > 0)
			spent.micro += minute * (call->ended_ms - call->answered_ms) / MINUTE_MS;
	}
	buf_addf(&reply->body,
		 "{\"success\":true,\"message\":\"success\",\"data\":{"
		 "\"price\":{\"value\":%s,\"unit\":\"credits\"},"
		 "\"requests\":{\"value\":\"%zu\",\"unit\":\"requests\"},"
		 "\"tokens\":{\"value\":0,\"unit\":\"tokens\"},"
		 "\"transcription\":{\"value\":0,\"unit\":\"minutes\"}}}",
		 decimal_format(spent, 6, text), network_call_count(sim->network));
}
