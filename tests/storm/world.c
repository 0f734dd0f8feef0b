/*
 * Drawing a world: a campaign and a list as files (so that the real loader reads them), and a
 * network with faults.
 */
#include "storm.h"

#include "base/moment.h"
#include "base/problems.h"
#include "load/env.h"
#include "load/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A Sunday, 08:00 in Muscat. */
#define START_MS INT64_C(1795320000000)

static int64_t draw(struct storm *s, int64_t low, int64_t high)
{
	return low + (int64_t)rng_below(&s->rng, (uint64_t)(high - low + 1));
}

static bool chance(struct storm *s, double share)
{
	return rng_unit(&s->rng) < share;
}

static bool extra_chance(struct storm *s, double share)
{
	return rng_unit(&s->extras) < share;
}

static int extra(struct storm *s, int low, int high)
{
	return low + (int)rng_below(&s->extras, (uint64_t)(high - low + 1));
}

static FILE *create(struct storm *s, const char *name)
{
	char path[192];

	snprintf(path, sizeof(path), "%s/%s", s->folder, name);
	FILE *file = fopen(path, "w");
	if (!file)
		BUG("%s cannot be written", path);
	return file;
}

static void write_scenario(struct storm *s)
{
	FILE *f = create(s, "scenario.yaml");

	fputs("scenario: storm\n"
	      "variables:\n"
	      "  name: {type: text, required: true, max: 40}\n"
	      "outcome:\n"
	      "  disposition: {type: choice, of: [agreed, declined, do_not_call]}\n",
	      f);
	/* The rarer answer, or a common one, means "never again". */
	s->never_again = chance(s, 0.5) ? "agreed" : "do_not_call";
	fprintf(f, "suppress_when: {disposition: %s}\n", s->never_again);
	s->fails_often = extra_chance(s, 0.1);
	fprintf(f,
		"rehearsal: {answer: %d%%, no_answer: 35%%, failed: %d%%, talk: 5s-90s, "
		"cost_per_minute: 0.1}\n",
		s->fails_often ? 5 : 50, s->fails_often ? 60 : 15);
	fclose(f);
}

static void write_suppressed(struct storm *s)
{
	FILE *f = create(s, "never.csv");

	fputs("phone\n", f);
	for (int i = 1; i <= s->rows; i++)
		if (chance(s, 0.05))
			fprintf(f, "+9689%07d\n", i);
	fclose(f);
}

/* Row i has number +9689000000i; some rows repeat another's number, some cannot be called. */
static void write_list(struct storm *s)
{
	FILE *f = create(s, "list.csv");
	double twins = chance(s, 0.2) ? 0.6 : 0.1;

	fputs("id,name,mobile,agreed\n", f);
	for (int i = 1; i <= s->rows; i++) {
		struct storm_row *row = &s->list[i];
		row->number = chance(s, twins) ? (int)draw(s, 1, s->rows) : i;
		row->consents = extra_chance(s, 0.8);
		const char *agreed = row->consents ? "yes" : extra_chance(s, 0.5) ? "no" : "";
		if (chance(s, 0.03))
			fprintf(f, "r%d,Salim %d,12,%s\n", i, i, agreed);
		else if (chance(s, 0.03))
			fprintf(f, "r%d,,+9689%07d,%s\n", i, row->number, agreed);
		else {
			row->sound = true;
			fprintf(f, "r%d,Salim %d,+9689%07d,%s\n", i, i, row->number, agreed);
		}
	}
	fclose(f);
}

static void write_campaign(struct storm *s)
{
	static const char *const rules[] = {"first", "all", "reject"};
	FILE *f = create(s, "campaign.yaml");

	s->asks_consent = extra_chance(s, 0.15);
	fprintf(f,
		"campaign: storm\nscenario: scenario.yaml\n"
		"list: {file: list.csv, phone: mobile, key: id, duplicates: %s%s}\n"
		"from: \"+96824000000\"\nagent: agent-1\n"
		"params: {name: \"{{name}}\"}\n",
		rules[draw(s, 0, 2)], s->asks_consent ? ", consent: agreed" : "");
	fprintf(f, "pace: {calls_per_minute: %" PRId64 ", live: %" PRId64 "}\n", draw(s, 5, 240),
		draw(s, 1, 12));
	s->close_hour = (int)draw(s, 17, 20);
	fprintf(f,
		"hours:\n  timezone: Asia/Muscat\n  open: {daily: [\"09:00-13:00\", "
		"\"16:00-%02d:00\"]}\n",
		s->close_hour);
	if (chance(s, 0.2)) {
		int day = (int)draw(s, 22, 23);
		int hour = (int)draw(s, 9, 19);
		fprintf(f, "  until: \"2026-11-%02d %02d:30\"\n", day, hour);
		s->until_ms = days_from_date(2026, 11, day) * DAY_MS + hour * HOUR_MS +
			      30 * MINUTE_MS - MUSCAT_MS;
	}
	fprintf(f, "retry: {attempts: %d, on: {no_answer: [%dm, 2h], failed: [5m]}}\n",
		(int)draw(s, 1, 4), (int)draw(s, 1, 45));
	fprintf(f, "guard:\n  breaker: {failures: %d%%, of_last: %d}\n", s->fails_often ? 100 : 0,
		s->fails_often ? extra(s, 2, 4) : 20);
	if (extra_chance(s, 0.15))
		fprintf(f, "  canary: {rows: %d, min_answered: %d%%}\n", extra(s, 1, 8),
			extra(s, 10, 80));
	if (chance(s, 0.2))
		fprintf(f, "  budget: %d.%d\n", (int)draw(s, 0, 2), (int)draw(s, 1, 9));
	if (chance(s, 0.3))
		fprintf(f, "  per_person: {min_gap: %dm, per_day: %d, per_week: %d}\n",
			(int)draw(s, 1, 90), (int)draw(s, 1, 4), extra(s, 1, 5));
	fprintf(f, "suppress: [never.csv]\npoll: %ds\n", (int)draw(s, 1, 10));
	fprintf(f, "in_doubt: {settle: %dm, then: %s}\n", (int)draw(s, 4, 8),
		chance(s, 0.2) ? "hold" : "redial");
	fclose(f);
}

static void draw_network(struct storm *s)
{
	struct rehearsal_config config;
	bool calm = chance(s, 0.15);

	rehearsal_config_init(&config);
	config.start_ms = START_MS + draw(s, 0, 2 * HOUR_MS);
	config.network.seed = rng_next(&s->rng);
	config.network.rates = s->plan->scenario.rehearsal;
	config.max_call_ms = chance(s, 0.5) ? 5 * MINUTE_MS : 0;
	if (!calm) {
		bool stale = chance(s, 0.2);
		double *share = config.network.share;
		share[NETWORK_LOST_ANSWER] = rng_unit(&s->rng) * 0.08;
		share[NETWORK_LOST_REQUEST] = rng_unit(&s->rng) * 0.06;
		share[NETWORK_LATE_CREATION] = rng_unit(&s->rng) * 0.05;
		share[NETWORK_ERROR_500] = rng_unit(&s->rng) * 0.05;
		share[NETWORK_HTML_502] = rng_unit(&s->rng) * 0.05;
		share[NETWORK_NO_ID] = rng_unit(&s->rng) * 0.03;
		share[NETWORK_TOO_MANY] = rng_unit(&s->rng) * 0.06;
		share[NETWORK_BAD_ROW] = rng_unit(&s->rng) * 0.04;
		share[NETWORK_STUCK] = rng_unit(&s->rng) * 0.03;
		share[NETWORK_GONE] = rng_unit(&s->rng) * 0.03;
		share[NETWORK_LATE_TRANSCRIPT] = rng_unit(&s->rng) * (chance(s, 0.2) ? 1 : 0.2);
		share[NETWORK_UNKNOWN_WORD] = rng_unit(&s->rng) * 0.05;
		share[NETWORK_FORWARDED] = rng_unit(&s->rng) * 0.1;
		share[NETWORK_NO_COST] = rng_unit(&s->rng) * 0.2;
		share[NETWORK_READ_ERROR] = rng_unit(&s->rng) * 0.1;
		share[NETWORK_DUPLICATE_ROW] = rng_unit(&s->rng) * 0.1;
		/* "Never again" may come minutes after the end. */
		config.network.transcript_reads = (int)draw(s, 1, 8);
		/* What settling must withstand: the campaign's settle time is the longer one. */
		config.network.late_ms = draw(s, 1, 2 * MINUTE_MS);
		config.network.retry_after_ms = chance(s, 0.5) ? draw(s, 1, 60) * SECOND_MS : 0;
		config.network.stale_list_ms = chance(s, 0.5) ? draw(s, 0, 90) * SECOND_MS : 0;
		/* A list may lag for longer than anybody waits, if calls are not made late as
		 * well. */
		if (stale) {
			share[NETWORK_LATE_CREATION] = 0;
			config.network.stale_list_ms = draw(s, 5, 20) * MINUTE_MS;
		}
		config.network.live_limit = chance(s, 0.2) ? draw(s, 2, 8) : 0;
		config.unreachable = chance(s, 0.3) ? rng_unit(&s->rng) * 0.1 : 0;
	}
	s->foreign_calls = chance(s, 0.3);
	s->clock_jumps = chance(s, 0.2);
	if (!rehearsal_new(&config, &s->network))
		BUG("the storm drew a network that cannot be");
}

static void load(struct storm *s)
{
	struct problems *problems = xcalloc(1, sizeof(*problems));
	struct env *env;
	struct err e;

	if (!env_load(NULL, NULL, &env, &e))
		BUG("%s", e.text);
	s->plan = plan_load(s->campaign, env, problems);
	if (!s->plan)
		BUG("the storm drew a campaign that cannot be: %s", problems->items[0].text);
	problems_free(problems);
	free(problems);
	env_free(env);
}

bool storm_open(struct storm *s, uint64_t seed)
{
	const char *root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	*s = (struct storm){.seed = seed};
	rng_seed(&s->rng, seed);
	rng_seed(&s->extras, ~seed);
	snprintf(s->folder, sizeof(s->folder), "%s/nida-storm-XXXXXX", root);
	if (!mkdtemp(s->folder))
		BUG("%s cannot be made", s->folder);
	snprintf(s->campaign, sizeof(s->campaign), "%s/campaign.yaml", s->folder);
	snprintf(s->ledger_path, sizeof(s->ledger_path), "%s/nida.db", s->folder);
	s->rows = (int)draw(s, 1, chance(s, 0.1) ? 150 : 25);
	write_scenario(s);
	write_suppressed(s);
	write_list(s);
	write_campaign(s);
	load(s);
	draw_network(s);
	s->crashes_left = (int)draw(s, 0, 12);
	storm_make_door(s);
	return true;
}

void storm_close(struct storm *s)
{
	static const char *const names[] = {"campaign.yaml", "scenario.yaml", "list.csv",
					    "never.csv",     "nida.db",       "nida.db-wal",
					    "nida.db-shm"};

	free(s->dials);
	provider_free(&s->network);
	plan_free(s->plan);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char path[192];
		snprintf(path, sizeof(path), "%s/%s", s->folder, names[i]);
		unlink(path);
	}
	rmdir(s->folder);
}
