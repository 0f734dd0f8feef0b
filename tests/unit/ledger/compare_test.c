/*
 * Runs beside each other: which ones, and their calls summed by time.
 */
#include "desk.h"

#include "ledger/compare.h"

#include "base/zone.h"

#define SLICES_MAX 16

struct slices {
	size_t count;
	struct call_slice items[SLICES_MAX];
};

static bool take_slice(void *data, const struct call_slice *slice, struct err *e)
{
	struct slices *s = data;

	(void)e;
	assert_true(s->count < SLICES_MAX);
	s->items[s->count++] = *slice;
	return true;
}

static bool take_name(void *data, const struct run *run, struct err *e)
{
	char *names = data;
	size_t length = strlen(names);

	(void)e;
	snprintf(names + length, 256 - length, "%s/%s ", run->campaign, run->name);
	return true;
}

/* One call of this contact, from its intent to its end. */
static void call(struct desk *d, const char *key, int64_t now_ms, enum outcome outcome,
		 int64_t talk_ms, int64_t micro)
{
	struct call_report report = {.job_id = "",
				     .status_text = "COMPLETED",
				     .talk_ms = talk_ms,
				     .recording = "",
				     .raw = "{}"};
	char job[32];
	int64_t id = desk_intend(d, key, now_ms);

	snprintf(job, sizeof(job), "job-%s", key);
	must(ledger_attempt_accepted(d->l, id, job, "{}", now_ms, &e));
	must(ledger_attempt_ended(d->l, id, outcome, &report, (struct decimal){micro}, "", -1,
				  now_ms + MINUTE_MS, &e));
}

static void test_calls_by_time(void **state)
{
	struct desk *d = desk_open();
	int64_t start = T0 / (15 * MINUTE_MS) * 15 * MINUTE_MS;
	struct slices s = {0};
	struct run run;
	int64_t void_id;

	(void)state;
	desk_fill(d, 7);
	call(d, "k1", start, OUTCOME_COMPLETED, 30000, 5);
	call(d, "k2", start + 14 * MINUTE_MS, OUTCOME_COMPLETED, 20000, 7);
	call(d, "k3", start + 15 * MINUTE_MS, OUTCOME_COMPLETED, 10000, 1);
	call(d, "k4", start + 16 * MINUTE_MS, OUTCOME_NO_ANSWER, -1, 0);
	(void)desk_intend(d, "k5", start + 17 * MINUTE_MS);
	void_id = desk_intend(d, "k6", start);
	must(ledger_attempt_void(d->l, void_id, "not_sent", "", start, start, &e));
	/* A neighbour, whose calls are its own. */
	d->run = desk_run(d->l, "reminder", "r2");
	desk_add(d, 1, "k8", "+96890000008", SKIP_NONE);
	must(ledger_contacts_mark_duplicates(d->l, d->run, DUPLICATES_FIRST, &e));
	call(d, "k8", start, OUTCOME_FAILED, -1, 0);
	assert_int_equal(desk_tally(d).outcome[OUTCOME_FAILED], 1);

	must(ledger_run_calls(d->l, 1, take_slice, &s, &e));
	static const struct {
		int quarter;
		enum outcome outcome;
		int calls;
		int talk_ms;
		int micro;
	} wanted[] = {
		{0, OUTCOME_COMPLETED, 2, 50000, 12},
		{1, OUTCOME_NONE, 1, 0, 0},
		{1, OUTCOME_COMPLETED, 1, 10000, 1},
		{1, OUTCOME_NO_ANSWER, 1, 0, 0},
	};
	assert_int_equal(s.count, COUNT_OF(wanted));
	for (size_t i = 0; i < s.count; i++) {
		assert_int_equal(s.items[i].from_ms, start + wanted[i].quarter * 15 * MINUTE_MS);
		assert_int_equal(s.items[i].outcome, wanted[i].outcome);
		assert_int_equal(s.items[i].calls, wanted[i].calls);
		assert_int_equal(s.items[i].talk_ms, wanted[i].talk_ms);
		assert_int_equal(s.items[i].cost.micro, wanted[i].micro);
	}
	/* The sums are the run's own totals. */
	must(ledger_run_get(d->l, 1, &d->arena, &run, &e));
	assert_int_equal(run.calls, 5);
	assert_int_equal(run.answered, 3);
	assert_int_equal(run.talk_ms, 60000);
	assert_int_equal(run.cost.micro, 13);
	desk_close(d);
}

static void test_runs_since(void **state)
{
	static const struct {
		const char *campaign;
		int64_t since_ms;
		const char *names;
	} cases[] = {
		{NULL, 0, "reminder/r1 reminder/r2 survey/r1 "},
		{"reminder", 0, "reminder/r1 reminder/r2 "},
		{"survey", T0, "survey/r1 "},
		{"none", 0, ""},
		/* It began earlier, but it called since. */
		{NULL, T0 + 1, "reminder/r2 "},
		{NULL, T0 + DAY_MS + 1, ""},
	};
	struct desk *d = desk_open();

	(void)state;
	(void)desk_run(d->l, "survey", "r1");
	d->run = desk_run(d->l, "reminder", "r2");
	desk_fill(d, 1);
	(void)desk_intend(d, "k1", T0 + DAY_MS);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char names[256] = "";
		must(ledger_runs_since(d->l, cases[i].campaign, cases[i].since_ms, &d->arena,
				       take_name, names, &e));
		assert_string_equal(names, cases[i].names);
	}
	desk_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls_by_time),
		cmocka_unit_test(test_runs_since),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
