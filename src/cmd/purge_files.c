#include "purge_p.h"

#include "ledger/purge.h"
#include "report/report.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool cannot_remove(const char *path, struct err *e)
{
	return err_set(e, ERR_FAILED,
		       "'%s' cannot be removed: %s. Nothing of its run was removed from the "
		       "ledger; run `nida purge` again when it can be.",
		       path, strerror(errno));
}

struct walk {
	struct session *s;
	bool look;
	struct purge_files *out;
};

static bool remove_recording(void *data, const char *folder, const char *file, struct err *e)
{
	struct walk *walk = data;
	const char *path = arena_printf(&walk->s->arena, "%s/%s", folder, file);

	if (access(path, F_OK) != 0)
		return true;
	walk->out->recordings++;
	return walk->look || unlink(path) == 0 || errno == ENOENT || cannot_remove(path, e);
}

/* Recordings that the ledger does not know: of a process that was killed between file and mark. */
static bool remove_strays(struct session *s, const char *folder, struct err *e)
{
	const char *recordings = arena_printf(&s->arena, "%s/recordings", folder);
	DIR *dir = opendir(recordings);
	const struct dirent *entry;
	bool ok = true;

	if (!dir)
		return true;
	while (ok && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, "row-", 4) != 0)
			continue;
		const char *path = arena_printf(&s->arena, "%s/%s", recordings, entry->d_name);
		ok = unlink(path) == 0 || cannot_remove(path, e);
	}
	closedir(dir);
	rmdir(recordings);
	return ok;
}

/* Reports that were written with --mask still show the ends of numbers and the columns that were
 * kept. They are not written anew: nobody knows any more what they kept. */
static bool remove_masked(const char *folder, bool look, int64_t *count, struct err *e)
{
	unsigned formats;

	if (access(folder, F_OK) != 0)
		return true;
	if (look)
		report_find(folder, &formats, count);
	else if (!report_remove(folder, &formats, count, e))
		return false;
	else
		rmdir(folder);
	return true;
}

const char *purge_masked_folder(struct session *s, const struct run *run)
{
	return arena_printf(&s->arena, "%s-masked", run->report_dir);
}

bool purge_files(struct session *s, const struct run *run, int64_t contact_id, bool look,
		 struct purge_files *out, struct err *e)
{
	struct walk walk = {.s = s, .look = look, .out = out};
	const char *folder = run->report_dir;

	*out = (struct purge_files){.gone = *folder && access(folder, F_OK) != 0};
	if (!ledger_purge_each_file(s->ledger, run->id, contact_id, remove_recording, &walk, e))
		return false;
	if (!*folder)
		return true;
	if (!remove_masked(purge_masked_folder(s, run), look, &out->masked, e))
		return false;
	if (out->gone)
		return true;
	if (look) {
		report_find(folder, &out->formats, &out->reports);
		return true;
	}
	if (!report_remove(folder, &out->formats, &out->reports, e) ||
	    (!contact_id && !remove_strays(s, folder, e)))
		return false;
	out->strange = !contact_id && rmdir(folder) != 0 && errno != ENOENT;
	return true;
}

bool purge_write_reports(struct session *s, const struct run *run, const struct purge_files *files,
			 struct err *e)
{
	const char *tail = arena_printf(&s->arena, "/%s/%s", run->campaign, run->name);
	size_t length = strlen(run->report_dir);
	struct report_paths paths;

	/* report_write() adds campaign and run to the folder of all reports. */
	if (files->formats == 0 || length <= strlen(tail) ||
	    strcmp(run->report_dir + length - strlen(tail), tail) != 0)
		return true;
	struct report_options options = {
		.dir = arena_strndup(&s->arena, run->report_dir, length - strlen(tail)),
		.formats = files->formats,
		.now_ms = clock_wall_ms(&s->in->clock),
	};
	return report_write(s->ledger, run->id, &options, &paths, e);
}
