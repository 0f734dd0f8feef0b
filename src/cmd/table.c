#include "table_p.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define GAP 2

void table_begin(struct table *t, struct arena *arena, const struct table_column *columns,
		 size_t column_count)
{
	if (column_count > TABLE_COLUMNS_MAX)
		BUG("a table of %zu columns", column_count);
	*t = (struct table){.arena = arena, .columns = columns, .column_count = column_count};
}

const char *table_cut(const char *text, size_t most, struct arena *arena)
{
	const char *end = text;

	if (most == 0 || text_width(text) <= most)
		return text;
	while (*end) {
		const char *next = end;
		utf8_next(&next);
		const char *cut = arena_strndup(arena, text, (size_t)(next - text));
		if (text_width(cut) + 1 > most)
			break;
		end = next;
	}
	return arena_printf(arena, "%.*s…", (int)(end - text), text);
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
	for (size_t i = 0; i < t->column_count; i++)
		t->cells[t->row_count * t->column_count + i] =
			table_cut(cells[i], t->columns[i].most, t->arena);
	t->row_count++;
}

void table_pad(const char *text, size_t width)
{
	size_t used = text_width(text);

	printf("%s%*s", text, used < width ? (int)(width - used) : 0, "");
}

/* Nothing but what is needed stands behind the last cell. */
static void print_row(const struct table *t, const char *const *cells, const size_t *widths)
{
	size_t last = t->column_count;

	while (last > 1 && !*cells[last - 1])
		last--;
	for (size_t i = 0; i + 1 < last; i++)
		table_pad(cells[i], widths[i] + GAP);
	printf("%s\n", cells[last - 1]);
}

void table_print(const struct table *t)
{
	const char *heads[TABLE_COLUMNS_MAX];
	size_t widths[TABLE_COLUMNS_MAX];

	for (size_t i = 0; i < t->column_count; i++) {
		heads[i] = t->columns[i].head;
		widths[i] = text_width(heads[i]);
		for (size_t row = 0; row < t->row_count; row++) {
			size_t width = text_width(t->cells[row * t->column_count + i]);
			if (width > widths[i])
				widths[i] = width;
		}
	}
	print_row(t, heads, widths);
	for (size_t row = 0; row < t->row_count; row++)
		print_row(t, &t->cells[row * t->column_count], widths);
}
