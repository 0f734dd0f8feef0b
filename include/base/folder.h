/*
 * Folders: made as deep as they are asked for. Others than owner and group get nothing of them,
 * because what nida writes is about customers.
 */
#ifndef NIDA_BASE_FOLDER_H
#define NIDA_BASE_FOLDER_H

#include <stdbool.h>

#include "base/err.h"

/* Each folder of the path that is missing. For who reads that it cannot be made: `what` it is, and
 * the `setting` that names it. */
bool folder_make(const char *path, const char *what, const char *setting, struct err *e) MUST_CHECK;

#endif
