#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/moment.h"
#include "network_p.h"

static const char *const fault_names[NETWORK_FAULT_COUNT] = {
	[NETWORK_LOST_ANSWER] = "lost-answer",
	[NETWORK_LOST_REQUEST] = "lost-request",
	[NETWORK_LATE_CREATION] = "late-creation",
	[NETWORK_ERROR_500] = "error-500",
	[NETWORK_HTML_502] = "html-502",
	[NETWORK_NO_ID] = "no-id",
	[NETWORK_TOO_MANY] = "too-many",
	[NETWORK_BAD_ROW] = "bad-row",
	[NETWORK_STUCK] = "stuck",
	[NETWORK_GONE] = "gone",
	[NETWORK_LATE_TRANSCRIPT] = "late-transcript",
	[NETWORK_UNKNOWN_WORD] = "unknown-word",
	[NETWORK_FORWARDED] = "forwarded",
	[NETWORK_NO_COST] = "no-cost",
	[NETWORK_LOCKED] = "locked",
	[NETWORK_READ_ERROR] = "read-error",
	[NETWORK_DUPLICATE_ROW] = "duplicate-row",
};

const char *network_fault_name(enum network_fault fault)
{
	return fault_names[fault];
}

bool network_fault_from_name(const char *name, enum network_fault *out)
{
	for (int i = 0; i < NETWORK_FAULT_COUNT; i++) {
		if (strcmp(fault_names[i], name) == 0) {
			*out = (enum network_fault)i;
			return true;
		}
	}
	return false;
}

void network_config_init(struct network_config *config)
{
	*config = (struct network_config){
		.seed = 1,
		.rates = {.answer = 0.62,
			  .no_answer = 0.28,
			  .failed = 0.10,
			  .talk_min_ms = 20 * SECOND_MS,
			  .talk_max_ms = 180 * SECOND_MS,
			  .cost_per_minute = {50000}},
		.ring_min_ms = 4 * SECOND_MS,
		.ring_max_ms = 25 * SECOND_MS,
		.late_ms = 40 * SECOND_MS,
		.retry_after_ms = 5 * SECOND_MS,
		.transcript_reads = 2,
		.recording_base = "https://recordings.invalid/",
	};
}

void network_draw(struct rng *r, uint64_t seed, enum draw about, uint64_t key, uint64_t count)
{
	/* Odd multipliers keep neighbouring seeds, subjects and counts apart. */
	rng_seed(r, seed * 0xd6e8feb86659fd93u ^ key ^ (uint64_t)about * 0xa0761d6478bd642fu ^
			    count * 0xe7037ed1a0b428dbu);
}

void *network_grow(void *array, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return array;
	*room = *room ? *room * 2 : 64;
	return xrealloc(array, *room * size);
}

static const char *const *copy_texts(struct network *n, const char *const *texts, size_t count)
{
	const char **copy = arena_array(&n->arena, count ? count : 1, sizeof(*copy));

	for (size_t i = 0; i < count; i++)
		copy[i] = arena_strdup(&n->arena, texts[i]);
	return copy;
}

struct network *network_new(const struct network_config *config)
{
	struct network *n = xcalloc(1, sizeof(*n));

	n->config = *config;
	n->config.bad_numbers = copy_texts(n, config->bad_numbers, config->bad_count);
	n->config.recording_base = arena_strdup(&n->arena, config->recording_base);
	return n;
}

void network_free(struct network *n)
{
	if (n == NULL)
		return;
	free(n->entries);
	free(n->created);
	free(n->live);
	free(n->numbers);
	free(n->heap);
	network_table_free(&n->by_id);
	network_table_free(&n->by_number);
	arena_free(&n->arena);
	free(n);
}

void network_observe(struct network *n, network_observer *observer, void *data)
{
	n->observer = observer;
	n->observer_data = data;
}

void network_tell(struct network *n, enum network_event event, int64_t at_ms,
		  const struct network_call *call)
{
	if (n->observer)
		n->observer(n->observer_data, event, at_ms, call);
}

const char *network_call_param(const struct network_call *call, const char *name)
{
	for (size_t i = 0; i < call->param_count; i++)
		if (strcmp(call->param_names[i], name) == 0)
			return call->param_values[i];
	return NULL;
}

/* Agents, callers' numbers and parameter names are few: one copy serves the many calls. */
static const char *keep_text(struct network *n, const char *text)
{
	if (text == NULL)
		return NULL;
	for (size_t i = 0; i < RECENT_TEXTS; i++)
		if (n->recent[i] && strcmp(n->recent[i], text) == 0)
			return n->recent[i];

	const char *copy = arena_strdup(&n->arena, text);
	n->recent[n->recent_next] = copy;
	n->recent_next = (n->recent_next + 1) % RECENT_TEXTS;
	return copy;
}

static const char *const *keep_names(struct network *n, const struct network_order *order)
{
	bool same = n->recent_names && n->recent_name_count == order->param_count;

	for (size_t i = 0; same && i < order->param_count; i++)
		same = strcmp(n->recent_names[i], order->param_names[i]) == 0;
	if (!same) {
		n->recent_names = copy_texts(n, order->param_names, order->param_count);
		n->recent_name_count = order->param_count;
	}
	return n->recent_names;
}

static uint32_t number_position(struct network *n, const char *to)
{
	uint64_t key = fnv1a_text(to);
	int64_t found = network_table_find(&n->by_number, key);

	if (found >= 0)
		return (uint32_t)found;
	n->numbers =
		network_grow(n->numbers, n->number_count, &n->number_size, sizeof(*n->numbers));
	n->numbers[n->number_count] = (struct number){.key = key};
	network_table_put(&n->by_number, key, (uint32_t)n->number_count);
	return (uint32_t)n->number_count++;
}

static void write_id(struct network *n, const struct number *number, char out[NETWORK_ID_SIZE])
{
	struct rng draw;
	char hex[33];

	network_draw(&draw, n->config.seed, DRAW_ID, number->key, number->asked);
	do {
		rng_hex(&draw, hex);
		hex[12] = '4'; /* the version and variant of a random UUID */
		hex[16] = "89ab"[hex[16] & 3];
		snprintf(out, NETWORK_ID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
			 hex + 16, hex + 20);
	} while (network_table_find(&n->by_id, fnv1a_text(out)) >= 0);
}

static uint32_t entry_add(struct network *n, const struct network_order *order)
{
	struct entry *entry = arena_alloc(&n->arena, sizeof(*entry));
	struct network_call *call = &entry->call;

	entry->number = number_position(n, order->to);
	entry->next_ms = NEVER_MS;
	write_id(n, &n->numbers[entry->number], call->id);
	call->to = arena_strdup(&n->arena, order->to);
	call->from = keep_text(n, order->from);
	call->agent_id = keep_text(n, order->agent_id);
	call->param_count = order->param_count;
	call->param_names = keep_names(n, order);
	call->param_values = copy_texts(n, order->param_values, order->param_count);
	call->asked_ms = n->now_ms;

	n->entries = network_grow(n->entries, n->entry_count, &n->entry_size, sizeof(*n->entries));
	n->entries[n->entry_count] = entry;
	return (uint32_t)n->entry_count++;
}

/* The fault that befalls this placing, or NETWORK_PLACING_FAULTS for none. */
static enum network_fault draw_placing_fault(const struct network *n, const struct entry *entry,
					     struct rng *draw)
{
	double at = rng_unit(draw);

	for (size_t i = 0; i < n->config.bad_count; i++)
		if (strcmp(n->config.bad_numbers[i], entry->call.to) == 0)
			return NETWORK_BAD_ROW;
	if (n->config.live_limit > 0 && n->up >= (size_t)n->config.live_limit)
		return NETWORK_TOO_MANY;
	for (int fault = 0; fault < NETWORK_PLACING_FAULTS; fault++) {
		if (at < n->config.share[fault])
			return (enum network_fault)fault;
		at -= n->config.share[fault];
	}
	return NETWORK_PLACING_FAULTS;
}

/* How each fault shows itself, and whether there is a call all the same. */
static const struct fault_face {
	enum network_answer answer;
	int status;
	bool makes_call;
	const char *words;
} fault_faces[NETWORK_PLACING_FAULTS + 1] = {
	[NETWORK_LOST_ANSWER] = {NETWORK_LOST, 0, true, ""},
	[NETWORK_LOST_REQUEST] = {NETWORK_LOST, 0, false, ""},
	[NETWORK_LATE_CREATION] = {NETWORK_LOST, 0, false, ""},
	[NETWORK_ERROR_500] = {NETWORK_BROKEN, 500, true, "Internal server error"},
	[NETWORK_HTML_502] = {NETWORK_PAGE, 502, false, "Bad gateway"},
	[NETWORK_NO_ID] = {NETWORK_NAMELESS, 200, true, ""},
	[NETWORK_TOO_MANY] = {NETWORK_REFUSED, 429, false, "Too many concurrent calls"},
	[NETWORK_BAD_ROW] = {NETWORK_REFUSED, 400, false, "toNumber is not a number we can call"},
	[NETWORK_PLACING_FAULTS] = {NETWORK_ACCEPTED, 200, true, ""},
};

void network_place(struct network *n, int64_t now_ms, const struct network_order *order,
		   struct network_reply *out)
{
	network_advance(n, now_ms);

	uint32_t position = entry_add(n, order);
	struct entry *entry = n->entries[position];
	struct number *number = &n->numbers[entry->number];
	struct rng draw;

	network_draw(&draw, n->config.seed, DRAW_PLACING, number->key, number->asked++);
	enum network_fault fault = draw_placing_fault(n, entry, &draw);
	const struct fault_face *face = &fault_faces[fault];
	bool coin = rng_below(&draw, 2) == 0;

	if (fault < NETWORK_PLACING_FAULTS)
		entry->call.faults |= 1u << fault;
	entry->call.answer_known =
		face->answer == NETWORK_ACCEPTED || face->answer == NETWORK_REFUSED;
	network_tell(n, NETWORK_ASKED, n->now_ms, &entry->call);

	if (face->makes_call || (fault == NETWORK_HTML_502 && coin))
		network_create(n, position, n->now_ms);
	if (fault == NETWORK_LATE_CREATION) {
		uint64_t span = n->config.late_ms > 1 ? (uint64_t)n->config.late_ms : 1;
		network_schedule(n, position, STEP_CREATE,
				 n->now_ms + 1 + (int64_t)rng_below(&draw, span));
	}
	*out = (struct network_reply){
		.answer = face->answer,
		.status = face->status,
		.words = face->words,
		.retry_after_ms = face->status == 429 ? n->config.retry_after_ms : 0,
		.call = &entry->call,
	};
}

struct entry *network_entry(struct network *n, const char *id, uint32_t *position)
{
	int64_t found = network_table_find(&n->by_id, fnv1a_text(id));

	if (found < 0 || strcmp(n->entries[found]->call.id, id) != 0)
		return NULL;
	if (position)
		*position = (uint32_t)found;
	return n->entries[found];
}

const struct network_call *network_find(struct network *n, int64_t now_ms, const char *id)
{
	network_advance(n, now_ms);

	const struct entry *entry = network_entry(n, id, NULL);
	return entry ? &entry->call : NULL;
}

enum network_end_result network_end(struct network *n, int64_t now_ms, const char *id,
				    enum network_ending how)
{
	uint32_t position;

	network_advance(n, now_ms);
	const struct entry *entry = network_entry(n, id, &position);
	if (entry == NULL)
		return NETWORK_END_UNKNOWN;

	network_tell(n, NETWORK_ENDING, n->now_ms, &entry->call);
	if (call_status_is_final(entry->call.status))
		return NETWORK_END_OVER;
	enum call_status status = how == NETWORK_TERMINATE      ? CALL_TERMINATED
				  : entry->call.answered_ms > 0 ? CALL_COMPLETED
								: CALL_NO_ANSWER;
	network_finish(n, position, status, n->now_ms);
	return NETWORK_END_DONE;
}

size_t network_live_count(const struct network *n)
{
	return n->up;
}

size_t network_call_count(const struct network *n)
{
	return n->entry_count;
}

const struct network_call *network_call_at(const struct network *n, size_t index)
{
	if (index >= n->entry_count)
		BUG("entry %zu of a record of %zu", index, n->entry_count);
	return &n->entries[index]->call;
}
