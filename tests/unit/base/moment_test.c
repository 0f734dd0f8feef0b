/*
 * Moments, spans, dates and zones. Zones are compared with glibc's own answers over 30 years.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/moment.h"

static void test_iso(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: refused */
	} cases[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"2026-11-22T10:15:00.250Z", 1795342500250},
		{"2026-11-22T14:15:00+04:00", 1795342500000},
		{"2026-11-22 14:15+0400", 1795342500000},
		{"2026-11-22T10:15:00.123456Z", 1795342500123},
		{"2026-11-22T10:15:00", -1},  /* no zone: could be anywhere */
		{"2026-02-29T10:15:00Z", -1}, /* no such day */
		{"2026-13-01T10:15:00Z", -1},
		{"2026-11-22T25:15:00Z", -1},
		{"2026-11-22", -1},
		{"2026-11-22T10:15:00Zx", -1},
		{"", -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t ms;
		bool ok = moment_parse_iso(cases[i].text, &ms);
		if (ok != (cases[i].ms >= 0) || (ok && ms != cases[i].ms))
			fail_msg("%s: %lld", cases[i].text, ok ? (long long)ms : -1);
	}
}

static void test_iso_comes_back(void **state)
{
	static const struct {
		int64_t ms;
		const char *utc;
		const char *newfoundland; /* half hours west of Greenwich */
	} cases[] = {
		{0, "1970-01-01T00:00:00.000Z", "1969-12-31T20:30:00-03:30"},
		{-1, "1969-12-31T23:59:59.999Z", "1969-12-31T20:29:59-03:30"},
		{1795342500250, "2026-11-22T10:15:00.250Z", "2026-11-22T06:45:00-03:30"},
		{1782950399005, "2026-07-01T23:59:59.005Z", "2026-07-01T21:29:59-02:30"},
		{253402300799999, "9999-12-31T23:59:59.999Z", "9999-12-31T20:29:59-03:30"},
	};
	const struct zone *zone;
	struct err e = {0};
	char out[MOMENT_SIZE];
	int64_t ms;

	(void)state;
	assert_string_equal(moment_utc(253402300800000, out), "10000-01-01T00:00:00.000Z");
	assert_string_equal(moment_utc(-62198755200000, out), "-001-01-01T00:00:00.000Z");
	assert_true(zone_find("America/St_Johns", &zone, &e));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_string_equal(moment_utc(cases[i].ms, out), cases[i].utc);
		assert_true(moment_parse_iso(out, &ms));
		assert_int_equal(ms, cases[i].ms);
		assert_string_equal(moment_iso(zone, cases[i].ms, out), cases[i].newfoundland);
	}
}

static void test_spans(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {{"90s", 90000},    {"30m", 1800000}, {"4h", 14400000},
		    {"7d", 604800000}, {"250ms", 250},   {"0s", 0}};
	static const char *const bad[] = {"",    "s",  "5",   "5 m",         "1.5h",
					  "-5m", "5M", "5mm", "99999999999d"};
	static const struct {
		int64_t ms;
		const char *words;
	} words[] = {{0, "0 s"},
		     {400, "400 ms"},
		     {40000, "40 s"},
		     {125000, "2 min 5 s"},
		     {1800000, "30 min"},
		     {7500000, "2 h 5 min"},
		     {276 * HOUR_MS, "11 d 12 h"}};
	char out[MOMENT_SIZE];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		assert_true(span_parse(good[i].text, &ms));
		assert_int_equal(ms, good[i].ms);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(span_parse(bad[i], &ms));
	for (size_t i = 0; i < COUNT_OF(words); i++)
		assert_string_equal(span_words(words[i].ms, out), words[i].words);
}

static void test_dates_go_round(void **state)
{
	(void)state;
	for (int64_t day = -200000; day < 200000; day++) {
		int y;
		int m;
		int d;
		date_from_days(day, &y, &m, &d);
		assert_int_equal(days_from_date(y, m, d), day);
	}
	assert_true(date_is_valid(2028, 2, 29));
	assert_false(date_is_valid(2026, 2, 29));
	assert_false(date_is_valid(2100, 2, 29));
	assert_false(date_is_valid(2026, 0, 1));
}

/* Unknown names must never become UTC in silence. */
static void test_names_of_zones(void **state)
{
	static const char *const bad[] = {"Asia/Nowhere",      "",
					  "../etc/passwd",     "/etc/localtime",
					  ":Asia/Muscat",      "Asia",
					  "asia/muscat ",      "posixrules/x",
					  "localtime",         "posixrules",
					  "Factory",           "right/Asia/Muscat",
					  "posix/Asia/Muscat", "tzdata.zi",
					  "zone.tab",          "zone1970.tab",
					  "iso3166.tab",       "leapseconds",
					  "leap-seconds.list"};
	const struct zone *zone;
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (zone_find(bad[i], &zone, &e))
			fail_msg("'%s' was taken for a zone", bad[i]);
	assert_true(zone_find("Asia/Muscat", &zone, &e));
	assert_int_equal(zone_offset_ms(zone, 0), 4 * HOUR_MS);
	const struct zone *again;
	assert_true(zone_find("Asia/Muscat", &again, &e));
	assert_ptr_equal(zone, again);
}

static void test_zones_agree_with_glibc(void **state)
{
	static const char *const names[] = {"Asia/Muscat",      "Europe/London",
					    "America/New_York", "Asia/Beirut",
					    "Africa/Cairo",     "Africa/Casablanca",
					    "Asia/Kathmandu",   "Australia/Lord_Howe"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct zone *zone;
		struct err e = {0};
		assert_true(zone_find(names[i], &zone, &e));
		setenv("TZ", names[i], 1);
		tzset();
		/* A step that is no divisor of a day meets every hour of the clock. */
		for (time_t t = 1420070400 + 86400; t < 2366841600; t += 20011) {
			struct tm local;
			struct civil c = zone_civil(zone, (int64_t)t * 1000);
			localtime_r(&t, &local);
			if (c.hour != local.tm_hour || c.minute != local.tm_min ||
			    c.day != local.tm_mday || c.month != local.tm_mon + 1 ||
			    c.weekday != local.tm_wday)
				fail_msg("%s at %lld", names[i], (long long)t);
		}
		unsetenv("TZ");
		tzset();
	}
}

static void test_local_moments(void **state)
{
	const struct zone *london;
	struct err e = {0};
	char out[MOMENT_SIZE];

	(void)state;
	assert_true(zone_find("Europe/London", &london, &e));
	/* 29 March 2026 01:30 does not exist in London: the jump at 01:00 UTC stands for it. */
	int64_t gap = zone_moment(london, (struct civil){2026, 3, 29, 1, 30, 0, 0});
	assert_string_equal(moment_iso(london, gap, out), "2026-03-29T02:00:00+01:00");
	/* 25 October 2026 01:30 exists twice: the first of the two. */
	int64_t twice = zone_moment(london, (struct civil){2026, 10, 25, 1, 30, 0, 0});
	assert_string_equal(moment_iso(london, twice, out), "2026-10-25T01:30:00+01:00");
	int64_t midnight = zone_moment(london, (struct civil){2026, 7, 1, 24, 0, 0, 0});
	assert_string_equal(moment_iso(london, midnight, out), "2026-07-02T00:00:00+01:00");
	assert_string_equal(moment_short(london, midnight, true, out), "Thu 2 Jul 00:00:00");
}

static void test_fast_clock(void **state)
{
	static const char *const bad[] = {"",
					  "now",
					  "2026-11-22",
					  "2026-11-22T09:00:00+04:00x",
					  "2026-11-22T09:00:00+04:00x0",
					  "2026-11-22T09:00:00+04:00x-5",
					  "2026-11-22T09:00:00+04:00@",
					  "2026-11-22T09:00:00+04:00x5y",
#define NINE "2026-11-22T09:00:00+04:00"
					  NINE "@nan",
					  NINE "@inf",
					  NINE "@-inf",
					  NINE "@1e300",
					  NINE "@-5",
					  NINE "@ 5",
					  NINE "@+5",
					  NINE "@0x",
					  NINE "xnan",
					  NINE "xinf",
					  NINE "x1e300",
					  NINE "x1e-300",
					  NINE "x0.0001",
					  NINE "x100001",
					  NINE "x-inf",
					  NINE "x1e9@0",
					  NINE "x100000@0",
					  NINE "@99999999999",
					  "0001-01-01T00:00:00Z",
					  "9999-12-31T23:59:59Z"};
	struct clock c = {.speed = 42};
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (clock_init_scaled(&c, bad[i], &e))
			fail_msg("'%s' was taken for a clock", bad[i]);
	assert_true(c.speed == 42);
	assert_non_null(strstr(e.text, "NIDA_CLOCK is '9999-12-31T23:59:59Z'; it must be START"));
	assert_true(clock_init_scaled(&c, "2026-11-22T09:00:00+04:00x1000", &e));
	int64_t first = clock_wall_ms(&c);
	assert_in_range(first - INT64_C(1795323600000), 0, 60000);
	struct mono a = clock_mono(&c);
	struct mono b = clock_mono(&c);
	assert_true(mono_since(a, b) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_iso),
		cmocka_unit_test(test_iso_comes_back),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_dates_go_round),
		cmocka_unit_test(test_names_of_zones),
		cmocka_unit_test(test_zones_agree_with_glibc),
		cmocka_unit_test(test_local_moments),
		cmocka_unit_test(test_fast_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
