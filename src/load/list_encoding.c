#include "list_encoding_p.h"

#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NO_ICONV ((iconv_t)-1)
#define REST_MAX 8
/* No character of two bytes (UTF-16) or one (windows-1256) takes more than three in UTF-8. */
#define OUT_SIZE (3 * (DECODER_BLOCK_MAX + REST_MAX))

enum mark {
	MARK_NONE,
	MARK_UTF8,
	MARK_UTF16_LE,
	MARK_UTF16_BE,
};

static bool begins(const char *head, size_t length, const char *mark, size_t mark_length)
{
	return length >= mark_length && memcmp(head, mark, mark_length) == 0;
}

/* What people save or rename as .csv by mistake. */
static const char *foreign_format(const char *head, size_t length)
{
	static const struct {
		const char *magic;
		size_t length;
		const char *why;
	} formats[] = {
		{"PK\x03\x04", 4, "is an Excel workbook or a zip file; save it as CSV (UTF-8)."},
		{"\xd0\xcf\x11\xe0", 4, "is an old Excel workbook (.xls); save it as CSV (UTF-8)."},
		{"%PDF", 4, "is a PDF document; expected CSV text."},
		{"{\\rtf", 5, "is a text document (RTF); expected CSV text."},
		{"SQLite format 3", 15, "is a database (SQLite); export the list from it as CSV."},
		{"<?xml", 5, "is an XML file, perhaps an Excel one; save it as CSV (UTF-8)."},
		{"<!DOCTYPE", 9, "is a web page, perhaps that of a login; expected CSV text."},
		{"<html", 5, "is a web page, perhaps that of a login; expected CSV text."},
		{"\x1f\x8b", 2, "is compressed (gzip); unpack it first."},
		{"\xff\xfe\0\0", 4, "is UTF-32 text; save it as CSV (UTF-8)."},
		{"\0\0\xfe\xff", 4, "is UTF-32 text; save it as CSV (UTF-8)."},
	};

	for (size_t i = 0; i < COUNT_OF(formats); i++)
		if (begins(head, length, formats[i].magic, formats[i].length))
			return formats[i].why;
	return NULL;
}

static enum mark find_mark(const char *head, size_t length, size_t *mark_length)
{
	*mark_length = 2;
	if (begins(head, length, "\xff\xfe", 2))
		return MARK_UTF16_LE;
	if (begins(head, length, "\xfe\xff", 2))
		return MARK_UTF16_BE;
	*mark_length = begins(head, length, "\xef\xbb\xbf", 3) ? 3 : 0;
	return *mark_length ? MARK_UTF8 : MARK_NONE;
}

/* UTF-16 without a mark: text in Latin letters, digits and commas has a zero in every second
 * byte. */
static bool has_zeros_at(const char *head, size_t length, size_t from)
{
	size_t zeros = 0;
	size_t count = 0;

	for (size_t i = from; i < length && count < 100; i += 2, count++)
		zeros += head[i] == '\0';
	return zeros > 0 && zeros * 4 >= count;
}

/* Letters outside ASCII that are all well-formed UTF-8: windows-1256 text never looks so. */
static bool looks_like_utf8(const char *head, size_t length)
{
	size_t high = 0;

	for (size_t i = 0; i < length; i++)
		high += (unsigned char)head[i] >= 0x80;
	/* The last character may be cut by the end of the block. */
	return high >= 4 && utf8_check(head, length) + 4 > length;
}

static bool choose(struct decoder *d, enum list_encoding wanted, const char *head, size_t length,
		   const char **charset, const char **why)
{
	enum mark mark = find_mark(head, length, &d->mark);
	bool is_utf16 = mark == MARK_UTF16_LE || mark == MARK_UTF16_BE;

	d->encoding = wanted;
	d->is_certain = wanted != ENCODING_AUTO || mark != MARK_NONE;
	if (wanted == ENCODING_AUTO)
		d->encoding = is_utf16 ? ENCODING_UTF16 : ENCODING_UTF8;
	else if (mark == MARK_UTF8 && wanted != ENCODING_UTF8)
		*why = "begins with a UTF-8 mark, but list.encoding names another encoding.";
	else if (is_utf16 && wanted != ENCODING_UTF16)
		*why = "begins with a UTF-16 mark, but list.encoding names another encoding.";
	else if (wanted == ENCODING_WINDOWS_1256 && looks_like_utf8(head, length))
		*why = "is UTF-8 text, but list.encoding names windows-1256.";

	bool big = mark == MARK_UTF16_BE || (mark == MARK_NONE && has_zeros_at(head, length, 0));
	if (wanted == ENCODING_AUTO && mark == MARK_NONE && (big || has_zeros_at(head, length, 1)))
		*why = "looks like UTF-16 text without a byte order mark; save it as CSV (UTF-8) "
		       "or, "
		       "if it is a list, set list.encoding to utf-16.";
	*charset = d->encoding == ENCODING_UTF8           ? NULL
		   : d->encoding == ENCODING_WINDOWS_1256 ? "CP1256"
		   : big                                  ? "UTF-16BE"
							  : "UTF-16LE";
	return !*why;
}

bool decoder_begin(struct decoder *d, enum list_encoding wanted, const char *head, size_t length,
		   const char **why)
{
	const char *charset;

	*d = (struct decoder){.iconv = NO_ICONV};
	*why = foreign_format(head, length);
	if (*why || !choose(d, wanted, head, length, &charset, why))
		return false;
	if (!charset)
		return true;
	d->iconv = iconv_open("UTF-8", charset);
	if (d->iconv == NO_ICONV) {
		*why = "cannot be converted: this machine's iconv does not know its encoding.";
		return false;
	}
	d->work = xmalloc(DECODER_BLOCK_MAX + REST_MAX);
	d->out = xmalloc(OUT_SIZE);
	return true;
}

void decoder_feed(struct decoder *d, const char *bytes, size_t length, const char **text,
		  size_t *text_length)
{
	*text = bytes;
	*text_length = length;
	if (d->iconv == NO_ICONV)
		return;

	if (length > DECODER_BLOCK_MAX)
		BUG("a block of %zu bytes", length);
	memcpy(d->work + d->rest, bytes, length);
	char *in = d->work;
	size_t in_left = d->rest + length;
	char *out = d->out;
	size_t out_left = OUT_SIZE;
	size_t unit = d->encoding == ENCODING_UTF16 ? 2 : 1;

	while (in_left > 0 && iconv(d->iconv, &in, &in_left, &out, &out_left) == (size_t)-1) {
		if (errno == E2BIG)
			BUG("the decoder's buffer is too small");
		if (errno == EINVAL || in_left < unit)
			break;
		*out++ = '\xff';
		out_left--;
		in += unit;
		in_left -= unit;
	}
	if (in_left > REST_MAX)
		BUG("iconv left %zu bytes", in_left);
	memmove(d->work, in, in_left);
	d->rest = in_left;
	*text = d->out;
	*text_length = (size_t)(out - d->out);
}

bool decoder_end(struct decoder *d)
{
	if (d->iconv != NO_ICONV)
		iconv_close(d->iconv);
	free(d->work);
	free(d->out);
	return d->rest == 0;
}
