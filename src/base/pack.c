#include <string.h>

#include "base/pack.h"
#include "base/text.h"

#define FIRST_ITEMS 16

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

/* One escape after the backslash; *from is at the character behind it and moves past the escape. */
static bool unescape(char **from, char **to)
{
	static const char names[] = "\"\\/bfnrt";
	static const char meant[] = "\"\\/\b\f\n\r\t";
	const char *known = **from ? strchr(names, **from) : NULL;
	uint32_t c;

	if (known) {
		*(*to)++ = meant[known - names];
		(*from)++;
		return true;
	}
	if (**from != 'u' || !hex4(*from + 1, &c) || c == 0)
		return false;
	*from += 5;
	if (c >= 0xd800 && c <= 0xdfff)
		return false; /* buf_add_json() never writes surrogates */
	*to += utf8_put(*to, c);
	return true;
}

/* The string whose first character *p points at (behind the quote), unescaped where it stands,
 * which never makes it longer, and ended with a NUL; *p moves past the quote at its end. */
static bool take_string(char **p)
{
	char *from = *p;
	char *to = *p;

	for (;;) {
		size_t length = strcspn(from, "\"\\");
		if (to != from)
			memmove(to, from, length);
		to += length;
		from += length;
		if (*from == '"')
			break;
		if (*from++ == '\0' || !unescape(&from, &to))
			return false;
	}
	*p = from + 1;
	*to = '\0';
	return true;
}

/* Twice the room, in the arena. */
static const char **grow(const char **items, size_t count, size_t *size, struct arena *arena)
{
	*size = *size ? *size * 2 : FIRST_ITEMS;
	const char **larger = arena_array(arena, *size, sizeof(*larger));

	if (count > 0)
		memcpy(larger, items, count * sizeof(*larger));
	return larger;
}

bool unpack_strings(const char *text, struct arena *arena, const char ***items, size_t *count)
{
	char *p = arena_strdup(arena, text);
	size_t size = 0;

	*items = grow(NULL, 0, &size, arena);
	*count = 0;
	if (*p++ != '[')
		return false;
	if (*p == ']')
		return p[1] == '\0';
	for (;;) {
		if (*p++ != '"')
			return false;
		if (*count == size)
			*items = grow(*items, *count, &size, arena);
		(*items)[(*count)++] = p;
		if (!take_string(&p))
			return false;
		if (*p == ']')
			return p[1] == '\0';
		if (*p++ != ',')
			return false;
	}
}
