#include "doubt_p.h"

#include "base/text.h"
#include "model/phone.h"
#include "model/settle.h"

#define LAG_SETTLES    3       /* settle times */
#define NATIONAL_LEAST 1000000 /* shorter numbers are nobody's national ones */

struct walk {
	const struct engine *g;
	struct survey *out;
};

int64_t doubt_lag_us(const struct engine *g)
{
	return LAG_SETTLES * g->plan->campaign.settle_ms * 1000;
}

int64_t doubt_oldest_ms(const struct engine *g, const struct call *call)
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
	struct walk *w = data;
	struct survey *s = w->out;
	const struct engine *g = w->g;
	int64_t most_us = (g->max_call_ms + 4 * MINUTE_MS) * 1000;

	if (call->phase != PHASE_IN_DOUBT)
		return;
	int64_t left_us = most_us - mono_since(call->doubt_since, g->now);
	if (left_us > 0) {
		s->alive++;
		engine_wait_at_most(&s->fade_us, left_us);
	}
	if (call->held)
		return;
	s->open++;
	s->settling |= mono_since(call->doubt_since, g->now) < doubt_lag_us(g);
	if (doubt_oldest_ms(g, call) < s->oldest_ms)
		s->oldest_ms = doubt_oldest_ms(g, call);
	struct mono due = mono_add(call->doubt_since, settle_look_after_ms(call->looks) * 1000);
	engine_wait_at_most(&s->wait_us, mono_since(g->now, due));
}

struct survey doubt_survey(const struct engine *g)
{
	struct survey s = {
		.oldest_ms = INT64_MAX,
		.wait_us = INT64_MAX,
		.fade_us = INT64_MAX,
	};

	struct walk walk = {g, &s};

	if (board_in_phase(g->board, PHASE_IN_DOUBT) > 0)
		board_each(g->board, survey_call, &walk);
	return s;
}

size_t engine_doubts_alive(const struct engine *g)
{
	return doubt_survey(g).alive;
}

int64_t engine_doubts_fade_us(const struct engine *g)
{
	return doubt_survey(g).fade_us;
}

bool engine_doubts_open(const struct engine *g)
{
	return doubt_survey(g).open > 0;
}

bool engine_doubts_settling(const struct engine *g)
{
	return doubt_survey(g).settling;
}

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

bool doubt_is_alike(const char *phone, const char *our_agent, uint64_t number, const char *agent)
{
	if (number && !same_number(phone_to_number(phone), number))
		return false;
	return !*agent || !*our_agent || text_equal_nocase(agent, our_agent);
}

bool doubt_may_be(const struct call *call, uint64_t number, const char *agent)
{
	return call->phase == PHASE_IN_DOUBT &&
	       doubt_is_alike(call->phone, call->agent, number, agent);
}
