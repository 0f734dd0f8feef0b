#include <stdarg.h>
#include <stdio.h>

#include "base/problems.h"

void problems_add(struct problems *p, enum problem_level level, const char *file, int line,
		  int column, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	if (level == PROBLEM_ERROR)
		p->errors++;
	else
		p->warnings++;
	if (p->count == PROBLEMS_MAX)
		return;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	p->items[p->count++] = (struct problem){
		.level = level,
		.file = arena_strdup(&p->arena, file),
		.line = line,
		.column = column,
		.text = arena_strdup(&p->arena, text),
	};
}

void problems_free(struct problems *p)
{
	arena_free(&p->arena);
	*p = (struct problems){0};
}
