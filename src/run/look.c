/*
 * Looks: reading the provider's list for calls that may be one of those in doubt.
 *
 * One look reads the list from two minutes before the oldest intent in doubt, collects the
 * candidates (a number and agent like ours, a job id nobody here knows) and reads each for its
 * reference; then settle.c judges. Looks come soon after the doubt began, then once a minute. While
 * references are not known to come back, one call that is certainly ours is read beside them, to
 * learn it.
 */
#include "doubt_p.h"

#include "base/log.h"
#include "base/text.h"
#include "model/phone.h"
#include "model/settle.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CANDIDATE_READS_MAX 3 /* failing ones, in one look */
#define LOOK_PAGES_MAX      500
#define LOOK_PAUSE_US       (5 * SECOND_MS * 1000) /* after a look that failed */

static void ask_page(struct engine *g)
{
	provider_list(g->provider, TOKEN_LOOK,
		      &(struct list_query){
			      .from_ms = doubt_survey(g).oldest_ms,
			      .page = g->look.page,
			      .per_page = LIST_PER_PAGE,
		      });
}

struct bounds {
	struct engine *g;
	struct err *e;
	bool ok;
};

static void learn_bound(void *data, struct call *call)
{
	struct bounds *b = data;

	if (b->ok && call->phase == PHASE_IN_DOUBT && !call->held && call->made_after_ms == 0)
		b->ok = ledger_attempt_made_before(b->g->ledger, call->attempt_id,
						   &call->made_after_ms, b->e);
}

static bool learn_bounds(struct engine *g, struct err *e)
{
	struct bounds b = {.g = g, .e = e, .ok = true};

	board_each(g->board, learn_bound, &b);
	return b.ok;
}

bool engine_settle(struct engine *g, int64_t *wait_us, struct err *e)
{
	struct survey s = doubt_survey(g);

	if (g->look.running || s.open == 0)
		return true;
	if (mono_since(g->now, g->look.not_before) > s.wait_us)
		s.wait_us = mono_since(g->now, g->look.not_before);
	if (s.wait_us > 0) {
		engine_wait_at_most(wait_us, s.wait_us);
		return true;
	}
	if (!learn_bounds(g, e))
		return false;
	g->look.running = true;
	g->look.page = 1;
	g->look.began = g->now;
	g->look.newest_ours = 0;
	g->look.count = 0;
	g->look.overflow = false;
	g->look.probe[0] = '\0';
	g->look.probing = false;
	ask_page(g);
	return true;
}

struct match {
	const struct engine *g;
	uint64_t number;
	const char *agent;
	int64_t created_ms;
	bool found;
};

static void match_call(void *data, struct call *call)
{
	struct match *m = data;

	if (doubt_may_be(call, m->number, m->agent) &&
	    (m->created_ms == 0 || m->created_ms >= doubt_oldest_ms(m->g, call)))
		m->found = true;
}

/* One of our own calls. When the list writes its number or agent in a way that we would not know it
 * by, we would not know the one in doubt either: then nothing is proven by its absence. */
static bool see_ours(struct engine *g, int64_t id, const char *job_id, const struct match *m,
		     struct err *e)
{
	struct look *look = &g->look;
	struct attempt ours;

	if (!ledger_attempt_get(g->ledger, id, &g->tick, &ours, e))
		return false;
	if (id > look->newest_ours)
		look->newest_ours = id;
	if (!doubt_is_alike(ours.phone, ours.agent, m->number, m->agent))
		look->overflow = true;
	snprintf(look->probe, sizeof(look->probe), "%s", job_id);
	return true;
}

static bool collect_line(struct engine *g, const struct call_line *line, struct err *e)
{
	struct look *look = &g->look;
	struct match m = {
		.g = g,
		.number = line->user_number ? phone_to_number(line->user_number) : 0,
		.agent = line->agent_id ? line->agent_id : "",
		.created_ms = line->created_ms,
	};
	int64_t ours;

	if (strlen(line->job_id) >= JOB_ID_SIZE) {
		look->overflow = true; /* a call that cannot even be named may be anybody's */
		return true;
	}
	if (!ledger_attempt_by_job(g->ledger, line->job_id, &ours, e))
		return false;
	if (ours != 0)
		return see_ours(g, ours, line->job_id, &m, e);
	board_each(g->board, match_call, &m);
	for (size_t i = 0; i < look->count; i++)
		if (strcmp(look->candidates[i].job_id, line->job_id) == 0)
			return true; /* lists repeat lines */
	if (!m.found)
		return true;
	if (look->count == CANDIDATES_MAX) {
		look->overflow = true;
		return true;
	}

	struct candidate *c = &look->candidates[look->count++];
	*c = (struct candidate){.number = m.number};
	snprintf(c->job_id, sizeof(c->job_id), "%s", line->job_id);
	snprintf(c->agent, sizeof(c->agent), "%s", m.agent);
	return true;
}

/* Ask the next thing this look still wants to know, or end it. */
static bool go_on(struct engine *g, struct err *e)
{
	struct look *look = &g->look;
	bool nameless = false;

	for (look->reading = 0; look->reading < look->count; look->reading++) {
		struct candidate *c = &look->candidates[look->reading];
		if (!c->read) {
			provider_read(g->provider, TOKEN_CANDIDATE, c->job_id);
			return true;
		}
		nameless |= !c->ref[0] && !c->unreadable;
	}
	if (nameless && g->echo == ECHO_UNKNOWN && look->probe[0] && !look->probing) {
		look->probing = true;
		provider_read(g->provider, TOKEN_CANDIDATE, look->probe);
		return true;
	}
	return engine_judge_doubts(g, e);
}

/* A look that cannot be taken is taken again soon; but when nothing else keeps the run going, that
 * is not tried for ever: a person has to look then. */
static bool fail_look(struct engine *g, const struct answer *answer)
{
	if (answer->read == READ_STOP) {
		g->refusals++;
		engine_halt(g, STOP_GUARD, "Hamsa refuses to answer: %s", answer->words);
	} else if (g->look.failures++ == 0) {
		log_warn("What is in doubt cannot be looked up for now: %s", answer->words);
	}
	g->look.running = false;
	g->look.not_before = mono_add(g->now, LOOK_PAUSE_US);
	engine_hold_if_quiet(g);
	return true;
}

bool engine_look_page(struct engine *g, const struct answer *answer, struct err *e)
{
	if (answer->read != READ_OK)
		return fail_look(g, answer);
	g->look.failures = 0;
	for (size_t i = 0; i < answer->line_count; i++)
		if (!collect_line(g, &answer->lines[i], e))
			return false;
	/* A server may give less to a page than it was asked for: only an empty one is the last. */
	if (answer->line_count == 0 || g->look.page == LOOK_PAGES_MAX) {
		g->look.overflow |= answer->line_count > 0;
		return go_on(g, e);
	}
	g->look.page++;
	ask_page(g);
	return true;
}

bool engine_look_candidate(struct engine *g, const struct answer *answer, struct err *e)
{
	struct look *look = &g->look;

	if (answer->read == READ_STOP)
		return fail_look(g, answer);
	if (look->probing) {
		if (answer->read == READ_OK)
			engine_learn_echo(g, answer->call);
		return engine_judge_doubts(g, e);
	}

	struct candidate *c = &look->candidates[look->reading];
	if (answer->read == READ_LATER && ++c->failures < CANDIDATE_READS_MAX)
		return go_on(g, e);
	c->read = true;
	bool another = answer->read == READ_OK && answer->call->id &&
		       !text_equal_nocase(answer->call->id, c->job_id);
	if (another) {
		c->unreadable = true;
		return go_on(g, e);
	}
	if (answer->read == READ_OK && answer->call->user_number)
		c->number = phone_to_number(answer->call->user_number);
	if (answer->read == READ_OK && answer->call->ref)
		snprintf(c->ref, sizeof(c->ref), "%s", answer->call->ref);
	c->unreadable = answer->read != READ_OK;
	return go_on(g, e);
}
