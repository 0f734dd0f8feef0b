/*
 * Every change of an attempt and its contact: the states on both sides, the totals, the tally, and
 * what the database refuses when the code above it is wrong.
 */
#include "desk.h"

#include "ledger/rows.h"

#include <sqlite3.h>

#define SID "CA0123456789abcdef0123456789abcdef"

static void expect_state(struct desk *d, const char *key, enum contact_state state)
{
	assert_string_equal(contact_state_name(desk_get(d, key).state), contact_state_name(state));
}

static void expect_tally(struct desk *d, int64_t pending, int64_t placing, int64_t live,
			 int64_t in_doubt, int64_t done)
{
	struct tally t = desk_tally(d);

	assert_int_equal(t.state[CONTACT_PENDING], pending);
	assert_int_equal(t.state[CONTACT_PLACING], placing);
	assert_int_equal(t.state[CONTACT_LIVE], live);
	assert_int_equal(t.state[CONTACT_IN_DOUBT], in_doubt);
	assert_int_equal(t.state[CONTACT_DONE], done);
	assert_int_equal(t.rows,
			 pending + placing + live + in_doubt + done + t.state[CONTACT_SKIPPED]);
}

static struct run run_of(struct desk *d)
{
	struct run run;

	must(ledger_run_get(d->l, d->run, &d->arena, &run, &e));
	return run;
}

static void test_answered_call(void **state)
{
	struct desk *d = desk_open();
	struct utterance said[] = {{SPEAKER_AGENT, "مرحبا \"سالم\""}, {SPEAKER_CUSTOMER, "نعم\n"}};
	struct outcome_value values[] = {{"disposition", "will_pay"}};
	struct call_report report = {
		.status = CALL_COMPLETED,
		.status_text = "COMPLETED",
		.talk_ms = 61000,
		.recording = "https://example.com/a.mp3",
		.utterance_count = 2,
		.utterances = said,
		.value_count = 1,
		.values = values,
		.raw = "{}",
	};

	(void)state;
	desk_fill(d, 2);
	int64_t id = desk_intend(d, "k1", T0 + 5);
	expect_state(d, "k1", CONTACT_PLACING);
	expect_tally(d, 1, 1, 0, 0, 0);
	assert_int_equal(run_of(d).calls, 1);
	assert_int_equal(run_of(d).last_intent_ms, T0 + 5);

	must(ledger_attempt_accepted(d->l, id, "job-1", "{\"id\":1}", T0 + 6, &e));
	expect_state(d, "k1", CONTACT_LIVE);
	must(ledger_attempt_status(d->l, id, "IN_PROGRESS", T0 + 7, &e));
	must(ledger_attempt_ended(d->l, id, OUTCOME_COMPLETED, &report, (struct decimal){50000}, "",
				  -1, T0 + 8, &e));
	expect_state(d, "k1", CONTACT_DONE);
	expect_tally(d, 1, 0, 0, 0, 1);
	assert_int_equal(desk_tally(d).outcome[OUTCOME_COMPLETED], 1);
	struct run run = run_of(d);
	assert_int_equal(run.answered, 1);
	assert_int_equal(run.talk_ms, 61000);
	assert_int_equal(run.cost.micro, 50000);
	assert_int_equal(desk_get(d, "k1").attempts, 1);
	desk_close(d);
}

static void test_retry_goes_back_to_pending(void **state)
{
	struct desk *d = desk_open();
	struct contact due[4];
	size_t count;

	(void)state;
	desk_fill(d, 2);
	int64_t id = desk_intend(d, "k1", T0);
	must(ledger_attempt_accepted(d->l, id, "job-1", "", T0, &e));
	must(ledger_attempt_ended(d->l, id, OUTCOME_NO_ANSWER, NULL, (struct decimal){0}, "",
				  T0 + 1000, T0, &e));
	expect_tally(d, 2, 0, 0, 0, 0);
	assert_int_equal(desk_get(d, "k1").attempts, 1);

	/* Before its time the other one alone is due; after it the retry comes first. */
	must(ledger_contacts_due(d->l, d->run, T0 + 999, 4, &d->arena, due, &count, &e));
	assert_int_equal(count, 1);
	assert_string_equal(due[0].key, "k2");
	must(ledger_contacts_due(d->l, d->run, T0 + 1000, 4, &d->arena, due, &count, &e));
	assert_int_equal(count, 2);
	assert_string_equal(due[0].key, "k1");
	int64_t next_ms;
	must(ledger_contacts_next_due(d->l, d->run, T0, &next_ms, &e));
	assert_int_equal(next_ms, T0 + 1000);
	desk_close(d);
}

struct costs {
	size_t count;
	struct row_attempt of[8];
};

static bool note_cost(void *data, const struct row *row, struct err *e)
{
	struct costs *costs = data;

	(void)e;
	for (size_t i = 0; i < row->attempt_count; i++)
		costs->of[costs->count++] = row->attempts[i];
	return true;
}

/* The provider's figure, an estimate and none at all are told apart. */
static void test_whose_cost(void **state)
{
	static const struct {
		bool reported;
		bool given;
		int64_t micro;
		bool has_cost;
		bool estimated;
	} cases[] = {
		{true, true, 50000, true, false}, {true, true, 0, true, false},
		{true, false, 50000, true, true}, {true, false, 0, false, false},
		{false, false, 0, false, false},
	};
	struct desk *d = desk_open();
	struct costs costs = {0};
	int64_t sum = 0;

	(void)state;
	desk_fill(d, (int)COUNT_OF(cases));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct call_report report = {
			.status = CALL_COMPLETED,
			.status_text = "COMPLETED",
			.talk_ms = 1000,
			.has_cost = cases[i].given,
			.cost = {cases[i].micro},
		};
		char key[8];
		char job[16];
		snprintf(key, sizeof(key), "k%zu", i + 1);
		snprintf(job, sizeof(job), "job-%zu", i);
		int64_t id = desk_intend(d, key, T0);
		must(ledger_attempt_accepted(d->l, id, job, "", T0, &e));
		must(ledger_attempt_ended(d->l, id, OUTCOME_COMPLETED,
					  cases[i].reported ? &report : NULL,
					  (struct decimal){cases[i].micro}, "", -1, T0, &e));
		sum += cases[i].micro;
	}
	must(ledger_rows_each(d->l, d->run, note_cost, &costs, &e));
	assert_int_equal(costs.count, COUNT_OF(cases));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(costs.of[i].has_cost, cases[i].has_cost);
		assert_int_equal(costs.of[i].cost.micro, cases[i].micro);
		assert_int_equal(costs.of[i].cost_estimated, cases[i].estimated);
	}
	assert_int_equal(run_of(d).cost.micro, sum);
	desk_close(d);
}

/* Any limit can be asked for: the nth call counted back, void ones left out. */
static void test_attempts_of_a_number(void **state)
{
	enum { CALLS = 700 };
	struct desk *d = desk_open();
	int64_t at_ms;

	(void)state;
	desk_fill(d, 2);
	must(ledger_begin(d->l, &e));
	for (int i = 1; i <= CALLS; i++) {
		int64_t id = desk_intend(d, "k1", T0 + i);
		must(ledger_attempt_void(d->l, id, "not_sent", "", T0, T0, &e));
		id = desk_intend(d, "k1", T0 + i);
		char job[16];
		snprintf(job, sizeof(job), "job-%d", i);
		must(ledger_attempt_accepted(d->l, id, job, "", T0, &e));
		must(ledger_attempt_ended(d->l, id, OUTCOME_NO_ANSWER, NULL, (struct decimal){0},
					  "", T0, T0, &e));
	}
	must(ledger_commit(d->l, &e));
	const char *phone = desk_get(d, "k1").phone;
	for (int nth = 1; nth <= CALLS; nth++) {
		must(ledger_attempt_of_phone(d->l, phone, nth, &at_ms, &e));
		assert_int_equal(at_ms, T0 + CALLS + 1 - nth);
	}
	must(ledger_attempt_of_phone(d->l, phone, CALLS + 1, &at_ms, &e));
	assert_int_equal(at_ms, 0);
	must(ledger_attempt_of_phone(d->l, desk_get(d, "k2").phone, 1, &at_ms, &e));
	assert_int_equal(at_ms, 0);
	desk_close(d);
}

static void test_void_does_not_count(void **state)
{
	static const char *const whys[] = {"not_sent", "slow_down", "stopped"};
	struct desk *d = desk_open();

	(void)state;
	desk_fill(d, 1);
	for (size_t i = 0; i < COUNT_OF(whys); i++) {
		int64_t id = desk_intend(d, "k1", T0);
		must(ledger_attempt_void(d->l, id, whys[i], "words", T0 + 1, T0, &e));
		expect_tally(d, 1, 0, 0, 0, 0);
		assert_int_equal(desk_get(d, "k1").attempts, 0);
		assert_int_equal(run_of(d).calls, 0);
	}
	desk_close(d);
}

static void test_doubt_and_its_ends(void **state)
{
	struct desk *d = desk_open();

	(void)state;
	desk_fill(d, 2);
	int64_t found = desk_intend(d, "k1", T0);
	int64_t absent = desk_intend(d, "k2", T0);
	must(ledger_attempt_doubt(d->l, found, "reset", T0, &e));
	must(ledger_attempt_doubt(d->l, absent, "reset", T0, &e));
	expect_tally(d, 0, 0, 0, 2, 0);
	struct arena arena = {0};
	struct busy_call busy;
	must(ledger_phone_busy(d->l, "+96890000001", &arena, &busy, &e));
	assert_int_equal(busy.since_ms, T0);
	assert_int_equal(busy.run_id, d->run);
	assert_int_equal(busy.state, ATTEMPT_IN_DOUBT);
	assert_string_equal(busy.key, "k1");

	must(ledger_attempt_accepted(d->l, found, "job-7", "", T0, &e));
	must(ledger_attempt_void(d->l, absent, "absent", "", T0, T0, &e));
	expect_state(d, "k1", CONTACT_LIVE);
	expect_state(d, "k2", CONTACT_PENDING);
	must(ledger_phone_busy(d->l, "+96890000002", &arena, &busy, &e));
	assert_int_equal(busy.since_ms, 0);
	arena_free(&arena);
	int64_t id;
	must(ledger_attempt_by_job(d->l, "job-7", &id, &e));
	assert_int_equal(id, found);
	must(ledger_attempt_by_job(d->l, "job-8", &id, &e));
	assert_int_equal(id, 0);
	desk_close(d);
}

static void test_refused_is_final(void **state)
{
	struct desk *d = desk_open();

	(void)state;
	desk_fill(d, 1);
	int64_t id = desk_intend(d, "k1", T0);
	must(ledger_attempt_refused(d->l, id, "no such number", T0, &e));
	expect_tally(d, 0, 0, 0, 0, 1);
	assert_int_equal(desk_tally(d).outcome[OUTCOME_FAILED], 1);
	assert_string_equal(desk_get(d, "k1").detail, "no such number");
	desk_close(d);
}

static bool count_open(void *data, const struct attempt *a, struct err *e)
{
	(void)a;
	(void)e;
	++*(int *)data;
	return true;
}

static void test_open_attempts_survive(void **state)
{
	struct desk *d = desk_open();
	int open = 0;

	(void)state;
	desk_fill(d, 3);
	must(ledger_attempt_accepted(d->l, desk_intend(d, "k1", T0), "job-1", "", T0, &e));
	must(ledger_attempt_doubt(d->l, desk_intend(d, "k2", T0), "", T0, &e));
	(void)desk_intend(d, "k3", T0);
	ledger_close(d->l);
	must(ledger_open(d->path, LEDGER_WRITE, &d->l, &e));
	must(ledger_attempts_open(d->l, d->run, count_open, &open, &e));
	assert_int_equal(open, 3);
	desk_close(d);
}

static bool expect_rows(void *data, const struct row *row, struct err *e)
{
	int64_t *seen = data;

	(void)e;
	assert_int_equal(row->contact.ordinal, ++*seen);
	if (row->contact.ordinal == 1) {
		assert_int_equal(row->attempt_count, 1);
		assert_string_equal(row->attempts[0].transcript, "[\"agent\",\"hello\"]");
		assert_string_equal(row->attempts[0].values, "[\"disposition\",\"will_pay\"]");
	} else {
		/* A void attempt never rang: reports do not show it. */
		assert_int_equal(row->attempt_count, 0);
	}
	return true;
}

static void test_rows_in_list_order(void **state)
{
	struct desk *d = desk_open();
	struct utterance said[] = {{SPEAKER_AGENT, "hello"}};
	struct outcome_value values[] = {{"disposition", "will_pay"}};
	struct call_report report = {.talk_ms = -1,
				     .utterance_count = 1,
				     .utterances = said,
				     .value_count = 1,
				     .values = values};
	int64_t seen = 0;

	(void)state;
	desk_fill(d, 3);
	must(ledger_attempt_void(d->l, desk_intend(d, "k2", T0), "not_sent", "", T0, T0, &e));
	int64_t id = desk_intend(d, "k1", T0);
	must(ledger_attempt_accepted(d->l, id, "job-1", "", T0, &e));
	must(ledger_attempt_ended(d->l, id, OUTCOME_COMPLETED, &report, (struct decimal){0}, "", -1,
				  T0, &e));
	must(ledger_rows_each(d->l, d->run, expect_rows, &seen, &e));
	assert_int_equal(seen, 3);
	desk_close(d);
}

static void test_the_last_minute(void **state)
{
	struct desk *d = desk_open();
	int64_t count;

	(void)state;
	desk_fill(d, 4);
	(void)desk_intend(d, "k1", T0);
	must(ledger_attempt_void(d->l, desk_intend(d, "k2", T0 + 1000), "not_sent", "", T0, T0,
				 &e));
	(void)desk_intend(d, "k3", T0 + 2000);
	(void)desk_intend(d, "k4", T0 + 3000);
	must(ledger_attempts_since(d->l, d->run, T0, &count, &e));
	assert_int_equal(count, 3); /* the void one never rang */
	must(ledger_attempts_since(d->l, d->run, T0 + 1, &count, &e));
	assert_int_equal(count, 2);
	must(ledger_attempts_since(d->l, d->run, T0 + 3001, &count, &e));
	assert_int_equal(count, 0);
	/* Other campaigns' calls lie between. */
	must(ledger_attempts_since(d->l, d->run + 1, T0, &count, &e));
	assert_int_equal(count, 0);
	desk_close(d);
}

static void test_the_last_one_due(void **state)
{
	struct desk *d = desk_open();
	int64_t due_ms;

	(void)state;
	desk_fill(d, 3);
	must(ledger_contacts_last_due(d->l, d->run, &due_ms, &e));
	assert_int_equal(due_ms, 0);
	must(ledger_contact_defer(d->l, desk_get(d, "k1").id, T0 + 5000, &e));
	must(ledger_contact_defer(d->l, desk_get(d, "k3").id, T0 + 9000, &e));
	must(ledger_contacts_last_due(d->l, d->run, &due_ms, &e));
	assert_int_equal(due_ms, T0 + 9000);
	/* One that is being called waits no more. */
	(void)desk_intend(d, "k3", T0 + 9000);
	must(ledger_contacts_last_due(d->l, d->run, &due_ms, &e));
	assert_int_equal(due_ms, T0 + 5000);
	desk_close(d);
}

/* What the database itself forbids, whatever the code says. */
static void test_last_guards(void **state)
{
	static const char *const forbidden[] = {
		/* A second open attempt of one contact. */
		"INSERT INTO attempt (contact_id, run_id, number, ref, state, phone, agent, "
		"request,"
		" intent_ms) SELECT contact_id, run_id, 2, printf('%032d', 99), 'placing', phone, "
		"'',"
		" '{}', 0 FROM attempt LIMIT 1",
		"UPDATE attempt SET state = 'closed'", /* closed without an outcome */
		"UPDATE attempt SET state = 'live'",   /* live without a job id */
		"UPDATE attempt SET closed_ms = 1",    /* closed, says only its moment */
		"UPDATE attempt SET phone = '96890000001'",
		"UPDATE contact SET state = 'elsewhere'",
		"UPDATE contact SET state = 'skipped', active = 0, why = ''",
		"UPDATE contact SET state = 'skipped', why = 'cancelled'", /* and stands for its key
									    */
		"UPDATE contact SET active = 0",
		"UPDATE contact SET phone = '96890000001' WHERE state <> 'skipped'",
		"UPDATE tally SET contacts = -1",
		"UPDATE event SET text = 'nothing happened'",
		"DELETE FROM event",
		"UPDATE run SET state = 'over'",
		"UPDATE contact SET due_ms = 'soon'", /* STRICT */
	};
	struct desk *d = desk_open();
	sqlite3 *db;

	(void)state;
	desk_fill(d, 2);
	(void)desk_intend(d, "k1", T0);
	assert_int_equal(sqlite3_open(d->path, &db), SQLITE_OK);
	for (size_t i = 0; i < COUNT_OF(forbidden); i++)
		if (sqlite3_exec(db, forbidden[i], NULL, NULL, NULL) == SQLITE_OK)
			fail_msg("the ledger allowed: %s", forbidden[i]);
	sqlite3_close(db);
	desk_close(d);
}

static bool count_called(void *data, const struct attempt *a, struct err *e)
{
	(void)e;
	(void)a;
	++*(int *)data;
	return true;
}

/* Who asked first, which of Twilio's calls it is, and which attempts may have a call behind them.
 */
static void test_ends_and_names(void **state)
{
	struct desk *d = desk_open();
	struct call_report bare = {.status = CALL_COMPLETED, .talk_ms = -1};
	struct attempt a;
	int64_t found;
	int calls = 0;
	bool first;

	(void)state;
	desk_fill(d, 5);
	int64_t live = desk_intend(d, "k1", T0);
	int64_t plain = desk_intend(d, "k2", T0);
	int64_t none = desk_intend(d, "k3", T0);
	desk_intend(d, "k4", T0);
	must(ledger_attempt_accepted(d->l, live, "job1", "{\"sid\":\"" SID "\"}", T0 + 1, &e));
	must(ledger_attempt_accepted(d->l, plain, "job2", "{}", T0 + 1, &e));
	must(ledger_attempt_void(d->l, none, "not_sent", "no", T0 + 1, T0 + 1, &e));

	must(ledger_attempt_ask_end(d->l, live, "one", T0 + 2, &first, &e));
	assert_true(first);
	must(ledger_attempt_ask_end(d->l, live, "two", T0 + 3, &first, &e));
	assert_false(first);
	must(ledger_attempt_get(d->l, live, &d->arena, &a, &e));
	assert_int_equal(a.end_asked_ms, T0 + 2);
	assert_string_equal(a.twilio_sid, SID);

	/* A report that says nothing of it does not make it forgotten. */
	must(ledger_attempt_ended(d->l, live, OUTCOME_COMPLETED, &bare, (struct decimal){0}, "", -1,
				  T0 + 4, &e));
	must(ledger_attempt_get(d->l, live, &d->arena, &a, &e));
	assert_string_equal(a.twilio_sid, SID);
	assert_int_equal(a.outcome, OUTCOME_COMPLETED);
	assert_false(a.is_void);
	must(ledger_attempt_get(d->l, none, &d->arena, &a, &e));
	assert_true(a.is_void);
	must(ledger_attempt_keep_sid(d->l, plain, SID, &e));
	must(ledger_attempt_get(d->l, plain, &d->arena, &a, &e));
	assert_string_equal(a.twilio_sid, SID);

	must(ledger_attempt_by_ref(d->l, a.ref, &found, &e));
	assert_int_equal(found, plain);
	must(ledger_attempt_by_ref(d->l, "nobody's", &found, &e));
	assert_int_equal(found, 0);
	must(ledger_attempt_by_phone(d->l, d->run, "+96890000001", &found, &e));
	assert_int_equal(found, live);
	must(ledger_attempt_by_phone(d->l, d->run, "+96890000003", &found, &e));
	assert_int_equal(found, 0); /* it never rang */

	must(ledger_attempts_called(d->l, d->run, count_called, &calls, &e));
	assert_int_equal(calls, 3); /* k1, k2, and k4, of which nothing is known yet */
	desk_close(d);
}

static void test_batches(void **state)
{
	struct desk *d = desk_open();
	int calls = 0;

	(void)state;
	desk_fill(d, 2003);
	must(ledger_begin(d->l, &e));
	for (int i = 1; i <= 2003; i++) {
		char key[32];
		snprintf(key, sizeof(key), "k%d", i);
		desk_intend(d, key, T0);
	}
	must(ledger_commit(d->l, &e));
	must(ledger_attempts_called(d->l, d->run, count_called, &calls, &e));
	assert_int_equal(calls, 2003);
	desk_close(d);
}

static void test_cancel(void **state)
{
	struct desk *d = desk_open();
	bool done;

	(void)state;
	desk_fill(d, 1);
	must(ledger_run_cancel(d->l, d->run, T0 + 1, &done, &e));
	assert_true(done);
	assert_int_equal(run_of(d).state, RUN_CANCELLED);
	assert_int_equal(run_of(d).finished_ms, T0 + 1);
	must(ledger_run_cancel(d->l, d->run, T0 + 2, &done, &e));
	assert_false(done);
	must(ledger_run_set_state(d->l, d->run, RUN_FINISHED, T0 + 3, &e));
	must(ledger_run_cancel(d->l, d->run, T0 + 4, &done, &e));
	assert_false(done);
	assert_int_equal(run_of(d).state, RUN_FINISHED);
	desk_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answered_call),
		cmocka_unit_test(test_retry_goes_back_to_pending),
		cmocka_unit_test(test_void_does_not_count),
		cmocka_unit_test(test_attempts_of_a_number),
		cmocka_unit_test(test_whose_cost),
		cmocka_unit_test(test_doubt_and_its_ends),
		cmocka_unit_test(test_refused_is_final),
		cmocka_unit_test(test_open_attempts_survive),
		cmocka_unit_test(test_rows_in_list_order),
		cmocka_unit_test(test_the_last_minute),
		cmocka_unit_test(test_the_last_one_due),
		cmocka_unit_test(test_last_guards),
		cmocka_unit_test(test_ends_and_names),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_cancel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
