/*
 * Hamsa behind the provider seam, in memory and in virtual time: nobody is called, nothing is sent.
 *
 * The network (provider/network.h) plays Hamsa and its customers. This is what lies between it and
 * the engine: requests that travel for a while, answers that come back late or never, and a clock
 * that stands still but in provider_wait(). Waiting moves it to the end of the wait or to the next
 * answer, whichever is first, so that three days pass as fast as the engine can think. A wait
 * without an end, while nothing is on its way, moves nothing.
 *
 * The verdicts are those that hamsa.c gives for the same reply, and provider_render() writes the
 * same body. What happens follows from the configuration and from what is asked, and when; the same
 * twice is the same twice. The clock and the network belong to the provider and end with it.
 *
 * The wall clock can be made to jump. The network's own time does not: it is what the clock would
 * show if it had never jumped.
 */
#ifndef NIDA_PROVIDER_REHEARSAL_H
#define NIDA_PROVIDER_REHEARSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "provider/network.h"
#include "provider/provider.h"

struct rehearsal_config {
	struct network_config
		network;        /* the seed, the customers and most of what goes wrong; copied */
	int64_t start_ms;       /* what the wall clock shows first; later than 1970 */
	int64_t latency_min_ms; /* of a request, there and back; drawn for each */
	int64_t latency_max_ms;
	int64_t place_timeout_ms; /* when a placing without an answer is given up */
	double unreachable;       /* share of requests that never leave this machine */
	int64_t max_call_ms;      /* the limit that every agent tells; 0: they tell none */
};

/* Sensible figures, no faults; start_ms is left 0. */
void rehearsal_config_init(struct rehearsal_config *config);

/* False: the configuration cannot be (a share outside 0..1, faults of a placing that add up to more
 * than 1, a negative time, no start_ms). */
bool rehearsal_new(const struct rehearsal_config *config, struct provider *out) MUST_CHECK;

/* Borrowed until provider_free(). */
const struct clock *rehearsal_clock(const struct provider *p);
struct network *rehearsal_network(const struct provider *p);

/* The network's time now. */
int64_t rehearsal_network_ms(const struct provider *p);

/* Set the wall clock forward, or back (a negative figure). Monotonic time does not notice. */
void rehearsal_jump_wall_ms(struct provider *p, int64_t by_ms);

/* The process that asked is gone: no answer on its way will be given any more. Requests that have
 * left still reach the network and are carried out. Time, network and counts go on. */
void rehearsal_crash(struct provider *p);

/* How many requests of a kind were made, whatever came of them. */
int64_t rehearsal_requests(const struct provider *p, enum request_kind kind);

#endif
