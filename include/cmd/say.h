/*
 * Saying things to people: results on standard output, everything else on standard error.
 */
#ifndef NIDA_CMD_SAY_H
#define NIDA_CMD_SAY_H

#include "base/problems.h"
#include "ledger/run.h"
#include "model/plan.h"

#include <stdbool.h>
#include <stdio.h>

/* May this stream be coloured? A terminal, no NO_COLOR, no TERM=dumb. */
bool say_in_colour(FILE *stream);

/* "file:line:column: error: text", one a line, and how many there were. */
void say_problems(FILE *stream, const struct problems *problems);

/* Where a file is, on standard output: without detours, and relative to here when it lies below. */
void say_path(const char *label, const char *path);

/* The counts of a run and that they add up, one line each. */
void say_tally(FILE *stream, const struct tally *tally);

/* Hours, pace and forecast of a plan. */
void say_plan(FILE *stream, const struct plan *plan, const struct tally *tally, int64_t now_ms);

#endif
