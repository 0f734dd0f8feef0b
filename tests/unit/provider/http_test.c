#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/moment.h"
#include "provider/http.h"
#include "fault_server.h"

#define BOUND_US 10000000 /* a test that waits longer for an answer has failed */

static int64_t fixed_wall_ms(const struct clock *self)
{
	(void)self;
	return 1795342500000; /* 2026-11-22T10:15:00Z */
}

/* A clock whose wall stands still and whose seconds are real. */
static struct clock test_clock(void)
{
	struct clock clock;

	clock_init_system(&clock);
	clock.wall_ms = fixed_wall_ms;
	return clock;
}

static void wait_answer(struct http *h, const struct clock *clock, struct http_answer *out)
{
	struct mono start = clock_mono(clock);

	while (!http_next(h, out)) {
		assert_true(mono_since(start, clock_mono(clock)) < BOUND_US);
		http_wait(h, 100000);
	}
}

static void post(struct http *h, const char *url, const char *body, long timeout_ms)
{
	http_send(h, &(struct http_request){.method = HTTP_POST,
					    .url = url,
					    .body = body,
					    .body_length = strlen(body),
					    .timeout_ms = timeout_ms});
}

/* The one that costs a customer a second call: the server takes a POST on a kept connection whole,
 * and closes without a reply. libcurl must not send it again. */
static void test_reused_connection_drop(void **state)
{
	static const struct fault_rule rules[] = {
		{"POST /first", FAULT_REPLY, 0, 0, NULL, NULL},
		{"POST /second", FAULT_DROP, 1, 0, NULL, NULL},
		{"POST", FAULT_REPLY, 0, 0, NULL, NULL},
		{0},
	};
	struct fault_server server;
	struct clock clock = test_clock();
	struct http *h = http_new(&(struct http_config){.clock = &clock});
	struct http_answer answer;
	char url[64];

	(void)state;
	fault_start(&server, rules);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/first", server.port);
	post(h, url, "{\"n\":1}", 0);
	wait_answer(h, &clock, &answer);
	assert_int_equal(answer.result, HTTP_ANSWERED);

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/second", server.port);
	post(h, url, "{\"n\":2}", 0);
	wait_answer(h, &clock, &answer);
	assert_int_equal(fault_count(&server, "{\"n\":2}"), 1);
	assert_int_equal(answer.result, HTTP_IN_DOUBT);
	assert_non_null(
		strstr(answer.words, ": the connection broke while the request was being sent"));
	/* Or the test would prove nothing: both came over one connection. */
	assert_int_equal(server.seen[1].connection, server.seen[0].connection);
	http_free(h);
	fault_stop(&server);
}

static const struct fault_case {
	const char *name;
	struct fault_rule rule;
	enum http_result result;
	int status;
} fault_cases[] = {
	{"answer", {"POST", FAULT_REPLY, 0, 201, NULL, "{\"a\":1}"}, HTTP_ANSWERED, 201},
	{"answer without a length",
	 {"POST", FAULT_REPLY_CLOSE, 0, 200, NULL, "x"},
	 HTTP_ANSWERED,
	 200},
	{"drop", {"POST", FAULT_DROP, 0, 0, NULL, NULL}, HTTP_IN_DOUBT, 0},
	{"reset", {"POST", FAULT_RESET, 0, 0, NULL, NULL}, HTTP_IN_DOUBT, 0},
	{"hang", {"POST", FAULT_HANG, 0, 0, NULL, NULL}, HTTP_IN_DOUBT, 0},
	{"cut body", {"POST", FAULT_CUT, 0, 200, NULL, "{\"jobId\":\"abc\"}"}, HTTP_IN_DOUBT, 0},
	{"503", {"POST", FAULT_REPLY, 0, 503, NULL, "busy"}, HTTP_ANSWERED, 503},
	{"HTML",
	 {"POST", FAULT_REPLY, 0, 502, "Content-Type: text/html\r\n", "<html>"},
	 HTTP_ANSWERED,
	 502},
	{"not HTTP/1.1",
	 {"POST", FAULT_REPLY, 0, 200, "Transfer-Encoding: chunked\r\n", "zz"},
	 HTTP_IN_DOUBT,
	 0},
	/* Following it would place the call at another address, or twice. */
	{"redirect",
	 {"POST /call", FAULT_REPLY, 0, 307, "Location: /elsewhere\r\n", ""},
	 HTTP_ANSWERED,
	 307},
};

static void test_faults(void **state)
{
	struct clock clock = test_clock();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(fault_cases); i++) {
		const struct fault_case *c = &fault_cases[i];
		struct fault_rule rules[] = {c->rule, {0}};
		struct fault_server server;
		struct http *h = http_new(&(struct http_config){.clock = &clock});
		struct http_answer answer;
		char url[64];

		fault_start(&server, rules);
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/call", server.port);
		post(h, url, "{}", c->rule.action == FAULT_HANG ? 200 : 0);
		wait_answer(h, &clock, &answer);
		if (answer.result != c->result || answer.status != c->status)
			fail_msg("%s: result %d, status %d (%s)", c->name, (int)answer.result,
				 answer.status, answer.words);
		if (c->result == HTTP_ANSWERED)
			assert_string_equal(answer.body, c->rule.body);
		assert_int_equal(fault_count(&server, ""), 1);
		assert_false(http_next(h, &answer)); /* it comes once */
		http_free(h);
		fault_stop(&server);
	}
}

static void test_not_sent(void **state)
{
	struct clock clock = test_clock();
	struct fault_server plain;
	static const struct fault_rule rules[] = {{"", FAULT_REPLY, 0, 0, NULL, NULL}, {0}};
	int port;
	char refused[64];
	char no_tls[64];

	(void)state;
	close(fault_listen(&port, 64));
	snprintf(refused, sizeof(refused), "http://127.0.0.1:%d/call", port);
	fault_start(&plain, rules);
	snprintf(no_tls, sizeof(no_tls), "https://127.0.0.1:%d/call", plain.port);

	const struct {
		const char *url;
		const char *words; /* part of them */
		enum http_trouble trouble;
	} cases[] = {
		{refused, "could not be reached", HTTP_NO_CONNECTION},
		{no_tls, "could not be reached", HTTP_TIMEOUT},
		{"https://nida-test.invalid/call", "could not be reached", HTTP_NO_HOST},
		/* Plain http beyond this machine is not even tried. */
		{"http://192.0.2.1/call", "disabled", HTTP_TORN},
		{"http://localhost.example/call", "disabled", HTTP_TORN},
		{"ftp://127.0.0.1/call", "disabled", HTTP_TORN},
		{"https://", "could not be reached", HTTP_TORN},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct http *h = http_new(&(struct http_config){.clock = &clock});
		struct http_answer answer;
		post(h, cases[i].url, "{}", 1000);
		wait_answer(h, &clock, &answer);
		if (answer.result != HTTP_NOT_SENT || !strstr(answer.words, cases[i].words) ||
		    answer.trouble != cases[i].trouble)
			fail_msg("%s: result %d, trouble %d (%s)", cases[i].url, (int)answer.result,
				 (int)answer.trouble, answer.words);
		assert_string_equal(answer.body, "");
		http_free(h);
	}
	fault_stop(&plain);
}

static char *filled(size_t length)
{
	char *text = xmalloc(length + 1);

	memset(text, 'x', length);
	text[length] = '\0';
	return text;
}

static void test_body_limit(void **state)
{
	struct clock clock = test_clock();

	(void)state;
	for (size_t over = 0; over <= 1; over++) {
		char *body = filled(HTTP_BODY_MAX + over);
		const struct fault_rule rules[] = {{"GET", FAULT_REPLY, 0, 200, NULL, body}, {0}};
		struct fault_server server;
		struct http *h = http_new(&(struct http_config){.clock = &clock});
		struct http_answer answer;
		char url[64];

		fault_start(&server, rules);
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/big", server.port);
		http_exchange(h, &(struct http_request){.url = url}, &answer);
		assert_int_equal(answer.result, over ? HTTP_IN_DOUBT : HTTP_ANSWERED);
		assert_int_equal(answer.body_length, over ? 0 : HTTP_BODY_MAX);
		if (over)
			assert_non_null(strstr(answer.words, "larger than 4 MiB"));
		http_free(h);
		fault_stop(&server);
		free(body);
	}
}

static const struct retry_case {
	const char *header;
	int64_t expected_ms;
} retry_cases[] = {
	{"Retry-After: 7\r\n", 7000},
	{"retry-after:  120 \r\n", 120000},
	{"Retry-After: 0\r\n", 0},
	{"Retry-After: 99999999999999999999\r\n", 86400000}, /* nobody waits longer than a day */
	{"Retry-After: Sun, 22 Nov 2026 10:15:30 GMT\r\n", 30000},
	{"Retry-After: Sunday, 22-Nov-26 10:16:00 GMT\r\n", 60000},
	{"Retry-After: Sun, 22 Nov 2026 10:14:00 GMT\r\n", 0}, /* past, by the clock passed in */
	{"Retry-After: soon\r\n", 0},
	{"Retry-After: 7s\r\n", 0},
	{"Retry-After: -5\r\n", 0},
	{"Retry-After:\r\n", 0},
	{"X-Other: 1\r\n", 0},
};

static void test_retry_after(void **state)
{
	struct clock clock = test_clock();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(retry_cases); i++) {
		const struct fault_rule rules[] = {{"GET", FAULT_REPLY, 0, 429,
						    retry_cases[i].header, NULL},
						   {0}};
		struct fault_server server;
		struct http *h = http_new(&(struct http_config){.clock = &clock});
		struct http_answer answer;
		char url[64];

		fault_start(&server, rules);
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/", server.port);
		http_exchange(h, &(struct http_request){.url = url}, &answer);
		if (answer.retry_after_ms != retry_cases[i].expected_ms)
			fail_msg("%s gave %lld", retry_cases[i].header,
				 (long long)answer.retry_after_ms);
		http_free(h);
		fault_stop(&server);
	}
}

static void test_request_as_sent(void **state)
{
	static const struct fault_rule rules[] = {{"", FAULT_REPLY, 0, 0, NULL, NULL}, {0}};
	static const char *const headers[] = {"Authorization: Token sk_x", "Content-Type: a/b"};
	struct clock clock = test_clock();
	struct http *h = http_new(&(struct http_config){.clock = &clock});
	struct http_answer answer;
	struct fault_server server;
	char url[64];
	int token;

	(void)state;
	fault_start(&server, rules);
	snprintf(url, sizeof(url), "http://localhost:%d/a/../b?c=%%2B", server.port);
	http_exchange(h,
		      &(struct http_request){.method = HTTP_POST,
					     .url = url,
					     .headers = headers,
					     .header_count = 2,
					     .body = "{\"a\":\0\"b\"}",
					     .body_length = 10,
					     .token = &token},
		      &answer);
	const char *seen = server.seen[0].text;
	assert_ptr_equal(answer.token, &token);
	assert_non_null(strstr(seen, "POST /a/../b?c=%2B HTTP/1.1\r\n"));
	assert_non_null(strstr(seen, "User-Agent: nida/" NIDA_VERSION "\r\n"));
	assert_non_null(strstr(seen, "Authorization: Token sk_x\r\n"));
	assert_non_null(strstr(seen, "Content-Length: 10\r\n"));
	assert_null(strstr(seen, "Transfer-Encoding"));

	/* Beyond 1 MiB libcurl would ask first whether it may send. */
	char *large = filled(2 * 1024 * 1024);
	post(h, url, large, 0);
	wait_answer(h, &clock, &answer);
	assert_null(strstr(server.seen[1].text, "Expect:"));
	free(large);
	http_free(h);
	fault_stop(&server);
}

/* Many at once over few connections: each is answered once, and connections are kept. */
static void test_many(void **state)
{
	enum { MANY = 200 };
	static const struct fault_rule rules[] = {{"", FAULT_REPLY, 0, 0, NULL, NULL}, {0}};
	struct clock clock = test_clock();
	struct http *h = http_new(&(struct http_config){.clock = &clock, .max_connections = 8});
	struct fault_server server;
	int answered[MANY] = {0};
	char url[64];

	(void)state;
	fault_start(&server, rules);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", server.port);
	for (int i = 0; i < MANY; i++)
		http_send(h, &(struct http_request){.method = HTTP_POST,
						    .url = url,
						    .body = "{}",
						    .body_length = 2,
						    .token = &answered[i]});
	for (int i = 0; i < MANY; i++) {
		struct http_answer answer;
		wait_answer(h, &clock, &answer);
		assert_int_equal(answer.result, HTTP_ANSWERED);
		++*(int *)answer.token;
	}
	for (int i = 0; i < MANY; i++)
		assert_int_equal(answered[i], 1);
	assert_int_equal(fault_count(&server, "POST"), MANY);
	assert_true(server.accepted <= 8);
	http_free(h);
	fault_stop(&server);
}

static void test_free_while_running(void **state)
{
	static const struct fault_rule rules[] = {{"", FAULT_HANG, 0, 0, NULL, NULL}, {0}};
	struct clock clock = test_clock();
	struct http *h = http_new(&(struct http_config){.clock = &clock});
	struct fault_server server;
	char url[64];

	(void)state;
	fault_start(&server, rules);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", server.port);
	for (int i = 0; i < 3; i++)
		post(h, url, "{}", 0);
	while (fault_count(&server, "POST") < 3)
		http_wait(h, 1000);
	http_free(h);
	fault_stop(&server);
}

/* A minute of a clock that runs 60,000 times as fast is a millisecond. */
static void test_wait_follows_clock(void **state)
{
	struct clock system;
	struct clock fast;
	struct err e;

	(void)state;
	clock_init_system(&system);
	assert_true(clock_init_scaled(&fast, "2026-11-22T09:00:00Zx60000", &e));
	struct http *h = http_new(&(struct http_config){.clock = &fast});
	struct mono start = clock_mono(&system);
	http_wait(h, 60000000);
	assert_true(mono_since(start, clock_mono(&system)) < 1000000);
	http_free(h);
}

static const struct url_case {
	const char *url;
	const char *fault; /* part of the message; NULL: good */
} url_cases[] = {
	{"https://api.tryhamsa.com/v1", NULL},
	{"https://api.tryhamsa.com/", NULL},
	{"http://127.0.0.1:8080/v1", NULL},
	{"http://127.9.8.7", NULL},
	{"http://localhost:1", NULL},
	{"http://LOCALHOST:1", NULL},
	{"http://[::1]:8080", NULL},
	{"http://api.tryhamsa.com/v1", "unprotected"},
	{"http://128.0.0.1", "unprotected"},
	{"http://127.0.0.1.example.com", "unprotected"},
	{"http://localhost.example.com", "unprotected"},
	{"http://[::2]", "unprotected"},
	{"http://127.0.0.1@evil.example", "user name"},
	{"https://user:secret@api.tryhamsa.com", "user name"},
	{"https://api.tryhamsa.com/v1?x=1", "before any ?"},
	{"https://api.tryhamsa.com/v1#x", "before any ?"},
	{"ftp://127.0.0.1", "not a web address"},
	{"api.tryhamsa.com", "not a web address"},
	{"https://", "not a web address"},
	{"", "not a web address"},
};

static void test_check_url(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(url_cases); i++) {
		struct err e = {0};
		bool ok = http_check_url("HAMSA_BASE_URL", url_cases[i].url, &e);
		if (ok != !url_cases[i].fault || (!ok && !strstr(e.text, url_cases[i].fault)))
			fail_msg("'%s': %s", url_cases[i].url, ok ? "accepted" : e.text);
		assert_null(strstr(e.text, "secret"));
	}
}

static void test_texts(void **state)
{
	struct buf b;
	int64_t ms = 0;

	(void)state;
	buf_init(&b, 1000);
	http_add_escaped(&b, "a-Z_0.~ /?&=+%\xc3\xa9");
	assert_string_equal(b.data, "a-Z_0.~%20%2F%3F%26%3D%2B%25%C3%A9");
	buf_free(&b);
	assert_true(http_parse_date("Sun, 22 Nov 2026 10:15:00 +0000", &ms));
	assert_int_equal(ms, 1795342500000);
	assert_false(http_parse_date("", &ms));
	assert_false(http_parse_date("20261122", &ms));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reused_connection_drop),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_not_sent),
		cmocka_unit_test(test_body_limit),
		cmocka_unit_test(test_retry_after),
		cmocka_unit_test(test_request_as_sent),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_free_while_running),
		cmocka_unit_test(test_wait_follows_clock),
		cmocka_unit_test(test_check_url),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
