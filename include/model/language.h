/*
 * The two languages a call, a label or a report can have.
 */
#ifndef NIDA_MODEL_LANGUAGE_H
#define NIDA_MODEL_LANGUAGE_H

#include <stdbool.h>

enum language {
	LANGUAGE_AR, /* also what a row without a language gets */
	LANGUAGE_EN,
	LANGUAGE_COUNT,
};

/* A text in both; an absent one is NULL. */
struct bilingual {
	const char *text[LANGUAGE_COUNT];
};

/* "ar", "en": what Hamsa receives. */
const char *language_code(enum language language);

/* From what lists contain: ar, en, arabic, english, ara, eng, ar-OM, en_GB, عربي, العربية, إنجليزي,
 * الإنجليزية, with or without the hamza (blanks around and ASCII case ignored); false for anything
 * else. */
bool language_from_text(const char *text, enum language *out);

#endif
