/*
 * One runner per campaign: a lock on a small file beside the ledger, which the kernel drops when
 * the process dies, however it dies. The file itself stays; it holds the number of the last holder.
 *
 * Who ends calls of a campaign beside its runner takes turns with others by a lock of the same
 * kind, named CAMPAIGN.end: no campaign has a dot in its name.
 */
#ifndef NIDA_LEDGER_LOCK_H
#define NIDA_LEDGER_LOCK_H

#include "base/err.h"
#include "ledger/ledger.h"

#include <stdbool.h>

struct ledger_lock;

/* ERR_BUSY when another process holds it. */
bool ledger_lock_take(const struct ledger *l, const char *campaign, struct ledger_lock **out,
		      struct err *e) MUST_CHECK;

/* Is it still the file that others would lock? One that was deleted keeps nobody out. */
bool ledger_lock_still_there(const struct ledger_lock *lock, struct err *e) MUST_CHECK;

void ledger_lock_drop(struct ledger_lock *lock);

/* Process that holds the lock now, 0 when none does, LOCK_HOLDER_UNKNOWN when it has not told its
 * number. Takes nothing and disturbs nobody. */
#define LOCK_HOLDER_UNKNOWN (-1)
long ledger_lock_holder(const struct ledger *l, const char *campaign);

#endif
