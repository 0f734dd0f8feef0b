#include "folder_p.h"

#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

bool folder_join(char out[REPORT_PATH_SIZE], const char *folder, const char *name, struct err *e)
{
	int length = snprintf(out, REPORT_PATH_SIZE, "%s/%s", folder, name);

	if (length < 0 || length >= REPORT_PATH_SIZE)
		return err_set(
			e, ERR_FAILED,
			"The path of the report, '%s/%s', is too long; expected fewer than %d "
			"bytes. Choose a shorter report.dir in the campaign file.",
			folder, name, REPORT_PATH_SIZE);
	return true;
}

bool report_claim(const char *dir, const char *campaign, const char *run, bool *claimed,
		  struct err *e)
{
	char above[REPORT_PATH_SIZE];
	char folder[REPORT_PATH_SIZE];

	if (!folder_join(above, dir, campaign, e) || !folder_join(folder, above, run, e) ||
	    !folder_make(above, "report folder", "report.dir in the campaign file", e))
		return false;
	/* Who makes it has it; there is nothing in between. */
	*claimed = mkdir(folder, 0750) == 0;
	if (*claimed || errno == EEXIST)
		return true;
	return err_set(e, ERR_FAILED,
		       "The report folder '%s' cannot be made: %s. Check report.dir in the "
		       "campaign file and who may write there.",
		       folder, strerror(errno));
}

void report_unclaim(const char *dir, const char *campaign, const char *run)
{
	char above[REPORT_PATH_SIZE];
	char folder[REPORT_PATH_SIZE];
	struct err ignored;

	if (!folder_join(above, dir, campaign, &ignored) ||
	    !folder_join(folder, above, run, &ignored))
		return;
	if (rmdir(folder) == 0)
		rmdir(above);
}

bool folder_hold(const char *path, int *fd, struct err *e)
{
	if (!folder_make(path, "report folder", "report.dir in the campaign file", e))
		return false;
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		return err_set(e, ERR_FAILED, "The report folder '%s' cannot be opened: %s.", path,
			       strerror(errno));
	/* Some network disks know no locks; reports are written there all the same. */
	while (flock(*fd, LOCK_EX) != 0 && errno == EINTR)
		;
	return true;
}

bool folder_sync(const char *path, int fd, struct err *e)
{
	if (fsync(fd) != 0 && errno != EINVAL)
		return err_set(e, ERR_FAILED, "The report folder '%s' cannot be saved: %s.", path,
			       strerror(errno));
	return true;
}
