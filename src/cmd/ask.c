/*
 * A question on the terminal.
 *
 * Ctrl-C, and every other wish that the process should end, is a no here, so that whoever asked can
 * take back what was prepared for the answer. It cannot slip in between the question and the
 * waiting for its answer: signals are held from before the one, and let through only in the other.
 */
#include "ask_p.h"

#include "base/log.h"
#include "cmd/say.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const int wishes[] = {SIGINT, SIGTERM, SIGHUP};

bool ask_can(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static void wake(int number)
{
	(void)number;
}

/* False: a signal came first. */
static bool await_line(const sigset_t *open)
{
	struct sigaction before[COUNT_OF(wishes)];
	struct sigaction waking = {.sa_handler = wake};
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	sigemptyset(&waking.sa_mask);
	for (size_t i = 0; i < COUNT_OF(wishes); i++)
		sigaction(wishes[i], &waking, &before[i]);
	bool came = ppoll(&input, 1, NULL, open) == 1;
	sigprocmask(SIG_SETMASK, open, NULL);
	for (size_t i = 0; i < COUNT_OF(wishes); i++)
		sigaction(wishes[i], &before[i], NULL);
	return came;
}

bool ask_yes(const char *question)
{
	static const char *const yes[] = {"y\n", "Y\n", "yes\n"};
	char answer[16] = "";
	sigset_t held;
	sigset_t open;

	sigemptyset(&held);
	for (size_t i = 0; i < COUNT_OF(wishes); i++)
		sigaddset(&held, wishes[i]);
	sigprocmask(SIG_BLOCK, &held, &open);
	say(stderr, "%s", question);
	if (!await_line(&open) || !fgets(answer, sizeof(answer), stdin)) {
		/* The cursor stands behind the question. */
		if (!log_is_json())
			say(stderr, "\n");
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(yes); i++)
		if (strcmp(answer, yes[i]) == 0)
			return true;
	return false;
}
