#include "await_p.h"

#include "base/moment.h"

#define TICK_MS 250

void await_answer(struct session *s, struct answer *out)
{
	while (!provider_next(&s->provider, out))
		provider_wait(&s->provider, (int64_t)(TICK_MS * 1000 * s->in->clock.speed));
}

void await_time(struct session *s, int64_t ms)
{
	struct mono end = mono_add(clock_mono(&s->in->clock), ms * 1000);

	for (;;) {
		int64_t left_us = mono_since(clock_mono(&s->in->clock), end);
		if (left_us <= 0)
			return;
		provider_wait(&s->provider, left_us);
	}
}
