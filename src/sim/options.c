#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/moment.h"
#include "model/value.h"
#include "sim/options.h"

#define DEFAULT_PORT 8787

enum option_code {
	OPTION_PORT = 256, /* above every character that getopt may return */
	OPTION_PORT_FILE,
	OPTION_SEED,
	OPTION_SPEED,
	OPTION_ANSWER,
	OPTION_NO_ANSWER,
	OPTION_FAILED,
	OPTION_RING,
	OPTION_TALK,
	OPTION_COST,
	OPTION_FAULT,
	OPTION_LIMIT,
	OPTION_RECORD,
	OPTION_KEY,
	OPTION_AGENT,
	OPTION_NUMBER,
	OPTION_TWILIO_TOKEN,
	OPTION_TWILIO_DIRECT,
	OPTION_TELL_SID,
	OPTION_PREAMBLE,
	OPTION_DEACTIVATED,
	OPTION_LOG,
	OPTION_HELP,
	OPTION_VERSION,
};

static const struct option long_options[] = {
	{"port", required_argument, NULL, OPTION_PORT},
	{"port-file", required_argument, NULL, OPTION_PORT_FILE},
	{"seed", required_argument, NULL, OPTION_SEED},
	{"speed", required_argument, NULL, OPTION_SPEED},
	{"answer", required_argument, NULL, OPTION_ANSWER},
	{"no-answer", required_argument, NULL, OPTION_NO_ANSWER},
	{"failed", required_argument, NULL, OPTION_FAILED},
	{"ring", required_argument, NULL, OPTION_RING},
	{"talk", required_argument, NULL, OPTION_TALK},
	{"cost-per-minute", required_argument, NULL, OPTION_COST},
	{"fault", required_argument, NULL, OPTION_FAULT},
	{"limit", required_argument, NULL, OPTION_LIMIT},
	{"record", required_argument, NULL, OPTION_RECORD},
	{"key", required_argument, NULL, OPTION_KEY},
	{"agent", required_argument, NULL, OPTION_AGENT},
	{"number", required_argument, NULL, OPTION_NUMBER},
	{"twilio-token", required_argument, NULL, OPTION_TWILIO_TOKEN},
	{"twilio-direct", no_argument, NULL, OPTION_TWILIO_DIRECT},
	{"tell-sid", no_argument, NULL, OPTION_TELL_SID},
	{"preamble", required_argument, NULL, OPTION_PREAMBLE},
	{"deactivated", no_argument, NULL, OPTION_DEACTIVATED},
	{"log", no_argument, NULL, OPTION_LOG},
	{"help", no_argument, NULL, OPTION_HELP},
	{"version", no_argument, NULL, OPTION_VERSION},
	{NULL, 0, NULL, 0},
};

/* Shares that were given; the others divide what is left. */
struct shares {
	double value[3]; /* answer, no answer, failed */
	bool given[3];
};

static bool wrong(struct err *e, const char *option, const char *value, const char *expected)
{
	return err_set(e, ERR_INVALID, "--%s is '%s'; expected %s.", option, value, expected);
}

static bool parse_whole(const char *text, long long least, long long most, long long *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return end != text && *end == '\0' && errno == 0 && *out >= least && *out <= most;
}

/* "62%" or "62" → 0.62 */
static bool parse_share(const char *text, double *out)
{
	char *end;
	double percent = strtod(text, &end);

	if (end == text || strspn(text, "0123456789.%") != strlen(text))
		return false;
	end += *end == '%';
	*out = percent / 100;
	return *end == '\0' && percent >= 0 && percent <= 100;
}

/* "3s-20s" or "5s" */
static bool parse_range(const char *text, int64_t *min_ms, int64_t *max_ms)
{
	char first[32];
	size_t length = strcspn(text, "-");

	if (length >= sizeof(first))
		return false;
	memcpy(first, text, length);
	first[length] = '\0';
	if (!span_parse(first, min_ms))
		return false;
	*max_ms = *min_ms;
	return text[length] == '\0' ||
	       (span_parse(text + length + 1, max_ms) && *max_ms >= *min_ms);
}

static bool add_text(const char *list[OPTIONS_LIST_MAX], size_t *count, const char *text)
{
	if (*count == OPTIONS_LIST_MAX || *text == '\0')
		return false;
	list[(*count)++] = text;
	return true;
}

/* The name of a fault of recordings, or RECORDING_FAULT_COUNT. */
static enum recording_fault recording_fault_from_name(const char *name)
{
	static const char *const names[RECORDING_FAULT_COUNT] = {
		[RECORDING_DROP] = "recording-drop",
		[RECORDING_EXPIRED] = "recording-expired",
		[RECORDING_GONE] = "recording-gone",
		[RECORDING_PAGE] = "recording-page",
	};
	int fault = 0;

	while (fault < RECORDING_FAULT_COUNT && strcmp(name, names[fault]) != 0)
		fault++;
	return (enum recording_fault)fault;
}

/* One NAME=VALUE of --fault. */
static bool parse_fault(struct options *o, const char *name, const char *value, struct err *e)
{
	struct network_config *n = &o->network;
	enum recording_fault recording = recording_fault_from_name(name);
	enum network_fault fault;
	long long reads;

	if (recording < RECORDING_FAULT_COUNT || network_fault_from_name(name, &fault)) {
		if (parse_share(value, recording < RECORDING_FAULT_COUNT
					       ? &o->recording_share[recording]
					       : &n->share[fault]))
			return true;
		return wrong(e, "fault", value, "a share such as 6% after the name of the fault");
	}
	if (strcmp(name, "stale-list") == 0 || strcmp(name, "late-by") == 0 ||
	    strcmp(name, "retry-after") == 0) {
		int64_t *span = name[0] == 's'   ? &n->stale_list_ms
				: name[0] == 'l' ? &n->late_ms
						 : &n->retry_after_ms;
		if (span_parse(value, span))
			return true;
		return wrong(e, "fault", value, "a span such as 20s after the name");
	}
	if (strcmp(name, "recording-slow") == 0) {
		if (span_parse(value, &o->recording_slow_ms))
			return true;
		return wrong(e, "fault", value, "a span such as 2s after the name");
	}
	if (strcmp(name, "transcript-reads") == 0) {
		if (!parse_whole(value, 0, 1000, &reads))
			return wrong(e, "fault", value, "a number of readings, 0 to 1000");
		n->transcript_reads = (int)reads;
		return true;
	}
	if (strcmp(name, "bad-number") == 0) {
		if (add_text(o->bad_numbers, &n->bad_count, value))
			return true;
		return wrong(e, "fault", value, "a phone number, at most 64 of them");
	}
	return wrong(e, "fault", name, "the name of a fault; --help lists them all");
}

/* Cuts the argument into its parts, in place. */
static bool parse_faults(struct options *o, char *text, struct err *e)
{
	while (text) {
		char *comma = strchr(text, ',');
		if (comma)
			*comma++ = '\0';
		char *equals = strchr(text, '=');
		if (equals == NULL)
			return wrong(e, "fault", text, "NAME=SHARE, for example lost-answer=6%");
		*equals = '\0';
		if (!parse_fault(o, text, equals + 1, e))
			return false;
		text = comma;
	}
	return true;
}

static bool parse_figure(struct options *o, int code, const char *value, double *speed,
			 struct err *e)
{
	struct network_config *n = &o->network;
	long long number;
	char *end;

	switch (code) {
	case OPTION_PORT:
		if (!parse_whole(value, 0, 65535, &number))
			return wrong(e, "port", value, "a port, 0 (any free one) to 65535");
		o->port = (int)number;
		return true;
	case OPTION_SEED:
		if (!parse_whole(value, 0, INT64_MAX, &number))
			return wrong(e, "seed", value, "a whole number, 0 or more");
		n->seed = (uint64_t)number;
		return true;
	case OPTION_SPEED:
		*speed = strtod(value, &end);
		if (end == value || *end || !(*speed >= 0.01 && *speed <= 100000))
			return wrong(e, "speed", value, "a factor such as 60");
		return true;
	case OPTION_LIMIT:
		if (!parse_whole(value, 0, 1000000, &number))
			return wrong(e, "limit", value, "a number of calls, 0 for no limit");
		n->live_limit = number;
		return true;
	case OPTION_COST:
		if (!decimal_parse(value, &n->rates.cost_per_minute, &(int){0}) ||
		    n->rates.cost_per_minute.micro < 0)
			return wrong(e, "cost-per-minute", value, "an amount such as 0.05");
		return true;
	case OPTION_RING:
		if (!parse_range(value, &n->ring_min_ms, &n->ring_max_ms))
			return wrong(e, "ring", value, "spans such as 3s-20s");
		return true;
	case OPTION_TALK:
		if (!parse_range(value, &n->rates.talk_min_ms, &n->rates.talk_max_ms))
			return wrong(e, "talk", value, "spans such as 20s-180s");
		return true;
	default:
		BUG("option %d", code);
	}
}

static bool parse_text(struct options *o, int code, const char *value, struct err *e)
{
	switch (code) {
	case OPTION_PORT_FILE:
		o->port_file = value;
		break;
	case OPTION_RECORD:
		o->record_file = value;
		break;
	case OPTION_KEY:
		o->key = value;
		break;
	case OPTION_TWILIO_TOKEN:
		o->twilio_token = value;
		break;
	case OPTION_AGENT:
		if (!add_text(o->agents, &o->agent_count, value))
			return wrong(e, "agent", value, "ID or ID=NAME, at most 64 of them");
		break;
	case OPTION_NUMBER:
		if (!add_text(o->numbers, &o->number_count, value))
			return wrong(e, "number", value, "a phone number, at most 64 of them");
		break;
	case OPTION_TWILIO_DIRECT:
		o->twilio_direct = true;
		break;
	case OPTION_TELL_SID:
		o->tell_sid = true;
		break;
	case OPTION_PREAMBLE:
		o->preamble = value;
		break;
	case OPTION_DEACTIVATED:
		o->deactivated = true;
		break;
	case OPTION_LOG:
		o->log = true;
		break;
	case OPTION_HELP:
		o->help = true;
		break;
	case OPTION_VERSION:
		o->version = true;
		break;
	default:
		BUG("option %d", code);
	}
	return true;
}

/* Shares not given divide what is left in the proportion they had before. */
static bool settle_shares(const struct shares *s, struct rehearsal_rates *rates, struct err *e)
{
	double *const target[3] = {&rates->answer, &rates->no_answer, &rates->failed};
	double given = 0;
	double others = 0;

	for (int i = 0; i < 3; i++) {
		given += s->given[i] ? s->value[i] : 0;
		others += s->given[i] ? 0 : *target[i];
	}
	if (given > 1 + 1e-9 || (others == 0 && given < 1 - 1e-9))
		return err_set(e, ERR_INVALID,
			       "--answer, --no-answer and --failed add up to %g%%; expected 100%% "
			       "(or leave one out, and it takes the rest).",
			       given * 100);
	for (int i = 0; i < 3; i++)
		*target[i] = s->given[i] ? s->value[i] : *target[i] * (1 - given) / others;
	return true;
}

static bool check_faults(const struct network_config *n, struct err *e)
{
	double sum = 0;

	for (int fault = 0; fault < NETWORK_PLACING_FAULTS; fault++)
		sum += n->share[fault];
	if (sum > 1 + 1e-9)
		return err_set(e, ERR_INVALID,
			       "The faults of placings add up to %g%%; expected 100%% at most.",
			       sum * 100);
	return true;
}

static void apply_speed(struct network_config *n, double speed)
{
	int64_t *const spans[] = {&n->ring_min_ms,       &n->ring_max_ms, &n->rates.talk_min_ms,
				  &n->rates.talk_max_ms, &n->late_ms,     &n->stale_list_ms};

	for (size_t i = 0; i < COUNT_OF(spans); i++)
		*spans[i] = (int64_t)((double)*spans[i] / speed);
}

bool options_parse(int argc, char **argv, struct options *out, struct err *e)
{
	struct shares shares = {0};
	double speed = 1;
	int code;

	*out = (struct options){.port = DEFAULT_PORT};
	network_config_init(&out->network);
	out->network.bad_numbers = out->bad_numbers;
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		bool fine = true;
		if (code == '?')
			return err_set(e, ERR_INVALID,
				       "'%s' is no option of nida-sim, or its value is missing; "
				       "nida-sim --help lists them.",
				       argv[optind - 1]);
		if (code >= OPTION_ANSWER && code <= OPTION_FAILED) {
			int i = code - OPTION_ANSWER;
			shares.given[i] = true;
			if (!parse_share(optarg, &shares.value[i]))
				return wrong(e, long_options[code - OPTION_PORT].name, optarg,
					     "a share such as 62%");
		} else if (code == OPTION_FAULT) {
			fine = parse_faults(out, optarg, e);
		} else if (code == OPTION_PORT || code == OPTION_LIMIT ||
			   (code >= OPTION_SEED && code <= OPTION_COST)) {
			fine = parse_figure(out, code, optarg, &speed, e);
		} else {
			fine = parse_text(out, code, optarg, e);
		}
		if (!fine)
			return false;
	}
	if (optind < argc)
		return err_set(e, ERR_INVALID, "'%s' is not expected; nida-sim takes options only.",
			       argv[optind]);
	apply_speed(&out->network, speed);
	return settle_shares(&shares, &out->network.rates, e) && check_faults(&out->network, e);
}
