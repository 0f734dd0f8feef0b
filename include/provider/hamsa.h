/*
 * Hamsa behind the provider seam, over HTTP.
 *
 * hamsa_new() checks address and key, copies what it needs and fills a struct provider that
 * provider_free() ends; the clock stays borrowed. Which reply means what is decided in three places
 * and nowhere else: hamsa_place.c for placings, hamsa_reply.c for everything that reads, http.c for
 * what never was a reply. No header and no key ever gets into words, logs or the ledger.
 *
 * The v1 routes lie below the root of the address, whether it was given with /v1 at its end or
 * without; the v2 routes lie beside them.
 */
#ifndef NIDA_PROVIDER_HAMSA_H
#define NIDA_PROVIDER_HAMSA_H

#include "base/clock.h"
#include "base/err.h"
#include "provider/provider.h"

struct hamsa_config {
	const char *base_url;   /* HAMSA_BASE_URL */
	const char *api_key;    /* HAMSA_API_KEY, with or without "Token " in front */
	const char *project_id; /* HAMSA_PROJECT_ID; NULL or "": whatever the key belongs to */
	const struct clock *clock;
	long place_timeout_ms; /* of the system's time; 0: 30 s */
	long read_timeout_ms;  /* likewise; 0: 20 s */
	long max_connections;  /* 0: as http.h says */
};

bool hamsa_new(const struct hamsa_config *config, struct provider *out, struct err *e) MUST_CHECK;

#endif
