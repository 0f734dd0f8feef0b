/*
 * Whom to call next: the search remembers how far down the list everybody was taken up, and must
 * find all the same whoever a walk over the whole table would find.
 */
#include "desk.h"

#include "ledger/event.h"

#include <sqlite3.h>

#include "../../../src/ledger/statement_p.h"

#define ROWS  120
#define STEPS 400

static uint64_t seed;

static uint64_t any(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 33) % below;
}

static int64_t number(struct desk *d, const char *sql, int64_t run, int64_t now_ms)
{
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(d->l->db, sql, -1, &stmt, NULL), SQLITE_OK);
	sqlite3_bind_int64(stmt, 1, run);
	sqlite3_bind_int64(stmt, 2, now_ms);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static void expect_all_due(struct desk *d, int64_t now_ms)
{
	struct contact due[2 * ROWS];
	size_t count;
	int64_t sum = 0;

	must(ledger_contacts_due(d->l, d->run, now_ms, COUNT_OF(due), &d->arena, due, &count, &e));
	for (size_t i = 0; i < count; i++)
		sum += due[i].id;
	assert_int_equal(count, number(d,
				       "SELECT count(*) FROM contact WHERE run_id = ?1"
				       " AND state = 'pending' AND due_ms <= ?2",
				       d->run, now_ms));
	assert_int_equal(sum, number(d,
				     "SELECT coalesce(sum(id), 0) FROM contact WHERE run_id = ?1"
				     " AND state = 'pending' AND due_ms <= ?2",
				     d->run, now_ms));
	assert_int_equal(
		desk_tally(d).state[CONTACT_PENDING],
		number(d, "SELECT count(*) FROM contact WHERE run_id = ?1 AND state = 'pending'",
		       d->run, 0));
}

/* What may become of a row that was found due. */
static void take_up(struct desk *d, const struct contact *c, int64_t now_ms)
{
	static unsigned jobs;
	char job[32];
	int64_t id;

	switch (any(5)) {
	case 0:
		must(ledger_contact_defer(d->l, c->id, now_ms + 1 + (int64_t)any(20), &e));
		break;
	case 1:
		must(ledger_contact_skip(d->l, c->id, SKIP_FREQUENCY, "", now_ms, &e));
		break;
	case 2:
		id = desk_intend(d, c->key, now_ms);
		must(ledger_attempt_void(d->l, id, "not_sent", "", now_ms, now_ms, &e));
		break;
	default:
		id = desk_intend(d, c->key, now_ms);
		snprintf(job, sizeof(job), "job-%u", ++jobs);
		must(ledger_attempt_accepted(d->l, id, job, "", now_ms, &e));
		must(ledger_attempt_ended(d->l, id, OUTCOME_NO_ANSWER, NULL, (struct decimal){0},
					  "", any(2) ? now_ms + (int64_t)any(30) : -1, now_ms, &e));
	}
}

/* One batch in one transaction, as a run does it; or taken back. */
static void take_batch(struct desk *d, int64_t now_ms)
{
	struct contact due[8];
	size_t count;

	must(ledger_contacts_due(d->l, d->run, now_ms, 1 + any(8), &d->arena, due, &count, &e));
	must(ledger_begin(d->l, &e));
	for (size_t i = 0; i < count; i++)
		take_up(d, &due[i], now_ms);
	if (any(4) == 0)
		ledger_rollback(d->l);
	else
		must(ledger_commit(d->l, &e));
}

static void fill(struct desk *d)
{
	for (int i = 1; i <= ROWS; i++) {
		char key[32];
		char phone[32];
		snprintf(key, sizeof(key), "k%d", i);
		snprintf(phone, sizeof(phone), "+968900%05d", i);
		/* A long tail, too, that nobody is ever called of. */
		bool skipped = any(3) == 0 || i > ROWS - 20;
		desk_add(d, i, key, phone, skipped ? SKIP_BAD_VALUE : SKIP_NONE);
	}
	must(ledger_contacts_mark_duplicates(d->l, d->run, DUPLICATES_ALL, &e));
}

static void test_nobody_is_overlooked(void **state)
{
	(void)state;
	for (uint64_t round = 1; round <= 20; round++) {
		struct desk *d = desk_open();
		int64_t first = d->run;
		int64_t now_ms = T0;

		seed = round;
		fill(d);
		d->run = desk_run(d->l, "another", "r1");
		fill(d);
		int64_t second = d->run;
		for (int i = 0; i < STEPS; i++) {
			d->run = any(2) ? first : second;
			now_ms += (int64_t)any(3);
			take_batch(d, now_ms);
			expect_all_due(d, now_ms);
			if (any(50) == 0) {
				ledger_close(d->l);
				must(ledger_open(d->path, LEDGER_WRITE, &d->l, &e));
			}
			arena_reset(&d->arena);
		}
		desk_close(d);
	}
}

/* The search does not begin at the top again. */
static void test_it_goes_on_where_it_was(void **state)
{
	struct desk *d = desk_open();

	(void)state;
	desk_fill(d, 50);
	for (int i = 1; i <= 40; i++) {
		struct contact due[1];
		size_t count;
		must(ledger_contacts_due(d->l, d->run, T0, 1, &d->arena, due, &count, &e));
		assert_int_equal(due[0].ordinal, i);
		must(ledger_begin(d->l, &e));
		(void)desk_intend(d, due[0].key, T0);
		must(ledger_commit(d->l, &e));
	}
	assert_int_equal(ledger_contact_ordinal(
				 number(d, "SELECT fresh_after FROM run WHERE id = ?1", d->run, 0)),
			 39);
	desk_close(d);
}

/* Nor after rows that were only put off, whose steps have nothing else to write. */
static void test_putting_off_is_no_walk(void **state)
{
	struct desk *d = desk_open();

	(void)state;
	desk_fill(d, 50);
	for (int i = 1; i <= 40; i++) {
		struct contact due[1];
		struct tally tally;
		size_t count;
		must(ledger_contacts_due(d->l, d->run, T0, 1, &d->arena, due, &count, &e));
		assert_int_equal(due[0].ordinal, i);
		/* A reading in between forgets nothing, and writes nothing by itself. */
		int changes = sqlite3_total_changes(d->l->db);
		must(ledger_run_tally(d->l, d->run, &tally, &e));
		assert_int_equal(sqlite3_total_changes(d->l->db), changes);
		assert_int_equal(totals_known_fresh(d->l, d->run) & 0xffffffff, i - 1);
		must(ledger_begin(d->l, &e));
		must(ledger_contact_defer(d->l, due[0].id, T0 + 1000, &e));
		must(ledger_commit(d->l, &e));
	}
	assert_int_equal(ledger_contact_ordinal(
				 number(d, "SELECT fresh_after FROM run WHERE id = ?1", d->run, 0)),
			 39);
	desk_close(d);
}

/* Whoever waits is skipped with those who were never taken up, and nobody else. */
static void test_skipping_finds_both(void **state)
{
	struct desk *d = desk_open();
	struct contact due[4];
	size_t count;
	int64_t skipped;

	(void)state;
	desk_fill(d, 9);
	must(ledger_contacts_due(d->l, d->run, T0, 4, &d->arena, due, &count, &e));
	must(ledger_begin(d->l, &e));
	must(ledger_contact_defer(d->l, due[0].id, T0 + 1000, &e));
	(void)desk_intend(d, "k2", T0);
	must(ledger_contact_defer(d->l, due[2].id, T0 + 2000, &e));
	must(ledger_contact_skip(d->l, due[3].id, SKIP_FREQUENCY, "", T0, &e));
	must(ledger_commit(d->l, &e));
	(void)desk_intend(d, "k7", T0);
	for (int again = 0; again <= 1; again++) {
		must(ledger_begin(d->l, &e));
		must(ledger_contacts_skip_pending(d->l, d->run, SKIP_CANCELLED, "", T0, &skipped,
						  &e));
		must(ledger_commit(d->l, &e));
		assert_int_equal(skipped, again ? 0 : 6); /* of 1, 3, 5, 6, 8, 9 */
	}
	assert_int_equal(desk_tally(d).state[CONTACT_PENDING], 0);
	assert_int_equal(desk_tally(d).skip[SKIP_CANCELLED], 6);
	assert_int_equal(desk_tally(d).state[CONTACT_PLACING], 2);
	desk_close(d);
}

static void test_a_renewed_list_is_searched_anew(void **state)
{
	struct desk *d = desk_open();
	struct contact due[4];
	size_t count;
	int64_t last;

	(void)state;
	desk_fill(d, 3);
	must(ledger_contact_skip(d->l, desk_get(d, "k1").id, SKIP_SUPPRESSED, "", T0, &e));
	(void)desk_intend(d, "k3", T0);
	(void)desk_intend(d, "k2", T0);
	must(ledger_contacts_due(d->l, d->run, T0, 4, &d->arena, due, &count, &e));
	assert_int_equal(count, 0);
	must(ledger_contacts_unlist(d->l, d->run, &last, &e));
	desk_add(d, last + 1, "k1", "+96890000001", SKIP_NONE);
	must(ledger_contacts_skip_unlisted(d->l, d->run, &e));
	must(ledger_run_renew(d->l, d->run, "list.csv", "[]", T0, &e));
	must(ledger_contacts_due(d->l, d->run, T0, 4, &d->arena, due, &count, &e));
	assert_int_equal(count, 1);
	assert_string_equal(due[0].key, "k1");
	desk_close(d);
}

static bool count_event(void *data, const struct event *event, struct err *e)
{
	int64_t *last = data;

	(void)e;
	assert_true(event->id > *last);
	*last = event->id;
	return true;
}

/* Each run counts its own events; those of no run are a run's like any other. */
static void test_events_of_runs_side_by_side(void **state)
{
	struct desk *d = desk_open();
	int64_t runs[] = {0, d->run, desk_run(d->l, "another", "r1")};

	(void)state;
	for (int i = 0; i < 30; i++)
		must(ledger_event_add(d->l,
				      &(struct event){.run_id = runs[i % 3],
						      .at_ms = T0 + i,
						      .kind = "run.paused",
						      .text = ""},
				      &e));
	for (size_t i = 0; i < COUNT_OF(runs); i++) {
		int64_t last = 0;
		must(ledger_events_each(d->l, runs[i], 0, count_event, &last, &e));
		/* A run's first event says that it was created. */
		assert_int_equal(last, (runs[i] << 32) + (runs[i] ? 11 : 10));
	}
	desk_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_is_overlooked),
		cmocka_unit_test(test_it_goes_on_where_it_was),
		cmocka_unit_test(test_putting_off_is_no_walk),
		cmocka_unit_test(test_skipping_finds_both),
		cmocka_unit_test(test_a_renewed_list_is_searched_anew),
		cmocka_unit_test(test_events_of_runs_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
