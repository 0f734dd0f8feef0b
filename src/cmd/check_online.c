#include "check_p.h"

#include "base/problems.h"
#include "base/text_near.h"
#include "cmd/say.h"
#include "model/phone.h"
#include "provider/account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct online {
	struct session *s;
	struct account *account;
	struct problems *problems;
	size_t sent_count;
	const char **sent; /* the names of everything that goes into `params` */
};

static bool quiet(const struct online *o)
{
	return option_given(o->s->in, OPTION_JSON);
}

static bool is_sent(const struct online *o, const char *name)
{
	for (size_t i = 0; i < o->sent_count; i++)
		if (strcmp(o->sent[i], name) == 0)
			return true;
	return false;
}

static void add_sent(struct online *o, const char *name)
{
	if (!is_sent(o, name))
		o->sent[o->sent_count++] = name;
}

/* The campaign's own, defaults of the scenario, and what nida adds to every call. */
static void gather_sent(struct online *o)
{
	static const char *const always[] = {"scenario", "language", "nidaRef"};
	const struct plan *plan = o->s->plan;
	const struct scenario *scenario = &plan->scenario;

	o->sent = arena_array(&o->s->arena,
			      plan->campaign.param_count + scenario->variable_count +
				      COUNT_OF(always),
			      sizeof(*o->sent));
	for (size_t i = 0; i < plan->campaign.param_count; i++)
		add_sent(o, plan->campaign.params[i].name);
	for (size_t i = 0; i < scenario->variable_count; i++)
		if (scenario->variables[i].rule.required && scenario->variables[i].rule.fallback)
			add_sent(o, scenario->variables[i].name);
	for (size_t i = 0; i < COUNT_OF(always); i++)
		add_sent(o, always[i]);
}

/* Hamsa ignores a placeholder without a value in silence: the agent would speak a gap. */
static void check_placeholders(struct online *o, const struct account_agent *agent)
{
	for (size_t i = 0; i < agent->spoken_count; i++) {
		const char *name = agent->spoken[i];
		if (is_sent(o, name))
			continue;
		const char *near = text_near_miss(name, o->sent, o->sent_count);
		problems_add(o->problems, PROBLEM_ERROR, o->s->plan->campaign.file, 0, 0,
			     "params: the agent %s (%s) speaks {{%s}}, and this campaign sends "
			     "nothing of that name%s%s%s. Hamsa would leave a gap there without a "
			     "word.",
			     agent->id, *agent->name ? agent->name : "without a name", name,
			     near ? " (it sends '" : "", near ? near : "",
			     near ? "': is that meant?)" : "");
	}
}

/* False only when nothing more can be asked. */
static bool check_agent(struct online *o, enum language language, struct err *e)
{
	const char *id = o->s->plan->campaign.agent[language];
	struct account_agent agent;
	struct err trouble;

	if (!account_agent(o->account, id, &o->s->arena, &agent, &trouble)) {
		if (account_trouble(o->account) != ACCOUNT_NOT_FOUND) {
			*e = trouble;
			return false;
		}
		problems_add(o->problems, PROBLEM_ERROR, o->s->plan->campaign.file, 0, 0,
			     "agent.%s: %s", language_code(language), trouble.text);
		return true;
	}
	if (!quiet(o))
		say(stdout, "agent      %s: %s, %s\n", language_code(language), id,
		    *agent.name ? agent.name : "without a name");
	check_placeholders(o, &agent);
	return true;
}

static bool check_agents(struct online *o, struct err *e)
{
	const char *const *agents = o->s->plan->campaign.agent;

	if (o->s->plan->scenario.inline_agent)
		return true;
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		bool known = i > 0 && agents[i] && agents[0] && strcmp(agents[i], agents[0]) == 0;
		if (agents[i] && !known && !check_agent(o, (enum language)i, e))
			return false;
	}
	return true;
}

static bool check_number(struct online *o, struct err *e)
{
	const char *from = o->s->plan->campaign.from;
	struct account_number *numbers;
	size_t count;

	if (!from)
		return true;
	if (!account_numbers(o->account, &o->s->arena, &numbers, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (phone_to_number(numbers[i].number) != phone_to_number(from))
			continue;
		if (!quiet(o))
			say(stdout, "from       %s, registered%s%s\n", from,
			    *numbers[i].label ? " as " : "", numbers[i].label);
		return true;
	}
	problems_add(o->problems, PROBLEM_ERROR, o->s->plan->campaign.file, 0, 0,
		     "from: %s is not registered at Hamsa for this project, so that no call can "
		     "come from it; `nida hamsa numbers` lists those that are (%zu).",
		     from, count);
	return true;
}

static bool ask(struct online *o, struct err *e)
{
	struct account_project project;

	if (!account_project(o->account, &o->s->arena, &project, e))
		return err_prefix(e, "Hamsa does not confirm the key and its project: ");
	if (!quiet(o))
		say(stdout, "hamsa      the key works; project %s\n",
		    *project.name ? project.name : "without a name");
	gather_sent(o);
	return check_agents(o, e) && check_number(o, e);
}

bool check_online(struct session *s, struct err *e)
{
	struct online o = {.s = s};
	struct hamsa_config config;

	if (!session_hamsa_config(s, false, &config, e) || !account_new(&config, &o.account, e))
		return false;
	o.problems = xcalloc(1, sizeof(*o.problems));
	bool ok = ask(&o, e);
	say_problems(stderr, o.problems);
	size_t errors = o.problems->errors;
	problems_free(o.problems);
	free(o.problems);
	account_free(o.account);
	if (ok && errors > 0)
		return err_set(e, ERR_INVALID,
			       "%zu %s between this campaign and Hamsa to mend first. Nothing was "
			       "dialled.",
			       errors, errors == 1 ? "error" : "errors");
	return ok;
}
