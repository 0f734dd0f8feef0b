/*
 * What `nida purge` removes, and whether it may.
 */
#include "purge_p.h"

#include "base/text.h"
#include "ledger/lock.h"
#include "ledger/purge.h"
#include "ledger/suppression.h"

#include <string.h>

/* per_person looks back a week: what is younger must stay countable. */
#define YOUNGEST_MS (7 * DAY_MS)

bool purge_is_person(const struct purging *p)
{
	return p->person.e164[0] != '\0';
}

bool purge_run_of(const struct purging *p, size_t i, struct run *run, struct contact *contact,
		  struct err *e)
{
	struct session *s = p->s;

	*contact = (struct contact){0};
	if (!purge_is_person(p))
		return ledger_run_get(s->ledger, p->ids[i], &s->arena, run, e);
	return ledger_contact_get(s->ledger, p->ids[i], &s->arena, contact, e) &&
	       ledger_run_get(s->ledger, contact->run_id, &s->arena, run, e);
}

static bool find(struct purging *p, struct err *e)
{
	struct session *s = p->s;
	const char *age = s->in->values[OPTION_OLDER_THAN];
	int64_t age_ms;

	if (purge_is_person(p))
		return ledger_purge_find_person(s->ledger, p->person.e164, &s->arena, &p->ids,
						&p->count, e);
	if (!span_parse(age, &age_ms) || age_ms < YOUNGEST_MS)
		return err_set(e, ERR_INVALID,
			       "--older-than is '%s'; expected 7d or more, such as 90d: until then "
			       "the calls count for how often a person may be called.",
			       age);
	return ledger_purge_find_runs(s->ledger, s->plan ? s->plan->campaign.name : NULL,
				      clock_wall_ms(&s->in->clock) - age_ms, &s->arena, &p->ids,
				      &p->count, e);
}

/* A runner holds what it has read in memory, and would write it back. */
static bool lock_campaign(struct purging *p, const char *campaign, struct err *e)
{
	for (size_t i = 0; i < p->lock_count; i++)
		if (strcmp(p->locked[i], campaign) == 0)
			return true;
	p->locked[p->lock_count] = campaign;
	if (!ledger_lock_take(p->s->ledger, campaign, &p->locks[p->lock_count], e))
		return false;
	p->lock_count++;
	return true;
}

static bool check_row(const struct purging *p, const struct run *run, const struct contact *c,
		      struct err *e)
{
	bool final = contact_state_is_final(c->state);
	bool suppressed;

	if (c->state == CONTACT_IN_DOUBT)
		return err_set(
			e, ERR_INVALID,
			"Row %s of run %s of campaign %s is in doubt: nobody knows whether "
			"this person was called. Say so first: nida settle CAMPAIGN %s --run %s. "
			"Nothing was removed.",
			c->key, run->name, run->campaign, c->key, run->name);
	if (run->state != RUN_OPEN && !final)
		return err_set(e, ERR_INVALID,
			       "Row %s of run %s of campaign %s is %s, although the run was "
			       "cancelled: nobody has carried that out to its end. First: nida "
			       "cancel CAMPAIGN --run %s. Nothing was removed.",
			       c->key, run->name, run->campaign, contact_state_name(c->state),
			       run->name);
	if (run->state != RUN_OPEN)
		return true;
	if (!ledger_suppression_has(p->s->ledger, p->person.e164, &suppressed, e))
		return false;
	if (final && suppressed)
		return true;
	return err_set(
		e, ERR_INVALID,
		"Row %s of run %s of campaign %s is %s. First say that this number must not be "
		"called: nida suppress add %s --ledger %s. Then %s. Nothing was removed.",
		c->key, run->name, run->campaign,
		final ? "over, but its run is not, and a list that is taken in could bring the "
			"person back"
		      : "still to be called",
		p->person.e164, ledger_path(p->s->ledger),
		final ? "purge again" : "let the run come to its end, and purge again");
}

/* What becomes of a call that is not over would be written into the run after it was emptied, and
 * nobody would know any more whose number is busy. */
static bool has_open_calls(const struct purging *p, const struct run *run, bool *out, struct err *e)
{
	struct tally t;

	if (!ledger_run_tally(p->s->ledger, run->id, &t, e))
		return false;
	*out = run->state == RUN_OPEN ||
	       t.state[CONTACT_PLACING] + t.state[CONTACT_LIVE] + t.state[CONTACT_IN_DOUBT] > 0;
	return true;
}

static bool check_one(struct purging *p, size_t i, bool look, bool *stays, struct err *e)
{
	struct contact contact;
	struct run run;

	*stays = false;
	/* Read again under the lock: until then others may change it. */
	if (!purge_run_of(p, i, &run, &contact, e) ||
	    (!look &&
	     (!lock_campaign(p, run.campaign, e) || !purge_run_of(p, i, &run, &contact, e))))
		return false;
	return purge_is_person(p) ? check_row(p, &run, &contact, e)
				  : has_open_calls(p, &run, stays, e);
}

bool purge_choose(struct purging *p, bool look, struct err *e)
{
	struct arena *arena = &p->s->arena;
	size_t found;

	if (!find(p, e))
		return false;
	found = p->count;
	p->count = 0;
	p->left_count = 0;
	p->left = arena_array(arena, found + 1, sizeof(*p->left));
	p->locks = arena_array(arena, found + 1, sizeof(struct ledger_lock *));
	p->locked = arena_array(arena, found + 1, sizeof(*p->locked));
	for (size_t i = 0; i < found; i++) {
		bool stays;
		if (!check_one(p, i, look, &stays, e))
			return false;
		if (stays)
			p->left[p->left_count++] = p->ids[i];
		else
			p->ids[p->count++] = p->ids[i];
	}
	return true;
}

void purge_let_go(struct purging *p)
{
	for (size_t i = 0; i < p->lock_count; i++)
		ledger_lock_drop(p->locks[i]);
	p->lock_count = 0;
}

bool purge_choose_again(struct purging *p, struct err *e)
{
	const int64_t *shown = p->ids;
	size_t count = p->count;

	if (!purge_choose(p, false, e))
		return false;
	if (p->count == count && memcmp(p->ids, shown, count * sizeof(*shown)) == 0)
		return true;
	return err_set(e, ERR_FAILED,
		       "What is to be removed has changed while the question stood. Nothing was "
		       "removed; say it again.");
}
