/*
 * What `nida run` has to do about recordings: say where they go, go on with those of a run that is
 * over, and count them.
 */
#include "run_p.h"

#include "cmd/say.h"

#include "base/folder.h"
#include "base/mem.h"
#include "ledger/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool wanted(const struct session *s)
{
	return s->plan->campaign.recordings == RECORDINGS_DOWNLOAD;
}

bool recordings_folder(struct session *s, int64_t run_id, const char **out, struct err *e)
{
	const char *dir;
	struct run run;

	*out = NULL;
	if (!wanted(s))
		return true;
	if (!ledger_run_get(s->ledger, run_id, &s->arena, &run, e))
		return false;
	if (run.purged_ms > 0)
		return true;
	if (!session_report_dir(s, &dir, e))
		return false;
	const char *folder = arena_printf(&s->arena, "%s/%s/%s", dir, run.campaign, run.name);
	if (!folder_make(folder, "report folder", "report.dir in the campaign file", e))
		return false;
	/* The ledger keeps it, and another process may stand elsewhere. */
	char *real = realpath(folder, NULL);
	if (!real)
		return err_set(e, ERR_FAILED, "The report folder '%s' cannot be found: %s.", folder,
			       strerror(errno));
	*out = arena_strdup(&s->arena, real);
	free(real);
	return true;
}

bool recordings_left(struct session *s, int64_t run_id, bool *out, struct err *e)
{
	struct recording_counts counts;
	const char *folder;

	*out = false;
	if (!recordings_folder(s, run_id, &folder, e))
		return false;
	if (!folder)
		return true;
	if (!ledger_recordings_want(s->ledger, run_id, folder, clock_wall_ms(&s->in->clock), e) ||
	    !ledger_recordings_count(s->ledger, run_id, &counts, e))
		return false;
	*out = counts.wanted > 0;
	return true;
}

bool recordings_say(struct session *s, int64_t run_id, struct err *e)
{
	struct recording_counts counts;

	if (!wanted(s))
		return true;
	if (!ledger_recordings_count(s->ledger, run_id, &counts, e))
		return false;
	say(stderr, "recordings %" PRId64 " downloaded", counts.kept);
	if (counts.given_up > 0)
		say(stderr, ", %" PRId64 " cannot be had", counts.given_up);
	if (counts.wanted > 0)
		say(stderr, ", %" PRId64 " still missing: the same command fetches them",
		    counts.wanted);
	say(stderr, "\n");
	return true;
}
