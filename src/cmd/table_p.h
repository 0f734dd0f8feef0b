/*
 * A table on standard output: columns as wide as what stands in them, in terminal columns, so that
 * Arabic and Latin line up alike. A column may be given a most; what is longer is cut with "…", and
 * is whole in --json. Control characters in a cell do not reach the terminal.
 */
#ifndef NIDA_CMD_TABLE_P_H
#define NIDA_CMD_TABLE_P_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

#define TABLE_COLUMNS_MAX 8

struct table_column {
	const char *head;
	size_t most; /* terminal columns; 0: no limit */
};

struct table {
	struct arena *arena;
	const struct table_column *columns;
	size_t column_count;
	size_t row_count;
	size_t room;
	const char **cells; /* row by row */
};

void table_begin(struct table *t, struct arena *arena, const struct table_column *columns,
		 size_t column_count);

/* `cells` has column_count texts, borrowed until the table is printed. */
void table_add(struct table *t, const char *const *cells);
void table_print(const struct table *t);

/* A text in at most `width` columns (columns_add()), on standard output. */
void table_cell(const char *text, size_t width, bool fill);

#endif
