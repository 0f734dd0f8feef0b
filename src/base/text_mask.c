#include <string.h>

#include "base/text.h"
#include "base/text_mask.h"

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
