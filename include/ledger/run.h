/*
 * A run: one execution of a campaign over one list, from first dial to last report.
 *
 * What must not change while it lasts is frozen into it when it is created: the list's checksum and
 * columns, the settings that decide who is called and what is said, the scenario's outcome fields.
 * A run is open until every row is in a final state; `paused` says that a person or a guard has
 * stopped the placing. Totals are kept up to date with every call, so that asking costs nothing.
 */
#ifndef NIDA_LEDGER_RUN_H
#define NIDA_LEDGER_RUN_H

#include "base/err.h"
#include "base/mem.h"
#include "ledger/ledger.h"
#include "model/campaign.h"
#include "model/contact.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum run_state {
	RUN_OPEN,      /* rows are left to call, or calls to follow */
	RUN_FINISHED,  /* every row is in a final state */
	RUN_CANCELLED, /* ended for good by a person */
	RUN_STATE_COUNT,
};

/* Texts lie in the arena that was given. */
struct run {
	int64_t id;
	const char *campaign;
	const char *name; /* of its report folder: "2026-11-22-1435" */
	bool rehearsal;
	enum run_state state;
	const char *list_file;
	const char *list_sha256;
	const char *list_stamp; /* base/stamp.h: while the file has it, its content is that; "" */
	enum list_encoding list_encoding; /* how the list is written; never ENCODING_AUTO */
	char list_delimiter;              /* ',' ';' or '\t' */
	const char *settings;             /* packed: key, value, key, value … */
	const char *columns;              /* packed: the header of the list */
	const char *scenario;
	const char *title_en; /* "" when the scenario has none */
	const char *title_ar;
	/* packed: name, English label, Arabic label of each outcome field; then the same of each
	 * choice that has labels, whose name is FIELD=CHOICE */
	const char *fields;
	const char *zone;       /* the campaign's local time */
	const char *report_dir; /* where its reports were written last; "" before the first */
	int64_t rows;
	int64_t created_ms;
	int64_t finished_ms;   /* 0: not yet */
	int64_t purged_ms;     /* when its personal data were removed; 0: they were not */
	const char *project;   /* of the provider, in which its calls were placed; "" : not known */
	const char *paused_by; /* NULL: not paused; "operator", "breaker", "budget", "canary",
				  "provider" */
	const char *pause_words; /* why, for people */
	int64_t paused_ms;
	int64_t resumed_ms;     /* when the last pause ended; guards judge only what came after */
	bool canary_judged;     /* it passed, or a person has looked and resumed */
	int64_t last_intent_ms; /* 0: nobody was called yet */
	/* calls = open ones + answered + no_answer + failed + those that somebody ended */
	int64_t calls;     /* attempts that reached Hamsa */
	int64_t answered;  /* of them: completed or forwarded */
	int64_t no_answer; /* nobody picked up */
	int64_t failed;    /* failed or lost */
	int64_t talk_ms;
	struct decimal cost;
};

/* Contacts of a run by where they stand. The identities
 *   rows = pending + placing + live + in_doubt + done + skipped
 *   done = sum of outcome[],  skipped = sum of skip[]
 * hold at every commit. */
struct tally {
	int64_t rows;
	int64_t state[CONTACT_STATE_COUNT];
	int64_t outcome[OUTCOME_COUNT];  /* of the done ones */
	int64_t skip[SKIP_REASON_COUNT]; /* of the skipped ones */
};

/* Creates it open; only the fields from campaign to zone and created_ms are read. */
bool ledger_run_create(struct ledger *l, const struct run *run, int64_t *id,
		       struct err *e) MUST_CHECK;

/* The newest run of a campaign (rehearsals apart). *found false: there is none. */
bool ledger_run_latest(struct ledger *l, const char *campaign, struct arena *arena, struct run *out,
		       bool *found, struct err *e) MUST_CHECK;
bool ledger_run_get(struct ledger *l, int64_t id, struct arena *arena, struct run *out,
		    struct err *e) MUST_CHECK;
bool ledger_run_named(struct ledger *l, const char *campaign, const char *name, struct arena *arena,
		      struct run *out, bool *found, struct err *e) MUST_CHECK;

/* Newest run of every campaign, by name. */
bool ledger_run_each_latest(struct ledger *l, struct arena *arena,
			    bool (*visit)(void *data, const struct run *run, struct err *e),
			    void *data, struct err *e) MUST_CHECK;

/* A name for a new run's folder, from its local start; "-2", "-3" … when it is taken. */
bool ledger_run_free_name(struct ledger *l, const char *campaign, const char *wanted,
			  struct arena *arena, const char **out, struct err *e) MUST_CHECK;

/* A run goes on with another list, or other settings (packed); leaves an event. */
bool ledger_run_renew(struct ledger *l, int64_t id, const char *list_file, const char *settings,
		      int64_t now_ms, struct err *e) MUST_CHECK;

/* Take a run back that has called nobody; its contacts go with it. */
bool ledger_run_discard(struct ledger *l, int64_t id, struct err *e) MUST_CHECK;

bool ledger_run_set_state(struct ledger *l, int64_t id, enum run_state state, int64_t now_ms,
			  struct err *e) MUST_CHECK;
/* Ended for good by a person; any process may, and whoever runs it obeys. Leaves an event; *done
 * false: it was not open any more. */
bool ledger_run_cancel(struct ledger *l, int64_t id, int64_t now_ms, bool *done,
		       struct err *e) MUST_CHECK;
/* open → finished; *done is false when it was not open any more. */
bool ledger_run_finish(struct ledger *l, int64_t id, int64_t now_ms, bool *done,
		       struct err *e) MUST_CHECK;
bool ledger_run_set_rows(struct ledger *l, int64_t id, int64_t rows, const char *list_sha256,
			 struct err *e) MUST_CHECK;
/* The file was compared with list_sha256 and is the same. */
bool ledger_run_set_list_stamp(struct ledger *l, int64_t id, const char *stamp,
			       struct err *e) MUST_CHECK;
bool ledger_run_set_list_form(struct ledger *l, int64_t id, enum list_encoding encoding,
			      char delimiter, struct err *e) MUST_CHECK;
bool ledger_run_set_project(struct ledger *l, int64_t id, const char *project,
			    struct err *e) MUST_CHECK;
bool ledger_run_set_report_dir(struct ledger *l, int64_t id, const char *dir,
			       struct err *e) MUST_CHECK;

/* paused_by NULL ends the pause. Any process may; leaves an event, in the same transaction. */
bool ledger_run_pause(struct ledger *l, int64_t id, const char *paused_by, const char *words,
		      int64_t now_ms, struct err *e) MUST_CHECK;

/* The canary has been judged, once for this run. */
bool ledger_run_canary_judged(struct ledger *l, int64_t id, struct err *e) MUST_CHECK;

bool ledger_run_tally(struct ledger *l, int64_t id, struct tally *out, struct err *e) MUST_CHECK;

/* When the last call of any run of this campaign was placed; 0: never. */
bool ledger_campaign_last_intent(struct ledger *l, const char *campaign, int64_t *out_ms,
				 struct err *e) MUST_CHECK;

/* What a runner wants others to know: why nothing is dialled now ("" : it dials), and until when
 * (0: unknown). `nida status` reads it. */
struct runner_note {
	long pid;
	int64_t started_ms;
	int64_t noted_ms;
	const char *why;
	int64_t until_ms;
};

bool ledger_runner_note(struct ledger *l, int64_t run_id, const struct runner_note *note,
			struct err *e) MUST_CHECK;
bool ledger_runner_read(struct ledger *l, int64_t run_id, struct arena *arena,
			struct runner_note *out, bool *found, struct err *e) MUST_CHECK;

const char *run_state_name(enum run_state state);

#endif
