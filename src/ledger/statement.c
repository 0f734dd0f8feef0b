#include "statement_p.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define RUN_COLUMNS                                                                               \
	"id, campaign, name, rehearsal, state, list_file, list_sha256, settings, columns, "       \
	"scenario, title_en, title_ar, fields, zone, report_dir, rows, created_ms, finished_ms, " \
	"paused_by, pause_words, paused_ms, last_intent_ms, calls, answered, talk_ms, "           \
	"cost_micro, "                                                                            \
	"resumed_ms, canary_judged, list_encoding, list_delimiter, "                              \
	"(SELECT max(at_ms) FROM purge WHERE run_id = run.id AND contact_id = 0), project, "      \
	"list_stamp, no_answer, failed"

#define CONTACT_COLUMNS                                                                 \
	"contact.id, contact.run_id, line, key, contact.phone, language, zone, cells, " \
	"contact.state, why, detail, attempts, due_ms"

#define ATTEMPT_COLUMNS                                                                            \
	"id, contact_id, run_id, number, ref, state, phone, agent, job_id, intent_ms, placed_ms, " \
	"status, words, end_asked_ms, twilio_sid, outcome, void"

/* The last id a run's contacts can have. */
#define RUN_END "((?1 + 1) << 32)"

/* A contact of run ?1 that was never taken up; `after`: how far down the list this process knows
 * that all of them were. */
#define IS_FRESH(after)                                                              \
	"id > max(?1 << 32, " after ", (SELECT fresh_after FROM run WHERE id = ?1))" \
	" AND id < " RUN_END " AND state = 'pending' AND due_ms = 0"

/* The id of the next event of this run. */
#define NEXT_EVENT(run)                                                      \
	"coalesce((SELECT max(e.id) FROM event e WHERE e.id > " run " << 32" \
	" AND e.id < ((" run " + 1) << 32)), " run " << 32) + 1"

/* Attempts of the contacts from ?1 to ?2. */
#define ATTEMPTS_OF " (SELECT id FROM attempt WHERE contact_id BETWEEN ?1 AND ?2)"

/* Events whose text may be about somebody: all but those that nida words without looking at a row.
 */
#define SPEAKING                                                         \
	" AND text <> '' AND kind NOT IN ('call.retry', 'run.created', " \
	"'run.continued', 'run.purged', 'row.purged')"

/* An attempt's recording as a row that wants it; ?2 is the folder, ?3 when it is due. */
#define RECORDING_OF                                                               \
	"INSERT INTO recording (attempt_id, run_id, state, next_ms, folder, file)" \
	" SELECT id, run_id, 'wanted', ?3, ?2,"                                    \
	" printf('recordings/row-%06d-%d.part', contact_id & 4294967295, number)"  \
	" FROM attempt WHERE outcome IS NOT NULL AND recording <> ''"

#define LOAD_ROW    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
#define LOAD_FOUR   LOAD_ROW ", " LOAD_ROW ", " LOAD_ROW ", " LOAD_ROW
#define LOAD_VALUES LOAD_FOUR ", " LOAD_FOUR ", " LOAD_FOUR ", " LOAD_FOUR

static const char *const texts[STATEMENT_COUNT] = {
	[STMT_BEGIN] = "BEGIN IMMEDIATE",
	[STMT_BEGIN_READ] = "BEGIN",
	[STMT_COMMIT] = "COMMIT",
	[STMT_ROLLBACK] = "ROLLBACK",
	[STMT_DATA_VERSION] = "PRAGMA data_version",

	[STMT_RUN_CREATE] =
		"INSERT INTO run (campaign, name, rehearsal, state, list_file, list_sha256, "
		"settings,"
		" columns, scenario, title_en, title_ar, fields, zone, created_ms)"
		" VALUES (?1, ?2, ?3, 'open', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[STMT_RUN_LATEST] = "SELECT " RUN_COLUMNS " FROM run WHERE id ="
			    " (SELECT max(id) FROM run WHERE campaign = ?1 AND rehearsal = 0)",
	[STMT_RUN_GET] = "SELECT " RUN_COLUMNS " FROM run WHERE id = ?1",
	[STMT_RUN_NAMED] = "SELECT " RUN_COLUMNS " FROM run WHERE campaign = ?1 AND name = ?2",
	[STMT_RUN_EACH_LATEST] = "SELECT " RUN_COLUMNS " FROM run WHERE id IN"
				 " (SELECT max(id) FROM run WHERE rehearsal = 0 GROUP BY campaign) "
				 "ORDER BY campaign",
	[STMT_RUN_DISCARD_CONTACTS] = "DELETE FROM contact WHERE id > ?1 << 32 AND id < " RUN_END,
	[STMT_RUN_DISCARD] = "DELETE FROM run WHERE id = ?1 AND calls = 0",
	[STMT_RUN_SET_STATE] = "UPDATE run SET state = ?2, finished_ms = ?3 WHERE id = ?1",
	[STMT_RUN_SET_PROJECT] = "UPDATE run SET project = ?2 WHERE id = ?1",
	[STMT_RUN_FINISH] = "UPDATE run SET state = 'finished', finished_ms = ?2"
			    " WHERE id = ?1 AND state = 'open'",
	[STMT_RUN_CANCEL] = "UPDATE run SET state = 'cancelled', finished_ms = ?2"
			    " WHERE id = ?1 AND state = 'open'",
	[STMT_RUN_SET_ROWS] =
		"UPDATE run SET rows = ?2, list_sha256 = ?3, list_stamp = '' WHERE id = ?1",
	[STMT_RUN_SET_LIST_STAMP] = "UPDATE run SET list_stamp = ?2 WHERE id = ?1",
	[STMT_RUN_RENEW] =
		"UPDATE run SET list_file = ?2, settings = ?3, fresh_after = coalesce("
		"  (SELECT min(id) - 1 FROM contact WHERE id > ?1 << 32 AND id < " RUN_END
		"   AND state = 'pending' AND due_ms = 0),"
		"  (SELECT max(id) FROM contact WHERE id > ?1 << 32 AND id < " RUN_END "), 0)"
		" WHERE id = ?1",
	[STMT_RUN_SET_LIST_FORM] =
		"UPDATE run SET list_encoding = ?2, list_delimiter = ?3 WHERE id = ?1",
	[STMT_RUN_SET_REPORT_DIR] = "UPDATE run SET report_dir = ?2 WHERE id = ?1",
	[STMT_RUN_PAUSE] =
		"UPDATE run SET paused_by = ?2, pause_words = ?3, paused_ms = ?4 WHERE id = ?1",
	[STMT_RUN_RESUME] = "UPDATE run SET paused_by = NULL, pause_words = NULL, paused_ms = 0,"
			    " resumed_ms = ?2 WHERE id = ?1",
	[STMT_RUN_CANARY_JUDGED] = "UPDATE run SET canary_judged = 1 WHERE id = ?1",
	[STMT_RUN_SUM] =
		"UPDATE run SET calls = calls + ?2,"
		" last_intent_ms = CASE ?3 WHEN 0 THEN last_intent_ms ELSE ?3 END,"
		" answered = answered + ?4, talk_ms = talk_ms + ?5, cost_micro = cost_micro + ?6,"
		" fresh_after = max(fresh_after, ?7), no_answer = no_answer + ?8,"
		" failed = failed + ?9"
		" WHERE id = ?1",
	[STMT_RUN_TALLY] = "SELECT state, why, contacts FROM tally WHERE run_id = ?1",
	[STMT_CAMPAIGN_LAST_INTENT] = "SELECT coalesce(max(last_intent_ms), 0) FROM run WHERE "
				      "campaign = ?1 AND rehearsal = 0",
	[STMT_RUNNER_NOTE] =
		"INSERT INTO runner (run_id, pid, started_ms, noted_ms, why, until_ms)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (run_id) DO UPDATE SET pid = ?2,"
		" started_ms = ?3, noted_ms = ?4, why = ?5, until_ms = ?6",
	[STMT_RUNNER_READ] =
		"SELECT pid, started_ms, noted_ms, why, until_ms FROM runner WHERE run_id = ?1",
	[STMT_RUNNERS_SINCE] = "SELECT pid FROM runner WHERE noted_ms >= ?1",
	[STMT_TALLY_ADD] =
		"INSERT INTO tally (run_id, state, why, contacts) VALUES (?1, ?2, ?3, ?4)"
		" ON CONFLICT (run_id, state, why)"
		" DO UPDATE SET contacts = contacts + excluded.contacts",
	[STMT_TALLY_TAKE] = "UPDATE tally SET contacts = contacts - ?4"
			    " WHERE run_id = ?1 AND state = ?2 AND why = ?3",

	[STMT_CONTACT_ADD] =
		"INSERT INTO contact (id, run_id, line, key, phone, language, zone, "
		"cells, state, why, detail, active)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?9 <> 'skipped')"
		" ON CONFLICT DO NOTHING",
	/* Half of what one row costs is the statement around it. */
	[STMT_CONTACTS_LOAD] = "INSERT INTO contact (id, run_id, line, key, phone, language, zone, "
			       "cells, state, why, detail, active) VALUES " LOAD_VALUES,
	[STMT_CONTACTS_FORGET] =
		"DELETE FROM contact WHERE id > ?1 << 32 AND id < " RUN_END
		" AND state IN ('pending', 'skipped')"
		" AND NOT EXISTS (SELECT 1 FROM attempt WHERE contact_id = contact.id)",
	[STMT_CONTACTS_UNLIST] = "UPDATE contact SET line = 0 WHERE id > ?1 << 32 AND id < " RUN_END
				 " AND state = 'pending'",
	/* Ids that only events still know are as used as any. */
	[STMT_CONTACTS_LAST] =
		"SELECT max(?1 << 32,"
		" (SELECT coalesce(max(id), 0) FROM contact WHERE id > ?1 << 32 AND id < " RUN_END
		"), (SELECT coalesce(max(contact_id), 0) FROM event WHERE contact_id <> 0"
		" AND contact_id > ?1 << 32 AND contact_id < " RUN_END "))",
	[STMT_CONTACT_RENEW] =
		"UPDATE contact SET line = ?2, phone = ?3, language = ?4, zone = ?5, cells = ?6"
		" WHERE id = ?1 AND state = 'pending'",
	/* One that was called before it was skipped takes its place again, and waits as long. */
	[STMT_CONTACT_REVIVE] =
		"UPDATE contact SET state = 'pending', why = '', detail = '',"
		" due_ms = max(due_ms, 1), line = ?2, phone = ?3, language = ?4, zone = ?5,"
		" cells = ?6 WHERE id = ?1 AND state = 'skipped' AND active = 1",
	[STMT_CONTACTS_SKIP_UNLISTED] =
		"UPDATE contact SET state = 'skipped', active = attempts > 0, why = 'cancelled',"
		" detail = 'no longer on the list' WHERE id > ?1 << 32 AND id < " RUN_END
		" AND state = 'pending' AND line = 0",
	/* Sorted, so that the rows of one number stand side by side. */
	[STMT_CONTACTS_BY_NUMBER] =
		"SELECT id, phone, active FROM contact WHERE id > ?1 << 32 AND id < " RUN_END
		" AND (active = 1 OR why = 'duplicate') ORDER BY phone, id",
	[STMT_CONTACT_MARK_DUPLICATE] = "UPDATE contact SET state = 'skipped', active = attempts > "
					"0, why = 'duplicate', detail = ?2"
					" WHERE id = ?1 AND state = 'pending'",
	[STMT_CONTACT_DUE_RETRIES] =
		"SELECT " CONTACT_COLUMNS " FROM contact WHERE run_id = ?1 AND state = 'pending'"
		" AND due_ms > 0 AND due_ms <= ?2 ORDER BY due_ms, id LIMIT ?3",
	[STMT_CONTACT_DUE_FRESH] = "SELECT " CONTACT_COLUMNS " FROM contact"
				   " WHERE " IS_FRESH("?3") " ORDER BY id LIMIT ?2",
	[STMT_CONTACT_LAST] =
		"SELECT id FROM contact WHERE id < " RUN_END " ORDER BY id DESC LIMIT 1",
	[STMT_CONTACT_NEXT_DUE] =
		"SELECT min(due_ms) FROM contact WHERE run_id = ?1 AND state = 'pending'"
		" AND due_ms > 0 AND due_ms > ?2",
	/* Along the index that holds those that wait for another try in this very order. */
	[STMT_CONTACT_LAST_DUE] =
		"SELECT due_ms FROM contact WHERE run_id = ?1 AND state = 'pending'"
		" AND due_ms > 0 ORDER BY due_ms DESC LIMIT 1",
	[STMT_CONTACT_GET] = "SELECT " CONTACT_COLUMNS " FROM contact WHERE id = ?1",
	[STMT_CONTACT_BY_KEY] =
		"SELECT " CONTACT_COLUMNS " FROM contact WHERE run_id = ?1 AND key = ?2"
		" AND active = 1",
	[STMT_CONTACT_ANY_BY_KEY] =
		"SELECT " CONTACT_COLUMNS " FROM contact"
		" WHERE id > ?1 << 32 AND id < " RUN_END " AND key = ?2 LIMIT 1",
	[STMT_CONTACT_MOVE] =
		"UPDATE contact SET state = ?3, why = ?4, detail = ?5, attempts = attempts + ?6,"
		" due_ms = ?7 WHERE id = ?1 AND state = ?2",
	[STMT_CONTACT_SKIP] =
		"UPDATE contact SET state = 'skipped', active = attempts > 0, why = ?3, detail = ?4"
		" WHERE id = ?1 AND state = ?2",
	[STMT_CONTACT_DEFER] = "UPDATE contact SET due_ms = ?2 WHERE id = ?1 AND state = 'pending'",
	[STMT_CONTACT_SKIP_FRESH] =
		"UPDATE contact SET state = 'skipped', active = attempts > 0, why = ?2, detail = ?3"
		" WHERE " IS_FRESH("?4"),
	[STMT_CONTACT_SKIP_WAITING] =
		"UPDATE contact SET state = 'skipped', active = attempts > 0, why = ?2, detail = ?3"
		" WHERE run_id = ?1 AND state = 'pending' AND due_ms > 0",
	[STMT_TALLY_RECOUNT_CLEAR] = "DELETE FROM tally WHERE run_id = ?1",
	[STMT_TALLY_RECOUNT] =
		"INSERT INTO tally (run_id, state, why, contacts)"
		" SELECT ?1, state, CASE WHEN state IN ('done', 'skipped') THEN why ELSE '' END,"
		" count(*) FROM contact WHERE id > ?1 << 32 AND id < " RUN_END " GROUP BY 2, 3",

	[STMT_TALLY_SET] =
		"INSERT INTO tally (run_id, state, why, contacts) VALUES (?1, ?2, ?3, ?4)",
	[STMT_ROWS_OF_ALL_RUNS] = "SELECT coalesce(sum(rows), 0) FROM run",
	[STMT_KEY_INDEX] = "SELECT sql FROM sqlite_schema WHERE type = 'index'"
			   " AND name = 'contact_key'",

	[STMT_ATTEMPT_ADD] = "INSERT INTO attempt (contact_id, run_id, number, ref, state, phone, "
			     "agent, request,"
			     " intent_ms) VALUES (?1, ?2, ?3, ?4, 'placing', ?5, ?6, ?7, ?8)",
	[STMT_ATTEMPT_GET] = "SELECT " ATTEMPT_COLUMNS " FROM attempt WHERE id = ?1",
	[STMT_ATTEMPT_STANDING] = "SELECT contact_id, run_id, state FROM attempt WHERE id = ?1",
	[STMT_ATTEMPT_ACCEPTED] = "UPDATE attempt SET state = 'live', job_id = ?2, reply = ?3, "
				  "placed_ms = ?4, twilio_sid = ?5, words = ''"
				  " WHERE id = ?1 AND state IN ('placing', 'in_doubt')",
	[STMT_ATTEMPT_VOID] =
		"UPDATE attempt SET state = 'closed', void = ?2, words = ?3, closed_ms = ?4"
		" WHERE id = ?1 AND state IN ('placing', 'in_doubt')",
	[STMT_ATTEMPT_DOUBT] = "UPDATE attempt SET state = 'in_doubt', words = ?2"
			       " WHERE id = ?1 AND state = 'placing'",
	[STMT_ATTEMPT_STATUS] = "UPDATE attempt SET status = ?2"
				" WHERE id = ?1 AND state IN ('live', 'in_doubt')",
	[STMT_ATTEMPT_CLOSE] =
		"UPDATE attempt SET state = 'closed', outcome = ?2, status = ?3, words = ?4,"
		" started_ms = ?5, ended_ms = ?6, closed_ms = ?7, talk_ms = ?8,"
		" cost_micro = nullif(?9, -1), cost_estimated = ?13, recording = ?10,"
		" created_ms = ?12,"
		" twilio_sid = CASE WHEN ?11 = '' THEN twilio_sid ELSE ?11 END"
		" WHERE id = ?1 AND state <> 'closed'",
	[STMT_ATTEMPT_ASK_END] = "UPDATE attempt SET end_asked_ms = ?2"
				 " WHERE id = ?1 AND state = 'live' AND end_asked_ms = 0",
	[STMT_ATTEMPT_KEEP_SID] = "UPDATE attempt SET twilio_sid = ?2 WHERE id = ?1",
	[STMT_ATTEMPT_UNASK_END] = "UPDATE attempt SET end_asked_ms = 0"
				   " WHERE id = ?1 AND state = 'live'",
	[STMT_ATTEMPTS_OPEN] = "SELECT " ATTEMPT_COLUMNS " FROM attempt"
			       " WHERE closed_ms = 0 AND contact_id > ?1 << 32"
			       " AND contact_id < " RUN_END " ORDER BY id",
	[STMT_ATTEMPT_BY_JOB] = "SELECT id FROM attempt WHERE job_id = ?1",
	[STMT_ATTEMPT_BY_REF] = "SELECT id FROM attempt WHERE ref = ?1",
	[STMT_ATTEMPT_BY_PHONE] = "SELECT id FROM attempt WHERE phone = ?2 AND run_id = ?1"
				  " AND void IS NULL ORDER BY intent_ms DESC LIMIT 1",
	[STMT_ATTEMPTS_CALLED] = "SELECT " ATTEMPT_COLUMNS " FROM attempt"
				 " WHERE run_id = ?1 AND id > ?2 AND void IS NULL"
				 " AND (job_id IS NOT NULL OR state IN ('placing', 'in_doubt'))"
				 " ORDER BY id LIMIT 1000",
	/* `id > 0` has SQLite walk back from the newest by its key; without it all are scanned. */
	[STMT_ATTEMPT_NEWEST_MADE] = "SELECT id FROM attempt WHERE id > 0 AND job_id IS NOT NULL"
				     " ORDER BY id DESC LIMIT 1",
	[STMT_ATTEMPT_MADE_BEFORE] =
		"SELECT created_ms FROM attempt WHERE id < ?1 AND created_ms > 0"
		" ORDER BY id DESC LIMIT 1",
	[STMT_ATTEMPTS_RECENT] =
		"SELECT outcome FROM attempt WHERE run_id = ?1 AND outcome IS NOT NULL"
		" AND closed_ms > ?2 AND (job_id IS NOT NULL OR outcome <> 'lost')"
		" ORDER BY closed_ms DESC LIMIT ?3",
	[STMT_ROWS_CALLED] =
		"SELECT count(DISTINCT contact_id), count(DISTINCT CASE WHEN outcome = 'completed'"
		" OR outcome = 'forwarded' THEN contact_id END) FROM attempt"
		" WHERE contact_id > ?1 << 32 AND contact_id < " RUN_END " AND void IS NULL",
	/* The newest first, over all runs: the walk ends with the first that is older. */
	[STMT_ATTEMPTS_NEWEST] =
		"SELECT run_id, intent_ms, void IS NULL FROM attempt WHERE id <= ?1"
		" ORDER BY id DESC",
	[STMT_ATTEMPT_OF_PHONE] = "SELECT intent_ms FROM attempt WHERE phone = ?1 AND void IS NULL"
				  " ORDER BY intent_ms DESC LIMIT 1 OFFSET ?2 - 1",
	[STMT_PHONE_BUSY] =
		"SELECT a.intent_ms, a.run_id, a.state, r.campaign, r.name, c.key FROM attempt a"
		" JOIN run r ON r.id = a.run_id JOIN contact c ON c.id = a.contact_id"
		" WHERE a.phone = ?1 AND a.void IS NULL AND a.state <> 'closed'"
		" ORDER BY a.intent_ms LIMIT 1",
	[STMT_CONVERSATION_ADD] =
		"INSERT INTO conversation (attempt_id, transcript, outcome_values, raw)"
		" VALUES (?1, ?2, ?3, ?4)",

	[STMT_EVENT_ADD] =
		"INSERT INTO event (id, run_id, contact_id, attempt_id, at_ms, kind, text)"
		" VALUES (" NEXT_EVENT("?1") ", ?1, ?2, ?3, ?4, ?5, ?6)",
	[STMT_EVENT_OF_ATTEMPT] =
		"INSERT INTO event (id, run_id, contact_id, attempt_id, at_ms, kind, text)"
		" SELECT " NEXT_EVENT("attempt.run_id") ", run_id, contact_id, id, ?2, ?3, ?4"
							" FROM attempt WHERE id = ?1",
	[STMT_EVENTS_OF_RUN] =
		"SELECT e.id, e.run_id, e.contact_id, e.attempt_id, e.at_ms, e.kind, e.text, c.key"
		" FROM event e LEFT JOIN contact c ON c.id = e.contact_id"
		" WHERE e.id > ?1 << 32 AND e.id < " RUN_END " ORDER BY e.id",
	[STMT_EVENTS_OF_CONTACT] =
		"SELECT e.id, e.run_id, e.contact_id, e.attempt_id, e.at_ms, e.kind, e.text, c.key"
		" FROM event e LEFT JOIN contact c ON c.id = e.contact_id"
		" WHERE e.contact_id = ?1 AND e.contact_id <> 0 ORDER BY e.id",

	[STMT_EVENT_OF_TRY] = "SELECT 1 FROM event WHERE id < 1 << 32"
			      " AND kind IN ('try.intent', 'try.accepted') AND text <> ''"
			      " AND text IN (?1, ?2) LIMIT 1",
	[STMT_EVENT_NEWEST] = "SELECT kind, text FROM event WHERE id > ?1 << 32 AND id < " RUN_END
			      " ORDER BY id DESC LIMIT 1",

	[STMT_SUPPRESSION_ADD] =
		"INSERT INTO suppression (phone, reason, source, at_ms) VALUES (?1, ?2, ?3, ?4)"
		" ON CONFLICT (phone) DO NOTHING",
	[STMT_SUPPRESSION_REMOVE] = "DELETE FROM suppression WHERE phone = ?1",
	[STMT_SUPPRESSION_HAS] = "SELECT 1 FROM suppression WHERE phone = ?1",
	[STMT_SUPPRESSION_ANY] = "SELECT 1 FROM suppression LIMIT 1",
	[STMT_SUPPRESSION_EACH] =
		"SELECT phone, reason, source, at_ms FROM suppression ORDER BY phone",

	[STMT_RECORDINGS_WANT] =
		RECORDING_OF " AND contact_id > ?1 << 32 AND contact_id < " RUN_END
			     " ON CONFLICT (attempt_id) DO UPDATE SET folder = ?2, next_ms = ?3"
			     " WHERE state = 'wanted'",
	[STMT_RECORDING_WANT] = RECORDING_OF " AND id = ?1",
	[STMT_RECORDINGS_NEXT] =
		"SELECT r.attempt_id, r.next_ms, r.tries, a.job_id, a.recording, r.file,"
		" r.validator FROM recording r JOIN attempt a ON a.id = r.attempt_id"
		" WHERE r.run_id = ?1 AND r.state = 'wanted' ORDER BY r.next_ms LIMIT ?2",
	[STMT_RECORDING_KEPT] =
		"UPDATE recording SET state = 'kept', file = ?2, bytes = ?3, sha256 = ?4, type = "
		"?5,"
		" validator = '', words = '' WHERE attempt_id = ?1 AND state = 'wanted'",
	[STMT_RECORDING_FAILED] =
		"UPDATE recording SET tries = tries + 1, words = ?2, validator = ?3, next_ms = ?4"
		" WHERE attempt_id = ?1 AND state = 'wanted'",
	[STMT_RECORDING_GIVEN_UP] = "UPDATE recording SET state = 'given_up', file = '', words = ?2"
				    " WHERE attempt_id = ?1 AND state = 'wanted'",
	[STMT_RECORDING_RELINK] = "UPDATE attempt SET recording = ?2"
				  " WHERE id = ?1 AND recording <> ?2",
	[STMT_RECORDING_DUE] = "UPDATE recording SET next_ms = ?2, tries = tries + 1"
			       " WHERE attempt_id = ?1 AND state = 'wanted'",
	[STMT_RECORDINGS_COUNT] =
		"SELECT coalesce(sum(state = 'wanted'), 0), coalesce(sum(state = 'kept'), 0),"
		" coalesce(sum(state = 'given_up'), 0) FROM recording WHERE run_id = ?1",

	[STMT_PURGE_FIND_RUNS] =
		"SELECT id FROM run WHERE state <> 'open' AND finished_ms <= ?1"
		" AND (?2 = '' OR campaign = ?2) AND NOT EXISTS"
		" (SELECT 1 FROM purge WHERE run_id = run.id AND contact_id = 0) ORDER BY id",
	[STMT_PURGE_RUNS] = "SELECT id FROM run ORDER BY id",
	[STMT_PURGE_FIND_PERSON] =
		"SELECT id FROM contact WHERE id > ?1 << 32 AND id < " RUN_END
		" AND (phone = ?2 OR EXISTS"
		" (SELECT 1 FROM attempt WHERE contact_id = contact.id AND phone = ?2)) ORDER BY "
		"id",
	[STMT_PURGE_FILES] =
		"SELECT folder, file FROM recording WHERE file <> '' AND attempt_id IN" ATTEMPTS_OF,
	[STMT_PURGE_OPEN] =
		"INSERT INTO purge (run_id, contact_id, at_ms, who) VALUES (?1, ?2, ?3, ?4)",
	[STMT_PURGE_CLOSE] = "UPDATE purge SET open = 0, contacts = ?2 WHERE id = ?1",
	[STMT_PURGE_CONVERSATIONS] = "DELETE FROM conversation WHERE attempt_id IN" ATTEMPTS_OF,
	[STMT_PURGE_RECORDINGS] = "DELETE FROM recording WHERE attempt_id IN" ATTEMPTS_OF,
	[STMT_PURGE_ATTEMPTS] =
		"UPDATE attempt SET phone = '+', request = '', reply = '', words = '',"
		" recording = '', twilio_sid = '' WHERE contact_id BETWEEN ?1 AND ?2",
	/* Keys stay different from each other; a number that was one stays one by its sign. */
	[STMT_PURGE_CONTACTS] =
		"UPDATE contact SET key = printf('(removed %d)', id & 4294967295), cells = '[]',"
		" phone = CASE phone WHEN '' THEN '' ELSE '+' END, detail = ''"
		" WHERE id BETWEEN ?1 AND ?2",
	[STMT_PURGE_EVENTS_OF_CONTACT] =
		"UPDATE event SET text = '' WHERE contact_id = ?1 AND contact_id <> 0" SPEAKING,
	[STMT_PURGE_EVENTS_OF_RUN] =
		"UPDATE event SET text = '' WHERE id > ?1 << 32 AND id < " RUN_END SPEAKING,
	[STMT_PURGE_RUN] = "UPDATE run SET pause_words = '' WHERE id = ?1 AND pause_words <> ''",
	[STMT_PURGE_RUNNER] = "DELETE FROM runner WHERE run_id = ?1",
	[STMT_PURGE_UNSWEPT] = "SELECT 1 FROM purge WHERE swept = 0 LIMIT 1",
	[STMT_PURGE_SWEPT] = "UPDATE purge SET swept = 1 WHERE swept = 0",
	[STMT_CHECKPOINT] = "PRAGMA wal_checkpoint(TRUNCATE)",

	[STMT_ROWS] =
		"SELECT " CONTACT_COLUMNS ", a.number, a.state, a.outcome, a.job_id, a.intent_ms,"
		" a.started_ms, a.ended_ms, a.talk_ms, a.cost_micro, a.recording, a.words,"
		" c.transcript, c.outcome_values, a.cost_estimated, r.file"
		" FROM contact"
		" LEFT JOIN attempt a ON a.contact_id = contact.id AND a.void IS NULL"
		" LEFT JOIN conversation c ON c.attempt_id = a.id"
		" LEFT JOIN recording r ON r.attempt_id = a.id AND r.state = 'kept'"
		" WHERE contact.id > ?1 << 32 AND contact.id < " RUN_END
		" ORDER BY contact.id, a.id",
	[STMT_RUNS_SINCE] = "SELECT " RUN_COLUMNS " FROM run WHERE rehearsal = 0"
			    " AND (?1 = '' OR campaign = ?1)"
			    " AND max(created_ms, last_intent_ms) >= ?2 ORDER BY campaign, id",
	[STMT_RUN_CALLS] =
		"SELECT intent_ms / ?2, outcome, count(*), sum(max(talk_ms, 0)),"
		" sum(coalesce(cost_micro, 0)) FROM attempt"
		" WHERE contact_id > ?1 << 32 AND contact_id < " RUN_END " AND void IS NULL"
		" GROUP BY 1, 2",
};

const char *statement_sql(enum statement which)
{
	return texts[which];
}

bool statement_error(struct ledger *l, struct err *e)
{
	int code = sqlite3_errcode(l->db);
	const char *advice;

	switch (code) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
		advice = "Make room on the disk, then run the same command again.";
		break;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		advice = "Make the file and its folder writable for this user, then run the same "
			 "command again.";
		break;
	case SQLITE_BUSY:
		advice = "Another program holds it; try again when that has finished.";
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		advice = "The file is damaged or is no ledger. It was not changed: keep a copy, "
			 "restore it from a backup or try sqlite3's .recover on the copy. "
			 "Do not start afresh before you know whom it says were called.";
		break;
	default:
		advice = "Nothing more was written.";
	}
	return err_set(e, ERR_FAILED, "%s: the ledger cannot be used: %s. %s", l->path,
		       sqlite3_errmsg(l->db), advice);
}

static bool bind(struct ledger *l, sqlite3_stmt *stmt, struct err *e, const char *format,
		 va_list args)
{
	int rc = SQLITE_OK;

	for (int i = 1; format[i - 1] && rc == SQLITE_OK; i++) {
		switch (format[i - 1]) {
		case 'i':
			rc = sqlite3_bind_int64(stmt, i, va_arg(args, int64_t));
			break;
		case 's':
			/* Borrowed: a statement is stepped while its caller's texts live. */
			rc = sqlite3_bind_text(stmt, i, va_arg(args, const char *), -1,
					       SQLITE_STATIC);
			break;
		default:
			BUG("no such binding: %c", format[i - 1]);
		}
	}
	return rc == SQLITE_OK ? true : statement_error(l, e);
}

static bool get(struct ledger *l, enum statement which, sqlite3_stmt **out, struct err *e,
		const char *format, va_list args)
{
	sqlite3_stmt **stmt = &l->statements[which];

	if (!*stmt && sqlite3_prepare_v3(l->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, stmt,
					 NULL) != SQLITE_OK)
		return statement_error(l, e);
	sqlite3_reset(*stmt);
	*out = *stmt;
	return bind(l, *stmt, e, format, args);
}

bool statement_get(struct ledger *l, enum statement which, sqlite3_stmt **out, struct err *e,
		   const char *format, ...)
{
	va_list args;

	va_start(args, format);
	bool ok = get(l, which, out, e, format, args);
	va_end(args);
	return ok;
}

int statement_row(struct ledger *l, sqlite3_stmt *stmt, struct err *e)
{
	int rc = sqlite3_step(stmt);

	if (rc == SQLITE_ROW)
		return rc;
	if (rc != SQLITE_DONE)
		(void)statement_error(l, e);
	/* Let go of the read lock at once. */
	sqlite3_reset(stmt);
	return rc;
}

bool statement_known(struct ledger *l, enum statement which, const char *what, int64_t id,
		     sqlite3_stmt **out, struct err *e)
{
	if (!statement_get(l, which, out, e, "i", id))
		return false;
	int rc = statement_row(l, *out, e);
	if (rc == SQLITE_DONE)
		BUG("no %s %" PRId64, what, id);
	return rc == SQLITE_ROW;
}

bool statement_run(struct ledger *l, enum statement which, struct err *e, const char *format, ...)
{
	sqlite3_stmt *stmt;
	va_list args;

	va_start(args, format);
	bool ok = get(l, which, &stmt, e, format, args);
	va_end(args);
	if (!ok)
		return false;

	int rc = statement_row(l, stmt, e);
	if (rc == SQLITE_ROW)
		BUG("a row from: %s", texts[which]);
	return rc == SQLITE_DONE;
}

bool statement_number(struct ledger *l, sqlite3_stmt *stmt, int64_t *out, struct err *e)
{
	int rc = statement_row(l, stmt, e);

	*out = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool statement_execute(struct ledger *l, const char *sql, struct err *e)
{
	return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK || statement_error(l, e);
}

const char *statement_text(sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	return text ? text : "";
}

const char *statement_copy(sqlite3_stmt *stmt, int column, struct arena *arena)
{
	return arena_strdup(arena, statement_text(stmt, column));
}

int64_t statement_changes(const struct ledger *l)
{
	return sqlite3_changes64(l->db);
}

void statements_finalize(struct ledger *l)
{
	for (int i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(l->statements[i]);
}
