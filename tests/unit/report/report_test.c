/*
 * A whole report from a real ledger: the files agree with each other and with the ledger, they
 * appear complete or not at all, and what goes wrong is said with its path.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "ledger/attempt.h"
#include "model/campaign.h"
#include "report/report.h"
#include "report/summary.h"

#include "files.h"
#include "sample.h"

#define ALL_FORMATS (REPORT_CSV | REPORT_HTML | REPORT_JSON)
#define ROWS        12

struct scene {
	struct ledger *ledger;
	int64_t run_id;
	char dir[FILES_PATH_SIZE];
	struct report_paths paths;
};

static void must(bool ok, const struct err *e)
{
	if (!ok)
		fail_msg("%s", e->text);
}

/* Five are answered, one is not, one is in doubt, one is refused; two were
 * skipped, the rest waits. */
static void call_some(struct ledger *l, int64_t run_id)
{
	struct err e = {0};
	struct arena arena = {0};
	struct contact due[ROWS];
	size_t count = 0;

	must(ledger_contacts_due(l, run_id, SAMPLE_START_MS, 8, &arena, due, &count, &e), &e);
	assert_int_equal(count, 8);
	for (size_t i = 0; i < count; i++) {
		struct attempt a = {.contact_id = due[i].id,
				    .run_id = run_id,
				    .number = 1,
				    .agent = "",
				    .phone = due[i].phone,
				    .job_id = "",
				    .status = "",
				    .words = "",
				    .ref = arena_printf(&arena, "%032zu", i)};
		const struct utterance said[] = {{SPEAKER_AGENT, sample_hostile[i]},
						 {SPEAKER_CUSTOMER, "نعم"}};
		const struct outcome_value found[] = {{"disposition", "will_pay"}};
		struct call_report report = {.job_id = "x",
					     .status = CALL_COMPLETED,
					     .status_text = "COMPLETED",
					     .talk_ms = 30000,
					     .utterance_count = 2,
					     .utterances = said,
					     .value_count = 1,
					     .values = found,
					     .recording = "https://r.example/1",
					     .raw = "{}"};
		bool answered = i < 5;
		int64_t id;

		must(ledger_attempt_intend(l, &due[i], &a, "{}", SAMPLE_START_MS, &id, &e), &e);
		if (i == 6) {
			must(ledger_attempt_doubt(l, id, "no answer came", SAMPLE_START_MS, &e),
			     &e);
			continue;
		}
		if (i == 7) {
			must(ledger_attempt_refused(l, id, "bad number", SAMPLE_START_MS, &e), &e);
			continue;
		}
		must(ledger_attempt_accepted(l, id, arena_printf(&arena, "job-%zu", i), "{}",
					     SAMPLE_START_MS, &e),
		     &e);
		must(ledger_attempt_ended(l, id, answered ? OUTCOME_COMPLETED : OUTCOME_NO_ANSWER,
					  answered ? &report : NULL,
					  (struct decimal){answered ? 25000 : 0}, "", -1,
					  SAMPLE_START_MS + MINUTE_MS, &e),
		     &e);
	}
	arena_free(&arena);
}

static int open_scene(void **state)
{
	struct scene *s = xcalloc(1, sizeof(*s));
	struct arena arena = {0};
	struct err e = {0};
	struct run run = sample_run(&arena, ROWS);

	snprintf(s->dir, sizeof(s->dir), "/tmp/nida-reports-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	must(ledger_open(NULL, LEDGER_WRITE, &s->ledger, &e), &e);
	must(ledger_begin(s->ledger, &e), &e);
	must(ledger_run_create(s->ledger, &run, &s->run_id, &e), &e);
	for (size_t i = 0; i < ROWS; i++) {
		struct row row = sample_row(&arena, i);
		struct contact c = row.contact;
		c.run_id = s->run_id;
		c.state = i >= 10 ? CONTACT_SKIPPED : CONTACT_PENDING;
		c.reason = i >= 10 ? SKIP_INVALID_PHONE : SKIP_NONE;
		c.outcome = OUTCOME_NONE;
		c.attempts = 0;
		must(ledger_contact_add(s->ledger, &c, &e), &e);
	}
	must(ledger_contacts_mark_duplicates(s->ledger, s->run_id, DUPLICATES_ALL, &e), &e);
	must(ledger_run_set_rows(s->ledger, s->run_id, ROWS, "0", &e), &e);
	call_some(s->ledger, s->run_id);
	must(ledger_commit(s->ledger, &e), &e);
	arena_free(&arena);
	*state = s;
	return 0;
}

static int close_scene(void **state)
{
	struct scene *s = *state;
	char command[FILES_PATH_SIZE * 2];

	ledger_close(s->ledger);
	char *const parts[] = {s->paths.html,    s->paths.csv,   s->paths.follow_up,
			       s->paths.rejects, s->paths.jsonl, s->paths.summary,
			       s->paths.folder};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (*parts[i])
			remove(parts[i]);
	}
	snprintf(command, sizeof(command), "%s/payment-reminder", s->dir);
	remove(command);
	remove(s->dir);
	free(s);
	return 0;
}

static struct report_options options(const struct scene *s, unsigned formats)
{
	return (struct report_options){.dir = s->dir,
				       .formats = formats,
				       .now_ms = SAMPLE_START_MS + HOUR_MS,
				       .live = true};
}

static double number(const cJSON *object, const char *group, const char *name)
{
	const cJSON *in = group ? cJSON_GetObjectItemCaseSensitive(object, group) : object;
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(in, name);

	assert_true(cJSON_IsNumber(item));
	return item->valuedouble;
}

static void test_summary(void **state)
{
	struct scene *s = *state;
	struct report_options o = options(s, ALL_FORMATS);
	struct err e = {0};

	must(report_write(s->ledger, s->run_id, &o, &s->paths, &e), &e);
	char *text = file_read(s->paths.summary);
	assert_non_null(text);
	cJSON *json = cJSON_ParseWithLengthOpts(text, strlen(text) + 1, NULL, true);
	assert_non_null(json);
	assert_true(number(json, NULL, "version") == SUMMARY_VERSION);
	assert_true(number(json, NULL, "rows") == ROWS);
	assert_true(number(json, "states", "pending") == 2);
	assert_true(number(json, "states", "done") == 7);
	assert_true(number(json, "states", "in_doubt") == 1);
	assert_true(number(json, "states", "skipped") == 2);
	assert_true(number(json, "outcomes", "completed") == 5);
	assert_true(number(json, "skipped", "invalid_phone") == 2);
	assert_true(number(json, NULL, "transcripts") == 5);
	assert_true(number(json, NULL, "follow_up_rows") == 3);
	assert_true(number(json, NULL, "cost") == 0.125);
	assert_true(number(json, NULL, "cost_estimated") == 0.125); /* no report gave a cost */
	assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "agrees")));
	const cJSON *identity;
	cJSON_ArrayForEach(identity, cJSON_GetObjectItemCaseSensitive(json, "identities"))
	{
		assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(identity, "holds")));
	}
	cJSON_Delete(json);
	free(text);
}

/* Every line is an object, every row is there once, and hostile text comes back as it was. */
static void test_jsonl(void **state)
{
	struct scene *s = *state;
	struct report_options o = options(s, REPORT_JSON);
	struct err e = {0};
	int row = 0;

	must(report_write(s->ledger, s->run_id, &o, &s->paths, &e), &e);
	assert_string_equal(s->paths.html, "");
	char *text = file_read(s->paths.jsonl);
	assert_non_null(text);
	char *rest = text;
	for (char *line; *rest; row++) {
		line = rest;
		rest = strchr(line, '\n');
		assert_non_null(rest);
		*rest++ = '\0';
		cJSON *json = cJSON_ParseWithLengthOpts(line, strlen(line) + 1, NULL, true);
		assert_non_null(json);
		assert_true(number(json, NULL, "row") == row + 1);
		const cJSON *columns = cJSON_GetObjectItemCaseSensitive(json, "columns");
		const cJSON *name = cJSON_GetObjectItemCaseSensitive(columns, "customer_name");
		if ((size_t)row < COUNT_OF(sample_hostile))
			assert_string_equal(name->valuestring, sample_hostile[row]);
		const cJSON *attempts = cJSON_GetObjectItemCaseSensitive(json, "attempts");
		assert_int_equal(cJSON_GetArraySize(attempts), row < 8 ? 1 : 0);
		const cJSON *talk =
			cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(attempts, 0),
							 "transcript");
		assert_int_equal(cJSON_GetArraySize(talk), row < 5 ? 2 : 0);
		if (row < 5)
			assert_string_equal(cJSON_GetObjectItemCaseSensitive(
						    cJSON_GetArrayItem(talk, 0), "text")
						    ->valuestring,
					    sample_hostile[row]);
		cJSON_Delete(json);
	}
	assert_int_equal(row, ROWS);
	free(text);
}

/* Records of a CSV: line ends outside quotes. */
static int count_records(const char *text)
{
	int count = 0;
	bool quoted = false;

	for (const char *p = text; *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		count += *p == '\n' && !quoted;
	}
	return count;
}

static void test_all_files_agree(void **state)
{
	struct scene *s = *state;
	struct report_options o = options(s, ALL_FORMATS);
	struct err e = {0};
	struct stat info;

	must(report_write(s->ledger, s->run_id, &o, &s->paths, &e), &e);
	char *csv = file_read(s->paths.csv);
	char *follow_up = file_read(s->paths.follow_up);
	char *html = file_read(s->paths.html);
	assert_non_null(csv);
	assert_non_null(follow_up);
	assert_non_null(html);
	assert_int_equal(count_records(csv), 1 + ROWS);
	assert_int_equal(count_records(follow_up), 1 + 3);
	assert_non_null(strstr(html, "{\"rows\":12,\"agrees\":true}"));
	assert_non_null(strstr(html, "\"live\":true"));
	assert_int_equal(stat(s->paths.csv, &info), 0);
	assert_int_equal(info.st_mode & 07, 0); /* personal data: nothing for others */
	free(csv);
	free(follow_up);
	free(html);
}

/* Written again, byte for byte the same: nothing depends on when or how often. */
static void test_again_is_the_same(void **state)
{
	struct scene *s = *state;
	struct report_options o = options(s, ALL_FORMATS);
	struct err e = {0};

	must(report_write(s->ledger, s->run_id, &o, &s->paths, &e), &e);
	char *first = file_read(s->paths.html);
	must(report_write(s->ledger, s->run_id, &o, &s->paths, &e), &e);
	char *second = file_read(s->paths.html);
	assert_string_equal(first, second);
	free(first);
	free(second);
}

/* What cannot be written is named, nothing half-written is left, and the ledger is free again. */
static void test_folder_that_cannot_be(void **state)
{
	struct scene *s = *state;
	char path[FILES_PATH_SIZE * 2];
	struct err e = {0};

	snprintf(path, sizeof(path), "%s/file", s->dir);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	struct report_options o = options(s, ALL_FORMATS);
	o.dir = path;
	assert_false(report_write(s->ledger, s->run_id, &o, &s->paths, &e));
	assert_non_null(strstr(e.text, path));
	assert_non_null(strstr(e.text, "cannot be made: Not a directory"));
	remove(path);
	must(ledger_begin(s->ledger, &e), &e);
	ledger_rollback(s->ledger);
	s->paths = (struct report_paths){0};
}

/* A full disk, for a writer: the old file stays, the temporary one goes. */
static void test_writer_keeps_the_old(void **state)
{
	char path[FILES_PATH_SIZE];
	struct writer w = files_writer(path);
	struct err e = {0};
	(void)state;

	writer_adds(&w, "old");
	must(writer_finish(&w, &e) && writer_publish(&w, &e), &e);
	writer_close(&w);

	must(writer_open(&w, path, &e), &e);
	writer_adds(&w, "new");
	w.error = 28; /* ENOSPC */
	writer_adds(&w, "more");
	assert_false(writer_finish(&w, &e));
	assert_non_null(strstr(e.text, path));
	assert_non_null(strstr(e.text, "No space left on device"));
	char *temporary = xstrdup(w.temporary);
	assert_int_equal(access(temporary, F_OK), 0);
	writer_close(&w);
	assert_int_not_equal(access(temporary, F_OK), 0);
	char *text = file_read(path);
	assert_string_equal(text, "old");
	free(text);
	free(temporary);
	unlink(path);
}

/* A tally that does not fit the rows is said, not hidden. */
static void test_disagreement_is_seen(void **state)
{
	struct arena arena = {0};
	struct tally tally = {0};
	struct run run = sample_run(&arena, 40);
	struct summary sum;
	struct record record;
	struct err e = {0};
	(void)state;

	for (size_t i = 0; i < 40; i++) {
		struct row row = sample_row(&arena, i);
		sample_count(&run, &tally, &row);
	}
	for (int wrong = 0; wrong < 5; wrong++) {
		struct tally t = tally;
		t.rows += wrong == 1;
		t.state[CONTACT_DONE] += wrong == 2 ? -1 : 0;
		t.state[CONTACT_SKIPPED] += wrong == 2;
		t.outcome[OUTCOME_FAILED] += wrong >= 3;
		t.outcome[OUTCOME_COMPLETED] -= wrong == 4;
		summary_begin(&sum, &t);
		for (size_t i = 0; i < 40; i++) {
			struct row row = sample_row(&arena, i);
			must(record_make(&row, &arena, &record, &e), &e);
			summary_row(&sum, &record);
		}
		assert_int_equal(summary_agrees(&sum), wrong == 0);
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_summary, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(test_jsonl, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(test_all_files_agree, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(test_again_is_the_same, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(test_folder_that_cannot_be, open_scene,
						close_scene),
		cmocka_unit_test(test_writer_keeps_the_old),
		cmocka_unit_test(test_disagreement_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
