/*
 * Twilio's view of the same calls. By default they are trunk calls: `to` is a SIP address, so
 * that a filter by number finds nothing, as with the real ones. A call's Sid is "CA" and its id
 * without hyphens; Hamsa's routes tell it only when --tell-sid says so.
 */
#include <stdlib.h>
#include <string.h>

#include "base/moment.h"
#include "sim_p.h"

#define PAGE_SIZE_MAX 1000

static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
				     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static const struct {
	const char *name;
	unsigned statuses;
} status_names[] = {
	{"queued", 0},
	{"ringing", NETWORK_STATUS(CALL_PENDING)},
	{"in-progress", NETWORK_STATUS(CALL_IN_PROGRESS)},
	{"completed", NETWORK_STATUS(CALL_COMPLETED) | NETWORK_STATUS(CALL_FORWARDED) |
			      NETWORK_STATUS(CALL_TERMINATED)},
	{"no-answer", NETWORK_STATUS(CALL_NO_ANSWER)},
	{"failed", NETWORK_STATUS(CALL_FAILED)},
	{"busy", 0},
	{"canceled", 0},
};

static const char *status_name(enum call_status status)
{
	for (size_t i = 0; i < COUNT_OF(status_names); i++)
		if (status_names[i].statuses & NETWORK_STATUS(status))
			return status_names[i].name;
	return "queued";
}

void twilio_error(struct sim_reply *reply, int status, int code, const char *message)
{
	reply->status = status;
	buf_addf(&reply->body, "{\"code\":%d,\"message\":", code);
	buf_add_json(&reply->body, message);
	buf_addf(&reply->body,
		 ",\"more_info\":\"https://www.twilio.com/docs/errors/%d\",\"status\":%d}", code,
		 status);
}

const char *twilio_sid(const struct network_call *call, char out[SIM_SID_SIZE])
{
	size_t used = 2;

	memcpy(out, "CA", 2);
	for (const char *p = call->id; *p; p++)
		if (*p != '-')
			out[used++] = *p;
	out[used] = '\0';
	return out;
}

/* "CA…" or "CA….json" back to the call; NULL when there is none. */
static const struct network_call *find_call(struct sim *sim, const struct sim_request *request)
{
	const char *sid = request->parts[1];
	const char *hex = sid + 2;

	if (strncmp(sid, "CA", 2) != 0 || strlen(hex) < 32 ||
	    (hex[32] != '\0' && strcmp(hex + 32, ".json") != 0))
		return NULL;
	return network_find(sim->network, request->now_ms,
			    arena_printf(request->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
					 hex + 12, hex + 16, hex + 20));
}

static const char *shown_to(const struct sim *sim, const struct network_call *call,
			    struct arena *arena)
{
	if (sim->options->twilio_direct)
		return call->to;
	return arena_printf(arena, "sip:%s@sim.pstn.example.com;region=ie1", call->to);
}

/* RFC 2822; null for 0. */
static void write_date(struct buf *out, const char *name, int64_t wall_ms)
{
	if (wall_ms == 0) {
		json_text(out, name, NULL);
		return;
	}
	struct civil c = zone_civil(zone_utc(), wall_ms);
	buf_addf(out, "\"%s\":\"%s, %02d %s %04d %02d:%02d:%02d +0000\",", name, days[c.weekday],
		 c.day, months[c.month - 1], c.year, c.hour, c.minute, c.second);
}

static void write_call(const struct sim *sim, const struct network_call *call,
		       const struct sim_request *request, struct buf *out)
{
	const char *account = request->parts[0];
	char sid[SIM_SID_SIZE];

	twilio_sid(call, sid);
	buf_addc(out, '{');
	json_text(out, "sid", sid);
	json_text(out, "account_sid", account);
	json_text(out, "parent_call_sid", NULL);
	json_text(out, "to", shown_to(sim, call, request->arena));
	json_text(out, "from", call->from ? call->from : SIM_FROM);
	json_text(out, "status", status_name(call->status));
	json_text(out, "direction",
		  sim->options->twilio_direct ? "outbound-api" : "trunking-terminating");
	write_date(out, "start_time", call->answered_ms);
	write_date(out, "end_time", call->ended_ms);
	write_date(out, "date_created", call->created_ms);
	if (call->ended_ms > 0 && call->answered_ms > 0)
		buf_addf(out, "\"duration\":\"%lld\",",
			 (long long)((call->ended_ms - call->answered_ms) / SECOND_MS));
	else
		json_text(out, "duration", call->ended_ms > 0 ? "0" : NULL);
	json_text(out, "price", NULL);
	json_text(out, "trunk_sid", NULL);
	json_text(out, "api_version", "2010-04-01");
	json_text(out, "uri",
		  arena_printf(request->arena, "/2010-04-01/Accounts/%s/Calls/%s.json", account,
			       sid));
	json_end(out, "}");
}

/* True: the query asks for these statuses (0: any). False: for one that no call ever has here. */
static bool wanted_statuses(const struct sim_request *request, unsigned *out)
{
	const char *name = sim_arg(request, "Status");

	*out = 0;
	if (name == NULL)
		return true;
	for (size_t i = 0; i < COUNT_OF(status_names); i++)
		if (strcmp(status_names[i].name, name) == 0)
			*out = status_names[i].statuses;
	return *out != 0;
}

static bool text_fits(const char *wanted, const char *found)
{
	return wanted == NULL || strcmp(wanted, found) == 0;
}

static void write_paging(const struct sim_request *request, int64_t page, int64_t page_size,
			 bool more, struct buf *out)
{
	const char *base = arena_printf(request->arena, "/2010-04-01/Accounts/%s/Calls.json",
					request->parts[0]);
	const char *status = sim_arg(request, "Status");
	const char *next =
		arena_printf(request->arena, "%s?%s%s%sPageSize=%lld&Page=%lld", base,
			     status ? "Status=" : "", status ? status : "", status ? "&" : "",
			     (long long)page_size, (long long)page + 1);

	buf_addf(out, "\"page\":%lld,\"page_size\":%lld,\"start\":%lld,\"end\":%lld,",
		 (long long)page, (long long)page_size, (long long)(page * page_size),
		 (long long)((page + 1) * page_size - 1));
	json_text(out, "uri", base);
	json_text(out, "first_page_uri", base);
	json_text(out, "previous_page_uri", NULL);
	json_text(out, "next_page_uri", more ? next : NULL);
}

void twilio_list(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	struct network_query query = {.fresh = true};
	struct buf *out = &reply->body;
	int64_t page;
	int64_t page_size;
	size_t count = 0;
	size_t filtered = 0;

	if (!sim_arg_number(request, "Page", 0, 1000000, 0, &page) ||
	    !sim_arg_number(request, "PageSize", 1, PAGE_SIZE_MAX, 50, &page_size)) {
		twilio_error(reply, 400, 20001, "Page or PageSize is out of range");
		return;
	}
	struct network_line *lines = arena_array(request->arena, (size_t)page_size, sizeof(*lines));
	query.page = (int)page + 1;
	query.per_page = (int)page_size;
	if (wanted_statuses(request, &query.statuses))
		count = network_list(sim->network, request->now_ms, &query, lines, &filtered);

	buf_adds(out, "{\"calls\":[");
	for (size_t i = 0; i < count; i++) {
		const struct network_call *call = lines[i].call;
		if (!text_fits(sim_arg(request, "To"), shown_to(sim, call, request->arena)) ||
		    !text_fits(sim_arg(request, "From"), call->from ? call->from : SIM_FROM))
			continue;
		write_call(sim, call, request, out);
		buf_addc(out, ',');
	}
	json_end(out, "],");
	write_paging(request, page, page_size, (size_t)((page + 1) * page_size) < filtered, out);
	json_end(out, "}");
}

static void refuse_unknown(const struct sim_request *request, struct sim_reply *reply)
{
	twilio_error(reply, 404, 20404,
		     arena_printf(request->arena, "The requested resource %s was not found",
				  request->path));
}

void twilio_fetch(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	const struct network_call *call = find_call(sim, request);

	if (call == NULL)
		refuse_unknown(request, reply);
	else
		write_call(sim, call, request, &reply->body);
}

/* `Status` of a form-encoded body; neither of its two words needs decoding. */
static bool form_status_is(const char *body, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = body; p; p = strchr(p, '&')) {
		p += *p == '&';
		if (strncmp(p, "Status=", 7) == 0)
			return strncmp(p + 7, word, length) == 0 &&
			       (p[7 + length] == '\0' || p[7 + length] == '&');
	}
	return false;
}

void twilio_update(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	const struct network_call *call = find_call(sim, request);
	bool cancel = form_status_is(request->body, "canceled");

	if (call == NULL) {
		refuse_unknown(request, reply);
	} else if (!cancel && !form_status_is(request->body, "completed")) {
		twilio_error(reply, 400, 21218, "Status must be completed or canceled");
	} else if (call_status_is_final(call->status) || call->faults & 1u << NETWORK_LOCKED ||
		   (cancel && call->status != CALL_PENDING)) {
		twilio_error(reply, 400, 21220, "Call is not in-progress. Cannot redirect.");
	} else {
		network_end(sim->network, request->now_ms, call->id, NETWORK_HANG_UP);
		write_call(sim, call, request, &reply->body);
	}
}
