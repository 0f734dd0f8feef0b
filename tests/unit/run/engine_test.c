/*
 * The engine against a Hamsa that behaves in ways which are hard to come by: findings that come
 * minutes late, lists without an end, ids that are another call's. What a random world shows is the
 * storm's.
 */
#include "stage.h"

static bool suppressed(struct stage *s, const char *phone)
{
	bool found;

	must(ledger_suppression_has(s->ledger, phone, &found, &e));
	return found;
}

/* The customer says "never again"; Hamsa tells it minutes after the end. Until then nobody calls
 * the number, and then nobody ever does. */
static void test_never_again_comes_late(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\nb,+96891234567\n");
	struct arena arena = {0};

	(void)state;
	s->findings = "Do not call.";
	s->findings_reads = 7;
	stage_play(s, 2 * HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_int_equal(s->call_count, 1);
	assert_true(suppressed(s, "+96891234567"));
	assert_int_equal(stage_row(s, "a", &arena).outcome, OUTCOME_COMPLETED);
	assert_int_equal(stage_row(s, "b", &arena).reason, SKIP_SUPPRESSED);
	arena_free(&arena);
	stage_close(s);
}

/* The same, and the process dies while it waits. */
static void test_never_again_outlives_a_crash(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\nb,+96891234567\n");

	(void)state;
	s->findings = "do_not_call";
	s->findings_reads = 8;
	stage_play(s, 4 * MINUTE_MS);
	assert_int_equal(s->state, ENGINE_GOING);
	assert_false(suppressed(s, "+96891234567"));
	engine_free(s->engine);
	s->queued = 0;
	stage_start_engine(s);
	stage_play(s, 2 * HOUR_MS);
	assert_int_equal(s->call_count, 1);
	assert_true(suppressed(s, "+96891234567"));
	stage_close(s);
}

/* A person ends the call while the customer says it. */
static void test_never_again_in_a_terminated_call(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\n");

	(void)state;
	s->ending = CALL_TERMINATED;
	s->findings = "do_not_call";
	s->findings_reads = 6;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_true(suppressed(s, "+96891234567"));
	stage_close(s);
}

/* Findings that never come: the run ends in bounded time and says what is not known. */
static void test_findings_never_come(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\n");
	struct arena arena = {0};

	(void)state;
	s->findings = NULL;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_in_range(s->now_us / 1000, 8 * MINUTE_MS, 12 * MINUTE_MS);
	assert_int_equal(stage_row(s, "a", &arena).outcome, OUTCOME_COMPLETED);
	arena_free(&arena);
	stage_close(s);
}

/* A value that is none of the choices may mean "never again": the row is not called once more. */
static void test_unknown_value_is_not_retried(void **state)
{
	static const char retry[] = "retry: {attempts: 3, on: {failed: [1m]}}\n";
	static const struct {
		const char *findings;
		size_t calls;
	} cases[] = {{"agreed", 3}, {"dnc", 1}, {"do not call", 1}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stage *s = stage_open(retry, "a,+96891234567\n");
		s->ending = CALL_FAILED;
		s->findings = cases[i].findings;
		stage_play(s, HOUR_MS);
		assert_int_equal(s->state, ENGINE_FINISHED);
		assert_int_equal(s->call_count, cases[i].calls);
		stage_close(s);
	}
}

/* A list whose pages never end: the calls are read one by one, after a bounded number of pages, and
 * none is taken for stuck. */
static void test_list_without_end(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\nb,+96891234568\nc,+96891234569\n");

	(void)state;
	s->list_without_end = true;
	s->talk_ms = 4 * MINUTE_MS;
	stage_play(s, 30 * MINUTE_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_int_equal(s->requests[REQUEST_END], 0);
	assert_in_range(s->requests[REQUEST_LIST], 1, 20);
	stage_close(s);
}

/* What a step takes does not put off what is due after it. */
static void test_steps_take_no_time_from_the_pace(void **state)
{
	struct stage *s = stage_open("pace: {calls_per_minute: 60, live: 10}\n",
				     "a,+96891234567\nb,+96891234568\nc,+96891234569\n");

	(void)state;
	s->answer_us = 4000; /* more than the pace wins back */
	stage_play(s, 5 * SECOND_MS);
	assert_int_equal(s->call_count, 3);
	/* A second, and a fifth of a percent (model/pace.h). */
	assert_in_range(s->calls[2].placed_us - s->calls[1].placed_us, 1002000, 1002001);
	stage_close(s);
}

static void look(struct stage *s, const char *why)
{
	struct engine_view view;

	must(engine_look(s->engine, &view, &e));
	assert_string_equal(view.why, why);
}

/* What fills the cap is named for what it is. */
static void test_cap_of_doubts(void **state)
{
	struct stage *s = stage_open("pace: {calls_per_minute: 60, live: 2}\n",
				     "a,+96891234567\nb,+96891234568\nc,+96891234569\n");

	(void)state;
	s->loses_answer = true;
	s->list_fails = true;
	stage_play(s, 10 * SECOND_MS);
	look(s, "1 live and 1 in doubt, which may be up; the cap is 2");
	stage_close(s);
}

/* Intents that took long to be written down do not leave: what allowed them may be over. */
static void test_what_is_stale_does_not_leave(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\n");
	struct arena arena = {0};

	(void)state;
	s->writing_us = 3 * SECOND_MS * 1000;
	stage_play(s, 8 * SECOND_MS);
	assert_int_equal(s->call_count, 0);
	assert_int_equal(stage_row(s, "a", &arena).attempts, 0);
	s->writing_us = 0;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_int_equal(s->call_count, 1);
	arena_free(&arena);
	stage_close(s);
}

/* Nor do those whose hours have closed meanwhile, by however little. */
static void test_hours_close_while_it_is_written_down(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\n");

	(void)state;
	s->now_us = 14 * HOUR_MS * 1000 - 500000; /* half a second before midnight */
	s->writing_us = 600000;
	stage_play(s, 2 * SECOND_MS);
	assert_int_equal(s->call_count, 0);
	stage_play(s, DAY_MS);
	assert_int_equal(s->call_count, 1);
	assert_in_range(s->calls[0].placed_us / 1000, 23 * HOUR_MS, 23 * HOUR_MS + MINUTE_MS);
	stage_close(s);
}

/* One call waits for a connection: no other starts before it has left, and then an interval later.
 */
static void test_pace_counts_what_has_left(void **state)
{
	struct stage *s = stage_open("pace: {calls_per_minute: 60, live: 10}\n",
				     "a,+96891234567\nb,+96891234568\nc,+96891234569\n");

	(void)state;
	s->unsent = 1;
	for (int i = 0; i < 5; i++)
		stage_play(s, SECOND_MS);
	assert_int_equal(s->call_count, 1);
	look(s, "a call waits for a connection to Hamsa");
	int64_t left_us = s->now_us;
	s->unsent = 0;
	stage_play(s, 4 * SECOND_MS);
	assert_int_equal(s->call_count, 3);
	assert_true(s->calls[1].placed_us - left_us >= SECOND_MS * 1000);
	stage_close(s);
}

/* The canary judges rows: one that is called five times is one. */
static void test_canary_counts_rows(void **state)
{
	struct stage *s = stage_open("pace: {calls_per_minute: 1, live: 10}\n"
				     "retry: {attempts: 5, on: {failed: [1s]}}\n"
				     "guard: {breaker: {failures: 0%}, "
				     "canary: {rows: 2, min_answered: 50%}}\n",
				     "a,+96891234567\nb,+96891234568\nc,+96891234569\n");

	(void)state;
	s->ending = CALL_FAILED;
	s->talk_ms = 5 * SECOND_MS;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_GUARDED);
	assert_int_equal(s->call_count, 6);
	assert_string_equal(s->calls[4].to, "+96891234567");
	assert_string_equal(s->calls[5].to, "+96891234568");
	stage_close(s);
}

/* A budget holds also where nobody says what a call has cost: it counts as what was expected. */
static void test_budget_without_costs(void **state)
{
	struct stage *s = stage_open("guard: {budget: 0.1}\n",
				     "a,+96891234567\nb,+96891234568\nc,+96891234569\n");
	struct engine_view view;

	(void)state;
	s->hides_length = true;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_GUARDED);
	assert_int_equal(s->call_count, 1);
	must(engine_look(s->engine, &view, &e));
	assert_true(view.cost.micro > 50000);
	stage_close(s);
}

/* A person says stop, and Hamsa answers nothing any more: nobody is waited for for ever. While it
 * does answer, calls are followed to their end. */
static void test_stop_during_an_outage(void **state)
{
	(void)state;
	for (int outage = 0; outage < 2; outage++) {
		struct stage *s = stage_open("", "a,+96891234567\nb,+96891234568\n");
		s->talk_ms = 4 * MINUTE_MS;
		stage_play(s, 8 * SECOND_MS);
		assert_int_equal(s->call_count, 2);
		s->list_fails = outage;
		s->reads_fail = outage;
		engine_stop(s->engine);
		stage_play(s, HOUR_MS);
		assert_int_equal(s->state, outage ? ENGINE_LEFT : ENGINE_FINISHED);
		if (outage)
			assert_in_range(s->now_us / 1000, MINUTE_MS, 2 * MINUTE_MS);
		stage_close(s);
	}
}

/* Longer than any agent allows, as far as nida can see: it is asked before it is ended. */
static void test_stuck_is_read_first(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\n");
	struct arena arena = {0};

	(void)state;
	s->talk_ms = 20 * MINUTE_MS;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_int_equal(s->requests[REQUEST_END], 1);
	assert_int_equal(stage_row(s, "a", &arena).outcome, OUTCOME_LOST);
	/* The agent's own 5 minutes, 2 for ringing, 2 of grace. */
	assert_in_range(s->now_us / 1000, 9 * MINUTE_MS, 10 * MINUTE_MS);
	arena_free(&arena);
	stage_close(s);
}

/* It does not end, whoever asks: given up, and the run with it. */
static void test_call_that_refuses_to_end(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\n");
	struct arena arena = {0};

	(void)state;
	s->talk_ms = 100 * HOUR_MS;
	s->never_ends = true;
	stage_play(s, 2 * HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_in_range(s->requests[REQUEST_END], 2, 10);
	assert_int_equal(stage_row(s, "a", &arena).outcome, OUTCOME_LOST);
	arena_free(&arena);
	stage_close(s);
}

/* The list cannot be read for as long as the run lasts: calls are read one by one. */
static void test_list_fails_for_minutes(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\nb,+96891234568\nc,+96891234569\n");
	struct arena arena = {0};

	(void)state;
	s->list_fails = true;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_in_range(s->now_us / 1000, MINUTE_MS, 3 * MINUTE_MS);
	assert_int_equal(stage_row(s, "c", &arena).outcome, OUTCOME_COMPLETED);
	arena_free(&arena);
	stage_close(s);
}

/* The key is revoked while calls are live: nobody else is called, and the run gives up on a guard;
 * the live calls are kept for a later start. */
static void test_key_revoked(void **state)
{
	struct stage *s = stage_open("pace: {calls_per_minute: 6}\n",
				     "a,+96891234567\nb,+96891234568\nc,+96891234569\n"
				     "d,+96891234560\n");
	struct arena arena = {0};

	(void)state;
	stage_play(s, 15 * SECOND_MS);
	assert_int_equal(s->call_count, 2);
	s->refuses_key = true;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_GUARDED);
	assert_in_range(s->call_count, 2, 3);
	assert_int_equal(stage_row(s, "a", &arena).state, CONTACT_LIVE);
	assert_int_equal(stage_row(s, "d", &arena).state, CONTACT_PENDING);

	s->refuses_key = false;
	engine_free(s->engine);
	s->queued = 0;
	stage_start_engine(s);
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_int_equal(stage_row(s, "a", &arena).outcome, OUTCOME_COMPLETED);
	arena_free(&arena);
	stage_close(s);
}

/* The very first answer is lost, and Hamsa's clock is minutes behind ours: the call is found all
 * the same, and nobody is called twice. */
static void test_first_answer_lost_clock_behind(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\nb,+96891234568\n");
	struct arena arena = {0};

	(void)state;
	s->loses_answer = true;
	s->clock_behind_ms = 5 * MINUTE_MS;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_int_equal(s->call_count, 2);
	assert_int_equal(stage_row(s, "a", &arena).outcome, OUTCOME_COMPLETED);
	arena_free(&arena);
	stage_close(s);
}

/* One call cannot be read, though the list says that it is over: it must not hold up the others for
 * ever. */
static void test_call_that_cannot_be_read(void **state)
{
	struct stage *s = stage_open("pace: {calls_per_minute: 60, live: 1}\n",
				     "a,+96891234567\nb,+96891234568\n");
	struct arena arena = {0};

	(void)state;
	s->hides_first = true;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_int_equal(s->call_count, 2);
	assert_int_equal(stage_row(s, "a", &arena).outcome, OUTCOME_COMPLETED);
	assert_non_null(strstr(stage_row(s, "a", &arena).detail, "does not give it out"));
	assert_int_equal(stage_row(s, "b", &arena).outcome, OUTCOME_COMPLETED);
	arena_free(&arena);
	stage_close(s);
}

/* Nothing can be read for half an hour: that is an outage, and no call is given up for it. */
static void test_outage(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\n");
	struct arena arena = {0};

	(void)state;
	stage_play(s, 10 * SECOND_MS);
	s->hides_first = s->list_fails = true;
	stage_play(s, 30 * MINUTE_MS);
	assert_int_equal(s->state, ENGINE_GOING);
	s->hides_first = s->list_fails = false;
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_int_equal(stage_row(s, "a", &arena).outcome, OUTCOME_COMPLETED);
	assert_int_equal(s->requests[REQUEST_END], 0);
	arena_free(&arena);
	stage_close(s);
}

/* A reply that is about another call is not believed. */
static void test_reply_of_another_call(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\nb,+96891234568\n");

	(void)state;
	s->findings = "do_not_call";
	s->mixes_up = true;
	stage_play(s, 3 * HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_true(suppressed(s, "+96891234567"));
	assert_false(suppressed(s, "+96891234568"));
	stage_close(s);
}

/* The answer to a placing is lost, the call exists, and the list writes things in its own way:
 * found all the same, or left to a person, but never called again. */
static void test_list_in_another_form(void **state)
{
	static const struct {
		const char *agent;
		bool national;
		enum contact_state state; /* of the call in doubt */
	} cases[] = {
		{"AGENT-1", false, CONTACT_DONE},
		{"agent-1", true, CONTACT_DONE},
		{"another version of it", false, CONTACT_IN_DOUBT},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct stage *s = stage_open("pace: {calls_per_minute: 6}\n",
					     "a,+96891234567\nb,+96891234568\nc,+96891234569\n");
		struct arena arena = {0};

		s->list_agent = cases[i].agent;
		s->list_national = cases[i].national;
		stage_play(s, 5 * SECOND_MS);
		s->loses_answer = true;
		stage_play(s, 3 * HOUR_MS);
		assert_int_equal(s->state, ENGINE_FINISHED);
		assert_int_equal(s->call_count, 3);
		assert_int_equal(stage_row(s, "b", &arena).state, cases[i].state);
		arena_free(&arena);
		stage_close(s);
	}
}

/* Between two starts the key became one of another project, whose list lacks the call in doubt. */
static void test_another_project(void **state)
{
	struct stage *s = stage_open("pace: {calls_per_minute: 6}\n",
				     "a,+96891234567\nb,+96891234568\nc,+96891234569\n");
	struct arena arena = {0};

	(void)state;
	s->project = "p-1";
	s->loses_answer = true;
	stage_play(s, SECOND_MS);
	assert_int_equal(stage_row(s, "a", &arena).state, CONTACT_IN_DOUBT);
	engine_free(s->engine);
	s->queued = 0;
	s->project = "p-2";
	stage_start_engine(s);
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_GUARDED);
	assert_non_null(strstr(engine_stop_words(s->engine), "placed in the project p-1"));
	assert_int_equal(s->call_count, 1);
	/* With the first key it goes on. */
	engine_free(s->engine);
	s->queued = 0;
	s->project = "p-1";
	stage_start_engine(s);
	stage_play(s, HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_int_equal(s->call_count, 3);
	arena_free(&arena);
	stage_close(s);
}

/* What is in doubt cannot be looked up, and nothing else keeps the run going: it ends after a
 * while, and a person has to look. */
static void test_doubt_that_cannot_be_looked_up(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\n");
	struct arena arena = {0};

	(void)state;
	s->loses_answer = true;
	s->list_fails = true;
	stage_play(s, 3 * HOUR_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	assert_in_range(s->now_us / 1000, 14 * MINUTE_MS, HOUR_MS);
	assert_int_equal(stage_row(s, "a", &arena).state, CONTACT_IN_DOUBT);
	arena_free(&arena);
	stage_close(s);
}

/* Nobody can be called, and the hours are closed: the run is over all the same. */
static void test_nobody_to_call_outside_hours(void **state)
{
	struct stage *s = stage_open("pace: {calls_per_minute: 60}\n", "a,12\n");

	(void)state;
	s->now_us = -2 * HOUR_MS * 1000;
	stage_play(s, MINUTE_MS);
	assert_int_equal(s->state, ENGINE_FINISHED);
	stage_close(s);
}

/* Hamsa accepts a call under an id that is another's, and its list shows later calls of ours: for
 * any other doubt that would prove that there is none. */
static void test_accepted_under_a_strange_id(void **state)
{
	struct stage *s = stage_open("pace: {calls_per_minute: 1}\n",
				     "a,+96891234567\nb,+96891234568\nc,+96891234569\n");
	struct arena arena = {0};

	(void)state;
	s->one_id_for_all = true;
	stage_play(s, 90 * SECOND_MS);
	assert_int_equal(s->call_count, 2);
	assert_int_equal(stage_row(s, "b", &arena).state, CONTACT_IN_DOUBT);
	s->one_id_for_all = false;
	s->hides_calls = true;
	engine_free(s->engine);
	s->queued = 0;
	stage_start_engine(s);
	stage_play(s, 2 * HOUR_MS);
	assert_int_equal(s->call_count, 3);
	assert_int_equal(stage_row(s, "b", &arena).state, CONTACT_IN_DOUBT);
	assert_int_equal(stage_row(s, "c", &arena).state, CONTACT_DONE);
	arena_free(&arena);
	stage_close(s);
}

/* Calls that fail end at once, those that work talk for a while: a breaker that saw ends alone
 * would see failures only. */
static void test_breaker_sees_who_talks(void **state)
{
	struct stage *s = stage_open("pace: {calls_per_minute: 12}\n"
				     "guard: {breaker: {failures: 75%, of_last: 4}}\n",
				     "a,+96891234561\nb,+96891234562\nc,+96891234563\n"
				     "d,+96891234564\ne,+96891234565\nf,+96891234566\n"
				     "g,+96891234567\nh,+96891234568\n");

	(void)state;
	s->odd_calls_fail = true;
	s->talk_ms = 4 * MINUTE_MS;
	stage_play(s, MINUTE_MS);
	assert_int_equal(s->call_count, 8);
	assert_string_equal(engine_stop_words(s->engine), "");
	/* Those that talked fail after all. */
	s->ending = CALL_FAILED;
	stage_play(s, 5 * MINUTE_MS);
	assert_non_null(strstr(engine_stop_words(s->engine), "breaker"));
	stage_close(s);
}

/* A campaign that no longer fits what the run was frozen with: the ledger does not know where in
 * the list the header stood. */
static void test_header_of_the_ledger(void **state)
{
	struct stage *s = stage_open("", "a,+96891234567\n");
	struct err lacking;

	(void)state;
	assert_false(freeze_rebind(s->plan, "[\"key\",\"telephone\"]", &lacking));
	assert_non_null(strstr(lacking.text, "the header that the run began with lacks columns"));
	assert_non_null(strstr(lacking.text, "list.phone: 'mobile'"));
	assert_null(strstr(lacking.text, "line"));
	assert_null(strstr(lacking.text, "further down"));
	must(freeze_rebind(s->plan, "[\"id\",\"mobile\"]", &e));
	stage_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_again_comes_late),
		cmocka_unit_test(test_never_again_outlives_a_crash),
		cmocka_unit_test(test_never_again_in_a_terminated_call),
		cmocka_unit_test(test_findings_never_come),
		cmocka_unit_test(test_unknown_value_is_not_retried),
		cmocka_unit_test(test_list_without_end),
		cmocka_unit_test(test_steps_take_no_time_from_the_pace),
		cmocka_unit_test(test_cap_of_doubts),
		cmocka_unit_test(test_canary_counts_rows),
		cmocka_unit_test(test_what_is_stale_does_not_leave),
		cmocka_unit_test(test_hours_close_while_it_is_written_down),
		cmocka_unit_test(test_pace_counts_what_has_left),
		cmocka_unit_test(test_budget_without_costs),
		cmocka_unit_test(test_stop_during_an_outage),
		cmocka_unit_test(test_stuck_is_read_first),
		cmocka_unit_test(test_call_that_refuses_to_end),
		cmocka_unit_test(test_list_fails_for_minutes),
		cmocka_unit_test(test_key_revoked),
		cmocka_unit_test(test_first_answer_lost_clock_behind),
		cmocka_unit_test(test_call_that_cannot_be_read),
		cmocka_unit_test(test_outage),
		cmocka_unit_test(test_reply_of_another_call),
		cmocka_unit_test(test_list_in_another_form),
		cmocka_unit_test(test_another_project),
		cmocka_unit_test(test_doubt_that_cannot_be_looked_up),
		cmocka_unit_test(test_nobody_to_call_outside_hours),
		cmocka_unit_test(test_accepted_under_a_strange_id),
		cmocka_unit_test(test_breaker_sees_who_talks),
		cmocka_unit_test(test_header_of_the_ledger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
