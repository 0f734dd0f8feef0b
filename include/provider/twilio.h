/*
 * Ending a live call through Twilio, for calls that Hamsa places over a Twilio number of ours.
 *
 * Best effort by nature: Hamsa documents no name of the Twilio call, and a call that reaches Twilio
 * through a SIP trunk may be refused a hang-up. A sid that Hamsa gave all the same is used first;
 * else, or where the account does not know it, the call is looked for among the live ones, by both
 * numbers and the time it began, and nothing is ended unless exactly one fits. Ending is
 * idempotent: a call that is already over is a success. One blocking function, for the command
 * line; nothing is kept.
 */
#ifndef NIDA_PROVIDER_TWILIO_H
#define NIDA_PROVIDER_TWILIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"

#define TWILIO_SID_SIZE 35 /* "CA", 32 hexadecimal digits, NUL */

struct twilio_config {
	const char *account_sid; /* TWILIO_ACCOUNT_SID */
	const char *auth_token;  /* TWILIO_AUTH_TOKEN */
	const char *base_url;    /* TWILIO_BASE_URL */
	const struct clock *clock;
};

struct twilio_target {
	const char *sid;        /* NULL: not known, look for the call by what follows */
	const char *to;         /* the called person, E.164 */
	const char *from;       /* our number, E.164 */
	int64_t window_from_ms; /* the call began no earlier … */
	int64_t window_to_ms;   /* … and no later (0: no end); CALL_SKEW_MS is allowed for */
};

enum twilio_ending {
	TWILIO_ENDED,        /* Twilio took the hang-up */
	TWILIO_ALREADY_OVER, /* it had ended before */
};

struct twilio_result {
	enum twilio_ending ending;
	char sid[TWILIO_SID_SIZE];
	char status[24]; /* Twilio's word for how the call stands now; "" when it gave none */
};

bool twilio_end_call(const struct twilio_config *config, const struct twilio_target *target,
		     struct twilio_result *out, struct err *e) MUST_CHECK;

#endif
