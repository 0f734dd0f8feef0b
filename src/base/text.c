#include "base/text.h"

#include <string.h>

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

#define NEAR_MAX 48 /* letters; longer names are compared as far as that */

/* A letter as it counts when a name was meant, 0 for one that does not: case, blanks, '_', '-' and
 * '.', and in Arabic the forms of alef, final letters that are mixed up, vowel signs and
 * tatweel. */
static uint32_t fold(uint32_t c)
{
	if (text_is_blank(c) || c == '_' || c == '-' || c == '.' || c == 0x0640 || c == 0x0670 ||
	    (c >= 0x064b && c <= 0x065f))
		return 0;
	if (c >= 'A' && c <= 'Z')
		return c + 'a' - 'A';
	if (c == 0x0622 || c == 0x0623 || c == 0x0625 || c == 0x0671)
		return 0x0627;
	if (c == 0x0629)
		return 0x0647;
	return c == 0x0649 ? 0x064a : c;
}

static size_t fold_name(const char *text, uint32_t out[NEAR_MAX])
{
	size_t count = 0;

	for (uint32_t c; count < NEAR_MAX && (c = utf8_next(&text)) != 0;)
		if (fold(c) != 0)
			out[count++] = fold(c);
	return count;
}

/* Damerau-Levenshtein distance (optimal string alignment) of two folded names. */
static size_t distance(const uint32_t *a, size_t la, const uint32_t *b, size_t lb)
{
	size_t d[NEAR_MAX + 1][NEAR_MAX + 1];

	for (size_t i = 0; i <= la; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= lb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		for (size_t j = 1; j <= lb; j++) {
			size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[la][lb];
}

const char *text_near_miss(const char *found, const char *const *names, size_t count)
{
	const char *best = NULL;
	size_t least = 3;
	uint32_t a[NEAR_MAX];
	uint32_t b[NEAR_MAX];
	size_t la = fold_name(found, a);

	for (size_t i = 0; i < count; i++) {
		size_t lb = fold_name(names[i], b);
		size_t d = distance(a, la, b, lb);
		if (d < least && d * 2 < (la > lb ? la : lb)) {
			least = d;
			best = names[i];
		}
	}
	return best;
}

const char *text_mask_phone(const char *phone, char out[TEXT_MASK_SIZE])
{
	size_t length = strlen(phone);
	size_t used = 0;

	for (size_t i = 0; i < length && used + 4 < TEXT_MASK_SIZE; i++) {
		bool shown =
			length > 6 && (i < 6 || i + 2 >= length) && (unsigned char)phone[i] < 0x80;
		if (shown)
			out[used++] = phone[i];
		else if ((phone[i] & 0xc0) != 0x80)
			used += utf8_put(out + used, 0x2022);
	}
	out[used] = '\0';
	return out;
}

/* Is there a digit at *p, ASCII or Arabic-Indic? Then *p moves past it. */
static bool take_digit(const char **p)
{
	const char *next = *p;
	uint32_t c = utf8_next(&next);

	if (!(c >= '0' && c <= '9') && !(c >= 0x660 && c <= 0x669) && !(c >= 0x6f0 && c <= 0x6f9))
		return false;
	*p = next;
	return true;
}

/* Length of the hexadecimal id, or of the date, that begins at p; 0: none does. */
static size_t id_length(const char *p)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	static const size_t groups[] = {8, 4, 4, 4, 12};
	size_t length = 0;

	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		if (strspn(p + length, hex) != groups[i])
			break;
		length += groups[i];
		if (i + 1 == COUNT_OF(groups))
			return length;
		if (p[length++] != '-')
			break;
	}

	size_t prefix = p[0] == 'C' && p[1] == 'A' ? 2 : 0; /* Twilio's */
	length = strspn(p + prefix, hex);
	if (length >= 16 && strspn(p + prefix, hex + 10) < length &&
	    strspn(p + prefix, "0123456789") < length)
		return prefix + length;
	return 0;
}

static size_t date_length(const char *p)
{
	static const char form[] = "dddd-dd-dd";

	for (size_t i = 0; form[i]; i++)
		if (form[i] == 'd' ? p[i] < '0' || p[i] > '9' : p[i] != form[i])
			return 0;
	return p[10] >= '0' && p[10] <= '9' ? 0 : 10;
}

/* The end of the digits, and of what may stand between them, that begin at p. */
static const char *number_end(const char *p, size_t *digits, bool *amount)
{
	const char *end = p;
	size_t whole = 0; /* digits before the first separator */
	size_t dots = 0;
	size_t others = 0;

	*digits = 0;
	for (;;) {
		const char *between = end;
		p = end;
		for (int i = 0; i < 2 && *digits > 0 && *p && strchr(" -.()", *p); i++)
			p++;
		const char *digit = p;
		if (!take_digit(&p))
			break;
		for (; between < digit; between++)
			*(*between == '.' ? &dots : &others) += 1;
		(*digits)++;
		whole += dots + others == 0;
		end = p;
	}
	*amount = dots == 1 && others == 0 && whole < 7;
	return end;
}

/* The digits of a number become dots, all but the last two. */
static void add_masked(char *out, size_t *used, const char *p, const char *end, size_t digits)
{
	while (p < end) {
		const char *at = p;
		bool digit = take_digit(&p);
		if (!digit)
			(void)utf8_next(&p);
		if (digit && digits-- > 2) {
			*used += utf8_put(out + *used, 0x2022);
			continue;
		}
		memcpy(out + *used, at, (size_t)(p - at));
		*used += (size_t)(p - at);
	}
}

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char *text_mask_numbers(struct arena *a, const char *text)
{
	/* A dot is three bytes where a digit may have been one. */
	char *out = arena_alloc(a, strlen(text) * 3 + 1);
	size_t used = 0;

	for (const char *p = text; *p;) {
		bool begins = p == text || !is_word(p[-1]);
		size_t kept = begins ? id_length(p) : 0;
		size_t digits = 0;
		bool amount = false;
		const char *end = p;

		if (kept == 0 && begins)
			kept = date_length(p);
		if (kept == 0)
			end = number_end(p, &digits, &amount);
		if (digits >= 7 && !amount) {
			add_masked(out, &used, p, end, digits);
			p = end;
			continue;
		}
		kept = kept ? kept : end > p ? (size_t)(end - p) : 1;
		memcpy(out + used, p, kept);
		used += kept;
		p += kept;
	}
	out[used] = '\0';
	return out;
}
