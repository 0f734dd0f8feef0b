/* Progress: what stands on which line, at which width, and when it will be over. */
#include "run/progress.h"

#include "base/columns.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define T0 1795327200000LL /* Sun 22 Nov 2026, 10:00 in Muscat */

struct desk {
	struct plan plan;
	struct engine_view view;
	struct progress progress;
};

static void fill(struct desk *d)
{
	struct err e = {0};

	*d = (struct desk){
		.plan.campaign = {.calls_per_minute = 60,
				  .live = 100,
				  .hours = {.always = true},
				  .guard = {.has_budget = true, .budget = {25000000}}},
		.plan.scenario.rehearsal = {.talk_min_ms = 30000, .talk_max_ms = 50000},
		.view = {.tally = {.rows = 1000},
			 .calls = 500,
			 .answered = 300,
			 .no_answer = 150,
			 .failed = 35,
			 .cost = {12500000},
			 .live = 12,
			 .in_doubt = 1,
			 .why = "",
			 .per_minute = 59.88,
			 .last_minute = 58,
			 .ended_count = 2},
	};
	d->view.tally.state[CONTACT_PENDING] = 487;
	d->view.tally.state[CONTACT_LIVE] = 12;
	d->view.tally.state[CONTACT_IN_DOUBT] = 1;
	d->view.tally.state[CONTACT_DONE] = 485;
	d->view.tally.state[CONTACT_SKIPPED] = 15;
	d->view.tally.outcome[OUTCOME_NO_ANSWER] = 150;
	d->view.tally.outcome[OUTCOME_FAILED] = 35;
	d->view.ended[0] = (struct engine_ended){.key = "سَالِم",
						 .phone = "+96890••••01",
						 .outcome = OUTCOME_COMPLETED,
						 .talk_ms = 125000};
	d->view.ended[1] = (struct engine_ended){.key = "\033[2JA-very-long-key",
						 .phone = "+96890••••02",
						 .outcome = OUTCOME_NO_ANSWER,
						 .talk_ms = -1};
	assert_true(zone_find("Asia/Muscat", &d->plan.campaign.zone, &e));
	d->progress = (struct progress){.plan = &d->plan,
					.view = &d->view,
					.started_ms = T0 - 2 * HOUR_MS,
					.now_ms = T0};
}

static void expect_block(const struct desk *d, size_t width, const char *wanted)
{
	struct buf out;

	buf_init(&out, 8192);
	progress_block(&d->progress, width, false, &out);
	assert_string_equal(out.data, wanted);
	buf_free(&out);
}

static void test_wide(void **state)
{
	struct desk d;

	(void)state;
	fill(&d);
	expect_block(
		&d, 119,
		"███████████████░░░░░░░░░░░░░░░  50 %  500/1000 over\n"
		"500 calls   12 live   300 answered (61 %)   150 no answer   35 failed   1 in "
		"doubt   "
		"2 ended by us   15 rows skipped\n"
		"58 of 60 calls a minute   2 h passed   ends about Sun 22 Nov 10:08   12.500 spent "
		"of 25.000\n"
		"dialling\n"
		"  ✓ \u2068سَالِم\u2069         +96890••••01  completed 2 min 5 s\n"
		"  · �[2JA-very-… +96890••••02  no_answer\n");
}

static void test_narrow(void **state)
{
	struct desk d;

	(void)state;
	fill(&d);
	d.view.why = "outside hours until Mon 23 Nov 09:00 Asia/Muscat";
	d.view.ended_count = 1;
	expect_block(&d, 39,
		     "████████░░░░░░░░░  50 %  500/1000 over\n"
		     "500 calls   12 live\n"
		     "    300 answered (61 %)   150 no answer\n"
		     "    35 failed   1 in doubt\n"
		     "    2 ended by us   15 rows skipped\n"
		     "58 of 60 calls a minute   2 h passed\n"
		     "    ends about Sun 22 Nov 10:08\n"
		     "    12.500 spent of 25.000\n"
		     "not dialling: outside hours until Mon\n"
		     "    23 Nov 09:00 Asia/Muscat\n"
		     "  ✓ \u2068سَالِم\u2069         +96890••••01\n"
		     "    completed 2 min 5 s\n");
}

static void test_never_wider(void **state)
{
	struct desk d;

	(void)state;
	fill(&d);
	d.view.why = "paused by operator: سعر خاطئ in the list of this very long morning";
	for (size_t width = 20; width < 200; width++) {
		struct buf out;
		buf_init(&out, 8192);
		progress_block(&d.progress, width, false, &out);
		for (const char *p = out.data; *p;) {
			char line[1024];
			size_t length = strcspn(p, "\n");
			snprintf(line, sizeof(line), "%.*s", (int)length, p);
			if (columns_of(line) > width)
				fail_msg("%zu columns, not %zu: %s", columns_of(line), width, line);
			p += length + 1;
		}
		buf_free(&out);
	}
}

/* At the pace; as fast as calls make room; through closed hours; for the last retry; never. */
static void test_forecast(void **state)
{
	struct desk d;
	struct campaign *c = &d.plan.campaign;

	(void)state;
	fill(&d);
	d.view.per_minute = 60;
	d.view.tally.state[CONTACT_PENDING] = 600;
	assert_int_equal(progress_forecast_ms(&d.progress), T0 + 10 * MINUTE_MS);
	c->live = 10; /* a minute each */
	assert_int_equal(progress_forecast_ms(&d.progress), T0 + 60 * MINUTE_MS);

	/* Half an hour today, the other half tomorrow. */
	c->hours.always = false;
	c->hours.week[0] = (struct hours_day){.count = 1, .spans = {{9 * 60, 10 * 60 + 30}}};
	c->hours.week[1] = c->hours.week[0];
	assert_int_equal(progress_forecast_ms(&d.progress), T0 + DAY_MS - HOUR_MS + 30 * MINUTE_MS);

	/* Few are left, but one of them waits for its time; its call takes a minute. */
	d.view.tally.state[CONTACT_PENDING] = 1;
	d.view.last_due_ms = T0 + 20 * MINUTE_MS;
	assert_int_equal(progress_forecast_ms(&d.progress), T0 + 21 * MINUTE_MS);
	d.view.last_due_ms = T0 + 40 * MINUTE_MS; /* closed by then */
	assert_int_equal(progress_forecast_ms(&d.progress), T0 + DAY_MS - HOUR_MS + 1 * MINUTE_MS);

	c->hours.has_until = true;
	c->hours.until_ms = T0 + 35 * MINUTE_MS;
	assert_int_equal(progress_forecast_ms(&d.progress), 0);
	d.view.tally.state[CONTACT_PENDING] = 0;
	assert_int_equal(progress_forecast_ms(&d.progress), 0);
}

static void test_line_and_figures(void **state)
{
	struct desk d;
	struct buf out;

	(void)state;
	fill(&d);
	buf_init(&out, 2048);
	progress_line(&d.progress, &out);
	assert_string_equal(out.data,
			    "500 of 1000 rows over (50 %), 15 of them skipped; 500 calls made, "
			    "58 in the last minute, 12 live, 300 answered, 150 no answer, "
			    "35 failed, 1 in doubt");
	buf_reset(&out);
	progress_fields(&d.progress, &out);
	assert_string_equal(out.data,
			    ",\"event\":\"progress\",\"rows\":1000,\"done\":485,\"skipped\":15,"
			    "\"live\":12,\"in_doubt\":1,\"calls\":500,\"calls_last_minute\":58,"
			    "\"answered\":300,\"not_answered\":187,\"no_answer\":150,\"failed\":35,"
			    "\"cost\":12.500,\"why\":\"\"");
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_never_wider),
		cmocka_unit_test(test_forecast),
		cmocka_unit_test(test_line_and_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
