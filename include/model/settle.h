/*
 * Settling what is in doubt: did the call that nobody answered for ever exist?
 *
 * The provider's list of calls is read from two minutes before the intent. A line is a candidate when
 * it has our number and our agent and is not a call we know already. Candidates are read one by one:
 * one that carries our reference is ours; one that carries another is not; one that carries none
 * is ours only if this provider is not known to give references back, there is no other candidate,
 * and no other attempt in doubt has the same number.
 *
 * Proven absent is only this: the settle time has passed since the intent, the whole list was read
 * after that, it has no candidate left, and it shows a call of ours that was placed later than this
 * one (so the list is fresh beyond that moment). Everything else stays in doubt.
 */
#ifndef NIDA_MODEL_SETTLE_H
#define NIDA_MODEL_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

/* Clocks here and there may differ by this much. */
#define SETTLE_SKEW_MS (2 * 60 * 1000LL)

enum settle_verdict {
	SETTLE_WAIT,      /* look again later */
	SETTLE_ADOPT,     /* the call exists and is ours: follow it */
	SETTLE_ABSENT,    /* it never came to be: the contact may be called again */
	SETTLE_UNDECIDED, /* a person has to look; nobody is called */
};

struct settle_facts {
	int64_t intent_ms;
	int64_t look_ms;   /* when the reading of the list began */
	int64_t settle_ms; /* the campaign's in_doubt.settle */
	bool fresh;        /* the list shows a call of ours with a later intent */
	int confirmed;     /* candidates that carry our reference */
	int nameless;      /* candidates that carry no reference */
	bool echo_known;   /* this provider has given a reference of ours back before */
	bool rival;        /* another attempt in doubt has the same number */
	bool last_look;    /* nothing else keeps the run going */
};

enum settle_verdict settle_judge(const struct settle_facts *facts);

/* How long after the intent the n-th look is taken (n from 0): soon at first, then once a minute. */
int64_t settle_look_after_ms(int look);

#endif
