/*
 * nida try: one test call to your own phone, with a row's parameters. Outside any run: no row of
 * the list is touched, and nothing of it is in the reports.
 */
#include "await_p.h"

#include "cmd/say.h"

#include "base/rng.h"
#include "ledger/event.h"
#include "ledger/rows.h"
#include "model/phone.h"
#include "run/freeze.h"
#include "run/order.h"
#include "run/suppressor.h"

#include <stdio.h>
#include <string.h>

#define POLL_MS    2000
#define LONGEST_MS HOUR_MS

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

static bool follow(struct session *s, const char *job_id, struct err *e)
{
	struct answer answer;
	char last[64] = "";

	for (int64_t waited_ms = 0; waited_ms < LONGEST_MS; waited_ms += POLL_MS) {
		await_time(s, POLL_MS);
		provider_read(&s->provider, 1, job_id);
		await_answer(s, &answer);
		if (answer.read == READ_STOP)
			return err_set(e, ERR_STOPPED, "Hamsa refuses to answer: %s", answer.words);
		if (answer.read != READ_OK)
			continue;
		const char *status = call_status_name(answer.call->status);
		if (strcmp(status, last) != 0)
			say(stderr, "%s\n", status);
		snprintf(last, sizeof(last), "%s", status);
		if (call_status_is_final(answer.call->status)) {
			print_call(answer.call);
			return true;
		}
	}
	return err_set(e, ERR_FAILED, "The call %s did not end within an hour.", job_id);
}

static bool place(struct session *s, const struct order *order, const char *to, struct err *e)
{
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	struct answer answer;

	/* The ledger keeps the intent of a test call too, before it leaves. */
	if (!ledger_event_add(
		    s->ledger,
		    &(struct event){.at_ms = now_ms, .kind = "try.intent", .text = order->ref}, e))
		return false;
	provider_place(&s->provider, 1, &order->place);
	await_answer(s, &answer);
	if (answer.place != PLACE_ACCEPTED)
		return err_set(e, answer.place == PLACE_STOP ? ERR_STOPPED : ERR_FAILED,
			       answer.place == PLACE_IN_DOUBT
				       ? "It is not certain whether %s is being called: %s"
				       : "%s is not called: %s",
			       to, answer.words);
	const char *job_id = arena_strdup(&s->arena, answer.job_id);
	say(stderr, "Calling %s (job %s).\n", to, job_id);
	/* So that an audit knows whose call it was. */
	if (!ledger_event_add(
		    s->ledger,
		    &(struct event){.at_ms = now_ms, .kind = "try.accepted", .text = job_id}, e))
		return false;
	return follow(s, job_id, e);
}

static bool try_call(struct session *s, struct err *e)
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
	ok = place(s, &order, phone.e164, e);
out:
	suppressor_free(suppressor);
	return ok;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	bool ok = session_load_plan(&s, in, e) && try_call(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_TO,     OPTION_ROW,      OPTION_LIST,
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
		"lists "
		"do.",
	.example = "  nida try campaigns/payment-reminder.yaml --to +96891234567 --row 10482231",
	.options = options,
	.wants_variables = true,
	.run = run,
};
