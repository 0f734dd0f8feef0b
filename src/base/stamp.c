#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/moment.h"
#include "base/stamp.h"

bool stamp_take(const char *file, struct stamp *out)
{
	struct stat status;

	if (stat(file, &status) != 0)
		return false;
	*out = (struct stamp){status.st_dev, status.st_ino, status.st_size, status.st_mtim,
			      status.st_ctim};
	return true;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool stamp_equal(const struct stamp *a, const struct stamp *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       same_time(a->written, b->written) && same_time(a->changed, b->changed);
}

static int64_t to_ms(struct timespec t)
{
	return (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
}

const char *stamp_text(const char *file, char out[STAMP_TEXT_SIZE])
{
	struct stamp s;
	struct clock machine;

	out[0] = '\0';
	if (!stamp_take(file, &s))
		return out;
	/* Files carry the machine's time, whatever the run's clock says. */
	clock_init_system(&machine);
	int64_t now_ms = clock_wall_ms(&machine);
	if (now_ms - to_ms(s.changed) < STAMP_QUIET_MS ||
	    now_ms - to_ms(s.written) < STAMP_QUIET_MS)
		return out;
	snprintf(out, STAMP_TEXT_SIZE, "%ju:%ju:%jd:%jd.%09ld:%jd.%09ld", (uintmax_t)s.device,
		 (uintmax_t)s.inode, (intmax_t)s.size, (intmax_t)s.written.tv_sec,
		 s.written.tv_nsec, (intmax_t)s.changed.tv_sec, s.changed.tv_nsec);
	return out;
}
