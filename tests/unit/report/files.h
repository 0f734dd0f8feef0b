/*
 * A writer whose text a test can read back, and files of tests.
 */
#ifndef NIDA_TEST_REPORT_FILES_H
#define NIDA_TEST_REPORT_FILES_H

#include "base/mem.h"
#include "report/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The whole file, to be freed; NULL when there is none. */
static inline char *file_read(const char *path)
{
	FILE *file = fopen(path, "r");
	if (!file)
		return NULL;
	fseek(file, 0, SEEK_END);
	size_t size = (size_t)ftell(file);
	rewind(file);
	char *text = xmalloc(size + 1);
	text[fread(text, 1, size, file)] = '\0';
	fclose(file);
	return text;
}

#define FILES_PATH_SIZE 128

/* A writer on a fresh file, whose path is written to `path`. */
static inline struct writer files_writer(char path[FILES_PATH_SIZE])
{
	struct writer w;
	struct err e = {0};

	snprintf(path, FILES_PATH_SIZE, "/tmp/nida-report-XXXXXX");
	int fd = mkstemp(path);
	if (fd < 0 || close(fd) != 0 || !writer_open(&w, path, &e))
		BUG("no file for the test: %s", e.text);
	return w;
}

/* End it: what was written, to be freed; the file is gone. */
static inline char *files_take(struct writer *w, const char *path)
{
	struct err e = {0};

	if (!writer_finish(w, &e) || !writer_publish(w, &e))
		BUG("%s", e.text);
	char *text = file_read(path);
	writer_close(w);
	unlink(path);
	return text;
}

#endif
