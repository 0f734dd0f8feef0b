/*
 * Stamps of files: what they notice, and when they prove nothing yet.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/stamp.h"

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void test_an_edit_that_keeps_time_and_size(void **state)
{
	char path[] = "/tmp/nida-stamp-XXXXXX";
	struct stamp before;
	struct stamp after;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	put(path, "96890000001\n");
	assert_true(stamp_take(path, &before));
	assert_true(stamp_take(path, &after));
	assert_true(stamp_equal(&before, &after));
	usleep(50000); /* a few grains of the file system's time */
	put(path, "96890000002\n");
	struct timespec times[] = {{.tv_nsec = UTIME_OMIT}, before.written};
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_true(stamp_take(path, &after));
	assert_int_equal(after.size, before.size);
	assert_int_equal(after.written.tv_nsec, before.written.tv_nsec);
	assert_false(stamp_equal(&before, &after));
	unlink(path);
	assert_false(stamp_take(path, &after));
}

static void test_texts(void **state)
{
	char path[] = "/tmp/nida-stamp-XXXXXX";
	char text[STAMP_TEXT_SIZE];
	char again[STAMP_TEXT_SIZE];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	/* It may be written once more without another time. */
	assert_string_equal(stamp_text(path, text), "");
	usleep(1000 * (STAMP_QUIET_MS + 100));
	assert_string_not_equal(stamp_text(path, text), "");
	assert_string_equal(stamp_text(path, again), text);
	put(path, "96890000001\n");
	assert_string_equal(stamp_text(path, text), "");
	unlink(path);
	assert_string_equal(stamp_text(path, text), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_edit_that_keeps_time_and_size),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
