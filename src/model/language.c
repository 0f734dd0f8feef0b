#include "model/language.h"

#include "base/mem.h"
#include "base/text.h"

#include <stddef.h>
#include <string.h>

#define WORD_SIZE 40 /* bytes: room for the longest word below, and for en-Latn-GB */

static const struct {
	const char *word;
	enum language language;
} words[] = {
	{"ar", LANGUAGE_AR},       {"ara", LANGUAGE_AR},        {"arabic", LANGUAGE_AR},
	{"عربي", LANGUAGE_AR},     {"عربية", LANGUAGE_AR},      {"العربية", LANGUAGE_AR},
	{"en", LANGUAGE_EN},       {"eng", LANGUAGE_EN},        {"english", LANGUAGE_EN},
	{"إنجليزي", LANGUAGE_EN},  {"انجليزي", LANGUAGE_EN},    {"إنجليزية", LANGUAGE_EN},
	{"انجليزية", LANGUAGE_EN}, {"الإنجليزية", LANGUAGE_EN}, {"الانجليزية", LANGUAGE_EN},
};

const char *language_code(enum language language)
{
	static const char *const codes[LANGUAGE_COUNT] = {
		[LANGUAGE_AR] = "ar",
		[LANGUAGE_EN] = "en",
	};

	return codes[language];
}

/* `text` without the blanks around it; false when it is longer than any word known. */
static bool trim(const char *text, char out[WORD_SIZE])
{
	size_t length = 0; /* up to the last character that is no blank */
	size_t used = 0;

	for (const char *p = text;;) {
		const char *start = p;
		uint32_t c = utf8_next(&p);
		if (c == 0)
			break;
		if (text_is_blank(c) && length == 0)
			continue;
		size_t size = (size_t)(p - start);
		if (used + size >= WORD_SIZE) {
			if (text_is_blank(c))
				continue;
			return false;
		}
		memcpy(out + used, start, size);
		used += size;
		if (!text_is_blank(c))
			length = used;
	}
	out[length] = '\0';
	return length > 0;
}

/* "ar-OM", "en_GB": the region says nothing about the language, as long as it looks like one. */
static void cut_region(char *word)
{
	if (strlen(word) < 4 || (word[2] != '-' && word[2] != '_'))
		return;
	for (const char *p = word + 3; *p; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
		bool digit = *p >= '0' && *p <= '9';
		if (!letter && !digit && *p != '-' && *p != '_')
			return;
	}
	word[2] = '\0';
}

bool language_from_text(const char *text, enum language *out)
{
	char word[WORD_SIZE];

	if (!trim(text, word))
		return false;
	cut_region(word);
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (text_equal_nocase(word, words[i].word)) {
			*out = words[i].language;
			return true;
		}
	}
	return false;
}
