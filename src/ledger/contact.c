#include "ledger/contact.h"

#include "contact_p.h"

#include "ledger/event.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static int64_t run_of(int64_t contact_id)
{
	return contact_id >> CONTACT_ORDINAL_BITS;
}

int64_t contact_id_of(int64_t run_id, int64_t ordinal)
{
	return run_id << CONTACT_ORDINAL_BITS | ordinal;
}

int64_t ledger_contact_ordinal(int64_t contact_id)
{
	return contact_id & ((INT64_C(1) << CONTACT_ORDINAL_BITS) - 1);
}

void contact_read(sqlite3_stmt *stmt, struct arena *arena, struct contact *out)
{
	const char *why = statement_text(stmt, 9);

	*out = (struct contact){
		.id = sqlite3_column_int64(stmt, 0),
		.run_id = sqlite3_column_int64(stmt, 1),
		.line = sqlite3_column_int64(stmt, 2),
		.key = statement_copy(stmt, 3, arena),
		.phone = statement_copy(stmt, 4, arena),
		.language = statement_copy(stmt, 5, arena),
		.zone = statement_copy(stmt, 6, arena),
		.cells = statement_copy(stmt, 7, arena),
		.detail = statement_copy(stmt, 10, arena),
		.attempts = sqlite3_column_int(stmt, 11),
		.due_ms = sqlite3_column_int64(stmt, 12),
	};
	out->ordinal = ledger_contact_ordinal(out->id);
	out->removed = strcmp(out->cells, "[]") == 0;
	if (out->removed)
		out->phone = "";
	if (!contact_state_from_name(statement_text(stmt, 8), &out->state))
		BUG("contact state '%s' in the ledger", statement_text(stmt, 8));
	if (out->state == CONTACT_SKIPPED) {
		if (!skip_reason_from_name(why, &out->reason))
			BUG("skip reason '%s' in the ledger", why);
	} else if (*why && !outcome_from_name(why, &out->outcome)) {
		BUG("outcome '%s' in the ledger", why);
	}
}

bool contact_move(struct ledger *l, const struct contact_change *change, struct err *e)
{
	if (!contact_may_move(change->from, change->to))
		BUG("contact %" PRId64 " cannot go from %s to %s", change->id,
		    contact_state_name(change->from), contact_state_name(change->to));
	/* One that waits without a moment of its own is fresh, and fresh rows are taken up once. */
	if (change->to == CONTACT_PENDING && change->due_ms <= 0)
		BUG("contact %" PRId64 " waits again, but not for a moment", change->id);
	bool ok =
		change->to == CONTACT_SKIPPED
			? statement_run(l, STMT_CONTACT_SKIP, e, "isss", change->id,
					contact_state_name(change->from), change->why,
					change->detail)
			: statement_run(l, STMT_CONTACT_MOVE, e, "issssii", change->id,
					contact_state_name(change->from),
					contact_state_name(change->to), change->why, change->detail,
					(int64_t)change->attempts, change->due_ms);
	if (!ok)
		return false;
	if (statement_changes(l) != 1)
		BUG("contact %" PRId64 " is not %s in the ledger", change->id,
		    contact_state_name(change->from));
	return totals_move(l, run_of(change->id), change->from, change->to, change->why, 1, e);
}

static bool contact_insert(struct ledger *l, const struct contact *c, enum contact_state state,
			   const char *why, const char *detail, struct err *e)
{
	return statement_run(l, STMT_CONTACT_ADD, e, "iiissssssss",
			     contact_id_of(c->run_id, c->ordinal), c->run_id, c->line, c->key,
			     c->phone, c->language, c->zone, c->cells, contact_state_name(state),
			     why, detail);
}

bool ledger_contact_add(struct ledger *l, const struct contact *c, struct err *e)
{
	if (c->state == CONTACT_SKIPPED)
		return contact_insert(l, c, CONTACT_SKIPPED, skip_reason_name(c->reason), c->detail,
				      e);
	if (!contact_insert(l, c, CONTACT_PENDING, "", "", e))
		return false;
	if (statement_changes(l) == 1)
		return true;

	/* An earlier row has this key: only one of the two can be called. */
	struct arena arena = {0};
	struct contact first;
	char detail[160];
	bool found = false;
	bool ok = ledger_contact_by_key(l, c->run_id, c->key, &arena, &first, &found, e);

	if (ok) {
		snprintf(detail, sizeof(detail),
			 "row %" PRId64 " (line %" PRId64 ") has the same key",
			 found ? first.ordinal : 0, found ? first.line : 0);
		ok = contact_insert(l, c, CONTACT_SKIPPED, skip_reason_name(SKIP_DUPLICATE), detail,
				    e);
		if (ok && statement_changes(l) != 1)
			BUG("row %" PRId64 " is in the ledger already", c->ordinal);
	}
	arena_free(&arena);
	return ok;
}

bool ledger_contacts_unlist(struct ledger *l, int64_t run_id, int64_t *last, struct err *e)
{
	sqlite3_stmt *stmt;

	/* Before any is forgotten: an id that was somebody's never becomes somebody else's. */
	if (!statement_get(l, STMT_CONTACTS_LAST, &stmt, e, "i", run_id) ||
	    statement_row(l, stmt, e) != SQLITE_ROW)
		return false;
	*last = ledger_contact_ordinal(sqlite3_column_int64(stmt, 0));
	sqlite3_reset(stmt);
	return statement_run(l, STMT_CONTACTS_FORGET, e, "i", run_id) &&
	       statement_run(l, STMT_CONTACTS_UNLIST, e, "i", run_id);
}

bool ledger_contact_renew(struct ledger *l, const struct contact *c, bool *known, struct err *e)
{
	struct arena arena = {0};
	struct contact old;
	bool ok = ledger_contact_by_key(l, c->run_id, c->key, &arena, &old, known, e);

	if (ok && *known && c->state == CONTACT_SKIPPED && old.state == CONTACT_PENDING)
		ok = contact_move(l,
				  &(struct contact_change){.id = old.id,
							   .from = CONTACT_PENDING,
							   .to = CONTACT_SKIPPED,
							   .why = skip_reason_name(c->reason),
							   .detail = c->detail},
				  e);
	else if (ok && *known && c->state != CONTACT_SKIPPED)
		/* Either changes a row only in the one state; done and open ones stay as they are.
		 */
		ok = statement_run(l, STMT_CONTACT_RENEW, e, "iissss", old.id, c->line, c->phone,
				   c->language, c->zone, c->cells) &&
		     statement_run(l, STMT_CONTACT_REVIVE, e, "iissss", old.id, c->line, c->phone,
				   c->language, c->zone, c->cells);
	arena_free(&arena);
	return ok;
}

bool ledger_contacts_skip_unlisted(struct ledger *l, int64_t run_id, struct err *e)
{
	return statement_run(l, STMT_CONTACTS_SKIP_UNLISTED, e, "i", run_id);
}

static bool read_all(struct ledger *l, sqlite3_stmt *stmt, struct arena *arena, size_t most,
		     struct contact *out, size_t *count, struct err *e)
{
	int rc = SQLITE_DONE;

	while (*count < most && (rc = statement_row(l, stmt, e)) == SQLITE_ROW)
		contact_read(stmt, arena, &out[(*count)++]);
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

/* The whole list was taken up; so that the next search does not walk over a long tail of it. */
static bool no_more_fresh(struct ledger *l, int64_t run_id, struct err *e)
{
	sqlite3_stmt *stmt;
	int64_t last;

	if (!statement_get(l, STMT_CONTACT_LAST, &stmt, e, "i", run_id) ||
	    !statement_number(l, stmt, &last, e))
		return false;
	totals_fresh_after(l, run_id, last);
	return true;
}

bool ledger_contacts_due(struct ledger *l, int64_t run_id, int64_t now_ms, size_t most,
			 struct arena *arena, struct contact *out, size_t *count, struct err *e)
{
	sqlite3_stmt *stmt;

	*count = 0;
	if (!statement_get(l, STMT_CONTACT_DUE_RETRIES, &stmt, e, "iii", run_id, now_ms,
			   (int64_t)most) ||
	    !read_all(l, stmt, arena, most, out, count, e))
		return false;
	if (*count == most)
		return true;

	size_t retries = *count;
	if (!statement_get(l, STMT_CONTACT_DUE_FRESH, &stmt, e, "iii", run_id,
			   (int64_t)(most - *count), totals_known_fresh(l, run_id)) ||
	    !read_all(l, stmt, arena, most, out, count, e))
		return false;
	if (*count == retries)
		return no_more_fresh(l, run_id, e);
	totals_fresh_after(l, run_id, out[retries].id - 1);
	return true;
}

bool ledger_contacts_next_due(struct ledger *l, int64_t run_id, int64_t now_ms, int64_t *out_ms,
			      struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_CONTACT_NEXT_DUE, &stmt, e, "ii", run_id, now_ms) ||
	    statement_row(l, stmt, e) != SQLITE_ROW)
		return false;
	*out_ms = sqlite3_column_type(stmt, 0) == SQLITE_NULL ? INT64_MAX
							      : sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return true;
}

bool ledger_contacts_last_due(struct ledger *l, int64_t run_id, int64_t *out_ms, struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_CONTACT_LAST_DUE, &stmt, e, "i", run_id))
		return false;
	int rc = statement_row(l, stmt, e);
	*out_ms = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool ledger_contact_get(struct ledger *l, int64_t id, struct arena *arena, struct contact *out,
			struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_known(l, STMT_CONTACT_GET, "contact", id, &stmt, e))
		return false;
	contact_read(stmt, arena, out);
	sqlite3_reset(stmt);
	return true;
}

static bool find_by_key(struct ledger *l, enum statement which, int64_t run_id, const char *key,
			struct arena *arena, struct contact *out, bool *found, struct err *e)
{
	sqlite3_stmt *stmt;

	if (!statement_get(l, which, &stmt, e, "is", run_id, key))
		return false;
	int rc = statement_row(l, stmt, e);
	*found = rc == SQLITE_ROW;
	if (*found) {
		contact_read(stmt, arena, out);
		sqlite3_reset(stmt);
	}
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

bool ledger_contact_by_key(struct ledger *l, int64_t run_id, const char *key, struct arena *arena,
			   struct contact *out, bool *found, struct err *e)
{
	return find_by_key(l, STMT_CONTACT_BY_KEY, run_id, key, arena, out, found, e);
}

bool ledger_contact_any_by_key(struct ledger *l, int64_t run_id, const char *key,
			       struct arena *arena, struct contact *out, bool *found, struct err *e)
{
	/* The callable ones have an index; the others are looked for one by one. */
	return find_by_key(l, STMT_CONTACT_BY_KEY, run_id, key, arena, out, found, e) &&
	       (*found ||
		find_by_key(l, STMT_CONTACT_ANY_BY_KEY, run_id, key, arena, out, found, e));
}

bool ledger_contact_skip(struct ledger *l, int64_t id, enum skip_reason reason, const char *detail,
			 int64_t now_ms, struct err *e)
{
	struct arena arena = {0};
	const char *text = arena_printf(&arena, "%s%s%s", skip_reason_name(reason),
					*detail ? ": " : "", detail);
	bool ok = contact_move(l,
			       &(struct contact_change){.id = id,
							.from = CONTACT_PENDING,
							.to = CONTACT_SKIPPED,
							.why = skip_reason_name(reason),
							.detail = detail},
			       e) &&
		  ledger_event_add(l,
				   &(struct event){.run_id = run_of(id),
						   .contact_id = id,
						   .at_ms = now_ms,
						   .kind = "row.skipped",
						   .text = text},
				   e);
	arena_free(&arena);
	return ok;
}

bool ledger_contacts_skip_pending(struct ledger *l, int64_t run_id, enum skip_reason reason,
				  const char *detail, int64_t now_ms, int64_t *count, struct err *e)
{
	struct arena arena = {0};

	if (!statement_run(l, STMT_CONTACT_SKIP_WAITING, e, "iss", run_id, skip_reason_name(reason),
			   detail))
		return false;
	*count = statement_changes(l);
	if (!statement_run(l, STMT_CONTACT_SKIP_FRESH, e, "issi", run_id, skip_reason_name(reason),
			   detail, totals_known_fresh(l, run_id)))
		return false;
	*count += statement_changes(l);
	if (!no_more_fresh(l, run_id, e))
		return false;
	if (*count == 0)
		return true;
	const char *text = arena_printf(&arena, "%" PRId64 " rows: %s%s%s", *count,
					skip_reason_name(reason), *detail ? ": " : "", detail);
	bool ok = totals_move(l, run_id, CONTACT_PENDING, CONTACT_SKIPPED, skip_reason_name(reason),
			      *count, e) &&
		  ledger_event_add(l,
				   &(struct event){.run_id = run_id,
						   .at_ms = now_ms,
						   .kind = "rows.skipped",
						   .text = text},
				   e);
	arena_free(&arena);
	return ok;
}

bool ledger_contact_defer(struct ledger *l, int64_t id, int64_t due_ms, struct err *e)
{
	if (due_ms <= 0)
		BUG("contact %" PRId64 " is put off, but not to a moment", id);
	return statement_run(l, STMT_CONTACT_DEFER, e, "ii", id, due_ms);
}
