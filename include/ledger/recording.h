/*
 * Recordings that the campaign wants as files: which are still to be fetched, which are there.
 *
 *     wanted ─→ kept
 *        └────→ given_up: tried often enough, or it can never be had
 *
 * A row here belongs to exactly one attempt that has ended with a recording, and comes into being
 * with its end, or at the start of a process that downloads. `file` names what lies in the run's
 * report folder at this moment: the part that has come so far, or the whole recording. A recording
 * is marked as kept after its file has its final name, so that a file without its mark is at worst
 * fetched again. Only the holder of the campaign's lock changes anything here.
 */
#ifndef NIDA_LEDGER_RECORDING_H
#define NIDA_LEDGER_RECORDING_H

#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "ledger/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One that is wanted; texts lie in the arena. */
struct recording {
	int64_t attempt_id;
	int64_t due_ms; /* not fetched before */
	int tries;      /* that failed */
	const char *job_id;
	const char *url;
	const char *file;      /* where the part is that has come so far */
	const char *validator; /* what that part is a part of; "" : not known */
};

/* What was fetched. */
struct recording_facts {
	const char *file; /* its final name, in the folder */
	int64_t bytes;
	const char *sha256;
	const char *type; /* "audio/mpeg" */
};

struct recording_counts {
	int64_t wanted;
	int64_t kept;
	int64_t given_up;
};

/* Every ended attempt of the run that has a recording and no row here yet; those still wanted are
 * due at once and go to this folder. */
bool ledger_recordings_want(struct ledger *l, int64_t run_id, const char *folder, int64_t now_ms,
			    struct err *e) MUST_CHECK;

/* The recording of one attempt that has just ended. */
bool ledger_recording_want(struct ledger *l, int64_t attempt_id, const char *folder, int64_t now_ms,
			   struct err *e) MUST_CHECK;

/* Up to `most` of those that are wanted, the first due first, whether it is due or not. */
bool ledger_recordings_next(struct ledger *l, int64_t run_id, size_t most, struct arena *arena,
			    struct recording *out, size_t *count, struct err *e) MUST_CHECK;

/* wanted → kept; leaves an event. */
bool ledger_recording_kept(struct ledger *l, int64_t attempt_id,
			   const struct recording_facts *facts, int64_t now_ms,
			   struct err *e) MUST_CHECK;

/* It failed, and is tried again at due_ms. */
bool ledger_recording_failed(struct ledger *l, int64_t attempt_id, const char *words,
			     const char *validator, int64_t due_ms, struct err *e) MUST_CHECK;

/* wanted → given_up; leaves an event. */
bool ledger_recording_given_up(struct ledger *l, int64_t attempt_id, const char *words,
			       int64_t now_ms, struct err *e) MUST_CHECK;

/* The provider has given an address for it, from which it is due at due_ms. That counts as a try
 * that failed, or a link that is always dead would be renewed for ever. *fresh false: it is the
 * address that is known already, and nothing is changed. */
bool ledger_recording_relink(struct ledger *l, int64_t attempt_id, const char *url, int64_t due_ms,
			     bool *fresh, struct err *e) MUST_CHECK;

bool ledger_recordings_count(struct ledger *l, int64_t run_id, struct recording_counts *out,
			     struct err *e) MUST_CHECK;

#endif
