/*
 * The files of `nida purge`: purge.c asks and decides, purge_files.c removes files.
 */
#ifndef NIDA_CMD_PURGE_P_H
#define NIDA_CMD_PURGE_P_H

#include "cmd/session.h"
#include "ledger/run.h"

#include <stdbool.h>
#include <stdint.h>

struct purge_files {
	int64_t recordings; /* removed, or to be removed */
	int64_t reports;    /* likewise */
	unsigned formats;   /* which reports there were */
	bool gone;          /* the folder was not where the ledger says; maybe it was moved */
	bool strange;       /* it holds files that nida has not written; they are left alone */
};

/* Remove the reports of a run, and the recordings of it (contact_id 0) or of one row; `look` only
 * counts. */
bool purge_files(struct session *s, const struct run *run, int64_t contact_id, bool look,
		 struct purge_files *out, struct err *e) MUST_CHECK;

/* Write those reports again that were there, where they were. */
bool purge_write_reports(struct session *s, const struct run *run, const struct purge_files *files,
			 struct err *e) MUST_CHECK;

#endif
