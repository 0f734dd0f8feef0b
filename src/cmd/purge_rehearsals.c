/*
 * Rehearsals call nobody and leave nothing in a ledger, but their reports hold the whole list. They
 * lie beside those of real runs, as <report.dir>/<campaign>/rehearsal-SEED.
 */
#include "purge_p.h"

#include "cmd/say.h"
#include "ledger/compare.h"
#include "report/csv.h"
#include "report/report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "rehearsal-"

struct search {
	struct purging *p;
	size_t parent_count; /* folders of campaigns, no two alike */
	const char **parents;
	size_t parent_room;
	size_t room; /* of p->rehearsals */
	int64_t before_ms;
};

static const char **grown(struct arena *arena, const char **list, size_t count, size_t *room)
{
	const char **out = list;

	if (count == *room) {
		*room = *room ? *room * 2 : 16;
		out = arena_array(arena, *room, sizeof(*out));
		if (count > 0)
			memcpy(out, list, count * sizeof(*out));
	}
	return out;
}

static void add_parent(struct search *f, const char *path)
{
	char *whole = realpath(path, NULL);

	if (!whole)
		return; /* nothing was written there, or it was moved */
	const char *folder = arena_strdup(&f->p->s->arena, whole);
	free(whole);
	for (size_t i = 0; i < f->parent_count; i++)
		if (strcmp(f->parents[i], folder) == 0)
			return;
	f->parents = grown(&f->p->s->arena, f->parents, f->parent_count, &f->parent_room);
	f->parents[f->parent_count++] = folder;
}

static bool add_parent_of(void *data, const struct run *run, struct err *e)
{
	struct search *f = data;
	const char *slash = strrchr(run->report_dir, '/');

	(void)e;
	if (slash && slash > run->report_dir)
		add_parent(f, arena_strndup(&f->p->s->arena, run->report_dir,
					    (size_t)(slash - run->report_dir)));
	return true;
}

static bool add_parents(struct search *f, struct err *e)
{
	struct session *s = f->p->s;
	const char *campaign = s->plan ? s->plan->campaign.name : NULL;

	if (campaign && s->plan->campaign.report_dir)
		add_parent(f, arena_printf(&s->arena, "%s/%s", s->plan->campaign.report_dir,
					   campaign));
	return ledger_runs_since(s->ledger, campaign, 0, &s->arena, add_parent_of, f, e);
}

/* Is one of the texts in the file? One that cannot be read counts as one that has it. */
static bool holds_text(const char *path, const char *const *texts, size_t count)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat status;
	bool found = false;

	if (fd < 0)
		return errno != ENOENT && errno != ELOOP;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
		size_t size = (size_t)status.st_size;
		void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
		found = bytes == MAP_FAILED;
		for (size_t i = 0; !found && i < count; i++)
			found = memmem(bytes, size, texts[i], strlen(texts[i])) != NULL;
		if (bytes != MAP_FAILED)
			munmap(bytes, size);
	}
	close(fd);
	return found;
}

/* As results.jsonl and report.html write the number, and as results.csv does. */
static bool holds_person(struct search *f, const char *folder)
{
	const char *number = f->p->person.e164;
	struct buf cell;
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	bool found = false;

	if (!dir)
		return false;
	buf_init(&cell, 256);
	csv_add_cell(&cell, number);
	const char *texts[] = {number, cell.data};
	while (!found && (entry = readdir(dir)) != NULL)
		found = holds_text(arena_printf(&f->p->s->arena, "%s/%s", folder, entry->d_name),
				   texts, COUNT_OF(texts));
	closedir(dir);
	buf_free(&cell);
	return found;
}

static bool is_to_go(struct search *f, const char *folder)
{
	unsigned formats;
	int64_t files;
	struct stat status;

	report_find(folder, &formats, &files);
	if (files == 0 || lstat(folder, &status) != 0 || !S_ISDIR(status.st_mode))
		return false;
	if (purge_is_person(f->p))
		return holds_person(f, folder);
	/* A report that is written gives the folder this time. */
	return (int64_t)status.st_mtime * SECOND_MS < f->before_ms;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void look_into(struct search *f, const char *parent)
{
	struct purging *p = f->p;
	DIR *dir = opendir(parent);
	const struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)) != NULL) {
		const char *seed = entry->d_name + strlen(PREFIX);
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0 || !*seed ||
		    seed[strspn(seed, "0123456789")])
			continue;
		const char *folder = arena_printf(&p->s->arena, "%s/%s", parent, entry->d_name);
		if (!is_to_go(f, folder))
			continue;
		p->rehearsals = grown(&p->s->arena, p->rehearsals, p->rehearsal_count, &f->room);
		p->rehearsals[p->rehearsal_count++] = folder;
	}
	closedir(dir);
}

bool purge_find_rehearsals(struct purging *p, struct err *e)
{
	struct search f = {.p = p};
	const char *age = p->s->in->values[OPTION_OLDER_THAN];
	int64_t age_ms = 0;

	p->rehearsal_count = 0;
	p->rehearsals = NULL;
	if (!purge_is_person(p) && !span_parse(age, &age_ms))
		BUG("an age that was read once cannot be read again");
	f.before_ms = clock_wall_ms(&p->s->in->clock) - age_ms;
	if (!add_parents(&f, e))
		return false;
	for (size_t i = 0; i < f.parent_count; i++)
		look_into(&f, f.parents[i]);
	if (p->rehearsal_count > 0)
		qsort(p->rehearsals, p->rehearsal_count, sizeof(*p->rehearsals), compare_texts);
	return true;
}

bool purge_remove_rehearsal(struct purging *p, const char *folder, struct err *e)
{
	unsigned formats;
	int64_t files;

	if (!report_remove(folder, &formats, &files, e))
		return false;
	p->files += files;
	if (!p->json)
		say_path("Removed: the reports of a rehearsal, ", folder);
	if (rmdir(folder) != 0 && errno != ENOENT)
		say(stderr, "%s holds files that nida has not written; look at them.\n", folder);
	return true;
}
