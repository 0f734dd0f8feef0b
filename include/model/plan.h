/*
 * The plan: one campaign with its scenario and the header of its list, ready to judge rows.
 *
 * plan_judge_row() is where the rules that need nothing but the row are applied, both when a list
 * is frozen into the ledger and again immediately before a dial, in this order: the phone, the key,
 * consent, the language and its agent, the time zone, the parameters. The first that fails is the
 * reason; of the parameters all that fail are named. Duplicates, suppression, frequency, hours and
 * pace need more than the row and are asked elsewhere.
 *
 * A plan owns everything below it through its arena and does not change once bound.
 */
#ifndef NIDA_MODEL_PLAN_H
#define NIDA_MODEL_PLAN_H

#include "base/mem.h"
#include "model/campaign.h"
#include "model/phone.h"
#include "model/scenario.h"

#include <stddef.h>

struct plan_columns {
	size_t count;
	const char *const *names; /* the header of the list */
	int phone;                /* indexes into names; -1: the campaign names no such column */
	int key;
	int language;
	int timezone;
	int consent;
};

/* A parameter that every row sends, with all that the row has no part in. */
struct plan_param {
	const char *name;
	const struct param *given; /* of the campaign; NULL: the default of the scenario is sent */
	const struct value_rule *rule;
	/* The value of every row in this language; NULL: columns have a part in it, or there is
	 * none that may be sent, which each row then says. */
	const char *same[LANGUAGE_COUNT];
};

struct plan {
	struct arena arena;
	struct campaign campaign;
	struct scenario scenario;
	struct plan_columns columns; /* count 0 until plan_bind() */
	size_t param_count;
	const struct plan_param *params; /* the campaign's own first, in its order; NULL until all
					  * names are bound */
	const char *const *param_names;  /* the same, names alone */
};

/* What a row comes to. Texts lie in the arena given, in the plan or in the cells of the row. */
struct row_verdict {
	enum skip_reason skip; /* SKIP_NONE: may be called */
	const char *detail;    /* why, with the column named; "" when there is nothing to add */
	const char *key;       /* never NULL; "" when it is missing */
	struct phone phone;
	enum language language;
	const struct zone *zone; /* the customer's own, else the campaign's */
	size_t param_count;
	const char *const *param_names;
	const char *const
		*param_values; /* ready to send; scenario and language are the provider's to add */
};

/* A column that the campaign names and the header lacks. */
struct plan_miss {
	const char *name;
	const char *wanted_by; /* the key of the campaign file: "list.phone" */
	const char *near;      /* the column that was probably meant; NULL */
};

/* Bind the names in the campaign to a list's header (copied into the plan's arena). False: *missed
 * columns are not there, one at most for each key; `misses` has the first of them. */
#define PLAN_MISSES_MAX 8
bool plan_bind(struct plan *p, const char *const *names, size_t count,
	       struct plan_miss misses[PLAN_MISSES_MAX], size_t *missed);

/* `cells` has columns.count entries. */
void plan_judge_row(const struct plan *p, const char *const *cells, struct arena *arena,
		    struct row_verdict *out);

/* Frees the plan itself too, which must lie on the heap; NULL is fine. */
void plan_free(struct plan *p);

#endif
