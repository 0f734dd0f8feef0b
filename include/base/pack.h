/*
 * Lists of texts as one text: a flat JSON array of strings.
 *
 * The cells of a row, pairs of names and values, a transcript: what the ledger keeps as a list, and
 * others read back, has this one form, so that it can be read with any tool and passed on
 * unchanged.
 */
#ifndef NIDA_BASE_PACK_H
#define NIDA_BASE_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/mem.h"

/* Append ["a","b",…] to the buffer. A NULL item is written as "". Nothing takes more than
 * PACK_GROWTH times its bytes, the NUL of each item counted, and one byte. */
#define PACK_GROWTH 6
void pack_strings(struct buf *out, const char *const *items, size_t count);

/* Back, into the arena. False when the text is not such an array. */
bool unpack_strings(const char *text, struct arena *arena, const char ***items, size_t *count);

#endif
