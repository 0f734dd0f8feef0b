/*
 * nida suppress: the do-not-call register kept in the ledger.
 */
#include "cmd/session.h"

#include "base/buf.h"
#include "ledger/suppression.h"
#include "model/phone.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool read_number(const char *text, struct phone *out, struct err *e)
{
	enum phone_fault fault = phone_parse(text, PHONE_ANY, out);

	if (fault == PHONE_OK)
		return true;
	return err_set(e, ERR_INVALID, "'%s' is no number nida can use: %s", text,
		       phone_fault_text(fault));
}

static bool add(struct session *s, const char *number, struct err *e)
{
	const char *reason = s->in->values[OPTION_REASON];
	struct phone phone;
	bool added;

	if (!read_number(number, &phone, e))
		return false;
	struct suppressed suppressed = {
		.phone = phone.e164,
		.reason = reason ? reason : "",
		.source = "operator",
		.at_ms = clock_wall_ms(&s->in->clock),
	};
	if (!ledger_suppression_add(s->ledger, &suppressed, &added, e))
		return false;
	printf("%s %s.\n", phone.e164,
	       added ? "is never called again" : "was in the register already");
	return true;
}

static bool drop(struct session *s, const char *number, struct err *e)
{
	struct phone phone;
	bool removed;

	if (!read_number(number, &phone, e) ||
	    !ledger_suppression_remove(s->ledger, phone.e164, &removed, e))
		return false;
	printf("%s %s.\n", phone.e164, removed ? "may be called again" : "was not in the register");
	return true;
}

static bool print_one(void *data, const struct suppressed *s, struct err *e)
{
	bool json = *(const bool *)data;
	char when[MOMENT_SIZE];
	struct buf out;

	(void)e;
	moment_iso(zone_utc(), s->at_ms, when);
	if (!json) {
		printf("%-16s %s  %-10s %s\n", s->phone, when, s->source, s->reason);
		return true;
	}
	buf_init(&out, 65536);
	buf_addf(&out, "{\"phone\":\"%s\",\"since\":\"%s\",\"source\":", s->phone, when);
	buf_add_json(&out, s->source);
	buf_adds(&out, ",\"reason\":");
	buf_add_json(&out, s->reason);
	printf("%s}\n", out.data);
	buf_free(&out);
	return true;
}

static bool act(struct session *s, struct err *e)
{
	const char *what = s->in->arguments[0];
	const char *number = s->in->argument_count > 1 ? s->in->arguments[1] : NULL;
	bool json = option_given(s->in, OPTION_JSON);

	/* A register in a new ledger that no campaign uses would protect nobody. */
	if (!option_given(s->in, OPTION_LEDGER) && access("nida.db", F_OK) != 0)
		return err_set(e, ERR_INVALID,
			       "--ledger FILE is needed: the register lies in the ledger, nida.db "
			       "beside your campaigns, and there is none in this folder.");
	const char *file = s->in->values[OPTION_LEDGER];
	bool fresh = file && access(file, F_OK) != 0;
	if (!session_open_ledger(s, LEDGER_WRITE, e))
		return false;
	if (fresh && strcmp(what, "add") == 0)
		fprintf(stderr,
			"%s is a new ledger: only campaigns that use it heed its register.\n",
			file);
	if (strcmp(what, "list") == 0 && !number)
		return ledger_suppression_each(s->ledger, print_one, &json, e);
	if (strcmp(what, "add") == 0 && number)
		return add(s, number, e);
	if (strcmp(what, "remove") == 0 && number)
		return drop(s, number, e);
	return err_set(e, ERR_INVALID,
		       "usage: nida suppress add NUMBER | remove NUMBER | list; see `nida suppress "
		       "--help`.");
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {.in = in};
	bool ok = act(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_LEDGER, OPTION_REASON, OPTION_JSON, OPTION_HELP};

const struct verb verb_suppress = {
	.name = "suppress",
	.arguments = "add|remove|list [NUMBER]",
	.least = 1,
	.most = 2,
	.summary = "the do-not-call register kept in the ledger",
	.details =
		"A number in the register is never called by any campaign of this ledger, from the "
		"next dial on. Numbers are\ncompared in their international form.",
	.example = "  nida suppress add +96891234567 --ledger campaigns/nida.db --reason 'asked by "
		   "mail'",
	.options = options,
	.run = run,
};
