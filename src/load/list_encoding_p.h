/*
 * From the bytes of a file to UTF-8, block by block.
 *
 * The encoding is the one that is named, or told from a byte order mark, or taken for UTF-8.
 * What is no text at all (a workbook, a PDF) is refused. UTF-8 passes through uncopied and
 * unchecked: the reader of the records checks each cell, so that one bad cell costs one row. In
 * other encodings a sequence that means nothing becomes the byte 0xFF, which that check then
 * finds.
 */
#ifndef NIDA_LOAD_LIST_ENCODING_P_H
#define NIDA_LOAD_LIST_ENCODING_P_H

#include "model/campaign.h"

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>

#define DECODER_BLOCK_MAX (64 * 1024)

struct decoder {
	enum list_encoding encoding; /* what it turned out to be */
	bool is_certain;             /* named or marked, not only assumed */
	size_t mark;                 /* length of the byte order mark, to be passed over */
	iconv_t iconv;               /* (iconv_t)-1: none is needed */
	char *work;                  /* owned; rest of the last block, then the block */
	size_t rest; /* bytes at the start of `work` that wait for their other half */
	char *out;   /* owned */
};

/* Look at the beginning of the file (all of it, or 4 KiB and more). False: *why ends the
 * sentence "The list 'x' …"; nothing is to be freed. */
bool decoder_begin(struct decoder *d, enum list_encoding wanted, const char *head, size_t length,
		   const char **why);

/* Decode one block of at most DECODER_BLOCK_MAX bytes. *text is valid until the next call. */
void decoder_feed(struct decoder *d, const char *bytes, size_t length, const char **text,
		  size_t *text_length);

/* False: the file ended in the middle of a character. */
bool decoder_end(struct decoder *d);

#endif
