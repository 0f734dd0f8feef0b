/*
 * A YAML file as a small tree that remembers where everything stood.
 *
 * Only the plain part of YAML is taken: maps with text keys, lists, scalars. Aliases, anchors,
 * tags, keys that stand twice, a second document, nesting deeper than TREE_DEPTH_MAX, files
 * larger than TREE_SIZE_MAX, maps of TREE_CHILDREN_MAX keys and anything that is not UTF-8 are
 * refused. Scalars are text whatever they look like: read_p.h decides what a text means. Lines
 * and columns count from 1; columns are characters.
 *
 * Nodes and texts live in the arena that was given to tree_parse().
 */
#ifndef NIDA_LOAD_TREE_P_H
#define NIDA_LOAD_TREE_P_H

#include "base/mem.h"
#include "base/problems.h"

#include <stdbool.h>
#include <stddef.h>

#define TREE_DEPTH_MAX    16
#define TREE_SIZE_MAX     (256 * 1024)
#define TREE_CHILDREN_MAX 1000 /* of one map or list; looking for doubles is quadratic */

enum node_kind {
	NODE_SCALAR, /* `text` */
	NODE_LIST,   /* `first` and its `next`s, in order */
	NODE_MAP,    /* likewise, each with a `key` */
};

struct node {
	enum node_kind kind;
	int line; /* where the value begins */
	int column;
	const struct node *parent; /* NULL: the top */
	const char *key;           /* NULL unless the parent is a map */
	int key_line;
	int key_column;
	int index;        /* place in the parent, from 1 */
	const char *text; /* of a scalar, never NULL, without NUL bytes */
	struct node *first;
	struct node *next;
	size_t count; /* of children */
};

struct tree {
	const char *file;
	const char *source; /* the bytes of the file, without a byte order mark; NUL-terminated */
	const struct node *root;
};

/* Read and parse a file; `what` begins the sentence when it cannot be read ("The campaign file").
 * False when there is no tree: the problems say why. True does not mean that there were none. */
bool tree_load(const char *file, const char *what, struct arena *arena, struct problems *problems,
	       struct tree *out);

/* The same from memory. `source` has `length` bytes and a NUL behind them; borrowed. */
bool tree_parse(const char *file, const char *source, size_t length, struct arena *arena,
		struct problems *problems, struct tree *out);

/* The child of a map with this key, or NULL. */
const struct node *node_child(const struct node *map, const char *key);

/* "pace.calls_per_minute", "item 2 of suppress"; "" for the top. */
const char *node_name(const struct node *node, struct arena *arena);

/* Where the opening brace number `nth` ("{{", from 0) of a scalar stands in the source; the
 * scalar's own place when it cannot be found (written with escapes, or come from the
 * environment). */
void tree_locate_braces(const struct tree *tree, const struct node *scalar, size_t nth, int *line,
			int *column);

#endif
