/*
 * nida audit: does the ledger tell the same story as Hamsa's own list?
 *
 * First the list is read over the time of the run, and each of its lines looked up; then the run's
 * attempts are walked for calls that the list did not show. Both only raise suspicions, since calls
 * go on and lists lag: each suspect is then read by itself, and the ledger asked once more, before
 * it is called a difference.
 */
#include "await_p.h"
#include "calls_p.h"

#include "cmd/say.h"

#include "base/buf.h"
#include "ledger/lock.h"
#include "model/call.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)1 << 20)
#define TRIES    3
#define PAUSE_MS 2000
#define NEAR     400 /* lines of two pages */

/* Ids that were seen on the list: sorted, once all are in. */
struct id_set {
	int64_t *ids;
	size_t count;
	size_t room;
};

/* A line of the list that no attempt is known for. */
struct stranger {
	const char *job_id; /* in the session's arena */
	const char *number;
	int64_t created_ms;
	struct stranger *next;
};

struct audit {
	struct session *s;
	struct run run;
	bool running;       /* a process runs it: what is live may end at any moment */
	struct arena arena; /* of one line or attempt */
	struct id_set seen;
	struct stranger *strangers; /* the newest first */
	int64_t calls;              /* attempts behind which there is, or may be, a call */
	int64_t missing;
	int64_t unknown;
	int64_t different;
	int64_t doubtful;
};

/* ---- the list -------------------------------------------------------------------------------- */

static void id_add(struct id_set *set, int64_t id)
{
	if (set->count == set->room) {
		set->room = set->room ? set->room * 2 : 1024;
		set->ids = xrealloc(set->ids, set->room * sizeof(*set->ids));
	}
	set->ids[set->count++] = id;
}

static int compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool id_has(const struct id_set *set, int64_t id)
{
	return set->count && bsearch(&id, set->ids, set->count, sizeof(id), compare_ids) != NULL;
}

/* Does the ledger say what Hamsa says? */
static bool agrees(const struct audit *u, const struct attempt *a, enum call_status status)
{
	if (a->state != ATTEMPT_CLOSED)
		return !call_status_is_final(status) || u->running;
	switch (a->outcome) {
	case OUTCOME_TERMINATED:
		/* Ended through Twilio, it looks to Hamsa like any other. */
		return call_status_is_final(status);
	case OUTCOME_LOST:
		/* It never ended by itself. */
		return status == CALL_TERMINATED;
	default:
		return call_status_outcome(status) == a->outcome;
	}
}

static bool see_line(void *data, const struct call_line *line, struct err *e)
{
	struct audit *u = data;
	struct arena *arena = &u->s->arena;
	struct calls_place place;

	arena_reset(&u->arena);
	if (!calls_find(u->s, line->job_id, "", &u->arena, &place, e))
		return false;
	if (place.owner == CALLS_OURS && place.run.id == u->run.id) {
		if (agrees(u, &place.attempt, line->status))
			id_add(&u->seen, place.attempt.id);
		return true;
	}
	if (place.owner != CALLS_FOREIGN)
		return true;
	/* A list that moves while it is read shows a call again a page later. */
	const struct stranger *other = u->strangers;
	for (int i = 0; other && i < NEAR; i++, other = other->next)
		if (strcmp(other->job_id, line->job_id) == 0)
			return true;
	struct stranger *stranger = arena_alloc(arena, sizeof(*stranger));
	*stranger = (struct stranger){
		.job_id = arena_strdup(arena, line->job_id),
		.number = arena_strdup(arena, line->user_number ? line->user_number : ""),
		.created_ms = line->created_ms,
		.next = u->strangers,
	};
	u->strangers = stranger;
	return true;
}

/* The calls of the campaign's agents; those of an inline agent have none to be told by. */
static bool read_list(struct audit *u, struct calls_query *query, struct err *e)
{
	const struct plan *plan = u->s->plan;
	const char *first = NULL;

	if (plan->scenario.inline_agent)
		return calls_each(u->s, query, see_line, u, e);
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		query->agent_id = plan->campaign.agent[i];
		if (!query->agent_id || (first && strcmp(first, query->agent_id) == 0))
			continue;
		first = query->agent_id;
		if (!calls_each(u->s, query, see_line, u, e))
			return false;
	}
	return true;
}

/* ---- what is found --------------------------------------------------------------------------- */

struct finding {
	const char *kind; /* "missing", "unknown", "different", "in_doubt" */
	const char *key;  /* "": of no row */
	int attempt;
	const char *job_id;
	const char *ledger; /* what the ledger says */
	const char *hamsa;  /* what Hamsa says */
};

static void print_finding(const struct audit *u, const struct finding *f)
{
	struct buf out;

	if (!option_given(u->s->in, OPTION_JSON)) {
		say(stdout, "%-10s ", f->kind);
		if (*f->key)
			say(stdout, "%s, attempt %d%s", f->key, f->attempt, *f->job_id ? ", " : "");
		say(stdout, "%s\n           ledger: %s; Hamsa: %s\n", f->job_id, f->ledger,
		    f->hamsa);
		return;
	}
	buf_init(&out, TEXT_MAX);
	buf_addf(&out, "{\"kind\":\"%s\",\"key\":", f->kind);
	buf_add_json(&out, f->key);
	buf_addf(&out, ",\"attempt\":%d,\"job_id\":", f->attempt);
	buf_add_json(&out, f->job_id);
	buf_adds(&out, ",\"ledger\":");
	buf_add_json(&out, f->ledger);
	buf_adds(&out, ",\"hamsa\":");
	buf_add_json(&out, f->hamsa);
	say(stdout, "%s}\n", out.data);
	buf_free(&out);
}

static const char *ledger_word(const struct attempt *a)
{
	if (a->is_void)
		return "never made";
	return a->state == ATTEMPT_CLOSED ? outcome_name(a->outcome) : attempt_state_name(a->state);
}

static bool report(struct audit *u, const struct attempt *a, const char *kind, const char *job_id,
		   const char *hamsa, struct err *e)
{
	struct contact contact;

	if (!ledger_contact_get(u->s->ledger, a->contact_id, &u->arena, &contact, e))
		return false;
	print_finding(u, &(struct finding){
				 .kind = kind,
				 .key = contact.key,
				 .attempt = a->number,
				 .job_id = job_id,
				 .ledger = ledger_word(a),
				 .hamsa = hamsa,
			 });
	return true;
}

/* One call as Hamsa has it now. *gone: it knows none of this id. */
static bool read_call(struct session *s, const char *job_id, struct answer *out, bool *gone,
		      struct err *e)
{
	for (int left = TRIES;; left--) {
		provider_read(&s->provider, 1, job_id);
		await_answer(s, out);
		*gone = out->read == READ_GONE;
		if (out->read == READ_OK || *gone)
			return true;
		if (out->read == READ_STOP)
			return err_set(e, ERR_STOPPED, "Hamsa refuses to answer: %s", out->words);
		if (left == 1)
			return err_set(e, ERR_FAILED, "The call %s cannot be read: %s", job_id,
				       out->words);
		await_time(s, out->retry_after_ms ? out->retry_after_ms : PAUSE_MS);
	}
}

/* ---- the run's attempts ---------------------------------------------------------------------- */

static bool check_attempt(void *data, const struct attempt *listed, struct err *e)
{
	struct audit *u = data;
	struct attempt a;
	struct answer answer;
	bool gone;

	u->calls++;
	if (id_has(&u->seen, listed->id))
		return true;
	arena_reset(&u->arena);
	/* Under a runner it is being placed: in a moment it has an id, or is in doubt. */
	if (!*listed->job_id && listed->state == ATTEMPT_PLACING && u->running)
		return true;
	if (!*listed->job_id) {
		u->doubtful++;
		return report(u, listed, "in_doubt", "", "nobody knows; `nida settle` decides", e);
	}
	if (!read_call(u->s, listed->job_id, &answer, &gone, e) ||
	    !ledger_attempt_get(u->s->ledger, listed->id, &u->arena, &a, e))
		return false;
	if (gone) {
		if (a.state == ATTEMPT_CLOSED && a.outcome == OUTCOME_LOST)
			return true; /* both say so */
		u->missing++;
		return report(u, &a, "missing", a.job_id, "knows no such call", e);
	}
	if (agrees(u, &a, answer.call->status))
		return true;
	u->different++;
	return report(u, &a, "different", a.job_id, call_status_name(answer.call->status), e);
}

/* A call of our agent that no attempt is known for by its id: perhaps by the reference it bears. */
static bool check_stranger(struct audit *u, const struct stranger *stranger, struct err *e)
{
	struct calls_place place;
	struct answer answer;
	char when[MOMENT_SIZE] = "at an unknown time";
	bool gone;

	arena_reset(&u->arena);
	if (!read_call(u->s, stranger->job_id, &answer, &gone, e))
		return false;
	const char *ref = !gone && answer.call->ref ? answer.call->ref : "";
	const char *status = gone ? "gone" : call_status_name(answer.call->status);
	if (!calls_find(u->s, stranger->job_id, ref, &u->arena, &place, e))
		return false;
	if (place.owner == CALLS_TRY || (place.owner == CALLS_OURS && *place.attempt.job_id &&
					 strcmp(place.attempt.job_id, stranger->job_id) == 0))
		return true;
	u->unknown++;
	if (place.owner == CALLS_OURS)
		return report(u, &place.attempt, "unknown", stranger->job_id,
			      arena_printf(&u->arena, "made this call for it (%s)", status), e);
	if (stranger->created_ms)
		moment_short(u->s->plan->campaign.zone, stranger->created_ms, true, when);
	print_finding(u, &(struct finding){
				 .kind = "unknown",
				 .key = "",
				 .job_id = stranger->job_id,
				 .ledger = "nothing here placed it",
				 .hamsa = arena_printf(&u->arena, "%s to %s, %s", status,
						       stranger->number, when),
			 });
	return true;
}

static bool compare(struct audit *u, struct err *e)
{
	int64_t now_ms = clock_wall_ms(&u->s->in->clock);
	struct calls_query query = {
		.from_ms = u->run.created_ms - CALL_SKEW_MS,
		.to_ms = (u->run.finished_ms ? u->run.finished_ms : now_ms) + CALL_SKEW_MS,
	};

	if (!read_list(u, &query, e))
		return false;
	if (u->seen.count)
		qsort(u->seen.ids, u->seen.count, sizeof(*u->seen.ids), compare_ids);
	if (!ledger_attempts_called(u->s->ledger, u->run.id, check_attempt, u, e))
		return false;
	for (const struct stranger *other = u->strangers; other; other = other->next)
		if (!check_stranger(u, other, e))
			return false;
	return true;
}

static bool sum_up(const struct audit *u, struct err *e)
{
	int64_t differences = u->missing + u->unknown + u->different + u->doubtful;

	if (option_given(u->s->in, OPTION_JSON))
		say(stdout,
		    "{\"campaign\":\"%s\",\"run\":\"%s\",\"calls\":%" PRId64 ",\"missing\":%" PRId64
		    ",\"unknown\":%" PRId64 ",\"different\":%" PRId64 ",\"in_doubt\":%" PRId64
		    "}\n",
		    u->run.campaign, u->run.name, u->calls, u->missing, u->unknown, u->different,
		    u->doubtful);
	else if (differences == 0)
		say(stdout, "%" PRId64 " calls, all accounted for.\n", u->calls);
	if (differences == 0)
		return true;
	return err_set(e, ERR_FAILED,
		       "Run %s of campaign %s, %" PRId64 " calls: %" PRId64
		       " missing at Hamsa, %" PRId64 " unknown to the ledger, %" PRId64
		       " different, %" PRId64 " in doubt.",
		       u->run.name, u->run.campaign, u->calls, u->missing, u->unknown, u->different,
		       u->doubtful);
}

static bool audit(struct session *s, struct err *e)
{
	struct audit u = {.s = s};

	if (!session_need_run(s, LEDGER_READ, &u.run, e) || !session_open_hamsa(s, false, e))
		return false;
	u.running = ledger_lock_holder(s->ledger, u.run.campaign) != 0;
	bool ok = compare(&u, e) && sum_up(&u, e);
	free(u.seen.ids);
	arena_free(&u.arena);
	return ok;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	bool ok = session_load_plan(&s, in, e) && audit(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_RUN, OPTION_JSON, OPTION_LEDGER, OPTION_ENV_FILE,
					 OPTION_HELP};

const struct verb verb_audit = {
	.name = "audit",
	.arguments = "CAMPAIGN",
	.least = 1,
	.most = 1,
	.summary = "compare the ledger with Hamsa's own list, call by call",
	.details =
		"Over the time of the newest run, or of the one --run names. Says that all calls "
		"are accounted for,\nor names each that is missing (Hamsa does not know it), "
		"unknown (Hamsa has it, from the campaign's\nagent, and nothing here placed it), "
		"different (the two disagree about its end), or in doubt; then\nit exits with 1. "
		"Calls of other runs and of `nida try` are known and not counted.",
	.example = "  nida audit campaigns/payment-reminder.yaml",
	.options = options,
	.run = run,
};
