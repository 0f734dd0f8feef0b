#include "run/suppressor.h"

#include "base/mem.h"
#include "ledger/suppression.h"
#include "load/suppression.h"
#include "model/phone.h"
#include "model/phone_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What a file looked like when it was read; anything else means that it changed. */
struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec written;
	struct timespec
		changed; /* of the inode: an edit that keeps the time of writing shows here */
};

struct source {
	const char *file;
	bool known; /* stamp and numbers are of a successful reading */
	struct stamp stamp;
	struct phone_set numbers;
};

struct suppressor {
	enum phone_country home;
	size_t count;
	struct source *sources;
};

struct suppressor *suppressor_new(const struct plan *plan)
{
	struct suppressor *s = xcalloc(1, sizeof(*s));

	s->home = plan->campaign.list.country;
	s->count = plan->campaign.suppress_count;
	s->sources = xcalloc(s->count, sizeof(*s->sources));
	for (size_t i = 0; i < s->count; i++)
		s->sources[i].file = plan->campaign.suppress[i];
	return s;
}

void suppressor_free(struct suppressor *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		phone_set_free(&s->sources[i].numbers);
	free(s->sources);
	free(s);
}

void suppressor_touch(struct suppressor *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->sources[i].known = false;
}

static bool same_stamp(const struct stamp *a, const struct stamp *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->written.tv_sec == b->written.tv_sec && a->written.tv_nsec == b->written.tv_nsec &&
	       a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static bool source_refresh(struct source *source, enum phone_country home, struct err *e)
{
	struct stat status;

	if (stat(source->file, &status) != 0) {
		source->known = false;
		return err_set(e, ERR_INVALID,
			       "%s: the suppression file cannot be read: %s. Nothing is dialled "
			       "without it; put it back or take it out of `suppress`.",
			       source->file, strerror(errno));
	}

	struct stamp now = {status.st_dev, status.st_ino, status.st_size, status.st_mtim,
			    status.st_ctim};
	if (source->known && same_stamp(&now, &source->stamp))
		return true;

	struct phone_set fresh = {0};
	source->known = false;
	if (!suppression_read(source->file, home, &fresh, e)) {
		phone_set_free(&fresh);
		return false;
	}
	phone_set_seal(&fresh);
	phone_set_free(&source->numbers);
	source->numbers = fresh;
	source->stamp = now;
	source->known = true;
	return true;
}

bool suppressor_refresh(struct suppressor *s, struct err *e)
{
	for (size_t i = 0; i < s->count; i++)
		if (!source_refresh(&s->sources[i], s->home, e))
			return false;
	return true;
}

bool suppressor_has(const struct suppressor *s, struct ledger *l, const char *e164, bool *out,
		    const char **source, struct err *e)
{
	uint64_t number = phone_to_number(e164);

	for (size_t i = 0; i < s->count; i++) {
		if (phone_set_has(&s->sources[i].numbers, number)) {
			*out = true;
			*source = s->sources[i].file;
			return true;
		}
	}
	*source = "the do-not-call register";
	return ledger_suppression_has(l, e164, out, e);
}
