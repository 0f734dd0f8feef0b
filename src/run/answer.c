/*
 * Answers: what the provider has finished, recorded before anything else happens with it.
 *
 * All answers of one step go into one transaction. If it cannot be committed the engine is dropped,
 * and the attempts whose answers were lost with it are found `placing` at the next start: in doubt,
 * to be settled, never placed again blindly.
 */
#include "engine_p.h"

#include "base/log.h"
#include "base/text_mask.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ANSWERS_MAX 512

/* ---- placing --------------------------------------------------------------------------------- */

static bool placed_accepted(struct engine *g, struct call *call, const struct answer *a,
			    struct err *e)
{
	int64_t other;

	g->network = (struct backoff){0};
	if (!ledger_attempt_by_job(g->ledger, a->job_id, &other, e))
		return false;
	if (other != 0 || strlen(a->job_id) >= JOB_ID_SIZE) {
		/* An id that is another call's does not tell which call this one is. */
		board_set_phase(g->board, call, PHASE_IN_DOUBT);
		call->doubt_since = g->now;
		call->accepted = true;
		return ledger_attempt_doubt(g->ledger, call->attempt_id,
					    "Hamsa answered with an id that cannot be this call's.",
					    g->now_ms, e) &&
		       ledger_attempt_status(g->ledger, call->attempt_id, STATUS_ACCEPTED,
					     g->now_ms, e);
	}
	board_set_job(g->board, call, a->job_id);
	board_set_phase(g->board, call, PHASE_LIVE);
	call->since = g->now;
	/* The list may lag: a round that began before cannot know this call. */
	call->round = g->round.number;
	return ledger_attempt_accepted(g->ledger, call->attempt_id, a->job_id, a->raw, g->now_ms,
				       e);
}

static bool placed_void(struct engine *g, struct call *call, const char *why, const char *words,
			struct err *e)
{
	int64_t id = call->attempt_id;

	board_remove(g->board, call);
	g->run.calls--;
	g->due_known = false;
	return ledger_attempt_void(g->ledger, id, why, words, g->now_ms, g->now_ms, e);
}

static bool answer_place(struct engine *g, struct call *call, const struct answer *a, struct err *e)
{
	char masked[TEXT_MASK_SIZE];

	switch (a->place) {
	case PLACE_ACCEPTED:
		return placed_accepted(g, call, a, e);
	case PLACE_NOT_SENT:
		if (g->network.failures == 0)
			log_warn("Hamsa cannot be reached, nothing was dialled: %s", a->words);
		engine_backoff(g, &g->network, 0);
		return placed_void(g, call, "not_sent", a->words, e);
	case PLACE_SLOW_DOWN:
		pace_slow_down(&g->pace, g->now, a->retry_after_ms * 1000);
		log_warn("Hamsa asks to slow down; the pace is halved for now: %s", a->words);
		return placed_void(g, call, "slow_down", a->words, e);
	case PLACE_STOP:
		log_error("Hamsa refuses every call: %s", a->words);
		engine_halt(g, STOP_GUARD, "Hamsa refuses every call: %s", a->words);
		return placed_void(g, call, "stopped", a->words, e);
	case PLACE_REFUSED: {
		int64_t id = call->attempt_id;
		log_warn("Hamsa refuses %s: %s", text_mask_phone(call->phone, masked), a->words);
		board_remove(g->board, call);
		g->run.failed++;
		/* A row refused is a row; many in a row are a wrong caller number, or worse. */
		return ledger_attempt_refused(g->ledger, id, a->words, g->now_ms, e) &&
		       engine_feed_breaker(g, OUTCOME_FAILED, a->words, e);
	}
	case PLACE_IN_DOUBT:
		log_warn("No certain answer for %s; looking for the call in Hamsa's list: %s",
			 text_mask_phone(call->phone, masked), a->words);
		engine_backoff(g, &g->network, a->retry_after_ms);
		board_set_phase(g->board, call, PHASE_IN_DOUBT);
		call->doubt_since = g->now;
		return ledger_attempt_doubt(g->ledger, call->attempt_id, a->words, g->now_ms, e);
	}
	BUG("no such verdict: %d", (int)a->place);
}

/* ---- the rest -------------------------------------------------------------------------------- */

/* Calls that are open were placed in a project; the list of another one lacks them all, which
 * proves nothing. With nothing open a run may go on in another project. */
static bool take_project(struct engine *g, const char *project, struct err *e)
{
	g->project = PROJECT_GOOD;
	if (!*project || strcmp(project, g->run.project) == 0)
		return true;
	if (*g->run.project && board_count(g->board) > 0) {
		g->project = PROJECT_UNKNOWN;
		g->foreign = true;
		engine_halt(g, STOP_GUARD,
			    "This key belongs to the project %s, but calls of this run that are "
			    "live or in doubt were placed in the project %s. Go on with a key of "
			    "that project, or decide with `nida settle` what is in doubt.",
			    project, g->run.project);
		return true;
	}
	g->run.project = arena_strdup(&g->run_arena, project);
	return ledger_run_set_project(g->ledger, g->run_id, project, e);
}

static bool answer_project(struct engine *g, const struct answer *a, struct err *e)
{
	switch (a->read) {
	case READ_OK:
		return take_project(g, a->project_id ? a->project_id : "", e);
	case READ_GONE:
		/* A service without this route may be fine all the same: placing will tell. */
		log_warn("Hamsa does not know the project of this key (404): %s", a->words);
		g->project = PROJECT_GOOD;
		return true;
	case READ_STOP:
		log_error("Hamsa refuses the key or the project: %s", a->words);
		engine_halt(g, STOP_GUARD, "Hamsa refuses the key or the project: %s", a->words);
		g->project = PROJECT_UNKNOWN;
		return true;
	case READ_LATER:
		if (g->network.failures == 0)
			log_warn("Hamsa cannot be asked for the project: %s", a->words);
		g->project = PROJECT_UNKNOWN;
		engine_backoff(g, &g->network, a->retry_after_ms);
		g->project_next = g->network.until;
		return true;
	}
	BUG("no such verdict: %d", (int)a->read);
}

static void answer_agent(struct engine *g, const struct answer *a)
{
	int64_t told_ms = a->read == READ_OK ? a->agent->max_call_ms : 0;

	/* The default stands until every agent has told its own. */
	if (told_ms > g->told_call_ms)
		g->told_call_ms = told_ms;
	g->agents_silent += told_ms == 0;
	if (--g->agents_awaited == 0 && g->agents_silent == 0)
		g->max_call_ms = g->told_call_ms;
}

static bool answer_end(struct engine *g, struct call *call, const struct answer *a)
{
	if (a->read != READ_OK)
		log_warn("A call that does not end by itself could not be ended: %s", a->words);
	engine_read_call(g, call);
	return true;
}

static bool answer_one(struct engine *g, const struct answer *a, struct err *e)
{
	if (a->token == TOKEN_ROUND)
		return engine_round_page(g, a, e);
	if (a->token == TOKEN_LOOK)
		return engine_look_page(g, a, e);
	if (a->token == TOKEN_CANDIDATE)
		return engine_look_candidate(g, a, e);
	if (a->token == TOKEN_PROJECT)
		return answer_project(g, a, e);
	if (a->token == TOKEN_AGENT) {
		answer_agent(g, a);
		return true;
	}

	if (a->token & TOKEN_RECORDING)
		return engine_recording_answer(g, a, e);

	struct call *call = board_by_id(g->board, (int64_t)a->token);
	if (!call)
		BUG("an answer for attempt %" PRIu64 ", which is not open", a->token);
	if (a->kind == REQUEST_PLACE)
		return answer_place(g, call, a, e);
	if (a->kind == REQUEST_END)
		return answer_end(g, call, a);
	return engine_record_read(g, call, a, e);
}

bool engine_collect(struct engine *g, struct err *e)
{
	struct answer answer;
	bool begun = false;

	for (int i = 0; i < ANSWERS_MAX && provider_next(g->provider, &answer); i++) {
		if (!begun && !ledger_begin(g->ledger, e))
			return false;
		begun = true;
		if (!answer_one(g, &answer, e))
			goto undo;
	}
	if (!begun || ledger_commit(g->ledger, e))
		return true;
undo:
	ledger_rollback(g->ledger);
	return false;
}
