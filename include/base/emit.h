/*
 * Emitting JSON: the one writer of it, so that commas, quotes and lines come out right everywhere.
 *
 * A writer adds to a buffer that the caller owns. Every value has a name inside an object and NULL
 * inside an array; commas are put where they belong. The caller closes what it opens. A buffer that
 * has overflowed stays so (base/buf.h); what is in it then is not to be used.
 *
 * `pretty` puts each member on a line of its own, for files that people read too; what is opened
 * with emit_open_line() stays on one line.
 */
#ifndef NIDA_BASE_EMIT_H
#define NIDA_BASE_EMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct emit {
	struct buf *out;
	bool pretty;
	int depth; /* of open objects and arrays */
	int line;  /* the depth below which nothing is broken into lines; 0: none */
};

/* bracket '{' or '['. */
void emit_open(struct emit *j, const char *name, char bracket);
void emit_open_line(struct emit *j, const char *name, char bracket);
void emit_close(struct emit *j, char bracket);

/* NULL is written as null. */
void emit_text(struct emit *j, const char *name, const char *text);
void emit_number(struct emit *j, const char *name, int64_t number);
void emit_flag(struct emit *j, const char *name, bool flag);
void emit_null(struct emit *j, const char *name);

/* A number that is text already: "0.05". */
void emit_literal(struct emit *j, const char *name, const char *literal);

#endif
