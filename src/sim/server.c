#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <microhttpd.h>

#include "base/log.h"
#include "sim/server.h"

#define UPLOAD_MAX           (1024 * 1024)
#define CONNECTIONS_MAX      1000
#define CONNECTION_TIMEOUT_S 120u
#define LONGEST_WAIT_MS      1000

struct server {
	struct sim *sim;
	struct MHD_Daemon *daemon;
	int epoll_fd;
	int port;
};

/* One request while it arrives. */
struct upload {
	struct buf body;
	struct arena arena;
	struct sim_arg *args;
	size_t arg_count;
	size_t arg_room;
};

static enum MHD_Result collect_arg(void *data, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	struct upload *upload = data;

	(void)kind;
	if (upload->arg_count == upload->arg_room)
		return MHD_NO;
	upload->args[upload->arg_count++] = (struct sim_arg){name, value ? value : ""};
	return MHD_YES;
}

static void read_args(struct MHD_Connection *connection, struct upload *upload)
{
	int count = MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, NULL, NULL);

	upload->arg_room = count > 0 ? (size_t)count : 0;
	upload->args = arena_array(&upload->arena, upload->arg_room + 1, sizeof(*upload->args));
	MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, collect_arg, upload);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* Who the Basic authorization says it is, copied into the request's arena. */
static void read_basic(struct MHD_Connection *connection, struct sim_request *request)
{
	char *password = NULL;
	char *user = MHD_basic_auth_get_username_password(connection, &password);

	if (user)
		request->user = arena_strdup(request->arena, user);
	if (password)
		request->password = arena_strdup(request->arena, password);
	MHD_free(user);
	MHD_free(password);
}

static void add_headers(struct MHD_Response *response, const struct sim_reply *reply)
{
	char seconds[32];

	MHD_add_response_header(response, "Content-Type", reply->type);
	if (reply->ranges)
		MHD_add_response_header(response, "Accept-Ranges", "bytes");
	if (reply->etag[0])
		MHD_add_response_header(response, "ETag", reply->etag);
	if (reply->content_range[0])
		MHD_add_response_header(response, "Content-Range", reply->content_range);
	if (reply->retry_after_ms > 0) {
		snprintf(seconds, sizeof(seconds), "%lld",
			 (long long)(reply->retry_after_ms + 999) / 1000);
		MHD_add_response_header(response, "Retry-After", seconds);
	}
}

/* A body that is sent slowly, or not to its end. */
struct trickle {
	struct buf body;
	size_t cut; /* 0: to its end */
	int64_t slow_ms;
	struct clock clock; /* the system's: a clock that runs faster would send faster */
	struct mono began;
};

/* How much of it may be sent by now. */
static size_t trickle_due(const struct trickle *t)
{
	if (t->slow_ms == 0)
		return t->body.length;
	int64_t passed_ms = mono_since(t->began, clock_mono(&t->clock)) / 1000;
	return passed_ms >= t->slow_ms
		       ? t->body.length
		       : (size_t)((double)t->body.length * (double)passed_ms / (double)t->slow_ms);
}

static ssize_t trickle_read(void *data, uint64_t at, char *out, size_t room)
{
	static const struct timespec little = {0, 2000000};
	const struct trickle *t = data;
	size_t due = trickle_due(t);

	if (t->cut > 0 && at >= t->cut)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (t->cut > 0 && due > t->cut)
		due = t->cut;
	if (at >= due) {
		/* The library asks again at once; the others can spare two milliseconds. */
		nanosleep(&little, NULL);
		return 0;
	}
	if (room > due - at)
		room = due - at;
	memcpy(out, t->body.data + at, room);
	return (ssize_t)room;
}

static void trickle_free(void *data)
{
	struct trickle *t = data;

	buf_free(&t->body);
	free(t);
}

static struct MHD_Response *trickle_response(const struct sim_reply *reply)
{
	struct trickle *t = xcalloc(1, sizeof(*t));

	t->body = reply->body;
	t->cut = reply->cut;
	t->slow_ms = reply->slow_ms;
	clock_init_system(&t->clock);
	t->began = clock_mono(&t->clock);
	return MHD_create_response_from_callback(t->body.length, 65536, trickle_read, t,
						 trickle_free);
}

/* Takes the reply's body over. */
static enum MHD_Result send_reply(struct MHD_Connection *connection, struct sim_reply *reply)
{
	struct MHD_Response *response =
		reply->cut > 0 || reply->slow_ms > 0
			? trickle_response(reply)
			: MHD_create_response_from_buffer(reply->body.length, reply->body.data,
							  MHD_RESPMEM_MUST_FREE);

	if (response == NULL)
		BUG("no response could be made of %zu bytes", reply->body.length);
	add_headers(response, reply);
	enum MHD_Result result = MHD_queue_response(connection, (unsigned)reply->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result answer(struct server *server, struct MHD_Connection *connection,
			      const char *url, const char *method, struct upload *upload)
{
	struct sim *sim = server->sim;
	struct sim_reply reply;

	read_args(connection, upload);
	struct sim_request request = {
		.method = method,
		.path = url,
		.args = upload->args,
		.arg_count = upload->arg_count,
		.authorization = header(connection, "Authorization"),
		.range = header(connection, "Range"),
		.if_range = header(connection, "If-Range"),
		.body = upload->body.data,
		.body_length = upload->body.length,
		.too_large = upload->body.overflow,
		.now_ms = clock_wall_ms(sim->clock),
		.arena = &upload->arena,
	};
	read_basic(connection, &request);
	sim_answer(sim, &request, &reply);
	if (sim->options->log)
		log_info("%s %s%s%s: %s%d", method, url, reply.masked ? " to " : "",
			 reply.masked ? reply.masked : "", reply.drop ? "dropped, " : "",
			 reply.status);
	if (reply.drop) {
		/* Without a response the library closes the connection: the answer is lost. */
		buf_free(&reply.body);
		return MHD_NO;
	}
	return send_reply(connection, &reply);
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *bytes,
				  size_t *length, void **state)
{
	struct upload *upload = *state;

	(void)version;
	if (upload == NULL) {
		upload = xcalloc(1, sizeof(*upload));
		buf_init(&upload->body, UPLOAD_MAX);
		*state = upload;
		return MHD_YES;
	}
	if (*length > 0) {
		buf_add(&upload->body, bytes, *length);
		*length = 0;
		return MHD_YES;
	}
	return answer(data, connection, url, method, upload);
}

static void on_completed(void *data, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct upload *upload = *state;

	(void)data;
	(void)connection;
	(void)code;
	if (upload == NULL)
		return;
	buf_free(&upload->body);
	arena_free(&upload->arena);
	free(upload);
	*state = NULL;
}

bool server_open(struct sim *sim, int port, struct server **out, struct err *e)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	struct server *server = xcalloc(1, sizeof(*server));

	server->sim = sim;
	server->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, server,
					  MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
					  MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
					  MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
					  MHD_OPTION_CONNECTION_TIMEOUT, CONNECTION_TIMEOUT_S,
					  MHD_OPTION_END);
	if (server->daemon == NULL) {
		free(server);
		return err_set(e, ERR_FAILED,
			       "Cannot listen on 127.0.0.1 port %d: %s. Give another --port, or "
			       "--port 0 for any that is free.",
			       port, strerror(errno));
	}
	server->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
	server->epoll_fd = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	snprintf(sim->origin, sizeof(sim->origin), "http://127.0.0.1:%d", server->port);
	*out = server;
	return true;
}

int server_port(const struct server *server)
{
	return server->port;
}

/* Real milliseconds until something happens in the simulated world or in the library. */
static int64_t wait_ms(struct server *server, int64_t now_ms)
{
	const struct sim *sim = server->sim;
	int64_t next_ms = network_next_event_ms(sim->network);
	int64_t wait = LONGEST_WAIT_MS;
	MHD_UNSIGNED_LONG_LONG library;

	if (next_ms != INT64_MAX) {
		double real = (double)(next_ms - now_ms) / sim->clock->speed;
		if (real < (double)wait)
			wait = real > 0 ? (int64_t)real + 1 : 0;
	}
	if (MHD_get_timeout(server->daemon, &library) == MHD_YES && (int64_t)library < wait)
		wait = (int64_t)library;
	return wait;
}

bool server_run(struct server *server, const volatile sig_atomic_t *stop, const sigset_t *waiting,
		struct err *e)
{
	struct pollfd poll_fd = {.fd = server->epoll_fd, .events = POLLIN};

	while (!*stop) {
		int64_t now_ms = clock_wall_ms(server->sim->clock);
		network_advance(server->sim->network, now_ms);

		int64_t wait = wait_ms(server, now_ms);
		struct timespec timeout = {wait / 1000, wait % 1000 * 1000000};
		if (ppoll(&poll_fd, 1, &timeout, waiting) < 0 && errno != EINTR)
			return err_set(e, ERR_FAILED, "Waiting for requests failed: %s.",
				       strerror(errno));
		if (MHD_run(server->daemon) != MHD_YES)
			return err_set(e, ERR_FAILED, "The HTTP server failed.");
	}
	return true;
}

void server_close(struct server *server)
{
	MHD_stop_daemon(server->daemon);
	free(server);
}
