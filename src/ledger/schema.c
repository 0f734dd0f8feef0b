#include "schema_p.h"

#include "statement_p.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>

#include <sqlite3.h>

/* A runner leaves word every few seconds, also while it only waits. */
#define RUNNER_SAYS_MS 30000

static bool ask(struct ledger *l, const char *sql, int *out, struct err *e)
{
	sqlite3_stmt *stmt;
	int64_t number;

	if (sqlite3_prepare_v2(l->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return statement_error(l, e);
	bool ok = statement_number(l, stmt, &number, e);
	*out = (int)number;
	sqlite3_finalize(stmt);
	return ok;
}

static bool read_version(struct ledger *l, int *version, struct err *e)
{
	return ask(l, "PRAGMA user_version", version, e);
}

static bool read_application(struct ledger *l, int *id, struct err *e)
{
	return ask(l, "PRAGMA application_id", id, e);
}

static bool newer(struct ledger *l, int version, struct err *e)
{
	return err_set(e, ERR_FAILED,
		       "%s: this ledger was written by a newer nida (its version is %d, this "
		       "program knows up to %d). Use that nida; nothing was changed.",
		       l->path, version, SCHEMA_VERSION);
}

/* The ledgers that were made before they had an id are known by their tables. */
static bool has_our_tables(struct ledger *l, bool *has, struct err *e)
{
	int version;
	int tables;

	if (!read_version(l, &version, e) ||
	    !ask(l,
		 "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN"
		 " ('run', 'tally', 'contact', 'attempt', 'conversation', 'event',"
		 " 'suppression', 'runner')",
		 &tables, e))
		return false;
	*has = version >= 1 && tables == 8;
	return true;
}

static bool recognize(struct ledger *l, bool *ours, struct err *e)
{
	int id;
	int version;
	int things;
	bool known;

	if (!read_application(l, &id, e) || !read_version(l, &version, e) ||
	    !ask(l, "SELECT count(*) FROM sqlite_master", &things, e) ||
	    !has_our_tables(l, &known, e))
		return false;
	bool empty = version == 0 && things == 0;
	*ours = id == SCHEMA_APPLICATION_ID || (id == 0 && (empty || known));
	return true;
}

bool schema_recognize(struct ledger *l, struct err *e)
{
	bool ours;

	/* One view: another process may be making the tables right now. */
	if (!statement_execute(l, "BEGIN", e))
		return false;
	bool ok = recognize(l, &ours, e);
	(void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
	if (!ok || ours)
		return ok;
	return err_set(e, ERR_INVALID,
		       "%s: this is the database of another program, not a ledger of nida. Nothing "
		       "was changed; name another file with --ledger.",
		       l->path);
}

/* For new ledgers, and for those without one. */
static bool give_id(struct ledger *l, struct err *e)
{
	char sql[64];
	int id;

	if (!read_application(l, &id, e))
		return false;
	if (id == SCHEMA_APPLICATION_ID)
		return true;
	sqlite3_snprintf(sizeof(sql), sql, "PRAGMA application_id = %d", SCHEMA_APPLICATION_ID);
	return statement_execute(l, sql, e);
}

/* The process that runs a campaign with this ledger now; 0: none that has said so lately. */
static bool find_runner(struct ledger *l, long *pid, struct err *e)
{
	struct clock machine;
	sqlite3_stmt *stmt;
	int rc;

	clock_init_system(&machine);
	*pid = 0;
	if (!statement_get(l, STMT_RUNNERS_SINCE, &stmt, e, "i",
			   clock_wall_ms(&machine) - RUNNER_SAYS_MS))
		return false;
	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		long said = (long)sqlite3_column_int64(stmt, 0);
		if (kill((pid_t)said, 0) == 0 || errno == EPERM)
			*pid = said;
	}
	return rc == SQLITE_DONE;
}

/* It has its statements for the old tables, and calls that are up. */
static bool no_runner(struct ledger *l, struct err *e)
{
	long pid;

	if (!find_runner(l, &pid, e))
		return false;
	if (pid == 0)
		return true;
	return err_set(
		e, ERR_BUSY,
		"%s: this ledger is of an older version, and process %ld is running a "
		"campaign with it. Let that come to its end, or stop it with Ctrl-C, and run "
		"the same command again; nothing was changed.",
		l->path, pid);
}

bool schema_migrate(struct ledger *l, struct err *e)
{
	int version;

	if (!read_version(l, &version, e))
		return false;
	if (version > SCHEMA_VERSION)
		return newer(l, version, e);
	if (version == SCHEMA_VERSION)
		return give_id(l, e);
	if (!statement_execute(l, "BEGIN IMMEDIATE", e))
		return false;
	/* Another process may have been faster while we waited for our turn: it has migrated, to a
	 * version that we do not know perhaps, or has begun to run. */
	if (!read_version(l, &version, e))
		goto undo;
	if (version > SCHEMA_VERSION) {
		(void)newer(l, version, e);
		goto undo;
	}
	if (version > 0 && version < SCHEMA_VERSION && !no_runner(l, e))
		goto undo;
	for (; version < SCHEMA_VERSION; version++) {
		char bump[64];
		sqlite3_snprintf(sizeof(bump), bump, "PRAGMA user_version = %d", version + 1);
		for (const char *const *sql = schema_steps[version]; *sql; sql++)
			if (!statement_execute(l, *sql, e))
				goto undo;
		if (!statement_execute(l, bump, e))
			goto undo;
	}
	if (give_id(l, e) && statement_execute(l, "COMMIT", e))
		return true;
undo:
	(void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

bool schema_check(struct ledger *l, struct err *e)
{
	int version;

	if (!read_version(l, &version, e))
		return false;
	if (version > SCHEMA_VERSION)
		return newer(l, version, e);
	if (version == 0)
		return err_set(e, ERR_INVALID,
			       "%s: there is nothing in this ledger yet; the first `nida run` "
			       "fills it.",
			       l->path);
	if (version < SCHEMA_VERSION)
		return err_set(e, ERR_FAILED,
			       "%s: this ledger is of an older version (%d, not %d); the next "
			       "`nida run` brings it up to date.",
			       l->path, version, SCHEMA_VERSION);
	return true;
}
