/*
 * A run as reports need it: every row of the list in list order, each with its attempts.
 *
 * Streamed: one row is in memory at a time. Texts are never NULL and are borrowed until the visitor
 * returns. Void attempts (which never rang) are left out.
 */
#ifndef NIDA_LEDGER_ROWS_H
#define NIDA_LEDGER_ROWS_H

#include "base/err.h"
#include "ledger/contact.h"
#include "ledger/ledger.h"
#include "model/call.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct row_attempt {
	int number;
	enum attempt_state state;
	enum outcome outcome; /* OUTCOME_NONE while it is not closed */
	const char *job_id;
	int64_t intent_ms;
	int64_t started_ms; /* talk began; 0: not known */
	int64_t ended_ms;   /* 0: not over, or not known */
	int64_t talk_ms;    /* -1: not known */
	bool has_cost;
	struct decimal cost;
	bool cost_estimated;        /* by the scenario's rate; the provider gave none */
	const char *recording;      /* URL; "" */
	const char *recording_file; /* in the run's report folder; "" : not downloaded */
	const char *words;          /* the provider's on a failure, or why it is in doubt */
	const char *
		transcript; /* packed: speaker ("agent", "customer"), text, speaker, text …; "[]" */
	const char *values; /* packed: name, value, name, value …; "[]" */
};

struct row {
	struct contact contact;
	size_t attempt_count;
	const struct row_attempt *attempts; /* oldest first */
};

bool ledger_rows_each(struct ledger *l, int64_t run_id,
		      bool (*visit)(void *data, const struct row *row, struct err *e), void *data,
		      struct err *e) MUST_CHECK;

#endif
