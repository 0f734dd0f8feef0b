/*
 * Files as load/ reads them: regular files only, with a plain sentence for everything that can be
 * wrong with one. A FIFO or a terminal is refused, because every input is read more than once.
 *
 * Messages name the file by `what` and its path: "The list 'a.csv' does not exist."
 */
#ifndef NIDA_LOAD_FILE_P_H
#define NIDA_LOAD_FILE_P_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

struct bytes {
	char *data; /* NUL-terminated; in the arena that was given */
	size_t length;
};

/* Open for reading. `what` begins a sentence: "The list". */
bool file_open(const char *path, const char *what, int *fd, struct err *e) MUST_CHECK;

/* Fill the block as far as the file reaches: *got < size means that its end was met. */
bool file_read_block(int fd, const char *path, const char *what, char *block, size_t size,
		     size_t *got, struct err *e) MUST_CHECK;

/* The whole file, which may have at most `max` bytes. */
bool file_read_whole(const char *path, const char *what, size_t max, struct arena *arena,
		     struct bytes *out, struct err *e) MUST_CHECK;

/* `path` seen from the folder of `file`; absolute paths stay as they are. */
const char *file_join(struct arena *arena, const char *file, const char *path);

#endif
