#include "schema_p.h"

#include "statement_p.h"

#include <sqlite3.h>

/*
 * contact.id is run_id * 2^32 + ordinal: rows of a run lie side by side, in list order, so that a
 * report is one walk along the primary key and no index is spent on the order.
 */
static const char *const step_1[] = {
	/* An id is never used twice: events of a run that was taken back stay its own. */
	"CREATE TABLE run ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  campaign TEXT NOT NULL,"
	"  name TEXT NOT NULL,"
	"  rehearsal INTEGER NOT NULL DEFAULT 0 CHECK (rehearsal IN (0, 1)),"
	"  state TEXT NOT NULL CHECK (state IN ('open', 'finished', 'cancelled')),"
	"  list_file TEXT NOT NULL,"
	"  list_sha256 TEXT NOT NULL,"
	"  settings TEXT NOT NULL,"
	"  columns TEXT NOT NULL,"
	"  scenario TEXT NOT NULL,"
	"  title_en TEXT NOT NULL,"
	"  title_ar TEXT NOT NULL,"
	"  fields TEXT NOT NULL,"
	"  zone TEXT NOT NULL,"
	"  report_dir TEXT NOT NULL DEFAULT '',"
	"  rows INTEGER NOT NULL DEFAULT 0,"
	"  created_ms INTEGER NOT NULL,"
	"  finished_ms INTEGER NOT NULL DEFAULT 0,"
	"  paused_by TEXT,"
	"  pause_words TEXT,"
	"  paused_ms INTEGER NOT NULL DEFAULT 0,"
	"  resumed_ms INTEGER NOT NULL DEFAULT 0,"
	"  canary_judged INTEGER NOT NULL DEFAULT 0 CHECK (canary_judged IN (0, 1)),"
	"  last_intent_ms INTEGER NOT NULL DEFAULT 0,"
	"  calls INTEGER NOT NULL DEFAULT 0,"
	"  answered INTEGER NOT NULL DEFAULT 0,"
	"  talk_ms INTEGER NOT NULL DEFAULT 0,"
	"  cost_micro INTEGER NOT NULL DEFAULT 0,"
	"  UNIQUE (campaign, name)"
	") STRICT",

	"CREATE TABLE tally ("
	"  run_id INTEGER NOT NULL REFERENCES run (id),"
	"  state TEXT NOT NULL,"
	"  why TEXT NOT NULL," /* the outcome of a done one, the reason of a skipped one */
	"  contacts INTEGER NOT NULL CHECK (contacts >= 0),"
	"  PRIMARY KEY (run_id, state, why)"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE contact ("
	"  id INTEGER PRIMARY KEY,"
	"  run_id INTEGER NOT NULL REFERENCES run (id) CHECK (run_id = id >> 32),"
	"  line INTEGER NOT NULL,"
	"  key TEXT NOT NULL,"
	"  phone TEXT NOT NULL,"
	"  language TEXT NOT NULL,"
	"  zone TEXT NOT NULL,"
	"  cells TEXT NOT NULL,"
	"  state TEXT NOT NULL CHECK (state IN"
	"    ('pending', 'placing', 'live', 'in_doubt', 'done', 'skipped')),"
	"  why TEXT NOT NULL DEFAULT '',"
	"  detail TEXT NOT NULL DEFAULT '',"
	"  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),"
	"  due_ms INTEGER NOT NULL DEFAULT 0,"
	"  CHECK (state = 'skipped' OR phone LIKE '+%'),"
	"  CHECK (state NOT IN ('done', 'skipped') OR why <> '')"
	") STRICT",
	"CREATE UNIQUE INDEX contact_key ON contact (run_id, key)"
	"  WHERE state <> 'skipped'",
	"CREATE INDEX contact_due ON contact (run_id, due_ms, id) WHERE state = 'pending'",

	"CREATE TABLE attempt ("
	"  id INTEGER PRIMARY KEY,"
	"  contact_id INTEGER NOT NULL REFERENCES contact (id),"
	"  run_id INTEGER NOT NULL REFERENCES run (id),"
	"  number INTEGER NOT NULL CHECK (number >= 1),"
	"  ref TEXT NOT NULL UNIQUE CHECK (length(ref) = 32),"
	"  state TEXT NOT NULL CHECK (state IN ('placing', 'live', 'in_doubt', 'closed')),"
	"  phone TEXT NOT NULL CHECK (phone LIKE '+%'),"
	"  agent TEXT NOT NULL,"
	"  request TEXT NOT NULL,"
	"  intent_ms INTEGER NOT NULL,"
	"  placed_ms INTEGER NOT NULL DEFAULT 0,"
	"  job_id TEXT,"
	"  reply TEXT NOT NULL DEFAULT '',"
	"  status TEXT NOT NULL DEFAULT '',"
	"  words TEXT NOT NULL DEFAULT '',"
	"  end_asked_ms INTEGER NOT NULL DEFAULT 0,"
	"  void TEXT," /* why it certainly never rang */
	"  outcome TEXT,"
	"  created_ms INTEGER NOT NULL DEFAULT 0," /* by the provider's clock */
	"  started_ms INTEGER NOT NULL DEFAULT 0,"
	"  ended_ms INTEGER NOT NULL DEFAULT 0,"
	"  closed_ms INTEGER NOT NULL DEFAULT 0,"
	"  talk_ms INTEGER NOT NULL DEFAULT -1,"
	"  cost_micro INTEGER,"
	"  recording TEXT NOT NULL DEFAULT '',"
	"  twilio_sid TEXT NOT NULL DEFAULT '',"
	"  CHECK (state <> 'live' OR job_id IS NOT NULL),"
	"  CHECK ((state = 'closed') = (void IS NOT NULL OR outcome IS NOT NULL)),"
	"  CHECK (void IS NULL OR outcome IS NULL)"
	") STRICT",
	/* The last guard against calling anybody twice at once. */
	"CREATE UNIQUE INDEX attempt_open ON attempt (contact_id) WHERE state <> 'closed'",
	"CREATE INDEX attempt_open_of_run ON attempt (run_id, id) WHERE state <> 'closed'",
	"CREATE INDEX attempt_contact ON attempt (contact_id, id)",
	"CREATE UNIQUE INDEX attempt_job ON attempt (job_id) WHERE job_id IS NOT NULL",
	"CREATE INDEX attempt_phone ON attempt (phone, intent_ms) WHERE void IS NULL",
	"CREATE INDEX attempt_closed ON attempt (run_id, closed_ms) WHERE outcome IS NOT NULL",

	"CREATE TABLE conversation ("
	"  attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),"
	"  transcript TEXT NOT NULL,"
	"  outcome_values TEXT NOT NULL,"
	"  raw TEXT NOT NULL"
	") STRICT",

	"CREATE TABLE event ("
	"  id INTEGER PRIMARY KEY,"
	"  run_id INTEGER NOT NULL,"
	"  contact_id INTEGER NOT NULL DEFAULT 0,"
	"  attempt_id INTEGER NOT NULL DEFAULT 0,"
	"  at_ms INTEGER NOT NULL,"
	"  kind TEXT NOT NULL,"
	"  text TEXT NOT NULL"
	") STRICT",
	"CREATE INDEX event_run ON event (run_id, id)",
	"CREATE INDEX event_contact ON event (contact_id, id) WHERE contact_id <> 0",
	"CREATE TRIGGER event_fixed BEFORE UPDATE ON event BEGIN"
	"  SELECT raise(ABORT, 'events are only ever added');"
	"END",
	"CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN"
	"  SELECT raise(ABORT, 'events are only ever added');"
	"END",

	"CREATE TABLE suppression ("
	"  phone TEXT PRIMARY KEY CHECK (phone LIKE '+%'),"
	"  reason TEXT NOT NULL,"
	"  source TEXT NOT NULL,"
	"  at_ms INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID",

	"CREATE TABLE runner ("
	"  run_id INTEGER PRIMARY KEY REFERENCES run (id),"
	"  pid INTEGER NOT NULL,"
	"  started_ms INTEGER NOT NULL,"
	"  noted_ms INTEGER NOT NULL,"
	"  why TEXT NOT NULL,"
	"  until_ms INTEGER NOT NULL"
	") STRICT",
	NULL,
};

/*
 * Recordings that are kept as files, and the removal of personal data.
 *
 * Events stay as they are but for one thing: while a removal is open (which is never longer than its
 * own transaction), the texts of the events it is about may be emptied. Removals themselves stay for
 * good.
 */
static const char *const step_2[] = {
	"CREATE TABLE recording ("
	"  attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),"
	"  run_id INTEGER NOT NULL REFERENCES run (id),"
	"  state TEXT NOT NULL CHECK (state IN ('wanted', 'kept', 'given_up')),"
	"  tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),"
	"  next_ms INTEGER NOT NULL,"
	"  folder TEXT NOT NULL," /* of the run's reports */
	"  file TEXT NOT NULL,"   /* in that folder; of a wanted one: what came so far */
	"  validator TEXT NOT NULL DEFAULT ''," /* of what came so far: ETag or date */
	"  bytes INTEGER NOT NULL DEFAULT 0,"
	"  sha256 TEXT NOT NULL DEFAULT '',"
	"  type TEXT NOT NULL DEFAULT '',"
	"  words TEXT NOT NULL DEFAULT '',"
	"  CHECK (state = 'given_up' OR file <> ''),"
	"  CHECK (state <> 'kept' OR (length(sha256) = 64 AND bytes > 0))"
	") STRICT",
	"CREATE INDEX recording_run ON recording (run_id, state, next_ms)",

	"CREATE TABLE purge ("
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"  run_id INTEGER NOT NULL REFERENCES run (id),"
	"  contact_id INTEGER NOT NULL," /* 0: everybody of the run */
	"  at_ms INTEGER NOT NULL,"
	"  who TEXT NOT NULL,"
	"  contacts INTEGER NOT NULL DEFAULT 0,"
	"  open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),"
	"  swept INTEGER NOT NULL DEFAULT 0 CHECK (swept IN (0, 1))" /* no trace in the file */
	") STRICT",
	"CREATE INDEX purge_run ON purge (run_id, contact_id)",
	"CREATE TRIGGER purge_kept BEFORE DELETE ON purge BEGIN"
	"  SELECT raise(ABORT, 'removals are never forgotten');"
	"END",
	"CREATE TRIGGER purge_closed BEFORE UPDATE OF open ON purge WHEN OLD.open = 0 BEGIN"
	"  SELECT raise(ABORT, 'a removal is closed for good');"
	"END",
	"DROP TRIGGER event_fixed",
	"CREATE TRIGGER event_fixed BEFORE UPDATE ON event WHEN NOT ("
	"  NEW.text = '' AND NEW.id = OLD.id AND NEW.run_id = OLD.run_id"
	"  AND NEW.contact_id = OLD.contact_id AND NEW.attempt_id = OLD.attempt_id"
	"  AND NEW.at_ms = OLD.at_ms AND NEW.kind = OLD.kind"
	"  AND EXISTS (SELECT 1 FROM purge WHERE run_id = OLD.run_id"
	"    AND contact_id IN (0, OLD.contact_id) AND open = 1))"
	"BEGIN"
	"  SELECT raise(ABORT, 'events are only ever added');"
	"END",
	NULL,
};

/* The provider gave no cost, and the scenario's rate was counted instead. */
static const char *const step_3[] = {
	"ALTER TABLE attempt ADD COLUMN cost_estimated INTEGER NOT NULL DEFAULT 0"
	"  CHECK (cost_estimated IN (0, 1))",
	NULL,
};

/* How the list was written, so that follow-up.csv can be like it. */
static const char *const step_4[] = {
	"ALTER TABLE run ADD COLUMN list_encoding TEXT NOT NULL DEFAULT 'utf-8'"
	"  CHECK (list_encoding IN ('utf-8', 'utf-16', 'windows-1256'))",
	"ALTER TABLE run ADD COLUMN list_delimiter TEXT NOT NULL DEFAULT ','"
	"  CHECK (length(list_delimiter) = 1)",
	NULL,
};

/* Whose list of calls is the one that knows this run's. */
static const char *const step_5[] = {
	"ALTER TABLE run ADD COLUMN project TEXT NOT NULL DEFAULT ''",
	NULL,
};

/* What takes a ledger from version i to i + 1. */
static const char *const *const steps[] = {step_1, step_2, step_3, step_4, step_5};

_Static_assert(sizeof(steps) / sizeof(steps[0]) == SCHEMA_VERSION, "one step for each version");

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
	/* Another process may have been faster. */
	if (!read_version(l, &version, e))
		goto undo;
	for (; version < SCHEMA_VERSION; version++) {
		char bump[64];
		sqlite3_snprintf(sizeof(bump), bump, "PRAGMA user_version = %d", version + 1);
		for (const char *const *sql = steps[version]; *sql; sql++)
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
