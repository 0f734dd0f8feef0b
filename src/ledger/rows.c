#include "ledger/rows.h"

#include "contact_p.h"

#include <stdlib.h>

static void row_attempt_read(sqlite3_stmt *stmt, struct arena *arena, struct row_attempt *out)
{
	const int at = CONTACT_COLUMN_COUNT; /* behind the contact's columns */
	const char *outcome = statement_text(stmt, at + 2);
	const char *transcript = statement_copy(stmt, at + 11, arena);
	const char *values = statement_copy(stmt, at + 12, arena);

	*out = (struct row_attempt){
		.number = sqlite3_column_int(stmt, at),
		.job_id = statement_copy(stmt, at + 3, arena),
		.intent_ms = sqlite3_column_int64(stmt, at + 4),
		.started_ms = sqlite3_column_int64(stmt, at + 5),
		.ended_ms = sqlite3_column_int64(stmt, at + 6),
		.talk_ms = sqlite3_column_int64(stmt, at + 7),
		.has_cost = sqlite3_column_type(stmt, at + 8) != SQLITE_NULL,
		.cost = {sqlite3_column_int64(stmt, at + 8)},
		.cost_estimated = sqlite3_column_int(stmt, at + 13) != 0,
		.recording = statement_copy(stmt, at + 9, arena),
		.recording_file = statement_copy(stmt, at + 14, arena),
		.words = statement_copy(stmt, at + 10, arena),
		.transcript = *transcript ? transcript : "[]",
		.values = *values ? values : "[]",
	};
	if (!attempt_state_from_name(statement_text(stmt, at + 1), &out->state))
		BUG("attempt state '%s' in the ledger", statement_text(stmt, at + 1));
	if (*outcome && !outcome_from_name(outcome, &out->outcome))
		BUG("outcome '%s' in the ledger", outcome);
}

/* The attempts of the row's contact, one in each row of the statement until another contact begins;
 * a contact without any has one row of nothing. Their array grows with the row that has most.
 * Returns what the last step said. */
static int read_attempts(struct ledger *l, sqlite3_stmt *stmt, struct row *row,
			 struct row_attempt **attempts, size_t *size, struct arena *arena,
			 struct err *e)
{
	int rc;

	do {
		if (sqlite3_column_type(stmt, CONTACT_COLUMN_COUNT) != SQLITE_NULL) {
			if (row->attempt_count == *size) {
				*size = *size ? *size * 2 : 8;
				*attempts = xrealloc(*attempts, *size * sizeof(**attempts));
			}
			row_attempt_read(stmt, arena, &(*attempts)[row->attempt_count++]);
		}
		rc = statement_row(l, stmt, e);
	} while (rc == SQLITE_ROW && sqlite3_column_int64(stmt, 0) == row->contact.id);
	row->attempts = *attempts;
	return rc;
}

bool ledger_rows_each(struct ledger *l, int64_t run_id,
		      bool (*visit)(void *data, const struct row *row, struct err *e), void *data,
		      struct err *e)
{
	struct arena arena = {0};
	struct row_attempt *attempts = NULL;
	size_t size = 0;
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_ROWS, &stmt, e, "i", run_id))
		return false;
	int rc = statement_row(l, stmt, e);
	bool ok = true;
	while (ok && rc == SQLITE_ROW) {
		struct row row = {0};

		contact_read(stmt, &arena, &row.contact);
		rc = read_attempts(l, stmt, &row, &attempts, &size, &arena, e);
		ok = (rc == SQLITE_ROW || rc == SQLITE_DONE) && visit(data, &row, e);
		arena_reset(&arena);
	}
	sqlite3_reset(stmt);
	free(attempts);
	arena_free(&arena);
	return ok && rc == SQLITE_DONE;
}
