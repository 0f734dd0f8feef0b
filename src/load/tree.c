#include "tree_p.h"

#include "file_p.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include <yaml.h>

struct builder {
	yaml_parser_t parser;
	const struct tree *tree;
	struct arena *arena;
	struct problems *problems;
};

static void report(struct builder *b, yaml_mark_t mark, const char *text)
{
	problems_add(b->problems, PROBLEM_ERROR, b->tree->file, (int)mark.line + 1,
		     (int)mark.column + 1, "%s", text);
}

/* The byte of the source at a line and column (from 0). */
static const char *source_at(const struct tree *tree, size_t line, size_t column)
{
	const char *p = tree->source;

	while (line > 0 && (p = strchr(p, '\n'))) {
		p++;
		line--;
	}
	if (!p)
		return "";
	for (; column > 0 && *p; column--)
		(void)utf8_next(&p);
	return p;
}

/* Line and column of a byte. */
static void report_at_byte(const struct tree *tree, size_t offset, struct problems *problems,
			   const char *text)
{
	int line = 1;
	int column = 1;
	const char *end = tree->source + offset;

	for (const char *p = tree->source; p < end;) {
		bool ends_line = *p == '\n';
		(void)utf8_next(&p);
		line += ends_line;
		column = ends_line ? 1 : column + 1;
	}
	problems_add(problems, PROBLEM_ERROR, tree->file, line, column, "%s", text);
}

/* Where people stumble most. */
static const char *syntax_hint(const char *problem, const char *at, const char *source)
{
	if (*at == '\t')
		return " (tabs cannot indent; use spaces)";
	if (*at == '{' && at > source && at[-1] == '$')
		return " (between brackets or braces, ${NAME} needs quotes)";
	if (strncmp(problem, "mapping values", strlen("mapping values")) == 0)
		return " (a text with ': ' in it needs quotes)";
	return "";
}

static void report_syntax(struct builder *b)
{
	yaml_mark_t mark = b->parser.problem_mark;
	const char *problem = b->parser.problem ? b->parser.problem : "it cannot be understood";
	const char *at = source_at(b->tree, mark.line, mark.column);

	if (b->parser.error == YAML_READER_ERROR)
		report_at_byte(b->tree, b->parser.problem_offset, b->problems,
			       "Control characters cannot stand here.");
	else
		problems_add(b->problems, PROBLEM_ERROR, b->tree->file, (int)mark.line + 1,
			     (int)mark.column + 1, "This is not valid YAML: %s%s.", problem,
			     syntax_hint(problem, at, b->tree->source));
}

static bool next_event(struct builder *b, yaml_event_t *event)
{
	if (yaml_parser_parse(&b->parser, event))
		return true;
	report_syntax(b);
	return false;
}

static struct node *node_new(struct builder *b, enum node_kind kind, yaml_mark_t mark)
{
	struct node *n = arena_alloc(b->arena, sizeof(*n));

	n->kind = kind;
	n->line = (int)mark.line + 1;
	n->column = (int)mark.column + 1;
	n->text = "";
	return n;
}

static void refuse_decoration(struct builder *b, yaml_mark_t mark, const yaml_char_t *anchor,
			      const yaml_char_t *tag)
{
	if (anchor)
		report(b, mark, "Anchors (&name) are not used here; write the value itself.");
	if (tag)
		report(b, mark, "Tags (!name) are not used here; write the value itself.");
}

static struct node *scalar_new(struct builder *b, const yaml_event_t *event)
{
	struct node *n = node_new(b, NODE_SCALAR, event->start_mark);
	const char *value = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;

	refuse_decoration(b, event->start_mark, event->data.scalar.anchor, event->data.scalar.tag);
	if (memchr(value, '\0', length))
		report(b, event->start_mark, "A text cannot hold a NUL character (\\0).");
	n->text = arena_strndup(b->arena, value, length);
	return n;
}

static void node_append(struct node *parent, struct node *last, struct node *child)
{
	if (last)
		last->next = child;
	else
		parent->first = child;
	child->parent = parent;
	child->index = (int)++parent->count;
}

/* The node that an event begins; NULL after a fault that nothing can be built on. */
static struct node *build_node(struct builder *b, const yaml_event_t *event)
{
	struct node *n;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return scalar_new(b, event);
	case YAML_MAPPING_START_EVENT:
		n = node_new(b, NODE_MAP, event->start_mark);
		refuse_decoration(b, event->start_mark, event->data.mapping_start.anchor,
				  event->data.mapping_start.tag);
		break;
	case YAML_SEQUENCE_START_EVENT:
		n = node_new(b, NODE_LIST, event->start_mark);
		refuse_decoration(b, event->start_mark, event->data.sequence_start.anchor,
				  event->data.sequence_start.tag);
		break;
	default:
		report(b, event->start_mark,
		       "Aliases (*name) are not used here; write the value itself, in quotes if it "
		       "begins with '*'.");
		return NULL;
	}
	return n;
}

/* The key of the next pair, in *out; an end of the map leaves NULL there. */
static bool build_key(struct builder *b, struct node **out, bool *done)
{
	yaml_event_t event;

	if (!next_event(b, &event))
		return false;
	*done = event.type == YAML_MAPPING_END_EVENT;
	*out = NULL;
	if (event.type == YAML_SCALAR_EVENT)
		*out = scalar_new(b, &event);
	else if (!*done)
		report(b, event.start_mark,
		       "A key must be plain text; a value that begins with {{ needs quotes: "
		       "\"{{…}}\".");
	yaml_event_delete(&event);
	return *done || *out;
}

static void report_twice(struct builder *b, const struct node *child, const struct node *first)
{
	problems_add(b->problems, PROBLEM_ERROR, b->tree->file, child->key_line, child->key_column,
		     "%s: this key stands twice; the first is on line %d.",
		     node_name(child, b->arena), first->key_line);
}

static bool build_children(struct builder *b, struct node *parent, int depth);

static bool build_value(struct builder *b, struct node *parent, struct node **last,
			const struct node *key, int depth, bool *done)
{
	yaml_event_t event;

	if (!next_event(b, &event))
		return false;
	*done = !key && event.type == YAML_SEQUENCE_END_EVENT;
	struct node *child = *done ? NULL : build_node(b, &event);
	yaml_event_delete(&event);
	if (!child)
		return *done;

	const struct node *first = key ? node_child(parent, key->text) : NULL;
	if (key) {
		child->key = key->text;
		child->key_line = key->line;
		child->key_column = key->column;
	}
	child->parent = parent;
	if (first) {
		report_twice(b, child, first);
	} else {
		node_append(parent, *last, child);
		*last = child;
	}
	return child->kind == NODE_SCALAR || build_children(b, child, depth + 1);
}

static bool build_children(struct builder *b, struct node *parent, int depth)
{
	struct node *last = NULL;
	bool done = false;

	if (depth > TREE_DEPTH_MAX) {
		problems_add(b->problems, PROBLEM_ERROR, b->tree->file, parent->line,
			     parent->column, "Maps and lists are nested more than %d deep here.",
			     TREE_DEPTH_MAX);
		return false;
	}
	while (!done) {
		struct node *key = NULL;
		if (parent->count == TREE_CHILDREN_MAX) {
			problems_add(b->problems, PROBLEM_ERROR, b->tree->file, parent->line,
				     parent->column, "More than %d entries stand here.",
				     TREE_CHILDREN_MAX - 1);
			return false;
		}
		if (parent->kind == NODE_MAP && (!build_key(b, &key, &done) || done))
			return done;
		if (!build_value(b, parent, &last, key, depth, &done))
			return false;
	}
	return true;
}

/* Events before and after the one document; true leaves *root NULL when there is no document. */
static bool build_document(struct builder *b, struct node **root)
{
	bool ok = true;

	for (bool over = false; ok && !over;) {
		yaml_event_t event;
		if (!next_event(b, &event))
			return false;
		switch (event.type) {
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			break;
		case YAML_DOCUMENT_START_EVENT:
			ok = !*root;
			if (!ok)
				report(b, event.start_mark,
				       "A second document begins here; a file holds one.");
			break;
		case YAML_STREAM_END_EVENT:
			over = true;
			break;
		default:
			*root = build_node(b, &event);
			ok = *root && ((*root)->kind == NODE_SCALAR || build_children(b, *root, 1));
		}
		yaml_event_delete(&event);
	}
	return ok;
}

bool tree_parse(const char *file, const char *source, size_t length, struct arena *arena,
		struct problems *problems, struct tree *out)
{
	struct builder b = {.tree = out, .arena = arena, .problems = problems};
	struct node *root = NULL;
	bool has_mark = length >= 3 && memcmp(source, "\xef\xbb\xbf", 3) == 0;

	if (has_mark) {
		source += 3;
		length -= 3;
	}
	*out = (struct tree){.file = arena_strdup(arena, file), .source = source};
	size_t good = utf8_check(source, length);
	if (good < length) {
		report_at_byte(out, good, problems,
			       "This byte is not UTF-8; save the file as UTF-8 text.");
		return false;
	}
	if (!yaml_parser_initialize(&b.parser))
		BUG("libyaml cannot start");
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)source, length);
	bool ok = build_document(&b, &root);
	yaml_parser_delete(&b.parser);

	if (ok && !root)
		problems_add(problems, PROBLEM_ERROR, file, 0, 0,
			     length == 0 ? "The file is empty."
					 : "The file holds nothing but blanks and comments.");
	out->root = root;
	return ok && root;
}

bool tree_load(const char *file, const char *what, struct arena *arena, struct problems *problems,
	       struct tree *out)
{
	struct bytes bytes;
	struct err e;

	if (!file_read_whole(file, what, TREE_SIZE_MAX, arena, &bytes, &e)) {
		problems_add(problems, PROBLEM_ERROR, file, 0, 0, "%s", e.text);
		return false;
	}
	return tree_parse(file, bytes.data, bytes.length, arena, problems, out);
}

const struct node *node_child(const struct node *map, const char *key)
{
	if (map->kind != NODE_MAP)
		return NULL;
	for (const struct node *n = map->first; n; n = n->next)
		if (strcmp(n->key, key) == 0)
			return n;
	return NULL;
}

const char *node_name(const struct node *node, struct arena *arena)
{
	if (!node->parent)
		return "";
	const char *above = node_name(node->parent, arena);
	if (!node->key)
		return arena_printf(arena, "item %d%s%s", node->index, *above ? " of " : "", above);
	if (!*above)
		return node->key;
	/* "from in item 2 of pairs": a map inside a list is rare, but must have a name. */
	if (!node->parent->key)
		return arena_printf(arena, "%s in %s", node->key, above);
	return arena_printf(arena, "%s.%s", above, node->key);
}

void tree_locate_braces(const struct tree *tree, const struct node *scalar, size_t nth, int *line,
			int *column)
{
	const char *p = source_at(tree, (size_t)scalar->line - 1, (size_t)scalar->column - 1);
	int l = scalar->line;
	int c = scalar->column;

	*line = l;
	*column = c;
	while (*p) {
		/* Of three braces the first is plain text. */
		if (p[0] == '{' && p[1] == '{' && p[2] != '{') {
			if (nth-- == 0) {
				*line = l;
				*column = c;
				return;
			}
			p++;
			c++;
		}
		bool ends_line = *p == '\n';
		(void)utf8_next(&p);
		l += ends_line;
		c = ends_line ? 1 : c + 1;
	}
}
