#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "model/phone_set.h"

static void test_empty(void **state)
{
	struct phone_set s = {0};

	(void)state;
	phone_set_seal(&s);
	assert_false(phone_set_has(&s, 96891234567));
	assert_false(phone_set_has(&s, 0));
	phone_set_free(&s);
}

static void test_doubles_and_order(void **state)
{
	static const uint64_t numbers[] = {5, 3, 96891234567, 3, 1, UINT64_MAX, 5, 5,
					   /* alike in their lower halves */
					   4294967296u + 5, 2 * 4294967296u + 5};
	struct phone_set s = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		phone_set_add(&s, numbers[i]);
	phone_set_seal(&s);
	assert_int_equal(s.count, 7);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		assert_true(phone_set_has(&s, numbers[i]));
	assert_false(phone_set_has(&s, 2));
	assert_false(phone_set_has(&s, 96891234568));
	assert_false(phone_set_has(&s, 3 * UINT64_C(4294967296) + 5));
	/* It can be opened and sealed again. */
	phone_set_add(&s, 2);
	assert_false(s.sealed);
	phone_set_seal(&s);
	assert_true(phone_set_has(&s, 2));
	assert_true(phone_set_has(&s, UINT64_MAX));
	phone_set_free(&s);
}

static void test_many(void **state)
{
	struct phone_set s = {0};
	struct rng r;

	(void)state;
	rng_seed(&r, 3);
	for (int i = 0; i < 100000; i++)
		phone_set_add(&s, rng_below(&r, 1000000) * 2);
	phone_set_seal(&s);
	for (size_t i = 1; i < s.count; i++)
		assert_true(s.numbers[i - 1] < s.numbers[i]);
	rng_seed(&r, 3);
	for (int i = 0; i < 100000; i++) {
		uint64_t number = rng_below(&r, 1000000) * 2;
		assert_true(phone_set_has(&s, number));
		assert_false(phone_set_has(&s, number + 1));
	}
	phone_set_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_doubles_and_order),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
