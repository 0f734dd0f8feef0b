/*
 * Judging the rules that say who may be called and when to stop: consent, duplicates, per_person,
 * the breaker, the canary. By the list as it was written and plain arithmetic over the ledger's
 * attempts.
 */
#include "storm.h"

#include "../../src/ledger/statement_p.h"
#include "base/moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An attempt that was made, or may have been. */
struct tried {
	int64_t intent_ms;
	int64_t closed_ms; /* INT64_MAX: it is still in doubt */
	bool answered;
	bool failed;
	bool talked;
	bool lost;
	bool doubted; /* at some time */
	int64_t contact_id;
	char phone[24];
};

struct tries {
	size_t count;
	struct tried *items; /* in the order of their intents */
	bool absent; /* some were proven absent, perhaps after the canary had counted them */
};

static bool any_absent(struct ledger *l)
{
	sqlite3_stmt *stmt;
	bool found = sqlite3_prepare_v2(l->db, "SELECT 1 FROM attempt WHERE void = 'absent'", -1,
					&stmt, NULL) == SQLITE_OK &&
		     sqlite3_step(stmt) == SQLITE_ROW;

	sqlite3_finalize(stmt);
	return found;
}

static bool gather(struct storm *s, struct ledger *l, struct tries *out)
{
	static const char sql[] = "SELECT intent_ms, closed_ms, coalesce(outcome, ''), phone, "
				  "talk_ms, EXISTS (SELECT 1 FROM event WHERE attempt_id = "
				  "attempt.id AND kind = 'call.in_doubt'), contact_id FROM attempt "
				  "WHERE void IS NULL ORDER BY id";
	sqlite3_stmt *stmt;

	*out = (struct tries){
		.items = xcalloc(s->dial_count + 1, sizeof(*out->items)),
		.absent = any_absent(l),
	};
	if (sqlite3_prepare_v2(l->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return storm_fail(s, "%s", sqlite3_errmsg(l->db));
	while (sqlite3_step(stmt) == SQLITE_ROW && out->count < s->dial_count) {
		struct tried *t = &out->items[out->count++];
		const char *outcome = statement_text(stmt, 2);
		t->intent_ms = sqlite3_column_int64(stmt, 0);
		t->closed_ms = *outcome ? sqlite3_column_int64(stmt, 1) : INT64_MAX;
		t->answered =
			strcmp(outcome, "completed") == 0 || strcmp(outcome, "forwarded") == 0;
		t->doubted = sqlite3_column_int(stmt, 5) != 0;
		t->lost = strcmp(outcome, "lost") == 0;
		t->failed = t->lost || strcmp(outcome, "failed") == 0;
		t->talked = t->answered || sqlite3_column_int64(stmt, 4) > 0 ||
			    t->closed_ms == INT64_MAX;
		t->contact_id = sqlite3_column_int64(stmt, 6);
		snprintf(t->phone, sizeof(t->phone), "%s", statement_text(stmt, 3));
	}
	sqlite3_finalize(stmt);
	return true;
}

static bool judge_rows(struct storm *s)
{
	for (size_t i = 0; i < s->dial_count; i++) {
		int row = s->dials[i].row;
		if (row < 1 || row > s->rows || !s->list[row].sound)
			return storm_fail(s, "row %d is dialled and cannot be", row);
		if (s->asks_consent && !s->list[row].consents)
			return storm_fail(s, "row %d is dialled without consent", row);
	}
	return true;
}

static bool is_called(const struct storm *s, int row)
{
	return s->list[row].sound && (s->list[row].consents || !s->asks_consent);
}

/* Of the rows of one number that can be called: the first alone, or none when there are two. */
static bool judge_duplicates(struct storm *s)
{
	enum duplicates_rule rule = s->plan->campaign.list.duplicates;

	for (size_t i = 0; i < s->dial_count && rule != DUPLICATES_ALL; i++) {
		int row = s->dials[i].row;
		for (int other = 1; other <= s->rows; other++) {
			if (other == row || s->list[other].number != s->list[row].number ||
			    !is_called(s, other))
				continue;
			if (rule == DUPLICATES_REJECT || other < row)
				return storm_fail(s,
						  "row %d is dialled and has the number of row %d",
						  row, other);
		}
	}
	return true;
}

static int64_t muscat_day(int64_t wall_ms)
{
	return (wall_ms + MUSCAT_MS) / DAY_MS;
}

static bool judge_person(struct storm *s, const struct tries *tries)
{
	const struct person_rule *rule = &s->plan->campaign.guard.person;

	if (s->clock_jumps)
		return true; /* a day that comes twice has its calls twice */
	for (size_t i = 0; i < tries->count; i++) {
		const struct tried *now = &tries->items[i];
		int today = 1;
		int week = 1;
		for (size_t k = 0; k < i; k++) {
			const struct tried *then = &tries->items[k];
			int64_t days = muscat_day(now->intent_ms) - muscat_day(then->intent_ms);
			if (strcmp(then->phone, now->phone) != 0)
				continue;
			if (now->intent_ms - then->intent_ms < rule->min_gap_ms)
				return storm_fail(s, "%s is called again after %" PRId64 " ms",
						  now->phone, now->intent_ms - then->intent_ms);
			today += days == 0;
			week += days < 7;
		}
		if ((rule->per_day > 0 && today > rule->per_day) ||
		    (rule->per_week > 0 && week > rule->per_week))
			return storm_fail(s, "%s is called %d times a day, %d times a week",
					  now->phone, today, week);
	}
	return true;
}

/* Of the attempts before `dial`, how many ended after from_ms and before to_ms, and of them failed?
 */
static int ended_between(const struct tries *tries, size_t dial, int64_t from_ms, int64_t to_ms,
			 int *failed)
{
	int ended = 0;

	*failed = 0;
	for (size_t i = 0; i < dial; i++) {
		const struct tried *t = &tries->items[i];
		if (t->closed_ms < from_ms || t->closed_ms >= to_ms)
			continue;
		ended++;
		*failed += t->failed;
	}
	return ended;
}

/* Did the last calls all fail, as many as the breaker looks at? What talked in that time was
 * counted when it began to talk, and what got lost perhaps too: where one of these comes in, it is
 * left open. */
static bool breaker_must_stop(const struct storm *s, const struct tries *tries, size_t dial)
{
	int most = s->plan->campaign.guard.breaker.of_last;
	int64_t now_ms = tries->items[dial].intent_ms;

	for (size_t first = 0; first < dial; first++) {
		int64_t from_ms = tries->items[first].closed_ms;
		int failed;
		int ended = ended_between(tries, dial, from_ms, now_ms, &failed);
		bool open = false;
		for (size_t i = 0; i < dial; i++)
			open |= (tries->items[i].talked || tries->items[i].lost) &&
				tries->items[i].closed_ms >= from_ms;
		if (ended >= most && ended == failed && !open)
			return true;
	}
	return false;
}

static bool judge_breaker(struct storm *s, const struct tries *tries)
{
	if (!s->fails_often || s->clock_jumps)
		return true;
	for (size_t i = 0; i < tries->count; i++)
		if (breaker_must_stop(s, tries, i))
			return storm_fail(s, "%s is called although the breaker must have tripped",
					  tries->items[i].phone);
	return true;
}

/* How many different rows stand among the first tries; with `answered`, how many of them answered
 * one. */
static size_t rows_among(const struct tries *tries, size_t count, bool answered)
{
	size_t rows = 0;

	for (size_t i = 0; i < count; i++) {
		bool again = answered && !tries->items[i].answered;
		for (size_t j = 0; j < i && !again; j++)
			again = tries->items[j].contact_id == tries->items[i].contact_id &&
				(!answered || tries->items[j].answered);
		rows += !again;
	}
	return rows;
}

/* Whoever is called after the first rows: their calls are over, and enough of them were answered.
 */
static bool judge_canary(struct storm *s, const struct tries *tries)
{
	const struct canary_rule *rule = &s->plan->campaign.guard.canary;
	size_t rows = (size_t)rule->rows;
	size_t first = 0; /* tries until so many rows were called */

	while (first < tries->count && rows_among(tries, first, false) < rows)
		first++;
	/* Without those that were never made, others than it judged stand among the first. */
	if (rows == 0 || tries->count <= first || s->clock_jumps || tries->absent)
		return true;
	for (size_t i = 0; i < first; i++)
		/* What is in doubt is not waited for longer than it takes to settle. */
		if (!tries->items[i].doubted &&
		    tries->items[i].closed_ms > tries->items[first].intent_ms)
			return storm_fail(s,
					  "call %zu begins before call %zu is over, the canary "
					  "has %zu rows",
					  first + 1, i + 1, rows);
	size_t answered = rows_among(tries, first, true);
	if ((double)answered + 1e-9 < rule->min_answered * (double)rows)
		return storm_fail(s, "%zu calls, although %zu of %zu rows were answered",
				  tries->count, answered, rows);
	return true;
}

bool storm_judge_rules(struct storm *s, struct ledger *l)
{
	struct tries tries;
	bool ok = gather(s, l, &tries) && judge_rows(s) && judge_duplicates(s) &&
		  judge_person(s, &tries) && judge_breaker(s, &tries) && judge_canary(s, &tries);

	free(tries.items);
	return ok;
}
