/*
 * The removal of personal data: nothing of it stays in the files, everything that is counted does,
 * and events can be emptied in no other way.
 */
#include "desk.h"

#include "../../../src/ledger/statement_p.h"
#include "ledger/event.h"
#include "ledger/purge.h"
#include "ledger/recording.h"
#include "ledger/rows.h"

#include <sys/stat.h>

#define MARK   "Mu3allim"
#define NUMBER "+96890777001"

/* How often a text stands in the ledger's files. */
static int traces(const struct desk *d, const char *text)
{
	static const char *const tails[] = {"", "-wal"};
	int count = 0;

	for (size_t i = 0; i < COUNT_OF(tails); i++) {
		char name[128];
		struct stat status;

		snprintf(name, sizeof(name), "%s%s", d->path, tails[i]);
		FILE *file = fopen(name, "r");
		if (!file)
			continue;
		assert_int_equal(fstat(fileno(file), &status), 0);
		size_t size = (size_t)status.st_size;
		char *bytes = malloc(size + 1);
		assert_int_equal(fread(bytes, 1, size, file), size);
		fclose(file);
		for (const char *at = bytes;
		     (at = memmem(at, size - (size_t)(at - bytes), text, strlen(text))) != NULL;
		     at++)
			count++;
		free(bytes);
	}
	return count;
}

static void desk_add_person(struct desk *d, int64_t ordinal, const char *key, const char *phone)
{
	struct contact c = {
		.run_id = d->run,
		.ordinal = ordinal,
		.line = ordinal + 1,
		.key = key,
		.phone = phone,
		.language = "ar",
		.zone = "",
		.cells = "[\"" MARK "\",\"2\"]",
		.state = CONTACT_PENDING,
		.detail = "",
	};

	must(ledger_contact_add(d->l, &c, &e));
	must(ledger_contacts_mark_duplicates(d->l, d->run, DUPLICATES_ALL, &e));
}

/* A call of this row with everything that a call can leave behind. */
static int64_t desk_talk(struct desk *d, const char *key)
{
	static const struct utterance said[] = {{SPEAKER_CUSTOMER, "I am " MARK}};
	static const struct outcome_value found[] = {{"name", MARK}};
	struct contact c = desk_get(d, key);
	char ref[33];
	char job_id[64];
	struct call_report report = {
		.status = CALL_COMPLETED,
		.recording = "https://r.example/" MARK ".mp3",
		.talk_ms = 61000,
		.utterance_count = 1,
		.utterances = said,
		.value_count = 1,
		.values = found,
		.raw = "{\"who\":\"" MARK "\"}",
	};
	struct attempt a = {.number = c.attempts + 1, .ref = ref, .phone = c.phone, .agent = "a"};
	int64_t id = 0;

	snprintf(ref, sizeof(ref), "%032x", (unsigned)c.id);
	snprintf(job_id, sizeof(job_id), "job-%u", (unsigned)c.id);
	must(ledger_attempt_intend(d->l, &c, &a, "{\"to\":\"" MARK "\"}", T0, &id, &e));
	must(ledger_attempt_doubt(d->l, id, MARK " is unsure", T0, &e));
	must(ledger_attempt_accepted(d->l, id, job_id, MARK, T0, &e));
	must(ledger_attempt_ended(d->l, id, OUTCOME_COMPLETED, &report, (struct decimal){50000},
				  "the words of " MARK, -1, T0, &e));
	must(ledger_recording_want(d->l, id, "/r", T0, &e));
	return id;
}

static int64_t desk_purge(struct desk *d, int64_t contact_id)
{
	int64_t rows = 0;

	must(ledger_purge(d->l, d->run, contact_id, "root", T0 + 7, &rows, &e));
	must(ledger_purge_sweep(d->l, &e));
	return rows;
}

static struct run desk_get_run(struct desk *d)
{
	struct run run;

	must(ledger_run_get(d->l, d->run, &d->arena, &run, &e));
	return run;
}

static void test_nothing_of_it_stays(void **state)
{
	struct desk *d = desk_open();

	(void)state;
	desk_add_person(d, 1, MARK "-1", NUMBER);
	desk_add_person(d, 2, MARK "-2", "+96890777002");
	desk_talk(d, MARK "-1");
	desk_talk(d, MARK "-2");
	must(ledger_run_pause(d->l, d->run, "operator", "because of " MARK, T0, &e));
	must(ledger_runner_note(d->l, d->run, &(struct runner_note){.why = "--only " MARK}, &e));
	must(ledger_run_set_state(d->l, d->run, RUN_FINISHED, T0, &e));
	assert_true(traces(d, MARK) > 20);
	assert_true(traces(d, NUMBER) > 1);

	struct tally before = desk_tally(d);
	struct run run_before = desk_get_run(d);
	assert_int_equal(run_before.purged_ms, 0);
	assert_int_equal(desk_purge(d, 0), 2);
	assert_int_equal(traces(d, MARK), 0);
	assert_int_equal(traces(d, NUMBER), 0);
	/* Not behind a list's ordinary form either. */
	assert_int_equal(traces(d, "96890777"), 0);

	struct tally after = desk_tally(d);
	struct run run_after = desk_get_run(d);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(run_after.purged_ms, T0 + 7);
	assert_int_equal(run_after.calls, run_before.calls);
	assert_int_equal(run_after.answered, 2);
	assert_int_equal(run_after.talk_ms, 122000);
	assert_int_equal(run_after.cost.micro, 100000);
	desk_close(d);
}

/* What was deleted long before, when nobody thought of this: a list that was taken back. */
static void test_nor_of_what_was_deleted_before(void **state)
{
	struct desk *d = desk_open();
	int64_t kept = d->run;

	(void)state;
	assert_int_equal(sqlite3_exec(d->l->db, "PRAGMA secure_delete = OFF", NULL, NULL, NULL),
			 SQLITE_OK);
	d->run = desk_run(d->l, "reminder", "r2");
	for (int i = 1; i <= 200; i++) {
		char key[32];
		snprintf(key, sizeof(key), MARK "-%d", i);
		desk_add_person(d, i, key, NUMBER);
	}
	must(ledger_run_discard(d->l, d->run, &e));
	assert_int_equal(sqlite3_exec(d->l->db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL,
				      NULL),
			 SQLITE_OK);
	assert_true(traces(d, MARK) > 0);
	d->run = kept;
	desk_purge(d, 0);
	assert_int_equal(traces(d, MARK), 0);
	desk_close(d);
}

static bool see_row(void *data, const struct row *row, struct err *e)
{
	int *seen = data;

	(void)e;
	assert_true(row->contact.removed == (row->contact.ordinal == 1));
	if (!row->contact.removed)
		return true;
	(*seen)++;
	assert_string_equal(row->contact.key, "(removed 1)");
	assert_string_equal(row->contact.phone, "");
	assert_int_equal(row->contact.outcome, OUTCOME_COMPLETED);
	assert_int_equal(row->attempt_count, 1);
	assert_int_equal(row->attempts[0].talk_ms, 61000);
	assert_string_equal(row->attempts[0].transcript, "[]");
	assert_string_equal(row->attempts[0].recording, "");
	assert_string_equal(row->attempts[0].recording_file, "");
	/* The call is still known to be ours. */
	assert_true(*row->attempts[0].job_id);
	return true;
}

static bool see_event(void *data, const struct event *event, struct err *e)
{
	int *left = data;

	(void)e;
	if (strcmp(event->kind, "row.purged") == 0)
		assert_string_equal(event->text, "personal data of 1 row removed by root");
	else if (*event->text && strcmp(event->kind, "call.ended") != 0)
		(*left)++;
	return true;
}

static void test_one_person_alone(void **state)
{
	struct desk *d = desk_open();
	int64_t *ids;
	size_t count;
	int seen = 0;
	int left = 0;

	(void)state;
	desk_add_person(d, 1, "k1", NUMBER);
	desk_add_person(d, 2, "k2", "+96890777002");
	desk_talk(d, "k1");
	desk_talk(d, "k2");
	must(ledger_purge_find_person(d->l, NUMBER, &d->arena, &ids, &count, &e));
	assert_int_equal(count, 1);
	int64_t first = ids[0];
	assert_int_equal(desk_purge(d, first), 1);
	must(ledger_rows_each(d->l, d->run, see_row, &seen, &e));
	assert_int_equal(seen, 1);
	must(ledger_events_each(d->l, d->run, first, see_event, &left, &e));
	assert_int_equal(left, 0);
	must(ledger_events_each(d->l, d->run, first + 1, see_event, &left, &e));
	assert_true(left > 0);
	must(ledger_purge_find_person(d->l, NUMBER, &d->arena, &ids, &count, &e));
	assert_int_equal(count, 0);
	assert_int_equal(traces(d, NUMBER), 0);
	assert_int_equal(desk_get_run(d).purged_ms, 0);
	desk_close(d);
}

/* Somebody whose number on the list was changed after a call to the old one. */
static void test_a_number_that_was_called(void **state)
{
	struct desk *d = desk_open();
	int64_t *ids;
	size_t count;

	(void)state;
	desk_add_person(d, 1, "k1", NUMBER);
	(void)desk_intend(d, "k1", T0);
	assert_int_equal(sqlite3_exec(d->l->db, "UPDATE contact SET phone = '+96890777009'", NULL,
				      NULL, NULL),
			 SQLITE_OK);
	must(ledger_purge_find_person(d->l, NUMBER, &d->arena, &ids, &count, &e));
	assert_int_equal(count, 1);
	desk_close(d);
}

static void test_which_runs(void **state)
{
	struct desk *d = desk_open();
	int64_t other = desk_run(d->l, "other", "r1");
	int64_t young = desk_run(d->l, "reminder", "r2");
	int64_t open = desk_run(d->l, "reminder", "r3");
	int64_t *ids;
	int64_t rows;
	size_t count;

	(void)state;
	must(ledger_run_set_state(d->l, d->run, RUN_FINISHED, T0, &e));
	must(ledger_run_set_state(d->l, other, RUN_CANCELLED, T0, &e));
	must(ledger_run_set_state(d->l, young, RUN_FINISHED, T0 + 2, &e));
	must(ledger_purge_find_runs(d->l, NULL, T0 + 1, &d->arena, &ids, &count, &e));
	assert_int_equal(count, 2);
	must(ledger_purge_find_runs(d->l, "reminder", T0 + 1, &d->arena, &ids, &count, &e));
	assert_int_equal(count, 1);
	assert_int_equal(ids[0], d->run);
	must(ledger_purge(d->l, d->run, 0, "root", T0, &rows, &e));
	must(ledger_purge_find_runs(d->l, "reminder", INT64_MAX, &d->arena, &ids, &count, &e));
	assert_int_equal(count, 1);
	assert_int_equal(ids[0], young);
	assert_true(open > young);
	desk_close(d);
}

static bool refused(struct desk *d, const char *sql)
{
	return sqlite3_exec(d->l->db, sql, NULL, NULL, NULL) != SQLITE_OK;
}

static void test_events_are_emptied_in_no_other_way(void **state)
{
	struct desk *d = desk_open();
	bool swept;

	(void)state;
	desk_fill(d, 2);
	desk_talk(d, "k1");
	assert_true(refused(d, "UPDATE event SET text = ''"));
	assert_true(refused(d, "DELETE FROM event"));
	assert_int_equal(desk_purge(d, desk_get(d, "k1").id), 1);
	/* It is closed with its transaction, and stays so. */
	assert_true(refused(d, "UPDATE event SET text = ''"));
	assert_true(refused(d, "UPDATE purge SET open = 1"));
	assert_true(refused(d, "DELETE FROM purge"));
	assert_int_equal(sqlite3_exec(d->l->db,
				      "BEGIN; INSERT INTO purge (run_id, contact_id, at_ms, who) "
				      "SELECT run_id, id, 1, '' FROM contact LIMIT 1",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_true(refused(d, "UPDATE event SET text = 'another story'"));
	assert_true(refused(d, "UPDATE event SET text = '', at_ms = 1"));
	assert_true(refused(d, "UPDATE event SET text = '', kind = 'x'"));
	assert_true(refused(d, "UPDATE event SET text = '' WHERE contact_id = 0"));
	assert_true(refused(d, "DELETE FROM event"));
	assert_int_equal(sqlite3_exec(d->l->db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	must(ledger_purge_is_swept(d->l, &swept, &e));
	assert_true(swept);
	desk_close(d);
}

static bool note_file(void *data, const char *folder, const char *file, struct err *e)
{
	(void)e;
	assert_string_equal(folder, "/r");
	snprintf(data, 64, "%s", file);
	return true;
}

static void test_files_to_remove_and_sweeping(void **state)
{
	struct desk *d = desk_open();
	char file[64] = "";
	int64_t rows;
	bool swept;

	(void)state;
	desk_add_person(d, 1, "k1", NUMBER);
	desk_talk(d, "k1");
	must(ledger_purge_each_file(d->l, d->run, 0, note_file, file, &e));
	assert_string_equal(file, "recordings/row-000001-1.part");
	must(ledger_purge(d->l, d->run, 0, "root", T0, &rows, &e));
	*file = '\0';
	must(ledger_purge_each_file(d->l, d->run, 0, note_file, file, &e));
	assert_string_equal(file, "");
	/* Interrupted here, the next one knows that something is left to sweep. */
	must(ledger_purge_is_swept(d->l, &swept, &e));
	assert_false(swept);
	must(ledger_purge_sweep(d->l, &e));
	must(ledger_purge_is_swept(d->l, &swept, &e));
	assert_true(swept);
	desk_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_of_it_stays),
		cmocka_unit_test(test_nor_of_what_was_deleted_before),
		cmocka_unit_test(test_one_person_alone),
		cmocka_unit_test(test_a_number_that_was_called),
		cmocka_unit_test(test_which_runs),
		cmocka_unit_test(test_events_are_emptied_in_no_other_way),
		cmocka_unit_test(test_files_to_remove_and_sweeping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
