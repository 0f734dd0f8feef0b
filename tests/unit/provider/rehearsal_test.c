/*
 * The rehearsal: its clock, the verdict for each thing that can go wrong, what a crash leaves, and
 * that the same twice is the same twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/moment.h"
#include "provider/hamsa.h"
#include "provider/rehearsal.h"

#define START_MS 1795330000000LL
#define AGENT    "d949f13f-40d2-4e48-ac86-b66633070603"
#define REF      "00112233445566778899aabbccddeeff"

static const char *const names[] = {"scenario", "language", "nidaRef", "customerName"};
static const char *const values[] = {"payment-reminder", "en", REF, "Maryam \"M\" Al Balushi"};

/* Everybody picks up after 5 s and talks for 60 s; requests take 200 ms. */
static struct rehearsal_config plain(void)
{
	struct rehearsal_config config;

	rehearsal_config_init(&config);
	config.start_ms = START_MS;
	config.latency_min_ms = 200;
	config.latency_max_ms = 200;
	config.network.rates = (struct rehearsal_rates){
		.answer = 1,
		.talk_min_ms = 60 * SECOND_MS,
		.talk_max_ms = 60 * SECOND_MS,
		.cost_per_minute = {50000},
	};
	config.network.ring_min_ms = 5 * SECOND_MS;
	config.network.ring_max_ms = 5 * SECOND_MS;
	return config;
}

static struct provider open_with(const struct rehearsal_config *config)
{
	struct provider p;

	assert_true(rehearsal_new(config, &p));
	return p;
}

static struct provider open_plain(void)
{
	struct rehearsal_config config = plain();

	return open_with(&config);
}

static const struct place_order order = {
	.to = "+96891234567",
	.from = "+96824000000",
	.agent_id = AGENT,
	.param_count = COUNT_OF(names),
	.param_names = names,
	.param_values = values,
};

/* The one answer that is on its way, however long that takes. */
static struct answer await(struct provider *p)
{
	struct answer a;

	provider_wait(p, INT64_MAX);
	assert_true(provider_next(p, &a));
	assert_non_null(a.words);
	assert_non_null(a.raw);
	return a;
}

static struct answer place(struct provider *p)
{
	provider_place(p, 7, &order);
	return await(p);
}

static struct answer list(struct provider *p, int64_t from_ms, bool live_only, int per_page)
{
	provider_list(p, 8,
		      &(struct list_query){.from_ms = from_ms,
					   .live_only = live_only,
					   .page = 1,
					   .per_page = per_page});
	return await(p);
}

/* Waiting wakes at every answer: go on until the time is over. */
static void pass(struct provider *p, int64_t ms)
{
	provider_wait(p, ms * 1000);
	assert_int_equal(provider_in_flight(p), 0);
}

static int64_t wall(const struct provider *p)
{
	return clock_wall_ms(rehearsal_clock(p));
}

static int64_t mono(const struct provider *p)
{
	return clock_mono(rehearsal_clock(p)).us;
}

/* ---- time ------------------------------------------------------------------------------------ */

static void time_stands_still_but_in_wait(void **state)
{
	struct provider p = open_plain();
	struct answer a;

	(void)state;
	assert_int_equal(wall(&p), START_MS);
	provider_project(&p, 1);
	assert_false(provider_next(&p, &a));
	assert_int_equal(provider_in_flight(&p), 1);
	assert_int_equal(wall(&p), START_MS);
	/* A wait of nothing, and one that somebody has miscalculated. */
	provider_wait(&p, 0);
	provider_wait(&p, -5);
	assert_int_equal(mono(&p), 0);
	provider_free(&p);
}

static void wait_ends_at_the_answer_or_at_its_end(void **state)
{
	struct provider p = open_plain();
	struct answer a;

	(void)state;
	provider_wait(&p, 3 * DAY_MS * 1000);
	assert_int_equal(wall(&p), START_MS + 3 * DAY_MS);

	int64_t sent_us = mono(&p);
	provider_project(&p, 1);
	provider_wait(&p, 50 * 1000); /* shorter than half its way */
	assert_int_equal(mono(&p) - sent_us, 50 * 1000);
	assert_false(provider_next(&p, &a));
	provider_wait(&p, DAY_MS * 1000);
	assert_int_equal(mono(&p) - sent_us, 200 * 1000);
	/* It is there: waiting for it once more takes no time. */
	provider_wait(&p, DAY_MS * 1000);
	assert_int_equal(mono(&p) - sent_us, 200 * 1000);
	assert_true(provider_next(&p, &a));
	assert_int_equal(a.token, 1);
	assert_false(provider_next(&p, &a));
	assert_int_equal(provider_in_flight(&p), 0);
	provider_free(&p);
}

static void wait_without_end_for_nothing_moves_nothing(void **state)
{
	struct provider p = open_plain();

	(void)state;
	provider_wait(&p, INT64_MAX);
	assert_int_equal(mono(&p), 0);
	provider_free(&p);
}

static void wall_clock_jumps_alone(void **state)
{
	struct provider p = open_plain();

	(void)state;
	provider_wait(&p, SECOND_MS * 1000);
	rehearsal_jump_wall_ms(&p, HOUR_MS);
	assert_int_equal(wall(&p), START_MS + HOUR_MS + SECOND_MS);
	assert_int_equal(mono(&p), SECOND_MS * 1000);
	rehearsal_jump_wall_ms(&p, -2 * HOUR_MS);
	assert_int_equal(wall(&p), START_MS - HOUR_MS + SECOND_MS);
	assert_int_equal(rehearsal_network_ms(&p), START_MS + SECOND_MS);

	/* The call is made at the network's time, whatever our clock shows. */
	(void)place(&p);
	assert_int_equal(network_call_at(rehearsal_network(&p), 0)->asked_ms,
			 START_MS + SECOND_MS + 100);
	provider_free(&p);
}

static void answers_come_in_the_order_they_are_due(void **state)
{
	struct rehearsal_config config = plain();
	struct answer a;
	bool swapped = false;

	(void)state;
	config.latency_min_ms = 1;
	config.latency_max_ms = 500;
	struct provider p = open_with(&config);
	for (uint64_t i = 1; i <= 200; i++)
		provider_project(&p, i);

	uint64_t last = 0;
	int64_t last_us = 0;
	bool seen[201] = {false};
	for (int i = 0; i < 200; i++) {
		provider_wait(&p, INT64_MAX);
		assert_true(provider_next(&p, &a));
		assert_true(mono(&p) >= last_us && mono(&p) <= 500 * 1000);
		assert_false(seen[a.token]);
		seen[a.token] = true;
		swapped |= a.token < last;
		last = a.token;
		last_us = mono(&p);
	}
	assert_true(swapped); /* or latencies would not differ */
	assert_int_equal(rehearsal_requests(&p, REQUEST_PROJECT), 200);
	provider_free(&p);
}

/* ---- a call, from beginning to end ----------------------------------------------------------- */

static void a_call_lives_and_ends(void **state)
{
	struct provider p = open_plain();
	struct answer a = place(&p);
	char id[NETWORK_ID_SIZE];

	(void)state;
	assert_int_equal(a.kind, REQUEST_PLACE);
	assert_int_equal(a.token, 7);
	assert_int_equal(a.place, PLACE_ACCEPTED);
	snprintf(id, sizeof(id), "%s", a.job_id);

	a = list(&p, START_MS, true, 200);
	assert_int_equal(a.read, READ_OK);
	assert_int_equal(a.line_count, 1);
	assert_true(a.last_page);
	assert_string_equal(a.lines[0].job_id, id);
	assert_int_equal(a.lines[0].status, CALL_PENDING);
	assert_string_equal(a.lines[0].user_number, order.to);
	assert_string_equal(a.lines[0].agent_id, AGENT);
	assert_int_equal(a.lines[0].created_ms, START_MS + 100);

	pass(&p, 10 * SECOND_MS);
	a = list(&p, START_MS, true, 200);
	assert_int_equal(a.lines[0].status, CALL_IN_PROGRESS);

	pass(&p, 2 * MINUTE_MS);
	assert_int_equal(list(&p, START_MS, true, 200).line_count, 0);
	a = list(&p, START_MS, false, 1);
	assert_int_equal(a.lines[0].status, CALL_COMPLETED);
	assert_false(a.last_page); /* as long as was asked for: there may be more */
	assert_int_equal(list(&p, START_MS + 101, false, 200).line_count, 0);

	provider_read(&p, 9, id);
	a = await(&p);
	assert_int_equal(a.kind, REQUEST_READ);
	assert_int_equal(a.read, READ_OK);
	assert_int_equal(a.call->status, CALL_COMPLETED);
	assert_int_equal(a.call->talk_ms, 60 * SECOND_MS);
	assert_int_equal(a.call->cost.micro, 50000);
	assert_string_equal(a.call->ref, REF);
	assert_true(a.call->utterance_count > 0);
	provider_free(&p);
}

static void a_call_is_ended(void **state)
{
	struct provider p = open_plain();
	char id[NETWORK_ID_SIZE];

	(void)state;
	snprintf(id, sizeof(id), "%s", place(&p).job_id);
	provider_end(&p, 1, id);
	struct answer a = await(&p);
	assert_int_equal(a.read, READ_OK);
	assert_false(a.already_over);
	provider_end(&p, 2, id);
	a = await(&p);
	assert_int_equal(a.read, READ_OK);
	assert_true(a.already_over);
	assert_string_equal(a.words, "The call had already ended (TERMINATED).");
	provider_end(&p, 3, "nobody");
	assert_int_equal(await(&p).read, READ_GONE);
	provider_read(&p, 4, "nobody");
	assert_int_equal(await(&p).read, READ_GONE);
	provider_free(&p);
}

static void project_and_agent(void **state)
{
	struct rehearsal_config config = plain();

	(void)state;
	config.max_call_ms = 5 * MINUTE_MS;
	struct provider p = open_with(&config);
	provider_project(&p, 1);
	struct answer a = await(&p);
	assert_int_equal(a.read, READ_OK);
	assert_non_null(a.project_id);
	provider_agent(&p, 2, AGENT);
	a = await(&p);
	assert_int_equal(a.read, READ_OK);
	assert_string_equal(a.agent->id, AGENT);
	assert_int_equal(a.agent->max_call_ms, 5 * MINUTE_MS);
	provider_free(&p);
}

static void renders_what_hamsa_would_be_sent(void **state)
{
	struct rehearsal_config config = plain();
	struct clock clock;
	struct hamsa_config at_hamsa = {
		.base_url = "http://127.0.0.1:1",
		.api_key = "sk_x",
		.clock = &clock,
	};
	struct provider p = open_with(&config);
	struct provider hamsa;
	struct err e;

	(void)state;
	clock_init_system(&clock);
	assert_true(hamsa_new(&at_hamsa, &hamsa, &e));
	char *ours = provider_render(&p, &order);
	char *theirs = provider_render(&hamsa, &order);
	assert_string_equal(ours, theirs);
	assert_non_null(strstr(ours, "\"params\":{\"scenario\":\"payment-reminder\""));
	free(ours);
	free(theirs);
	provider_free(&hamsa);
	provider_free(&p);
}

/* A request's texts may go as soon as it has started. */
static void texts_are_copied(void **state)
{
	struct provider p = open_plain();
	char to[] = "+96891234567";
	char value[] = REF;
	const char *one_name[] = {"nidaRef"};
	const char *one_value[] = {value};

	(void)state;
	provider_place(&p, 1,
		       &(struct place_order){.to = to,
					     .agent_id = AGENT,
					     .param_count = 1,
					     .param_names = one_name,
					     .param_values = one_value});
	memset(to, 'x', sizeof(to) - 1);
	memset(value, 'x', sizeof(value) - 1);
	one_name[0] = NULL;
	(void)await(&p);
	const struct network_call *call = network_call_at(rehearsal_network(&p), 0);
	assert_string_equal(call->to, "+96891234567");
	assert_null(call->from);
	assert_string_equal(network_call_param(call, "nidaRef"), REF);
	provider_free(&p);
}

/* ---- what goes wrong ------------------------------------------------------------------------- */

static const struct verdict_case {
	enum network_fault fault;
	enum place_verdict place;
	int64_t takes_ms; /* until the answer is there */
	int64_t retry_after_ms;
	bool makes_call; /* within the first minute; of NETWORK_HTML_502 that is a matter of luck */
	const char *words;
} verdict_cases[] = {
	{NETWORK_LOST_ANSWER, PLACE_IN_DOUBT, 30000, 0, true, "No answer came within 30 s."},
	{NETWORK_LOST_REQUEST, PLACE_IN_DOUBT, 30000, 0, false, "No answer came within 30 s."},
	{NETWORK_LATE_CREATION, PLACE_IN_DOUBT, 30000, 0, true, "No answer came within 30 s."},
	{NETWORK_ERROR_500, PLACE_IN_DOUBT, 200, 0, true,
	 "Hamsa answered 500: Internal server error"},
	{NETWORK_HTML_502, PLACE_IN_DOUBT, 200, 0, false,
	 "Hamsa answered 502 with a web page instead of an answer."},
	{NETWORK_NO_ID, PLACE_IN_DOUBT, 200, 0, true,
	 "Hamsa answered 200, without a word. (no id of a call in it)"},
	{NETWORK_TOO_MANY, PLACE_SLOW_DOWN, 200, 5000, false,
	 "Hamsa answered 429: Too many concurrent calls"},
	{NETWORK_BAD_ROW, PLACE_REFUSED, 200, 0, false,
	 "Hamsa answered 400: toNumber is not a number we can call"},
	{NETWORK_PLACING_FAULTS, PLACE_ACCEPTED, 200, 0, true,
	 "Hamsa answered 200, without a word."},
};

static void every_fault_of_a_placing_has_its_verdict(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(verdict_cases); i++) {
		const struct verdict_case *c = &verdict_cases[i];
		struct rehearsal_config config = plain();

		if (c->fault < NETWORK_PLACING_FAULTS)
			config.network.share[c->fault] = 1;
		struct provider p = open_with(&config);
		struct answer a = place(&p);
		assert_int_equal(a.place, c->place);
		assert_string_equal(a.words, c->words);
		assert_int_equal(a.retry_after_ms, c->retry_after_ms);
		assert_int_equal(mono(&p), c->takes_ms * 1000);
		assert_int_equal(a.job_id != NULL, c->place == PLACE_ACCEPTED);

		pass(&p, MINUTE_MS);
		network_advance(rehearsal_network(&p), rehearsal_network_ms(&p));
		if (c->fault != NETWORK_HTML_502)
			assert_int_equal(network_call_at(rehearsal_network(&p), 0)->created_ms > 0,
					 c->makes_call);
		provider_free(&p);
	}
}

static void what_never_left_reaches_nobody(void **state)
{
	struct rehearsal_config config = plain();

	(void)state;
	config.unreachable = 1;
	struct provider p = open_with(&config);
	assert_int_equal(place(&p).place, PLACE_NOT_SENT);
	assert_int_equal(network_call_count(rehearsal_network(&p)), 0);
	assert_int_equal(list(&p, 0, false, 10).read, READ_LATER);
	provider_read(&p, 1, "x");
	assert_int_equal(await(&p).read, READ_LATER);
	provider_end(&p, 1, "x");
	assert_int_equal(await(&p).read, READ_LATER);
	provider_project(&p, 1);
	assert_int_equal(await(&p).read, READ_LATER);
	provider_agent(&p, 1, AGENT);
	assert_int_equal(await(&p).read, READ_LATER);
	provider_free(&p);
}

static struct answer read_after(struct rehearsal_config *config, int64_t ms, struct provider *p)
{
	char id[NETWORK_ID_SIZE];

	*p = open_with(config);
	snprintf(id, sizeof(id), "%s", place(p).job_id);
	pass(p, ms);
	provider_read(p, 1, id);
	return await(p);
}

static void readings_that_fail(void **state)
{
	struct rehearsal_config gone = plain();
	struct rehearsal_config later = plain();
	struct rehearsal_config odd = plain();
	struct provider p;

	(void)state;
	gone.network.share[NETWORK_GONE] = 1;
	assert_int_equal(read_after(&gone, 2 * MINUTE_MS, &p).read, READ_GONE);
	provider_free(&p);
	later.network.share[NETWORK_READ_ERROR] = 1;
	assert_int_equal(read_after(&later, 2 * MINUTE_MS, &p).read, READ_LATER);
	provider_free(&p);
	odd.network.share[NETWORK_UNKNOWN_WORD] = 1;
	struct answer a = read_after(&odd, 10 * SECOND_MS, &p);
	assert_int_equal(a.read, READ_OK);
	assert_int_equal(a.call->status, CALL_UNKNOWN);
	/* Hamsa is asked for the words that it knows; this one is shown among them. */
	a = list(&p, START_MS, true, 10);
	assert_int_equal(a.line_count, 1);
	assert_int_equal(a.lines[0].status, CALL_UNKNOWN);
	provider_free(&p);
}

/* A list is as old as the moment at which the request arrived, not that of its answer. */
static void a_list_does_not_know_what_came_after_it_was_asked(void **state)
{
	struct rehearsal_config config = plain();
	struct provider p;
	struct answer a;

	(void)state;
	config.latency_min_ms = 1000;
	config.latency_max_ms = 1000;
	p = open_with(&config);
	provider_list(&p, 8, &(struct list_query){.page = 1, .per_page = 10});
	provider_wait(&p, 200 * 1000);
	provider_place(&p, 7, &order);
	a = await(&p);
	assert_int_equal(a.kind, REQUEST_LIST);
	assert_int_equal(a.line_count, 0);
	assert_int_equal(network_call_count(rehearsal_network(&p)), 1);
	provider_free(&p);
}

/* ---- crashes --------------------------------------------------------------------------------- */

static void a_crash_loses_answers_but_not_requests(void **state)
{
	struct provider p = open_plain();
	struct answer a;

	(void)state;
	/* One whose answer is on its way back, one that has not arrived. */
	provider_place(&p, 1, &order);
	provider_wait(&p, 150 * 1000);
	provider_place(&p, 2, &order);
	assert_int_equal(network_call_count(rehearsal_network(&p)), 1);
	rehearsal_crash(&p);
	assert_int_equal(provider_in_flight(&p), 0);
	assert_false(provider_next(&p, &a));

	/* The clock does not stop at answers that nobody waits for. */
	int64_t before_us = mono(&p);
	provider_wait(&p, SECOND_MS * 1000);
	assert_int_equal(mono(&p) - before_us, SECOND_MS * 1000);
	assert_false(provider_next(&p, &a));
	assert_int_equal(network_call_count(rehearsal_network(&p)), 2);

	/* And the next process is served. */
	a = list(&p, START_MS, false, 10);
	assert_int_equal(a.token, 8);
	assert_int_equal(a.line_count, 2);
	assert_int_equal(rehearsal_requests(&p, REQUEST_PLACE), 2);
	provider_free(&p);
}

/* ---- determinism, limits --------------------------------------------------------------------- */

/* A busy minute as text. */
static char *story(uint64_t seed)
{
	struct rehearsal_config config;
	struct buf b;

	rehearsal_config_init(&config);
	config.start_ms = START_MS;
	config.network.seed = seed;
	config.unreachable = 0.1;
	for (int fault = 0; fault < NETWORK_PLACING_FAULTS; fault++)
		config.network.share[fault] = 0.05;
	struct provider p = open_with(&config);

	buf_init(&b, 1 << 20);
	for (uint64_t i = 0; i < 300; i++) {
		char to[24];
		struct place_order one = order;
		struct answer a;

		snprintf(to, sizeof(to), "+9689%07d", (int)(i % 100));
		one.to = to;
		provider_place(&p, i, &one);
		provider_wait(&p, 150 * 1000);
		while (provider_next(&p, &a))
			buf_addf(&b, "%lld %llu %d %s\n", (long long)mono(&p),
				 (unsigned long long)a.token, (int)a.place,
				 a.job_id ? a.job_id : a.words);
	}
	provider_free(&p);
	return b.data;
}

static void the_same_twice_is_the_same_twice(void **state)
{
	char *one = story(5);
	char *again = story(5);
	char *other = story(6);

	(void)state;
	assert_string_equal(one, again);
	assert_string_not_equal(one, other);
	free(one);
	free(again);
	free(other);
}

static void impossible_configurations_are_refused(void **state)
{
	struct rehearsal_config good = plain();
	struct provider p;

	(void)state;
	struct rehearsal_config bad = good;
	bad.start_ms = 0;
	assert_false(rehearsal_new(&bad, &p));
	bad = good;
	bad.unreachable = 1.1;
	assert_false(rehearsal_new(&bad, &p));
	bad = good;
	bad.latency_max_ms = bad.latency_min_ms - 1;
	assert_false(rehearsal_new(&bad, &p));
	bad = good;
	bad.network.share[NETWORK_STUCK] = -0.1;
	assert_false(rehearsal_new(&bad, &p));
	bad = good;
	bad.network.share[NETWORK_NO_ID] = 0.6;
	bad.network.share[NETWORK_BAD_ROW] = 0.6;
	assert_false(rehearsal_new(&bad, &p));
	/* Ten tenths, of which the last falls short by a hair, is one. */
	for (int fault = 0; fault < NETWORK_PLACING_FAULTS; fault++)
		good.network.share[fault] = 0.1;
	good.network.share[0] = 0.3;
	assert_true(rehearsal_new(&good, &p));
	provider_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_stands_still_but_in_wait),
		cmocka_unit_test(wait_ends_at_the_answer_or_at_its_end),
		cmocka_unit_test(wait_without_end_for_nothing_moves_nothing),
		cmocka_unit_test(wall_clock_jumps_alone),
		cmocka_unit_test(answers_come_in_the_order_they_are_due),
		cmocka_unit_test(a_call_lives_and_ends),
		cmocka_unit_test(a_call_is_ended),
		cmocka_unit_test(project_and_agent),
		cmocka_unit_test(renders_what_hamsa_would_be_sent),
		cmocka_unit_test(texts_are_copied),
		cmocka_unit_test(every_fault_of_a_placing_has_its_verdict),
		cmocka_unit_test(what_never_left_reaches_nobody),
		cmocka_unit_test(readings_that_fail),
		cmocka_unit_test(a_list_does_not_know_what_came_after_it_was_asked),
		cmocka_unit_test(a_crash_loses_answers_but_not_requests),
		cmocka_unit_test(the_same_twice_is_the_same_twice),
		cmocka_unit_test(impossible_configurations_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
