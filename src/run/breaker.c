/*
 * The breaker: how did the last calls go? When too many of them failed, the run is paused.
 */
#include "engine_p.h"

#include "base/buf.h"
#include "base/columns.h"

#include <stdio.h>

#define FAILURE_COLUMNS 80

/* An example says more than a number; a line of it is enough. */
static void remember_failure(struct engine *g, const char *words)
{
	struct buf line;

	buf_init(&line, sizeof(g->failure) - sizeof(", e.g. ''"));
	columns_add(&line, words, FAILURE_COLUMNS, false);
	snprintf(g->failure, sizeof(g->failure), ", e.g. '%s'", line.data);
	buf_free(&line);
}

static bool judge_breaker(struct engine *g, struct err *e)
{
	const struct breaker_rule *rule = &g->plan->campaign.guard.breaker;
	int failures;
	char words[FAILURE_SIZE + 80];

	if (g->run.paused_by || !breaker_trips(&g->breaker, rule, &failures))
		return true;
	snprintf(words, sizeof(words), "%d of the last %d calls failed%s", failures, rule->of_last,
		 g->failure);
	return engine_pause(g, "breaker", words, e);
}

bool engine_feed_breaker(struct engine *g, enum outcome outcome, const char *words, struct err *e)
{
	bool failed = breaker_is_failure(outcome);

	if (failed && *words)
		remember_failure(g, words);
	(void)breaker_add(&g->breaker, &g->plan->campaign.guard.breaker, failed);
	return judge_breaker(g, e);
}

/* Counted as soon as somebody picks up, because calls that fail end much sooner than those that
 * work, and a breaker that saw ends alone would see failures first. */
void engine_call_talks(struct engine *g, struct call *call)
{
	if (call->talked)
		return;
	call->talked = true;
	call->breaker_entry = breaker_add(&g->breaker, &g->plan->campaign.guard.breaker, false);
}

/* The end of a call that was counted when it began to talk corrects that entry. */
bool engine_feed_end(struct engine *g, bool talked, uint64_t entry, enum outcome outcome,
		     const char *words, struct err *e)
{
	if (!talked)
		return engine_feed_breaker(g, outcome, words, e);
	if (!breaker_is_failure(outcome))
		return true;
	if (*words)
		remember_failure(g, words);
	breaker_correct(&g->breaker, &g->plan->campaign.guard.breaker, entry);
	return judge_breaker(g, e);
}
