#include "read_p.h"

#include "file_p.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/text_near.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FOUND_MAX 60  /* characters of a value in a message */
#define LIST_MAX  600 /* bytes of a list of names in a message */

#define UNSET "the variable %s is not set; set it in the environment or in the env file."

__attribute__((format(printf, 4, 0))) static void add_problem(struct reader *r,
							      enum problem_level level,
							      const struct node *n, const char *fmt,
							      va_list args)
{
	char text[1024];
	const char *name = node_name(n, r->arena);

	vsnprintf(text, sizeof(text), fmt, args);
	problems_add(r->problems, level, r->tree->file, n->line, n->column, "%s%s%s", name,
		     *name ? ": " : "", text);
}

/* The first variable of a text that is not set; NULL: there is none. */
static const char *find_unset(struct reader *r, const char *text)
{
	for (const char *p = text; (p = strstr(p, "${"));) {
		const char *name = p += 2;
		while (read_is_name_char(*p))
			p++;
		const char *variable = arena_strndup(r->arena, name, (size_t)(p - name));
		if (*p == '}' && p > name && !env_get(r->env, variable))
			return variable;
	}
	return NULL;
}

bool read_is_unset(struct reader *r, const struct node *n)
{
	return r->env && env_allows_unset(r->env) && n->kind == NODE_SCALAR &&
	       find_unset(r, n->text) != NULL;
}

bool read_is_set(struct reader *r, const struct node *n)
{
	if (!read_is_unset(r, n))
		return true;
	problems_add(r->problems, PROBLEM_ERROR, r->tree->file, n->line, n->column, "%s: " UNSET,
		     node_name(n, r->arena), find_unset(r, n->text));
	return false;
}

void read_fault(struct reader *r, const struct node *n, const char *fmt, ...)
{
	va_list args;

	/* What was not filled in cannot be right, and need not be. */
	if (read_is_unset(r, n)) {
		problems_add(r->problems, PROBLEM_WARNING, r->tree->file, n->line, n->column,
			     "%s: the variable %s is not set, so this verb goes on without it.",
			     node_name(n, r->arena), find_unset(r, n->text));
		return;
	}
	va_start(args, fmt);
	add_problem(r, PROBLEM_ERROR, n, fmt, args);
	va_end(args);
}

void read_warning(struct reader *r, const struct node *n, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	add_problem(r, PROBLEM_WARNING, n, fmt, args);
	va_end(args);
}

/* What stands in the file, for a message: quoted, on one line, not too long. */
const char *read_found(struct reader *r, const struct node *n)
{
	if (n->kind == NODE_LIST)
		return n->count ? "a list" : "an empty list";
	if (n->kind == NODE_MAP)
		return n->count ? "a map" : "an empty map";
	if (!*n->text)
		return "nothing";

	const char *end = n->text;
	for (int i = 0; i < FOUND_MAX && *end && *end != '\n'; i++)
		(void)utf8_next(&end);
	return arena_printf(r->arena, "'%.*s%s'", (int)(end - n->text), n->text, *end ? "…" : "");
}

void read_expected(struct reader *r, const struct node *n, const char *expected)
{
	read_fault(r, n, "expected %s; found %s.", expected, read_found(r, n));
}

const char *read_suggestion(struct reader *r, const char *found, const char *const *names,
			    size_t count)
{
	const char *near = text_near_miss(found, names, count);
	struct buf all;

	if (near)
		return arena_printf(r->arena, "did you mean '%s'?", near);
	if (count == 0)
		return "there are none.";
	buf_init(&all, LIST_MAX);
	for (size_t i = 0; i < count; i++)
		buf_addf(&all, "%s%s", i ? ", " : "", names[i]);
	const char *text = arena_printf(r->arena, "expected %s%s%s.", count > 1 ? "one of " : "",
					all.data, all.overflow ? " …" : "");
	buf_free(&all);
	return text;
}

bool read_is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Replace every ${NAME}; false when one is not set or not closed. */
static bool expand(struct reader *r, const struct node *n, struct buf *out)
{
	const char *p = n->text;

	for (const char *start; (start = strstr(p, "${")); p++) {
		buf_add(out, p, (size_t)(start - p));
		const char *name = start + 2;
		p = name;
		while (read_is_name_char(*p))
			p++;
		if (*p != '}' || p == name) {
			read_fault(r, n,
				   "'${' begins a variable here; expected ${NAME} with letters, "
				   "digits and '_'.");
			return false;
		}
		char *variable = arena_strndup(r->arena, name, (size_t)(p - name));
		const char *value = env_get(r->env, variable);
		if (!value && !env_allows_unset(r->env)) {
			read_fault(r, n, UNSET, variable);
			return false;
		}
		if (value)
			buf_adds(out, value);
		else
			buf_addf(out, "${%s}", variable);
	}
	buf_adds(out, p);
	return true;
}

bool read_text(struct reader *r, const struct node *n, const char *expected, const char **out)
{
	struct buf text;

	if (n->kind != NODE_SCALAR || !*n->text) {
		read_expected(r, n, expected);
		return false;
	}
	if (!r->env || !strstr(n->text, "${")) {
		*out = n->text;
		return true;
	}
	buf_init(&text, TREE_SIZE_MAX);
	bool ok = expand(r, n, &text);
	if (ok && text.overflow) {
		read_fault(r, n, "the text is too long once its variables are filled in.");
		ok = false;
	}
	if (ok)
		*out = arena_strdup(r->arena, text.data);
	buf_free(&text);
	return ok;
}

bool read_path(struct reader *r, const struct node *n, const char **out)
{
	const char *text;

	if (!read_text(r, n, "a path, relative to this file", &text))
		return false;
	*out = file_join(r->arena, r->tree->file, text);
	return true;
}

bool read_is_map(struct reader *r, const struct node *n, const char *expected)
{
	if (n->kind == NODE_MAP && n->count > 0)
		return true;
	read_expected(r, n, expected);
	return false;
}

bool read_is_list(struct reader *r, const struct node *n, const char *expected)
{
	if (n->kind == NODE_LIST && n->count > 0)
		return true;
	read_expected(r, n, expected);
	return false;
}

static void report_unknown(struct reader *r, const struct node *n, const struct key *keys,
			   size_t count)
{
	const char **names = arena_array(r->arena, count, sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = keys[i].name;
	problems_add(r->problems, PROBLEM_ERROR, r->tree->file, n->key_line, n->key_column,
		     "%s: this key is not known; %s", node_name(n, r->arena),
		     read_suggestion(r, n->key, names, count));
}

static void report_missing(struct reader *r, const struct node *map, const char *key)
{
	const char *name = node_name(map, r->arena);

	problems_add(r->problems, PROBLEM_ERROR, r->tree->file,
		     map->key_line ? map->key_line : map->line,
		     map->key_line ? map->key_column : map->column,
		     "%s%s%s: this key is missing; it has no default.", name, *name ? "." : "",
		     key);
}

bool read_map(struct reader *r, const struct node *n, const struct key *keys, size_t count,
	      void *into)
{
	size_t known = 0;

	if (n->kind != NODE_MAP) {
		read_expected(r, n, "a map of keys and values");
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		const struct node *child = node_child(n, keys[i].name);
		if (child) {
			known++;
			keys[i].read(r, child, into);
		} else if (keys[i].need == KEY_REQUIRED) {
			report_missing(r, n, keys[i].name);
		}
	}
	for (const struct node *child = n->first; child && known < n->count; child = child->next) {
		size_t i = 0;
		while (i < count && strcmp(keys[i].name, child->key) != 0)
			i++;
		if (i == count)
			report_unknown(r, child, keys, count);
	}
	return true;
}

bool read_bool(struct reader *r, const struct node *n, bool *out)
{
	static const char expected[] = "true or false";
	const char *text;

	if (!read_text(r, n, expected, &text))
		return false;
	bool yes = strcmp(text, "true") == 0 || strcmp(text, "yes") == 0;
	if (!yes && strcmp(text, "false") != 0 && strcmp(text, "no") != 0) {
		read_expected(r, n, expected);
		return false;
	}
	*out = yes;
	return true;
}

bool read_whole(struct reader *r, const struct node *n, int64_t min, int64_t max, int64_t *out)
{
	const char *expected =
		max == INT64_MAX
			? arena_printf(r->arena, "a whole number from %lld on", (long long)min)
			: arena_printf(r->arena, "a whole number from %lld to %lld", (long long)min,
				       (long long)max);
	const char *text;
	int64_t number = 0;

	if (!read_text(r, n, expected, &text))
		return false;
	for (const char *p = text; *p; p++) {
		int digit = *p - '0';
		/* Not multiplied first: the product could overflow. */
		if (digit < 0 || digit > 9 || number > (max - digit) / 10) {
			read_expected(r, n, expected);
			return false;
		}
		number = number * 10 + digit;
	}
	if (number < min || number > max) {
		read_expected(r, n, expected);
		return false;
	}
	*out = number;
	return true;
}

bool read_int(struct reader *r, const struct node *n, int min, int max, int *out)
{
	int64_t number;

	if (!read_whole(r, n, min, max, &number))
		return false;
	*out = (int)number;
	return true;
}

bool read_decimal(struct reader *r, const struct node *n, struct decimal *out)
{
	static const char expected[] = "a number such as 12.500";
	struct decimal number;
	const char *text;

	if (!read_text(r, n, expected, &text))
		return false;
	/* A comma may be the decimal sign or part thousands: a budget is not to be guessed. */
	if (!decimal_parse(text, &number, NULL) || decimal_readings(text, r->arena)) {
		read_expected(r, n, expected);
		return false;
	}
	*out = number;
	return true;
}

bool read_share(struct reader *r, const struct node *n, double min, double *out)
{
	const char *expected =
		arena_printf(r->arena, "a share from %g%% to 100%%, such as 20%%", min * 100);
	struct decimal number;
	const char *text;

	if (!read_text(r, n, expected, &text))
		return false;
	size_t length = strlen(text);
	bool ok = length > 1 && text[length - 1] == '%' && text[0] >= '0' && text[0] <= '9' &&
		  decimal_parse(arena_strndup(r->arena, text, length - 1), &number, NULL);
	double share = ok ? (double)number.micro / 1e8 : -1;
	if (share < min || share > 1) {
		read_expected(r, n, expected);
		return false;
	}
	*out = share;
	return true;
}

bool read_span(struct reader *r, const struct node *n, int64_t min, int64_t max, int64_t *out)
{
	char least[MOMENT_SIZE];
	char most[MOMENT_SIZE];
	const char *expected =
		arena_printf(r->arena, "a time from %s to %s, written such as 90s, 30m, 4h or 7d",
			     span_words(min, least), span_words(max, most));
	const char *text;
	int64_t ms;

	if (!read_text(r, n, expected, &text))
		return false;
	if (!span_parse(text, &ms) || ms < min || ms > max) {
		read_expected(r, n, expected);
		return false;
	}
	*out = ms;
	return true;
}

bool read_choice(struct reader *r, const struct node *n, const char *const *names, size_t count,
		 size_t *out)
{
	const char *text;

	if (!read_text(r, n, "text", &text))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(text, names[i]) == 0) {
			*out = i;
			return true;
		}
	}
	read_fault(r, n, "found %s; %s", read_found(r, n),
		   read_suggestion(r, n->text, names, count));
	return false;
}
