/*
 * Text: UTF-8 and white space.
 *
 * All text inside nida is NUL-terminated UTF-8; what comes from outside is checked where it enters
 * (load/, provider/). Functions here are pure and take no locale.
 */
#ifndef NIDA_BASE_TEXT_H
#define NIDA_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

#define UTF8_INVALID 0xffffffffu

/* utf8_next() of what is not ASCII. */
uint32_t utf8_next_wide(const char **p);

/* The code point at *p, which moves past it; UTF8_INVALID (one byte is passed) for overlong forms,
 * surrogates, values above U+10FFFF and torn sequences. At the NUL it returns 0 and stays. Here in
 * the header because it is asked for every character of a list, and most of those are ASCII. */
static inline uint32_t utf8_next(const char **p)
{
	unsigned char c = (unsigned char)**p;

	if (c >= 0x80)
		return utf8_next_wide(p);
	*p += c != 0;
	return c;
}

/* Write c at out (up to 4 bytes, no NUL); returns the number of bytes. */
size_t utf8_put(char *out, uint32_t c);

/* Number of bytes before the first that is no ASCII, or a NUL. */
size_t utf8_ascii(const char *bytes, size_t length);

/* Offset of the first byte that is not UTF-8 (a NUL byte counts as wrong), or `length` when all is
 * well. */
size_t utf8_check(const char *bytes, size_t length);

/* Number of code points. */
size_t utf8_length(const char *text);

/* True for space, tab, CR, LF, NBSP, the bidi marks and the BOM: what people paste around
 * values. */
bool text_is_blank(uint32_t c);

/* A copy in the arena without blanks (see above) at either end. */
char *text_trim(struct arena *a, const char *text);

/* The same for who keeps `text` as long: the end of it, where no blank must be cut off behind. */
const char *text_bare(struct arena *a, const char *text);

static inline const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

/* ASCII case only. */
bool text_equal_nocase(const char *a, const char *b);

#endif
