/*
 * A growing text buffer with a maximum.
 *
 * The maximum is given at the start and never passed: text that would not fit is dropped whole and
 * `overflow` is set, so a caller checks once at the end. `data` is always NUL-terminated. The
 * buffer owns its memory until buf_free(); buf_reset() keeps it for the next use.
 */
#ifndef NIDA_BASE_BUF_H
#define NIDA_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char *data;    /* never NULL after buf_init() */
	size_t length; /* bytes in use, without the NUL */
	size_t size;   /* bytes allocated */
	size_t max;    /* length never exceeds it */
	bool overflow; /* something was dropped */
};

void buf_init(struct buf *b, size_t max);
void buf_add(struct buf *b, const void *bytes, size_t length);
void buf_adds(struct buf *b, const char *text);
void buf_add_number(struct buf *b, int64_t number);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* `text` as a JSON string with its quotes. Invalid UTF-8 becomes U+FFFD; U+2028 and U+2029,
 * which some readers take for line ends, are escaped, and so is every control character. Inside a
 * <script> element it needs more care (`<!--`): see report/html.h. */
void buf_add_json(struct buf *b, const char *text);

/* `text` as it may be shown on a terminal or stand in a log: control characters, which a terminal
 * would obey, and bidi overrides become \x1b or \u009b for people to see, invalid UTF-8 becomes
 * U+FFFD. `lines`: line ends stay, and tabs. */
void buf_add_shown(struct buf *b, const char *text, bool lines);

/* Here in the header because quotes and commas are most of what a report adds. */
static inline void buf_addc(struct buf *b, char c)
{
	if (b->length + 1 >= b->size || b->length >= b->max) {
		buf_add(b, &c, 1);
		return;
	}
	b->data[b->length++] = c;
	b->data[b->length] = '\0';
}

void buf_reset(struct buf *b);
void buf_free(struct buf *b);

#endif
