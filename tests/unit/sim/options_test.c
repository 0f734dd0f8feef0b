/*
 * The command line of nida-sim: what it gives, and what it refuses with which words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/options.h"

/* The parser cuts --fault arguments in place, so they must be writable: copy them. */
static bool parse(const char *const *args, struct options *o, struct err *e)
{
	static char text[10][128] = {"nida-sim"};
	char *argv[11] = {text[0]};
	int argc = 1;

	for (; args[argc - 1]; argc++) {
		snprintf(text[argc], sizeof(text[0]), "%s", args[argc - 1]);
		argv[argc] = text[argc];
	}
	return options_parse(argc, argv, o, e);
}

static void test_defaults(void **state)
{
	const char *const args[] = {NULL};
	struct options o;
	struct err e;

	(void)state;
	assert_true(parse(args, &o, &e));
	assert_int_equal(o.port, 8787);
	assert_int_equal(o.network.rates.talk_max_ms, 180000);
	assert_true(o.network.rates.answer > 0.619 && o.network.rates.answer < 0.621);
	for (int i = 0; i < NETWORK_FAULT_COUNT; i++)
		assert_true(o.network.share[i] == 0);
}

static void test_faults_and_figures(void **state)
{
	const char *const args[] = {"--fault",
				    "lost-answer=6%,stale-list=20s,transcript-reads=3",
				    "--fault=bad-number=+96890000000",
				    "--ring=3s-20s",
				    "--cost-per-minute=0.125",
				    "--limit=7",
				    NULL};
	struct options o;
	struct err e;

	(void)state;
	assert_true(parse(args, &o, &e));
	assert_true(o.network.share[NETWORK_LOST_ANSWER] > 0.0599);
	assert_true(o.network.share[NETWORK_LOST_ANSWER] < 0.0601);
	assert_int_equal(o.network.stale_list_ms, 20000);
	assert_int_equal(o.network.transcript_reads, 3);
	assert_int_equal(o.network.bad_count, 1);
	assert_string_equal(o.network.bad_numbers[0], "+96890000000");
	assert_int_equal(o.network.ring_min_ms, 3000);
	assert_int_equal(o.network.ring_max_ms, 20000);
	assert_int_equal(o.network.rates.cost_per_minute.micro, 125000);
	assert_int_equal(o.network.live_limit, 7);
}

static void test_speed_divides_spans_whatever_the_order(void **state)
{
	const char *const args[] = {"--speed=10", "--talk=20s-40s", "--fault=stale-list=30s", NULL};
	struct options o;
	struct err e;

	(void)state;
	assert_true(parse(args, &o, &e));
	assert_int_equal(o.network.rates.talk_min_ms, 2000);
	assert_int_equal(o.network.rates.talk_max_ms, 4000);
	assert_int_equal(o.network.stale_list_ms, 3000);
	assert_int_equal(o.network.retry_after_ms, 5000);
}

static void test_shares_left_out_divide_the_rest(void **state)
{
	static const struct {
		const char *args[4];
		int percent[3];
	} cases[] = {
		{{"--answer=100%", NULL}, {100, 0, 0}},
		{{"--answer", "24", NULL}, {24, 56, 20}},
		{{"--failed=50%", "--no-answer=50%", NULL}, {0, 50, 50}},
		{{"--answer=1%", "--no-answer=2%", "--failed=97%", NULL}, {1, 2, 97}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct options o;
		struct err e;
		assert_true(parse(cases[i].args, &o, &e));
		const struct rehearsal_rates *r = &o.network.rates;
		assert_int_equal((int)(r->answer * 100 + 0.5), cases[i].percent[0]);
		assert_int_equal((int)(r->no_answer * 100 + 0.5), cases[i].percent[1]);
		assert_int_equal((int)(r->failed * 100 + 0.5), cases[i].percent[2]);
	}
}

static void test_what_is_refused(void **state)
{
	static const struct {
		const char *args[4];
		const char *words;
	} cases[] = {
		{{"--port=70000", NULL}, "--port is '70000'"},
		{{"--port=", NULL}, "--port is ''"},
		{{"--answer=120%", NULL}, "--answer is '120%'"},
		{{"--answer=nan", NULL}, "--answer is 'nan'"},
		{{"--answer=60%", "--failed=50%", NULL}, "add up to 110%"},
		{{"--talk=9s-3s", NULL}, "--talk is '9s-3s'"},
		{{"--ring=soon", NULL}, "--ring is 'soon'"},
		{{"--speed=0", NULL}, "--speed is '0'"},
		{{"--fault=lost", NULL}, "NAME=SHARE"},
		{{"--fault=lots=6%", NULL}, "--fault is 'lots'; expected the name of a fault"},
		{{"--fault=stuck=much", NULL}, "--fault is 'much'; expected a share"},
		{{"--fault=lost-answer=60%,error-500=50%", NULL}, "add up to 110%"},
		{{"--colour", NULL}, "'--colour' is no option"},
		{{"--seed", NULL}, "'--seed' is no option of nida-sim, or its value is missing"},
		{{"now", NULL}, "'now' is not expected"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct options o;
		struct err e = {0};
		assert_false(parse(cases[i].args, &o, &e));
		assert_int_equal(e.kind, ERR_INVALID);
		if (strstr(e.text, cases[i].words) == NULL)
			fail_msg("expected '%s' in: %s", cases[i].words, e.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_faults_and_figures),
		cmocka_unit_test(test_speed_divides_spans_whatever_the_order),
		cmocka_unit_test(test_shares_left_out_divide_the_rest),
		cmocka_unit_test(test_what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
