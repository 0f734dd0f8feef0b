/*
 * nida pause, nida resume: stop and go on placing calls, from another terminal. Live calls are
 * followed all the same. A runner notices at its next step; the pause is kept over restarts.
 */
#include "object_p.h"

#include "cmd/say.h"
#include "cmd/session.h"

#include "ledger/lock.h"

#include <stdio.h>

static bool open_run(struct session *s, struct run *run, struct err *e)
{
	if (!session_need_run(s, LEDGER_CHANGE, run, e))
		return false;
	return run->state == RUN_OPEN
		       ? true
		       : err_set(e, ERR_INVALID, "Campaign %s has no run that is going on.",
				 run->campaign);
}

/* How the run stands now. `changed`: by this command. */
static void print_standing(struct session *s, const struct run *run, bool changed)
{
	struct object o;
	struct emit *j = object_begin(&o);

	object_add_run(j, run);
	emit_flag(j, "paused", run->paused_by != NULL);
	emit_flag(j, "changed", changed);
	emit_text(j, "paused_by", run->paused_by);
	emit_text(j, "reason", run->paused_by ? run->pause_words : NULL);
	emit_number(j, "runner", ledger_lock_holder(s->ledger, run->campaign));
	object_print(&o);
}

static void say_paused(const struct run *run, bool changed)
{
	if (changed)
		say(stdout,
		    "Run %s of campaign %s is paused: no further call is placed, live calls are "
		    "followed. `nida resume` goes on.\n",
		    run->name, run->campaign);
	else
		say(stdout, "Run %s of campaign %s is paused already: %s.\n", run->name,
		    run->campaign, run->pause_words);
}

/* Without a runner nothing goes on, whether there was a pause to end or not. */
static void say_resumed(struct session *s, const struct run *run, bool changed)
{
	if (ledger_lock_holder(s->ledger, run->campaign) == 0)
		say(stdout,
		    "Run %s of campaign %s may go on; no runner is alive, so start it with `nida "
		    "run`.\n",
		    run->name, run->campaign);
	else if (changed)
		say(stdout, "Run %s of campaign %s goes on.\n", run->name, run->campaign);
	else
		say(stdout, "Run %s of campaign %s is going on already.\n", run->name,
		    run->campaign);
}

static bool pause_or_resume(struct session *s, bool pausing, struct err *e)
{
	const char *reason = s->in->values[OPTION_REASON];
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	struct run run;

	if (!open_run(s, &run, e))
		return false;
	bool change = pausing != (run.paused_by != NULL);
	if (!reason)
		reason = pausing ? "nida pause" : "nida resume";
	if (change) {
		run.paused_by = pausing ? "operator" : NULL;
		run.pause_words = reason;
		if (!ledger_run_pause(s->ledger, run.id, run.paused_by, reason, now_ms, e))
			return false;
	}
	if (option_given(s->in, OPTION_JSON))
		print_standing(s, &run, change);
	else if (pausing)
		say_paused(&run, change);
	else
		say_resumed(s, &run, change);
	return true;
}

static enum exit_code run_pause(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	bool ok = session_load_plan(&s, in, e) && pause_or_resume(&s, true, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static enum exit_code run_resume(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	bool ok = session_load_plan(&s, in, e) && pause_or_resume(&s, false, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id pause_options[] = {OPTION_REASON, OPTION_JSON, OPTION_LEDGER,
					       OPTION_ENV_FILE, OPTION_HELP};

const struct verb verb_pause = {
	.name = "pause",
	.arguments = "CAMPAIGN",
	.least = 1,
	.most = 1,
	.summary = "stop placing calls, from another terminal",
	.details = "The runner places no further call from its next step on; live calls are "
		   "followed to "
		   "their end. The pause\nis kept until `nida resume`, also over restarts.",
	.example = "  nida pause campaigns/payment-reminder.yaml --reason 'wrong price list'",
	.options = pause_options,
	.run = run_pause,
};

const struct verb verb_resume = {
	.name = "resume",
	.arguments = "CAMPAIGN",
	.least = 1,
	.most = 1,
	.summary = "go on placing calls after a pause",
	.details = "Ends a pause, whether a person made it or a guard (breaker, canary, budget). "
		   "Says so when no\nprocess runs the campaign; `nida run` starts it.",
	.example = "  nida resume campaigns/payment-reminder.yaml",
	.options = pause_options,
	.run = run_resume,
};
