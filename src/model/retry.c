#include "model/retry.h"

#include "base/mem.h"

bool retry_allowed(enum outcome outcome)
{
	return outcome == OUTCOME_NO_ANSWER || outcome == OUTCOME_FAILED;
}

bool retry_due(const struct retry *r, enum outcome outcome, int made, int64_t ended_ms,
	       int64_t *due_ms)
{
	if (made < 1)
		BUG("an attempt has ended, but %d were made", made);
	if (!retry_allowed(outcome) || made >= r->attempts)
		return false;

	const struct retry_waits *waits = &r->on[outcome];
	if (waits->count < 1)
		return false;
	int i = made <= waits->count ? made - 1 : waits->count - 1;
	*due_ms = ended_ms + waits->ms[i];
	return true;
}
