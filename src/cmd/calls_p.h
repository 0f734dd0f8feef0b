/*
 * Hamsa's own list of calls, and whose they are: for `nida hamsa calls` and `nida audit`.
 */
#ifndef NIDA_CMD_CALLS_P_H
#define NIDA_CMD_CALLS_P_H

#include "cmd/session.h"
#include "ledger/attempt.h"
#include "ledger/contact.h"

#include <stdbool.h>
#include <stdint.h>

/* Every call that was created between two moments, of one agent (NULL: of all), page by page in
 * Hamsa's own order. A call may come twice when the list moves while it is read. The visitor must
 * not ask Hamsa for anything. */
struct calls_query {
	int64_t from_ms;
	int64_t to_ms;
	const char *agent_id;
};

bool calls_each(struct session *s, const struct calls_query *query,
		bool (*visit)(void *data, const struct call_line *line, struct err *e), void *data,
		struct err *e) MUST_CHECK;

enum calls_owner {
	CALLS_FOREIGN, /* nobody in this ledger placed it */
	CALLS_TRY,     /* `nida try` did */
	CALLS_OURS,    /* an attempt of a run: the fields below */
};

/* Whose is it, by its job id or, where that is not known, by the reference it carries ("": none)?
 * Texts lie in the arena. */
struct calls_place {
	enum calls_owner owner;
	struct attempt attempt;
	struct contact contact;
	struct run run;
};

bool calls_find(struct session *s, const char *job_id, const char *ref, struct arena *arena,
		struct calls_place *out, struct err *e) MUST_CHECK;

#endif
