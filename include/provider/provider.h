/*
 * The seam between the engine and whoever makes the calls: Hamsa over HTTP, or the rehearsal
 * network in memory.
 *
 * Every request is started with a token of the caller's choice and answered exactly once, through
 * provider_next(), in any order; nothing blocks but provider_wait(). An answer and all its texts
 * are valid until the next provider_next(), provider_wait() or provider_free(). Strings given to a
 * request are copied before it returns.
 *
 * Placing has three kinds of ending, not two. What certainly never reached Hamsa, or was certainly
 * refused, says so; whatever is less than certain is PLACE_IN_DOUBT, and no part of nida may place
 * that call again before it was looked up. A placing is never repeated by the provider itself;
 * reads and lists may be, by the engine, as READ_LATER says.
 */
#ifndef NIDA_PROVIDER_PROVIDER_H
#define NIDA_PROVIDER_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "model/call.h"
#include "model/language.h"
#include "model/scenario.h"

enum request_kind {
	REQUEST_PLACE,   /* start a call */
	REQUEST_LIST,    /* one page of the list of calls */
	REQUEST_READ,    /* one call in full */
	REQUEST_END,     /* end a live call */
	REQUEST_PROJECT, /* is the key good, the project active? */
	REQUEST_AGENT,   /* an agent's limits and placeholders */
	REQUEST_FETCH,   /* a recording, into a file */
};

/* PLACE_IN_DOUBT is the ending of bytes that left and no whole answer that proves anything: none at
 * all, 5xx, a web page of any status (a gateway's), a 2xx without an id. */
enum place_verdict {
	PLACE_ACCEPTED,  /* job_id is set */
	PLACE_NOT_SENT,  /* nothing left this machine: may be tried again */
	PLACE_SLOW_DOWN, /* refused for now (429): nothing was dialled; retry_after_ms may be set */
	PLACE_REFUSED,   /* refused for this row (400, 422): nothing was dialled, words say why */
	PLACE_STOP,      /* refused for every row (401, 402, 403, 404, 409): likewise */
	PLACE_IN_DOUBT,  /* it may have become a call (see above); retry_after_ms may be set */
};

/* A web page comes from a gateway, which knows nothing of calls: READ_LATER, whatever its status;
 * but a 401 stops whoever sends it. */
enum read_verdict {
	READ_OK,
	READ_GONE,  /* Hamsa does not know it (404 on every route); never said of a list */
	READ_LATER, /* a passing fault (network, 5xx, 429): ask again; retry_after_ms may be set */
	READ_STOP,  /* the key or project is refused (401, 403, deactivated) */
};

enum fetch_verdict {
	FETCH_OK,      /* the file is whole, and a recording by its type and its first bytes */
	FETCH_EXPIRED, /* the address is not good (any more); the call may have another by now */
	FETCH_LATER,   /* a passing fault, or no recording (yet): what has come is kept */
	FETCH_REFUSED, /* it can never be had: too large, or from where nida does not fetch */
};

/* For a list of live calls only: statuses asked for is every one that is not final. */
struct list_query {
	int64_t from_ms; /* created at or after */
	int64_t to_ms;   /* created at or before; 0: no end */
	bool live_only;
	const char *agent_id; /* NULL: of every agent */
	int page;             /* from 1 */
	int per_page;         /* 1..200 */
};

struct place_order {
	const char *to;                  /* E.164 */
	const char *from;                /* E.164, or NULL: Hamsa's default numbers */
	const char *agent_id;            /* NULL: the agent is described inline, by `scenario` */
	const struct scenario *scenario; /* read only when agent_id is NULL */
	enum language language;
	size_t param_count; /* everything that goes into `params`, all of it text */
	const char *const *param_names;
	const char *const *param_values;
};

/* Fetch a recording into `path`, mode 0600, no larger than most_bytes. What lies there already is
 * gone on with when `validator` says what it is a part of, and the server agrees; else it is begun
 * anew. */
struct fetch_order {
	const char *url; /* as the provider gave it */
	const char *path;
	const char *validator; /* of the answer before; "" : none */
	int64_t most_bytes;
};

/* What lies in the file now. */
struct fetched {
	int64_t bytes;
	const char *validator; /* "" : not to be gone on with */
	const char *type;      /* FETCH_OK: "audio/mpeg" */
	const char *ending;    /* FETCH_OK: of a file's name: "mp3" */
	const char *sha256;    /* FETCH_OK */
};

struct agent_report {
	const char *id;
	const char *name;
	int64_t max_call_ms; /* 0: not said */
};

struct answer {
	enum request_kind kind;
	uint64_t token;
	enum place_verdict place; /* REQUEST_PLACE */
	enum fetch_verdict fetch; /* REQUEST_FETCH */
	enum read_verdict read;   /* every other kind */
	const char *words;        /* what happened, for people, the provider's own words included;
				     never NULL */
	int64_t retry_after_ms;   /* 0: not said */
	const char *job_id;       /* PLACE_ACCEPTED */
	const char *raw;          /* body as it came, or "" */
	const struct call_report *call; /* REQUEST_READ, READ_OK */
	const struct call_line *lines;  /* REQUEST_LIST, READ_OK */
	size_t line_count;
	bool last_page;                   /* REQUEST_LIST: fewer lines than asked for */
	bool already_over;                /* REQUEST_END, READ_OK: it had ended before */
	const char *project_id;           /* likewise; "" when Hamsa does not say */
	const struct agent_report *agent; /* REQUEST_AGENT, READ_OK */
	const struct fetched *fetched;    /* REQUEST_FETCH */
};

struct provider_ops {
	void (*place)(void *self, uint64_t token, const struct place_order *order);
	void (*list)(void *self, uint64_t token, const struct list_query *query);
	void (*read)(void *self, uint64_t token, const char *job_id);
	void (*end)(void *self, uint64_t token, const char *job_id);
	void (*project)(void *self, uint64_t token);
	void (*agent)(void *self, uint64_t token, const char *agent_id);
	/* NULL where there are no recordings to be had. */
	void (*fetch)(void *self, uint64_t token, const struct fetch_order *order);
	/* Body of the POST that place() would send, for --dry-run and for the ledger; owned by the
	 * caller, who frees it. */
	char *(*render)(void *self, const struct place_order *order);
	/* Sleep until something is finished, a signal arrives, or `us` of the clock have passed. */
	void (*wait)(void *self, int64_t us);
	bool (*next)(void *self, struct answer *out);
	size_t (*in_flight)(void *self);
	size_t (*unsent)(void *self); /* NULL where a placing leaves at once */
	void (*free)(void *self);
};

struct provider {
	const struct provider_ops *ops;
	void *self;
};

void provider_place(struct provider *p, uint64_t token, const struct place_order *order);
void provider_list(struct provider *p, uint64_t token, const struct list_query *query);
void provider_read(struct provider *p, uint64_t token, const char *job_id);
void provider_end(struct provider *p, uint64_t token, const char *job_id);
void provider_project(struct provider *p, uint64_t token);
void provider_agent(struct provider *p, uint64_t token, const char *agent_id);
void provider_fetch(struct provider *p, uint64_t token, const struct fetch_order *order);
char *provider_render(struct provider *p, const struct place_order *order);
void provider_wait(struct provider *p, int64_t us);
bool provider_next(struct provider *p, struct answer *out);
size_t provider_in_flight(struct provider *p);
/* Placings handed over of which no byte has left this machine yet: they wait for a connection, for
 * DNS or for TLS, and should all be lost now, none of them would be a call. */
size_t provider_unsent(struct provider *p);
void provider_free(struct provider *p);

#endif
