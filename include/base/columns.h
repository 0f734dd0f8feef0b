/*
 * Columns: text as it stands on a terminal.
 *
 * Widths are columns, not bytes and not code points: combining marks (the vowel signs of Arabic,
 * the points of Hebrew, the marks of Indic scripts) and bidi controls take none, wide East Asian
 * characters and emoji take two. (wcwidth() would need a locale, and knows what the system knew.)
 * Text from outside may hold anything: columns_add() lets no control character through, so that a
 * cell of a list cannot steer a terminal, and keeps right-to-left text to its own place.
 */
#ifndef NIDA_BASE_COLUMNS_H
#define NIDA_BASE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

size_t columns_of(const char *text);

/* Some text from outside, in at most `width` columns (0: however long it is): cut, it ends with an
 * ellipsis; with `fill`, spaces follow up to the width. Control characters become U+FFFD, and text
 * with right-to-left letters is put between U+2068 and U+2069, so that what stands beside it stays
 * there. */
void columns_add(struct buf *out, const char *text, size_t width, bool fill);

/* Lines of text, broken so that none is wider than `width` (at least 20; SIZE_MAX: as they are).
 * A tab stands between figures: it is three spaces, and lines are broken there rather than between
 * words, and between words rather than anywhere. What goes on is indented by `hang`. Every line
 * ends with '\n'. */
void columns_wrap(struct buf *out, const char *text, size_t width, size_t hang);

#endif
