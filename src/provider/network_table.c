#include <stdlib.h>

#include "network_p.h"

static size_t table_slot(const struct network_table *t, uint64_t key)
{
	/* Fibonacci hashing: keys may be hashes already, or small numbers. */
	size_t slot = (size_t)(key * 0x9e3779b97f4a7c15u >> 20) & (t->size - 1);

	while (t->values[slot] != 0 && t->keys[slot] != key)
		slot = (slot + 1) & (t->size - 1);
	return slot;
}

static void table_grow(struct network_table *t)
{
	struct network_table old = *t;

	t->size = old.size ? old.size * 2 : 64;
	t->keys = xcalloc(t->size, sizeof(*t->keys));
	t->values = xcalloc(t->size, sizeof(*t->values));
	for (size_t i = 0; i < old.size; i++) {
		if (old.values[i] == 0)
			continue;
		size_t slot = table_slot(t, old.keys[i]);
		t->keys[slot] = old.keys[i];
		t->values[slot] = old.values[i];
	}
	network_table_free(&old);
}

int64_t network_table_find(const struct network_table *t, uint64_t key)
{
	if (t->size == 0)
		return -1;
	return (int64_t)t->values[table_slot(t, key)] - 1;
}

void network_table_put(struct network_table *t, uint64_t key, uint32_t position)
{
	if (t->used * 2 >= t->size)
		table_grow(t);

	size_t slot = table_slot(t, key);
	if (t->values[slot] == 0)
		t->used++;
	t->keys[slot] = key;
	t->values[slot] = position + 1;
}

void network_table_free(struct network_table *t)
{
	free(t->keys);
	free(t->values);
}
