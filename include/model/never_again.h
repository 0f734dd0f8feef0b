/*
 * "Never again": does what the agent wrote down mean that this person must not be called any more?
 *
 * suppress_when names an outcome field and the value that means it. The agent is a language model:
 * it writes "Do not call.", "do-not-call", "do_not_call, angry", one of several values in a list,
 * or puts the field into an object of its own. So fields and values are compared by their letters
 * and digits alone, a value that contains the words counts, and the field counts wherever it
 * stands. To suppress one number too many is a nuisance that `nida suppress remove` mends; one too
 * few is a person who is called after saying "never again".
 */
#ifndef NIDA_MODEL_NEVER_AGAIN_H
#define NIDA_MODEL_NEVER_AGAIN_H

#include "model/call.h"
#include "model/scenario.h"

#include <stdbool.h>
#include <stddef.h>

enum never_again {
	NEVER_AGAIN_NO,     /* nothing of the kind was said, or nothing has been said yet */
	NEVER_AGAIN_UNSURE, /* the field has a value that is none of its choices */
	NEVER_AGAIN_YES,    /* call this number never again */
};

/* `which` (may be NULL) receives the value that decided; for NO it is NULL. */
enum never_again never_again_judge(const struct scenario *s, const struct outcome_value *values,
				   size_t count, const struct outcome_value **which);

/* Has the agent told what suppress_when asks about? Other findings may come sooner, params may come
 * back among them (contract: webhooks), and fields may come empty at first, so having values is not
 * enough. */
bool never_again_told(const struct scenario *s, const struct outcome_value *values, size_t count);

#endif
