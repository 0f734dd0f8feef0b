/*
 * A screen: a few lines on a terminal that are drawn over each other where they stand.
 *
 * The drawing lies below everything that was written before and begins at the start of a line. It
 * never scrolls: of what does not fit the height the last line says how much it is. When the
 * terminal becomes narrower the lines drawn last are broken by it; the next drawing goes over all
 * they have become. The stream is borrowed.
 */
#ifndef NIDA_RUN_SCREEN_H
#define NIDA_RUN_SCREEN_H

#include <stddef.h>
#include <stdio.h>

#define SCREEN_LINES_MAX 200

struct screen {
	FILE *terminal;
	size_t columns;                  /* of the terminal, when it was drawn on last */
	size_t drawn;                    /* lines that stand there; 0: none */
	size_t widths[SCREEN_LINES_MAX]; /* how wide each of them is */
};

/* Columns that a line may take, one less than there are, so that no terminal breaks it by itself.
 */
size_t screen_width(const struct screen *s);

/* Lines, each ended by '\n' and no wider than screen_width(). */
void screen_draw(struct screen *s, const char *lines);

/* Take the drawing away; the next one starts where it stood. */
void screen_erase(struct screen *s);

#endif
