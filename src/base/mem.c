#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BLOCK_SIZE (64 * 1024)
#define ALIGNMENT  _Alignof(max_align_t)

struct arena_block {
	struct arena_block *next; /* older blocks */
	size_t size;              /* bytes in data */
	_Alignas(max_align_t) unsigned char data[];
};

void bug_abort(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "nida: internal error at %s:%d: ", file, line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputs("\nThis is a bug in nida. The ledger is safe: run the same command again to go on.\n",
	      stderr);
	abort();
}

static _Noreturn void out_of_memory(size_t size)
{
	fprintf(stderr,
		"nida: out of memory (%zu bytes were asked for). "
		"The ledger is safe: run the same command again to go on.\n",
		size);
	abort();
}

void *xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		out_of_memory(count * size);
	return p;
}

void *xrealloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		out_of_memory(size);
	return p;
}

char *xstrdup(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(xmalloc(size), text, size);
}

static struct arena_block *block_new(size_t size, struct arena_block *next)
{
	struct arena_block *block = xmalloc(sizeof(*block) + size);

	block->next = next;
	block->size = size;
	return block;
}

/* As arena_alloc(), but what lies there is left: for what is written over at once. */
static void *take(struct arena *a, size_t size)
{
	size_t need = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

	if (need < size)
		out_of_memory(size);
	if (!a->head || a->head->size - a->used < need) {
		a->head = block_new(need > BLOCK_SIZE ? need : BLOCK_SIZE, a->head);
		a->used = 0;
	}

	void *p = a->head->data + a->used;
	a->used += need;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 2 / size)
		out_of_memory(SIZE_MAX);
	return arena_alloc(a, count * size);
}

char *arena_strndup(struct arena *a, const char *text, size_t length)
{
	char *copy = take(a, length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_strdup(struct arena *a, const char *text)
{
	return arena_strndup(a, text, strlen(text));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args;
	va_list again;

	va_start(args, fmt);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (length < 0)
		BUG("bad format '%s'", fmt);

	char *text = take(a, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, fmt, again);
	va_end(again);
	return text;
}

static void blocks_free(struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;
		free(block);
		block = next;
	}
}

void arena_reset(struct arena *a)
{
	if (!a->head)
		return;
	blocks_free(a->head->next);
	a->head->next = NULL;
	a->used = 0;
	/* One huge row must not keep its memory for the rest of a long run. */
	if (a->head->size > BLOCK_SIZE)
		arena_free(a);
}

void arena_free(struct arena *a)
{
	blocks_free(a->head);
	a->head = NULL;
	a->used = 0;
}
