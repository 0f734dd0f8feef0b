/*
 * What holds a campaign back: pace, retry, guard.
 */
#include "campaign_p.h"

#include <string.h>

#define ATTEMPTS_MAX 20
#define WAIT_MAX_MS  (30 * DAY_MS)
#define CANARY_MAX   1000000

/* How much Hamsa and the carrier bear is theirs to say: neither of the two has a limit here. */
static void read_calls_per_minute(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	(void)read_whole(r, n, 1, INT64_MAX, &c->calls_per_minute);
}

static void read_live(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	(void)read_whole(r, n, 1, INT64_MAX, &c->live);
}

void pace_read(struct reader *r, const struct node *n, void *campaign)
{
	static const struct key keys[] = {
		{"calls_per_minute", KEY_OPTIONAL, read_calls_per_minute},
		{"live", KEY_OPTIONAL, read_live},
	};

	(void)read_map(r, n, keys, COUNT_OF(keys), campaign);
}

static void read_attempts(struct reader *r, const struct node *n, void *into)
{
	struct retry *retry = into;

	(void)read_int(r, n, 1, ATTEMPTS_MAX, &retry->attempts);
}

static void read_waits(struct reader *r, const struct node *n, struct retry *retry,
		       struct retry_waits *waits)
{
	if (!read_is_list(r, n, "a list of waits such as [30m, 2h]"))
		return;
	if (n->count > RETRY_WAITS_MAX) {
		read_fault(r, n, "at most %d waits can be given; found %zu.", RETRY_WAITS_MAX,
			   n->count);
		return;
	}
	for (const struct node *item = n->first; item; item = item->next)
		if (read_span(r, item, SECOND_MS, WAIT_MAX_MS, &waits->ms[waits->count]))
			waits->count++;
	if (waits->count > retry->attempts - 1)
		read_warning(r, n,
			     "%d %s given, but with retry.attempts %d only %d can come to pass.",
			     waits->count, waits->count == 1 ? "wait is" : "waits are",
			     retry->attempts, retry->attempts - 1);
}

static void read_on(struct reader *r, const struct node *n, void *into)
{
	struct retry *retry = into;
	const char *names[OUTCOME_COUNT];
	size_t name_count = 0;

	if (n->kind != NODE_MAP) {
		read_expected(r, n, "outcomes with waits, such as {no_answer: [30m, 2h]}");
		return;
	}
	for (int i = 0; i < OUTCOME_COUNT; i++)
		if (retry_allowed((enum outcome)i))
			names[name_count++] = outcome_name((enum outcome)i);
	for (const struct node *child = n->first; child; child = child->next) {
		enum outcome outcome;
		if (outcome_from_name(child->key, &outcome) && retry_allowed(outcome)) {
			read_waits(r, child, retry, &retry->on[outcome]);
			continue;
		}
		problems_add(r->problems, PROBLEM_ERROR, r->tree->file, child->key_line,
			     child->key_column,
			     "%s: calls with this outcome are not tried again; %s",
			     node_name(child, r->arena),
			     read_suggestion(r, child->key, names, name_count));
	}
}

void retry_read(struct reader *r, const struct node *n, void *campaign)
{
	/* The number of attempts first: the waits are compared with it. */
	static const struct key keys[] = {
		{"attempts", KEY_OPTIONAL, read_attempts},
		{"on", KEY_OPTIONAL, read_on},
	};
	struct campaign *c = campaign;
	const struct node *on = node_child(n, "on");

	if (read_map(r, n, keys, COUNT_OF(keys), &c->retry) && c->retry.attempts > 1 &&
	    (!on || on->count == 0))
		read_warning(r, n,
			     "attempts is %d, but nothing stands under retry.on: nobody is "
			     "called a second time.",
			     c->retry.attempts);
}

static void read_failures(struct reader *r, const struct node *n, void *into)
{
	struct breaker_rule *breaker = into;

	(void)read_share(r, n, 0, &breaker->failures);
}

static void read_of_last(struct reader *r, const struct node *n, void *into)
{
	struct breaker_rule *breaker = into;

	(void)read_int(r, n, 1, BREAKER_MAX, &breaker->of_last);
}

static void read_breaker(struct reader *r, const struct node *n, void *into)
{
	static const struct key keys[] = {
		{"failures", KEY_OPTIONAL, read_failures},
		{"of_last", KEY_OPTIONAL, read_of_last},
	};
	struct guard *g = into;

	if (read_is_map(r, n, "failures and of_last, such as {failures: 50%, of_last: 20}"))
		(void)read_map(r, n, keys, COUNT_OF(keys), &g->breaker);
}

static void read_rows(struct reader *r, const struct node *n, void *into)
{
	struct canary_rule *canary = into;

	(void)read_int(r, n, 1, CANARY_MAX, &canary->rows);
}

static void read_min_answered(struct reader *r, const struct node *n, void *into)
{
	struct canary_rule *canary = into;

	(void)read_share(r, n, 0, &canary->min_answered);
}

static void read_canary(struct reader *r, const struct node *n, void *into)
{
	static const struct key keys[] = {
		{"rows", KEY_REQUIRED, read_rows},
		{"min_answered", KEY_REQUIRED, read_min_answered},
	};
	struct guard *g = into;

	(void)read_map(r, n, keys, COUNT_OF(keys), &g->canary);
}

static void read_budget(struct reader *r, const struct node *n, void *into)
{
	struct guard *g = into;

	if (!read_decimal(r, n, &g->budget))
		return;
	g->has_budget = g->budget.micro > 0;
	if (!g->has_budget)
		read_expected(r, n, "an amount above 0");
}

static void read_min_gap(struct reader *r, const struct node *n, void *into)
{
	struct person_rule *person = into;

	(void)read_span(r, n, SECOND_MS, 366 * DAY_MS, &person->min_gap_ms);
}

static void read_per_day(struct reader *r, const struct node *n, void *into)
{
	struct person_rule *person = into;

	(void)read_int(r, n, 1, 100, &person->per_day);
}

static void read_per_week(struct reader *r, const struct node *n, void *into)
{
	struct person_rule *person = into;

	(void)read_int(r, n, 1, 700, &person->per_week);
}

static void read_per_person(struct reader *r, const struct node *n, void *into)
{
	static const struct key keys[] = {
		{"min_gap", KEY_OPTIONAL, read_min_gap},
		{"per_day", KEY_OPTIONAL, read_per_day},
		{"per_week", KEY_OPTIONAL, read_per_week},
	};
	struct guard *g = into;

	if (read_is_map(r, n, "min_gap, per_day or per_week"))
		(void)read_map(r, n, keys, COUNT_OF(keys), &g->person);
}

void guard_read(struct reader *r, const struct node *n, void *campaign)
{
	static const struct key keys[] = {
		{"breaker", KEY_OPTIONAL, read_breaker},
		{"canary", KEY_OPTIONAL, read_canary},
		{"budget", KEY_OPTIONAL, read_budget},
		{"per_person", KEY_OPTIONAL, read_per_person},
	};
	struct campaign *c = campaign;

	(void)read_map(r, n, keys, COUNT_OF(keys), &c->guard);
}
