/*
 * nida status: how is it going, and why is nothing being dialled right now? Reads the ledger only.
 */
#include "status_p.h"

#include "base/columns.h"
#include "cmd/say.h"
#include "run/screen.h"

#include <stdlib.h>

#define PAGE_MAX ((size_t)4 << 20)
#define LABEL    11 /* columns before the words of a line */

static bool write_all(struct session *s, const struct standing *all, FILE *out, struct err *e)
{
	bool json = option_given(s->in, OPTION_JSON);

	if (option_given(s->in, OPTION_PROMETHEUS)) {
		status_metrics(all, out);
		return true;
	}
	for (const struct standing *st = all; st; st = st->next)
		if (!(json ? status_json(s, st, out, e) : status_text(s, st, out, e)))
			return false;
	return true;
}

/* One reading, written as the options say; the caller frees *out. */
static bool read_once(struct session *s, char **out, struct err *e)
{
	struct standing *all = NULL;
	size_t size;
	FILE *memory = open_memstream(out, &size);

	if (!memory)
		return err_set(e, ERR_FAILED, "There is no memory left for the answer.");
	bool ok = ledger_begin_read(s->ledger, e);
	if (ok) {
		ok = standing_gather(s, &all, e);
		if (ok && s->plan && !all)
			ok = err_set(e, ERR_INVALID, "Campaign %s has not been run yet.",
				     s->plan->campaign.name);
		ok = ok && write_all(s, all, memory, e);
		if (ok)
			ok = ledger_commit(s->ledger, e);
		else
			ledger_rollback(s->ledger);
	}
	fclose(memory);
	if (!ok)
		free(*out);
	return ok;
}

bool status_page(struct session *s, size_t width, char **out, struct err *e)
{
	char when[MOMENT_SIZE];
	struct buf page;
	char *text;

	if (!read_once(s, &text, e))
		return false;
	buf_init(&page, PAGE_MAX);
	const struct zone *zone = s->plan ? s->plan->campaign.zone : zone_utc();
	moment_short(zone, clock_wall_ms(&s->in->clock), true, when);
	columns_wrap(&page,
		     arena_printf(&s->arena, "%s %s\tq leaves\n%s", when, zone_name(zone), text),
		     width, LABEL);
	free(text);
	*out = page.data;
	return true;
}

static bool print_once(struct session *s, struct err *e)
{
	struct screen screen = {.terminal = stdout};
	char *text;

	if (!read_once(s, &text, e))
		return false;
	bool fit = say_on_screen(stdout) && !option_given(s->in, OPTION_JSON) &&
		   !option_given(s->in, OPTION_PROMETHEUS);
	if (fit) {
		struct buf page;
		buf_init(&page, PAGE_MAX);
		columns_wrap(&page, text, screen_width(&screen), LABEL);
		fputs(page.data, stdout);
		buf_free(&page);
	} else {
		fputs(text, stdout);
	}
	free(text);
	return true;
}

static bool check_options(const struct invocation *in, struct err *e)
{
	int forms = option_given(in, OPTION_JSON) + option_given(in, OPTION_PROMETHEUS) +
		    option_given(in, OPTION_WATCH);

	return forms <= 1 ? true
			  : err_set(e, ERR_INVALID,
				    "--json, --prometheus and --watch: choose one of them.");
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {.in = in};
	bool ok = check_options(in, e) &&
		  (in->argument_count == 0 || session_load_plan(&s, in, e)) &&
		  session_open_ledger(&s, LEDGER_READ, e) &&
		  (option_given(in, OPTION_WATCH) ? status_watch(&s, e) : print_once(&s, e));

	session_close(&s);
	return ok ? EXIT_DONE : exit_code_of(e);
}

static const enum option_id options[] = {OPTION_WATCH, OPTION_JSON,   OPTION_PROMETHEUS,
					 OPTION_RUN,   OPTION_LEDGER, OPTION_ENV_FILE,
					 OPTION_HELP};

const struct verb verb_status = {
	.name = "status",
	.arguments = "[CAMPAIGN]",
	.least = 0,
	.most = 1,
	.summary = "how is it going, and why is nothing being dialled right now?",
	.details =
		"With a campaign: its counts, its pace, hours and guards, the calls that are live "
		"or in doubt, and why\nnothing is dialled if nothing is. Without one: a line for "
		"each campaign of the ledger.\n\n"
		"--watch draws it again every second; q or Ctrl-C leaves. It never disturbs a run.",
	.example = "  nida status campaigns/payment-reminder.yaml --watch",
	.options = options,
	.run = run,
};
