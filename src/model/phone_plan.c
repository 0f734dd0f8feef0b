/*
 * Sources: the national numbering plans that the six administrations have communicated to the ITU
 * (www.itu.int/oth/<document>/en): Oman T020200009F, United Arab Emirates T02020000DC, Saudi Arabia
 * T02020000B7, Qatar T02020000AB, Bahrain T0202000011, Kuwait T0202000073, as the public metadata
 * of libphonenumber reads them, which names these documents. New mobile blocks are opened faster
 * than such papers are renewed, so a mobile range is taken as wide as its first digits; landlines
 * and special numbers are taken as they stand there.
 */
#include "phone_p.h"

#include "base/mem.h"

#include <string.h>

#define MOBILE PHONE_LINE_MOBILE
#define FIXED  PHONE_LINE_FIXED
#define OTHER  PHONE_LINE_OTHER

/* clang-format off */
static const struct phone_range oman[] = {
	{"900", 8, 8, OTHER}, /* premium rate */
	{"9", 8, 8, MOBILE},
	{"7", 8, 8, MOBILE},
	{"1505", 8, 8, MOBILE},
	{"21", 8, 8, FIXED},
	{"22", 8, 8, FIXED},
	{"23", 8, 8, FIXED}, /* Dhofar, Al Wusta */
	{"24", 8, 8, FIXED}, /* Muscat */
	{"25", 8, 8, FIXED}, /* Ad Dakhiliyah, Ash Sharqiyah, Adh Dhahirah */
	{"26", 8, 8, FIXED}, /* Al Batinah, Musandam */
	{"8007", 8, 9, OTHER}, /* toll-free */
	{"8000", 8, 8, OTHER},
	{"8005", 8, 8, OTHER},
	{"500", 7, 7, OTHER},
};

static const struct phone_range emirates[] = {
	{"5", 9, 9, MOBILE},
	{"22", 8, 8, FIXED}, {"23", 8, 8, FIXED}, {"24", 8, 8, FIXED}, {"25", 8, 8, FIXED},
	{"26", 8, 8, FIXED}, {"27", 8, 8, FIXED}, {"28", 8, 8, FIXED}, /* Abu Dhabi */
	{"32", 8, 8, FIXED}, {"33", 8, 8, FIXED}, {"34", 8, 8, FIXED}, {"35", 8, 8, FIXED},
	{"36", 8, 8, FIXED}, {"37", 8, 8, FIXED}, {"38", 8, 8, FIXED}, /* Al Ain */
	{"42", 8, 8, FIXED}, {"43", 8, 8, FIXED}, {"44", 8, 8, FIXED}, {"45", 8, 8, FIXED},
	{"46", 8, 8, FIXED}, {"47", 8, 8, FIXED}, {"48", 8, 8, FIXED}, /* Dubai */
	{"62", 8, 8, FIXED}, {"63", 8, 8, FIXED}, {"64", 8, 8, FIXED}, {"65", 8, 8, FIXED},
	{"66", 8, 8, FIXED}, {"67", 8, 8, FIXED}, {"68", 8, 8, FIXED}, /* Sharjah, Ajman */
	{"72", 8, 8, FIXED}, {"73", 8, 8, FIXED}, {"74", 8, 8, FIXED}, {"75", 8, 8, FIXED},
	{"76", 8, 8, FIXED}, {"77", 8, 8, FIXED}, {"78", 8, 8, FIXED}, /* Ras al-Khaimah */
	{"92", 8, 8, FIXED}, {"93", 8, 8, FIXED}, {"94", 8, 8, FIXED}, {"95", 8, 8, FIXED},
	{"96", 8, 8, FIXED}, {"97", 8, 8, FIXED}, {"98", 8, 8, FIXED}, /* Fujairah */
	{"800", 5, 12, OTHER}, /* toll-free */
	{"400", 9, 9, OTHER},
	{"600", 9, 9, OTHER}, /* shared cost */
	{"700", 9, 9, OTHER},
	{"900", 9, 9, OTHER}, /* premium rate */
};

static const struct phone_range saudi_arabia[] = {
	{"5", 9, 9, MOBILE},
	{"11", 9, 9, FIXED}, /* Riyadh */
	{"12", 9, 9, FIXED}, /* Makkah, Jeddah */
	{"13", 9, 9, FIXED}, /* Eastern Province */
	{"14", 9, 9, FIXED}, /* Madinah, Tabuk */
	{"16", 9, 9, FIXED}, /* Qassim, Hail */
	{"17", 9, 9, FIXED}, /* Asir, Jazan */
	{"92", 9, 9, OTHER}, /* shared cost and premium rate */
	{"800", 10, 10, OTHER}, /* toll-free */
	{"811", 10, 10, OTHER}, /* nomadic */
};

static const struct phone_range qatar[] = {
	{"3", 8, 8, MOBILE},
	{"5", 8, 8, MOBILE},
	{"6", 8, 8, MOBILE},
	{"7", 8, 8, MOBILE},
	{"4", 8, 8, FIXED},
	{"800", 7, 7, OTHER}, /* toll-free */
	{"800", 9, 9, OTHER},
	{"21", 7, 7, OTHER}, /* pagers */
	{"26", 7, 7, OTHER},
};

static const struct phone_range bahrain[] = {
	{"3", 8, 8, MOBILE},
	/* Landlines inside 6, which is mobile otherwise. */
	{"611", 8, 8, FIXED}, {"616", 8, 8, FIXED}, {"6500", 8, 8, FIXED}, {"660", 8, 8, FIXED},
	{"6631", 8, 8, FIXED}, {"6632", 8, 8, FIXED}, {"6644", 8, 8, FIXED}, {"6677", 8, 8, FIXED},
	{"6678", 8, 8, FIXED}, {"6679", 8, 8, FIXED}, {"6688", 8, 8, FIXED}, {"6966", 8, 8, FIXED},
	{"6969", 8, 8, FIXED}, {"6996", 8, 8, FIXED}, {"6999", 8, 8, FIXED},
	{"6", 8, 8, MOBILE},
	{"13", 8, 8, FIXED},
	{"16", 8, 8, FIXED},
	{"17", 8, 8, FIXED},
	{"70", 8, 8, FIXED},
	{"7111", 8, 8, FIXED},
	{"7178", 8, 8, FIXED},
	{"77", 8, 8, FIXED},
	{"8", 8, 8, OTHER}, /* toll-free, shared cost, premium rate */
	{"9", 8, 8, OTHER}, /* premium rate */
};

static const struct phone_range kuwait[] = {
	{"5", 8, 8, MOBILE},
	{"6", 8, 8, MOBILE},
	{"9", 8, 8, MOBILE},
	{"41", 8, 8, MOBILE},
	{"22", 8, 8, FIXED},
	{"23", 8, 8, FIXED},
	{"24", 8, 8, FIXED},
	{"25", 8, 8, FIXED},
	{"18", 7, 7, OTHER}, /* toll-free */
};

/* clang-format on */

#define RANGES(table) COUNT_OF(table), table

static const struct phone_plan plans[PHONE_COUNTRY_COUNT] = {
	[PHONE_OM] = {"OM", "968", false, 7, 9, RANGES(oman)},
	[PHONE_AE] = {"AE", "971", true, 5, 12, RANGES(emirates)},
	[PHONE_SA] = {"SA", "966", true, 9, 10, RANGES(saudi_arabia)},
	[PHONE_QA] = {"QA", "974", false, 7, 9, RANGES(qatar)},
	[PHONE_BH] = {"BH", "973", false, 8, 8, RANGES(bahrain)},
	[PHONE_KW] = {"KW", "965", false, 7, 8, RANGES(kuwait)},
};

const struct phone_plan *phone_plan_of(enum phone_country country)
{
	return country == PHONE_ANY ? NULL : &plans[country];
}

enum phone_country phone_plan_find(const char *digits)
{
	for (int i = PHONE_ANY + 1; i < PHONE_COUNTRY_COUNT; i++)
		if (strncmp(digits, plans[i].code, strlen(plans[i].code)) == 0)
			return (enum phone_country)i;
	return PHONE_ANY;
}

enum phone_fault phone_plan_judge(const struct phone_plan *plan, const char *national,
				  enum phone_line *line)
{
	int length = (int)strlen(national);
	enum phone_fault fault = PHONE_IMPOSSIBLE;

	if (length < plan->shortest)
		fault = PHONE_TOO_SHORT;
	else if (length > plan->longest)
		fault = PHONE_TOO_LONG;

	bool seen = false;
	for (size_t i = 0; i < plan->range_count; i++) {
		const struct phone_range *range = &plan->ranges[i];
		if (strncmp(national, range->prefix, strlen(range->prefix)) != 0)
			continue;
		if (length >= range->shortest && length <= range->longest) {
			*line = range->line;
			return PHONE_OK;
		}
		/* A range that fits but for the length says more than the plan as a whole. */
		if (!seen)
			fault = length < range->shortest ? PHONE_TOO_SHORT : PHONE_TOO_LONG;
		seen = true;
	}
	return fault;
}
