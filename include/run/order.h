/*
 * An order: what is sent to the provider for one contact. Rendered from the contact's frozen cells
 * by the plan, the same way for a real dial, a dry run and a test call; `scenario`, `language` and
 * `nidaRef` are always among the params. What a param takes from the environment is sent, and is
 * hidden wherever the order is kept or printed.
 */
#ifndef NIDA_RUN_ORDER_H
#define NIDA_RUN_ORDER_H

#include "base/mem.h"
#include "base/rng.h"
#include "ledger/contact.h"
#include "model/plan.h"
#include "provider/provider.h"

#include <stdbool.h>

struct order {
	struct row_verdict verdict;
	char ref[33];             /* a fresh one */
	struct place_order place; /* texts in the arena, the contact or the plan */
	struct place_order shown; /* the same for the ledger and for people, without secrets */
};

/* False: the row may not be called; order->verdict says why. */
bool order_render(const struct plan *plan, const struct contact *contact, struct rng *rng,
		  struct arena *arena, struct order *out);

#endif
