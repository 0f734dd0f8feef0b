/*
 * nida end-call: end a live call. Hamsa's own terminate first; if that does not do it, Twilio,
 * where the call is looked for and ended only when exactly one fits.
 *
 * The wish is written into the ledger first, so that whoever records the end (the runner if one is
 * alive, else this process under the campaign's lock) counts the call as terminated and never
 * retries it.
 */
#include "await_p.h"

#include "base/text.h"
#include "ledger/attempt.h"
#include "ledger/contact.h"
#include "ledger/lock.h"
#include "model/phone.h"
#include "provider/twilio.h"

#include <stdio.h>
#include <string.h>

#define VERIFY_TRIES    10
#define VERIFY_EVERY_MS 1000

/* One call to end; texts in the session's arena. */
struct victim {
	struct attempt attempt;
	const char *key;
};

#define VICTIMS_MAX 1000

struct search {
	struct session *s;
	const char *who; /* NULL: everybody */
	uint64_t number; /* of `who`, when it is one */
	size_t count;
	struct victim *victims;
};

static bool consider(void *data, const struct attempt *a, struct err *e)
{
	struct search *search = data;
	struct arena *arena = &search->s->arena;
	struct contact contact;

	if (a->state != ATTEMPT_LIVE || search->count == VICTIMS_MAX)
		return true;
	if (!ledger_contact_get(search->s->ledger, a->contact_id, arena, &contact, e))
		return false;
	bool match = !search->who || strcmp(search->who, contact.key) == 0 ||
		     strcmp(search->who, a->job_id) == 0 ||
		     (search->number && search->number == phone_to_number(a->phone));
	if (!match)
		return true;

	struct victim *v = &search->victims[search->count++];
	*v = (struct victim){.attempt = *a, .key = contact.key};
	v->attempt.job_id = arena_strdup(arena, a->job_id);
	v->attempt.phone = arena_strdup(arena, a->phone);
	return true;
}

/* Ask Hamsa, then read until the call is final. *over: it is. */
static bool end_by_hamsa(struct session *s, const struct victim *v, bool *over, struct err *e)
{
	struct answer answer;

	provider_end(&s->provider, 1, v->attempt.job_id);
	await_answer(s, &answer);
	if (answer.read != READ_OK)
		return err_set(e, ERR_FAILED, "Hamsa did not end the call of %s: %s", v->key,
			       answer.words);
	*over = answer.already_over;
	return true;
}

static bool end_by_twilio(struct session *s, const struct victim *v, struct err *e)
{
	const char *url = env_get(s->env, "TWILIO_BASE_URL");
	struct twilio_config config = {
		.account_sid = env_get(s->env, "TWILIO_ACCOUNT_SID"),
		.auth_token = env_get(s->env, "TWILIO_AUTH_TOKEN"),
		.base_url = url ? url : "https://api.twilio.com",
		.clock = &s->in->clock,
	};
	struct twilio_target target = {
		.to = v->attempt.phone,
		.from = s->plan->campaign.from,
		.window_from_ms = v->attempt.intent_ms,
	};
	struct twilio_result result;

	if (!config.account_sid || !config.auth_token)
		return err_set(e, ERR_INVALID,
			       "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set; without them "
			       "Twilio cannot be asked.");
	return twilio_end_call(&config, &target, &result, e);
}

/* Read until Hamsa says that it is over. The last answer stays for whoever records it. */
static bool await_end(struct session *s, const struct victim *v, struct answer *answer)
{
	for (int i = 0; i < VERIFY_TRIES; i++) {
		provider_read(&s->provider, 1, v->attempt.job_id);
		await_answer(s, answer);
		if (answer->read == READ_GONE)
			return true;
		if (answer->read == READ_OK && call_status_is_final(answer->call->status))
			return true;
		await_time(s, VERIFY_EVERY_MS);
	}
	return false;
}

/* Nobody runs the campaign, so this process records the end itself, under its lock. */
static bool record_end(struct session *s, const struct victim *v, const struct answer *answer,
		       struct err *e)
{
	const struct call_report *report = answer->read == READ_OK ? answer->call : NULL;
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	struct decimal cost = report && report->has_cost ? report->cost : (struct decimal){0};
	struct ledger_lock *lock;
	struct err busy;

	if (!ledger_lock_take(s->ledger, s->plan->campaign.name, &lock, &busy))
		return true; /* a runner has come to life; it will see the wish */
	/* A runner may have recorded it and gone since it was found. */
	enum attempt_state state;
	bool ok = ledger_attempt_state(s->ledger, v->attempt.id, &state, e);
	if (ok && state != ATTEMPT_LIVE) {
		ledger_lock_drop(lock);
		return true;
	}
	ok = ok && ledger_begin(s->ledger, e);
	if (ok) {
		ok = ledger_attempt_ended(s->ledger, v->attempt.id, OUTCOME_TERMINATED, report,
					  cost, "Ended by nida end-call.", -1, now_ms, e) &&
		     ledger_commit(s->ledger, e);
		if (!ok)
			ledger_rollback(s->ledger);
	}
	ledger_lock_drop(lock);
	return ok;
}

static bool end_one(struct session *s, const struct victim *v, bool *ended, struct err *e)
{
	const char *via = s->in->values[OPTION_VIA];
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	struct answer answer = {0};
	struct err first = {0};
	bool over = false;

	*ended = false;
	if (!ledger_attempt_ask_end(s->ledger, v->attempt.id, "nida end-call", now_ms, e))
		return false;
	bool asked = (!via || strcmp(via, "hamsa") == 0) && end_by_hamsa(s, v, &over, &first);
	if (!asked && (!via || strcmp(via, "twilio") == 0)) {
		struct err second = {0};
		asked = end_by_twilio(s, v, &second);
		if (!asked)
			fprintf(stderr, "%s%s%s\n", first.text, *first.text ? " " : "",
				second.text);
	} else if (!asked) {
		fprintf(stderr, "%s\n", first.text);
	}
	if (!asked)
		return ledger_attempt_unask_end(s->ledger, v->attempt.id, "nobody could end it",
						now_ms, e);
	if (!await_end(s, v, &answer)) {
		fprintf(stderr,
			"The end of the call of %s was asked for, but Hamsa still shows it as "
			"live.\n",
			v->key);
		return true;
	}
	*ended = true;
	if (over) {
		/* Its own end stands; the runner, or the next run, records it. */
		printf("The call of %s is over; it had ended before.\n", v->key);
		return ledger_attempt_unask_end(s->ledger, v->attempt.id, "it had ended before",
						now_ms, e);
	}
	printf("The call of %s is over.\n", v->key);
	return record_end(s, v, &answer, e);
}

static bool find(struct session *s, int64_t run_id, struct search *search, struct err *e)
{
	struct phone phone;

	search->s = s;
	search->who = option_given(s->in, OPTION_ALL) ? NULL : s->in->arguments[1];
	search->victims = arena_array(&s->arena, VICTIMS_MAX, sizeof(*search->victims));
	if (search->who &&
	    phone_parse(search->who, s->plan->campaign.list.country, &phone) == PHONE_OK)
		search->number = phone_to_number(phone.e164);
	return ledger_attempts_open(s->ledger, run_id, consider, search, e);
}

static bool end_calls(struct session *s, struct err *e)
{
	struct search search = {0};
	struct run run;
	bool found;
	size_t ended_count = 0;
	const char *via = s->in->values[OPTION_VIA];

	if (s->in->argument_count < 2 && !option_given(s->in, OPTION_ALL))
		return err_set(e, ERR_INVALID,
			       "Whose call? Give a row's key, a number or a job id, or --all.");
	if (via && strcmp(via, "hamsa") != 0 && strcmp(via, "twilio") != 0)
		return err_set(e, ERR_INVALID, "--via is '%s'; expected hamsa or twilio.", via);
	if (!session_open_hamsa(s, false, e) || !session_open_ledger(s, LEDGER_WRITE, e) ||
	    !session_find_run(s, &run, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_INVALID, "Campaign %s has not been run yet.",
			       s->plan->campaign.name);
	if (!find(s, run.id, &search, e))
		return false;
	if (search.count == 0)
		return err_set(e, ERR_INVALID, "No live call of run %s fits %s.", run.name,
			       search.who ? search.who : "--all");
	for (size_t i = 0; i < search.count; i++) {
		bool ended;
		if (!end_one(s, &search.victims[i], &ended, e))
			return false;
		ended_count += ended;
	}
	if (ended_count < search.count)
		return err_set(e, ERR_FAILED, "%zu of %zu calls could not be ended.",
			       search.count - ended_count, search.count);
	return true;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	bool ok = session_load_plan(&s, in, e) && end_calls(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_ALL, OPTION_VIA, OPTION_LEDGER, OPTION_ENV_FILE,
					 OPTION_HELP};

const struct verb verb_end_call = {
	.name = "end-call",
	.arguments = "CAMPAIGN [WHO]",
	.least = 1,
	.most = 2,
	.summary = "end a live call (Hamsa's terminate, or Twilio)",
	.details = "WHO is a row's key, a number or a job id; --all ends every live call of the "
		   "campaign. "
		   "Hamsa is asked first,\nTwilio if that fails (TWILIO_ACCOUNT_SID, "
		   "TWILIO_AUTH_TOKEN); there the call is ended only when exactly one\nof the live "
		   "calls fits. The row's outcome is `terminated` and it is not called again.",
	.example = "  nida end-call campaigns/payment-reminder.yaml 10482231",
	.options = options,
	.run = run,
};
