/*
 * Contacts in the ledger: freezing a list, and finding whom to call next.
 */
#ifndef NIDA_LEDGER_CONTACT_H
#define NIDA_LEDGER_CONTACT_H

#include "base/err.h"
#include "base/mem.h"
#include "ledger/ledger.h"
#include "model/campaign.h"
#include "model/contact.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts are never NULL. */
struct contact {
	int64_t id;
	int64_t run_id;
	int64_t ordinal; /* its place in the list, from 1 */
	int64_t line;    /* its line in the file */
	const char *key;
	const char *phone;    /* E.164, "" when it is not one */
	const char *language; /* "ar", "en" */
	const char *zone;     /* "" : the campaign's */
	const char *cells;    /* packed: the original columns */
	bool removed; /* its personal data were: the key is a placeholder, phone and cells are empty
		       */
	enum contact_state state;
	enum skip_reason reason; /* of a skipped one */
	enum outcome outcome;    /* of a done one; of a pending one, how its last attempt ended */
	const char *detail;      /* more about why, for people */
	int attempts;            /* made so far, void ones not counted */
	int64_t due_ms; /* of a pending one: not before this; 0: at any time; new rows have that */
};

/* The place in its list of the contact with this id. */
int64_t ledger_contact_ordinal(int64_t id);

/* Add a row while a run is being created: pending, or skipped with its reason. The id is set by the
 * ledger. */
bool ledger_contact_add(struct ledger *l, const struct contact *c, struct err *e) MUST_CHECK;

/* A run goes on with another list. First: rows that were never tried are forgotten, and *last is
 * the ordinal after which new ones are added. Then each row of the list is renewed: *known when
 * the run has a row with its key that is still there (a pending one takes the new cells, or the
 * new reason not to be called; one that was called before it was skipped is pending again, with its
 * attempts and the moment it waits for); else it is added as ever. Last, with the duplicates:
 * pending rows that the new list does not have are skipped as cancelled. */
bool ledger_contacts_unlist(struct ledger *l, int64_t run_id, int64_t *last,
			    struct err *e) MUST_CHECK;
bool ledger_contact_renew(struct ledger *l, const struct contact *c, bool *known,
			  struct err *e) MUST_CHECK;
bool ledger_contacts_skip_unlisted(struct ledger *l, int64_t run_id, struct err *e) MUST_CHECK;

/* After the last row of a list that was renewed: skip the rows that have a number (by the rule)
 * which another row has, and count the run anew. Among them are rows that only the ledger knows;
 * a new list is judged more cheaply (ledger/load.h). */
bool ledger_contacts_mark_duplicates(struct ledger *l, int64_t run_id, enum duplicates_rule rule,
				     struct err *e) MUST_CHECK;

/* Up to `most` pending contacts that are due, retries before first calls, each group in order.
 * Written to `out` (room for `most`), texts into the arena. */
bool ledger_contacts_due(struct ledger *l, int64_t run_id, int64_t now_ms, size_t most,
			 struct arena *arena, struct contact *out, size_t *count,
			 struct err *e) MUST_CHECK;

/* When the next pending contact that is not yet due becomes due; INT64_MAX: none is waiting. */
bool ledger_contacts_next_due(struct ledger *l, int64_t run_id, int64_t now_ms, int64_t *out_ms,
			      struct err *e) MUST_CHECK;

/* When the last of the pending contacts becomes due; 0: all are, or none is pending. */
bool ledger_contacts_last_due(struct ledger *l, int64_t run_id, int64_t *out_ms,
			      struct err *e) MUST_CHECK;

bool ledger_contact_get(struct ledger *l, int64_t id, struct arena *arena, struct contact *out,
			struct err *e) MUST_CHECK;
bool ledger_contact_by_key(struct ledger *l, int64_t run_id, const char *key, struct arena *arena,
			   struct contact *out, bool *found, struct err *e) MUST_CHECK;

/* Skipped rows too; slower, for people who ask. */
bool ledger_contact_any_by_key(struct ledger *l, int64_t run_id, const char *key,
			       struct arena *arena, struct contact *out, bool *found,
			       struct err *e) MUST_CHECK;

/* pending → skipped; leaves an event. */
bool ledger_contact_skip(struct ledger *l, int64_t id, enum skip_reason reason, const char *detail,
			 int64_t now_ms, struct err *e) MUST_CHECK;

/* All that are still pending → skipped: the run is over for them. One event for all. */
bool ledger_contacts_skip_pending(struct ledger *l, int64_t run_id, enum skip_reason reason,
				  const char *detail, int64_t now_ms, int64_t *count,
				  struct err *e) MUST_CHECK;

/* A pending one that may not be called yet: not before due_ms, which is later than 0. */
bool ledger_contact_defer(struct ledger *l, int64_t id, int64_t due_ms, struct err *e) MUST_CHECK;

#endif
