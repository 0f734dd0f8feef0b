#include "ledger/suppression.h"

#include "statement_p.h"

bool ledger_suppression_add(struct ledger *l, const struct suppressed *s, bool *added,
			    struct err *e)
{
	if (!statement_run(l, STMT_SUPPRESSION_ADD, e, "sssi", s->phone, s->reason, s->source,
			   s->at_ms))
		return false;
	*added = statement_changes(l) == 1;
	return true;
}

bool ledger_suppression_remove(struct ledger *l, const char *phone, bool *removed, struct err *e)
{
	if (!statement_run(l, STMT_SUPPRESSION_REMOVE, e, "s", phone))
		return false;
	*removed = statement_changes(l) == 1;
	return true;
}

bool ledger_suppression_has(struct ledger *l, const char *phone, bool *out, struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_SUPPRESSION_HAS, &stmt, e, "s", phone))
		return false;
	int rc = statement_row(l, stmt, e);
	*out = rc == SQLITE_ROW;
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool ledger_suppression_any(struct ledger *l, bool *out, struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_SUPPRESSION_ANY, &stmt, e, ""))
		return false;
	int rc = statement_row(l, stmt, e);
	*out = rc == SQLITE_ROW;
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool ledger_suppression_each(struct ledger *l,
			     bool (*visit)(void *data, const struct suppressed *s, struct err *e),
			     void *data, struct err *e)
{
	sqlite3_stmt *stmt;
	int rc;

	if (!statement_get(l, STMT_SUPPRESSION_EACH, &stmt, e, ""))
		return false;
	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		struct suppressed s = {
			.phone = statement_text(stmt, 0),
			.reason = statement_text(stmt, 1),
			.source = statement_text(stmt, 2),
			.at_ms = sqlite3_column_int64(stmt, 3),
		};
		if (!visit(data, &s, e)) {
			sqlite3_reset(stmt);
			return false;
		}
	}
	return rc == SQLITE_DONE;
}
