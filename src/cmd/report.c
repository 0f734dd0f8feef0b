/*
 * nida report: write the reports of a run again.
 */
#include "cmd/say.h"
#include "cmd/session.h"

#include "base/buf.h"
#include "base/text.h"
#include "ledger/lock.h"
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void print_paths(const struct report_paths *paths, bool json)
{
	const char *const names[] = {"html", "csv", "follow_up", "rejects", "jsonl", "summary"};
	const char *const files[] = {paths->html, paths->csv, paths->follow_up, paths->rejects,
				     paths->jsonl, paths->summary};
	struct buf out;

	buf_init(&out, 65536);
	buf_adds(&out, "{\"folder\":");
	buf_add_json(&out, paths->folder);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		if (!*files[i])
			continue;
		if (!json)
			say_path("", files[i]);
		buf_addf(&out, ",\"%s\":", names[i]);
		buf_add_json(&out, files[i]);
	}
	if (json)
		printf("%s}\n", out.data);
	buf_free(&out);
}

static bool report(struct session *s, struct err *e)
{
	const struct campaign *c = &s->plan->campaign;
	const char *out = s->in->values[OPTION_OUT];
	struct report_options options = {
		.dir = out ? out : c->report_dir,
		.formats = c->report_formats,
		.now_ms = clock_wall_ms(&s->in->clock),
		.every_ms = c->report_every_ms,
	};
	struct mask mask = {.scenario = &s->plan->scenario};
	struct report_paths paths;
	struct run run_found;
	bool found;

	if (option_given(s->in, OPTION_FORMAT) &&
	    !parse_formats(s->in->values[OPTION_FORMAT], &options.formats, e))
		return false;
	if (option_given(s->in, OPTION_KEEP) && !parse_keep(s, &mask, e))
		return false;
	if (option_given(s->in, OPTION_MASK))
		options.mask = &mask;
	if (!session_open_ledger(s, LEDGER_READ, e) || !session_find_run(s, &run_found, &found, e))
		return false;
	if (!found)
		return err_set(e, ERR_INVALID, "Campaign %s has not been run yet.", c->name);
	options.live = run_found.state == RUN_OPEN && ledger_lock_holder(s->ledger, c->name) != 0;
	if (!report_write(s->ledger, run_found.id, &options, &paths, e))
		return false;
	print_paths(&paths, option_given(s->in, OPTION_JSON));
	return true;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	bool ok = session_load_plan(&s, in, e) && report(&s, e);

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id option_list[] = {OPTION_RUN,    OPTION_FORMAT,   OPTION_OUT,
					     OPTION_MASK,   OPTION_KEEP,     OPTION_JSON,
					     OPTION_LEDGER, OPTION_ENV_FILE, OPTION_HELP};

const struct verb verb_report = {
	.name = "report",
	.arguments = "CAMPAIGN",
	.least = 1,
	.most = 1,
	.summary = "write the reports again",
	.details =
		"Writes report.html, results.csv, results.jsonl, follow-up.csv, rejects.csv and "
		"summary.json of\nthe newest run, or of the one --run names, and prints where they "
		"are. With --mask they name nobody\nand go to a folder of their own, RUN-masked.",
	.example = "  nida report campaigns/payment-reminder.yaml --format csv",
	.options = option_list,
	.run = run,
};
