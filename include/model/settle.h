/*
 * Settling what is in doubt: did the call that nobody answered for ever exist?
 *
 * The provider's list of calls is read from two minutes before the intent. A line is a candidate
 * when it has our number and our agent and is not a call we know already. Candidates are read one
 * by one: one that carries our reference is ours; one that carries another is not; one that carries
 * none is ours for certain only if this provider is known not to give references back, there is no
 * other candidate, and no other attempt in doubt has the same number. Else it may be anybody's,
 * like one that cannot be read: it proves nothing, and as long as it stands there nothing is proven
 * absent.
 *
 * Proven absent is only this: the settle time has passed since the doubt was known, the whole list
 * was read after that, it has no candidate left, and it shows a call of ours whose intent came
 * after this one's (so the list is fresh beyond that moment). Everything else stays in doubt. The
 * settle time must be longer than the provider may take to make a call, and its list to show it,
 * taken together. A call that the provider said it had accepted, but under an id that is another
 * call's, may stand in the list as that other one: its absence proves nothing.
 *
 * Nothing here asks the wall clock, which may have jumped in between: waiting is measured by the
 * monotonic one, and what came after what by the order of the intents.
 */
#ifndef NIDA_MODEL_SETTLE_H
#define NIDA_MODEL_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

enum settle_verdict {
	SETTLE_WAIT,      /* look again later */
	SETTLE_ADOPT,     /* the call exists and is ours: follow it */
	SETTLE_ABSENT,    /* it never came to be: the contact may be called again */
	SETTLE_UNDECIDED, /* a person has to look; nobody is called */
};

/* Does this provider give references back? Learned from calls that are certainly ours. */
enum settle_echo {
	ECHO_UNKNOWN,    /* no call of ours has been read yet */
	ECHO_COMES_BACK, /* so a call without one is hardly ours, and never taken for it */
	ECHO_NEVER,      /* so a call without one may be ours */
};

struct settle_facts {
	int64_t waited_ms; /* from when the doubt was known to when this reading of the list began
			    */
	int64_t settle_ms; /* the campaign's in_doubt.settle */
	bool fresh;        /* the list shows a call of ours whose intent came later */
	int confirmed;     /* candidates that carry our reference */
	int nameless;      /* candidates that carry no reference */
	int unreadable;    /* candidates that cannot be read: any of them may be ours */
	bool accepted;     /* the provider did say yes, under an id that is another call's */
	enum settle_echo echo;
	bool rival;     /* another attempt in doubt has the same number */
	bool last_look; /* nothing else keeps the run going */
};

enum settle_verdict settle_judge(const struct settle_facts *facts);

/* How long after the intent the n-th look is taken (n from 0): soon at first, then once a
 * minute. */
int64_t settle_look_after_ms(int look);

#endif
