#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list args;

	e->kind = kind;
	va_start(args, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, args);
	va_end(args);
	return false;
}

bool err_prefix(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->text)];
	va_list args;

	memcpy(old, e->text, sizeof(old));
	va_start(args, fmt);
	int length = vsnprintf(e->text, sizeof(e->text), fmt, args);
	va_end(args);
	if (length >= 0 && (size_t)length < sizeof(e->text))
		snprintf(e->text + length, sizeof(e->text) - (size_t)length, "%s", old);
	return false;
}
