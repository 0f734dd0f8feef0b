#include "storm.h"

#include "../../src/ledger/statement_p.h"
#include "base/log.h"
#include "base/moment.h"
#include "ledger/run.h"
#include "run/engine.h"
#include "run/freeze.h"
#include "run/suppressor.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIVES_MAX 200
#define STEPS_MAX 3000000
#define DAYS_MAX  40

/* One life of the process: from the ledger's file to its end, or to a crash. */
struct life {
	struct storm *s;
	struct ledger *ledger;
	struct engine *engine;
	struct rng rng;
	int64_t run_id;
	enum engine_state state;
	struct err e;
};

static int on_commit(void *data)
{
	struct storm *s = data;

	if (!s->inside || s->crash != CRASH_AT_COMMIT || --s->crash_in > 0)
		return 0;
	s->crash = CRASH_NONE;
	s->commit_failed = true;
	return 1;
}

static bool open_run(struct life *life)
{
	struct storm *s = life->s;
	struct arena arena = {0};
	struct run run;
	bool found;
	bool ok = ledger_run_latest(life->ledger, "storm", &arena, &run, &found, &life->e);

	if (ok && found) {
		life->run_id = run.id;
		ok = freeze_rebind(s->plan, run.columns, &life->e);
	} else if (ok) {
		struct suppressor *suppressor = suppressor_new(s->plan, NULL);
		struct freeze_options options = {
			.name = "storm",
			.now_ms = clock_wall_ms(rehearsal_clock(&s->network)),
		};
		struct frozen frozen;
		ok = freeze_list(life->ledger, s->plan, suppressor, &options, &frozen, &life->e);
		life->run_id = frozen.run_id;
		suppressor_free(suppressor);
	}
	arena_free(&arena);
	return ok;
}

static bool begin(struct life *life)
{
	struct storm *s = life->s;
	struct engine_parts parts = {
		.provider = &s->door,
		.clock = rehearsal_clock(&s->network),
		.rng = &life->rng,
		.plan = s->plan,
	};

	/* Each process has a generator of its own. */
	rng_seed(&life->rng, rng_next(&s->rng));
	if (!ledger_open(s->ledger_path, LEDGER_WRITE, &life->ledger, &life->e) || !open_run(life))
		return false;
	sqlite3_commit_hook(life->ledger->db, on_commit, s);
	parts.ledger = life->ledger;
	parts.run_id = life->run_id;
	return engine_new(&parts, &life->engine, &life->e);
}

static void jump_now_and_then(struct storm *s)
{
	static const int64_t hours[] = {-3, -1, 1, 2, 5};

	if (s->clock_jumps && rng_below(&s->rng, 400) == 0)
		rehearsal_jump_wall_ms(&s->network, hours[rng_below(&s->rng, 5)] * HOUR_MS);
}

/* Step until the engine says it is over. False: it failed, or never ends. */
static bool step_to_the_end(struct life *life, int64_t *steps)
{
	struct storm *s = life->s;
	int64_t wait_us;
	int64_t end_ms = rehearsal_network_ms(&s->network) + DAYS_MAX * DAY_MS;

	for (;;) {
		if (!engine_step(life->engine, &wait_us, &life->state, &life->e))
			return false;
		if (life->state != ENGINE_GOING)
			return true;
		if (++*steps > STEPS_MAX || rehearsal_network_ms(&s->network) > end_ms)
			return err_set(&life->e, ERR_FAILED, "the run does not come to an end");
		if (wait_us == INT64_MAX && provider_in_flight(&s->door) == 0)
			return err_set(&life->e, ERR_FAILED, "the engine waits for ever");
		provider_wait(&s->door, wait_us);
		jump_now_and_then(s);
	}
}

enum ending {
	LIFE_OVER, /* the run came to its end */
	LIFE_CRASHED,
	LIFE_FAILED,
};

static enum ending live(struct life *life, int64_t *steps)
{
	struct storm *s = life->s;
	volatile enum ending ending = LIFE_CRASHED;

	s->commit_failed = false;
	storm_plan_crash(s);
	if (setjmp(s->out) == 0) {
		s->inside = true;
		bool ok = begin(life) && step_to_the_end(life, steps);
		ending = ok ? LIFE_OVER : s->commit_failed ? LIFE_CRASHED : LIFE_FAILED;
	}
	s->inside = false;
	return ending;
}

static void drop(struct life *life)
{
	/* What the kernel takes back from a process that was killed. */
	engine_free(life->engine);
	ledger_close(life->ledger);
	rehearsal_crash(&life->s->network);
}

/* One seed. `crashes` counts those that really happened. */
static bool weather(struct storm *s)
{
	int64_t steps = 0;

	for (int i = 0; i < LIVES_MAX; i++) {
		struct life life = {.s = s};
		enum ending ending = live(&life, &steps);

		if (ending == LIFE_FAILED)
			storm_fail(s, "%s", life.e.text);
		if (ending == LIFE_OVER)
			s->guarded = life.state == ENGINE_GUARDED;
		drop(&life);
		if (ending == LIFE_FAILED)
			return false;
		if (ending == LIFE_OVER)
			return true;
		s->crashes++;
		/* The next process starts at once, or much later. */
		if (rng_below(&s->rng, 2))
			provider_wait(&s->network,
				      (int64_t)rng_below(&s->rng, 20 * MINUTE_MS) * 1000);
	}
	return storm_fail(s, "%d lives were not enough", LIVES_MAX);
}

static bool doubts_left(struct storm *s)
{
	struct life life = {.s = s};
	struct tally t = {0};
	bool ok = ledger_open(s->ledger_path, LEDGER_WRITE, &life.ledger, &life.e) &&
		  open_run(&life) && ledger_run_tally(life.ledger, life.run_id, &t, &life.e);

	ledger_close(life.ledger);
	return !ok || t.state[CONTACT_IN_DOUBT] > 0;
}

/* The same command once more: it must find nothing to do, unless a list that lagged has caught
 * up with what was in doubt. Then the judgement. */
static bool once_more(struct storm *s)
{
	struct life life = {.s = s};
	bool may_dial = s->guarded || doubts_left(s);
	size_t dials = s->dial_count;
	int64_t steps = 0;

	s->crashes_left = 0;
	bool ok = live(&life, &steps) == LIFE_OVER;
	/* What was found of the doubts may go on until a guard stops it. */
	s->guarded |= ok && life.state == ENGINE_GUARDED;
	if (!ok)
		storm_fail(s, "once more: %s", life.e.text);
	else if (s->dial_count != dials && !may_dial)
		ok = storm_fail(s, "a further run dials %zu times", s->dial_count - dials);
	if (ok)
		ok = storm_judge(s, life.ledger, life.run_id);
	drop(&life);
	return ok;
}

static bool run_seed(uint64_t seed, int *crashes, size_t *dials)
{
	struct storm s;

	storm_open(&s, seed);
	log_configure(LOG_TEXT, getenv("STORM_VERBOSE") ? LOG_DEBUG : LOG_ERROR + 1,
		      rehearsal_clock(&s.network));
	bool ok = weather(&s) && once_more(&s);
	if (!ok)
		printf("seed %" PRIu64 " fails: %s\n", seed, s.words);
	*crashes += s.crashes;
	*dials += s.dial_count;
	storm_close(&s);
	return ok;
}

int main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	uint64_t most_failures = argc > 3 ? strtoull(argv[3], NULL, 10) : 10;
	uint64_t failures = 0;
	int crashes = 0;
	size_t dials = 0;

	for (uint64_t seed = first; seed < first + count && failures < most_failures; seed++)
		failures += !run_seed(seed, &crashes, &dials);
	printf("storm: %" PRIu64 " seeds, %d crashes, %zu dials, %" PRIu64 " failures\n", count,
	       crashes, dials, failures);
	return failures > 0;
}
