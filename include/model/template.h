/*
 * "{{column}}" templates: text with the names of columns (or variables) in it.
 *
 * A template is parsed once, when its file is loaded, and bound to a header once per list;
 * rendering a row then only copies. Blanks inside the braces are ignored. A single brace is plain
 * text; an unclosed or empty `{{}}` is a fault with its offset. Names compare exactly after
 * trimming.
 */
#ifndef NIDA_MODEL_TEMPLATE_H
#define NIDA_MODEL_TEMPLATE_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

struct template_part {
	const char *text; /* literal text, or the name between the braces */
	bool is_name;
	int column; /* of a name: index into the header after template_bind(), else -1 */
};

struct template
{
	size_t count;
	struct template_part *parts;
};

/* Parse into the arena. On a fault false: *offset is the byte where it stands, *why a sentence. */
bool template_parse(const char *text, struct arena *arena, struct template *out, size_t *offset,
		    const char **why);

/* The names between double braces in somebody else's text, each once, in order, into the arena:
 * what is not closed, or empty, is passed over. */
const char *const *template_names(const char *text, struct arena *arena, size_t *count);

/* Find each name among the columns. NULL when all are there, else the first that is not. */
const char *template_bind(struct template *t, const char *const *columns, size_t count);

/* Is it the same text whatever the cells hold? */
bool template_is_literal(const struct template *t);

/* Cells are those of one row, as many as there were columns. Binding first is the caller's duty.
 * What is one cell, or holds no name, is that text itself; what is put together lies in the arena.
 */
const char *template_render(const struct template *t, const char *const *cells,
			    struct arena *arena);

#endif
