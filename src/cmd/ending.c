#include "ending_p.h"

#include "await_p.h"
#include "run_p.h"

#include "cmd/say.h"

#include "base/rng.h"
#include "ledger/contact.h"
#include "ledger/lock.h"
#include "provider/twilio.h"
#include "run/engine.h"

#include <stdio.h>
#include <string.h>

#define VERIFY_TRIES    30
#define VERIFY_EVERY_MS 1000
#define TURN_EVERY_MS   100
#define TURN_MOST_MS    (5 * MINUTE_MS) /* of real time */
#define RECORD_MOST_MS  (2 * MINUTE_MS)
#define TICK_US         250000

/* ---- which calls ----------------------------------------------------------------------------- */

struct finding {
	struct session *s;
	bool (*wanted)(void *data, const struct attempt *a, const char *key);
	void *data;
	size_t room;
	size_t count;
	struct ending *calls;
};

static bool consider(void *data, const struct attempt *a, struct err *e)
{
	struct finding *f = data;
	struct arena *arena = &f->s->arena;
	struct contact contact;

	if (a->state != ATTEMPT_LIVE || f->count == f->room)
		return true;
	if (!ledger_contact_get(f->s->ledger, a->contact_id, arena, &contact, e))
		return false;
	if (f->wanted && !f->wanted(f->data, a, contact.key))
		return true;

	struct ending *call = &f->calls[f->count++];
	call->key = contact.key;
	return ledger_attempt_get(f->s->ledger, a->id, arena, &call->attempt, e);
}

bool ending_find(struct session *s, int64_t run_id,
		 bool (*wanted)(void *data, const struct attempt *a, const char *key), void *data,
		 struct ending **out, size_t *count, struct err *e)
{
	struct finding f = {.s = s, .wanted = wanted, .data = data};
	struct tally tally;

	/* One view: nobody becomes live between the counting and the reading. */
	if (!ledger_begin_read(s->ledger, e))
		return false;
	bool ok = ledger_run_tally(s->ledger, run_id, &tally, e);
	if (ok) {
		f.room = (size_t)tally.state[CONTACT_LIVE];
		f.calls = arena_array(&s->arena, f.room + 1, sizeof(*f.calls));
		ok = ledger_attempts_open(s->ledger, run_id, consider, &f, e);
	}
	*out = f.calls;
	*count = f.count;
	return ledger_commit(s->ledger, e) && ok;
}

/* ---- taking turns ---------------------------------------------------------------------------- */

/* One process at a time ends calls of a campaign. The name is none that a campaign can have. */
static bool take_turn(struct session *s, struct ledger_lock **out, struct err *e)
{
	const char *name = arena_printf(&s->arena, "%s.end", s->plan->campaign.name);
	int64_t step_ms = (int64_t)(TURN_EVERY_MS * s->in->clock.speed);

	for (int64_t waited_ms = 0;; waited_ms += TURN_EVERY_MS) {
		struct err busy;
		if (ledger_lock_take(s->ledger, name, out, &busy))
			return true;
		if (busy.kind != ERR_BUSY) {
			*e = busy;
			return false;
		}
		if (waited_ms >= TURN_MOST_MS)
			return err_set(e, ERR_BUSY,
				       "Another process has been ending calls of campaign %s for "
				       "5 minutes; try again when it is done.",
				       s->plan->campaign.name);
		await_time(s, step_ms > 0 ? step_ms : 1);
	}
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* *over: it had ended before anybody was asked. */
static bool end_by_hamsa(struct session *s, const struct ending *call, bool *over, struct err *e)
{
	struct answer answer;

	provider_end(&s->provider, 1, call->attempt.job_id);
	await_answer(s, &answer);
	if (answer.read != READ_OK)
		return err_set(e, ERR_FAILED, "Hamsa did not end the call of %s: %s", call->key,
			       answer.words);
	*over = answer.already_over;
	return true;
}

/* How the call stands before anybody is asked to end it: perhaps it is over, by itself or because
 * somebody else was faster; perhaps Hamsa names Twilio's call. */
static bool look_first(struct session *s, const struct ending *call, bool *over, const char **sid,
		       struct err *e)
{
	struct answer answer;

	*sid = *call->attempt.twilio_sid ? call->attempt.twilio_sid : NULL;
	provider_read(&s->provider, 1, call->attempt.job_id);
	await_answer(s, &answer);
	*over = answer.read == READ_OK && call_status_is_final(answer.call->status);
	if (*sid || answer.read != READ_OK || !answer.call->twilio_sid)
		return true;
	*sid = arena_strdup(&s->arena, answer.call->twilio_sid);
	return ledger_attempt_keep_sid(s->ledger, call->attempt.id, *sid, e);
}

static bool end_by_twilio(struct session *s, const struct ending *call, const char *sid, bool *over,
			  struct err *e)
{
	const char *url = env_get(s->env, "TWILIO_BASE_URL");
	struct twilio_config config = {
		.account_sid = env_get(s->env, "TWILIO_ACCOUNT_SID"),
		.auth_token = env_get(s->env, "TWILIO_AUTH_TOKEN"),
		.base_url = url ? url : "https://api.twilio.com",
		.clock = &s->in->clock,
	};
	struct twilio_target target = {
		.sid = sid,
		.to = call->attempt.phone,
		.from = s->plan->campaign.from,
		.window_from_ms = call->attempt.intent_ms,
	};
	struct twilio_result result;

	if (!config.account_sid || !config.auth_token)
		return err_set(e, ERR_INVALID,
			       "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set; without them "
			       "Twilio cannot be asked.");
	if (!twilio_end_call(&config, &target, &result, e))
		return false;
	*over = result.ending == TWILIO_ALREADY_OVER;
	return true;
}

/* Hamsa, then Twilio, or the one that was named. False: neither could, and both reasons are said. */
static bool somebody_ends(struct session *s, const struct ending *call, const char *via,
			  const char *sid, bool *over)
{
	struct err first = {0};
	struct err second = {0};

	if ((!via || strcmp(via, "hamsa") == 0) && end_by_hamsa(s, call, over, &first))
		return true;
	if ((!via || strcmp(via, "twilio") == 0) && end_by_twilio(s, call, sid, over, &second))
		return true;
	say(stderr, "%s%s%s\n", first.text, *first.text && *second.text ? " " : "", second.text);
	return false;
}

/* Read until Hamsa says that it is over. */
static bool await_end(struct session *s, const struct ending *call)
{
	struct answer answer;

	for (int i = 0; i < VERIFY_TRIES; i++) {
		provider_read(&s->provider, 1, call->attempt.job_id);
		await_answer(s, &answer);
		if (answer.read == READ_GONE)
			return true;
		if (answer.read == READ_OK && call_status_is_final(answer.call->status))
			return true;
		await_time(s, VERIFY_EVERY_MS);
	}
	return false;
}

static bool ask(struct session *s, const struct ending *call, const char *via, const char *by,
		enum ending_result *out, struct err *e)
{
	int64_t now_ms = clock_wall_ms(&s->in->clock);
	enum attempt_state state;
	const char *sid;
	bool first;
	bool over;

	/* Whoever had the turn before may have ended it, and the runner recorded it. */
	if (!ledger_attempt_state(s->ledger, call->attempt.id, &state, e))
		return false;
	*out = ENDING_OVER;
	if (state == ATTEMPT_CLOSED) {
		say(stdout, "The call of %s is over.\n", call->key);
		return true;
	}
	if (!ledger_attempt_ask_end(s->ledger, call->attempt.id, by, now_ms, &first, e) ||
	    !look_first(s, call, &over, &sid, e))
		return false;
	if (!over && !somebody_ends(s, call, via, sid, &over)) {
		*out = ENDING_FAILED;
		return !first || ledger_attempt_unask_end(s->ledger, call->attempt.id,
							  "nobody could end it", now_ms, e);
	}
	if (!await_end(s, call)) {
		say(stderr,
		    "The end of the call of %s was asked for, but Hamsa still shows it as "
		    "live.\n",
		    call->key);
		*out = ENDING_ASKED;
		return true;
	}
	if (over && first) {
		/* Its own end stands; the runner, or the next run, records it. */
		say(stdout, "The call of %s is over; it had ended before.\n", call->key);
		return ledger_attempt_unask_end(s->ledger, call->attempt.id, "it had ended before",
						now_ms, e);
	}
	say(stdout, "The call of %s is over.\n", call->key);
	return true;
}

bool ending_ask(struct session *s, const struct ending *call, const char *via, const char *by,
		enum ending_result *out, struct err *e)
{
	struct ledger_lock *turn;

	if (!take_turn(s, &turn, e))
		return false;
	bool ok = ask(s, call, via, by, out, e);
	ledger_lock_drop(turn);
	return ok;
}

bool ending_ask_all(struct session *s, struct ending *calls, size_t count, const char *via,
		    const char *by, size_t *left, struct err *e)
{
	*left = 0;
	for (size_t i = 0; i < count; i++) {
		enum ending_result result;
		if (!ending_ask(s, &calls[i], via, by, &result, e))
			return false;
		calls[i].over = result == ENDING_OVER;
		*left += !calls[i].over;
	}
	return true;
}

/* ---- recording ------------------------------------------------------------------------------- */

static bool all_closed(struct session *s, const struct ending *calls, size_t count, bool *out,
		       struct err *e)
{
	enum attempt_state state = ATTEMPT_CLOSED;

	for (size_t i = 0; i < count && state == ATTEMPT_CLOSED; i++)
		if (calls[i].over &&
		    !ledger_attempt_state(s->ledger, calls[i].attempt.id, &state, e))
			return false;
	*out = state == ATTEMPT_CLOSED;
	return true;
}

/* Step the engine, which places nothing, until it has recorded these ends. */
static bool step_until_closed(struct session *s, struct engine *engine, const struct ending *calls,
			      size_t count, enum engine_state *state, struct err *e)
{
	const struct clock *clock = &s->in->clock;
	struct mono end = mono_add(clock_mono(clock), RECORD_MOST_MS * 1000);
	int64_t tick_us = (int64_t)(TICK_US * clock->speed);
	bool closed = false;

	*state = ENGINE_GOING;
	while (*state == ENGINE_GOING && mono_since(clock_mono(clock), end) > 0) {
		int64_t wait_us;
		if (!engine_step(engine, &wait_us, state, e) ||
		    !all_closed(s, calls, count, &closed, e))
			return false;
		if (closed)
			return true;
		provider_wait(&s->provider, wait_us < tick_us ? wait_us : tick_us);
	}
	if (!closed)
		say(stderr, "Hamsa has not told all about these calls yet; the next `nida run` "
			    "records their ends.\n");
	return true;
}

bool ending_record(struct session *s, const struct run *run, const struct ending *calls,
		   size_t count, struct err *e)
{
	struct rng rng;
	struct engine_parts parts = {
		.ledger = s->ledger,
		.provider = &s->provider,
		.clock = &s->in->clock,
		.rng = &rng,
		.plan = s->plan,
		.run_id = run->id,
	};
	struct engine *engine = NULL;
	enum engine_state state;
	struct ledger_lock *lock;
	enum exit_code code;
	struct err busy;

	if (!ledger_lock_take(s->ledger, run->campaign, &lock, &busy)) {
		if (busy.kind == ERR_BUSY)
			return true; /* a runner is alive: it has seen the wish, and records */
		*e = busy;
		return false;
	}
	parts.lock = lock;
	rng_seed_from_kernel(&rng);
	bool ok = engine_new(&parts, &engine, e);
	if (ok) {
		engine_stop(engine);
		ok = step_until_closed(s, engine, calls, count, &state, e);
	}
	/* It was the last call of the run. */
	if (ok && state == ENGINE_FINISHED)
		ok = run_conclude(s, run->id, LOOP_FINISHED, "", false, &code, e);
	engine_free(engine);
	ledger_lock_drop(lock);
	return ok;
}
