#include "run_p.h"

#include "cmd/say.h"

#include "base/log.h"
#include "base/pack.h"
#include "base/stamp.h"
#include "ledger/contact.h"
#include "load/list.h"
#include "run/freeze.h"
#include "run/suppressor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *setting_of(const char **items, size_t count, const char *key)
{
	for (size_t i = 0; i + 1 < count; i += 2)
		if (strcmp(items[i], key) == 0)
			return items[i + 1];
	return NULL;
}

/* What has changed since the run was frozen, for people; "" when nothing has. */
static const char *difference(struct session *s, const struct run *run, const char *settings)
{
	const char **then;
	const char **now;
	size_t then_count;
	size_t now_count;
	const char *text = "";

	if (!unpack_strings(run->settings, &s->arena, &then, &then_count) ||
	    !unpack_strings(settings, &s->arena, &now, &now_count))
		BUG("damaged settings in the ledger");
	for (size_t i = 0; i + 1 < now_count; i += 2) {
		const char *old = setting_of(then, then_count, now[i]);
		if (!old)
			text = arena_printf(&s->arena, "%s\n  %s is new: %s", text, now[i],
					    now[i + 1]);
		else if (strcmp(old, now[i + 1]) != 0)
			text = arena_printf(&s->arena, "%s\n  %s was %s, is %s", text, now[i], old,
					    now[i + 1]);
	}
	for (size_t i = 0; i + 1 < then_count; i += 2)
		if (!setting_of(now, now_count, then[i]))
			text = arena_printf(&s->arena, "%s\n  %s is gone, was: %s", text, then[i],
					    then[i + 1]);
	return text;
}

/* A name that no run of this ledger has, nor a folder of another ledger's. */
static bool take_name(struct session *s, const char *dir, const char *wanted, const char **out,
		      struct err *e)
{
	const char *campaign = s->plan->campaign.name;
	const char *next = wanted;
	bool claimed = false;

	for (int i = 2; !claimed; i++) {
		if (!ledger_run_free_name(s->ledger, campaign, next, &s->arena, out, e) ||
		    !report_claim(dir, campaign, *out, &claimed, e))
			return false;
		next = arena_printf(&s->arena, "%s-%d", wanted, i);
	}
	return true;
}

bool resume_take_back(struct session *s, int64_t run_id, struct err *e)
{
	struct run run;
	const char *dir;

	if (!ledger_run_get(s->ledger, run_id, &s->arena, &run, e) ||
	    !ledger_run_discard(s->ledger, run_id, e) || !session_report_dir(s, &dir, e))
		return false;
	report_unclaim(dir, run.campaign, run.name);
	return true;
}

static bool begin(struct session *s, int64_t *run_id, struct err *e)
{
	struct suppressor *suppressor = suppressor_new(s->plan, NULL);
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	struct civil c = zone_civil(s->plan->campaign.zone, now_ms);
	struct freeze_options options = {.now_ms = now_ms};
	struct frozen frozen;
	const char *wanted = arena_printf(&s->arena, "%04d-%02d-%02d-%02d%02d", c.year, c.month,
					  c.day, c.hour, c.minute);
	const char *dir;
	bool ok = session_report_dir(s, &dir, e) && take_name(s, dir, wanted, &options.name, e);

	if (ok && !freeze_list(s->ledger, s->plan, suppressor, &options, &frozen, e)) {
		report_unclaim(dir, s->plan->campaign.name, options.name);
		ok = false;
	}
	suppressor_free(suppressor);
	if (ok) {
		*run_id = frozen.run_id;
		bool one = frozen.summary.rows == 1;
		log_info("Run %s of campaign %s: %" PRId64 " row%s of %s %s in the ledger.",
			 options.name, s->plan->campaign.name, frozen.summary.rows, one ? "" : "s",
			 s->plan->campaign.list.file, one ? "is" : "are");
	}
	return ok;
}

/* What can be done depends on what is open: live calls are followed by going on, and going on with
 * a list that has changed needs --continue; what is in doubt a person can decide at once. */
static bool refuse_superseding(const struct session *s, const struct run *old,
			       const struct tally *t, struct err *e)
{
	const char *campaign = s->in->arguments[0];
	int64_t live = t->state[CONTACT_LIVE];
	int64_t doubts = t->state[CONTACT_PLACING] + t->state[CONTACT_IN_DOUBT];

	if (live == 0)
		return err_set(e, ERR_INVALID,
			       "Run %s is not over: %" PRId64 " of its calls %s in doubt. `nida "
			       "settle %s` lists them; decide each with --called or --not-called, "
			       "then say --new again. Or look for them once more: `nida run %s "
			       "--continue` goes on, also with a list that has changed.",
			       old->name, doubts, doubts == 1 ? "is" : "are", campaign, campaign);
	return err_set(
		e, ERR_INVALID,
		"Run %s is not over: of its calls %" PRId64 " %s live and %" PRId64
		" in doubt. Follow them to their end first: `nida pause %s` so that nobody "
		"else is called, then `nida run %s --continue`, which follows them also when "
		"the list has changed. What then stays in doubt `nida settle %s` decides. "
		"Then say --new again.",
		old->name, live, live == 1 ? "is" : "are", doubts, campaign, campaign, campaign);
}

/* A new run while an old one is open: the old one ends here, unless calls of it may still be up. */
static bool supersede(struct session *s, const struct run *old, struct err *e)
{
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	struct tally t;
	int64_t count;

	if (!ledger_run_tally(s->ledger, old->id, &t, e))
		return false;
	if (t.state[CONTACT_PLACING] + t.state[CONTACT_LIVE] + t.state[CONTACT_IN_DOUBT] > 0)
		return refuse_superseding(s, old, &t, e);
	/* Nobody took these rows off: the budget had stopped the run before. */
	bool over_budget = old->paused_by && strcmp(old->paused_by, "budget") == 0;
	if (!ledger_begin(s->ledger, e))
		return false;
	if (ledger_contacts_skip_pending(s->ledger, old->id,
					 over_budget ? SKIP_OVER_BUDGET : SKIP_CANCELLED,
					 "a new run was started", now_ms, &count, e) &&
	    ledger_run_set_state(s->ledger, old->id, RUN_CANCELLED, now_ms, e) &&
	    ledger_commit(s->ledger, e))
		return true;
	ledger_rollback(s->ledger);
	return false;
}

static bool refuse(const struct session *s, const struct run *run, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID,
		       "Run %s of campaign %s is %s, and this is not the same any more:%s\n"
		       "Nothing was dialled. %s with --new (everybody on the list may be called "
		       "again).",
		       run->name, s->plan->campaign.name,
		       run->state == RUN_OPEN ? "not finished" : "finished", what,
		       run->state == RUN_OPEN
			       ? "Undo the change, go on all the same with --continue (who was "
				 "called is not called again), or start over"
			       : "Start over");
}

static bool resume(struct session *s, const struct run *run, int64_t *run_id, struct err *e)
{
	*run_id = run->id;
	if (!freeze_rebind(s->plan, run->columns, e))
		return false;
	log_info("Going on with run %s of campaign %s.", run->name, s->plan->campaign.name);
	return true;
}

/* Rows are known again by their key: by another one, those who were called would be strangers. */
static bool same_key(struct session *s, const struct run *run, struct err *e)
{
	const char *now = s->plan->campaign.list.key;
	const char **then;
	size_t count;

	if (!unpack_strings(run->settings, &s->arena, &then, &count))
		BUG("damaged settings in the ledger");
	const char *old = setting_of(then, count, "list.key");
	if (run->calls == 0 || strcmp(old ? old : "", now ? now : "") == 0)
		return true;
	return err_set(e, ERR_INVALID,
		       "list.key was '%s' and is '%s', but run %s has made calls, and its rows are "
		       "known by that key: by another one, people who were called would be called "
		       "again. --continue goes on with the key it began with.",
		       old ? old : "", now ? now : "", run->name);
}

/* --continue: the new list and the new words, for those who have not been called yet. */
static bool go_on_changed(struct session *s, const struct run *run, int64_t *run_id, struct err *e)
{
	if (!same_key(s, run, e))
		return false;

	struct suppressor *suppressor = suppressor_new(s->plan, NULL);
	bool ok =
		freeze_renew(s->ledger, s->plan, suppressor, run, clock_wall_ms(&s->in->clock), e);

	suppressor_free(suppressor);
	if (ok)
		log_info("Going on with run %s of campaign %s, with the list and the settings as "
			 "they are now.",
			 run->name, s->plan->campaign.name);
	*run_id = run->id;
	return ok;
}

static bool say_finished(struct session *s, const struct run *run, struct err *e)
{
	struct tally t;

	if (!ledger_run_tally(s->ledger, run->id, &t, e))
		return false;
	say(stderr,
	    "Run %s of campaign %s is %s, and the list has not changed since. Nobody is "
	    "called. To call everybody again: --new.\n",
	    run->name, s->plan->campaign.name,
	    run->state == RUN_FINISHED ? "finished" : "cancelled");
	if (t.state[CONTACT_PENDING] + t.state[CONTACT_PLACING] + t.state[CONTACT_LIVE] > 0)
		say(stderr, "What was live when it was cancelled has not been followed to its "
			    "end; `nida cancel` again does that.\n");
	if (access(run->report_dir, F_OK) == 0)
		say_path("report   ", run->report_dir);
	else if (run->purged_ms == 0)
		say(stderr, "Its reports are missing; `nida report %s` writes them.\n",
		    s->in->arguments[0]);
	return true;
}

/* Is the list still the one that is in the ledger? */
static bool compare_list(struct session *s, const struct run *run, bool *same, struct err *e)
{
	const char *file = s->plan->campaign.list.file;
	char stamp[STAMP_TEXT_SIZE];
	char sha256[SHA256_HEX_SIZE];

	/* All of the list of an open run is in the ledger already; if the file is gone, nothing
	 * about it has changed. */
	*same = true;
	if (run->state == RUN_OPEN && access(file, F_OK) != 0) {
		log_warn("%s is gone; the run goes on from the ledger.", file);
		return true;
	}
	if (*stamp_text(file, stamp) && strcmp(stamp, run->list_stamp) == 0)
		return true;
	if (!list_fingerprint(file, sha256, e))
		return false;
	*same = strcmp(sha256, run->list_sha256) == 0;
	if (!*same || !*stamp)
		return true;
	return ledger_run_set_list_stamp(s->ledger, run->id, stamp, e);
}

bool resume_or_begin(struct session *s, int64_t *run_id, enum resume_choice *choice, struct err *e)
{
	struct run run;
	bool found;
	bool same_list;

	if (!ledger_run_latest(s->ledger, s->plan->campaign.name, &s->arena, &run, &found, e))
		return false;
	*choice = RESUME_BEGUN;
	if (!found)
		return begin(s, run_id, e);
	if (option_given(s->in, OPTION_NEW))
		return (run.state != RUN_OPEN || supersede(s, &run, e)) && begin(s, run_id, e);

	if (!compare_list(s, &run, &same_list, e))
		return false;
	const char *changed = difference(s, &run, freeze_settings(s->plan));
	if (run.state != RUN_OPEN && !same_list)
		return begin(s, run_id, e);
	if (!same_list)
		changed = arena_printf(&s->arena, "%s\n  the list %s has other content", changed,
				       s->plan->campaign.list.file);
	if (*changed && run.state == RUN_OPEN && option_given(s->in, OPTION_CONTINUE)) {
		*choice = RESUME_OLD;
		return go_on_changed(s, &run, run_id, e);
	}
	if (*changed)
		return refuse(s, &run, changed, e);
	if (run.state == RUN_OPEN) {
		*choice = RESUME_OLD;
		return resume(s, &run, run_id, e);
	}
	*run_id = run.id;
	*choice = RESUME_NOTHING;
	return say_finished(s, &run, e);
}
