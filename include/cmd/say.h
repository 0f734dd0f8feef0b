/*
 * Saying things to people: results on standard output, everything else on standard error. The verbs
 * print with say() alone.
 *
 * Keys, names and the provider's words may hold anything, a terminal's commands too: say() shows
 * control characters instead of sending them. With --log json every line on standard error is an
 * object of the log.
 */
#ifndef NIDA_CMD_SAY_H
#define NIDA_CMD_SAY_H

#include "base/problems.h"
#include "ledger/run.h"
#include "model/plan.h"

#include <stdbool.h>
#include <stdio.h>

/* As fprintf(); on standard error whole lines only. */
void say(FILE *stream, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Can lines on this stream be drawn over? A terminal, no TERM=dumb. */
bool say_on_screen(FILE *stream);

/* May it be coloured, too? No NO_COLOR. */
bool say_in_colour(FILE *stream);

/* "file:line:column: error: text", one a line, and how many there were. */
void say_problems(FILE *stream, const struct problems *problems);

/* Where a file is, on standard output: without detours, and relative to here when it lies below. */
void say_path(const char *label, const char *path);

/* How many rows stand where, and that they add up: one line. */
void say_rows(FILE *stream, const struct tally *tally);
/* What became of those that are over, by outcome and reason: a line each, with a sentence. */
void say_reasons(FILE *stream, const struct tally *tally);
/* Both. */
void say_tally(FILE *stream, const struct tally *tally);

/* Open now or when, and the next openings. */
void say_hours(FILE *stream, const struct campaign *c, int64_t now_ms);

/* Hours, pace, forecast and cost of a plan. */
void say_plan(FILE *stream, const struct plan *plan, const struct tally *tally, int64_t now_ms);

#endif
