/*
 * nida pause, nida resume: stop and go on placing calls, from another terminal. Live calls are
 * followed all the same. A runner notices at its next step; the pause is kept over restarts.
 */
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

static bool pause_or_resume(struct session *s, bool pausing, struct err *e)
{
	const char *reason = s->in->values[OPTION_REASON];
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	struct run run;

	if (!open_run(s, &run, e))
		return false;
	if (pausing == (run.paused_by != NULL)) {
		say(stdout, "Run %s of campaign %s is %s already%s%s.\n", run.name, run.campaign,
		    pausing ? "paused" : "going on", pausing ? ": " : "",
		    pausing ? run.pause_words : "");
		return true;
	}
	if (!ledger_run_pause(s->ledger, run.id, pausing ? "operator" : NULL,
			      reason    ? reason
			      : pausing ? "nida pause"
					: "nida resume",
			      now_ms, e))
		return false;
	if (pausing)
		say(stdout,
		    "Run %s of campaign %s is paused: no further call is placed, live calls are "
		    "followed. `nida resume` goes on.\n",
		    run.name, run.campaign);
	else if (ledger_lock_holder(s->ledger, run.campaign) != 0)
		say(stdout, "Run %s of campaign %s goes on.\n", run.name, run.campaign);
	else
		say(stdout,
		    "Run %s of campaign %s may go on; no runner is alive, so start it with "
		    "`nida "
		    "run`.\n",
		    run.name, run.campaign);
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

static const enum option_id pause_options[] = {OPTION_REASON, OPTION_LEDGER, OPTION_ENV_FILE,
					       OPTION_HELP};

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
	.details = "Ends a pause, whether a person made it or a guard (breaker, canary, budget).",
	.example = "  nida resume campaigns/payment-reminder.yaml",
	.options = pause_options,
	.run = run_resume,
};
