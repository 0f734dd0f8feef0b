/*
 * The record for people and tests: a file with one line of JSON for each event, the same calls over
 * HTTP, and how often each route was asked for.
 */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "sim_p.h"

static const char *const event_names[] = {
	[NETWORK_ASKED] = "asked", [NETWORK_CREATED] = "created", [NETWORK_ANSWERED] = "answered",
	[NETWORK_ENDED] = "ended", [NETWORK_ENDING] = "ending",
};

static void write_faults(const struct network_call *call, struct buf *out)
{
	buf_adds(out, "\"faults\":[");
	for (int fault = 0; fault < NETWORK_FAULT_COUNT; fault++)
		if (call->faults & 1u << fault)
			buf_addf(out, "\"%s\",", network_fault_name((enum network_fault)fault));
	json_end(out, "],");
}

static void write_who(const struct network_call *call, struct buf *out)
{
	json_text(out, "id", call->id);
	json_text(out, "to", call->to);
	json_text(out, "from", call->from);
	json_text(out, "agent", call->agent_id);
	json_params(out, call);
	buf_addc(out, ',');
}

void record_event(void *data, enum network_event event, int64_t at_ms,
		  const struct network_call *call)
{
	struct sim *sim = data;
	struct buf line;

	if (sim->record == NULL)
		return;
	buf_init(&line, SIM_BODY_MAX);
	buf_addf(&line, "{\"event\":\"%s\",\"at_ms\":%lld,", event_names[event], (long long)at_ms);
	if (event == NETWORK_ASKED)
		write_who(call, &line);
	else
		json_text(&line, "id", call->id);
	if (event == NETWORK_ENDED)
		json_text(&line, "status", call_status_name(call->status));
	write_faults(call, &line);
	json_end(&line, "}\n");

	/* Flushed at once: a test reads the file while we run, and after we were killed. */
	if ((fwrite(line.data, 1, line.length, sim->record) != line.length ||
	     fflush(sim->record) != 0) &&
	    !sim->record_broken) {
		sim->record_broken = true;
		log_error("The record file cannot be written: %s. It is incomplete from here on.",
			  strerror(errno));
	}
	buf_free(&line);
}

static void write_call(const struct network_call *call, struct buf *out)
{
	buf_addc(out, '{');
	write_who(call, out);
	buf_addf(out,
		 "\"asked_ms\":%lld,\"created_ms\":%lld,\"answered_ms\":%lld,\"ended_ms\":%lld,",
		 (long long)call->asked_ms, (long long)call->created_ms,
		 (long long)call->answered_ms, (long long)call->ended_ms);
	json_text(out, "status", call->created_ms > 0 ? call_status_name(call->status) : NULL);
	buf_addf(out, "\"answer_known\":%s,", call->answer_known ? "true" : "false");
	write_faults(call, out);
	json_end(out, "},\n");
}

void record_send(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	network_advance(sim->network, request->now_ms);
	buf_addf(&reply->body, "{\"now_ms\":%lld,\"live\":%zu,\"calls\":[\n",
		 (long long)request->now_ms, network_live_count(sim->network));
	for (size_t i = 0; i < network_call_count(sim->network); i++)
		write_call(network_call_at(sim->network, i), &reply->body);
	if (network_call_count(sim->network) > 0) {
		reply->body.length--; /* the line's end, behind the comma that json_end() takes */
		reply->body.data[reply->body.length] = '\0';
	}
	json_end(&reply->body, "\n]}\n");
}

void record_send_counts(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	(void)request;
	route_write_counts(sim, &reply->body);
}

void record_reset(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	(void)request;
	network_free(sim->network);
	sim_open(sim);
	buf_adds(&reply->body, "{\"success\":true}");
}

void sim_open(struct sim *sim)
{
	struct network_config config = sim->options->network;
	char base[sizeof(sim->origin) + 16];

	snprintf(base, sizeof(base), "%s/recordings/", sim->origin);
	config.recording_base = base;
	sim->network = network_new(&config);
	network_observe(sim->network, record_event, sim);
	memset(sim->counts, 0, sizeof(sim->counts));
}

void sim_close(struct sim *sim)
{
	network_free(sim->network);
	if (sim->record)
		fclose(sim->record);
}
