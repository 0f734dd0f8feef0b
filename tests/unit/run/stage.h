/*
 * A stage for the engine: a campaign of a few rows in a private ledger, a clock that moves only
 * when the engine waits, and a Hamsa that does what the test has written into it.
 */
#ifndef NIDA_TEST_RUN_STAGE_H
#define NIDA_TEST_RUN_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/moment.h"
#include "base/problems.h"
#include "ledger/attempt.h"
#include "ledger/contact.h"
#include "ledger/run.h"
#include "ledger/suppression.h"
#include "load/env.h"
#include "load/plan.h"
#include "run/engine.h"
#include "run/freeze.h"

/* A Sunday, 10:00 in Muscat. */
#define STAGE_START_MS INT64_C(1795327200000)
#define STAGE_CALLS    16
#define STAGE_QUEUE    64

#define must(call)                                         \
	do {                                               \
		struct err e = {0};                        \
		if (!(call))                               \
			fail_msg("%s: %s", #call, e.text); \
	} while (0)

/* A call as this Hamsa knows it. */
struct stage_call {
	char id[40];
	char to[24];
	char ref[33];
	int64_t placed_us;
	bool ended; /* somebody ended it */
	int reads;  /* while it was over */
};

struct stage_answer {
	enum request_kind kind;
	uint64_t token;
	size_t call; /* REQUEST_READ, REQUEST_PLACE */
	bool lost;   /* REQUEST_PLACE */
	int page;    /* REQUEST_LIST */
	int64_t from_ms;
};

struct stage {
	/* what this Hamsa does */
	int64_t talk_ms;         /* a call is over so long after its placing */
	enum call_status ending; /* how */
	int findings_reads;      /* readings of a call that is over which lack the findings */
	const char *findings;    /* the value of `disposition`; NULL: never any */
	bool list_without_end;   /* every page is full of strangers */
	bool odd_calls_fail;     /* every second call fails at once */
	bool one_id_for_all;     /* every placing is answered with the first call's id */
	bool hides_calls;        /* the list shows only the last call placed */
	bool never_ends;         /* whoever asks for the end of a call */
	bool list_fails;         /* for now, every time */
	bool reads_fail;         /* of calls, likewise */
	bool hides_first;        /* the first call cannot be read */
	bool mixes_up;           /* whatever call is read, the first one's reply comes */
	const char *list_agent;  /* what the list has for an agent */
	bool list_national;      /* it writes numbers without their country code */
	bool refuses_key;        /* whatever is asked */
	const char *project;     /* the id it tells; NULL: none */
	const char *recording;   /* where it is to be had */
	bool recording_renewed;  /* each reading names another address for it */
	enum fetch_verdict fetch;
	struct fetched fetched;  /* what it says of what it has written */
	bool loses_answer;       /* of the next placing: the call is made all the same */
	int64_t clock_behind_ms; /* its own clock, behind ours */
	bool hides_length;       /* how long a call took is never told, nor what it cost */
	int64_t writing_us;      /* what writing an intent down takes */
	size_t unsent;           /* placings that wait for a connection */
	int64_t answer_us;       /* what a step takes with each answer */

	/* what happened */
	size_t call_count;
	struct stage_call calls[STAGE_CALLS];
	int requests[REQUEST_FETCH + 1];

	struct clock clock;
	int64_t now_us;
	struct provider provider;
	size_t queued;
	struct stage_answer queue[STAGE_QUEUE];
	struct call_report report;
	struct utterance utterance;
	struct outcome_value value;
	struct agent_report agent;
	struct call_line lines[200];
	char strangers[200][32];
	char link[2048];

	char folder[64];
	const char *recordings; /* where they go; NULL: nowhere */
	struct plan *plan;
	struct ledger *ledger;
	struct rng rng;
	int64_t run_id;
	struct engine *engine;
	enum engine_state state;
};

static int64_t stage_wall_ms(const struct clock *c)
{
	return STAGE_START_MS + ((const struct stage *)c->world)->now_us / 1000;
}

static struct mono stage_mono(const struct clock *c)
{
	return (struct mono){((const struct stage *)c->world)->now_us};
}

static void stage_queue(struct stage *s, struct stage_answer answer)
{
	assert_true(s->queued < STAGE_QUEUE);
	s->requests[answer.kind]++;
	s->queue[s->queued++] = answer;
}

static void stage_place(void *self, uint64_t token, const struct place_order *order)
{
	struct stage *s = self;
	struct stage_call *call = &s->calls[s->call_count];

	assert_true(s->call_count < STAGE_CALLS);
	snprintf(call->id, sizeof(call->id), "job-%zu", s->one_id_for_all ? 0 : s->call_count);
	snprintf(call->to, sizeof(call->to), "%s", order->to);
	for (size_t i = 0; i < order->param_count; i++)
		if (strcmp(order->param_names[i], "nidaRef") == 0)
			snprintf(call->ref, sizeof(call->ref), "%s", order->param_values[i]);
	call->placed_us = s->now_us;
	stage_queue(s, (struct stage_answer){.kind = REQUEST_PLACE,
					     .token = token,
					     .call = s->call_count,
					     .lost = s->loses_answer});
	s->loses_answer = false;
	s->call_count++;
}

static void stage_list(void *self, uint64_t token, const struct list_query *query)
{
	stage_queue(self, (struct stage_answer){.kind = REQUEST_LIST,
						.token = token,
						.page = query->page,
						.from_ms = query->from_ms});
}

static size_t stage_find(const struct stage *s, const char *id)
{
	for (size_t i = 0; i < s->call_count; i++)
		if (strcmp(s->calls[i].id, id) == 0)
			return i;
	fail_msg("nobody knows %s", id);
	return 0;
}

static void stage_read(void *self, uint64_t token, const char *id)
{
	stage_queue(self, (struct stage_answer){.kind = REQUEST_READ,
						.token = token,
						.call = stage_find(self, id)});
}

static void stage_end(void *self, uint64_t token, const char *id)
{
	struct stage *s = self;

	s->calls[stage_find(s, id)].ended = !s->never_ends;
	stage_queue(s, (struct stage_answer){.kind = REQUEST_END, .token = token});
}

static void stage_project(void *self, uint64_t token)
{
	stage_queue(self, (struct stage_answer){.kind = REQUEST_PROJECT, .token = token});
}

static void stage_agent(void *self, uint64_t token, const char *agent)
{
	(void)agent;
	stage_queue(self, (struct stage_answer){.kind = REQUEST_AGENT, .token = token});
}

static void stage_fetch(void *self, uint64_t token, const struct fetch_order *order)
{
	FILE *file = fopen(order->path, "w");

	assert_non_null(file);
	fputs("ID3", file);
	fclose(file);
	stage_queue(self, (struct stage_answer){.kind = REQUEST_FETCH, .token = token});
}

static size_t stage_unsent(void *self)
{
	return ((struct stage *)self)->unsent;
}

static char *stage_render(void *self, const struct place_order *order)
{
	struct stage *s = self;

	(void)order;
	s->now_us += s->writing_us;
	return xstrdup("{}");
}

/* What has not left is not answered. */
static bool stage_has_answer(const struct stage *s)
{
	return s->queued > 0 && !(s->unsent > 0 && s->queue[0].kind == REQUEST_PLACE);
}

static void stage_wait(void *self, int64_t us)
{
	struct stage *s = self;

	if (!stage_has_answer(s) && us != INT64_MAX)
		s->now_us += us;
}

static bool stage_over(const struct stage *s, const struct stage_call *call)
{
	return call->ended || s->now_us - call->placed_us >= s->talk_ms * 1000 ||
	       (s->odd_calls_fail && (call - s->calls) % 2 == 1);
}

static enum call_status stage_status(const struct stage *s, const struct stage_call *call)
{
	if (!stage_over(s, call))
		return CALL_IN_PROGRESS;
	return s->odd_calls_fail && (call - s->calls) % 2 == 1 ? CALL_FAILED : s->ending;
}

static int64_t stage_created_ms(const struct stage *s, const struct stage_call *call)
{
	return STAGE_START_MS + call->placed_us / 1000 - s->clock_behind_ms;
}

static void stage_tell_call(struct stage *s, struct stage_call *call, struct answer *out)
{
	bool over = stage_over(s, call);

	s->report = (struct call_report){
		.job_id = call->id,
		.id = call->id,
		.status = stage_status(s, call),
		.talk_ms = over && !s->hides_length ? s->talk_ms : -1,
		.created_ms = stage_created_ms(s, call),
		.user_number = call->to,
		.ref = call->ref,
		.raw = "{}",
	};
	if (over && call->reads++ >= s->findings_reads) {
		s->utterance = (struct utterance){SPEAKER_CUSTOMER, "yes"};
		s->value = (struct outcome_value){"disposition", s->findings};
		snprintf(s->link, sizeof(s->link), "%s%s%d", s->recording,
			 s->recording_renewed ? "?" : "/", s->recording_renewed ? call->reads : 0);
		s->report.recording = s->link;
		s->report.utterances = &s->utterance;
		s->report.utterance_count = 1;
		s->report.values = &s->value;
		s->report.value_count = s->findings != NULL;
	}
	out->call = &s->report;
}

static void stage_tell_list(struct stage *s, int page, int64_t from_ms, struct answer *out)
{
	for (size_t i = 0; s->list_without_end && i < 200; i++) {
		snprintf(s->strangers[i], sizeof(s->strangers[i]), "stranger-%d-%zu", page, i);
		s->lines[i] = (struct call_line){.job_id = s->strangers[i],
						 .status = CALL_IN_PROGRESS,
						 .user_number = "+96899999999"};
	}
	out->lines = s->lines;
	out->line_count = s->list_without_end ? 200 : 0;
	out->last_page = !s->list_without_end;
	if (s->list_without_end || page > 1)
		return;
	for (size_t i = s->hides_calls ? s->call_count - 1 : 0; i < s->call_count; i++) {
		struct stage_call *call = &s->calls[i];
		if (stage_created_ms(s, call) < from_ms)
			continue;
		s->lines[out->line_count++] = (struct call_line){
			.job_id = call->id,
			.status = stage_status(s, call),
			.created_ms = stage_created_ms(s, call),
			.user_number = s->list_national ? call->to + 4 : call->to,
			.agent_id = s->list_agent,
		};
	}
}

static bool stage_next(void *self, struct answer *out)
{
	struct stage *s = self;

	if (!stage_has_answer(s))
		return false;
	s->now_us += s->answer_us;

	struct stage_answer a = s->queue[0];
	memmove(s->queue, s->queue + 1, --s->queued * sizeof(a));
	*out = (struct answer){
		.kind = a.kind,
		.token = a.token,
		.place = PLACE_ACCEPTED,
		.read = READ_OK,
		.words = "",
		.raw = "{}",
		.project_id = s->project ? s->project : "",
		.agent = &s->agent,
		.fetch = s->fetch,
		.fetched = &s->fetched,
	};
	if (s->refuses_key) {
		out->place = PLACE_STOP;
		out->read = READ_STOP;
		return true;
	}
	if (a.lost)
		out->place = PLACE_IN_DOUBT;
	if (a.kind == REQUEST_LIST && s->list_fails)
		out->read = READ_LATER;
	if (a.kind == REQUEST_PLACE)
		out->job_id = s->calls[a.call].id;
	if (a.kind == REQUEST_READ && (s->reads_fail || (s->hides_first && a.call == 0)))
		out->read = READ_LATER;
	else if (a.kind == REQUEST_READ)
		stage_tell_call(s, &s->calls[s->mixes_up ? 0 : a.call], out);
	if (a.kind == REQUEST_LIST)
		stage_tell_list(s, a.page, a.from_ms, out);
	return true;
}

static size_t stage_in_flight(void *self)
{
	return ((struct stage *)self)->queued;
}

static void stage_nothing(void *self)
{
	(void)self;
}

static const struct provider_ops stage_ops = {
	.place = stage_place,
	.list = stage_list,
	.read = stage_read,
	.end = stage_end,
	.project = stage_project,
	.agent = stage_agent,
	.fetch = stage_fetch,
	.unsent = stage_unsent,
	.render = stage_render,
	.wait = stage_wait,
	.next = stage_next,
	.in_flight = stage_in_flight,
	.free = stage_nothing,
};

static void stage_write(struct stage *s, const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", s->folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void stage_start_engine(struct stage *s)
{
	struct engine_parts parts = {
		.ledger = s->ledger,
		.provider = &s->provider,
		.clock = &s->clock,
		.rng = &s->rng,
		.plan = s->plan,
		.run_id = s->run_id,
		.recordings = s->recordings,
	};

	must(engine_new(&parts, &s->engine, &e));
}

/* `rules`: more lines of the campaign. Rows are "id,mobile". */
static struct stage *stage_open(const char *rules, const char *rows)
{
	struct stage *s = calloc(1, sizeof(*s));
	struct problems problems = {0};
	char campaign[2048];
	char list[1024];
	struct env *env;

	s->talk_ms = 60 * SECOND_MS;
	s->ending = CALL_COMPLETED;
	s->findings = "agreed";
	s->recording = "https://recordings.invalid/1";
	s->fetched = (struct fetched){.validator = "", .type = "audio/mpeg", .ending = "mp3"};
	s->clock = (struct clock){.wall_ms = stage_wall_ms,
				  .mono = stage_mono,
				  .world = s,
				  .speed = 1};
	s->provider = (struct provider){&stage_ops, s};
	s->agent = (struct agent_report){.id = "agent-1", .name = "", .max_call_ms = 300000};
	rng_seed(&s->rng, 7);
	snprintf(s->folder, sizeof(s->folder), "/tmp/nida-stage-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	stage_write(s, "scenario.yaml",
		    "scenario: stage\n"
		    "outcome:\n  disposition: {type: choice, of: [agreed, do_not_call]}\n"
		    "suppress_when: {disposition: do_not_call}\n");
	snprintf(campaign, sizeof(campaign),
		 "campaign: stage\nscenario: scenario.yaml\n"
		 "list: {file: list.csv, phone: mobile, key: id, duplicates: all}\n"
		 "agent: agent-1\n"
		 "hours: {timezone: Asia/Muscat, open: {daily: [\"09:00-24:00\"]}}\n%s",
		 rules);
	stage_write(s, "campaign.yaml", campaign);
	snprintf(list, sizeof(list), "id,mobile\n%s", rows);
	stage_write(s, "list.csv", list);

	must(env_load(NULL, NULL, &env, &e));
	snprintf(campaign, sizeof(campaign), "%s/campaign.yaml", s->folder);
	s->plan = plan_load(campaign, env, &problems);
	if (!s->plan)
		fail_msg("%s", problems.items[0].text);
	problems_free(&problems);
	env_free(env);

	struct suppressor *suppressor = suppressor_new(s->plan, NULL);
	struct freeze_options options = {.name = "stage", .now_ms = STAGE_START_MS};
	struct frozen frozen;
	must(ledger_open(NULL, LEDGER_WRITE, &s->ledger, &e));
	must(freeze_list(s->ledger, s->plan, suppressor, &options, &frozen, &e));
	s->run_id = frozen.run_id;
	suppressor_free(suppressor);
	stage_start_engine(s);
	return s;
}

static void stage_close(struct stage *s)
{
	static const char *const names[] = {"scenario.yaml", "campaign.yaml", "list.csv"};

	engine_free(s->engine);
	ledger_close(s->ledger);
	plan_free(s->plan);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s/%s", s->folder, names[i]);
		unlink(path);
	}
	rmdir(s->folder);
	free(s);
}

/* Until the engine is done, or this much of the clock has passed. */
static void stage_play(struct stage *s, int64_t most_ms)
{
	int64_t end_us = s->now_us + most_ms * 1000;
	int64_t wait_us;

	for (int steps = 0; s->now_us < end_us; steps++) {
		must(engine_step(s->engine, &wait_us, &s->state, &e));
		if (s->state != ENGINE_GOING)
			return;
		if (steps > 100000)
			fail_msg("the engine spins at %lld ms", (long long)(s->now_us / 1000));
		int64_t left_us = end_us - s->now_us;
		provider_wait(&s->provider, wait_us < left_us ? wait_us : left_us);
	}
}

static struct contact stage_row(struct stage *s, const char *key, struct arena *arena)
{
	struct contact contact;
	bool found;

	must(ledger_contact_any_by_key(s->ledger, s->run_id, key, arena, &contact, &found, &e));
	assert_true(found);
	return contact;
}

#endif
