#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/phone.h"

struct good {
	const char *text;
	enum phone_country home;
	const char *e164;
	enum phone_line line;
	enum phone_country country;
};

#define M   PHONE_LINE_MOBILE
#define F   PHONE_LINE_FIXED
#define O   PHONE_LINE_OTHER
#define U   PHONE_LINE_UNKNOWN
#define ANY PHONE_ANY
#define OM  PHONE_OM
#define AE  PHONE_AE
#define SA  PHONE_SA
#define QA  PHONE_QA
#define BH  PHONE_BH
#define KW  PHONE_KW

static const struct good good[] = {
	/* Ways to write one number. */
	{"+96891234567", ANY, "+96891234567", M, OM},
	{"0096891234567", ANY, "+96891234567", M, OM},
	{"96891234567", ANY, "+96891234567", M, OM},
	{"91234567", OM, "+96891234567", M, OM},
	{"+968 9123 4567", ANY, "+96891234567", M, OM},
	{"+968-9123-4567", ANY, "+96891234567", M, OM},
	{"+968.9123.4567", ANY, "+96891234567", M, OM},
	{"(+968) 9123 4567", ANY, "+96891234567", M, OM},
	{"+(968) 91234567", ANY, "+96891234567", M, OM},
	{"+968/91234567", ANY, "+96891234567", M, OM},
	{"[968] 91234567", ANY, "+96891234567", M, OM},
	{"'+96891234567", ANY, "+96891234567", M, OM},
	{"'96891234567", ANY, "+96891234567", M, OM},
	{" ' 96891234567 ", ANY, "+96891234567", M, OM},
	{"  +96891234567\t", ANY, "+96891234567", M, OM},
	{"\u00a0+968\u00a09123\u202f4567\u00a0", ANY, "+96891234567", M, OM},
	/* What a copy from an Arabic page brings along. */
	{"\u202a+968 9123 4567\u202c", ANY, "+96891234567", M, OM},
	{"\u200e+96891234567", ANY, "+96891234567", M, OM},
	{"\ufeff96891234567", ANY, "+96891234567", M, OM},
	{"+968\u20139123\u20114567", ANY, "+96891234567", M, OM},
	{"+968 9123\u22124567", ANY, "+96891234567", M, OM},
	{"+٩٦٨٩١٢٣٤٥٦٧", ANY, "+96891234567", M, OM},
	{"٩١٢٣٤٥٦٧", OM, "+96891234567", M, OM},
	{"٠٠٩٦٨ ٩١٢٣ ٤٥٦٧", ANY, "+96891234567", M, OM},
	{"۹۶۸۹۱۲۳۴۵۶۷", ANY, "+96891234567", M, OM},
	{"9689123٤٥٦٧", ANY, "+96891234567", M, OM},
	{"9123-4567", OM, "+96891234567", M, OM},
	{"9123.4567", OM, "+96891234567", M, OM},
	/* Four zeros after the point: written in groups, not damaged. */
	{"9123.0000", OM, "+96891230000", M, OM},
	{"+968 2412.0000", ANY, "+96824120000", F, OM},
	{"9682412.0000", ANY, "+96824120000", F, OM},
	{"91234500", OM, "+96891234500", M, OM},

	/* Oman. */
	{"71234567", OM, "+96871234567", M, OM},
	{"79999999", OM, "+96879999999", M, OM},
	{"70000000", OM, "+96870000000", M, OM},
	{"99999999", OM, "+96899999999", M, OM},
	{"90123456", OM, "+96890123456", M, OM},
	{"90012345", OM, "+96890012345", O, OM}, /* premium rate */
	{"15051234", OM, "+96815051234", M, OM},
	{"21123456", OM, "+96821123456", F, OM},
	{"24123456", OM, "+96824123456", F, OM},
	{"26999999", OM, "+96826999999", F, OM},
	{"80071234", OM, "+96880071234", O, OM},
	{"800712345", OM, "+968800712345", O, OM},
	{"5001300", OM, "+9685001300", O, OM},
	/* National numbers that begin like a country code. */
	{"96812345", OM, "+96896812345", M, OM},
	{"97112345", OM, "+96897112345", M, OM},
	{"96512345", KW, "+96596512345", M, KW},
	/* A number of another Gulf state on an Omani list. */
	{"97412345", OM, "+96897412345", M, OM},
	{"97433123456", OM, "+97433123456", M, QA},
	{"971501234567", OM, "+971501234567", M, AE},

	/* United Arab Emirates. */
	{"+971501234567", ANY, "+971501234567", M, AE},
	{"00971521234567", ANY, "+971521234567", M, AE},
	{"971541234567", ANY, "+971541234567", M, AE},
	{"0501234567", AE, "+971501234567", M, AE},
	{"050 123 4567", AE, "+971501234567", M, AE},
	{"+971531234567", ANY, "+971531234567", M, AE}, /* a block younger than the plan */
	{"+971591234567", ANY, "+971591234567", M, AE},
	{"+97142345678", ANY, "+97142345678", F, AE},
	{"97142345678", ANY, "+97142345678", F, AE},
	{"04 234 5678", AE, "+97142345678", F, AE},
	{"+97122345678", ANY, "+97122345678", F, AE},
	{"+97192345678", ANY, "+97192345678", F, AE},
	{"80012", AE, "+97180012", O, AE},
	{"800123456", AE, "+971800123456", O, AE},
	{"+971800123456789", ANY, "+971800123456789", O, AE}, /* the longest toll-free number */
	{"600512345", AE, "+971600512345", O, AE},
	{"900212345", AE, "+971900212345", O, AE},

	/* Saudi Arabia. */
	{"+966512345678", ANY, "+966512345678", M, SA},
	{"966512345678", ANY, "+966512345678", M, SA},
	{"00966591234567", ANY, "+966591234567", M, SA},
	{"0512345678", SA, "+966512345678", M, SA},
	{"011 234 5678", SA, "+966112345678", F, SA},
	{"+966122345678", ANY, "+966122345678", F, SA},
	{"+966172345678", ANY, "+966172345678", F, SA},
	{"8001234567", SA, "+9668001234567", O, SA},
	{"920012345", SA, "+966920012345", O, SA},
	{"+9668111234567", ANY, "+9668111234567", O, SA},

	/* Qatar. */
	{"+97433123456", ANY, "+97433123456", M, QA},
	{"55123456", QA, "+97455123456", M, QA},
	{"66123456", QA, "+97466123456", M, QA},
	{"77123456", QA, "+97477123456", M, QA},
	{"44123456", QA, "+97444123456", F, QA},
	{"97440123456", ANY, "+97440123456", F, QA},
	{"8001234", QA, "+9748001234", O, QA},
	{"800123456", QA, "+974800123456", O, QA},
	{"2112345", QA, "+9742112345", O, QA},

	/* Bahrain: 6 is shared by mobiles and landlines. */
	{"+97336001234", ANY, "+97336001234", M, BH},
	{"31234567", BH, "+97331234567", M, BH},
	{"66312345", BH, "+97366312345", F, BH},
	{"66331234", BH, "+97366331234", M, BH},
	{"63001234", BH, "+97363001234", M, BH},
	{"61112345", BH, "+97361112345", F, BH},
	{"69991234", BH, "+97369991234", F, BH},
	{"17001234", BH, "+97317001234", F, BH},
	{"13612345", BH, "+97313612345", F, BH},
	{"77001234", BH, "+97377001234", F, BH},
	{"71781234", BH, "+97371781234", F, BH},
	{"80123456", BH, "+97380123456", O, BH},
	{"90123456", BH, "+97390123456", O, BH},

	/* Kuwait. */
	{"+96550012345", ANY, "+96550012345", M, KW},
	{"65123456", KW, "+96565123456", M, KW},
	{"99123456", KW, "+96599123456", M, KW},
	{"41123456", KW, "+96541123456", M, KW},
	{"22345678", KW, "+96522345678", F, KW},
	{"25123456", KW, "+96525123456", F, KW},
	{"1801234", KW, "+9651801234", O, KW},

	/* Elsewhere the shape decides. */
	{"+442079460018", ANY, "+442079460018", U, ANY},
	{"00442079460018", OM, "+442079460018", U, ANY},
	{"+12125550123", ANY, "+12125550123", U, ANY},
	{"+919876543210", OM, "+919876543210", U, ANY},
	{"+2901234", ANY, "+2901234", U, ANY},
	{"+123456789012345", ANY, "+123456789012345", U, ANY},
};

struct bad {
	const char *text;
	enum phone_country home;
	enum phone_fault fault;
};

static const struct bad bad[] = {
	{"", ANY, PHONE_EMPTY},
	{"   ", ANY, PHONE_EMPTY},
	{"\u00a0\u200e", OM, PHONE_EMPTY},
	{"'", ANY, PHONE_EMPTY},
	{"+", ANY, PHONE_EMPTY},
	{"-", OM, PHONE_EMPTY}, /* how many lists write "none" */
	{"()", ANY, PHONE_EMPTY},

	{"n/a", ANY, PHONE_LETTERS},
	{"لا يوجد", OM, PHONE_LETTERS},
	{"+968 9123 45O7", ANY, PHONE_LETTERS}, /* a letter O */
	{"tel:+96891234567", ANY, PHONE_LETTERS},
	{"91234567 ext 5", OM, PHONE_LETTERS},
	{"91234567x5", OM, PHONE_LETTERS},
	{"96891234567+", ANY, PHONE_LETTERS},
	{"++96891234567", ANY, PHONE_LETTERS},
	{"968+91234567", ANY, PHONE_LETTERS},
	{"91234567,92345678", OM, PHONE_LETTERS},
	{"91234567;92345678", OM, PHONE_LETTERS},
	{"''96891234567", ANY, PHONE_LETTERS},
	{"96891234567'", ANY, PHONE_LETTERS},
	{"#96891234567", ANY, PHONE_LETTERS},
	{"*100#", OM, PHONE_LETTERS},
	{"9689\xff"
	 "1234567",
	 ANY, PHONE_LETTERS},
	{"１２３４５６７８", OM, PHONE_LETTERS}, /* full-width digits: no list here has them */

	{"9.68912E+10", ANY, PHONE_SCIENTIFIC},
	{"9.68912e+10", OM, PHONE_SCIENTIFIC},
	{"9,68912E+10", ANY, PHONE_SCIENTIFIC},
	{"9.68912345E10", ANY, PHONE_SCIENTIFIC},
	{"9E+10", ANY, PHONE_SCIENTIFIC},
	{"+9.68912E+10", ANY, PHONE_SCIENTIFIC},
	{" 9.68912E+10 ", ANY, PHONE_SCIENTIFIC},
	{"9.1E-07", ANY, PHONE_SCIENTIFIC},
	{"٩٫٦٨٩١٢E+١٠", ANY, PHONE_SCIENTIFIC},
	{"9.68912E+", ANY, PHONE_LETTERS},

	{"96891234567.0", ANY, PHONE_FLOAT},
	{"96891234567.00", ANY, PHONE_FLOAT},
	{"91234567.0", OM, PHONE_FLOAT},
	{"91234567,0", OM, PHONE_FLOAT},
	{"91234567٫0", OM, PHONE_FLOAT},
	{"+96891234567.0", ANY, PHONE_FLOAT},
	{"'91234567.0 ", OM, PHONE_FLOAT},

	{"91234567", ANY, PHONE_NO_COUNTRY_CODE},
	{"0501234567", ANY, PHONE_NO_COUNTRY_CODE},
	{"501234567", ANY, PHONE_NO_COUNTRY_CODE},
	{"2125550123", ANY, PHONE_NO_COUNTRY_CODE},
	{"442079460018", ANY, PHONE_NO_COUNTRY_CODE}, /* not a Gulf code */
	{"9689123456", ANY, PHONE_NO_COUNTRY_CODE},   /* ten digits may be of anywhere */

	{"501234567", AE, PHONE_LOST_ZERO},
	{"42345678", AE, PHONE_LOST_ZERO},
	{"512345678", SA, PHONE_LOST_ZERO},
	{"112345678", SA, PHONE_LOST_ZERO},
	{"096891234567", ANY, PHONE_LOST_ZERO},
	{"0971501234567", OM, PHONE_LOST_ZERO},

	{"123", ANY, PHONE_TOO_SHORT},
	{"9123456", OM, PHONE_TOO_SHORT},
	{"2412345", OM, PHONE_TOO_SHORT},
	{"0", OM, PHONE_TOO_SHORT},
	{"+9689123456", ANY, PHONE_TOO_SHORT},
	{"9689123456", OM, PHONE_TOO_SHORT},
	{"+968", ANY, PHONE_TOO_SHORT},
	{"+44207", ANY, PHONE_TOO_SHORT},
	{"+97150123456", ANY, PHONE_TOO_SHORT},
	{"97150123456", ANY, PHONE_TOO_SHORT},
	{"050123456", AE, PHONE_TOO_SHORT},
	{"3312345", QA, PHONE_TOO_SHORT},

	{"912345678", OM, PHONE_TOO_LONG},
	{"+968912345678", ANY, PHONE_TOO_LONG},
	{"968912345678", ANY, PHONE_TOO_LONG},
	{"91234567/92345678", OM, PHONE_TOO_LONG},
	{"+96891234567 / 92345678", ANY, PHONE_TOO_LONG},
	{"05012345678", AE, PHONE_TOO_LONG},
	{"+1234567890123456", ANY, PHONE_TOO_LONG},
	{"1234567890123456", ANY, PHONE_TOO_LONG},
	{"123456789012345678901234567890123456789012345678901234567890", ANY, PHONE_TOO_LONG},

	{"81234567", OM, PHONE_IMPOSSIBLE},
	{"+96831234567", ANY, PHONE_IMPOSSIBLE},
	{"96841234567", ANY, PHONE_IMPOSSIBLE},
	{"27123456", OM, PHONE_IMPOSSIBLE},
	{"20123456", OM, PHONE_IMPOSSIBLE},
	{"091234567", OM, PHONE_IMPOSSIBLE}, /* Oman has no trunk 0 */
	{"11234567", OM, PHONE_IMPOSSIBLE},
	{"+97111234567", ANY, PHONE_IMPOSSIBLE},
	{"+97141234567", ANY, PHONE_IMPOSSIBLE},
	{"+9710501234567", ANY, PHONE_IMPOSSIBLE}, /* country code and trunk 0 */
	{"0800123456", AE, PHONE_IMPOSSIBLE},      /* 800 is dialled without 0 */
	{"+966152345678", ANY, PHONE_IMPOSSIBLE},
	{"+966612345678", ANY, PHONE_IMPOSSIBLE},
	{"+97411234567", ANY, PHONE_IMPOSSIBLE},
	{"+97321234567", ANY, PHONE_IMPOSSIBLE},
	{"+97318123456", ANY, PHONE_IMPOSSIBLE},
	{"+96531234567", ANY, PHONE_IMPOSSIBLE},
	{"26123456", KW, PHONE_IMPOSSIBLE},
	{"+0096891234567", ANY, PHONE_IMPOSSIBLE},
	{"00000000000", ANY, PHONE_IMPOSSIBLE},
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		const struct good *g = &good[i];
		struct phone phone;
		enum phone_fault fault = phone_parse(g->text, g->home, &phone);

		if (fault != PHONE_OK || strcmp(phone.e164, g->e164) != 0 ||
		    phone.line != g->line || phone.country != g->country)
			fail_msg("'%s': fault %d '%s' line %d country %d", g->text, (int)fault,
				 phone.e164, (int)phone.line, (int)phone.country);
	}
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct phone phone;
		enum phone_fault fault = phone_parse(bad[i].text, bad[i].home, &phone);

		if (fault != bad[i].fault)
			fail_msg("'%s': fault %d, expected %d (%s)", bad[i].text, (int)fault,
				 (int)bad[i].fault, phone.e164);
		assert_string_equal(phone.e164, "");
		assert_int_equal(phone.country, PHONE_ANY);
	}
}

/* What has been normalised once stays as it is, whatever the campaign's country. */
static void test_normal_form_is_stable(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		for (int home = PHONE_ANY; home < PHONE_COUNTRY_COUNT; home++) {
			struct phone phone;
			assert_int_equal(phone_parse(good[i].e164, (enum phone_country)home,
						     &phone),
					 PHONE_OK);
			assert_string_equal(phone.e164, good[i].e164);
			assert_int_equal(phone.line, good[i].line);
		}
	}
}

/* Every mobile range of Oman and nothing below or above its length. */
static void test_oman_mobile_lengths(void **state)
{
	(void)state;
	static const char first[] = {'7', '9'};

	for (size_t f = 0; f < sizeof(first); f++) {
		for (char second = '0'; second <= '9'; second++) {
			char text[12] = {first[f], second, '1', '2', '3', '4', '5', '6'};
			struct phone phone;

			assert_int_equal(phone_parse(text, PHONE_OM, &phone), PHONE_OK);
			assert_int_equal(phone.line, PHONE_LINE_MOBILE);
			text[8] = '7';
			assert_int_equal(phone_parse(text, PHONE_OM, &phone), PHONE_TOO_LONG);
			text[7] = '\0';
			assert_int_equal(phone_parse(text, PHONE_OM, &phone), PHONE_TOO_SHORT);
		}
	}
}

static void test_to_number(void **state)
{
	static const struct {
		const char *text;
		uint64_t number;
	} cases[] = {
		{"+96891234567", 96891234567},
		{"96891234567", 96891234567},
		{"0096891234567", 96891234567},
		{"sip:+96891234567@10.0.0.1", 96891234567},
		{"sip:+96891234567@host;region=us1", 96891234567},
		{"SIP:96891234567@host", 96891234567},
		{"sips:0096891234567@host", 96891234567},
		{"tel:+968-9123-4567", 96891234567},
		{"tel:+96891234567;ext=5", 96891234567},
		{" +968 9123 4567 ", 96891234567},
		{"+٩٦٨٩١٢٣٤٥٦٧", 96891234567},
		{"+123456789012345", 123456789012345},
		{"+1234567890123456", 0},
		{"+123456", 0},
		{"", 0},
		{"sip:", 0},
		{"anonymous", 0},
		{"sip:anonymous@host", 0},
		{"+0123456789", 0},
		{"00096891234567", 0},
		{"96891234567x", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		if (phone_to_number(cases[i].text) != cases[i].number)
			fail_msg("'%s': %llu", cases[i].text,
				 (unsigned long long)phone_to_number(cases[i].text));
}

static void test_countries(void **state)
{
	enum phone_country country;

	(void)state;
	for (int i = PHONE_ANY + 1; i < PHONE_COUNTRY_COUNT; i++) {
		const char *code = phone_country_code((enum phone_country)i);
		assert_true(phone_country_from_code(code, &country));
		assert_int_equal(country, i);
	}
	assert_string_equal(phone_country_code(PHONE_ANY), "");
	assert_true(phone_country_from_code("om", &country));
	assert_false(phone_country_from_code("", &country));
	assert_false(phone_country_from_code("GB", &country));
	assert_false(phone_country_from_code("OMN", &country));
}

static void test_every_fault_has_a_sentence(void **state)
{
	(void)state;
	for (int i = 0; i < PHONE_FAULT_COUNT; i++) {
		const char *text = phone_fault_text((enum phone_fault)i);
		assert_non_null(text);
		assert_int_equal(text[strlen(text) - 1], '.');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_normal_form_is_stable),
		cmocka_unit_test(test_oman_mobile_lengths),
		cmocka_unit_test(test_to_number),
		cmocka_unit_test(test_countries),
		cmocka_unit_test(test_every_fault_has_a_sentence),
	};

	print_message("%zu numbers accepted, %zu refused\n", COUNT_OF(good), COUNT_OF(bad));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
