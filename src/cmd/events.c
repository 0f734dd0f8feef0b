/*
 * nida events: the story of a run, or of one customer, in order.
 */
#include "cmd/session.h"

#include "base/buf.h"
#include "ledger/contact.h"
#include "ledger/event.h"

#include <inttypes.h>
#include <stdio.h>

#define LINE_MAX_BYTES 65536

struct printing {
	const struct zone *zone;
	bool json;
};

static bool print_event(void *data, const struct event *event, struct err *e)
{
	const struct printing *p = data;
	char when[MOMENT_SIZE];
	struct buf out;

	(void)e;
	moment_iso(p->zone, event->at_ms, when);
	if (!p->json) {
		printf("%s  %-16s %-18s %s\n", when, event->kind, event->key, event->text);
		return true;
	}
	buf_init(&out, LINE_MAX_BYTES);
	buf_addf(&out, "{\"id\":%" PRId64 ",\"at\":\"%s\",\"kind\":\"%s\",\"key\":", event->id,
		 when, event->kind);
	buf_add_json(&out, event->key);
	buf_addf(&out, ",\"attempt\":%" PRId64 ",\"text\":", event->attempt_id);
	buf_add_json(&out, event->text);
	printf("%s}\n", out.data);
	buf_free(&out);
	return true;
}

static bool tell(struct session *s, struct err *e)
{
	struct printing printing = {.zone = s->plan->campaign.zone,
				    .json = option_given(s->in, OPTION_JSON)};
	const char *key = s->in->argument_count > 1 ? s->in->arguments[1] : NULL;
	struct contact contact = {0};
	struct run run;
	bool found;

	if (!session_open_ledger(s, LEDGER_READ, e) || !session_find_run(s, &run, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_INVALID, "Campaign %s has not been run yet.",
			       s->plan->campaign.name);
	if (key) {
		if (!ledger_contact_any_by_key(s->ledger, run.id, key, &s->arena, &contact, &found,
					       e))
			return false;
		if (!found)
			return err_set(e, ERR_INVALID, "Run %s has no row with the key '%s'.",
				       run.name, key);
	}
	return ledger_events_each(s->ledger, run.id, contact.id, print_event, &printing, e);
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	bool ok = session_load_plan(&s, in, e) && tell(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_RUN, OPTION_JSON, OPTION_LEDGER, OPTION_ENV_FILE,
					 OPTION_HELP};

const struct verb verb_events = {
	.name = "events",
	.arguments = "CAMPAIGN [KEY]",
	.least = 1,
	.most = 2,
	.summary = "the story of a run, or of one customer, in order",
	.details = "Prints what was done and when, as the ledger keeps it: intents, answers, ends, "
		   "retries, pauses.",
	.example = "  nida events campaigns/payment-reminder.yaml 10482231",
	.options = options,
	.run = run,
};
