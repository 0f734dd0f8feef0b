#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* The descriptor of a file below `folder` that is open here and has no name; -1: none. */
static int find_nameless(const char *folder)
{
	char link[64];
	char target[512];

	for (int fd = 3; fd < 64; fd++) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		ssize_t length = readlink(link, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		if (strncmp(target, folder, strlen(folder)) == 0 && strstr(target, "(deleted)"))
			return fd;
	}
	return -1;
}

static bool add_many(struct sorter *s, struct err *e)
{
	for (int64_t place = 1; place <= 300000; place++)
		if (!sorter_add(s, (uint64_t)place, place, e))
			return false;
	return true;
}

/* Where TMPDIR says, gone with us, and not for the programs that are started meanwhile. */
static void test_the_file(void **state)
{
	char folder[] = "/tmp/sorter_test-XXXXXX";
	struct sorter *s = sorter_new();
	struct err e = {0};

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("TMPDIR", folder, 1);
	assert_true(add_many(s, &e));
	int fd = find_nameless(folder);
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(rmdir(folder), 0); /* it has no name there */
	sorter_free(s);
	assert_int_equal(find_nameless(folder), -1);

	s = sorter_new();
	assert_false(add_many(s, &e));
	assert_non_null(strstr(e.text, "TMPDIR"));
	sorter_free(s);
	unsetenv("TMPDIR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_a_visitor_that_fails),
		cmocka_unit_test(test_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
