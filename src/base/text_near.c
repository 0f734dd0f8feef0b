#include "base/text.h"
#include "base/text_near.h"

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
