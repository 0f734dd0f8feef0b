/*
 * Following: how are the live calls?
 *
 * A round asks for pages of the calls that are live (200 to a page). What a page shows is alive;
 * what a whole round did not show is probably over and is read once, which tells for certain and
 * brings the transcript. When there are fewer live calls than pages to read, each is read directly
 * instead. A call that is live for longer than its agent allows is read, ended if it still is, and
 * counted as lost.
 */
#include "engine_p.h"

#include "base/log.h"

#include <inttypes.h>

#define READS_MAX         24
#define PAGES_SPARE       2
#define LIST_FAILURES_MAX 3 /* in a row; then calls are read one by one */
#define RING_MS           (2 * MINUTE_MS)
#define GRACE_MS          (2 * MINUTE_MS)
#define WALK_EVERY_US     (SECOND_MS * 1000) /* at least, while there is a reason to be awake */

static bool may_read(const struct engine *g)
{
	return board_in_phase(g->board, PHASE_READING) + board_in_phase(g->board, PHASE_REREADING) <
	       READS_MAX;
}

void engine_read_call(struct engine *g, struct call *call)
{
	board_set_phase(g->board, call,
			call->phase == PHASE_LATE ? PHASE_REREADING : PHASE_READING);
	provider_read(g->provider, (uint64_t)call->attempt_id, call->job_id);
}

struct oldest {
	int64_t intent_ms;
};

static void find_oldest(void *data, struct call *call)
{
	struct oldest *oldest = data;

	if (call->phase == PHASE_LIVE && call->intent_ms < oldest->intent_ms)
		oldest->intent_ms = call->intent_ms;
}

static void ask_page(struct engine *g)
{
	struct oldest oldest = {g->now_ms};

	board_each(g->board, find_oldest, &oldest);
	provider_list(g->provider, TOKEN_ROUND,
		      &(struct list_query){
			      .from_ms = oldest.intent_ms - CALL_SKEW_MS,
			      .live_only = true,
			      .page = g->round.page,
			      .per_page = LIST_PER_PAGE,
		      });
}

static void begin_round(struct engine *g, size_t live)
{
	g->walked.clean = false;
	g->round.number++;
	g->round.next = mono_add(g->now, g->plan->campaign.poll_ms * 1000);
	/* Fewer calls than pages: each is read by itself, as if no page had shown it; unless that
	 * fails, and the list may know more. */
	g->round.whole = live <= g->round.pages_last && !g->read_fails;
	if (g->round.whole)
		return;
	g->round.running = true;
	g->round.page = 1;
	ask_page(g);
}

static void end_round(struct engine *g, bool whole)
{
	g->walked.clean = false;
	g->round.running = false;
	g->round.whole = whole;
	if (!whole) {
		g->round.failures++;
		return;
	}
	g->round.failures = 0;
	g->round.pages_last = (size_t)g->round.page;
}

static bool is_stuck(const struct engine *g, const struct call *call)
{
	int64_t most_us = (g->max_call_ms + RING_MS + GRACE_MS) * 1000;

	return mono_since(call->since, g->now) > most_us;
}

/* The list says this call is over: one read brings the rest. */
static bool see_line(struct engine *g, const struct call_line *line, struct err *e)
{
	struct call *call = board_by_job(g->board, line->job_id);

	if (!call || call->phase != PHASE_LIVE)
		return true;
	/* One that should have ended long ago is read, whatever a list says of it. */
	if (!call->ending && !is_stuck(g, call))
		call->round = g->round.number;
	if (call_status_is_final(line->status)) {
		if (call->listed == CALL_UNKNOWN)
			call->listed_since = g->now;
		call->listed = line->status;
		engine_read_call(g, call);
		return true;
	}
	if (line->status == CALL_UNKNOWN)
		return true;
	return engine_note_status(g, call, line->status, NULL, e);
}

static void fail_round(struct engine *g, const struct answer *answer)
{
	if (answer->read == READ_STOP) {
		g->refusals++;
		engine_halt(g, STOP_GUARD, "Hamsa refuses to answer: %s", answer->words);
	} else if (g->round.failures == 0) {
		log_warn("Hamsa's list of calls cannot be read for now: %s", answer->words);
	}
	end_round(g, false);
}

bool engine_round_page(struct engine *g, const struct answer *answer, struct err *e)
{
	if (answer->read != READ_OK) {
		fail_round(g, answer);
		return true;
	}
	g->heard = g->now;
	for (size_t i = 0; i < answer->line_count; i++)
		if (!see_line(g, &answer->lines[i], e))
			return false;
	if (answer->last_page) {
		end_round(g, true);
		return true;
	}
	/* More pages than calls: what was not shown so far is read call by call, which takes fewer
	 * requests than going on. The list is long in a busy project, or never ends because the
	 * server overlooks `page`; it is tried again when there are many more calls. */
	if ((size_t)g->round.page > board_in_phase(g->board, PHASE_LIVE) + PAGES_SPARE) {
		end_round(g, true);
		g->round.pages_last *= 2;
		return true;
	}
	g->round.page++;
	ask_page(g);
	return true;
}

/* What one walk over the board decides and finds out. */
struct walk {
	struct engine *g;
	int64_t wait_us;
	bool unread; /* a missing call has to wait for other reads to end */
	bool again;  /* a late one has to */
};

void engine_end_call(struct engine *g, struct call *call)
{
	call->ending = true;
	call->end_tries++;
	call->since = g->now;
	board_set_phase(g->board, call, PHASE_READING);
	provider_end(g->provider, (uint64_t)call->attempt_id, call->job_id);
}

/* It has just been read: is it still live although it should have ended long ago? Then end it; the
 * read that follows the answer closes it. */
bool engine_end_if_stuck(struct engine *g, struct call *call)
{
	if (call->ending || !is_stuck(g, call))
		return false;
	log_warn("The call of row %" PRId64 " is live for longer than its agent allows; ending it.",
		 ledger_contact_ordinal(call->contact_id));
	engine_end_call(g, call);
	return true;
}

static void walk_call(struct walk *walk, struct call *call)
{
	struct engine *g = walk->g;

	if (call->phase == PHASE_LATE) {
		int64_t wait_us = mono_since(g->now, call->next_read);
		if (wait_us > 0)
			engine_wait_at_most(&walk->wait_us, wait_us);
		else if (may_read(g))
			engine_read_call(g, call);
		else
			walk->again = true;
		return;
	}
	if (call->phase != PHASE_LIVE)
		return;
	/* While a round runs, a call that it has not shown yet is not missing; nor is one when
	 * the list could not be read whole, unless that goes on. */
	bool missing = !g->round.running && call->round < g->round.number &&
		       (g->round.whole || g->round.failures >= LIST_FAILURES_MAX);
	missing |= (call->ending || is_stuck(g, call)) && call->round < g->round.number;
	if (!missing)
		return;
	if (may_read(g))
		engine_read_call(g, call);
	else
		walk->unread = true;
}

/* Can nothing have come up since the last walk? */
static bool is_walked(const struct engine *g)
{
	int64_t since_us = mono_since(g->walked.at, g->now);

	return g->walked.clean && g->walked.lates == board_lates(g->board) &&
	       since_us < WALK_EVERY_US && since_us < g->walked.late_us;
}

/* Read what is to be read. True: calls have to wait for it. */
static bool walk_board(struct engine *g, int64_t *wait_us)
{
	struct walk walk = {.g = g, .wait_us = INT64_MAX};

	if (is_walked(g)) {
		if (g->walked.late_us < INT64_MAX)
			engine_wait_at_most(wait_us,
					    g->walked.late_us - mono_since(g->walked.at, g->now));
		return false;
	}
	/* With as many reads under way as there may be, no walk could begin another. */
	if (g->walked.unread && !may_read(g))
		return true;
	/* The oldest first, for they end first; the rest is walked when these have been read. */
	for (struct call *call = board_oldest(g->board); call && !walk.unread; call = call->newer)
		walk_call(&walk, call);
	engine_wait_at_most(wait_us, walk.wait_us);
	g->walked = (struct walked){
		.clean = !walk.again && !walk.unread,
		.unread = walk.unread,
		.lates = board_lates(g->board),
		.at = g->now,
		.late_us = walk.wait_us,
	};
	return walk.unread;
}

void engine_follow(struct engine *g, int64_t *wait_us)
{
	if (board_count(g->board) == board_in_phase(g->board, PHASE_IN_DOUBT))
		return;
	/* What the last round found missing is read before a new one begins: a list that takes
	 * longer than the time between two rounds must not starve the reads. */
	bool unread = walk_board(g, wait_us);

	size_t live = board_in_phase(g->board, PHASE_LIVE);
	if (g->round.running || live == 0 || unread)
		return;
	if (mono_since(g->round.next, g->now) >= 0) {
		begin_round(g, live);
		engine_wait_at_most(wait_us, 0);
	} else {
		engine_wait_at_most(wait_us, mono_since(g->now, g->round.next));
	}
}
