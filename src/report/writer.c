#include "report/writer.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)128 << 10)

/* "dir/.name.new" for "dir/name": the same folder, so that the rename stays within one disk. */
static char *temporary_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t size = strlen(path) + sizeof("..new");
	char *out = xmalloc(size);

	snprintf(out, size, "%.*s.%s.new", (int)(name - path), path, name);
	return out;
}

static bool cannot_write(const char *path, int error, struct err *e)
{
	return err_set(
		e, ERR_FAILED,
		"The report file '%s' cannot be written: %s. Check that the folder exists, that "
		"you may write there and that the disk has room (report.dir in the campaign "
		"file says where reports go).",
		path, strerror(error));
}

static bool open_named(struct writer *w, const char *path, struct err *e)
{
	*w = (struct writer){.path = xstrdup(path), .temporary = temporary_name(path)};
	/* Reports hold personal data: others get nothing, whatever the umask. */
	int fd = open(w->temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);

	if (fd < 0)
		return cannot_write(path, errno, e);
	w->file = fdopen(fd, "w+");
	if (!w->file) {
		int error = errno;
		close(fd);
		return cannot_write(path, error, e);
	}
	/* A report is written from its first byte to its last, and stdio would ask the system for
	 * every page of it. */
	w->buffer = xmalloc(BUFFER_SIZE);
	setvbuf(w->file, w->buffer, _IOFBF, BUFFER_SIZE);
	return true;
}

bool writer_open(struct writer *w, const char *path, struct err *e)
{
	return open_named(w, path, e);
}

bool writer_open_spool(struct writer *w, const char *beside, struct err *e)
{
	char name[4096];

	snprintf(name, sizeof(name), "%s.part", beside);
	if (!open_named(w, name, e))
		return false;
	unlink(w->temporary);
	free(w->temporary);
	w->temporary = NULL;
	return true;
}

void writer_add(struct writer *w, const void *bytes, size_t length)
{
	if (w->error || length == 0)
		return;
	if (fwrite(bytes, 1, length, w->file) != length)
		w->error = errno ? errno : EIO;
}

void writer_adds(struct writer *w, const char *text)
{
	writer_add(w, text, strlen(text));
}

bool writer_ok(const struct writer *w, struct err *e)
{
	return w->error ? cannot_write(w->path, w->error, e) : true;
}

void writer_add_spool(struct writer *w, struct writer *spool)
{
	char *copy = xmalloc(BUFFER_SIZE);
	size_t length;

	if (!spool->error && fseeko(spool->file, 0, SEEK_SET) != 0)
		spool->error = errno;
	while (!spool->error && (length = fread(copy, 1, BUFFER_SIZE, spool->file)) > 0)
		writer_add(w, copy, length);
	if (!spool->error && ferror(spool->file))
		spool->error = EIO;
	if (spool->error && !w->error)
		w->error = spool->error;
	free(copy);
}

bool writer_finish(struct writer *w, struct err *e)
{
	if (!w->error && (fflush(w->file) != 0 || fsync(fileno(w->file)) != 0))
		w->error = errno;
	if (fclose(w->file) != 0 && !w->error)
		w->error = errno;
	w->file = NULL;
	return writer_ok(w, e);
}

bool writer_publish(struct writer *w, struct err *e)
{
	if (rename(w->temporary, w->path) != 0)
		return cannot_write(w->path, errno, e);
	free(w->temporary);
	w->temporary = NULL;
	return true;
}

void writer_close(struct writer *w)
{
	if (w->file)
		fclose(w->file);
	if (w->temporary)
		unlink(w->temporary);
	free(w->buffer);
	free(w->temporary);
	free(w->path);
	*w = (struct writer){0};
}
