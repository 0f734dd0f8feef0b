/*
 * A telephone provider that costs nothing: the routes of Hamsa that a run needs, answered from
 * memory by one epoll loop. It is the other side of every figure that has HTTP in it, for nida and
 * for the bare reference alike, and shares no code with nida.
 *
 * Every call rings for a quarter of --call-ms and then talks; all last equally long, so the live
 * ones are always the newest ones, and the index of a call is part of its id. Lists show the newest
 * call first. GET /bench tells what was counted since the last POST /bench, which forgets all.
 *
 * usage: server PORT-FILE CALL-MS
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define REQUEST_MAX ((size_t)64 << 10)
#define REPLY_MAX   ((size_t)256 << 10)
#define EVENTS_MAX  256
#define LINES_MAX   200

struct call {
	int64_t made_us;      /* monotonic */
	int64_t made_wall_ms; /* as lists show it */
	char to[24];
	char ref[33];
};

struct connection {
	int fd;
	size_t length;
	char request[REQUEST_MAX + 1];
};

struct counts {
	int64_t posts;
	int64_t reads;
	int64_t pages;
	int64_t others;
	int64_t first_post_us;
	int64_t last_read_us;
	int64_t most_live;
};

struct server {
	int epoll;
	int listener;
	int64_t call_us;
	size_t forgotten; /* the id of calls[0]; none is ever given again */
	size_t count;
	size_t room;
	size_t oldest_live; /* of `calls` */
	struct call *calls;
	struct counts counts;
	size_t length; /* of the body that is being written */
	char body[REPLY_MAX];
	char out[REPLY_MAX + 256];
};

static void die(const char *what)
{
	fprintf(stderr, "bench server: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_us(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void say(struct server *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(struct server *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int length = vsnprintf(s->body + s->length, REPLY_MAX - s->length, fmt, args);
	va_end(args);
	if (length < 0 || (size_t)length >= REPLY_MAX - s->length) {
		fputs("bench server: a reply is too long\n", stderr);
		exit(1);
	}
	s->length += (size_t)length;
}

/* The whole of it, however long the other side takes to read. */
static bool send_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
		if (sent < 0 && errno == EAGAIN) {
			struct pollfd room = {.fd = fd, .events = POLLOUT};
			poll(&room, 1, 1000);
			continue;
		}
		if (sent <= 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

static bool reply(struct server *s, int fd, int status)
{
	int head = snprintf(s->out, sizeof(s->out),
			    "HTTP/1.1 %d x\r\nContent-Type: application/json\r\n"
			    "Content-Length: %zu\r\n\r\n",
			    status, s->length);

	memcpy(s->out + head, s->body, s->length);
	return send_all(fd, s->out, (size_t)head + s->length);
}

/* ---- the calls ------------------------------------------------------------------------------- */

static void moment(int64_t wall_ms, char out[32])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;
	char day[24];

	gmtime_r(&seconds, &tm);
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out, 32, "%s.%03dZ", day, (int)(wall_ms % 1000));
}

/* Copy what stands between `name` and the next quote. */
static void copy_value(const char *body, const char *name, char *out, size_t size)
{
	const char *at = strstr(body, name);

	if (at)
		snprintf(out, size, "%.*s", (int)strcspn(at + strlen(name), "\""),
			 at + strlen(name));
}

static void say_id(struct server *s, size_t index)
{
	size_t id = s->forgotten + index;

	say(s, "%08zx-0000-4000-8000-%012zx", id, id);
}

static void place(struct server *s, const char *body)
{
	int64_t now = now_us(CLOCK_MONOTONIC);

	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 4096;
		s->calls = realloc(s->calls, s->room * sizeof(*s->calls));
		if (!s->calls)
			die("no memory for calls");
	}
	struct call *call = &s->calls[s->count];
	*call = (struct call){.made_us = now, .made_wall_ms = now_us(CLOCK_REALTIME) / 1000};
	copy_value(body, "\"toNumber\":\"", call->to, sizeof(call->to));
	copy_value(body, "\"nidaRef\":\"", call->ref, sizeof(call->ref));
	if (s->counts.posts++ == 0)
		s->counts.first_post_us = now;
	say(s, "{\"success\":true,\"message\":\"success\",\"data\":{\"voiceAgentId\":"
	       "\"d949f13f-40d2-4e48-ac86-b66633070603\",\"jobId\":\"");
	say_id(s, s->count++);
	say(s, "\"}}");
}

static const char *status_of(const struct server *s, const struct call *call, int64_t now)
{
	int64_t age = now - call->made_us;

	return age >= s->call_us ? "COMPLETED" : age >= s->call_us / 4 ? "IN_PROGRESS" : "PENDING";
}

static void forget_ended(struct server *s, int64_t now)
{
	while (s->oldest_live < s->count && now - s->calls[s->oldest_live].made_us >= s->call_us)
		s->oldest_live++;
	int64_t live = (int64_t)(s->count - s->oldest_live);
	if (live > s->counts.most_live)
		s->counts.most_live = live;
}

static void list(struct server *s, const char *target)
{
	const char *page_text = strstr(target, "page=");
	size_t page = page_text ? (size_t)strtoul(page_text + 5, NULL, 10) : 1;
	size_t skip = (page - 1) * LINES_MAX;
	int64_t now = now_us(CLOCK_MONOTONIC);
	const char *comma = "";

	s->counts.pages++;
	forget_ended(s, now);
	size_t oldest = strstr(target, "status=") ? s->oldest_live : 0;
	say(s,
	    "{\"success\":true,\"message\":\"success\",\"data\":{\"total\":%zu,\"filtered\":%zu,"
	    "\"calls\":[",
	    s->count, s->count - oldest);
	for (size_t i = skip; i < skip + LINES_MAX && i < s->count - oldest; i++) {
		size_t index = s->count - 1 - i;
		const struct call *call = &s->calls[index];
		char made[32];
		moment(call->made_wall_ms, made);
		say(s, "%s{\"id\":\"", comma);
		say_id(s, index);
		say(s,
		    "\",\"createdAt\":\"%s\",\"status\":\"%s\",\"voiceAgentId\":"
		    "\"d949f13f-40d2-4e48-ac86-b66633070603\",\"agentName\":\"Reminder\","
		    "\"duration\":0,\"channelType\":\"Telephone\",\"callParams\":"
		    "{\"machineNumber\":\"+96824000000\",\"userNumber\":\"%s\"}}",
		    made, status_of(s, call, now), call->to);
		comma = ",";
	}
	say(s, "]}}");
}

static void say_result(struct server *s, int64_t made_ms)
{
	static const char *const said[] = {
		"{\"Agent\":\"السلام عليكم، معك سدرة للاتصالات. هل أتحدث مع صاحب الحساب؟\"}",
		"{\"User\":\"نعم، تفضل.\"}",
		"{\"Agent\":\"لديك مبلغ مستحق قدره 12.500 ريال، موعد سداده الخميس القادم.\"}",
		"{\"User\":\"سأدفع يوم الأربعاء إن شاء الله.\"}",
		"{\"Agent\":\"شكرا لك. سجلت يوم الأربعاء. هل هناك شيء آخر؟\"}",
		"{\"User\":\"لا، شكرا.\"}",
	};

	say(s,
	    "\"jobResponse\":{\"callStartedAt\":%" PRId64 ",\"callEndedAt\":%" PRId64
	    ",\"outcomeResult\":{\"promisedDate\":\"2026-12-02\",\"disposition\":\"will_pay\"},"
	    "\"transcription\":[",
	    made_ms + 4000, made_ms + 60000);
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		say(s, "%s%s", i ? "," : "", said[i]);
	say(s, "]},");
}

static bool converse(struct server *s, const char *id)
{
	size_t index = (size_t)strtoull(id, NULL, 16) - s->forgotten;
	int64_t now = now_us(CLOCK_MONOTONIC);
	char made[32];

	if (index >= s->count)
		return false;
	const struct call *call = &s->calls[index];
	bool over = now - call->made_us >= s->call_us;
	s->counts.reads++;
	s->counts.last_read_us = now;
	moment(call->made_wall_ms, made);
	say(s, "{\"success\":true,\"message\":\"success\",\"data\":{\"id\":\"");
	say_id(s, index);
	say(s,
	    "\",\"status\":\"%s\",\"type\":\"VOICE_AGENTS\",\"processingType\":\"real-time\","
	    "\"voiceAgentId\":\"d949f13f-40d2-4e48-ac86-b66633070603\",\"createdAt\":\"%s\","
	    "\"channelType\":\"TELEPHONE\",\"mediaUrl\":%s,\"callParams\":{\"userNumber\":"
	    "\"%s\",\"machineNumber\":\"+96824000000\"},\"callDuration\":%d,",
	    status_of(s, call, now), made, over ? "\"https://recordings.invalid/1.mp3\"" : "null",
	    call->to, over ? 56 : 0);
	if (over)
		say_result(s, call->made_wall_ms);
	say(s, "\"params\":{\"nidaRef\":\"%s\"},\"totalCost\":0.05}}", call->ref);
	return true;
}

/* ---- requests -------------------------------------------------------------------------------- */

static void tell_counts(struct server *s)
{
	const struct counts *c = &s->counts;

	say(s,
	    "{\"posts\":%" PRId64 ",\"reads\":%" PRId64 ",\"pages\":%" PRId64 ",\"others\":%" PRId64
	    ",\"first_post_us\":%" PRId64 ",\"last_read_us\":%" PRId64 ",\"most_live\":%" PRId64
	    ",\"now_us\":%" PRId64 "}",
	    c->posts, c->reads, c->pages, c->others, c->first_post_us, c->last_read_us,
	    c->most_live, now_us(CLOCK_MONOTONIC));
}

/* The moments of the POSTs in µs after the first, a page of them at a time. */
static void tell_starts(struct server *s, const char *from_text)
{
	size_t from = (size_t)strtoul(from_text, NULL, 10);

	say(s, "[");
	for (size_t i = from; i < s->count && i < from + 10000; i++)
		say(s, "%s%" PRId64, i > from ? "," : "",
		    s->calls[i].made_us - s->calls[0].made_us);
	say(s, "]");
}

static int answer_get(struct server *s, const char *target)
{
	static const char conversation[] = "/v1/voice-agents/conversation/";

	if (strncmp(target, conversation, strlen(conversation)) == 0)
		return converse(s, target + strlen(conversation)) ? 200 : 404;
	if (strstr(target, "minimal-list")) {
		list(s, target);
	} else if (strncmp(target, "/bench/starts/", 14) == 0) {
		tell_starts(s, target + 14);
	} else if (strncmp(target, "/bench", 6) == 0) {
		tell_counts(s);
	} else if (strstr(target, "by-api-key")) {
		s->counts.others++;
		say(s, "{\"success\":true,\"data\":{\"id\":\"bench\",\"name\":\"bench\","
		       "\"isDeactivated\":false}}");
	} else {
		s->counts.others++;
		say(s,
		    "{\"success\":true,\"data\":{\"id\":\"d949f13f-40d2-4e48-ac86-b66633070603\","
		    "\"name\":\"Reminder\",\"callSettings\":{\"maxCallDuration\":3600}}}");
	}
	return 200;
}

static int answer_post(struct server *s, const char *target, const char *body)
{
	if (strncmp(target, "/bench", 6) != 0) {
		place(s, body);
		return 200;
	}
	s->call_us = strtoll(body, NULL, 10) * 1000;
	s->forgotten += s->count;
	s->count = 0;
	s->oldest_live = 0;
	s->counts = (struct counts){0};
	tell_counts(s);
	return 200;
}

static size_t body_length(const char *head)
{
	const char *at = strcasestr(head, "content-length:");

	return at ? (size_t)strtoul(at + 15, NULL, 10) : 0;
}

/* Answer the first whole request of a connection. False: there is none yet, or it is over. */
static bool take_request(struct server *s, struct connection *c, bool *over)
{
	char *end = strstr(c->request, "\r\n\r\n");
	if (!end)
		return false;
	*end = '\0';
	size_t head = (size_t)(end - c->request) + 4;
	size_t body = body_length(c->request);
	if (c->length < head + body) {
		*end = '\r';
		return false;
	}

	bool post = strncmp(c->request, "POST ", 5) == 0;
	const char *target = c->request + (post ? 5 : 4);
	char kept = c->request[head + body];
	c->request[head + body] = '\0';
	s->length = 0;
	int status = post ? answer_post(s, target, c->request + head) : answer_get(s, target);
	*over = !reply(s, c->fd, status);
	c->request[head + body] = kept;
	c->length -= head + body;
	memmove(c->request, c->request + head + body, c->length + 1);
	return !*over;
}

static void hang_up(struct connection *c)
{
	close(c->fd);
	free(c);
}

static void hear(struct server *s, struct connection *c)
{
	bool over = false;
	ssize_t got = recv(c->fd, c->request + c->length, REQUEST_MAX - c->length, 0);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		hang_up(c);
		return;
	}
	c->length += (size_t)got;
	c->request[c->length] = '\0';
	while (take_request(s, c, &over))
		;
	if (over || c->length == REQUEST_MAX)
		hang_up(c);
}

static void welcome(struct server *s)
{
	int on = 1;
	int fd = accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	struct connection *c = calloc(1, sizeof(*c));
	if (!c)
		die("no memory for a connection");
	c->fd = fd;
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		die("epoll");
}

static void listen_on_loopback(struct server *s, const char *port_file)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	struct epoll_event event = {.events = EPOLLIN};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&address, size) != 0 ||
	    listen(s->listener, 512) != 0 ||
	    getsockname(s->listener, (struct sockaddr *)&address, &size) != 0)
		die("listen");
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll < 0 || epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->listener, &event) != 0)
		die("epoll");

	FILE *file = fopen(port_file, "w");
	if (!file || fprintf(file, "%d\n", ntohs(address.sin_port)) < 0 || fclose(file) != 0)
		die(port_file);
}

int main(int argc, char **argv)
{
	struct server *s = calloc(1, sizeof(*s));
	struct epoll_event events[EVENTS_MAX];

	if (argc != 3 || !s) {
		fputs("usage: server PORT-FILE CALL-MS\n", stderr);
		return 2;
	}
	s->call_us = strtoll(argv[2], NULL, 10) * 1000;
	/* A ledger may have met an earlier server: there is room for a million calls of each. */
	s->forgotten = (size_t)(now_us(CLOCK_REALTIME) / 1000000 % 4096) << 20;
	listen_on_loopback(s, argv[1]);
	for (;;) {
		int count = epoll_wait(s->epoll, events, EVENTS_MAX, -1);
		for (int i = 0; i < count; i++) {
			if (events[i].data.ptr)
				hear(s, events[i].data.ptr);
			else
				welcome(s);
		}
	}
}
