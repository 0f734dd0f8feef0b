/*
 * What the files of the network share.
 *
 *   network.c         the record, placing, ending
 *   network_event.c   the heap of future events and what happens at each
 *   network_list.c    the list of calls, and one call in full
 *   network_table.c   ids and numbers → entries
 *   network_customer.c  what a customer does on one call
 *   network_script.c  what is said, from the texts in network_text_*.c
 */
#ifndef NIDA_PROVIDER_NETWORK_P_H
#define NIDA_PROVIDER_NETWORK_P_H

#include "base/mem.h"
#include "base/rng.h"
#include "provider/network.h"

#define NEVER_MS INT64_MAX

/* What a draw is about, so that no two subjects share a stream. */
enum draw {
	DRAW_ID = 1,
	DRAW_PLACING,  /* what goes wrong with a placing */
	DRAW_CALL,     /* what goes wrong with a call */
	DRAW_CUSTOMER, /* what the customer does */
	DRAW_TALK,     /* what is said */
	DRAW_READ,
	DRAW_ROW,
};

/* The stream for one subject: seeded by the network's seed, a number's hash and a count. */
void network_draw(struct rng *r, uint64_t seed, enum draw about, uint64_t key, uint64_t count);

struct network_table {
	uint64_t *keys;
	uint32_t *values; /* position + 1; 0: free */
	size_t size;      /* a power of two, or 0 */
	size_t used;
};

/* The position kept for a key, or -1. */
int64_t network_table_find(const struct network_table *t, uint64_t key);
void network_table_put(struct network_table *t, uint64_t key, uint32_t position);
void network_table_free(struct network_table *t);

struct script_ending;

struct customer_plan {
	enum call_status final; /* how the call ends if nobody interferes */
	int64_t ring_ms;        /* until it is answered or given up */
	int64_t talk_ms;        /* 0: not answered */
	const char *words;      /* why it failed; NULL otherwise */
};

/* `draw` is the customer's stream; the call gives scenario and parameters. */
void customer_plan(const struct network_config *config, const struct network_call *call,
		   struct rng *draw, uint64_t talk_seed, struct customer_plan *out);

/* Is this a call that ends after a few words (wrong number, voicemail, …)? */
bool script_is_brief(const struct network_call *call, uint64_t talk_seed);

/* Fill the transcript and the outcome values of an answered call. */
void script_write(const struct network_call *call, uint64_t talk_seed, struct arena *arena,
		  struct call_report *out);

enum step {
	STEP_NONE,
	STEP_CREATE, /* a late call comes to life */
	STEP_ANSWER,
	STEP_END,
	STEP_FORGET, /* a stale list no longer shows it as live */
};

/* An entry of the record with its future. */
struct entry {
	struct network_call call;
	struct customer_plan plan;
	uint64_t talk_seed;
	uint32_t number; /* position in network.numbers */
	enum step next;
	int64_t next_ms;   /* NEVER_MS when next is STEP_NONE */
	int reads;         /* readings since it ended */
	uint64_t requests; /* readings in all */
};

struct number {
	uint64_t key;
	uint32_t asked;
	uint32_t created;
};

struct event {
	int64_t at_ms;
	uint32_t entry;
};

#define RECENT_TEXTS 16

struct network {
	struct network_config config;
	int64_t now_ms;
	struct arena arena; /* entries and their texts */

	struct entry **entries; /* the record */
	size_t entry_count;
	size_t entry_size;

	uint32_t *created; /* positions in order of created_ms */
	size_t created_count;
	size_t created_size;

	uint32_t *live; /* positions that a list may show as live, in order of creation */
	size_t live_count;
	size_t live_size;
	size_t up; /* calls that really are up */

	struct number *numbers;
	size_t number_count;
	size_t number_size;

	struct network_table by_id;
	struct network_table by_number;

	struct event *heap;
	size_t heap_count;
	size_t heap_size;

	const char *recent[RECENT_TEXTS]; /* texts that come again and again, kept once */
	size_t recent_next;
	const char *const *recent_names; /* parameter names of the last call */
	size_t recent_name_count;

	network_observer *observer;
	void *observer_data;
};

/* Room for one more element of `size` bytes. */
void *network_grow(void *array, size_t count, size_t *room, size_t size);

void network_tell(struct network *n, enum network_event event, int64_t at_ms,
		  const struct network_call *call);

/* Set what happens to an entry next; replaces what was set before. */
void network_schedule(struct network *n, uint32_t position, enum step step, int64_t at_ms);

/* The call comes to life, now; and it is over, now. */
void network_create(struct network *n, uint32_t position, int64_t at_ms);
void network_finish(struct network *n, uint32_t position, enum call_status status, int64_t at_ms);

struct entry *network_entry(struct network *n, const char *id, uint32_t *position);

#endif
