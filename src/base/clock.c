#include "base/clock.h"

#include "base/mem.h"
#include "base/moment.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t system_us(clockid_t id)
{
	struct timespec now;

	if (clock_gettime(id, &now) != 0)
		BUG("the system has no clock %d", (int)id);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t system_wall_ms(const struct clock *self)
{
	(void)self;
	return system_us(CLOCK_REALTIME) / 1000;
}

/* CLOCK_BOOTTIME goes on while the machine sleeps, so a call that was due during a suspend counts
 * as late rather than as not yet due. */
static struct mono system_mono(const struct clock *self)
{
	(void)self;
	return (struct mono){system_us(CLOCK_BOOTTIME)};
}

static int64_t scaled_wall_ms(const struct clock *self)
{
	double passed_us = (double)(system_us(CLOCK_REALTIME) - self->anchor_ms * 1000);

	return self->start_ms + (int64_t)(passed_us * self->speed / 1000);
}

static struct mono scaled_mono(const struct clock *self)
{
	return (struct mono){(int64_t)((double)system_us(CLOCK_BOOTTIME) * self->speed)};
}

int64_t clock_wall_ms(const struct clock *c)
{
	return c->wall_ms(c);
}

struct mono clock_mono(const struct clock *c)
{
	return c->mono(c);
}

int64_t mono_since(struct mono a, struct mono b)
{
	return b.us - a.us;
}

struct mono mono_add(struct mono a, int64_t us)
{
	return (struct mono){a.us + us};
}

void clock_init_system(struct clock *c)
{
	*c = (struct clock){.wall_ms = system_wall_ms, .mono = system_mono, .speed = 1};
}

bool clock_init_scaled(struct clock *c, const char *text, struct err *e)
{
	char start[64];
	size_t length = strcspn(text, "x@");
	const char *rest = text + length;
	char *end;

	*c = (struct clock){.wall_ms = scaled_wall_ms, .mono = scaled_mono, .speed = 1};
	if (length >= sizeof(start))
		goto bad;
	memcpy(start, text, length);
	start[length] = '\0';
	if (!moment_parse_iso(start, &c->start_ms))
		goto bad;

	c->anchor_ms = system_us(CLOCK_REALTIME) / 1000;
	if (*rest == 'x') {
		c->speed = strtod(rest + 1, &end);
		if (end == rest + 1 || !(c->speed > 0 && c->speed <= 100000))
			goto bad;
		rest = end;
	}
	if (*rest == '@') {
		c->anchor_ms = (int64_t)(strtod(rest + 1, &end) * 1000);
		if (end == rest + 1)
			goto bad;
		rest = end;
	}
	if (*rest == '\0')
		return true;
bad:
	return err_set(e, ERR_INVALID,
		       "NIDA_CLOCK is '%s'; it must be START[xSPEED][@UNIX-SECOND], for example "
		       "2026-11-22T09:00:00+04:00x60.",
		       text);
}
