/*
 * Typed readings of a tree: what a scalar must be to be a number, a span, a share …
 *
 * Each reader returns false after having said what is wrong (file, line, column, the key's full
 * name, what was found, what was expected); nothing is written to *out then. ${NAME} is
 * replaced in every scalar when the reader has an environment. The value of a variable never
 * gets into a message: found is what stands in the file.
 */
#ifndef NIDA_LOAD_READ_P_H
#define NIDA_LOAD_READ_P_H

#include "tree_p.h"

#include "load/env.h"
#include "model/campaign.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader {
	const struct tree *tree;
	const struct env *env; /* NULL: ${NAME} is plain text */
	struct arena *arena;   /* where results live */
	struct problems *problems;
};

/* One key of a map: what to do with its value. `into` is what read_map() was given. */
struct key {
	const char *name;
	enum { KEY_OPTIONAL, KEY_REQUIRED } need;
	void (*read)(struct reader *r, const struct node *n, void *into);
};

/* Read the keys of a map in the order of the table. Unknown and missing keys are problems. */
bool read_map(struct reader *r, const struct node *n, const struct key *keys, size_t count,
	      void *into);

/* Is it a map (or list) with something in it? `expected` follows "expected" in the message. */
bool read_is_map(struct reader *r, const struct node *n, const char *expected);
bool read_is_list(struct reader *r, const struct node *n, const char *expected);

/* Does the scalar name a variable that is not set, and may it? */
bool read_is_unset(struct reader *r, const struct node *n);

/* Nothing can be done without this value: false, and an error, when it names a variable that is not
 * set, even where others may. */
bool read_is_set(struct reader *r, const struct node *n);

/* A scalar that is not empty. */
bool read_text(struct reader *r, const struct node *n, const char *expected, const char **out);

/* A path, seen from the folder of the file it stands in. */
bool read_path(struct reader *r, const struct node *n, const char **out);

/* A list of texts, none of them twice. */
bool read_texts(struct reader *r, const struct node *n, const char *expected,
		const char *const **out, size_t *count);

bool read_bool(struct reader *r, const struct node *n, bool *out);
/* Between both; INT64_MAX: without an upper limit. */
bool read_whole(struct reader *r, const struct node *n, int64_t min, int64_t max, int64_t *out);
bool read_int(struct reader *r, const struct node *n, int min, int max, int *out);
bool read_decimal(struct reader *r, const struct node *n, struct decimal *out);

/* "20%" is 0.2; from `min` to 1. */
bool read_share(struct reader *r, const struct node *n, double min, double *out);

/* "30m" in ms, between both (in ms). */
bool read_span(struct reader *r, const struct node *n, int64_t min, int64_t max, int64_t *out);

/* The index of the scalar among the names. */
bool read_choice(struct reader *r, const struct node *n, const char *const *names, size_t count,
		 size_t *out);

/* Letters, digits and '-', at most 64, the first no '-': names of campaigns and scenarios. */
bool read_name(struct reader *r, const struct node *n, const char **out);

/* {ar: …, en: …}, at least one of them. */
bool read_bilingual(struct reader *r, const struct node *n, struct bilingual *out);

/* A text with {{names}}; faults are reported at the brace. */
bool read_template(struct reader *r, const struct node *n, struct template *out);

/* Problems at a value: "pace.live: " and what the format says. */
void read_fault(struct reader *r, const struct node *n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void read_warning(struct reader *r, const struct node *n, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* "pace.live: expected a whole number; found 'ten'." */
void read_expected(struct reader *r, const struct node *n, const char *expected);

/* What stands in the file, for a message: "'ten'", "a list", "nothing". */
const char *read_found(struct reader *r, const struct node *n);

/* Letter of a-z or A-Z, digit or '_'. */
bool read_is_name_char(char c);

/* The end of a message about a wrong name: "did you mean 'x'?", or the list of all names. */
const char *read_suggestion(struct reader *r, const char *found, const char *const *names,
			    size_t count);

#endif
