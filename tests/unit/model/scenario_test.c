#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/scenario.h"

static void test_find(void **state)
{
	static const struct variable variables[] = {{.name = "a"}, {.name = "dueDate"}};
	static const struct scenario s = {.variable_count = 2, .variables = variables};
	static const struct scenario none = {.variable_count = 0};

	(void)state;
	assert_ptr_equal(scenario_variable(&s, "a"), &variables[0]);
	assert_ptr_equal(scenario_variable(&s, "dueDate"), &variables[1]);
	assert_null(scenario_variable(&s, "duedate"));
	assert_null(scenario_variable(&s, ""));
	assert_null(scenario_variable(&none, "a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
