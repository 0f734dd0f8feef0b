#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "provider/hamsa.h"
#include "hamsa_p.h"

#define PLACE_TIMEOUT_MS 30000L
#define READ_TIMEOUT_MS  20000L

static struct hamsa_job *job_new(struct hamsa *h, enum request_kind kind, uint64_t token,
				 const char *id)
{
	struct hamsa_job *job = xcalloc(1, sizeof(*job));

	job->kind = kind;
	job->token = token;
	job->id = id ? xstrdup(id) : NULL;
	job->older = h->jobs;
	if (job->older)
		job->older->newer = job;
	h->jobs = job;
	h->open++;
	return job;
}

static void job_free(struct hamsa *h, struct hamsa_job *job)
{
	if (job->newer)
		job->newer->older = job->older;
	else
		h->jobs = job->older;
	if (job->older)
		job->older->newer = job->newer;
	download_free(job->download);
	free(job->id);
	free(job);
	h->open--;
}

static char *url_of(const struct hamsa *h, const char *path)
{
	struct buf url;

	buf_init(&url, HAMSA_REQUEST_MAX);
	buf_adds(&url, h->root);
	buf_adds(&url, path);
	return url.data;
}

/* For this job; or with `out`, at once and for nobody else. */
static void get(struct hamsa *h, const char *path, struct hamsa_job *job, struct http_answer *out)
{
	const char *headers[] = {h->authorization, "Accept: application/json"};
	char *url = url_of(h, path);
	struct http_request request = {
		.method = HTTP_GET,
		.url = url,
		.headers = headers,
		.header_count = COUNT_OF(headers),
		.timeout_ms = h->read_timeout_ms,
		.token = job,
	};

	if (out)
		http_exchange(h->http, &request, out);
	else
		http_send(h->http, &request);
	free(url);
}

void hamsa_get(struct hamsa *h, struct hamsa_job *job, const char *path)
{
	get(h, path, job, NULL);
}

void hamsa_ask(struct hamsa *h, const char *path, struct http_answer *out)
{
	get(h, path, NULL, out);
}

static void hamsa_place(void *self, uint64_t token, const struct place_order *order)
{
	struct hamsa *h = self;
	struct hamsa_job *job = job_new(h, REQUEST_PLACE, token, NULL);
	const char *headers[] = {h->authorization, "Content-Type: application/json",
				 "Accept: application/json"};
	struct buf body;

	buf_init(&body, HAMSA_REQUEST_MAX);
	hamsa_add_order(&body, order);
	if (body.overflow) {
		job->next = h->early;
		h->early = job;
	} else {
		char *url = url_of(h, hamsa_place_path(order));
		http_send(h->http, &(struct http_request){
					   .method = HTTP_POST,
					   .url = url,
					   .headers = headers,
					   .header_count = COUNT_OF(headers),
					   .body = body.data,
					   .body_length = body.length,
					   .timeout_ms = h->place_timeout_ms,
					   .token = job,
				   });
		free(url);
	}
	buf_free(&body);
}

static char *hamsa_render(void *self, const struct place_order *order)
{
	struct buf body;

	(void)self;
	buf_init(&body, HAMSA_REQUEST_MAX);
	hamsa_add_order(&body, order);
	return body.data;
}

static void get_and_free(struct hamsa *h, struct hamsa_job *job, char *path)
{
	hamsa_get(h, job, path);
	free(path);
}

static void hamsa_list(void *self, uint64_t token, const struct list_query *query)
{
	struct hamsa_job *job = job_new(self, REQUEST_LIST, token, NULL);

	job->per_page = query->per_page;
	job->live_only = query->live_only;
	get_and_free(self, job, hamsa_list_path(query));
}

static void hamsa_read(void *self, uint64_t token, const char *job_id)
{
	get_and_free(self, job_new(self, REQUEST_READ, token, job_id), hamsa_read_path(job_id, ""));
}

static void hamsa_end(void *self, uint64_t token, const char *job_id)
{
	get_and_free(self, job_new(self, REQUEST_END, token, job_id),
		     hamsa_read_path(job_id, "/terminate"));
}

static void hamsa_project(void *self, uint64_t token)
{
	hamsa_get(self, job_new(self, REQUEST_PROJECT, token, NULL), "/v1/projects/by-api-key");
}

static void hamsa_agent(void *self, uint64_t token, const char *agent_id)
{
	get_and_free(self, job_new(self, REQUEST_AGENT, token, agent_id),
		     hamsa_agent_path(agent_id));
}

static void hamsa_fetch(void *self, uint64_t token, const struct fetch_order *order)
{
	struct hamsa *h = self;
	struct hamsa_job *job = job_new(h, REQUEST_FETCH, token, NULL);

	job->download = download_new(order, http_is_loopback(h->root));
	if (download_send(job->download, h->http, job))
		return;
	job->next = h->early;
	h->early = job;
}

static void hamsa_wait(void *self, int64_t us)
{
	struct hamsa *h = self;

	http_wait(h->http, h->early ? 0 : us);
}

static bool answer_early(struct hamsa *h, struct answer *out)
{
	struct hamsa_job *job = h->early;

	if (!job)
		return false;
	h->early = job->next;
	*out = (struct answer){.kind = job->kind, .token = job->token, .raw = ""};
	if (job->kind == REQUEST_FETCH) {
		download_judge(job->download, NULL, &h->arena, out);
	} else {
		out->place = PLACE_REFUSED;
		out->words = "The call was not placed: what would have to be sent for it is "
			     "larger than 4 MiB; shorten its params or the prompt.";
	}
	job_free(h, job);
	return true;
}

/* Fill the answer; false: a second request is on its way instead. */
static bool judge(struct hamsa *h, struct hamsa_job *job, const struct hamsa_reply *r,
		  struct answer *out)
{
	*out = (struct answer){.kind = job->kind, .token = job->token};
	out->raw = r->text;
	out->retry_after_ms = r->http->retry_after_ms;
	out->words = hamsa_reply_words(h, r);
	out->read = hamsa_reply_verdict(r);

	switch (job->kind) {
	case REQUEST_PLACE:
		hamsa_judge_place(h, r, out);
		return true;
	case REQUEST_LIST:
		hamsa_judge_list(h, job, r, out);
		return true;
	case REQUEST_READ:
		return hamsa_judge_read(h, job, r, out);
	case REQUEST_END:
		return hamsa_judge_end(h, job, r, out);
	case REQUEST_PROJECT:
		hamsa_judge_project(h, r, out);
		return true;
	case REQUEST_AGENT:
		hamsa_judge_agent(h, job, r, out);
		return true;
	case REQUEST_FETCH:
		break; /* its answer is no reply of Hamsa */
	}
	BUG("a request of kind %d", (int)job->kind);
}

static bool hamsa_next(void *self, struct answer *out)
{
	struct hamsa *h = self;
	struct http_answer http;

	arena_reset(&h->arena);
	if (answer_early(h, out))
		return true;
	while (http_next(h->http, &http)) {
		struct hamsa_job *job = http.token;
		struct hamsa_reply reply;

		if (job->kind == REQUEST_FETCH) {
			*out = (struct answer){.kind = job->kind, .token = job->token, .raw = ""};
			download_judge(job->download, &http, &h->arena, out);
			job_free(h, job);
			return true;
		}
		hamsa_reply_read(h, &http, &reply);
		bool answered = judge(h, job, &reply, out);
		cJSON_Delete(reply.json);
		if (answered) {
			job_free(h, job);
			return true;
		}
	}
	return false;
}

static size_t hamsa_in_flight(void *self)
{
	const struct hamsa *h = self;

	return h->open;
}

static size_t hamsa_unsent(void *self)
{
	const struct hamsa *h = self;

	/* It POSTs nothing but placings. */
	return http_unsent(h->http);
}

void hamsa_free(void *self)
{
	struct hamsa *h = self;

	http_free(h->http);
	while (h->jobs)
		job_free(h, h->jobs);
	arena_free(&h->arena);
	free(h->root);
	free(h->key);
	free(h->authorization);
	free(h->project_id);
	free(h);
}

static const struct provider_ops hamsa_ops = {
	.place = hamsa_place,
	.list = hamsa_list,
	.read = hamsa_read,
	.end = hamsa_end,
	.project = hamsa_project,
	.agent = hamsa_agent,
	.fetch = hamsa_fetch,
	.render = hamsa_render,
	.wait = hamsa_wait,
	.next = hamsa_next,
	.in_flight = hamsa_in_flight,
	.unsent = hamsa_unsent,
	.free = hamsa_free,
};

/* The address without slashes at its end and without /v1, in the arena. */
static bool root_from(const char *base_url, struct arena *arena, char **out, struct err *e)
{
	char *root = text_trim(arena, base_url);
	size_t length = strlen(root);

	if (!http_check_url("HAMSA_BASE_URL", root, e))
		return false;
	while (length && root[length - 1] == '/')
		root[--length] = '\0';
	if (length > 3 && strcmp(root + length - 3, "/v1") == 0)
		root[length - 3] = '\0';
	*out = root;
	return true;
}

/* The key alone, in the arena. The key itself never appears in a message. */
static bool key_from(const char *text, struct arena *arena, char **out, struct err *e)
{
	static const char word[] = "Token";
	char *key = text_trim(arena, text);
	size_t length = strlen(word);

	if (strncasecmp(key, word, length) == 0 && (key[length] == ' ' || key[length] == '\0'))
		key = text_trim(arena, key + length);
	if (!*key)
		return err_set(e, ERR_INVALID,
			       "HAMSA_API_KEY is empty; set it to the secret key of your project "
			       "(Hamsa dashboard, API keys).");
	if (strncmp(key, "pk_", 3) == 0)
		return err_set(e, ERR_INVALID,
			       "HAMSA_API_KEY begins with pk_: that is a public key for web pages, "
			       "which cannot place calls; use the project's secret key.");
	for (const char *p = key; *p; p++)
		if (*p == '\r' || *p == '\n')
			return err_set(e, ERR_INVALID,
				       "HAMSA_API_KEY has a line break inside; expected the key "
				       "alone, on one line.");
	for (const char *p = key; *p; p++)
		if (*p <= 0x20 || *p >= 0x7f)
			return err_set(e, ERR_INVALID,
				       "HAMSA_API_KEY has a blank or a character that no key has "
				       "inside; copy the key again, alone.");
	*out = key;
	return true;
}

static struct hamsa *hamsa_make(const struct hamsa_config *config, const char *root,
				const char *key)
{
	struct hamsa *h = xcalloc(1, sizeof(*h));
	size_t size = strlen(key) + sizeof("Authorization: Token ");

	h->root = xstrdup(root);
	h->key = xstrdup(key);
	h->authorization = xmalloc(size);
	snprintf(h->authorization, size, "Authorization: Token %s", key);
	if (config->project_id && *config->project_id)
		h->project_id = xstrdup(config->project_id);
	h->place_timeout_ms =
		config->place_timeout_ms ? config->place_timeout_ms : PLACE_TIMEOUT_MS;
	h->read_timeout_ms = config->read_timeout_ms ? config->read_timeout_ms : READ_TIMEOUT_MS;
	h->http = http_new(&(struct http_config){.clock = config->clock,
						 .max_connections = config->max_connections});
	return h;
}

struct hamsa *hamsa_open(const struct hamsa_config *config, struct err *e)
{
	struct hamsa *h = NULL;
	struct arena arena = {0};
	char *root = NULL;
	char *key = NULL;
	bool ok = root_from(config->base_url, &arena, &root, e) &&
		  key_from(config->api_key, &arena, &key, e);

	if (ok)
		h = hamsa_make(config, root, key);
	arena_free(&arena);
	return h;
}

bool hamsa_new(const struct hamsa_config *config, struct provider *out, struct err *e)
{
	struct hamsa *h = hamsa_open(config, e);

	if (h)
		*out = (struct provider){&hamsa_ops, h};
	return h != NULL;
}
