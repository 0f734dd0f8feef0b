#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/moment.h"

/* Slower, and a wait that is divided by the speed does not fit; faster, and nothing can be seen. */
#define SPEED_LEAST   0.001
#define SPEED_MOST    100000
#define ANCHOR_MOST_S 1e11

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

/* Years that people can write, 1970 to 9999. */
static bool is_a_date(int64_t wall_ms)
{
	return wall_ms >= 0 && wall_ms < days_from_date(9999, 12, 31) * DAY_MS;
}

/* The number behind the letter at *text, which moves past both. Neither "nan" nor "inf", nor what
 * is out of range. */
static bool take_number(const char **text, double least, double most, double *out)
{
	char *end;

	(*text)++;
	if (!isdigit((unsigned char)**text))
		return false;
	*out = strtod(*text, &end);
	*text = end;
	return *out >= least && *out <= most;
}

bool clock_init_scaled(struct clock *c, const char *text, struct err *e)
{
	struct clock made = {.wall_ms = scaled_wall_ms, .mono = scaled_mono, .speed = 1};
	char start[64];
	size_t length = strcspn(text, "x@");
	const char *rest = text + length;
	double anchor_s = (double)system_us(CLOCK_REALTIME) / 1e6;
	bool ok = length < sizeof(start);

	if (ok) {
		memcpy(start, text, length);
		start[length] = '\0';
		ok = moment_parse_iso(start, &made.start_ms);
	}
	if (ok && *rest == 'x')
		ok = take_number(&rest, SPEED_LEAST, SPEED_MOST, &made.speed);
	if (ok && *rest == '@')
		ok = take_number(&rest, 0, ANCHOR_MOST_S, &anchor_s);
	made.anchor_ms = (int64_t)(anchor_s * 1000);
	if (ok && *rest == '\0' && is_a_date(scaled_wall_ms(&made))) {
		*c = made;
		return true;
	}
	return err_set(e, ERR_INVALID,
		       "NIDA_CLOCK is '%s'; it must be START[xSPEED][@UNIX-SECOND] with a speed "
		       "from 0.001 to 100000 and show a year from 1970 to 9999 now, for example "
		       "2026-11-22T09:00:00+04:00x60.",
		       text);
}
