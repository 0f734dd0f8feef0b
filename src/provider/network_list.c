#include <string.h>

#include "base/hash.h"
#include "base/moment.h"
#include "network_p.h"

/* The status at a moment that has passed; the list may show an old one. */
static enum call_status status_at(const struct network_call *call, int64_t at_ms)
{
	if (call->ended_ms > 0 && call->ended_ms <= at_ms)
		return call->status;
	if (call->answered_ms > 0 && call->answered_ms <= at_ms)
		return CALL_IN_PROGRESS;
	return CALL_PENDING;
}

static const char *status_text(const struct network_call *call, enum call_status status)
{
	if (!call_status_is_final(status) && call->faults & 1u << NETWORK_UNKNOWN_WORD)
		return "CONNECTING_MEDIA";
	return call_status_name(status);
}

static int64_t talk_ms(const struct network_call *call)
{
	if (call->ended_ms == 0 || call->answered_ms == 0)
		return 0;
	return call->ended_ms - call->answered_ms;
}

/* The first position in n->created whose call was created at or after `from_ms`. */
static size_t created_from(const struct network *n, int64_t from_ms)
{
	size_t low = 0;
	size_t high = n->created_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (n->entries[n->created[middle]]->call.created_ms < from_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool query_wants(const struct network_query *query, const struct network_call *call,
			enum call_status status)
{
	if (call->created_ms < query->from_ms)
		return false;
	if (query->statuses && !(query->statuses & NETWORK_STATUS(status)))
		return false;
	if (query->agent_id == NULL)
		return true;
	return call->agent_id && strcmp(call->agent_id, query->agent_id) == 0;
}

static bool row_stands_twice(const struct network *n, const struct network_call *call)
{
	struct rng draw;

	if (n->config.share[NETWORK_DUPLICATE_ROW] <= 0)
		return false;
	network_draw(&draw, n->config.seed, DRAW_ROW, fnv1a_text(call->id), 0);
	return rng_unit(&draw) < n->config.share[NETWORK_DUPLICATE_ROW];
}

size_t network_list(struct network *n, int64_t now_ms, const struct network_query *query,
		    struct network_line *out, size_t *filtered)
{
	network_advance(n, now_ms);

	bool live_only = query->statuses && !(query->statuses & ~NETWORK_LIVE_STATUSES);
	const uint32_t *positions = live_only ? n->live : n->created;
	size_t end = live_only ? n->live_count : n->created_count;
	int64_t seen_ms = query->fresh ? n->now_ms : n->now_ms - n->config.stale_list_ms;
	int64_t last_ms = query->to_ms > 0 && query->to_ms < seen_ms ? query->to_ms : seen_ms;
	size_t per_page = (size_t)query->per_page;
	size_t first = (size_t)(query->page - 1) * per_page;
	size_t rows = 0;
	size_t used = 0;

	for (size_t i = live_only ? 0 : created_from(n, query->from_ms); i < end; i++) {
		struct network_call *call = &n->entries[positions[i]]->call;
		if (call->created_ms > last_ms)
			break;
		enum call_status status = status_at(call, seen_ms);
		if (!query_wants(query, call, status))
			continue;

		int times = !query->fresh && row_stands_twice(n, call) ? 2 : 1;
		if (times == 2)
			call->faults |= 1u << NETWORK_DUPLICATE_ROW;
		for (; times > 0; times--, rows++) {
			if (rows < first || used == per_page)
				continue;
			out[used++] = (struct network_line){
				.call = call,
				.status = status,
				.status_text = status_text(call, status),
				.talk_ms = call_status_is_final(status) ? talk_ms(call) : 0,
			};
		}
	}
	*filtered = rows;
	return used;
}

/* What only a call that is over, and fully written up, can tell. */
static void report_result(const struct network *n, const struct entry *entry, struct arena *arena,
			  struct call_report *out)
{
	const struct network_call *call = &entry->call;

	out->words = call->status == CALL_FAILED ? entry->plan.words : NULL;
	if (!(call->faults & 1u << NETWORK_NO_COST)) {
		const struct decimal *minute = &n->config.rates.cost_per_minute;
		out->has_cost = true;
		out->cost.micro = minute->micro * talk_ms(call) / MINUTE_MS;
	}
	if (call->answered_ms == 0)
		return;
	out->recording = arena_printf(arena, "%s%s.wav", n->config.recording_base, call->id);
	script_write(call, entry->talk_seed, arena, out);
}

static bool reading_fails(const struct network *n, struct entry *entry)
{
	struct rng draw;

	if (n->config.share[NETWORK_READ_ERROR] <= 0)
		return false;
	network_draw(&draw, n->config.seed, DRAW_READ, fnv1a_text(entry->call.id),
		     entry->requests++);
	if (rng_unit(&draw) >= n->config.share[NETWORK_READ_ERROR])
		return false;
	entry->call.faults |= 1u << NETWORK_READ_ERROR;
	return true;
}

enum network_reading network_read(struct network *n, int64_t now_ms, const char *id,
				  struct arena *arena, struct call_report *out,
				  const struct network_call **call_out)
{
	network_advance(n, now_ms);

	struct entry *entry = network_entry(n, id, NULL);
	if (entry == NULL)
		return NETWORK_UNKNOWN;
	const struct network_call *call = &entry->call;
	bool over = call_status_is_final(call->status);
	if (over && call->faults & 1u << NETWORK_GONE)
		return NETWORK_UNKNOWN;
	if (reading_fails(n, entry))
		return NETWORK_NOT_NOW;

	*out = (struct call_report){
		.job_id = call->id,
		.status = call->status,
		.status_text = status_text(call, call->status),
		.created_ms = call->created_ms,
		.started_ms = call->answered_ms,
		.ended_ms = call->ended_ms,
		.talk_ms = over ? talk_ms(call) : -1,
		.user_number = call->to,
		.agent_id = call->agent_id,
		.ref = network_call_param(call, "nidaRef"),
	};
	if (strcmp(out->status_text, call_status_name(call->status)) != 0)
		out->status = CALL_UNKNOWN;
	bool late = call->faults & 1u << NETWORK_LATE_TRANSCRIPT &&
		    entry->reads < n->config.transcript_reads;
	if (over && !late)
		report_result(n, entry, arena, out);
	if (over)
		entry->reads++;
	if (call_out)
		*call_out = call;
	return NETWORK_FOUND;
}
