#include "run/loop.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/moment.h"
#include "run/progress.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TICK_US       250000  /* real time: how late a signal may be noticed at worst */
#define DRAW_EVERY_US 250000  /* real time */
#define LINE_EVERY_US 2000000 /* real time, at least */
#define PROGRESS_MAX  16384
#define WIDTH_DEFAULT 80

/* The second mutable global of nida: signals have no other way in. */
static volatile sig_atomic_t interrupts;
static volatile sig_atomic_t hangups;
static volatile sig_atomic_t report_wishes;

static void on_interrupt(int number)
{
	(void)number;
	interrupts++;
}

static void on_terminate(int number)
{
	(void)number;
	if (interrupts == 0)
		interrupts = 1;
}

static void on_hangup(int number)
{
	(void)number;
	hangups++;
}

static void on_report_wish(int number)
{
	(void)number;
	report_wishes++;
}

static void catch_signal(int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

static void catch_signals(void)
{
	interrupts = 0;
	hangups = 0;
	report_wishes = 0;
	catch_signal(SIGINT, on_interrupt);
	catch_signal(SIGTERM, on_terminate);
	catch_signal(SIGHUP, on_hangup);
	catch_signal(SIGUSR1, on_report_wish);
	catch_signal(SIGPIPE, SIG_IGN);
}

/* What the loop remembers from one turn to the next. */
struct turns {
	const struct loop *loop;
	int64_t started_ms;
	size_t drawn; /* lines on the terminal that the next drawing goes over */
	struct mono next_draw;
	struct mono next_line;
	struct mono next_report;
	bool told; /* the first interrupt was answered */
	int hangups;
	int report_wishes;
};

static size_t terminal_width(FILE *terminal)
{
	struct winsize size;

	if (ioctl(fileno(terminal), TIOCGWINSZ, &size) == 0 && size.ws_col > 10)
		return (size_t)size.ws_col - 1;
	return WIDTH_DEFAULT - 1;
}

/* Take the drawing off the terminal, so that a log line can stand in its place. */
static void erase(void *data)
{
	struct turns *t = data;

	if (t->drawn > 0)
		fprintf(t->loop->terminal, "\033[%zuA\033[J", t->drawn);
	t->drawn = 0;
	fflush(t->loop->terminal);
}

static bool show(struct turns *t, bool draw, struct err *e)
{
	struct engine_view view;
	struct buf text;

	if (!engine_look(t->loop->engine, &view, e))
		return false;

	struct progress progress = {
		.plan = t->loop->plan,
		.view = &view,
		.started_ms = t->started_ms,
		.now_ms = clock_wall_ms(t->loop->clock),
	};
	buf_init(&text, PROGRESS_MAX);
	if (draw) {
		size_t lines = progress_block(&progress, terminal_width(t->loop->terminal),
					      t->loop->colour, &text);
		if (t->drawn > 0)
			fprintf(t->loop->terminal, "\033[%zuA", t->drawn);
		fputs(text.data, t->loop->terminal);
		/* A shorter drawing than the last one leaves nothing of it behind. */
		fputs("\033[J", t->loop->terminal);
		fflush(t->loop->terminal);
		t->drawn = lines;
	} else {
		progress_line(&progress, &text);
		log_info("%s", text.data);
	}
	buf_free(&text);
	return true;
}

static int64_t real_us(const struct loop *loop, int64_t us)
{
	return (int64_t)((double)us * loop->clock->speed);
}

/* A line a minute; with a clock that runs faster than life, no more often than a person can
 * read. */
static int64_t line_every_us(const struct loop *loop)
{
	int64_t readable_us = real_us(loop, LINE_EVERY_US);

	return readable_us > MINUTE_MS * 1000 ? readable_us : MINUTE_MS * 1000;
}

static bool show_when_due(struct turns *t, struct mono now, struct err *e)
{
	if (t->loop->terminal && mono_since(t->next_draw, now) >= 0) {
		t->next_draw = mono_add(now, real_us(t->loop, DRAW_EVERY_US));
		return show(t, true, e);
	}
	if (!t->loop->terminal && mono_since(t->next_line, now) >= 0) {
		t->next_line = mono_add(now, line_every_us(t->loop));
		return show(t, false, e);
	}
	return true;
}

static void report_when_due(struct turns *t, struct mono now)
{
	bool wished = t->report_wishes != report_wishes;

	if (!t->loop->report || (!wished && mono_since(t->next_report, now) < 0))
		return;
	t->report_wishes = report_wishes;
	t->next_report = mono_add(now, t->loop->plan->campaign.report_every_ms * 1000);
	t->loop->report(t->loop->report_data);
}

/* False: leave at once. */
static bool obey_signals(struct turns *t)
{
	if (interrupts >= 2)
		return false;
	if (interrupts == 1 && !t->told) {
		t->told = true;
		engine_stop(t->loop->engine);
		log_warn("Stopping: no further call is placed; live calls are followed to their "
			 "end. Ctrl-C again leaves at once.");
	}
	if (t->hangups != hangups) {
		t->hangups = hangups;
		engine_accept_suppression(t->loop->engine);
		log_info("The suppression files are read again and taken as they are.");
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
		.started_ms = clock_wall_ms(loop->clock),
		.next_draw = now,
		.next_line = mono_add(now, line_every_us(loop)),
		.next_report = mono_add(now, loop->plan->campaign.report_every_ms * 1000),
	};
	bool over = false;
	bool ok = true;

	catch_signals();
	if (loop->terminal) {
		log_quiet();
		log_set_before(erase, &t);
	}
	while (ok && !over)
		ok = turn(&t, end, &over, e);
	if (loop->terminal) {
		if (ok)
			ok = show(&t, true, e);
		log_set_before(NULL, NULL);
	}
	return ok;
}
