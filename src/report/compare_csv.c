#include "compare_p.h"

#include "report/csv.h"

static void add_head(struct buf *out)
{
	static const char *const before[] = {"campaign", "run",      "state", "day",
					     "calls",    "answered", "reach"};

	for (size_t i = 0; i < COUNT_OF(before); i++)
		csv_add_next(out, before[i]);
	for (int i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++)
		csv_add_next(out, outcome_name((enum outcome)i));
	csv_add_next(out, "not_over");
	csv_add_next(out, "talk_seconds");
	csv_add_next(out, "cost");
}

static void add_day(struct buf *out, const struct compare_run *r, const struct compare_day *day)
{
	char date[COMPARE_DATE_SIZE];
	char reach[DECIMAL_SIZE] = "";
	char cost[DECIMAL_SIZE];
	int64_t answered = compare_answered(day);

	csv_add_next(out, r->run.campaign);
	csv_add_next(out, r->run.name);
	csv_add_next(out, run_state_name(r->run.state));
	csv_add_next(out, compare_date(day->day, date));
	csv_add_number(out, day->calls);
	csv_add_number(out, answered);
	if (day->calls > 0)
		snprintf(reach, sizeof(reach), "%.4f", (double)answered / (double)day->calls);
	csv_add_next(out, reach);
	for (int i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++)
		csv_add_number(out, day->outcome[i]);
	csv_add_number(out, day->outcome[OUTCOME_NONE]);
	csv_add_number(out, (day->talk_ms + SECOND_MS / 2) / SECOND_MS);
	csv_add_next(out, record_cost_text(day->cost, cost));
}

void compare_write_csv(struct writer *w, const struct compare *c)
{
	struct buf line;

	writer_adds(w, CSV_BOM);
	csv_line_begin(&line);
	add_head(&line);
	csv_line_end(&line, w);
	for (size_t i = 0; i < c->run_count; i++) {
		for (size_t j = 0; j < c->runs[i].day_count; j++) {
			csv_line_begin(&line);
			add_day(&line, &c->runs[i], &c->runs[i].days[j]);
			csv_line_end(&line, w);
		}
	}
}
