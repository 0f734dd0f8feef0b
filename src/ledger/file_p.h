/*
 * Which file a path names: device and inode, asked with stat(). Never with open(): closing a
 * database file drops SQLite's own locks on it.
 */
#ifndef NIDA_LEDGER_FILE_P_H
#define NIDA_LEDGER_FILE_P_H

#include <stdbool.h>
#include <sys/stat.h>

struct file_identity {
	bool exists;
	dev_t device;
	ino_t inode;
};

static inline struct file_identity file_identify(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return (struct file_identity){.exists = false};
	return (struct file_identity){true, status.st_dev, status.st_ino};
}

static inline bool file_is(const char *path, const struct file_identity *then)
{
	struct file_identity now = file_identify(path);

	return now.exists && now.device == then->device && now.inode == then->inode;
}

/* lock.c: has any campaign ever been run with the ledger of this path? *lock is the file that says
 * so. */
#define LOCK_PATH_SIZE 4096
bool lock_find(const char *ledger_path, char lock[LOCK_PATH_SIZE]);

#endif
