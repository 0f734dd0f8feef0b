#include "model/phone_set.h"

#include "base/mem.h"

#include <stdlib.h>

#define FIRST_SIZE 64

void phone_set_add(struct phone_set *s, uint64_t number)
{
	if (s->count == s->size) {
		s->size = s->size ? s->size * 2 : FIRST_SIZE;
		s->numbers = xrealloc(s->numbers, s->size * sizeof(*s->numbers));
	}
	s->numbers[s->count++] = number;
	s->sealed = false;
}

static int number_compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void phone_set_seal(struct phone_set *s)
{
	size_t kept = 0;

	if (s->count > 0)
		qsort(s->numbers, s->count, sizeof(*s->numbers), number_compare);
	for (size_t i = 0; i < s->count; i++)
		if (kept == 0 || s->numbers[i] != s->numbers[kept - 1])
			s->numbers[kept++] = s->numbers[i];
	s->count = kept;
	s->sealed = true;
}

bool phone_set_has(const struct phone_set *s, uint64_t number)
{
	if (!s->sealed)
		BUG("a set of %zu numbers is asked before it was sealed", s->count);
	return s->count > 0 &&
	       bsearch(&number, s->numbers, s->count, sizeof(number), number_compare) != NULL;
}

void phone_set_free(struct phone_set *s)
{
	free(s->numbers);
	*s = (struct phone_set){0};
}
