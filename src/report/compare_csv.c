#include "compare_p.h"

#include "report/csv.h"

#include <inttypes.h>

#define LINE_MAX_BYTES 65536

static void add_text(struct buf *out, const char *text)
{
	if (out->length > 0)
		buf_addc(out, ',');
	csv_add_cell(out, text);
}

static void add_number(struct buf *out, int64_t number)
{
	char text[DECIMAL_SIZE];

	snprintf(text, sizeof(text), "%" PRId64, number);
	add_text(out, text);
}

static void add_head(struct buf *out)
{
	static const char *const before[] = {"campaign", "run",      "state", "day",
					     "calls",    "answered", "reach"};

	for (size_t i = 0; i < COUNT_OF(before); i++)
		add_text(out, before[i]);
	for (int i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++)
		add_text(out, outcome_name((enum outcome)i));
	add_text(out, "not_over");
	add_text(out, "talk_seconds");
	add_text(out, "cost");
}

static void add_day(struct buf *out, const struct compare_run *r, const struct compare_day *day)
{
	char date[COMPARE_DATE_SIZE];
	char reach[DECIMAL_SIZE] = "";
	char cost[DECIMAL_SIZE];
	int64_t answered = compare_answered(day);

	add_text(out, r->run.campaign);
	add_text(out, r->run.name);
	add_text(out, run_state_name(r->run.state));
	add_text(out, compare_date(day->day, date));
	add_number(out, day->calls);
	add_number(out, answered);
	if (day->calls > 0)
		snprintf(reach, sizeof(reach), "%.4f", (double)answered / (double)day->calls);
	add_text(out, reach);
	for (int i = OUTCOME_NONE + 1; i < OUTCOME_COUNT; i++)
		add_number(out, day->outcome[i]);
	add_number(out, day->outcome[OUTCOME_NONE]);
	add_number(out, (day->talk_ms + SECOND_MS / 2) / SECOND_MS);
	add_text(out, record_cost_text(day->cost, cost));
}

static void end_line(struct writer *w, struct buf *line)
{
	buf_adds(line, "\r\n");
	writer_add(w, line->data, line->length);
	buf_reset(line);
}

void compare_write_csv(struct writer *w, const struct compare *c)
{
	struct buf line;

	buf_init(&line, LINE_MAX_BYTES);
	writer_adds(w, "\xef\xbb\xbf");
	add_head(&line);
	end_line(w, &line);
	for (size_t i = 0; i < c->run_count; i++) {
		for (size_t j = 0; j < c->runs[i].day_count; j++) {
			add_day(&line, &c->runs[i], &c->runs[i].days[j]);
			end_line(w, &line);
		}
	}
	buf_free(&line);
}
