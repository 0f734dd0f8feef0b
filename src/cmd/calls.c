#include "calls_p.h"

#include "await_p.h"

#include "ledger/event.h"

#include <stdio.h>
#include <string.h>

#define PER_PAGE  200
#define PAGES_MAX 20000
#define TRIES     3
#define PAUSE_MS  2000

/* One page, asked again after what may pass. */
static bool read_page(struct session *s, const struct list_query *query, struct answer *out,
		      struct err *e)
{
	for (int left = TRIES;; left--) {
		provider_list(&s->provider, 1, query);
		await_answer(s, out);
		if (out->read == READ_OK)
			return true;
		if (out->read == READ_STOP)
			return err_set(e, ERR_STOPPED,
				       "Hamsa refuses to list its calls: %s `nida hamsa status` "
				       "tells more.",
				       out->words);
		if (left == 1)
			return err_set(e, ERR_FAILED, "Hamsa's list of calls cannot be read: %s",
				       out->words);
		await_time(s, out->retry_after_ms ? out->retry_after_ms : PAUSE_MS);
	}
}

bool calls_each(struct session *s, const struct calls_query *query,
		bool (*visit)(void *data, const struct call_line *line, struct err *e), void *data,
		struct err *e)
{
	struct list_query page = {
		.from_ms = query->from_ms,
		.to_ms = query->to_ms,
		.agent_id = query->agent_id,
		.per_page = PER_PAGE,
	};
	char before[128] = ""; /* the first call of the page before */

	for (page.page = 1; page.page <= PAGES_MAX; page.page++) {
		struct answer answer;
		if (!read_page(s, &page, &answer, e))
			return false;
		/* A server may give less to a page than it was asked for: only an empty one, or
		 * one that comes again, is the last. */
		if (answer.line_count == 0 || strcmp(before, answer.lines[0].job_id) == 0)
			return true;
		snprintf(before, sizeof(before), "%s", answer.lines[0].job_id);
		for (size_t i = 0; i < answer.line_count; i++) {
			const struct call_line *line = &answer.lines[i];
			/* Not every server heeds what it was asked for. */
			bool early = line->created_ms && line->created_ms < query->from_ms;
			bool late = line->created_ms > query->to_ms;
			bool other = query->agent_id && line->agent_id &&
				     strcmp(query->agent_id, line->agent_id) != 0;
			if (!early && !late && !other && !visit(data, line, e))
				return false;
		}
	}
	return err_set(e, ERR_FAILED, "Hamsa's list of calls does not end; ask for less time.");
}

bool calls_find(struct session *s, const char *job_id, const char *ref, struct arena *arena,
		struct calls_place *out, struct err *e)
{
	bool tried;
	int64_t id;

	*out = (struct calls_place){0};
	if (!ledger_attempt_by_job(s->ledger, job_id, &id, e) ||
	    (id == 0 && *ref && !ledger_attempt_by_ref(s->ledger, ref, &id, e)))
		return false;
	if (id != 0) {
		out->owner = CALLS_OURS;
		return ledger_attempt_get(s->ledger, id, arena, &out->attempt, e) &&
		       ledger_contact_get(s->ledger, out->attempt.contact_id, arena, &out->contact,
					  e) &&
		       ledger_run_get(s->ledger, out->attempt.run_id, arena, &out->run, e);
	}
	if (!ledger_event_of_try(s->ledger, job_id, ref, &tried, e))
		return false;
	out->owner = tried ? CALLS_TRY : CALLS_FOREIGN;
	return true;
}
