/*
 * What nida-sim was asked for on its command line, checked and complete.
 *
 * The texts are those of argv, borrowed; nothing is to be given back.
 */
#ifndef NIDA_SIM_OPTIONS_H
#define NIDA_SIM_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "provider/network.h"

#define OPTIONS_LIST_MAX 64

/* What goes wrong with recordings: each with a share of the calls, chosen by the call's id. */
enum recording_fault {
	RECORDING_DROP,    /* a request for all of it is cut in the middle; the rest is to be had */
	RECORDING_EXPIRED, /* links handed out just after the call are dead (403), later ones are
			      not */
	RECORDING_GONE,    /* every link is dead (404) */
	RECORDING_PAGE,    /* a page of HTML, and status 200 */
	RECORDING_FAULT_COUNT,
};

struct options {
	double recording_share[RECORDING_FAULT_COUNT];
	int64_t recording_slow_ms;     /* real time that sending one takes; 0: as fast as it goes */
	struct network_config network; /* recording_base is the server's to set */
	int port;                      /* 0: any that is free */
	const char *port_file;         /* NULL: none */
	const char *record_file;       /* NULL: none */
	const char *key;               /* NULL: any key is good */
	const char *twilio_token;      /* NULL: any token is good */
	bool twilio_direct;            /* plain numbers instead of trunk calls */
	bool tell_sid;                 /* conversations name Twilio's call */
	bool deactivated;              /* the project is switched off */
	const char *preamble;          /* of every agent; NULL: the usual one */
	bool log;
	const char *agents[OPTIONS_LIST_MAX]; /* ID or ID=NAME; none: every id is an agent's */
	size_t agent_count;
	const char *numbers[OPTIONS_LIST_MAX]; /* our numbers; none: every number is ours */
	size_t number_count;
	const char *bad_numbers[OPTIONS_LIST_MAX];
	bool help;
	bool version;
};

/* False: the command line is wrong, the sentence says where. */
bool options_parse(int argc, char **argv, struct options *out, struct err *e) MUST_CHECK;

void options_print_help(FILE *out);

#endif
