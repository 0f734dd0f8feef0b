/*
 * Verbs: one file, one function, one const table entry each. Parsing, --help and dispatch all read
 * the same entry, so they cannot disagree.
 */
#ifndef NIDA_CMD_VERB_H
#define NIDA_CMD_VERB_H

#include "base/clock.h"
#include "base/err.h"
#include "cmd/exit.h"

#include <stdbool.h>
#include <stddef.h>

/* Every option of every verb; one name means one thing everywhere. */
enum option_id {
	OPTION_ALL,
	OPTION_CALLED,
	OPTION_CONTINUE,
	OPTION_COUNTRY,
	OPTION_DRY_RUN,
	OPTION_END_LIVE,
	OPTION_ENV_FILE,
	OPTION_FORMAT,
	OPTION_JSON,
	OPTION_KEEP,
	OPTION_LEDGER,
	OPTION_LIMIT,
	OPTION_LIST,
	OPTION_LOG,
	OPTION_MASK,
	OPTION_NEW,
	OPTION_NOT_CALLED,
	OPTION_OLDER_THAN,
	OPTION_ONLINE,
	OPTION_ONLY,
	OPTION_OUT,
	OPTION_PERSON,
	OPTION_PROMETHEUS,
	OPTION_REASON,
	OPTION_ROW,
	OPTION_RUN,
	OPTION_SEED,
	OPTION_SINCE,
	OPTION_TO,
	OPTION_VERBOSE,
	OPTION_VIA,
	OPTION_WATCH,
	OPTION_YES,
	OPTION_HELP,
	OPTION_COUNT,
};

struct option_entry {
	const char *name;     /* without the dashes */
	const char *argument; /* its placeholder; NULL: it takes none */
	const char *help;
};

struct invocation;

struct verb {
	const char *name;
	const char *arguments; /* "CAMPAIGN", "[CAMPAIGN]", "" */
	int least;             /* how many arguments it takes */
	int most;
	const char *summary; /* one line */
	const char *details; /* paragraphs */
	const char *example;
	const enum option_id *options; /* ends with OPTION_HELP */
	bool wants_variables;          /* every ${NAME} in the campaign must be set */
	enum exit_code (*run)(const struct invocation *in, struct err *e);
};

#define ARGUMENTS_MAX 3

struct invocation {
	const struct verb *verb;
	int argument_count;
	const char *arguments[ARGUMENTS_MAX];
	const char *values[OPTION_COUNT]; /* NULL: not given; "" for one without argument */
	struct clock clock;
	bool scaled_clock; /* NIDA_CLOCK is set: only against a simulator on loopback */
};

const struct option_entry *option_entry(enum option_id id);
bool option_given(const struct invocation *in, enum option_id id);

extern const struct verb verb_check;
extern const struct verb verb_rehearse;
extern const struct verb verb_run;
extern const struct verb verb_status;
extern const struct verb verb_report;
extern const struct verb verb_end_call;
extern const struct verb verb_pause;
extern const struct verb verb_resume;
extern const struct verb verb_try;
extern const struct verb verb_cancel;
extern const struct verb verb_audit;
extern const struct verb verb_hamsa;
extern const struct verb verb_events;
extern const struct verb verb_settle;
extern const struct verb verb_suppress;
extern const struct verb verb_purge;

/* In the order of --help. */
extern const struct verb *const verbs[];
extern const size_t verb_count;

#endif
