/*
 * Freezing: a list becomes the contacts of a run, once.
 *
 * Every row is judged and written, pending or skipped with its reason, in one transaction: either
 * the whole list is in the ledger or nothing of it. From then on the list file is not needed any
 * more.
 */
#ifndef NIDA_RUN_FREEZE_H
#define NIDA_RUN_FREEZE_H

#include "base/err.h"
#include "ledger/ledger.h"
#include "ledger/run.h"
#include "load/list.h"
#include "model/plan.h"
#include "run/suppressor.h"

#include <stdbool.h>
#include <stdint.h>

struct freeze_options {
	const char *name; /* of the run */
	int64_t now_ms;
	bool rehearsal;
	/* Only to know how many rows are what, and why the others are skipped: of the rows that can
	 * be called, none need be written. For a private ledger. */
	bool count_only;
};

struct frozen {
	int64_t run_id;
	struct list_header header; /* `names` is plan->columns.names */
	struct list_summary summary;
};

/* Reads plan->campaign.list.file and binds the plan to its header. False: what is wrong with the
 * list or the ledger; the ledger is as it was. */
bool freeze_list(struct ledger *l, struct plan *plan, struct suppressor *suppressor,
		 const struct freeze_options *options, struct frozen *out,
		 struct err *e) MUST_CHECK;

/* Go on with `run` although the list or the settings have changed: rows that were tried stay as
 * they are, those of the new list are taken in by their keys, pending ones that it does not have
 * are skipped as cancelled. The columns must be the same. */
bool freeze_renew(struct ledger *l, struct plan *plan, struct suppressor *suppressor,
		  const struct run *run, int64_t now_ms, struct err *e) MUST_CHECK;

/* Bind a plan to the columns that a run was frozen with. */
bool freeze_rebind(struct plan *plan, const char *packed_columns, struct err *e) MUST_CHECK;

/* The plan's settings as the ledger keeps them, in the plan's arena. */
const char *freeze_settings(struct plan *plan);

#endif
