/*
 * What the handlers share: writing JSON, errors in Hamsa's manner, and the table of routes.
 */
#ifndef NIDA_SIM_SIM_P_H
#define NIDA_SIM_SIM_P_H

#include "sim/sim.h"

#define SIM_FROM  "+96824000000" /* what callers see when an order names no number of ours */
#define SIM_AGENT "d949f13f-40d2-4e48-ac86-b66633070603"

/* NULL when the query has no such name. */
const char *sim_arg(const struct sim_request *request, const char *name);
/* A whole number of the query within limits; `otherwise` when it is absent, false when it is
 * wrong. */
bool sim_arg_number(const struct sim_request *request, const char *name, int64_t least,
		    int64_t most, int64_t otherwise, int64_t *out);

/* `"name":"text",` and `"name":null,`; the caller takes care of the last comma. */
void json_text(struct buf *out, const char *name, const char *text);
/* `"name":"2026-11-22T10:15:00.000Z",` or null for 0. */
void json_time(struct buf *out, const char *name, int64_t wall_ms);
/* `"params":{…}` */
void json_params(struct buf *out, const struct network_call *call);
/* Replace a trailing comma by `end`. */
void json_end(struct buf *out, const char *end);

/* {"success":false,"message":…,"messageKey":…} */
void hamsa_error(struct sim_reply *reply, int status, const char *message, const char *key);
/* The other form that its framework uses: {"statusCode":400,"message":["…"],"error":"Bad
 * Request"} */
void hamsa_invalid(struct sim_reply *reply, const char *message);

/* Names and figures for GET /sim/requests. */
void route_write_counts(const struct sim *sim, struct buf *out);

/* One line in the record file for an event of the network. */
network_observer record_event;

sim_handler hamsa_place_from_number, hamsa_place_plain, hamsa_place_twilio;
sim_handler hamsa_read_conversation, hamsa_terminate, hamsa_list_minimal, hamsa_read_job;
sim_handler hamsa_read_project, hamsa_list_agents, hamsa_read_agent, hamsa_list_numbers,
	hamsa_read_statistics;
/* "CA" and the id of the call without its hyphens. */
#define SIM_SID_SIZE 35
const char *twilio_sid(const struct network_call *call, char out[SIM_SID_SIZE]);
sim_handler twilio_list, twilio_fetch, twilio_update;
void twilio_error(struct sim_reply *reply, int status, int code, const char *message);
sim_handler recording_send;
/* The address that a reading of the call names; NULL when it has no recording. */
const char *recording_link(const struct sim *sim, const struct sim_request *request,
			   const struct network_call *call, const struct call_report *report);
sim_handler record_send, record_send_counts, record_reset;

#endif
