/*
 * Hashes.
 *
 * SHA-256 of streams: "is this the same list?", and the checksum of a recording. libcrypto does the
 * work: it is in the process already (libcurl uses it) and runs at the processor's own speed, which
 * matters for a list of a million rows.
 *
 * FNV-1a of texts: for tables and draws in memory. Quick, and no proof that two texts are the same.
 */
#ifndef NIDA_BASE_HASH_H
#define NIDA_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX_SIZE 65

struct sha256;

struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *h, const void *bytes, size_t length);

/* Write 64 hexadecimal digits and a NUL, and free the stream. */
void sha256_finish(struct sha256 *h, char out[SHA256_HEX_SIZE]);

/* FNV-1a, 64 bits. */
uint64_t fnv1a_text(const char *text);

#endif
