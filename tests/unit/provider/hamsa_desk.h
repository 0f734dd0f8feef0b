/*
 * A desk: a client of Hamsa that speaks with a fault_server, for the tests of hamsa_*.c.
 * Functions are static, and `desk_order` is a placing that has nothing wrong with it.
 */
#ifndef TESTS_HAMSA_DESK_H
#define TESTS_HAMSA_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "provider/hamsa.h"
#include "fault_server.h"

#define BOUND_US 10000000
#define KEY      "sk_very_secret"

struct desk {
	struct fault_server server;
	const char *key; /* NULL: KEY */
	struct clock clock;
	struct provider p;
	struct answer answer;
};

static void desk_connect(struct desk *d, int port, const char *path, const char *project_id)
{
	struct hamsa_config config = {.api_key = d->key ? d->key : KEY, .clock = &d->clock};
	struct err e;
	char url[128];

	clock_init_system(&d->clock);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", port, path);
	config.base_url = url;
	config.project_id = project_id;
	config.place_timeout_ms = 500;
	config.read_timeout_ms = 500;
	if (!hamsa_new(&config, &d->p, &e))
		fail_msg("%s", e.text);
}

static void desk_open_at(struct desk *d, const struct fault_rule *rules, const char *path,
			 const char *project_id)
{
	fault_start(&d->server, rules);
	desk_connect(d, d->server.port, path, project_id);
}

static void desk_open(struct desk *d, const struct fault_rule *rules)
{
	desk_open_at(d, rules, "/v1", NULL);
}

static void desk_close(struct desk *d)
{
	provider_free(&d->p);
	fault_stop(&d->server);
}

static const struct answer *desk_wait(struct desk *d)
{
	struct mono start = clock_mono(&d->clock);

	while (!provider_next(&d->p, &d->answer)) {
		assert_true(mono_since(start, clock_mono(&d->clock)) < BOUND_US);
		provider_wait(&d->p, 100000);
	}
	assert_non_null(d->answer.words);
	assert_non_null(d->answer.raw);
	assert_null(strstr(d->answer.words, KEY));
	assert_int_equal(provider_in_flight(&d->p), 0);
	return &d->answer;
}

#define JSON "Content-Type: application/json\r\n"
#define HTML "Content-Type: text/html\r\n"

static const struct place_order desk_order = {
	.to = "+96891234567",
	.from = "+96824000000",
	.agent_id = "agent-1",
	.language = LANGUAGE_AR,
	.param_count = 2,
	.param_names = (const char *const[]){"customerName", "nidaRef"},
	.param_values = (const char *const[]){"سالم \"أبو\" علي", "abc"},
};

#endif
