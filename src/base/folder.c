#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "base/mem.h"

bool folder_make(const char *path, const char *what, const char *setting, struct err *e)
{
	char *part = xstrdup(path);
	bool ok = true;

	for (char *p = part; ok; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		char end = *p;
		*p = '\0';
		if (*part && mkdir(part, 0750) != 0 && errno != EEXIST)
			ok = err_set(e, ERR_FAILED,
				     "The %s '%s' cannot be made: %s. Check %s and who may write "
				     "there.",
				     what, part, strerror(errno), setting);
		*p = end;
		if (end == '\0')
			break;
	}
	free(part);
	return ok;
}
