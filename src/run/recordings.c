/*
 * Recordings: fetched while the run goes on, where the campaign wants them as files.
 *
 * Few at a time, and never before a call: the provider carries them on connections of their own, at
 * a bounded rate, and one step here costs a look at a number. What fails is tried again a few
 * times, later each time; a link that has expired is asked for anew by reading the call. What is
 * not there when everybody has been called is waited for, but not for ever: the next process goes
 * on.
 */
#include "engine_p.h"

#include "base/folder.h"
#include "base/log.h"
#include "ledger/recording.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BYTES_MAX       ((int64_t)64 << 20)
#define WAIT_US         (2 * MINUTE_MS * 1000) /* of the system's time, at the end of a run */
#define RETRY_MOST_MS   HOUR_MS
#define RENEWAL_MOST_MS (2 * MINUTE_MS)

/* Before the second try, the third, …; after the last of them it is given up. */
static const int64_t waits_ms[] = {
	5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS,
};

bool engine_recordings_load(struct engine *g, struct err *e)
{
	return !g->recorder.folder ||
	       ledger_recordings_want(g->ledger, g->run_id, g->recorder.folder, g->now_ms, e);
}

bool engine_recording_want(struct engine *g, int64_t attempt_id, const struct call_report *report,
			   struct err *e)
{
	if (!g->recorder.folder || !report || !report->recording || !*report->recording)
		return true;
	g->recorder.known = false;
	return ledger_recording_want(g->ledger, attempt_id, g->recorder.folder, g->now_ms, e);
}

static struct fetching *fetching_of(struct engine *g, int64_t attempt_id)
{
	for (size_t i = 0; i < FETCHES_MAX; i++)
		if (g->recorder.fetching[i].attempt_id == attempt_id)
			return &g->recorder.fetching[i];
	return NULL;
}

/* ---- how it ended ---------------------------------------------------------------------------- */

static const char *path_of(struct engine *g, const char *file)
{
	return arena_printf(&g->tick, "%s/%s", g->recorder.folder, file);
}

static bool give_up(struct engine *g, const struct fetching *f, const char *words, struct err *e)
{
	log_warn("%s: this recording cannot be had: %s.", f->file, words);
	unlink(path_of(g, f->file));
	return ledger_recording_given_up(g->ledger, f->attempt_id, words, g->now_ms, e);
}

static bool try_later(struct engine *g, const struct fetching *f, const struct answer *a,
		      const char *words, struct err *e)
{
	const char *validator = a && a->fetched ? a->fetched->validator : "";
	int64_t wait_ms = a ? a->retry_after_ms : 0;

	if ((size_t)f->tries >= COUNT_OF(waits_ms))
		return give_up(g, f, words, e);
	log_debug("%s: not this time: %s", f->file, words);
	if (wait_ms < waits_ms[f->tries])
		wait_ms = waits_ms[f->tries];
	if (wait_ms > RETRY_MOST_MS)
		wait_ms = RETRY_MOST_MS;
	return ledger_recording_failed(g->ledger, f->attempt_id, words, validator,
				       g->now_ms + wait_ms, e);
}

/* It is whole: it gets its name, and only then its mark in the ledger. */
static bool keep(struct engine *g, const struct fetching *f, const struct answer *a, struct err *e)
{
	size_t stem = strlen(f->file) - strlen("part");
	const char *file = arena_printf(&g->tick, "%.*s%s", (int)stem, f->file, a->fetched->ending);
	struct recording_facts facts = {
		.file = file,
		.bytes = a->fetched->bytes,
		.sha256 = a->fetched->sha256,
		.type = a->fetched->type,
	};

	/* The ledger would refuse it, and with it everything else of this step. */
	if (facts.bytes <= 0 || strlen(facts.sha256) != SHA256_HEX_SIZE - 1)
		return try_later(g, f, NULL, "what came is not known to be whole", e);
	if (rename(path_of(g, f->file), path_of(g, file)) != 0)
		return try_later(g, f, NULL, strerror(errno), e);
	return ledger_recording_kept(g->ledger, f->attempt_id, &facts, g->now_ms, e);
}

/* A link may be signed anew for each reading and lead nowhere all the same, as long as its file is
 * not there yet; but one that waits for long has expired again. */
static int64_t renewal_wait_ms(int tries)
{
	return waits_ms[tries] < RENEWAL_MOST_MS ? waits_ms[tries] : RENEWAL_MOST_MS;
}

/* The call was read again, because its link had expired. */
static bool renewed(struct engine *g, const struct fetching *f, const struct answer *a,
		    struct err *e)
{
	bool fresh;

	if (a->read == READ_GONE)
		return give_up(g, f, "its link has expired, and Hamsa does not know the call", e);
	if (a->read != READ_OK)
		return try_later(g, f, a, a->words, e);
	if (!a->call->recording || !*a->call->recording)
		return try_later(g, f, a, "its link has expired, and Hamsa names no other", e);
	if (!ledger_recording_relink(g->ledger, f->attempt_id, a->call->recording,
				     g->now_ms + renewal_wait_ms(f->tries), &fresh, e))
		return false;
	return fresh ? true
		     : try_later(g, f, a, "its link has expired, and Hamsa names the same again",
				 e);
}

bool engine_recording_answer(struct engine *g, const struct answer *a, struct err *e)
{
	struct fetching *slot = fetching_of(g, (int64_t)(a->token & ~TOKEN_RECORDING));

	if (!slot)
		BUG("an answer for a recording that nobody asked for");
	struct fetching f = *slot;
	if (a->kind == REQUEST_FETCH && a->fetch == FETCH_EXPIRED &&
	    (size_t)f.tries < COUNT_OF(waits_ms)) {
		provider_read(g->provider, a->token, f.job_id);
		return true;
	}
	*slot = (struct fetching){0};
	g->recorder.known = false;
	if (a->kind == REQUEST_READ)
		return renewed(g, &f, a, e);
	switch (a->fetch) {
	case FETCH_OK:
		return keep(g, &f, a, e);
	case FETCH_EXPIRED:
	case FETCH_REFUSED:
		return give_up(g, &f, a->words, e);
	case FETCH_LATER:
		return try_later(g, &f, a, a->words, e);
	}
	BUG("no such verdict: %d", (int)a->fetch);
}

/* ---- what is next ---------------------------------------------------------------------------- */

static bool start(struct engine *g, struct fetching *slot, const struct recording *r, struct err *e)
{
	struct err folder = {0};

	*slot = (struct fetching){.attempt_id = r->attempt_id, .tries = r->tries};
	snprintf(slot->job_id, sizeof(slot->job_id), "%s", r->job_id);
	snprintf(slot->file, sizeof(slot->file), "%s", r->file);
	if (!folder_make(path_of(g, "recordings"), "folder for recordings",
			 "report.dir in the campaign file", &folder)) {
		struct fetching f = *slot;
		*slot = (struct fetching){0};
		g->recorder.known = false;
		return try_later(g, &f, NULL, folder.text, e);
	}
	provider_fetch(g->provider, TOKEN_RECORDING | (uint64_t)r->attempt_id,
		       &(struct fetch_order){.url = r->url,
					     .path = path_of(g, r->file),
					     .validator = r->validator,
					     .most_bytes = BYTES_MAX});
	return true;
}

bool engine_fetch_recordings(struct engine *g, int64_t *wait_us, struct err *e)
{
	struct recorder *r = &g->recorder;
	struct recording next[2 * FETCHES_MAX];
	struct fetching *slot;
	size_t count;

	if (!r->folder || !fetching_of(g, 0))
		return true;
	if (r->known && r->next_due_ms > g->now_ms) {
		engine_wait_at_most(wait_us, engine_us_until(g, r->next_due_ms));
		return true;
	}
	if (!ledger_recordings_next(g->ledger, g->run_id, COUNT_OF(next), &g->tick, next, &count,
				    e))
		return false;
	r->known = true;
	r->next_due_ms = INT64_MAX;
	for (size_t i = 0; i < count; i++) {
		if (fetching_of(g, next[i].attempt_id))
			continue;
		if (next[i].due_ms > g->now_ms) {
			r->next_due_ms = next[i].due_ms;
			engine_wait_at_most(wait_us, engine_us_until(g, r->next_due_ms));
			break;
		}
		slot = fetching_of(g, 0);
		if (!slot)
			break; /* whoever ends first looks again */
		if (!start(g, slot, &next[i], e))
			return false;
	}
	return true;
}

bool engine_awaits_recordings(struct engine *g)
{
	struct recorder *r = &g->recorder;
	int64_t most_us = (int64_t)(WAIT_US * g->clock->speed);

	if (!r->folder || g->hurried)
		return false;
	if (!r->awaited)
		r->awaited_since = g->now;
	r->awaited = true;

	int64_t left_us = most_us - mono_since(r->awaited_since, g->now);
	if (left_us <= 0)
		return false;
	for (size_t i = 0; i < FETCHES_MAX; i++)
		if (r->fetching[i].attempt_id)
			return true;
	return !r->known || engine_us_until(g, r->next_due_ms) <= left_us;
}
