#include <stdlib.h>

#include "hamsa_p.h"

char *hamsa_read_path(const char *job_id, const char *verb)
{
	struct buf path;

	buf_init(&path, HAMSA_REQUEST_MAX);
	buf_adds(&path, "/v1/voice-agents/conversation/");
	http_add_escaped(&path, job_id);
	buf_adds(&path, verb);
	return path.data;
}

/* The older view of the same call; its id is the same. */
static void ask_old_route(struct hamsa *h, struct hamsa_job *job)
{
	struct buf path;

	buf_init(&path, HAMSA_REQUEST_MAX);
	buf_adds(&path, "/v1/jobs?jobId=");
	http_add_escaped(&path, job->id);
	job->step = HAMSA_SECOND;
	hamsa_get(h, job, path.data);
	buf_free(&path);
}

bool hamsa_judge_read(struct hamsa *h, struct hamsa_job *job, const struct hamsa_reply *r,
		      struct answer *out)
{
	struct call_report *call;

	if (out->read == READ_GONE && job->step == HAMSA_FIRST) {
		ask_old_route(h, job);
		return false;
	}
	if (out->read != READ_OK)
		return true;

	call = arena_alloc(&h->arena, sizeof(*call));
	if (hamsa_call_from(r->json, r->text, arena_strdup(&h->arena, job->id), &h->arena, call)) {
		out->call = call;
	} else {
		out->read = READ_LATER;
		out->words = "Hamsa answered without a call where one was asked for.";
	}
	return true;
}

/* Why terminate did not do it, each in a sentence of its own; `r` is its reply, or that of the look
 * that followed. */
static const char *end_words(struct hamsa *h, const struct hamsa_reply *r)
{
	const char *message = hamsa_reply_message(h, r);
	int status = r->http->status;

	if (!message)
		message = "without a word";
	if (r->http->result == HTTP_NOT_SENT)
		return arena_printf(&h->arena, "Hamsa was not asked: %s.", r->http->words);
	if (r->http->result == HTTP_IN_DOUBT)
		return arena_printf(&h->arena,
				    "Hamsa was asked, and whether it heard is not known: %s.",
				    r->http->words);
	if (r->is_html || status >= 500)
		return arena_printf(
			&h->arena,
			"Hamsa, or something on the way to it, has a fault (%d) and did "
			"not say whether it ended the call.",
			status);
	switch (status) {
	case 401:
		return arena_printf(&h->arena,
				    "Hamsa does not accept the key (401: %s); `nida hamsa status` "
				    "tells more.",
				    message);
	case 403:
		return arena_printf(&h->arena,
				    "Hamsa does not let this key end the call (403: %s); use the "
				    "key that placed it.",
				    message);
	case 404:
		return arena_printf(&h->arena,
				    "Hamsa knows no such call (404: %s); it may belong to another "
				    "project.",
				    message);
	case 429:
		return "Hamsa has had too many requests (429); try again in a little while.";
	default:
		return arena_printf(&h->arena, "Hamsa refused (%d: %s).", status, message);
	}
}

/* Terminate was refused, and the call was looked at: is it over anyway? */
static void judge_after_look(struct hamsa *h, const struct hamsa_job *job,
			     const struct hamsa_reply *r, struct answer *out)
{
	struct call_report call;

	if (out->read != READ_OK) {
		out->words = end_words(h, r);
		return;
	}
	if (!hamsa_call_from(r->json, r->text, job->id, &h->arena, &call)) {
		out->read = READ_LATER;
		out->words = "Hamsa would not end the call, and does not say how it stands.";
	} else if (call_status_is_final(call.status)) {
		out->already_over = true;
		out->words = arena_printf(&h->arena, "The call had already ended (%s).",
					  call_status_name(call.status));
	} else {
		out->read = READ_LATER;
		out->words =
			arena_printf(&h->arena, "Hamsa would not end the call, which is still %s.",
				     call_status_name(call.status));
	}
}

bool hamsa_judge_end(struct hamsa *h, struct hamsa_job *job, const struct hamsa_reply *r,
		     struct answer *out)
{
	int status = r->http->status;

	if (job->step == HAMSA_SECOND) {
		judge_after_look(h, job, r, out);
		return true;
	}
	/* The status says it all; the body of this route is a formality. */
	if (hamsa_reply_is_2xx(r) && !r->is_html) {
		out->read = READ_OK;
		return true;
	}
	if (r->http->result == HTTP_ANSWERED && !r->is_html &&
	    (status == 400 || status == 404 || status == 409)) {
		char *path = hamsa_read_path(job->id, "");
		job->step = HAMSA_SECOND;
		hamsa_get(h, job, path);
		free(path);
		return false;
	}
	out->words = end_words(h, r);
	return true;
}
