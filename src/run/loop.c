#include "run/loop.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/moment.h"
#include "run/progress.h"
#include "run/screen.h"
#include "run/signals.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define TICK_US       250000           /* real time: how late a signal may be noticed at worst */
#define DRAW_EVERY_US 250000           /* real time */
#define LINE_EVERY_US 2000000          /* real time, at least */
#define SAME_EVERY_US (HOUR_MS * 1000) /* a line that says what the last one said */
#define HANG_UP_US    10000000         /* real time: how far its signals may come apart */
#define PROGRESS_MAX  16384

/* What the loop remembers from one turn to the next. */
struct turns {
	const struct loop *loop;
	bool has_tty; /* this process belongs to a terminal, wherever its streams go */
	bool hung_up; /* it did, until … */
	struct mono hung_up_at;
	int64_t started_ms;
	struct screen screen;
	struct mono next_draw;
	struct mono next_line;
	struct buf line; /* the last one that was logged */
	struct mono line_at;
	struct mono next_report;
	bool told;           /* the first interrupt was answered */
	struct signals seen; /* what has been answered of the others */
};

/* So that a log line can stand in the drawing's place. */
static void erase(void *data)
{
	screen_erase(data);
}

/* A night of waiting is not worth a thousand lines that say the same. */
static bool is_news(struct turns *t, const char *line)
{
	struct mono now = clock_mono(t->loop->clock);

	if (strcmp(line, t->line.data) == 0 && mono_since(t->line_at, now) < SAME_EVERY_US)
		return false;
	buf_reset(&t->line);
	buf_adds(&t->line, line);
	t->line_at = now;
	return true;
}

static bool show(struct turns *t, bool draw, struct err *e)
{
	struct engine_view view;
	struct buf text;
	struct buf figures;

	if (!engine_look(t->loop->engine, &view, e))
		return false;

	struct progress progress = {
		.plan = t->loop->plan,
		.view = &view,
		.started_ms = t->started_ms,
		.now_ms = clock_wall_ms(t->loop->clock),
	};
	buf_init(&text, PROGRESS_MAX);
	buf_init(&figures, PROGRESS_MAX);
	if (draw) {
		progress_block(&progress, screen_width(&t->screen), t->loop->colour, &text);
		screen_draw(&t->screen, text.data);
	} else {
		progress_line(&progress, &text);
		if (is_news(t, text.data)) {
			progress_fields(&progress, &figures);
			log_figures(LOG_INFO, text.data, figures.data);
		}
	}
	buf_free(&text);
	buf_free(&figures);
	return true;
}

static int64_t real_us(const struct loop *loop, int64_t us)
{
	return (int64_t)((double)us * loop->clock->speed);
}

/* A line a minute, if it says anything new; with a clock that runs faster than life, no more often
 * than a person can read. */
static int64_t line_every_us(const struct loop *loop)
{
	int64_t readable_us = real_us(loop, LINE_EVERY_US);

	return readable_us > MINUTE_MS * 1000 ? readable_us : MINUTE_MS * 1000;
}

static bool show_when_due(struct turns *t, struct mono now, struct err *e)
{
	bool resized = t->seen.resizes != signals_now().resizes;

	if (t->screen.terminal && (resized || mono_since(t->next_draw, now) >= 0)) {
		t->seen.resizes = signals_now().resizes;
		t->next_draw = mono_add(now, real_us(t->loop, DRAW_EVERY_US));
		return show(t, true, e);
	}
	if (!t->screen.terminal && mono_since(t->next_line, now) >= 0) {
		t->next_line = mono_add(now, line_every_us(t->loop));
		return show(t, false, e);
	}
	return true;
}

static void report_when_due(struct turns *t, struct mono now)
{
	int wishes = signals_now().report_wishes;
	bool wished = t->seen.report_wishes != wishes;

	if (!t->loop->report || (!wished && mono_since(t->next_report, now) < 0))
		return;
	/* While the last ones are still being written the wish stays. */
	if (!t->loop->report(t->loop->report_data))
		return;
	t->seen.report_wishes = wishes;
	t->next_report = mono_add(now, t->loop->plan->campaign.report_every_ms * 1000);
}

static void reread_suppression(struct turns *t)
{
	struct err e;

	if (engine_reread_suppression(t->loop->engine, &e))
		log_info("The suppression files were read again.");
	else
		log_warn("%s", e.text);
}

static bool has_tty(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* Is this SIGHUP the news that the terminal is gone? The kernel and the shell each send one. */
static bool is_hang_up(struct turns *t)
{
	struct mono now = clock_mono(t->loop->clock);

	if (t->has_tty && !has_tty()) {
		t->has_tty = false;
		t->hung_up = true;
		t->hung_up_at = now;
		t->screen.terminal = NULL;
		log_set_before(NULL, NULL);
		log_warn("The terminal is gone; the run goes on without it.");
	}
	return t->hung_up && mono_since(t->hung_up_at, now) < real_us(t->loop, HANG_UP_US);
}

/* False: leave at once. */
static bool obey_signals(struct turns *t)
{
	struct signals now = signals_now();

	if (now.interrupts >= 2)
		return false;
	if (now.interrupts == 1 && !t->told) {
		t->told = true;
		engine_stop(t->loop->engine);
		log_warn("Stopping: no further call is placed; live calls are followed to their "
			 "end. Ctrl-C again leaves at once.");
	}
	if (t->seen.hangups != now.hangups) {
		t->seen.hangups = now.hangups;
		/* When the terminal has gone, nobody has looked at anything. */
		if (!is_hang_up(t))
			reread_suppression(t);
	}
	return true;
}

static bool turn(struct turns *t, enum loop_end *end, bool *over, struct err *e)
{
	static const enum loop_end ends[] = {
		[ENGINE_FINISHED] = LOOP_FINISHED,
		[ENGINE_LEFT] = LOOP_LEFT,
		[ENGINE_GUARDED] = LOOP_GUARDED,
	};
	const struct loop *loop = t->loop;
	enum engine_state state;
	int64_t wait_us;

	if (!obey_signals(t)) {
		*end = LOOP_ABANDONED;
		*over = true;
		return true;
	}
	if (!engine_step(loop->engine, &wait_us, &state, e))
		return false;
	if (state != ENGINE_GOING) {
		*end = ends[state];
		*over = true;
		return true;
	}

	struct mono now = clock_mono(loop->clock);
	if (!show_when_due(t, now, e))
		return false;
	report_when_due(t, now);
	if (wait_us > real_us(loop, TICK_US))
		wait_us = real_us(loop, TICK_US);
	if (wait_us > 0 || provider_in_flight(loop->provider) > 0)
		provider_wait(loop->provider, wait_us);
	return true;
}

bool loop_run(const struct loop *loop, enum loop_end *end, struct err *e)
{
	struct mono now = clock_mono(loop->clock);
	struct turns t = {
		.loop = loop,
		.has_tty = has_tty(),
		.started_ms = clock_wall_ms(loop->clock),
		.screen = {.terminal = loop->terminal},
		.next_draw = now,
		.next_line = mono_add(now, line_every_us(loop)),
		.next_report = mono_add(now, loop->plan->campaign.report_every_ms * 1000),
	};
	bool over = false;
	bool ok = true;

	buf_init(&t.line, PROGRESS_MAX);
	signals_catch();
	if (loop->terminal) {
		log_quiet();
		log_set_before(erase, &t.screen);
	}
	while (ok && !over)
		ok = turn(&t, end, &over, e);
	if (t.screen.terminal) {
		if (ok)
			ok = show(&t, true, e);
		log_set_before(NULL, NULL);
	}
	signals_let_second_end();
	buf_free(&t.line);
	return ok;
}
