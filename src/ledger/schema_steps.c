#include "schema_p.h"

#include <stddef.h>

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
 * Events stay as they are but for one thing: while a removal is open (which is never longer than
 * its own transaction), the texts of the events it is about may be emptied. Removals themselves
 * stay for good.
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

/*
 * What a call costs, made less: an index is rewritten only when what it holds changes, so nothing
 * that is indexed hangs on `state`, which changes four times a call; a CHECK compares instead of
 * calling functions or building lists.
 *
 * contact.active: this row stands for its key (all do, but those that were skipped without a call).
 * run.fresh_after: every row up to this id was taken up once; those that wait for another try are
 * the ones with a due_ms, which alone are indexed.
 * run.no_answer, run.failed: calls that ended so, beside `answered`.
 * run.list_stamp: how the list's file was when it was last found to be what is in the ledger, so
 * that going on with a long list does not begin with reading it. event.id is run_id * 2^32 + its
 * place in the run, so that a run's events lie side by side. Conversations lie in the order in
 * which they came: two to a page, not one.
 */
static const char *const step_6[] = {
	"ALTER TABLE run ADD COLUMN fresh_after INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE run ADD COLUMN list_stamp TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE run ADD COLUMN no_answer INTEGER NOT NULL DEFAULT 0",
	"ALTER TABLE run ADD COLUMN failed INTEGER NOT NULL DEFAULT 0",
	"UPDATE run SET (no_answer, failed) = (SELECT count(*) FILTER (WHERE outcome = "
	"'no_answer'),"
	"  count(*) FILTER (WHERE outcome IN ('failed', 'lost')) FROM attempt"
	"  WHERE run_id = run.id AND outcome IS NOT NULL)",

	"CREATE TABLE contact_6 ("
	"  id INTEGER PRIMARY KEY,"
	"  run_id INTEGER NOT NULL REFERENCES run (id) CHECK (run_id = id >> 32),"
	"  line INTEGER NOT NULL,"
	"  key TEXT NOT NULL,"
	"  phone TEXT NOT NULL,"
	"  language TEXT NOT NULL,"
	"  zone TEXT NOT NULL,"
	"  cells TEXT NOT NULL,"
	"  state TEXT NOT NULL CHECK (state = 'pending' OR state = 'placing' OR state = 'live'"
	"    OR state = 'done' OR state = 'skipped' OR state = 'in_doubt'),"
	"  active INTEGER NOT NULL,"
	"  why TEXT NOT NULL DEFAULT '',"
	"  detail TEXT NOT NULL DEFAULT '',"
	"  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),"
	"  due_ms INTEGER NOT NULL DEFAULT 0,"
	"  CHECK (state = 'skipped' OR (phone >= '+' AND phone < ','))," /* begins with + */
	"  CHECK (why <> '' OR (state <> 'done' AND state <> 'skipped')),"
	"  CHECK ((active = 1 AND (state <> 'skipped' OR attempts > 0))"
	"    OR (active = 0 AND state = 'skipped'))"
	") STRICT",
	"INSERT INTO contact_6 SELECT id, run_id, line, key, phone, language, zone, cells, state,"
	"  state <> 'skipped', why, detail, attempts, due_ms FROM contact ORDER BY id",
	"DROP TABLE contact",
	"ALTER TABLE contact_6 RENAME TO contact",
	"CREATE UNIQUE INDEX contact_key ON contact (run_id, key) WHERE active = 1",
	"CREATE INDEX contact_due ON contact (run_id, due_ms, id)"
	"  WHERE state = 'pending' AND due_ms > 0",
	"UPDATE run SET fresh_after = coalesce("
	"  (SELECT min(id) - 1 FROM contact WHERE id > run.id << 32 AND id < (run.id + 1) << 32"
	"    AND state = 'pending' AND due_ms = 0),"
	"  (SELECT max(id) FROM contact WHERE id > run.id << 32 AND id < (run.id + 1) << 32), 0)",

	"CREATE TABLE attempt_6 ("
	"  id INTEGER PRIMARY KEY,"
	"  contact_id INTEGER NOT NULL REFERENCES contact (id),"
	"  run_id INTEGER NOT NULL REFERENCES run (id),"
	"  number INTEGER NOT NULL CHECK (number >= 1),"
	"  ref TEXT NOT NULL UNIQUE CHECK (length(ref) = 32),"
	"  state TEXT NOT NULL CHECK (state = 'placing' OR state = 'live' OR state = 'closed'"
	"    OR state = 'in_doubt'),"
	"  phone TEXT NOT NULL CHECK (phone >= '+' AND phone < ','),"
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
	"  closed_ms INTEGER NOT NULL DEFAULT 0," /* 0: it is open */
	"  talk_ms INTEGER NOT NULL DEFAULT -1,"
	"  cost_micro INTEGER,"
	"  cost_estimated INTEGER NOT NULL DEFAULT 0 CHECK (cost_estimated IN (0, 1)),"
	"  recording TEXT NOT NULL DEFAULT '',"
	"  twilio_sid TEXT NOT NULL DEFAULT '',"
	"  CHECK (state <> 'live' OR job_id IS NOT NULL),"
	"  CHECK ((state = 'closed') = (closed_ms <> 0)),"
	"  CHECK ((state = 'closed') = (void IS NOT NULL OR outcome IS NOT NULL)),"
	"  CHECK (void IS NULL OR outcome IS NULL)"
	") STRICT",
	"INSERT INTO attempt_6 SELECT id, contact_id, run_id, number, ref, state, phone, agent,"
	"  request, intent_ms, placed_ms, job_id, reply, status, words, end_asked_ms, void,"
	"  outcome, created_ms, started_ms, ended_ms,"
	"  CASE state WHEN 'closed' THEN max(closed_ms, 1) ELSE 0 END,"
	"  talk_ms, cost_micro, cost_estimated, recording, twilio_sid"
	"  FROM attempt ORDER BY id",
	"DROP TABLE attempt",
	"ALTER TABLE attempt_6 RENAME TO attempt",
	/* The last guard against calling anybody twice at once. */
	"CREATE UNIQUE INDEX attempt_open ON attempt (contact_id) WHERE closed_ms = 0",
	"CREATE INDEX attempt_contact ON attempt (contact_id, id)",
	"CREATE UNIQUE INDEX attempt_job ON attempt (job_id) WHERE job_id IS NOT NULL",
	"CREATE INDEX attempt_phone ON attempt (phone, intent_ms) WHERE void IS NULL",
	"CREATE INDEX attempt_closed ON attempt (run_id, closed_ms) WHERE outcome IS NOT NULL",

	"CREATE TABLE conversation_6 ("
	"  id INTEGER PRIMARY KEY,"
	"  attempt_id INTEGER NOT NULL UNIQUE REFERENCES attempt (id),"
	"  transcript TEXT NOT NULL,"
	"  outcome_values TEXT NOT NULL,"
	"  raw TEXT NOT NULL"
	") STRICT",
	"INSERT INTO conversation_6 (attempt_id, transcript, outcome_values, raw)"
	"  SELECT attempt_id, transcript, outcome_values, raw FROM conversation ORDER BY "
	"attempt_id",
	"DROP TABLE conversation",
	"ALTER TABLE conversation_6 RENAME TO conversation",

	"CREATE TABLE event_6 ("
	"  id INTEGER PRIMARY KEY,"
	"  run_id INTEGER NOT NULL CHECK (run_id = id >> 32)," /* 0: of no run */
	"  contact_id INTEGER NOT NULL DEFAULT 0,"
	"  attempt_id INTEGER NOT NULL DEFAULT 0,"
	"  at_ms INTEGER NOT NULL,"
	"  kind TEXT NOT NULL,"
	"  text TEXT NOT NULL"
	") STRICT",
	"INSERT INTO event_6 SELECT (run_id << 32)"
	"  + row_number() OVER (PARTITION BY run_id ORDER BY id),"
	"  run_id, contact_id, attempt_id, at_ms, kind, text FROM event",
	"DROP TABLE event",
	"ALTER TABLE event_6 RENAME TO event",
	"CREATE INDEX event_contact ON event (contact_id, id) WHERE contact_id <> 0",
	"CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN"
	"  SELECT raise(ABORT, 'events are only ever added');"
	"END",
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

const char *const *const schema_steps[SCHEMA_VERSION] = {step_1, step_2, step_3,
							 step_4, step_5, step_6};
