/*
 * What a masked report leaves of a row, for readers who may know how a run went but not who was in
 * it.
 *
 * Masked is whatever could name a person, and nothing is guessed from how it looks:
 *   - every cell of the list, but for the columns that were named as harmless (`keep`);
 *   - the phone (its ends stay, "+96890••••27"), and the key unless a kept column holds it;
 *   - every value the agent found out that is not a choice among the scenario's words, a date, or
 *     a number or an amount too short to be a phone;
 *   - transcripts, recordings, details of a reason and the provider's words: left out.
 * What stays: language, states, reasons, outcomes, times, talk, costs, job ids, the kept columns.
 * The numbers of a masked report are those of the whole one.
 */
#ifndef NIDA_REPORT_MASK_H
#define NIDA_REPORT_MASK_H

#include "base/err.h"
#include "base/mem.h"
#include "model/scenario.h"
#include "report/record.h"

#include <stdbool.h>
#include <stddef.h>

struct mask {
	size_t keep_count;
	const char *const *keep;         /* names of columns */
	const struct scenario *scenario; /* whose outcome fields say what a value may be */
};

/* Is every kept column one of the list? */
bool mask_fits(const struct mask *m, const struct sheet *s, struct err *e) MUST_CHECK;

/* The same row, masked; in the arena, and it borrows what it leaves as it is. */
struct record mask_record(const struct mask *m, const struct sheet *s, const struct record *r,
			  struct arena *arena);

#endif
