#include "ledger/recording.h"

#include "ledger/event.h"
#include "statement_p.h"

#include <inttypes.h>

bool ledger_recordings_want(struct ledger *l, int64_t run_id, const char *folder, int64_t now_ms,
			    struct err *e)
{
	return statement_run(l, STMT_RECORDINGS_WANT, e, "isi", run_id, folder, now_ms);
}

bool ledger_recording_want(struct ledger *l, int64_t attempt_id, const char *folder, int64_t now_ms,
			   struct err *e)
{
	return statement_run(l, STMT_RECORDING_WANT, e, "isi", attempt_id, folder, now_ms);
}

bool ledger_recordings_next(struct ledger *l, int64_t run_id, size_t most, struct arena *arena,
			    struct recording *out, size_t *count, struct err *e)
{
	sqlite3_stmt *stmt;
	int rc = SQLITE_DONE;

	*count = 0;
	if (!statement_get(l, STMT_RECORDINGS_NEXT, &stmt, e, "ii", run_id, (int64_t)most))
		return false;
	while (*count < most && (rc = statement_row(l, stmt, e)) == SQLITE_ROW)
		out[(*count)++] = (struct recording){
			.attempt_id = sqlite3_column_int64(stmt, 0),
			.due_ms = sqlite3_column_int64(stmt, 1),
			.tries = sqlite3_column_int(stmt, 2),
			.job_id = statement_copy(stmt, 3, arena),
			.url = statement_copy(stmt, 4, arena),
			.file = statement_copy(stmt, 5, arena),
			.validator = statement_copy(stmt, 6, arena),
		};
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

/* An event about the attempt, from a change of its recording that was just made. */
static bool add_event(struct ledger *l, int64_t attempt_id, const char *kind, const char *text,
		      int64_t now_ms, struct err *e)
{
	if (statement_changes(l) != 1)
		BUG("attempt %" PRId64 " has no recording that is wanted", attempt_id);
	return statement_run(l, STMT_EVENT_OF_ATTEMPT, e, "iiss", attempt_id, now_ms, kind, text);
}

bool ledger_recording_kept(struct ledger *l, int64_t attempt_id,
			   const struct recording_facts *facts, int64_t now_ms, struct err *e)
{
	return statement_run(l, STMT_RECORDING_KEPT, e, "isiss", attempt_id, facts->file,
			     facts->bytes, facts->sha256, facts->type) &&
	       add_event(l, attempt_id, "recording.kept", facts->file, now_ms, e);
}

bool ledger_recording_failed(struct ledger *l, int64_t attempt_id, const char *words,
			     const char *validator, int64_t due_ms, struct err *e)
{
	return statement_run(l, STMT_RECORDING_FAILED, e, "issi", attempt_id, words, validator,
			     due_ms);
}

bool ledger_recording_given_up(struct ledger *l, int64_t attempt_id, const char *words,
			       int64_t now_ms, struct err *e)
{
	return statement_run(l, STMT_RECORDING_GIVEN_UP, e, "is", attempt_id, words) &&
	       add_event(l, attempt_id, "recording.given_up", words, now_ms, e);
}

bool ledger_recording_relink(struct ledger *l, int64_t attempt_id, const char *url, int64_t due_ms,
			     bool *fresh, struct err *e)
{
	if (!statement_run(l, STMT_RECORDING_RELINK, e, "is", attempt_id, url))
		return false;
	*fresh = statement_changes(l) == 1;
	return !*fresh || statement_run(l, STMT_RECORDING_DUE, e, "ii", attempt_id, due_ms);
}

bool ledger_recordings_count(struct ledger *l, int64_t run_id, struct recording_counts *out,
			     struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_RECORDINGS_COUNT, &stmt, e, "i", run_id) ||
	    statement_row(l, stmt, e) != SQLITE_ROW)
		return false;
	*out = (struct recording_counts){
		.wanted = sqlite3_column_int64(stmt, 0),
		.kept = sqlite3_column_int64(stmt, 1),
		.given_up = sqlite3_column_int64(stmt, 2),
	};
	sqlite3_reset(stmt);
	return true;
}
