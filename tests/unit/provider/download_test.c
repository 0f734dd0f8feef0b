/*
 * Fetching recordings through the provider's door: what is taken, what is refused, what a transfer
 * that broke off leaves, and what the recording's host is told (nothing).
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "provider/http.h"
#include "hamsa_desk.h"

#define AUDIO "Content-Type: audio/mpeg\r\n"
#define MP3   "ID3 and then a voice that says something"
#define TOKEN UINT64_C(77)

struct place {
	struct desk desk;
	char folder[64];
	char path[80];
};

static void place_open(struct place *p, const struct fault_rule *rules)
{
	*p = (struct place){0};
	desk_open(&p->desk, rules);
	snprintf(p->folder, sizeof(p->folder), "/tmp/nida-download-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->path, sizeof(p->path), "%s/a.part", p->folder);
}

static void place_close(struct place *p)
{
	unlink(p->path);
	rmdir(p->folder);
	desk_close(&p->desk);
}

static const struct answer *fetch(struct place *p, const char *path, const char *validator,
				  int64_t most)
{
	char url[128];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", p->desk.server.port, path);
	provider_fetch(&p->desk.p, TOKEN,
		       &(struct fetch_order){.url = url,
					     .path = p->path,
					     .validator = validator,
					     .most_bytes = most});
	const struct answer *a = desk_wait(&p->desk);
	assert_int_equal(a->kind, REQUEST_FETCH);
	assert_int_equal(a->token, TOKEN);
	return a;
}

static void expect_file(const struct place *p, const char *text)
{
	char bytes[256] = "";
	FILE *file = fopen(p->path, "r");

	assert_non_null(file);
	size_t length = fread(bytes, 1, sizeof(bytes) - 1, file);
	fclose(file);
	assert_int_equal(length, strlen(text));
	assert_string_equal(bytes, text);
}

static void test_whole(void **state)
{
	static const struct fault_rule rules[] = {
		{"GET /a", FAULT_REPLY, 0, 200, AUDIO, MP3},
		{0},
	};
	struct place p;
	struct stat status;

	(void)state;
	place_open(&p, rules);
	const struct answer *a = fetch(&p, "/a", "", 1000);
	assert_int_equal(a->fetch, FETCH_OK);
	assert_string_equal(a->fetched->type, "audio/mpeg");
	assert_string_equal(a->fetched->ending, "mp3");
	assert_int_equal(a->fetched->bytes, strlen(MP3));
	/* printf '%s' 'ID3 and …' | sha256sum */
	assert_string_equal(a->fetched->sha256,
			    "9a2ff4500febc263df75ad9ae2d57ee12e3de83d9cefc5a983ec1706d8d0e62c");
	expect_file(&p, MP3);
	assert_int_equal(stat(p.path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	/* Whoever keeps recordings gets no key. */
	assert_int_equal(fault_count(&p.desk.server, "Authorization"), 0);
	assert_int_equal(fault_count(&p.desk.server, KEY), 0);
	place_close(&p);
}

static const struct kind_case {
	const char *name;
	const char *headers;
	const char *body;
	enum fetch_verdict verdict;
	const char *ending;
} kind_cases[] = {
	{"a store that does not know", "Content-Type: binary/octet-stream\r\n", "OggS....",
	 FETCH_OK, "ogg"},
	{"octets that are no sound", "Content-Type: application/octet-stream\r\n", "MZ......",
	 FETCH_LATER, NULL},
	{"a page", "Content-Type: text/html\r\n", MP3, FETCH_LATER, NULL},
	{"a page that says it is a sound", AUDIO, " \n<html>gone</html>", FETCH_LATER, NULL},
	{"a message that says it is a sound", AUDIO, "{\"error\":1}", FETCH_LATER, NULL},
	{"no type", NULL, MP3, FETCH_LATER, NULL},
	{"a sound of another kind", "Content-Type: audio/amr; x=1\r\n", "#!AMR...", FETCH_OK,
	 "audio"},
	{"a type that only begins so", "Content-Type: audiobook/x\r\n", MP3, FETCH_LATER, NULL},
	{"nothing", AUDIO, "", FETCH_LATER, NULL},
	{"a list that says it is a sound", AUDIO, "[{\"error\":1}]", FETCH_LATER, NULL},
	{"a page behind a mark", AUDIO, "\xef\xbb\xbf<html>", FETCH_LATER, NULL},
	{"a page in UTF-16", AUDIO, "\xff\xfe<h", FETCH_LATER, NULL},
	{"a page after many blanks", AUDIO, "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n<html>",
	 FETCH_LATER, NULL},
	{"a picture that calls itself a sound", "Content-Type: audio/svg+xml\r\n", "#!AMR...",
	 FETCH_LATER, NULL},
	{"a WAV that is cut off", "Content-Type: audio/wav\r\n", "RIFF\x0c\x01\x01\x01WAVE",
	 FETCH_LATER, NULL},
	{"a WAV that does not know its length", "Content-Type: audio/wav\r\n",
	 "RIFF\xff\xff\xff\xffWAVE", FETCH_OK, "wav"},
};

static void test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(kind_cases); i++) {
		const struct kind_case *c = &kind_cases[i];
		struct fault_rule rules[] = {{"GET /a", FAULT_REPLY, 0, 200, c->headers, c->body},
					     {0}};
		struct place p;

		place_open(&p, rules);
		const struct answer *a = fetch(&p, "/a", "", 1000);
		if (a->fetch != c->verdict)
			fail_msg("%s: %d, %s", c->name, (int)a->fetch, a->words);
		if (c->ending)
			assert_string_equal(a->fetched->ending, c->ending);
		place_close(&p);
	}
}

static const struct status_case {
	int status;
	enum fetch_verdict verdict;
} status_cases[] = {
	{301, FETCH_REFUSED}, {302, FETCH_REFUSED}, {307, FETCH_REFUSED}, {401, FETCH_EXPIRED},
	{403, FETCH_EXPIRED}, {404, FETCH_EXPIRED}, {410, FETCH_EXPIRED}, {416, FETCH_LATER},
	{429, FETCH_LATER},   {500, FETCH_LATER},   {503, FETCH_LATER},
};

static void test_statuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(status_cases); i++) {
		const struct status_case *c = &status_cases[i];
		struct fault_rule rules[] = {{"GET /a", FAULT_REPLY, 0, c->status,
					      AUDIO "Location: /b\r\nRetry-After: 7\r\n", MP3},
					     {0}};
		struct place p;

		place_open(&p, rules);
		const struct answer *a = fetch(&p, "/a", "", 1000);
		if (a->fetch != c->verdict)
			fail_msg("%d: %d, %s", c->status, (int)a->fetch, a->words);
		assert_int_equal(a->retry_after_ms, 7000);
		assert_int_equal(fault_count(&p.desk.server, "GET /b"), 0);
		expect_file(&p, "");
		place_close(&p);
	}
}

static void test_too_large(void **state)
{
	static const struct fault_rule rules[] = {
		{"GET /said", FAULT_REPLY, 0, 200, AUDIO, MP3},
		{"GET /unsaid", FAULT_REPLY_CLOSE, 0, 200, AUDIO, MP3},
		{0},
	};
	struct place p;

	(void)state;
	place_open(&p, rules);
	assert_int_equal(fetch(&p, "/said", "", 10)->fetch, FETCH_REFUSED);
	expect_file(&p, "");
	assert_int_equal(fetch(&p, "/unsaid", "", 10)->fetch, FETCH_REFUSED);
	assert_int_equal(fetch(&p, "/said", "", (int64_t)strlen(MP3))->fetch, FETCH_OK);
	place_close(&p);
}

/* Who does not say how much comes ends by hanging up: only a WAV tells whether that was the end. */
static void test_without_a_length(void **state)
{
	static const struct fault_rule rules[] = {
		{"GET /mp3", FAULT_REPLY_CLOSE, 0, 200, AUDIO, MP3},
		{"GET /wav", FAULT_REPLY_CLOSE, 0, 200, AUDIO, "RIFF\x0c\x01\x01\x01WAVEfmt "},
		{0},
	};
	struct place p;

	(void)state;
	place_open(&p, rules);
	assert_int_equal(fetch(&p, "/mp3", "", 1000)->fetch, FETCH_OK);
	const struct answer *a = fetch(&p, "/wav", "", 1000);
	assert_int_equal(a->fetch, FETCH_LATER);
	assert_string_equal(a->words,
			    "it is cut off: its header tells of 16843028 bytes, and 16 came");
	assert_string_equal(a->fetched->validator, "");
	place_close(&p);
}

#define TAGGED AUDIO "ETag: \"one\"\r\n"
#define HALF   20 /* of MP3, which FAULT_CUT sends */

static void test_goes_on_where_it_broke_off(void **state)
{
	static const struct fault_rule rules[] = {
		{"GET /a", FAULT_CUT, 1, 200, TAGGED, MP3},
		{"GET /a", FAULT_REPLY, 0, 206, TAGGED "Content-Range: bytes 20-39/40\r\n",
		 &MP3[HALF]},
		{0},
	};
	char validator[64];
	struct place p;

	(void)state;
	assert_int_equal(strlen(MP3), 2 * HALF);
	place_open(&p, rules);
	const struct answer *a = fetch(&p, "/a", "", 1000);
	assert_int_equal(a->fetch, FETCH_LATER);
	assert_string_equal(a->fetched->validator, "\"one\"");
	snprintf(validator, sizeof(validator), "%s", a->fetched->validator);
	a = fetch(&p, "/a", validator, 1000);
	assert_int_equal(a->fetch, FETCH_OK);
	assert_int_equal(fault_count(&p.desk.server, "Range: bytes=20-\r\n"), 1);
	assert_int_equal(fault_count(&p.desk.server, "If-Range: \"one\"\r\n"), 1);
	/* The whole of it was hashed, not only what came last. */
	assert_string_equal(a->fetched->sha256,
			    "9a2ff4500febc263df75ad9ae2d57ee12e3de83d9cefc5a983ec1706d8d0e62c");
	expect_file(&p, MP3);
	place_close(&p);
}

static const struct part_case {
	const char *name;
	struct fault_rule second;
	const char *validator; /* NULL: that of the first answer */
	enum fetch_verdict verdict;
	bool ranged;
} part_cases[] = {
	{"a server that knows no ranges",
	 {"GET /a", FAULT_REPLY, 0, 200, TAGGED, MP3},
	 NULL,
	 FETCH_OK,
	 true},
	{"another part than was asked for",
	 {"GET /a", FAULT_REPLY, 0, 206, TAGGED "Content-Range: bytes 0-39/40\r\n", MP3},
	 NULL,
	 FETCH_LATER,
	 true},
	{"nobody knows what the part is of",
	 {"GET /a", FAULT_REPLY, 0, 200, TAGGED, MP3},
	 "",
	 FETCH_OK,
	 false},
	{"the rest is cut as well",
	 {"GET /a", FAULT_DROP, 0, 0, NULL, NULL},
	 NULL,
	 FETCH_LATER,
	 true},
};

static void test_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(part_cases); i++) {
		const struct part_case *c = &part_cases[i];
		struct fault_rule rules[] = {{"GET /a", FAULT_CUT, 1, 200, TAGGED, MP3},
					     c->second,
					     {0}};
		char validator[64];
		struct place p;

		place_open(&p, rules);
		const struct answer *a = fetch(&p, "/a", "", 1000);
		snprintf(validator, sizeof(validator), "%s",
			 c->validator ? c->validator : a->fetched->validator);
		a = fetch(&p, "/a", validator, 1000);
		if (a->fetch != c->verdict)
			fail_msg("%s: %d, %s", c->name, (int)a->fetch, a->words);
		assert_int_equal(fault_count(&p.desk.server, "Range: bytes=20-\r\n"), c->ranged);
		if (c->verdict == FETCH_OK)
			expect_file(&p, MP3);
		place_close(&p);
	}
}

/* A whole answer without a byte, while a part is there: neither the part nor nothing is taken for
 * the recording, and the next one begins anew. */
static void test_empty_answer_behind_a_part(void **state)
{
	static const int statuses[] = {200, 206};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(statuses); i++) {
		struct fault_rule rules[] = {
			{"GET /a", FAULT_CUT, 1, 200, TAGGED, MP3},
			{"GET /a", FAULT_REPLY, 1, statuses[i], TAGGED, ""},
			{"GET /a", FAULT_REPLY, 0, 200, TAGGED, MP3},
			{0},
		};
		struct place p;

		place_open(&p, rules);
		assert_string_equal(fetch(&p, "/a", "", 1000)->fetched->validator, "\"one\"");
		const struct answer *a = fetch(&p, "/a", "\"one\"", 1000);
		assert_int_equal(a->fetch, FETCH_LATER);
		assert_string_equal(a->words, "nothing came");
		assert_string_equal(a->fetched->validator, "");
		assert_int_equal(fetch(&p, "/a", "", 1000)->fetch, FETCH_OK);
		expect_file(&p, MP3);
		place_close(&p);
	}
}

/* A weak tag stands for the meaning, not for the bytes. */
static void test_weak_tags_are_none(void **state)
{
	static const struct fault_rule rules[] = {
		{"GET /a", FAULT_CUT, 0, 200, AUDIO "ETag: W/\"one\"\r\n", MP3},
		{0},
	};
	struct place p;

	(void)state;
	place_open(&p, rules);
	assert_string_equal(fetch(&p, "/a", "", 1000)->fetched->validator, "");
	place_close(&p);
}

static const char *const bad_addresses[] = {
	"http://recordings.example/a.mp3",
	"ftp://127.0.0.1/a.mp3",
	"file:///etc/passwd",
	"https://user:word@recordings.example/a.mp3",
	"recordings/a.mp3",
	"",
};

static void test_addresses(void **state)
{
	static const struct fault_rule rules[] = {{0}};
	struct place p;

	(void)state;
	place_open(&p, rules);
	for (size_t i = 0; i < COUNT_OF(bad_addresses); i++) {
		provider_fetch(&p.desk.p, TOKEN,
			       &(struct fetch_order){.url = bad_addresses[i],
						     .path = p.path,
						     .validator = "",
						     .most_bytes = 1000});
		const struct answer *a = desk_wait(&p.desk);
		if (a->fetch != FETCH_REFUSED || !*a->words)
			fail_msg("%s: %d", bad_addresses[i], (int)a->fetch);
		assert_int_not_equal(access(p.path, F_OK), 0);
	}
	place_close(&p);
}

/* What Hamsa says must not make nida look into this machine. */
static void test_this_machine_only_when_hamsa_is_here(void **state)
{
	const char *words;

	(void)state;
	assert_false(http_check_link("http://127.0.0.1:1/a", false, &words));
	assert_false(http_check_link("https://localhost/a", false, &words));
	assert_false(http_check_link("https://[::1]/a", false, &words));
	assert_true(http_check_link("http://127.0.0.1:1/a", true, &words));
	assert_true(http_check_link("https://recordings.example/a?sig=b", false, &words));
}

static void test_no_way_through_a_link(void **state)
{
	static const struct fault_rule rules[] = {
		{"GET /a", FAULT_REPLY, 0, 200, AUDIO, MP3},
		{0},
	};
	char target[128];
	struct place p;

	(void)state;
	place_open(&p, rules);
	snprintf(target, sizeof(target), "%s/target", p.folder);
	assert_int_equal(symlink(target, p.path), 0);
	const struct answer *a = fetch(&p, "/a", "", 1000);
	assert_int_equal(a->fetch, FETCH_LATER);
	assert_non_null(strstr(a->words, "cannot be written"));
	assert_int_not_equal(access(target, F_OK), 0);
	place_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_without_a_length),
		cmocka_unit_test(test_goes_on_where_it_broke_off),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_empty_answer_behind_a_part),
		cmocka_unit_test(test_weak_tags_are_none),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_this_machine_only_when_hamsa_is_here),
		cmocka_unit_test(test_no_way_through_a_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
