#include "encoder_p.h"

#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>

#define BLOCK_SIZE 4096

struct encoder {
	enum list_encoding encoding;
	iconv_t iconv;
};

struct encoder *encoder_new(enum list_encoding encoding)
{
	if (encoding != ENCODING_UTF16 && encoding != ENCODING_WINDOWS_1256)
		return NULL;
	struct encoder *encoder = xcalloc(1, sizeof(*encoder));

	encoder->encoding = encoding;
	encoder->iconv = iconv_open(encoding == ENCODING_UTF16 ? "UTF-16LE" : "CP1256", "UTF-8");
	/* The list was read with it. */
	if (encoder->iconv == (iconv_t)-1)
		BUG("this machine's iconv has forgotten an encoding");
	return encoder;
}

void encoder_free(struct encoder *encoder)
{
	if (!encoder)
		return;
	iconv_close(encoder->iconv);
	free(encoder);
}

void encoder_begin(struct encoder *encoder, struct writer *out)
{
	if (!encoder)
		writer_add(out, "\xef\xbb\xbf", 3);
	else if (encoder->encoding == ENCODING_UTF16)
		writer_add(out, "\xff\xfe", 2);
}

/* Past a character that cannot be written, with a '?' in its place. */
static void replace(const struct encoder *encoder, struct writer *out, char **in, size_t *left)
{
	const char *p = *in;

	(void)utf8_next(&p);
	*left -= (size_t)(p - *in);
	*in += p - *in;
	writer_add(out, "?", encoder->encoding == ENCODING_UTF16 ? 2 : 1);
}

void encoder_add(struct encoder *encoder, struct writer *out, const char *text, size_t length)
{
	char block[BLOCK_SIZE];
	/* iconv() takes no const, and changes nothing. */
	char *in = (char *)(uintptr_t)text;
	size_t left = length;

	while (encoder && left > 0) {
		char *to = block;
		size_t room = sizeof(block);
		size_t done = iconv(encoder->iconv, &in, &left, &to, &room);
		int error = errno;

		writer_add(out, block, (size_t)(to - block));
		if (done == (size_t)-1 && error != E2BIG)
			replace(encoder, out, &in, &left);
	}
	if (!encoder)
		writer_add(out, text, length);
}
