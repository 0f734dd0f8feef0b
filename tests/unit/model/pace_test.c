#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "model/pace.h"

#define SECOND_US 1000000LL
#define MINUTE_US 60000000LL

static struct mono at(int64_t us)
{
	return (struct mono){us};
}

static void test_interval(void **state)
{
	static const struct {
		int64_t per_minute;
		int64_t us;
	} cases[] = {
		{1, 60120000},
		{2, 30060000},
		{30, 2004000},
		{60, 1002000},
		{7, 8588572},
		{6000, 10020},
		/* No upper limit. */
		{100001, 602},
		{1000000, 61},
		{60120000, 1},
		{60120001, 1},
		{INT64_MAX, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct pace p;
		pace_init(&p, cases[i].per_minute, at(0));
		assert_int_equal(pace_interval_us(&p), cases[i].us);
	}
}

static void test_no_catching_up(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 60, at(5 * SECOND_US));
	assert_int_equal(pace_wait_us(&p, at(5 * SECOND_US)), 0);
	pace_started(&p, at(5 * SECOND_US), 1);
	assert_int_equal(pace_wait_us(&p, at(5 * SECOND_US)), 1002000);
	/* Ten seconds of stall are lost, not made good. */
	assert_int_equal(pace_wait_us(&p, at(15 * SECOND_US)), 0);
	pace_started(&p, at(15 * SECOND_US), 1);
	assert_int_equal(pace_wait_us(&p, at(15 * SECOND_US)), 1002000);
	assert_int_equal(pace_wait_us(&p, at(15 * SECOND_US + 1001999)), 1);
	assert_int_equal(pace_wait_us(&p, at(15 * SECOND_US + 1002000)), 0);
}

/* What a timer is late by is won back, as far as an interval is longer than it need be. */
static void test_lateness(void **state)
{
	static const struct {
		int64_t per_minute;
		int64_t late_us;
		int64_t wait_us;
	} cases[] = {
		{60, 0, 1002000},    {60, 300, 1001700}, {60, 2000, 1000000}, {60, 5000, 1000000},
		{60, 5001, 1002000}, /* a stall */
		{6000, 15, 10005},   {6000, 20, 10000},  {6000, 5000, 10000}, {6000, 5001, 10020},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct pace p;
		pace_init(&p, cases[i].per_minute, at(0));
		pace_started(&p, at(cases[i].late_us), 1);
		assert_int_equal(pace_wait_us(&p, at(cases[i].late_us)), cases[i].wait_us);
	}
}

static void test_restart(void **state)
{
	static const struct {
		int64_t ago_us;
		int64_t wait_us;
	} cases[] = {
		{0, 1002000},         {2000, 1000000}, {1002000, 0},
		{MINUTE_US, 0},       {-1, 1002000}, /* not known: a whole interval */
		{INT64_MIN, 1002000}, {INT64_MAX, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct pace p;
		pace_init(&p, 60, at(-7));
		pace_remember(&p, at(-7), cases[i].ago_us);
		assert_int_equal(pace_wait_us(&p, at(-7)), cases[i].wait_us);
	}
}

static void test_slow_down_and_recovery(void **state)
{
	struct pace p;
	int64_t now = 0;

	(void)state;
	pace_init(&p, 60, at(0));
	pace_started(&p, at(0), 1);
	pace_slow_down(&p, at(0), 0);
	assert_int_equal(pace_wait_us(&p, at(0)), 2 * 1002000);
	/* Down to a sixteenth, and no further. */
	for (int i = 0; i < 10; i++)
		pace_slow_down(&p, at(0), 0);
	assert_int_equal(pace_interval_us(&p), 16 * 1002000);

	pace_recover(&p, at(MINUTE_US - 1));
	assert_int_equal(pace_interval_us(&p), 16 * 1002000);
	pace_recover(&p, at(MINUTE_US));
	assert_true(p.factor > 0.16 && p.factor < 0.17);
	/* Asking again changes nothing before the next minute is over. */
	pace_recover(&p, at(MINUTE_US + 1));
	assert_true(p.factor < 0.17);
	for (int minute = 2; minute <= 9; minute++)
		pace_recover(&p, at(minute * MINUTE_US));
	assert_true(p.factor > 0.95 && p.factor < 1);
	pace_recover(&p, at(10 * MINUTE_US));
	assert_true(p.factor == 1);
	assert_int_equal(pace_interval_us(&p), 1002000);

	/* Five steps from a half: full is full, not almost. */
	now = 15 * MINUTE_US;
	pace_slow_down(&p, at(now), 0);
	pace_recover(&p, at(now + 5 * MINUTE_US));
	assert_true(p.factor == 1);

	/* A complaint starts the minute again; a long gap gives several steps at once. */
	now = 30 * MINUTE_US;
	pace_slow_down(&p, at(now), 0);
	pace_slow_down(&p, at(now + MINUTE_US - 1), 0);
	pace_recover(&p, at(now + MINUTE_US));
	assert_true(p.factor == 0.25);
	pace_recover(&p, at(now + 4 * MINUTE_US));
	assert_true(p.factor > 0.54 && p.factor < 0.56);
	pace_recover(&p, at(now + 60 * MINUTE_US));
	assert_true(p.factor == 1);
}

static void test_retry_after(void **state)
{
	struct pace p;

	(void)state;
	pace_init(&p, 60, at(0));
	pace_slow_down(&p, at(0), 90 * SECOND_US);
	assert_int_equal(pace_wait_us(&p, at(0)), 90 * SECOND_US);
	/* A shorter wait does not take a longer one back. */
	pace_slow_down(&p, at(0), 10 * SECOND_US);
	assert_int_equal(pace_wait_us(&p, at(0)), 90 * SECOND_US);
	/* While waiting nothing is proven: the pace recovers from the end of the wait. */
	pace_recover(&p, at(90 * SECOND_US));
	assert_true(p.factor == 0.25);
	pace_recover(&p, at(150 * SECOND_US));
	assert_true(p.factor > 0.34);
	/* Nonsense is not believed for longer than a day. */
	pace_slow_down(&p, at(0), INT64_MAX);
	assert_int_equal(pace_wait_us(&p, at(0)), 24 * 60 * MINUTE_US);
	pace_init(&p, 60, at(0));
	pace_slow_down(&p, at(0), -5);
	assert_int_equal(pace_wait_us(&p, at(0)), 2 * 1002000);
}

enum { STARTS = 20000 };

/* Never more than per_minute in any 60 s, and never two closer than an interval. */
static void check_starts(const int64_t *starts, int64_t per_minute)
{
	for (int i = 1; i < STARTS; i++)
		if (starts[i] - starts[i - 1] < MINUTE_US / per_minute)
			fail_msg("starts %d and %d are too close", i - 1, i);
	for (int64_t i = per_minute; i < STARTS; i++)
		if (starts[i] - starts[i - per_minute] <= MINUTE_US)
			fail_msg("%lld starts within a minute", (long long)per_minute + 1);
}

static void test_any_minute_under_stalls(void **state)
{
	static const int64_t paces[] = {1, 2, 7, 30, 59, 60, 61, 120, 600, 6000};
	static int64_t starts[STARTS];
	struct rng r;

	(void)state;
	rng_seed(&r, 7);
	for (size_t n = 0; n < COUNT_OF(paces); n++) {
		int64_t now = (int64_t)rng_below(&r, 1000) - 500;
		struct pace p;
		pace_init(&p, paces[n], at(now));
		for (int i = 0; i < STARTS;) {
			uint64_t dice = rng_below(&r, 100);
			/* The loop ticks late or early, stalls, is told to slow down, or starts
			 * anew. */
			if (dice == 0)
				now += (int64_t)rng_below(&r, 3 * MINUTE_US);
			else if (dice == 1)
				pace_slow_down(&p, at(now), (int64_t)rng_below(&r, 5 * SECOND_US));
			else if (dice == 2 && i > 0) {
				pace_init(&p, paces[n], at(now));
				pace_remember(&p, at(now), now - starts[i - 1]);
			}
			pace_recover(&p, at(now));
			int64_t wait = pace_wait_us(&p, at(now));
			if (wait == 0) {
				pace_started(&p, at(now), 1);
				starts[i++] = now;
			} else {
				/* Now and then some milliseconds late, as a busy machine is. */
				now += rng_below(&r, 2)
					       ? wait + (int64_t)rng_below(&r, 7000)
					       : (int64_t)rng_below(&r, (uint64_t)wait + 1);
			}
		}
		check_starts(starts, paces[n]);
	}
}

/* Beyond a call in ten milliseconds calls leave in groups; a loop sends as much of one as it has
 * connections for. */
static void test_any_minute_of_a_very_high_pace(void **state)
{
	static const int64_t paces[] = {100000, 1000000, 60000000, INT64_MAX};
	enum { TICKS = 200000 };
	static int64_t when[TICKS];
	static int64_t sent[TICKS + 1];
	struct rng r;

	(void)state;
	rng_seed(&r, 11);
	for (size_t n = 0; n < COUNT_OF(paces); n++) {
		int64_t now = 0;
		struct pace p;
		pace_init(&p, paces[n], at(now));
		assert_true(pace_group(&p) >= 1 && pace_group(&p) <= PACE_GROUP_US);
		for (int i = 0; i < TICKS; i++) {
			int64_t group = 1 + (int64_t)rng_below(&r, (uint64_t)pace_group(&p));
			now += pace_wait_us(&p, at(now)) + (int64_t)rng_below(&r, 3);
			when[i] = now;
			sent[i + 1] = sent[i] + group;
			pace_started(&p, at(now), group);
			assert_true(pace_wait_us(&p, at(now)) > 0);
		}
		for (int first = 0, i = 0; i < TICKS; i++) {
			while (when[i] - when[first] > MINUTE_US)
				first++;
			if (sent[i + 1] - sent[first] > paces[n])
				fail_msg("%lld starts within a minute",
					 (long long)(sent[i + 1] - sent[first]));
		}
		pace_slow_down(&p, at(now), 0);
		assert_true(pace_wait_us(&p, at(now)) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_no_catching_up),
		cmocka_unit_test(test_lateness),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_slow_down_and_recovery),
		cmocka_unit_test(test_retry_after),
		cmocka_unit_test(test_any_minute_under_stalls),
		cmocka_unit_test(test_any_minute_of_a_very_high_pace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
