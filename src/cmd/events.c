/*
 * nida events: the story of a run, or of one customer, in order.
 */
#include "cmd/say.h"
#include "cmd/session.h"

#include "base/buf.h"
#include "base/columns.h"
#include "base/text.h"
#include "ledger/contact.h"
#include "ledger/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES ((size_t)1 << 20) /* a key of 64 KiB, each byte as \\u00xx */
#define KEY_COLUMNS    16

struct printing {
	const struct zone *zone;
	bool json;
};

/* The ledger keeps moments in UTC; people plan by the campaign's clock. */
static const char *text_of(const struct printing *p, const struct event *event,
			   char when[MOMENT_SIZE])
{
	int64_t at_ms;

	if (strcmp(event->kind, "call.retry") != 0 || !moment_parse_iso(event->text, &at_ms))
		return event->text;
	return p->json ? moment_iso(p->zone, at_ms, when)
		       : moment_short(p->zone, at_ms, true, when);
}

/* What a kind of event leaves unsaid. */
static const char *words_before(const char *kind)
{
	static const struct {
		const char *kind;
		const char *words;
	} all[] = {
		{"run.created", "of "},
		{"call.accepted", "by Hamsa as "},
		{"call.found", "at Hamsa as "},
		{"call.retry", "the next call is due "},
		{"call.end_asked", "by "},
		{"number.suppressed", "by the customer, in this call: "},
	};

	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (strcmp(kind, all[i].kind) == 0)
			return all[i].words;
	return "";
}

static bool print_event(void *data, const struct event *event, struct err *e)
{
	const struct printing *p = data;
	char when[MOMENT_SIZE];
	char due[MOMENT_SIZE];
	struct buf out;

	(void)e;
	moment_iso(p->zone, event->at_ms, when);
	buf_init(&out, LINE_MAX_BYTES);
	if (p->json) {
		buf_addf(&out,
			 "{\"id\":%" PRId64 ",\"at\":\"%s\",\"kind\":\"%s\",\"key\":", event->id,
			 when, event->kind);
		buf_add_json(&out, event->key);
		buf_addf(&out, ",\"attempt\":%" PRId64 ",\"text\":", event->attempt_id);
		buf_add_json(&out, text_of(p, event, due));
		buf_addc(&out, '}');
	} else {
		buf_addf(&out, "%s  %-17s ", when, event->kind);
		/* Whole: end-call and settle want it so. */
		size_t width = columns_of(event->key) > KEY_COLUMNS ? 0 : KEY_COLUMNS;
		columns_add(&out, event->key, width, width > 0);
		buf_addf(&out, " %s", words_before(event->kind));
		columns_add(&out, text_of(p, event, due), 0, false);
	}
	puts(out.data);
	buf_free(&out);
	return true;
}

static bool tell(struct session *s, struct err *e)
{
	struct printing printing = {.zone = s->plan->campaign.zone,
				    .json = option_given(s->in, OPTION_JSON)};
	/* A key that was copied from a terminal may bring along what kept it in its place there. */
	const char *key = session_key(s, s->in->arguments[1]);
	struct contact contact = {0};
	struct run run;
	bool found;

	if (!session_need_run(s, LEDGER_READ, &run, e))
		return false;
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
	.details =
		"Prints what was done and when: intents, Hamsa's answers, ends and who asked for "
		"them, retries and\nwhen they are due, pauses and who made them. Times are in the "
		"campaign's zone.",
	.example = "  nida events campaigns/payment-reminder.yaml 10482231",
	.options = options,
	.run = run,
};
