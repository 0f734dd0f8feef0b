#include "run/suppressor.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "ledger/suppression.h"
#include "load/suppression.h"
#include "model/phone.h"
#include "model/phone_set.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct source {
	const char *file;
	bool known;   /* `stamp` is that of the numbers */
	bool counted; /* `numbers` are of a successful reading, perhaps an older one */
	struct stamp stamp;
	struct phone_set numbers;
	struct stamp seen; /* what the file looked like last, and since when */
	struct mono seen_at;
	bool refused; /* as it was seen last it must not be used; `refusal` says why */
	struct err refusal;
	bool stops;            /* the log has said that nobody is dialled because of it */
	struct stamp accepted; /* what a person has looked at */
};

struct suppressor {
	enum phone_country home;
	const struct clock *clock; /* NULL: files are never too young */
	struct clock machine;      /* whose time files carry, whatever the run's clock says */
	size_t count;
	struct source *sources;
};

struct suppressor *suppressor_new(const struct plan *plan, const struct clock *clock)
{
	struct suppressor *s = xcalloc(1, sizeof(*s));

	s->home = plan->campaign.list.country;
	s->clock = clock;
	clock_init_system(&s->machine);
	s->count = plan->campaign.suppress_count;
	s->sources = xcalloc(s->count, sizeof(*s->sources));
	for (size_t i = 0; i < s->count; i++)
		s->sources[i].file = plan->campaign.suppress[i];
	return s;
}

void suppressor_free(struct suppressor *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		phone_set_free(&s->sources[i].numbers);
	free(s->sources);
	free(s);
}

void suppressor_accept(struct suppressor *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct source *source = &s->sources[i];
		source->known = false;
		source->refused = false;
		/* What is gone cannot be accepted; the next refresh says so. */
		(void)stamp_take(source->file, &source->accepted);
	}
}

/* It has stayed as it is for a while: since it was first seen so, or, before the first reading, by
 * the time it carries. That time alone is not believed of a file that changes under a run. */
static bool is_quiet(const struct suppressor *s, const struct source *source)
{
	int64_t written_ms = (int64_t)source->seen.written.tv_sec * 1000 +
			     source->seen.written.tv_nsec / 1000000;

	if (!s->clock || stamp_equal(&source->seen, &source->accepted))
		return true;
	if (mono_since(source->seen_at, clock_mono(s->clock)) >= SUPPRESSOR_QUIET_MS * 1000)
		return true;
	return !source->counted && clock_wall_ms(&s->machine) - written_ms >= SUPPRESSOR_QUIET_MS;
}

/* In the log as well: nobody may be looking at the reason why nothing is dialled. */
static void say_stop(const struct suppressor *s, struct source *source, const struct err *e)
{
	source->stops = true;
	if (s->clock)
		log_error("%s", e->text);
}

/* Kept until the file changes, so that it is not read again before each dial. */
static bool refuse(const struct suppressor *s, struct source *source, struct err *e)
{
	source->refused = true;
	source->refusal = *e;
	say_stop(s, source, e);
	return false;
}

static bool missing(const struct suppressor *s, struct source *source, struct err *e)
{
	source->known = false;
	(void)err_set(e, ERR_INVALID,
		      "%s: the suppression file cannot be read: %s. Nothing is dialled without it; "
		      "put it back or take it out of `suppress`.",
		      source->file, strerror(errno));
	if (!source->stops)
		say_stop(s, source, e);
	return false;
}

static bool has_shrunk(const struct source *source, const struct phone_set *fresh)
{
	return source->counted && !stamp_equal(&source->seen, &source->accepted) &&
	       source->numbers.count >= SUPPRESSOR_SHRINK_LEAST &&
	       fresh->count * 2 < source->numbers.count;
}

static bool say_young(const struct source *source, struct err *e)
{
	return err_set(e, ERR_INVALID,
		       "%s: the suppression file was written a moment ago; it is read when it has "
		       "stayed as it is for %d seconds.",
		       source->file, SUPPRESSOR_QUIET_MS / 1000);
}

static bool source_read(const struct suppressor *s, struct source *source, struct err *e)
{
	struct phone_set fresh = {0};
	struct stamp after;
	bool ok = suppression_read(source->file, s->home, &fresh, e);

	/* What was written while it was read may be half of anything. */
	if (!stamp_take(source->file, &after) || !stamp_equal(&after, &source->seen)) {
		phone_set_free(&fresh);
		return say_young(source, e);
	}

	if (ok)
		phone_set_seal(&fresh);
	if (ok && has_shrunk(source, &fresh))
		ok = err_set(e, ERR_INVALID,
			     "%s: %zu of its %zu numbers are left. Nothing is dialled until the "
			     "file is whole again; if it is right as it is, say so with `kill -HUP "
			     "%ld`.",
			     source->file, fresh.count, source->numbers.count, (long)getpid());
	if (!ok) {
		phone_set_free(&fresh);
		return refuse(s, source, e);
	}
	phone_set_free(&source->numbers);
	source->numbers = fresh;
	source->stamp = source->seen;
	source->counted = true;
	source->known = true;
	if (source->stops && s->clock)
		log_info("%s: the suppression file is read again; calls go on.", source->file);
	source->stops = false;
	return true;
}

static bool source_refresh(const struct suppressor *s, struct source *source, struct err *e)
{
	struct stamp now;

	if (!stamp_take(source->file, &now))
		return missing(s, source, e);
	if (source->known && stamp_equal(&now, &source->stamp))
		return true;
	source->known = false;
	if (!stamp_equal(&now, &source->seen)) {
		source->seen = now;
		source->seen_at = s->clock ? clock_mono(s->clock) : (struct mono){0};
		source->refused = false;
	}
	if (source->refused) {
		*e = source->refusal;
		return false;
	}
	if (!is_quiet(s, source))
		return say_young(source, e);
	return source_read(s, source, e);
}

bool suppressor_refresh(struct suppressor *s, struct err *e)
{
	for (size_t i = 0; i < s->count; i++)
		if (!source_refresh(s, &s->sources[i], e))
			return false;
	return true;
}

bool suppressor_has(const struct suppressor *s, struct ledger *l, const char *e164, bool *out,
		    const char **source, struct err *e)
{
	uint64_t number = phone_to_number(e164);

	for (size_t i = 0; i < s->count; i++) {
		if (phone_set_has(&s->sources[i].numbers, number)) {
			*out = true;
			*source = s->sources[i].file;
			return true;
		}
	}
	*source = "the do-not-call register";
	*out = false;
	return !l || ledger_suppression_has(l, e164, out, e);
}
