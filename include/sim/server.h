/*
 * The HTTP server: loopback only, one thread. It owns its listening socket and its connections; the
 * sim is borrowed.
 */
#ifndef NIDA_SIM_SERVER_H
#define NIDA_SIM_SERVER_H

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"
#include "sim/sim.h"

struct server;

/* Listen on `port` of 127.0.0.1 (0: any free one) and write the sim's origin. No request is
 * answered before server_run(). */
bool server_open(struct sim *sim, int port, struct server **out, struct err *e) MUST_CHECK;
int server_port(const struct server *server);

/* Answer requests, and let the simulated world go on, until *stop is set by a signal; `waiting` is
 * the signal mask while nothing is to be done. */
bool server_run(struct server *server, const volatile sig_atomic_t *stop, const sigset_t *waiting,
		struct err *e) MUST_CHECK;
void server_close(struct server *server);

#endif
