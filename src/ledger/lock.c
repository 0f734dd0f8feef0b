#include "ledger/lock.h"

#include "file_p.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ledger_lock {
	int fd;
	char *path;
	struct file_identity file;
};

/* The path of NAME.<campaign>.lock, where NAME is the ledger's own. One ledger, one lock, whatever
 * name it was opened by. */
static void lock_path(const struct ledger *l, const char *campaign, char out[LOCK_PATH_SIZE])
{
	char *real = realpath(ledger_path(l), NULL);

	snprintf(out, LOCK_PATH_SIZE, "%s.%s.lock", real ? real : ledger_path(l), campaign);
	free(real);
}

static bool is_lock_of(const char *file, const char *ledger)
{
	size_t length = strlen(ledger);
	size_t end = strlen(file);

	return strncmp(file, ledger, length) == 0 && file[length] == '.' && end > length + 5 &&
	       strcmp(file + end - 5, ".lock") == 0;
}

bool lock_find(const char *ledger_path, char lock[LOCK_PATH_SIZE])
{
	char *real = realpath(ledger_path, NULL);
	char *name = real ? strrchr(real, '/') : NULL;
	bool found = false;

	if (name) {
		*name++ = '\0';
		DIR *folder = opendir(*real ? real : "/");
		const struct dirent *entry;
		while (folder && !found && (entry = readdir(folder)))
			if (is_lock_of(entry->d_name, name)) {
				snprintf(lock, LOCK_PATH_SIZE, "%s/%s", real, entry->d_name);
				found = true;
			}
		if (folder)
			closedir(folder);
	}
	free(real);
	return found;
}

static long read_pid(int fd)
{
	char text[32] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
		return 0;
	return strtol(text, NULL, 10);
}

/* Who holds the lock, which somebody does: there is a moment before the number is written, and a
 * full disk takes it never. */
static long holder_of(int fd)
{
	long pid = read_pid(fd);

	return pid > 0 ? pid : LOCK_HOLDER_UNKNOWN;
}

static void write_pid(int fd)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	/* Only for messages: a failure here is no reason not to run. */
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)length, 0) != length)
		return;
}

static struct file_identity identify_open(int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return (struct file_identity){.exists = false};
	return (struct file_identity){true, status.st_dev, status.st_ino};
}

bool ledger_lock_take(const struct ledger *l, const char *campaign, struct ledger_lock **out,
		      struct err *e)
{
	char path[LOCK_PATH_SIZE];
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	lock_path(l, campaign, path);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, ERR_FAILED,
			       "%s: the lock file cannot be opened: %s. Make the ledger's folder "
			       "writable for this user.",
			       path, strerror(errno));

	/* A lock of the open file, not of the process: it can be asked after without being
	 * taken, and the kernel drops it with the last descriptor. */
	if (fcntl(fd, F_OFD_SETLK, &whole) == 0) {
		write_pid(fd);
		*out = xmalloc(sizeof(**out));
		**out = (struct ledger_lock){fd, xstrdup(path), identify_open(fd)};
		return true;
	}
	if (errno == EAGAIN || errno == EACCES)
		err_set(e, ERR_BUSY,
			"Another process (number %ld) already runs campaign %s. Watch it with "
			"`nida status`; `nida pause` stops it from placing calls.",
			holder_of(fd), campaign);
	else
		err_set(e, ERR_FAILED, "%s: cannot be locked: %s.", path, strerror(errno));
	close(fd);
	return false;
}

bool ledger_lock_still_there(const struct ledger_lock *lock, struct err *e)
{
	if (file_is(lock->path, &lock->file))
		return true;
	return err_set(e, ERR_FAILED,
		       "%s was deleted, moved or replaced while this run was using it; another "
		       "process could run the campaign at the same time. No further call is "
		       "placed. Run the same command again: it takes a new lock and picks up the "
		       "live calls.",
		       lock->path);
}

void ledger_lock_drop(struct ledger_lock *lock)
{
	if (!lock)
		return;
	close(lock->fd);
	free(lock->path);
	free(lock);
}

long ledger_lock_holder(const struct ledger *l, const char *campaign)
{
	char path[LOCK_PATH_SIZE];
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	lock_path(l, campaign, path);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return 0;
	long pid = 0;
	if (fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK)
		pid = holder_of(fd);
	close(fd);
	return pid;
}
