/*
 * Text, buffers, packs, moments, zones, hashes, chance: the ground floor by tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/pack.h"
#include "base/rng.h"
#include "base/text.h"
#include "base/text_mask.h"
#include "base/text_near.h"

static void test_utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		size_t bad; /* offset of the first wrong byte; length: none */
	} cases[] = {
		{"", 0, 0},
		{"abc", 3, 3},
		{"سالم", 8, 8},
		{"\xf0\x9f\x98\x80", 4, 4},
		{"a\xff", 2, 1},
		{"\xc0\xaf", 2, 0},         /* overlong */
		{"\xe0\x80\xaf", 3, 0},     /* overlong */
		{"\xed\xa0\x80", 3, 0},     /* surrogate */
		{"\xf4\x90\x80\x80", 4, 0}, /* beyond U+10FFFF */
		{"ab\xd8", 3, 2},           /* torn at the end */
		{"a\0b", 3, 1},             /* NUL */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(utf8_check(cases[i].bytes, cases[i].length), cases[i].bad);
	/* Every code point goes out and comes back. */
	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		char text[5] = "";
		const char *p = text;
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		text[utf8_put(text, c)] = '\0';
		assert_int_equal(utf8_next(&p), c);
		assert_int_equal(*p, 0);
	}
	assert_int_equal(utf8_length("سالم a"), 6);
}

/* What is wrong is found wherever it stands, also when eight bytes are looked at together. */
static void test_utf8_at_every_place(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		bool good;
	} pieces[] = {
		{"\x7f", 1, true},
		{"\xd8\xb3", 2, true},
		{"\xc2\x80", 2, true},
		{"\xe2\x82\xac", 3, true},
		{"\xf0\x9f\x98\x80", 4, true},
		{"\0", 1, false},
		{"\x80", 1, false},
		{"\xc1\xbf", 2, false},
		{"\xd8", 1, false},
		{"\xd8\xd8\xb3", 3, false},
		{"\xe2\x82", 2, false},
		{"\xed\xbf\xbf", 3, false},
		{"\xf0\x9f\x98", 3, false},
		{"\xf5\x80\x80\x80", 4, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		for (size_t place = 0; place <= 20; place++) {
			for (size_t behind = 0; behind <= 9; behind++) {
				char bytes[40];
				size_t length = place + pieces[i].length + behind;
				bool ascii = (unsigned char)(*pieces[i].bytes - 1) < 0x7f;

				memset(bytes, 'a', sizeof(bytes));
				memcpy(bytes + place, pieces[i].bytes, pieces[i].length);
				assert_int_equal(utf8_check(bytes, length),
						 pieces[i].good ? length : place);
				assert_int_equal(utf8_ascii(bytes, length), ascii ? length : place);
			}
		}
	}
}

static void test_trim_and_masks(void **state)
{
	struct arena a = {0};
	char out[TEXT_MASK_SIZE];

	(void)state;
	assert_string_equal(text_trim(&a, " \t\xc2\xa0 a b \xe2\x80\x8f\r\n"), "a b");
	assert_string_equal(text_trim(&a, "  "), "");
	/* Only what ends with a blank has to be copied. */
	static const char *const bare[] = {"", "a", "  a b", "\u200fسالم"};
	for (size_t i = 0; i < COUNT_OF(bare); i++) {
		const char *end = bare[i] + strlen(bare[i]);
		const char *got = text_bare(&a, bare[i]);
		assert_ptr_equal(got + strlen(got), end);
		assert_string_equal(got, text_trim(&a, bare[i]));
	}
	assert_string_equal(text_bare(&a, " \t\xc2\xa0 a b \xe2\x80\x8f\r\n"), "a b");
	assert_string_equal(text_bare(&a, "\u061c \u061c"), "");
	assert_string_equal(text_mask_phone("+96891234567", out), "+96891••••67");
	assert_string_equal(text_mask_phone("12345", out), "•••••");
	arena_free(&a);
}

static void test_near_misses(void **state)
{
	static const char *const names[] = {"calls_per_minute", "live",  "hours", "scenario",
					    "رقم الجوال",       "الإسم", "مبلغ"};
	static const struct {
		const char *found;
		const char *meant;
	} cases[] = {
		{"calls_per_minut", "calls_per_minute"},
		{"call_per_minutes", "calls_per_minute"},
		{"lvie", "live"},
		{"Hours", "hours"},
		{"senario", "scenario"},
		{"li", NULL},
		{"entirely", NULL},
		{"", NULL},
		{"___", NULL},
		{"Calls per minute", "calls_per_minute"},
		{"CALLS-PER-MINUTE", "calls_per_minute"},
		{"callsperminute", "calls_per_minute"},
		{"رقم_الجوال", "رقم الجوال"},
		{"رقم الجوّال", "رقم الجوال"},
		{"رقم الجول", "رقم الجوال"},
		{"الاسم", "الإسم"},
		{"مبلــغ", "مبلغ"},
		{"\xe2\x80\x8fمبلغ", "مبلغ"},
		{"مدينة", NULL},
		{"an entirely different name that goes on and on and on, further than anybody "
		 "would write",
		 NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *meant = text_near_miss(cases[i].found, names, COUNT_OF(names));
		if (!cases[i].meant)
			assert_null(meant);
		else
			assert_string_equal(meant, cases[i].meant);
	}
}

static void test_buffer_has_a_maximum(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	buf_adds(&b, "12345");
	buf_adds(&b, "678901"); /* one too many: dropped whole */
	assert_true(b.overflow);
	assert_string_equal(b.data, "12345");
	buf_addf(&b, "%d", 67890);
	assert_string_equal(b.data, "1234567890");
	buf_addc(&b, 'x');
	assert_string_equal(b.data, "1234567890");
	buf_reset(&b);
	assert_false(b.overflow);
	buf_addc(&b, 'x');
	buf_addf(&b, "%010d", 1);
	assert_true(b.overflow);
	assert_string_equal(b.data, "x");
	buf_free(&b);
}

/* Whatever is added, it goes on behind the place where memory ends for now. */
static void test_buffer_grows(void **state)
{
	(void)state;
	for (int before = 230; before < 270; before++) {
		char expected[512];
		struct buf b;

		buf_init(&b, 4096);
		for (int i = 0; i < before; i++)
			buf_addc(&b, 'x');
		buf_addf(&b, "%d,", 1234567);
		buf_add_number(&b, INT64_MIN);
		buf_addc(&b, ',');
		buf_add_number(&b, INT64_MAX);
		buf_addc(&b, ',');
		buf_add_number(&b, 0);
		memset(expected, 'x', (size_t)before);
		snprintf(expected + before, sizeof(expected) - (size_t)before,
			 "1234567,-9223372036854775808,9223372036854775807,0");
		assert_string_equal(b.data, expected);
		assert_int_equal(b.length, strlen(expected));
		buf_free(&b);
	}
}

/* Wherever plain text ends: at what is escaped, what is torn, and the end. */
static void test_json_texts(void **state)
{
	static const struct {
		const char *text;
		const char *json;
	} cases[] = {
		{"", "\"\""},
		{"سالم", "\"سالم\""},
		{"سالم\"سالم\n", "\"سالم\\\"سالم\\n\""},
		{"ab\x7f"
		 "c\x01",
		 "\"ab\\u007fc\\u0001\""},
		{"\xc2\x85é€😀", "\"\\u0085é€😀\""},
		{"a\xe2\x80\xa8"
		 "b\xe2\x80\xa9",
		 "\"a\\u2028b\\u2029\""},
		{"\xd8", "\"\\ufffd\""},
		{"\xd8"
		 "a\xdb\"",
		 "\"\\ufffda\\ufffd\\\"\""},
		{"\xd8\xd8\xb3\xb3", "\"\\ufffdس\\ufffd\""},
		{"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
	};
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		buf_reset(&b);
		buf_add_json(&b, cases[i].text);
		assert_string_equal(b.data, cases[i].json);
	}
	buf_free(&b);
}

/* No character takes more than it may, wrong ones neither. */
static void test_packs_grow_no_further(void **state)
{
	static const char *const items[] = {"", "", "\xff", ""};
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	pack_strings(&b, items, COUNT_OF(items));
	assert_true(b.length <= PACK_GROWTH * 5 + 1);
	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		char text[9] = "";
		const char *item = text;
		size_t bytes = utf8_put(text, c);
		bytes += utf8_put(text + bytes, c);
		buf_reset(&b);
		pack_strings(&b, &item, 1);
		assert_true(b.length <= PACK_GROWTH * (bytes + 1) + 1);
	}
	buf_free(&b);
}

static void test_packs_come_back(void **state)
{
	static const char *const items[] = {
		"",
		"a",
		"\"quoted\"",
		"back\\slash",
		"line\nbreak\r\ttab",
		"سالم",
		"\x01\x1f\x7f",
		"</script>",
		"\xe2\x80\xa8 \xe2\x80\xa9",
		"😀",
		",",
		"[\"x\"]",
	};
	static const char *const broken[] = {
		"",
		"[",
		"[\"a\"",
		"[\"a\",]",
		"[\"a\"]x",
		"\"a\"",
		"[1]",
		"[\"\\x\"]",
		"[\"\\u12\"]",
		"[\"\\ud800\"]",
		"[\"a\" ,\"b\"]",
		"[\"\\u0000\"]",
	};
	struct arena a = {0};
	struct buf b;
	const char **back;
	size_t count;

	(void)state;
	buf_init(&b, 4096);
	pack_strings(&b, items, COUNT_OF(items));
	assert_true(unpack_strings(b.data, &a, &back, &count));
	assert_int_equal(count, COUNT_OF(items));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(back[i], items[i]);
	assert_true(unpack_strings("[]", &a, &back, &count));
	assert_int_equal(count, 0);
	for (size_t i = 0; i < COUNT_OF(broken); i++)
		assert_false(unpack_strings(broken[i], &a, &back, &count));
	buf_free(&b);
	arena_free(&a);
}

/* As many strings as there are, each as it was, with escapes that make later ones move. */
static void test_long_packs_come_back(void **state)
{
	static const char *const items[] = {"", "plain", "a\"b", "\n", "\\سالم\\", ","};
	struct arena a = {0};
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	for (size_t most = 0; most < 70; most++) {
		const char *list[70];
		const char **back;
		size_t count;

		for (size_t i = 0; i < most; i++)
			list[i] = items[i % COUNT_OF(items)];
		buf_reset(&b);
		pack_strings(&b, list, most);
		assert_true(unpack_strings(b.data, &a, &back, &count));
		assert_int_equal(count, most);
		for (size_t i = 0; i < count; i++)
			assert_string_equal(back[i], list[i]);
		arena_reset(&a);
	}
	buf_free(&b);
	arena_free(&a);
}

static void test_hash(void **state)
{
	char hex[SHA256_HEX_SIZE];
	struct sha256 *h = sha256_new();

	(void)state;
	sha256_add(h, "a", 1);
	sha256_add(h, "bc", 2);
	sha256_finish(h, hex);
	/* FIPS 180-2, appendix B.1 */
	assert_string_equal(hex,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

	/* The vectors of its authors. */
	assert_true(fnv1a_text("") == UINT64_C(0xcbf29ce484222325));
	assert_true(fnv1a_text("a") == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(fnv1a_text("foobar") == UINT64_C(0x85944171f73967e8));
}

static void test_chance(void **state)
{
	struct rng a;
	struct rng b;
	int low = 0;
	char hex[33];

	(void)state;
	rng_seed(&a, 7);
	rng_seed(&b, 7);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(rng_next(&a), rng_next(&b));
	for (int i = 0; i < 100000; i++) {
		uint64_t x = rng_below(&a, 10);
		double u = rng_unit(&a);
		assert_true(x < 10 && u >= 0 && u < 1);
		low += x < 3;
	}
	assert_in_range(low, 29000, 31000);
	rng_hex(&a, hex);
	assert_int_equal(strspn(hex, "0123456789abcdef"), 32);
}

static void test_errors_gather_context(void **state)
{
	struct err e = {0};

	(void)state;
	assert_false(err_set(&e, ERR_BUSY, "line %d is wrong.", 7));
	assert_false(err_prefix(&e, "%s: ", "list.csv"));
	assert_string_equal(e.text, "list.csv: line 7 is wrong.");
	assert_int_equal(e.kind, ERR_BUSY);
}

/* Words of somebody else's: their numbers are not for logs, the rest is what people look for. */
static void masks_numbers_in_words(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"", ""},
		{"+96890001234 is not valid", "+•••••••••34 is not valid"},
		{"the number 90001234.", "the number ••••••34."},
		{"call 9000123 or 900012", "call •••••23 or 900012"},
		{"+968 9000 1234, busy", "+••• •••• ••34, busy"},
		{"(968) 90-00-12-34", "(•••) ••-••-••-34"},
		{"968.9000.1234", "•••.••••.••34"},
		{"tel:+96890001234;x", "tel:+•••••••••34;x"},
		{"phone96890001234", "phone•••••••••34"},
		{"to_96890001234_now", "to_•••••••••34_now"},
		{"الرقم ٩٦٨٩٠٠٠١٢٣٤ خطأ", "الرقم •••••••••٣٤ خطأ"},
		{"96890001234 96890001235", "••••••••••• •••••••••35"},
		{"job d949f13f-40d2-4e48-ac86-b66633070603 unknown",
		 "job d949f13f-40d2-4e48-ac86-b66633070603 unknown"},
		{"12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789012"},
		{"66b3f0a19c8812345678abcd", "66b3f0a19c8812345678abcd"},
		{"CA0123456789abcdef0123456789abcdef", "CA0123456789abcdef0123456789abcdef"},
		{"balance 123456.500 OMR, 1,234,567.890", "balance 123456.500 OMR, 1,234,567.890"},
		{"at 2026-11-22T10:15:00.000Z", "at 2026-11-22T10:15:00.000Z"},
		{"due 01/12/2026", "due 01/12/2026"},
		{" - 12 (a) .", " - 12 (a) ."},
		{"wait 3600 s, code 400", "wait 3600 s, code 400"},
		{"123456. 7", "•••••6. 7"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(text_mask_numbers(&arena, cases[i].text), cases[i].expected);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_numbers_in_words),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_utf8_at_every_place),
		cmocka_unit_test(test_trim_and_masks),
		cmocka_unit_test(test_near_misses),
		cmocka_unit_test(test_buffer_has_a_maximum),
		cmocka_unit_test(test_buffer_grows),
		cmocka_unit_test(test_json_texts),
		cmocka_unit_test(test_packs_grow_no_further),
		cmocka_unit_test(test_packs_come_back),
		cmocka_unit_test(test_long_packs_come_back),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_errors_gather_context),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
