/*
 * Reading a run, for the files of this room.
 */
#ifndef NIDA_LEDGER_RUN_P_H
#define NIDA_LEDGER_RUN_P_H

#include "ledger/run.h"

#include <sqlite3.h>

/* The row a statement that selects RUN_COLUMNS stands at; texts are copied into the arena. */
void run_read(sqlite3_stmt *stmt, struct arena *arena, struct run *out);

#endif
