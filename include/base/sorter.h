/*
 * A sorter of numbers that may be more than fit into memory.
 *
 * Pairs of a value and the place where it was met go in, places ascending; they come out by value,
 * those of one value by place. What does not fit into the buffer (2 MiB, whatever comes) is sorted
 * in pieces into a temporary file without a name, which are merged on the way out; few pairs never
 * touch a file. The pairs can be walked more than once; nothing can be added after the first walk.
 */
#ifndef NIDA_BASE_SORTER_H
#define NIDA_BASE_SORTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct sorter;

struct sorter_pair {
	uint64_t value;
	int64_t place;
};

struct sorter *sorter_new(void);
void sorter_free(struct sorter *s);

/* False: the temporary file cannot be written. */
bool sorter_add(struct sorter *s, uint64_t value, int64_t place, struct err *e) MUST_CHECK;

/* False: the temporary file cannot be read, or `visit` said so. */
bool sorter_each(struct sorter *s,
		 bool (*visit)(void *data, const struct sorter_pair *pair, struct err *e),
		 void *data, struct err *e) MUST_CHECK;

#endif
