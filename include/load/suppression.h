/*
 * Suppression files: CSV lists of numbers that must not be called.
 *
 * The numbers stand in the column called phone, mobile, number, msisdn, tel or رقم (any case); a
 * file of one column needs no header. Every number is normalised as in a list (`home` completes
 * national ones). A number that cannot be understood is an error with its line: a rule that
 * cannot be evaluated stops the dialling (rules fail closed). Two columns so called, or several
 * columns and none so called, are an error too. A header alone is a valid empty list; a file
 * without any line is an error: an export that is being written, or failed, looks like that.
 */
#ifndef NIDA_LOAD_SUPPRESSION_H
#define NIDA_LOAD_SUPPRESSION_H

#include "base/err.h"
#include "model/phone.h"
#include "model/phone_set.h"

#include <stdbool.h>
#include <stdint.h>

/* Adds to `set` (which the caller seals). False: nothing may be dialled. */
bool suppression_read(const char *file, enum phone_country home, struct phone_set *set,
		      struct err *e) MUST_CHECK;

/* The same file for somebody who wants its numbers one by one and takes those that can be read. The
 * fault of a line is no error here; what is wrong with the file as a whole is. */
struct suppression_visitor {
	void *data;
	bool (*number)(void *data, const char *e164, struct err *e);
	void (*fault)(void *data, int64_t line, const char *why);
};

bool suppression_each(const char *file, enum phone_country home,
		      const struct suppression_visitor *visitor, struct err *e) MUST_CHECK;

#endif
