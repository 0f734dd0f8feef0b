/*
 * A result for machines: one JSON object, on one line of standard output.
 *
 *     struct object o;
 *     struct emit *j = object_begin(&o);
 *     emit_text(j, "key", key);
 *     object_print(&o);
 *
 * The members are documented in nida(1) and stable: there may come more, none is renamed. Moments
 * are UTC. Nothing else may stand on standard output then, so what the shared parts of a run print
 * there for people goes to standard error meanwhile.
 */
#ifndef NIDA_CMD_OBJECT_P_H
#define NIDA_CMD_OBJECT_P_H

#include "base/buf.h"
#include "base/emit.h"
#include "ledger/attempt.h"
#include "ledger/contact.h"
#include "ledger/run.h"

#include <stdint.h>

struct object {
	struct buf text;
	struct emit emit;
};

/* The writer stands inside the object; object_print() closes it, and frees what it took. */
struct emit *object_begin(struct object *o);
void object_print(struct object *o);

/* "campaign" and "run". */
void object_add_run(struct emit *j, const struct run *run);

/* 0 is null. */
void object_add_moment(struct emit *j, const char *name, int64_t at_ms);

/* "" and NULL are null: what is not known. */
void object_add_known(struct emit *j, const char *name, const char *text);

/* A row of which nobody knows whether it was called, as an object of its own. */
void object_print_doubt(const struct run *run, const struct contact *c, const struct attempt *a);

/* From here on, what this process and its children print on standard output goes to standard error.
 * Returns what object_stdout_back() takes to undo it. */
int object_stdout_aside(void);
void object_stdout_back(int kept);

#endif
