/*
 * The do-not-call register of this ledger, over all campaigns.
 */
#ifndef NIDA_LEDGER_SUPPRESSION_H
#define NIDA_LEDGER_SUPPRESSION_H

#include "base/err.h"
#include "ledger/ledger.h"

#include <stdbool.h>
#include <stdint.h>

/* Texts are never NULL. */
struct suppressed {
	const char *phone; /* E.164 */
	const char *reason;
	const char *source; /* "operator", "call", a file name */
	int64_t at_ms;
};

/* Adding one that is there already changes nothing: the first reason stays. */
bool ledger_suppression_add(struct ledger *l, const struct suppressed *s, bool *added,
			    struct err *e) MUST_CHECK;
bool ledger_suppression_remove(struct ledger *l, const char *phone, bool *removed,
			       struct err *e) MUST_CHECK;
bool ledger_suppression_has(struct ledger *l, const char *phone, bool *out,
			    struct err *e) MUST_CHECK;
/* Is there any number in it? */
bool ledger_suppression_any(struct ledger *l, bool *out, struct err *e) MUST_CHECK;
bool ledger_suppression_each(struct ledger *l,
			     bool (*visit)(void *data, const struct suppressed *s, struct err *e),
			     void *data, struct err *e) MUST_CHECK;

#endif
