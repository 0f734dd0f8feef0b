#include "run_p.h"

#include "cmd/say.h"

#include "base/pack.h"
#include "base/rng.h"
#include "ledger/rows.h"
#include "run/freeze.h"
#include "run/order.h"
#include "run/suppressor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dry {
	struct session *s;
	const struct narrowing *narrow;
	int64_t printed;
	struct rng rng;
	struct arena arena;
};

static bool print_request(void *data, const struct row *row, struct err *e)
{
	struct dry *dry = data;
	struct order order;

	(void)e;
	if (dry->narrow->only && strcmp(dry->narrow->only, row->contact.key) != 0)
		return true;
	if (dry->narrow->limit > 0 && dry->printed == dry->narrow->limit)
		return true;
	arena_reset(&dry->arena);
	if (row->contact.state != CONTACT_PENDING ||
	    !order_render(dry->s->plan, &row->contact, &dry->rng, &dry->arena, &order))
		return true;
	char *request = provider_render(&dry->s->provider, &order.shown);
	say(stdout, "%s\n", request);
	free(request);
	dry->printed++;
	return true;
}

bool dry_run(struct session *s, const struct narrowing *narrow, struct err *e)
{
	struct suppressor *suppressor = suppressor_new(s->plan, NULL);
	struct freeze_options options = {.name = "dry", .now_ms = clock_wall_ms(&s->in->clock)};
	struct dry dry = {.s = s, .narrow = narrow};
	struct frozen frozen;

	rng_seed_from_kernel(&dry.rng);
	bool ok = session_open_hamsa(s, true, e) &&
		  ledger_open(NULL, LEDGER_WRITE, &s->ledger, e) &&
		  freeze_list(s->ledger, s->plan, suppressor, &options, &frozen, e) &&
		  run_check_only(s, frozen.run_id, narrow, e) &&
		  ledger_rows_each(s->ledger, frozen.run_id, print_request, &dry, e);
	if (ok && dry.printed == 0)
		say(stderr, "Nobody on the list can be called; `nida check` names the reasons.\n");
	suppressor_free(suppressor);
	arena_free(&dry.arena);
	return ok;
}
