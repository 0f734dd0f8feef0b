/*
 * nida status --watch: the same page, drawn again every second.
 *
 * Each drawing is one short reading of the ledger, so the runner is never held up. Signals are let
 * in only while this waits, so none is missed; the terminal gives single keys meanwhile and is set
 * back however the watching is ended from it (Ctrl-\ does what q does). Only from outside SIGKILL
 * and SIGQUIT leave it as it is.
 */
#include "status_p.h"

#include "cmd/say.h"
#include "run/screen.h"
#include "run/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#define EVERY_S  1
#define QUIT_KEY 0x1c /* Ctrl-\ */

struct watching {
	struct session *s;
	struct screen screen;
	bool keys; /* standard input is a terminal: q may come from there */
	struct termios before;
	sigset_t outside; /* the signals that were let in before */
};

static bool begin(struct watching *w, struct err *e)
{
	sigset_t all;

	if (!say_on_screen(w->screen.terminal))
		return err_set(e, ERR_INVALID,
			       "--watch draws on a terminal, and standard output is none that can "
			       "be drawn on. Ask without --watch, or with --json.");
	signals_catch();
	sigemptyset(&all);
	sigaddset(&all, SIGINT);
	sigaddset(&all, SIGTERM);
	sigaddset(&all, SIGHUP);
	sigaddset(&all, SIGWINCH);
	sigprocmask(SIG_BLOCK, &all, &w->outside);

	w->keys = tcgetattr(STDIN_FILENO, &w->before) == 0;
	if (w->keys) {
		struct termios single = w->before;
		single.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		/* Stopped, or ended by SIGQUIT, it would leave the terminal to others as it is. */
		single.c_cc[VSUSP] = _POSIX_VDISABLE;
		single.c_cc[VQUIT] = _POSIX_VDISABLE;
		single.c_cc[VMIN] = 0;
		single.c_cc[VTIME] = 0;
		tcsetattr(STDIN_FILENO, TCSANOW, &single);
	}
	return true;
}

static void end(struct watching *w)
{
	if (w->keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &w->before);
	sigprocmask(SIG_SETMASK, &w->outside, NULL);
}

static bool draw(struct watching *w, struct err *e)
{
	char *page;

	if (!status_page(w->s, screen_width(&w->screen), &page, e))
		return false;
	screen_draw(&w->screen, page);
	free(page);
	/* The next page takes its texts from the ledger anew. */
	arena_reset(&w->s->arena);
	return true;
}

/* False: a key or a signal says that it is enough. */
static bool wait_a_little(struct watching *w)
{
	struct pollfd in = {.fd = w->keys ? STDIN_FILENO : -1, .events = POLLIN};
	struct timespec every = {.tv_sec = EVERY_S};
	struct signals now;
	char key;

	int ready = ppoll(&in, 1, &every, &w->outside);
	now = signals_now();
	if (now.interrupts > 0 || now.hangups > 0)
		return false;
	if (ready <= 0)
		return true;
	ssize_t got = read(STDIN_FILENO, &key, 1);
	if (got == 1)
		return key != 'q' && key != 'Q' && key != QUIT_KEY;
	/* The terminal is gone. */
	return got < 0 && errno == EINTR;
}

bool status_watch(struct session *s, struct err *e)
{
	struct watching w = {.s = s, .screen = {.terminal = stdout}};
	bool ok;

	if (!begin(&w, e))
		return false;
	do
		ok = draw(&w, e);
	while (ok && wait_a_little(&w));
	end(&w);
	return ok;
}
