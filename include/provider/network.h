/*
 * A Hamsa with a telephone network behind it, in memory: the world that nida-sim serves over
 * HTTP, that a rehearsal runs in, and that a storm test questions afterwards.
 *
 * Pure: seeded, the time is an argument, nothing is read or written. Time is later than 1970 and
 * never goes back: an earlier `now_ms` than the last one counts as the last one. What a customer
 * does (picks up? talks how long? says what?) follows from the seed, the number and how many
 * calls it had before, so it does not depend on the order of requests; what goes wrong with a
 * placing follows from the seed, the number and how often it was asked for.
 *
 * The record keeps every placing ever asked for, also those that came to nothing (created_ms 0).
 * Its calls, and all texts below them, belong to the network and stay where they are until
 * network_free().
 *
 * Costs: O(log n) for an event, a placing, a read; a list looks only at calls within its time
 * limits, and a list of live calls only at live ones.
 */
#ifndef NIDA_PROVIDER_NETWORK_H
#define NIDA_PROVIDER_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "model/call.h"
#include "model/scenario.h"

/* What can go wrong; each has a share (0..1) in the configuration and a bit in
 * network_call.faults. */
enum network_fault {
	/* The first eight happen to a placing, one at most: their shares add up to ≤ 1. */
	NETWORK_LOST_ANSWER,   /* the call is made, its answer never arrives */
	NETWORK_LOST_REQUEST,  /* no call is made and no answer arrives */
	NETWORK_LATE_CREATION, /* no answer arrives; the call is made up to `late_ms` later */
	NETWORK_ERROR_500,     /* the call is made, the answer is an error 500 */
	NETWORK_HTML_502,      /* a gateway's page; half of these calls are made all the same */
	NETWORK_NO_ID,         /* the call is made, the answer is a success without an id */
	NETWORK_TOO_MANY,      /* 429: no call; also what a placing over `live_limit` gets */
	NETWORK_BAD_ROW,       /* 400: no call; also what `bad_numbers` get */
	NETWORK_PLACING_FAULTS,

	/* The next ones happen to a call once it is made, each by its own share. */
	NETWORK_STUCK = NETWORK_PLACING_FAULTS, /* it never ends by itself */
	NETWORK_GONE,                           /* once over, reading it gives 404 */
	NETWORK_LATE_TRANSCRIPT, /* `transcript_reads` readings of it, once over, lack the result */
	NETWORK_UNKNOWN_WORD,    /* while live, its status is a word that nobody knows */
	NETWORK_FORWARDED,       /* if answered, it ends as FORWARDED */
	NETWORK_NO_COST,         /* its cost is never said */
	NETWORK_LOCKED,          /* Twilio refuses to end it */

	/* The last ones happen to a single request, not to a call. */
	NETWORK_READ_ERROR,    /* a reading that gives 500 */
	NETWORK_DUPLICATE_ROW, /* a line that stands twice in the list */
	NETWORK_FAULT_COUNT,
};

/* "lost-answer", "stuck", …: as given to nida-sim. */
const char *network_fault_name(enum network_fault fault);
bool network_fault_from_name(const char *name, enum network_fault *out);

struct network_config {
	uint64_t seed;
	struct rehearsal_rates rates; /* who answers, how long they talk, what a minute costs */
	int64_t ring_min_ms;          /* before somebody picks up */
	int64_t ring_max_ms;          /* unanswered calls ring this long */
	double share[NETWORK_FAULT_COUNT];
	int64_t late_ms;        /* NETWORK_LATE_CREATION */
	int64_t retry_after_ms; /* NETWORK_TOO_MANY */
	int transcript_reads;   /* NETWORK_LATE_TRANSCRIPT */
	int64_t stale_list_ms;  /* the list shows the world as it was so long ago */
	int64_t live_limit;     /* 0: none */
	size_t bad_count;       /* numbers that are always refused */
	const char *const *bad_numbers;
	const char *recording_base; /* "http://127.0.0.1:8080/recordings/"; copied */
};

/* Sensible figures, no faults. */
void network_config_init(struct network_config *config);

#define NETWORK_ID_SIZE 37 /* a UUID and a NUL */

struct network_call {
	char id[NETWORK_ID_SIZE];
	const char *to;
	const char *from;     /* NULL: Hamsa's default numbers */
	const char *agent_id; /* NULL: described inline */
	size_t param_count;
	const char *const *param_names;
	const char *const *param_values;
	int64_t asked_ms;
	int64_t created_ms;      /* 0: no call was made (yet) */
	int64_t answered_ms;     /* 0: nobody picked up (yet) */
	int64_t ended_ms;        /* 0: not over */
	enum call_status status; /* as it is now; CALL_UNKNOWN while there is no call */
	unsigned faults;         /* 1u << enum network_fault, of all that happened to it */
	bool answer_known;       /* the caller was told how the placing went */
};

/* NULL when the call has no such parameter. */
const char *network_call_param(const struct network_call *call, const char *name);

struct network;

struct network *network_new(const struct network_config *config);
void network_free(struct network *n);

enum network_event {
	NETWORK_ASKED,    /* a placing arrived */
	NETWORK_CREATED,  /* the call exists and rings */
	NETWORK_ANSWERED, /* somebody picked up */
	NETWORK_ENDED,    /* it is over, whoever ended it */
	NETWORK_ENDING,   /* somebody asked to end it; NETWORK_ENDED follows if it was live */
};

/* Be told of every event, in the order they happen; NULL: nobody is. */
typedef void network_observer(void *data, enum network_event event, int64_t at_ms,
			      const struct network_call *call);
void network_observe(struct network *n, network_observer *observer, void *data);

/* Let everything happen that is due by `now_ms`. All functions that take a time do this first. */
void network_advance(struct network *n, int64_t now_ms);

/* When the next thing happens by itself; INT64_MAX: nothing will. */
int64_t network_next_event_ms(struct network *n);

struct network_order {
	const char *to;
	const char *from;
	const char *agent_id;
	size_t param_count;
	const char *const *param_names;
	const char *const *param_values;
};

enum network_answer {
	NETWORK_ACCEPTED, /* a success with the id of the call */
	NETWORK_NAMELESS, /* a success without one */
	NETWORK_REFUSED,  /* status 400 or 429: no call was made */
	NETWORK_BROKEN,   /* status 500 */
	NETWORK_PAGE,     /* status 502 and a page of HTML */
	NETWORK_LOST,     /* no answer at all */
};

struct network_reply {
	enum network_answer answer;
	int status;                      /* of HTTP; 0 when NETWORK_LOST */
	const char *words;               /* what went wrong, "" if nothing did */
	int64_t retry_after_ms;          /* 0: not said */
	const struct network_call *call; /* the entry of the record; tell its id only if ACCEPTED */
};

/* Ask for a call. Texts of the order are copied. */
void network_place(struct network *n, int64_t now_ms, const struct network_order *order,
		   struct network_reply *out);

#define NETWORK_STATUS(status) (1u << (status))
#define NETWORK_LIVE_STATUSES                                              \
	(NETWORK_STATUS(CALL_PENDING) | NETWORK_STATUS(CALL_IN_PROGRESS) | \
	 NETWORK_STATUS(CALL_UNKNOWN))

struct network_query {
	int64_t from_ms;      /* created at or after; 0: no beginning */
	int64_t to_ms;        /* created at or before; 0: no end */
	unsigned statuses;    /* NETWORK_STATUS() bits; 0: any */
	const char *agent_id; /* NULL: of every agent */
	int page;             /* from 1 */
	int per_page;         /* ≥ 1 */
	bool fresh;           /* no lag and no line twice: as Twilio sees it */
};

struct network_line {
	const struct network_call *call;
	enum call_status status; /* as the list shows it, which may be older than call->status */
	const char *status_text;
	int64_t talk_ms; /* 0: not over, or nobody talked */
};

/* Fill `out` (room for per_page lines) in order of creation; returns how many. *filtered is
 * the number of lines on all pages. */
size_t network_list(struct network *n, int64_t now_ms, const struct network_query *query,
		    struct network_line *out, size_t *filtered);

enum network_reading {
	NETWORK_FOUND,
	NETWORK_UNKNOWN, /* 404: no such call (yet, or any more) */
	NETWORK_NOT_NOW, /* 500: a passing fault */
};

/* The call in full; texts lie in the arena or belong to the network. `raw` and `twilio_sid`
 * are NULL. *call, when asked for, is its entry in the record. */
enum network_reading network_read(struct network *n, int64_t now_ms, const char *id,
				  struct arena *arena, struct call_report *out,
				  const struct network_call **call);

/* The call as it is, without any fault; NULL when there is none. */
const struct network_call *network_find(struct network *n, int64_t now_ms, const char *id);

enum network_ending {
	NETWORK_TERMINATE, /* by Hamsa's own route: ends as TERMINATED */
	NETWORK_HANG_UP,   /* the line drops: ends as COMPLETED, or NO_ANSWER while ringing */
};

enum network_end_result {
	NETWORK_END_DONE,
	NETWORK_END_OVER,    /* it had ended before */
	NETWORK_END_UNKNOWN, /* no such call */
};

enum network_end_result network_end(struct network *n, int64_t now_ms, const char *id,
				    enum network_ending how);

/* Calls that are up now. */
size_t network_live_count(const struct network *n);

/* The record, in the order of asking. */
size_t network_call_count(const struct network *n);
const struct network_call *network_call_at(const struct network *n, size_t index);

#endif
