/*
 * The list: a CSV file of any size, read as a stream, never held in memory whole.
 *
 * list_read() calls the visitor once with the header and then once per record, in file order.
 * What is wrong with one record (ragged, a NUL byte, not in the file's encoding) is said in
 * `fault` and does not stop the reading; what is wrong with the file (no such file, an
 * unterminated quote, no header, a column twice, no rows, an encoding that cannot be told) ends
 * it with an error that names file and line. Cells are UTF-8: quoted ones as they stand, bare
 * ones without the blanks around them; in a faulty record, what is not UTF-8 has become U+FFFD.
 * Borrowed until the callback returns.
 *
 * The delimiter is sniffed from the header line: comma, semicolon or tab, whichever stands there
 * most often outside quotes; Excel's own first line "sep=;" decides too and is passed over. Lines
 * are physical lines of the file, from 1, also where quoted cells hold line ends (LF, CR LF or
 * CR). Blank lines are passed over and are no rows; trailing columns that are empty in header and
 * rows are dropped.
 */
#ifndef NIDA_LOAD_LIST_H
#define NIDA_LOAD_LIST_H

#include "base/err.h"
#include "base/hash.h"
#include "model/campaign.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct list_header {
	size_t count;
	const char *const *names;    /* trimmed, never empty, no two alike */
	int64_t line;                /* where it stands in the file */
	char delimiter;              /* ',' ';' or '\t' */
	enum list_encoding encoding; /* what it turned out to be; never ENCODING_AUTO */
};

struct list_row {
	int64_t ordinal;          /* 1 for the first record after the header */
	int64_t line;             /* where it starts in the file */
	size_t count;             /* always the header's */
	const char *const *cells; /* absent cells are "" */
	size_t bytes;             /* of the cells that the file has, with the NUL of each */
	const char *fault;        /* NULL, or a sentence: why this record cannot be used */
};

struct list_visitor {
	void *data;
	bool (*header)(void *data, const struct list_header *header, struct err *e);
	bool (*row)(void *data, const struct list_row *row, struct err *e);
};

struct list_summary {
	int64_t rows;
	char sha256[SHA256_HEX_SIZE]; /* of the bytes of the file */
};

/* False: e says what is wrong with the file, or is what a callback left there. */
bool list_read(const struct list_rules *rules, const struct list_visitor *visitor,
	       struct list_summary *out, struct err *e) MUST_CHECK;

/* The checksum alone: is it still the same list? */
bool list_fingerprint(const char *file, char sha256[SHA256_HEX_SIZE], struct err *e) MUST_CHECK;

#endif
