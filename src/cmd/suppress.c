/*
 * nida suppress: the do-not-call register kept in the ledger.
 */
#include "object_p.h"

#include "cmd/say.h"
#include "cmd/session.h"

#include "base/buf.h"
#include "base/mem.h"
#include "ledger/suppression.h"
#include "load/suppression.h"
#include "model/phone.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FAULTS_SHOWN 20

/* --country: whose numbers those without a country code are. */
static bool read_country(const struct invocation *in, enum phone_country *out, struct err *e)
{
	const char *text = in->values[OPTION_COUNTRY];
	char names[64] = "";
	size_t used = 0;

	*out = PHONE_ANY;
	for (int i = PHONE_ANY + 1; i < PHONE_COUNTRY_COUNT; i++) {
		const char *code = phone_country_code((enum phone_country)i);
		if (text && strcmp(text, code) == 0)
			*out = (enum phone_country)i;
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 used ? ", " : "", code);
	}
	if (!text || *out != PHONE_ANY)
		return true;
	return err_set(e, ERR_INVALID, "--country is '%s'; expected one of %s.", text, names);
}

static bool read_number(const struct session *s, const char *text, struct phone *out, struct err *e)
{
	enum phone_country home;

	if (!read_country(s->in, &home, e))
		return false;
	enum phone_fault fault = phone_parse(text, home, out);
	if (fault == PHONE_OK)
		return true;
	if (fault == PHONE_NO_COUNTRY_CODE)
		return err_set(
			e, ERR_INVALID,
			"'%s' has no country code; write it as +96891234567, or say whose it "
			"is with --country OM.",
			text);
	return err_set(e, ERR_INVALID, "'%s' is no number nida can use: %s", text,
		       phone_fault_text(fault));
}

/* Whether the register has the number now, and whether this command changed that. */
static void print_number(const char *e164, bool suppressed, bool changed)
{
	struct object o;
	struct emit *j = object_begin(&o);

	emit_text(j, "phone", e164);
	emit_flag(j, "suppressed", suppressed);
	emit_flag(j, "changed", changed);
	object_print(&o);
}

static bool add(struct session *s, const char *number, struct err *e)
{
	const char *reason = s->in->values[OPTION_REASON];
	struct phone phone;
	bool added;

	if (!read_number(s, number, &phone, e))
		return false;
	struct suppressed suppressed = {
		.phone = phone.e164,
		.reason = reason ? reason : "",
		.source = "operator",
		.at_ms = clock_wall_ms(&s->in->clock),
	};
	if (!ledger_suppression_add(s->ledger, &suppressed, &added, e))
		return false;
	if (option_given(s->in, OPTION_JSON))
		print_number(phone.e164, true, added);
	else
		say(stdout, "%s %s.\n", phone.e164,
		    added ? "is never called again" : "was in the register already");
	return true;
}

static bool drop(struct session *s, const char *number, struct err *e)
{
	struct phone phone;
	bool removed;

	if (!read_number(s, number, &phone, e) ||
	    !ledger_suppression_remove(s->ledger, phone.e164, &removed, e))
		return false;
	if (option_given(s->in, OPTION_JSON))
		print_number(phone.e164, false, removed);
	else
		say(stdout, "%s %s.\n", phone.e164,
		    removed ? "may be called again" : "was not in the register");
	return true;
}

struct import {
	struct session *s;
	const char *file;
	const char *reason;
	int64_t added;
	int64_t there;
	int64_t faults;
};

static bool import_number(void *data, const char *e164, struct err *e)
{
	struct import *i = data;
	struct suppressed suppressed = {
		.phone = e164,
		.reason = i->reason,
		.source = "import",
		.at_ms = clock_wall_ms(&i->s->in->clock),
	};
	bool added;

	if (!ledger_suppression_add(i->s->ledger, &suppressed, &added, e))
		return false;
	i->added += added;
	i->there += !added;
	return true;
}

static void import_fault(void *data, int64_t line, const char *why)
{
	struct import *i = data;

	if (++i->faults <= FAULTS_SHOWN || option_given(i->s->in, OPTION_ALL))
		say(stderr, "%s:%" PRId64 ": %s\n", i->file, line, why);
}

static void say_import(const struct import *i)
{
	if (i->faults > FAULTS_SHOWN && !option_given(i->s->in, OPTION_ALL))
		say(stderr, "… and %" PRId64 " more; --all prints them.\n",
		    i->faults - FAULTS_SHOWN);
	if (option_given(i->s->in, OPTION_JSON))
		say(stdout,
		    "{\"added\":%" PRId64 ",\"there\":%" PRId64 ",\"unreadable\":%" PRId64 "}\n",
		    i->added, i->there, i->faults);
	else
		say(stdout,
		    "%s: %" PRId64 " added, %" PRId64 " in the register already, %" PRId64
		    " cannot be read.\n",
		    i->file, i->added, i->there, i->faults);
}

/* The numbers of a file go in together or not at all, but for lines that hold none: leaving out the
 * others as well would only have more people called. */
static bool import(struct session *s, const char *file, struct err *e)
{
	const char *slash = strrchr(file, '/');
	const char *reason = s->in->values[OPTION_REASON];
	struct import i = {
		.s = s,
		.file = file,
		.reason = reason  ? reason
			  : slash ? slash + 1
				  : file,
	};
	struct suppression_visitor visitor = {&i, import_number, import_fault};
	enum phone_country home;

	if (!read_country(s->in, &home, e) || !ledger_begin(s->ledger, e))
		return false;
	if (!suppression_each(file, home, &visitor, e) || !ledger_commit(s->ledger, e)) {
		ledger_rollback(s->ledger);
		return err_prefix(e, "Nothing was imported. ");
	}
	say_import(&i);
	if (i.faults == 0)
		return true;
	return err_set(e, ERR_INVALID,
		       "%s: %" PRId64
		       " of its lines %s not in the register. Correct the file%s and "
		       "import it again: numbers that are there stay as they are.",
		       file, i.faults, i.faults == 1 ? "is" : "are",
		       home == PHONE_ANY ? ", or say whose numbers without a country code are "
					   "(--country OM),"
					 : "");
}

static bool print_one(void *data, const struct suppressed *s, struct err *e)
{
	bool json = *(const bool *)data;
	char when[MOMENT_SIZE];
	struct buf out;

	(void)e;
	moment_iso(zone_utc(), s->at_ms, when);
	if (!json) {
		say(stdout, "%-16s %s  %-10s %s\n", s->phone, when, s->source, s->reason);
		return true;
	}
	buf_init(&out, 65536);
	buf_addf(&out, "{\"phone\":\"%s\",\"since\":\"%s\",\"source\":", s->phone, when);
	buf_add_json(&out, s->source);
	buf_adds(&out, ",\"reason\":");
	buf_add_json(&out, s->reason);
	say(stdout, "%s}\n", out.data);
	buf_free(&out);
	return true;
}

static bool list(struct session *s, const char *nothing, struct err *e)
{
	bool json = option_given(s->in, OPTION_JSON);

	(void)nothing;
	return ledger_suppression_each(s->ledger, print_one, &json, e);
}

struct action {
	const char *word;
	int arguments;             /* the word included */
	enum ledger_access access; /* only a number that comes in makes a new ledger */
	bool (*act)(struct session *s, const char *argument, struct err *e);
};

static const struct action actions[] = {
	{"add", 2, LEDGER_WRITE, add},
	{"remove", 2, LEDGER_CHANGE, drop},
	{"list", 1, LEDGER_READ, list},
	{"import", 2, LEDGER_WRITE, import},
};

/* NULL: there is none like this. */
static const struct action *find_action(const struct invocation *in)
{
	for (size_t i = 0; i < COUNT_OF(actions); i++)
		if (strcmp(actions[i].word, in->arguments[0]) == 0 &&
		    actions[i].arguments == in->argument_count)
			return &actions[i];
	return NULL;
}

static bool act(struct session *s, struct err *e)
{
	const struct action *action = find_action(s->in);
	const char *file = s->in->values[OPTION_LEDGER];

	if (!action)
		return err_set(
			e, ERR_INVALID,
			"usage: nida suppress add NUMBER | remove NUMBER | list | import FILE; see "
			"`nida suppress --help`.");
	/* A register in a new ledger that no campaign uses would protect nobody. */
	if (!file && access("nida.db", F_OK) != 0)
		return err_set(e, ERR_INVALID,
			       "--ledger FILE is needed: the register lies in the ledger, nida.db "
			       "beside your campaigns, and there is none in this folder.");
	bool fresh = file && access(file, F_OK) != 0;
	if (!session_open_ledger(s, action->access, e))
		return false;
	if (fresh)
		say(stderr, "%s is a new ledger: only campaigns that use it heed its register.\n",
		    file);
	return action->act(s, s->in->arguments[1], e);
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {.in = in};
	bool ok = act(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_LEDGER, OPTION_REASON, OPTION_COUNTRY,
					 OPTION_ALL,    OPTION_JSON,   OPTION_HELP};

const struct verb verb_suppress = {
	.name = "suppress",
	.arguments = "add|remove|list|import [NUMBER|FILE]",
	.least = 1,
	.most = 2,
	.summary = "the do-not-call register kept in the ledger",
	.details =
		"A number in the register is never called by any campaign of this ledger, from the "
		"next dial on. Numbers are\ncompared in their international form.\n\n"
		"import takes in the numbers of a CSV file: of its column phone, mobile, number, "
		"msisdn, tel or رقم, or of\nits only one. Lines that hold no number are named and "
		"left out (exit 2); a file that is wrong as a whole\nis not imported at all. The "
		"same file again changes nothing.",
	.example = "  nida suppress add +96891234567 --ledger campaigns/nida.db --reason 'asked by "
		   "mail'",
	.options = options,
	.run = run,
};
