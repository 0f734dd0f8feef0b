#include <stdlib.h>

#include "base/buf.h"
#include "base/moment.h"
#include "base/rng.h"
#include "hamsa_p.h"
#include "rehearsal_p.h"

#define KIND_COUNT (REQUEST_AGENT + 1)

/* Something on its way, earliest first in a binary heap; of two at one moment, the one that set out
 * first. A request arrives at the network, is carried out, and sets out again as its answer. */
struct arrival {
	int64_t due_us;
	uint64_t order;
	struct rehearsal_request *request;
};

struct rehearsal {
	struct rehearsal_config config;
	struct network *network;
	struct clock clock;
	struct rng rng; /* latencies, and what is unreachable */
	int64_t now_us; /* since the beginning */
	int64_t jumped_ms;
	int64_t requests[KIND_COUNT];

	struct arrival *heap;
	size_t heap_count;
	size_t heap_size;
	uint64_t heap_order;
	size_t open; /* requests that somebody waits for */

	struct rehearsal_request *delivered; /* whose answer is being looked at */
	struct rehearsal_request *unused;
};

/* ---- time ------------------------------------------------------------------------------------ */

static int64_t network_ms(const struct rehearsal *r)
{
	return r->config.start_ms + r->now_us / 1000;
}

static int64_t virtual_wall_ms(const struct clock *self)
{
	const struct rehearsal *r = self->world;

	return network_ms(r) + r->jumped_ms;
}

static struct mono virtual_mono(const struct clock *self)
{
	const struct rehearsal *r = self->world;

	return (struct mono){r->now_us};
}

/* ---- what is on its way ---------------------------------------------------------------------- */

static bool arrives_before(struct arrival a, struct arrival b)
{
	return a.due_us != b.due_us ? a.due_us < b.due_us : a.order < b.order;
}

static void heap_push(struct rehearsal *r, int64_t due_us, struct rehearsal_request *request)
{
	struct arrival arrival = {due_us, r->heap_order++, request};
	size_t at = r->heap_count++;

	if (r->heap_count > r->heap_size) {
		r->heap_size = r->heap_size ? r->heap_size * 2 : 64;
		r->heap = xrealloc(r->heap, r->heap_size * sizeof(*r->heap));
	}
	while (at > 0 && arrives_before(arrival, r->heap[(at - 1) / 2])) {
		r->heap[at] = r->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	r->heap[at] = arrival;
}

static void heap_pop(struct rehearsal *r)
{
	struct arrival last = r->heap[--r->heap_count];
	size_t at = 0;

	for (;;) {
		size_t child = at * 2 + 1;
		if (child >= r->heap_count)
			break;
		if (child + 1 < r->heap_count && arrives_before(r->heap[child + 1], r->heap[child]))
			child++;
		if (!arrives_before(r->heap[child], last))
			break;
		r->heap[at] = r->heap[child];
		at = child;
	}
	if (r->heap_count > 0)
		r->heap[at] = last;
}

static struct rehearsal_request *request_take(struct rehearsal *r)
{
	struct rehearsal_request *request = r->unused;

	if (!request)
		return xcalloc(1, sizeof(*request));
	r->unused = request->next_free;
	arena_reset(&request->arena);
	*request = (struct rehearsal_request){.arena = request->arena};
	return request;
}

static void request_give_back(struct rehearsal *r, struct rehearsal_request *request)
{
	request->next_free = r->unused;
	r->unused = request;
}

/* Halfway there at the network, the other half for the answer. */
static struct rehearsal_request *request_send(struct rehearsal *r, enum request_kind kind,
					      uint64_t token, const char *id)
{
	struct rehearsal_request *request = request_take(r);
	int64_t min_us = r->config.latency_min_ms * 1000;
	uint64_t span_us = (uint64_t)(r->config.latency_max_ms * 1000 - min_us) + 1;
	int64_t latency_us = min_us + (int64_t)rng_below(&r->rng, span_us);

	request->kind = kind;
	request->token = token;
	request->id = id ? arena_strdup(&request->arena, id) : NULL;
	request->sent_us = r->now_us;
	request->back_us = latency_us - latency_us / 2;
	request->unreachable = rng_unit(&r->rng) < r->config.unreachable;
	r->requests[kind]++;
	r->open++;
	heap_push(r, r->now_us + latency_us / 2, request);
	return request;
}

/* It has arrived: carry it out, and send the answer back. */
static void carry_out(struct rehearsal *r, struct rehearsal_request *request)
{
	int64_t back_us = r->now_us + request->back_us;

	rehearsal_carry_out(&r->config, r->network, network_ms(r), request);
	request->carried_out = true;
	if (request->lost)
		back_us = request->sent_us + r->config.place_timeout_ms * 1000;
	heap_push(r, back_us > r->now_us ? back_us : r->now_us, request);
}

/* Let what is due by `until_us` arrive, up to the first answer. True: one is there, now. */
static bool go_on(struct rehearsal *r, int64_t until_us)
{
	while (r->heap_count > 0 && r->heap[0].due_us <= until_us) {
		struct arrival first = r->heap[0];

		if (first.due_us > r->now_us)
			r->now_us = first.due_us;
		if (first.request->carried_out && !first.request->orphan)
			return true;
		heap_pop(r);
		if (first.request->carried_out)
			request_give_back(r, first.request);
		else
			carry_out(r, first.request);
	}
	return false;
}

static void forget_delivered(struct rehearsal *r)
{
	if (r->delivered)
		request_give_back(r, r->delivered);
	r->delivered = NULL;
}

/* ---- the seam -------------------------------------------------------------------------------- */

static const char *const *copy_texts(struct arena *arena, const char *const *texts, size_t count)
{
	const char **copy = arena_array(arena, count, sizeof(*copy));

	for (size_t i = 0; i < count; i++)
		copy[i] = arena_strdup(arena, texts[i]);
	return copy;
}

static void rehearsal_place(void *self, uint64_t token, const struct place_order *order)
{
	struct rehearsal_request *q = request_send(self, REQUEST_PLACE, token, NULL);

	q->order = (struct network_order){
		.to = arena_strdup(&q->arena, order->to),
		.from = order->from ? arena_strdup(&q->arena, order->from) : NULL,
		.agent_id = order->agent_id ? arena_strdup(&q->arena, order->agent_id) : NULL,
		.param_count = order->param_count,
		.param_names = copy_texts(&q->arena, order->param_names, order->param_count),
		.param_values = copy_texts(&q->arena, order->param_values, order->param_count),
	};
}

static void rehearsal_list(void *self, uint64_t token, const struct list_query *query)
{
	struct rehearsal_request *q = request_send(self, REQUEST_LIST, token, query->agent_id);

	q->query = *query;
	q->query.agent_id = q->id;
}

static void rehearsal_read(void *self, uint64_t token, const char *job_id)
{
	request_send(self, REQUEST_READ, token, job_id);
}

static void rehearsal_end(void *self, uint64_t token, const char *job_id)
{
	request_send(self, REQUEST_END, token, job_id);
}

static void rehearsal_project(void *self, uint64_t token)
{
	request_send(self, REQUEST_PROJECT, token, NULL);
}

static void rehearsal_agent(void *self, uint64_t token, const char *agent_id)
{
	request_send(self, REQUEST_AGENT, token, agent_id);
}

static char *rehearsal_render(void *self, const struct place_order *order)
{
	struct buf body;

	(void)self;
	buf_init(&body, HAMSA_REQUEST_MAX);
	hamsa_add_order(&body, order);
	return body.data;
}

static void rehearsal_wait(void *self, int64_t us)
{
	struct rehearsal *r = self;
	int64_t until_us = us > INT64_MAX - r->now_us ? INT64_MAX : r->now_us + us;

	forget_delivered(r);
	if (us < 0)
		until_us = r->now_us;
	if (!go_on(r, until_us) && until_us != INT64_MAX)
		r->now_us = until_us;
}

static bool rehearsal_next(void *self, struct answer *out)
{
	struct rehearsal *r = self;

	forget_delivered(r);
	if (!go_on(r, r->now_us))
		return false;
	r->delivered = r->heap[0].request;
	heap_pop(r);
	r->open--;
	*out = r->delivered->answer;
	return true;
}

static size_t rehearsal_in_flight(void *self)
{
	const struct rehearsal *r = self;

	return r->open;
}

static void rehearsal_free(void *self)
{
	struct rehearsal *r = self;

	forget_delivered(r);
	for (size_t i = 0; i < r->heap_count; i++)
		request_give_back(r, r->heap[i].request);
	while (r->unused) {
		struct rehearsal_request *request = r->unused;
		r->unused = request->next_free;
		arena_free(&request->arena);
		free(request);
	}
	network_free(r->network);
	free(r->heap);
	free(r);
}

static const struct provider_ops rehearsal_ops = {
	.place = rehearsal_place,
	.list = rehearsal_list,
	.read = rehearsal_read,
	.end = rehearsal_end,
	.project = rehearsal_project,
	.agent = rehearsal_agent,
	.render = rehearsal_render,
	.wait = rehearsal_wait,
	.next = rehearsal_next,
	.in_flight = rehearsal_in_flight,
	.free = rehearsal_free,
};

/* ---- making one, and what only a rehearsal can do -------------------------------------------- */

void rehearsal_config_init(struct rehearsal_config *config)
{
	*config = (struct rehearsal_config){
		.latency_min_ms = 80,
		.latency_max_ms = 400,
		.place_timeout_ms = 30 * SECOND_MS,
	};
	network_config_init(&config->network);
}

static bool is_share(double share)
{
	return share >= 0 && share <= 1;
}

static bool config_is_possible(const struct rehearsal_config *config)
{
	double placing = 0;

	for (int fault = 0; fault < NETWORK_FAULT_COUNT; fault++) {
		if (!is_share(config->network.share[fault]))
			return false;
		if (fault < NETWORK_PLACING_FAULTS)
			placing += config->network.share[fault];
	}
	/* Shares such as 0.1 are not exact: eight of them may add up to a hair more than they
	 * should. */
	return placing <= 1 + 1e-9 && is_share(config->unreachable) && config->start_ms > 0 &&
	       config->latency_min_ms >= 0 && config->latency_max_ms >= config->latency_min_ms &&
	       config->place_timeout_ms >= 0 && config->max_call_ms >= 0;
}

bool rehearsal_new(const struct rehearsal_config *config, struct provider *out)
{
	if (!config_is_possible(config))
		return false;

	struct rehearsal *r = xcalloc(1, sizeof(*r));
	r->config = *config;
	r->network = network_new(&config->network);
	r->clock = (struct clock){
		.wall_ms = virtual_wall_ms,
		.mono = virtual_mono,
		.world = r,
		.speed = 1,
	};
	rng_seed(&r->rng, config->network.seed);
	*out = (struct provider){&rehearsal_ops, r};
	return true;
}

static struct rehearsal *rehearsal_of(const struct provider *p)
{
	if (p->ops != &rehearsal_ops)
		BUG("this provider is no rehearsal");
	return p->self;
}

const struct clock *rehearsal_clock(const struct provider *p)
{
	return &rehearsal_of(p)->clock;
}

struct network *rehearsal_network(const struct provider *p)
{
	return rehearsal_of(p)->network;
}

int64_t rehearsal_network_ms(const struct provider *p)
{
	return network_ms(rehearsal_of(p));
}

void rehearsal_jump_wall_ms(struct provider *p, int64_t by_ms)
{
	rehearsal_of(p)->jumped_ms += by_ms;
}

void rehearsal_crash(struct provider *p)
{
	struct rehearsal *r = rehearsal_of(p);

	forget_delivered(r);
	for (size_t i = 0; i < r->heap_count; i++)
		r->heap[i].request->orphan = true;
	r->open = 0;
}

int64_t rehearsal_requests(const struct provider *p, enum request_kind kind)
{
	return rehearsal_of(p)->requests[kind];
}
