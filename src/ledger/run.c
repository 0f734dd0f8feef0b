#include "ledger/run.h"

#include "ledger/event.h"
#include "run_p.h"
#include "statement_p.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const state_names[RUN_STATE_COUNT] = {
	[RUN_OPEN] = "open",
	[RUN_FINISHED] = "finished",
	[RUN_CANCELLED] = "cancelled",
};

const char *run_state_name(enum run_state state)
{
	return state_names[state];
}

static const char *const encoding_names[] = {
	[ENCODING_AUTO] = "",
	[ENCODING_UTF8] = "utf-8",
	[ENCODING_UTF16] = "utf-16",
	[ENCODING_WINDOWS_1256] = "windows-1256",
};

static enum list_encoding encoding_from_name(const char *name)
{
	for (size_t i = ENCODING_UTF8; i < COUNT_OF(encoding_names); i++)
		if (strcmp(name, encoding_names[i]) == 0)
			return (enum list_encoding)i;
	BUG("the encoding '%s' of a list in the ledger", name);
}

static enum run_state state_from_name(const char *name)
{
	for (int i = 0; i < RUN_STATE_COUNT; i++)
		if (strcmp(name, state_names[i]) == 0)
			return (enum run_state)i;
	BUG("run state '%s' in the ledger", name);
}

static void run_read(sqlite3_stmt *stmt, struct arena *arena, struct run *out)
{
	bool paused = sqlite3_column_type(stmt, 18) != SQLITE_NULL;

	*out = (struct run){
		.id = sqlite3_column_int64(stmt, 0),
		.campaign = statement_copy(stmt, 1, arena),
		.name = statement_copy(stmt, 2, arena),
		.rehearsal = sqlite3_column_int(stmt, 3) != 0,
		.state = state_from_name(statement_text(stmt, 4)),
		.list_file = statement_copy(stmt, 5, arena),
		.list_sha256 = statement_copy(stmt, 6, arena),
		.settings = statement_copy(stmt, 7, arena),
		.columns = statement_copy(stmt, 8, arena),
		.scenario = statement_copy(stmt, 9, arena),
		.title_en = statement_copy(stmt, 10, arena),
		.title_ar = statement_copy(stmt, 11, arena),
		.fields = statement_copy(stmt, 12, arena),
		.zone = statement_copy(stmt, 13, arena),
		.report_dir = statement_copy(stmt, 14, arena),
		.rows = sqlite3_column_int64(stmt, 15),
		.created_ms = sqlite3_column_int64(stmt, 16),
		.finished_ms = sqlite3_column_int64(stmt, 17),
		.paused_by = paused ? statement_copy(stmt, 18, arena) : NULL,
		.pause_words = statement_copy(stmt, 19, arena),
		.paused_ms = sqlite3_column_int64(stmt, 20),
		.last_intent_ms = sqlite3_column_int64(stmt, 21),
		.calls = sqlite3_column_int64(stmt, 22),
		.answered = sqlite3_column_int64(stmt, 23),
		.talk_ms = sqlite3_column_int64(stmt, 24),
		.cost = {sqlite3_column_int64(stmt, 25)},
		.resumed_ms = sqlite3_column_int64(stmt, 26),
		.canary_judged = sqlite3_column_int(stmt, 27) != 0,
		.list_encoding = encoding_from_name(statement_text(stmt, 28)),
		.list_delimiter = *statement_text(stmt, 29),
		.purged_ms = sqlite3_column_int64(stmt, 30),
		.project = statement_copy(stmt, 31, arena),
		.list_stamp = statement_copy(stmt, 32, arena),
		.no_answer = sqlite3_column_int64(stmt, 33),
		.failed = sqlite3_column_int64(stmt, 34),
	};
}

bool run_visit(struct ledger *l, sqlite3_stmt *stmt, struct arena *arena,
	       bool (*visit)(void *data, const struct run *run, struct err *e), void *data,
	       struct err *e)
{
	int rc;

	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		struct run run;
		run_read(stmt, arena, &run);
		if (!visit(data, &run, e)) {
			sqlite3_reset(stmt);
			return false;
		}
	}
	return rc == SQLITE_DONE;
}

bool ledger_run_create(struct ledger *l, const struct run *run, int64_t *id, struct err *e)
{
	if (!statement_run(l, STMT_RUN_CREATE, e, "ssisssssssssi", run->campaign, run->name,
			   (int64_t)run->rehearsal, run->list_file, run->list_sha256, run->settings,
			   run->columns, run->scenario, run->title_en, run->title_ar, run->fields,
			   run->zone, run->created_ms))
		return false;
	*id = sqlite3_last_insert_rowid(l->db);
	return ledger_event_add(l,
				&(struct event){.run_id = *id,
						.at_ms = run->created_ms,
						.kind = "run.created",
						.text = run->list_file},
				e);
}

/* The one row of a statement that was just bound, if there is one. */
static bool read_one(struct ledger *l, sqlite3_stmt *stmt, struct arena *arena, struct run *out,
		     bool *found, struct err *e)
{
	int rc = statement_row(l, stmt, e);

	*found = rc == SQLITE_ROW;
	if (*found) {
		run_read(stmt, arena, out);
		sqlite3_reset(stmt);
	}
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool ledger_run_latest(struct ledger *l, const char *campaign, struct arena *arena, struct run *out,
		       bool *found, struct err *e)
{
	sqlite3_stmt *stmt;

	return totals_write(l, e) && statement_get(l, STMT_RUN_LATEST, &stmt, e, "s", campaign) &&
	       read_one(l, stmt, arena, out, found, e);
}

bool ledger_run_named(struct ledger *l, const char *campaign, const char *name, struct arena *arena,
		      struct run *out, bool *found, struct err *e)
{
	sqlite3_stmt *stmt;

	return totals_write(l, e) &&
	       statement_get(l, STMT_RUN_NAMED, &stmt, e, "ss", campaign, name) &&
	       read_one(l, stmt, arena, out, found, e);
}

bool ledger_run_get(struct ledger *l, int64_t id, struct arena *arena, struct run *out,
		    struct err *e)
{
	sqlite3_stmt *stmt;
	bool found;

	if (!totals_write(l, e) || !statement_get(l, STMT_RUN_GET, &stmt, e, "i", id) ||
	    !read_one(l, stmt, arena, out, &found, e))
		return false;
	if (!found)
		BUG("no run %" PRId64, id);
	return true;
}

bool ledger_run_each_latest(struct ledger *l, struct arena *arena,
			    bool (*visit)(void *data, const struct run *run, struct err *e),
			    void *data, struct err *e)
{
	sqlite3_stmt *stmt;

	return totals_write(l, e) && statement_get(l, STMT_RUN_EACH_LATEST, &stmt, e, "") &&
	       run_visit(l, stmt, arena, visit, data, e);
}

bool ledger_run_free_name(struct ledger *l, const char *campaign, const char *wanted,
			  struct arena *arena, const char **out, struct err *e)
{
	for (int i = 1;; i++) {
		struct run run;
		bool found;

		*out = i == 1 ? arena_strdup(arena, wanted)
			      : arena_printf(arena, "%s-%d", wanted, i);
		if (!ledger_run_named(l, campaign, *out, arena, &run, &found, e))
			return false;
		if (!found)
			return true;
	}
}

bool ledger_run_renew(struct ledger *l, int64_t id, const char *list_file, const char *settings,
		      int64_t now_ms, struct err *e)
{
	totals_forget_fresh(l);
	return statement_run(l, STMT_RUN_RENEW, e, "iss", id, list_file, settings) &&
	       ledger_event_add(l,
				&(struct event){.run_id = id,
						.at_ms = now_ms,
						.kind = "run.continued",
						.text = list_file},
				e);
}

bool ledger_run_discard(struct ledger *l, int64_t id, struct err *e)
{
	if (!ledger_begin(l, e))
		return false;
	if (!statement_run(l, STMT_RUN_DISCARD, e, "i", id))
		goto undo;
	if (statement_changes(l) != 1)
		BUG("run %" PRId64 " has called somebody and cannot be taken back", id);
	if (statement_run(l, STMT_RUN_DISCARD_CONTACTS, e, "i", id) &&
	    statement_run(l, STMT_TALLY_RECOUNT_CLEAR, e, "i", id) && ledger_commit(l, e))
		return true;
undo:
	ledger_rollback(l);
	return false;
}

bool ledger_run_set_state(struct ledger *l, int64_t id, enum run_state state, int64_t now_ms,
			  struct err *e)
{
	char kind[32];

	snprintf(kind, sizeof(kind), "run.%s", state_names[state]);
	return statement_run(l, STMT_RUN_SET_STATE, e, "isi", id, state_names[state],
			     state == RUN_OPEN ? (int64_t)0 : now_ms) &&
	       ledger_event_add(
		       l, &(struct event){.run_id = id, .at_ms = now_ms, .kind = kind, .text = ""},
		       e);
}

/* A change of state that another process may have been faster with. */
static bool note_state(struct ledger *l, int64_t id, const char *kind, const char *text,
		       int64_t now_ms, bool *done, struct err *e)
{
	*done = statement_changes(l) == 1;
	return !*done ||
	       ledger_event_add(
		       l,
		       &(struct event){.run_id = id, .at_ms = now_ms, .kind = kind, .text = text},
		       e);
}

bool ledger_run_finish(struct ledger *l, int64_t id, int64_t now_ms, bool *done, struct err *e)
{
	return statement_run(l, STMT_RUN_FINISH, e, "ii", id, now_ms) &&
	       note_state(l, id, "run.finished", "", now_ms, done, e);
}

bool ledger_run_cancel(struct ledger *l, int64_t id, int64_t now_ms, bool *done, struct err *e)
{
	return statement_run(l, STMT_RUN_CANCEL, e, "ii", id, now_ms) &&
	       note_state(l, id, "run.cancelled", "nida cancel", now_ms, done, e);
}

bool ledger_run_set_rows(struct ledger *l, int64_t id, int64_t rows, const char *list_sha256,
			 struct err *e)
{
	return statement_run(l, STMT_RUN_SET_ROWS, e, "iis", id, rows, list_sha256);
}

bool ledger_run_set_list_stamp(struct ledger *l, int64_t id, const char *stamp, struct err *e)
{
	return statement_run(l, STMT_RUN_SET_LIST_STAMP, e, "is", id, stamp);
}

bool ledger_run_set_list_form(struct ledger *l, int64_t id, enum list_encoding encoding,
			      char delimiter, struct err *e)
{
	const char text[] = {delimiter, '\0'};

	return statement_run(l, STMT_RUN_SET_LIST_FORM, e, "iss", id, encoding_names[encoding],
			     text);
}

bool ledger_run_set_project(struct ledger *l, int64_t id, const char *project, struct err *e)
{
	return statement_run(l, STMT_RUN_SET_PROJECT, e, "is", id, project);
}

bool ledger_run_set_report_dir(struct ledger *l, int64_t id, const char *dir, struct err *e)
{
	return statement_run(l, STMT_RUN_SET_REPORT_DIR, e, "is", id, dir);
}

bool ledger_run_pause(struct ledger *l, int64_t id, const char *paused_by, const char *words,
		      int64_t now_ms, struct err *e)
{
	struct arena arena = {0};
	/* Guards pause, only people resume. */
	struct event event = {
		.run_id = id,
		.at_ms = now_ms,
		.kind = paused_by ? "run.paused" : "run.resumed",
		.text = arena_printf(&arena, "by %s%s%s", paused_by ? paused_by : "operator",
				     *words ? ": " : "", words),
	};
	bool own;
	bool ok = change_begin(l, &own, e);

	if (ok) {
		ok = (paused_by ? statement_run(l, STMT_RUN_PAUSE, e, "issi", id, paused_by, words,
						now_ms)
				: statement_run(l, STMT_RUN_RESUME, e, "ii", id, now_ms)) &&
		     ledger_event_add(l, &event, e);
		ok = change_end(l, own, ok, e);
	}
	arena_free(&arena);
	return ok;
}

bool ledger_run_canary_judged(struct ledger *l, int64_t id, struct err *e)
{
	return statement_run(l, STMT_RUN_CANARY_JUDGED, e, "i", id);
}

bool ledger_run_tally(struct ledger *l, int64_t id, struct tally *out, struct err *e)
{
	sqlite3_stmt *stmt;
	int rc;

	*out = (struct tally){0};
	if (!totals_write(l, e) || !statement_get(l, STMT_RUN_TALLY, &stmt, e, "i", id))
		return false;
	while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
		const char *why = statement_text(stmt, 1);
		int64_t contacts = sqlite3_column_int64(stmt, 2);
		enum contact_state state;
		enum outcome outcome;
		enum skip_reason reason;

		if (!contact_state_from_name(statement_text(stmt, 0), &state))
			BUG("contact state '%s' in the tally", statement_text(stmt, 0));
		out->rows += contacts;
		out->state[state] += contacts;
		if (state == CONTACT_DONE && outcome_from_name(why, &outcome))
			out->outcome[outcome] += contacts;
		if (state == CONTACT_SKIPPED && skip_reason_from_name(why, &reason))
			out->skip[reason] += contacts;
	}
	return rc == SQLITE_DONE;
}

bool ledger_campaign_last_intent(struct ledger *l, const char *campaign, int64_t *out_ms,
				 struct err *e)
{
	sqlite3_stmt *stmt;

	if (!totals_write(l, e) ||
	    !statement_get(l, STMT_CAMPAIGN_LAST_INTENT, &stmt, e, "s", campaign) ||
	    statement_row(l, stmt, e) != SQLITE_ROW)
		return false;
	*out_ms = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return true;
}

bool ledger_runner_note(struct ledger *l, int64_t run_id, const struct runner_note *note,
			struct err *e)
{
	return statement_run(l, STMT_RUNNER_NOTE, e, "iiiisi", run_id, (int64_t)note->pid,
			     note->started_ms, note->noted_ms, note->why, note->until_ms);
}

bool ledger_runner_read(struct ledger *l, int64_t run_id, struct arena *arena,
			struct runner_note *out, bool *found, struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_RUNNER_READ, &stmt, e, "i", run_id))
		return false;
	int rc = statement_row(l, stmt, e);
	*found = rc == SQLITE_ROW;
	if (*found) {
		*out = (struct runner_note){
			.pid = (long)sqlite3_column_int64(stmt, 0),
			.started_ms = sqlite3_column_int64(stmt, 1),
			.noted_ms = sqlite3_column_int64(stmt, 2),
			.why = statement_copy(stmt, 3, arena),
			.until_ms = sqlite3_column_int64(stmt, 4),
		};
		sqlite3_reset(stmt);
	}
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}
