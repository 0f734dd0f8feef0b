#include <string.h>

#include "base/text.h"
#include "provider/json.h"
#include "hamsa_p.h"

/* The utterances found so far, in memory that is exactly large enough: the arena cannot grow in
 * place, so every place is read twice, the first time only to count. */
struct transcript {
	struct arena *arena;
	struct utterance *items; /* NULL while counting */
	size_t count;
};

static bool speaker_from(const char *name, size_t length, enum speaker *out)
{
	static const struct {
		const char *name;
		enum speaker speaker;
	} names[] = {
		{"agent", SPEAKER_AGENT},
		{"assistant", SPEAKER_AGENT},
		{"user", SPEAKER_CUSTOMER},
		{"customer", SPEAKER_CUSTOMER},
	};
	char word[16];

	if (length >= sizeof(word))
		return false;
	memcpy(word, name, length);
	word[length] = '\0';
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (text_equal_nocase(word, names[i].name)) {
			*out = names[i].speaker;
			return true;
		}
	}
	return false;
}

static void add(struct transcript *t, enum speaker speaker, const char *text, size_t length)
{
	if (strspn(text, " \t\r\n") >= length)
		return;
	if (t->items)
		t->items[t->count] =
			(struct utterance){speaker, arena_strndup(t->arena, text, length)};
	t->count++;
}

/* {"role": "agent", "message": "…"}: as in the log, and in chats. */
static bool add_role_entry(struct transcript *t, const cJSON *entry)
{
	static const char *const role_keys[] = {"role", "speaker"};
	static const char *const text_keys[] = {"message", "content", "text"};
	const cJSON *role = NULL;
	const cJSON *text = NULL;
	enum speaker speaker;

	for (size_t i = 0; i < COUNT_OF(role_keys) && !role; i++)
		role = json_get(entry, role_keys[i]);
	for (size_t i = 0; i < COUNT_OF(text_keys) && !text; i++)
		text = json_get(entry, text_keys[i]);
	if (!cJSON_IsString(role) || !cJSON_IsString(text))
		return false;
	if (speaker_from(role->valuestring, strlen(role->valuestring), &speaker))
		add(t, speaker, text->valuestring, strlen(text->valuestring));
	return true;
}

/* {"Agent": "…"}: one key that names the speaker. In older records the value may be a list of
 * function calls, which nobody said. */
static void add_entry(struct transcript *t, const cJSON *entry)
{
	const cJSON *said;
	enum speaker speaker;

	if (!cJSON_IsObject(entry) || add_role_entry(t, entry))
		return;
	cJSON_ArrayForEach(said, entry)
	{
		if (cJSON_IsString(said) &&
		    speaker_from(said->string, strlen(said->string), &speaker))
			add(t, speaker, said->valuestring, strlen(said->valuestring));
	}
}

/* "Agent: …\nUser: …": a whole transcript in one text. Lines that name no speaker are left out. */
static void add_lines(struct transcript *t, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\r\n");
		size_t name = strcspn(text, ":\r\n");
		enum speaker speaker;
		if (name < length && speaker_from(text, name, &speaker)) {
			const char *said = text + name + 1;
			said += strspn(said, " \t");
			add(t, speaker, said, (size_t)(text + length - said));
		}
		text += length;
		text += strspn(text, "\r\n");
	}
}

static void add_place(struct transcript *t, const cJSON *place)
{
	const cJSON *entry;

	if (cJSON_IsString(place))
		add_lines(t, place->valuestring);
	if (!cJSON_IsArray(place))
		return;
	cJSON_ArrayForEach(entry, place) add_entry(t, entry);
}

/* Entries of the log that are part of the conversation. */
static void add_log(struct transcript *t, const cJSON *logs)
{
	const cJSON *entry;

	if (!cJSON_IsArray(logs))
		return;
	cJSON_ArrayForEach(entry, logs)
	{
		const cJSON *category = json_get(entry, "category");
		if (cJSON_IsString(category) &&
		    text_equal_nocase(category->valuestring, "CONVERSATION"))
			add_entry(t, json_get(entry, "payload"));
	}
}

/* Read one place into out, if anything was said there. */
static bool take(void (*read)(struct transcript *, const cJSON *), const cJSON *place,
		 struct arena *arena, struct transcript *out)
{
	struct transcript t = {.arena = arena};

	read(&t, place);
	if (t.count == 0)
		return false;
	t.items = arena_array(arena, t.count, sizeof(*t.items));
	t.count = 0;
	read(&t, place);
	*out = t;
	return true;
}

static bool take_keys(const cJSON *object, struct arena *arena, struct transcript *out)
{
	static const char *const keys[] = {"transcription", "conversation", "transcript",
					   "messages"};

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (take(add_place, json_get(object, keys[i]), arena, out))
			return true;
	return false;
}

static bool take_log_payloads(const cJSON *logs, struct arena *arena, struct transcript *out)
{
	const cJSON *entry;

	if (!cJSON_IsArray(logs))
		return false;
	cJSON_ArrayForEach(entry,
			   logs) if (take_keys(json_get(entry, "payload"), arena, out)) return true;
	return false;
}

/* In the order in which client code was seen to look; the first place where anything was said
 * wins. */
size_t hamsa_transcript_from(const cJSON *call, struct arena *arena, const struct utterance **out)
{
	const cJSON *logs = json_find(call, "logs");
	struct transcript t = {0};
	bool found = take_keys(json_find(call, "jobResponse"), arena, &t) ||
		     take_keys(json_find(call, "callAnalysis"), arena, &t) ||
		     take_keys(call, arena, &t) || take_keys(json_get(call, "data"), arena, &t) ||
		     take_keys(json_find(call, "callData"), arena, &t) ||
		     take_log_payloads(logs, arena, &t) || take(add_log, logs, arena, &t) ||
		     take(add_place, json_find(call, "toScript"), arena, &t) ||
		     take(add_place, json_find(call, "fromScript"), arena, &t);

	*out = t.items;
	return found ? t.count : 0;
}
