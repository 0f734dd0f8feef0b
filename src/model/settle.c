#include "model/settle.h"

enum settle_verdict settle_judge(const struct settle_facts *facts)
{
	bool settled = facts->waited_ms >= facts->settle_ms;
	bool certain = facts->nameless == 1 && facts->unreadable == 0 &&
		       facts->echo == ECHO_NEVER && !facts->rival;

	if (facts->confirmed > 0)
		return SETTLE_ADOPT;
	if (certain)
		return SETTLE_ADOPT;
	/* Where references come back, most of these are somebody else's; but one may be ours that
	 * lost its reference, and that customer must not be called again. */
	if (facts->unreadable > 0 || facts->nameless > 0)
		return settled && facts->last_look ? SETTLE_UNDECIDED : SETTLE_WAIT;
	if (!settled)
		return SETTLE_WAIT;
	if (facts->fresh && !facts->accepted)
		return SETTLE_ABSENT;
	return facts->last_look ? SETTLE_UNDECIDED : SETTLE_WAIT;
}

int64_t settle_look_after_ms(int look)
{
	static const int64_t first_ms[] = {2000, 5000, 15000, 30000, 60000};
	int known = (int)(sizeof(first_ms) / sizeof(first_ms[0]));

	if (look < known)
		return first_ms[look];
	return first_ms[known - 1] + (look - known + 1) * 60000LL;
}
