/*
 * An HTTP server on loopback that misbehaves on demand, for the tests of provider/.
 *
 * It runs in one thread and follows a table of rules: the first rule whose `match` is part of the
 * request line, and which has not been used up, says what happens to a request that has arrived
 * whole. Everything that arrived is kept, so that a test can count. Functions are static: a test
 * includes this file and nothing has to be linked.
 */
#ifndef TESTS_FAULT_SERVER_H
#define TESTS_FAULT_SERVER_H

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAULT_CONNECTIONS 64
#define FAULT_SEEN        512

enum fault_action {
	FAULT_REPLY,       /* answer, and keep the connection */
	FAULT_REPLY_CLOSE, /* answer without a length, and close */
	FAULT_DROP,        /* close without a word */
	FAULT_RESET,       /* likewise, with a TCP reset */
	FAULT_HANG,        /* never answer */
	FAULT_CUT,         /* announce the whole body, send half of it, close */
};

struct fault_rule {
	const char *match; /* part of the request line; NULL ends the table */
	enum fault_action action;
	int times;           /* 0: always */
	int status;          /* 0: 200 */
	const char *headers; /* further lines, each with its CRLF; NULL: none */
	const char *body;    /* NULL: "{}" */
};

struct fault_seen {
	int connection; /* counted from 0 in the order of accept() */
	char *text;     /* head and body, as they came */
};

struct fault_peer {
	int fd;
	int number;
	char *bytes;
	size_t length;
};

struct fault_server {
	int listener;
	int stop[2];
	int port;
	pthread_t thread;
	pthread_mutex_t lock; /* of everything below */
	const struct fault_rule *rules;
	int used[64];
	struct fault_seen seen[FAULT_SEEN];
	int seen_count;
	int accepted;
	struct fault_peer peers[FAULT_CONNECTIONS];
	int peer_count;
};

static void fault_send(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		bytes += sent;
		length -= (size_t)sent;
	}
}

/* False: the connection is to be closed. */
static bool fault_act(const struct fault_rule *rule, int fd)
{
	static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
	const char *body = rule->body ? rule->body : "{}";
	size_t length = strlen(body);
	char head[1024];
	char size[64] = "";

	if (rule->action == FAULT_RESET)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	if (rule->action == FAULT_DROP || rule->action == FAULT_RESET)
		return false;
	if (rule->action == FAULT_HANG)
		return true;
	if (rule->action != FAULT_REPLY_CLOSE)
		snprintf(size, sizeof(size), "Content-Length: %zu\r\n", length);
	int head_length = snprintf(head, sizeof(head), "HTTP/1.1 %d Whatever\r\n%s%s\r\n",
				   rule->status ? rule->status : 200, size,
				   rule->headers ? rule->headers : "");
	fault_send(fd, head, (size_t)head_length);
	fault_send(fd, body, rule->action == FAULT_CUT ? length / 2 : length);
	return rule->action == FAULT_REPLY;
}

/* Length of the whole request at the start of the bytes; 0: it is not whole yet. */
static size_t fault_whole(const struct fault_peer *p)
{
	const char *end = p->length ? strstr(p->bytes, "\r\n\r\n") : NULL;
	const char *announced = end ? strcasestr(p->bytes, "\r\nContent-Length:") : NULL;
	size_t whole;

	if (!end)
		return 0;
	whole = (size_t)(end - p->bytes) + 4;
	if (announced && announced < end)
		whole += strtoul(announced + 17, NULL, 10);
	return p->length >= whole ? whole : 0;
}

static const struct fault_rule *fault_choose(struct fault_server *s, const char *text)
{
	static const struct fault_rule none = {"", FAULT_REPLY, 0, 500, NULL, "no rule fits"};
	char line[2048];

	snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\r"), text);
	for (int i = 0; s->rules[i].match; i++) {
		if (s->rules[i].times && s->used[i] >= s->rules[i].times)
			continue;
		if (strstr(line, s->rules[i].match)) {
			s->used[i]++;
			return &s->rules[i];
		}
	}
	return &none;
}

static bool fault_serve(struct fault_server *s, struct fault_peer *p)
{
	for (size_t whole; (whole = fault_whole(p)) > 0;) {
		pthread_mutex_lock(&s->lock);
		char *text = strndup(p->bytes, whole);
		const struct fault_rule *rule = fault_choose(s, text);
		if (s->seen_count < FAULT_SEEN)
			s->seen[s->seen_count++] = (struct fault_seen){p->number, text};
		else
			free(text);
		pthread_mutex_unlock(&s->lock);
		memmove(p->bytes, p->bytes + whole, p->length - whole + 1);
		p->length -= whole;
		if (!fault_act(rule, p->fd))
			return false;
	}
	return true;
}

static bool fault_receive(struct fault_server *s, struct fault_peer *p)
{
	char chunk[65536];
	ssize_t got = recv(p->fd, chunk, sizeof(chunk), 0);

	if (got <= 0)
		return false;
	p->bytes = realloc(p->bytes, p->length + (size_t)got + 1);
	memcpy(p->bytes + p->length, chunk, (size_t)got);
	p->length += (size_t)got;
	p->bytes[p->length] = '\0';
	return fault_serve(s, p);
}

static void fault_close(struct fault_server *s, int index)
{
	close(s->peers[index].fd);
	free(s->peers[index].bytes);
	s->peers[index] = s->peers[--s->peer_count];
}

static void *fault_run(void *data)
{
	struct fault_server *s = data;

	for (;;) {
		struct pollfd fds[FAULT_CONNECTIONS + 2] = {{s->stop[0], POLLIN, 0},
							    {s->listener, POLLIN, 0}};
		for (int i = 0; i < s->peer_count; i++)
			fds[i + 2] = (struct pollfd){s->peers[i].fd, POLLIN, 0};
		if (s->peer_count == FAULT_CONNECTIONS)
			fds[1].fd = -1;
		if (poll(fds, (nfds_t)s->peer_count + 2, -1) < 0)
			continue;
		if (fds[0].revents)
			return NULL;
		for (int i = s->peer_count - 1; i >= 0; i--)
			if (fds[i + 2].revents && !fault_receive(s, &s->peers[i]))
				fault_close(s, i);
		if (fds[1].revents) {
			static const int on = 1;
			int fd = accept(s->listener, NULL, NULL);
			/* Head and body are sent apart: without this each answer costs 40 ms. */
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
			s->peers[s->peer_count++] = (struct fault_peer){fd, s->accepted++, NULL, 0};
		}
	}
}

/* Listen on a free port of loopback; returns the socket. Beyond `backlog` and one, connections that
 * nobody accepts have to wait. */
static int fault_listen(int *port, int backlog)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
	    listen(fd, backlog) != 0 || getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		abort();
	*port = ntohs(address.sin_port);
	return fd;
}

static void fault_start(struct fault_server *s, const struct fault_rule *rules)
{
	memset(s, 0, sizeof(*s));
	s->rules = rules;
	pthread_mutex_init(&s->lock, NULL);
	s->listener = fault_listen(&s->port, 64);
	if (pipe(s->stop) != 0 || pthread_create(&s->thread, NULL, fault_run, s) != 0)
		abort();
}

static void fault_stop(struct fault_server *s)
{
	if (write(s->stop[1], "x", 1) != 1)
		abort();
	pthread_join(s->thread, NULL);
	while (s->peer_count)
		fault_close(s, 0);
	for (int i = 0; i < s->seen_count; i++)
		free(s->seen[i].text);
	close(s->listener);
	close(s->stop[0]);
	close(s->stop[1]);
	pthread_mutex_destroy(&s->lock);
}

/* How many requests have arrived whose head or body contains `part`. */
static int fault_count(struct fault_server *s, const char *part)
{
	int count = 0;

	pthread_mutex_lock(&s->lock);
	for (int i = 0; i < s->seen_count; i++)
		count += strstr(s->seen[i].text, part) != NULL;
	pthread_mutex_unlock(&s->lock);
	return count;
}

#endif
