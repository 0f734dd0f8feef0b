#include "report/report.h"

#include "folder_p.h"

#include "ledger/rows.h"
#include "ledger/run.h"
#include "model/campaign.h"
#include "report/csv.h"
#include "report/follow_up.h"
#include "report/html.h"
#include "report/jsonl.h"
#include "report/rejects.h"
#include "report/summary.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The files of one report, in the order in which they take their names: the page last, so that
 * whoever sees a new page finds the other files as new. */
enum part {
	PART_CSV,
	PART_FOLLOW_UP,
	PART_REJECTS,
	PART_JSONL,
	PART_SUMMARY,
	PART_HTML,
	PART_COUNT,
};

struct part_kind {
	const char *name;
	unsigned format; /* which bits of the formats ask for it */
};

static const struct part_kind kinds[PART_COUNT] = {
	[PART_CSV] = {"results.csv", REPORT_CSV},
	[PART_FOLLOW_UP] = {"follow-up.csv", REPORT_CSV},
	[PART_REJECTS] = {"rejects.csv", REPORT_CSV | REPORT_REJECTS_ALONE},
	[PART_JSONL] = {"results.jsonl", REPORT_JSON},
	[PART_SUMMARY] = {"summary.json", REPORT_JSON},
	[PART_HTML] = {"report.html", REPORT_HTML},
};

struct report {
	const struct report_options *options;
	struct report_paths *paths;
	struct arena arena;     /* the run */
	struct arena row_arena; /* one row */
	struct run run;
	struct sheet sheet;
	struct summary summary;
	struct html html;
	struct csv csv;
	struct follow_up follow_up;
	struct writer parts[PART_COUNT];
	int folder; /* open and locked; -1: not yet */
	struct record_home home;
};

static char *part_path(struct report_paths *paths, enum part part)
{
	char *const all[PART_COUNT] = {
		[PART_CSV] = paths->csv,         [PART_FOLLOW_UP] = paths->follow_up,
		[PART_REJECTS] = paths->rejects, [PART_JSONL] = paths->jsonl,
		[PART_SUMMARY] = paths->summary, [PART_HTML] = paths->html,
	};

	return all[part];
}

static bool wanted(const struct report *r, enum part part)
{
	/* Rows without names and numbers are nobody's list. */
	if ((part == PART_FOLLOW_UP || part == PART_REJECTS) && r->options->mask)
		return false;
	return r->options->formats & kinds[part].format;
}

static bool open_folder(struct report *r, struct err *e)
{
	char campaign[REPORT_PATH_SIZE];
	char *folder = r->paths->folder;
	const char *name =
		r->options->mask ? arena_printf(&r->arena, "%s-masked", r->run.name) : r->run.name;

	if (!folder_join(campaign, r->options->dir, r->run.campaign, e) ||
	    !folder_join(folder, campaign, name, e) || !folder_hold(folder, &r->folder, e))
		return false;
	r->home = (struct record_home){
		.folder = r->run.report_dir,
		.way = *r->run.report_dir ? record_way(folder, r->run.report_dir, &r->arena) : NULL,
	};
	return true;
}

static bool open_parts(struct report *r, struct err *e)
{
	for (int i = 0; i < PART_COUNT; i++) {
		char *path = part_path(r->paths, (enum part)i);
		if (!wanted(r, (enum part)i))
			continue;
		if (!folder_join(path, r->paths->folder, kinds[i].name, e) ||
		    !writer_open(&r->parts[i], path, e))
			return false;
	}
	return true;
}

static bool begin_parts(struct report *r, struct err *e)
{
	struct html_facts facts = {
		.tally = &r->summary.tally,
		.now_ms = r->options->now_ms,
		.live = r->options->live,
		.every_ms = r->options->every_ms,
		.masked = r->options->mask != NULL,
	};

	if (wanted(r, PART_CSV))
		csv_begin(&r->csv, &r->parts[PART_CSV], &r->sheet);
	if (wanted(r, PART_FOLLOW_UP))
		follow_up_begin(&r->follow_up, &r->parts[PART_FOLLOW_UP], &r->sheet);
	if (wanted(r, PART_REJECTS))
		rejects_begin(&r->parts[PART_REJECTS], &r->sheet);
	if (wanted(r, PART_HTML))
		return html_begin(&r->html, &r->parts[PART_HTML], &r->sheet, &facts, e);
	return true;
}

static bool add_row(void *data, const struct row *row, struct err *e)
{
	struct report *r = data;
	struct record record;

	arena_reset(&r->row_arena);
	if (!record_make(row, &r->row_arena, &record, e))
		return false;
	record_find_files(&record, r->folder, r->home.way ? &r->home : NULL, &r->row_arena);
	summary_row(&r->summary, &record);
	if (r->options->mask)
		record = mask_record(r->options->mask, &r->sheet, &record, &r->row_arena);
	if (wanted(r, PART_CSV))
		csv_row(&r->csv, &record);
	if (wanted(r, PART_FOLLOW_UP))
		follow_up_row(&r->follow_up, &record);
	if (wanted(r, PART_REJECTS))
		rejects_row(&r->parts[PART_REJECTS], &r->sheet, &record);
	if (wanted(r, PART_JSONL) && !jsonl_row(&r->parts[PART_JSONL], &r->sheet, &record, e))
		return false;
	if (wanted(r, PART_HTML) && !html_row(&r->html, &record, e))
		return false;
	for (int i = 0; i < PART_COUNT; i++) {
		if (!writer_ok(&r->parts[i], e))
			return false;
	}
	return true;
}

static bool end_parts(struct report *r, struct err *e)
{
	if (wanted(r, PART_SUMMARY))
		summary_write(&r->parts[PART_SUMMARY], &r->sheet, &r->summary, r->options->now_ms,
			      r->options->live);
	if (wanted(r, PART_HTML))
		return html_end(&r->html, summary_agrees(&r->summary), e);
	return true;
}

/* Everything is on the disk before the first file takes its name. */
static bool publish_parts(struct report *r, struct err *e)
{
	for (int i = 0; i < PART_COUNT; i++) {
		if (wanted(r, (enum part)i) && !writer_finish(&r->parts[i], e))
			return false;
	}
	for (int i = 0; i < PART_COUNT; i++) {
		if (wanted(r, (enum part)i) && !writer_publish(&r->parts[i], e))
			return false;
	}
	return folder_sync(r->paths->folder, r->folder, e);
}

/* Within one view of the ledger. */
static bool read_and_write(struct report *r, struct ledger *l, int64_t run_id, struct err *e)
{
	struct tally tally;

	if (!ledger_run_get(l, run_id, &r->arena, &r->run, e) ||
	    !ledger_run_tally(l, run_id, &tally, e) || !sheet_open(&r->sheet, &r->run, e))
		return false;
	if (r->options->mask && !mask_fits(r->options->mask, &r->sheet, e))
		return false;
	summary_begin(&r->summary, &tally);
	return open_folder(r, e) && open_parts(r, e) && begin_parts(r, e) &&
	       ledger_rows_each(l, run_id, add_row, r, e) && end_parts(r, e);
}

static void report_close(struct report *r)
{
	html_close(&r->html);
	csv_close(&r->csv);
	follow_up_close(&r->follow_up);
	for (int i = 0; i < PART_COUNT; i++)
		writer_close(&r->parts[i]);
	if (r->folder >= 0)
		close(r->folder); /* drops the lock */
	sheet_close(&r->sheet);
	arena_free(&r->row_arena);
	arena_free(&r->arena);
}

bool report_write(struct ledger *l, int64_t run_id, const struct report_options *options,
		  struct report_paths *out, struct err *e)
{
	struct report r = {.options = options, .paths = out, .folder = -1};
	bool done = false;

	*out = (struct report_paths){0};
	if (!ledger_begin_read(l, e))
		return false;
	if (!read_and_write(&r, l, run_id, e))
		ledger_rollback(l);
	else
		done = ledger_commit(l, e) && publish_parts(&r, e);
	report_close(&r);
	return done;
}

/* ---- removing them --------------------------------------------------------------------------- */

void report_find(const char *folder, unsigned *formats, int64_t *files)
{
	*formats = 0;
	*files = 0;
	for (int i = 0; i < PART_COUNT; i++) {
		char path[REPORT_PATH_SIZE];
		snprintf(path, sizeof(path), "%s/%s", folder, kinds[i].name);
		if (access(path, F_OK) != 0)
			continue;
		*formats |= kinds[i].format;
		(*files)++;
	}
}

bool report_remove(const char *folder, unsigned *formats, int64_t *files, struct err *e)
{
	/* As it is, and as writer.c calls it while it is not whole. */
	static const char *const heads[] = {"", ".", "."};
	static const char *const tails[] = {"", ".new", ".part.new"};

	report_find(folder, formats, files);
	for (int i = 0; i < PART_COUNT; i++) {
		const char *name = kinds[i].name;
		for (size_t k = 0; k < COUNT_OF(heads); k++) {
			char path[REPORT_PATH_SIZE];
			snprintf(path, sizeof(path), "%s/%s%s%s", folder, heads[k], name, tails[k]);
			if (unlink(path) != 0 && errno != ENOENT)
				return err_set(e, ERR_FAILED,
					       "The report '%s' cannot be removed: %s. Nothing of "
					       "its run was removed from the ledger.",
					       path, strerror(errno));
		}
	}
	return true;
}
