/*
 * nida cancel: end a run for good, from another terminal or when nobody runs it.
 *
 * The cancelling itself is one change in the ledger, which any process may make. Carrying it out
 * (rows not called are skipped, live calls followed to their end, the reports, on_finish) is the
 * business of whoever holds the campaign's lock: the runner if one is alive, else this process.
 * Whatever happens to either in between, the same command again goes on where it was.
 */
#include "ask_p.h"
#include "await_p.h"
#include "ending_p.h"
#include "object_p.h"
#include "run_p.h"

#include "cmd/say.h"
#include "ledger/contact.h"
#include "ledger/lock.h"

#include <inttypes.h>
#include <stdio.h>

#define LOOK_EVERY_MS  200
#define NOTICE_MOST_MS 15000 /* of real time, for a runner to notice */
#define DOUBTS_SHOWN   20

struct cancelling {
	struct session *s;
	struct run run;
	struct tally tally; /* as it was last read */
	int64_t doubts;     /* printed */
	bool json;
	bool changed; /* by this command */
	long runner;  /* another process that carries it out; 0: none */
};

static int64_t open_calls(const struct tally *t)
{
	return t->state[CONTACT_PLACING] + t->state[CONTACT_LIVE] + t->state[CONTACT_IN_DOUBT];
}

static bool read_tally(struct cancelling *c, struct err *e)
{
	return ledger_run_tally(c->s->ledger, c->run.id, &c->tally, e);
}

static bool ask_to_cancel(const struct cancelling *c)
{
	return ask_yes(arena_printf(
		&c->s->arena,
		"Cancel run %s of campaign %s for good? Rows that are not called any more: %" PRId64
		"; live calls, which are %s: %" PRId64 ". [y/N] ",
		c->run.name, c->run.campaign, c->tally.state[CONTACT_PENDING],
		option_given(c->s->in, OPTION_END_LIVE) ? "ended" : "followed to their end",
		c->tally.state[CONTACT_LIVE] + c->tally.state[CONTACT_PLACING]));
}

/* ---- what is said ---------------------------------------------------------------------------- */

static bool name_doubt(void *data, const struct attempt *a, struct err *e)
{
	struct cancelling *c = data;
	struct contact contact;
	char when[MOMENT_SIZE];

	if ((a->state != ATTEMPT_IN_DOUBT && a->state != ATTEMPT_PLACING) ||
	    (c->doubts++ >= DOUBTS_SHOWN && !c->json))
		return true;
	if (!ledger_contact_get(c->s->ledger, a->contact_id, &c->s->arena, &contact, e))
		return false;
	if (c->json)
		object_print_doubt(&c->run, &contact, a);
	else
		say(stdout, "in doubt   %s, attempt %d, %s: %s\n", contact.key, a->number,
		    moment_short(c->s->plan->campaign.zone, a->intent_ms, true, when),
		    *a->words ? a->words : "nida was interrupted while it placed this call.");
	return true;
}

/* What stays in doubt is named; a person has to look. */
static bool say_rest(struct cancelling *c, enum exit_code *code, struct err *e)
{
	if (!read_tally(c, e) || !ledger_attempts_open(c->s->ledger, c->run.id, name_doubt, c, e))
		return false;
	if (c->doubts > DOUBTS_SHOWN && !c->json)
		say(stdout, "           … and %" PRId64 " more; `nida settle` lists them.\n",
		    c->doubts - DOUBTS_SHOWN);
	if (c->doubts > 0 && !c->json)
		say(stdout,
		    "           Nobody knows whether Hamsa called them; `nida settle` lets you "
		    "decide.\n");
	if (*code == EXIT_DONE && c->doubts > 0)
		*code = EXIT_IN_DOUBT;
	return true;
}

/* To a person it is a result, to whoever reads JSON it is what goes on until there is one. */
static FILE *progress(const struct cancelling *c)
{
	return c->json ? stderr : stdout;
}

static void say_cancelled(const struct cancelling *c, int64_t waiting)
{
	say(progress(c),
	    "Run %s of campaign %s is cancelled: %" PRId64 " %s not called any more.\n",
	    c->run.name, c->run.campaign, waiting, waiting == 1 ? "row is" : "rows are");
}

/* How the run stands after all of it. It is printed whether all went well or not: what was changed
 * stays changed. */
static bool print_standing(struct cancelling *c, struct err *e)
{
	struct run run;
	struct object o;

	if (!read_tally(c, e) || !ledger_run_get(c->s->ledger, c->run.id, &c->s->arena, &run, e))
		return false;
	const struct tally *t = &c->tally;
	struct emit *j = object_begin(&o);
	object_add_run(j, &run);
	emit_flag(j, "cancelled", run.state == RUN_CANCELLED);
	emit_flag(j, "changed", c->changed);
	emit_text(j, "state", run_state_name(run.state));
	emit_number(j, "waiting", t->state[CONTACT_PENDING]);
	emit_number(j, "not_called", t->skip[SKIP_CANCELLED]);
	emit_number(j, "live", t->state[CONTACT_LIVE]);
	emit_number(j, "in_doubt", t->state[CONTACT_IN_DOUBT] + t->state[CONTACT_PLACING]);
	emit_number(j, "runner", c->runner);
	object_add_known(j, "report_dir", run.report_dir);
	object_print(&o);
	return true;
}

/* ---- with a runner --------------------------------------------------------------------------- */

static void look_away(struct session *s)
{
	int64_t ms = (int64_t)(LOOK_EVERY_MS * s->in->clock.speed);

	await_time(s, ms > 0 ? ms : 1);
}

/* *noticed: no row waits any more and nothing is being placed, or the runner is gone. */
static bool await_notice(struct cancelling *c, bool *noticed, struct err *e)
{
	*noticed = false;
	for (int waited_ms = 0; waited_ms < NOTICE_MOST_MS; waited_ms += LOOK_EVERY_MS) {
		if (!read_tally(c, e))
			return false;
		*noticed = c->tally.state[CONTACT_PENDING] + c->tally.state[CONTACT_PLACING] == 0 ||
			   ledger_lock_holder(c->s->ledger, c->run.campaign) == 0;
		if (*noticed)
			return true;
		look_away(c->s);
	}
	return true;
}

/* Calls that were asked to end before, in this command. */
struct asked {
	size_t count;
	const int64_t *ids;
};

static bool not_asked(void *data, const struct attempt *a, const char *key)
{
	const struct asked *asked = data;

	(void)key;
	for (size_t i = 0; i < asked->count; i++)
		if (asked->ids[i] == a->id)
			return false;
	return true;
}

static void remember_asked(struct asked *asked, const struct ending *calls, size_t count,
			   struct arena *arena)
{
	int64_t *ids = arena_array(arena, asked->count + count, sizeof(*ids));

	for (size_t i = 0; i < asked->count; i++)
		ids[i] = asked->ids[i];
	for (size_t i = 0; i < count; i++)
		ids[asked->count + i] = calls[i].attempt.id;
	*asked = (struct asked){asked->count + count, ids};
}

/* Calls whose placing was under way become live only now, so there may be several rounds; each
 * call is asked once. *left: how many were not seen to end. */
static bool end_live(struct cancelling *c, size_t *left, struct err *e)
{
	struct asked asked = {0};
	struct ending *calls;
	size_t count;

	*left = 0;
	for (;;) {
		size_t round_left;
		if (!ending_find(c->s, &c->run, not_asked, &asked, &calls, &count, e))
			return false;
		if (count == 0)
			return true;
		remember_asked(&asked, calls, count, &c->s->arena);
		if (!ending_ask_all(c->s, calls, count, NULL, "nida cancel", &round_left, e))
			return false;
		*left += round_left;
	}
}

static bool cancel_beside(struct cancelling *c, bool noticed, enum exit_code *code, struct err *e)
{
	size_t left = 0;

	c->runner = ledger_lock_holder(c->s->ledger, c->run.campaign);

	if (option_given(c->s->in, OPTION_END_LIVE) && !end_live(c, &left, e))
		return false;
	if (left > 0)
		return err_set(
			e, ERR_FAILED,
			"The run is cancelled, but %zu of its live calls could not be ended; "
			"process %ld follows them. `nida end-call` tries again.",
			left, c->runner);
	if (c->runner && !noticed)
		say(progress(c),
		    "Process %ld runs it and has not noticed yet; it will at its next step.\n",
		    c->runner);
	else if (c->runner)
		say(progress(c),
		    "Process %ld runs it: it follows what is live to its end and writes the "
		    "reports.\n",
		    c->runner);
	return say_rest(c, code, e);
}

/* ---- without one ----------------------------------------------------------------------------- */

/* Under the campaign's lock: this process is the runner, as far as anything is left to run. */
static bool cancel_here(struct cancelling *c, const struct ledger_lock *lock, enum exit_code *code,
			struct err *e)
{
	enum exit_code driven;
	size_t left = 0;

	if (option_given(c->s->in, OPTION_END_LIVE) && !end_live(c, &left, e))
		return false;
	/* It names the reports for people, and so may on_finish. */
	int kept = c->json ? object_stdout_aside() : -1;
	bool ok = run_drive(c->s, lock, c->run.id, &(struct narrowing){0}, false, &driven, e);
	object_stdout_back(kept);
	if (!ok || !read_tally(c, e))
		return false;
	int64_t live = c->tally.state[CONTACT_LIVE];
	if (live > 0) {
		say(stderr,
		    "%" PRId64 " call%s still live; `nida cancel` again follows %s to %s end.\n",
		    live, live == 1 ? " is" : "s are", live == 1 ? "it" : "them",
		    live == 1 ? "its" : "their");
		*code = EXIT_UNFINISHED;
	}
	if (driven == EXIT_GUARDED)
		*code = EXIT_GUARDED;
	return say_rest(c, code, e);
}

/* ---- the verb -------------------------------------------------------------------------------- */

/* Nothing is left to do: said, and true. */
static bool is_over(const struct cancelling *c)
{
	int64_t left = c->tally.state[CONTACT_PENDING] + c->tally.state[CONTACT_PLACING] +
		       c->tally.state[CONTACT_LIVE];

	if (c->run.state == RUN_FINISHED)
		say(progress(c), "Run %s of campaign %s is finished; there is nothing to cancel.\n",
		    c->run.name, c->run.campaign);
	else if (c->run.state == RUN_CANCELLED && left == 0)
		say(progress(c), "Run %s of campaign %s was cancelled already.\n", c->run.name,
		    c->run.campaign);
	else
		return false;
	return true;
}

static bool carry_out(struct cancelling *c, enum exit_code *code, struct err *e)
{
	int64_t waiting = c->tally.state[CONTACT_PENDING];
	struct ledger_lock *lock;
	struct err busy;
	bool noticed;

	if (!ledger_begin(c->s->ledger, e))
		return false;
	if (!ledger_run_cancel(c->s->ledger, c->run.id, clock_wall_ms(&c->s->in->clock),
			       &c->changed, e) ||
	    !ledger_commit(c->s->ledger, e)) {
		ledger_rollback(c->s->ledger);
		return false;
	}
	say_cancelled(c, waiting);
	if (ledger_lock_take(c->s->ledger, c->run.campaign, &lock, &busy)) {
		bool ok = cancel_here(c, lock, code, e);
		ledger_lock_drop(lock);
		return ok;
	}
	if (busy.kind != ERR_BUSY) {
		*e = busy;
		return false;
	}
	if (!await_notice(c, &noticed, e))
		return false;
	/* It may have died before it was done. */
	bool left = c->tally.state[CONTACT_PENDING] + c->tally.state[CONTACT_PLACING] +
			    c->tally.state[CONTACT_LIVE] >
		    0;
	if (left && ledger_lock_take(c->s->ledger, c->run.campaign, &lock, &busy)) {
		bool ok = cancel_here(c, lock, code, e);
		ledger_lock_drop(lock);
		return ok;
	}
	return cancel_beside(c, noticed, code, e);
}

static bool cancel_if_sure(struct cancelling *c, enum exit_code *code, struct err *e)
{
	if (is_over(c))
		return say_rest(c, code, e);
	if (ask_can() && !option_given(c->s->in, OPTION_YES) && !ask_to_cancel(c)) {
		say(stderr, "Nothing was changed.\n");
		*code = EXIT_UNFINISHED;
		return true;
	}
	/* Without open calls nobody is asked, and no key is needed. */
	return session_open_hamsa(c->s, open_calls(&c->tally) == 0, e) && carry_out(c, code, e);
}

static bool cancel(struct session *s, enum exit_code *code, struct err *e)
{
	struct cancelling c = {.s = s, .json = option_given(s->in, OPTION_JSON)};
	struct err unread;

	*code = EXIT_DONE;
	if (!session_need_run(s, LEDGER_CHANGE, &c.run, e) || !read_tally(&c, e))
		return false;
	bool ok = cancel_if_sure(&c, code, e);
	if (!c.json || print_standing(&c, &unread))
		return ok;
	if (ok)
		*e = unread;
	return false;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	enum exit_code code = EXIT_FAILED;
	bool ok = session_load_plan(&s, in, e) && cancel(&s, &code, e);

	session_close(&s);
	return ok ? code : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_END_LIVE, OPTION_YES,  OPTION_RUN,
					 OPTION_OUT,      OPTION_JSON, OPTION_LEDGER,
					 OPTION_ENV_FILE, OPTION_HELP};

const struct verb verb_cancel = {
	.name = "cancel",
	.arguments = "CAMPAIGN",
	.least = 1,
	.most = 1,
	.summary = "end a run for good",
	.details =
		"Rows that wait are not called any more (skipped: cancelled). Live calls are "
		"followed to their\nend, or with --end-live ended at once; what is in doubt stays "
		"in doubt and is named. A process\nthat runs the campaign notices within a second, "
		"does this and ends with exit code 3; without\none this command does it. Reports "
		"are written and on_finish is run by whichever does. Asking\nagain goes on where "
		"it was. `nida run --new` begins another run.\n\n"
		"Exit: 0 cancelled; 1 live calls could not be ended, or the reports not be "
		"written; 2 invalid\ninput; 3 you said no, or left while calls were live; 4 "
		"stopped by a guard or by Hamsa; 5 another\nprocess keeps ending its calls; 6 some "
		"rows stay in doubt.",
	.example = "  nida cancel campaigns/payment-reminder.yaml --end-live",
	.options = options,
	.run = run,
};
