/*
 * Recordings that are wanted, kept and given up; and a ledger of version 1 that becomes one of
 * today.
 */
#include "desk.h"

#include <time.h>

#include "../../../src/ledger/schema_p.h"
#include "../../../src/ledger/statement_p.h"
#include "ledger/event.h"
#include "ledger/recording.h"
#include "ledger/rows.h"

#include <sys/stat.h>

#define FOLDER "/reports/reminder/r1"

/* A call of this row that ended with a recording. */
static int64_t desk_recorded(struct desk *d, const char *key, const char *url)
{
	struct call_report report = {
		.status = CALL_COMPLETED,
		.recording = url,
		.talk_ms = 1000,
	};
	char job_id[64];
	int64_t id = desk_intend(d, key, T0);

	snprintf(job_id, sizeof(job_id), "job-%s", key);
	must(ledger_attempt_accepted(d->l, id, job_id, "{}", T0, &e));
	must(ledger_attempt_ended(d->l, id, OUTCOME_COMPLETED, &report, (struct decimal){0}, "", -1,
				  T0, &e));
	return id;
}

static size_t desk_next(struct desk *d, struct recording *out, size_t most)
{
	size_t count = 0;

	must(ledger_recordings_next(d->l, d->run, most, &d->arena, out, &count, &e));
	return count;
}

static struct recording_counts desk_counts(struct desk *d)
{
	struct recording_counts counts;

	must(ledger_recordings_count(d->l, d->run, &counts, &e));
	return counts;
}

static void test_wanted_and_kept(void **state)
{
	struct desk *d = desk_open();
	struct recording next[4];
	static const struct recording_facts facts = {
		.file = "recordings/row-000001-1.wav",
		.bytes = 44,
		.sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		.type = "audio/wav",
	};

	(void)state;
	desk_fill(d, 3);
	int64_t first = desk_recorded(d, "k1", "https://r.example/1");
	int64_t second = desk_recorded(d, "k2", "https://r.example/2");
	(void)desk_recorded(d, "k3", NULL);
	must(ledger_recording_want(d->l, second, FOLDER, T0 + 5, &e));
	must(ledger_recordings_want(d->l, d->run, FOLDER, T0 + 1, &e));
	assert_int_equal(desk_counts(d).wanted, 2);

	must(ledger_recording_failed(d->l, first, "cut", "\"tag\"", T0 + 9, &e));
	assert_int_equal(desk_next(d, next, 4), 2);
	assert_int_equal(next[0].attempt_id, second);
	assert_int_equal(next[1].attempt_id, first);
	assert_int_equal(next[1].due_ms, T0 + 9);
	assert_int_equal(next[1].tries, 1);
	assert_string_equal(next[1].validator, "\"tag\"");
	assert_string_equal(next[1].url, "https://r.example/1");
	assert_string_equal(next[1].job_id, "job-k1");
	assert_string_equal(next[1].file, "recordings/row-000001-1.part");
	assert_int_equal(desk_next(d, next, 1), 1);

	/* Tonight's run has begun; these are of the one before. */
	(void)desk_run(d->l, "another", "r1");
	must(ledger_recording_kept(d->l, first, &facts, T0, &e));
	must(ledger_recording_given_up(d->l, second, "no audio", T0, &e));
	assert_int_equal(desk_next(d, next, 4), 0);
	/* What is kept or given up stays so, whoever asks again. */
	must(ledger_recordings_want(d->l, d->run, FOLDER, T0, &e));
	assert_int_equal(desk_counts(d).wanted, 0);
	assert_int_equal(desk_counts(d).kept, 1);
	assert_int_equal(desk_counts(d).given_up, 1);
	desk_close(d);
}

static void test_another_address(void **state)
{
	struct desk *d = desk_open();
	struct recording next[1];
	bool fresh;

	(void)state;
	desk_fill(d, 1);
	int64_t id = desk_recorded(d, "k1", "https://r.example/1");
	must(ledger_recordings_want(d->l, d->run, FOLDER, T0, &e));
	must(ledger_recording_relink(d->l, id, "https://r.example/fresh", T0 + 1, &fresh, &e));
	assert_true(fresh);
	assert_int_equal(desk_next(d, next, 1), 1);
	assert_string_equal(next[0].url, "https://r.example/fresh");
	assert_int_equal(next[0].due_ms, T0 + 1);
	/* Or a link that is always dead would be renewed for ever. */
	assert_int_equal(next[0].tries, 1);
	must(ledger_recording_relink(d->l, id, "https://r.example/fresh", T0 + 2, &fresh, &e));
	assert_false(fresh);
	assert_int_equal(desk_next(d, next, 1), 1);
	assert_int_equal(next[0].due_ms, T0 + 1);
	assert_int_equal(next[0].tries, 1);
	desk_close(d);
}

static bool see_file(void *data, const struct row *row, struct err *e)
{
	(void)e;
	if (row->attempt_count > 0)
		snprintf(data, 64, "%s", row->attempts[0].recording_file);
	return true;
}

static void test_only_whole_files_are_reported(void **state)
{
	struct desk *d = desk_open();
	char file[64] = "?";

	(void)state;
	desk_fill(d, 1);
	int64_t id = desk_recorded(d, "k1", "https://r.example/1");
	must(ledger_recordings_want(d->l, d->run, FOLDER, T0, &e));
	must(ledger_rows_each(d->l, d->run, see_file, file, &e));
	assert_string_equal(file, "");
	must(ledger_recording_kept(
		d->l, id,
		&(struct recording_facts){
			.file = "recordings/a.wav",
			.bytes = 1,
			.sha256 =
				"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
			.type = "audio/wav"},
		T0, &e));
	must(ledger_rows_each(d->l, d->run, see_file, file, &e));
	assert_string_equal(file, "recordings/a.wav");
	desk_close(d);
}

/* The bytes of a file, and a NUL. */
static char *slurp(const char *path)
{
	FILE *file = fopen(path, "r");
	struct stat status;

	if (!file || fstat(fileno(file), &status) != 0)
		fail_msg("%s cannot be read", path);
	char *text = calloc(1, (size_t)status.st_size + 1);
	assert_int_equal(fread(text, 1, (size_t)status.st_size, file), status.st_size);
	fclose(file);
	return text;
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

static void note_runner(const char *path, long noted_s)
{
	char sql[200];
	sqlite3 *db;

	snprintf(sql, sizeof(sql),
		 "INSERT OR REPLACE INTO runner VALUES (1, %ld, 0, %ld * 1000, '', 0)",
		 (long)getppid(), noted_s);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void test_version_1_is_brought_up_to_date(void **state)
{
	char path[] = "/tmp/nida-version-1-XXXXXX";
	struct desk d = {.run = 1};
	struct recording next[2];
	struct err refusal = {0};
	sqlite3 *db;
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	char *sql = slurp("tests/fixtures/ledger/version-1.sql");
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	free(sql);

	assert_false(ledger_open(path, LEDGER_READ, &d.l, &refusal));
	assert_non_null(strstr(refusal.text, "older version"));
	/* A runner of that time could not go on with it. */
	note_runner(path, (long)time(NULL));
	assert_false(ledger_open(path, LEDGER_WRITE, &d.l, &refusal));
	assert_non_null(strstr(refusal.text, "is running a campaign with it"));
	note_runner(path, (long)time(NULL) - 3600);
	must(ledger_open(path, LEDGER_WRITE, &d.l, &e));
	assert_int_equal(number(d.l, "PRAGMA user_version"), SCHEMA_VERSION);
	/* At that time there were no ids; a ledger was known by its tables. */
	assert_int_equal(number(d.l, "PRAGMA application_id"), SCHEMA_APPLICATION_ID);
	assert_int_equal(number(d.l, "SELECT count(*) FROM contact"), 2);
	assert_int_equal(desk_tally(&d).state[CONTACT_PENDING], 1);
	/* Calls of that time are downloaded now. */
	must(ledger_recordings_want(d.l, 1, FOLDER, T0, &e));
	assert_int_equal(desk_next(&d, next, 2), 1);
	assert_string_equal(next[0].url, "https://recordings.example/job-1.mp3");
	/* Whoever waited is still found, and nobody else. */
	struct contact due[2];
	size_t count;
	must(ledger_contacts_due(d.l, 1, T0, 2, &d.arena, due, &count, &e));
	assert_int_equal(count, 1);
	assert_string_equal(due[0].key, "k2");
	assert_int_equal(number(d.l, "SELECT count(*) FROM conversation c JOIN attempt a"
				     " ON a.id = c.attempt_id WHERE a.job_id = 'job-1'"),
			 1);
	/* Its events are there, in their order, and as safe as they were. */
	assert_int_equal(number(d.l, "SELECT count(*) FROM event WHERE run_id = 1"
				     " AND id >> 32 = 1 AND kind = 'call.ended'"),
			 1);
	assert_int_not_equal(sqlite3_exec(d.l->db, "UPDATE event SET text = ''", NULL, NULL, NULL),
			     SQLITE_OK);
	assert_int_not_equal(sqlite3_exec(d.l->db, "DELETE FROM event", NULL, NULL, NULL),
			     SQLITE_OK);
	ledger_close(d.l);
	arena_free(&d.arena);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wanted_and_kept),
		cmocka_unit_test(test_another_address),
		cmocka_unit_test(test_only_whole_files_are_reported),
		cmocka_unit_test(test_version_1_is_brought_up_to_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
