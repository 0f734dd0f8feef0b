/*
 * Answers: what the provider has finished, recorded before anything else happens with it.
 *
 * All answers of one step go into one transaction. If it cannot be committed the engine is dropped,
 * and the attempts whose answers were lost with it are found `placing` at the next start: in doubt,
 * to be settled, never placed again blindly.
 */
#include "engine_p.h"

#include "base/log.h"
#include "base/text.h"
#include "ledger/event.h"
#include "ledger/suppression.h"
#include "model/retry.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ANSWERS_MAX      512
#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MOST_MS  60000
#define LATE_READS_MAX   4
#define BARE_READS_MAX   2
#define GONE_READS_MAX   3
#define GONE_AFTER_MS    (60 * SECOND_MS)

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

/* ---- placing ---------------------------------------------------------------------------------- */

static bool placed_accepted(struct engine *g, struct call *call, const struct answer *a,
			    struct err *e)
{
	int64_t other;

	g->network = (struct backoff){0};
	if (!ledger_attempt_by_job(g->ledger, a->job_id, &other, e))
		return false;
	if (other != 0 || strlen(a->job_id) >= JOB_ID_SIZE) {
		/* An id that is another call's says nothing about this one. */
		board_set_phase(g->board, call, PHASE_IN_DOUBT);
		call->doubt_since = g->now;
		return ledger_attempt_doubt(g->ledger, call->attempt_id,
					    "Hamsa answered with an id that cannot be this call's.",
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
		return ledger_attempt_refused(g->ledger, id, a->words, g->now_ms, e);
	}
	case PLACE_IN_DOUBT:
		log_warn("No certain answer for %s; looking for the call in Hamsa's list: %s",
			 text_mask_phone(call->phone, masked), a->words);
		engine_backoff(g, &g->network, 0);
		board_set_phase(g->board, call, PHASE_IN_DOUBT);
		call->doubt_since = g->now;
		return ledger_attempt_doubt(g->ledger, call->attempt_id, a->words, g->now_ms, e);
	}
	BUG("no such verdict: %d", (int)a->place);
}

/* ---- the end of a call ------------------------------------------------------------------------ */

static void remember_ended(struct engine *g, const struct contact *c, enum outcome outcome,
			   int64_t talk_ms)
{
	struct engine_ended *ended = &g->ended[0];
	char masked[TEXT_MASK_SIZE];

	memmove(&g->ended[1], &g->ended[0], sizeof(g->ended[0]) * (ENGINE_ENDED_MAX - 1));
	if (g->ended_count < ENGINE_ENDED_MAX)
		g->ended_count++;
	*ended = (struct engine_ended){.outcome = outcome, .talk_ms = talk_ms, .at_ms = g->now_ms};
	snprintf(ended->key, sizeof(ended->key), "%s", c->key);
	snprintf(ended->phone, sizeof(ended->phone), "%s", text_mask_phone(c->phone, masked));
}

/* The provider's figure where it gives one, else the scenario's rate for the time talked. */
static struct decimal cost_of(const struct engine *g, const struct call_report *report)
{
	int64_t rate = g->plan->scenario.rehearsal.cost_per_minute.micro;

	if (!report)
		return (struct decimal){0};
	if (report->has_cost)
		return report->cost;
	if (report->talk_ms <= 0)
		return (struct decimal){0};
	return (struct decimal){rate * (report->talk_ms / 1000) / 60};
}

/* An outcome value that means "never call again" takes effect before anybody else is dialled. */
static bool suppress_if_asked(struct engine *g, const struct call *call,
			      const struct call_report *report, struct err *e)
{
	const struct scenario *s = &g->plan->scenario;

	for (size_t i = 0; report && i < report->value_count; i++) {
		for (size_t k = 0; k < s->suppress_count; k++) {
			bool added;
			if (strcmp(report->values[i].name, s->suppress[k].field) != 0 ||
			    !text_equal_nocase(report->values[i].value, s->suppress[k].value))
				continue;
			struct suppressed suppressed = {
				.phone = call->phone,
				.reason = arena_printf(&g->tick, "%s: %s", s->suppress[k].field,
						       s->suppress[k].value),
				.source = "call",
				.at_ms = g->now_ms,
			};
			struct event event = {
				.run_id = g->run_id,
				.contact_id = call->contact_id,
				.attempt_id = call->attempt_id,
				.at_ms = g->now_ms,
				.kind = "number.suppressed",
				.text = suppressed.reason,
			};
			if (!ledger_suppression_add(g->ledger, &suppressed, &added, e))
				return false;
			if (added && !ledger_event_add(g->ledger, &event, e))
				return false;
		}
	}
	return true;
}

static bool feed_breaker(struct engine *g, enum outcome outcome, struct err *e)
{
	const struct breaker_rule *rule = &g->plan->campaign.guard.breaker;
	int failures;
	char words[160];

	breaker_add(&g->breaker, rule, outcome);
	if (g->run.paused_by || !breaker_trips(&g->breaker, rule, &failures))
		return true;
	snprintf(words, sizeof(words), "%d of the last %d calls failed", failures, rule->of_last);
	return engine_pause(g, "breaker", words, e);
}

/* When this contact is called again; -1: never. A retry outside the hours moves to the next opening,
 * and one that finds no opening any more is none. */
static bool plan_retry(struct engine *g, const struct contact *c, enum outcome outcome,
		       int64_t *retry_ms, struct err *e)
{
	const struct campaign *campaign = &g->plan->campaign;
	const struct zone *zone = campaign->zone;
	int64_t due_ms;

	*retry_ms = -1;
	if (!retry_due(&campaign->retry, outcome, c->attempts, g->now_ms, &due_ms))
		return true;
	if (*c->zone && !zone_find(c->zone, &zone, e))
		return false;
	if (hours_next_open(&campaign->hours, zone, due_ms, &due_ms))
		*retry_ms = due_ms;
	return true;
}

bool engine_record_end(struct engine *g, struct call *call, enum outcome outcome,
		       const struct call_report *report, const char *words, struct err *e)
{
	struct decimal cost = cost_of(g, report);
	struct contact contact;
	int64_t retry_ms;

	if (!ledger_contact_get(g->ledger, call->contact_id, &g->tick, &contact, e))
		return false;
	if (!plan_retry(g, &contact, outcome, &retry_ms, e))
		return false;
	if (!ledger_attempt_ended(g->ledger, call->attempt_id, outcome, report, cost, words,
				  retry_ms, g->now_ms, e) ||
	    !suppress_if_asked(g, call, report, e))
		return false;
	g->run.cost.micro += cost.micro;
	g->run.answered += outcome == OUTCOME_COMPLETED || outcome == OUTCOME_FORWARDED;
	g->due_known = false;
	remember_ended(g, &contact, outcome, report ? report->talk_ms : -1);
	board_remove(g->board, call);
	return feed_breaker(g, outcome, e);
}

/* ---- reads ------------------------------------------------------------------------------------ */

/* An answered call without its transcript or recording: the final data lags the hang-up. Ask again,
 * a little later each time, a few times. */
static bool worth_another_read(const struct engine *g, const struct call *call,
			       const struct call_report *report)
{
	bool answered = report->status == CALL_COMPLETED || report->status == CALL_FORWARDED;

	(void)g;
	if (!answered || call->ending)
		return false;
	if (report->utterance_count == 0)
		return call->late_reads < LATE_READS_MAX;
	return !report->recording && call->late_reads < BARE_READS_MAX;
}

static bool read_ended(struct engine *g, struct call *call, const struct call_report *report,
		       struct err *e)
{
	enum outcome outcome = call_status_outcome(report->status);
	const char *words = report->words ? report->words : "";

	if (worth_another_read(g, call, report)) {
		board_set_phase(g->board, call, PHASE_LATE);
		call->next_read = mono_add(g->now, (SECOND_MS * 1000) << call->late_reads);
		call->late_reads++;
		return true;
	}
	if (call->ending) {
		outcome = OUTCOME_LOST;
		words = "It never ended by itself; nida ended it.";
	} else if (call->end_asked) {
		outcome = OUTCOME_TERMINATED;
	} else if (outcome == OUTCOME_COMPLETED && report->utterance_count == 0) {
		words = "Hamsa gave no transcript of this call.";
	}
	return engine_record_end(g, call, outcome, report, words, e);
}

/* It is asked after again with the next round, not before. */
static void live_until_next_round(struct engine *g, struct call *call)
{
	board_set_phase(g->board, call, PHASE_LIVE);
	call->round = g->round.number;
}

static bool read_gone(struct engine *g, struct call *call, struct err *e)
{
	/* Right after the placing the call may not be readable yet. */
	bool young = mono_since(call->since, g->now) < GONE_AFTER_MS * 1000;

	call->gone_reads++;
	live_until_next_round(g, call);
	if (young || call->gone_reads < GONE_READS_MAX)
		return true;
	log_warn("Hamsa no longer knows the call of row %" PRId64 ".",
		 call->contact_id & INT64_C(0xffffffff));
	return engine_record_end(g, call, OUTCOME_LOST, NULL, "Hamsa no longer knows this call.",
				 e);
}

static void learn_echo(struct engine *g, const struct call *call, const struct call_report *report)
{
	if (report->ref && strcmp(report->ref, call->ref) == 0)
		g->echo_known = true;
}

static bool note_status(struct engine *g, struct call *call, enum call_status status,
			const char *text, struct err *e)
{
	if (status == call->status)
		return true;
	call->status = status;
	return ledger_attempt_status(g->ledger, call->attempt_id,
				     text ? text : call_status_name(status), g->now_ms, e);
}

bool engine_record_read(struct engine *g, struct call *call, const struct answer *a, struct err *e)
{
	switch (a->read) {
	case READ_OK:
		call->gone_reads = 0;
		learn_echo(g, call, a->call);
		if (call_status_is_final(a->call->status))
			return read_ended(g, call, a->call, e);
		live_until_next_round(g, call);
		return note_status(g, call, a->call->status, a->call->status_text, e);
	case READ_GONE:
		return read_gone(g, call, e);
	case READ_STOP:
		engine_halt(g, STOP_GUARD, "Hamsa refuses to answer: %s", a->words);
		live_until_next_round(g, call);
		return true;
	case READ_LATER:
		log_debug("reading a call failed for now: %s", a->words);
		live_until_next_round(g, call);
		return true;
	}
	BUG("no such verdict: %d", (int)a->read);
}

/* ---- the rest --------------------------------------------------------------------------------- */

static void answer_project(struct engine *g, const struct answer *a)
{
	switch (a->read) {
	case READ_OK:
		g->project = PROJECT_GOOD;
		return;
	case READ_GONE:
		/* A service without this route may be fine all the same: placing will tell. */
		log_warn("Hamsa does not know the project of this key (404): %s", a->words);
		g->project = PROJECT_GOOD;
		return;
	case READ_STOP:
		log_error("Hamsa refuses the key or the project: %s", a->words);
		engine_halt(g, STOP_GUARD, "Hamsa refuses the key or the project: %s", a->words);
		g->project = PROJECT_UNKNOWN;
		return;
	case READ_LATER:
		if (g->network.failures == 0)
			log_warn("Hamsa cannot be asked for the project: %s", a->words);
		g->project = PROJECT_UNKNOWN;
		engine_backoff(g, &g->network, a->retry_after_ms);
		g->project_next = g->network.until;
		return;
	}
}

static void answer_agent(struct engine *g, const struct answer *a)
{
	if (a->read == READ_OK && a->agent->max_call_ms > g->max_call_ms)
		g->max_call_ms = a->agent->max_call_ms;
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
	if (a->token == TOKEN_PROJECT) {
		answer_project(g, a);
		return true;
	}
	if (a->token == TOKEN_AGENT) {
		answer_agent(g, a);
		return true;
	}

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
