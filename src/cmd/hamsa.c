/*
 * nida hamsa: what Hamsa itself says, without a campaign.
 */
#include "hamsa_p.h"

#include "table_p.h"

#include "cmd/say.h"

#include "base/buf.h"
#include "base/moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX    ((size_t)16 << 20)
#define SINCE_MOST  (3650 * DAY_MS)
#define USAGE_SINCE (7 * DAY_MS)
#define CALLS_SINCE (24 * HOUR_MS)

enum question {
	ASK_STATUS,  /* connection, key, project */
	ASK_AGENTS,  /* ids, placeholders, limits */
	ASK_NUMBERS, /* what calls may come from */
	ASK_USAGE,   /* the project's figures */
	ASK_CALLS,   /* every call, and whose it is */
	QUESTION_COUNT,
};

static const char *const questions[QUESTION_COUNT] = {"status", "agents", "numbers", "usage",
						      "calls"};

static bool find_question(const struct invocation *in, enum question *out, struct err *e)
{
	for (int i = 0; i < QUESTION_COUNT; i++) {
		if (strcmp(in->arguments[0], questions[i]) == 0) {
			*out = (enum question)i;
			return true;
		}
	}
	return err_set(e, ERR_INVALID,
		       "'%s' is nothing to ask Hamsa; expected status, agents, numbers, usage or "
		       "calls.",
		       in->arguments[0]);
}

/* --since, where the question has one. */
static bool find_since(const struct invocation *in, enum question question, int64_t *out,
		       struct err *e)
{
	const char *text = in->values[OPTION_SINCE];

	*out = question == ASK_USAGE ? USAGE_SINCE : CALLS_SINCE;
	if (!text)
		return true;
	if (question != ASK_USAGE && question != ASK_CALLS)
		return err_set(e, ERR_INVALID, "--since has no meaning for `nida hamsa %s`.",
			       questions[question]);
	if (!span_parse(text, out) || *out <= 0 || *out > SINCE_MOST)
		return err_set(e, ERR_INVALID,
			       "--since is '%s'; expected a span such as 90m, 24h or 7d.", text);
	return true;
}

/* ---- status ---------------------------------------------------------------------------------- */

/* `trouble` is account_trouble_name(), or "settings" when nothing could be asked. */
static void print_status_json(const char *trouble, const char *address,
			      const struct account_project *p, const struct err *e)
{
	struct buf out;

	buf_init(&out, TEXT_MAX);
	buf_addf(&out, "{\"ok\":%s,\"address\":", *e->text ? "false" : "true");
	buf_add_json(&out, address);
	buf_addf(&out, ",\"trouble\":\"%s\",\"words\":", trouble);
	buf_add_json(&out, e->text);
	buf_adds(&out, ",\"project_id\":");
	buf_add_json(&out, p->id);
	buf_adds(&out, ",\"project\":");
	buf_add_json(&out, p->name);
	say(stdout, "%s}\n", out.data);
	buf_free(&out);
}

static bool status(struct session *s, struct account *a, const char *address, struct err *e)
{
	struct account_project project = {.id = "", .name = ""};
	bool ok = account_project(a, &s->arena, &project, e);

	if (option_given(s->in, OPTION_JSON)) {
		print_status_json(account_trouble_name(account_trouble(a)), address, &project, e);
		return ok;
	}
	say(stdout, "address    %s\n", address);
	if (!ok && !*project.id)
		return false;
	say(stdout, "key        accepted\n");
	say(stdout, "project    %s, %s%s\n", *project.name ? project.name : "without a name",
	    *project.id ? project.id : "without an id", ok ? ", active" : "");
	return ok;
}

/* ---- usage ----------------------------------------------------------------------------------- */

static void print_usage_json(const char *project, int64_t from_ms, int64_t now_ms,
			     const struct account_figure *figures, size_t count)
{
	struct buf out;
	char when[MOMENT_SIZE];

	buf_init(&out, TEXT_MAX);
	buf_adds(&out, "{\"project_id\":");
	buf_add_json(&out, project);
	buf_addf(&out, ",\"from\":\"%s\"", moment_iso(zone_utc(), from_ms, when));
	buf_addf(&out, ",\"to\":\"%s\",\"figures\":[", moment_iso(zone_utc(), now_ms, when));
	for (size_t i = 0; i < count; i++) {
		buf_adds(&out, i ? ",{\"name\":" : "{\"name\":");
		buf_add_json(&out, figures[i].name);
		buf_adds(&out, ",\"value\":");
		buf_add_json(&out, figures[i].value);
		buf_adds(&out, ",\"unit\":");
		buf_add_json(&out, figures[i].unit);
		buf_addc(&out, '}');
	}
	say(stdout, "%s]}\n", out.data);
	buf_free(&out);
}

static bool usage(struct session *s, struct account *a, const char *project_id, int64_t from_ms,
		  int64_t now_ms, struct err *e)
{
	static const struct table_column columns[] = {{"FIGURE", 30}, {"VALUE", 24}, {"UNIT", 22}};
	struct account_project project;
	struct account_figure *figures;
	struct table table;
	size_t count;

	if (!project_id) {
		if (!account_project(a, &s->arena, &project, e))
			return false;
		project_id = project.id;
	}
	if (!account_usage(a, project_id, from_ms, now_ms, &s->arena, &figures, &count, e))
		return false;
	if (option_given(s->in, OPTION_JSON)) {
		print_usage_json(project_id, from_ms, now_ms, figures, count);
		return true;
	}
	if (count == 0) {
		say(stdout, "Hamsa gives no figures for this time.\n");
		return true;
	}
	table_begin(&table, &s->arena, columns, COUNT_OF(columns));
	for (size_t i = 0; i < count; i++)
		table_add(&table, (const char *const[]){figures[i].name, figures[i].value,
							figures[i].unit});
	table_print(&table);
	return true;
}

/* ---- the verb -------------------------------------------------------------------------------- */

static bool ask(struct session *s, enum question question, struct err *e)
{
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	struct hamsa_config config;
	struct account *account;
	int64_t since_ms;
	bool ok = false;

	if (!find_since(s->in, question, &since_ms, e))
		return false;
	if (question == ASK_CALLS)
		return hamsa_calls(s, now_ms - since_ms, now_ms, e);
	if (!session_hamsa_config(s, false, &config, e) || !account_new(&config, &account, e)) {
		if (question == ASK_STATUS && option_given(s->in, OPTION_JSON))
			print_status_json("settings", "", &(struct account_project){"", ""}, e);
		return false;
	}
	if (question == ASK_STATUS)
		ok = status(s, account, config.base_url, e);
	else if (question == ASK_AGENTS)
		ok = hamsa_agents(s, account, e);
	else if (question == ASK_NUMBERS)
		ok = hamsa_numbers(s, account, e);
	else
		ok = usage(s, account, config.project_id, now_ms - since_ms, now_ms, e);
	account_free(account);
	return ok;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	enum question question = ASK_STATUS;
	bool ok = find_question(in, &question, e) && session_load_env(&s, in, e) &&
		  ask(&s, question, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_SINCE, OPTION_JSON, OPTION_LEDGER, OPTION_ENV_FILE,
					 OPTION_HELP};

const struct verb verb_hamsa = {
	.name = "hamsa",
	.arguments = "QUESTION",
	.least = 1,
	.most = 1,
	.summary = "what Hamsa itself says: status, agents, numbers, usage, calls",
	.details =
		"status: is it reachable, is the key good, is the project active; and if not, what "
		"to do.\nagents: their ids, names, languages, limits, and the placeholders they "
		"know.\nnumbers: what calls may come from.\nusage: the project's figures since "
		"--since (7d).\ncalls: every call that Hamsa lists since --since (24h), and which "
		"campaign and row of the\nledger it belongs to; `foreign` is one that nobody here "
		"placed.\n\nNo campaign is needed: the key comes from the environment, or from "
		".env here or --env-file.",
	.example = "  nida hamsa calls --since 7d --ledger campaigns/nida.db",
	.options = options,
	.run = run,
};
