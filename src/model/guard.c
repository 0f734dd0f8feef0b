#include "model/guard.h"

#include "base/mem.h"

/* Shares are written in percent: 30 % of 10 must be 3, whatever binary fractions make of it. */
#define SLACK 1e-9

static uint64_t breaker_size(const struct breaker_rule *rule)
{
	int size = rule->of_last < 1 ? 1 : rule->of_last;

	return size > BREAKER_MAX ? BREAKER_MAX : (uint64_t)size;
}

bool breaker_is_failure(enum outcome outcome)
{
	if (outcome == OUTCOME_NONE)
		BUG("an attempt that is not over has no outcome to count");
	return outcome == OUTCOME_FAILED || outcome == OUTCOME_LOST;
}

uint64_t breaker_add(struct breaker *b, const struct breaker_rule *rule, bool failed)
{
	b->failed[b->added % breaker_size(rule)] = failed;
	return b->added++;
}

void breaker_recall(struct breaker *b, const struct breaker_rule *rule,
		    const enum outcome *newest_first, size_t count)
{
	while (count > 0)
		(void)breaker_add(b, rule, breaker_is_failure(newest_first[--count]));
}

void breaker_correct(struct breaker *b, const struct breaker_rule *rule, uint64_t entry)
{
	if (b->added - entry <= breaker_size(rule))
		b->failed[entry % breaker_size(rule)] = true;
}

bool breaker_trips(const struct breaker *b, const struct breaker_rule *rule, int *failures)
{
	uint64_t size = breaker_size(rule);
	uint64_t used = b->added < size ? b->added : size;
	int failed = 0;

	for (uint64_t i = 0; i < used; i++)
		failed += b->failed[i];
	if (failures)
		*failures = failed;
	if (rule->failures <= 0 || used < size)
		return false;
	return failed + SLACK >= rule->failures * (double)used;
}

enum canary_verdict canary_judge(const struct canary_rule *rule, int64_t begun, int64_t ended,
				 int64_t answered)
{
	if (rule->rows <= 0)
		return CANARY_PASSED;
	if (begun < rule->rows)
		return CANARY_CALLING;
	if (ended < rule->rows)
		return CANARY_WAITING;
	if ((double)answered + SLACK >= rule->min_answered * (double)ended)
		return CANARY_PASSED;
	return CANARY_FAILED;
}

bool budget_allows(const struct guard *g, struct decimal spent, int64_t live,
		   struct decimal expected)
{
	if (!g->has_budget)
		return true;

	int64_t left = g->budget.micro - (spent.micro > 0 ? spent.micro : 0);
	int64_t each = expected.micro > 0 ? expected.micro : 0;
	if (left <= 0)
		return false;
	/* live + 1 calls must fit; divided, because the product could overflow. */
	return each == 0 || left / each > live;
}

static int64_t local_day(const struct zone *zone, int64_t wall_ms)
{
	struct civil c = zone_civil(zone, wall_ms);

	return days_from_date(c.year, c.month, c.day);
}

static int64_t day_start(const struct zone *zone, int64_t day)
{
	struct civil c = {0};

	date_from_days(day, &c.year, &c.month, &c.day);
	return zone_moment(zone, c);
}

/* When at most `limit` attempts may fall into `days` local days: the first moment at which one more
 * may be made. Only the limit-th newest matters: it has to be out of sight first. */
static int64_t days_next(const struct zone *zone, int limit, int days, int64_t nth_newest_ms)
{
	if (limit <= 0 || nth_newest_ms == 0)
		return INT64_MIN;
	return day_start(zone, local_day(zone, nth_newest_ms) + days);
}

bool person_allows(const struct person_rule *rule, const struct zone *zone, int64_t now_ms,
		   const struct person_calls *calls, int64_t *next_ms)
{
	int64_t next = INT64_MIN;
	int64_t day = days_next(zone, rule->per_day, 1, calls->of_day_ms);
	int64_t week = days_next(zone, rule->per_week, 7, calls->of_week_ms);

	if (rule->min_gap_ms > 0 && calls->newest_ms != 0)
		next = calls->newest_ms + rule->min_gap_ms;
	if (day > next)
		next = day;
	if (week > next)
		next = week;
	if (next <= now_ms)
		return true;
	*next_ms = next;
	return false;
}
