/*
 * nida status: how is it going, and why is nothing being dialled right now? Reads the ledger only.
 */
#include "cmd/say.h"
#include "cmd/session.h"

#include "base/buf.h"
#include "base/text.h"
#include "ledger/attempt.h"
#include "ledger/contact.h"
#include "ledger/lock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LIVE_SHOWN    20
#define TEXT_MAX      ((size_t)1 << 20)
#define NOTE_STALE_MS (60 * SECOND_MS)

/* Everything status knows about one run, gathered in one reading. */
struct standing {
	struct run run;
	struct tally tally;
	long runner; /* process that runs it; 0: none */
	bool noted;
	struct runner_note note;
	const char *why; /* "" : it dials */
};

static const char *why_of(struct session *s, const struct standing *st)
{
	if (st->run.state == RUN_FINISHED)
		return "the run is finished";
	if (st->run.state == RUN_CANCELLED)
		return "the run was cancelled";
	if (st->run.paused_by)
		return arena_printf(&s->arena, "paused by %s: %s", st->run.paused_by,
				    st->run.pause_words);
	if (st->runner == 0)
		return "no runner is alive; run the campaign again to go on";
	return st->noted ? st->note.why : "the runner is starting";
}

static bool gather(struct session *s, struct standing *st, struct err *e)
{
	if (!ledger_run_tally(s->ledger, st->run.id, &st->tally, e) ||
	    !ledger_runner_read(s->ledger, st->run.id, &s->arena, &st->note, &st->noted, e))
		return false;
	st->runner = ledger_lock_holder(s->ledger, st->run.campaign);
	st->why = why_of(s, st);
	return true;
}

/* ---- one campaign ---------------------------------------------------------------------------- */

struct listing {
	struct session *s;
	int64_t now_ms;
	int shown;
	struct buf *json; /* NULL: print for people */
};

static bool list_attempt(void *data, const struct attempt *a, struct err *e)
{
	struct listing *listing = data;
	struct contact contact;
	char masked[TEXT_MASK_SIZE];
	char since[MOMENT_SIZE];

	/* Counted by the tally; the first few are enough to see what goes on. */
	if (listing->shown >= LIVE_SHOWN)
		return true;
	if (!ledger_contact_get(listing->s->ledger, a->contact_id, &listing->s->arena, &contact, e))
		return false;
	listing->shown++;
	span_words(listing->now_ms - a->intent_ms, since);
	if (!listing->json) {
		printf("  %-9s %-16s %s  attempt %d, for %s%s%s%s%s\n",
		       attempt_state_name(a->state), contact.key, text_mask_phone(a->phone, masked),
		       a->number, since, *a->status ? ", " : "", a->status, *a->words ? ": " : "",
		       a->words);
		return true;
	}
	buf_addf(listing->json, "%s{\"state\":\"%s\",\"key\":", listing->shown > 1 ? "," : "",
		 attempt_state_name(a->state));
	buf_add_json(listing->json, contact.key);
	buf_addf(listing->json, ",\"attempt\":%d,\"since\":\"%s\",\"status\":", a->number,
		 moment_iso(zone_utc(), a->intent_ms, since));
	buf_add_json(listing->json, a->status);
	buf_adds(listing->json, ",\"job_id\":");
	buf_add_json(listing->json, a->job_id);
	buf_adds(listing->json, ",\"words\":");
	buf_add_json(listing->json, a->words);
	buf_addc(listing->json, '}');
	return true;
}

static void add_counts(struct buf *b, const struct tally *t)
{
	buf_addf(b, "\"rows\":%" PRId64 ",\"states\":{", t->rows);
	for (int i = 0; i < CONTACT_STATE_COUNT; i++)
		buf_addf(b, "%s\"%s\":%" PRId64, i > 0 ? "," : "",
			 contact_state_name((enum contact_state)i), t->state[i]);
	buf_adds(b, "},\"outcomes\":{");
	for (int i = 1; i < OUTCOME_COUNT; i++)
		buf_addf(b, "%s\"%s\":%" PRId64, i > 1 ? "," : "", outcome_name((enum outcome)i),
			 t->outcome[i]);
	buf_adds(b, "},\"skipped\":{");
	for (int i = 1; i < SKIP_REASON_COUNT; i++)
		buf_addf(b, "%s\"%s\":%" PRId64, i > 1 ? "," : "",
			 skip_reason_name((enum skip_reason)i), t->skip[i]);
	buf_addc(b, '}');
}

static void add_head(struct buf *b, const struct standing *st)
{
	char when[MOMENT_SIZE];
	char cost[DECIMAL_SIZE];

	buf_adds(b, "\"campaign\":");
	buf_add_json(b, st->run.campaign);
	buf_adds(b, ",\"run\":");
	buf_add_json(b, st->run.name);
	buf_addf(b, ",\"state\":\"%s\",\"started\":\"%s\",\"runner\":%ld,\"paused_by\":",
		 run_state_name(st->run.state), moment_iso(zone_utc(), st->run.created_ms, when),
		 st->runner);
	if (st->run.paused_by)
		buf_add_json(b, st->run.paused_by);
	else
		buf_adds(b, "null");
	buf_adds(b, ",\"why\":");
	buf_add_json(b, st->why);
	buf_addf(b, ",\"calls\":%" PRId64 ",\"answered\":%" PRId64 ",\"cost\":%s,", st->run.calls,
		 st->run.answered, decimal_format(st->run.cost, 3, cost));
	add_counts(b, &st->tally);
}

static bool show_json(struct session *s, const struct standing *st, struct err *e)
{
	struct buf out;
	struct listing listing = {.s = s, .now_ms = clock_wall_ms(&s->in->clock), .json = &out};

	buf_init(&out, TEXT_MAX);
	buf_addc(&out, '{');
	add_head(&out, st);
	buf_adds(&out, ",\"open\":[");
	bool ok = ledger_attempts_open(s->ledger, st->run.id, list_attempt, &listing, e);
	if (ok)
		printf("%s]}\n", out.data);
	buf_free(&out);
	return ok;
}

static bool show(struct session *s, const struct standing *st, struct err *e)
{
	struct listing listing = {.s = s, .now_ms = clock_wall_ms(&s->in->clock)};
	const struct zone *zone = s->plan->campaign.zone;
	char when[MOMENT_SIZE];
	char cost[DECIMAL_SIZE];

	printf("campaign   %s, run %s, %s", st->run.campaign, st->run.name,
	       run_state_name(st->run.state));
	if (st->runner)
		printf("; process %ld runs it", st->runner);
	printf("\nstarted    %s %s, list %s\n", moment_short(zone, st->run.created_ms, false, when),
	       zone_name(zone), st->run.list_file);
	say_tally(stdout, &st->tally);
	printf("calls      %" PRId64 " made, %" PRId64 " answered, talked %s, cost %s\n",
	       st->run.calls, st->run.answered, span_words(st->run.talk_ms, when),
	       decimal_format(st->run.cost, 3, cost));
	if (*st->why)
		printf("why        nothing is dialled now: %s\n", st->why);
	else
		printf("why        calls are being placed\n");
	if (st->runner && st->noted && listing.now_ms - st->note.noted_ms > NOTE_STALE_MS)
		printf("           (the runner said so %s ago)\n",
		       span_words(listing.now_ms - st->note.noted_ms, when));
	if (!ledger_attempts_open(s->ledger, st->run.id, list_attempt, &listing, e))
		return false;
	int64_t open = st->tally.state[CONTACT_PLACING] + st->tally.state[CONTACT_LIVE] +
		       st->tally.state[CONTACT_IN_DOUBT];
	if (open > listing.shown)
		printf("  … and %" PRId64 " more\n", open - listing.shown);
	return true;
}

static bool status_of_campaign(struct session *s, struct err *e)
{
	struct standing st = {0};
	bool found;

	if (!session_open_ledger(s, LEDGER_READ, e) || !session_find_run(s, &st.run, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_INVALID, "Campaign %s has not been run yet.",
			       s->plan->campaign.name);
	if (!ledger_begin_read(s->ledger, e) || !gather(s, &st, e))
		return false;
	bool ok = option_given(s->in, OPTION_JSON) ? show_json(s, &st, e) : show(s, &st, e);
	return ledger_commit(s->ledger, e) && ok;
}

/* ---- all campaigns --------------------------------------------------------------------------- */

static bool show_line(void *data, const struct run *run, struct err *e)
{
	struct session *s = data;
	struct standing st = {.run = *run};
	struct buf out;

	if (!gather(s, &st, e))
		return false;
	if (!option_given(s->in, OPTION_JSON)) {
		int64_t over = st.tally.state[CONTACT_DONE] + st.tally.state[CONTACT_SKIPPED];
		printf("%-24s %-16s %-9s %" PRId64 "/%" PRId64 " done, %" PRId64 " live, %" PRId64
		       " in doubt; %s\n",
		       run->campaign, run->name, run_state_name(run->state), over, st.tally.rows,
		       st.tally.state[CONTACT_LIVE], st.tally.state[CONTACT_IN_DOUBT],
		       *st.why ? st.why : "dialling");
		return true;
	}
	buf_init(&out, TEXT_MAX);
	buf_addc(&out, '{');
	add_head(&out, &st);
	printf("%s}\n", out.data);
	buf_free(&out);
	return true;
}

static bool status_of_all(struct session *s, struct err *e)
{
	return session_open_ledger(s, LEDGER_READ, e) &&
	       ledger_run_each_latest(s->ledger, &s->arena, show_line, s, e);
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {.in = in};
	bool ok = in->argument_count == 0
			  ? status_of_all(&s, e)
			  : session_load_plan(&s, in, e) && status_of_campaign(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_JSON, OPTION_RUN, OPTION_LEDGER, OPTION_ENV_FILE,
					 OPTION_HELP};

const struct verb verb_status = {
	.name = "status",
	.arguments = "[CAMPAIGN]",
	.least = 0,
	.most = 1,
	.summary = "how is it going, and why is nothing being dialled right now?",
	.details =
		"With a campaign: its counts, its live calls, what is in doubt, and why nothing is "
		"dialled if nothing is.\nWithout one: a line for each campaign of the ledger.",
	.example = "  nida status campaigns/payment-reminder.yaml",
	.options = options,
	.run = run,
};
