/*
 * The texts of simulated conversations, as data.
 *
 * A text is lines that begin with "A: " (agent) or "C: " (customer). {name} stands for the call's
 * parameter of that name, {name|words} for the words when there is none, {@name} for something
 * drawn for this call (network_script.c: drawn_text). Values are lines of "field=text"; a field
 * that comes out empty is left out. The field "@time" is called what the scenario calls it.
 */
#ifndef NIDA_PROVIDER_NETWORK_SCRIPT_P_H
#define NIDA_PROVIDER_NETWORK_SCRIPT_P_H

#include <stdbool.h>
#include <stddef.h>

#include "model/language.h"

#define SCRIPT_VARIANTS 2

enum script_course {
	COURSE_WHOLE,    /* greeting, "yes, it is me", the matter, the ending, goodbye */
	COURSE_EARLY,    /* the customer does not let it come to the matter */
	COURSE_STRANGER, /* somebody else, right after the greeting; says goodbye itself */
	COURSE_MACHINE,  /* nobody hears the greeting */
};

struct script_variant {
	const char *lines;
	const char *values;
};

/* How a conversation may end. */
struct script_ending {
	const char *disposition;
	int weight;
	enum script_course course;
	struct script_variant variants[LANGUAGE_COUNT][SCRIPT_VARIANTS];
};

/* Endings that any scenario can have; their weights stand in the family. */
enum script_common {
	COMMON_CALLBACK,
	COMMON_WANTS_HUMAN,
	COMMON_WRONG_NUMBER,
	COMMON_NOT_AVAILABLE,
	COMMON_VOICEMAIL,
	COMMON_DO_NOT_CALL,
	COMMON_COUNT,
};

/* The conversations of one scenario. Weights of endings and common ones add up to 100. */
struct script_family {
	const char *scenario;   /* NULL: every scenario */
	const char *when_name;  /* only if this parameter … ; NULL: always */
	const char *when_value; /* … has this value */
	const char *time_field; /* what "@time" is called; NULL: it has no such field */
	bool bare;              /* tell the disposition and nothing else */
	const char *greeting[LANGUAGE_COUNT];
	const char *matter[LANGUAGE_COUNT][SCRIPT_VARIANTS];
	size_t ending_count;
	const struct script_ending *endings;
	int common[COMMON_COUNT];
};

extern const struct script_family script_payment;
extern const struct script_family script_inquiry;
extern const struct script_family script_upgrade;
extern const struct script_family script_visit;
extern const struct script_family script_support;
extern const struct script_family script_general;
extern const struct script_ending script_common_endings[COMMON_COUNT];

#endif
