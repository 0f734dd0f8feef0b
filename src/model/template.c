#include "model/template.h"

#include "base/text.h"

#include <string.h>

static void part_add(struct template *t, const char *text, bool is_name)
{
	t->parts[t->count++] =
		(struct template_part){.text = text, .is_name = is_name, .column = -1};
}

/* The next "{{" that opens a name. Of "{{{" the first brace is plain text. */
static const char *find_open(const char *text)
{
	const char *open = strstr(text, "{{");

	while (open && open[2] == '{')
		open++;
	return open;
}

static size_t count_opens(const char *text)
{
	size_t count = 0;

	for (const char *p = find_open(text); p; p = find_open(p + 2))
		count++;
	return count;
}

bool template_parse(const char *text, struct arena *arena, struct template *out, size_t *offset,
		    const char **why)
{
	const char *p = text;

	/* A literal before each name, and one after the last. */
	out->count = 0;
	out->parts = arena_array(arena, count_opens(text) * 2 + 1, sizeof(*out->parts));
	for (const char *open = find_open(p); open; open = find_open(p)) {
		const char *close = strstr(open + 2, "}}");
		const char *again = strstr(open + 2, "{{");

		*offset = (size_t)(open - text);
		if (!close || (again && again < close)) {
			*why = "'{{' opens a name that is not closed; expected '}}' after it.";
			return false;
		}
		const char *name = text_trim(arena, arena_strndup(arena, open + 2,
								  (size_t)(close - open - 2)));
		if (!*name) {
			*why = "'{{}}' has no name in it; expected the name of a column or "
			       "variable, "
			       "such as {{customer_name}}.";
			return false;
		}
		if (open > p)
			part_add(out, arena_strndup(arena, p, (size_t)(open - p)), false);
		part_add(out, name, true);
		p = close + 2;
	}
	if (*p)
		part_add(out, arena_strdup(arena, p), false);
	return true;
}

static int find_column(const char *name, const char *const *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(columns[i], name) == 0)
			return (int)i;
	return -1;
}

const char *template_bind(struct template *t, const char *const *columns, size_t count)
{
	const char *missing = NULL;

	for (size_t i = 0; i < t->count; i++) {
		struct template_part *part = &t->parts[i];
		if (!part->is_name)
			continue;
		part->column = find_column(part->text, columns, count);
		if (part->column < 0 && !missing)
			missing = part->text;
	}
	return missing;
}

bool template_is_literal(const struct template *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->parts[i].is_name)
			return false;
	return true;
}

static const char *part_text(const struct template_part *part, const char *const *cells)
{
	if (!part->is_name)
		return part->text;
	if (part->column < 0)
		BUG("{{%s}} is rendered before it was bound to a column", part->text);
	return cells[part->column];
}

const char *template_render(const struct template *t, const char *const *cells, struct arena *arena)
{
	size_t length = 0;

	if (t->count == 1)
		return part_text(&t->parts[0], cells);
	for (size_t i = 0; i < t->count; i++)
		length += strlen(part_text(&t->parts[i], cells));

	char *text = arena_alloc(arena, length + 1);
	char *end = text;
	for (size_t i = 0; i < t->count; i++) {
		const char *piece = part_text(&t->parts[i], cells);
		size_t size = strlen(piece);
		memcpy(end, piece, size);
		end += size;
	}
	return text;
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

const char *const *template_names(const char *text, struct arena *arena, size_t *count)
{
	size_t room = 0;

	for (const char *at = strstr(text, "{{"); at; at = strstr(at + 1, "{{"))
		room++;
	const char **names = arena_array(arena, room + 1, sizeof(*names));
	*count = 0;
	for (const char *at = strstr(text, "{{"); at; at = strstr(at + 1, "{{")) {
		const char *end = strstr(at, "}}");
		if (!end)
			break;
		const char *name =
			text_trim(arena, arena_strndup(arena, at + 2, (size_t)(end - at - 2)));
		if (*name && !strchr(name, '{') && !is_among(name, names, *count))
			names[(*count)++] = name;
	}
	return names;
}
