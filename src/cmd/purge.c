/*
 * nida purge: remove personal data, of runs that are long over or of one person, and keep the counts.
 */
#include "ask_p.h"
#include "purge_p.h"

#include "base/buf.h"
#include "base/text.h"
#include "cmd/say.h"
#include "ledger/contact.h"
#include "ledger/lock.h"
#include "ledger/purge.h"
#include "ledger/suppression.h"
#include "model/phone.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 65536

/* per_person looks back a week: what is younger must stay countable. */
#define YOUNGEST_MS (7 * DAY_MS)

/* What one command removes: whole runs, or rows. */
struct purging {
	struct session *s;
	bool json;
	struct phone person; /* e164 "" : whole runs */
	size_t count;
	int64_t *ids; /* of runs, or of contacts */
	size_t lock_count;
	struct ledger_lock **locks;
	const char **locked;
	int64_t rows; /* removed so far */
	int64_t files;
};

static bool is_person(const struct purging *p)
{
	return p->person.e164[0] != '\0';
}

/* The name behind the process, for the record. */
static const char *who_asks(struct arena *arena)
{
	const struct passwd *user = getpwuid(getuid());

	return user ? arena_strdup(arena, user->pw_name)
		    : arena_printf(arena, "user %ld", (long)getuid());
}

static const char *plural(int64_t count)
{
	return count == 1 ? "" : "s";
}

static bool run_of(struct purging *p, size_t i, struct run *run, struct contact *contact,
		   struct err *e)
{
	struct session *s = p->s;

	*contact = (struct contact){0};
	if (!is_person(p))
		return ledger_run_get(s->ledger, p->ids[i], &s->arena, run, e);
	return ledger_contact_get(s->ledger, p->ids[i], &s->arena, contact, e) &&
	       ledger_run_get(s->ledger, contact->run_id, &s->arena, run, e);
}

/* ---- may it be? ------------------------------------------------------------------------------ */

/* A runner holds what it has read in memory, and would write it back. */
static bool lock_campaign(struct purging *p, const char *campaign, bool look, struct err *e)
{
	for (size_t i = 0; i < p->lock_count; i++)
		if (strcmp(p->locked[i], campaign) == 0)
			return true;
	if (look)
		return true;
	p->locked[p->lock_count] = campaign;
	if (!ledger_lock_take(p->s->ledger, campaign, &p->locks[p->lock_count], e))
		return false;
	p->lock_count++;
	return true;
}

static bool check_row(const struct purging *p, const struct run *run, const struct contact *c,
		      struct err *e)
{
	bool final = c->state == CONTACT_DONE || c->state == CONTACT_SKIPPED;
	bool suppressed;

	if (c->state == CONTACT_IN_DOUBT)
		return err_set(e, ERR_INVALID,
			       "Row %s of run %s of campaign %s is in doubt: nobody knows whether "
			       "this person was called. Say so first: nida settle CAMPAIGN %s. "
			       "Nothing was removed.",
			       c->key, run->name, run->campaign, c->key);
	if (run->state != RUN_OPEN)
		return true;
	if (!ledger_suppression_has(p->s->ledger, p->person.e164, &suppressed, e))
		return false;
	if (final && suppressed)
		return true;
	return err_set(
		e, ERR_INVALID,
		"Row %s of run %s of campaign %s is %s. First say that this number must not be "
		"called: nida suppress add %s --ledger %s. Then %s. Nothing was removed.",
		c->key, run->name, run->campaign,
		final ? "over, but its run is not, and a list that is taken in could bring the "
			"person back"
		      : "still to be called",
		p->person.e164, ledger_path(p->s->ledger),
		final ? "purge again" : "let the run come to its end, and purge again");
}

static bool check_all(struct purging *p, bool look, struct err *e)
{
	struct contact contact;
	struct run run;

	p->locks = arena_array(&p->s->arena, p->count + 1, sizeof(struct ledger_lock *));
	p->locked = arena_array(&p->s->arena, p->count + 1, sizeof(*p->locked));
	for (size_t i = 0; i < p->count; i++)
		if (!run_of(p, i, &run, &contact, e) || !lock_campaign(p, run.campaign, look, e) ||
		    (is_person(p) && !check_row(p, &run, &contact, e)))
			return false;
	return true;
}

/* ---- what it would be ------------------------------------------------------------------------ */

static void show_json(const struct purging *p, const struct run *run, const struct contact *contact,
		      const struct purge_files *files)
{
	struct buf out;

	buf_init(&out, LINE_MAX_BYTES);
	buf_adds(&out, "{\"campaign\":");
	buf_add_json(&out, run->campaign);
	buf_adds(&out, ",\"run\":");
	buf_add_json(&out, run->name);
	if (is_person(p)) {
		buf_adds(&out, ",\"key\":");
		buf_add_json(&out, contact->key);
	} else {
		buf_addf(&out, ",\"rows\":%" PRId64 ",\"calls\":%" PRId64, run->rows, run->calls);
	}
	buf_addf(&out, ",\"recordings\":%" PRId64 ",\"reports\":%" PRId64 "}", files->recordings,
		 files->reports);
	say(stdout, "%s\n", out.data);
	buf_free(&out);
}

static void show_line(const struct purging *p, const struct run *run, const struct contact *contact,
		      const struct purge_files *files)
{
	say(stdout, "%s %s: ", run->campaign, run->name);
	if (is_person(p))
		say(stdout, "row %s, ", contact->key);
	else
		say(stdout, "%" PRId64 " row%s, %" PRId64 " call%s, ", run->rows, plural(run->rows),
		    run->calls, plural(run->calls));
	say(stdout, "%" PRId64 " recording%s\n", files->recordings, plural(files->recordings));
	if (files->reports > 0)
		say_path(is_person(p) ? "  reports, written anew: " : "  reports: ",
			 run->report_dir);
}

static bool show_one(struct purging *p, size_t i, struct err *e)
{
	struct purge_files files;
	struct contact contact;
	struct run run;

	if (!run_of(p, i, &run, &contact, e) ||
	    !purge_files(p->s, &run, contact.id, true, &files, e))
		return false;
	if (p->json)
		show_json(p, &run, &contact, &files);
	else
		show_line(p, &run, &contact, &files);
	if (files.gone)
		say(stderr,
		    "  Its reports are not in %s any more. If they were moved, remove them "
		    "where they are.\n",
		    run.report_dir);
	return true;
}

static bool show_all(struct purging *p, struct err *e)
{
	for (size_t i = 0; i < p->count; i++)
		if (!show_one(p, i, e))
			return false;
	return true;
}

/* True: go. */
static bool ask(const struct purging *p, bool *go, struct err *e)
{
	*go = option_given(p->s->in, OPTION_YES);
	if (*go)
		return true;
	if (!ask_can())
		return err_set(e, ERR_INVALID,
			       "What is removed cannot be had back, and there is nobody to ask: "
			       "say --yes, or look first with --dry-run. Nothing was removed.");
	*go = ask_yes(arena_printf(
		&p->s->arena, "Remove the personal data of %zu %s%s for good? [y/N] ", p->count,
		is_person(p) ? "row" : "run", plural((int64_t)p->count)));
	if (!*go && !p->json)
		say(stdout, "Nothing was removed.\n");
	return true;
}

/* ---- doing it -------------------------------------------------------------------------------- */

static bool remove_one(struct purging *p, size_t i, struct err *e)
{
	struct session *s = p->s;
	struct purge_files files;
	struct contact contact;
	struct run run;
	int64_t rows;

	/* Files first: whatever interrupts this, the ledger still knows that they are to go. */
	if (!run_of(p, i, &run, &contact, e) ||
	    !purge_files(s, &run, contact.id, false, &files, e) ||
	    !ledger_purge(s->ledger, run.id, contact.id, who_asks(&s->arena),
			  clock_wall_ms(&s->in->clock), &rows, e))
		return false;
	if (is_person(p) && !purge_write_reports(s, &run, &files, e))
		return false;
	p->rows += rows;
	p->files += files.recordings + (is_person(p) ? 0 : files.reports);
	if (files.strange)
		say(stderr, "%s holds files that nida has not written; look at them.\n",
		    run.report_dir);
	return true;
}

static bool remove_all(struct purging *p, struct err *e)
{
	bool swept;

	for (size_t i = 0; i < p->count; i++)
		if (!remove_one(p, i, e))
			return false;
	if (!ledger_purge_is_swept(p->s->ledger, &swept, e) ||
	    (!swept && !ledger_purge_sweep(p->s->ledger, e)))
		return false;
	if (p->json)
		say(stdout, "{\"removed\":%s,\"rows\":%" PRId64 ",\"files\":%" PRId64 "}\n",
		    p->count > 0 ? "true" : "false", p->rows, p->files);
	else if (p->count > 0)
		say(stdout,
		    "Removed by %s: the personal data of %" PRId64 " row%s, and %" PRId64
		    " file%s. Counts stay.\n",
		    who_asks(&p->s->arena), p->rows, plural(p->rows), p->files, plural(p->files));
	return true;
}

/* What nida cannot do about it. */
static bool say_what_is_left(const struct purging *p, struct err *e)
{
	bool suppressed = false;

	if (p->count == 0)
		return true;
	say(stderr, "Lists, backups of the ledger, logs and copies of reports are yours to remove; "
		    "Hamsa's own records are Hamsa's.\n");
	if (!is_person(p))
		return true;
	if (!ledger_suppression_has(p->s->ledger, p->person.e164, &suppressed, e))
		return false;
	if (suppressed)
		say(stderr, "The number stays in the do-not-call register: without it, nobody "
			    "could know that it must not be called.\n");
	else
		say(stderr,
		    "The number is not in the do-not-call register; a later list may bring it "
		    "back. To prevent that: nida suppress add %s --ledger %s\n",
		    p->person.e164, ledger_path(p->s->ledger));
	return true;
}

/* ---- the verb -------------------------------------------------------------------------------- */

static bool find(struct purging *p, struct err *e)
{
	struct session *s = p->s;
	const char *age = s->in->values[OPTION_OLDER_THAN];
	int64_t age_ms;

	if (is_person(p)) {
		if (!ledger_purge_find_person(s->ledger, p->person.e164, &s->arena, &p->ids,
					      &p->count, e))
			return false;
		if (p->count == 0 && !p->json)
			say(stdout, "No row of this ledger has the number %s.\n", p->person.e164);
		return true;
	}
	if (!span_parse(age, &age_ms) || age_ms < YOUNGEST_MS)
		return err_set(e, ERR_INVALID,
			       "--older-than is '%s'; expected 7d or more, such as 90d: until then "
			       "the calls count for how often a person may be called.",
			       age);
	if (!ledger_purge_find_runs(s->ledger, s->plan ? s->plan->campaign.name : NULL,
				    clock_wall_ms(&s->in->clock) - age_ms, &s->arena, &p->ids,
				    &p->count, e))
		return false;
	if (p->count == 0 && !p->json)
		say(stdout, "No run has been over for %s and still has personal data.\n", age);
	return true;
}

static bool parse(struct purging *p, struct err *e)
{
	const struct invocation *in = p->s->in;
	const char *number = in->values[OPTION_PERSON];

	if (option_given(in, OPTION_OLDER_THAN) == option_given(in, OPTION_PERSON))
		return err_set(e, ERR_INVALID,
			       "What is to be removed? Say either --older-than AGE or --person "
			       "NUMBER.");
	if (!number)
		return in->argument_count == 0 || session_load_plan(p->s, in, e);
	if (in->argument_count > 0)
		return err_set(e, ERR_INVALID,
			       "--person concerns every campaign of a ledger: leave '%s' out, and "
			       "name the ledger with --ledger.",
			       in->arguments[0]);
	enum phone_fault fault = phone_parse(number, PHONE_ANY, &p->person);
	if (fault == PHONE_OK)
		return true;
	p->person.e164[0] = '\0';
	return err_set(e, ERR_INVALID, "--person: '%s' is no number nida can use: %s", number,
		       phone_fault_text(fault));
}

static bool purge(struct purging *p, struct err *e)
{
	bool look = option_given(p->s->in, OPTION_DRY_RUN);
	bool go = true;

	if (!parse(p, e) || !session_open_ledger(p->s, look ? LEDGER_READ : LEDGER_CHANGE, e) ||
	    !find(p, e) || !check_all(p, look, e) || !show_all(p, e))
		return false;
	if (look) {
		if (p->count > 0 && !p->json)
			say(stdout, "Nothing was removed.\n");
		return true;
	}
	if (p->count > 0 && !ask(p, &go, e))
		return false;
	return !go || (remove_all(p, e) && say_what_is_left(p, e));
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {.in = in};
	struct purging p = {.s = &s, .json = option_given(in, OPTION_JSON)};
	bool ok = purge(&p, e);

	for (size_t i = 0; i < p.lock_count; i++)
		ledger_lock_drop(p.locks[i]);
	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_OLDER_THAN, OPTION_PERSON, OPTION_DRY_RUN,
					 OPTION_YES,        OPTION_JSON,   OPTION_LEDGER,
					 OPTION_ENV_FILE,   OPTION_HELP};

const struct verb verb_purge = {
	.name = "purge",
	.arguments = "[CAMPAIGN]",
	.least = 0,
	.most = 1,
	.summary = "remove personal data, keep the counts",
	.details =
		"--older-than removes them of runs that are over for so long, of one campaign or "
		"of all of the ledger:\nthe rows, numbers, conversations and recordings in the "
		"ledger, and the folder with the reports.\n--person removes the rows of one number "
		"from every run, and writes the reports again without them.\n\n"
		"The counts stay, and a record of who removed what and when. The ledger is written "
		"anew, so that\nnothing is left in its free space. The do-not-call register stays: "
		"a wish not to be called outlives\nthe data. Not while a campaign concerned runs "
		"(exit 5).",
	.example = "  nida purge --older-than 90d campaigns/payment-reminder.yaml\n"
		   "  nida purge --person +96891234567 --ledger campaigns/nida.db --dry-run",
	.options = options,
	.run = run,
};
