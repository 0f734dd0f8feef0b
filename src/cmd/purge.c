/*
 * nida purge: remove personal data, of runs that are long over or of one person, and keep the
 * counts.
 */
#include "ask_p.h"
#include "purge_p.h"

#include "base/buf.h"
#include "cmd/say.h"
#include "ledger/purge.h"
#include "ledger/suppression.h"
#include "report/report.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 65536

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
	if (purge_is_person(p)) {
		buf_adds(&out, ",\"key\":");
		buf_add_json(&out, contact->key);
	} else {
		buf_addf(&out, ",\"rows\":%" PRId64 ",\"calls\":%" PRId64, run->rows, run->calls);
	}
	buf_addf(&out,
		 ",\"recordings\":%" PRId64 ",\"reports\":%" PRId64 ",\"masked_reports\":%" PRId64
		 "}",
		 files->recordings, files->reports, files->masked);
	say(stdout, "%s\n", out.data);
	buf_free(&out);
}

static void show_line(const struct purging *p, const struct run *run, const struct contact *contact,
		      const struct purge_files *files)
{
	bool person = purge_is_person(p);

	say(stdout, "%s %s: ", run->campaign, run->name);
	if (person)
		say(stdout, "row %s, ", contact->key);
	else
		say(stdout, "%" PRId64 " row%s, %" PRId64 " call%s, ", run->rows, plural(run->rows),
		    run->calls, plural(run->calls));
	say(stdout, "%" PRId64 " recording%s\n", files->recordings, plural(files->recordings));
	if (files->reports > 0)
		say_path(person ? "  reports, written anew: " : "  reports: ", run->report_dir);
	if (files->masked > 0)
		say_path(person ? "  masked reports, removed: " : "  masked reports: ",
			 purge_masked_folder(p->s, run));
}

static bool show_one(struct purging *p, size_t i, struct err *e)
{
	struct purge_files files;
	struct contact contact;
	struct run run;

	if (!purge_run_of(p, i, &run, &contact, e) ||
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

/* A run that stays as it is, and what would change that. */
static bool show_left(const struct purging *p, int64_t run_id, struct err *e)
{
	struct session *s = p->s;
	struct run run;
	struct tally t;

	if (!ledger_run_get(s->ledger, run_id, &s->arena, &run, e) ||
	    !ledger_run_tally(s->ledger, run_id, &t, e))
		return false;
	/* `nida settle` may have taken it up again at this moment. */
	if (run.state == RUN_OPEN)
		return true;
	int64_t live = t.state[CONTACT_PLACING] + t.state[CONTACT_LIVE];
	int64_t open = live > 0 ? live : t.state[CONTACT_IN_DOUBT];
	say(stderr,
	    "%s %s is left alone: %" PRId64 " of its calls %s %s. First: nida %s CAMPAIGN "
	    "--run %s\n",
	    run.campaign, run.name, open, open == 1 ? "is" : "are",
	    live > 0 ? "not over" : "in doubt", live > 0 ? "cancel" : "settle", run.name);
	return true;
}

static void show_rehearsal(const struct purging *p, const char *folder)
{
	const char *name = strrchr(folder, '/') + 1;
	unsigned formats;
	int64_t files;
	struct buf out;

	if (!p->json) {
		say_path("reports of a rehearsal: ", folder);
		return;
	}
	report_find(folder, &formats, &files);
	buf_init(&out, LINE_MAX_BYTES);
	buf_adds(&out, "{\"rehearsal\":");
	buf_add_json(&out, name);
	buf_adds(&out, ",\"folder\":");
	buf_add_json(&out, folder);
	buf_addf(&out, ",\"reports\":%" PRId64 "}", files);
	say(stdout, "%s\n", out.data);
	buf_free(&out);
}

/* Is there anything to remove? */
static bool has_work(const struct purging *p)
{
	return p->count + p->rehearsal_count > 0;
}

static bool show_all(struct purging *p, struct err *e)
{
	for (size_t i = 0; i < p->left_count; i++)
		if (!show_left(p, p->left[i], e))
			return false;
	for (size_t i = 0; i < p->count; i++)
		if (!show_one(p, i, e))
			return false;
	for (size_t i = 0; i < p->rehearsal_count; i++)
		show_rehearsal(p, p->rehearsals[i]);
	if (p->left_count > 0 || has_work(p) || p->json)
		return true;
	if (purge_is_person(p))
		say(stdout, "No row of this ledger has the number %s.\n", p->person.e164);
	else
		say(stdout, "No run has been over for %s and still has personal data.\n",
		    p->s->in->values[OPTION_OLDER_THAN]);
	return true;
}

/* A question may stand for hours, and nobody who wants to run a campaign waits for it: the locks
 * are let go meanwhile. */
static bool ask(struct purging *p, bool *go, struct err *e)
{
	struct arena *arena = &p->s->arena;
	const char *what = purge_is_person(p) ? "row" : "run";

	*go = !has_work(p) || option_given(p->s->in, OPTION_YES);
	if (*go)
		return true;
	if (!ask_can())
		return err_set(e, ERR_INVALID,
			       "What is removed cannot be had back, and there is nobody to ask: "
			       "say --yes, or look first with --dry-run. Nothing was removed.");
	purge_let_go(p);
	const char *more =
		p->rehearsal_count == 0
			? ""
			: arena_printf(arena, " and of %zu rehearsal%s", p->rehearsal_count,
				       plural((int64_t)p->rehearsal_count));
	*go = ask_yes(arena_printf(arena, "Remove the personal data of %zu %s%s%s for good? [y/N] ",
				   p->count, what, plural((int64_t)p->count), more));
	if (*go)
		return purge_choose_again(p, e);
	say(stderr, "Nothing was removed.\n");
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
	if (!purge_run_of(p, i, &run, &contact, e) ||
	    !purge_files(s, &run, contact.id, false, &files, e) ||
	    !ledger_purge(s->ledger, run.id, contact.id, who_asks(&s->arena),
			  clock_wall_ms(&s->in->clock), &rows, e))
		return false;
	if (purge_is_person(p) && !purge_write_reports(s, &run, &files, e))
		return false;
	p->rows += rows;
	p->files += files.recordings + files.masked + (purge_is_person(p) ? 0 : files.reports);
	if (purge_is_person(p) && files.masked > 0)
		say(stderr,
		    "Removed, not written anew: the masked reports in %s, for nobody knows any "
		    "more "
		    "what they kept.\n",
		    purge_masked_folder(s, &run));
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
	for (size_t i = 0; i < p->rehearsal_count; i++)
		if (!purge_remove_rehearsal(p, p->rehearsals[i], e))
			return false;
	if (!ledger_purge_is_swept(p->s->ledger, &swept, e) ||
	    (!swept && !ledger_purge_sweep(p->s->ledger, e)))
		return false;
	if (p->json)
		say(stdout, "{\"removed\":%s,\"rows\":%" PRId64 ",\"files\":%" PRId64 "}\n",
		    has_work(p) ? "true" : "false", p->rows, p->files);
	else if (p->count == 0 && p->rehearsal_count > 0)
		say(stdout, "Removed by %s: the reports of %zu rehearsal%s, %" PRId64 " file%s.\n",
		    who_asks(&p->s->arena), p->rehearsal_count, plural((int64_t)p->rehearsal_count),
		    p->files, plural(p->files));
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

	if (!has_work(p))
		return true;
	say(stderr, "Lists, backups of the ledger, logs and copies of reports are yours to remove; "
		    "Hamsa's own records are Hamsa's.\n");
	if (!purge_is_person(p))
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

static bool purge(struct purging *p, enum exit_code *code, struct err *e)
{
	bool look = option_given(p->s->in, OPTION_DRY_RUN);
	bool go;

	*code = EXIT_DONE;
	if (!parse(p, e) || !session_open_ledger(p->s, look ? LEDGER_READ : LEDGER_CHANGE, e) ||
	    !purge_choose(p, look, e) || !purge_find_rehearsals(p, e) || !show_all(p, e))
		return false;
	if (look) {
		if (has_work(p) && !p->json)
			say(stdout, "Nothing was removed.\n");
		return true;
	}
	if (!ask(p, &go, e))
		return false;
	if (!go)
		*code = EXIT_UNFINISHED;
	return !go || (remove_all(p, e) && say_what_is_left(p, e));
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {.in = in};
	struct purging p = {.s = &s, .json = option_given(in, OPTION_JSON)};
	enum exit_code code;
	bool ok = purge(&p, &code, e);

	purge_let_go(&p);
	session_close(&s);
	return ok ? code : exit_code_of(e);
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
		"from every run, and writes the reports again without them; masked ones are "
		"removed.\nReports of rehearsals that are as old, or hold the person, go too, "
		"where these campaigns have theirs.\n\n"
		"The counts stay, and a record of who removed what and when. The ledger is written "
		"anew, so that\nnothing is left in its free space. The do-not-call register stays: "
		"a wish not to be called outlives\nthe data. A run with calls that are live or in "
		"doubt is left alone, and named.\n\n"
		"Exit: 0 done; 2 a row of the person is not over; 3 you said no; 5 a campaign "
		"concerned is run.",
	.example = "  nida purge --older-than 90d campaigns/payment-reminder.yaml\n"
		   "  nida purge --person +96891234567 --ledger campaigns/nida.db --dry-run",
	.options = options,
	.run = run,
};
