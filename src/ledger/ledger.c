#include "ledger/ledger.h"

#include "schema_p.h"
#include "statement_p.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#define BUSY_TIMEOUT_MS 5000

/*
 * FULL: in WAL mode a commit under NORMAL may vanish at a power loss, and the commit that vanishes
 * would be the intent of a call that was placed. foreign_keys stays off at run time: every reference
 * is made by code in this room, and the checks would cost a look-up for each contact and event.
 */
static const char settings_write[] = "PRAGMA journal_mode = WAL;"
				     "PRAGMA synchronous = FULL;"
				     "PRAGMA wal_autocheckpoint = 2000;"
				     "PRAGMA cache_size = -8000;"
				     "PRAGMA temp_store = FILE;";
static const char settings_read[] = "PRAGMA query_only = ON;"
				    "PRAGMA cache_size = -8000;";

static bool ledger_prepare(struct ledger *l, enum ledger_access access, struct err *e)
{
	const char *settings = access == LEDGER_WRITE ? settings_write : settings_read;

	sqlite3_busy_timeout(l->db, BUSY_TIMEOUT_MS);
	sqlite3_extended_result_codes(l->db, 0);
	if (sqlite3_exec(l->db, settings, NULL, NULL, NULL) != SQLITE_OK)
		return statement_error(l, e);
	return access == LEDGER_WRITE ? schema_migrate(l, e) : schema_check(l, e);
}

bool ledger_open(const char *path, enum ledger_access access, struct ledger **out, struct err *e)
{
	struct ledger *l = xcalloc(1, sizeof(*l));
	int flags = access == LEDGER_READ ? SQLITE_OPEN_READWRITE
					  : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	struct stat status;

	l->path = xstrdup(path ? path : ":temporary:");
	if (access == LEDGER_READ && stat(path, &status) != 0) {
		err_set(e, ERR_INVALID,
			"%s: there is no ledger here (%s). It is made by the first `nida run`; "
			"use --ledger FILE when it lies elsewhere.",
			path, strerror(errno));
		goto failed;
	}

	/* Customers' data: for the owner alone, from the first byte on. */
	mode_t mask = umask(0077);
	int rc = sqlite3_open_v2(path ? path : "", &l->db, flags, NULL);
	umask(mask);
	if (rc != SQLITE_OK) {
		(void)statement_error(l, e);
		goto failed;
	}
	if (ledger_prepare(l, access, e)) {
		*out = l;
		return true;
	}
failed:
	ledger_close(l);
	return false;
}

void ledger_close(struct ledger *l)
{
	if (!l)
		return;
	statements_finalize(l);
	sqlite3_close(l->db);
	free(l->path);
	free(l);
}

const char *ledger_path(const struct ledger *l)
{
	return l->path;
}

bool ledger_begin(struct ledger *l, struct err *e)
{
	return statement_run(l, STMT_BEGIN, e, "");
}

bool ledger_begin_read(struct ledger *l, struct err *e)
{
	return statement_run(l, STMT_BEGIN_READ, e, "");
}

bool ledger_commit(struct ledger *l, struct err *e)
{
	return statement_run(l, STMT_COMMIT, e, "");
}

void ledger_rollback(struct ledger *l)
{
	struct err ignored;

	/* SQLite has rolled back by itself after some errors; then there is nothing left to do. */
	if (!sqlite3_get_autocommit(l->db))
		(void)!statement_run(l, STMT_ROLLBACK, &ignored, "");
}

bool ledger_changed_outside(struct ledger *l)
{
	struct err ignored;
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_DATA_VERSION, &stmt, &ignored, "") ||
	    statement_row(l, stmt, &ignored) != SQLITE_ROW)
		return true;

	int64_t version = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	bool changed = version != l->data_version;
	l->data_version = version;
	return changed;
}
