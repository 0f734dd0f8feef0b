#include "run_p.h"

#include "child_p.h"

#include "base/log.h"
#include "run/signals.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOOK_MS    (5 * 60 * 1000)
#define TOTALS_MAX 16

/* The totals, in front of the environment that nida has itself. */
static char **hook_environment(struct session *s, const struct run *run,
			       const struct report_paths *paths, const struct tally *t,
			       enum exit_code code)
{
	struct arena *a = &s->arena;
	size_t own = 0;
	size_t count = 0;
	char cost[DECIMAL_SIZE];

	while (environ[own])
		own++;
	char **all = arena_array(a, own + TOTALS_MAX, sizeof(*all));
	all[count++] = arena_printf(a, "NIDA_CAMPAIGN=%s", run->campaign);
	all[count++] = arena_printf(a, "NIDA_RUN=%s", run->name);
	all[count++] = arena_printf(a, "NIDA_EXIT=%d", (int)code);
	all[count++] = arena_printf(a, "NIDA_ROWS=%" PRId64, t->rows);
	all[count++] = arena_printf(a, "NIDA_PENDING=%" PRId64, t->state[CONTACT_PENDING]);
	all[count++] = arena_printf(a, "NIDA_DONE=%" PRId64, t->state[CONTACT_DONE]);
	all[count++] = arena_printf(a, "NIDA_SKIPPED=%" PRId64, t->state[CONTACT_SKIPPED]);
	all[count++] = arena_printf(a, "NIDA_IN_DOUBT=%" PRId64, t->state[CONTACT_IN_DOUBT]);
	all[count++] = arena_printf(a, "NIDA_CALLS=%" PRId64, run->calls);
	all[count++] = arena_printf(a, "NIDA_ANSWERED=%" PRId64, run->answered);
	all[count++] = arena_printf(a, "NIDA_COST=%s", decimal_format(run->cost, 3, cost));
	all[count++] = arena_printf(a, "NIDA_REPORT=%s", paths->html);
	all[count++] = arena_printf(a, "NIDA_RESULTS=%s", paths->csv);
	for (size_t i = 0; i < own; i++)
		/* What the hook does is nobody's secret keeper. */
		if (strncmp(environ[i], "HAMSA_API_KEY=", 14) != 0 &&
		    strncmp(environ[i], "TWILIO_AUTH_TOKEN=", 18) != 0)
			all[count++] = environ[i];
	return all;
}

void hook_run(struct session *s, int64_t run_id, const struct report_paths *paths,
	      const struct tally *tally, enum exit_code code)
{
	const struct campaign *c = &s->plan->campaign;
	struct err e = {0};
	struct run run;
	int status;

	if (c->on_finish_count == 0)
		return;
	if (!ledger_run_get(s->ledger, run_id, &s->arena, &run, &e)) {
		log_warn("on_finish is not run: %s", e.text);
		return;
	}

	const char **argv = arena_array(&s->arena, c->on_finish_count + 1, sizeof(*argv));
	for (size_t i = 0; i < c->on_finish_count; i++)
		argv[i] = c->on_finish[i];
	/* The run is over and written: whoever interrupts now does not want to wait for this. */
	signals_catch();
	/* What it prints is no object of the log. */
	pid_t child = child_start(argv, hook_environment(s, &run, paths, tally, code),
				  log_is_json() ? STDOUT_FILENO : STDERR_FILENO);
	if (!child)
		log_warn("on_finish: %s cannot be started: %s.", argv[0], strerror(errno));
	else if (!child_await(child, &s->in->clock, HOOK_MS, &status))
		log_warn("on_finish: %s %s and was killed.", argv[0],
			 signals_now().interrupts > 0 ? "was interrupted"
						      : "did not end within 5 minutes");
	else if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		log_warn("on_finish: %s ended with exit code %d.", argv[0], WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		log_warn("on_finish: %s was killed by signal %d.", argv[0], WTERMSIG(status));
}
