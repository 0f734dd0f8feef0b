/*
 * nida rehearse: the campaign as it would go, against simulated customers and in virtual time. The
 * list is frozen and the engine driven by the very code that a run uses; only the provider and the
 * clock are others, and the ledger is a private one that is thrown away.
 */
#include "forecast_p.h"

#include "cmd/say.h"

#include "base/log.h"
#include "base/rng.h"
#include "ledger/rows.h"
#include "provider/rehearsal.h"
#include "run/freeze.h"
#include "run/suppressor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_DEFAULT 1

/* So many steps in a row without a request to the provider: it will never end. Between two
 * requests of a healthy run lie a handful. */
#define IDLE_STEPS_MAX 10000

static bool parse_seed(const struct invocation *in, uint64_t *out, struct err *e)
{
	const char *text = in->values[OPTION_SEED];
	char *end;

	*out = SEED_DEFAULT;
	if (!text)
		return true;
	errno = 0;
	*out = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno == ERANGE)
		return err_set(e, ERR_INVALID, "--seed is '%s'; expected a whole number from 0 on.",
			       text);
	return true;
}

static bool open_rehearsal(struct forecast *f, struct err *e)
{
	struct rehearsal_config config;

	rehearsal_config_init(&config);
	config.network.seed = f->seed;
	config.network.rates = f->session->plan->scenario.rehearsal;
	config.start_ms = f->start_ms;
	if (!rehearsal_new(&config, &f->session->provider))
		return err_set(
			e, ERR_INVALID,
			"The clock shows a time before 1970; nothing can be rehearsed there. "
			"Set the clock, or NIDA_CLOCK.");
	return true;
}

static bool freeze(struct forecast *f, struct err *e)
{
	struct session *s = f->session;
	struct suppressor *suppressor = suppressor_new(s->plan, NULL);
	struct freeze_options options = {
		.name = arena_printf(&s->arena, "rehearsal-%" PRIu64, f->seed),
		.now_ms = f->start_ms,
		.rehearsal = true,
	};
	struct frozen frozen;
	bool ok = ledger_open(NULL, LEDGER_WRITE, &s->ledger, e) &&
		  freeze_list(s->ledger, s->plan, suppressor, &options, &frozen, e);

	f->run.id = ok ? frozen.run_id : 0;
	suppressor_free(suppressor);
	return ok;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* A campaign that cannot go on, such as one whose suppression file has just vanished, would wait
 * for ever; no virtual time is long enough for that. */
static bool stands_still(struct engine *engine, struct err *e)
{
	struct engine_view view;

	if (!engine_look(engine, &view, e))
		return false;
	return err_set(e, ERR_FAILED, "The rehearsal does not come to an end: %s.",
		       *view.why ? view.why : "nothing happens any more");
}

static bool go_through(struct forecast *f, struct engine *engine, struct err *e)
{
	struct provider *provider = &f->session->provider;
	int64_t requests = 0;
	int idle = 0;

	for (;;) {
		int64_t wait_us;

		if (!engine_step(engine, &wait_us, &f->state, e))
			return false;
		if (f->state != ENGINE_GOING)
			return true;
		idle = requests == forecast_requests(provider) ? idle + 1 : 0;
		requests = forecast_requests(provider);
		if (idle > IDLE_STEPS_MAX ||
		    (wait_us == INT64_MAX && provider_in_flight(provider) == 0))
			return stands_still(engine, e);
		provider_wait(provider, wait_us);
	}
}

/* The log tells virtual time meanwhile; what a run would warn of is what the forecast is about. */
static bool drive(struct forecast *f, struct err *e)
{
	struct session *s = f->session;
	const struct clock *clock = rehearsal_clock(&s->provider);
	bool verbose = option_given(s->in, OPTION_VERBOSE);
	struct rng rng;
	struct engine *engine;
	struct engine_parts parts = {
		.ledger = s->ledger,
		.provider = &s->provider,
		.clock = clock,
		.rng = &rng,
		.plan = s->plan,
		.run_id = f->run.id,
	};

	rng_seed(&rng, f->seed);
	log_configure(LOG_TEXT, verbose ? LOG_DEBUG : LOG_ERROR, clock);
	bool ok = engine_new(&parts, &engine, e);
	if (ok) {
		ok = go_through(f, engine, e);
		f->end_ms = clock_wall_ms(clock);
		f->stopped = arena_strdup(&s->arena, engine_stop_words(engine));
		engine_free(engine);
	}
	log_configure(LOG_TEXT, verbose ? LOG_DEBUG : LOG_INFO, &s->in->clock);
	return ok;
}

/* ---- what came of it ------------------------------------------------------------------------- */

static bool count_row(void *data, const struct row *row, struct err *e)
{
	struct forecast *f = data;

	(void)e;
	f->called += row->attempt_count > 0;
	for (size_t i = 0; i < row->attempt_count; i++) {
		int64_t at_ms = row->attempts[i].intent_ms;
		if (f->first_ms == 0 || at_ms < f->first_ms)
			f->first_ms = at_ms;
		if (at_ms > f->last_ms)
			f->last_ms = at_ms;
	}
	return true;
}

static bool sum_up(struct forecast *f, struct err *e)
{
	struct session *s = f->session;

	if (!ledger_run_get(s->ledger, f->run.id, &s->arena, &f->run, e) ||
	    !ledger_run_tally(s->ledger, f->run.id, &f->tally, e) ||
	    !ledger_rows_each(s->ledger, f->run.id, count_row, f, e))
		return false;
	/* A pause has words of its own; the engine's speak of `nida resume`, and nothing is
	 * there to be resumed. */
	if (f->state != ENGINE_GUARDED)
		f->stopped = "";
	else if (f->run.paused_by)
		f->stopped =
			arena_printf(&s->arena, "%s: %s", f->run.paused_by, f->run.pause_words);
	return true;
}

static bool write_reports(struct forecast *f, struct err *e)
{
	const struct campaign *c = &f->session->plan->campaign;
	struct report_options options = {
		.formats = c->report_formats,
		.now_ms = f->end_ms,
	};

	return session_report_dir(f->session, &options.dir, e) &&
	       report_write(f->session->ledger, f->run.id, &options, &f->paths, e);
}

/* ---- the verb -------------------------------------------------------------------------------- */

static bool rehearse(struct forecast *f, struct err *e)
{
	struct session *s = f->session;
	const struct zone *zone = s->plan->campaign.zone;
	char when[MOMENT_SIZE];

	if (!parse_seed(s->in, &f->seed, e))
		return false;
	/* From the beginning of this minute, so that a second more or less changes nothing. */
	f->start_ms = clock_wall_ms(&s->in->clock);
	f->start_ms -= f->start_ms % MINUTE_MS;
	say(stderr, "Rehearsing %s from %s %s on; nobody is called.\n", s->plan->campaign.name,
	    moment_short(zone, f->start_ms, false, when), zone_name(zone));
	if (!open_rehearsal(f, e) || !freeze(f, e) || !drive(f, e) || !sum_up(f, e) ||
	    !write_reports(f, e))
		return false;
	if (option_given(s->in, OPTION_JSON))
		forecast_print_json(f);
	else
		forecast_say(f);
	return true;
}

static enum exit_code exit_of(const struct forecast *f)
{
	if (f->state == ENGINE_GUARDED)
		return EXIT_GUARDED;
	return forecast_left_over(f) > 0 ? EXIT_UNFINISHED : EXIT_DONE;
}

static enum exit_code run(const struct invocation *in, struct err *e)
{
	struct session s = {0};
	struct forecast f = {.session = &s};
	bool ok = session_load_plan(&s, in, e) && rehearse(&f, e);
	enum exit_code code = ok ? exit_of(&f) : exit_code_of(e);

	session_close(&s);
	return code;
}

static const enum option_id options[] = {OPTION_SEED,    OPTION_LIST,     OPTION_OUT, OPTION_JSON,
					 OPTION_VERBOSE, OPTION_ENV_FILE, OPTION_HELP};

const struct verb verb_rehearse = {
	.name = "rehearse",
	.arguments = "CAMPAIGN",
	.least = 1,
	.most = 1,
	.summary = "run it against simulated customers; forecast end, calls, cost",
	.details = "Goes through the whole campaign in seconds: the real list, hours, pace, "
		   "retries and "
		   "guards, with\ncustomers who answer as often and talk as long as `rehearsal` in "
		   "the "
		   "scenario says. Nobody is called,\nnothing is sent and no key is needed. Prints "
		   "when it "
		   "would end and what it would cost, and writes\nreports of it, marked as a "
		   "rehearsal, to "
		   "rehearsal-SEED beside those of real runs. The same seed at\nthe same time "
		   "gives the "
		   "same forecast; others show how much is luck.\n\n"
		   "Earlier calls to the same people (guard.per_person) and the do-not-call "
		   "register of "
		   "the ledger are not\ntaken into account; suppression files are.\n\n"
		   "Exit: 0 all rows would be done; 3 rows would be left over; 4 a guard would "
		   "stop it; "
		   "1 failure;\n2 invalid input.",
	.example = "  nida rehearse campaigns/payment-reminder.yaml --seed 7",
	.options = options,
	.run = run,
};
