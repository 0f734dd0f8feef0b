#include "ledger/event.h"

#include "statement_p.h"

#include <string.h>

bool ledger_event_add(struct ledger *l, const struct event *event, struct err *e)
{
	return statement_run(l, STMT_EVENT_ADD, e, "iiiiss", event->run_id, event->contact_id,
			     event->attempt_id, event->at_ms, event->kind, event->text);
}

bool ledger_events_each(struct ledger *l, int64_t run_id, int64_t contact_id,
			bool (*visit)(void *data, const struct event *event, struct err *e),
			void *data, struct err *e)
{
	enum statement which = contact_id ? STMT_EVENTS_OF_CONTACT : STMT_EVENTS_OF_RUN;
	sqlite3_stmt *stmt;
	int rc;

	if (!statement_get(l, which, &stmt, e, "i", contact_id ? contact_id : run_id))
		return false;
	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		struct event event = {
			.id = sqlite3_column_int64(stmt, 0),
			.run_id = sqlite3_column_int64(stmt, 1),
			.contact_id = sqlite3_column_int64(stmt, 2),
			.attempt_id = sqlite3_column_int64(stmt, 3),
			.at_ms = sqlite3_column_int64(stmt, 4),
			.kind = statement_text(stmt, 5),
			.text = statement_text(stmt, 6),
			.key = statement_text(stmt, 7),
		};
		if (!visit(data, &event, e)) {
			sqlite3_reset(stmt);
			return false;
		}
	}
	return rc == SQLITE_DONE;
}

bool ledger_event_stopped(struct ledger *l, int64_t run_id, struct arena *arena, const char **out,
			  struct err *e)
{
	sqlite3_stmt *stmt;

	*out = "";
	if (!statement_get(l, STMT_EVENT_NEWEST, &stmt, e, "i", run_id))
		return false;
	int rc = statement_row(l, stmt, e);
	if (rc == SQLITE_ROW && strcmp(statement_text(stmt, 0), "run.stopped") == 0)
		*out = statement_copy(stmt, 1, arena);
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool ledger_event_of_try(struct ledger *l, const char *job_id, const char *ref, bool *out,
			 struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_EVENT_OF_TRY, &stmt, e, "ss", job_id, ref))
		return false;
	int rc = statement_row(l, stmt, e);
	*out = rc == SQLITE_ROW;
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}
