/*
 * Who must not be called: the campaign's suppression files and the register of the ledger.
 *
 * Files are looked at before each dial and read again when they have changed. What cannot be
 * evaluated forbids (rules fail closed), so nothing is dialled while a file
 *   - is gone, has no line, or cannot be understood;
 *   - was written a moment ago: it is read once it has stayed as it is for SUPPRESSOR_QUIET_MS;
 *   - has lost more than half of at least SUPPRESSOR_SHRINK_LEAST numbers since it was read last:
 *     an export that was cut off looks like that. A person who has looked may accept it.
 * The plan and the clock are borrowed.
 */
#ifndef NIDA_RUN_SUPPRESSOR_H
#define NIDA_RUN_SUPPRESSOR_H

#include "base/clock.h"
#include "base/err.h"
#include "ledger/ledger.h"
#include "model/plan.h"

#include <stdbool.h>

#define SUPPRESSOR_QUIET_MS     2000
#define SUPPRESSOR_SHRINK_LEAST 10

struct suppressor;

/* `clock` NULL: files are read as they stand, however young; for those who dial nobody. */
struct suppressor *suppressor_new(const struct plan *plan, const struct clock *clock);
void suppressor_free(struct suppressor *s);

/* Read what has changed. False: nothing may be dialled, e says why. */
bool suppressor_refresh(struct suppressor *s, struct err *e) MUST_CHECK;

/* A person has looked at the files: as they are now they are read at once and believed, however
 * young and however short. */
void suppressor_accept(struct suppressor *s);

/* Is this number on a file or in the register (`l` NULL: the register is known to be empty)?
 * *source names where: borrowed. */
bool suppressor_has(const struct suppressor *s, struct ledger *l, const char *e164, bool *out,
		    const char **source, struct err *e) MUST_CHECK;

#endif
