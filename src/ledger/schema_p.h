/*
 * The shape of the ledger: an ordered list of steps, each from one `user_version` to the next.
 * A step is never edited once it has been released; a change is a new step.
 */
#ifndef NIDA_LEDGER_SCHEMA_P_H
#define NIDA_LEDGER_SCHEMA_P_H

#include "base/err.h"
#include "ledger/ledger.h"

#define SCHEMA_VERSION 6

/* schema_steps[i] takes a ledger from version i to i + 1: its statements, NULL at the end. */
extern const char *const *const schema_steps[SCHEMA_VERSION];

/* "nida": what tells a ledger from another program's database (PRAGMA application_id). */
#define SCHEMA_APPLICATION_ID 0x6e696461

/* Is the file a ledger, or still empty? Asked before anything of it is changed; a database of
 * another program is refused. */
bool schema_recognize(struct ledger *l, struct err *e) MUST_CHECK;

/* Bring the ledger to SCHEMA_VERSION; one of a newer nida is refused. */
bool schema_migrate(struct ledger *l, struct err *e) MUST_CHECK;

/* Is it exactly SCHEMA_VERSION? For readers, who change nothing. */
bool schema_check(struct ledger *l, struct err *e) MUST_CHECK;

#endif
