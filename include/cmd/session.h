/*
 * A session: what nearly every verb needs, opened in one way: the environment, the plan, the
 * ledger, the provider. What was not asked for stays NULL. The session owns all of it.
 */
#ifndef NIDA_CMD_SESSION_H
#define NIDA_CMD_SESSION_H

#include "cmd/verb.h"
#include "ledger/ledger.h"
#include "ledger/run.h"
#include "load/env.h"
#include "model/plan.h"
#include "provider/hamsa.h"
#include "provider/provider.h"

#include <stdbool.h>

struct session {
	const struct invocation *in;
	struct env *env;
	struct plan *plan;
	struct ledger *ledger;
	struct provider provider; /* ops NULL: none */
	struct arena arena;
};

/* Load the campaign that is the first argument; its problems are printed. --list replaces the
 * list. */
bool session_load_plan(struct session *s, const struct invocation *in, struct err *e) MUST_CHECK;

/* --ledger, else nida.db beside the campaign file (or in the working directory without one). */
bool session_open_ledger(struct session *s, enum ledger_access access, struct err *e) MUST_CHECK;

/* The environment alone, for a verb without a campaign. */
bool session_load_env(struct session *s, const struct invocation *in, struct err *e) MUST_CHECK;

/* Where Hamsa is and by which key, from the environment; texts belong to it. */
bool session_hamsa_config(const struct session *s, bool placeholder_key, struct hamsa_config *out,
			  struct err *e) MUST_CHECK;

/* --out, else the campaign's report.dir (without a campaign "reports"). */
bool session_report_dir(const struct session *s, const char **out, struct err *e) MUST_CHECK;

/* A key, number or id as it was typed, without what comes along when it is copied from a terminal
 * (blanks, marks of direction). NULL stays NULL. */
const char *session_key(struct session *s, const char *typed);

/* Hamsa, by the environment. `placeholder_key`: no key is needed, nothing will be sent. */
bool session_open_hamsa(struct session *s, bool placeholder_key, struct err *e) MUST_CHECK;

/* The newest run of the campaign, or the one --run names. */
bool session_find_run(struct session *s, struct run *out, bool *found, struct err *e) MUST_CHECK;

/* The same for a verb that is about a run: opens the ledger, which must exist, as that run must.
 * Only LEDGER_READ and LEDGER_CHANGE; a ledger is not made by asking after what is in it. */
bool session_need_run(struct session *s, enum ledger_access access, struct run *out,
		      struct err *e) MUST_CHECK;

void session_close(struct session *s);

#endif
