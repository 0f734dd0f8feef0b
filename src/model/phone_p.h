/*
 * Number plans of the six Gulf states: which national numbers are possible, and what kind of line
 * they are. A national number here has no country code and no trunk 0.
 */
#ifndef NIDA_MODEL_PHONE_P_H
#define NIDA_MODEL_PHONE_P_H

#include "model/phone.h"

#include <stddef.h>

struct phone_range {
	const char *prefix;
	int shortest; /* digits, the prefix included */
	int longest;
	enum phone_line line;
};

struct phone_plan {
	const char *iso;  /* "OM" */
	const char *code; /* "968" */
	bool trunk_zero;  /* mobiles and landlines are dialled with a 0 in front */
	int shortest;     /* digits of the shortest and the longest number of all ranges */
	int longest;
	size_t range_count;
	const struct phone_range *ranges; /* the first whose prefix and length fit decides */
};

/* NULL for PHONE_ANY. */
const struct phone_plan *phone_plan_of(enum phone_country country);

/* The country whose code the digits begin with; PHONE_ANY when nida does not know it. */
enum phone_country phone_plan_find(const char *digits);

/* Judge a national number. */
enum phone_fault phone_plan_judge(const struct phone_plan *plan, const char *national,
				  enum phone_line *line);

#endif
