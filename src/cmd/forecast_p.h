/*
 * A forecast: what came of a rehearsal, on standard output, for people or for machines. All times
 * in it are virtual.
 */
#ifndef NIDA_CMD_FORECAST_P_H
#define NIDA_CMD_FORECAST_P_H

#include "cmd/session.h"
#include "ledger/run.h"
#include "report/report.h"
#include "run/engine.h"

#include <stdint.h>

struct forecast {
	struct session *session;
	uint64_t seed;
	int64_t start_ms; /* when it began */
	int64_t end_ms;
	enum engine_state state;
	const char *stopped; /* what a guard said; "" */
	struct run run;
	struct tally tally;
	int64_t called;   /* rows that were called at least once */
	int64_t first_ms; /* the first call, and the last; 0: there is none */
	int64_t last_ms;
	struct report_paths paths;
};

/* Requests of every kind that were made. */
int64_t forecast_requests(const struct provider *p);

/* Rows that would have been called, had there been time. */
int64_t forecast_left_over(const struct forecast *f);

void forecast_say(const struct forecast *f);
void forecast_print_json(const struct forecast *f);

#endif
