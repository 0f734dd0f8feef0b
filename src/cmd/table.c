#include "table_p.h"

#include "cmd/say.h"

#include "base/buf.h"
#include "base/columns.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define GAP      2
#define CELL_MAX ((size_t)1 << 20)

void table_begin(struct table *t, struct arena *arena, const struct table_column *columns,
		 size_t column_count)
{
	if (column_count > TABLE_COLUMNS_MAX)
		BUG("a table of %zu columns", column_count);
	*t = (struct table){.arena = arena, .columns = columns, .column_count = column_count};
}

void table_add(struct table *t, const char *const *cells)
{
	if (t->row_count == t->room) {
		size_t room = t->room ? t->room * 2 : 64;
		const char **more = arena_array(t->arena, room * t->column_count, sizeof(*more));
		if (t->row_count)
			memcpy(more, t->cells, t->row_count * t->column_count * sizeof(*more));
		t->cells = more;
		t->room = room;
	}
	memcpy(&t->cells[t->row_count * t->column_count], cells,
	       t->column_count * sizeof(*t->cells));
	t->row_count++;
}

void table_cell(const char *text, size_t width, bool fill)
{
	struct buf out;

	buf_init(&out, CELL_MAX);
	columns_add(&out, text, width, fill);
	fputs(out.data, stdout);
	buf_free(&out);
}

/* Nothing but what is needed stands behind the last cell. */
static void print_row(const struct table *t, const char *const *cells, const size_t *widths)
{
	size_t last = t->column_count;

	while (last > 1 && !*cells[last - 1])
		last--;
	for (size_t i = 0; i < last; i++) {
		table_cell(cells[i], widths[i], i + 1 < last);
		say(stdout, "%*s", i + 1 < last ? GAP : 0, "");
	}
	putchar('\n');
}

void table_print(const struct table *t)
{
	const char *heads[TABLE_COLUMNS_MAX];
	size_t widths[TABLE_COLUMNS_MAX];

	for (size_t i = 0; i < t->column_count; i++) {
		size_t most = t->columns[i].most ? t->columns[i].most : SIZE_MAX;
		heads[i] = t->columns[i].head;
		widths[i] = columns_of(heads[i]);
		for (size_t row = 0; row < t->row_count; row++) {
			size_t width = columns_of(t->cells[row * t->column_count + i]);
			if (width > widths[i])
				widths[i] = width < most ? width : most;
		}
	}
	print_row(t, heads, widths);
	for (size_t row = 0; row < t->row_count; row++)
		print_row(t, &t->cells[row * t->column_count], widths);
}
