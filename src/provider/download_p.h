/*
 * A recording on its way into a file.
 *
 * The address comes from outside and is taken for what it may be at worst: only https is spoken
 * (http with this machine, when the provider itself is there), no redirect is followed, no header
 * but Range is sent and so no key, the size and the time are bounded, and what comes is a recording
 * only if its type and its first bytes agree that it is one. The name of the file is the caller's.
 * A server that does not say how much will come ends by hanging up, and nobody can tell that from a
 * broken line: such a body is kept, unless it is a WAV whose own header tells of more.
 *
 * The bytes go into the file as they come and are hashed on the way. A transfer that breaks off
 * leaves its part, and the server's own mark of what it is a part of; the next one goes on behind
 * it if the server still has the very same thing, and begins anew if not.
 */
#ifndef NIDA_PROVIDER_DOWNLOAD_P_H
#define NIDA_PROVIDER_DOWNLOAD_P_H

#include <stdbool.h>

#include "base/mem.h"
#include "provider/http.h"
#include "provider/provider.h"

struct download;

/* `loopback_too`: this machine may be fetched from. The order is copied. */
struct download *download_new(const struct fetch_order *order, bool loopback_too);
void download_free(struct download *d);

/* Start; the download must live until its answer or the end of `http`. False: nothing was sent, and
 * download_judge() with NULL says why. */
bool download_send(struct download *d, struct http *http, void *token);

/* How it ended; texts lie in the arena. */
void download_judge(struct download *d, const struct http_answer *http, struct arena *arena,
		    struct answer *out);

#endif
