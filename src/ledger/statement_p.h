/*
 * Every SQL statement of the ledger, by name, prepared once and kept.
 *
 * statement_get() hands out a statement that is reset and has its parameters bound; the caller
 * steps it with statement_row() until that says SQLITE_DONE, or leaves it: the next statement_get()
 * of the same name resets it. Visitors that run while a statement is stepped must not ask for that
 * same statement.
 */
#ifndef NIDA_LEDGER_STATEMENT_P_H
#define NIDA_LEDGER_STATEMENT_P_H

#include "base/err.h"
#include "base/mem.h"
#include "ledger/ledger.h"

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "file_p.h"
#include "totals_p.h"

enum statement {
	STMT_BEGIN,
	STMT_BEGIN_READ,
	STMT_COMMIT,
	STMT_ROLLBACK,
	STMT_DATA_VERSION,

	STMT_RUN_CREATE,
	STMT_RUN_LATEST,
	STMT_RUN_GET,
	STMT_RUN_NAMED,
	STMT_RUN_EACH_LATEST,
	STMT_RUN_DISCARD_CONTACTS,
	STMT_RUN_DISCARD,
	STMT_RUN_SET_STATE,
	STMT_RUN_FINISH,
	STMT_RUN_SET_PROJECT,
	STMT_RUN_CANCEL,
	STMT_RUN_SET_ROWS,
	STMT_RUN_SET_LIST_STAMP,
	STMT_RUN_RENEW,
	STMT_RUN_SET_LIST_FORM,
	STMT_RUN_SET_REPORT_DIR,
	STMT_RUN_PAUSE,
	STMT_RUN_RESUME,
	STMT_RUN_CANARY_JUDGED,
	STMT_RUN_SUM,
	STMT_RUN_TALLY,
	STMT_CAMPAIGN_LAST_INTENT,
	STMT_RUNNER_NOTE,
	STMT_RUNNER_READ,
	STMT_RUNNERS_SINCE,
	STMT_TALLY_ADD,
	STMT_TALLY_TAKE,

	STMT_CONTACT_ADD,
	STMT_CONTACTS_LOAD,
	STMT_CONTACTS_FORGET,
	STMT_CONTACTS_UNLIST,
	STMT_CONTACTS_LAST,
	STMT_CONTACT_RENEW,
	STMT_CONTACT_REVIVE,
	STMT_CONTACTS_SKIP_UNLISTED,
	STMT_CONTACTS_BY_NUMBER,
	STMT_CONTACT_MARK_DUPLICATE,
	STMT_CONTACT_DUE_RETRIES,
	STMT_CONTACT_DUE_FRESH,
	STMT_CONTACT_LAST,
	STMT_CONTACT_NEXT_DUE,
	STMT_CONTACT_LAST_DUE,
	STMT_CONTACT_GET,
	STMT_CONTACT_BY_KEY,
	STMT_CONTACT_ANY_BY_KEY,
	STMT_CONTACT_MOVE,
	STMT_CONTACT_SKIP,
	STMT_CONTACT_DEFER,
	STMT_CONTACT_SKIP_FRESH,
	STMT_CONTACT_SKIP_WAITING,
	STMT_TALLY_RECOUNT_CLEAR,
	STMT_TALLY_RECOUNT,
	STMT_TALLY_SET,
	STMT_ROWS_OF_ALL_RUNS,
	STMT_KEY_INDEX,

	STMT_ATTEMPT_ADD,
	STMT_ATTEMPT_GET,
	STMT_ATTEMPT_STANDING,
	STMT_ATTEMPT_ACCEPTED,
	STMT_ATTEMPT_VOID,
	STMT_ATTEMPT_DOUBT,
	STMT_ATTEMPT_STATUS,
	STMT_ATTEMPT_CLOSE,
	STMT_ATTEMPT_ASK_END,
	STMT_ATTEMPT_KEEP_SID,
	STMT_ATTEMPT_UNASK_END,
	STMT_ATTEMPTS_OPEN,
	STMT_ATTEMPT_BY_JOB,
	STMT_ATTEMPT_BY_REF,
	STMT_ATTEMPT_BY_PHONE,
	STMT_ATTEMPTS_CALLED,
	STMT_ATTEMPT_NEWEST_MADE,
	STMT_ATTEMPT_MADE_BEFORE,
	STMT_ATTEMPTS_RECENT,
	STMT_ROWS_CALLED,
	STMT_ATTEMPTS_NEWEST,
	STMT_ATTEMPT_OF_PHONE,
	STMT_PHONE_BUSY,
	STMT_CONVERSATION_ADD,

	STMT_EVENT_ADD,
	STMT_EVENT_OF_ATTEMPT,
	STMT_EVENTS_OF_RUN,
	STMT_EVENTS_OF_CONTACT,
	STMT_EVENT_OF_TRY,
	STMT_EVENT_NEWEST,

	STMT_SUPPRESSION_ADD,
	STMT_SUPPRESSION_REMOVE,
	STMT_SUPPRESSION_HAS,
	STMT_SUPPRESSION_ANY,
	STMT_SUPPRESSION_EACH,

	STMT_RECORDINGS_WANT,
	STMT_RECORDING_WANT,
	STMT_RECORDINGS_NEXT,
	STMT_RECORDING_KEPT,
	STMT_RECORDING_FAILED,
	STMT_RECORDING_GIVEN_UP,
	STMT_RECORDING_RELINK,
	STMT_RECORDING_DUE,
	STMT_RECORDINGS_COUNT,

	STMT_PURGE_FIND_RUNS,
	STMT_PURGE_RUNS,
	STMT_PURGE_FIND_PERSON,
	STMT_PURGE_FILES,
	STMT_PURGE_OPEN,
	STMT_PURGE_CLOSE,
	STMT_PURGE_CONVERSATIONS,
	STMT_PURGE_RECORDINGS,
	STMT_PURGE_ATTEMPTS,
	STMT_PURGE_CONTACTS,
	STMT_PURGE_EVENTS_OF_CONTACT,
	STMT_PURGE_EVENTS_OF_RUN,
	STMT_PURGE_RUN,
	STMT_PURGE_RUNNER,
	STMT_PURGE_UNSWEPT,
	STMT_PURGE_SWEPT,
	STMT_CHECKPOINT,

	STMT_ROWS,
	STMT_RUNS_SINCE,
	STMT_RUN_CALLS,
	STATEMENT_COUNT,
};

/* Rows of one STMT_CONTACTS_LOAD, each with LOAD_COLUMNS parameters. */
#define LOAD_ROWS    16
#define LOAD_COLUMNS 12

struct load;

/* Forget a load that ended in any way (load.c). */
void load_drop(struct ledger *l);

struct ledger {
	sqlite3 *db;
	char *path;                    /* ":temporary:" for a private one */
	const char *log_path;          /* of its write-ahead log; SQLite owns it */
	struct file_identity file;     /* as they were opened for writing; of a private one, or */
	struct file_identity log_file; /* of a reader's, they do not exist */
	bool private;
	bool reading;         /* between ledger_begin_read() and its end */
	int grouped;          /* commits of a private ledger that wait for a real one */
	struct load *load;    /* NULL: no list is being loaded (load.c) */
	struct totals totals; /* not written yet */
	sqlite3_stmt *statements[STATEMENT_COUNT];
	int64_t data_version; /* when it was last asked; 0: never */
};

/* Format: i = int64_t, s = const char *. Texts are borrowed until the
 * statement has been stepped for the last time. */
bool statement_get(struct ledger *l, enum statement which, sqlite3_stmt **out, struct err *e,
		   const char *format, ...) MUST_CHECK;

/* Step: SQLITE_ROW or SQLITE_DONE; anything else is an error in `e` and returned as it came. */
int statement_row(struct ledger *l, sqlite3_stmt *stmt, struct err *e);

/*
 * Bind the id and stand at its row. The id comes from the ledger itself: one that has no row is a
 * BUG, which names it as the `what` of that number.
 */
bool statement_known(struct ledger *l, enum statement which, const char *what, int64_t id,
		     sqlite3_stmt **out, struct err *e) MUST_CHECK;

/* Bind, step once, and expect no row. */
bool statement_run(struct ledger *l, enum statement which, struct err *e, const char *format,
		   ...) MUST_CHECK;

/* Several changes that belong together: in the caller's transaction, or in one of their own when it
 * has none (*own), which change_end() commits if they all went well. */
bool change_begin(struct ledger *l, bool *own, struct err *e) MUST_CHECK;
bool change_end(struct ledger *l, bool own, bool ok, struct err *e) MUST_CHECK;

/* The first column of a statement's first row, 0 when it has none. */
bool statement_number(struct ledger *l, sqlite3_stmt *stmt, int64_t *out, struct err *e) MUST_CHECK;

/* SQL that is no statement of the list above: tables, indexes, settings. */
bool statement_execute(struct ledger *l, const char *sql, struct err *e) MUST_CHECK;

/* The text of a column, "" for NULL: borrowed until the next step, or a copy in the arena. */
const char *statement_text(sqlite3_stmt *stmt, int column);
const char *statement_copy(sqlite3_stmt *stmt, int column, struct arena *arena);

/* The SQL of a statement, for the test that asks SQLite how it would be carried out. */
const char *statement_sql(enum statement which);

/* Rows changed by the last statement. */
int64_t statement_changes(const struct ledger *l);

/* Turn the database's last error into a sentence. */
bool statement_error(struct ledger *l, struct err *e);

void statements_finalize(struct ledger *l);

#endif
