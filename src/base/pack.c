#include "base/pack.h"

#include "base/text.h"

#include <string.h>

void pack_strings(struct buf *out, const char *const *items, size_t count)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_addc(out, ',');
		buf_add_json(out, items[i] ? items[i] : "");
	}
	buf_addc(out, ']');
}

static bool hex4(const char *p, uint32_t *out)
{
	*out = 0;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		uint32_t digit;
		if (c >= '0' && c <= '9')
			digit = (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (uint32_t)(c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			digit = (uint32_t)(c - 'A' + 10);
		else
			return false;
		*out = *out * 16 + digit;
	}
	return true;
}

/* One escape after the backslash; *p is at the character behind it and moves past the escape. */
static bool unescape(const char **p, char **out)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *known = **p ? strchr(from, **p) : NULL;
	uint32_t c;

	if (known) {
		*(*out)++ = to[known - from];
		(*p)++;
		return true;
	}
	if (**p != 'u' || !hex4(*p + 1, &c) || c == 0)
		return false;
	*p += 5;
	if (c >= 0xd800 && c <= 0xdfff)
		return false; /* buf_add_json() never writes surrogates */
	*out += utf8_put(*out, c);
	return true;
}

/* The string whose first character *p points at (behind the quote), unescaped into *out, which
 * moves past its NUL. */
static bool take_string(const char **p, char **out)
{
	while (**p != '"') {
		if (**p == '\0')
			return false;
		if (**p == '\\') {
			(*p)++;
			if (!unescape(p, out))
				return false;
			continue;
		}
		*(*out)++ = *(*p)++;
	}
	(*p)++;
	*(*out)++ = '\0';
	return true;
}

/* How many strings there can be at most: one more than there are commas. */
static size_t most_strings(const char *text)
{
	size_t most = 1;

	for (const char *p = text; *p; p++)
		most += *p == ',';
	return most;
}

bool unpack_strings(const char *text, struct arena *arena, const char ***items, size_t *count)
{
	const char *p = text;
	/* An unescaped string and its NUL are never longer than the string with its quotes. */
	char *out = arena_alloc(arena, strlen(text) + 1);

	*items = arena_array(arena, most_strings(text), sizeof(**items));
	*count = 0;
	if (*p++ != '[')
		return false;
	if (*p == ']')
		return p[1] == '\0';
	for (;;) {
		if (*p++ != '"')
			return false;
		(*items)[(*count)++] = out;
		if (!take_string(&p, &out))
			return false;
		if (*p == ']')
			return p[1] == '\0';
		if (*p++ != ',')
			return false;
	}
}
