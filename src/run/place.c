/*
 * Placing: from a due contact to a POST that may leave.
 *
 * What may go (rules.c, judge.c) is written into the ledger as intents, in one transaction with a
 * synced commit, and only then handed to the provider, unless that took so long that it may not go
 * any more.
 */
#include "engine_p.h"
#include "judge_p.h"

#include "base/log.h"
#include "base/text_mask.h"
#include "model/hours.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define STALE_MS (2 * SECOND_MS)

/* When the calls of this step count as started. A commit that takes no longer than it may does not
 * put the next call off: the one before leaves as much later as the next one will. */
static struct mono started(const struct engine *g)
{
	struct mono now = clock_mono(g->clock);

	return mono_since(g->now, now) > PACE_COMMIT_US ? mono_add(now, -PACE_COMMIT_US) : g->now;
}

static const char *agent_of(const struct judged *j)
{
	return j->order.place.agent_id ? j->order.place.agent_id : "";
}

/* Write down what was decided about one contact; for one that goes, its intent. */
static bool write_down(struct engine *g, struct judged *j, struct err *e)
{
	if (j->defer)
		return ledger_contact_defer(g->ledger, j->contact.id, j->due_ms, e);
	if (!j->go)
		return ledger_contact_skip(g->ledger, j->contact.id, j->skip, j->detail, g->now_ms,
					   e);

	char *request = provider_render(g->provider, &j->order.shown);
	struct attempt attempt = {
		.number = j->contact.attempts + 1,
		.ref = j->order.ref,
		.phone = j->contact.phone,
		.agent = agent_of(j),
	};
	bool ok = ledger_attempt_intend(g->ledger, &j->contact, &attempt, request, g->now_ms,
					&j->attempt_id, e);
	free(request);
	return ok;
}

/* The intent is on disk: now, and only now, the POST may leave. */
static void send_order(struct engine *g, const struct judged *j)
{
	struct call *call = board_add(g->board, j->attempt_id);
	char masked[TEXT_MASK_SIZE];

	call->contact_id = j->contact.id;
	call->number = j->contact.attempts + 1;
	call->intent_ms = g->now_ms;
	snprintf(call->ref, sizeof(call->ref), "%s", j->order.ref);
	snprintf(call->phone, sizeof(call->phone), "%s", j->contact.phone);
	snprintf(call->agent, sizeof(call->agent), "%s", agent_of(j));
	g->run.calls++;
	g->placed++;
	/* Not by its key, which may be the number itself. */
	log_debug("placing attempt %d for row %" PRId64 " (%s)", call->number, j->contact.ordinal,
		  text_mask_phone(j->contact.phone, masked));
	provider_place(g->provider, (uint64_t)j->attempt_id, &j->order.place);
}

/* Writing the intents down may have taken long: a disk that hangs, a machine that slept. What was
 * judged so long ago, or belongs to hours that have closed meanwhile, does not leave. */
static bool may_leave(const struct engine *g, const struct judged *j, int64_t wall_ms)
{
	int64_t most_ms = (int64_t)(STALE_MS * (g->clock->speed > 1 ? g->clock->speed : 1));

	return wall_ms >= g->now_ms && wall_ms - g->now_ms <= most_ms &&
	       hours_open(&g->plan->campaign.hours, j->order.verdict.zone, wall_ms);
}

/* No byte of these has left: they wait again, and are judged anew. */
static bool take_back(struct engine *g, const struct judged *batch, size_t count, int64_t wall_ms,
		      struct err *e)
{
	static const char words[] = "It took too long to write this call down; it did not leave.";

	log_warn("%s", words);
	if (!ledger_begin(g->ledger, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (batch[i].go && !ledger_attempt_void(g->ledger, batch[i].attempt_id, "not_sent",
							words, wall_ms, wall_ms, e))
			goto undo;
	if (ledger_commit(g->ledger, e))
		return true;
undo:
	ledger_rollback(g->ledger);
	return false;
}

/* The intents are on disk. *placed: how many POSTs went out. */
static bool send_batch(struct engine *g, struct judged *batch, size_t count, size_t *placed,
		       struct err *e)
{
	int64_t wall_ms = clock_wall_ms(g->clock);
	size_t late = 0;

	for (size_t i = 0; i < count; i++) {
		if (!batch[i].go)
			continue;
		if (!may_leave(g, &batch[i], wall_ms)) {
			late++;
			continue;
		}
		send_order(g, &batch[i]);
		batch[i].go = false;
		(*placed)++;
	}
	return late == 0 || take_back(g, batch, count, wall_ms, e);
}

/* One batch: judge, write down, commit, send. *placed: how many POSTs went out. */
static bool place_batch(struct engine *g, const struct contact *due, size_t count, size_t *placed,
			struct err *e)
{
	struct judged *batch = arena_array(&g->tick, count, sizeof(*batch));

	*placed = 0;
	/* An intent that nobody will ever find is none. */
	if (!engine_files_are_there(g, e) || !ledger_begin(g->ledger, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		batch[i].contact = due[i];
		/* Inside the transaction, so that two rows of one number in one batch see each
		 * other. */
		if (!judge_contact(g, &batch[i], e) || !write_down(g, &batch[i], e))
			goto undo;
	}
	if (!ledger_commit(g->ledger, e))
		goto undo;

	return send_batch(g, batch, count, placed, e);
undo:
	ledger_rollback(g->ledger);
	return false;
}

bool engine_place(struct engine *g, int64_t *wait_us, struct err *e)
{
	bool expired = false;
	bool may;

	if (g->limit > 0 && g->placed >= g->limit && g->stop == STOP_NONE)
		engine_halt(g, STOP_ASKED, "--limit %" PRId64 " is reached.", g->limit);
	/* A run that its budget has stopped expires too: nobody resumes what can call nobody. */
	if ((g->stop == STOP_NONE || (g->run.paused_by && engine_is_over_budget(g))) &&
	    !engine_expire(g, &expired, e))
		return false;
	if (!engine_may_place(g, wait_us, &may, e))
		return false;
	/* Whatever forbids to call: when there is nobody to call, it does not keep the run up. */
	if (!may)
		return engine_learn_if_nobody_waits(g, e);
	if (engine_nobody_due(g, wait_us))
		return true;

	struct contact due[BATCH_MAX];
	size_t count;
	size_t placed;
	size_t most = engine_room(g);
	if (most == 0)
		return true;
	if (!engine_find_due(g, most, due, &count, e))
		return false;
	if (count == 0)
		return engine_learn_next_due(g, e) && (engine_nobody_due(g, wait_us), true);
	if (!place_batch(g, due, count, &placed, e))
		return false;
	g->due_known = false;
	if (placed > 0)
		pace_started(&g->pace, started(g), (int64_t)placed);
	engine_wait_at_most(wait_us, pace_wait_us(&g->pace, g->now));
	return true;
}
