#include "hamsa_p.h"

#include "calls_p.h"
#include "table_p.h"

#include "cmd/say.h"

#include "base/buf.h"
#include "base/moment.h"
#include "model/call.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define TEXT_MAX    ((size_t)1 << 20)
#define WHEN_WIDTH  19
#define WORD_WIDTH  11
#define PHONE_WIDTH 16
#define WHOSE_WIDTH 28

struct showing {
	struct session *s;
	const struct zone *zone;
	struct arena arena; /* of one line */
	int64_t count[CALLS_OURS + 1];
};

static const char *owner_name(enum calls_owner owner)
{
	static const char *const names[] = {
		[CALLS_FOREIGN] = "foreign", [CALLS_TRY] = "try", [CALLS_OURS] = "run"};

	return names[owner];
}

static void print_line(struct showing *show, const struct call_line *line,
		       const struct calls_place *place)
{
	char when[MOMENT_SIZE] = "";
	const char *whose = owner_name(place->owner);

	if (place->owner == CALLS_OURS)
		whose = arena_printf(&show->arena, "%s %s", place->run.campaign,
				     place->contact.key);
	if (line->created_ms)
		moment_short(show->zone, line->created_ms, true, when);
	table_cell(when, WHEN_WIDTH + 2, true);
	table_cell(call_status_name(line->status), WORD_WIDTH + 2, true);
	table_cell(line->user_number ? line->user_number : "", PHONE_WIDTH + 2, true);
	table_cell(whose, WHOSE_WIDTH, false);
	putchar('\n');
}

static void print_json(const struct call_line *line, const struct calls_place *place)
{
	char when[MOMENT_SIZE] = "";
	struct buf out;

	if (line->created_ms)
		moment_iso(zone_utc(), line->created_ms, when);
	buf_init(&out, TEXT_MAX);
	buf_adds(&out, "{\"job_id\":");
	buf_add_json(&out, line->job_id);
	buf_addf(&out, ",\"created\":\"%s\",\"status\":\"%s\",\"number\":", when,
		 call_status_name(line->status));
	buf_add_json(&out, line->user_number ? line->user_number : "");
	buf_adds(&out, ",\"agent_id\":");
	buf_add_json(&out, line->agent_id ? line->agent_id : "");
	buf_addf(&out, ",\"owner\":\"%s\"", owner_name(place->owner));
	if (place->owner == CALLS_OURS) {
		buf_adds(&out, ",\"campaign\":");
		buf_add_json(&out, place->run.campaign);
		buf_adds(&out, ",\"run\":");
		buf_add_json(&out, place->run.name);
		buf_adds(&out, ",\"key\":");
		buf_add_json(&out, place->contact.key);
		buf_addf(&out, ",\"attempt\":%d", place->attempt.number);
	}
	say(stdout, "%s}\n", out.data);
	buf_free(&out);
}

static bool show_call(void *data, const struct call_line *line, struct err *e)
{
	struct showing *show = data;
	struct calls_place place = {0};

	arena_reset(&show->arena);
	if (show->s->ledger && !calls_find(show->s, line->job_id, "", &show->arena, &place, e))
		return false;
	show->count[place.owner]++;
	if (option_given(show->s->in, OPTION_JSON))
		print_json(line, &place);
	else
		print_line(show, line, &place);
	return true;
}

/* The local time of the campaigns here; of several, any. */
static bool take_zone(void *data, const struct run *run, struct err *e)
{
	struct showing *show = data;

	return zone_find(run->zone, &show->zone, e);
}

/* The ledger that was named, else the one that is here; without any, every call is foreign. */
static bool open_ledger(struct showing *show, struct err *e)
{
	struct session *s = show->s;

	if (!option_given(s->in, OPTION_LEDGER) && access("nida.db", F_OK) != 0) {
		say(stderr, "There is no nida.db here and no --ledger, so that no call can be "
			    "told from a foreign one.\n");
		return true;
	}
	return session_open_ledger(s, LEDGER_READ, e) &&
	       ledger_run_each_latest(s->ledger, &s->arena, take_zone, show, e);
}

bool hamsa_calls(struct session *s, int64_t from_ms, int64_t now_ms, struct err *e)
{
	struct showing show = {.s = s, .zone = zone_utc()};
	/* Hamsa's clock may be ahead of ours. */
	struct calls_query query = {.from_ms = from_ms, .to_ms = now_ms + CALL_SKEW_MS};
	int64_t sum = 0;

	if (!session_open_hamsa(s, false, e) || !open_ledger(&show, e))
		return false;
	bool ok = calls_each(s, &query, show_call, &show, e);
	arena_free(&show.arena);
	if (!ok || option_given(s->in, OPTION_JSON))
		return ok;
	for (int i = 0; i <= CALLS_OURS; i++)
		sum += show.count[i];
	say(stdout,
	    "%" PRId64 " calls: %" PRId64 " of runs, %" PRId64 " by nida try, %" PRId64
	    " foreign.\nTimes are %s.\n",
	    sum, show.count[CALLS_OURS], show.count[CALLS_TRY], show.count[CALLS_FOREIGN],
	    zone_name(show.zone));
	return true;
}
