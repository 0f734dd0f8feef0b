/*
 * nida check: is everything right? The list is frozen into a private ledger that is thrown away, by
 * the same code that a run uses, so what check says is what a run would do.
 */
#include "check_p.h"

#include "cmd/say.h"
#include "cmd/session.h"

#include "base/buf.h"
#include "base/moment.h"
#include "base/text_near.h"
#include "ledger/rows.h"
#include "report/report.h"
#include "run/freeze.h"
#include "run/suppressor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REJECTS_SHOWN 20
#define JSON_MAX      65536
#define RUN_NAME      "check" /* of the report folder, beside those of runs */

struct rejects {
	int64_t count;
	int64_t most; /* to print; 0: all */
	const char *file;
};

static bool print_reject(void *data, const struct row *row, struct err *e)
{
	struct rejects *r = data;
	const struct contact *c = &row->contact;

	(void)e;
	if (c->state != CONTACT_SKIPPED)
		return true;
	r->count++;
	if (r->most > 0 && r->count > r->most)
		return true;
	say(stdout, "  %s:%" PRId64 ": row %" PRId64 "%s%s: %s%s%s\n", r->file, c->line, c->ordinal,
	    *c->key ? ", key " : "", c->key, skip_reason_name(c->reason), *c->detail ? ": " : "",
	    c->detail);
	return true;
}

static bool print_rejects(struct session *s, int64_t run_id, struct err *e)
{
	struct rejects rejects = {
		.most = option_given(s->in, OPTION_ALL) ? 0 : REJECTS_SHOWN,
		.file = s->plan->campaign.list.file,
	};

	if (!ledger_rows_each(s->ledger, run_id, print_reject, &rejects, e))
		return false;
	if (rejects.most > 0 && rejects.count > rejects.most)
		say(stdout, "  … and %" PRId64 " more; --all prints them.\n",
		    rejects.count - rejects.most);
	return true;
}

static const char *encoding_name(enum list_encoding encoding)
{
	static const char *const names[] = {
		[ENCODING_AUTO] = "auto",
		[ENCODING_UTF8] = "UTF-8",
		[ENCODING_UTF16] = "UTF-16",
		[ENCODING_WINDOWS_1256] = "windows-1256",
	};

	return names[encoding];
}

static const char *delimiter_name(char delimiter)
{
	return delimiter == ';' ? "semicolon" : delimiter == '\t' ? "tab" : "comma";
}

/* A column that a variable of the scenario was probably meant to come from, and params does not
 * send. What is required is an error already. */
static void warn_of_forgotten(const struct plan *plan)
{
	const struct campaign *c = &plan->campaign;

	for (size_t i = 0; i < plan->scenario.variable_count; i++) {
		const char *name = plan->scenario.variables[i].name;
		const char *near = text_near_miss(name, plan->columns.names, plan->columns.count);
		bool given = false;
		for (size_t k = 0; k < c->param_count; k++)
			given |= strcmp(c->params[k].name, name) == 0;
		if (near && !given)
			say(stderr,
			    "%s: warning: params.%s is not given, but the list has a column '%s'; "
			    "was \"{{%s}}\" forgotten?\n",
			    c->file, name, near, near);
	}
}

/* A retry that comes due before the gap is over waits for it: nothing is lost, but the campaign
 * says what cannot happen. */
static void warn_of_short_waits(const struct plan *plan)
{
	const struct campaign *c = &plan->campaign;
	int64_t gap_ms = c->guard.person.min_gap_ms;
	char wait[MOMENT_SIZE];
	char gap[MOMENT_SIZE];

	for (int i = 0; i < OUTCOME_COUNT; i++) {
		const struct retry_waits *waits = &c->retry.on[i];
		int64_t shortest_ms = INT64_MAX;
		for (int k = 0; k < waits->count && k < c->retry.attempts - 1; k++)
			if (waits->ms[k] < shortest_ms)
				shortest_ms = waits->ms[k];
		if (shortest_ms < gap_ms)
			say(stderr,
			    "%s: warning: retry.on.%s waits %s, but guard.per_person.min_gap is "
			    "%s: that retry comes after the gap.\n",
			    c->file, outcome_name((enum outcome)i), span_words(shortest_ms, wait),
			    span_words(gap_ms, gap));
	}
}

static void print_head(const struct session *s, const struct frozen *frozen)
{
	const struct campaign *c = &s->plan->campaign;

	say(stdout, "campaign   %s (%s)\n", c->name, c->file);
	say(stdout, "scenario   %s (%s)\n", s->plan->scenario.name, c->scenario_file);
	say(stdout, "list       %s: %zu columns, %s, %s\n", c->list.file, frozen->header.count,
	    delimiter_name(frozen->header.delimiter), encoding_name(frozen->header.encoding));
}

/* rejects.csv, for whoever mends the list. A list without rejects leaves none behind, not even that
 * of an earlier check. `path` is "" when there is none; that it cannot be written is said, and
 * changes nothing about the list. */
static void write_rejects(struct session *s, const struct frozen *frozen, const struct tally *t,
			  int64_t now_ms, char path[REPORT_PATH_SIZE])
{
	const struct campaign *c = &s->plan->campaign;
	struct report_options options = {
		.formats = REPORT_REJECTS_ALONE,
		.now_ms = now_ms,
	};
	struct report_paths paths;
	struct err e;

	path[0] = '\0';
	if (!session_report_dir(s, &options.dir, &e))
		say(stderr, "nida: warning: %s\n", e.text);
	else if (t->state[CONTACT_SKIPPED] == 0)
		unlink(arena_printf(&s->arena, "%s/%s/" RUN_NAME "/rejects.csv", options.dir,
				    c->name));
	else if (report_write(s->ledger, frozen->run_id, &options, &paths, &e))
		memcpy(path, paths.rejects, REPORT_PATH_SIZE);
	else
		say(stderr, "nida: warning: %s\n", e.text);
}

static void print_json(const struct session *s, const struct frozen *frozen, const struct tally *t,
		       const char *rejects)
{
	struct buf out;

	buf_init(&out, JSON_MAX);
	buf_addf(&out, "{\"campaign\":\"%s\",\"list\":", s->plan->campaign.name);
	buf_add_json(&out, s->plan->campaign.list.file);
	buf_addf(&out, ",\"delimiter\":\"%s\",\"encoding\":\"%s\"",
		 delimiter_name(frozen->header.delimiter), encoding_name(frozen->header.encoding));
	buf_addf(&out, ",\"rows\":%" PRId64 ",\"callable\":%" PRId64 ",\"skipped\":{", t->rows,
		 t->state[CONTACT_PENDING]);
	const char *comma = "";
	for (int i = 1; i < SKIP_REASON_COUNT; i++) {
		buf_addf(&out, "%s\"%s\":%" PRId64, comma, skip_reason_name((enum skip_reason)i),
			 t->skip[i]);
		comma = ",";
	}
	buf_adds(&out, "},\"rejects\":");
	if (*rejects)
		buf_add_json(&out, rejects);
	else
		buf_adds(&out, "null");
	say(stdout, "%s}\n", out.data);
	buf_free(&out);
}

static bool check(struct session *s, struct err *e)
{
	struct suppressor *suppressor = suppressor_new(s->plan, NULL);
	struct freeze_options options = {
		.name = RUN_NAME,
		.now_ms = clock_wall_ms(&s->in->clock),
		.count_only = true,
	};
	struct frozen frozen;
	struct tally tally;
	char rejects[REPORT_PATH_SIZE];
	bool ok = ledger_open(NULL, LEDGER_WRITE, &s->ledger, e) &&
		  freeze_list(s->ledger, s->plan, suppressor, &options, &frozen, e) &&
		  ledger_run_tally(s->ledger, frozen.run_id, &tally, e);

	suppressor_free(suppressor);
	if (!ok)
		return false;
	write_rejects(s, &frozen, &tally, options.now_ms, rejects);
	warn_of_forgotten(s->plan);
	warn_of_short_waits(s->plan);
	if (option_given(s->in, OPTION_JSON)) {
		if (option_given(s->in, OPTION_ONLINE) && !check_online(s, e))
			return false;
		print_json(s, &frozen, &tally, rejects);
		return true;
	}
	print_head(s, &frozen);
	say(stdout, "rows       %" PRId64 ": %" PRId64 " can be called, %" PRId64 " %s skipped\n",
	    tally.rows, tally.state[CONTACT_PENDING], tally.state[CONTACT_SKIPPED],
	    tally.state[CONTACT_SKIPPED] == 1 ? "is" : "are");
	if (!print_rejects(s, frozen.run_id, e))
		return false;
	if (*rejects)
		say_path("rejects    ", rejects);
	say_plan(stdout, s->plan, &tally, options.now_ms);
	if (option_given(s->in, OPTION_ONLINE) && !check_online(s, e))
		return false;
	int64_t open_ms;
	const struct campaign *c = &s->plan->campaign;
	if (tally.state[CONTACT_PENDING] == 0)
		say(stdout, "Nobody on this list can be called. Nothing was dialled.\n");
	else if (!hours_next_open(&c->hours, c->zone, options.now_ms, &open_ms))
		say(stdout, "Nobody would be called: the hours never open again. Nothing was "
			    "dialled.\n");
	else
		say(stdout, "All is well. Nothing was dialled.\n");
	return true;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	bool ok = session_load_plan(&s, in, e) && check(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_ALL,  OPTION_ONLINE,   OPTION_LIST, OPTION_OUT,
					 OPTION_JSON, OPTION_ENV_FILE, OPTION_HELP};

const struct verb verb_check = {
	.name = "check",
	.arguments = "CAMPAIGN",
	.least = 1,
	.most = 1,
	.summary = "is everything right? (no call is placed)",
	.details =
		"Reads the campaign, its scenario and its list, and says what a run would do: how "
		"many rows can be\ncalled, which cannot and why, the hours and the pace. Every "
		"problem is reported with file, line\nand column. With --online Hamsa is asked "
		"too.\n\nRows that cannot be called are written to check/rejects.csv in the "
		"campaign's report folder, each\nwith its line, the reason and what to do.",
	.example = "  nida check campaigns/payment-reminder.yaml",
	.options = options,
	.wants_variables = true,
	.run = run,
};
