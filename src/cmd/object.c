#include "object_p.h"

#include "cmd/say.h"

#include "base/moment.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

struct emit *object_begin(struct object *o)
{
	/* What comes in has its maximum already; half an object would be worse than a long one. */
	buf_init(&o->text, SIZE_MAX / 2);
	o->emit = (struct emit){.out = &o->text};
	emit_open(&o->emit, NULL, '{');
	return &o->emit;
}

void object_print(struct object *o)
{
	emit_close(&o->emit, '}');
	say(stdout, "%s\n", o->text.data);
	buf_free(&o->text);
}

void object_add_run(struct emit *j, const struct run *run)
{
	emit_text(j, "campaign", run->campaign);
	emit_text(j, "run", run->name);
}

void object_add_moment(struct emit *j, const char *name, int64_t at_ms)
{
	char when[MOMENT_SIZE];

	emit_text(j, name, at_ms > 0 ? moment_iso(zone_utc(), at_ms, when) : NULL);
}

void object_add_known(struct emit *j, const char *name, const char *text)
{
	emit_text(j, name, text && *text ? text : NULL);
}

void object_print_doubt(const struct run *run, const struct contact *c, const struct attempt *a)
{
	struct object o;
	struct emit *j = object_begin(&o);

	object_add_run(j, run);
	emit_text(j, "key", c->key);
	emit_text(j, "phone", a->phone);
	emit_number(j, "attempt", a->number);
	emit_text(j, "state", attempt_state_name(a->state));
	object_add_moment(j, "since", a->intent_ms);
	object_add_known(j, "words", a->words);
	object_print(&o);
}

int object_stdout_aside(void)
{
	fflush(stdout);
	int kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (kept >= 0)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	return kept;
}

void object_stdout_back(int kept)
{
	if (kept < 0)
		return;
	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
}
