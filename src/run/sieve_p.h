/*
 * The sieve: which rows of a list have a key or a number that another row has?
 *
 * Every row that could be called is told once, in list order. Nothing of it is held but two numbers
 * in sorters that do not grow with the list; keys are compared by a hash first, and by the ledger
 * when that is equal.
 */
#ifndef NIDA_RUN_SIEVE_P_H
#define NIDA_RUN_SIEVE_P_H

#include "ledger/load.h"

struct sieve;

struct sieve *sieve_new(void);
void sieve_free(struct sieve *s);

/* `phone` is E.164. */
bool sieve_add(struct sieve *s, int64_t ordinal, const char *key, const char *phone,
	       struct err *e) MUST_CHECK;

/* Tell all rows that may stand twice, in no order, some more than once. */
bool sieve_suspects(struct sieve *s, void (*visit)(void *data, int64_t ordinal), void *data,
		    struct err *e) MUST_CHECK;

/* Skip what stands twice, by the rule for numbers; all suspects must be in the ledger. *skipped is
 * how many rows it were. */
bool sieve_mark(struct sieve *s, struct ledger *l, int64_t run_id, enum duplicates_rule rule,
		int64_t *skipped, struct err *e) MUST_CHECK;

#endif
