/*
 * A file that appears complete or not at all.
 *
 * What is added goes to a temporary name beside the file (".report.html.new"); writer_finish()
 * makes sure that it is on the disk, writer_publish() gives it its name. The first error sticks:
 * adding to a writer that has failed does nothing, and writer_ok() or writer_finish() tells what
 * happened. A spool is a file without a name, for what must be written before its place in another
 * file comes.
 */
#ifndef NIDA_REPORT_WRITER_H
#define NIDA_REPORT_WRITER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct writer {
	FILE *file;      /* NULL: closed */
	char *buffer;    /* of file; until writer_close() */
	char *path;      /* where it will be; of a spool: beside what */
	char *temporary; /* where it is; NULL for a spool, or once it is published */
	int error;       /* errno of the first failure; 0: none */
};

/* The caller ends each of them with writer_close(), whatever happened. */
bool writer_open(struct writer *w, const char *path, struct err *e) MUST_CHECK;
bool writer_open_spool(struct writer *w, const char *beside, struct err *e) MUST_CHECK;

void writer_add(struct writer *w, const void *bytes, size_t length);
void writer_adds(struct writer *w, const char *text);
bool writer_ok(const struct writer *w, struct err *e) MUST_CHECK;

/* Add everything a spool holds. */
void writer_add_spool(struct writer *w, struct writer *spool);

bool writer_finish(struct writer *w, struct err *e) MUST_CHECK;
bool writer_publish(struct writer *w, struct err *e) MUST_CHECK;

/* Free it; a file that was not published is removed. Harmless on a zeroed struct. */
void writer_close(struct writer *w);

#endif
