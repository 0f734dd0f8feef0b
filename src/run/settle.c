/*
 * Settling: looking for calls that may or may not exist.
 *
 * One look reads the provider's list from two minutes before the oldest intent in doubt, collects
 * the candidates (our number and agent, a job id nobody here knows), reads each for its reference,
 * and then judges every attempt in doubt by model/settle.h. Looks come soon after the doubt began,
 * then once a minute. While references are not known to come back, one call that is certainly ours
 * is read beside them, to learn it.
 */
#include "engine_p.h"

#include "base/log.h"
#include "base/text.h"
#include "model/phone.h"
#include "model/settle.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NATIONAL_LEAST      1000000 /* shorter numbers are nobody's national ones */
#define CANDIDATE_READS_MAX 3       /* failing ones, in one look */
#define LOOK_PAGES_MAX      500
#define LAG_SETTLES         3 /* settle times until a list that does not catch up is given up */
#define LOOK_PAUSE_US       (5 * SECOND_MS * 1000) /* after a look that failed */

struct survey {
	struct engine *g;
	size_t open;       /* not decided to stay */
	size_t alive;      /* young enough that the call may be up */
	bool settling;     /* one is young enough that looking again may decide it */
	int64_t oldest_ms; /* none of their calls can be older */
	int64_t wait_us;   /* until the next look */
	int64_t fade_us;   /* until one is too old to be up */
};

/* No call of this attempt can have been made before. The wall clock may have been ahead at the
 * intent; what the provider said of an earlier call holds all the same. Without one (a new
 * ledger), a day is allowed for. */
static int64_t oldest_of(const struct engine *g, const struct call *call)
{
	int64_t by_intent_ms = call->intent_ms - CALL_SKEW_MS;

	if (call->made_after_ms == 0)
		return call->intent_ms - DAY_MS;
	/* That call may itself have been made late, but no later than the settle time. */
	int64_t by_earlier_ms = call->made_after_ms - g->plan->campaign.settle_ms;
	return by_earlier_ms < by_intent_ms ? by_earlier_ms : by_intent_ms;
}

static void survey_call(void *data, struct call *call)
{
	struct survey *s = data;
	int64_t most_us = (s->g->max_call_ms + 4 * MINUTE_MS) * 1000;

	if (call->phase != PHASE_IN_DOUBT)
		return;
	int64_t left_us = most_us - mono_since(call->doubt_since, s->g->now);
	if (left_us > 0) {
		s->alive++;
		engine_wait_at_most(&s->fade_us, left_us);
	}
	if (call->held)
		return;
	s->open++;
	int64_t settle_us = LAG_SETTLES * s->g->plan->campaign.settle_ms * 1000;
	s->settling |= mono_since(call->doubt_since, s->g->now) < settle_us;
	if (oldest_of(s->g, call) < s->oldest_ms)
		s->oldest_ms = oldest_of(s->g, call);
	struct mono due = mono_add(call->doubt_since, settle_look_after_ms(call->looks) * 1000);
	engine_wait_at_most(&s->wait_us, mono_since(s->g->now, due));
}

static struct survey survey(const struct engine *g)
{
	struct survey s = {
		.g = (struct engine *)g,
		.oldest_ms = INT64_MAX,
		.wait_us = INT64_MAX,
		.fade_us = INT64_MAX,
	};

	if (board_in_phase(g->board, PHASE_IN_DOUBT) > 0)
		board_each(g->board, survey_call, &s);
	return s;
}

size_t engine_doubts_alive(const struct engine *g)
{
	return survey(g).alive;
}

int64_t engine_doubts_fade_us(const struct engine *g)
{
	return survey(g).fade_us;
}

bool engine_doubts_open(const struct engine *g)
{
	return survey(g).open > 0;
}

bool engine_doubts_settling(const struct engine *g)
{
	return survey(g).settling;
}

static void ask_page(struct engine *g)
{
	provider_list(g->provider, TOKEN_LOOK,
		      &(struct list_query){
			      .from_ms = survey(g).oldest_ms,
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
	struct survey s = survey(g);

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

/* ---- collecting candidates ------------------------------------------------------------------- */

struct match {
	const struct engine *g;
	uint64_t number;
	const char *agent;
	int64_t created_ms;
	bool found;
};

/* The same, or one is the other in its national form. */
static bool same_number(uint64_t a, uint64_t b)
{
	uint64_t shorter = a < b ? a : b;
	uint64_t longer = a < b ? b : a;
	uint64_t scale = 1;

	while (scale <= shorter)
		scale *= 10;
	return a == b || (shorter >= NATIONAL_LEAST && longer % scale == shorter);
}

/* What is not said (0, "") may be anybody's. */
static bool is_alike(const char *phone, const char *our_agent, uint64_t number, const char *agent)
{
	if (number && !same_number(phone_to_number(phone), number))
		return false;
	return !*agent || !*our_agent || text_equal_nocase(agent, our_agent);
}

static bool may_be(const struct call *call, uint64_t number, const char *agent)
{
	return call->phase == PHASE_IN_DOUBT && is_alike(call->phone, call->agent, number, agent);
}

static void match_call(void *data, struct call *call)
{
	struct match *m = data;

	if (may_be(call, m->number, m->agent) &&
	    (m->created_ms == 0 || m->created_ms >= oldest_of(m->g, call)))
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
	if (!is_alike(ours.phone, ours.agent, m->number, m->agent))
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

/* ---- judging --------------------------------------------------------------------------------- */

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

/* Where references come back, they may come with the result of a call only: one that has no result
 * yet, or never had one because nobody answered, says nothing by being without. */
static bool is_mute(const struct engine *g, const struct candidate *c)
{
	return !c->ref[0] && !c->telling && g->echo == ECHO_COMES_BACK;
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
		if (c->taken || !may_be(call, c->number, c->agent))
			continue;
		if (strcmp(c->ref, call->ref) == 0) {
			facts.confirmed++;
			*best = c;
		} else if (c->unreadable || is_mute(g, c)) {
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

static int64_t lag_us(const struct engine *g)
{
	return LAG_SETTLES * g->plan->campaign.settle_ms * 1000;
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
	*out = caught_up || quiet_us > lag_us(g);
	return true;
}

static bool end_look(struct engine *g, struct err *e)
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

/* ---- reading candidates ---------------------------------------------------------------------- */

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
	return end_look(g, e);
}

static void hold_open(void *data, struct call *call)
{
	(void)data;
	if (call->phase == PHASE_IN_DOUBT && !call->held)
		hold(call);
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
	if (is_quiet(g) && mono_since(g->look.quiet_since, g->now) > lag_us(g))
		board_each(g->board, hold_open, NULL);
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
		return end_look(g, e);
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
	if (answer->read == READ_OK)
		c->telling = engine_is_telling(answer->call);
	if (answer->read == READ_OK && answer->call->ref)
		snprintf(c->ref, sizeof(c->ref), "%s", answer->call->ref);
	c->unreadable = answer->read != READ_OK;
	return go_on(g, e);
}
