/*
 * nida end-call: end a live call (ending_p.h). Whose call is meant must be certain: one that does
 * not live any more is said to be over, and two that fit are none. A row that will be called, now
 * that nobody calls it, is said to be one: whoever wants a call to end rarely wants the next one.
 */
#include "ending_p.h"

#include "cmd/say.h"

#include "ledger/contact.h"
#include "ledger/event.h"
#include "model/phone.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Who is meant; `number` when it is one. */
struct target {
	const char *who;
	uint64_t number;
	const char *e164; /* "" when it is no number */
};

static bool is_meant(void *data, const struct attempt *a, const char *key)
{
	const struct target *t = data;

	return strcmp(t->who, key) == 0 || strcmp(t->who, a->job_id) == 0 ||
	       (t->number && t->number == phone_to_number(a->phone));
}

/* No live call is meant: perhaps one that is over. Id 0: nobody's at all. */
static bool find_contact(struct session *s, const struct run *run, const struct target *t,
			 struct contact *out, struct err *e)
{
	struct attempt a = {0};
	int64_t id;
	bool found;

	if (!ledger_contact_any_by_key(s->ledger, run->id, t->who, &s->arena, out, &found, e))
		return false;
	if (found)
		return true;
	*out = (struct contact){0};
	if (!ledger_attempt_by_job(s->ledger, t->who, &id, e) ||
	    (id == 0 && !ledger_attempt_by_phone(s->ledger, run->id, t->e164, &id, e)))
		return false;
	if (id == 0)
		return true;
	if (!ledger_attempt_get(s->ledger, id, &s->arena, &a, e))
		return false;
	return a.run_id != run->id ||
	       ledger_contact_get(s->ledger, a.contact_id, &s->arena, out, e);
}

/* When a row that waits is called, and how to keep it from that. */
static void say_waiting(struct session *s, const struct contact *c, bool called)
{
	const struct zone *zone = s->plan->campaign.zone;
	char when[MOMENT_SIZE];

	if (c->due_ms > clock_wall_ms(&s->in->clock))
		say(stdout, "%s %s (%s)",
		    called ? "The row is due again" : "It waits and may be called from",
		    moment_short(zone, c->due_ms, true, when), zone_name(zone));
	else
		say(stdout, "%s",
		    called ? "The row is due again now" : "It waits and may be called at any time");
	say(stdout, "; `nida suppress add %s --ledger %s` keeps it from being called.\n", c->phone,
	    ledger_path(s->ledger));
}

/* A row that is not being called. */
static void say_row(struct session *s, const struct contact *c, bool waits)
{
	bool called = c->state != CONTACT_PENDING || c->attempts > 0;

	if (c->state == CONTACT_SKIPPED)
		say(stdout, "%s has no live call: %s (%s).\n", c->key, contact_state_name(c->state),
		    skip_reason_name(c->reason));
	else if (called)
		say(stdout, "The call of %s is over (%s).\n", c->key, outcome_name(c->outcome));
	else
		say(stdout, "%s has not been called yet.\n", c->key);
	if (waits)
		say_waiting(s, c, called);
}

static bool say_nothing_live(struct session *s, const struct run *run, const struct target *t,
			     struct err *e)
{
	bool json = option_given(s->in, OPTION_JSON);
	struct contact c;

	if (!t) {
		if (json)
			ending_print(s, ENDING_NO_CALL, &(struct ending_line){.run = run});
		else
			say(stdout, "No call of run %s is live.\n", run->name);
		return true;
	}
	if (!find_contact(s, run, t, &c, e))
		return false;
	if (c.id == 0)
		return err_set(e, ERR_INVALID, "No live call of run %s fits %s.", run->name,
			       t->who);
	if (c.state == CONTACT_PLACING || c.state == CONTACT_IN_DOUBT)
		return err_set(e, ERR_FAILED,
			       "The call of %s has no job id yet (%s), so that nobody can be asked "
			       "to end it. Try again when it is live, or end it in Hamsa's "
			       "dashboard.",
			       c.key, contact_state_name(c.state));
	bool waits = c.state == CONTACT_PENDING && run->state == RUN_OPEN;
	bool called = c.attempts > 0 && c.state != CONTACT_SKIPPED;
	if (json)
		ending_print(
			s, called ? ENDING_OVER_BEFORE : ENDING_NO_CALL,
			&(struct ending_line){.run = run, .key = c.key, .row = &c, .waits = waits});
	else
		say_row(s, &c, waits);
	return true;
}

static bool refuse_several(struct session *s, const struct ending *calls, size_t count,
			   const char *who, struct err *e)
{
	const char *keys = calls[0].key;

	for (size_t i = 1; i < count && i < 5; i++)
		keys = arena_printf(&s->arena, "%s, %s", keys, calls[i].key);
	return err_set(e, ERR_INVALID,
		       "%zu live calls fit %s: of the rows %s%s. Name one by its key; nothing was "
		       "ended.",
		       count, who, keys, count > 5 ? ", …" : "");
}

static bool end_found(struct session *s, const struct run *run, const struct target *t,
		      struct err *e)
{
	const char *via = s->in->values[OPTION_VIA];
	struct ending *calls;
	size_t count;
	size_t left;

	if (!ending_find(s, run, t ? is_meant : NULL, (void *)t, &calls, &count, e))
		return false;
	if (count == 0)
		return say_nothing_live(s, run, t, e);
	if (t && count > 1)
		return refuse_several(s, calls, count, t->who, e);
	if (!ending_ask_all(s, calls, count, via, "nida end-call", &left, e))
		return false;
	if (left < count && !ending_record(s, run, calls, count, e))
		return false;
	if (left > 0)
		return err_set(e, ERR_FAILED, "%zu of %zu calls could not be ended.", left, count);
	return true;
}

/* Is this the job id of a test call? It may be one of a campaign that has never been run. */
static bool is_try(struct session *s, const struct target *t, bool *out, struct err *e)
{
	int64_t attempt_id;

	*out = false;
	if (!*t->who || t->number)
		return true;
	return ledger_attempt_by_job(s->ledger, t->who, &attempt_id, e) &&
	       (attempt_id != 0 || ledger_event_of_try(s->ledger, t->who, "", out, e));
}

static bool end_try(struct session *s, const char *job_id, struct err *e)
{
	struct ending call = {.attempt = {.job_id = job_id, .twilio_sid = ""}};
	size_t left;

	if (!ending_ask_all(s, &call, 1, s->in->values[OPTION_VIA], "nida end-call", &left, e))
		return false;
	return left == 0 || err_set(e, ERR_FAILED, "The test call %s could not be ended.", job_id);
}

static bool end_target(struct session *s, const struct target *t, struct err *e)
{
	struct run run;
	bool found;
	bool tried = false;

	if (!session_open_ledger(s, LEDGER_CHANGE, e) || (t && !is_try(s, t, &tried, e)))
		return false;
	if (tried)
		return end_try(s, t->who, e);
	if (!session_find_run(s, &run, &found, e))
		return false;
	return found ? end_found(s, &run, t, e)
		     : err_set(e, ERR_INVALID, "Campaign %s has not been run yet.",
			       s->plan->campaign.name);
}

static bool end_calls(struct session *s, struct err *e)
{
	bool all = option_given(s->in, OPTION_ALL);
	const char *via = s->in->values[OPTION_VIA];
	struct target target = {.who = session_key(s, s->in->arguments[1]), .e164 = ""};
	struct phone phone;

	if (all == (s->in->argument_count > 1))
		return err_set(e, ERR_INVALID,
			       "Whose call? Give a row's key, a number or a job id, or --all.");
	if (via && strcmp(via, "hamsa") != 0 && strcmp(via, "twilio") != 0)
		return err_set(e, ERR_INVALID, "--via is '%s'; expected hamsa or twilio.", via);
	if (!session_open_hamsa(s, false, e))
		return false;
	if (!all && phone_parse(target.who, s->plan->campaign.list.country, &phone) == PHONE_OK) {
		target.number = phone_to_number(phone.e164);
		target.e164 = phone.e164;
	}
	return end_target(s, all ? NULL : &target, e);
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	bool ok = session_load_plan(&s, in, e) && end_calls(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_ALL,    OPTION_VIA,      OPTION_JSON,
					 OPTION_LEDGER, OPTION_ENV_FILE, OPTION_HELP};

const struct verb verb_end_call = {
	.name = "end-call",
	.arguments = "CAMPAIGN [WHO]",
	.least = 1,
	.most = 2,
	.summary = "end a live call (Hamsa's terminate, or Twilio)",
	.details =
		"WHO is a row's key, a number or a job id, also one of `nida try`; --all ends "
		"every live call\nof the campaign. Hamsa is asked first, Twilio if that fails "
		"(TWILIO_ACCOUNT_SID,\nTWILIO_AUTH_TOKEN): the call that Hamsa names, or the only "
		"live one that fits. Then the call is\nread until Hamsa says that it is over. The "
		"row's outcome is `terminated` and it is not called\nagain. With or without a "
		"runner; asking again does no harm.",
	.example = "  nida end-call campaigns/payment-reminder.yaml 10482231",
	.options = options,
	.run = run,
};
