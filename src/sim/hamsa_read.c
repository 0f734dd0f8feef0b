/*
 * Hamsa's routes that tell of calls: one in full, its older twin (/jobs), the list, and ending one.
 */
#include <string.h>

#include "base/moment.h"
#include "model/value.h"
#include "sim_p.h"

#define PER_PAGE_MAX 200

static void write_transcript(const struct call_report *report, struct buf *out)
{
	buf_adds(out, "\"transcription\":[");
	for (size_t i = 0; i < report->utterance_count; i++) {
		const struct utterance *u = &report->utterances[i];
		buf_adds(out, u->speaker == SPEAKER_AGENT ? "{\"Agent\":" : "{\"User\":");
		buf_add_json(out, u->text);
		buf_adds(out, "},");
	}
	json_end(out, "],");
}

static void write_job_response(const struct call_report *report, struct buf *out)
{
	if (report->utterance_count == 0) {
		buf_adds(out, "\"jobResponse\":null,");
		return;
	}
	buf_adds(out, "\"jobResponse\":{");
	write_transcript(report, out);
	buf_adds(out, "\"outcomeResult\":{");
	for (size_t i = 0; i < report->value_count; i++)
		json_text(out, report->values[i].name, report->values[i].value);
	json_end(out, "},");
	if (report->started_ms > 0)
		buf_addf(out, "\"callStartedAt\":%lld,\"callEndedAt\":%lld,",
			 (long long)report->started_ms, (long long)report->ended_ms);
	json_end(out, "},");
}

static void write_analysis(const struct call_report *report, struct buf *out)
{
	if (report->words == NULL) {
		buf_adds(out, "\"callAnalysis\":{},");
		return;
	}
	buf_adds(out, "\"callAnalysis\":{\"error\":{");
	json_text(out, "message", report->words);
	buf_adds(out, "\"statusCode\":480}},");
}

static void write_cost(const struct call_report *report, struct buf *out)
{
	char text[DECIMAL_SIZE];

	if (report->has_cost)
		buf_addf(out, "\"totalCost\":%s,", decimal_format(report->cost, 6, text));
}

/* Whole seconds, as Hamsa gives them; null while it lasts. */
static void write_duration(const struct call_report *report, const char *name, struct buf *out)
{
	if (report->talk_ms < 0)
		json_text(out, name, NULL);
	else
		buf_addf(out, "\"%s\":%lld,", name,
			 (long long)((report->talk_ms + SECOND_MS / 2) / SECOND_MS));
}

static void write_call_params(const struct network_call *call, struct buf *out)
{
	buf_adds(out, "\"callParams\":{");
	json_text(out, "machineNumber", call->from ? call->from : SIM_FROM);
	json_text(out, "userNumber", call->to);
	json_end(out, "},");
}

/* Where a carrier's name for the call might turn up, for all that is documented. */
static void write_logs(const struct sim *sim, const struct network_call *call, struct buf *out)
{
	char sid[SIM_SID_SIZE];

	buf_adds(out, ",\"performanceMetrics\":{},\"logs\":[");
	if (sim->options->tell_sid)
		buf_addf(out, "{\"id\":\"l-1\",\"payload\":{\"callSid\":\"%s\"}}",
			 twilio_sid(call, sid));
	buf_addc(out, ']');
}

static void write_conversation(const struct sim *sim, const struct network_call *call,
			       const struct call_report *report, const char *recording,
			       struct buf *out)
{
	int64_t updated_ms = call->ended_ms      ? call->ended_ms
			     : call->answered_ms ? call->answered_ms
						 : call->created_ms;

	json_text(out, "id", call->id);
	json_text(out, "status", report->status_text);
	json_text(out, "type", "VOICE_AGENTS");
	json_text(out, "processingType", "real-time");
	json_text(out, "voiceAgentId", call->agent_id);
	json_time(out, "createdAt", call->created_ms);
	json_time(out, "updatedAt", updated_ms);
	json_text(out, "title", "Telephone call");
	json_text(out, "model", "Hamsa-Conversational");
	json_text(out, "mediaUrl", recording);
	write_call_params(call, out);
	write_duration(report, "callDuration", out);
	json_text(out, "channelType", "TELEPHONE");
	write_analysis(report, out);
	write_job_response(report, out);
	write_cost(report, out);
	json_params(out, call);
	write_logs(sim, call, out);
}

/* Read the call named; when that fails the reply is written and NULL returned. */
static const struct network_call *read_or_refuse(struct sim *sim, const char *id,
						 const struct sim_request *request,
						 struct call_report *report,
						 struct sim_reply *reply)
{
	const struct network_call *call = NULL;

	switch (network_read(sim->network, request->now_ms, id, request->arena, report, &call)) {
	case NETWORK_FOUND:
		break;
	case NETWORK_UNKNOWN:
		hamsa_error(reply, 404, "Conversation not found", "CONVERSATION_NOT_FOUND");
		break;
	case NETWORK_NOT_NOW:
		hamsa_error(reply, 500, "Internal server error", "INTERNAL_SERVER_ERROR");
		break;
	}
	return call;
}

void hamsa_read_conversation(struct sim *sim, const struct sim_request *request,
			     struct sim_reply *reply)
{
	struct call_report report;
	const struct network_call *call =
		read_or_refuse(sim, request->parts[0], request, &report, reply);

	if (call == NULL)
		return;
	buf_adds(&reply->body, "{\"success\":true,\"message\":\"success\",\"data\":{");
	write_conversation(sim, call, &report, recording_link(sim, request, call, &report),
			   &reply->body);
	buf_adds(&reply->body, "}}");
}

/* The older view knows three statuses only. */
static const char *job_status(enum call_status status)
{
	if (!call_status_is_final(status))
		return "PENDING";
	return status == CALL_COMPLETED ? "COMPLETED" : "FAILED";
}

void hamsa_read_job(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	const char *id = sim_arg(request, "jobId");
	struct call_report report;
	struct buf *out = &reply->body;

	if (id == NULL) {
		hamsa_invalid(reply, "jobId should not be empty");
		return;
	}
	const struct network_call *call = read_or_refuse(sim, id, request, &report, reply);
	if (call == NULL)
		return;
	buf_adds(out, "{\"message\":\"success\",\"previewUrl\":null,\"data\":{\"data\":{");
	json_text(out, "id", call->id);
	json_text(out, "type", "VOICE_AGENTS");
	json_text(out, "status", job_status(call->status));
	json_text(out, "voiceAgentId", call->agent_id);
	json_text(out, "toNumber", call->to);
	json_text(out, "mediaUrl", recording_link(sim, request, call, &report));
	write_duration(&report, "callDuration", out);
	write_cost(&report, out);
	write_job_response(&report, out);
	json_time(out, "createdAt", call->created_ms);
	json_params(out, call);
	buf_adds(out, "}}}");
}

void hamsa_terminate(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	switch (network_end(sim->network, request->now_ms, request->parts[0], NETWORK_TERMINATE)) {
	case NETWORK_END_DONE:
		buf_adds(&reply->body, "{\"success\":true,\"message\":\"Conversation terminated\","
				       "\"messageKey\":\"ConversationTerminatedSuccessfully\"}");
		break;
	case NETWORK_END_OVER:
		hamsa_error(reply, 400, "Conversation is not active", "ConversationNotActive");
		break;
	case NETWORK_END_UNKNOWN:
		hamsa_error(reply, 404, "Conversation not found", "ConversationNotFound");
		break;
	}
}

static bool read_statuses(const struct sim_request *request, unsigned *out)
{
	*out = 0;
	for (size_t i = 0; i < request->arg_count; i++) {
		if (strcmp(request->args[i].name, "status") != 0)
			continue;
		enum call_status status = call_status_from_text(request->args[i].value);
		if (status == CALL_UNKNOWN ||
		    strcmp(call_status_name(status), request->args[i].value) != 0)
			return false;
		*out |= NETWORK_STATUS(status);
	}
	return true;
}

static bool read_query(const struct sim_request *request, struct network_query *out,
		       struct sim_reply *reply)
{
	int64_t page;
	int64_t per_page;

	*out = (struct network_query){.agent_id = sim_arg(request, "voiceAgentId")};
	if (!sim_arg_number(request, "startTime", 0, INT64_MAX, 0, &out->from_ms) ||
	    !sim_arg_number(request, "endTime", 0, INT64_MAX, 0, &out->to_ms))
		hamsa_invalid(reply, "startTime and endTime must be integers in milliseconds");
	else if (!sim_arg_number(request, "page", 1, 1000000, 1, &page))
		hamsa_invalid(reply, "page must not be less than 1");
	else if (!sim_arg_number(request, "perPage", 1, INT64_MAX, 100, &per_page))
		hamsa_invalid(reply, "perPage must not be less than 1");
	else if (!read_statuses(request, &out->statuses))
		hamsa_invalid(reply, "status must be a valid enum value");
	else {
		out->page = (int)page;
		out->per_page = per_page > PER_PAGE_MAX ? PER_PAGE_MAX : (int)per_page;
		return true;
	}
	return false;
}

static void write_line(const struct network_line *line, struct buf *out)
{
	buf_addc(out, '{');
	json_text(out, "id", line->call->id);
	json_time(out, "createdAt", line->call->created_ms);
	json_text(out, "status", line->status_text);
	json_text(out, "voiceAgentId", line->call->agent_id);
	json_text(out, "agentName", "Simulated agent");
	buf_addf(out, "\"duration\":%lld,", (long long)(line->talk_ms / SECOND_MS));
	json_text(out, "channelType", "Telephone");
	write_call_params(line->call, out);
	json_end(out, "},");
}

void hamsa_list_minimal(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	struct network_query query;
	struct network_line lines[PER_PAGE_MAX];
	struct buf *out = &reply->body;
	size_t filtered;

	if (!read_query(request, &query, reply))
		return;
	size_t count = network_list(sim->network, request->now_ms, &query, lines, &filtered);
	buf_addf(out,
		 "{\"success\":true,\"message\":\"success\",\"data\":{\"total\":%zu,"
		 "\"filtered\":%zu,\"calls\":[",
		 network_call_count(sim->network), filtered);
	for (size_t i = 0; i < count; i++)
		write_line(&lines[i], out);
	json_end(out, "]}}");
}
