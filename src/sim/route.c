#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/moment.h"
#include "base/text.h"
#include "sim_p.h"

enum door {
	DOOR_OPEN,   /* anybody */
	DOOR_HAMSA,  /* Authorization: Token KEY */
	DOOR_TWILIO, /* Basic ACCOUNT:TOKEN, the account being the one in the path */
};

struct route {
	const char *method;
	const char *pattern; /* a star stands for one part between slashes */
	enum door door;
	sim_handler *handler;
};

static const struct route routes[] = {
	{"POST", "/v1/voice-agents/phone-number/call", DOOR_HAMSA, hamsa_place_from_number},
	{"POST", "/v1/voice-agents/call", DOOR_HAMSA, hamsa_place_plain},
	{"POST", "/v1/voice-agents/twilio/call", DOOR_HAMSA, hamsa_place_twilio},
	{"GET", "/v1/voice-agents/conversation/*", DOOR_HAMSA, hamsa_read_conversation},
	{"GET", "/v1/voice-agents/conversation/*/terminate", DOOR_HAMSA, hamsa_terminate},
	{"GET", "/v1/voice-agents/conversations/minimal-list", DOOR_HAMSA, hamsa_list_minimal},
	{"GET", "/v1/jobs", DOOR_HAMSA, hamsa_read_job},
	{"GET", "/v1/projects/by-api-key", DOOR_HAMSA, hamsa_read_project},
	{"GET", "/v1/projects/statistics/numbers", DOOR_HAMSA, hamsa_read_statistics},
	{"GET", "/v2/voice-agents", DOOR_HAMSA, hamsa_list_agents},
	{"GET", "/v2/voice-agents/*", DOOR_HAMSA, hamsa_read_agent},
	{"GET", "/v1/voice-agents/phone-number/list", DOOR_HAMSA, hamsa_list_numbers},
	{"GET", "/2010-04-01/Accounts/*/Calls.json", DOOR_TWILIO, twilio_list},
	{"GET", "/2010-04-01/Accounts/*/Calls/*", DOOR_TWILIO, twilio_fetch},
	{"POST", "/2010-04-01/Accounts/*/Calls/*", DOOR_TWILIO, twilio_update},
	{"GET", "/recordings/*", DOOR_OPEN, recording_send},
	{"GET", "/sim/record", DOOR_OPEN, record_send},
	{"GET", "/sim/requests", DOOR_OPEN, record_send_counts},
	{"POST", "/sim/reset", DOOR_OPEN, record_reset},
};

_Static_assert(COUNT_OF(routes) < SIM_ROUTES_MAX, "struct sim counts requests by route");

/* Does the path fit? What stands for the stars is copied into the arena. */
static bool route_matches(const char *pattern, const char *path, struct sim_request *request)
{
	size_t part = 0;

	while (*pattern && *path) {
		if (*pattern == '*') {
			size_t length = strcspn(path, "/");
			if (length == 0)
				return false;
			request->parts[part++] = arena_strndup(request->arena, path, length);
			path += length;
			pattern++;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return *pattern == '\0' && *path == '\0';
}

static bool method_matches(const char *wanted, const char *found)
{
	return strcmp(wanted, found) == 0 ||
	       (strcmp(wanted, "GET") == 0 && strcmp(found, "HEAD") == 0);
}

static bool hamsa_opens(const struct sim *sim, const struct sim_request *request)
{
	const char *given = request->authorization;

	if (given == NULL || strncmp(given, "Token ", 6) != 0 || given[6] == '\0')
		return false;
	return sim->options->key == NULL || strcmp(given + 6, sim->options->key) == 0;
}

static bool is_account_sid(const char *text)
{
	return strlen(text) == 34 && memcmp(text, "AC", 2) == 0 &&
	       strspn(text + 2, "0123456789abcdefABCDEF") == 32;
}

static bool twilio_opens(const struct sim *sim, const struct sim_request *request)
{
	if (request->user == NULL || request->password == NULL || request->password[0] == '\0')
		return false;
	if (!is_account_sid(request->user) || strcmp(request->user, request->parts[0]) != 0)
		return false;
	return sim->options->twilio_token == NULL ||
	       strcmp(request->password, sim->options->twilio_token) == 0;
}

void sim_answer(struct sim *sim, struct sim_request *request, struct sim_reply *reply)
{
	*reply = (struct sim_reply){.status = 200, .type = "application/json; charset=utf-8"};
	buf_init(&reply->body, SIM_BODY_MAX);
	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		const struct route *route = &routes[i];
		if (!method_matches(route->method, request->method) ||
		    !route_matches(route->pattern, request->path, request))
			continue;

		sim->counts[i]++;
		if (route->door == DOOR_HAMSA && !hamsa_opens(sim, request))
			hamsa_error(reply, 401, "Invalid API key", "AUTH_INVALID_KEY");
		else if (route->door == DOOR_TWILIO && !twilio_opens(sim, request))
			twilio_error(reply, 401, 20003, "Authenticate");
		else if (request->too_large)
			hamsa_error(reply, 413, "request entity too large", "PAYLOAD_TOO_LARGE");
		else
			route->handler(sim, request, reply);
		return;
	}
	sim->counts[SIM_ROUTES_MAX - 1]++;
	buf_adds(&reply->body, "{\"statusCode\":404,\"message\":");
	buf_add_json(&reply->body,
		     arena_printf(request->arena, "Cannot %s %s", request->method, request->path));
	buf_adds(&reply->body, ",\"error\":\"Not Found\"}");
	reply->status = 404;
}

void route_write_counts(const struct sim *sim, struct buf *out)
{
	buf_addc(out, '{');
	for (size_t i = 0; i < COUNT_OF(routes); i++)
		buf_addf(out, "\"%s %s\":%llu,", routes[i].method, routes[i].pattern,
			 (unsigned long long)sim->counts[i]);
	buf_addf(out, "\"other\":%llu}", (unsigned long long)sim->counts[SIM_ROUTES_MAX - 1]);
}

const char *sim_arg(const struct sim_request *request, const char *name)
{
	for (size_t i = 0; i < request->arg_count; i++)
		if (strcmp(request->args[i].name, name) == 0)
			return request->args[i].value;
	return NULL;
}

bool sim_arg_number(const struct sim_request *request, const char *name, int64_t least,
		    int64_t most, int64_t otherwise, int64_t *out)
{
	const char *text = sim_arg(request, name);
	char *end;

	*out = otherwise;
	if (text == NULL)
		return true;
	errno = 0;
	long long value = strtoll(text, &end, 10);
	*out = value;
	return end != text && *end == '\0' && errno == 0 && value >= least && value <= most;
}

void json_text(struct buf *out, const char *name, const char *text)
{
	buf_addf(out, "\"%s\":", name);
	if (text)
		buf_add_json(out, text);
	else
		buf_adds(out, "null");
	buf_addc(out, ',');
}

void json_time(struct buf *out, const char *name, int64_t wall_ms)
{
	if (wall_ms == 0) {
		json_text(out, name, NULL);
		return;
	}
	struct civil c = zone_civil(zone_utc(), wall_ms);
	buf_addf(out, "\"%s\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",", name, c.year, c.month,
		 c.day, c.hour, c.minute, c.second, (int)(wall_ms % 1000));
}

void json_params(struct buf *out, const struct network_call *call)
{
	buf_adds(out, "\"params\":{");
	for (size_t i = 0; i < call->param_count; i++) {
		if (i > 0)
			buf_addc(out, ',');
		buf_add_json(out, call->param_names[i]);
		buf_addc(out, ':');
		buf_add_json(out, call->param_values[i]);
	}
	buf_addc(out, '}');
}

void json_end(struct buf *out, const char *end)
{
	if (out->length > 0 && out->data[out->length - 1] == ',')
		out->data[--out->length] = '\0';
	buf_adds(out, end);
}

void hamsa_error(struct sim_reply *reply, int status, const char *message, const char *key)
{
	reply->status = status;
	buf_adds(&reply->body, "{\"success\":false,");
	json_text(&reply->body, "message", message);
	json_text(&reply->body, "messageKey", key);
	json_end(&reply->body, "}");
}

void hamsa_invalid(struct sim_reply *reply, const char *message)
{
	reply->status = 400;
	buf_adds(&reply->body, "{\"statusCode\":400,\"message\":[");
	buf_add_json(&reply->body, message);
	buf_adds(&reply->body, "],\"error\":\"Bad Request\"}");
}
