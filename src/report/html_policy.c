#include "html_p.h"

#include "base/hash.h"

#include <string.h>

#define DIGEST_SIZE 32

static unsigned hex_value(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void add_base64(struct buf *out, const unsigned char *bytes, size_t length)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < length; i += 3) {
		unsigned b1 = i + 1 < length ? bytes[i + 1] : 0;
		unsigned b2 = i + 2 < length ? bytes[i + 2] : 0;
		unsigned group = (unsigned)bytes[i] << 16 | b1 << 8 | b2;

		buf_addc(out, letters[group >> 18]);
		buf_addc(out, letters[group >> 12 & 63]);
		buf_addc(out, i + 1 < length ? letters[group >> 6 & 63] : '=');
		buf_addc(out, i + 2 < length ? letters[group & 63] : '=');
	}
}

void html_add_hash(struct buf *out, const struct asset *assets, size_t count)
{
	struct sha256 *h = sha256_new();
	char hex[SHA256_HEX_SIZE];
	unsigned char digest[DIGEST_SIZE];

	for (size_t i = 0; i < count; i++)
		sha256_add(h, assets[i].bytes, assets[i].size);
	sha256_finish(h, hex);
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		digest[i] = (unsigned char)(hex_value(hex[2 * i]) << 4 | hex_value(hex[2 * i + 1]));
	buf_adds(out, "'sha256-");
	add_base64(out, digest, DIGEST_SIZE);
	buf_adds(out, "'");
}
