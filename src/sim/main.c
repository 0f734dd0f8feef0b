#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "sim/server.h"
#include "sim/sim.h"

/* The signal flag: one of the two mutable globals that the style allows. */
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

/* Signals are blocked but while the server waits, so that none can come between its check of the
 * flag and its sleep. */
static void catch_signals(sigset_t *waiting)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t blocked;

	sigemptyset(&action.sa_mask);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, waiting);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static bool make_clock(struct clock *clock, struct err *e)
{
	const char *text = getenv("NIDA_CLOCK");

	if (text && *text)
		return clock_init_scaled(clock, text, e);
	clock_init_system(clock);
	return true;
}

/* Whoever waits for the file finds it whole or not at all. */
static bool write_port_file(const char *path, int port, struct err *e)
{
	char temporary[4096];

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= (int)sizeof(temporary))
		return err_set(e, ERR_INVALID, "--port-file: the path is too long.");
	FILE *file = fopen(temporary, "w");
	if (file == NULL)
		goto failed;
	fprintf(file, "%d\n", port);
	if (fclose(file) != 0 || rename(temporary, path) != 0)
		goto failed;
	return true;
failed:
	return err_set(e, ERR_FAILED, "Cannot write the port file '%s': %s.", path,
		       strerror(errno));
}

static bool serve(const struct options *options, struct sim *sim, struct err *e)
{
	struct server *server;
	sigset_t waiting;
	bool done = false;

	catch_signals(&waiting);
	if (options->record_file) {
		sim->record = fopen(options->record_file, "a");
		if (sim->record == NULL)
			return err_set(e, ERR_FAILED, "Cannot open the record file '%s': %s.",
				       options->record_file, strerror(errno));
	}
	if (!server_open(sim, options->port, &server, e))
		return false;
	sim_open(sim);
	printf("nida-sim listening on %s/v1\n", sim->origin);
	fflush(stdout);
	if (options->port_file == NULL ||
	    write_port_file(options->port_file, server_port(server), e))
		done = server_run(server, &stop, &waiting, e);
	server_close(server);
	return done;
}

int main(int argc, char **argv)
{
	struct options options;
	struct clock clock;
	struct sim sim = {.options = &options, .clock = &clock};
	struct err e;

	if (!options_parse(argc, argv, &options, &e) || !make_clock(&clock, &e)) {
		fprintf(stderr, "nida-sim: %s\n", e.text);
		return 2;
	}
	if (options.help) {
		options_print_help(stdout);
		return 0;
	}
	if (options.version) {
		printf("nida-sim " NIDA_VERSION "\n");
		return 0;
	}
	log_configure(LOG_TEXT, LOG_INFO, &clock);
	bool done = serve(&options, &sim, &e);
	sim_close(&sim);
	if (!done)
		fprintf(stderr, "nida-sim: %s\n", e.text);
	return done ? 0 : 1;
}
