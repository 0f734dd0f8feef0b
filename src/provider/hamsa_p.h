/*
 * What the files of the Hamsa client share.
 *
 * A job is one request of the engine from its start to its one answer; some need a second request
 * on the way (`step`). hamsa.c owns jobs and sends; the judges fill the answer from a reply and
 * return false when they started a second request instead. All texts of an answer lie in
 * hamsa.arena. A recording is fetched by download.c, which knows nothing of Hamsa and is never
 * given its key.
 */
#ifndef NIDA_PROVIDER_HAMSA_P_H
#define NIDA_PROVIDER_HAMSA_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/call.h"
#include "provider/hamsa.h"
#include "provider/http.h"
#include "provider/provider.h"
#include "download_p.h"

#define HAMSA_REQUEST_MAX HTTP_BODY_MAX

enum hamsa_step {
	HAMSA_FIRST,  /* the request as the engine asked for it */
	HAMSA_SECOND, /* read: the old route; end: looking whether the call is over */
};

struct hamsa_job {
	enum request_kind kind;
	uint64_t token;
	enum hamsa_step step;
	char *id;                  /* call or agent; NULL: none */
	int per_page;              /* of a list */
	bool live_only;            /* of a list */
	struct download *download; /* REQUEST_FETCH */
	struct hamsa_job *next;    /* in hamsa.early */
	struct hamsa_job *newer;   /* in hamsa.jobs */
	struct hamsa_job *older;
};

struct hamsa {
	struct http *http;
	char *root;          /* without /v1, without a slash at its end */
	char *key;           /* for striking it out of words */
	char *authorization; /* the header line */
	char *project_id;    /* NULL: not given */
	long place_timeout_ms;
	long read_timeout_ms;
	struct hamsa_job *early; /* placings that were not sent because their body is too large */
	struct hamsa_job *jobs;  /* all that are not yet answered, the newest first */
	size_t open;             /* jobs not yet answered */
	struct arena arena;
};

/* An answer of http.c, read once for all judges. */
struct hamsa_reply {
	const struct http_answer *http;
	const char *text; /* the body as UTF-8 */
	bool is_html;
	cJSON *json; /* NULL: it is none */
};

/* hamsa.c: a client without the seam around it; NULL when address or key cannot be. */
struct hamsa *hamsa_open(const struct hamsa_config *config, struct err *e);
void hamsa_free(void *self);
/* GET root + path and wait for the answer, with nothing else under way. */
void hamsa_ask(struct hamsa *h, const char *path, struct http_answer *out);
/* GET root + path for this job. */
void hamsa_get(struct hamsa *h, struct hamsa_job *job, const char *path);

/* hamsa_reply.c */
void hamsa_reply_read(struct hamsa *h, const struct http_answer *http, struct hamsa_reply *out);
bool hamsa_reply_is_2xx(const struct hamsa_reply *r);
/* What everything but a placing makes of status and body. */
enum read_verdict hamsa_reply_verdict(const struct hamsa_reply *r);
/* One line for people: what came, with Hamsa's own words. */
const char *hamsa_reply_words(struct hamsa *h, const struct hamsa_reply *r);
/* Hamsa's own message, shortened, without the key, numbers masked; NULL: none. */
const char *hamsa_reply_message(struct hamsa *h, const struct hamsa_reply *r);
/* Is it about credit, balance, quota or billing? */
bool hamsa_reply_about_money(struct hamsa *h, const struct hamsa_reply *r);

/* hamsa_place.c */
const char *hamsa_place_path(const struct place_order *order);
void hamsa_add_order(struct buf *b, const struct place_order *order);
void hamsa_judge_place(struct hamsa *h, const struct hamsa_reply *r, struct answer *out);

/* hamsa_inline.c: the agentDetails of an order without an agent id. */
void hamsa_add_params(struct buf *b, const struct place_order *order);
void hamsa_add_agent_details(struct buf *b, const struct place_order *order);

/* hamsa_list.c */
char *hamsa_list_path(const struct list_query *query);
void hamsa_judge_list(struct hamsa *h, struct hamsa_job *job, const struct hamsa_reply *r,
		      struct answer *out);

/* hamsa_read.c */
char *hamsa_read_path(const char *job_id, const char *verb);
bool hamsa_judge_read(struct hamsa *h, struct hamsa_job *job, const struct hamsa_reply *r,
		      struct answer *out);
bool hamsa_judge_end(struct hamsa *h, struct hamsa_job *job, const struct hamsa_reply *r,
		     struct answer *out);

/* hamsa_account.c */
char *hamsa_agent_path(const char *agent_id);
void hamsa_judge_project(struct hamsa *h, const struct hamsa_reply *r, struct answer *out);
void hamsa_judge_agent(struct hamsa *h, const struct hamsa_job *job, const struct hamsa_reply *r,
		       struct answer *out);

/* hamsa_call.c: the body of a conversation or job reply as a call; false when it holds none. Texts
 * lie in the arena; `raw` and `job_id` are borrowed from the arguments. */
bool hamsa_call_from(const cJSON *root, const char *body, const char *job_id, struct arena *arena,
		     struct call_report *out);

/* hamsa_transcript.c: what was said, from whichever place of the reply has it. */
size_t hamsa_transcript_from(const cJSON *call, struct arena *arena, const struct utterance **out);

#endif
