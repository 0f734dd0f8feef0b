/*
 * What Hamsa itself says of the account: the project of the key, its agents, its numbers, its
 * usage.
 *
 * For people at the command line and for checks before a run; the engine does not use it (its seam
 * is provider.h). Each function is one question, asked and answered before it returns; lists are
 * read page by page until nothing new comes. Texts lie in the arena that is given and are never
 * NULL; what Hamsa does not say is "" or 0.
 *
 * False: `e` holds what happened and what to do about it, and account_trouble() which of a few
 * things it was. The key is never part of it.
 */
#ifndef NIDA_PROVIDER_ACCOUNT_H
#define NIDA_PROVIDER_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "provider/hamsa.h"

struct account;

enum account_trouble {
	ACCOUNT_FINE,          /* the last question was answered */
	ACCOUNT_NO_HOST,       /* the name in HAMSA_BASE_URL is not known */
	ACCOUNT_NO_CONNECTION, /* nobody answers there */
	ACCOUNT_NO_TLS,        /* its certificate is not accepted */
	ACCOUNT_TIMEOUT,       /* it does not answer in time */
	ACCOUNT_KEY_REFUSED,   /* 401 */
	ACCOUNT_FORBIDDEN,     /* 403: the key is good, but not for this */
	ACCOUNT_NOT_FOUND,     /* 404: no such route, project or agent */
	ACCOUNT_OTHER_PROJECT, /* the key belongs to another project than HAMSA_PROJECT_ID says */
	ACCOUNT_DEACTIVATED,   /* the project is switched off */
	ACCOUNT_SLOW_DOWN,     /* 429 */
	ACCOUNT_BROKEN,        /* a fault of Hamsa's, or an answer that is none */
	ACCOUNT_TROUBLE_COUNT,
};

struct account_project {
	const char *id;
	const char *name;
};

struct account_agent {
	const char *id;
	const char *name;
	const char *type; /* "Single Prompt", "Flow Agent" */
	const char *language;
	int64_t max_call_ms; /* the longest call; 0: not said */
	int64_t idle_ms;     /* silence after which it hangs up; 0: not said */
	size_t spoken_count;
	const char *const *spoken; /* placeholders in its greeting and preamble */
	size_t known_count;
	const char *const *known; /* those and the ones it declares */
};

struct account_number {
	const char *number; /* as Hamsa writes it */
	const char *label;
	const char *type;     /* "TWILIO", "SIP" */
	const char *agent_id; /* the agent that answers calls to it */
};

struct account_figure {
	const char *name;
	const char *value;
	const char *unit;
};

/* False: address or key cannot be right; nothing was asked. */
bool account_new(const struct hamsa_config *config, struct account **out, struct err *e) MUST_CHECK;
void account_free(struct account *a);

/* Is the key good, the project active, and the one that HAMSA_PROJECT_ID names? */
bool account_project(struct account *a, struct arena *arena, struct account_project *out,
		     struct err *e) MUST_CHECK;

bool account_agents(struct account *a, struct arena *arena, struct account_agent **out,
		    size_t *count, struct err *e) MUST_CHECK;
bool account_agent(struct account *a, const char *id, struct arena *arena,
		   struct account_agent *out, struct err *e) MUST_CHECK;
bool account_numbers(struct account *a, struct arena *arena, struct account_number **out,
		     size_t *count, struct err *e) MUST_CHECK;

/* What a project has used between two moments: whatever figures Hamsa gives. */
bool account_usage(struct account *a, const char *project_id, int64_t from_ms, int64_t to_ms,
		   struct arena *arena, struct account_figure **out, size_t *count,
		   struct err *e) MUST_CHECK;

enum account_trouble account_trouble(const struct account *a);
const char *account_trouble_name(enum account_trouble trouble); /* "key_refused" */

#endif
