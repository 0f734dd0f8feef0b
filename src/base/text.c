#include <string.h>

#include "base/text.h"

#define WORD_ONES  UINT64_C(0x0101010101010101)
#define WORD_HIGHS UINT64_C(0x8080808080808080)

/* Is this a whole character of two bytes, U+0080 to U+07FF: an Arabic letter, mostly? */
static bool is_two_bytes(const unsigned char *s)
{
	return s[0] >= 0xc2 && s[0] <= 0xdf && (s[1] & 0xc0) == 0x80;
}

uint32_t utf8_next_wide(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	uint32_t c = s[0];
	int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};

	if (is_two_bytes(s)) {
		*p += 2;
		return (c & 0x1f) << 6 | (s[1] & 0x3f);
	}
	if (c < 0xc2 || c > 0xf4) {
		*p += 1;
		return UTF8_INVALID;
	}

	c &= 0x3fu >> more;
	for (int i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80) {
			*p += 1;
			return UTF8_INVALID;
		}
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
		*p += 1;
		return UTF8_INVALID;
	}
	*p += 1 + more;
	return c;
}

size_t utf8_put(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

size_t utf8_ascii(const char *bytes, size_t length)
{
	size_t i = 0;

	for (uint64_t word; length - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, bytes + i, sizeof(word));
		/* No byte is 0, or the subtraction would borrow, and none has its high bit set. */
		if (((word - WORD_ONES) | word) & WORD_HIGHS)
			break;
	}
	while (i < length && (unsigned char)(bytes[i] - 1) < 0x7f)
		i++;
	return i;
}

/* Length of the character that is not ASCII at the start of the bytes; 0: it is none, or a NUL. */
static size_t wide_length(const char *bytes, size_t length)
{
	/* utf8_next() stops at a NUL, and a torn sequence at the end must not be read past. */
	char window[5] = {0};

	if (length >= 2 && is_two_bytes((const unsigned char *)bytes))
		return 2;
	memcpy(window, bytes, length < 4 ? length : 4);
	const char *p = window;
	return utf8_next(&p) == UTF8_INVALID ? 0 : (size_t)(p - window);
}

size_t utf8_check(const char *bytes, size_t length)
{
	size_t i = utf8_ascii(bytes, length);

	while (i < length) {
		size_t wide = wide_length(bytes + i, length - i);
		if (wide == 0)
			return i;
		i += wide;
		if (i < length && (unsigned char)bytes[i] < 0x80)
			i += utf8_ascii(bytes + i, length - i);
	}
	return length;
}

size_t utf8_length(const char *text)
{
	size_t count = 0;

	for (; (unsigned char)(*text - 1) < 0x7f; text++)
		count++;
	while (utf8_next(&text) != 0)
		count++;
	return count;
}

bool text_is_blank(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xa0 || c == 0x202f ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0x061c || c == 0xfeff;
}

/* Is the last character plainly no blank: a graphic one of ASCII, or an Arabic letter (two bytes,
 * of which the first cannot be a part of anything before)? */
static bool ends_plainly(const char *text, size_t length)
{
	if (length > 0 && text[length - 1] > ' ' && text[length - 1] < 0x7f)
		return true;
	if (length < 2)
		return false;

	unsigned char first = (unsigned char)text[length - 2];
	unsigned char second = (unsigned char)text[length - 1];
	return first >= 0xd8 && first <= 0xdb && (second & 0xc0) == 0x80 &&
	       !(first == 0xd8 && second == 0x9c); /* the Arabic letter mark is a blank */
}

/* The end of the text without the blanks there, found from the front. */
static const char *last_end(const char *text)
{
	const char *end = text;

	for (const char *p = text;;) {
		uint32_t c = utf8_next(&p);
		if (c == 0)
			return end;
		if (!text_is_blank(c))
			end = p;
	}
}

/* *text moves past the blanks in front; the length of the rest without those behind it. */
static size_t bare_length(const char **text, size_t length)
{
	const char *start = *text;

	for (const char *p = start; text_is_blank(utf8_next(&p));)
		start = p;
	length -= (size_t)(start - *text);
	*text = start;
	/* Most texts end with what is no blank: then nobody need walk there. */
	return ends_plainly(start, length) ? length : (size_t)(last_end(start) - start);
}

char *text_trim(struct arena *a, const char *text)
{
	size_t length = bare_length(&text, strlen(text));

	return arena_strndup(a, text, length);
}

const char *text_bare(struct arena *a, const char *text)
{
	size_t length = bare_length(&text, strlen(text));

	return text[length] ? arena_strndup(a, text, length) : text;
}

static int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

bool text_equal_nocase(const char *a, const char *b)
{
	while (*a && lower((unsigned char)*a) == lower((unsigned char)*b)) {
		a++;
		b++;
	}
	return lower((unsigned char)*a) == lower((unsigned char)*b);
}
