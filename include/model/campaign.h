/*
 * A campaign: whom to call, with which scenario, when and how fast. Immutable once loaded; all of
 * it lives in the arena of its plan. Field by field it is the campaign file (nida-campaign(5));
 * paths are absolute or relative to the working directory, already joined with the file's folder.
 */
#ifndef NIDA_MODEL_CAMPAIGN_H
#define NIDA_MODEL_CAMPAIGN_H

#include "base/moment.h"
#include "model/guard.h"
#include "model/hours.h"
#include "model/language.h"
#include "model/phone.h"
#include "model/retry.h"
#include "model/template.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum duplicates_rule {
	DUPLICATES_FIRST,  /* the first row of a number is called, the others are skipped */
	DUPLICATES_ALL,    /* every row is called; needs list.key */
	DUPLICATES_REJECT, /* all rows of a number that stands twice are skipped */
};

enum list_encoding {
	ENCODING_AUTO,
	ENCODING_UTF8,
	ENCODING_UTF16,
	ENCODING_WINDOWS_1256,
};

/* Columns are names here; an absent one is NULL. */
struct list_rules {
	const char *file;
	const char *phone;
	const char *key; /* NULL: the phone */
	const char *language;
	const char *timezone;
	const char *consent;
	enum phone_country country;
	bool mobile_only; /* accept: [mobile] */
	enum duplicates_rule duplicates;
	enum list_encoding encoding;
};

struct param {
	const char *name;
	struct template value; /* over the columns of the list */
	bool secret;           /* made with ${NAME}: sent, but never printed nor kept */
	int line;              /* in the campaign file, for messages */
	int column;
};

enum in_doubt_rule {
	IN_DOUBT_REDIAL, /* once the call is proven absent */
	IN_DOUBT_HOLD,   /* never: a person decides */
};

enum recordings_rule {
	RECORDINGS_LINK,
	RECORDINGS_DOWNLOAD,
};

enum report_format {
	REPORT_CSV = 1,
	REPORT_HTML = 2,
	REPORT_JSON = 4,
};

struct campaign {
	const char *file; /* the campaign file itself */
	const char *name;
	const char *scenario_file;
	struct list_rules list;
	const char *from;                  /* NULL: Hamsa's default numbers */
	const char *agent[LANGUAGE_COUNT]; /* NULL: no agent for that language, or inline */
	size_t param_count;
	struct param *params;

	int64_t calls_per_minute;
	int64_t live;
	const struct zone *zone; /* hours.timezone, the campaign's local time */
	struct hours hours;
	struct retry retry;
	struct guard guard;
	size_t suppress_count;
	const char *const *suppress; /* files */
	int64_t poll_ms;
	int64_t settle_ms;
	enum in_doubt_rule in_doubt;

	const char *report_dir;  /* NULL: it names a variable that is not set (load/env.h) */
	unsigned report_formats; /* enum report_format, or-ed */
	enum recordings_rule recordings;
	int64_t report_every_ms;

	size_t on_finish_count;
	const char *const *on_finish; /* argv */
};

#endif
