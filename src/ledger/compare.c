#include "ledger/compare.h"

#include "run_p.h"
#include "statement_p.h"

#include "base/zone.h"

#define QUARTER_MS (15 * MINUTE_MS)

bool ledger_runs_since(struct ledger *l, const char *campaign, int64_t since_ms,
		       struct arena *arena,
		       bool (*visit)(void *data, const struct run *run, struct err *e), void *data,
		       struct err *e)
{
	sqlite3_stmt *stmt;

	return totals_write(l, e) &&
	       statement_get(l, STMT_RUNS_SINCE, &stmt, e, "si", campaign ? campaign : "",
			     since_ms) &&
	       run_visit(l, stmt, arena, visit, data, e);
}

bool ledger_run_calls(struct ledger *l, int64_t run_id,
		      bool (*visit)(void *data, const struct call_slice *slice, struct err *e),
		      void *data, struct err *e)
{
	sqlite3_stmt *stmt;
	int rc;

	if (!statement_get(l, STMT_RUN_CALLS, &stmt, e, "ii", run_id, (int64_t)QUARTER_MS))
		return false;
	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		const char *outcome = statement_text(stmt, 1);
		struct call_slice slice = {
			.from_ms = sqlite3_column_int64(stmt, 0) * QUARTER_MS,
			.calls = sqlite3_column_int64(stmt, 2),
			.talk_ms = sqlite3_column_int64(stmt, 3),
			.cost = {sqlite3_column_int64(stmt, 4)},
		};
		if (*outcome && !outcome_from_name(outcome, &slice.outcome))
			BUG("outcome '%s' in the ledger", outcome);
		if (!visit(data, &slice, e)) {
			sqlite3_reset(stmt);
			return false;
		}
	}
	return rc == SQLITE_DONE;
}
