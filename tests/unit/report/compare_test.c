/*
 * A comparison of two runs from a ledger: days are the campaign's local ones, sums are whole, and
 * text stays data.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ledger/attempt.h"
#include "model/campaign.h"
#include "report/compare.h"

#include "files.h"
#include "sample.h"

/* Midnight of 23 November in Muscat, four hours before that of Greenwich. */
#define MIDNIGHT_MS (SAMPLE_START_MS + 15 * HOUR_MS)

static void must(bool ok, const struct err *e)
{
	if (!ok)
		fail_msg("%s", e->text);
}

static int64_t begin_run(struct ledger *l, const char *campaign, struct arena *arena)
{
	struct run run = sample_run(arena, 3);
	struct err e = {0};
	int64_t id = 0;

	run.campaign = campaign;
	run.title_en = "</script><b>";
	must(ledger_run_create(l, &run, &id, &e), &e);
	for (size_t i = 0; i < 3; i++) {
		struct row row = sample_row(arena, 20 + i);
		struct contact c = row.contact;
		c.run_id = id;
		c.ordinal = (int64_t)i + 1;
		c.state = CONTACT_PENDING;
		c.reason = SKIP_NONE;
		c.outcome = OUTCOME_NONE;
		c.attempts = 0;
		must(ledger_contact_add(l, &c, &e), &e);
	}
	must(ledger_contacts_mark_duplicates(l, id, DUPLICATES_ALL, &e), &e);
	must(ledger_run_set_rows(l, id, 3, "0", &e), &e);
	return id;
}

/* The next row of the run is called at this moment. */
static void call(struct ledger *l, int64_t run_id, int64_t at_ms, enum outcome outcome,
		 int64_t talk_ms, int64_t micro, struct arena *arena)
{
	struct contact due;
	size_t count = 0;
	struct err e = {0};
	int64_t id;

	must(ledger_contacts_due(l, run_id, at_ms, 1, arena, &due, &count, &e), &e);
	assert_int_equal(count, 1);
	struct attempt a = {.number = 1,
			    .agent = "",
			    .phone = due.phone,
			    .ref = arena_printf(arena, "%032llx", (long long)due.id)};
	struct call_report report = {.job_id = "",
				     .status_text = "COMPLETED",
				     .talk_ms = talk_ms,
				     .recording = "",
				     .raw = "{}"};
	must(ledger_attempt_intend(l, &due, &a, "{}", at_ms, &id, &e), &e);
	must(ledger_attempt_accepted(l, id, a.ref, "{}", at_ms, &e), &e);
	must(ledger_attempt_ended(l, id, outcome, &report, (struct decimal){micro}, "", -1,
				  at_ms + MINUTE_MS, &e),
	     &e);
}

static void test_two_campaigns(void **state)
{
	char dir[] = "/tmp/nida-compare-XXXXXX";
	struct ledger *l;
	struct arena arena = {0};
	struct compare_paths paths;
	struct err e = {0};
	(void)state;

	assert_non_null(mkdtemp(dir));
	must(ledger_open(NULL, LEDGER_WRITE, &l, &e), &e);
	must(ledger_begin(l, &e), &e);
	int64_t first = begin_run(l, "reminder", &arena);
	int64_t second = begin_run(l, "=survey", &arena);
	call(l, first, MIDNIGHT_MS - 1, OUTCOME_COMPLETED, 30000, 25000, &arena);
	call(l, first, MIDNIGHT_MS, OUTCOME_NO_ANSWER, -1, 0, &arena);
	call(l, first, MIDNIGHT_MS + HOUR_MS, OUTCOME_FORWARDED, 60499, 1, &arena);
	call(l, second, MIDNIGHT_MS + DAY_MS, OUTCOME_LOST, -1, 0, &arena);
	must(ledger_commit(l, &e), &e);

	struct compare_options o = {.dir = dir,
				    .now_ms = MIDNIGHT_MS + 2 * DAY_MS,
				    .formats = REPORT_HTML | REPORT_CSV};
	must(compare_write(l, &o, &paths, &e), &e);
	char *csv = file_read(paths.csv);
	assert_non_null(csv);
	const char *lines = strchr(csv, '\n') + 1;
	assert_string_equal(
		lines,
		"\"'=survey\",\"2026-11-22-0900\",\"open\",\"2026-11-24\",\"1\",\"0\",\"0.0000\","
		"\"0\",\"0\",\"0\",\"0\",\"0\",\"1\",\"0\",\"0\",\"0\"\r\n"
		"\"reminder\",\"2026-11-22-0900\",\"open\",\"2026-11-22\",\"1\",\"1\",\"1.0000\","
		"\"1\",\"0\",\"0\",\"0\",\"0\",\"0\",\"0\",\"30\",\"0.025\"\r\n"
		"\"reminder\",\"2026-11-22-0900\",\"open\",\"2026-11-23\",\"2\",\"1\",\"0.5000\","
		"\"0\",\"1\",\"0\",\"1\",\"0\",\"0\",\"0\",\"60\",\"0.000001\"\r\n");
	char *html = file_read(paths.html);
	assert_non_null(strstr(html, "\\u003c/script>\\u003cb>"));
	assert_null(strstr(html, "</script><b>"));
	assert_non_null(strstr(html, "[\"2026-11-23\",2,1,60499,0.000001,[0,0,1,0,1,0,0]]"));
	free(csv);
	free(html);
	remove(paths.csv);
	remove(paths.html);
	assert_int_equal(remove(dir), 0);
	ledger_close(l);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_campaigns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
