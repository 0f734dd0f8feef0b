#include "cmd/session.h"

#include "cmd/say.h"

#include "base/problems.h"
#include "base/text.h"
#include "load/plan.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HAMSA_DEFAULT_URL "https://api.tryhamsa.com/v1"

bool session_load_plan(struct session *s, const struct invocation *in, struct err *e)
{
	const char *file = in->arguments[0];
	struct problems *problems;

	s->in = in;
	if (!env_load(in->values[OPTION_ENV_FILE], file, &s->env, e))
		return false;
	if (!in->verb->wants_variables)
		env_allow_unset(s->env);
	problems = xcalloc(1, sizeof(*problems));
	s->plan = plan_load(file, s->env, problems);
	say_problems(stderr, problems);
	size_t errors = problems->errors;
	problems_free(problems);
	free(problems);
	if (!s->plan)
		return err_set(e, ERR_INVALID, "%zu %s to mend first. Nothing was dialled.", errors,
			       errors == 1 ? "error" : "errors");
	if (option_given(in, OPTION_LIST))
		s->plan->campaign.list.file =
			arena_strdup(&s->plan->arena, in->values[OPTION_LIST]);
	return true;
}

/* The folder of the campaign file with its slash, or "". */
static char *folder_of(struct arena *arena, const char *file)
{
	const char *slash = file ? strrchr(file, '/') : NULL;

	return slash ? arena_strndup(arena, file, (size_t)(slash + 1 - file))
		     : arena_strdup(arena, "");
}

bool session_open_ledger(struct session *s, enum ledger_access access, struct err *e)
{
	const char *path = s->in->values[OPTION_LEDGER];

	/* SQLite takes these for a database that is gone with the process: everybody would be
	 * called again at every start. */
	if (path && (!*path || strcmp(path, ":memory:") == 0))
		return err_set(e, ERR_INVALID,
			       "--ledger is '%s'; expected the path of a file that stays.", path);
	if (!path)
		path = arena_printf(&s->arena, "%snida.db",
				    folder_of(&s->arena, s->plan ? s->plan->campaign.file : NULL));
	return ledger_open(path, access, &s->ledger, e);
}

bool session_report_dir(const struct session *s, const char **out, struct err *e)
{
	const char *given = s->in->values[OPTION_OUT];

	*out = given ? given : s->plan ? s->plan->campaign.report_dir : "reports";
	if (*out)
		return true;
	return err_set(e, ERR_INVALID,
		       "%s: report.dir names a variable that is not set, so nobody knows where "
		       "reports go. Set it, or say --out DIR.",
		       s->plan->campaign.file);
}

static bool check_clock(const struct session *s, const char *url, struct err *e)
{
	/* Plain http is spoken with this machine alone (provider/http.h). */
	if (!s->in->scaled_clock || strncmp(url, "http://", 7) == 0)
		return true;
	return err_set(
		e, ERR_INVALID,
		"NIDA_CLOCK is set, but HAMSA_BASE_URL is not on this machine. A false clock "
		"would call real people at the wrong hour: unset NIDA_CLOCK.");
}

bool session_load_env(struct session *s, const struct invocation *in, struct err *e)
{
	s->in = in;
	return env_load(in->values[OPTION_ENV_FILE], NULL, &s->env, e);
}

bool session_hamsa_config(const struct session *s, bool placeholder_key, struct hamsa_config *out,
			  struct err *e)
{
	const char *url = env_get(s->env, "HAMSA_BASE_URL");
	const char *key = placeholder_key ? "unused" : env_get(s->env, "HAMSA_API_KEY");

	if (!url)
		url = HAMSA_DEFAULT_URL;
	if (!key)
		return err_set(e, ERR_INVALID,
			       "HAMSA_API_KEY is not set. Put it into the environment or into an "
			       "env file (--env-file, else .env beside the campaign).");
	if (!check_clock(s, url, e))
		return false;
	*out = (struct hamsa_config){
		.base_url = url,
		.api_key = key,
		.project_id = env_get(s->env, "HAMSA_PROJECT_ID"),
		.clock = &s->in->clock,
	};
	return true;
}

const char *session_key(struct session *s, const char *typed)
{
	return typed ? text_trim(&s->arena, typed) : NULL;
}

bool session_open_hamsa(struct session *s, bool placeholder_key, struct err *e)
{
	struct hamsa_config config;
	struct sigaction ignoring = {.sa_handler = SIG_IGN};

	/* Whoever reads what is printed may go at any time; what is done must not go with them. */
	sigaction(SIGPIPE, &ignoring, NULL);
	return session_hamsa_config(s, placeholder_key, &config, e) &&
	       hamsa_new(&config, &s->provider, e);
}

bool session_find_run(struct session *s, struct run *out, bool *found, struct err *e)
{
	const char *campaign = s->plan->campaign.name;
	const char *name = s->in->values[OPTION_RUN];

	if (!name)
		return ledger_run_latest(s->ledger, campaign, &s->arena, out, found, e);
	if (!ledger_run_named(s->ledger, campaign, name, &s->arena, out, found, e))
		return false;
	if (!*found)
		return err_set(e, ERR_INVALID, "Campaign %s has no run called '%s' in %s.",
			       campaign, name, ledger_path(s->ledger));
	return true;
}

bool session_need_run(struct session *s, enum ledger_access access, struct run *out, struct err *e)
{
	bool found;

	if (!session_open_ledger(s, access, e) || !session_find_run(s, out, &found, e))
		return false;
	return found ? true
		     : err_set(e, ERR_INVALID, "Campaign %s has not been run yet.",
			       s->plan->campaign.name);
}

void session_close(struct session *s)
{
	provider_free(&s->provider);
	ledger_close(s->ledger);
	if (s->plan)
		plan_free(s->plan);
	env_free(s->env);
	arena_free(&s->arena);
	*s = (struct session){0};
}
