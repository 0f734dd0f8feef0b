#include "engine_p.h"

#include "base/log.h"
#include "base/pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The longest an agent can be set to (contract: 30 s to 1 h), for one that does not say. */
#define MAX_CALL_DEFAULT_MS HOUR_MS
#define REFUSALS_MAX        20 /* readings in a row that are refused: nothing can be followed */
#define NOTE_EVERY_US       (5 * SECOND_MS * 1000)

static bool reload_run(struct engine *g, struct err *e)
{
	arena_reset(&g->run_arena);
	return ledger_run_get(g->ledger, g->run_id, &g->run_arena, &g->run, e);
}

/* ---- start-up -------------------------------------------------------------------------------- */

struct loading {
	struct engine *g;
	size_t placing;
};

static bool load_attempt(void *data, const struct attempt *a, struct err *e)
{
	struct loading *loading = data;
	struct engine *g = loading->g;
	struct call *call = board_add(g->board, a->id);

	(void)e;
	call->contact_id = a->contact_id;
	call->number = a->number;
	call->intent_ms = a->intent_ms;
	call->end_asked = a->end_asked_ms != 0;
	call->since = g->now;
	call->doubt_since = g->now;
	snprintf(call->ref, sizeof(call->ref), "%s", a->ref);
	snprintf(call->phone, sizeof(call->phone), "%s", a->phone);
	snprintf(call->agent, sizeof(call->agent), "%s", a->agent);
	if (a->state == ATTEMPT_LIVE) {
		call->status = call_status_from_text(a->status);
		board_set_job(g->board, call, a->job_id);
		board_set_phase(g->board, call, PHASE_LIVE);
	} else if (a->state == ATTEMPT_IN_DOUBT) {
		call->accepted = strcmp(a->status, STATUS_ACCEPTED) == 0;
		board_set_phase(g->board, call, PHASE_IN_DOUBT);
	} else {
		loading->placing++;
	}
	return true;
}

struct doubting {
	struct engine *g;
	struct err *e;
	bool ok;
};

/* The process that placed it is gone: nobody knows whether the POST left. */
static void doubt_placing(void *data, struct call *call)
{
	struct doubting *d = data;

	if (!d->ok || call->phase != PHASE_PLACING)
		return;
	board_set_phase(d->g->board, call, PHASE_IN_DOUBT);
	d->ok = ledger_attempt_doubt(d->g->ledger, call->attempt_id,
				     "nida was interrupted while it placed this call.",
				     d->g->now_ms, d->e);
}

static bool load_open_attempts(struct engine *g, struct err *e)
{
	struct loading loading = {.g = g};
	struct doubting doubting = {.g = g, .e = e, .ok = true};

	if (!ledger_attempts_open(g->ledger, g->run_id, load_attempt, &loading, e))
		return false;
	if (loading.placing == 0)
		return true;
	log_warn(
		"%zu calls were being placed when nida was interrupted; looking for them at Hamsa.",
		loading.placing);
	if (!ledger_begin(g->ledger, e))
		return false;
	board_each(g->board, doubt_placing, &doubting);
	if (doubting.ok && ledger_commit(g->ledger, e))
		return true;
	ledger_rollback(g->ledger);
	return false;
}

static void count_talking(void *data, struct call *call)
{
	if (call->status == CALL_IN_PROGRESS)
		engine_call_talks(data, call);
}

/* The breaker sees what ended since a person last looked, and who talks now. */
static bool load_breaker(struct engine *g, struct err *e)
{
	const struct breaker_rule *rule = &g->plan->campaign.guard.breaker;
	enum outcome recent[BREAKER_MAX];
	size_t count;

	if (rule->failures <= 0)
		return true;
	if (!ledger_attempts_recent(g->ledger, g->run_id, g->run.resumed_ms, (size_t)rule->of_last,
				    recent, &count, e))
		return false;
	breaker_recall(&g->breaker, rule, recent, count);
	board_each(g->board, count_talking, g);
	return true;
}

/* The campaign may have placed a call a moment ago, in another process or another run. */
static bool load_pace(struct engine *g, struct err *e)
{
	int64_t last_ms;

	pace_init(&g->pace, g->plan->campaign.calls_per_minute, g->now);
	if (!ledger_campaign_last_intent(g->ledger, g->plan->campaign.name, &last_ms, e))
		return false;
	if (last_ms > 0)
		pace_remember(&g->pace, g->now, (g->now_ms - last_ms) * 1000);
	return true;
}

static void obey_pause(struct engine *g)
{
	bool guard = g->run.paused_by && strcmp(g->run.paused_by, "operator") != 0;

	if (g->run.paused_by)
		engine_halt(g, guard ? STOP_GUARD : STOP_ASKED,
			    "Paused by %s: %s. `nida resume` lets it go on.", g->run.paused_by,
			    g->run.pause_words);
}

/* A person has ended the run for good: rows that wait for a call, or for another, wait no more.
 * What is live is followed to its end, and what is in doubt is looked for, as ever. */
static bool obey_cancel(struct engine *g, struct err *e)
{
	int64_t count;

	if (g->run.state != RUN_CANCELLED || (g->due_known && g->next_due_ms == INT64_MAX))
		return true;
	g->stop = STOP_NONE;
	engine_halt(g, STOP_ASKED, "The run was cancelled; `nida run --new` would begin another.");
	if (!ledger_begin(g->ledger, e))
		return false;
	if (!ledger_contacts_skip_pending(g->ledger, g->run_id, SKIP_CANCELLED,
					  "the run was cancelled", g->now_ms, &count, e) ||
	    !ledger_commit(g->ledger, e)) {
		ledger_rollback(g->ledger);
		return false;
	}
	if (count > 0)
		log_warn("The run was cancelled: %" PRId64 " rows are not called.", count);
	g->due_known = true;
	g->next_due_ms = INT64_MAX;
	return true;
}

static void tell_time(struct engine *g)
{
	g->now_ms = clock_wall_ms(g->clock);
	g->now = clock_mono(g->clock);
}

bool engine_new(const struct engine_parts *parts, struct engine **out, struct err *e)
{
	struct engine *g = xcalloc(1, sizeof(*g));

	g->ledger = parts->ledger;
	g->lock = parts->lock;
	g->provider = parts->provider;
	g->clock = parts->clock;
	g->rng = parts->rng;
	g->plan = parts->plan;
	g->run_id = parts->run_id;
	g->only = parts->only;
	g->limit = parts->limit;
	g->recorder.folder = parts->recordings;
	g->board = board_new();
	g->max_call_ms = MAX_CALL_DEFAULT_MS;
	tell_time(g);
	g->started_ms = g->now_ms;
	g->round.next = g->now;
	g->project_next = g->now;
	g->network.until = g->now;
	g->look.not_before = g->now;
	g->noted = mono_add(g->now, -NOTE_EVERY_US);
	(void)ledger_changed_outside(g->ledger);
	if (!reload_run(g, e) || !load_open_attempts(g, e) || !load_breaker(g, e) ||
	    !load_pace(g, e) || !engine_recordings_load(g, e) || !obey_cancel(g, e)) {
		engine_free(g);
		return false;
	}
	/* A rehearsal dials nobody. */
	g->suppressor = suppressor_new(g->plan, g->run.rehearsal ? NULL : g->clock);
	if (g->run.state != RUN_CANCELLED)
		obey_pause(g);
	*out = g;
	return true;
}

void engine_free(struct engine *g)
{
	if (!g)
		return;
	suppressor_free(g->suppressor);
	board_free(g->board);
	arena_free(&g->tick);
	arena_free(&g->run_arena);
	free(g);
}

/* ---- the step -------------------------------------------------------------------------------- */

static void ask_agents(struct engine *g)
{
	const char *const *agents = g->plan->campaign.agent;

	if (g->plan->scenario.inline_agent)
		return;
	for (int i = 0; i < LANGUAGE_COUNT; i++)
		if (agents[i] && (i == 0 || !agents[0] || strcmp(agents[i], agents[0]) != 0)) {
			g->agents_awaited++;
			provider_agent(g->provider, TOKEN_AGENT, agents[i]);
		}
}

static void ask_project(struct engine *g, int64_t *wait_us)
{
	int64_t us = mono_since(g->now, g->project_next);

	if (g->project != PROJECT_UNKNOWN || g->stop != STOP_NONE)
		return;
	if (us > 0) {
		engine_wait_at_most(wait_us, us);
		return;
	}
	g->project = PROJECT_ASKED;
	provider_project(g->provider, TOKEN_PROJECT);
	if (!g->agents_asked)
		ask_agents(g);
	g->agents_asked = true;
}

static bool refresh_attempt(void *data, const struct attempt *a, struct err *e)
{
	struct engine *g = data;
	struct call *call = board_by_id(g->board, a->id);

	(void)e;
	if (call)
		call->end_asked = a->end_asked_ms != 0;
	return true;
}

static bool reload_and_tell(struct engine *g, struct err *e)
{
	bool was_paused = g->run.paused_by != NULL;

	if (!reload_run(g, e))
		return false;
	if (!was_paused && g->run.paused_by)
		log_warn("Paused by %s: %s. Live calls are followed.", g->run.paused_by,
			 g->run.pause_words);
	else if (was_paused && !g->run.paused_by)
		log_info("The pause is over; calls go on.");
	return true;
}

/* Another process may have paused or cancelled the run, or asked for the end of a call. */
static bool hear_others(struct engine *g, struct err *e)
{
	if (!ledger_changed_outside(g->ledger))
		return obey_cancel(g, e);
	return reload_and_tell(g, e) && obey_cancel(g, e) &&
	       ledger_attempts_open(g->ledger, g->run_id, refresh_attempt, g, e);
}

bool engine_files_are_there(const struct engine *g, struct err *e)
{
	return ledger_still_there(g->ledger, e) &&
	       (!g->lock || ledger_lock_still_there(g->lock, e));
}

/* Leave word for `nida status`, now and then, or when the reason has changed. */
static bool note_why(struct engine *g, struct err *e)
{
	bool changed = strcmp(g->why, g->noted_why) != 0;
	int64_t since_us = mono_since(g->noted, g->now);

	if (since_us < (changed ? SECOND_MS * 1000 : NOTE_EVERY_US))
		return true;
	/* Also while nobody is dialled: what is followed must be kept somewhere. */
	if (!engine_files_are_there(g, e))
		return false;
	g->noted = g->now;
	snprintf(g->noted_why, sizeof(g->noted_why), "%s", g->why);
	return ledger_runner_note(g->ledger, g->run_id,
				  &(struct runner_note){.pid = (long)getpid(),
							.started_ms = g->started_ms,
							.noted_ms = g->now_ms,
							.why = g->why,
							.until_ms = g->why_until_ms},
				  e);
}

/* Nothing is up that this process should wait for. */
static bool nothing_live(const struct engine *g)
{
	return board_count(g->board) == board_in_phase(g->board, PHASE_IN_DOUBT);
}

/* *done is false when somebody has cancelled the run at this moment: the next step hears of it. */
static bool finish(struct engine *g, bool *done, struct err *e)
{
	if (!ledger_begin(g->ledger, e))
		return false;
	if (ledger_run_finish(g->ledger, g->run_id, g->now_ms, done, e) &&
	    ledger_commit(g->ledger, e)) {
		if (*done)
			g->run.state = RUN_FINISHED;
		return true;
	}
	ledger_rollback(g->ledger);
	return false;
}

/* A cancelled run is never finished, and nothing but what is up or may be up keeps it going. */
static bool judge_cancelled(struct engine *g, enum engine_state *state, struct err *e)
{
	/* Whoever is in a hurry leaves the doubts to the next one who asks. */
	if (!nothing_live(g) || (engine_doubts_open(g) && !g->hurried))
		return true;
	*state = ENGINE_LEFT;
	return obey_cancel(g, e);
}

/* Told to stop, and Hamsa does not answer: how the live calls are cannot be learned now. Nobody
 * should have to come back and press Ctrl-C again; the next run picks them up. */
static bool is_stop_in_vain(const struct engine *g)
{
	/* However fast the clock runs, an answer takes its real time. */
	int64_t most_us = (int64_t)(OUTAGE_US * (g->clock->speed > 1 ? g->clock->speed : 1));

	return g->hurried && (g->read_fails || g->round.failures > 0) &&
	       mono_since(g->hurried_at, g->now) > most_us &&
	       mono_since(g->heard, g->now) > most_us;
}

static bool judge_state(struct engine *g, enum engine_state *state, struct err *e)
{
	struct tally tally;

	*state = ENGINE_GOING;
	if (is_stop_in_vain(g) && !nothing_live(g)) {
		log_warn("Hamsa has not answered for a minute: the calls that are live cannot be "
			 "followed now.");
		*state = g->stop == STOP_GUARD ? ENGINE_GUARDED : ENGINE_LEFT;
		return true;
	}
	if (g->foreign || (g->stop == STOP_GUARD && g->refusals > REFUSALS_MAX)) {
		/* Nothing can be followed any more; the next run picks the live calls up. */
		*state = ENGINE_GUARDED;
		return true;
	}
	if (g->run.state == RUN_CANCELLED)
		return judge_cancelled(g, state, e);
	if (!nothing_live(g))
		return true;
	if (g->stop == STOP_NONE &&
	    (engine_doubts_open(g) || !g->due_known || g->next_due_ms != INT64_MAX))
		return true;
	if (!ledger_run_tally(g->ledger, g->run_id, &tally, e))
		return false;
	if (tally.state[CONTACT_PENDING] == 0 && !engine_doubts_open(g)) {
		bool done = g->run.state != RUN_OPEN;
		if (!done && !finish(g, &done, e))
			return false;
		*state = done ? ENGINE_FINISHED : ENGINE_GOING;
		return true;
	}
	if (g->stop == STOP_ASKED)
		*state = ENGINE_LEFT;
	else if (g->stop == STOP_GUARD)
		*state = ENGINE_GUARDED;
	return true;
}

bool engine_step(struct engine *g, int64_t *wait_us, enum engine_state *state, struct err *e)
{
	arena_reset(&g->tick);
	tell_time(g);
	*wait_us = INT64_MAX;
	pace_recover(&g->pace, g->now);
	/* Wishes first: an end that somebody asked for must not look like the call's own. */
	if (!hear_others(g, e) || !engine_collect(g, e))
		return false;
	ask_project(g, wait_us);
	if (!engine_settle(g, wait_us, e))
		return false;
	engine_follow(g, wait_us);
	if (!engine_place(g, wait_us, e) || !engine_fetch_recordings(g, wait_us, e) ||
	    !note_why(g, e) || !judge_state(g, state, e))
		return false;
	if (*state != ENGINE_GOING && engine_awaits_recordings(g))
		*state = ENGINE_GOING;
	/* Every wait was reckoned from the beginning of the step; its commits have taken a part of
	 * it. */
	if (*wait_us < INT64_MAX)
		*wait_us -= mono_since(g->now, clock_mono(g->clock));
	if (*wait_us < 0)
		*wait_us = 0;
	return true;
}

void engine_stop(struct engine *g)
{
	g->hurried = true;
	g->hurried_at = clock_mono(g->clock);
	engine_halt(g, STOP_ASKED, "Stopped; run the same command again to go on.");
}

bool engine_reread_suppression(struct engine *g, struct err *e)
{
	suppressor_accept(g->suppressor);
	return suppressor_refresh(g->suppressor, e);
}

bool engine_look(struct engine *g, struct engine_view *out, struct err *e)
{
	*out = (struct engine_view){
		.calls = g->run.calls,
		.answered = g->run.answered,
		.no_answer = g->run.no_answer,
		.failed = g->run.failed,
		.cost = g->run.cost,
		.in_doubt = board_in_phase(g->board, PHASE_IN_DOUBT),
		.why = g->why,
		.until_ms = g->why_until_ms,
		.per_minute = 60e6 / (double)pace_interval_us(&g->pace),
		.ended_count = g->ended_count,
	};
	out->live = board_count(g->board) - out->in_doubt;
	memcpy(out->ended, g->ended, sizeof(out->ended));
	return ledger_run_tally(g->ledger, g->run_id, &out->tally, e) &&
	       ledger_attempts_since(g->ledger, g->run_id, clock_wall_ms(g->clock) - MINUTE_MS,
				     &out->last_minute, e) &&
	       ledger_contacts_last_due(g->ledger, g->run_id, &out->last_due_ms, e);
}

const char *engine_stop_words(const struct engine *g)
{
	return g->stop_words;
}
