/*
 * The future: a binary heap of events, earliest first; of two at one moment, the entry asked for
 * first. An entry has one next step at a time. When that changes, its old event stays in the heap
 * and is passed over when its turn comes, because the entry no longer agrees with it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "network_p.h"

static bool event_before(struct event a, struct event b)
{
	if (a.at_ms != b.at_ms)
		return a.at_ms < b.at_ms;
	return a.entry < b.entry;
}

static void heap_push(struct network *n, struct event event)
{
	n->heap = network_grow(n->heap, n->heap_count, &n->heap_size, sizeof(*n->heap));

	size_t at = n->heap_count++;
	while (at > 0 && event_before(event, n->heap[(at - 1) / 2])) {
		n->heap[at] = n->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	n->heap[at] = event;
}

static void heap_pop(struct network *n)
{
	struct event last = n->heap[--n->heap_count];
	size_t at = 0;

	for (;;) {
		size_t child = at * 2 + 1;
		if (child >= n->heap_count)
			break;
		if (child + 1 < n->heap_count && event_before(n->heap[child + 1], n->heap[child]))
			child++;
		if (!event_before(n->heap[child], last))
			break;
		n->heap[at] = n->heap[child];
		at = child;
	}
	if (n->heap_count > 0)
		n->heap[at] = last;
}

/* Drop events that their entry no longer agrees with from the top. */
static void heap_clean(struct network *n)
{
	while (n->heap_count > 0 && n->entries[n->heap[0].entry]->next_ms != n->heap[0].at_ms)
		heap_pop(n);
}

void network_schedule(struct network *n, uint32_t position, enum step step, int64_t at_ms)
{
	struct entry *entry = n->entries[position];

	entry->next = step;
	entry->next_ms = step == STEP_NONE ? NEVER_MS : at_ms;
	if (entry->next_ms != NEVER_MS)
		heap_push(n, (struct event){at_ms, position});
}

static void live_forget(struct network *n, uint32_t position)
{
	for (size_t i = 0; i < n->live_count; i++) {
		if (n->live[i] != position)
			continue;
		n->live_count--;
		memmove(n->live + i, n->live + i + 1, (n->live_count - i) * sizeof(*n->live));
		return;
	}
	BUG("entry %u is over, but was not live", position);
}

/* The customer's plan becomes the call's future. */
static void schedule_plan(struct network *n, uint32_t position)
{
	const struct entry *entry = n->entries[position];
	const struct network_call *call = &entry->call;
	int64_t ring_end_ms = call->created_ms + entry->plan.ring_ms;

	if (entry->plan.talk_ms > 0)
		network_schedule(n, position, STEP_ANSWER, ring_end_ms);
	else if (call->faults & 1u << NETWORK_STUCK)
		network_schedule(n, position, STEP_NONE, NEVER_MS);
	else
		network_schedule(n, position, STEP_END, ring_end_ms);
}

static void draw_call_faults(const struct network *n, struct entry *entry,
			     const struct number *number)
{
	struct rng draw;

	network_draw(&draw, n->config.seed, DRAW_CALL, number->key, number->created);
	for (int fault = NETWORK_PLACING_FAULTS; fault < NETWORK_READ_ERROR; fault++)
		if (rng_unit(&draw) < n->config.share[fault])
			entry->call.faults |= 1u << fault;
}

void network_create(struct network *n, uint32_t position, int64_t at_ms)
{
	struct entry *entry = n->entries[position];
	struct number *number = &n->numbers[entry->number];
	struct rng draw;

	network_draw(&draw, n->config.seed, DRAW_TALK, number->key, number->created);
	entry->talk_seed = rng_next(&draw);
	network_draw(&draw, n->config.seed, DRAW_CUSTOMER, number->key, number->created);
	customer_plan(&n->config, &entry->call, &draw, entry->talk_seed, &entry->plan);
	draw_call_faults(n, entry, number);
	number->created++;

	entry->call.created_ms = at_ms;
	entry->call.status = CALL_PENDING;
	n->created =
		network_grow(n->created, n->created_count, &n->created_size, sizeof(*n->created));
	n->created[n->created_count++] = position;
	n->live = network_grow(n->live, n->live_count, &n->live_size, sizeof(*n->live));
	n->live[n->live_count++] = position;
	n->up++;
	network_table_put(&n->by_id, fnv1a_text(entry->call.id), position);
	network_tell(n, NETWORK_CREATED, at_ms, &entry->call);
	schedule_plan(n, position);
}

void network_finish(struct network *n, uint32_t position, enum call_status status, int64_t at_ms)
{
	struct entry *entry = n->entries[position];

	entry->call.status = status;
	entry->call.ended_ms = at_ms;
	n->up--;
	if (n->config.stale_list_ms > 0) {
		network_schedule(n, position, STEP_FORGET, at_ms + n->config.stale_list_ms);
	} else {
		network_schedule(n, position, STEP_NONE, NEVER_MS);
		live_forget(n, position);
	}
	network_tell(n, NETWORK_ENDED, at_ms, &entry->call);
}

static void entry_answer(struct network *n, uint32_t position, int64_t at_ms)
{
	struct entry *entry = n->entries[position];

	entry->call.status = CALL_IN_PROGRESS;
	entry->call.answered_ms = at_ms;
	if (entry->call.faults & 1u << NETWORK_STUCK)
		network_schedule(n, position, STEP_NONE, NEVER_MS);
	else
		network_schedule(n, position, STEP_END, at_ms + entry->plan.talk_ms);
	network_tell(n, NETWORK_ANSWERED, at_ms, &entry->call);
}

static enum call_status entry_final(const struct entry *entry)
{
	if (entry->plan.final == CALL_COMPLETED && entry->call.faults & 1u << NETWORK_FORWARDED)
		return CALL_FORWARDED;
	return entry->plan.final;
}

static void entry_step(struct network *n, uint32_t position, int64_t at_ms)
{
	switch (n->entries[position]->next) {
	case STEP_CREATE:
		network_create(n, position, at_ms);
		break;
	case STEP_ANSWER:
		entry_answer(n, position, at_ms);
		break;
	case STEP_END:
		network_finish(n, position, entry_final(n->entries[position]), at_ms);
		break;
	case STEP_FORGET:
		network_schedule(n, position, STEP_NONE, NEVER_MS);
		live_forget(n, position);
		break;
	case STEP_NONE:
		BUG("an event for entry %u, which expects none", position);
	}
}

void network_advance(struct network *n, int64_t now_ms)
{
	for (;;) {
		heap_clean(n);
		if (n->heap_count == 0 || n->heap[0].at_ms > now_ms)
			break;

		struct event event = n->heap[0];
		heap_pop(n);
		entry_step(n, event.entry, event.at_ms);
	}
	if (now_ms > n->now_ms)
		n->now_ms = now_ms;
}

int64_t network_next_event_ms(struct network *n)
{
	heap_clean(n);
	return n->heap_count > 0 ? n->heap[0].at_ms : NEVER_MS;
}
