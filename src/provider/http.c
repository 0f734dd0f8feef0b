#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/mem.h"
#include "base/moment.h"
#include "base/text.h"
#include "provider/http.h"

#define CONNECT_TIMEOUT_MS 10000L
#define TIMEOUT_MS         20000L
#define MAX_CONNECTIONS    64L
#define RETRY_AFTER_MAX_S  86400LL
#define WHERE_SIZE         128
#define SPARE_MAX          64
#define UPLOAD_BUFFER      16384L /* the least that libcurl takes; orders are small */
#define SINK_BUFFER        262144L
#define SINK_SLOWEST       512L /* bytes a second, … */
#define SINK_PATIENCE_S    30L  /* … for so long: it has stalled */

struct transfer {
	CURL *easy;
	struct curl_slist *headers;
	char *body; /* what is sent */
	size_t body_length;
	size_t body_used;
	struct buf reply; /* what comes back */
	const struct http_sink *sink;
	bool to_sink; /* its answer is one that a sink takes, and the sink has begun */
	void *token;
	char where[WHERE_SIZE]; /* host and port, for words */
	char fault[CURL_ERROR_SIZE];
	char words[CURL_ERROR_SIZE + WHERE_SIZE + 64];
	struct transfer *next; /* in http.running */
};

struct http {
	CURLM *multi;
	int timer; /* ends a wait on the microsecond; libcurl alone knows whole milliseconds */
	const struct clock *clock;
	long connect_timeout_ms;
	struct transfer *running;
	/* Handles that have done their work: making one costs more than a request does. */
	size_t spare_count;
	CURL *spare[SPARE_MAX];
	struct transfer *last; /* whose answer is lent out */
	size_t in_flight;      /* started and not yet given back */
};

struct http *http_new(const struct http_config *config)
{
	struct http *h = xcalloc(1, sizeof(*h));
	long connections = config->max_connections ? config->max_connections : MAX_CONNECTIONS;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		BUG("libcurl does not start");
	h->multi = curl_multi_init();
	if (!h->multi)
		BUG("libcurl gives no multi handle");
	h->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (h->timer < 0)
		BUG("the system gives no timer");
	h->clock = config->clock;
	h->connect_timeout_ms =
		config->connect_timeout_ms ? config->connect_timeout_ms : CONNECT_TIMEOUT_MS;
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, connections);
	return h;
}

static void transfer_free(struct http *h, struct transfer *t)
{
	if (!t)
		return;
	curl_multi_remove_handle(h->multi, t->easy);
	if (h->spare_count < SPARE_MAX) {
		curl_easy_reset(t->easy);
		h->spare[h->spare_count++] = t->easy;
	} else {
		curl_easy_cleanup(t->easy);
	}
	curl_slist_free_all(t->headers);
	free(t->body);
	buf_free(&t->reply);
	free(t);
}

/* The answer lent out last is taken back. */
static void http_forget(struct http *h)
{
	transfer_free(h, h->last);
	h->last = NULL;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	http_forget(h);
	while (h->running) {
		struct transfer *t = h->running;
		h->running = t->next;
		transfer_free(h, t);
	}
	while (h->spare_count > 0)
		curl_easy_cleanup(h->spare[--h->spare_count]);
	curl_multi_cleanup(h->multi);
	close(h->timer);
	curl_global_cleanup();
	free(h);
}

/* The body of a POST goes through this callback, and there is no CURLOPT_SEEKFUNCTION beside it on
 * purpose. When a kept connection drops before the reply, libcurl would open a new one and send the
 * request again by itself: a second telephone call without a trace. Without a way to go back to the
 * start of the body it has to give up (CURLE_SEND_FAIL_REWIND), and the placing is in doubt, which
 * is the truth. */
static size_t body_read(char *out, size_t size, size_t count, void *data)
{
	struct transfer *t = data;
	size_t room = size * count;
	size_t left = t->body_length - t->body_used;
	size_t length = left < room ? left : room;

	memcpy(out, t->body + t->body_used, length);
	t->body_used += length;
	return length;
}

/* "bytes 100-199/200" → 100 */
static int64_t range_first(CURL *easy)
{
	struct curl_header *header;
	long long first;

	if (curl_easy_header(easy, "Content-Range", 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
	    sscanf(header->value, "bytes %lld-", &first) != 1)
		return -1;
	return first;
}

/* An ETag that stands for the bytes themselves, or a date: either may go into If-Range. */
static const char *validator_of(CURL *easy)
{
	struct curl_header *header;

	if (curl_easy_header(easy, "ETag", 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
	    header->value[0] == '"')
		return header->value;
	if (curl_easy_header(easy, "Last-Modified", 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
		return header->value;
	return "";
}

static bool sink_begin(struct transfer *t, long status)
{
	struct http_head head = {.status = (int)status, .content_type = ""};
	char *content_type = NULL;
	curl_off_t length = -1;

	curl_easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &content_type);
	curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	if (content_type)
		head.content_type = content_type;
	head.length = length;
	head.first = status == 206 ? range_first(t->easy) : 0;
	head.validator = validator_of(t->easy);
	t->to_sink = true;
	return t->sink->begin(t->sink->data, &head);
}

static size_t reply_write(char *bytes, size_t size, size_t count, void *data)
{
	struct transfer *t = data;
	long status = 0;

	if (t->sink && !t->to_sink) {
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
		if ((status == 200 || status == 206) && !sink_begin(t, status))
			return 0;
	}
	if (t->to_sink)
		return t->sink->add(t->sink->data, bytes, size * count) ? size * count : 0;
	buf_add(&t->reply, bytes, size * count);
	return t->reply.overflow ? 0 : size * count;
}

static void set_limits(struct http *h, struct transfer *t, const struct http_request *request)
{
	bool loopback = http_is_loopback(request->url);
	long timeout_ms = request->timeout_ms ? request->timeout_ms : TIMEOUT_MS;

	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
	/* What speaks plain http with this machine must not leave it through a proxy. */
	if (loopback)
		curl_easy_setopt(t->easy, CURLOPT_PROXY, "");
	/* The rule of the three results was measured with HTTP/1.1, where a request has a
	 * connection to itself. */
	curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(t->easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, h->connect_timeout_ms);
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, timeout_ms);
	if (!request->sink)
		return;
	/* Few and large pieces, at a bounded rate: what is fetched must not slow what is said. */
	curl_easy_setopt(t->easy, CURLOPT_BUFFERSIZE, SINK_BUFFER);
	curl_easy_setopt(t->easy, CURLOPT_MAX_RECV_SPEED_LARGE,
			 (curl_off_t)request->most_per_second);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_LIMIT, SINK_SLOWEST);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME, SINK_PATIENCE_S);
}

static void set_body(struct transfer *t, const struct http_request *request)
{
	if (request->method != HTTP_POST)
		return;
	/* libcurl resends an empty POST without asking, and has nothing to fail on. */
	if (!request->body || request->body_length == 0)
		BUG("a POST needs a body");
	t->body = xmalloc(request->body_length);
	memcpy(t->body, request->body, request->body_length);
	t->body_length = request->body_length;
	curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body_length);
	curl_easy_setopt(t->easy, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BUFFER);
	curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, body_read);
	curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
}

static void add_header(struct transfer *t, const char *line)
{
	struct curl_slist *more = curl_slist_append(t->headers, line);

	if (!more)
		BUG("libcurl does not take a header");
	t->headers = more;
}

static void set_headers(struct transfer *t, const struct http_request *request)
{
	add_header(t, "Expect:"); /* no 100-continue: it costs a second when nobody answers it */
	for (size_t i = 0; i < request->header_count; i++)
		add_header(t, request->headers[i]);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "nida/" NIDA_VERSION);
	if (request->user) {
		curl_easy_setopt(t->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(t->easy, CURLOPT_USERNAME, request->user);
		curl_easy_setopt(t->easy, CURLOPT_PASSWORD, request->password);
	}
}

void http_send(struct http *h, const struct http_request *request)
{
	struct transfer *t = xcalloc(1, sizeof(*t));
	const char *host = strstr(request->url, "://");

	t->easy = h->spare_count > 0 ? h->spare[--h->spare_count] : curl_easy_init();
	if (!t->easy)
		BUG("libcurl gives no handle");
	host = host ? host + 3 : request->url;
	snprintf(t->where, sizeof(t->where), "%.*s", (int)strcspn(host, "/?#"), host);
	t->token = request->token;
	t->sink = request->sink;
	buf_init(&t->reply, HTTP_BODY_MAX);

	curl_easy_setopt(t->easy, CURLOPT_URL, request->url);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->fault);
	curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, reply_write);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	set_limits(h, t, request);
	set_body(t, request);
	set_headers(t, request);

	t->next = h->running;
	h->running = t;
	h->in_flight++;
	CURLMcode added = curl_multi_add_handle(h->multi, t->easy);
	if (added != CURLM_OK)
		BUG("libcurl does not take a request: %s", curl_multi_strerror(added));
}

bool http_parse_date(const char *text, int64_t *wall_ms)
{
	/* curl_getdate() takes bare numbers for dates of its own; both forms begin with a day
	 * name. */
	if ((*text | 0x20) < 'a' || (*text | 0x20) > 'z')
		return false;

	time_t seconds = curl_getdate(text, NULL);
	if (seconds < 0)
		return false;
	*wall_ms = (int64_t)seconds * SECOND_MS;
	return true;
}

static int64_t retry_after_ms(const struct http *h, CURL *easy)
{
	struct curl_header *header;
	int64_t until_ms;

	if (curl_easy_header(easy, "Retry-After", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return 0;
	const char *text = header->value;
	if (*text >= '0' && *text <= '9') {
		char *end;
		long long seconds = strtoll(text, &end, 10);
		if (*end != '\0')
			return 0;
		return (seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S) * SECOND_MS;
	}
	if (!http_parse_date(text, &until_ms))
		return 0;

	int64_t left_ms = until_ms - clock_wall_ms(h->clock);
	if (left_ms > RETRY_AFTER_MAX_S * SECOND_MS)
		return RETRY_AFTER_MAX_S * SECOND_MS;
	return left_ms > 0 ? left_ms : 0;
}

/* The rule that everything else rests on: no byte of the request has left exactly when libcurl has
 * counted none. */
static bool is_unsent(CURL *easy)
{
	long sent = 0;

	curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
	return sent == 0;
}

/* Whatever happened after the first byte proves nothing about what Hamsa did. */
static enum http_result result_of(CURL *easy, CURLcode code)
{
	if (code == CURLE_OK)
		return HTTP_ANSWERED;
	return is_unsent(easy) ? HTTP_NOT_SENT : HTTP_IN_DOUBT;
}

static enum http_trouble trouble_of(CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return HTTP_FINE;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return HTTP_NO_HOST;
	case CURLE_COULDNT_CONNECT:
		return HTTP_NO_CONNECTION;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMEOUT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
		return HTTP_NO_TLS;
	default:
		return HTTP_TORN;
	}
}

/* libcurl's words, but where they speak of its inside. */
static const char *fault_words(const struct transfer *t, CURLcode code)
{
	if (code == CURLE_SEND_FAIL_REWIND)
		return "the connection broke while the request was being sent";
	return t->fault[0] ? t->fault : curl_easy_strerror(code);
}

static void describe(struct transfer *t, CURLcode code, struct http_answer *out)
{
	const char *fault = fault_words(t, code);

	if (out->result == HTTP_ANSWERED)
		snprintf(t->words, sizeof(t->words), "%s answered %d", t->where, out->status);
	else if (out->result == HTTP_NOT_SENT)
		snprintf(t->words, sizeof(t->words), "%s could not be reached: %s", t->where,
			 fault);
	else if (t->reply.overflow)
		snprintf(t->words, sizeof(t->words), "the answer of %s is larger than %u MiB",
			 t->where, HTTP_BODY_MAX / 1024 / 1024);
	else
		snprintf(t->words, sizeof(t->words), "no whole answer came from %s: %s", t->where,
			 fault);
	out->words = t->words;
}

static void answer_fill(struct http *h, struct transfer *t, CURLcode code, struct http_answer *out)
{
	char *content_type = NULL;
	long status = 0;

	*out = (struct http_answer){.result = result_of(t->easy, code), .token = t->token};
	out->trouble = trouble_of(code);
	out->body = "";
	out->content_type = "";
	if (out->result == HTTP_ANSWERED) {
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &content_type);
		out->status = (int)status;
		out->body = t->reply.data;
		out->body_length = t->reply.length;
		out->content_type = content_type ? content_type : "";
		out->retry_after_ms = retry_after_ms(h, t->easy);
	}
	describe(t, code, out);
}

bool http_next(struct http *h, struct http_answer *out)
{
	struct transfer *t = NULL;
	int left;

	http_forget(h);
	CURLMsg *message = curl_multi_info_read(h->multi, &left);
	if (!message)
		return false;

	CURLcode code = message->data.result;
	curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
	struct transfer **link = &h->running;
	while (*link != t)
		link = &(*link)->next;
	*link = t->next;
	h->in_flight--;
	h->last = t;
	/* Its connection is free for the next request from here on. */
	curl_multi_remove_handle(h->multi, t->easy);
	answer_fill(h, t, code, out);
	return true;
}

#define WAIT_MAX_US 86400e6

/* Wait for the network, or until the timer rings; `us` is in the time of h->clock. */
static void wait_for(struct http *h, int64_t us)
{
	double speed = h->clock->speed > 0 ? h->clock->speed : 1;
	double real = fmin(ceil((double)us / speed), WAIT_MAX_US);
	int64_t real_us = (int64_t)real;
	struct itimerspec when = {
		.it_value = {.tv_sec = real_us / 1000000, .tv_nsec = real_us % 1000000 * 1000},
	};
	struct curl_waitfd timer = {.fd = h->timer, .events = CURL_WAIT_POLLIN};

	timerfd_settime(h->timer, 0, &when, NULL);
	curl_multi_poll(h->multi, &timer, 1, (int)(real_us / 1000 + 1), NULL);
}

void http_wait(struct http *h, int64_t us)
{
	int running = 0;

	http_forget(h);
	curl_multi_perform(h->multi, &running);
	/* Fewer are running than were started: something waits for http_next(). */
	if ((size_t)running < h->in_flight || us <= 0)
		return;
	wait_for(h, us);
	curl_multi_perform(h->multi, &running);
}

size_t http_unsent(const struct http *h)
{
	size_t count = 0;

	for (const struct transfer *t = h->running; t; t = t->next)
		count += t->body && is_unsent(t->easy);
	return count;
}

void http_exchange(struct http *h, const struct http_request *request, struct http_answer *out)
{
	if (h->in_flight)
		BUG("%zu requests are under way beside a blocking one", h->in_flight);
	http_send(h, request);
	while (!http_next(h, out))
		http_wait(h, 1000000);
}
