#include "ledger/attempt.h"

#include "contact_p.h"

#include "base/buf.h"
#include "base/pack.h"
#include "base/text.h"
#include "ledger/event.h"
#include "ledger/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A conversation is kept whole up to this; providers' replies are bounded by 4 MiB before. */
#define CONVERSATION_MAX ((size_t)16 << 20)
#define COST_UNKNOWN     INT64_C(-1) /* kept as NULL */

/* What a change needs to know of the attempt: whose it is, and how it stands. Its texts stay NULL.
 */
static bool find(struct ledger *l, int64_t id, struct attempt *out, struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_known(l, STMT_ATTEMPT_STANDING, "attempt", id, &stmt, e))
		return false;
	*out = (struct attempt){
		.id = id,
		.contact_id = sqlite3_column_int64(stmt, 0),
		.run_id = sqlite3_column_int64(stmt, 1),
	};
	if (!attempt_state_from_name(statement_text(stmt, 2), &out->state))
		BUG("attempt state '%s' in the ledger", statement_text(stmt, 2));
	sqlite3_reset(stmt);
	return true;
}

static bool add_event(struct ledger *l, const struct attempt *a, const char *kind, const char *text,
		      int64_t now_ms, struct err *e)
{
	return ledger_event_add(l,
				&(struct event){.run_id = a->run_id,
						.contact_id = a->contact_id,
						.attempt_id = a->id,
						.at_ms = now_ms,
						.kind = kind,
						.text = text},
				e);
}

/* The contact's state that goes with an attempt's. */
static enum contact_state contact_state_of(enum attempt_state state)
{
	switch (state) {
	case ATTEMPT_PLACING:
		return CONTACT_PLACING;
	case ATTEMPT_LIVE:
		return CONTACT_LIVE;
	case ATTEMPT_IN_DOUBT:
		return CONTACT_IN_DOUBT;
	default:
		BUG("a closed attempt is changed");
	}
}

static void expect_one(const struct ledger *l, const struct attempt *a, const char *what)
{
	if (statement_changes(l) != 1)
		BUG("attempt %" PRId64 " is %s and cannot be %s", a->id,
		    attempt_state_name(a->state), what);
}

bool ledger_attempt_intend(struct ledger *l, const struct contact *c, const struct attempt *a,
			   const char *request, int64_t now_ms, int64_t *id, struct err *e)
{
	struct contact_change change = {
		.id = c->id,
		.from = CONTACT_PENDING,
		.to = CONTACT_PLACING,
		.why = "",
		.detail = "",
		.attempts = 1,
	};
	char text[32];

	if (!contact_move(l, &change, e) ||
	    !statement_run(l, STMT_ATTEMPT_ADD, e, "iiissssi", c->id, c->run_id, (int64_t)a->number,
			   a->ref, a->phone, a->agent, request, now_ms))
		return false;
	*id = sqlite3_last_insert_rowid(l->db);
	snprintf(text, sizeof(text), "attempt %d", a->number);
	return totals_add_call(l, c->run_id, now_ms, e) &&
	       add_event(l, &(struct attempt){.id = *id, .contact_id = c->id, .run_id = c->run_id},
			 "call.intent", text, now_ms, e);
}

bool ledger_attempt_accepted(struct ledger *l, int64_t id, const char *job_id, const char *reply,
			     int64_t now_ms, struct err *e)
{
	char sid[CALL_TWILIO_SID_SIZE] = "";
	struct attempt a;

	(void)call_find_twilio_sid(reply, sid);
	if (!find(l, id, &a, e) ||
	    !statement_run(l, STMT_ATTEMPT_ACCEPTED, e, "issis", id, job_id, reply, now_ms, sid))
		return false;
	expect_one(l, &a, "accepted");
	return contact_move(l,
			    &(struct contact_change){.id = a.contact_id,
						     .from = contact_state_of(a.state),
						     .to = CONTACT_LIVE,
						     .why = "",
						     .detail = ""},
			    e) &&
	       add_event(l, &a, a.state == ATTEMPT_IN_DOUBT ? "call.found" : "call.accepted",
			 job_id, now_ms, e);
}

bool ledger_attempt_void(struct ledger *l, int64_t id, const char *why, const char *words,
			 int64_t due_ms, int64_t now_ms, struct err *e)
{
	struct attempt a;
	char kind[48];

	snprintf(kind, sizeof(kind), "call.%s", why);
	if (!find(l, id, &a, e) ||
	    !statement_run(l, STMT_ATTEMPT_VOID, e, "issi", id, why, words, now_ms))
		return false;
	expect_one(l, &a, "void");
	return contact_move(l,
			    &(struct contact_change){.id = a.contact_id,
						     .from = contact_state_of(a.state),
						     .to = CONTACT_PENDING,
						     .why = "",
						     .detail = words,
						     .attempts = -1,
						     .due_ms = due_ms},
			    e) &&
	       totals_take_call(l, a.run_id, e) && add_event(l, &a, kind, words, now_ms, e);
}

bool ledger_attempt_doubt(struct ledger *l, int64_t id, const char *words, int64_t now_ms,
			  struct err *e)
{
	struct attempt a;

	if (!find(l, id, &a, e) || !statement_run(l, STMT_ATTEMPT_DOUBT, e, "is", id, words))
		return false;
	expect_one(l, &a, "in doubt");
	return contact_move(l,
			    &(struct contact_change){.id = a.contact_id,
						     .from = CONTACT_PLACING,
						     .to = CONTACT_IN_DOUBT,
						     .why = "",
						     .detail = words},
			    e) &&
	       add_event(l, &a, "call.in_doubt", words, now_ms, e);
}

bool ledger_attempt_status(struct ledger *l, int64_t id, const char *status, int64_t now_ms,
			   struct err *e)
{
	struct attempt a;

	return find(l, id, &a, e) && statement_run(l, STMT_ATTEMPT_STATUS, e, "is", id, status) &&
	       add_event(l, &a, "call.status", status, now_ms, e);
}

/* Names and values of a report, or its transcript, as one packed text. */
static bool conversation_add(struct ledger *l, int64_t id, const struct call_report *report,
			     struct err *e)
{
	static const char *const speakers[] = {"agent", "customer"};
	struct arena arena = {0};
	struct buf transcript;
	struct buf values;
	size_t pairs = report->utterance_count > report->value_count ? report->utterance_count
								     : report->value_count;
	const char **items = arena_array(&arena, pairs * 2 + 1, sizeof(*items));

	buf_init(&transcript, CONVERSATION_MAX);
	buf_init(&values, CONVERSATION_MAX);
	for (size_t i = 0; i < report->utterance_count; i++) {
		items[2 * i] = speakers[report->utterances[i].speaker];
		items[2 * i + 1] = report->utterances[i].text;
	}
	pack_strings(&transcript, items, report->utterance_count * 2);
	for (size_t i = 0; i < report->value_count; i++) {
		items[2 * i] = report->values[i].name;
		items[2 * i + 1] = report->values[i].value;
	}
	pack_strings(&values, items, report->value_count * 2);

	bool ok = statement_run(l, STMT_CONVERSATION_ADD, e, "isss", id, transcript.data,
				values.data, report->raw ? report->raw : "");
	buf_free(&transcript);
	buf_free(&values);
	arena_free(&arena);
	return ok;
}

static bool attempt_close(struct ledger *l, const struct attempt *a, enum outcome outcome,
			  const struct call_report *report, struct decimal cost, const char *words,
			  int64_t now_ms, struct err *e)
{
	static const struct call_report none = {.talk_ms = -1};
	const struct call_report *r = report ? report : &none;
	bool estimated = !r->has_cost && cost.micro != 0;
	bool known = r->has_cost || estimated;

	if (!statement_run(l, STMT_ATTEMPT_CLOSE, e, "isssiiiiissii", a->id, outcome_name(outcome),
			   text_or_empty(r->status_text), words, r->started_ms, r->ended_ms, now_ms,
			   r->talk_ms, known ? cost.micro : COST_UNKNOWN,
			   text_or_empty(r->recording), text_or_empty(r->twilio_sid), r->created_ms,
			   (int64_t)estimated))
		return false;
	expect_one(l, a, "closed");
	if (report && !conversation_add(l, a->id, report, e))
		return false;
	return totals_add_end(l, a->run_id, outcome, r->talk_ms > 0 ? r->talk_ms : 0, cost.micro,
			      e);
}

bool ledger_attempt_refused(struct ledger *l, int64_t id, const char *words, int64_t now_ms,
			    struct err *e)
{
	struct attempt a;

	return find(l, id, &a, e) &&
	       attempt_close(l, &a, OUTCOME_FAILED, NULL, (struct decimal){0}, words, now_ms, e) &&
	       contact_move(l,
			    &(struct contact_change){.id = a.contact_id,
						     .from = CONTACT_PLACING,
						     .to = CONTACT_DONE,
						     .why = outcome_name(OUTCOME_FAILED),
						     .detail = words},
			    e) &&
	       add_event(l, &a, "call.refused", words, now_ms, e);
}

bool ledger_attempt_ended(struct ledger *l, int64_t id, enum outcome outcome,
			  const struct call_report *report, struct decimal cost, const char *words,
			  int64_t retry_ms, int64_t now_ms, struct err *e)
{
	struct arena arena = {0};
	struct attempt a;
	bool retry = retry_ms >= 0;
	bool ok =
		find(l, id, &a, e) &&
		attempt_close(l, &a, outcome, report, cost, words, now_ms, e) &&
		contact_move(l,
			     &(struct contact_change){.id = a.contact_id,
						      .from = contact_state_of(a.state),
						      .to = retry ? CONTACT_PENDING : CONTACT_DONE,
						      .why = outcome_name(outcome),
						      .detail = words,
						      .due_ms = retry ? retry_ms : 0},
			     e) &&
		add_event(l, &a, "call.ended",
			  arena_printf(&arena, "%s%s%s", outcome_name(outcome), *words ? ": " : "",
				       words),
			  now_ms, e);

	if (ok && retry) {
		char when[MOMENT_SIZE];
		ok = add_event(l, &a, "call.retry", moment_iso(zone_utc(), retry_ms, when), now_ms,
			       e);
	}
	arena_free(&arena);
	return ok;
}

bool ledger_attempt_ask_end(struct ledger *l, int64_t id, const char *by, int64_t now_ms,
			    bool *first, struct err *e)
{
	struct attempt a;
	bool own;

	*first = false;
	if (!change_begin(l, &own, e))
		return false;
	bool ok = find(l, id, &a, e) && statement_run(l, STMT_ATTEMPT_ASK_END, e, "ii", id, now_ms);
	*first = ok && statement_changes(l) == 1;
	ok = ok && (!*first || add_event(l, &a, "call.end_asked", by, now_ms, e));
	return change_end(l, own, ok, e);
}

bool ledger_attempt_keep_sid(struct ledger *l, int64_t id, const char *sid, struct err *e)
{
	return statement_run(l, STMT_ATTEMPT_KEEP_SID, e, "is", id, sid);
}

bool ledger_attempt_unask_end(struct ledger *l, int64_t id, const char *why, int64_t now_ms,
			      struct err *e)
{
	struct attempt a;
	bool own;

	if (!change_begin(l, &own, e))
		return false;
	bool ok = find(l, id, &a, e) && statement_run(l, STMT_ATTEMPT_UNASK_END, e, "i", id) &&
		  add_event(l, &a, "call.end_failed", why, now_ms, e);
	return change_end(l, own, ok, e);
}

bool ledger_attempt_state(struct ledger *l, int64_t id, enum attempt_state *out, struct err *e)
{
	struct attempt a;

	if (!find(l, id, &a, e))
		return false;
	*out = a.state;
	return true;
}
