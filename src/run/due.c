/*
 * Who is due: the next contacts from the ledger, and when to ask again if there are none.
 */
#include "engine_p.h"

#include "model/hours.h"

int64_t engine_us_until(const struct engine *g, int64_t wall_ms)
{
	return wall_ms == INT64_MAX ? INT64_MAX : (wall_ms - g->now_ms) * 1000;
}

/* Nobody is due: remember until when, so that the ledger is not asked at every step. */
bool engine_learn_next_due(struct engine *g, struct err *e)
{
	if (g->only) {
		engine_halt(g, STOP_ASKED, "--only %s: nothing more to place now.", g->only);
		return true;
	}
	g->due_known = true;
	return ledger_contacts_next_due(g->ledger, g->run_id, g->now_ms, &g->next_due_ms, e);
}

bool engine_find_due(struct engine *g, size_t most, struct contact *out, size_t *count,
		     struct err *e)
{
	bool found;

	if (!g->only)
		return ledger_contacts_due(g->ledger, g->run_id, g->now_ms, most, &g->tick, out,
					   count, e);
	*count = 0;
	if (!ledger_contact_by_key(g->ledger, g->run_id, g->only, &g->tick, out, &found, e))
		return false;
	if (found && out->state == CONTACT_PENDING && out->due_ms <= g->now_ms)
		*count = 1;
	return true;
}

/* With nothing live but what is in doubt, a run without anybody left to call has come to its
 * end. */
bool engine_learn_if_nobody_waits(struct engine *g, struct err *e)
{
	struct contact due;
	size_t count;

	if (g->due_known || board_count(g->board) > board_in_phase(g->board, PHASE_IN_DOUBT))
		return true;
	return engine_find_due(g, 1, &due, &count, e) && (count > 0 || engine_learn_next_due(g, e));
}

bool engine_nobody_due(struct engine *g, int64_t *wait_us)
{
	char when[MOMENT_SIZE];

	if (!g->due_known || g->next_due_ms <= g->now_ms)
		return false;
	size_t late =
		board_in_phase(g->board, PHASE_LATE) + board_in_phase(g->board, PHASE_REREADING);
	if (g->next_due_ms == INT64_MAX && late > 0) {
		engine_why(g, 0, "everybody has been called; waiting for what %zu of them said",
			   late);
	} else if (g->next_due_ms == INT64_MAX) {
		engine_why(g, 0, "everybody has been called%s",
			   g->recorder.awaited ? "; the last recordings are being fetched" : "");
	} else {
		engine_why(g, g->next_due_ms, "the next call is due %s",
			   moment_short(g->plan->campaign.zone, g->next_due_ms, true, when));
		engine_wait_at_most(wait_us, engine_us_until(g, g->next_due_ms));
	}
	return true;
}
