/*
 * Any bytes as a campaign and as a scenario: a tree or problems, never a crash, never for long.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -Iinclude \
 *         tests/fuzz/tree_fuzz.c src/load/[a-z]*.c src/model/[a-z]*.c src/base/[a-z]*.c \
 *         -lyaml -lcsv -lcrypto -lm
 */
#include "../../src/load/campaign_p.h"
#include "../../src/load/scenario_p.h"

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_node(const struct node *n)
{
	size_t count = 0;

	if (utf8_check(n->text, strlen(n->text)) != strlen(n->text))
		BUG("a text is not UTF-8");
	for (const struct node *child = n->first; child; child = child->next, count++) {
		if (child->parent != n || (n->kind == NODE_MAP) != (child->key != NULL))
			BUG("a child does not fit its parent");
		if (child->line < n->line)
			BUG("a child stands above its parent");
		check_node(child);
	}
	if (count != n->count)
		BUG("%zu children, %zu counted", count, n->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct problems problems = {0};
	struct tree tree;
	char *source = arena_alloc(&arena, size + 1);

	if (size > TREE_SIZE_MAX)
		return 0;
	if (size > 0)
		memcpy(source, data, size);
	if (tree_parse("fuzz", source, size, &arena, &problems, &tree)) {
		struct reader r = {.tree = &tree, .arena = &arena, .problems = &problems};
		struct campaign campaign;
		struct scenario scenario;
		struct env *env;
		struct err e;

		check_node(tree.root);
		scenario_read(&r, &scenario);
		if (env_load(NULL, "/nowhere/x", &env, &e)) {
			r.env = env;
			campaign_read(&r, &campaign);
			env_free(env);
		}
	} else if (problems.errors == 0) {
		BUG("refused without a reason");
	}
	problems_free(&problems);
	arena_free(&arena);
	return 0;
}
