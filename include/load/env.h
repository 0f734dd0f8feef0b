/*
 * The environment: what ${NAME} means in a campaign, and where credentials come from.
 *
 * The process environment wins over the env file; a variable set to nothing counts as not set.
 * The env file is the one given, else `.env` beside the campaign, else `.env` in the working
 * directory; it holds NAME=value lines (blank lines, # comments, an optional `export `, single or
 * double quotes) and is refused when others than its owner have access to it, or when a name
 * stands in it twice. No value is ever part of an error message.
 */
#ifndef NIDA_LOAD_ENV_H
#define NIDA_LOAD_ENV_H

#include "base/err.h"

#include <stdbool.h>

struct env;

/* `file` NULL: look in the places above, none is fine. `campaign_file` may be NULL. */
bool env_load(const char *file, const char *campaign_file, struct env **out,
	      struct err *e) MUST_CHECK;

/* NULL when it is not set or empty. */
const char *env_get(const struct env *env, const char *name);

/* From now on a campaign may name variables that are not set: for those who only look at what was
 * done, and place nothing. Such a value stays as it is written, ${NAME}; one that cannot (a number,
 * a span of hours) is a warning, and its key keeps its default. */
void env_allow_unset(struct env *env);
bool env_allows_unset(const struct env *env);

void env_free(struct env *env);

#endif
