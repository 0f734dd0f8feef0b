#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/sorter.h"

/* What a walk has to show: each pair once, in order. */
struct seen {
	struct sorter_pair last;
	int64_t count;
	uint64_t sum;
};

static bool see(void *data, const struct sorter_pair *pair, struct err *e)
{
	struct seen *seen = data;

	(void)e;
	if (seen->count > 0) {
		assert_true(seen->last.value <= pair->value);
		if (seen->last.value == pair->value)
			assert_true(seen->last.place < pair->place);
	}
	seen->last = *pair;
	seen->count++;
	seen->sum += pair->value * 31 + (uint64_t)pair->place;
	return true;
}

static bool refuse(void *data, const struct sorter_pair *pair, struct err *e)
{
	int *left = data;

	(void)pair;
	return (*left)-- > 0 || err_set(e, ERR_FAILED, "enough");
}

/* More pairs than one buffer holds, than two, and exactly one buffer; few values and many. */
static void test_order(void **state)
{
	static const struct {
		int64_t count;
		uint64_t values;
	} cases[] = {
		{0, 1},           {1, 1},
		{2, 1},           {1000, 10},
		{131072, 1000},   {131073, UINT64_MAX},
		{400000, 100000}, {1000000, UINT64_MAX},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sorter *s = sorter_new();
		struct seen seen = {0};
		struct seen again = {0};
		struct err e;
		struct rng rng;
		uint64_t sum = 0;

		rng_seed(&rng, i + 1);
		for (int64_t place = 1; place <= cases[i].count; place++) {
			uint64_t value = rng_next(&rng) % cases[i].values;
			sum += value * 31 + (uint64_t)place;
			assert_true(sorter_add(s, value, place, &e));
		}
		assert_true(sorter_each(s, see, &seen, &e));
		assert_true(sorter_each(s, see, &again, &e));
		assert_int_equal(seen.count, cases[i].count);
		assert_int_equal(again.count, cases[i].count);
		assert_true(seen.sum == sum && again.sum == sum);
		sorter_free(s);
	}
}

static void test_a_visitor_that_fails(void **state)
{
	struct sorter *s = sorter_new();
	struct err e = {0};
	int left = 3;

	(void)state;
	for (int64_t place = 1; place <= 300000; place++)
		assert_true(sorter_add(s, (uint64_t)place, place, &e));
	assert_false(sorter_each(s, refuse, &left, &e));
	assert_string_equal(e.text, "enough");
	assert_int_equal(left, -1);
	sorter_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_a_visitor_that_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
