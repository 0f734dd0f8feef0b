#include "ledger/ledger.h"

#include "schema_p.h"
#include "statement_p.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

/* A campaign beside may be freezing a list of a million rows, in one transaction. */
#define BUSY_WRITE_MS 120000
#define BUSY_READ_MS  5000

#define SETTING_TRIES   100
#define SETTING_WAIT_MS 50

/*
 * FULL: in WAL mode a commit under NORMAL may vanish at a power loss, and the commit that vanishes
 * would be the intent of a call that was placed. foreign_keys stays off at run time: every
 * reference is made by code in this room, and the checks would cost a look-up for each contact and
 * event.
 */
static const char settings_write[] = "PRAGMA journal_mode = WAL;"
				     "PRAGMA synchronous = FULL;"
				     "PRAGMA wal_autocheckpoint = 2000;"
				     "PRAGMA cache_size = -6000;"
				     "PRAGMA temp_store = FILE;";
static const char settings_read[] = "PRAGMA query_only = ON;"
				    "PRAGMA cache_size = -6000;";

/* A private ledger dies with its process: nothing of it needs to reach a disk before the cache is
 * full. Its commits are grouped, because each costs SQLite a walk over all changed pages. */
#define PRIVATE_GROUP 2000
static const char settings_private[] = "PRAGMA journal_mode = MEMORY;"
				       "PRAGMA synchronous = OFF;"
				       "PRAGMA locking_mode = EXCLUSIVE;"
				       "PRAGMA cache_size = -16000;"
				       "PRAGMA temp_store = FILE;";

/* To turn on the write-ahead log of a new ledger SQLite does not wait for another process that is
 * just doing the same. */
static bool set(struct ledger *l, const char *settings, struct err *e)
{
	for (int tries = SETTING_TRIES; tries > 0; tries--) {
		int rc = sqlite3_exec(l->db, settings, NULL, NULL, NULL);
		if (rc == SQLITE_OK)
			return true;
		if (rc != SQLITE_BUSY)
			break;
		(void)sqlite3_sleep(SETTING_WAIT_MS);
	}
	return statement_error(l, e);
}

static bool ledger_prepare(struct ledger *l, const char *settings, enum ledger_access access,
			   struct err *e)
{
	sqlite3_busy_timeout(l->db, access == LEDGER_READ ? BUSY_READ_MS : BUSY_WRITE_MS);
	sqlite3_extended_result_codes(l->db, 0);
	/* First of all: a setting changes the file. */
	if (!schema_recognize(l, e))
		return false;
	if (!set(l, settings, e))
		return false;
	return access == LEDGER_READ ? schema_check(l, e) : schema_migrate(l, e);
}

static void remember_files(struct ledger *l)
{
	l->log_path = sqlite3_filename_wal(sqlite3_db_filename(l->db, "main"));
	l->file = file_identify(l->path);
	l->log_file = file_identify(l->log_path);
}

static bool gone(const char *path, struct err *e)
{
	return err_set(e, ERR_FAILED,
		       "%s was deleted, moved or replaced while this run was using it. No further "
		       "call is placed, and live calls are not followed: what cannot be written "
		       "down must not happen. Put the ledger back with all of its files, then run "
		       "the same command again; with another ledger everybody would be called "
		       "again.",
		       path);
}

bool ledger_still_there(const struct ledger *l, struct err *e)
{
	if (l->file.exists && !file_is(l->path, &l->file))
		return gone(l->path, e);
	if (l->log_file.exists && !file_is(l->log_path, &l->log_file))
		return gone(l->log_path, e);
	return true;
}

/* Is the file one that may be opened so? Nothing has been opened yet. */
static bool check_file(const char *path, enum ledger_access access, struct err *e)
{
	struct stat status;
	char lock[LOCK_PATH_SIZE];

	if (stat(path, &status) != 0)
		return access == LEDGER_WRITE
			       ? true
			       : err_set(e, ERR_INVALID,
					 "%s: there is no ledger here (%s). It is made by the "
					 "first `nida run`; use --ledger FILE when it lies "
					 "elsewhere.",
					 path, strerror(errno));
	/* Under another name it would have another lock, and two runners. */
	if (access != LEDGER_READ && status.st_nlink > 1)
		return err_set(e, ERR_INVALID,
			       "%s has %ld names (hard links); a ledger has one, or two runs could "
			       "use it at once without knowing of each other. Remove the other "
			       "names; a symbolic link does no harm.",
			       path, (long)status.st_nlink);
	/* What a campaign has run with is not empty, unless its content was lost. */
	if (access == LEDGER_WRITE && status.st_size == 0 && lock_find(path, lock))
		return err_set(
			e, ERR_FAILED,
			"%s is empty, but a campaign was run with it: %s is there. Without "
			"what stood in it everybody would be called again. Restore it from a "
			"backup; if you mean to begin afresh, remove that file first.",
			path, lock);
	return true;
}

bool ledger_open(const char *path, enum ledger_access access, struct ledger **out, struct err *e)
{
	struct ledger *l = xcalloc(1, sizeof(*l));
	/* One process, one thread: without the locks that SQLite would take at every call. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

	l->path = xstrdup(path ? path : ":temporary:");
	l->private = !path;
	if (path && !check_file(path, access, e))
		goto failed;
	if (access == LEDGER_WRITE)
		flags |= SQLITE_OPEN_CREATE;
	/* Customers' data: for the owner alone, from the first byte on. */
	mode_t mask = umask(0077);
	int rc = sqlite3_open_v2(path ? path : "", &l->db, flags, NULL);
	umask(mask);
	if (rc != SQLITE_OK) {
		(void)statement_error(l, e);
		goto failed;
	}
	const char *settings = access == LEDGER_READ ? settings_read
			       : path                ? settings_write
						     : settings_private;
	if (ledger_prepare(l, settings, access, e)) {
		if (path && access != LEDGER_READ)
			remember_files(l);
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
	load_drop(l);
	free(l->path);
	free(l);
}

const char *ledger_path(const struct ledger *l)
{
	return l->path;
}

bool ledger_begin(struct ledger *l, struct err *e)
{
	if (l->private && !sqlite3_get_autocommit(l->db))
		return true; /* joins its group */
	return statement_run(l, STMT_BEGIN, e, "");
}

static bool commit_all(struct ledger *l, struct err *e)
{
	if (!totals_write(l, e))
		return false;
	l->grouped = 0;
	l->reading = false;
	return statement_run(l, STMT_COMMIT, e, "");
}

bool ledger_begin_read(struct ledger *l, struct err *e)
{
	/* What is grouped must not fall to a reader's rollback. */
	if (l->private && !sqlite3_get_autocommit(l->db) && !commit_all(l, e))
		return false;
	l->reading = statement_run(l, STMT_BEGIN_READ, e, "");
	return l->reading;
}

bool ledger_commit(struct ledger *l, struct err *e)
{
	if (l->private && !l->reading && ++l->grouped < PRIVATE_GROUP)
		return true;
	return commit_all(l, e);
}

void ledger_rollback(struct ledger *l)
{
	struct err ignored;

	l->grouped = 0;
	l->reading = false;
	load_drop(l);
	totals_drop(l);
	/* SQLite has rolled back by itself after some errors; then there is nothing left to do. */
	if (!sqlite3_get_autocommit(l->db))
		(void)!statement_run(l, STMT_ROLLBACK, &ignored, "");
}

bool change_begin(struct ledger *l, bool *own, struct err *e)
{
	*own = sqlite3_get_autocommit(l->db);
	return !*own || ledger_begin(l, e);
}

bool change_end(struct ledger *l, bool own, bool ok, struct err *e)
{
	if (!own || (ok && ledger_commit(l, e)))
		return ok;
	ledger_rollback(l);
	return false;
}

bool ledger_changed_outside(struct ledger *l)
{
	struct err ignored;
	sqlite3_stmt *stmt;

	if (l->private)
		return false; /* nobody else knows of it */
	if (!statement_get(l, STMT_DATA_VERSION, &stmt, &ignored, "") ||
	    statement_row(l, stmt, &ignored) != SQLITE_ROW)
		return true;

	int64_t version = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	bool changed = version != l->data_version;
	l->data_version = version;
	return changed;
}
