/*
 * nida try: one test call to your own phone, with a row's parameters. Outside any run: no row of
 * the list is touched, and nothing of it is in the reports.
 *
 * Ctrl-C ends the waiting, not the call. While the call is being placed the first one waits for
 * Hamsa's answer all the same: without its job id nobody could end it any more.
 */
#include "await_p.h"
#include "object_p.h"

#include "cmd/say.h"

#include "base/rng.h"
#include "ledger/event.h"
#include "ledger/rows.h"
#include "model/phone.h"
#include "run/freeze.h"
#include "run/order.h"
#include "run/signals.h"
#include "run/suppressor.h"

#include <stdio.h>
#include <string.h>

#define POLL_MS    2000
#define LONGEST_MS HOUR_MS
#define TICK_MS    250

/* The call, as far as it is known. */
struct trial {
	struct session *s;
	const char *to;
	const char *row;    /* the key whose values it has */
	const char *job_id; /* NULL: not known (yet) */
	char status[64];    /* the last word that was heard of it; "" */
};

struct choice {
	const char *key; /* NULL: the first that can be called */
	bool found;
	struct contact contact; /* texts in the arena */
	struct arena *arena;
};

static bool choose(void *data, const struct row *row, struct err *e)
{
	struct choice *choice = data;
	const struct contact *c = &row->contact;

	(void)e;
	if (choice->found ||
	    (choice->key ? strcmp(choice->key, c->key) != 0 : c->state != CONTACT_PENDING))
		return true;
	choice->found = true;
	choice->contact = *c;
	choice->contact.cells = arena_strdup(choice->arena, c->cells);
	choice->contact.key = arena_strdup(choice->arena, c->key);
	return true;
}

/* The row whose values are used, from a private ledger. */
static bool find_row(struct session *s, struct choice *choice, struct err *e)
{
	struct suppressor *suppressor = suppressor_new(s->plan, NULL);
	struct freeze_options options = {.name = "try", .now_ms = clock_wall_ms(&s->in->clock)};
	struct ledger *private = NULL;
	struct frozen frozen;
	bool ok = ledger_open(NULL, LEDGER_WRITE, &private, e) &&
		  freeze_list(private, s->plan, suppressor, &options, &frozen, e) &&
		  ledger_rows_each(private, frozen.run_id, choose, choice, e);

	ledger_close(private);
	suppressor_free(suppressor);
	if (!ok)
		return false;
	if (choice->found)
		return true;
	return choice->key ? err_set(e, ERR_INVALID, "The list has no row with the key '%s'.",
				     choice->key)
			   : err_set(e, ERR_INVALID, "No row of the list can be called.");
}

static void print_call(const struct call_report *call)
{
	static const char *const speakers[] = {"agent   ", "customer"};

	say(stdout, "status     %s\n", call->status_text ? call->status_text : "");
	if (call->words)
		say(stdout, "words      %s\n", call->words);
	if (call->talk_ms >= 0)
		say(stdout, "talked     %lld s\n", (long long)(call->talk_ms / 1000));
	if (call->recording)
		say(stdout, "recording  %s\n", call->recording);
	for (size_t i = 0; i < call->value_count; i++)
		say(stdout, "outcome    %s: %s\n", call->values[i].name, call->values[i].value);
	for (size_t i = 0; i < call->utterance_count; i++)
		say(stdout, "%s   %s\n", speakers[call->utterances[i].speaker],
		    call->utterances[i].text);
}

static void emit_call(struct emit *j, const struct call_report *call)
{
	if (call->talk_ms >= 0)
		emit_number(j, "talk_ms", call->talk_ms);
	else
		emit_null(j, "talk_ms");
	emit_text(j, "words", call->words);
	emit_text(j, "recording", call->recording);
	emit_open(j, "values", '{');
	for (size_t i = 0; i < call->value_count; i++)
		emit_text(j, call->values[i].name, call->values[i].value);
	emit_close(j, '}');
	emit_open(j, "transcript", '[');
	for (size_t i = 0; i < call->utterance_count; i++) {
		const struct utterance *u = &call->utterances[i];
		emit_open(j, NULL, '{');
		emit_text(j, "speaker", u->speaker == SPEAKER_AGENT ? "agent" : "customer");
		emit_text(j, "text", u->text);
		emit_close(j, '}');
	}
	emit_close(j, ']');
}

/* `call` NULL: it is not over, or not known to be. */
static void print_trial(const struct trial *t, const struct call_report *call)
{
	struct object o;
	struct emit *j = object_begin(&o);

	emit_text(j, "campaign", t->s->plan->campaign.name);
	emit_text(j, "to", t->to);
	emit_text(j, "row", t->row);
	emit_text(j, "job_id", t->job_id);
	emit_flag(j, "over", call != NULL);
	object_add_known(j, "status", call ? call->status_text : t->status);
	if (call)
		emit_call(j, call);
	object_print(&o);
}

/* How often somebody has said that nobody waits any more; a terminal that went away has said it
 * once, however many signals that took. */
static int interrupts(void)
{
	struct signals now = signals_now();

	return now.interrupts + (now.hangups > 0);
}

/* False: so many interrupts came first. */
static bool await_unless(struct session *s, int most, struct answer *out)
{
	bool told = false;

	while (!provider_next(&s->provider, out)) {
		if (interrupts() >= most)
			return false;
		if (interrupts() > 0 && !told)
			say(stderr, "Stopping as soon as Hamsa says which call this is. Ctrl-C "
				    "again leaves at once.\n");
		told = interrupts() > 0;
		provider_wait(&s->provider, (int64_t)(TICK_MS * 1000 * s->in->clock.speed));
	}
	return true;
}

/* False: an interrupt came first. */
static bool pause_unless(struct session *s, int64_t ms)
{
	struct mono end = mono_add(clock_mono(&s->in->clock), ms * 1000);

	while (interrupts() == 0) {
		int64_t left_us = mono_since(clock_mono(&s->in->clock), end);
		if (left_us <= 0)
			return true;
		provider_wait(&s->provider, left_us);
	}
	return false;
}

static void leave(const struct trial *t, enum exit_code *code)
{
	const struct invocation *in = t->s->in;
	const char *ledger = in->values[OPTION_LEDGER];

	*code = EXIT_UNFINISHED;
	if (t->job_id)
		say(stderr,
		    "No longer waiting; the call may go on. Its job id is %s: `nida end-call %s "
		    "%s%s%s` ends it.\n",
		    t->job_id, in->arguments[0], t->job_id, ledger ? " --ledger " : "",
		    ledger ? ledger : "");
	else
		say(stderr,
		    "No longer waiting; Hamsa has not answered, so it is not certain whether %s "
		    "is being called.\n",
		    t->to);
	if (option_given(in, OPTION_JSON))
		print_trial(t, NULL);
}

static bool follow(struct trial *t, enum exit_code *code, struct err *e)
{
	struct session *s = t->s;
	struct answer answer;

	for (int64_t waited_ms = 0; waited_ms < LONGEST_MS; waited_ms += POLL_MS) {
		if (!pause_unless(s, POLL_MS)) {
			leave(t, code);
			return true;
		}
		provider_read(&s->provider, 1, t->job_id);
		if (!await_unless(s, 1, &answer)) {
			leave(t, code);
			return true;
		}
		if (answer.read == READ_STOP)
			return err_set(e, ERR_STOPPED, "Hamsa refuses to answer: %s", answer.words);
		if (answer.read != READ_OK)
			continue;
		const char *status = call_status_name(answer.call->status);
		if (strcmp(status, t->status) != 0)
			say(stderr, "%s\n", status);
		snprintf(t->status, sizeof(t->status), "%s", status);
		if (!call_status_is_final(answer.call->status))
			continue;
		if (option_given(s->in, OPTION_JSON))
			print_trial(t, answer.call);
		else
			print_call(answer.call);
		return true;
	}
	return err_set(e, ERR_FAILED, "The call %s did not end within an hour.", t->job_id);
}

static bool place(struct trial *t, const struct order *order, enum exit_code *code, struct err *e)
{
	struct session *s = t->s;
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	struct answer answer;

	/* The ledger keeps the intent of a test call too, before it leaves. */
	if (!ledger_event_add(
		    s->ledger,
		    &(struct event){.at_ms = now_ms, .kind = "try.intent", .text = order->ref}, e))
		return false;
	signals_catch();
	provider_place(&s->provider, 1, &order->place);
	if (!await_unless(s, 2, &answer)) {
		leave(t, code);
		return true;
	}
	if (answer.place != PLACE_ACCEPTED)
		return err_set(e, answer.place == PLACE_STOP ? ERR_STOPPED : ERR_FAILED,
			       answer.place == PLACE_IN_DOUBT
				       ? "It is not certain whether %s is being called: %s"
				       : "%s is not called: %s",
			       t->to, answer.words);
	t->job_id = arena_strdup(&s->arena, answer.job_id);
	say(stderr, "Calling %s (job %s).\n", t->to, t->job_id);
	/* So that an audit knows whose call it was, and `nida end-call` that it is one of ours. */
	if (!ledger_event_add(
		    s->ledger,
		    &(struct event){.at_ms = now_ms, .kind = "try.accepted", .text = t->job_id}, e))
		return false;
	return follow(t, code, e);
}

static bool try_call(struct session *s, enum exit_code *code, struct err *e)
{
	const char *to = s->in->values[OPTION_TO];
	struct suppressor *suppressor = suppressor_new(s->plan, NULL);
	struct choice choice = {.key = session_key(s, s->in->values[OPTION_ROW]),
				.arena = &s->arena};
	struct order order;
	struct phone phone;
	struct rng rng;
	const char *source;
	bool suppressed = false;
	bool ok = false;

	if (!to) {
		err_set(e, ERR_INVALID,
			"--to NUMBER is needed: your own phone, e.g. +96891234567.");
		goto out;
	}
	enum phone_fault fault = phone_parse(to, s->plan->campaign.list.country, &phone);
	if (fault != PHONE_OK) {
		err_set(e, ERR_INVALID, "--to %s: %s", to, phone_fault_text(fault));
		goto out;
	}
	if (!session_open_hamsa(s, false, e) || !session_open_ledger(s, LEDGER_WRITE, e) ||
	    !suppressor_refresh(suppressor, e) ||
	    !suppressor_has(suppressor, s->ledger, phone.e164, &suppressed, &source, e))
		goto out;
	if (suppressed) {
		err_set(e, ERR_INVALID, "%s must not be called: it is on %s.", phone.e164, source);
		goto out;
	}
	if (!find_row(s, &choice, e))
		goto out;
	rng_seed_from_kernel(&rng);
	choice.contact.phone = phone.e164;
	if (!order_render(s->plan, &choice.contact, &rng, &s->arena, &order)) {
		err_set(e, ERR_INVALID, "The row %s cannot be used: %s: %s", choice.contact.key,
			skip_reason_name(order.verdict.skip), order.verdict.detail);
		goto out;
	}
	ok = place(&(struct trial){.s = s, .to = phone.e164, .row = choice.contact.key}, &order,
		   code, e);
out:
	suppressor_free(suppressor);
	return ok;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	enum exit_code code = EXIT_DONE;
	bool ok = session_load_plan(&s, in, e) && try_call(&s, &code, e);

	session_close(&s);
	return ok ? code : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_TO,     OPTION_ROW,      OPTION_LIST, OPTION_JSON,
					 OPTION_LEDGER, OPTION_ENV_FILE, OPTION_HELP};

const struct verb verb_try = {
	.name = "try",
	.arguments = "CAMPAIGN",
	.least = 1,
	.most = 1,
	.summary = "one test call to your own phone, with a row's parameters",
	.details =
		"Calls the number given with --to as if it were the customer of a row, follows the "
		"call and prints its\ntranscript. Opening hours do not bind it; the do-not-call "
		"lists do.\n\n"
		"Ctrl-C stops the waiting and names the job id: the call may go on, and `nida "
		"end-call` with that id ends it\n(exit 3).",
	.example = "  nida try campaigns/payment-reminder.yaml --to +96891234567 --row 10482231",
	.options = options,
	.wants_variables = true,
	.run = run,
};
