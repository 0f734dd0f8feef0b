/*
 * nida-sim: the simulated network behind Hamsa's and Twilio's HTTP interfaces.
 *
 * server.c speaks HTTP and knows no routes; route.c finds the handler of a request; the handlers
 * (hamsa_*.c, twilio.c, recording.c, record.c) know no HTTP library, only the two structs below.
 * Everything runs in one thread, one request at a time, so that a handler sees a world that
 * stands still.
 */
#ifndef NIDA_SIM_SIM_H
#define NIDA_SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "provider/network.h"
#include "sim/options.h"

#define SIM_ROUTES_MAX 32
#define SIM_BODY_MAX   (256u * 1024 * 1024)

struct sim {
	const struct options *options;
	const struct clock *clock;
	struct network *network;
	FILE *record;                    /* NULL: no record file */
	bool record_broken;              /* a line could not be written; said once */
	char origin[64];                 /* "http://127.0.0.1:8080" */
	uint64_t counts[SIM_ROUTES_MAX]; /* requests by route; the last one: no such route */
};

struct sim_arg {
	const char *name;
	const char *value;
};

/* One request; texts are borrowed for as long as it is being answered. */
struct sim_request {
	const char *method;
	const char *path;           /* decoded, without the query */
	const struct sim_arg *args; /* the query, decoded; a name may stand more than once */
	size_t arg_count;
	const char *authorization; /* NULL: none */
	const char *user;          /* of Basic authorization; NULL: none */
	const char *password;
	const char *range;    /* NULL: none */
	const char *if_range; /* NULL: none */
	const char *body;     /* NUL-terminated */
	size_t body_length;
	bool too_large;       /* the body was longer than the server takes, and is torn */
	const char *parts[2]; /* what stood for the stars of the route */
	int64_t now_ms;
	struct arena *arena; /* lives as long as the request */
};

struct sim_reply {
	int status;
	const char *type;
	struct buf body;
	bool drop;              /* close the connection without a reply */
	size_t cut;             /* close it after so many bytes of the body; 0: send all of it */
	int64_t slow_ms;        /* real time that sending the body takes; 0: as fast as it goes */
	char etag[48];          /* with its quotes; "": no such header */
	int64_t retry_after_ms; /* 0: no such header */
	bool ranges;            /* say that ranges are understood */
	char content_range[64]; /* "": no such header */
	const char *masked;     /* the phone number for the log, masked; NULL: none */
	char mask[48];
};

typedef void sim_handler(struct sim *sim, const struct sim_request *request,
			 struct sim_reply *reply);

/* A world as the options describe it; `origin` must be set before. */
void sim_open(struct sim *sim);
void sim_close(struct sim *sim);

/* Answer one request. The reply's body is the caller's to free. */
void sim_answer(struct sim *sim, struct sim_request *request, struct sim_reply *reply);

#endif
