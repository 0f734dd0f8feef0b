/*
 * Recordings that a run wants as files, against a server that answers badly: nothing it says ends
 * the run, and nothing makes it ask more often than it would ask anybody.
 */
#include "stage.h"

#include "ledger/recording.h"

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static struct stage *open_stage(void)
{
	struct stage *s = stage_open("", "a,+96891234567\n");

	engine_free(s->engine);
	s->queued = 0;
	s->recordings = s->folder;
	stage_start_engine(s);
	return s;
}

static void close_stage(struct stage *s)
{
	static const char *const names[] = {"row-000001-1.part", "row-000001-1.mp3"};
	char path[128];

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		snprintf(path, sizeof(path), "%s/recordings/%s", s->folder, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/recordings", s->folder);
	rmdir(path);
	stage_close(s);
}

static struct recording_counts counts_of(struct stage *s)
{
	struct recording_counts counts;

	must(ledger_recordings_count(s->ledger, s->run_id, &counts, &e));
	return counts;
}

static const struct kept_case {
	const char *name;
	int64_t bytes;
	const char *sha256;
	int kept;
} kept_cases[] = {
	{"a whole one", 3, HASH, 1},
	{"no checksum", 3, "", 0},
	{"no bytes", 0, HASH, 0},
};

/* What the ledger would refuse is tried again, and the run goes on. */
static void test_what_is_not_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(kept_cases); i++) {
		const struct kept_case *c = &kept_cases[i];
		struct stage *s = open_stage();
		struct arena arena = {0};

		s->fetch = FETCH_OK;
		s->fetched.bytes = c->bytes;
		s->fetched.sha256 = c->sha256;
		stage_play(s, HOUR_MS);
		if (s->state != ENGINE_FINISHED || counts_of(s).kept != c->kept ||
		    counts_of(s).wanted != !c->kept)
			fail_msg("%s: state %d, %d kept", c->name, (int)s->state,
				 (int)counts_of(s).kept);
		assert_int_equal(stage_row(s, "a", &arena).outcome, OUTCOME_COMPLETED);
		arena_free(&arena);
		close_stage(s);
	}
}

/* The link is dead, and whoever asks for another gets a dead one: the tries are not burnt within
 * seconds. Signed links are long. */
static void test_dead_links(void **state)
{
	char link[1600] = "https://recordings.invalid/";

	(void)state;
	memset(link + strlen(link), 'a', sizeof(link) - strlen(link) - 1);
	link[sizeof(link) - 1] = '\0';
	for (int renewed = 0; renewed <= 1; renewed++) {
		struct stage *s = open_stage();

		s->fetch = FETCH_EXPIRED;
		s->recording = link;
		s->recording_renewed = renewed;
		stage_play(s, HOUR_MS);
		assert_int_equal(s->state, ENGINE_FINISHED);
		/* At once, after 5 s, after 30 s more; the next would be later than is waited. */
		assert_int_equal(s->requests[REQUEST_FETCH], 3);
		assert_int_equal(counts_of(s).wanted, 1);
		close_stage(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_not_whole),
		cmocka_unit_test(test_dead_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
