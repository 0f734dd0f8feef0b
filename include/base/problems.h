/*
 * Everything that is wrong with some input, gathered so that the user sees all of it in one go.
 *
 * A problem is an error (nothing may be dialled) or a warning (worth a look). It carries the file,
 * the line and the column it was found at (0: none) and one whole sentence. Problems are kept in
 * the order they were found; beyond PROBLEMS_MAX they are only counted. The struct owns its texts.
 */
#ifndef NIDA_BASE_PROBLEMS_H
#define NIDA_BASE_PROBLEMS_H

#include <stddef.h>

#include "base/mem.h"

#define PROBLEMS_MAX 100

enum problem_level {
	PROBLEM_ERROR,
	PROBLEM_WARNING,
};

struct problem {
	enum problem_level level;
	const char *file; /* "" when it belongs to no file */
	int line;         /* 1-based, 0: none */
	int column;       /* 1-based, 0: none */
	const char *text;
};

struct problems {
	struct problem items[PROBLEMS_MAX];
	size_t count;    /* items in use */
	size_t errors;   /* all errors, those beyond PROBLEMS_MAX too */
	size_t warnings; /* all warnings, likewise */
	struct arena arena;
};

void problems_add(struct problems *p, enum problem_level level, const char *file, int line,
		  int column, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
void problems_free(struct problems *p);

#endif
