/*
 * nida run: place the calls. The same command again goes on where it stopped.
 */
#include "ask_p.h"
#include "run_p.h"

#include "base/log.h"
#include "base/rng.h"
#include "cmd/say.h"
#include "ledger/contact.h"
#include "ledger/event.h"
#include "ledger/lock.h"
#include "report/report.h"
#include "run/freeze.h"
#include "run/loop.h"
#include "run/suppressor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Before anything is opened or frozen: a usage error leaves nothing behind. */
static bool parse_options(struct session *s, const struct invocation *in, struct narrowing *out,
			  struct err *e)
{
	const char *limit = in->values[OPTION_LIMIT];
	char *end;

	*out = (struct narrowing){.only = session_key(s, in->values[OPTION_ONLY])};
	if (option_given(in, OPTION_NEW) && option_given(in, OPTION_CONTINUE))
		return err_set(
			e, ERR_INVALID,
			"--new calls everybody again, --continue goes on with the unfinished "
			"run; give one of them.");
	if (out->only && !*out->only)
		return err_set(e, ERR_INVALID,
			       "--only is empty; expected the key of a row of the list.");
	if (!limit)
		return true;
	errno = 0;
	out->limit = strtoll(limit, &end, 10);
	if (end == limit || *end || errno || out->limit < 1)
		return err_set(e, ERR_INVALID, "--limit is '%s'; expected a whole number above 0.",
			       limit);
	return true;
}

static bool ask_to_go(const struct tally *tally, const struct narrowing *narrow)
{
	int64_t customers = tally->state[CONTACT_PENDING];
	char question[80];

	if (narrow->only)
		customers = 1;
	else if (narrow->limit > 0 && narrow->limit < customers)
		customers = narrow->limit;
	snprintf(question, sizeof(question), "Place calls to %" PRId64 " customer%s now? [y/N] ",
		 customers, customers == 1 ? "" : "s");
	return ask_yes(question);
}

static enum exit_code exit_of(enum loop_end end, const struct tally *tally)
{
	switch (end) {
	case LOOP_GUARDED:
		return EXIT_GUARDED;
	case LOOP_LEFT:
	case LOOP_ABANDONED:
		return EXIT_UNFINISHED;
	case LOOP_FINISHED:
		break;
	}
	if (tally->state[CONTACT_IN_DOUBT] + tally->skip[SKIP_UNSETTLED] > 0)
		return EXIT_IN_DOUBT;
	if (tally->skip[SKIP_OVER_BUDGET] > 0)
		return EXIT_GUARDED;
	return tally->skip[SKIP_OUT_OF_TIME] > 0 ? EXIT_UNFINISHED : EXIT_DONE;
}

static bool write_reports(struct session *s, int64_t run_id, struct report_paths *paths,
			  struct err *e)
{
	const struct campaign *c = &s->plan->campaign;
	struct report_options options = {
		.formats = c->report_formats,
		.now_ms = clock_wall_ms(&s->in->clock),
	};

	if (!session_report_dir(s, &options.dir, e) ||
	    !report_write(s->ledger, run_id, &options, paths, e))
		return false;
	/* Whoever looks for it later may stand elsewhere. */
	char *real = realpath(paths->folder, NULL);
	bool ok = ledger_run_set_report_dir(s->ledger, run_id, real ? real : paths->folder, e);
	free(real);
	return ok;
}

static void say_end(const struct report_paths *paths, const struct tally *tally, enum loop_end end,
		    const char *words)
{
	say_tally(stderr, tally);
	int64_t doubts = tally->state[CONTACT_IN_DOUBT];
	if (doubts > 0 && end == LOOP_FINISHED)
		say(stderr,
		    "%" PRId64 " row%s in doubt: Hamsa may or may not have called %s. Nobody calls "
		    "%s again; `nida settle` lists such rows and lets you decide.\n",
		    doubts, doubts == 1 ? " stays" : "s stay", doubts == 1 ? "it" : "them",
		    doubts == 1 ? "it" : "them");
	int64_t unsettled = tally->skip[SKIP_UNSETTLED];
	if (unsettled > 0)
		say(stderr,
		    "%" PRId64 " row%s not called because an earlier call to %s number is "
		    "in doubt; the report names each with the `nida settle` that decides. "
		    "follow-up.csv has them for another run.\n",
		    unsettled, unsettled == 1 ? " was" : "s were",
		    unsettled == 1 ? "its" : "their");
	if (end == LOOP_FINISHED)
		say(stderr, "The run is finished.\n");
	else
		say(stderr, "%s\n", words);
	if (*paths->html)
		say_path("report   ", paths->html);
	if (*paths->csv)
		say_path("results  ", paths->csv);
	else if (*paths->jsonl)
		say_path("results  ", paths->jsonl);
	if (*paths->rejects && tally->state[CONTACT_SKIPPED] > 0)
		say_path("rejects  ", paths->rejects);
}

/* Reports that cannot be written take nothing else with them: the ledger has everything they would
 * say. */
bool run_conclude(struct session *s, int64_t run_id, enum loop_end end, const char *words,
		  bool over, enum exit_code *code, struct err *e)
{
	struct report_paths paths = {0};
	struct tally tally;
	struct err unwritten;
	struct err ignored;

	if (!ledger_run_tally(s->ledger, run_id, &tally, e))
		return false;
	bool written = write_reports(s, run_id, &paths, &unwritten);
	*code = written ? exit_of(end, &tally) : EXIT_FAILED;
	if (!written) {
		paths = (struct report_paths){0};
		(void)!ledger_run_set_report_dir(s->ledger, run_id, "", &ignored);
	}
	if (!recordings_say(s, run_id, e))
		return false;
	say_end(&paths, &tally, end, words);
	if (!over)
		hook_run(s, run_id, &paths, &tally, *code);
	if (written)
		return true;
	return err_set(e, ERR_FAILED,
		       "%s The reports of this run are missing; `nida report %s` writes them.",
		       unwritten.text, s->in->arguments[0]);
}

/* For whoever asks later why nobody is called. A pause says so itself, and so does a cancelled run.
 */
static bool note_stop(struct session *s, int64_t run_id, const char *words, struct err *e)
{
	struct run run;

	if (!ledger_run_get(s->ledger, run_id, &s->arena, &run, e))
		return false;
	if (run.state != RUN_OPEN || run.paused_by)
		return true;
	return ledger_event_add(s->ledger,
				&(struct event){.run_id = run_id,
						.at_ms = clock_wall_ms(&s->in->clock),
						.kind = "run.stopped",
						.text = words},
				e);
}

/* At once means at once: nothing is written, and the reports are those of a moment ago. */
static bool leave_at_once(struct session *s, int64_t run_id, enum exit_code *code, struct err *e)
{
	struct run run;

	*code = EXIT_UNFINISHED;
	if (!ledger_run_get(s->ledger, run_id, &s->arena, &run, e))
		return false;
	if (run.state != RUN_CANCELLED) /* there `nida cancel` says what is left to it */
		say(stderr, "Left at once; the next `nida run` picks up the live calls.\n");
	return true;
}

bool run_drive(struct session *s, const struct ledger_lock *lock, int64_t run_id,
	       const struct narrowing *narrow, bool over, enum exit_code *code, struct err *e)
{
	struct rng rng;
	struct engine_parts parts = {
		.ledger = s->ledger,
		.lock = lock,
		.provider = &s->provider,
		.clock = &s->in->clock,
		.rng = &rng,
		.plan = s->plan,
		.run_id = run_id,
		.only = narrow->only,
		.limit = narrow->limit,
	};
	struct live_report live = {.session = s, .run_id = run_id};
	struct loop loop = {
		.provider = &s->provider,
		.clock = &s->in->clock,
		.plan = s->plan,
		.terminal = say_on_screen(stderr) && !log_is_json() ? stderr : NULL,
		.colour = say_in_colour(stderr),
		.report = live_report_write,
		.report_data = &live,
	};
	enum loop_end end;

	rng_seed_from_kernel(&rng);
	if (!recordings_folder(s, run_id, &parts.recordings, e) ||
	    !engine_new(&parts, &loop.engine, e))
		return false;
	bool ok = loop_run(&loop, &end, e);
	if (ok && end == LOOP_ABANDONED) {
		engine_free(loop.engine);
		return leave_at_once(s, run_id, code, e);
	}
	live_report_await(&live);
	if (ok && end != LOOP_FINISHED)
		ok = note_stop(s, run_id, engine_stop_words(loop.engine), e);
	if (ok)
		ok = run_conclude(s, run_id, end, engine_stop_words(loop.engine), over, code, e);
	engine_free(loop.engine);
	return ok;
}

bool run_check_only(struct session *s, int64_t run_id, const struct narrowing *narrow,
		    struct err *e)
{
	const char *key = narrow->only;
	struct contact contact;
	bool found;

	if (!key)
		return true;
	if (!ledger_contact_by_key(s->ledger, run_id, key, &s->arena, &contact, &found, e))
		return false;
	return found ? true
		     : err_set(e, ERR_INVALID,
			       "--only %s: the list has no row with this key that can be called. "
			       "`nida check --all` names the rows that cannot.",
			       key);
}

static bool place_calls(struct session *s, const struct ledger_lock *lock,
			const struct narrowing *narrow, enum exit_code *code, struct err *e)
{
	struct tally tally;
	enum resume_choice choice;
	int64_t run_id;

	if (!session_open_hamsa(s, false, e))
		return false;
	if (!resume_or_begin(s, &run_id, &choice, e))
		return false;
	if (!ledger_run_tally(s->ledger, run_id, &tally, e))
		return false;
	bool left = false;
	if (choice == RESUME_NOTHING && !recordings_left(s, run_id, &left, e))
		return false;
	if (left)
		return run_drive(s, lock, run_id, &(struct narrowing){0}, true, code, e);
	if (choice == RESUME_NOTHING) {
		bool unfollowed = tally.state[CONTACT_PLACING] + tally.state[CONTACT_LIVE] > 0;
		*code = unfollowed                          ? EXIT_UNFINISHED
			: tally.state[CONTACT_IN_DOUBT] > 0 ? EXIT_IN_DOUBT
							    : EXIT_DONE;
		return true;
	}
	if (!run_check_only(s, run_id, narrow, e)) {
		struct err ignored;
		if (choice == RESUME_BEGUN)
			(void)!resume_take_back(s, run_id, &ignored);
		return false;
	}
	say_tally(stderr, &tally);
	say_plan(stderr, s->plan, &tally, clock_wall_ms(&s->in->clock));
	if (ask_can() && !option_given(s->in, OPTION_YES) && !ask_to_go(&tally, narrow)) {
		say(stderr, "Nothing was dialled.\n");
		*code = EXIT_UNFINISHED;
		return choice != RESUME_BEGUN || resume_take_back(s, run_id, e);
	}
	return run_drive(s, lock, run_id, narrow, false, code, e);
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	struct ledger_lock *lock = NULL;
	enum exit_code code = EXIT_FAILED;
	struct narrowing narrow;
	bool ok = parse_options(&s, in, &narrow, e) && session_load_plan(&s, in, e);

	if (ok && option_given(in, OPTION_DRY_RUN))
		ok = dry_run(&s, &narrow, e) && (code = EXIT_DONE, true);
	else if (ok)
		ok = session_open_ledger(&s, LEDGER_WRITE, e) &&
		     ledger_lock_take(s.ledger, s.plan->campaign.name, &lock, e) &&
		     place_calls(&s, lock, &narrow, &code, e);
	ledger_lock_drop(lock);
	session_close(&s);
	return ok ? code : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_YES,     OPTION_DRY_RUN, OPTION_LIMIT,
					 OPTION_ONLY,    OPTION_NEW,     OPTION_CONTINUE,
					 OPTION_LIST,    OPTION_OUT,     OPTION_LOG,
					 OPTION_VERBOSE, OPTION_LEDGER,  OPTION_ENV_FILE,
					 OPTION_HELP};

const struct verb verb_run = {
	.name = "run",
	.arguments = "CAMPAIGN",
	.least = 1,
	.most = 1,
	.summary = "place the calls; run again to resume",
	.details =
		"Calls every customer on the list at the pace and in the hours the campaign "
		"allows, "
		"follows each call to\nits end and writes the reports. Stopped in any way, the "
		"same "
		"command again goes on where it was.\n\n"
		"First Ctrl-C (or SIGTERM): no further call is placed, live ones are followed to "
		"their end. Second\nCtrl-C: leave at once; the next run picks the live calls up. "
		"SIGHUP reads the suppression files again\nand accepts them as they are, SIGUSR1 "
		"writes the reports now.\n\n"
		"Exit: 0 all rows done; 1 failure; 2 invalid input; 3 stopped before the end; 4 "
		"stopped by a guard or\nby Hamsa; 5 already running; 6 finished, but some rows "
		"stay in "
		"doubt.",
	.example = "  nida run campaigns/payment-reminder.yaml --yes",
	.options = options,
	.wants_variables = true,
	.run = run,
};
