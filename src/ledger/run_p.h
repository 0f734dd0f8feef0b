/*
 * Reading a run, for the files of this room.
 */
#ifndef NIDA_LEDGER_RUN_P_H
#define NIDA_LEDGER_RUN_P_H

#include "ledger/run.h"

#include <sqlite3.h>

/*
 * Visit every run that a statement finds which selects RUN_COLUMNS; false from visit ends it. Texts
 * are copied into the arena.
 */
bool run_visit(struct ledger *l, sqlite3_stmt *stmt, struct arena *arena,
	       bool (*visit)(void *data, const struct run *run, struct err *e), void *data,
	       struct err *e) MUST_CHECK;

#endif
