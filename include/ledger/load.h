/*
 * Loading: a whole list becomes the contacts of a new run, in one transaction.
 *
 * Keys come in no order, and an index of a million of them that grows row by row costs far more
 * than all the rest. So for a large list the index is taken away at the beginning and built once,
 * sorted, at the end; in between nothing but the caller (run/freeze.c) sees that two rows have the
 * same key or number, and tells the pairs before the end. A small list beside large old runs leaves
 * the index where it is. Either way, once the load has ended the ledger enforces the keys again;
 * a rollback brings the index back too.
 */
#ifndef NIDA_LEDGER_LOAD_H
#define NIDA_LEDGER_LOAD_H

#include "ledger/contact.h"
#include "ledger/run.h"

/* Inside a transaction. `rows` is about how many will come. */
bool ledger_load_begin(struct ledger *l, int64_t rows, struct err *e) MUST_CHECK;
bool ledger_load_end(struct ledger *l, struct err *e) MUST_CHECK;

/* Add the next row: pending, or skipped with its reason. It may reach the ledger together with
 * later ones; the functions below see it. */
bool ledger_load_add(struct ledger *l, const struct contact *c, struct err *e) MUST_CHECK;

/* The rows at two places of the list, the earlier first, may have the same key: if they do, the
 * later is skipped. *skipped: it is, now or since it was added. */
bool ledger_load_same_key(struct ledger *l, int64_t run_id, int64_t first, int64_t later,
			  bool *skipped, struct err *e) MUST_CHECK;

/* The rows of one number, told one after the other in list order. */
struct number_group {
	int64_t first;      /* id of its first row that is called, or was */
	int64_t first_seen; /* id of its first row of all */
	bool first_skipped; /* the rule is reject, and `first` has been skipped too */
	int64_t skipped;    /* rows of it that have been skipped */
};

/* Judge the next row of a group by the rule; begin a group with a zeroed one. */
bool ledger_load_same_number(struct ledger *l, int64_t run_id, struct number_group *group,
			     enum duplicates_rule rule, int64_t ordinal, struct err *e) MUST_CHECK;

/* How many contacts of the run are in which state, from the one who counted. */
bool ledger_load_tally(struct ledger *l, int64_t run_id, const struct tally *t,
		       struct err *e) MUST_CHECK;

#endif
