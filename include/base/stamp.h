/*
 * How a file was when it was looked at, to tell without reading it whether it is still the same.
 *
 * An edit that keeps the time of writing still changes the inode's time, which nobody can set, on
 * the file systems that keep one; where none is kept (FAT) the time of writing and the size must
 * do. Times have a grain, though, of up to two seconds: what was written a moment ago may be
 * written once more within the same one.
 */
#ifndef NIDA_BASE_STAMP_H
#define NIDA_BASE_STAMP_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct stamp {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec written;
	struct timespec changed; /* of the inode */
};

/* False: there is no such file. */
bool stamp_take(const char *file, struct stamp *out);
bool stamp_equal(const struct stamp *a, const struct stamp *b);

/* The stamp of a file as a text that can be kept; "" when there is no such file, or when it has
 * been quiet for less than STAMP_QUIET_MS of the system's time and the stamp proves nothing yet. */
#define STAMP_QUIET_MS  3000
#define STAMP_TEXT_SIZE 128
const char *stamp_text(const char *file, char out[STAMP_TEXT_SIZE]);

#endif
