/*
 * Errors as values.
 *
 * A function that can fail returns false and fills `struct err` with one whole sentence for the
 * user: what, where, what was expected, what to do. On success it leaves the struct untouched.
 * Callers add context in front on the way up; main prints it once. `kind` decides the exit code
 * (cmd/exit.h) and nothing else.
 */
#ifndef NIDA_BASE_ERR_H
#define NIDA_BASE_ERR_H

#include <stdbool.h>

#define MUST_CHECK __attribute__((warn_unused_result))

enum err_kind {
	ERR_FAILED,  /* something outside broke: disk, network, a damaged file */
	ERR_INVALID, /* what the user gave is wrong: usage, campaign, scenario, list */
	ERR_STOPPED, /* a guard or the provider forbids going on: credentials, budget, breaker */
	ERR_BUSY,    /* another process already runs this campaign */
};

struct err {
	enum err_kind kind;
	char text[1024];
};

/* Both return false, so that a caller can write `return err_set(e, ERR_INVALID, …)`. */
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Put context in front of a message that is there already; the kind stays. */
bool err_prefix(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
