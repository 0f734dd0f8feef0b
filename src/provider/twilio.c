#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/moment.h"
#include "base/text.h"
#include "base/text_mask.h"
#include "model/call.h"
#include "model/phone.h"
#include "provider/http.h"
#include "provider/json.h"
#include "provider/twilio.h"

#define SID_LENGTH (TWILIO_SID_SIZE - 1)
#define TRIES      3    /* of one request; all of them may be repeated */
#define PAUSE_MS   1000 /* between two tries, when Twilio does not say */
#define PAUSE_MAX_MS \
	10000 /* a person is waiting: whatever Twilio would like beyond that is an error */
#define PAGES_MAX 200

struct twilio {
	const struct twilio_config *config;
	struct arena arena;
	struct http *http;
	const char *root; /* base URL without a slash at its end */
};

/* What Twilio answered, in the arena. */
struct reply {
	int status;
	const cJSON *json; /* NULL: none; freed by reply_free() */
	cJSON *owned;
	int code; /* Twilio's own error code; 0: none */
	const char *message;
};

static bool is_sid(const char *text, const char *prefix)
{
	if (strlen(text) != SID_LENGTH || strncmp(text, prefix, 2) != 0)
		return false;
	for (const char *p = text + 2; *p; p++)
		if (!isxdigit((unsigned char)*p))
			return false;
	return true;
}

static bool twilio_check(const struct twilio_config *config, struct twilio *t, struct err *e)
{
	char *root = text_trim(&t->arena, config->base_url);

	if (!http_check_url("TWILIO_BASE_URL", root, e))
		return false;
	for (size_t length = strlen(root); length && root[length - 1] == '/';)
		root[--length] = '\0';
	t->root = root;
	if (!is_sid(config->account_sid, "AC"))
		return err_set(e, ERR_INVALID,
			       "TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits; copy it "
			       "from the Twilio console, account information.");
	if (!*config->auth_token || strpbrk(config->auth_token, "\r\n \t"))
		return err_set(e, ERR_INVALID,
			       "TWILIO_AUTH_TOKEN is empty or has a blank in it; copy it from the "
			       "Twilio console, account information.");
	return true;
}

static void reply_free(struct reply *r)
{
	cJSON_Delete(r->owned);
	r->owned = NULL;
	r->json = NULL;
}

static void reply_read(struct twilio *t, const struct http_answer *http, struct reply *out)
{
	double code = 0;

	*out = (struct reply){.status = http->status, .owned = json_parse(http->body)};
	out->json = out->owned;
	if (json_number(json_get(out->json, "code"), &code) && code > 0 && code < 1e6)
		out->code = (int)code;
	out->message = json_get_text(out->json, "message", &t->arena);
	if (!out->message)
		out->message = "it gave no reason";
}

/* Each code of Twilio's in a sentence of its own; `doing` says what was being tried. */
static bool reply_fault(const struct reply *r, const char *doing, struct err *e)
{
	if (r->code == 20003 || r->status == 401)
		return err_set(e, ERR_STOPPED,
			       "Twilio does not accept the account SID and token (20003); check "
			       "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.");
	if (r->code == 20403 || r->status == 403)
		return err_set(e, ERR_STOPPED,
			       "Twilio does not allow this account to %s (20403: %s); is the "
			       "account closed, or the token limited?",
			       doing, r->message);
	if (r->code == 20404 || r->status == 404)
		return err_set(e, ERR_FAILED,
			       "Twilio has no such call in this account (20404): it may run over "
			       "a number of Hamsa's own, or of another account.");
	if (r->code == 21220)
		return err_set(e, ERR_FAILED,
			       "Twilio says that this live call cannot be changed (21220: %s); "
			       "calls on a SIP trunk may refuse a hang-up. End it through Hamsa.",
			       r->message);
	if (r->code == 20429 || r->status == 429)
		return err_set(e, ERR_FAILED,
			       "Twilio has had too many requests from this account (20429); wait a "
			       "little and try again.");
	if (r->status >= 500)
		return err_set(e, ERR_FAILED,
			       "Twilio has a fault of its own (%d) and could not %s; try again.",
			       r->status, doing);
	return err_set(e, ERR_FAILED, "Twilio refused to %s (%d, code %d): %s.", doing, r->status,
		       r->code, r->message);
}

/* One exchange, tried again after what may pass: everything nida asks of Twilio may be repeated. */
static bool twilio_ask(struct twilio *t, const char *url, const char *form, const char *doing,
		       struct reply *out, struct err *e)
{
	static const char *const headers[] = {"Content-Type: application/x-www-form-urlencoded"};
	struct http_request request = {
		.method = form ? HTTP_POST : HTTP_GET,
		.url = url,
		.headers = headers,
		.header_count = form ? COUNT_OF(headers) : 0,
		.user = t->config->account_sid,
		.password = t->config->auth_token,
		.body = form,
		.body_length = form ? strlen(form) : 0,
	};
	struct http_answer http;

	for (int left = TRIES; left > 0; left--) {
		http_exchange(t->http, &request, &http);
		bool passing =
			http.result == HTTP_IN_DOUBT || http.status == 429 || http.status >= 500;
		int64_t pause_ms = http.retry_after_ms ? http.retry_after_ms : PAUSE_MS;
		if (!passing || left == 1 || pause_ms > PAUSE_MAX_MS)
			break;
		http_wait(t->http, pause_ms * 1000);
	}
	if (http.result != HTTP_ANSWERED)
		return err_set(e, ERR_FAILED, "Twilio could not be asked to %s: %s.", doing,
			       http.words);
	reply_read(t, &http, out);
	return true;
}

static char *account_url(struct twilio *t, const char *rest)
{
	return arena_printf(&t->arena, "%s/2010-04-01/Accounts/%s/%s", t->root,
			    t->config->account_sid, rest);
}

/* start_time, or before the call has one, date_created; both are RFC 2822 text. */
static bool began_in_window(const cJSON *call, const struct twilio_target *target)
{
	const cJSON *text = json_get(call, "start_time");
	int64_t began_ms;

	if (!cJSON_IsString(text) || !*text->valuestring)
		text = json_get(call, "date_created");
	/* A call without a time cannot be shown to be ours. */
	if (!cJSON_IsString(text) || !http_parse_date(text->valuestring, &began_ms))
		return false;
	return began_ms >= target->window_from_ms - CALL_SKEW_MS &&
	       (target->window_to_ms == 0 || began_ms <= target->window_to_ms + CALL_SKEW_MS);
}

/* Numbers are compared by their digits: on a trunk they read sip:+968…@host;region=…, which is also
 * why Twilio's own To filter would find nothing. */
static bool same_number(const cJSON *item, const char *e164)
{
	uint64_t wanted = phone_to_number(e164);

	return cJSON_IsString(item) && wanted && phone_to_number(item->valuestring) == wanted;
}

/* Count the calls of one page that fit; the first one's sid goes to out. */
static void scan_page(const cJSON *page, const struct twilio_target *target, const char *status,
		      struct twilio_result *out, int *count)
{
	const cJSON *calls = json_get(page, "calls");
	const cJSON *call;

	if (!cJSON_IsArray(calls))
		return;
	cJSON_ArrayForEach(call, calls)
	{
		const cJSON *sid = json_get(call, "sid");
		if (!cJSON_IsString(sid) || !is_sid(sid->valuestring, "CA") ||
		    !same_number(json_get(call, "to"), target->to) ||
		    !same_number(json_get(call, "from"), target->from) ||
		    !began_in_window(call, target))
			continue;
		/* A call that began to ring, or was answered, between two pages is seen twice. */
		if (*count && strcmp(out->sid, sid->valuestring) == 0)
			continue;
		if ((*count)++ == 0) {
			snprintf(out->sid, sizeof(out->sid), "%s", sid->valuestring);
			snprintf(out->status, sizeof(out->status), "%s", status);
		}
	}
}

/* Twilio's next page, taken word for word, but on the same host only: the token goes with it.
 * *url is NULL after the last page. */
static bool next_page(struct twilio *t, const cJSON *page, const char **url, struct err *e)
{
	const char *uri = json_get_text(page, "next_page_uri", &t->arena);
	size_t root_length = strlen(t->root);

	*url = NULL;
	if (!uri)
		return true;
	if (strncmp(uri, t->root, root_length) == 0 && uri[root_length] == '/')
		*url = uri;
	else if (uri[0] == '/' && uri[1] != '/')
		*url = arena_printf(&t->arena, "%s%s", t->root, uri);
	else
		return err_set(e, ERR_FAILED,
			       "Twilio continues its list of live calls at another address, where "
			       "nida does not follow; nothing was ended.");
	return true;
}

static bool scan_status(struct twilio *t, const struct twilio_target *target, const char *status,
			struct twilio_result *out, int *count, struct err *e)
{
	const char *url =
		account_url(t,
			    arena_printf(&t->arena, "Calls.json?Status=%s&PageSize=1000", status));

	for (int page = 0; url; page++) {
		struct reply reply;
		/* Part of a list is not enough to say that exactly one call fits. */
		if (page == PAGES_MAX)
			return err_set(e, ERR_FAILED,
				       "Twilio's list of live calls does not end; nothing was "
				       "ended.");
		if (!twilio_ask(t, url, NULL, "list the live calls", &reply, e))
			return false;
		if (reply.status != 200 || !cJSON_IsArray(json_get(reply.json, "calls"))) {
			reply_fault(&reply, "list the live calls", e);
			reply_free(&reply);
			return false;
		}
		scan_page(reply.json, target, status, out, count);
		bool ok = next_page(t, reply.json, &url, e);
		reply_free(&reply);
		if (!ok)
			return false;
	}
	return true;
}

/* Exactly one live call that is certainly ours, or none at all. */
static bool twilio_find(struct twilio *t, const struct twilio_target *target,
			struct twilio_result *out, struct err *e)
{
	static const char *const live[] = {"in-progress", "ringing", "queued"};
	char masked[TEXT_MASK_SIZE];
	int count = 0;

	if (!target->to || !target->from || !phone_to_number(target->to) ||
	    !phone_to_number(target->from))
		return err_set(e, ERR_INVALID,
			       "Twilio's calls are told apart by both numbers, and the caller's or "
			       "the customer's is not known; end the call through Hamsa.");
	for (size_t i = 0; i < COUNT_OF(live); i++)
		if (!scan_status(t, target, live[i], out, &count, e))
			return false;
	if (count == 1)
		return true;

	text_mask_phone(target->to, masked);
	if (count == 0)
		return err_set(e, ERR_FAILED,
			       "Twilio has no live call to %s from our number in this account: it "
			       "is over, or does not run over this account. Nothing was ended.",
			       masked);
	return err_set(e, ERR_FAILED,
		       "%d live calls at Twilio fit %s and our number, so it is not certain which "
		       "one is meant. Nothing was ended; end it through Hamsa.",
		       count, masked);
}

static bool is_final(const char *status)
{
	static const char *const final[] = {"completed", "busy", "failed", "no-answer", "canceled"};

	for (size_t i = 0; i < COUNT_OF(final); i++)
		if (strcmp(status, final[i]) == 0)
			return true;
	return false;
}

static void take_status(struct twilio *t, const struct reply *r, struct twilio_result *out)
{
	const char *status = json_get_text(r->json, "status", &t->arena);

	snprintf(out->status, sizeof(out->status), "%s", status ? status : "");
}

/* 21220: Twilio would not change the call. That is a success when the call is over. */
static bool look_again(struct twilio *t, const char *url, const struct reply *refusal,
		       struct twilio_result *out, struct err *e)
{
	struct reply now;
	bool ok = false;

	if (!twilio_ask(t, url, NULL, "read the call", &now, e))
		return false;
	if (now.status != 200) {
		reply_fault(&now, "read the call", e);
		goto out;
	}
	take_status(t, &now, out);
	ok = is_final(out->status);
	if (ok)
		out->ending = TWILIO_ALREADY_OVER;
	else
		reply_fault(refusal, "end the call", e);
out:
	reply_free(&now);
	return ok;
}

/* `completed` and not `canceled`: the latter leaves a call in progress as it is. *unknown: this
 * account has no call of this sid. */
static bool hang_up(struct twilio *t, struct twilio_result *out, bool *unknown, struct err *e)
{
	const char *url = account_url(t, arena_printf(&t->arena, "Calls/%s.json", out->sid));
	struct reply reply;
	bool ok;

	*unknown = false;
	if (!twilio_ask(t, url, "Status=completed", "end the call", &reply, e))
		return false;
	if (reply.status / 100 == 2) {
		take_status(t, &reply, out);
		out->ending = TWILIO_ENDED;
		ok = true;
	} else if (reply.code == 21220) {
		ok = look_again(t, url, &reply, out, e);
	} else {
		*unknown = reply.code == 20404 || reply.status == 404;
		ok = reply_fault(&reply, "end the call", e);
	}
	reply_free(&reply);
	return ok;
}

/* The call that Hamsa has named first; where this account does not have it, the one that fits. */
static bool end_known(struct twilio *t, const struct twilio_target *target,
		      struct twilio_result *out, struct err *e)
{
	bool unknown = false;
	struct err elsewhere;

	if (target->sid) {
		snprintf(out->sid, sizeof(out->sid), "%s", target->sid);
		if (hang_up(t, out, &unknown, e))
			return true;
		if (!unknown || !target->to || !target->from)
			return false;
	}
	if (!twilio_find(t, target, out, target->sid ? &elsewhere : e))
		return false;
	return hang_up(t, out, &unknown, e);
}

bool twilio_end_call(const struct twilio_config *config, const struct twilio_target *target,
		     struct twilio_result *out, struct err *e)
{
	struct twilio t = {.config = config};
	bool ok = false;

	*out = (struct twilio_result){0};
	if (!twilio_check(config, &t, e))
		goto out;
	t.http = http_new(&(struct http_config){.clock = config->clock});
	if (target->sid && !is_sid(target->sid, "CA")) {
		err_set(e, ERR_INVALID,
			"'%.40s' is not the SID of a Twilio call; expected CA and 32 hexadecimal "
			"digits.",
			target->sid);
		goto out;
	}
	ok = end_known(&t, target, out, e);
out:
	http_free(t.http);
	arena_free(&t.arena);
	return ok;
}
