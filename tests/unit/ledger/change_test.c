/*
 * Changes of several writes: a pause, or a wish, and its event stand or fall together, with a
 * transaction of the caller's and without.
 */
#include "desk.h"

#include "../../../src/ledger/statement_p.h"

struct change_case {
	const char *name;
	bool (*prepare)(struct desk *d, int64_t live, struct err *e);
	bool (*change)(struct desk *d, int64_t live, struct err *e);
};

static bool nothing(struct desk *d, int64_t live, struct err *e)
{
	(void)d;
	(void)live;
	(void)e;
	return true;
}

static bool pause_run(struct desk *d, int64_t live, struct err *e)
{
	(void)live;
	return ledger_run_pause(d->l, d->run, "operator", "lunch", T0, e);
}

static bool resume_run(struct desk *d, int64_t live, struct err *e)
{
	(void)live;
	return ledger_run_pause(d->l, d->run, NULL, "", T0, e);
}

static bool ask(struct desk *d, int64_t live, struct err *e)
{
	bool first;

	return ledger_attempt_ask_end(d->l, live, "one", T0, &first, e);
}

static bool unask(struct desk *d, int64_t live, struct err *e)
{
	return ledger_attempt_unask_end(d->l, live, "nobody could", T0, e);
}

static const struct change_case change_cases[] = {
	{"pause", nothing, pause_run},
	{"resume", pause_run, resume_run},
	{"ask for an end", nothing, ask},
	{"take that back", ask, unask},
};

/* Everything that these change. */
static char *look(struct desk *d, int64_t live)
{
	struct attempt a;
	struct run run;

	must(ledger_run_get(d->l, d->run, &d->arena, &run, &e));
	must(ledger_attempt_get(d->l, live, &d->arena, &a, &e));
	return arena_printf(&d->arena, "%s, %s, %lld, %lld",
			    run.paused_by ? run.paused_by : "goes on",
			    run.pause_words ? run.pause_words : "", (long long)run.resumed_ms,
			    (long long)a.end_asked_ms);
}

static struct desk *open_prepared(const struct change_case *c, int64_t *live)
{
	struct desk *d = desk_open();

	desk_fill(d, 1);
	*live = desk_intend(d, "k1", T0);
	must(ledger_attempt_accepted(d->l, *live, "job1", "{}", T0, &e));
	assert_int_equal(desk_tally(d).state[CONTACT_LIVE], 1);
	must(c->prepare(d, *live, &e));
	return d;
}

static void test_an_event_that_cannot_be_written(void **state)
{
	static const char broken[] = "CREATE TEMP TRIGGER broken BEFORE INSERT ON main.event "
				     "BEGIN SELECT raise(ABORT, 'broken'); END";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(change_cases); i++) {
		const struct change_case *c = &change_cases[i];
		int64_t live;
		struct desk *d = open_prepared(c, &live);
		const char *before = look(d, live);
		struct err failed;

		assert_int_equal(sqlite3_exec(d->l->db, broken, NULL, NULL, NULL), SQLITE_OK);
		assert_false(c->change(d, live, &failed));
		assert_non_null(strstr(failed.text, "broken"));
		if (strcmp(look(d, live), before) != 0)
			fail_msg("%s: %s, before %s", c->name, look(d, live), before);
		assert_int_equal(sqlite3_exec(d->l->db, "DROP TRIGGER broken", NULL, NULL, NULL),
				 SQLITE_OK);
		/* No transaction was left open. */
		must(c->change(d, live, &e));
		must(ledger_begin(d->l, &e));
		must(ledger_commit(d->l, &e));
		assert_string_not_equal(look(d, live), before);
		desk_close(d);
	}
}

static void test_part_of_a_transaction(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(change_cases); i++) {
		const struct change_case *c = &change_cases[i];
		int64_t live;
		struct desk *d = open_prepared(c, &live);
		const char *before = look(d, live);

		must(ledger_begin(d->l, &e));
		must(c->change(d, live, &e));
		ledger_rollback(d->l);
		if (strcmp(look(d, live), before) != 0)
			fail_msg("%s: %s, before %s", c->name, look(d, live), before);
		desk_close(d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_event_that_cannot_be_written),
		cmocka_unit_test(test_part_of_a_transaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
