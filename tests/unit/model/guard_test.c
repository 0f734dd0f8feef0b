#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/moment.h"
#include "model/guard.h"

static const struct zone *zone_of(const char *name)
{
	const struct zone *zone;
	struct err e;

	if (!zone_find(name, &zone, &e))
		fail_msg("%s", e.text);
	return zone;
}

/* 'f' failed, 'l' lost, 'c' completed, 'n' no answer */
static enum outcome outcome_of(char c)
{
	return c == 'f'   ? OUTCOME_FAILED
	       : c == 'l' ? OUTCOME_LOST
	       : c == 'n' ? OUTCOME_NO_ANSWER
			  : OUTCOME_COMPLETED;
}

static void test_breaker(void **state)
{
	static const struct {
		double share;
		int of_last;
		const char *story;
		bool trips;
		int failures;
	} cases[] = {
		{0.5, 4, "", false, 0},
		{0.5, 4, "fff", false, 3}, /* not before it holds of_last */
		{0.5, 4, "ffff", true, 4},
		{0.5, 4, "ccff", true, 2},
		{0.5, 4, "cccf", false, 1},
		{0.5, 4, "ffcccc", false, 0}, /* the oldest fall out */
		{0.5, 4, "ccccff", true, 2},
		{0.5, 4, "nnnn", false, 0}, /* nobody at home is no failure */
		{0.5, 4, "llcc", true, 2},
		{0.0, 4, "ffff", false, 4}, /* no breaker */
		{1.0, 1, "f", true, 1},
		{1.0, 2, "fc", false, 1},
		{0.3, 10, "fffccccccc", true, 3},
		{0.7, 10, "fffffffccc", true, 7},
		{0.3, 10, "ffcccccccc", false, 2},
		{0.1, 3, "fcc", true, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct breaker_rule rule = {cases[i].share, cases[i].of_last};
		struct breaker b = {0};
		int failures = -1;

		for (const char *p = cases[i].story; *p; p++)
			(void)breaker_add(&b, &rule, breaker_is_failure(outcome_of(*p)));
		if (breaker_trips(&b, &rule, &failures) != cases[i].trips ||
		    failures != cases[i].failures)
			fail_msg("'%s': %d failures", cases[i].story, failures);
	}
}

/* 0.28 × 25 is 7, though in binary fractions it comes out above. */
static void test_breaker_share_in_percent(void **state)
{
	struct breaker_rule rule = {0.28, 25};
	struct breaker b = {0};

	(void)state;
	for (int i = 0; i < 25; i++)
		(void)breaker_add(&b, &rule, i < 7);
	assert_true(breaker_trips(&b, &rule, NULL));
}

/* A call that was counted as good when it began to talk, and failed. */
static void test_breaker_corrected(void **state)
{
	struct breaker_rule rule = {0.5, 4};
	struct breaker b = {0};
	uint64_t first = breaker_add(&b, &rule, false);
	int failures;

	(void)state;
	for (int i = 0; i < 2; i++)
		(void)breaker_add(&b, &rule, false);
	(void)breaker_add(&b, &rule, true);
	assert_false(breaker_trips(&b, &rule, NULL));
	breaker_correct(&b, &rule, first);
	assert_true(breaker_trips(&b, &rule, &failures));
	assert_int_equal(failures, 2);

	/* Its place is another's by now. */
	(void)breaker_add(&b, &rule, false);
	assert_false(breaker_trips(&b, &rule, NULL));
	breaker_correct(&b, &rule, first);
	assert_false(breaker_trips(&b, &rule, NULL));
}

static void test_breaker_at_its_largest(void **state)
{
	struct breaker_rule rule = {0.5, BREAKER_MAX};
	struct breaker b = {0};

	(void)state;
	for (int i = 0; i < BREAKER_MAX * 3; i++) {
		(void)breaker_add(&b, &rule, i % 2);
		assert_int_equal(breaker_trips(&b, &rule, NULL), i + 1 >= BREAKER_MAX);
	}
}

static void test_canary(void **state)
{
	static const struct {
		int rows;
		double share;
		int64_t begun;
		int64_t ended;
		int64_t answered;
		enum canary_verdict verdict;
	} cases[] = {
		{0, 0.2, 0, 0, 0, CANARY_PASSED},    {10, 0.2, 0, 0, 0, CANARY_CALLING},
		{10, 0.2, 9, 9, 0, CANARY_CALLING},  {10, 0.2, 10, 9, 9, CANARY_WAITING},
		{10, 0.2, 10, 10, 2, CANARY_PASSED}, {10, 0.2, 10, 10, 1, CANARY_FAILED},
		{10, 0.3, 10, 10, 3, CANARY_PASSED}, {10, 0.0, 10, 10, 0, CANARY_PASSED},
		{10, 1.0, 10, 10, 9, CANARY_FAILED}, {1, 1.0, 1, 1, 1, CANARY_PASSED},
		{10, 0.2, 10, 0, 0, CANARY_WAITING},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct canary_rule rule = {cases[i].rows, cases[i].share};
		enum canary_verdict verdict =
			canary_judge(&rule, cases[i].begun, cases[i].ended, cases[i].answered);

		if (verdict != cases[i].verdict)
			fail_msg("case %zu: %d", i, (int)verdict);
	}
}

static void test_budget(void **state)
{
	static const struct {
		int64_t budget;
		int64_t spent;
		int64_t live;
		int64_t expected;
		bool allowed;
	} cases[] = {
		{1000, 0, 0, 100, true},
		{1000, 900, 0, 100, true},
		{1000, 901, 0, 100, false},
		{1000, 0, 9, 100, true},
		{1000, 0, 10, 100, false},
		{1000, 500, 4, 100, true},
		{1000, 500, 5, 100, false},
		{1000, 999, 50, 0, true},
		{1000, 1000, 0, 0, false},
		{0, 0, 0, 0, false},
		{1000, 2000, 0, 0, false},
		{1000, 0, INT64_MAX, 1, false},
		{1000, -500, 9, 100, true},
		{1000, -500, 10, 100, false},
		{1000, 0, 3, INT64_MAX, false},
		{1000, 999, 3, -100, true}, /* a cost below zero is none */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct guard g = {.has_budget = true, .budget = {cases[i].budget}};

		if (budget_allows(&g, (struct decimal){cases[i].spent}, cases[i].live,
				  (struct decimal){cases[i].expected}) != cases[i].allowed)
			fail_msg("case %zu", i);
		g.has_budget = false;
		assert_true(budget_allows(&g, (struct decimal){cases[i].spent}, cases[i].live,
					  (struct decimal){cases[i].expected}));
	}
}

static int64_t utc(const char *text)
{
	int64_t ms;

	assert_true(moment_parse_iso(text, &ms));
	return ms;
}

/* What the ledger is asked for. */
static struct person_calls calls_of(const struct person_rule *rule, const int64_t *attempts_ms,
				    size_t count)
{
	int day = rule->per_day;
	int week = rule->per_week;

	return (struct person_calls){
		.newest_ms = count > 0 ? attempts_ms[0] : 0,
		.of_day_ms = day > 0 && (size_t)day <= count ? attempts_ms[day - 1] : 0,
		.of_week_ms = week > 0 && (size_t)week <= count ? attempts_ms[week - 1] : 0,
	};
}

static void test_person(void **state)
{
	static const struct {
		struct person_rule rule;
		const char *zone;
		const char *now;
		const char *attempts[4]; /* newest first */
		const char *next;        /* NULL: may be called now */
	} cases[] = {
		{{0, 0, 0}, "UTC", "2026-11-22T10:00Z", {"2026-11-22T09:59Z"}, NULL},
		{{4 * HOUR_MS, 1, 3}, "UTC", "2026-11-22T10:00Z", {NULL}, NULL},
		{{4 * HOUR_MS, 0, 0},
		 "UTC",
		 "2026-11-22T10:00Z",
		 {"2026-11-22T06:01Z"},
		 "2026-11-22T10:01Z"},
		{{4 * HOUR_MS, 0, 0}, "UTC", "2026-11-22T10:00Z", {"2026-11-22T06:00Z"}, NULL},
		/* The clock was set back: an attempt of the future is no reason to call. */
		{{4 * HOUR_MS, 0, 0},
		 "UTC",
		 "2026-11-22T10:00Z",
		 {"2026-11-22T12:00Z"},
		 "2026-11-22T16:00Z"},
		{{0, 1, 0}, "UTC", "2026-11-22T10:00Z", {"2026-11-22T00:00Z"}, "2026-11-23T00:00Z"},
		{{0, 1, 0}, "UTC", "2026-11-22T00:00Z", {"2026-11-21T23:59Z"}, NULL},
		{{0, 2, 0},
		 "UTC",
		 "2026-11-22T10:00Z",
		 {"2026-11-22T09:00Z", "2026-11-21T09:00Z"},
		 NULL},
		{{0, 2, 0},
		 "UTC",
		 "2026-11-22T10:00Z",
		 {"2026-11-22T09:00Z", "2026-11-22T08:00Z"},
		 "2026-11-23T00:00Z"},
		/* The customer's day: in Muscat 20:30 UTC is tomorrow. */
		{{0, 1, 0}, "Asia/Muscat", "2026-11-22T20:30Z", {"2026-11-22T19:30Z"}, NULL},
		{{0, 1, 0},
		 "Asia/Muscat",
		 "2026-11-22T10:30Z",
		 {"2026-11-21T20:30Z"},
		 "2026-11-22T20:00Z"},
		/* The last seven local days: today and six before. */
		{{0, 0, 1}, "UTC", "2026-11-22T10:00Z", {"2026-11-16T00:00Z"}, "2026-11-23T00:00Z"},
		{{0, 0, 1}, "UTC", "2026-11-22T10:00Z", {"2026-11-15T23:59Z"}, NULL},
		{{0, 0, 3},
		 "UTC",
		 "2026-11-22T10:00Z",
		 {"2026-11-21T10:00Z", "2026-11-20T10:00Z", "2026-11-18T10:00Z"},
		 "2026-11-25T00:00Z"},
		{{0, 0, 3},
		 "UTC",
		 "2026-11-22T10:00Z",
		 {"2026-11-21T10:00Z", "2026-11-20T10:00Z", "2026-11-15T10:00Z"},
		 NULL},
		/* The strictest decides. */
		{{4 * HOUR_MS, 1, 2},
		 "UTC",
		 "2026-11-22T23:00Z",
		 {"2026-11-22T22:00Z", "2026-11-21T10:00Z"},
		 "2026-11-28T00:00Z"},
		{{4 * HOUR_MS, 1, 0},
		 "UTC",
		 "2026-11-22T23:00Z",
		 {"2026-11-22T22:00Z"},
		 "2026-11-23T02:00Z"},
		{{240 * HOUR_MS, 1, 1},
		 "UTC",
		 "2026-11-22T23:00Z",
		 {"2026-11-22T22:00Z"},
		 "2026-12-02T22:00Z"},
		/* Midnight does not exist in Beirut on this day. */
		{{0, 1, 0},
		 "Asia/Beirut",
		 "2026-03-28T20:00Z",
		 {"2026-03-28T19:00Z"},
		 "2026-03-28T22:00Z"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t attempts[4];
		size_t count = 0;
		int64_t next = -1;

		for (; count < 4 && cases[i].attempts[count]; count++)
			attempts[count] = utc(cases[i].attempts[count]);
		struct person_calls calls = calls_of(&cases[i].rule, attempts, count);
		bool allowed = person_allows(&cases[i].rule, zone_of(cases[i].zone),
					     utc(cases[i].now), &calls, &next);
		if (allowed != (cases[i].next == NULL))
			fail_msg("case %zu: %d", i, allowed);
		if (!allowed && next != utc(cases[i].next))
			fail_msg("case %zu: next %lld", i, (long long)next);
		/* At that moment it is allowed, a millisecond before it is not. */
		if (!allowed) {
			const struct zone *zone = zone_of(cases[i].zone);
			assert_true(person_allows(&cases[i].rule, zone, next, &calls, &next));
			assert_false(person_allows(&cases[i].rule, zone, next - 1, &calls, &next));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_breaker),
		cmocka_unit_test(test_breaker_share_in_percent),
		cmocka_unit_test(test_breaker_corrected),
		cmocka_unit_test(test_breaker_at_its_largest),
		cmocka_unit_test(test_canary),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
