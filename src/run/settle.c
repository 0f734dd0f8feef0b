/*
 * Settling: what a look has shown, judged by model/settle.h for every attempt in doubt: adopt it,
 * call it absent, look again, or leave it to a person.
 */
#include "doubt_p.h"

#include "base/log.h"
#include "base/text_mask.h"
#include "model/settle.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct verdicts {
	struct engine *g;
	struct err *e;
	bool ok;
	bool last_look;
	bool moved; /* something was decided, or waits: new facts may come */
};

struct rivals {
	const struct call *call;
	bool found;
};

static void find_rival(void *data, struct call *other)
{
	struct rivals *r = data;

	if (other != r->call && other->phase == PHASE_IN_DOUBT &&
	    strcmp(other->phone, r->call->phone) == 0)
		r->found = true;
}

/* The facts about one attempt; *best is the candidate to adopt, if there is one. */
static struct settle_facts gather(struct engine *g, const struct call *call, bool last_look,
				  struct candidate **best)
{
	struct rivals rivals = {.call = call};
	struct settle_facts facts = {
		.waited_ms = mono_since(call->doubt_since, g->look.began) / 1000,
		.settle_ms = g->plan->campaign.settle_ms,
		.fresh = g->look.newest_ours > call->attempt_id && !g->look.overflow,
		.accepted = call->accepted,
		.echo = g->echo,
		.last_look = last_look,
	};

	board_each(g->board, find_rival, &rivals);
	facts.rival = rivals.found;
	*best = NULL;
	for (size_t i = 0; i < g->look.count; i++) {
		struct candidate *c = &g->look.candidates[i];
		if (c->taken || !doubt_may_be(call, c->number, c->agent))
			continue;
		if (strcmp(c->ref, call->ref) == 0) {
			facts.confirmed++;
			*best = c;
		} else if (c->unreadable) {
			facts.unreadable++;
		} else if (!c->ref[0]) {
			facts.nameless++;
			if (facts.confirmed == 0)
				*best = c;
		}
	}
	return facts;
}

static bool adopt(struct engine *g, struct call *call, struct candidate *c, struct err *e)
{
	char masked[TEXT_MASK_SIZE];

	log_info("The call to %s exists at Hamsa after all; following it.",
		 text_mask_phone(call->phone, masked));
	c->taken = true;
	board_set_job(g->board, call, c->job_id);
	board_set_phase(g->board, call, PHASE_LIVE);
	call->since = g->now;
	call->round = g->round.number;
	return ledger_attempt_accepted(g->ledger, call->attempt_id, call->job_id, "", g->now_ms, e);
}

static bool declare_absent(struct engine *g, struct call *call, struct err *e)
{
	static const char words[] = "Hamsa's list shows later calls but not this one: it was never "
				    "placed.";
	char masked[TEXT_MASK_SIZE];
	int64_t id = call->attempt_id;

	log_info("The call to %s was never placed; it may be called again.",
		 text_mask_phone(call->phone, masked));
	board_remove(g->board, call);
	g->run.calls--;
	g->due_known = false;
	return ledger_attempt_void(g->ledger, id, "absent", words, g->now_ms, g->now_ms, e);
}

static void hold(struct call *call)
{
	char masked[TEXT_MASK_SIZE];

	call->held = true;
	log_warn("Row %" PRId64
		 ": whether %s was called cannot be told; a person has to look. `nida "
		 "settle` lists such rows with their keys.",
		 ledger_contact_ordinal(call->contact_id), text_mask_phone(call->phone, masked));
}

static void judge_call(void *data, struct call *call)
{
	struct verdicts *v = data;
	struct engine *g = v->g;
	struct candidate *best;

	if (!v->ok || call->phase != PHASE_IN_DOUBT || call->held ||
	    mono_since(call->doubt_since, g->look.began) < 0)
		return;
	call->looks++;
	call->undecided = false;

	struct settle_facts facts = gather(g, call, v->last_look, &best);
	switch (settle_judge(&facts)) {
	case SETTLE_WAIT:
		v->moved = true;
		return;
	case SETTLE_ADOPT:
		v->moved = true;
		v->ok = adopt(g, call, best, v->e);
		return;
	case SETTLE_ABSENT:
		if (g->plan->campaign.in_doubt == IN_DOUBT_HOLD)
			hold(call);
		else
			v->ok = declare_absent(g, call, v->e);
		v->moved = true;
		return;
	case SETTLE_UNDECIDED:
		call->undecided = true;
		return;
	}
}

/* Nothing more will come that could tell. */
static void hold_undecided(void *data, struct call *call)
{
	(void)data;
	if (call->phase == PHASE_IN_DOUBT && call->undecided)
		hold(call);
}

/* Does nothing but doubts keep the run going? Since when is remembered. */
static bool is_quiet(struct engine *g)
{
	bool nobody_waits = g->due_known && g->next_due_ms == INT64_MAX;
	bool only_doubts = board_count(g->board) == board_in_phase(g->board, PHASE_IN_DOUBT);

	if (!nobody_waits || !only_doubts) {
		g->look.quiet = false;
		return false;
	}
	if (!g->look.quiet) {
		g->look.quiet = true;
		g->look.quiet_since = g->now;
	}
	return true;
}

/* Is nothing left that could bring new facts? A list that lags behind our latest call is given some
 * more time first. */
static bool is_last_look(struct engine *g, bool *out, struct err *e)
{
	int64_t newest;

	*out = false;
	if (!is_quiet(g))
		return true;
	if (!ledger_attempt_newest_made(g->ledger, &newest, e))
		return false;

	int64_t quiet_us = mono_since(g->look.quiet_since, g->look.began);
	bool caught_up = g->look.newest_ours >= newest;
	*out = caught_up || quiet_us > doubt_lag_us(g);
	return true;
}

bool engine_judge_doubts(struct engine *g, struct err *e)
{
	struct verdicts v = {.g = g, .e = e, .ok = true};

	g->look.running = false;
	if (!is_last_look(g, &v.last_look, e))
		return false;
	board_each(g->board, judge_call, &v);
	if (v.ok && !v.moved)
		board_each(g->board, hold_undecided, NULL);
	return v.ok;
}

static void hold_open(void *data, struct call *call)
{
	(void)data;
	if (call->phase == PHASE_IN_DOUBT && !call->held)
		hold(call);
}

void engine_hold_if_quiet(struct engine *g)
{
	if (is_quiet(g) && mono_since(g->look.quiet_since, g->now) > doubt_lag_us(g))
		board_each(g->board, hold_open, NULL);
}
