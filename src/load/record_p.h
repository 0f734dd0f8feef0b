/*
 * The records of a CSV file, one after the other, with the physical line each begins on.
 *
 * This is the floor under lists and suppression files: bytes, checksum, encoding, delimiter,
 * quotes, lines. It knows nothing of headers: the first record is a record. libcsv parses;
 * since it knows no lines, it is fed line by line. A line ends with LF, CR LF or CR alone.
 * Memory is bounded: a cell has at most RECORD_CELL_MAX bytes (what is longer is cut and a
 * fault of its record), a record at most RECORD_MAX, beyond which a quote was surely never
 * closed.
 */
#ifndef NIDA_LOAD_RECORD_P_H
#define NIDA_LOAD_RECORD_P_H

#include "base/err.h"
#include "base/hash.h"
#include "model/campaign.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_CELL_MAX  (64 * 1024)
#define RECORD_MAX       (8 * 1024 * 1024)
#define RECORD_CELLS_MAX 16384 /* as many columns as Excel has */

enum record_fault {
	RECORD_OK,
	RECORD_HAS_NUL,  /* a cell holds a NUL byte */
	RECORD_NOT_TEXT, /* a cell is not in the encoding of the file */
	RECORD_TOO_LONG, /* a cell is longer than RECORD_CELL_MAX */
};

struct record {
	int64_t line; /* where it begins, from 1 */
	size_t count;
	const char *const *cells; /* valid UTF-8: what is not became U+FFFD; borrowed */
	size_t bytes;             /* of all cells, with the NUL of each */
	enum record_fault fault;  /* the first one */
	size_t fault_cell;
	char delimiter; /* of the file */
	enum list_encoding encoding;
};

struct record_source {
	const char *file;
	const char *what;   /* begins messages: "The list" */
	const char *advice; /* what to do when the encoding cannot be told */
	enum list_encoding encoding;
};

typedef bool record_visit(void *data, const struct record *record, struct err *e);

/* Visit all records. A file without any is no error here. False: e says what is wrong with the
 * file, or is what the visitor left there. */
bool record_read(const struct record_source *source, record_visit *visit, void *data,
		 char sha256[SHA256_HEX_SIZE], struct err *e) MUST_CHECK;

/* "has a NUL byte", … : what follows "The cell in column 'x' ". */
const char *record_fault_text(enum record_fault fault);

#endif
