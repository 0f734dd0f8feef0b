/*
 * Memory that cannot fail, and arenas.
 *
 * Running out of memory ends the program with one message, in one function (mem.c: out_of_memory),
 * so no caller checks for NULL. An arena owns everything taken from it and gives it all back at
 * once; there is one arena per lifetime (the plan, one tick of the loop, one row of a list).
 * Pointers into an arena are borrowed: never free them, never keep them past arena_reset().
 *
 * BUG() is for broken invariants, never for bad input: it says where and aborts.
 */
#ifndef NIDA_BASE_MEM_H
#define NIDA_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

#define BUG(...)        bug_abort(__FILE__, __LINE__, __VA_ARGS__)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

_Noreturn void bug_abort(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);

struct arena_block;

struct arena {
	struct arena_block *head; /* the block that is being filled; NULL before the first use */
	size_t used;              /* bytes taken from head */
};

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t count, size_t size);
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t length);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Forget everything but keep one block, so that a loop does not ask the system each time. */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);

#endif
