/*
 * The verdict about a call that nobody answered for. The campaign's settle time is 5 minutes here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/settle.h"

#define MINUTE INT64_C(60000)

struct settle_case {
	const char *what;
	int64_t waited_ms; /* from the intent to the look */
	bool fresh;
	int confirmed;
	int nameless;
	enum settle_echo echo;
	bool rival;
	bool last_look;
	enum settle_verdict verdict;
	int unreadable;
};

static const struct settle_case cases[] = {
	{"nothing yet, soon after", 2000, false, 0, 0, ECHO_NEVER, false, false, SETTLE_WAIT, 0},
	{"nothing yet, list is fresh, but too soon", 5 * MINUTE - 1, true, 0, 0, ECHO_COMES_BACK,
	 false, false, SETTLE_WAIT, 0},
	{"settled and the list is fresh beyond it", 5 * MINUTE, true, 0, 0, ECHO_COMES_BACK, false,
	 false, SETTLE_ABSENT, 0},
	{"settled, references not known, none to read", 5 * MINUTE, true, 0, 0, ECHO_NEVER, false,
	 false, SETTLE_ABSENT, 0},
	{"settled, but the list may lag", 60 * MINUTE, false, 0, 0, ECHO_COMES_BACK, false, false,
	 SETTLE_WAIT, 0},
	{"the same, and nothing else will come", 60 * MINUTE, false, 0, 0, ECHO_COMES_BACK, false,
	 true, SETTLE_UNDECIDED, 0},
	{"the last look, but too soon", MINUTE, false, 0, 0, ECHO_COMES_BACK, false, true,
	 SETTLE_WAIT, 0},
	{"ours by reference, at once", 2000, false, 1, 0, ECHO_COMES_BACK, false, false,
	 SETTLE_ADOPT, 0},
	{"ours by reference beside a stranger", 2000, false, 1, 3, ECHO_NEVER, true, false,
	 SETTLE_ADOPT, 0},
	{"one without a name, references unknown", 2000, false, 0, 1, ECHO_NEVER, false, false,
	 SETTLE_ADOPT, 0},
	{"one without a name, references come back: not adopted", 2000, false, 0, 1,
	 ECHO_COMES_BACK, false, false, SETTLE_WAIT, 0},
	{"the same, settled and fresh: it may be ours without its name", 5 * MINUTE, true, 0, 1,
	 ECHO_COMES_BACK, false, false, SETTLE_WAIT, 0},
	{"the same at the end", 60 * MINUTE, true, 0, 1, ECHO_COMES_BACK, false, true,
	 SETTLE_UNDECIDED, 0},
	{"two without a name: nobody can tell", 60 * MINUTE, true, 0, 2, ECHO_NEVER, false, false,
	 SETTLE_WAIT, 0},
	{"the same at the end", 60 * MINUTE, true, 0, 2, ECHO_NEVER, false, true, SETTLE_UNDECIDED,
	 0},
	{"one without a name, two of ours in doubt for the number", 60 * MINUTE, true, 0, 1,
	 ECHO_NEVER, true, false, SETTLE_WAIT, 0},
	{"the same at the end", 60 * MINUTE, true, 0, 1, ECHO_NEVER, true, true, SETTLE_UNDECIDED,
	 0},
	{"one without a name, and nothing learned yet", 2000, false, 0, 1, ECHO_UNKNOWN, false,
	 false, SETTLE_WAIT, 0},
	{"the same at the end", 60 * MINUTE, true, 0, 1, ECHO_UNKNOWN, false, true,
	 SETTLE_UNDECIDED, 0},
};

static void test_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct settle_case *c = &cases[i];
		struct settle_facts facts = {
			.waited_ms = c->waited_ms,
			.settle_ms = 5 * MINUTE,
			.fresh = c->fresh,
			.confirmed = c->confirmed,
			.nameless = c->nameless,
			.unreadable = c->unreadable,
			.echo = c->echo,
			.rival = c->rival,
			.last_look = c->last_look,
		};
		if (settle_judge(&facts) != c->verdict)
			fail_msg("%s: %d", c->what, (int)settle_judge(&facts));
	}
}

/* Nobody is ever called again before the settle time, whatever else is true. */
static void test_never_absent_too_soon(void **state)
{
	(void)state;
	for (int bits = 0; bits < 64; bits++) {
		struct settle_facts facts = {
			.waited_ms = 5 * MINUTE - 1,
			.settle_ms = 5 * MINUTE,
			.fresh = bits & 1,
			.confirmed = bits >> 1 & 1,
			.nameless = bits >> 2 & 1,
			.echo = (bits >> 3 & 1) ? ECHO_COMES_BACK : ECHO_NEVER,
			.rival = bits >> 4 & 1,
			.last_look = bits >> 5 & 1,
		};
		assert_int_not_equal(settle_judge(&facts), SETTLE_ABSENT);
	}
}

static void test_looks_come_soon_then_every_minute(void **state)
{
	(void)state;
	assert_int_equal(settle_look_after_ms(0), 2000);
	for (int i = 0; i < 100; i++) {
		int64_t gap_ms = settle_look_after_ms(i + 1) - settle_look_after_ms(i);
		assert_true(gap_ms > 0 && gap_ms <= MINUTE);
	}
	assert_int_equal(settle_look_after_ms(50) - settle_look_after_ms(49), MINUTE);
}

/* Said to be accepted, under an id that is another call's: absence proves nothing. */
static void test_accepted_is_never_absent(void **state)
{
	struct settle_facts facts = {
		.waited_ms = 60 * MINUTE,
		.settle_ms = 5 * MINUTE,
		.fresh = true,
		.accepted = true,
		.echo = ECHO_COMES_BACK,
	};

	(void)state;
	assert_int_equal(settle_judge(&facts), SETTLE_WAIT);
	facts.last_look = true;
	assert_int_equal(settle_judge(&facts), SETTLE_UNDECIDED);
	facts.confirmed = 1;
	assert_int_equal(settle_judge(&facts), SETTLE_ADOPT);
	facts.confirmed = 0;
	facts.accepted = false;
	assert_int_equal(settle_judge(&facts), SETTLE_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_accepted_is_never_absent),
		cmocka_unit_test(test_never_absent_too_soon),
		cmocka_unit_test(test_looks_come_soon_then_every_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
