/*
 * Events: the story of a run, only ever added to.
 */
#ifndef NIDA_LEDGER_EVENT_H
#define NIDA_LEDGER_EVENT_H

#include "base/err.h"
#include "base/mem.h"
#include "ledger/ledger.h"

#include <stdbool.h>
#include <stdint.h>

/* Texts are never NULL; ids are 0 when the event is about no contact or attempt. */
struct event {
	int64_t id;
	int64_t run_id;
	int64_t contact_id;
	int64_t attempt_id;
	int64_t at_ms;
	const char *kind; /* "run.created", "call.intent", "call.accepted", … */
	const char *text; /* for people */
	const char *key;  /* of the contact; "" */
};

bool ledger_event_add(struct ledger *l, const struct event *event, struct err *e) MUST_CHECK;

/* In order; contact_id 0: the whole run. */
bool ledger_events_each(struct ledger *l, int64_t run_id, int64_t contact_id,
			bool (*visit)(void *data, const struct event *event, struct err *e),
			void *data, struct err *e) MUST_CHECK;

/* Why the last runner left, if nothing has happened in the run since it did: the text of the newest
 * event, in the arena, when that is "run.stopped"; else "". */
bool ledger_event_stopped(struct ledger *l, int64_t run_id, struct arena *arena, const char **out,
			  struct err *e) MUST_CHECK;

/* Did a test call (nida try) get this job id, or this reference ("": not known)? */
bool ledger_event_of_try(struct ledger *l, const char *job_id, const char *ref, bool *out,
			 struct err *e) MUST_CHECK;

#endif
