/*
 * What the files of this room share about contacts: reading one from a statement, and the one way
 * in which a contact changes its state.
 */
#ifndef NIDA_LEDGER_CONTACT_P_H
#define NIDA_LEDGER_CONTACT_P_H

#include "ledger/contact.h"
#include "statement_p.h"

#define CONTACT_ORDINAL_BITS 32

/* The id of the contact at this place of the run's list. */
int64_t contact_id_of(int64_t run_id, int64_t ordinal);

/* From a statement whose first columns are CONTACT_COLUMNS; texts are copied into the arena. */
#define CONTACT_COLUMN_COUNT 13
void contact_read(sqlite3_stmt *stmt, struct arena *arena, struct contact *out);

struct contact_change {
	int64_t id;
	enum contact_state from;
	enum contact_state to;
	const char *why;    /* the outcome or reason by name; "" */
	const char *detail; /* "" */
	int attempts;       /* added to the attempts made: -1, 0, 1 */
	int64_t due_ms;
};

/* Move a contact along an arrow of model/contact.h, and the tally with it. */
bool contact_move(struct ledger *l, const struct contact_change *change, struct err *e) MUST_CHECK;

#endif
