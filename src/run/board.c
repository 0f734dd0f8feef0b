#include "board_p.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct board {
	size_t size; /* buckets of each table, a power of two */
	struct call **by_id;
	struct call **by_job;
	struct call *newest;
	struct call *oldest;
	size_t count;
	size_t in_phase[PHASE_COUNT];
	uint64_t lates; /* how often a call has become late */
};

struct board *board_new(void)
{
	struct board *b = xcalloc(1, sizeof(*b));

	b->size = 1024;
	b->by_id = xcalloc(b->size, sizeof(struct call *));
	b->by_job = xcalloc(b->size, sizeof(struct call *));
	return b;
}

void board_free(struct board *b)
{
	if (!b)
		return;
	for (struct call *call = b->newest; call;) {
		struct call *older = call->older;
		free(call);
		call = older;
	}
	free(b->by_id);
	free(b->by_job);
	free(b);
}

static size_t id_bucket(const struct board *b, int64_t attempt_id)
{
	return (size_t)((uint64_t)attempt_id * 0x9e3779b97f4a7c15u >> 20) & (b->size - 1);
}

static size_t job_bucket(const struct board *b, const char *job_id)
{
	return (size_t)(fnv1a_text(job_id) >> 20) & (b->size - 1);
}

static void insert_id(struct board *b, struct call *call)
{
	struct call **bucket = &b->by_id[id_bucket(b, call->attempt_id)];

	call->next_by_id = *bucket;
	*bucket = call;
}

static void insert_job(struct board *b, struct call *call)
{
	struct call **bucket = &b->by_job[job_bucket(b, call->job_id)];

	call->next_by_job = *bucket;
	*bucket = call;
}

static void grow(struct board *b)
{
	struct call **old = b->by_id;
	size_t old_size = b->size;

	b->size *= 2;
	b->by_id = xcalloc(b->size, sizeof(struct call *));
	free(b->by_job);
	b->by_job = xcalloc(b->size, sizeof(struct call *));
	for (size_t i = 0; i < old_size; i++) {
		for (struct call *call = old[i]; call;) {
			struct call *next = call->next_by_id;
			insert_id(b, call);
			if (call->job_id[0])
				insert_job(b, call);
			call = next;
		}
	}
	free(old);
}

struct call *board_add(struct board *b, int64_t attempt_id)
{
	struct call *call = xcalloc(1, sizeof(*call));

	if (board_by_id(b, attempt_id))
		BUG("attempt %lld is on the board already", (long long)attempt_id);
	if (b->count >= b->size)
		grow(b);
	call->attempt_id = attempt_id;
	call->phase = PHASE_PLACING;
	b->in_phase[PHASE_PLACING]++;
	b->count++;
	call->older = b->newest;
	if (call->older)
		call->older->newer = call;
	else
		b->oldest = call;
	b->newest = call;
	insert_id(b, call);
	return call;
}

void board_set_job(struct board *b, struct call *call, const char *job_id)
{
	if (call->job_id[0])
		BUG("attempt %lld has a job id already", (long long)call->attempt_id);
	snprintf(call->job_id, sizeof(call->job_id), "%s", job_id);
	insert_job(b, call);
}

void board_set_phase(struct board *b, struct call *call, enum call_phase phase)
{
	b->in_phase[call->phase]--;
	b->in_phase[phase]++;
	b->lates += phase == PHASE_LATE;
	call->phase = phase;
}

void board_remove(struct board *b, struct call *call)
{
	struct call **link = &b->by_id[id_bucket(b, call->attempt_id)];

	while (*link != call)
		link = &(*link)->next_by_id;
	*link = call->next_by_id;
	if (call->job_id[0]) {
		link = &b->by_job[job_bucket(b, call->job_id)];
		while (*link != call)
			link = &(*link)->next_by_job;
		*link = call->next_by_job;
	}
	if (call->newer)
		call->newer->older = call->older;
	else
		b->newest = call->older;
	if (call->older)
		call->older->newer = call->newer;
	else
		b->oldest = call->newer;
	b->in_phase[call->phase]--;
	b->count--;
	free(call);
}

struct call *board_by_id(const struct board *b, int64_t attempt_id)
{
	struct call *call = b->by_id[id_bucket(b, attempt_id)];

	while (call && call->attempt_id != attempt_id)
		call = call->next_by_id;
	return call;
}

struct call *board_by_job(const struct board *b, const char *job_id)
{
	struct call *call = b->by_job[job_bucket(b, job_id)];

	while (call && strcmp(call->job_id, job_id) != 0)
		call = call->next_by_job;
	return call;
}

struct call *board_oldest(const struct board *b)
{
	return b->oldest;
}

size_t board_count(const struct board *b)
{
	return b->count;
}

uint64_t board_lates(const struct board *b)
{
	return b->lates;
}

size_t board_in_phase(const struct board *b, enum call_phase phase)
{
	return b->in_phase[phase];
}

void board_each(struct board *b, void (*visit)(void *data, struct call *call), void *data)
{
	for (struct call *call = b->newest; call;) {
		struct call *older = call->older;
		visit(data, call);
		call = older;
	}
}
