/*
 * Reading attempts: one by what is known of it, those of a run, those of a number.
 */
#include "ledger/attempt.h"

#include "statement_p.h"

#include <string.h>

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

	if (!statement_known(l, STMT_ATTEMPT_GET, "attempt", id, &stmt, e))
		return false;
	attempt_read(stmt, arena, out);
	sqlite3_reset(stmt);
	return true;
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

bool ledger_attempt_by_job(struct ledger *l, const char *job_id, int64_t *id, struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_BY_JOB, &stmt, e, "s", job_id) &&
	       statement_number(l, stmt, id, e);
}

bool ledger_attempt_by_ref(struct ledger *l, const char *ref, int64_t *id, struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_BY_REF, &stmt, e, "s", ref) &&
	       statement_number(l, stmt, id, e);
}

bool ledger_attempt_by_phone(struct ledger *l, int64_t run_id, const char *phone, int64_t *id,
			     struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_BY_PHONE, &stmt, e, "is", run_id, phone) &&
	       statement_number(l, stmt, id, e);
}

bool ledger_attempt_newest_made(struct ledger *l, int64_t *id, struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_NEWEST_MADE, &stmt, e, "") &&
	       statement_number(l, stmt, id, e);
}

bool ledger_attempt_made_before(struct ledger *l, int64_t id, int64_t *out_ms, struct err *e)
{
	sqlite3_stmt *stmt;

	return statement_get(l, STMT_ATTEMPT_MADE_BEFORE, &stmt, e, "i", id) &&
	       statement_number(l, stmt, out_ms, e);
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
	       statement_number(l, stmt, out_ms, e);
}

bool ledger_rows_called(struct ledger *l, int64_t run_id, int64_t *called, int64_t *answered,
			struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_ROWS_CALLED, &stmt, e, "i", run_id) ||
	    statement_row(l, stmt, e) != SQLITE_ROW)
		return false;
	*called = sqlite3_column_int64(stmt, 0);
	*answered = sqlite3_column_int64(stmt, 1);
	sqlite3_reset(stmt);
	return true;
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
