/*
 * The ledger: everything that must survive the process, and the only room that speaks SQL.
 *
 * Invariants, kept here and once more by the database itself (CHECK, partial UNIQUE indexes):
 *   - an attempt's intent is on disk before its POST can leave (commit with synchronous=FULL);
 *   - a contact has at most one attempt that is not closed;
 *   - a contact moves only along the arrows of model/contact.h; anything else is a BUG();
 *   - events are only ever added; a removal of personal data (ledger/purge.h) empties the text of
 *     some, and leaves a record of itself;
 *   - `tally` holds exactly the number of contacts of a run in each state, outcome and reason.
 *
 * Only the process that holds the campaign's lock (ledger/lock.h) changes contacts and attempts of
 * that campaign. Any process may read, pause, cancel, leave a wish (end this call) or take it back,
 * and keep what Hamsa has told of Twilio's call (ledger_attempt_keep_sid()).
 *
 * Its files stay where they are while it is open; who places calls asks ledger_still_there() and
 * ledger_lock_still_there() first.
 *
 * Every function that returns false has left a whole sentence in `e`. After a failed write inside a
 * transaction the caller rolls back and stops: what the ledger did not keep did not happen.
 */
#ifndef NIDA_LEDGER_LEDGER_H
#define NIDA_LEDGER_LEDGER_H

#include "base/err.h"

#include <stdbool.h>

struct ledger;

enum ledger_access {
	LEDGER_WRITE,  /* created (mode 0600) and migrated when needed */
	LEDGER_CHANGE, /* must exist; migrated when needed */
	LEDGER_READ,   /* must exist; nothing is changed */
};

/* `path` NULL: a private temporary ledger that is gone when it is closed. Its commits are
 * grouped, so that ledger_rollback() may take back more than the last transaction: after one,
 * close it. */
bool ledger_open(const char *path, enum ledger_access access, struct ledger **out,
		 struct err *e) MUST_CHECK;
void ledger_close(struct ledger *l);
const char *ledger_path(const struct ledger *l);

/* Are the files still those that were opened? One that was deleted or replaced is written on
 * without an error, and the next process would find a ledger that has called nobody. Cheap enough
 * for every batch of intents. */
bool ledger_still_there(const struct ledger *l, struct err *e) MUST_CHECK;

bool ledger_begin(struct ledger *l, struct err *e) MUST_CHECK;
bool ledger_commit(struct ledger *l, struct err *e) MUST_CHECK;
void ledger_rollback(struct ledger *l);

/* A consistent view over several reads; end it with ledger_commit(). */
bool ledger_begin_read(struct ledger *l, struct err *e) MUST_CHECK;

/* Has another process written since this was last asked? Cheap enough for every tick. */
bool ledger_changed_outside(struct ledger *l);

#endif
