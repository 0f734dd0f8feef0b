#include "cmd/say.h"
#include "cmd/verb.h"

#include "base/log.h"

#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_usage(FILE *stream)
{
	fputs("nida: outbound voice-call campaigns from files.\n"
	      "usage: nida VERB [CAMPAIGN] [OPTION…]\n\n",
	      stream);
	for (size_t i = 0; i < verb_count; i++) {
		char left[64];
		snprintf(left, sizeof(left), "%s %s", verbs[i]->name, verbs[i]->arguments);
		say(stream, "  nida %-32s %s\n", left, verbs[i]->summary);
	}
	fputs("\n`nida VERB --help` explains a verb with an example; nida(1) has all of it.\n"
	      "First steps: copy campaigns/.env.example to campaigns/.env, fill it in, then\n"
	      "nida check campaigns/payment-reminder.yaml\n",
	      stream);
}

static void print_help(const struct verb *verb)
{
	say(stdout, "usage: nida %s %s [OPTION…]\n\n%s\n\n%s\n\n", verb->name, verb->arguments,
	    verb->summary, verb->details);
	for (const enum option_id *id = verb->options;; id++) {
		const struct option_entry *entry = option_entry(*id);
		char left[64];
		snprintf(left, sizeof(left), "--%s%s%s", entry->name, entry->argument ? " " : "",
			 entry->argument ? entry->argument : "");
		say(stdout, "  %-20s %s\n", left, entry->help);
		if (*id == OPTION_HELP)
			break;
	}
	say(stdout, "\nexample:\n%s\n", verb->example);
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < verb_count; i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

/* Options of this verb alone are known; anything else is a usage error. */
static bool parse_options(struct invocation *in, int argc, char **argv, struct err *e)
{
	struct option longs[OPTION_COUNT + 1] = {{0}};
	size_t count = 0;
	int c;

	for (const enum option_id *id = in->verb->options;; id++) {
		const struct option_entry *entry = option_entry(*id);
		longs[count++] = (struct option){
			.name = entry->name,
			.has_arg = entry->argument ? required_argument : no_argument,
			.val = (int)*id + 256,
		};
		if (*id == OPTION_HELP)
			break;
	}
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (c == 'h') {
			in->values[OPTION_HELP] = "";
		} else if (c >= 256) {
			in->values[c - 256] = optarg ? optarg : "";
		} else {
			return err_set(e, ERR_INVALID,
				       c == ':' ? "%s needs a value; see `nida %s --help`."
						: "'%s' is no option of this verb; see `nida %s "
						  "--help`.",
				       argv[optind - 1], in->verb->name);
		}
	}
	for (; optind < argc; optind++) {
		if (in->argument_count == ARGUMENTS_MAX)
			break;
		in->arguments[in->argument_count++] = argv[optind];
	}
	if (option_given(in, OPTION_HELP))
		return true;
	if (optind < argc || in->argument_count > in->verb->most)
		return err_set(e, ERR_INVALID,
			       "That is more than this verb takes; a number or a key with blanks "
			       "needs quotes ('+968 9123 4567'). usage: nida %s %s; see `nida %s "
			       "--help`.",
			       in->verb->name, in->verb->arguments, in->verb->name);
	if (in->argument_count < in->verb->least)
		return err_set(e, ERR_INVALID, "usage: nida %s %s; see `nida %s --help`.",
			       in->verb->name, in->verb->arguments, in->verb->name);
	return true;
}

static bool set_clock(struct invocation *in, struct err *e)
{
	const char *text = getenv("NIDA_CLOCK");

	if (!text || !*text)
		return true;
	in->scaled_clock = true;
	return clock_init_scaled(&in->clock, text, e);
}

static bool set_log(struct invocation *in, struct err *e)
{
	const char *format = in->values[OPTION_LOG];

	if (format && strcmp(format, "json") != 0 && strcmp(format, "text") != 0)
		return err_set(e, ERR_INVALID, "--log is '%s'; expected text or json.", format);
	log_configure(format && strcmp(format, "json") == 0 ? LOG_JSON : LOG_TEXT,
		      option_given(in, OPTION_VERBOSE) ? LOG_DEBUG : LOG_INFO, &in->clock);
	return true;
}

enum exit_code exit_code_of(const struct err *e)
{
	switch (e->kind) {
	case ERR_INVALID:
		return EXIT_INVALID;
	case ERR_STOPPED:
		return EXIT_GUARDED;
	case ERR_BUSY:
		return EXIT_RUNNING;
	case ERR_FAILED:
		break;
	}
	return EXIT_FAILED;
}

static enum exit_code run_verb(struct invocation *in, int argc, char **argv, struct err *e)
{
	if (!parse_options(in, argc, argv, e)) {
		struct err ignored;
		(void)!set_log(in, &ignored);
		return EXIT_INVALID;
	}
	if (option_given(in, OPTION_HELP)) {
		print_help(in->verb);
		return EXIT_DONE;
	}
	/* The log first: what is wrong with the clock is said in its form. */
	if (!set_log(in, e) || !set_clock(in, e))
		return exit_code_of(e);
	return in->verb->run(in, e);
}

/* Results that did not arrive are a failure; a reader who has gone is none. */
static int leave(enum exit_code code)
{
	struct pollfd reader = {.fd = STDOUT_FILENO, .events = POLLOUT};
	bool written = fflush(stdout) == 0 && !ferror(stdout);

	if (written || (poll(&reader, 1, 0) == 1 && reader.revents & POLLERR))
		return (int)code;
	say(stderr, "nida: not all could be written to standard output.\n");
	return code == EXIT_DONE ? EXIT_FAILED : (int)code;
}

int main(int argc, char **argv)
{
	struct invocation in = {0};
	struct err e = {0};

	/* A pipe that closes must not leave half a result behind in a buffer. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	bool help = argc > 1 && strcmp(argv[1], "help") == 0;
	if (argc < 2 || (help && argc == 2) || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0) {
		print_usage(argc < 2 ? stderr : stdout);
		return leave(argc < 2 ? EXIT_INVALID : EXIT_DONE);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("nida " NIDA_VERSION);
		return leave(EXIT_DONE);
	}
	clock_init_system(&in.clock);
	in.verb = find_verb(argv[help ? 2 : 1]);
	if (!in.verb) {
		say(stderr, "nida: '%s' is no verb. `nida --help` lists them.\n",
		    argv[help ? 2 : 1]);
		return EXIT_INVALID;
	}
	if (help) {
		print_help(in.verb);
		return leave(EXIT_DONE);
	}

	enum exit_code code = run_verb(&in, argc - 1, argv + 1, &e);
	if (e.text[0] && log_is_json())
		log_error("%s", e.text);
	else if (e.text[0])
		say(stderr, "nida: %s\n", e.text);
	return leave(code);
}
