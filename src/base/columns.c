#include <stdint.h>
#include <string.h>

#include "base/columns.h"
#include "base/mem.h"
#include "base/text.h"

#define WIDTH_LEAST 20
#define TAB_COLUMNS 3

struct range {
	uint32_t first;
	uint32_t last;
};

/* Combining marks and format characters, by block. */
static const struct range zero[] = {
	/* controls; Latin, Cyrillic, Hebrew */
	{0x0000, 0x001f},
	{0x007f, 0x009f},
	{0x0300, 0x036f},
	{0x0483, 0x0489},
	{0x0591, 0x05bd},
	{0x05bf, 0x05bf},
	{0x05c1, 0x05c2},
	{0x05c4, 0x05c5},
	{0x05c7, 0x05c7},
	/* Arabic, Syriac, Thaana */
	{0x0610, 0x061a},
	{0x061c, 0x061c},
	{0x064b, 0x065f},
	{0x0670, 0x0670},
	{0x06d6, 0x06dc},
	{0x06df, 0x06e4},
	{0x06e7, 0x06e8},
	{0x06ea, 0x06ed},
	{0x0711, 0x0711},
	{0x0730, 0x074a},
	{0x07a6, 0x07b0},
	{0x0898, 0x089f},
	{0x08ca, 0x08e1},
	{0x08e3, 0x0902},
	/* Devanagari, Bengali, Gurmukhi, Gujarati, Tamil, Telugu, Kannada, Malayalam, Sinhala */
	{0x093a, 0x093a},
	{0x093c, 0x093c},
	{0x0941, 0x0948},
	{0x094d, 0x094d},
	{0x0951, 0x0957},
	{0x0962, 0x0963},
	{0x0981, 0x0981},
	{0x09bc, 0x09bc},
	{0x09c1, 0x09c4},
	{0x09cd, 0x09cd},
	{0x0a01, 0x0a02},
	{0x0a3c, 0x0a3c},
	{0x0a41, 0x0a42},
	{0x0a47, 0x0a48},
	{0x0a4b, 0x0a4d},
	{0x0a70, 0x0a71},
	{0x0a81, 0x0a82},
	{0x0abc, 0x0abc},
	{0x0ac1, 0x0ac5},
	{0x0ac7, 0x0ac8},
	{0x0acd, 0x0acd},
	{0x0b82, 0x0b82},
	{0x0bc0, 0x0bc0},
	{0x0bcd, 0x0bcd},
	{0x0c3e, 0x0c40},
	{0x0c46, 0x0c48},
	{0x0c4a, 0x0c4d},
	{0x0cbc, 0x0cbc},
	{0x0ccc, 0x0ccd},
	{0x0d41, 0x0d44},
	{0x0d4d, 0x0d4d},
	{0x0dca, 0x0dca},
	{0x0dd2, 0x0dd4},
	/* Thai */
	{0x0e31, 0x0e31},
	{0x0e34, 0x0e3a},
	{0x0e47, 0x0e4e},
	/* Hangul vowels and finals; everything that belongs to no script */
	{0x1160, 0x11ff},
	{0x1ab0, 0x1ace},
	{0x1dc0, 0x1dff},
	{0x200b, 0x200f},
	{0x202a, 0x202e},
	{0x2060, 0x206f},
	{0x20d0, 0x20f0},
	{0x302a, 0x302d},
	{0x3099, 0x309a},
	{0xfb1e, 0xfb1e},
	{0xfe00, 0xfe0f},
	{0xfe20, 0xfe2f},
	{0xfeff, 0xfeff},
	{0xfff9, 0xfffb},
	{0xe0100, 0xe01ef},
};

static const struct range wide[] = {
	{0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x23f0, 0x23f0},
	{0x25fd, 0x25fe},   {0x2614, 0x2615},   {0x26a1, 0x26a1},   {0x2705, 0x2705},
	{0x274c, 0x274c},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2e80, 0x303e},
	{0x3041, 0xa4cf},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
	{0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f320}, {0x1f32d, 0x1f37c},
	{0x1f37e, 0x1f393}, {0x1f3a0, 0x1f3ca}, {0x1f3e0, 0x1f3f0}, {0x1f3f8, 0x1f4fc},
	{0x1f4ff, 0x1f53d}, {0x1f550, 0x1f567}, {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5},
	{0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

/* Hebrew, Arabic and their neighbours, with the presentation forms. */
static const struct range leftward[] = {
	{0x0590, 0x08ff},   {0xfb1d, 0xfdff},   {0xfe70, 0xfefc},
	{0x10800, 0x10fff}, {0x1e800, 0x1efff},
};

static bool in_ranges(uint32_t c, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count && ranges[i].first <= c; i++)
		if (c <= ranges[i].last)
			return true;
	return false;
}

static size_t columns_of_one(uint32_t c)
{
	if (c >= 0x20 && c < 0x7f)
		return 1;
	if (in_ranges(c, zero, COUNT_OF(zero)))
		return 0;
	return in_ranges(c, wide, COUNT_OF(wide)) ? 2 : 1;
}

size_t columns_of(const char *text)
{
	size_t width = 0;

	for (uint32_t c; (c = utf8_next(&text)) != 0;)
		width += columns_of_one(c);
	return width;
}

/* ---- text from outside ----------------------------------------------------------------------- */

/* What would steer the terminal, or change the direction of what comes after it. */
static bool steers(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == UTF8_INVALID ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 ||
	       c == 0x2029;
}

static bool has_leftward(const char *text)
{
	for (uint32_t c; (c = utf8_next(&text)) != 0;)
		if (in_ranges(c, leftward, COUNT_OF(leftward)))
			return true;
	return false;
}

/* The shown form of each character takes this much. */
static size_t columns_shown(const char *text)
{
	size_t width = 0;

	for (uint32_t c; (c = utf8_next(&text)) != 0;)
		width += steers(c) ? 1 : columns_of_one(c);
	return width;
}

void columns_add(struct buf *out, const char *text, size_t width, bool fill)
{
	bool isolated = has_leftward(text);
	bool cut = width > 0 && columns_shown(text) > width;
	size_t room = cut ? width - 1 : SIZE_MAX;
	size_t used = 0;

	if (isolated)
		buf_adds(out, "\u2068");
	for (uint32_t c; (c = utf8_next(&text)) != 0;) {
		char one[4];
		size_t wide_by = steers(c) ? 1 : columns_of_one(c);
		if (used + wide_by > room)
			break;
		used += wide_by;
		buf_add(out, one, utf8_put(one, steers(c) ? 0xfffd : c));
	}
	if (cut) {
		buf_adds(out, "…");
		used++;
	}
	if (isolated)
		buf_adds(out, "\u2069");
	for (; fill && used < width; used++)
		buf_addc(out, ' ');
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* How many bytes of a line (without its end) go into `room` columns, and how many are skipped after
 * them. */
static size_t break_at(const char *line, size_t length, size_t room, size_t *skipped)
{
	const char *p = line;
	const char *end = line + length;
	size_t used = 0;
	size_t word = 0; /* the last place between words; not before anything stands there */
	size_t tab = 0;  /* the last one between figures */
	bool began = false;

	*skipped = 0;
	while (p < end) {
		const char *at = p;
		uint32_t c = utf8_next(&p);
		if (c == '\t')
			tab = (size_t)(at - line);
		if (c == ' ' && began && at[-1] != ' ')
			word = (size_t)(at - line);
		began = began || c != ' ';
		used += c == '\t' ? TAB_COLUMNS : columns_of_one(c);
		/* A gap may reach beyond the end: it is left out there. */
		if (used <= room || c == '\t')
			continue;
		size_t place = tab > 0 ? tab : word > 0 ? word : (size_t)(at - line);
		while (place + *skipped < length && strchr(" \t", line[place + *skipped]))
			(*skipped)++;
		return place;
	}
	return length;
}

static void add_part(struct buf *out, const char *part, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (part[i] == '\t')
			buf_addf(out, "%*s", TAB_COLUMNS, "");
		else
			buf_addc(out, part[i]);
}

static void wrap_line(struct buf *out, const char *line, size_t length, size_t width, size_t hang)
{
	size_t indent = 0;

	for (;;) {
		size_t skipped;
		size_t taken = break_at(line, length, width - indent, &skipped);
		buf_addf(out, "%*s", (int)indent, "");
		add_part(out, line, taken);
		buf_addc(out, '\n');
		line += taken + skipped;
		length -= taken + skipped;
		if (length == 0)
			return;
		indent = hang;
	}
}

void columns_wrap(struct buf *out, const char *text, size_t width, size_t hang)
{
	if (width < WIDTH_LEAST)
		width = WIDTH_LEAST;
	while (*text) {
		size_t length = strcspn(text, "\n");
		wrap_line(out, text, length, width, hang);
		text += length;
		text += *text == '\n';
	}
}
