/*
 * The end of a call: what a reading of it says, and what follows from that: its outcome and cost,
 * another attempt, a number that must never be called again, a breaker that trips.
 */
#include "engine_p.h"

#include "base/log.h"
#include "base/text.h"
#include "base/text_mask.h"
#include "ledger/event.h"
#include "ledger/suppression.h"
#include "model/never_again.h"
#include "model/retry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define END_TRIES_MAX  5
#define END_GRACE_US   (2 * MINUTE_MS * 1000) /* after nida asked for its end */
#define UNREAD_WARN    3
#define UNREADABLE_US  (10 * MINUTE_MS * 1000)
#define BARE_READS_MAX 2
#define GONE_READS_MAX 3
#define GONE_AFTER_MS  (60 * SECOND_MS)

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

/* The provider's figure where it gives one, else the scenario's rate for the time talked. Where not
 * even that is known of a call that may have talked, it counts as what such calls are expected to
 * cost: a budget must not be passed because nobody says what was spent. */
static struct decimal cost_of(const struct engine *g, enum outcome outcome,
			      const struct call_report *report)
{
	const struct rehearsal_rates *rates = &g->plan->scenario.rehearsal;
	bool silent = outcome == OUTCOME_NO_ANSWER || outcome == OUTCOME_FAILED;

	if (report && report->has_cost)
		return report->cost;
	if (report && report->talk_ms >= 0)
		return (struct decimal){rates->cost_per_minute.micro * (report->talk_ms / 1000) /
					60};
	return silent ? (struct decimal){0} : rehearsal_call_cost(rates);
}

static bool add_event(struct engine *g, const struct call *call, const char *kind, const char *text,
		      struct err *e)
{
	return ledger_event_add(g->ledger,
				&(struct event){
					.run_id = g->run_id,
					.contact_id = call->contact_id,
					.attempt_id = call->attempt_id,
					.at_ms = g->now_ms,
					.kind = kind,
					.text = text,
				},
				e);
}

/* "Never again" takes effect before anybody else is dialled. */
static bool suppress(struct engine *g, const struct call *call, const struct outcome_value *value,
		     struct err *e)
{
	struct suppressed suppressed = {
		.phone = call->phone,
		.reason = arena_printf(&g->tick, "%s: %s", value->name, value->value),
		.source = "call",
		.at_ms = g->now_ms,
	};
	bool added;

	return ledger_suppression_add(g->ledger, &suppressed, &added, e) &&
	       (!added || add_event(g, call, "number.suppressed", suppressed.reason, e));
}

/* What the findings mean for further calls. *again: may this contact be called again, if the
 * campaign wants to? */
static bool heed_findings(struct engine *g, const struct call *call,
			  const struct call_report *report, bool *again, struct err *e)
{
	const struct outcome_value *value;

	*again = true;
	if (!report)
		return true;
	switch (never_again_judge(&g->plan->scenario, report->values, report->value_count,
				  &value)) {
	case NEVER_AGAIN_NO:
		return true;
	case NEVER_AGAIN_YES:
		*again = false;
		return suppress(g, call, value, e);
	case NEVER_AGAIN_UNSURE:
		/* It may be another word for it: not again before a person has looked. */
		*again = false;
		log_warn("Row %" PRId64 ": the agent gave %s a value that is none of its choices; "
			 "if it means \"never again\", add the number with `nida suppress add`.",
			 ledger_contact_ordinal(call->contact_id), value->name);
		return add_event(g, call, "outcome.unknown",
				 arena_printf(&g->tick, "%s: %s", value->name, value->value), e);
	}
	BUG("no such judgement");
}

/* When this contact is called again; -1: never. A retry outside the hours moves to the next
 * opening, and one that finds no opening any more is none. */
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
	struct decimal cost = cost_of(g, outcome, report);
	uint64_t entry = call->breaker_entry;
	bool talked = call->talked;
	struct contact contact;
	int64_t retry_ms;
	bool again;

	if (!ledger_contact_get(g->ledger, call->contact_id, &g->tick, &contact, e))
		return false;
	if (!plan_retry(g, &contact, outcome, &retry_ms, e) ||
	    !heed_findings(g, call, report, &again, e) ||
	    !ledger_attempt_ended(g->ledger, call->attempt_id, outcome, report, cost, words,
				  again ? retry_ms : -1, g->now_ms, e) ||
	    !engine_recording_want(g, call->attempt_id, report, e))
		return false;
	g->run.cost.micro += cost.micro;
	g->run.answered += outcome == OUTCOME_COMPLETED || outcome == OUTCOME_FORWARDED;
	g->run.no_answer += outcome == OUTCOME_NO_ANSWER;
	g->run.failed += outcome == OUTCOME_FAILED || outcome == OUTCOME_LOST;
	g->due_known = false;
	remember_ended(g, &contact, outcome, report ? report->talk_ms : -1);
	board_remove(g->board, call);
	return engine_feed_end(g, talked, entry, outcome, words, e);
}

/* How long to wait before each further reading of a call that is over but not all told: the final
 * data lags the hang-up. A transcript is waited for through the first few; "never again" stands
 * among the findings, so a scenario with suppress_when waits for those through all of them, and
 * until then nobody calls this number. */
static const int late_waits_s[] = {1, 2, 4, 8, 15, 30, 60, 120, 240};
#define TRANSCRIPT_READS_MAX 4

/* Did anybody talk, as far as can be told? */
static bool was_talk(const struct call *call, const struct call_report *report)
{
	if (report->talk_ms > 0 || report->utterance_count > 0 || call->talked)
		return true;
	if (report->status == CALL_COMPLETED || report->status == CALL_FORWARDED)
		return true;
	return report->status == CALL_TERMINATED && report->talk_ms < 0;
}

static bool worth_another_read(const struct engine *g, const struct call *call,
			       const struct call_report *report)
{
	const struct scenario *s = &g->plan->scenario;
	size_t reads = (size_t)call->late_reads;

	if (!was_talk(call, report))
		return false;
	if (s->suppress_count > 0 && !never_again_told(s, report->values, report->value_count))
		return reads < COUNT_OF(late_waits_s);
	if (call->ending)
		return false;
	if (report->utterance_count == 0)
		return reads < TRANSCRIPT_READS_MAX;
	return !report->recording && reads < BARE_READS_MAX;
}

bool engine_note_status(struct engine *g, struct call *call, enum call_status status,
			const char *text, struct err *e)
{
	if (status == call->status)
		return true;
	call->status = status;
	if (status == CALL_IN_PROGRESS)
		engine_call_talks(g, call);
	return ledger_attempt_status(g->ledger, call->attempt_id,
				     text ? text : call_status_name(status), g->now_ms, e);
}

static bool read_ended(struct engine *g, struct call *call, const struct call_report *report,
		       struct err *e)
{
	const struct scenario *s = &g->plan->scenario;
	enum outcome outcome = call_status_outcome(report->status);
	const char *words = report->words ? report->words : "";

	if (worth_another_read(g, call, report)) {
		board_set_phase(g->board, call, PHASE_LATE);
		call->next_read =
			mono_add(g->now, late_waits_s[call->late_reads] * SECOND_MS * 1000);
		call->late_reads++;
		/* Worth a word in the ledger only when it takes long. */
		return call->late_reads <= TRANSCRIPT_READS_MAX ||
		       engine_note_status(g, call, report->status, report->status_text, e);
	}
	if (call->ending) {
		outcome = OUTCOME_LOST;
		words = "It never ended by itself; nida ended it.";
	} else if (call->end_asked) {
		outcome = OUTCOME_TERMINATED;
	} else if (call->late_reads == (int)COUNT_OF(late_waits_s) &&
		   !never_again_told(s, report->values, report->value_count)) {
		words = "Hamsa gave no outcome of this call: whether this customer said \"never "
			"again\" is not known.";
		log_warn("Row %" PRId64 ": %s", ledger_contact_ordinal(call->contact_id), words);
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
		 ledger_contact_ordinal(call->contact_id));
	return engine_record_end(g, call, OUTCOME_LOST, NULL, "Hamsa no longer knows this call.",
				 e);
}

/* Over, and with its result. */
static bool is_telling(const struct call_report *report)
{
	return call_status_is_final(report->status) &&
	       (report->utterance_count > 0 || report->value_count > 0);
}

/* Does this provider give our references back? A call with its result says it for good. */
void engine_learn_echo(struct engine *g, const struct call_report *report)
{
	if (report->ref)
		g->echo = ECHO_COMES_BACK;
	else if (g->echo == ECHO_UNKNOWN && is_telling(report))
		g->echo = ECHO_NEVER;
}

/* A call that outlived the wish for its end: asked once more, or given up. */
static bool insist_on_end(struct engine *g, struct call *call, struct err *e)
{
	if (call->end_tries < END_TRIES_MAX) {
		engine_end_call(g, call);
		return true;
	}
	return engine_record_end(g, call, OUTCOME_LOST, NULL, "It does not end, whoever asks.", e);
}

static bool is_overdue(const struct engine *g, const struct call *call)
{
	return call->ending && mono_since(call->since, g->now) > END_GRACE_US;
}

/* Hamsa does not give out this call, or not so that it can be read. When it answers nothing else
 * either, that is an outage and will pass; otherwise the list's word is taken for the end after a
 * while, and the watchdog looks at it as at any other call. */
static bool read_failed(struct engine *g, struct call *call, const char *words, struct err *e)
{
	bool outage = mono_since(g->heard, g->now) > OUTAGE_US;

	call->unread++;
	g->read_fails = true;
	live_until_next_round(g, call);
	if (call->unread == UNREAD_WARN)
		log_warn("The call of row %" PRId64 " cannot be read: %s",
			 ledger_contact_ordinal(call->contact_id), words);
	if (outage)
		return true;
	if (call->listed != CALL_UNKNOWN && mono_since(call->listed_since, g->now) > UNREADABLE_US)
		return engine_record_end(g, call, call_status_outcome(call->listed), NULL,
					 "Hamsa lists this call as over and does not give it out: "
					 "what was said is not known.",
					 e);
	if (is_overdue(g, call))
		return insist_on_end(g, call, e);
	(void)engine_end_if_stuck(g, call);
	return true;
}

/* A reply that is about another call must not be believed: it would give one customer's words to
 * another. Our reference decides, where it comes back; else the id. */
static bool is_another(const struct call *call, const struct call_report *report)
{
	if (report->ref)
		return strcmp(report->ref, call->ref) != 0;
	return report->id && !text_equal_nocase(report->id, call->job_id);
}

bool engine_record_read(struct engine *g, struct call *call, const struct answer *a, struct err *e)
{
	switch (a->read) {
	case READ_OK:
		if (is_another(call, a->call))
			return read_failed(g, call, "Hamsa answers with another call.", e);
		call->gone_reads = 0;
		call->unread = 0;
		g->read_fails = false;
		g->refusals = 0;
		g->heard = g->now;
		engine_learn_echo(g, a->call);
		if (call_status_is_final(a->call->status))
			return read_ended(g, call, a->call, e);
		if (is_overdue(g, call))
			return insist_on_end(g, call, e);
		if (engine_end_if_stuck(g, call))
			return true;
		live_until_next_round(g, call);
		return engine_note_status(g, call, a->call->status, a->call->status_text, e);
	case READ_GONE:
		return read_gone(g, call, e);
	case READ_STOP:
		g->refusals++;
		engine_halt(g, STOP_GUARD, "Hamsa refuses to answer: %s", a->words);
		live_until_next_round(g, call);
		return true;
	case READ_LATER:
		return read_failed(g, call, a->words, e);
	}
	BUG("no such verdict: %d", (int)a->read);
}
