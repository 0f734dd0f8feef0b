#include "ledger/purge.h"

#include "contact_p.h"
#include "statement_p.h"

#include "ledger/event.h"

#include <inttypes.h>
#include <stdio.h>

/* Ids from a statement that was just bound, added to those that are there. */
static bool read_ids(struct ledger *l, sqlite3_stmt *stmt, struct arena *arena, int64_t **ids,
		     size_t *count, size_t *size, struct err *e)
{
	int rc;

	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		if (*count == *size) {
			int64_t *old = *ids;
			*size = *size ? *size * 2 : 16;
			*ids = arena_array(arena, *size, sizeof(**ids));
			for (size_t i = 0; i < *count; i++)
				(*ids)[i] = old[i];
		}
		(*ids)[(*count)++] = sqlite3_column_int64(stmt, 0);
	}
	return rc == SQLITE_DONE;
}

bool ledger_purge_find_runs(struct ledger *l, const char *campaign, int64_t before_ms,
			    struct arena *arena, int64_t **ids, size_t *count, struct err *e)
{
	sqlite3_stmt *stmt;
	size_t size = 0;

	*ids = NULL;
	*count = 0;
	return statement_get(l, STMT_PURGE_FIND_RUNS, &stmt, e, "is", before_ms,
			     campaign ? campaign : "") &&
	       read_ids(l, stmt, arena, ids, count, &size, e);
}

bool ledger_purge_find_person(struct ledger *l, const char *phone, struct arena *arena,
			      int64_t **contact_ids, size_t *count, struct err *e)
{
	int64_t *runs = NULL;
	size_t run_count = 0;
	size_t run_size = 0;
	size_t size = 0;
	sqlite3_stmt *stmt;

	*contact_ids = NULL;
	*count = 0;
	if (!statement_get(l, STMT_PURGE_RUNS, &stmt, e, "") ||
	    !read_ids(l, stmt, arena, &runs, &run_count, &run_size, e))
		return false;
	for (size_t i = 0; i < run_count; i++)
		if (!statement_get(l, STMT_PURGE_FIND_PERSON, &stmt, e, "is", runs[i], phone) ||
		    !read_ids(l, stmt, arena, contact_ids, count, &size, e))
			return false;
	return true;
}

/* The rows of a removal, as contact ids from *first to *last. */
static void range_of(int64_t run_id, int64_t contact_id, int64_t *first, int64_t *last)
{
	*first = contact_id ? contact_id : run_id << CONTACT_ORDINAL_BITS;
	*last = contact_id ? contact_id : ((run_id + 1) << CONTACT_ORDINAL_BITS) - 1;
}

bool ledger_purge_each_file(struct ledger *l, int64_t run_id, int64_t contact_id,
			    bool (*visit)(void *data, const char *folder, const char *file,
					  struct err *e),
			    void *data, struct err *e)
{
	int64_t first;
	int64_t last;
	sqlite3_stmt *stmt;
	int rc;

	range_of(run_id, contact_id, &first, &last);
	if (!statement_get(l, STMT_PURGE_FILES, &stmt, e, "ii", first, last))
		return false;
	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW)
		if (!visit(data, statement_text(stmt, 0), statement_text(stmt, 1), e)) {
			sqlite3_reset(stmt);
			return false;
		}
	return rc == SQLITE_DONE;
}

static bool remove_all(struct ledger *l, int64_t run_id, int64_t contact_id, int64_t *rows,
		       struct err *e)
{
	int64_t first;
	int64_t last;

	range_of(run_id, contact_id, &first, &last);
	if (!statement_run(l, STMT_PURGE_CONVERSATIONS, e, "ii", first, last) ||
	    !statement_run(l, STMT_PURGE_RECORDINGS, e, "ii", first, last) ||
	    !statement_run(l, STMT_PURGE_ATTEMPTS, e, "ii", first, last) ||
	    !statement_run(l, STMT_PURGE_CONTACTS, e, "ii", first, last))
		return false;
	*rows = statement_changes(l);
	if (contact_id)
		return statement_run(l, STMT_PURGE_EVENTS_OF_CONTACT, e, "i", contact_id);
	/* What a person or a guard said of the run may name somebody. */
	return statement_run(l, STMT_PURGE_EVENTS_OF_RUN, e, "i", run_id) &&
	       statement_run(l, STMT_PURGE_RUN, e, "i", run_id) &&
	       statement_run(l, STMT_PURGE_RUNNER, e, "i", run_id);
}

static bool leave_event(struct ledger *l, int64_t run_id, int64_t contact_id, const char *who,
			int64_t rows, int64_t now_ms, struct err *e)
{
	char text[160];

	snprintf(text, sizeof(text), "personal data of %" PRId64 " %s removed by %s", rows,
		 rows == 1 ? "row" : "rows", who);
	return ledger_event_add(l,
				&(struct event){.run_id = run_id,
						.contact_id = contact_id,
						.at_ms = now_ms,
						.kind = contact_id ? "row.purged" : "run.purged",
						.text = text},
				e);
}

bool ledger_purge(struct ledger *l, int64_t run_id, int64_t contact_id, const char *who,
		  int64_t now_ms, int64_t *rows, struct err *e)
{
	if (sqlite3_exec(l->db, "PRAGMA secure_delete = ON", NULL, NULL, NULL) != SQLITE_OK)
		return statement_error(l, e);
	if (!ledger_begin(l, e))
		return false;
	if (statement_run(l, STMT_PURGE_OPEN, e, "iiis", run_id, contact_id, now_ms, who)) {
		int64_t id = sqlite3_last_insert_rowid(l->db);
		if (remove_all(l, run_id, contact_id, rows, e) &&
		    statement_run(l, STMT_PURGE_CLOSE, e, "ii", id, *rows) &&
		    leave_event(l, run_id, contact_id, who, *rows, now_ms, e) &&
		    ledger_commit(l, e))
			return true;
	}
	ledger_rollback(l);
	return false;
}

bool ledger_purge_is_swept(struct ledger *l, bool *out, struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_PURGE_UNSWEPT, &stmt, e, ""))
		return false;
	int rc = statement_row(l, stmt, e);
	*out = rc == SQLITE_DONE;
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

/* Into the file with all that is in the journal, and the journal to nothing. */
static bool empty_journal(struct ledger *l, struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_CHECKPOINT, &stmt, e, ""))
		return false;
	int rc = statement_row(l, stmt, e);
	bool busy = rc == SQLITE_ROW && sqlite3_column_int(stmt, 0) != 0;
	sqlite3_reset(stmt);
	if (rc != SQLITE_ROW)
		return false;
	return busy ? err_set(e, ERR_FAILED,
			      "%s: the data are removed, but traces are left in the journal beside "
			      "it, because another program reads it. Run `nida purge` again.",
			      l->path)
		    : true;
}

bool ledger_purge_sweep(struct ledger *l, struct err *e)
{
	if (sqlite3_exec(l->db, "VACUUM", NULL, NULL, NULL) != SQLITE_OK)
		return statement_error(l, e);
	return empty_journal(l, e) && statement_run(l, STMT_PURGE_SWEPT, e, "");
}
