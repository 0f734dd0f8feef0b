/*
 * Folders of reports: made when missing, and held while a report is written, so that two processes
 * that write the same one take turns.
 */
#ifndef NIDA_REPORT_FOLDER_P_H
#define NIDA_REPORT_FOLDER_P_H

#include "base/err.h"
#include "report/report.h"

#include <stdbool.h>

/* "folder/name"; false when that is too long. */
bool folder_join(char out[REPORT_PATH_SIZE], const char *folder, const char *name,
		 struct err *e) MUST_CHECK;

/* Make it, and wait for whoever holds it. *fd is closed by the caller, which lets go of it. */
bool folder_hold(const char *path, int *fd, struct err *e) MUST_CHECK;

/* The names in it are on the disk. */
bool folder_sync(const char *path, int fd, struct err *e) MUST_CHECK;

#endif
