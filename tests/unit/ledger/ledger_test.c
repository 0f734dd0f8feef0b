/*
 * The file itself: rights, versions, damage, duplicates, the lock, plans of every statement.
 */
#include "desk.h"

#include "../../../src/ledger/schema_p.h"
#include "../../../src/ledger/statement_p.h"
#include "ledger/event.h"
#include "ledger/lock.h"
#include "ledger/suppression.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void test_private_file(void **state)
{
	struct desk *d = desk_open();
	struct stat status;

	(void)state;
	assert_int_equal(stat(d->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	desk_close(d);
}

static void test_newer_version_is_refused(void **state)
{
	struct desk *d = desk_open();
	struct ledger *again = NULL;
	struct err e = {0};

	(void)state;
	assert_int_equal(sqlite3_exec(d->l->db, "PRAGMA user_version = 999", NULL, NULL, NULL), 0);
	assert_false(ledger_open(d->path, LEDGER_WRITE, &again, &e));
	assert_non_null(strstr(e.text, "newer nida"));
	assert_false(ledger_open(d->path, LEDGER_READ, &again, &e));
	desk_close(d);
}

static void test_damage_is_not_overwritten(void **state)
{
	static const char text[] =
		"this is no database, but it is somebody's only copy of it ......";
	char path[] = "/tmp/nida-damaged-XXXXXX";
	char back[sizeof(text)] = "";
	struct ledger *l = NULL;
	struct err e = {0};
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, text, sizeof(text)), sizeof(text));
	assert_false(ledger_open(path, LEDGER_WRITE, &l, &e));
	assert_non_null(strstr(e.text, "damaged"));
	assert_int_equal(pread(fd, back, sizeof(back), 0), sizeof(back));
	assert_string_equal(back, text);
	close(fd);
	unlink(path);
}

static int64_t number(struct ledger *l, const char *sql)
{
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(l->db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

/* Databases of other programs, whatever they have in common with a ledger. */
static void test_other_databases_are_refused(void **state)
{
	static const char *const makers[] = {
		"CREATE TABLE run (id INTEGER)",
		"PRAGMA user_version = 1; CREATE TABLE run (id INTEGER)",
		"PRAGMA application_id = 7",
		"PRAGMA user_version = 1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(makers); i++) {
		char path[] = "/tmp/nida-other-XXXXXX";
		struct ledger *l = NULL;
		struct err e = {0};
		sqlite3 *db;
		char before[8192];
		char after[8192];
		int fd = mkstemp(path);

		assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, makers[i], NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
		ssize_t size = pread(fd, before, sizeof(before), 0);
		for (int access = LEDGER_WRITE; access <= LEDGER_READ; access++) {
			assert_false(ledger_open(path, (enum ledger_access)access, &l, &e));
			assert_int_equal(e.kind, ERR_INVALID);
			assert_non_null(strstr(e.text, path));
			assert_non_null(strstr(e.text, "another program"));
		}
		assert_int_equal(pread(fd, after, sizeof(after), 0), size);
		assert_memory_equal(before, after, (size_t)size);
		close(fd);
		unlink(path);
	}
}

static void test_ledgers_have_an_id(void **state)
{
	struct desk *d = desk_open();

	(void)state;
	assert_int_equal(number(d->l, "PRAGMA application_id"), 0x6e696461);
	desk_close(d);
}

/* Under another name it would have another lock. */
static void test_hard_links_are_refused(void **state)
{
	struct desk *d = desk_open();
	struct ledger *l = NULL;
	struct err refusal = {0};
	char other[128];

	(void)state;
	snprintf(other, sizeof(other), "%s-other", d->path);
	assert_int_equal(link(d->path, other), 0);
	assert_false(ledger_open(other, LEDGER_WRITE, &l, &refusal));
	assert_int_equal(refusal.kind, ERR_INVALID);
	assert_non_null(strstr(refusal.text, "hard links"));
	unlink(other);
	must(ledger_open(d->path, LEDGER_WRITE, &l, &e));
	ledger_close(l);
	desk_close(d);
}

/* A contact that was forgotten leaves its events; its id is nobody else's. */
static void test_ids_are_never_given_again(void **state)
{
	struct desk *d = desk_open();
	int64_t last;

	(void)state;
	desk_fill(d, 3);
	must(ledger_event_add(d->l,
			      &(struct event){.run_id = d->run,
					      .contact_id = d->run << 32 | 3,
					      .at_ms = T0,
					      .kind = "row.skipped",
					      .text = ""},
			      &e));
	must(ledger_contacts_unlist(d->l, d->run, &last, &e));
	assert_int_equal(last, 3);
	must(ledger_contacts_unlist(d->l, d->run, &last, &e));
	assert_int_equal(last, 3);
	desk_close(d);
}

/* What a process would write on without an error, and nobody would find. */
static void test_files_that_go(void **state)
{
	static const char *const parts[] = {"", "-wal"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		struct desk *d = desk_open();
		struct err gone = {0};
		char path[300];
		char away[400];

		snprintf(path, sizeof(path), "%s%s", d->path, parts[i]);
		snprintf(away, sizeof(away), "%s.away", path);
		must(ledger_still_there(d->l, &e));
		assert_int_equal(rename(path, away), 0);
		assert_false(ledger_still_there(d->l, &gone));
		assert_non_null(strstr(gone.text, path));
		close(open(path, O_RDWR | O_CREAT, 0600));
		assert_false(ledger_still_there(d->l, &gone));
		assert_int_equal(rename(away, path), 0);
		must(ledger_still_there(d->l, &e));
		desk_close(d);
	}
}

static void test_reader_needs_a_ledger(void **state)
{
	struct ledger *l = NULL;
	struct err e = {0};

	(void)state;
	assert_false(ledger_open("/tmp/nida-none.db", LEDGER_READ, &l, &e));
	assert_int_equal(e.kind, ERR_INVALID);
	assert_int_equal(access("/tmp/nida-none.db", F_OK), -1);
}

static void test_rollback_leaves_nothing(void **state)
{
	struct desk *d = desk_open();

	(void)state;
	must(ledger_begin(d->l, &e));
	desk_add(d, 1, "k1", "+96890000001", SKIP_NONE);
	ledger_rollback(d->l);
	must(ledger_contacts_mark_duplicates(d->l, d->run, DUPLICATES_FIRST, &e));
	assert_int_equal(desk_tally(d).rows, 0);
	desk_close(d);
}

/* Rows a to f; a, b and d have one number, c and e have one key. What is skipped under each
 * rule. */
static void test_duplicates(void **state)
{
	static const struct {
		enum duplicates_rule rule;
		const char *pending;
	} cases[] = {
		{DUPLICATES_FIRST, "acf"},
		{DUPLICATES_ALL, "abcdf"},
		{DUPLICATES_REJECT, "cf"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct desk *d = desk_open();
		struct contact due[8];
		char got[8] = "";
		size_t count;

		desk_add(d, 1, "a", "+96890000001", SKIP_NONE);
		desk_add(d, 2, "b", "+96890000001", SKIP_NONE);
		desk_add(d, 3, "c", "+96890000003", SKIP_NONE);
		desk_add(d, 4, "d", "+96890000001", SKIP_NONE);
		desk_add(d, 5, "c", "+96890000005", SKIP_NONE);
		desk_add(d, 6, "f", "+96890000006", SKIP_NONE);
		must(ledger_contacts_mark_duplicates(d->l, d->run, cases[i].rule, &e));
		must(ledger_contacts_due(d->l, d->run, T0, 8, &d->arena, due, &count, &e));
		for (size_t k = 0; k < count; k++)
			got[k] = due[k].key[0];
		assert_string_equal(got, cases[i].pending);
		struct tally t = desk_tally(d);
		assert_int_equal(t.rows, 6);
		assert_int_equal(t.skip[SKIP_DUPLICATE], 6 - (int64_t)count);
		desk_close(d);
	}
}

/* A number whose first row cannot be called leaves the second one callable. */
static void test_duplicate_of_a_skipped_row(void **state)
{
	struct desk *d = desk_open();

	(void)state;
	desk_add(d, 1, "a", "+96890000001", SKIP_MISSING_VALUE);
	desk_add(d, 2, "b", "+96890000001", SKIP_NONE);
	must(ledger_contacts_mark_duplicates(d->l, d->run, DUPLICATES_FIRST, &e));
	assert_int_equal(desk_tally(d).state[CONTACT_PENDING], 1);
	desk_close(d);
}

static void test_skipping_what_is_left(void **state)
{
	struct desk *d = desk_open();
	int64_t count;

	(void)state;
	desk_fill(d, 5);
	must(ledger_contact_skip(d->l, desk_get(d, "k1").id, SKIP_SUPPRESSED, "asked", T0, &e));
	must(ledger_attempt_accepted(d->l, desk_intend(d, "k2", T0), "j", "", T0, &e));
	must(ledger_contacts_skip_pending(d->l, d->run, SKIP_OUT_OF_TIME, "", T0, &count, &e));
	assert_int_equal(count, 3);
	struct tally t = desk_tally(d);
	assert_int_equal(t.skip[SKIP_OUT_OF_TIME], 3);
	assert_int_equal(t.skip[SKIP_SUPPRESSED], 1);
	assert_int_equal(t.state[CONTACT_LIVE], 1);
	desk_close(d);
}

static void test_lock(void **state)
{
	struct desk *d = desk_open();
	struct ledger_lock *lock;
	int status;

	(void)state;
	assert_int_equal(ledger_lock_holder(d->l, "reminder"), 0);
	must(ledger_lock_take(d->l, "reminder", &lock, &e));
	pid_t child = fork();
	if (child == 0) {
		struct ledger_lock *other;
		struct err e = {0};
		bool busy = !ledger_lock_take(d->l, "reminder", &other, &e) && e.kind == ERR_BUSY;
		_exit(busy && ledger_lock_holder(d->l, "reminder") == getppid() ? 0 : 1);
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	ledger_lock_drop(lock);

	/* A holder that is killed holds nothing any more. */
	child = fork();
	if (child == 0) {
		struct ledger_lock *other;
		struct err e = {0};
		if (!ledger_lock_take(d->l, "reminder", &other, &e))
			_exit(1);
		raise(SIGKILL);
	}
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	must(ledger_lock_take(d->l, "reminder", &lock, &e));
	ledger_lock_drop(lock);
	desk_close(d);
}

static void test_pause_and_latest(void **state)
{
	struct desk *d = desk_open();
	struct run run;
	bool found;

	(void)state;
	must(ledger_run_pause(d->l, d->run, "operator", "lunch", T0, &e));
	must(ledger_run_latest(d->l, "reminder", &d->arena, &run, &found, &e));
	assert_true(found);
	assert_string_equal(run.paused_by, "operator");
	must(ledger_run_pause(d->l, d->run, NULL, "", T0 + 5, &e));
	must(ledger_run_get(d->l, d->run, &d->arena, &run, &e));
	assert_null(run.paused_by);
	assert_int_equal(run.resumed_ms, T0 + 5);

	int64_t second = desk_run(d->l, "reminder", "r2");
	must(ledger_run_latest(d->l, "reminder", &d->arena, &run, &found, &e));
	assert_int_equal(run.id, second);
	const char *name;
	must(ledger_run_free_name(d->l, "reminder", "r2", &d->arena, &name, &e));
	assert_string_equal(name, "r2-2");
	must(ledger_run_latest(d->l, "another", &d->arena, &run, &found, &e));
	assert_false(found);
	desk_close(d);
}

static void test_register(void **state)
{
	struct desk *d = desk_open();
	struct suppressed s = {"+96890000001", "asked", "call", T0};
	bool yes;

	(void)state;
	must(ledger_suppression_add(d->l, &s, &yes, &e));
	assert_true(yes);
	must(ledger_suppression_add(d->l, &s, &yes, &e));
	assert_false(yes);
	must(ledger_suppression_has(d->l, "+96890000001", &yes, &e));
	assert_true(yes);
	must(ledger_suppression_remove(d->l, "+96890000001", &yes, &e));
	assert_true(yes);
	must(ledger_suppression_has(d->l, "+96890000001", &yes, &e));
	assert_false(yes);
	desk_close(d);
}

static void test_changes_from_outside(void **state)
{
	struct desk *d = desk_open();
	struct ledger *other;

	(void)state;
	(void)ledger_changed_outside(d->l);
	must(ledger_run_pause(d->l, d->run, "operator", "", T0, &e));
	assert_false(ledger_changed_outside(d->l));
	must(ledger_open(d->path, LEDGER_WRITE, &other, &e));
	must(ledger_run_pause(other, d->run, NULL, "", T0, &e));
	assert_true(ledger_changed_outside(d->l));
	assert_false(ledger_changed_outside(d->l));
	ledger_close(other);
	desk_close(d);
}

/* No statement that a running campaign uses may walk through a whole table of rows. */
static void test_no_statement_scans(void **state)
{
	struct desk *d = desk_open();

	(void)state;
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		char sql[4096];
		sqlite3_stmt *stmt;

		snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s",
			 statement_sql((enum statement)i));
		if (strncmp(statement_sql((enum statement)i), "PRAGMA", 6) == 0)
			continue;
		assert_int_equal(sqlite3_prepare_v2(d->l->db, sql, -1, &stmt, NULL), SQLITE_OK);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			const char *plan = (const char *)sqlite3_column_text(stmt, 3);
			bool scan = strncmp(plan, "SCAN", 4) == 0 && !strstr(plan, "CONSTANT");
			bool large = strstr(plan, "contact") || strstr(plan, "attempt") ||
				     strstr(plan, "event") || strstr(plan, "conversation") ||
				     strstr(plan, "recording");
			if (scan && large)
				fail_msg("%s\n%s", statement_sql((enum statement)i), plan);
		}
		sqlite3_finalize(stmt);
	}
	desk_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_private_file),
		cmocka_unit_test(test_newer_version_is_refused),
		cmocka_unit_test(test_damage_is_not_overwritten),
		cmocka_unit_test(test_other_databases_are_refused),
		cmocka_unit_test(test_ledgers_have_an_id),
		cmocka_unit_test(test_hard_links_are_refused),
		cmocka_unit_test(test_ids_are_never_given_again),
		cmocka_unit_test(test_files_that_go),
		cmocka_unit_test(test_reader_needs_a_ledger),
		cmocka_unit_test(test_rollback_leaves_nothing),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_duplicate_of_a_skipped_row),
		cmocka_unit_test(test_skipping_what_is_left),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_pause_and_latest),
		cmocka_unit_test(test_register),
		cmocka_unit_test(test_changes_from_outside),
		cmocka_unit_test(test_no_statement_scans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
