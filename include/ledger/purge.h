/*
 * The removal of personal data, for good.
 *
 * What is removed of a row: its cells, key and number, and of its attempts the request, the
 * replies, words, transcript, values and recording; of its events the texts. What stays: that there
 * was a row, where it stands and why, when it was called and for how long, what it cost, Hamsa's id
 * of the call (so that the call is still known to be ours), and every total. The register of
 * numbers that must not be called is no part of it.
 *
 * Each removal leaves a record that nobody can take back: of which run or row, when, by whom, how
 * many. It is the one moment at which texts of events may be emptied (see the triggers in
 * schema.c).
 *
 * A database keeps what it deletes, in free pages and in its journal, until it is swept. A removal
 * is marked as swept only after that; whoever removes something next sweeps what is left over.
 *
 * The caller holds the lock of each campaign concerned and has removed the files before.
 */
#ifndef NIDA_LEDGER_PURGE_H
#define NIDA_LEDGER_PURGE_H

#include "base/err.h"
#include "base/mem.h"
#include "ledger/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs that are over since before_ms and still have personal data, oldest first; campaign NULL: of
 * every campaign. Ids lie in the arena. */
bool ledger_purge_find_runs(struct ledger *l, const char *campaign, int64_t before_ms,
			    struct arena *arena, int64_t **ids, size_t *count,
			    struct err *e) MUST_CHECK;

/* Rows of any run that have this number, or had it when they were called. */
bool ledger_purge_find_person(struct ledger *l, const char *phone, struct arena *arena,
			      int64_t **contact_ids, size_t *count, struct err *e) MUST_CHECK;

/* Recordings that lie in files, of a whole run (contact_id 0) or of one row. */
bool ledger_purge_each_file(struct ledger *l, int64_t run_id, int64_t contact_id,
			    bool (*visit)(void *data, const char *folder, const char *file,
					  struct err *e),
			    void *data, struct err *e) MUST_CHECK;

/* Remove what a run, or one row of it, says about people; one transaction. *rows: how many. */
bool ledger_purge(struct ledger *l, int64_t run_id, int64_t contact_id, const char *who,
		  int64_t now_ms, int64_t *rows, struct err *e) MUST_CHECK;

/* Has everything that was removed been swept out of the files? */
bool ledger_purge_is_swept(struct ledger *l, bool *out, struct err *e) MUST_CHECK;

/* Write the ledger anew without what was deleted, and empty its journal. Takes as long as copying
 * it, and as much room on the disk. */
bool ledger_purge_sweep(struct ledger *l, struct err *e) MUST_CHECK;

#endif
