#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define FIRST_SIZE 256

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.data = xmalloc(FIRST_SIZE), .size = FIRST_SIZE, .max = max};
	b->data[0] = '\0';
}

/* Make room for `more` bytes and the NUL; false when the maximum forbids it. */
static bool buf_reserve(struct buf *b, size_t more)
{
	if (more > b->max - b->length) {
		b->overflow = true;
		return false;
	}
	if (b->length + more < b->size)
		return true;

	size_t size = b->size * 2;
	while (size <= b->length + more)
		size *= 2;
	b->data = xrealloc(b->data, size);
	b->size = size;
	return true;
}

void buf_add(struct buf *b, const void *bytes, size_t length)
{
	if (length == 0 || !buf_reserve(b, length))
		return;
	memcpy(b->data + b->length, bytes, length);
	b->length += length;
	b->data[b->length] = '\0';
}

void buf_adds(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_add_number(struct buf *b, int64_t number)
{
	char digits[20]; /* from the end on; without printf, because reports are full of numbers */
	size_t first = sizeof(digits);
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;

	do {
		digits[--first] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0)
		digits[--first] = '-';
	buf_add(b, digits + first, sizeof(digits) - first);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	size_t room = b->size - b->length;
	va_list args;
	va_list again;

	va_start(args, fmt);
	va_copy(again, args);
	int length = vsnprintf(b->data + b->length, room, fmt, args);
	va_end(args);
	if (length < 0)
		BUG("bad format '%s'", fmt);
	if (buf_reserve(b, (size_t)length)) {
		if ((size_t)length >= room)
			vsnprintf(b->data + b->length, (size_t)length + 1, fmt, again);
		b->length += (size_t)length;
	}
	b->data[b->length] = '\0';
	va_end(again);
}

/* What JSON writes otherwise than it stands in the text, or NULL. */
static const char *json_escape(uint32_t c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\t':
		return "\\t";
	case '\r':
		return "\\r";
	case UTF8_INVALID:
		return "\\ufffd";
	default:
		return NULL;
	}
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f);
}

/* What turns the text around it over, and is not taken back at the end of a word: nothing of nida's
 * own needs these (it isolates). */
static bool is_override(uint32_t c)
{
	return c >= 0x202a && c <= 0x202e;
}

/* Past what JSON writes as it stands without a closer look: graphic ASCII but for two, and the
 * Arabic letters of two bytes. */
static const char *skip_plain(const char *p)
{
	for (;;) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\')
			p++;
		else if (c >= 0xd8 && c <= 0xdb && ((unsigned char)p[1] & 0xc0) == 0x80)
			p += 2;
		else
			return p;
	}
}

void buf_add_json(struct buf *b, const char *text)
{
	const char *done = text; /* what is before it has been added */
	const char *p = skip_plain(text);

	buf_addc(b, '"');
	for (; *p; p = skip_plain(p)) {
		const char *start = p;
		uint32_t c = utf8_next(&p);
		const char *escape = json_escape(c);
		bool control = is_control(c) || c == 0x2028 || c == 0x2029;

		if (!escape && !control)
			continue;
		buf_add(b, done, (size_t)(start - done));
		done = p;
		if (escape)
			buf_adds(b, escape);
		else
			buf_addf(b, "\\u%04x", (unsigned)c);
	}
	buf_add(b, done, (size_t)(p - done));
	buf_addc(b, '"');
}

void buf_add_shown(struct buf *b, const char *text, bool lines)
{
	for (const char *p = text; *p;) {
		const char *start = p;
		uint32_t c = utf8_next(&p);

		if (c == UTF8_INVALID)
			buf_adds(b, "\xef\xbf\xbd");
		else if (lines && (c == '\n' || c == '\t'))
			buf_addc(b, (char)c);
		else if (!is_control(c) && !is_override(c))
			buf_add(b, start, (size_t)(p - start));
		else
			buf_addf(b, c < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)c);
	}
}

void buf_reset(struct buf *b)
{
	b->length = 0;
	b->overflow = false;
	b->data[0] = '\0';
}

void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}
