#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/language.h"

static void test_words(void **state)
{
	static const struct {
		const char *text;
		int language; /* -1: none */
	} words[] = {
		{"ar", LANGUAGE_AR},
		{"en", LANGUAGE_EN},
		{"AR", LANGUAGE_AR},
		{"arabic", LANGUAGE_AR},
		{"English", LANGUAGE_EN},
		{"ara", LANGUAGE_AR},
		{"eng", LANGUAGE_EN},
		{"ar-OM", LANGUAGE_AR},
		{"en_GB", LANGUAGE_EN},
		{"EN-us", LANGUAGE_EN},
		{"ar-Arab-OM", LANGUAGE_AR},
		{"en-001", LANGUAGE_EN},
		{" en ", LANGUAGE_EN},
		{"\u200far\u00a0", LANGUAGE_AR},
		{"\ufeff"
		 "ar",
		 LANGUAGE_AR},
		{"عربي", LANGUAGE_AR},
		{"العربية", LANGUAGE_AR},
		{"عربية", LANGUAGE_AR},
		{"إنجليزي", LANGUAGE_EN},
		{"الإنجليزية", LANGUAGE_EN},
		{"انجليزي", LANGUAGE_EN},
		{"الانجليزية", LANGUAGE_EN},
		{"", -1},
		{" ", -1},
		{"fr", -1},
		{"a", -1},
		{"arab", -1},
		{"ar-", -1},
		{"ar OM", -1},
		{"ar/en", -1},
		{"enx", -1},
		{"urdu", -1},
		{"هندي", -1},
		{"en-é", -1},
		{"a text that is far too long to be the name of a language", -1},
		{"ar                                                              x", -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		enum language language = LANGUAGE_COUNT;
		bool ok = language_from_text(words[i].text, &language);

		if (ok != (words[i].language >= 0) || (ok && (int)language != words[i].language))
			fail_msg("'%s': %d %d", words[i].text, ok, (int)language);
	}
}

static void test_codes(void **state)
{
	(void)state;
	assert_string_equal(language_code(LANGUAGE_AR), "ar");
	assert_string_equal(language_code(LANGUAGE_EN), "en");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
