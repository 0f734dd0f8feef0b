#include "ledger/attempt.h"

#include "contact_p.h"

#include "base/buf.h"
#include "base/pack.h"
#include "ledger/event.h"
#include "ledger/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A conversation is kept whole up to this; providers' replies are bounded by 4 MiB before. */
#define CONVERSATION_MAX ((size_t)16 << 20)
#define COST_UNKNOWN     INT64_C(-1) /* kept as NULL */

/* Attempts that are read together (STMT_ATTEMPTS_CALLED). */
#define BATCH ((size_t)1000)

static void attempt_read(sqlite3_stmt *stmt, struct arena *arena, struct attempt *out)
{
	*out = (struct attempt){
		.id = sqlite3_column_int64(stmt, 0),
		.contact_id = sqlite3_column_int64(stmt, 1),
		.run_id = sqlite3_column_int64(stmt, 2),
		.number = sqlite3_column_int(stmt, 3),
		.ref = statement_copy(stmt, 4, arena),
		.phone = statement_copy(stmt, 6, arena),
		.agent = statement_copy(stmt, 7, arena),
		.job_id = statement_copy(stmt, 8, arena),
		.intent_ms = sqlite3_column_int64(stmt, 9),
		.placed_ms = sqlite3_column_int64(stmt, 10),
		.status = statement_copy(stmt, 11, arena),
		.words = statement_copy(stmt, 12, arena),
		.end_asked_ms = sqlite3_column_int64(stmt, 13),
		.twilio_sid = statement_copy(stmt, 14, arena),
		.is_void = sqlite3_column_type(stmt, 16) != SQLITE_NULL,
	};
	if (sqlite3_column_type(stmt, 15) != SQLITE_NULL &&
	    !outcome_from_name(statement_text(stmt, 15), &out->outcome))
		BUG("outcome '%s' in the ledger", statement_text(stmt, 15));
	if (!attempt_state_from_name(statement_text(stmt, 5), &out->state))
		BUG("attempt state '%s' in the ledger", statement_text(stmt, 5));
}

bool ledger_attempt_get(struct ledger *l, int64_t id, struct arena *arena, struct attempt *out,
			struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_ATTEMPT_GET, &stmt, e, "i", id))
		return false;
	int rc = statement_row(l, stmt, e);
	if (rc == SQLITE_DONE)
		BUG("no attempt %" PRId64, id);
	if (rc != SQLITE_ROW)
		return false;
	attempt_read(stmt, arena, out);
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
	return statement_run(l, STMT_RUN_COUNT_CALL, e, "ii", c->run_id, now_ms) &&
	       add_event(l, &(struct attempt){.id = *id, .contact_id = c->id, .run_id = c->run_id},
			 "call.intent", text, now_ms, e);
}

bool ledger_attempt_accepted(struct ledger *l, int64_t id, const char *job_id, const char *reply,
			     int64_t now_ms, struct err *e)
{
	struct arena arena = {0};
	char sid[CALL_TWILIO_SID_SIZE] = "";
	struct attempt a;
	bool ok = false;

	(void)call_find_twilio_sid(reply, sid);
	if (!ledger_attempt_get(l, id, &arena, &a, e) ||
	    !statement_run(l, STMT_ATTEMPT_ACCEPTED, e, "issis", id, job_id, reply, now_ms, sid))
		goto out;
	expect_one(l, &a, "accepted");
	ok = contact_move(l,
			  &(struct contact_change){.id = a.contact_id,
						   .from = contact_state_of(a.state),
						   .to = CONTACT_LIVE,
						   .why = "",
						   .detail = ""},
			  e) &&
	     add_event(l, &a, a.state == ATTEMPT_IN_DOUBT ? "call.found" : "call.accepted", job_id,
		       now_ms, e);
out:
	arena_free(&arena);
	return ok;
}

bool ledger_attempt_void(struct ledger *l, int64_t id, const char *why, const char *words,
			 int64_t due_ms, int64_t now_ms, struct err *e)
{
	struct arena arena = {0};
	struct attempt a;
	char kind[48];
	bool ok = false;

	snprintf(kind, sizeof(kind), "call.%s", why);
	if (!ledger_attempt_get(l, id, &arena, &a, e) ||
	    !statement_run(l, STMT_ATTEMPT_VOID, e, "issi", id, why, words, now_ms))
		goto out;
	expect_one(l, &a, "void");
	ok = contact_move(l,
			  &(struct contact_change){.id = a.contact_id,
						   .from = contact_state_of(a.state),
						   .to = CONTACT_PENDING,
						   .why = "",
						   .detail = words,
						   .attempts = -1,
						   .due_ms = due_ms},
			  e) &&
	     statement_run(l, STMT_RUN_UNCOUNT_CALL, e, "i", a.run_id) &&
	     add_event(l, &a, kind, words, now_ms, e);
out:
	arena_free(&arena);
	return ok;
}

bool ledger_attempt_doubt(struct ledger *l, int64_t id, const char *words, int64_t now_ms,
			  struct err *e)
{
	struct arena arena = {0};
	struct attempt a;
	bool ok = false;

	if (!ledger_attempt_get(l, id, &arena, &a, e) ||
	    !statement_run(l, STMT_ATTEMPT_DOUBT, e, "is", id, words))
		goto out;
	expect_one(l, &a, "in doubt");
	ok = contact_move(l,
			  &(struct contact_change){.id = a.contact_id,
						   .from = CONTACT_PLACING,
						   .to = CONTACT_IN_DOUBT,
						   .why = "",
						   .detail = words},
			  e) &&
	     add_event(l, &a, "call.in_doubt", words, now_ms, e);
out:
	arena_free(&arena);
	return ok;
}

bool ledger_attempt_status(struct ledger *l, int64_t id, const char *status, int64_t now_ms,
			   struct err *e)
{
	struct arena arena = {0};
	struct attempt a;
	bool ok = ledger_attempt_get(l, id, &arena, &a, e) &&
		  statement_run(l, STMT_ATTEMPT_STATUS, e, "is", id, status) &&
		  add_event(l, &a, "call.status", status, now_ms, e);

	arena_free(&arena);
	return ok;
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

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static bool attempt_close(struct ledger *l, const struct attempt *a, enum outcome outcome,
			  const struct call_report *report, struct decimal cost, const char *words,
			  int64_t now_ms, struct err *e)
{
	static const struct call_report none = {.talk_ms = -1};
	const struct call_report *r = report ? report : &none;
	bool answered = outcome == OUTCOME_COMPLETED || outcome == OUTCOME_FORWARDED;
	bool estimated = !r->has_cost && cost.micro != 0;
	bool known = r->has_cost || estimated;

	if (!statement_run(l, STMT_ATTEMPT_CLOSE, e, "isssiiiiissii", a->id, outcome_name(outcome),
			   or_empty(r->status_text), words, r->started_ms, r->ended_ms, now_ms,
			   r->talk_ms, known ? cost.micro : COST_UNKNOWN, or_empty(r->recording),
			   or_empty(r->twilio_sid), r->created_ms, (int64_t)estimated))
		return false;
	expect_one(l, a, "closed");
	if (report && !conversation_add(l, a->id, report, e))
		return false;
	return statement_run(l, STMT_RUN_COUNT_END, e, "iiii", a->run_id, (int64_t)answered,
			     r->talk_ms > 0 ? r->talk_ms : (int64_t)0, cost.micro);
}

bool ledger_attempt_refused(struct ledger *l, int64_t id, const char *words, int64_t now_ms,
			    struct err *e)
{
	struct arena arena = {0};
	struct attempt a;
	bool ok =
		ledger_attempt_get(l, id, &arena, &a, e) &&
		attempt_close(l, &a, OUTCOME_FAILED, NULL, (struct decimal){0}, words, now_ms, e) &&
		contact_move(l,
			     &(struct contact_change){.id = a.contact_id,
						      .from = CONTACT_PLACING,
						      .to = CONTACT_DONE,
						      .why = outcome_name(OUTCOME_FAILED),
						      .detail = words},
			     e) &&
		add_event(l, &a, "call.refused", words, now_ms, e);

	arena_free(&arena);
	return ok;
}

bool ledger_attempt_ended(struct ledger *l, int64_t id, enum outcome outcome,
			  const struct call_report *report, struct decimal cost, const char *words,
			  int64_t retry_ms, int64_t now_ms, struct err *e)
{
	struct arena arena = {0};
	struct attempt a;
	bool retry = retry_ms >= 0;
	bool ok =
		ledger_attempt_get(l, id, &arena, &a, e) &&
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
	struct arena arena = {0};
	struct attempt a;
	bool ok = ledger_attempt_get(l, id, &arena, &a, e) &&
		  statement_run(l, STMT_ATTEMPT_ASK_END, e, "ii", id, now_ms);

	*first = ok && statement_changes(l) == 1;
	if (*first)
		ok = add_event(l, &a, "call.end_asked", by, now_ms, e);
	arena_free(&arena);
	return ok;
}

bool ledger_attempt_keep_sid(struct ledger *l, int64_t id, const char *sid, struct err *e)
{
	return statement_run(l, STMT_ATTEMPT_KEEP_SID, e, "is", id, sid);
}

bool ledger_attempt_unask_end(struct ledger *l, int64_t id, const char *why, int64_t now_ms,
			      struct err *e)
{
	struct arena arena = {0};
	struct attempt a;
	bool ok = ledger_attempt_get(l, id, &arena, &a, e) &&
		  statement_run(l, STMT_ATTEMPT_UNASK_END, e, "i", id) &&
		  add_event(l, &a, "call.end_failed", why, now_ms, e);

	arena_free(&arena);
	return ok;
}

bool ledger_attempt_state(struct ledger *l, int64_t id, enum attempt_state *out, struct err *e)
{
	struct arena arena = {0};
	struct attempt a;
	bool ok = ledger_attempt_get(l, id, &arena, &a, e);

	if (ok)
		*out = a.state;
	arena_free(&arena);
	return ok;
}

bool ledger_attempts_open(struct ledger *l, int64_t run_id,
			  bool (*visit)(void *data, const struct attempt *a, struct err *e),
			  void *data, struct err *e)
{
	struct arena arena = {0};
	sqlite3_stmt *stmt;
	int rc = SQLITE_ERROR;

	if (!statement_get(l, STMT_ATTEMPTS_OPEN, &stmt, e, "i", run_id))
		return false;
	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		struct attempt a;
		attempt_read(stmt, &arena, &a);
		if (!visit(data, &a, e))
			break;
		arena_reset(&arena);
	}
	sqlite3_reset(stmt);
	arena_free(&arena);
	return rc == SQLITE_DONE;
}

/* In batches, so that the visitor may take its time, and ask the ledger, while others write. */
bool ledger_attempts_called(struct ledger *l, int64_t run_id,
			    bool (*visit)(void *data, const struct attempt *a, struct err *e),
			    void *data, struct err *e)
{
	struct arena arena = {0};
	struct attempt *batch = arena_array(&arena, BATCH, sizeof(*batch));
	struct arena texts = {0};
	int64_t after = 0;
	bool ok = true;
	size_t count;

	do {
		sqlite3_stmt *stmt;
		int rc = SQLITE_DONE;
		arena_reset(&texts);
		count = 0;
		ok = statement_get(l, STMT_ATTEMPTS_CALLED, &stmt, e, "ii", run_id, after);
		if (!ok)
			break;
		while (count < BATCH && (rc = statement_row(l, stmt, e)) == SQLITE_ROW)
			attempt_read(stmt, &texts, &batch[count++]);
		sqlite3_reset(stmt);
		ok = rc == SQLITE_ROW || rc == SQLITE_DONE;
		for (size_t i = 0; ok && i < count; i++)
			ok = visit(data, &batch[i], e);
		after = count ? batch[count - 1].id : 0;
	} while (ok && count == BATCH);
	arena_free(&texts);
	arena_free(&arena);
	return ok;
}

/* The first column of a statement's first row, 0 when it has none. */
static bool read_number(struct ledger *l, sqlite3_stmt *stmt, int64_t *out, struct err *e)
{
	int rc = statement_row(l, stmt, e);

	*out = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool ledger_attempt_by_job(struct ledger *l, const char *job_id, int64_t *id, struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_BY_JOB, &stmt, e, "s", job_id) &&
	       read_number(l, stmt, id, e);
}

bool ledger_attempt_by_ref(struct ledger *l, const char *ref, int64_t *id, struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_BY_REF, &stmt, e, "s", ref) &&
	       read_number(l, stmt, id, e);
}

bool ledger_attempt_by_phone(struct ledger *l, int64_t run_id, const char *phone, int64_t *id,
			     struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_BY_PHONE, &stmt, e, "is", run_id, phone) &&
	       read_number(l, stmt, id, e);
}

bool ledger_attempt_newest_made(struct ledger *l, int64_t *id, struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_NEWEST_MADE, &stmt, e, "i", INT64_MAX) &&
	       read_number(l, stmt, id, e);
}

bool ledger_attempt_made_before(struct ledger *l, int64_t id, int64_t *out_ms, struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_MADE_BEFORE, &stmt, e, "i", id) &&
	       read_number(l, stmt, out_ms, e);
}

bool ledger_phone_busy(struct ledger *l, const char *phone, struct arena *arena,
		       struct busy_call *out, struct err *e)
{
	sqlite3_stmt *stmt;

	*out = (struct busy_call){0};
	if (!statement_get(l, STMT_PHONE_BUSY, &stmt, e, "s", phone))
		return false;
	int rc = statement_row(l, stmt, e);
	if (rc == SQLITE_ROW) {
		*out = (struct busy_call){
			.since_ms = sqlite3_column_int64(stmt, 0),
			.run_id = sqlite3_column_int64(stmt, 1),
			.campaign = statement_copy(stmt, 3, arena),
			.run = statement_copy(stmt, 4, arena),
			.key = statement_copy(stmt, 5, arena),
		};
		if (!attempt_state_from_name(statement_text(stmt, 2), &out->state))
			BUG("attempt state '%s' in the ledger", statement_text(stmt, 2));
		sqlite3_reset(stmt);
	}
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool ledger_attempt_of_phone(struct ledger *l, const char *phone, int nth, int64_t *out_ms,
			     struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_OF_PHONE, &stmt, e, "si", phone, (int64_t)nth) &&
	       read_number(l, stmt, out_ms, e);
}

bool ledger_attempts_recent(struct ledger *l, int64_t run_id, int64_t since_ms, size_t most,
			    enum outcome *out, size_t *count, struct err *e)
{
	sqlite3_stmt *stmt;
	int rc = SQLITE_DONE;

	*count = 0;
	if (!statement_get(l, STMT_ATTEMPTS_RECENT, &stmt, e, "iii", run_id, since_ms,
			   (int64_t)most))
		return false;
	while (*count < most && (rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		if (!outcome_from_name(statement_text(stmt, 0), &out[*count]))
			BUG("outcome '%s' in the ledger", statement_text(stmt, 0));
		(*count)++;
	}
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool ledger_attempts_since(struct ledger *l, int64_t run_id, int64_t since_ms, int64_t *count,
			   struct err *e)
{
	sqlite3_stmt *stmt;
	int rc;

	*count = 0;
	if (!statement_get(l, STMT_ATTEMPTS_NEWEST, &stmt, e, "i", INT64_MAX))
		return false;
	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW &&
	       sqlite3_column_int64(stmt, 1) >= since_ms)
		*count +=
			sqlite3_column_int64(stmt, 0) == run_id && sqlite3_column_int(stmt, 2) != 0;
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}
