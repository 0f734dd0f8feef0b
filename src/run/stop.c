/*
 * Why nothing is placed: the reason of the moment, halts for good, pauses of guards, waits after
 * trouble.
 */
#include "engine_p.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MOST_MS  60000

void engine_why(struct engine *g, int64_t until_ms, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(g->why, sizeof(g->why), fmt, args);
	va_end(args);
	g->why_until_ms = until_ms;
}

void engine_halt(struct engine *g, enum stop_kind kind, const char *fmt, ...)
{
	va_list args;

	/* A guard's reason outweighs a person's wish; the first of a kind stays. */
	if (g->stop >= kind)
		return;
	g->stop = kind;
	va_start(args, fmt);
	vsnprintf(g->stop_words, sizeof(g->stop_words), fmt, args);
	va_end(args);
}

bool engine_pause(struct engine *g, const char *by, const char *words, struct err *e)
{
	log_error("The run is paused by its %s: %s.", by, words);
	engine_halt(g, STOP_GUARD,
		    "Paused by %s: %s. When you have looked, `nida resume` lets it go on.", by,
		    words);
	/* Known at once: several calls may end in one step, and one pause is enough. */
	g->run.paused_by = arena_strdup(&g->run_arena, by);
	g->run.pause_words = arena_strdup(&g->run_arena, words);
	return ledger_run_pause(g->ledger, g->run_id, by, words, g->now_ms, e);
}

void engine_backoff(struct engine *g, struct backoff *b, int64_t retry_after_ms)
{
	int64_t wait_ms = BACKOFF_FIRST_MS;

	/* Many that fail together are one outage. */
	if (b->failures > 0 && mono_since(g->now, b->until) > 0 && retry_after_ms == 0)
		return;

	for (int i = 0; i < b->failures && wait_ms < BACKOFF_MOST_MS; i++)
		wait_ms *= 2;
	if (wait_ms > BACKOFF_MOST_MS)
		wait_ms = BACKOFF_MOST_MS;
	/* Up to half as long again, so that many waiters do not come back together. */
	wait_ms += (int64_t)rng_below(g->rng, (uint64_t)wait_ms / 2 + 1);
	if (retry_after_ms > wait_ms)
		wait_ms = retry_after_ms;
	b->failures++;
	b->until = mono_add(g->now, wait_ms * 1000);
}
