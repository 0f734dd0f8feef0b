/*
 * Judging: the network's record and nida's dials against the campaign's rules and the ledger.
 */
#include "storm.h"

#include "../../src/ledger/statement_p.h"
#include "base/moment.h"
#include "ledger/run.h"
#include "ledger/suppression.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool storm_fail(struct storm *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(s->words, sizeof(s->words), fmt, args);
	va_end(args);
	return false;
}

/* A call of ours that really came to be. */
struct fact {
	const struct network_call *call;
	const char *row; /* the name among its params: one for each row */
	const char *ref;
};

struct facts {
	size_t count;
	struct fact *items; /* in the order of asking */
};

static struct facts gather(struct storm *s)
{
	struct network *n = rehearsal_network(&s->network);
	size_t count = network_call_count(n);
	struct facts facts = {.items = xcalloc(count, sizeof(*facts.items))};

	network_advance(n, rehearsal_network_ms(&s->network));
	for (size_t i = 0; i < count; i++) {
		const struct network_call *call = network_call_at(n, i);
		const char *ref = network_call_param(call, "nidaRef");
		if (ref && call->created_ms > 0)
			facts.items[facts.count++] = (struct fact){
				.call = call,
				.row = network_call_param(call, "name"),
				.ref = ref,
			};
	}
	return facts;
}

static bool answered(const struct network_call *call)
{
	return call->status == CALL_COMPLETED || call->status == CALL_FORWARDED ||
	       call->status == CALL_TERMINATED;
}

/* Nobody is dialled while an earlier call to the number is up or may be, nor a row too often,
 * nor one that has spoken with us. */
static bool judge_repetitions(struct storm *s, const struct facts *facts)
{
	int most = s->plan->campaign.retry.attempts;

	for (size_t i = 0; i < facts->count; i++) {
		const struct network_call *now = facts->items[i].call;
		int calls = 1;

		for (size_t k = 0; k < i; k++) {
			const struct network_call *earlier = facts->items[k].call;
			if (strcmp(earlier->to, now->to) == 0 &&
			    (earlier->ended_ms == 0 || earlier->ended_ms > now->asked_ms))
				return storm_fail(s,
						  "%s is dialled at %" PRId64
						  " while its call %s (asked %" PRId64
						  ", made %" PRId64 ", ended %" PRId64 ") is up",
						  now->to, now->asked_ms, earlier->id,
						  earlier->asked_ms, earlier->created_ms,
						  earlier->ended_ms);
			if (strcmp(facts->items[k].row, facts->items[i].row) != 0)
				continue;
			calls++;
			if (answered(earlier))
				return storm_fail(s, "%s is called again after %s was %s",
						  facts->items[i].row, earlier->id,
						  call_status_name(earlier->status));
		}
		if (calls > most)
			return storm_fail(s, "%s is called %d times, %d attempts are allowed",
					  facts->items[i].row, calls, most);
	}
	return true;
}

/* By plain arithmetic, not by the functions under test. */
static bool judge_hours(struct storm *s)
{
	for (size_t i = 0; i < s->dial_count; i++) {
		int64_t wall_ms = s->dials[i].wall_ms;
		int64_t hour = (wall_ms + MUSCAT_MS) % DAY_MS / HOUR_MS;
		bool open = (hour >= 9 && hour < 13) || (hour >= 16 && hour < s->close_hour);
		if (!open || (s->until_ms > 0 && wall_ms >= s->until_ms))
			return storm_fail(s, "%s is dialled outside hours, at %" PRId64,
					  s->dials[i].to, wall_ms);
	}
	return true;
}

/* Even spacing, and in any minute no more than the pace; dials stand in the order of time. */
static bool judge_pace(struct storm *s)
{
	int64_t most = s->plan->campaign.calls_per_minute;

	if (s->clock_jumps)
		return true; /* a new process knows the last dial by the wall clock alone */
	for (size_t i = 1; i < s->dial_count; i++) {
		int64_t gap_ms = s->dials[i].network_ms - s->dials[i - 1].network_ms;
		if (gap_ms < MINUTE_MS / most)
			return storm_fail(s,
					  "%" PRId64 " ms between two dials, %" PRId64 " a minute",
					  gap_ms, most);
	}
	for (size_t i = (size_t)most; i < s->dial_count; i++) {
		const struct dial *first = &s->dials[i - (size_t)most];
		if (s->dials[i].network_ms - first->network_ms < MINUTE_MS)
			return storm_fail(s,
					  "more than %" PRId64
					  " dials in the minute after %" PRId64,
					  most, first->network_ms);
	}
	return true;
}

static bool judge_live_cap(struct storm *s, const struct facts *facts)
{
	int64_t cap = s->plan->campaign.live;

	for (size_t i = 0; i < facts->count; i++) {
		const struct network_call *now = facts->items[i].call;
		int64_t up = 0;
		for (size_t k = 0; k < facts->count; k++) {
			const struct network_call *other = facts->items[k].call;
			bool stuck = other->faults & 1u << NETWORK_STUCK;
			if (!stuck && other->created_ms <= now->asked_ms &&
			    (other->ended_ms == 0 || other->ended_ms > now->asked_ms))
				up++;
		}
		/* The call itself is among them once it is made. */
		if (up > cap)
			return storm_fail(s,
					  "%" PRId64 " calls are up at %" PRId64
					  ", the cap is %" PRId64,
					  up, now->asked_ms, cap);
	}
	return true;
}

/* Did this customer say "never again", in a way that nida must have heard? */
static bool said_never_again(struct storm *s, const struct network_call *call)
{
	const unsigned deaf = 1u << NETWORK_GONE | 1u << NETWORK_STUCK;
	struct arena arena = {0};
	struct call_report report = {0};
	enum network_reading reading = NETWORK_NOT_NOW;
	bool said = false;

	if (call->ended_ms == 0 || call->faults & deaf)
		return false;
	/* Readings fail at random, and the first of them may lack the result. */
	for (int i = 0; i < 100 && reading != NETWORK_UNKNOWN && report.value_count == 0; i++)
		reading = network_read(rehearsal_network(&s->network),
				       rehearsal_network_ms(&s->network), call->id, &arena, &report,
				       NULL);
	for (size_t i = 0; reading == NETWORK_FOUND && i < report.value_count; i++)
		said |= strcmp(report.values[i].name, "disposition") == 0 &&
			strcmp(report.values[i].value, s->never_again) == 0;
	arena_free(&arena);
	return said;
}

/* A number with a call that is up is not dialled, and the end of a call is recorded with what was
 * said; so whatever is dialled later was dialled in spite of it. */
static bool judge_never_again(struct storm *s, const struct facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct network_call *call = facts->items[i].call;
		if (!said_never_again(s, call))
			continue;
		for (size_t k = 0; k < s->dial_count; k++)
			if (strcmp(s->dials[k].to, call->to) == 0 &&
			    s->dials[k].network_ms > call->ended_ms)
				return storm_fail(s,
						  "%s is dialled after it said never again in %s",
						  call->to, call->id);
	}
	return true;
}

struct suppressed_check {
	struct storm *s;
	bool ok;
};

static bool check_suppressed(void *data, const struct suppressed *p, struct err *e)
{
	struct suppressed_check *check = data;
	struct storm *s = check->s;

	(void)e;
	for (size_t i = 0; i < s->dial_count && check->ok; i++)
		if (strcmp(s->dials[i].to, p->phone) == 0 && s->dials[i].wall_ms > p->at_ms &&
		    !s->clock_jumps)
			check->ok =
				storm_fail(s, "%s is dialled after it was suppressed", p->phone);
	return true;
}

static bool judge_suppression(struct storm *s, struct ledger *l)
{
	struct suppressed_check check = {.s = s, .ok = true};
	char path[192];
	char line[64];
	struct err e;

	snprintf(path, sizeof(path), "%s/never.csv", s->folder);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < s->dial_count; i++)
			if (strcmp(s->dials[i].to, line) == 0)
				check.ok = storm_fail(s, "%s is dialled and stands in never.csv",
						      line);
	}
	if (f)
		fclose(f);
	return check.ok && ledger_suppression_each(l, check_suppressed, &check, &e) && check.ok;
}

static bool judge_tally(struct storm *s, struct ledger *l, int64_t run_id)
{
	struct tally t;
	struct run run;
	struct arena arena = {0};
	struct err e;
	int64_t sum = 0;

	if (!ledger_run_tally(l, run_id, &t, &e) || !ledger_run_get(l, run_id, &arena, &run, &e))
		return storm_fail(s, "%s", e.text);
	arena_free(&arena);
	for (int i = 0; i < CONTACT_STATE_COUNT; i++)
		sum += t.state[i];
	if (t.rows != s->rows || sum != t.rows)
		return storm_fail(s, "%" PRId64 " rows in the tally, %d in the list", t.rows,
				  s->rows);
	if (t.state[CONTACT_PLACING] + t.state[CONTACT_LIVE] > 0 ||
	    (t.state[CONTACT_PENDING] > 0 && !s->guarded))
		return storm_fail(s,
				  "the run is over, but %" PRId64 " pending, %" PRId64
				  " placing, %" PRId64 " live",
				  t.state[CONTACT_PENDING], t.state[CONTACT_PLACING],
				  t.state[CONTACT_LIVE]);
	if (s->plan->campaign.guard.has_budget && run.cost.micro < 0)
		return storm_fail(s, "the cost is negative");
	return true;
}

/* The tally is kept step by step; here it is counted afresh. */
static bool judge_counting(struct storm *s, struct ledger *l)
{
	static const char sql[] =
		"SELECT count(*) FROM (SELECT run_id, state, CASE WHEN state IN ('done', "
		"'skipped') "
		"THEN why ELSE '' END AS why, count(*) AS n FROM contact GROUP BY 1, 2, 3) c "
		"LEFT JOIN tally t USING (run_id, state, why) WHERE t.contacts IS NOT c.n";
	sqlite3_stmt *stmt;
	int64_t wrong;

	if (sqlite3_prepare_v2(l->db, sql, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW)
		return storm_fail(s, "%s", sqlite3_errmsg(l->db));
	wrong = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return wrong == 0 ? true : storm_fail(s, "the tally is wrong in %" PRId64 " places", wrong);
}

static const struct fact *fact_of(const struct facts *facts, const char *ref)
{
	for (size_t i = 0; i < facts->count; i++)
		if (strcmp(facts->items[i].ref, ref) == 0)
			return &facts->items[i];
	return NULL;
}

static bool outcome_fits(const char *outcome, const struct network_call *call)
{
	enum outcome o;

	if (!outcome_from_name(outcome, &o))
		return false;
	/* Lost says that Hamsa could not tell, or that nida ended a call that did not end. */
	return o == OUTCOME_LOST || o == call_status_outcome(call->status);
}

static bool judge_attempt(struct storm *s, const struct facts *facts, sqlite3_stmt *stmt)
{
	const char *ref = statement_text(stmt, 0);
	const char *state = statement_text(stmt, 1);
	const char *void_why = statement_text(stmt, 2);
	const char *job_id = statement_text(stmt, 3);
	const char *outcome = statement_text(stmt, 4);
	const struct fact *fact = fact_of(facts, ref);

	if (*void_why && fact)
		return storm_fail(s,
				  "attempt %s is void (%s), but call %s was made (asked %" PRId64
				  ", created %" PRId64 ", faults %x)",
				  ref, void_why, fact->call->id, fact->call->asked_ms,
				  fact->call->created_ms, fact->call->faults);
	if (*job_id && (!fact || strcmp(fact->call->id, job_id) != 0))
		return storm_fail(s, "attempt %s was given the call %s, which is not its own", ref,
				  job_id);
	if (*outcome && *job_id && !outcome_fits(outcome, fact->call))
		return storm_fail(s, "attempt %s is %s in the ledger, its call %s is %s", ref,
				  outcome, job_id, call_status_name(fact->call->status));
	if (strcmp(state, "closed") != 0 && strcmp(state, "in_doubt") != 0)
		return storm_fail(s, "attempt %s is %s at the end", ref, state);
	return true;
}

static bool judge_attempts(struct storm *s, const struct facts *facts, struct ledger *l)
{
	static const char sql[] = "SELECT ref, state, void, job_id, outcome FROM attempt";
	sqlite3_stmt *stmt;
	bool ok = true;
	int64_t known = 0;

	if (sqlite3_prepare_v2(l->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return storm_fail(s, "%s", sqlite3_errmsg(l->db));
	while (ok && sqlite3_step(stmt) == SQLITE_ROW) {
		ok = judge_attempt(s, facts, stmt);
		known += fact_of(facts, statement_text(stmt, 0)) != NULL;
	}
	sqlite3_finalize(stmt);
	if (ok && known != (int64_t)facts->count)
		return storm_fail(s, "%zu calls were made, the ledger knows %" PRId64, facts->count,
				  known);
	return ok;
}

/* Money: never more than the budget and what was up when it was reached. */
static bool judge_budget(struct storm *s, const struct facts *facts, struct ledger *l,
			 int64_t run_id)
{
	const struct guard *guard = &s->plan->campaign.guard;
	struct arena arena = {0};
	struct run run;
	struct err e;

	for (size_t i = 0; i < facts->count; i++)
		if (facts->items[i].call->faults & 1u << NETWORK_STUCK)
			return true; /* it talks as long as nobody ends it */
	if (!guard->has_budget)
		return true;
	if (!ledger_run_get(l, run_id, &arena, &run, &e))
		return storm_fail(s, "%s", e.text);
	arena_free(&arena);
	/* The longest call is 90 s at 0.1 a minute. */
	int64_t most = guard->budget.micro + (s->plan->campaign.live + 1) * 150000;
	if (run.cost.micro > most)
		return storm_fail(s, "%" PRId64 " millionths were spent of %" PRId64,
				  run.cost.micro, guard->budget.micro);
	return true;
}

bool storm_judge(struct storm *s, struct ledger *l, int64_t run_id)
{
	struct facts facts = gather(s);
	bool ok = judge_repetitions(s, &facts) && judge_hours(s) && judge_pace(s) &&
		  judge_live_cap(s, &facts) && judge_suppression(s, l) &&
		  judge_never_again(s, &facts) && judge_tally(s, l, run_id) &&
		  judge_counting(s, l) && judge_attempts(s, &facts, l) &&
		  judge_budget(s, &facts, l, run_id) && storm_judge_rules(s, l);

	free(facts.items);
	return ok;
}
