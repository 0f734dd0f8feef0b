#include "ending_p.h"

#include "await_p.h"
#include "object_p.h"
#include "run_p.h"

#include "cmd/say.h"

#include "base/rng.h"
#include "ledger/contact.h"
#include "ledger/event.h"
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
	const struct run *run;
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
	call->run = f->run;
	call->key = contact.key;
	return ledger_attempt_get(f->s->ledger, a->id, arena, &call->attempt, e);
}

bool ending_find(struct session *s, const struct run *run,
		 bool (*wanted)(void *data, const struct attempt *a, const char *key), void *data,
		 struct ending **out, size_t *count, struct err *e)
{
	struct finding f = {.s = s, .run = run, .wanted = wanted, .data = data};
	struct tally tally;

	/* One view: nobody becomes live between the counting and the reading. */
	if (!ledger_begin_read(s->ledger, e))
		return false;
	bool ok = ledger_run_tally(s->ledger, run->id, &tally, e);
	if (ok) {
		f.room = (size_t)tally.state[CONTACT_LIVE];
		f.calls = arena_array(&s->arena, f.room + 1, sizeof(*f.calls));
		ok = ledger_attempts_open(s->ledger, run->id, consider, &f, e);
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
		if (waited_ms == 0)
			say(stderr,
			    "Another process is ending calls of campaign %s; waiting for it …\n",
			    s->plan->campaign.name);
		if (waited_ms >= TURN_MOST_MS)
			return err_set(e, ERR_BUSY,
				       "Another process has been ending calls of campaign %s for "
				       "5 minutes; try again when it is done.",
				       s->plan->campaign.name);
		await_time(s, step_ms > 0 ? step_ms : 1);
	}
}

/* ---- what is said ---------------------------------------------------------------------------- */

void ending_print(const struct session *s, enum ending_result result,
		  const struct ending_line *line)
{
	static const char *const names[] = {[ENDING_ENDED] = "ended",
					    [ENDING_OVER_BEFORE] = "over_before",
					    [ENDING_ASKED] = "still_live",
					    [ENDING_FAILED] = "failed",
					    [ENDING_NO_CALL] = "no_live_call"};
	const struct attempt *a = line->attempt;
	const struct contact *row = line->row;
	bool skipped = row && row->state == CONTACT_SKIPPED;
	bool done = row && row->outcome != OUTCOME_NONE;
	struct object o;
	struct emit *j = object_begin(&o);

	emit_text(j, "campaign", s->plan->campaign.name);
	emit_text(j, "run", line->run ? line->run->name : NULL);
	emit_text(j, "key", line->key);
	if (a && a->number > 0)
		emit_number(j, "attempt", a->number);
	else
		emit_null(j, "attempt");
	emit_text(j, "job_id", a ? a->job_id : NULL);
	emit_text(j, "result", names[result]);
	emit_text(j, "why", line->why);
	emit_text(j, "state", row ? contact_state_name(row->state) : NULL);
	emit_text(j, "reason", skipped ? skip_reason_name(row->reason) : NULL);
	emit_text(j, "outcome", done ? outcome_name(row->outcome) : NULL);
	emit_flag(j, "waits", line->waits);
	object_add_moment(j, "due", line->waits ? row->due_ms : 0);
	object_print(&o);
}

/* The call of a row, or of nobody's. */
static const char *name_of(struct session *s, const struct ending *call)
{
	return call->key ? arena_printf(&s->arena, "call of %s", call->key)
			 : arena_printf(&s->arena, "test call %s", call->attempt.job_id);
}

/* `why`: the reasons of a failure. */
static void tell(struct session *s, const struct ending *call, enum ending_result result,
		 const char *why)
{
	const char *name = name_of(s, call);

	if (result == ENDING_FAILED)
		say(stderr, "%s\n", why);
	if (result == ENDING_ASKED)
		say(stderr, "The end of the %s was asked for, but Hamsa still shows it as live.\n",
		    name);
	if (option_given(s->in, OPTION_JSON))
		ending_print(s, result,
			     &(struct ending_line){.run = call->run,
						   .key = call->key,
						   .attempt = &call->attempt,
						   .why = why});
	else if (result == ENDING_ENDED)
		say(stdout, "The %s was ended.\n", name);
	else if (result == ENDING_OVER_BEFORE)
		say(stdout, "The %s was over before.\n", name);
}

/* ---- the wish -------------------------------------------------------------------------------- */

/* Whom nida can ask: "hamsa", "twilio", or NULL, Hamsa and then Twilio. Without a word of Twilio in
 * the environment only who names it means it. */
static const char *narrow_via(struct session *s, const char *via)
{
	if (!via && !env_get(s->env, "TWILIO_ACCOUNT_SID") && !env_get(s->env, "TWILIO_AUTH_TOKEN"))
		return "hamsa";
	return via;
}

/* Who asks, and on which way where there is more than the one. */
static const char *name_wish(struct session *s, const char *via, const char *by)
{
	if (!via && !narrow_via(s, via))
		return arena_printf(&s->arena, "%s, through Hamsa or else Twilio", by);
	if (!via)
		return by;
	return arena_printf(&s->arena, "%s, through %s", by,
			    strcmp(via, "twilio") == 0 ? "Twilio" : "Hamsa");
}

/* *first: nobody had wished for this end before. */
static bool wish(struct session *s, const struct ending *call, const char *by, bool *first,
		 struct err *e)
{
	int64_t now_ms = clock_wall_ms(&s->in->clock);

	if (call->attempt.id != 0)
		return ledger_attempt_ask_end(s->ledger, call->attempt.id, by, now_ms, first, e);
	*first = true;
	return ledger_event_add(s->ledger,
				&(struct event){.at_ms = now_ms,
						.kind = "try.end_asked",
						.text = arena_printf(&s->arena, "%s by %s",
								     call->attempt.job_id, by)},
				e);
}

static bool take_back(struct session *s, const struct ending *call, const char *why, struct err *e)
{
	int64_t now_ms = clock_wall_ms(&s->in->clock);

	if (call->attempt.id != 0)
		return ledger_attempt_unask_end(s->ledger, call->attempt.id, why, now_ms, e);
	return ledger_event_add(s->ledger,
				&(struct event){.at_ms = now_ms,
						.kind = "try.end_failed",
						.text = arena_printf(&s->arena, "%s: %s",
								     call->attempt.job_id, why)},
				e);
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* *over: it had ended before anybody was asked. */
static bool end_by_hamsa(struct session *s, const struct ending *call, bool *over, struct err *e)
{
	struct answer answer;

	provider_end(&s->provider, 1, call->attempt.job_id);
	await_answer(s, &answer);
	if (answer.read != READ_OK)
		return err_set(e, ERR_FAILED, "Hamsa did not end the %s: %s", name_of(s, call),
			       answer.words);
	*over = answer.already_over;
	return true;
}

/* What Twilio can find the call by, as Hamsa or the ledger has it; NULL, 0: not known. */
struct trace {
	const char *sid;
	const char *to;
	int64_t from_ms;
};

/* How the call stands before anybody is asked to end it: perhaps it is over, by itself or because
 * somebody else was faster; perhaps Hamsa names Twilio's call. */
static bool look_first(struct session *s, const struct ending *call, bool *over,
		       struct trace *trace, struct err *e)
{
	const struct attempt *a = &call->attempt;
	struct answer answer;

	*trace = (struct trace){*a->twilio_sid ? a->twilio_sid : NULL, a->phone, a->intent_ms};
	provider_read(&s->provider, 1, a->job_id);
	await_answer(s, &answer);
	*over = answer.read == READ_OK && call_status_is_final(answer.call->status);
	if (answer.read != READ_OK)
		return true;
	/* Of a test call the ledger keeps the job id alone. */
	if (!trace->to && answer.call->user_number) {
		trace->to = arena_strdup(&s->arena, answer.call->user_number);
		trace->from_ms = answer.call->created_ms;
	}
	if (trace->sid || !answer.call->twilio_sid)
		return true;
	trace->sid = arena_strdup(&s->arena, answer.call->twilio_sid);
	return a->id == 0 || ledger_attempt_keep_sid(s->ledger, a->id, trace->sid, e);
}

static bool end_by_twilio(struct session *s, const struct trace *trace, bool *over, struct err *e)
{
	const char *url = env_get(s->env, "TWILIO_BASE_URL");
	struct twilio_config config = {
		.account_sid = env_get(s->env, "TWILIO_ACCOUNT_SID"),
		.auth_token = env_get(s->env, "TWILIO_AUTH_TOKEN"),
		.base_url = url ? url : "https://api.twilio.com",
		.clock = &s->in->clock,
	};
	struct twilio_target target = {
		.sid = trace->sid,
		.to = trace->to,
		.from = s->plan->campaign.from,
		.window_from_ms = trace->from_ms,
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

/* Hamsa, then Twilio, or the one that was named. *why: the reasons of both when neither could; NULL
 * when one did. */
static void somebody_ends(struct session *s, const struct ending *call, const char *via,
			  const struct trace *trace, bool *over, const char **why)
{
	struct err first = {0};
	struct err second = {0};

	*why = NULL;
	via = narrow_via(s, via);
	if ((!via || strcmp(via, "hamsa") == 0) && end_by_hamsa(s, call, over, &first))
		return;
	if ((!via || strcmp(via, "twilio") == 0) && end_by_twilio(s, trace, over, &second))
		return;
	*why = arena_printf(&s->arena, "%s%s%s", first.text, *first.text && *second.text ? " " : "",
			    second.text);
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

/* Whoever had the turn before may have ended it, and the runner recorded it. */
static bool is_recorded(struct session *s, const struct ending *call, bool *out, struct err *e)
{
	enum attempt_state state = ATTEMPT_LIVE;

	if (call->attempt.id != 0 && !ledger_attempt_state(s->ledger, call->attempt.id, &state, e))
		return false;
	*out = state == ATTEMPT_CLOSED;
	return true;
}

/* After the wish. *why: of a failure. */
static bool fulfil(struct session *s, const struct ending *call, const char *via, bool first,
		   enum ending_result *out, const char **why, struct err *e)
{
	struct trace trace;
	bool over;

	*why = NULL;
	if (!look_first(s, call, &over, &trace, e))
		return false;
	if (!over)
		somebody_ends(s, call, via, &trace, &over, why);
	if (*why) {
		*out = ENDING_FAILED;
		return !first ||
		       take_back(s, call, arena_printf(&s->arena, "nobody could end it: %s", *why),
				 e);
	}
	if (!await_end(s, call)) {
		*out = ENDING_ASKED;
		return true;
	}
	*out = over ? ENDING_OVER_BEFORE : ENDING_ENDED;
	/* Its own end stands; the runner, or the next run, records it. */
	return !over || !first || take_back(s, call, "it had ended before", e);
}

static bool ask(struct session *s, const struct ending *call, const char *via, const char *by,
		enum ending_result *out, struct err *e)
{
	const char *whom = via && strcmp(via, "twilio") == 0 ? "Twilio" : "Hamsa";
	const char *why = NULL;
	bool recorded;
	bool first;

	if (!is_recorded(s, call, &recorded, e))
		return false;
	*out = ENDING_OVER_BEFORE;
	if (!recorded) {
		say(stderr, "Asking %s to end the %s …\n", whom, name_of(s, call));
		if (!wish(s, call, name_wish(s, via, by), &first, e) ||
		    !fulfil(s, call, via, first, out, &why, e))
			return false;
	}
	tell(s, call, *out, why);
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
		calls[i].over = result == ENDING_ENDED || result == ENDING_OVER_BEFORE;
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

/* The reports that it names for people are no results of this command for a machine. */
static bool conclude(struct session *s, int64_t run_id, struct err *e)
{
	bool json = option_given(s->in, OPTION_JSON);
	int kept = json ? object_stdout_aside() : -1;
	enum exit_code code;
	bool ok = run_conclude(s, run_id, LOOP_FINISHED, "", false, &code, e);

	object_stdout_back(kept);
	return ok;
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
		ok = conclude(s, run->id, e);
	engine_free(engine);
	ledger_lock_drop(lock);
	return ok;
}
