#include "ledger/rows.h"

#include "contact_p.h"

#include <stdlib.h>

static void row_attempt_read(sqlite3_stmt *stmt, struct arena *arena, struct row_attempt *out)
{
	const char *outcome = statement_text(stmt, 2);
	const char *transcript = statement_copy(stmt, 11, arena);
	const char *values = statement_copy(stmt, 12, arena);

	*out = (struct row_attempt){
		.number = sqlite3_column_int(stmt, 0),
		.job_id = statement_copy(stmt, 3, arena),
		.intent_ms = sqlite3_column_int64(stmt, 4),
		.started_ms = sqlite3_column_int64(stmt, 5),
		.ended_ms = sqlite3_column_int64(stmt, 6),
		.talk_ms = sqlite3_column_int64(stmt, 7),
		.has_cost = sqlite3_column_type(stmt, 8) != SQLITE_NULL,
		.cost = {sqlite3_column_int64(stmt, 8)},
		.cost_estimated = sqlite3_column_int(stmt, 13) != 0,
		.recording = statement_copy(stmt, 9, arena),
		.recording_file = statement_copy(stmt, 14, arena),
		.words = statement_copy(stmt, 10, arena),
		.transcript = *transcript ? transcript : "[]",
		.values = *values ? values : "[]",
	};
	if (!attempt_state_from_name(statement_text(stmt, 1), &out->state))
		BUG("attempt state '%s' in the ledger", statement_text(stmt, 1));
	if (*outcome && !outcome_from_name(outcome, &out->outcome))
		BUG("outcome '%s' in the ledger", outcome);
}

/* The attempts of the row's contact; their array grows with the row that has most. */
static bool read_attempts(struct ledger *l, struct row *row, struct row_attempt **attempts,
			  size_t *size, struct arena *arena, struct err *e)
{
	sqlite3_stmt *stmt;
	int rc;

	row->attempt_count = 0;
	/* Most rows of a list that is being called have none yet. */
	if (row->contact.attempts == 0)
		return true;
	if (!statement_get(l, STMT_ROW_ATTEMPTS, &stmt, e, "i", row->contact.id))
		return false;
	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		if (row->attempt_count == *size) {
			*size = *size ? *size * 2 : 8;
			*attempts = xrealloc(*attempts, *size * sizeof(**attempts));
		}
		row_attempt_read(stmt, arena, &(*attempts)[row->attempt_count++]);
	}
	row->attempts = *attempts;
	return rc == SQLITE_DONE;
}

bool ledger_rows_each(struct ledger *l, int64_t run_id,
		      bool (*visit)(void *data, const struct row *row, struct err *e), void *data,
		      struct err *e)
{
	struct arena arena = {0};
	struct row_attempt *attempts = NULL;
	size_t size = 0;
	sqlite3_stmt *stmt;
	int rc = SQLITE_ERROR;

	if (!statement_get(l, STMT_ROWS, &stmt, e, "i", run_id))
		return false;
	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		struct row row = {0};

		contact_read(stmt, &arena, &row.contact);
		if (!read_attempts(l, &row, &attempts, &size, &arena, e) || !visit(data, &row, e))
			break;
		arena_reset(&arena);
	}
	sqlite3_reset(stmt);
	free(attempts);
	arena_free(&arena);
	return rc == SQLITE_DONE;
}
