#include "model/call.h"

#include "base/mem.h"

#include <ctype.h>
#include <string.h>

static const struct {
	const char *name;
	enum outcome outcome; /* OUTCOME_NONE: not final */
} statuses[CALL_STATUS_COUNT] = {
	[CALL_UNKNOWN] = {"UNKNOWN", OUTCOME_NONE},
	[CALL_PENDING] = {"PENDING", OUTCOME_NONE},
	[CALL_IN_PROGRESS] = {"IN_PROGRESS", OUTCOME_NONE},
	[CALL_COMPLETED] = {"COMPLETED", OUTCOME_COMPLETED},
	[CALL_NO_ANSWER] = {"NO_ANSWER", OUTCOME_NO_ANSWER},
	[CALL_FAILED] = {"FAILED", OUTCOME_FAILED},
	[CALL_FORWARDED] = {"FORWARDED", OUTCOME_FORWARDED},
	[CALL_TERMINATED] = {"TERMINATED", OUTCOME_TERMINATED},
};

/* Words beside the documented ones. A call taken for over is never followed again, so only words
 * that have been seen stand here for final statuses; any other stays CALL_UNKNOWN. */
static const struct {
	const char *word;
	enum call_status status;
} synonyms[] = {
	{"QUEUED", CALL_PENDING},         {"RINGING", CALL_PENDING},
	{"RUNNING", CALL_IN_PROGRESS},    {"ACTIVE", CALL_IN_PROGRESS},
	{"PROCESSING", CALL_IN_PROGRESS}, {"INPROGRESS", CALL_IN_PROGRESS},
	{"SUCCEEDED", CALL_COMPLETED},    {"NOANSWER", CALL_NO_ANSWER},
	{"UNANSWERED", CALL_NO_ANSWER},   {"ERROR", CALL_FAILED},
	{"CANCELLED", CALL_TERMINATED},   {"CANCELED", CALL_TERMINATED},
};

#define WORD_SIZE 24

/* Upper case, blanks around removed, '-' and ' ' as '_'; false for a word too long to be known. */
static bool word_fold(const char *text, char out[WORD_SIZE])
{
	size_t length = 0;

	text += strspn(text, " \t\r\n");
	for (; *text; text++) {
		char c = *text;
		if (length + 1 == WORD_SIZE)
			return false;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c == '-' || c == ' ')
			c = '_';
		out[length++] = c;
	}
	while (length > 0 && strchr("_\t\r\n", out[length - 1]))
		length--;
	out[length] = '\0';
	return true;
}

enum call_status call_status_from_text(const char *text)
{
	char word[WORD_SIZE];

	if (!text || !word_fold(text, word))
		return CALL_UNKNOWN;
	for (int i = 0; i < CALL_STATUS_COUNT; i++)
		if (strcmp(statuses[i].name, word) == 0)
			return (enum call_status)i;
	for (size_t i = 0; i < COUNT_OF(synonyms); i++)
		if (strcmp(synonyms[i].word, word) == 0)
			return synonyms[i].status;
	return CALL_UNKNOWN;
}

const char *call_status_name(enum call_status status)
{
	return statuses[status].name;
}

bool call_status_is_final(enum call_status status)
{
	return statuses[status].outcome != OUTCOME_NONE;
}

enum outcome call_status_outcome(enum call_status status)
{
	return statuses[status].outcome;
}

static const char *const attempt_names[ATTEMPT_STATE_COUNT] = {
	[ATTEMPT_PLACING] = "placing",
	[ATTEMPT_LIVE] = "live",
	[ATTEMPT_IN_DOUBT] = "in_doubt",
	[ATTEMPT_CLOSED] = "closed",
};

const char *attempt_state_name(enum attempt_state state)
{
	return attempt_names[state];
}

bool attempt_state_from_name(const char *name, enum attempt_state *out)
{
	for (int i = 0; i < ATTEMPT_STATE_COUNT; i++) {
		if (strcmp(attempt_names[i], name) == 0) {
			*out = (enum attempt_state)i;
			return true;
		}
	}
	return false;
}

static size_t hex_length(const char *text)
{
	size_t length = 0;

	while (isxdigit((unsigned char)text[length]))
		length++;
	return length;
}

bool call_find_twilio_sid(const char *text, char out[CALL_TWILIO_SID_SIZE])
{
	const size_t length = CALL_TWILIO_SID_SIZE - 1;

	for (const char *at = strstr(text, "CA"); at; at = strstr(at + 1, "CA")) {
		bool begins = at == text || !isalnum((unsigned char)at[-1]);
		if (!begins || hex_length(at + 2) != length - 2 ||
		    isalnum((unsigned char)at[length]))
			continue;
		memcpy(out, at, length);
		out[length] = '\0';
		return true;
	}
	return false;
}
