/*
 * A call as Hamsa tells of it, and the attempt that it belongs to.
 *
 * Status words: docs.tryhamsa.com, list-minimal-calls (JobStatus). What client code has been seen
 * to tolerate beside them (QUEUED, RUNNING, CANCELED, hyphens, lower case …) is mapped too; a word
 * nobody knows is CALL_UNKNOWN and the call keeps being followed.
 */
#ifndef NIDA_MODEL_CALL_H
#define NIDA_MODEL_CALL_H

#include "base/zone.h"
#include "model/contact.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A provider's clock may differ from ours by this much: where calls are looked for by their time,
 * the time is taken longer at both ends. */
#define CALL_SKEW_MS (2 * MINUTE_MS)

enum call_status {
	CALL_UNKNOWN,     /* a word we do not know: keep following */
	CALL_PENDING,     /* queued or ringing */
	CALL_IN_PROGRESS, /* talking */
	CALL_COMPLETED,   /* over, ended normally */
	CALL_NO_ANSWER,   /* over, nobody picked up */
	CALL_FAILED,      /* over, an error at Hamsa or the carrier */
	CALL_FORWARDED,   /* over for Hamsa, passed on to another destination */
	CALL_TERMINATED,  /* over, ended or cancelled from our side */
	CALL_STATUS_COUNT,
};

enum call_status call_status_from_text(const char *text);
const char *call_status_name(enum call_status status); /* "IN_PROGRESS"; "UNKNOWN" */
bool call_status_is_final(enum call_status status);
enum outcome call_status_outcome(enum call_status status); /* OUTCOME_NONE unless final */

enum attempt_state {
	ATTEMPT_PLACING,  /* intent committed, no answer recorded */
	ATTEMPT_LIVE,     /* job id known */
	ATTEMPT_IN_DOUBT, /* sent, no answer */
	ATTEMPT_CLOSED,   /* over, whatever came of it */
	ATTEMPT_STATE_COUNT,
};

const char *attempt_state_name(enum attempt_state state);
bool attempt_state_from_name(const char *name, enum attempt_state *out);

enum speaker {
	SPEAKER_AGENT,    /* the voice agent */
	SPEAKER_CUSTOMER, /* the person who was called */
};

struct utterance {
	enum speaker speaker;
	const char *text;
};

struct outcome_value {
	const char *name;
	const char *value;
};

/* A Twilio call: "CA" and 32 hexadecimal digits, wherever it stands in a text as a word of its own.
 * Hamsa documents no place for it, so that all of a reply is searched. False: there is none. */
#define CALL_TWILIO_SID_SIZE 35
bool call_find_twilio_sid(const char *text, char out[CALL_TWILIO_SID_SIZE]);

/* What a reading of one call gives. Texts are borrowed from the reader's arena; absent ones are
 * NULL. */
struct call_report {
	const char *job_id;
	const char *id; /* of the call, as the reply names it */
	enum call_status status;
	const char *status_text; /* as Hamsa wrote it */
	const char *words;       /* Hamsa's own words on a failure */
	const char *recording;   /* URL */
	const char *twilio_sid;  /* a CA… found anywhere in the reply */
	int64_t created_ms;      /* 0: not said */
	int64_t started_ms;      /* talk began; 0: not said */
	int64_t ended_ms;        /* 0: not said */
	int64_t talk_ms;         /* -1: not said */
	bool has_cost;
	struct decimal cost;     /* in the provider's unit (credits) */
	const char *user_number; /* the called person, as Hamsa writes it */
	const char *agent_id;
	const char *ref;        /* nidaRef found in the reply, whoever's it is */
	size_t utterance_count; /* 0: no transcript (yet) */
	const struct utterance *utterances;
	size_t value_count;
	const struct outcome_value *values; /* what the agent found out */
	const char *raw;                    /* the reply as it came */
};

/* One line of Hamsa's list of calls. */
struct call_line {
	const char *job_id; /* never NULL */
	enum call_status status;
	int64_t created_ms; /* 0: not said */
	const char *user_number;
	const char *agent_id;
};

#endif
