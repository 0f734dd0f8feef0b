/*
 * How one due contact fares; texts lie in the engine's tick.
 */
#ifndef NIDA_RUN_JUDGE_P_H
#define NIDA_RUN_JUDGE_P_H

#include "engine_p.h"

#include "run/order.h"

struct judged {
	struct contact contact;
	bool go;
	bool defer;
	int64_t due_ms;        /* of a deferred one */
	enum skip_reason skip; /* of a skipped one */
	const char *detail;
	int64_t attempt_id; /* of one that goes */
	struct order order;
};

/* `contact` is set; decide the rest. */
bool judge_contact(struct engine *g, struct judged *j, struct err *e) MUST_CHECK;

#endif
