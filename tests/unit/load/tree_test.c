/*
 * The tree: what of YAML is taken, and what is refused, with line and column. A tree is told as
 * {key=value key=[a b]}, followed by the problems.
 */
#include "../../../src/load/tree_p.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void tell_node(struct buf *b, const struct node *n)
{
	if (n->kind == NODE_SCALAR) {
		buf_addf(b, "'%s'", n->text);
		return;
	}
	buf_addc(b, n->kind == NODE_MAP ? '{' : '[');
	for (const struct node *child = n->first; child; child = child->next) {
		buf_addf(b, "%s%s%s", child == n->first ? "" : " ", child->key ? child->key : "",
			 child->key ? "=" : "");
		tell_node(b, child);
	}
	buf_addc(b, n->kind == NODE_MAP ? '}' : ']');
}

static bool tell(const char *source, size_t length, struct buf *b)
{
	struct arena arena = {0};
	struct problems problems = {0};
	struct tree tree;

	buf_init(b, 1 << 20);
	bool ok = tree_parse("f", source, length, &arena, &problems, &tree);
	if (ok)
		tell_node(b, tree.root);
	else
		assert_true(problems.errors > 0);
	for (size_t i = 0; i < problems.count; i++)
		buf_addf(b, "\n%d:%d: %s", problems.items[i].line, problems.items[i].column,
			 problems.items[i].text);
	problems_free(&problems);
	arena_free(&arena);
	return ok;
}

static const struct {
	const char *source;
	const char *expected;
} cases[] = {
	{"a: 1", "{a='1'}"},
	{"a: 1\nb: {c: [x, y], d: }\n", "{a='1' b={c=['x' 'y'] d=''}}"},
	{"\xef\xbb\xbf"
	 "a: 1",
	 "{a='1'}"},
	{"---\na: 1\n...\n", "{a='1'}"},
	{"%YAML 1.1\n---\na: 1\n", "{a='1'}"},
	/* Scalars are text, whatever they look like. */
	{"[yes, 010, 0x1F, ~, null, 1e3, 2026-11-18, 3abc]",
	 "['yes' '010' '0x1F' '~' 'null' '1e3' '2026-11-18' '3abc']"},
	{"on: off", "{on='off'}"},
	{"a: \"q: \\u0633\\n\"", "{a='q: س\n'}"},
	{"a: |\n  one\n  two\n", "{a='one\ntwo\n'}"},
	{"اسم: سالم", "{اسم='سالم'}"},
	{"plain", "'plain'"},
	{"", "\n0:0: The file is empty."},
	{"# only\n\n", "\n0:0: The file holds nothing but blanks and comments."},
	{"a: 1\n---\nb: 2\n", "\n2:1: A second document begins here; a file holds one."},
	{"a: 1\nb: 2\na: 3\n",
	 "{a='1' b='2'}\n3:1: a: this key stands twice; the first is on line 1."},
	{"a:\n  b: {c: 1,\n   c: 2}\n",
	 "{a={b={c='1'}}}\n3:4: a.b.c: this key stands twice; the first is on line 2."},
	{"a: &x 1\nb: 2\n",
	 "{a='1' b='2'}\n1:4: Anchors (&name) are not used here; write the value itself."},
	{"a: {b: &x [1]}\n",
	 "{a={b=['1']}}\n1:8: Anchors (&name) are not used here; write the value itself."},
	{"a: !!str 1\nb: !mine {c: 1}\n",
	 "{a='1' b={c='1'}}\n1:4: Tags (!name) are not used here; write the value itself."
	 "\n2:4: Tags (!name) are not used here; write the value itself."},
	{"a: *x\n",
	 "\n1:4: Aliases (*name) are not used here; write the value itself, in quotes if it "
	 "begins with '*'."},
	/* The cycle that turns other readers in circles. */
	{"&a [*a]\n",
	 "\n1:1: Anchors (&name) are not used here; write the value itself."
	 "\n1:5: Aliases (*name) are not used here; write the value itself, in quotes if it "
	 "begins with '*'."},
	{"a: {{x}}\n", "\n1:5: A key must be plain text; a value that begins with {{ needs quotes: "
		       "\"{{…}}\"."},
	{"? [a]\n: 1\n",
	 "\n1:3: A key must be plain text; a value that begins with {{ needs quotes: "
	 "\"{{…}}\"."},
	{"a: b: c\n",
	 "\n1:5: This is not valid YAML: mapping values are not allowed in this context (a "
	 "text with ': ' in it needs quotes)."},
	{"a:\n\tb: 1\n",
	 "\n2:1: This is not valid YAML: found character that cannot start any token "
	 "(tabs cannot indent; use spaces)."},
	{"a: [1, 2\nb: 3\n", "\n2:2: This is not valid YAML: did not find expected ',' or ']'."},
	{"a: \"open\n", "\n2:1: This is not valid YAML: found unexpected end of stream."},
	{"a: @x\n", "\n1:4: This is not valid YAML: found character that cannot start any token."},
	{"a: 1\n  b: 2\n",
	 "\n2:4: This is not valid YAML: mapping values are not allowed in this context "
	 "(a text with ': ' in it needs quotes)."},
	{"a: \"x\\0y\"\n", "{a='x'}\n1:4: A text cannot hold a NUL character (\\0)."},
	{"a: 1\nسا\xff: 2\n", "\n2:3: This byte is not UTF-8; save the file as UTF-8 text."},
	{"a: x\x01y\n", "\n1:5: Control characters cannot stand here."},
	{"a: {b: ${X}}\n",
	 "\n1:9: This is not valid YAML: did not find expected ',' or '}' (between "
	 "brackets or braces, ${NAME} needs quotes)."},
	{"[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", "[[[[[[[[[[[[[[[['1']]]]]]]]]]]]]]]]"},
	{"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
	 "\n1:17: Maps and lists are nested more than 16 deep here."},
};

static void gives_what_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b;

		(void)tell(cases[i].source, strlen(cases[i].source), &b);
		if (strcmp(b.data, cases[i].expected) != 0)
			fail_msg("%s\ngave:\n%s\nexpected:\n%s", cases[i].source, b.data,
				 cases[i].expected);
		buf_free(&b);
	}
}

static void refuses_utf16_and_nul(void **state)
{
	struct buf b;

	(void)state;
	assert_false(tell("\xff\xfe"
			  "a\0:\0 \0"
			  "1\0",
			  10, &b));
	assert_string_equal(b.data, "\n1:1: This byte is not UTF-8; save the file as UTF-8 text.");
	buf_free(&b);
	assert_false(tell("a: \0b", 5, &b));
	assert_string_equal(b.data, "\n1:4: This byte is not UTF-8; save the file as UTF-8 text.");
	buf_free(&b);
}

/* These took other readers minutes. */
static void is_not_slow_on_hostile_files(void **state)
{
	static const struct {
		const char *unit;
		const char *expected;
	} hostile[] = {
		{"[", "\n1:17: Maps and lists are nested more than 16 deep here."},
		{"{a: ", "\n1:65: Maps and lists are nested more than 16 deep here."},
		{"- ", "\n1:33: Maps and lists are nested more than 16 deep here."},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(hostile); i++) {
		struct buf file;
		struct buf b;

		buf_init(&file, TREE_SIZE_MAX);
		while (!file.overflow)
			buf_adds(&file, hostile[i].unit);
		assert_false(tell(file.data, file.length, &b));
		assert_string_equal(b.data, hostile[i].expected);
		buf_free(&file);
		buf_free(&b);
	}
}

static void limits_the_keys_of_a_map(void **state)
{
	struct buf file;
	struct buf b;

	(void)state;
	buf_init(&file, TREE_SIZE_MAX);
	for (int i = 0; i < 1000; i++)
		buf_addf(&file, "k%d: 1\n", i);
	assert_false(tell(file.data, file.length, &b));
	assert_string_equal(b.data, "\n1:1: More than 999 entries stand here.");
	buf_free(&file);
	buf_free(&b);
}

static void names_nodes(void **state)
{
	static const char source[] = "a:\n  b: [x, {c: y}]\n  d: z\n";
	struct arena arena = {0};
	struct problems problems = {0};
	struct tree tree;

	(void)state;
	assert_true(tree_parse("f", source, strlen(source), &arena, &problems, &tree));
	const struct node *a = node_child(tree.root, "a");
	const struct node *b = node_child(a, "b");
	const struct node *d = node_child(a, "d");
	const struct node *c = node_child(b->first->next, "c");
	assert_string_equal(node_name(tree.root, &arena), "");
	assert_string_equal(node_name(d, &arena), "a.d");
	assert_string_equal(node_name(b->first, &arena), "item 1 of a.b");
	assert_string_equal(node_name(c, &arena), "c in item 2 of a.b");
	assert_null(node_child(a, "x"));
	assert_null(node_child(b, "x"));
	assert_int_equal(d->key_line, 3);
	assert_int_equal(d->key_column, 3);
	assert_int_equal(d->line, 3);
	assert_int_equal(d->column, 6);
	assert_int_equal(c->line, 2);
	assert_int_equal(c->column, 14);
	arena_free(&arena);
}

static void finds_braces(void **state)
{
	static const char source[] = "a: \"س {{x}} {{{y}} {{z}}\"\nb: |\n  one {{x}}\n   {{y}}\n";
	static const struct {
		const char *key;
		size_t nth;
		int line;
		int column;
	} places[] = {
		{"a", 0, 1, 7},
		{"a", 1, 1, 14},
		{"a", 2, 1, 20},
		{"b", 0, 3, 7},
		{"b", 1, 4, 4},
		/* There is none: the value itself. */
		{"b", 2, 2, 4},
	};
	struct arena arena = {0};
	struct problems problems = {0};
	struct tree tree;

	(void)state;
	assert_true(tree_parse("f", source, strlen(source), &arena, &problems, &tree));
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		int line;
		int column;

		tree_locate_braces(&tree, node_child(tree.root, places[i].key), places[i].nth,
				   &line, &column);
		assert_int_equal(line, places[i].line);
		assert_int_equal(column, places[i].column);
	}
	arena_free(&arena);
}

static void refuses_a_file_that_is_too_large(void **state)
{
	char path[] = "/tmp/nida-tree-XXXXXX";
	struct arena arena = {0};
	struct problems problems = {0};
	struct tree tree;
	FILE *file = fdopen(mkstemp(path), "wb");

	(void)state;
	assert_non_null(file);
	fputs("a: 1\n", file);
	for (int i = 5; i < TREE_SIZE_MAX; i++)
		fputc('#', file);
	assert_int_equal(fflush(file), 0);
	assert_true(tree_load(path, "The file", &arena, &problems, &tree));
	fputc('#', file);
	assert_int_equal(fclose(file), 0);
	assert_false(tree_load(path, "The file", &arena, &problems, &tree));
	assert_int_equal(problems.count, 1);
	assert_non_null(strstr(problems.items[0].text, "is larger than 256 KiB; expected less."));
	assert_int_equal(unlink(path), 0);
	problems_free(&problems);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_the_table_says),
		cmocka_unit_test(refuses_utf16_and_nul),
		cmocka_unit_test(is_not_slow_on_hostile_files),
		cmocka_unit_test(limits_the_keys_of_a_map),
		cmocka_unit_test(names_nodes),
		cmocka_unit_test(finds_braces),
		cmocka_unit_test(refuses_a_file_that_is_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
