/*
 * One row of a report, ready to be written: what the ledger keeps packed, unpacked; what several
 * attempts say, summed or the latest of it taken.
 *
 * A sheet is what all rows of a run have in common. It borrows the run and owns its arena; a record
 * lies in the arena it was made in and borrows the row, so it lives as long as the visit.
 */
#ifndef NIDA_REPORT_RECORD_H
#define NIDA_REPORT_RECORD_H

#include "base/err.h"
#include "base/mem.h"
#include "base/moment.h"
#include "ledger/rows.h"
#include "ledger/run.h"
#include "model/call.h"
#include "model/language.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sheet_field {
	const char *name;
	const char *label[LANGUAGE_COUNT]; /* the name where the scenario has no label */
};

/* What readers are shown instead of a value of a field. */
struct sheet_choice {
	const char *field;
	const char *value;
	const char *label[LANGUAGE_COUNT]; /* the value where the scenario has no label */
};

struct sheet {
	const struct run *run;
	const struct zone *zone;
	size_t column_count;
	const char *const *columns; /* of the list */
	const char *const *names;   /* the same, no two alike: what a second "name" is called */
	size_t field_count;
	const struct sheet_field *fields; /* what the agent should find out */
	size_t choice_count;
	const struct sheet_choice *choices; /* those that have labels */
	struct arena arena;
};

bool sheet_open(struct sheet *s, const struct run *run, struct err *e) MUST_CHECK;
void sheet_close(struct sheet *s);

struct record_attempt {
	const struct row_attempt *of;
	const char *file; /* its recording, where it lies beside the report; "" */
	const char *away; /* likewise in the run's own folder: the way there, as a link; "" */
	size_t utterance_count;
	const struct utterance *utterances;
	size_t value_count;
	const struct outcome_value *values;
};

struct record {
	const struct row *row;
	enum language language;
	size_t cell_count; /* not always the sheet's column_count: a row may not fit its header */
	const char *const *cells;
	size_t attempt_count;
	struct record_attempt *attempts; /* oldest first */

	int64_t first_ms; /* intents of the first and the last attempt; 0: never called */
	int64_t last_ms;
	int64_t talk_ms; /* over all attempts; -1: none is known */
	bool has_cost;
	struct decimal cost;                 /* over all attempts */
	struct decimal estimated;            /* the part of it that the provider did not give */
	const char *job_id;                  /* of the latest attempt that has one; "" */
	const char *recording;               /* likewise: file or link */
	const struct record_attempt *spoken; /* the latest with a transcript; NULL */
	const struct record_attempt *valued; /* the latest with values; NULL */
};

/* False when the ledger's packed texts are damaged. */
bool record_make(const struct row *row, struct arena *arena, struct record *out,
		 struct err *e) MUST_CHECK;

/* Recordings that lie beside the report (an open folder) are named by their files there; a file
 * that somebody took away leaves the link. `home` is where the run has its recordings when the
 * report is written elsewhere, `way` the link from there to it; NULL: the report is at home. */
struct record_home {
	const char *folder;
	const char *way;
};
void record_find_files(struct record *r, int folder, const struct record_home *home,
		       struct arena *arena);

/* The way from one folder to the other, both of which exist, as a relative link: "../../a%20b".
 * NULL when they are the same, or cannot be looked at. */
const char *record_way(const char *from, const char *to, struct arena *arena);

/* What the agent found out under this name; "" for nothing. */
const char *record_value(const struct record *r, const char *name);

/* Why the row stands where it stands: "Nobody picked up." */
const char *record_reason(const struct record *r, enum language language);

/* A cost without zeros that say nothing: "0.05", "3". */
const char *record_cost_text(struct decimal cost, char out[DECIMAL_SIZE]);

#endif
