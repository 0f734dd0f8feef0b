#include <math.h>
#include <string.h>

#include "base/moment.h"
#include "base/text_mask.h"
#include "provider/json.h"
#include "hamsa_p.h"

#define REF_LENGTH 32
#define TALK_MAX_S (10.0 * 86400)
#define COST_MAX   9e12
#define LIST_MAX   65536 /* bytes of a list of findings; what is beyond is counted */

/* The object that is the call: below `data` as long as what we hold has no id. */
static const cJSON *call_of(const cJSON *root)
{
	const cJSON *call = root;

	for (int level = 0; level < 3 && !json_get(call, "id"); level++) {
		const cJSON *below = json_get(call, "data");
		if (!cJSON_IsObject(below))
			break;
		call = below;
	}
	return json_find(call, "id") || json_find(call, "status") ? call : NULL;
}

/* A key of the call itself or of its jobResponse. */
static const cJSON *call_or_job(const cJSON *call, const char *key)
{
	const cJSON *item = json_get(json_find(call, "jobResponse"), key);

	return item ? item : json_find(call, key);
}

/* Our reference may lie in an object, or in an object that was written as a text with its quotes
 * escaped, at any depth. So it is looked for in the body itself. */
static const char *ref_in(const char *body, struct arena *arena)
{
	static const char name[] = "nidaRef";
	static const char hex[] = "0123456789abcdefABCDEF";

	for (const char *at = strstr(body, name); at; at = strstr(at, name)) {
		at += strlen(name);
		const char *value = at + strspn(at, "\\\": \t\r\n");
		if (strspn(value, hex) == REF_LENGTH)
			return arena_strndup(arena, value, REF_LENGTH);
	}
	return NULL;
}

/* What the customer's list or the agent's settings call "cost" is not the cost of the call. */
static bool is_not_ours(const char *key)
{
	static const char *const keys[] = {"params", "outcomeResult", "agentDetails", "voiceAgent",
					   "transcription"};

	for (size_t i = 0; key && i < COUNT_OF(keys); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

static bool find_cost(const cJSON *item, const char *key, double *out)
{
	const cJSON *child;

	if (json_number(json_get(item, key), out) && *out >= 0 && *out < COST_MAX)
		return true;
	if (!cJSON_IsObject(item) && !cJSON_IsArray(item))
		return false;
	cJSON_ArrayForEach(child, item)
	{
		if (!is_not_ours(child->string) && find_cost(child, key, out))
			return true;
	}
	return false;
}

static const char *recording_of(const cJSON *call, struct arena *arena)
{
	const char *url = json_text(json_find(call, "mediaUrl"), arena);

	/* It becomes a link in a report: nothing but a web address may. */
	if (url && (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0))
		return url;
	return NULL;
}

static const char *failure_words(const cJSON *call, struct arena *arena)
{
	const cJSON *error = json_get(json_find(call, "callAnalysis"), "error");
	const char *message = json_get_text(error, "message", arena);
	const char *status = json_get_text(error, "statusCode", arena);

	if (cJSON_IsString(error) && *error->valuestring)
		message = error->valuestring;
	if (message)
		message = text_mask_numbers(arena, message);
	if (cJSON_IsString(error))
		return message;
	if (message && status)
		return arena_printf(arena, "%s (%s)", message, status);
	return message ? message : status;
}

static void read_times(const cJSON *call, struct call_report *out)
{
	double seconds;

	if (!json_moment(json_find(call, "createdAt"), &out->created_ms))
		out->created_ms = 0;
	if (!json_moment(call_or_job(call, "callStartedAt"), &out->started_ms))
		out->started_ms = 0;
	if (!json_moment(call_or_job(call, "callEndedAt"), &out->ended_ms))
		out->ended_ms = 0;

	/* callDuration may count the ringing; the two moments do not. */
	out->talk_ms = -1;
	if (out->started_ms && out->ended_ms >= out->started_ms) {
		out->talk_ms = out->ended_ms - out->started_ms;
	} else if (json_number(json_find(call, "callDuration"), &seconds) && seconds >= 0 &&
		   seconds < TALK_MAX_S) {
		/* A live call has a duration of 0, which says nothing. */
		if (seconds > 0 || call_status_is_final(out->status))
			out->talk_ms = llround(seconds * SECOND_MS);
	}
}

static const char *flat_text(const cJSON *item, struct arena *arena)
{
	const char *text = json_text(item, arena);

	return text ? text : json_joined(item, LIST_MAX, arena);
}

/* How deep findings may lie: {"result": {"payment": {"date": …}}} is "result.payment.date"; and how
 * long the name of what holds them may be, for each finding has a copy of it. */
#define VALUE_DEPTH 8
#define VALUE_NAME  256

static bool holds_more(const cJSON *item)
{
	const cJSON *child;

	if (cJSON_IsObject(item))
		return true;
	if (!cJSON_IsArray(item))
		return false;
	cJSON_ArrayForEach(child, item)
	{
		if (cJSON_IsObject(child))
			return true;
	}
	return false;
}

static size_t count_leaves(const cJSON *item, int depth)
{
	const cJSON *child;
	size_t count = 0;

	if (!holds_more(item))
		return 1;
	if (depth == VALUE_DEPTH)
		return 0;
	cJSON_ArrayForEach(child, item) count += count_leaves(child, depth + 1);
	return count;
}

/* Lists of plain values are joined; the members of a list of objects bear the list's name. */
static void add_values(const cJSON *item, const char *name, int depth, struct arena *arena,
		       struct outcome_value *values, struct call_report *out)
{
	const cJSON *child;

	if (!holds_more(item)) {
		const char *value = flat_text(item, arena);
		if (value && *name)
			values[out->value_count++] = (struct outcome_value){name, value};
		return;
	}
	if (depth == VALUE_DEPTH)
		return;
	cJSON_ArrayForEach(child, item)
	{
		const char *own = child->string ? child->string : "";
		const char *whole = name;
		if (strlen(name) >= VALUE_NAME)
			continue;
		if (*own)
			whole = arena_printf(arena, "%s%s%s", name, *name ? "." : "", own);
		add_values(child, whole, depth + 1, arena, values, out);
	}
}

/* What the agent found out: an object, or the same written as a text (contract: shapes differ by
 * route). What lies deeper than VALUE_DEPTH, or in something with a longer
 * name than VALUE_NAME, is for whoever reads the raw reply. */
static void read_values(const cJSON *call, struct arena *arena, struct call_report *out)
{
	const cJSON *result = call_or_job(call, "outcomeResult");
	cJSON *inside = NULL;

	if (!result)
		result = json_get(json_find(call, "callAnalysis"), "outcomeResult");
	for (int level = 0; level < 3 && cJSON_IsString(result); level++) {
		cJSON *deeper = json_parse(result->valuestring);
		cJSON_Delete(inside);
		result = inside = deeper;
	}
	if (holds_more(result)) {
		struct outcome_value *values =
			arena_array(arena, count_leaves(result, 0), sizeof(*values));
		add_values(result, "", 0, arena, values, out);
		out->values = values;
	}
	cJSON_Delete(inside);
}

bool hamsa_call_from(const cJSON *root, const char *body, const char *job_id, struct arena *arena,
		     struct call_report *out)
{
	const cJSON *call = call_of(root);
	char sid[CALL_TWILIO_SID_SIZE];
	double cost;

	*out = (struct call_report){.job_id = job_id, .raw = body, .talk_ms = -1};
	if (!call)
		return false;

	out->id = json_get_text(call, "id", arena);
	out->status_text = json_text(json_find(call, "status"), arena);
	if (out->status_text)
		out->status_text = text_mask_numbers(arena, out->status_text);
	out->status = call_status_from_text(out->status_text ? out->status_text : "");
	read_times(call, out);
	if (out->status == CALL_FAILED)
		out->words = failure_words(call, arena);
	out->recording = recording_of(call, arena);
	if (call_find_twilio_sid(body, sid))
		out->twilio_sid = arena_strdup(arena, sid);
	out->ref = ref_in(body, arena);
	out->has_cost = find_cost(root, "totalCost", &cost) || find_cost(root, "cost", &cost);
	if (out->has_cost)
		out->cost.micro = llround(cost * 1e6);
	out->user_number = json_get_text(json_find(call, "callParams"), "userNumber", arena);
	if (!out->user_number)
		out->user_number = json_text(json_find(call, "toNumber"), arena);
	out->agent_id = json_text(json_find(call, "voiceAgentId"), arena);
	out->utterance_count = hamsa_transcript_from(call, arena, &out->utterances);
	read_values(call, arena, out);
	return true;
}
