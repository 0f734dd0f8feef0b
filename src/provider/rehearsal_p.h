/*
 * What the files of the rehearsal share.
 *
 *   rehearsal.c         the seam, the clock, what is on its way and when it arrives
 *   rehearsal_answer.c  a request carried out by the network, and what that means as an answer
 */
#ifndef NIDA_PROVIDER_REHEARSAL_P_H
#define NIDA_PROVIDER_REHEARSAL_P_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "provider/network.h"
#include "provider/provider.h"
#include "provider/rehearsal.h"

/* A request from its start until its answer was looked at; then it is used again. */
struct rehearsal_request {
	enum request_kind kind;
	uint64_t token;
	int64_t sent_us;
	int64_t back_us;  /* how long its answer will travel */
	bool unreachable; /* it never leaves this machine */
	bool orphan;      /* nobody waits for its answer any more */
	bool carried_out; /* the answer is written, and travels back */
	bool lost;      /* carried out, but its answer never comes: it is given up at a time-out */
	const char *id; /* of a call or an agent; NULL: none */
	struct network_order order; /* REQUEST_PLACE */
	struct list_query query;    /* REQUEST_LIST */
	struct answer answer;
	struct arena arena; /* texts of the request and of its answer */
	struct rehearsal_request *next_free;
};

/* Ask the network, whose time is now_ms, and write the answer. */
void rehearsal_carry_out(const struct rehearsal_config *config, struct network *network,
			 int64_t now_ms, struct rehearsal_request *request);

#endif
