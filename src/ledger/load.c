#include "ledger/load.h"

#include "contact_p.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As many keys as an index in the cache can take in any order. */
#define SMALL_LIST 100000

/* A list that is loaded without the index of the keys. */
struct load {
	char *key_index; /* its SQL */
	struct arena arena;
	size_t count; /* rows that wait to be written together; their texts are in the arena */
	struct contact rows[LOAD_ROWS];
};

void load_drop(struct ledger *l)
{
	if (!l->load)
		return;
	free(l->load->key_index);
	arena_free(&l->load->arena);
	free(l->load);
	l->load = NULL;
}

bool ledger_load_begin(struct ledger *l, int64_t rows, struct err *e)
{
	sqlite3_stmt *stmt;
	int64_t before;

	if (!statement_get(l, STMT_ROWS_OF_ALL_RUNS, &stmt, e, "") ||
	    !statement_number(l, stmt, &before, e))
		return false;
	/* Building it again costs all that the ledger has. */
	if (rows < SMALL_LIST || before > rows)
		return true;
	if (!statement_get(l, STMT_KEY_INDEX, &stmt, e, ""))
		return false;
	if (statement_row(l, stmt, e) != SQLITE_ROW)
		BUG("the ledger has no index of the keys");
	l->load = xcalloc(1, sizeof(*l->load));
	l->load->key_index = xstrdup(statement_text(stmt, 0));
	sqlite3_reset(stmt);
	return statement_execute(l, "DROP INDEX contact_key", e);
}

/* One row's parameters of STMT_CONTACTS_LOAD, in the order of its columns. */
static bool bind_row(sqlite3_stmt *stmt, int at, const struct contact *c)
{
	bool skipped = c->state == CONTACT_SKIPPED;
	const int64_t numbers[] = {contact_id_of(c->run_id, c->ordinal), c->run_id, c->line};
	const char *const texts[] = {
		c->key,
		c->phone,
		c->language,
		c->zone,
		c->cells,
		contact_state_name(c->state),
		skipped ? skip_reason_name(c->reason) : "",
		skipped ? c->detail : "",
	};
	bool ok = true;

	_Static_assert(COUNT_OF(numbers) + COUNT_OF(texts) + 1 == LOAD_COLUMNS,
		       "one for each column");
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		ok &= sqlite3_bind_int64(stmt, ++at, numbers[i]) == SQLITE_OK;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		ok &= sqlite3_bind_text(stmt, ++at, texts[i], -1, SQLITE_STATIC) == SQLITE_OK;
	return ok && sqlite3_bind_int(stmt, ++at, !skipped) == SQLITE_OK;
}

static bool write_rows(struct ledger *l, struct err *e)
{
	struct load *load = l->load;
	sqlite3_stmt *stmt;

	if (!statement_get(l, STMT_CONTACTS_LOAD, &stmt, e, ""))
		return false;
	for (int i = 0; i < LOAD_ROWS; i++)
		if (!bind_row(stmt, i * LOAD_COLUMNS, &load->rows[i]))
			return statement_error(l, e);
	if (statement_row(l, stmt, e) != SQLITE_DONE)
		return false;
	load->count = 0;
	arena_reset(&load->arena);
	return true;
}

/* The rows that wait for others, one by one. */
static bool flush(struct ledger *l, struct err *e)
{
	struct load *load = l->load;
	bool ok = true;

	if (!load || load->count == 0)
		return true;
	for (size_t i = 0; ok && i < load->count; i++)
		ok = ledger_contact_add(l, &load->rows[i], e);
	load->count = 0;
	arena_reset(&load->arena);
	return ok;
}

bool ledger_load_add(struct ledger *l, const struct contact *c, struct err *e)
{
	struct load *load = l->load;

	if (!load)
		return ledger_contact_add(l, c, e);

	struct contact *kept = &load->rows[load->count++];
	*kept = *c;
	kept->key = arena_strdup(&load->arena, c->key);
	kept->phone = arena_strdup(&load->arena, c->phone);
	kept->language = arena_strdup(&load->arena, c->language);
	kept->zone = arena_strdup(&load->arena, c->zone);
	kept->cells = arena_strdup(&load->arena, c->cells);
	kept->detail = arena_strdup(&load->arena, c->detail);
	return load->count < LOAD_ROWS || write_rows(l, e);
}

bool ledger_load_end(struct ledger *l, struct err *e)
{
	bool ok = flush(l, e) && (!l->load || statement_execute(l, l->load->key_index, e));

	load_drop(l);
	return ok;
}

static bool mark(struct ledger *l, int64_t id, const char *detail, struct err *e)
{
	return statement_run(l, STMT_CONTACT_MARK_DUPLICATE, e, "is", id, detail);
}

bool ledger_load_same_key(struct ledger *l, int64_t run_id, int64_t first, int64_t later,
			  bool *skipped, struct err *e)
{
	struct arena arena = {0};
	struct contact a;
	struct contact b;
	char detail[160];
	bool ok = flush(l, e) &&
		  ledger_contact_get(l, contact_id_of(run_id, first), &arena, &a, e) &&
		  ledger_contact_get(l, contact_id_of(run_id, later), &arena, &b, e);

	*skipped = ok && strcmp(a.key, b.key) == 0;
	/* Where the index was left in its place it was found out at once. */
	if (*skipped && b.state == CONTACT_PENDING) {
		snprintf(detail, sizeof(detail),
			 "row %" PRId64 " (line %" PRId64 ") has the same key", a.ordinal, a.line);
		ok = mark(l, b.id, detail, e);
	}
	arena_free(&arena);
	return ok;
}

static bool mark_number(struct ledger *l, struct number_group *group, int64_t id, int64_t of,
			struct err *e)
{
	char detail[96];

	snprintf(detail, sizeof(detail), "row %" PRId64 " has the same number",
		 ledger_contact_ordinal(of));
	if (!mark(l, id, detail, e))
		return false;
	group->skipped += statement_changes(l);
	return true;
}

static bool judge_number(struct ledger *l, struct number_group *group, enum duplicates_rule rule,
			 int64_t id, bool called, struct err *e)
{
	if (!group->first_seen) {
		group->first = called ? id : 0;
		group->first_seen = id;
		return true;
	}
	if (rule == DUPLICATES_REJECT && group->first && !group->first_skipped) {
		group->first_skipped = true;
		if (!mark_number(l, group, group->first, id, e))
			return false;
	}
	if (!called)
		return true;
	if (group->first || rule == DUPLICATES_REJECT)
		return mark_number(l, group, id, group->first_seen, e);
	group->first = id;
	return true;
}

bool ledger_load_same_number(struct ledger *l, int64_t run_id, struct number_group *group,
			     enum duplicates_rule rule, int64_t ordinal, struct err *e)
{
	struct arena arena = {0};
	struct contact c;
	bool ok = flush(l, e) &&
		  ledger_contact_get(l, contact_id_of(run_id, ordinal), &arena, &c, e) &&
		  judge_number(l, group, rule, c.id, c.state != CONTACT_SKIPPED, e);

	arena_free(&arena);
	return ok;
}

bool ledger_contacts_mark_duplicates(struct ledger *l, int64_t run_id, enum duplicates_rule rule,
				     struct err *e)
{
	struct number_group group = {0};
	char phone[32] = "";
	sqlite3_stmt *stmt;
	int rc = SQLITE_DONE;

	if (rule != DUPLICATES_ALL) {
		if (!statement_get(l, STMT_CONTACTS_BY_NUMBER, &stmt, e, "i", run_id))
			return false;
		while ((rc = statement_row(l, stmt, e)) == SQLITE_ROW) {
			bool called = sqlite3_column_int(stmt, 2) != 0;
			if (strcmp(statement_text(stmt, 1), phone) != 0)
				group = (struct number_group){0};
			snprintf(phone, sizeof(phone), "%s", statement_text(stmt, 1));
			if (!judge_number(l, &group, rule, sqlite3_column_int64(stmt, 0), called,
					  e))
				return false;
		}
		if (rc != SQLITE_DONE)
			return false;
	}
	return totals_write(l, e) && statement_run(l, STMT_TALLY_RECOUNT_CLEAR, e, "i", run_id) &&
	       statement_run(l, STMT_TALLY_RECOUNT, e, "i", run_id);
}

bool ledger_load_tally(struct ledger *l, int64_t run_id, const struct tally *t, struct err *e)
{
	if (t->state[CONTACT_PENDING] > 0 &&
	    !statement_run(l, STMT_TALLY_SET, e, "issi", run_id,
			   contact_state_name(CONTACT_PENDING), "", t->state[CONTACT_PENDING]))
		return false;
	for (int i = 0; i < SKIP_REASON_COUNT; i++)
		if (t->skip[i] > 0 &&
		    !statement_run(l, STMT_TALLY_SET, e, "issi", run_id,
				   contact_state_name(CONTACT_SKIPPED),
				   skip_reason_name((enum skip_reason)i), t->skip[i]))
			return false;
	return true;
}
