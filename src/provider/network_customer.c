#include "base/moment.h"
#include "network_p.h"

/* What carriers say when a call cannot be put through. */
static const char *const failures[] = {
	"The carrier could not complete the call: 486 Busy Here.",
	"The carrier could not complete the call: 480 Temporarily Unavailable.",
	"The carrier could not complete the call: 404 Not Found, the number is not in service.",
	"The carrier could not complete the call: 503 Service Unavailable.",
};

static int64_t draw_span(struct rng *draw, int64_t min_ms, int64_t max_ms)
{
	if (max_ms <= min_ms)
		return min_ms;
	return min_ms + (int64_t)rng_below(draw, (uint64_t)(max_ms - min_ms) + 1);
}

/* A wrong number is over sooner than a conversation: within the first fifth of the range. */
static int64_t draw_talk(const struct rehearsal_rates *rates, bool brief, struct rng *draw)
{
	int64_t max_ms = rates->talk_max_ms;

	if (brief && max_ms > rates->talk_min_ms)
		max_ms = rates->talk_min_ms + (max_ms - rates->talk_min_ms) / 5;
	int64_t talk_ms = draw_span(draw, rates->talk_min_ms, max_ms);
	return talk_ms > 0 ? talk_ms : 1;
}

void customer_plan(const struct network_config *config, const struct network_call *call,
		   struct rng *draw, uint64_t talk_seed, struct customer_plan *out)
{
	const struct rehearsal_rates *rates = &config->rates;
	double mood = rng_unit(draw);
	int64_t ring_ms = draw_span(draw, config->ring_min_ms, config->ring_max_ms);
	int64_t talk_ms = draw_talk(rates, script_is_brief(call, talk_seed), draw);
	size_t failure = (size_t)rng_below(draw, COUNT_OF(failures));

	if (mood < rates->answer)
		*out = (struct customer_plan){CALL_COMPLETED, ring_ms, talk_ms, NULL};
	else if (mood < rates->answer + rates->no_answer)
		*out = (struct customer_plan){CALL_NO_ANSWER, config->ring_max_ms, 0, NULL};
	else
		*out = (struct customer_plan){CALL_FAILED, config->ring_min_ms, 0,
					      failures[failure]};
}
