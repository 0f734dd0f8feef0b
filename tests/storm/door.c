/*
 * The door between the engine and the network, where crashes happen: every request passes through
 * it, and the process can end just before one is handed over or just after. Foreign calls come in
 * here too: other systems call the same numbers at the same time.
 */
#include "storm.h"

#include "base/moment.h"

#include <stdio.h>
#include <string.h>

static void crash_if_due(struct storm *s, enum storm_crash where)
{
	if (!s->inside || s->crash != where || --s->crash_in > 0)
		return;
	s->crash = CRASH_NONE;
	longjmp(s->out, 1);
}

static void call_by_somebody_else(struct storm *s, const char *to)
{
	static const char *const names[] = {"name"};
	static const char *const values[] = {"somebody"};
	struct network_order order = {
		.to = to,
		.from = "+96824999999",
		.agent_id = rng_below(&s->rng, 2) ? "agent-1" : "agent-9",
		.param_count = 1,
		.param_names = names,
		.param_values = values,
	};
	struct network_reply reply;

	network_place(rehearsal_network(&s->network), rehearsal_network_ms(&s->network), &order,
		      &reply);
}

static void note_dial(struct storm *s, const struct place_order *order)
{
	if (s->dial_count == s->dial_size) {
		s->dial_size = s->dial_size ? s->dial_size * 2 : 64;
		s->dials = xrealloc(s->dials, s->dial_size * sizeof(*s->dials));
	}

	struct dial *d = &s->dials[s->dial_count++];
	*d = (struct dial){
		.wall_ms = clock_wall_ms(rehearsal_clock(&s->network)),
		.network_ms = rehearsal_network_ms(&s->network),
	};
	snprintf(d->to, sizeof(d->to), "%s", order->to);
	for (size_t i = 0; i < order->param_count; i++) {
		if (strcmp(order->param_names[i], "nidaRef") == 0)
			snprintf(d->ref, sizeof(d->ref), "%s", order->param_values[i]);
		if (strcmp(order->param_names[i], "name") == 0)
			(void)sscanf(order->param_values[i], "Salim %d", &d->row);
	}
}

static void door_place(void *self, uint64_t token, const struct place_order *order)
{
	struct storm *s = self;

	if (s->foreign_calls && rng_unit(&s->rng) < 0.05)
		call_by_somebody_else(s, order->to);
	crash_if_due(s, CRASH_BEFORE_REQUEST);
	note_dial(s, order);
	provider_place(&s->network, token, order);
	crash_if_due(s, CRASH_AFTER_REQUEST);
}

static void door_list(void *self, uint64_t token, const struct list_query *query)
{
	struct storm *s = self;

	crash_if_due(s, CRASH_BEFORE_REQUEST);
	provider_list(&s->network, token, query);
	crash_if_due(s, CRASH_AFTER_REQUEST);
}

static void door_read(void *self, uint64_t token, const char *job_id)
{
	struct storm *s = self;

	crash_if_due(s, CRASH_BEFORE_REQUEST);
	provider_read(&s->network, token, job_id);
	crash_if_due(s, CRASH_AFTER_REQUEST);
}

static void door_end(void *self, uint64_t token, const char *job_id)
{
	struct storm *s = self;

	crash_if_due(s, CRASH_BEFORE_REQUEST);
	provider_end(&s->network, token, job_id);
	crash_if_due(s, CRASH_AFTER_REQUEST);
}

static void door_project(void *self, uint64_t token)
{
	provider_project(&((struct storm *)self)->network, token);
}

static void door_agent(void *self, uint64_t token, const char *agent_id)
{
	provider_agent(&((struct storm *)self)->network, token, agent_id);
}

static char *door_render(void *self, const struct place_order *order)
{
	return provider_render(&((struct storm *)self)->network, order);
}

static void door_wait(void *self, int64_t us)
{
	provider_wait(&((struct storm *)self)->network, us);
}

static bool door_next(void *self, struct answer *out)
{
	struct storm *s = self;
	bool found = provider_next(&s->network, out);

	/* An answer that has arrived and is lost with the process. */
	if (found)
		crash_if_due(s, CRASH_AFTER_REQUEST);
	return found;
}

static size_t door_in_flight(void *self)
{
	return provider_in_flight(&((struct storm *)self)->network);
}

static void door_free(void *self)
{
	(void)self;
}

static const struct provider_ops ops = {
	.place = door_place,
	.list = door_list,
	.read = door_read,
	.end = door_end,
	.project = door_project,
	.agent = door_agent,
	.render = door_render,
	.wait = door_wait,
	.next = door_next,
	.in_flight = door_in_flight,
	.free = door_free,
};

void storm_make_door(struct storm *s)
{
	s->door = (struct provider){.ops = &ops, .self = s};
}

void storm_plan_crash(struct storm *s)
{
	s->crash = CRASH_NONE;
	if (s->crashes_left == 0)
		return;
	s->crashes_left--;
	s->crash = (enum storm_crash)(1 + rng_below(&s->rng, 3));
	/* Mostly soon after the start, now and then much later. */
	s->crash_in = 1 + (int64_t)rng_below(&s->rng, rng_below(&s->rng, 3) ? 30 : 400);
}
