#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/text_mask.h"
#include "provider/json.h"
#include "hamsa_p.h"

#define MESSAGE_MAX      300  /* bytes of Hamsa's own words that people are shown */
#define MESSAGE_READ_MAX 4096 /* of an array of messages, before it is shortened */

/* A copy in which bytes that are not UTF-8, and NULs, have become U+FFFD. */
static const char *text_of(struct arena *arena, const char *bytes, size_t length)
{
	size_t good = utf8_check(bytes, length);
	struct buf clean;

	if (good == length)
		return bytes;
	buf_init(&clean, length * 3);
	for (size_t i = 0; i < length;) {
		good = utf8_check(bytes + i, length - i);
		buf_add(&clean, bytes + i, good);
		i += good;
		if (i < length) {
			buf_adds(&clean, "\xef\xbf\xbd");
			i++;
		}
	}
	char *copy = arena_strndup(arena, clean.data, clean.length);
	buf_free(&clean);
	return copy;
}

void hamsa_reply_read(struct hamsa *h, const struct http_answer *http, struct hamsa_reply *out)
{
	const char *start;

	*out = (struct hamsa_reply){.http = http};
	out->text = text_of(&h->arena, http->body, http->body_length);
	start = out->text + strspn(out->text, " \t\r\n");
	out->is_html = *start == '<' || strncasecmp(http->content_type, "text/html", 9) == 0;
	if (!out->is_html)
		out->json = json_parse(out->text);
}

bool hamsa_reply_is_2xx(const struct hamsa_reply *r)
{
	return r->http->result == HTTP_ANSWERED && r->http->status / 100 == 2;
}

enum read_verdict hamsa_reply_verdict(const struct hamsa_reply *r)
{
	int status = r->http->status;

	if (r->http->result != HTTP_ANSWERED)
		return READ_LATER;
	if (status / 100 == 2)
		return r->json ? READ_OK : READ_LATER;
	/* A 403 that is a web page comes from something on the way to Hamsa, not from the key; a
	 * 404 that is one says as little of the call: the gateway may have lost the way. */
	if (status == 401 || (status == 403 && !r->is_html))
		return READ_STOP;
	return status == 404 && !r->is_html ? READ_GONE : READ_LATER;
}

/* "message" or "error": text, a list of texts, or an object with a message of its own. */
static void add_message(struct buf *b, const cJSON *item)
{
	const cJSON *part;

	if (cJSON_IsString(item))
		buf_adds(b, item->valuestring);
	if (cJSON_IsObject(item) && cJSON_IsString(json_get(item, "message")))
		buf_adds(b, json_get(item, "message")->valuestring);
	if (!cJSON_IsArray(item))
		return;
	cJSON_ArrayForEach(part, item)
	{
		if (!cJSON_IsString(part))
			continue;
		if (b->length)
			buf_adds(b, "; ");
		buf_adds(b, part->valuestring);
	}
}

static void strike_out(char *text, const char *secret)
{
	size_t length = strlen(secret);

	/* On from the hit: the text may be as long as a body, and all of it the secret. */
	for (char *at = strstr(text, secret); at && length; at = strstr(at + length, secret))
		memset(at, '*', length);
}

/* One line of at most MESSAGE_MAX bytes, cut between characters, without the key and without
 * anybody's whole number: it goes to logs, events and reports. */
static const char *tidy(struct hamsa *h, const char *text)
{
	char *line = text_trim(&h->arena, text);

	strike_out(line, h->key);
	line = text_mask_numbers(&h->arena, line);
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	if (strlen(line) <= MESSAGE_MAX)
		return *line ? line : NULL;

	size_t end = MESSAGE_MAX;
	while (end > 0 && ((unsigned char)line[end] & 0xc0) == 0x80)
		end--;
	return arena_printf(&h->arena, "%.*s…", (int)end, line);
}

const char *hamsa_reply_message(struct hamsa *h, const struct hamsa_reply *r)
{
	static const char *const keys[] = {"message", "error", "messageKey"};
	struct buf b;

	if (r->is_html)
		return NULL;
	if (!r->json)
		return tidy(h, r->text);
	buf_init(&b, MESSAGE_READ_MAX);
	for (size_t i = 0; i < COUNT_OF(keys) && b.length == 0; i++)
		add_message(&b, json_find(r->json, keys[i]));
	const char *message = tidy(h, b.data);
	buf_free(&b);
	return message;
}

const char *hamsa_reply_words(struct hamsa *h, const struct hamsa_reply *r)
{
	const struct http_answer *http = r->http;
	const char *message;

	if (http->result != HTTP_ANSWERED)
		return arena_printf(&h->arena, "%s.", http->words);
	message = hamsa_reply_message(h, r);
	if (r->is_html)
		return arena_printf(&h->arena,
				    "Hamsa answered %d with a web page instead of an answer.",
				    http->status);
	if (message)
		return arena_printf(&h->arena, "Hamsa answered %d: %s", http->status, message);
	return arena_printf(&h->arena, "Hamsa answered %d, without a word.", http->status);
}

/* Is `word` in text as a word of its own ("balance", "credits", not "accountBalance", which is the
 * name of somebody's parameter)? */
static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strcasestr(text, word); at; at = strcasestr(at + 1, word)) {
		const char *end = at + length;
		bool begins = at == text || (!isalnum((unsigned char)at[-1]) && at[-1] != '_');
		if (*end == 's' || *end == 'S')
			end++;
		if (begins && !isalnum((unsigned char)*end) && *end != '_')
			return true;
	}
	return false;
}

bool hamsa_reply_about_money(struct hamsa *h, const struct hamsa_reply *r)
{
	static const char *const words[] = {"credit", "balance", "quota", "billing"};
	const char *message = hamsa_reply_message(h, r);
	const cJSON *error = json_find(r->json, "error");
	const cJSON *key = json_find(r->json, "messageKey");

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (message && has_word(message, words[i]))
			return true;
		if (cJSON_IsString(error) && has_word(error->valuestring, words[i]))
			return true;
		/* A key is a word of Hamsa's own, whatever it is glued together from. */
		if (cJSON_IsString(key) && strcasestr(key->valuestring, words[i]))
			return true;
	}
	return false;
}
