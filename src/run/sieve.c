#include "sieve_p.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/sorter.h"
#include "model/phone.h"

#include <stdlib.h>

struct sieve {
	struct sorter *keys;
	struct sorter *numbers;
};

struct sieve *sieve_new(void)
{
	struct sieve *s = xcalloc(1, sizeof(*s));

	s->keys = sorter_new();
	s->numbers = sorter_new();
	return s;
}

void sieve_free(struct sieve *s)
{
	if (!s)
		return;
	sorter_free(s->keys);
	sorter_free(s->numbers);
	free(s);
}

bool sieve_add(struct sieve *s, int64_t ordinal, const char *key, const char *phone, struct err *e)
{
	uint64_t number = phone_to_number(phone);

	if (!number)
		BUG("row %lld has no number", (long long)ordinal);
	/* Keys with the same hash are compared as texts. */
	return sorter_add(s->keys, fnv1a_text(key), ordinal, e) &&
	       sorter_add(s->numbers, number, ordinal, e);
}

/* A walk along sorted pairs that stops at each place whose value another place has too; the first
 * of them is told when the second one is met. */
struct walk {
	struct sorter_pair first;
	bool told;
	bool (*twin)(struct walk *w, int64_t ordinal, struct err *e);

	void (*visit)(void *data, int64_t ordinal); /* suspects */
	void *data;

	struct ledger *ledger; /* marking */
	int64_t run_id;
	enum duplicates_rule rule;
	struct number_group group;
	int64_t skipped;
};

static bool step(void *data, const struct sorter_pair *pair, struct err *e)
{
	struct walk *w = data;

	if (w->first.place == 0 || pair->value != w->first.value) {
		w->first = *pair;
		w->told = false;
		return true;
	}
	if (!w->told && !w->twin(w, w->first.place, e))
		return false;
	w->told = true;
	return w->twin(w, pair->place, e);
}

static bool suspect(struct walk *w, int64_t ordinal, struct err *e)
{
	(void)e;
	w->visit(w->data, ordinal);
	return true;
}

bool sieve_suspects(struct sieve *s, void (*visit)(void *data, int64_t ordinal), void *data,
		    struct err *e)
{
	struct walk keys = {.twin = suspect, .visit = visit, .data = data};
	struct walk numbers = keys;

	return sorter_each(s->keys, step, &keys, e) && sorter_each(s->numbers, step, &numbers, e);
}

static bool mark_key(struct walk *w, int64_t ordinal, struct err *e)
{
	bool skipped = false;

	if (ordinal == w->first.place)
		return true;
	if (!ledger_load_same_key(w->ledger, w->run_id, w->first.place, ordinal, &skipped, e))
		return false;
	w->skipped += skipped;
	return true;
}

static bool mark_number(struct walk *w, int64_t ordinal, struct err *e)
{
	if (ordinal == w->first.place)
		w->group = (struct number_group){0};

	int64_t before = w->group.skipped;
	bool ok = ledger_load_same_number(w->ledger, w->run_id, &w->group, w->rule, ordinal, e);
	w->skipped += w->group.skipped - before;
	return ok;
}

bool sieve_mark(struct sieve *s, struct ledger *l, int64_t run_id, enum duplicates_rule rule,
		int64_t *skipped, struct err *e)
{
	struct walk keys = {.twin = mark_key, .ledger = l, .run_id = run_id};
	struct walk numbers = {.twin = mark_number, .ledger = l, .run_id = run_id, .rule = rule};
	/* Keys first: a row that goes for its key is none that its number is called by. */
	bool ok = sorter_each(s->keys, step, &keys, e) &&
		  (rule == DUPLICATES_ALL || sorter_each(s->numbers, step, &numbers, e));

	*skipped = keys.skipped + numbers.skipped;
	return ok;
}
