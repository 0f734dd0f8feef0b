#include "file_p.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_open(const char *path, const char *what, int *fd, struct err *e)
{
	struct stat status;

	/* Without O_NONBLOCK, opening a FIFO would wait for a writer for ever. */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(e, ERR_INVALID, "%s '%s' does not exist.", what, path);
	if (*fd < 0)
		return err_set(e, ERR_INVALID, "%s '%s' cannot be opened: %s.", what, path,
			       strerror(errno));
	if (fstat(*fd, &status) == 0 && S_ISREG(status.st_mode))
		return true;

	bool is_folder = S_ISDIR(status.st_mode);
	close(*fd);
	return err_set(e, ERR_INVALID, "%s '%s' is %s; expected a file.", what, path,
		       is_folder ? "a directory" : "a pipe or a device");
}

bool file_read_block(int fd, const char *path, const char *what, char *block, size_t size,
		     size_t *got, struct err *e)
{
	*got = 0;
	while (*got < size) {
		ssize_t n = read(fd, block + *got, size - *got);
		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_FAILED, "%s '%s' cannot be read: %s.", what, path,
				       strerror(errno));
		*got += (size_t)n;
	}
	return true;
}

bool file_read_whole(const char *path, const char *what, size_t max, struct arena *arena,
		     struct bytes *out, struct err *e)
{
	int fd;

	if (!file_open(path, what, &fd, e))
		return false;
	/* One byte more than allowed tells "full" from "too large"; a zeroed one ends the text. */
	out->data = arena_alloc(arena, max + 2);
	bool ok = file_read_block(fd, path, what, out->data, max + 1, &out->length, e);
	close(fd);
	if (ok && out->length > max)
		return err_set(e, ERR_INVALID, "%s '%s' is larger than %zu KiB; expected less.",
			       what, path, max / 1024);
	return ok;
}

const char *file_join(struct arena *arena, const char *file, const char *path)
{
	const char *slash = strrchr(file, '/');

	if (path[0] == '/' || !slash)
		return arena_strdup(arena, path);
	return arena_printf(arena, "%.*s%s", (int)(slash + 1 - file), file, path);
}
