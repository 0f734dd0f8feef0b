#include "run_p.h"

#include "child_p.h"

#include "base/log.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define AWAIT_MS 120000

bool live_report_write(void *live_report)
{
	struct live_report *live = live_report;
	struct session *s = live->session;
	struct arena arena = {0};
	struct err e = {0};
	struct run run;
	int status;

	/* The last one is still being written: the list is large, or the disk slow. */
	if (live->child && !child_ended(live->child, &status))
		return false;
	if (live->child && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		log_warn("The live reports could not be written; `nida report` says why.");
	live->child = 0;
	if (!ledger_run_get(s->ledger, live->run_id, &arena, &run, &e)) {
		log_warn("The reports are not written this time: %s", e.text);
		arena_free(&arena);
		return true;
	}

	const char *env_file = s->in->values[OPTION_ENV_FILE];
	const char *out = s->in->values[OPTION_OUT];
	const char *argv[12] = {"/proc/self/exe", "report",   s->in->arguments[0],   "--run",
				run.name,         "--ledger", ledger_path(s->ledger)};
	size_t count = 7;

	if (env_file) {
		argv[count++] = "--env-file";
		argv[count++] = env_file;
	}
	if (out) {
		argv[count++] = "--out";
		argv[count++] = out;
	}
	live->child = child_start(argv, environ, CHILD_QUIET);
	if (!live->child)
		log_warn("The reports are not written this time: %s.", strerror(errno));
	arena_free(&arena);
	return true;
}

void live_report_await(struct live_report *live)
{
	int status;

	if (live->child && !child_await(live->child, &live->session->in->clock, AWAIT_MS, &status))
		log_warn("Writing the live report took too long; it was stopped.");
	live->child = 0;
}
