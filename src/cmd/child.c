#include "child_p.h"

#include "base/clock.h"
#include "base/mem.h"
#include "run/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_EVERY_MS 20
#define LEAST_MS      10000 /* of real time */

pid_t child_start(const char *const *argv, char *const *environment, int output)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all;
	/* Where whoever started nida ignores these, the kernel would throw the end of a child away.
	 */
	struct sigaction keeping = {.sa_handler = SIG_DFL};
	pid_t child = 0;

	sigaction(SIGCHLD, &keeping, NULL);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	for (int stream = STDOUT_FILENO; stream <= STDERR_FILENO; stream++) {
		if (output == CHILD_QUIET)
			posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY,
							 0);
		else
			posix_spawn_file_actions_adddup2(&actions, output, stream);
	}

	/* nida's signal handling, and the terminal's Ctrl-C, are not the child's. */
	sigfillset(&all);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

	/* The prototype is older than const; nothing is written through it. */
	int rc = posix_spawnp(&child, argv[0], &actions, &attributes, (char *const *)argv,
			      environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (rc == 0)
		return child;
	errno = rc;
	return 0;
}

/* False: it goes on, which only WNOHANG lets one see. */
static bool wait_for(pid_t child, int flags, int *status)
{
	pid_t ended;

	do
		ended = waitpid(child, status, flags);
	while (ended < 0 && errno == EINTR);
	if (ended < 0)
		BUG("a child of ours cannot be waited for");
	return ended == child;
}

bool child_ended(pid_t child, int *status)
{
	return wait_for(child, WNOHANG, status);
}

static bool has_passed(const struct clock *clock, struct mono began, int64_t ms)
{
	return mono_since(began, clock_mono(clock)) >= ms * 1000;
}

bool child_await(pid_t child, const struct clock *clock, int64_t most_ms, int *status)
{
	struct signals before = signals_now();
	struct clock real;

	clock_init_system(&real);
	struct mono began = clock_mono(clock);
	struct mono really = clock_mono(&real);
	while (!(has_passed(clock, began, most_ms) && has_passed(&real, really, LEAST_MS)) &&
	       signals_now().interrupts == before.interrupts) {
		if (child_ended(child, status))
			return true;
		poll(NULL, 0, LOOK_EVERY_MS);
	}
	kill(-child, SIGKILL);
	(void)wait_for(child, 0, status);
	return false;
}
