/*
 * nida report: write the reports of a run again, or compare several runs.
 */
#include "cmd/say.h"
#include "cmd/session.h"

#include "base/emit.h"
#include "base/text.h"
#include "ledger/lock.h"
#include "report/compare.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool parse_formats(const char *text, unsigned *out, struct err *e)
{
	static const struct {
		const char *name;
		unsigned bit;
	} known[] = {{"csv", REPORT_CSV}, {"html", REPORT_HTML}, {"json", REPORT_JSON}};

	*out = 0;
	while (*text) {
		size_t length = strcspn(text, ",");
		size_t i = 0;
		while (i < COUNT_OF(known) && (strlen(known[i].name) != length ||
					       strncmp(known[i].name, text, length) != 0))
			i++;
		if (i == COUNT_OF(known))
			return err_set(e, ERR_INVALID,
				       "--format: '%.*s' is no report; expected csv, html or json, "
				       "with commas between them.",
				       (int)length, text);
		*out |= known[i].bit;
		text += length + (text[length] == ',');
	}
	return true;
}

/* --keep, cut at its commas. */
static bool parse_keep(struct session *s, struct mask *out, struct err *e)
{
	const char *text = s->in->values[OPTION_KEEP];
	const char **names = arena_array(&s->arena, strlen(text) + 1, sizeof(*names));

	if (!option_given(s->in, OPTION_MASK))
		return err_set(e, ERR_INVALID,
			       "--keep says what --mask leaves as it is; give both.");
	out->keep = names;
	while (*text) {
		size_t length = strcspn(text, ",");
		const char *name = text_trim(&s->arena, arena_strndup(&s->arena, text, length));
		if (strcmp(name, s->plan->campaign.list.phone) == 0)
			return err_set(e, ERR_INVALID,
				       "--keep: '%s' is the column of the phone, which --mask "
				       "always masks.",
				       name);
		names[out->keep_count++] = name;
		text += length + (text[length] == ',');
	}
	return true;
}

/* The files that were written: a line each, or an object of names and paths. */
static void print_paths(const char *const *names, const char *const *files, size_t count, bool json)
{
	struct buf out;
	struct emit j = {.out = &out};

	buf_init(&out, 65536);
	emit_open(&j, NULL, '{');
	for (size_t i = 0; i < count; i++) {
		if (!*files[i])
			continue;
		if (!json && strcmp(names[i], "folder") != 0)
			say_path("", files[i]);
		emit_text(&j, names[i], files[i]);
	}
	emit_close(&j, '}');
	if (json)
		puts(out.data);
	buf_free(&out);
}

/* A run that could not write its reports, or lost them, learns where they are now. */
static void remember_folder(struct session *s, const struct run *run, const char *folder)
{
	struct err ignored;

	if (run->state == RUN_OPEN || access(run->report_dir, F_OK) == 0)
		return;
	ledger_close(s->ledger);
	s->ledger = NULL;
	if (session_open_ledger(s, LEDGER_CHANGE, &ignored))
		(void)!ledger_run_set_report_dir(s->ledger, run->id, folder, &ignored);
}

static bool report(struct session *s, struct err *e)
{
	const struct campaign *c = &s->plan->campaign;
	struct report_options options = {
		.formats = c->report_formats,
		.now_ms = clock_wall_ms(&s->in->clock),
		.every_ms = c->report_every_ms,
	};
	struct mask mask = {.scenario = &s->plan->scenario};
	struct report_paths paths;
	struct run run_found;

	if (!session_report_dir(s, &options.dir, e))
		return false;
	if (option_given(s->in, OPTION_FORMAT) &&
	    !parse_formats(s->in->values[OPTION_FORMAT], &options.formats, e))
		return false;
	if (option_given(s->in, OPTION_KEEP) && !parse_keep(s, &mask, e))
		return false;
	if (option_given(s->in, OPTION_MASK))
		options.mask = &mask;
	if (!session_need_run(s, LEDGER_READ, &run_found, e))
		return false;
	options.live = run_found.state == RUN_OPEN && ledger_lock_holder(s->ledger, c->name) != 0;
	if (!report_write(s->ledger, run_found.id, &options, &paths, e))
		return false;
	if (!options.mask)
		remember_folder(s, &run_found, paths.folder);
	if (run_found.purged_ms)
		say(stderr, "The personal data of this run were removed (nida purge); its reports "
			    "hold counts and times.\n");
	const char *const names[] = {"folder",  "html",  "csv",    "follow_up",
				     "rejects", "jsonl", "summary"};
	const char *const files[] = {paths.folder,  paths.html,  paths.csv,    paths.follow_up,
				     paths.rejects, paths.jsonl, paths.summary};
	print_paths(names, files, COUNT_OF(files), option_given(s->in, OPTION_JSON));
	return true;
}

static bool check_comparison(const struct invocation *in, unsigned formats, struct err *e)
{
	if (option_given(in, OPTION_RUN) || option_given(in, OPTION_MASK) ||
	    option_given(in, OPTION_KEEP))
		return err_set(e, ERR_INVALID,
			       "--run, --mask and --keep are about the report of one run; a "
			       "comparison (--all, --since) has many, and names nobody.");
	if (formats & REPORT_JSON)
		return err_set(e, ERR_INVALID,
			       "--format: a comparison is written as html and csv, not as json.");
	return true;
}

/* Several runs beside each other: of the campaign, or with --all of every campaign of the ledger.
 */
static bool compare(struct session *s, struct err *e)
{
	const struct invocation *in = s->in;
	const char *since = in->values[OPTION_SINCE];
	struct compare_options options = {
		.campaign = option_given(in, OPTION_ALL) ? NULL : s->plan->campaign.name,
		.now_ms = clock_wall_ms(&in->clock),
		.formats = REPORT_HTML | REPORT_CSV,
	};
	struct compare_paths paths;
	int64_t span_ms;

	if (!session_report_dir(s, &options.dir, e))
		return false;
	if (option_given(in, OPTION_FORMAT) &&
	    !parse_formats(in->values[OPTION_FORMAT], &options.formats, e))
		return false;
	if (since && !span_parse(since, &span_ms))
		return err_set(e, ERR_INVALID,
			       "--since is '%s'; expected a span before now, such as 30d or 12h.",
			       since);
	if (since)
		options.since_ms = options.now_ms - span_ms;
	if (!check_comparison(in, options.formats, e) || !session_open_ledger(s, LEDGER_READ, e) ||
	    !compare_write(s->ledger, &options, &paths, e))
		return false;
	const char *const names[] = {"html", "csv"};
	const char *const files[] = {paths.html, paths.csv};
	print_paths(names, files, COUNT_OF(files), option_given(in, OPTION_JSON));
	return true;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {.in = in};
	bool compares = option_given(in, OPTION_ALL) || option_given(in, OPTION_SINCE);
	bool ok;

	if (in->argument_count == 0 && !option_given(in, OPTION_ALL)) {
		(void)err_set(e, ERR_INVALID,
			      "nida report needs a CAMPAIGN, or --all for every campaign of a "
			      "ledger; see `nida report --help`.");
		return EXIT_INVALID;
	}
	ok = (in->argument_count == 0 || session_load_plan(&s, in, e)) &&
	     (compares ? compare(&s, e) : report(&s, e));
	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id option_list[] = {OPTION_RUN,      OPTION_FORMAT, OPTION_OUT,
					     OPTION_MASK,     OPTION_KEEP,   OPTION_ALL,
					     OPTION_SINCE,    OPTION_JSON,   OPTION_LEDGER,
					     OPTION_ENV_FILE, OPTION_HELP};

const struct verb verb_report = {
	.name = "report",
	.arguments = "[CAMPAIGN]",
	.least = 0,
	.most = 1,
	.summary = "write the reports again, or compare runs",
	.details =
		"Writes report.html, results.csv, results.jsonl, follow-up.csv, rejects.csv and\n"
		"summary.json of the newest run, or of the one --run names, and prints where\n"
		"they are. With --mask they name nobody and go to a folder of their own,\n"
		"RUN-masked.\n\n"
		"--since compares the campaign's runs of that time, --all those of every\n"
		"campaign of the ledger: reach, cost and outcome by campaign, day and run, as\n"
		"comparison.html and comparison.csv.",
	.example = "  nida report campaigns/payment-reminder.yaml --format csv\n"
		   "  nida report --all --since 30d --ledger campaigns/nida.db",
	.options = option_list,
	.run = run,
};
