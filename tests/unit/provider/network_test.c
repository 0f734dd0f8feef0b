/*
 * The simulated network: what it decides, how calls live and end, every fault, and its list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/moment.h"
#include "base/rng.h"
#include "base/text.h"
#include "provider/network.h"

#define START_MS   1795330000000LL
#define PHONE_TEXT 24
#define AGENT      "d949f13f-40d2-4e48-ac86-b66633070603"

static const char *const payment_names[] = {"scenario",      "language",       "nidaRef",
					    "customerName",  "accountBalance", "dueDate",
					    "companyNameEn", "companyNameAr"};
static const char *const payment_values[] = {"payment-reminder",
					     "en",
					     "00112233445566778899aabbccddeeff",
					     "Maryam Al Balushi",
					     "27.350",
					     "3 December 2026",
					     "Sidra Telecom",
					     "سدرة للاتصالات"};

static struct network_config sure_answer(void)
{
	struct network_config config;

	network_config_init(&config);
	config.rates.answer = 1;
	config.rates.no_answer = 0;
	config.rates.failed = 0;
	config.rates.talk_min_ms = 60 * SECOND_MS;
	config.rates.talk_max_ms = 60 * SECOND_MS;
	config.ring_min_ms = 5 * SECOND_MS;
	config.ring_max_ms = 5 * SECOND_MS;
	return config;
}

static struct network_reply place(struct network *n, int64_t now_ms, const char *to)
{
	struct network_reply reply;
	struct network_order order = {
		.to = to,
		.from = "+96824000000",
		.agent_id = AGENT,
		.param_count = COUNT_OF(payment_names),
		.param_names = payment_names,
		.param_values = payment_values,
	};

	network_place(n, now_ms, &order, &reply);
	return reply;
}

static const char *phone(int i, char out[PHONE_TEXT])
{
	snprintf(out, PHONE_TEXT, "+9689%07d", i);
	return out;
}

static enum network_reading read_call(struct network *n, int64_t now_ms, const char *id,
				      struct arena *arena, struct call_report *out)
{
	return network_read(n, now_ms, id, arena, out, NULL);
}

static void test_fault_names(void **state)
{
	enum network_fault fault;

	(void)state;
	for (int i = 0; i < NETWORK_FAULT_COUNT; i++) {
		assert_true(
			network_fault_from_name(network_fault_name((enum network_fault)i), &fault));
		assert_int_equal(fault, i);
	}
	assert_false(network_fault_from_name("lost", &fault));
}

static void test_life_of_an_answered_call(void **state)
{
	static const struct {
		int64_t after_ms;
		enum call_status status;
		int64_t talk_ms;
	} cases[] = {
		{0, CALL_PENDING, -1},          {4999, CALL_PENDING, -1},
		{5000, CALL_IN_PROGRESS, -1},   {64999, CALL_IN_PROGRESS, -1},
		{65000, CALL_COMPLETED, 60000}, {99999, CALL_COMPLETED, 60000},
	};
	struct network_config config = sure_answer();
	struct network *n = network_new(&config);
	struct arena arena = {0};
	struct network_reply reply = place(n, START_MS, "+96891234567");

	(void)state;
	assert_int_equal(reply.answer, NETWORK_ACCEPTED);
	assert_int_equal(strlen(reply.call->id), 36);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct call_report report;
		assert_int_equal(read_call(n, START_MS + cases[i].after_ms, reply.call->id, &arena,
					   &report),
				 NETWORK_FOUND);
		assert_int_equal(report.status, cases[i].status);
		assert_int_equal(report.talk_ms, cases[i].talk_ms);
		assert_string_equal(report.ref, payment_values[2]);
		assert_string_equal(report.user_number, "+96891234567");
		assert_int_equal(report.utterance_count > 0, cases[i].status == CALL_COMPLETED);
		assert_int_equal(report.recording != NULL, cases[i].status == CALL_COMPLETED);
		assert_int_equal(report.has_cost, cases[i].status == CALL_COMPLETED);
	}
	struct call_report report;
	read_call(n, START_MS + 99999, reply.call->id, &arena, &report);
	assert_int_equal(report.cost.micro, 50000); /* one minute at 0.05 */
	assert_int_equal(reply.call->created_ms, START_MS);
	assert_int_equal(reply.call->answered_ms, START_MS + 5000);
	assert_int_equal(reply.call->ended_ms, START_MS + 65000);
	arena_free(&arena);
	network_free(n);
}

static void test_unanswered_calls(void **state)
{
	static const struct {
		double no_answer;
		enum call_status status;
		bool words;
	} cases[] = {{1, CALL_NO_ANSWER, false}, {0, CALL_FAILED, true}};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct network_config config = sure_answer();
		struct call_report report;

		config.rates.answer = 0;
		config.rates.no_answer = cases[i].no_answer;
		config.rates.failed = 1 - cases[i].no_answer;
		struct network *n = network_new(&config);
		struct network_reply reply = place(n, START_MS, "+96891234567");
		assert_int_equal(network_live_count(n), 1);
		read_call(n, START_MS + HOUR_MS, reply.call->id, &arena, &report);
		assert_int_equal(report.status, cases[i].status);
		assert_int_equal(report.words != NULL, cases[i].words);
		assert_int_equal(report.talk_ms, 0);
		assert_int_equal(report.cost.micro, 0);
		assert_null(report.recording);
		assert_int_equal(report.utterance_count, 0);
		assert_int_equal(network_live_count(n), 0);
		network_free(n);
	}
	arena_free(&arena);
}

static void test_time_never_goes_back(void **state)
{
	struct network_config config = sure_answer();
	struct network *n = network_new(&config);

	(void)state;
	place(n, START_MS, "+96891234567");
	network_advance(n, START_MS + HOUR_MS);
	assert_int_equal(place(n, START_MS, "+96891234568").call->asked_ms, START_MS + HOUR_MS);
	network_free(n);
}

static void test_next_event(void **state)
{
	struct network_config config = sure_answer();
	struct network *n = network_new(&config);

	(void)state;
	assert_int_equal(network_next_event_ms(n), INT64_MAX);
	const char *id = place(n, START_MS, "+96891234567").call->id;
	assert_int_equal(network_next_event_ms(n), START_MS + 5000);
	place(n, START_MS + 1000, "+96891234568");
	network_advance(n, START_MS + 5000);
	assert_int_equal(network_next_event_ms(n), START_MS + 6000);
	network_advance(n, START_MS + 6000);
	assert_int_equal(network_next_event_ms(n), START_MS + 65000);
	/* The end that was planned for an ended call is no event any more. */
	network_end(n, START_MS + 7000, id, NETWORK_TERMINATE);
	assert_int_equal(network_next_event_ms(n), START_MS + 66000);
	network_advance(n, START_MS + HOUR_MS);
	assert_int_equal(network_next_event_ms(n), INT64_MAX);
	network_free(n);
}

static void test_ending(void **state)
{
	static const struct {
		int64_t after_ms;
		enum network_ending how;
		enum network_end_result result;
		enum call_status status;
	} cases[] = {
		{1000, NETWORK_TERMINATE, NETWORK_END_DONE, CALL_TERMINATED},
		{9000, NETWORK_TERMINATE, NETWORK_END_DONE, CALL_TERMINATED},
		{1000, NETWORK_HANG_UP, NETWORK_END_DONE, CALL_NO_ANSWER},
		{9000, NETWORK_HANG_UP, NETWORK_END_DONE, CALL_COMPLETED},
		{70000, NETWORK_TERMINATE, NETWORK_END_OVER, CALL_COMPLETED},
		{70000, NETWORK_HANG_UP, NETWORK_END_OVER, CALL_COMPLETED},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct network_config config = sure_answer();
		struct network *n = network_new(&config);
		const struct network_call *call = place(n, START_MS, "+96891234567").call;
		int64_t at_ms = START_MS + cases[i].after_ms;

		assert_int_equal(network_end(n, at_ms, call->id, cases[i].how), cases[i].result);
		assert_int_equal(call->status, cases[i].status);
		assert_int_equal(network_live_count(n), 0);
		/* Nothing of its old future may happen to it. */
		network_advance(n, START_MS + HOUR_MS);
		assert_int_equal(call->status, cases[i].status);
		if (cases[i].result == NETWORK_END_DONE)
			assert_int_equal(call->ended_ms, at_ms);
		network_free(n);
	}
	struct network_config config = sure_answer();
	struct network *n = network_new(&config);
	assert_int_equal(network_end(n, START_MS, "nobody", NETWORK_TERMINATE),
			 NETWORK_END_UNKNOWN);
	network_free(n);
}

/* Place 500 calls, the numbers in the order given by `step`; write their fates in number order. */
static void run_fates(uint64_t seed, int step, struct network_call *out)
{
	struct network_config config;
	char to[PHONE_TEXT];

	network_config_init(&config);
	config.seed = seed;
	config.share[NETWORK_LOST_ANSWER] = 0.1;
	config.share[NETWORK_BAD_ROW] = 0.1;
	struct network *n = network_new(&config);
	for (int i = 0; i < 500; i++)
		place(n, START_MS, phone(i * step % 500, to));
	network_advance(n, START_MS + HOUR_MS);
	for (int i = 0; i < 500; i++) {
		struct network_call call = *network_call_at(n, (size_t)i);
		out[i * step % 500] = call;
	}
	network_free(n);
}

static bool same_fate(const struct network_call *a, const struct network_call *b)
{
	return strcmp(a->id, b->id) == 0 && a->status == b->status && a->faults == b->faults &&
	       a->answered_ms == b->answered_ms && a->ended_ms == b->ended_ms;
}

static void test_seed_decides_whatever_the_order(void **state)
{
	struct network_call one[500];
	struct network_call other[500];
	int same = 0;

	(void)state;
	run_fates(7, 1, one);
	run_fates(7, 7, other);
	for (int i = 0; i < 500; i++)
		assert_true(same_fate(&one[i], &other[i]));
	run_fates(8, 1, other);
	for (int i = 0; i < 500; i++)
		same += same_fate(&one[i], &other[i]);
	assert_in_range(same, 0, 5);
}

static void test_attempts_of_one_number_differ(void **state)
{
	struct network_config config;
	int answered = 0;

	(void)state;
	network_config_init(&config);
	struct network *n = network_new(&config);
	for (int i = 0; i < 200; i++)
		place(n, START_MS + i, "+96891234567");
	network_advance(n, START_MS + HOUR_MS);
	for (size_t i = 0; i < 200; i++)
		answered += network_call_at(n, i)->answered_ms > 0;
	assert_in_range(answered, 100, 150);
	network_free(n);
}

static void test_rates_over_ten_thousand_calls(void **state)
{
	struct network_config config;
	int count[CALL_STATUS_COUNT] = {0};
	int lost = 0;
	char to[PHONE_TEXT];

	(void)state;
	network_config_init(&config);
	config.share[NETWORK_LOST_ANSWER] = 0.06;
	struct network *n = network_new(&config);
	for (int i = 0; i < 10000; i++)
		place(n, START_MS + i * 100, phone(i, to));
	network_advance(n, START_MS + DAY_MS);
	for (size_t i = 0; i < 10000; i++) {
		const struct network_call *call = network_call_at(n, i);
		int64_t talk_ms = call->ended_ms - call->answered_ms;
		count[call->status]++;
		lost += !call->answer_known;
		if (call->status == CALL_COMPLETED)
			assert_in_range(talk_ms, 20 * SECOND_MS, 180 * SECOND_MS);
	}
	/* Four standard deviations: about 200 of 10,000. */
	assert_in_range(count[CALL_COMPLETED], 6000, 6400);
	assert_in_range(count[CALL_NO_ANSWER], 2620, 2980);
	assert_in_range(count[CALL_FAILED], 880, 1120);
	assert_in_range(lost, 500, 700);
	network_free(n);
}

static void test_placing_faults(void **state)
{
	static const struct {
		enum network_fault fault;
		enum network_answer answer;
		int status;
		int calls;       /* of 100 */
		int calls_later; /* once late ones have come to life */
		bool answer_known;
	} cases[] = {
		{NETWORK_LOST_ANSWER, NETWORK_LOST, 0, 100, 100, false},
		{NETWORK_LOST_REQUEST, NETWORK_LOST, 0, 0, 0, false},
		{NETWORK_LATE_CREATION, NETWORK_LOST, 0, 0, 100, false},
		{NETWORK_ERROR_500, NETWORK_BROKEN, 500, 100, 100, false},
		{NETWORK_HTML_502, NETWORK_PAGE, 502, 50, 50, false},
		{NETWORK_NO_ID, NETWORK_NAMELESS, 200, 100, 100, false},
		{NETWORK_TOO_MANY, NETWORK_REFUSED, 429, 0, 0, true},
		{NETWORK_BAD_ROW, NETWORK_REFUSED, 400, 0, 0, true},
	};

	(void)state;
	assert_int_equal(COUNT_OF(cases), NETWORK_PLACING_FAULTS);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct network_config config = sure_answer();
		int made = 0;
		int later = 0;
		char to[PHONE_TEXT];

		config.share[cases[i].fault] = 1;
		struct network *n = network_new(&config);
		for (int k = 0; k < 100; k++) {
			struct network_reply reply = place(n, START_MS, phone(k, to));
			assert_int_equal(reply.answer, cases[i].answer);
			assert_int_equal(reply.status, cases[i].status);
			assert_int_equal(reply.call->answer_known, cases[i].answer_known);
			assert_int_equal(reply.call->faults & 1u << cases[i].fault,
					 1u << cases[i].fault);
			assert_int_equal(reply.retry_after_ms,
					 reply.status == 429 ? config.retry_after_ms : 0);
			made += reply.call->created_ms > 0;
		}
		network_advance(n, START_MS + HOUR_MS);
		for (size_t k = 0; k < network_call_count(n); k++)
			later += network_call_at(n, k)->created_ms > 0;
		assert_in_range(made, cases[i].calls - 15 * (cases[i].calls == 50),
				cases[i].calls + 15 * (cases[i].calls == 50));
		assert_in_range(later, cases[i].calls_later - 15 * (cases[i].calls == 50),
				cases[i].calls_later + 15 * (cases[i].calls == 50));
		network_free(n);
	}
}

/* Asking again for one number is a new throw, and each fault has its own share. */
static void test_placing_faults_share_the_chance(void **state)
{
	struct network_config config = sure_answer();
	int lost = 0;
	int refused = 0;

	(void)state;
	config.share[NETWORK_LOST_REQUEST] = 0.3;
	config.share[NETWORK_TOO_MANY] = 0.4;
	struct network *n = network_new(&config);
	for (int i = 0; i < 1000; i++) {
		struct network_reply reply = place(n, START_MS, "+96891234567");
		lost += reply.answer == NETWORK_LOST;
		refused += reply.status == 429;
	}
	assert_in_range(lost, 240, 360);
	assert_in_range(refused, 340, 460);
	network_free(n);
}

static void test_late_creation_is_unknown_until_then(void **state)
{
	struct network_config config = sure_answer();
	struct arena arena = {0};
	struct call_report report;

	(void)state;
	config.share[NETWORK_LATE_CREATION] = 1;
	config.late_ms = 40 * SECOND_MS;
	struct network *n = network_new(&config);
	const struct network_call *call = place(n, START_MS, "+96891234567").call;
	assert_int_equal(read_call(n, START_MS, call->id, &arena, &report), NETWORK_UNKNOWN);
	assert_int_equal(network_live_count(n), 0);
	int64_t born_ms = network_next_event_ms(n);
	assert_in_range(born_ms, START_MS + 1, START_MS + 40 * SECOND_MS);
	assert_int_equal(read_call(n, born_ms, call->id, &arena, &report), NETWORK_FOUND);
	assert_int_equal(call->created_ms, born_ms);
	assert_int_equal(call->asked_ms, START_MS);
	assert_int_equal(network_live_count(n), 1);
	arena_free(&arena);
	network_free(n);
}

static void test_limit_and_bad_numbers(void **state)
{
	static const char *const bad[] = {"+96899999999"};
	struct network_config config = sure_answer();

	(void)state;
	config.live_limit = 2;
	config.bad_numbers = bad;
	config.bad_count = 1;
	struct network *n = network_new(&config);
	assert_int_equal(place(n, START_MS, "+96899999999").status, 400);
	assert_int_equal(place(n, START_MS, "+96891111111").status, 200);
	assert_int_equal(place(n, START_MS, "+96891111112").status, 200);
	assert_int_equal(place(n, START_MS, "+96891111113").status, 429);
	assert_int_equal(place(n, START_MS + 66000, "+96891111113").status, 200);
	network_free(n);
}

static void test_stuck_calls_end_only_by_hand(void **state)
{
	struct network_config config = sure_answer();

	(void)state;
	config.share[NETWORK_STUCK] = 1;
	for (int answered = 0; answered < 2; answered++) {
		config.rates.answer = answered;
		config.rates.no_answer = 1 - answered;
		struct network *n = network_new(&config);
		const struct network_call *call = place(n, START_MS, "+96891234567").call;
		network_advance(n, START_MS + 7 * DAY_MS);
		assert_int_equal(call->status, answered ? CALL_IN_PROGRESS : CALL_PENDING);
		assert_int_equal(network_end(n, START_MS + 8 * DAY_MS, call->id, NETWORK_TERMINATE),
				 NETWORK_END_DONE);
		assert_int_equal(call->status, CALL_TERMINATED);
		network_free(n);
	}
}

static void test_call_faults(void **state)
{
	struct arena arena = {0};
	struct call_report report;
	const int64_t over_ms = START_MS + HOUR_MS;

	(void)state;
	for (int fault = NETWORK_PLACING_FAULTS; fault < NETWORK_FAULT_COUNT; fault++) {
		struct network_config config = sure_answer();
		config.share[fault] = 1;
		struct network *n = network_new(&config);
		const char *id = place(n, START_MS, "+96891234567").call->id;
		enum network_reading live = read_call(n, START_MS + 1, id, &arena, &report);

		switch (fault) {
		case NETWORK_GONE:
			assert_int_equal(live, NETWORK_FOUND);
			assert_int_equal(read_call(n, over_ms, id, &arena, &report),
					 NETWORK_UNKNOWN);
			break;
		case NETWORK_LATE_TRANSCRIPT:
			for (int i = 0; i < 3; i++) {
				read_call(n, over_ms, id, &arena, &report);
				assert_int_equal(report.status, CALL_COMPLETED);
				assert_int_equal(report.utterance_count > 0, i == 2);
				assert_int_equal(report.recording != NULL, i == 2);
			}
			break;
		case NETWORK_UNKNOWN_WORD:
			assert_int_equal(report.status, CALL_UNKNOWN);
			assert_int_equal(call_status_from_text(report.status_text), CALL_UNKNOWN);
			read_call(n, over_ms, id, &arena, &report);
			assert_int_equal(report.status, CALL_COMPLETED);
			break;
		case NETWORK_FORWARDED:
			read_call(n, over_ms, id, &arena, &report);
			assert_int_equal(report.status, CALL_FORWARDED);
			break;
		case NETWORK_NO_COST:
			read_call(n, over_ms, id, &arena, &report);
			assert_false(report.has_cost);
			break;
		case NETWORK_READ_ERROR:
			assert_int_equal(live, NETWORK_NOT_NOW);
			break;
		default:
			assert_int_equal(live, NETWORK_FOUND);
		}
		network_free(n);
	}
	arena_free(&arena);
}

/* Ten minutes of one call a second; to every third agent "other". */
static struct network *busy_network(const struct network_config *config)
{
	struct network *n = network_new(config);
	char to[PHONE_TEXT];

	for (int i = 0; i < 600; i++) {
		struct network_reply reply;
		struct network_order order = {
			.to = phone(i, to),
			.agent_id = i % 3 ? AGENT : "other",
		};
		network_place(n, START_MS + i * SECOND_MS, &order, &reply);
	}
	network_advance(n, START_MS + 600 * SECOND_MS);
	return n;
}

static void test_list_filters(void **state)
{
	static const struct {
		struct network_query query;
		size_t used;
		size_t filtered;
	} cases[] = {
		{{.page = 1, .per_page = 100}, 100, 600},
		{{.page = 6, .per_page = 100}, 100, 600},
		{{.page = 7, .per_page = 100}, 0, 600},
		{{.page = 3, .per_page = 250}, 100, 600},
		/* Both limits are inclusive. */
		{{START_MS + 10000, START_MS + 19000, 0, NULL, 1, 100, false}, 10, 10},
		{{START_MS + 10001, START_MS + 18999, 0, NULL, 1, 100, false}, 8, 8},
		{{START_MS + 590000, 0, 0, NULL, 1, 100, false}, 10, 10},
		{{0, START_MS, 0, NULL, 1, 100, false}, 1, 1},
		{{.agent_id = "other", .page = 1, .per_page = 200}, 200, 200},
		{{.agent_id = "nobody", .page = 1, .per_page = 100}, 0, 0},
		/* A call rings for 5 s and talks for 60; one a second was placed, the last at
		 * 599. */
		{{.statuses = NETWORK_STATUS(CALL_PENDING), .page = 1, .per_page = 100}, 4, 4},
		{{.statuses = NETWORK_STATUS(CALL_IN_PROGRESS), .page = 1, .per_page = 100},
		 60,
		 60},
		{{.statuses = NETWORK_LIVE_STATUSES, .page = 1, .per_page = 50}, 50, 64},
		{{.statuses = NETWORK_LIVE_STATUSES, .page = 2, .per_page = 50}, 14, 64},
		{{.statuses = NETWORK_STATUS(CALL_COMPLETED), .page = 1, .per_page = 10}, 10, 536},
		{{.statuses = NETWORK_STATUS(CALL_FAILED), .page = 1, .per_page = 10}, 0, 0},
	};
	struct network_config config = sure_answer();
	struct network *n = busy_network(&config);
	struct network_line lines[250];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t filtered;
		size_t used = network_list(n, START_MS + 600 * SECOND_MS, &cases[i].query, lines,
					   &filtered);
		assert_int_equal(used, cases[i].used);
		assert_int_equal(filtered, cases[i].filtered);
		for (size_t k = 0; k + 1 < used; k++)
			assert_true(lines[k].call->created_ms < lines[k + 1].call->created_ms);
	}
	network_free(n);
}

/* The list shows the world as it was 20 s ago; Twilio's view does not lag. */
static void test_list_lags(void **state)
{
	struct network_config config = sure_answer();
	struct network_query all = {.page = 1, .per_page = 10};
	struct network_query live = {.statuses = NETWORK_LIVE_STATUSES, .page = 1, .per_page = 10};
	struct network_query fresh = {.page = 1, .per_page = 10, .fresh = true};
	static const struct {
		int64_t after_ms;
		size_t shown;
		enum call_status status;
		size_t shown_live;
	} cases[] = {
		{19999, 0, CALL_UNKNOWN, 0},     {20000, 1, CALL_PENDING, 1},
		{25000, 1, CALL_IN_PROGRESS, 1}, {84999, 1, CALL_IN_PROGRESS, 1},
		{85000, 1, CALL_COMPLETED, 0},
	};

	(void)state;
	config.stale_list_ms = 20 * SECOND_MS;
	struct network *n = network_new(&config);
	place(n, START_MS, "+96891234567");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct network_line lines[10];
		size_t filtered;
		int64_t now_ms = START_MS + cases[i].after_ms;

		assert_int_equal(network_list(n, now_ms, &live, lines, &filtered),
				 cases[i].shown_live);
		assert_int_equal(network_list(n, now_ms, &all, lines, &filtered), cases[i].shown);
		if (cases[i].shown > 0) {
			assert_int_equal(lines[0].status, cases[i].status);
			assert_string_equal(lines[0].status_text,
					    call_status_name(cases[i].status));
		}
		assert_int_equal(network_list(n, now_ms, &fresh, lines, &filtered), 1);
	}
	network_free(n);
}

static void test_duplicate_rows(void **state)
{
	struct network_config config = sure_answer();
	struct network_query query = {.page = 1, .per_page = 200};
	struct network_line lines[200];
	size_t filtered;
	size_t seen = 0;

	(void)state;
	config.share[NETWORK_DUPLICATE_ROW] = 0.5;
	struct network *n = busy_network(&config);
	for (size_t used = 200; used == 200; query.page++) {
		used = network_list(n, START_MS + 600 * SECOND_MS, &query, lines, &filtered);
		seen += used;
	}
	assert_int_equal(seen, filtered);
	assert_in_range(filtered, 840, 960);
	query = (struct network_query){.page = 1, .per_page = 200, .fresh = true};
	network_list(n, START_MS + 600 * SECOND_MS, &query, lines, &filtered);
	assert_int_equal(filtered, 600);
	network_free(n);
}

/* Random queries at random moments agree with a slow look at the whole record. */
static void test_list_agrees_with_the_record(void **state)
{
	struct network_config config;
	struct rng draw;
	char to[PHONE_TEXT];
	int64_t now_ms = START_MS;

	(void)state;
	network_config_init(&config);
	config.share[NETWORK_LATE_CREATION] = 0.2;
	config.share[NETWORK_STUCK] = 0.05;
	struct network *n = network_new(&config);
	rng_seed(&draw, 99);
	for (int i = 0; i < 2000; i++) {
		struct network_line lines[50];
		size_t filtered;
		size_t expected = 0;

		now_ms += (int64_t)rng_below(&draw, 3000);
		place(n, now_ms, phone(i, to));
		struct network_query query = {
			.from_ms = now_ms - (int64_t)rng_below(&draw, 600000),
			.to_ms = rng_below(&draw, 2) ? now_ms - (int64_t)rng_below(&draw, 100000)
						     : 0,
			.statuses = rng_below(&draw, 2) ? (unsigned)rng_below(&draw, 256) : 0,
			.page = 1,
			.per_page = 50,
		};
		network_list(n, now_ms, &query, lines, &filtered);
		for (size_t k = 0; k < network_call_count(n); k++) {
			const struct network_call *call = network_call_at(n, k);
			expected += call->created_ms > 0 && call->created_ms >= query.from_ms &&
				    (query.to_ms == 0 || call->created_ms <= query.to_ms) &&
				    (query.statuses == 0 ||
				     query.statuses & NETWORK_STATUS(call->status));
		}
		assert_int_equal(filtered, expected);
	}
	network_free(n);
}

struct talk_case {
	const char *scenario;
	const char *param;
	const char *value;
	const char *allowed; /* dispositions, in brackets */
	const char *fields;  /* outcome fields, in brackets */
	const char *spoken;  /* stands in every whole conversation */
};

static const struct talk_case talk_cases[] = {
	{"payment-reminder", "accountBalance", "27.350",
	 "[will_pay][already_paid][disputes][cannot_pay][callback][wants_human][wrong_number]"
	 "[not_available][voicemail][do_not_call]",
	 "[disposition][promisedDate][promisedAmount][reason][callbackTime][summary]", "27.350"},
	{"account-inquiry", "answer", "Fair use starts after 500.",
	 "[answered][not_satisfied][new_question][not_verified][callback][wants_human][wrong_"
	 "number]"
	 "[not_available][voicemail][do_not_call]",
	 "[disposition][score][openQuestion][callbackTime][summary]", "Fair use starts after 500."},
	{"service-upgrade", "offerPlan", "Mobile Max",
	 "[interested][not_interested][undecided][callback][wants_human][wrong_number]"
	 "[not_available][voicemail][do_not_call]",
	 "[disposition][preferredChannel][objection][callbackTime][summary]", "Mobile Max"},
	{"technical-support", "ticketNumber", "704418",
	 "[resolved][not_resolved][callback][wants_human][wrong_number]"
	 "[not_available][voicemail][do_not_call]",
	 "[disposition][stepsTried][preferredTime][score][summary]", "704418"},
	{"technical-support", "ticketStatus", "visit_planned",
	 "[visit_confirmed][visit_reschedule][callback][wants_human][wrong_number]"
	 "[not_available][voicemail][do_not_call]",
	 "[disposition][stepsTried][preferredTime][score][summary]", ""},
	{"survey", "x", "y",
	 "[agreed][declined][callback][wants_human][wrong_number][not_available][voicemail]"
	 "[do_not_call]",
	 "[disposition]", ""},
};

static bool in_brackets(const char *list, const char *word)
{
	char needle[64];

	snprintf(needle, sizeof(needle), "[%s]", word);
	return strstr(list, needle) != NULL;
}

/* Ends before the matter is named, or is no conversation at all. */
static bool is_brief(const char *disposition)
{
	return in_brackets("[callback][wrong_number][not_available][voicemail][do_not_call]"
			   "[not_verified]",
			   disposition);
}

static void check_talk(const struct talk_case *c, const struct call_report *report)
{
	const char *disposition = report->values[0].value;
	bool named = false;
	bool spoken = false;

	assert_string_equal(report->values[0].name, "disposition");
	assert_true(in_brackets(c->allowed, disposition));
	for (size_t i = 0; i < report->value_count; i++) {
		assert_true(in_brackets(c->fields, report->values[i].name));
		assert_null(strchr(report->values[i].value, '{'));
		assert_true(report->values[i].value[0] != '\0');
	}
	if (strcmp(disposition, "voicemail") != 0)
		assert_in_range(report->utterance_count, 6, 14);
	for (size_t i = 0; i < report->utterance_count; i++) {
		const char *text = report->utterances[i].text;
		assert_null(strpbrk(text, "{}|@"));
		assert_int_equal(utf8_check(text, strlen(text)), strlen(text));
		named |= strstr(text, "Maryam Al Balushi") != NULL;
		spoken |= strstr(text, c->spoken) != NULL;
	}
	assert_int_equal(report->utterances[0].speaker, SPEAKER_AGENT);
	assert_true(named);
	assert_true(spoken || is_brief(disposition));
}

static void test_talk_fits_the_scenario(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(talk_cases); i++) {
		const struct talk_case *c = &talk_cases[i];
		struct network_config config = sure_answer();
		struct network *n = network_new(&config);
		struct arena arena = {0};
		int refused = 0;

		for (int k = 0; k < 4000; k++) {
			const char *names[] = {"scenario", "language", "customerName", c->param};
			const char *values[] = {c->scenario, k % 2 ? "ar" : "en",
						"Maryam Al Balushi", c->value};
			struct network_order order = {.param_count = 4,
						      .param_names = names,
						      .param_values = values};
			struct network_reply reply;
			struct call_report report;
			char to[PHONE_TEXT];

			order.to = phone(k, to);
			network_place(n, START_MS + k * HOUR_MS, &order, &reply);
			read_call(n, START_MS + (k + 1) * HOUR_MS, reply.call->id, &arena, &report);
			check_talk(c, &report);
			refused += strcmp(report.values[0].value, "do_not_call") == 0;
			arena_reset(&arena);
		}
		assert_in_range(refused, 45, 120); /* about 2 % of 4,000 */
		arena_free(&arena);
		network_free(n);
	}
}

static void test_talk_is_the_same_at_every_reading(void **state)
{
	struct network_config config = sure_answer();
	struct network *n = network_new(&config);
	struct arena arena = {0};
	struct call_report first;
	struct call_report second;

	(void)state;
	const char *id = place(n, START_MS, "+96891234567").call->id;
	read_call(n, START_MS + HOUR_MS, id, &arena, &first);
	read_call(n, START_MS + DAY_MS, id, &arena, &second);
	assert_int_equal(first.utterance_count, second.utterance_count);
	for (size_t i = 0; i < first.utterance_count; i++)
		assert_string_equal(first.utterances[i].text, second.utterances[i].text);
	arena_free(&arena);
	network_free(n);
}

static void test_params_are_kept(void **state)
{
	struct network_config config = sure_answer();
	struct network *n = network_new(&config);
	const struct network_call *call = place(n, START_MS, "+96891234567").call;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct network_reply reply;
		const char *name = i % 2 ? "odd" : "even";
		const char *value = "v";
		struct network_order order = {"+96891234568", NULL, NULL, 1, &name, &value};
		network_place(n, START_MS, &order, &reply);
		assert_string_equal(network_call_param(reply.call, name), "v");
		assert_null(network_call_param(reply.call, i % 2 ? "even" : "odd"));
	}
	assert_int_equal(call->param_count, COUNT_OF(payment_names));
	for (size_t i = 0; i < call->param_count; i++)
		assert_string_equal(network_call_param(call, payment_names[i]), payment_values[i]);
	network_free(n);
}

struct told {
	int count[5];
	int64_t last_ms;
};

static void count_event(void *data, enum network_event event, int64_t at_ms,
			const struct network_call *call)
{
	struct told *told = data;

	assert_true(at_ms >= told->last_ms);
	assert_true(event == NETWORK_ASKED || call->created_ms > 0);
	told->last_ms = at_ms;
	told->count[event]++;
}

static void test_observer_hears_everything_in_order(void **state)
{
	struct network_config config;
	struct told told = {0};
	int created = 0;
	int answered = 0;
	char to[PHONE_TEXT];

	(void)state;
	network_config_init(&config);
	config.share[NETWORK_LATE_CREATION] = 0.1;
	config.share[NETWORK_BAD_ROW] = 0.1;
	struct network *n = network_new(&config);
	network_observe(n, count_event, &told);
	for (int i = 0; i < 1000; i++)
		place(n, START_MS + i * 700, phone(i, to));
	network_advance(n, START_MS + DAY_MS);
	for (size_t i = 0; i < 1000; i++) {
		created += network_call_at(n, i)->created_ms > 0;
		answered += network_call_at(n, i)->answered_ms > 0;
	}
	assert_int_equal(told.count[NETWORK_ASKED], 1000);
	assert_int_equal(told.count[NETWORK_CREATED], created);
	assert_int_equal(told.count[NETWORK_ANSWERED], answered);
	assert_int_equal(told.count[NETWORK_ENDED], created);
	network_end(n, START_MS + DAY_MS, network_call_at(n, 0)->id, NETWORK_TERMINATE);
	assert_int_equal(told.count[NETWORK_ENDING], network_call_at(n, 0)->created_ms > 0);
	network_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fault_names),
		cmocka_unit_test(test_life_of_an_answered_call),
		cmocka_unit_test(test_unanswered_calls),
		cmocka_unit_test(test_time_never_goes_back),
		cmocka_unit_test(test_next_event),
		cmocka_unit_test(test_ending),
		cmocka_unit_test(test_seed_decides_whatever_the_order),
		cmocka_unit_test(test_attempts_of_one_number_differ),
		cmocka_unit_test(test_rates_over_ten_thousand_calls),
		cmocka_unit_test(test_placing_faults),
		cmocka_unit_test(test_placing_faults_share_the_chance),
		cmocka_unit_test(test_late_creation_is_unknown_until_then),
		cmocka_unit_test(test_limit_and_bad_numbers),
		cmocka_unit_test(test_stuck_calls_end_only_by_hand),
		cmocka_unit_test(test_call_faults),
		cmocka_unit_test(test_list_filters),
		cmocka_unit_test(test_list_lags),
		cmocka_unit_test(test_duplicate_rows),
		cmocka_unit_test(test_list_agrees_with_the_record),
		cmocka_unit_test(test_talk_fits_the_scenario),
		cmocka_unit_test(test_talk_is_the_same_at_every_reading),
		cmocka_unit_test(test_params_are_kept),
		cmocka_unit_test(test_observer_hears_everything_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
