/*
 * HTTP requests that run side by side in one thread (libcurl's multi interface, fenced in
 * http.c).
 *
 * A request is started with http_send() and comes back exactly once from http_next(), in any
 * order; only http_wait() sleeps. How it ended is one of three things, and http.c alone decides
 * which: nothing left this machine, a whole answer came, or something left and no whole answer
 * came. A POST is never sent twice: see body_read() in http.c.
 *
 * Plain http is spoken with loopback addresses only, redirects are not followed, certificates are
 * verified, and a body beyond HTTP_BODY_MAX ends the request. Everything in a request is copied;
 * an answer and its texts are borrowed until the next http_next(), http_wait() or http_free().
 */
#ifndef NIDA_PROVIDER_HTTP_H
#define NIDA_PROVIDER_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"

#define HTTP_BODY_MAX (4u * 1024 * 1024)

struct http;

struct http_config {
	const struct clock *clock; /* borrowed; dates in Retry-After are judged by it */
	long connect_timeout_ms;   /* of the system's time; 0: 10 s */
	long max_connections;      /* to one host; 0: 64 */
};

enum http_method {
	HTTP_GET,  /* may be repeated by libcurl on a fresh connection */
	HTTP_POST, /* sent once, or not at all; has a body */
};

/* What is known of a file before its first byte. */
struct http_head {
	int status;               /* 200, 206 */
	const char *content_type; /* "" when not said */
	int64_t length;           /* of what comes now; -1: not said */
	int64_t first;            /* where in the file it begins; -1: not said, or not understood */
	const char *validator;    /* a strong ETag, else when it was last modified; "" */
};

/* Where the body of a 200 or 206 goes as it comes, for files of any size. Bodies of other answers
 * are kept as ever. False ends the request. */
struct http_sink {
	bool (*begin)(void *data, const struct http_head *head);
	bool (*add)(void *data, const char *bytes, size_t length);
	void *data;
};

struct http_request {
	enum http_method method;
	const char *url;
	const char *const
		*headers; /* "Name: value" each; never logged; NULL when header_count is 0 */
	size_t header_count;
	const char *user; /* Basic authentication; NULL: none */
	const char *password;
	const char *body; /* POST: at least one byte */
	size_t body_length;
	long timeout_ms;              /* for the whole of it, of the system's time; 0: 20 s */
	const struct http_sink *sink; /* borrowed until the answer; NULL: none */
	long most_per_second;         /* bytes that a sink takes; 0: as many as come */
	void *token;                  /* given back with the answer */
};

enum http_result {
	HTTP_NOT_SENT, /* no byte of the request left this machine: may be tried again */
	HTTP_ANSWERED, /* status and whole body are here */
	HTTP_IN_DOUBT, /* bytes left, and no whole answer came back */
};

/* What kept a whole answer from coming. */
enum http_trouble {
	HTTP_FINE,          /* nothing: it came */
	HTTP_NO_HOST,       /* the name of the host is not known */
	HTTP_NO_CONNECTION, /* nobody answers at that address */
	HTTP_NO_TLS,        /* the certificate, or the encryption, was not accepted */
	HTTP_TIMEOUT,       /* it took too long */
	HTTP_TORN,          /* anything else: the connection broke, too large a body … */
};

struct http_answer {
	enum http_result result;
	enum http_trouble trouble;
	void *token;
	int status;       /* 0 unless answered */
	const char *body; /* bytes as they came, a NUL behind them; "" unless answered */
	size_t body_length;
	const char *content_type; /* "" when not said */
	int64_t retry_after_ms;   /* 0: not said, or not understood */
	const char *words;        /* what happened, without a full stop; never a header */
};

struct http *http_new(const struct http_config *config);

/* Ends what is still running; its answers never come. */
void http_free(struct http *h);

void http_send(struct http *h, const struct http_request *request);
bool http_next(struct http *h, struct http_answer *out);

/* Sleep until something has finished, a signal arrives, or `us` of the clock have passed; it may
 * come back earlier. */
void http_wait(struct http *h, int64_t us);

/* POSTs started and not yet given back of which no byte has left this machine yet: they wait for a
 * connection, for DNS or for TLS. */
size_t http_unsent(const struct http *h);

/* One request, and nothing else under way: wait for its answer. */
void http_exchange(struct http *h, const struct http_request *request, struct http_answer *out);

/* May nida speak with this address (https, or http to loopback; a host; no user, query or
 * fragment)? `name` is what the user calls it, for the message. */
bool http_check_url(const char *name, const char *url, struct err *e) MUST_CHECK;

/* May a file be fetched from this address, which came from outside: https, without a user's name;
 * with `loopback_too`, this machine, by http as well? *words says why not: constant, no
 * sentence. */
bool http_check_link(const char *url, bool loopback_too, const char **words) MUST_CHECK;

/* Is the host of this address this machine? */
bool http_is_loopback(const char *url);

/* Everything but letters, digits and "-._~" becomes %XX. */
void http_add_escaped(struct buf *b, const char *text);

/* "Sun, 22 Nov 2026 10:15:00 GMT" (RFC 9110, RFC 5322) as wall time. */
bool http_parse_date(const char *text, int64_t *wall_ms) MUST_CHECK;

#endif
