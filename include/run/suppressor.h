/*
 * Who must not be called: the campaign's suppression files and the register of the ledger.
 *
 * Files are looked at before each dial and read again when they have changed (or at once after
 * suppressor_touch()). One that has disappeared or cannot be understood stops the dialling: a rule
 * that cannot be evaluated forbids (rules fail closed). The plan is borrowed.
 */
#ifndef NIDA_RUN_SUPPRESSOR_H
#define NIDA_RUN_SUPPRESSOR_H

#include "base/err.h"
#include "ledger/ledger.h"
#include "model/plan.h"

#include <stdbool.h>

struct suppressor;

struct suppressor *suppressor_new(const struct plan *plan);
void suppressor_free(struct suppressor *s);

/* Read what has changed. False: nothing may be dialled, e says why. */
bool suppressor_refresh(struct suppressor *s, struct err *e) MUST_CHECK;

/* Read every file again at the next refresh. */
void suppressor_touch(struct suppressor *s);

/* Is this number on a file or in the register? *source names where: borrowed. */
bool suppressor_has(const struct suppressor *s, struct ledger *l, const char *e164, bool *out,
		    const char **source, struct err *e) MUST_CHECK;

#endif
