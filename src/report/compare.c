#include "compare_p.h"
#include "folder_p.h"

#include "base/date.h"
#include "ledger/compare.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct gathering {
	struct ledger *ledger;
	const struct compare_options *options;
	const char *folder; /* where the comparison will be */
	struct compare *out;
	size_t run_room;
	struct compare_day *days; /* of the run that is being read; grows */
	size_t day_count;
	size_t day_room;
	const struct zone *zone;
};

const char *compare_date(int64_t day, char out[COMPARE_DATE_SIZE])
{
	int year;
	int month;
	int of_month;

	date_from_days(day, &year, &month, &of_month);
	snprintf(out, COMPARE_DATE_SIZE, "%04d-%02d-%02d", year, month, of_month);
	return out;
}

int64_t compare_answered(const struct compare_day *day)
{
	return day->outcome[OUTCOME_COMPLETED] + day->outcome[OUTCOME_FORWARDED];
}

/* The local day of a moment, with a place in the list of days. They come in order, nearly. */
static struct compare_day *day_of(struct gathering *g, int64_t wall_ms)
{
	struct civil c = zone_civil(g->zone, wall_ms);
	int64_t day = days_from_date(c.year, c.month, c.day);

	for (size_t i = g->day_count; i-- > 0;) {
		if (g->days[i].day == day)
			return &g->days[i];
	}
	if (g->day_count == g->day_room) {
		g->day_room = g->day_room ? g->day_room * 2 : 16;
		g->days = xrealloc(g->days, g->day_room * sizeof(*g->days));
	}
	g->days[g->day_count] = (struct compare_day){.day = day};
	return &g->days[g->day_count++];
}

static bool add_slice(void *data, const struct call_slice *slice, struct err *e)
{
	struct compare_day *day = day_of(data, slice->from_ms);

	(void)e;
	day->calls += slice->calls;
	day->outcome[slice->outcome] += slice->calls;
	day->talk_ms += slice->talk_ms;
	day->cost.micro += slice->cost.micro;
	return true;
}

static int compare_days(const void *a, const void *b)
{
	const struct compare_day *left = a;
	const struct compare_day *right = b;

	return (left->day > right->day) - (left->day < right->day);
}

/* The page of the run, when it was written where the comparison is. */
static const char *find_page(struct gathering *g, const struct run *run)
{
	const char *place = g->options->campaign
				    ? arena_printf(&g->out->arena, "%s/report.html", run->name)
				    : arena_printf(&g->out->arena, "%s/%s/report.html",
						   run->campaign, run->name);

	return access(arena_printf(&g->out->arena, "%s/%s", g->folder, place), F_OK) == 0 ? place
											  : NULL;
}

static bool add_run(void *data, const struct run *run, struct err *e)
{
	struct gathering *g = data;
	struct compare *c = g->out;
	struct compare_run *entry;

	if (c->run_count == g->run_room) {
		g->run_room = g->run_room ? g->run_room * 2 : 64;
		c->runs = xrealloc(c->runs, g->run_room * sizeof(*c->runs));
	}
	entry = &c->runs[c->run_count];
	*entry = (struct compare_run){.run = *run, .page = find_page(g, run)};
	if (!zone_find(run->zone, &entry->zone, e) ||
	    !ledger_run_tally(g->ledger, run->id, &entry->tally, e))
		return false;

	g->zone = entry->zone;
	g->day_count = 0;
	if (!ledger_run_calls(g->ledger, run->id, add_slice, g, e))
		return false;
	struct compare_day *days = arena_array(&c->arena, g->day_count + 1, sizeof(*days));
	if (g->day_count > 0)
		memcpy(days, g->days, g->day_count * sizeof(*days));
	qsort(days, g->day_count, sizeof(*days), compare_days);
	entry->days = days;
	entry->day_count = g->day_count;
	c->run_count++;
	return true;
}

/* Within one view of the ledger. */
static bool gather(struct gathering *g, struct err *e)
{
	const struct compare_options *o = g->options;
	bool ok;

	if (!ledger_begin_read(g->ledger, e))
		return false;
	ok = ledger_runs_since(g->ledger, o->campaign, o->since_ms, &g->out->arena, add_run, g, e);
	free(g->days);
	if (!ok) {
		ledger_rollback(g->ledger);
		return false;
	}
	if (!ledger_commit(g->ledger, e))
		return false;
	if (g->out->run_count == 0)
		return err_set(e, ERR_INVALID, "Nothing to compare: %s%s has no run%s.",
			       o->campaign ? "campaign " : "the ledger ",
			       o->campaign ? o->campaign : ledger_path(g->ledger),
			       o->since_ms ? " that began or called since then" : "");
	return true;
}

static bool write_part(const char *folder, const char *name,
		       void (*write)(struct writer *w, const struct compare *c),
		       const struct compare *c, char path[REPORT_PATH_SIZE], struct err *e)
{
	struct writer w = {0};
	bool ok = folder_join(path, folder, name, e) && writer_open(&w, path, e);

	if (ok)
		write(&w, c);
	ok = ok && writer_finish(&w, e) && writer_publish(&w, e);
	writer_close(&w);
	return ok;
}

static bool write_files(const struct compare_options *o, const char *folder,
			const struct compare *c, struct compare_paths *out, struct err *e)
{
	int fd = -1;
	bool ok = folder_hold(folder, &fd, e) &&
		  (!(o->formats & REPORT_CSV) ||
		   write_part(folder, "comparison.csv", compare_write_csv, c, out->csv, e)) &&
		  (!(o->formats & REPORT_HTML) ||
		   write_part(folder, "comparison.html", compare_write_html, c, out->html, e)) &&
		  folder_sync(folder, fd, e);

	if (fd >= 0)
		close(fd);
	return ok;
}

bool compare_write(struct ledger *l, const struct compare_options *options,
		   struct compare_paths *out, struct err *e)
{
	struct compare c = {.since_ms = options->since_ms, .now_ms = options->now_ms};
	char folder[REPORT_PATH_SIZE];
	struct gathering g = {.ledger = l, .options = options, .folder = folder, .out = &c};
	bool ok = true;

	*out = (struct compare_paths){0};
	if (options->campaign)
		ok = folder_join(folder, options->dir, options->campaign, e);
	else
		snprintf(folder, sizeof(folder), "%s", options->dir);
	ok = ok && gather(&g, e) && write_files(options, folder, &c, out, e);
	free(c.runs);
	arena_free(&c.arena);
	return ok;
}
