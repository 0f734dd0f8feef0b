#include <stdio.h>
#include <stdlib.h>

#include <openssl/evp.h>

#include "base/hash.h"
#include "base/mem.h"

struct sha256 {
	EVP_MD_CTX *context;
};

struct sha256 *sha256_new(void)
{
	struct sha256 *h = xmalloc(sizeof(*h));

	h->context = EVP_MD_CTX_new();
	if (!h->context || !EVP_DigestInit_ex(h->context, EVP_sha256(), NULL))
		BUG("libcrypto has no SHA-256");
	return h;
}

void sha256_add(struct sha256 *h, const void *bytes, size_t length)
{
	if (!EVP_DigestUpdate(h->context, bytes, length))
		BUG("SHA-256 failed");
}

void sha256_finish(struct sha256 *h, char out[SHA256_HEX_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	if (!EVP_DigestFinal_ex(h->context, digest, &length) || length != 32)
		BUG("SHA-256 failed");
	for (unsigned i = 0; i < length; i++)
		snprintf(out + (size_t)2 * i, 3, "%02x", digest[i]);
	EVP_MD_CTX_free(h->context);
	free(h);
}

uint64_t fnv1a_text(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	return hash;
}
