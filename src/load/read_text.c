/*
 * Readings that are more than one word: names, lists of texts, texts in two languages, templates.
 */
#include "read_p.h"

#include <string.h>

#define NAME_MAX_LENGTH 64

bool read_texts(struct reader *r, const struct node *n, const char *expected,
		const char *const **out, size_t *count)
{
	bool ok = true;

	if (!read_is_list(r, n, expected))
		return false;
	const char **texts = arena_array(r->arena, n->count, sizeof(*texts));
	size_t used = 0;
	for (const struct node *item = n->first; item; item = item->next) {
		if (!read_text(r, item, "text", &texts[used])) {
			ok = false;
			continue;
		}
		for (size_t i = 0; i < used; i++) {
			if (strcmp(texts[i], texts[used]) == 0) {
				read_fault(r, item, "%s stands twice.", read_found(r, item));
				ok = false;
				break;
			}
		}
		used++;
	}
	*out = texts;
	*count = used;
	return ok;
}

bool read_name(struct reader *r, const struct node *n, const char **out)
{
	static const char expected[] =
		"a name of letters a-z, digits and '-', at most 64, the first no '-'";
	const char *text;

	if (!read_text(r, n, expected, &text))
		return false;
	size_t length = strlen(text);
	bool ok = length <= NAME_MAX_LENGTH && text[0] != '-';
	for (const char *p = text; *p; p++)
		ok = ok && (*p == '-' || (read_is_name_char(*p) && *p != '_'));
	if (!ok) {
		read_expected(r, n, expected);
		return false;
	}
	*out = text;
	return true;
}

static void read_arabic(struct reader *r, const struct node *n, void *into)
{
	struct bilingual *b = into;

	(void)read_text(r, n, "text in Arabic", &b->text[LANGUAGE_AR]);
}

static void read_english(struct reader *r, const struct node *n, void *into)
{
	struct bilingual *b = into;

	(void)read_text(r, n, "text in English", &b->text[LANGUAGE_EN]);
}

bool read_bilingual(struct reader *r, const struct node *n, struct bilingual *out)
{
	static const struct key keys[] = {
		{"ar", KEY_OPTIONAL, read_arabic},
		{"en", KEY_OPTIONAL, read_english},
	};
	size_t before = r->problems->errors;

	return read_is_map(r, n, "texts by language: {ar: …, en: …}") &&
	       read_map(r, n, keys, COUNT_OF(keys), out) && r->problems->errors == before;
}

bool read_template(struct reader *r, const struct node *n, struct template *out)
{
	const char *text;
	const char *why;
	size_t offset;
	size_t braces = 0;
	int line;
	int column;

	if (!read_text(r, n, "text, with {{column}} where a cell of the list belongs", &text))
		return false;
	if (template_parse(text, r->arena, out, &offset, &why))
		return true;
	for (const char *p = text; (p = strstr(p, "{{")) && (size_t)(p - text) < offset;) {
		bool is_plain = p[2] == '{'; /* the first of three */
		braces += !is_plain;
		p += is_plain ? 1 : 2;
	}
	tree_locate_braces(r->tree, n, braces, &line, &column);
	problems_add(r->problems, PROBLEM_ERROR, r->tree->file, line, column, "%s: %s",
		     node_name(n, r->arena), why);
	return false;
}
