/*
 * The parts of `nida purge`: purge_choose.c finds what is to go and says whether it may, purge.c
 * shows it, asks and removes it from the ledger, purge_files.c removes files, purge_rehearsals.c
 * finds the folders of rehearsals, of which no ledger knows.
 *
 * What is removed is chosen under the locks of the campaigns concerned, which are held until it is
 * gone: a runner keeps in memory what it has read, and would write it back. While a question stands
 * they are let go; the choice is then made again and must come out the same. Nothing that a call
 * not yet over would write into is removed.
 */
#ifndef NIDA_CMD_PURGE_P_H
#define NIDA_CMD_PURGE_P_H

#include "cmd/session.h"
#include "ledger/contact.h"
#include "ledger/run.h"
#include "model/phone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger_lock;

/* What one command removes: whole runs, or rows. Arrays lie in the session's arena. */
struct purging {
	struct session *s;
	bool json;
	struct phone person; /* e164 "": whole runs */
	size_t count;
	int64_t *ids; /* of runs, or of contacts */
	size_t left_count;
	int64_t *left; /* runs that stay, because of calls that are not over */
	size_t lock_count;
	struct ledger_lock **locks;
	const char **locked; /* their campaigns */
	size_t rehearsal_count;
	const char **rehearsals; /* their folders */
	int64_t rows;            /* removed so far */
	int64_t files;
};

bool purge_is_person(const struct purging *p);

/* The run at this place of the choice, and the row; none (id 0) where whole runs are removed. */
bool purge_run_of(const struct purging *p, size_t i, struct run *run, struct contact *contact,
		  struct err *e) MUST_CHECK;

/* Choose, and take the locks; `look` takes none. A row that must stay is an error. */
bool purge_choose(struct purging *p, bool look, struct err *e) MUST_CHECK;
/* Once more, after purge_let_go(); another choice than before is an error. */
bool purge_choose_again(struct purging *p, struct err *e) MUST_CHECK;
void purge_let_go(struct purging *p);

struct purge_files {
	int64_t recordings; /* removed, or to be removed */
	int64_t reports;    /* likewise */
	int64_t masked;     /* files in the folder of masked reports, likewise */
	unsigned formats;   /* which reports there were */
	bool gone;          /* the folder was not where the ledger says; maybe it was moved */
	bool strange;       /* it holds files that nida has not written; they are left alone */
};

/* Remove the reports of a run, and the recordings of it (contact_id 0) or of one row; `look` only
 * counts. */
bool purge_files(struct session *s, const struct run *run, int64_t contact_id, bool look,
		 struct purge_files *out, struct err *e) MUST_CHECK;

/* The folder beside it, of reports that were written with --mask. */
const char *purge_masked_folder(struct session *s, const struct run *run);

/* Write those reports again that were there, where they were. */
bool purge_write_reports(struct session *s, const struct run *run, const struct purge_files *files,
			 struct err *e) MUST_CHECK;

/* Rehearsals that lie where the runs of this ledger (of the campaign, if one is given) have their
 * reports, or where the campaign says: those that are older than the age, or hold the person. */
bool purge_find_rehearsals(struct purging *p, struct err *e) MUST_CHECK;
bool purge_remove_rehearsal(struct purging *p, const char *folder, struct err *e) MUST_CHECK;

#endif
