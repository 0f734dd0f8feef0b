#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/moment.h"
#include "base/rng.h"
#include "model/hours.h"

#define NEVER   "never"
#define FOREVER "forever"

static const struct zone *zone_of(const char *name)
{
	const struct zone *zone;
	struct err e;

	if (!zone_find(name, &zone, &e))
		fail_msg("%s", e.text);
	return zone;
}

/* "2026-11-22 10:15[:30]" on the wall of the zone; where it shows twice, the first. */
static int64_t moment_of(const struct zone *zone, const char *text)
{
	struct civil c = {0};
	char iso[40];
	int64_t ms;

	assert_true(strlen(text) == 16 || strlen(text) == 19);
	snprintf(iso, sizeof(iso), "%sZ", text);
	assert_true(moment_parse_iso(iso, &ms));
	c = zone_civil(zone_utc(), ms);
	return zone_moment(zone, c);
}

/* Tables are written as they are in a campaign: "sun-thu 09:00-13:00 16:00-20:00; sat
 * 10:00-13:00". */
struct table {
	struct hours hours;
	struct hours_exception exceptions[16];
};

static void spans_read(const char *text, struct hours_day *day)
{
	char copy[200];
	char *rest = copy;
	const char *why;

	assert_true(strlen(text) < sizeof(copy));
	memcpy(copy, text, strlen(text) + 1);
	for (char *word; (word = strsep(&rest, " ")) != NULL;) {
		if (!*word || strcmp(word, "closed") == 0)
			continue;
		if (!hours_span_parse(word, &day->spans[day->count++], &why))
			fail_msg("'%s' %s", word, why);
	}
}

static void rule_read(struct table *t, char *rule)
{
	rule += strspn(rule, " ");
	char *spans = strchr(rule, ' ');
	unsigned days;
	int64_t first;
	int64_t last;
	char iso[40];

	assert_non_null(spans);
	*spans++ = '\0';
	if (hours_days_parse(rule, &days)) {
		for (int i = 0; i < 7; i++)
			if (days & 1u << i)
				spans_read(spans, &t->hours.week[i]);
		return;
	}
	snprintf(iso, sizeof(iso), "%.10sT00:00Z", rule);
	assert_true(moment_parse_iso(iso, &first));
	last = first;
	if (strlen(rule) > 10) {
		snprintf(iso, sizeof(iso), "%.10sT00:00Z", rule + 12);
		assert_true(moment_parse_iso(iso, &last));
	}
	struct hours_exception *e = &t->exceptions[t->hours.exception_count++];
	*e = (struct hours_exception){.first_day = first / DAY_MS, .last_day = last / DAY_MS};
	spans_read(spans, &e->day);
}

static void table_read(const char *text, const char *until, const struct zone *zone,
		       struct table *t)
{
	char copy[400];
	char *rest = copy;

	*t = (struct table){0};
	t->hours.exceptions = t->exceptions;
	t->hours.always = strcmp(text, "always") == 0;
	t->hours.has_until = until != NULL;
	if (until)
		t->hours.until_ms = moment_of(zone, until);
	if (t->hours.always)
		return;
	assert_true(strlen(text) < sizeof(copy));
	memcpy(copy, text, strlen(text) + 1);
	for (char *rule; (rule = strsep(&rest, ";")) != NULL;)
		if (rule[strspn(rule, " ")])
			rule_read(t, rule);
}

struct open_case {
	const char *zone;
	const char *table;
	const char *until;
	const char *at;
	bool open;
	const char *next; /* the next moment that is open; NEVER */
	const char *ends; /* when open: until when; FOREVER */
};

#define WEEK "sun-thu 09:00-13:00 16:00-20:00; sat 10:00-13:00"

/* 2026-11-22 is a Sunday. */
static const struct open_case cases[] = {
	/* Edges of a span: from is in, to is out. */
	{"Asia/Muscat", WEEK, NULL, "2026-11-22 08:59:59", false, "2026-11-22 09:00", NULL},
	{"Asia/Muscat", WEEK, NULL, "2026-11-22 09:00", true, "2026-11-22 09:00",
	 "2026-11-22 13:00"},
	{"Asia/Muscat", WEEK, NULL, "2026-11-22 12:59:59", true, "2026-11-22 12:59:59",
	 "2026-11-22 13:00"},
	{"Asia/Muscat", WEEK, NULL, "2026-11-22 13:00", false, "2026-11-22 16:00", NULL},
	{"Asia/Muscat", WEEK, NULL, "2026-11-22 16:00", true, "2026-11-22 16:00",
	 "2026-11-22 20:00"},
	{"Asia/Muscat", WEEK, NULL, "2026-11-22 20:00", false, "2026-11-23 09:00", NULL},
	{"Asia/Muscat", WEEK, NULL, "2026-11-22 00:00", false, "2026-11-22 09:00", NULL},
	/* A day that is not named is closed: Friday. */
	{"Asia/Muscat", WEEK, NULL, "2026-11-26 20:00", false, "2026-11-28 10:00", NULL},
	{"Asia/Muscat", WEEK, NULL, "2026-11-27 10:00", false, "2026-11-28 10:00", NULL},
	{"Asia/Muscat", WEEK, NULL, "2026-11-28 12:59", true, "2026-11-28 12:59",
	 "2026-11-28 13:00"},
	{"Asia/Muscat", WEEK, NULL, "2026-11-28 13:00", false, "2026-11-29 09:00", NULL},
	/* The same moment is another hour elsewhere. */
	{"UTC", WEEK, NULL, "2026-11-22 05:00", false, "2026-11-22 09:00", NULL},
	{"Asia/Kolkata", "daily 09:30-09:31", NULL, "2026-11-22 09:30", true, "2026-11-22 09:30",
	 "2026-11-22 09:31"},

	/* Whole days, and spans that meet. */
	{"Asia/Muscat", "daily 00:00-24:00", NULL, "2026-11-22 00:00", true, "2026-11-22 00:00",
	 FOREVER},
	{"Asia/Muscat", "daily 00:00-24:00", NULL, "2026-11-22 23:59:59", true,
	 "2026-11-22 23:59:59", FOREVER},
	{"Asia/Muscat", "fri 00:00-24:00", NULL, "2026-11-27 23:59:59", true, "2026-11-27 23:59:59",
	 "2026-11-28 00:00"},
	{"Asia/Muscat", "fri 00:00-24:00", NULL, "2026-11-28 00:00", false, "2026-12-04 00:00",
	 NULL},
	{"Asia/Muscat", "sun 09:00-12:00 12:00-14:00", NULL, "2026-11-22 11:00", true,
	 "2026-11-22 11:00", "2026-11-22 14:00"},
	{"Asia/Muscat", "sun 12:00-14:00 09:00-12:00", NULL, "2026-11-22 08:00", false,
	 "2026-11-22 09:00", NULL},
	{"Asia/Muscat", "sun 20:00-24:00; mon 00:00-02:00", NULL, "2026-11-22 21:00", true,
	 "2026-11-22 21:00", "2026-11-23 02:00"},
	{"Asia/Muscat", "sun-mon 00:00-24:00", NULL, "2026-11-22 21:00", true, "2026-11-22 21:00",
	 "2026-11-24 00:00"},

	/* Over midnight: the part after it belongs to the day it began on. */
	{"Asia/Muscat", "sun 22:00-02:00", NULL, "2026-11-22 21:59:59", false, "2026-11-22 22:00",
	 NULL},
	{"Asia/Muscat", "sun 22:00-02:00", NULL, "2026-11-22 22:00", true, "2026-11-22 22:00",
	 "2026-11-23 02:00"},
	{"Asia/Muscat", "sun 22:00-02:00", NULL, "2026-11-23 00:00", true, "2026-11-23 00:00",
	 "2026-11-23 02:00"},
	{"Asia/Muscat", "sun 22:00-02:00", NULL, "2026-11-23 01:59:59", true, "2026-11-23 01:59:59",
	 "2026-11-23 02:00"},
	{"Asia/Muscat", "sun 22:00-02:00", NULL, "2026-11-23 02:00", false, "2026-11-29 22:00",
	 NULL},
	{"Asia/Muscat", "sun 22:00-02:00", NULL, "2026-11-22 01:00", false, "2026-11-22 22:00",
	 NULL},
	{"Asia/Muscat", "sat 22:00-02:00", NULL, "2026-11-22 01:00", true, "2026-11-22 01:00",
	 "2026-11-22 02:00"},
	{"Asia/Muscat", "daily 22:00-02:00", NULL, "2026-11-22 02:00", false, "2026-11-22 22:00",
	 NULL},
	{"Asia/Muscat", "daily 22:00-00:00", NULL, "2026-11-22 23:59:59", true,
	 "2026-11-22 23:59:59", "2026-11-23 00:00"},
	{"Asia/Muscat", "sun 12:00-11:00", NULL, "2026-11-23 10:59", true, "2026-11-23 10:59",
	 "2026-11-23 11:00"},

	/* Ranges of days in either order. */
	{"Asia/Muscat", "fri-mon 10:00-11:00", NULL, "2026-11-22 10:30", true, "2026-11-22 10:30",
	 "2026-11-22 11:00"},
	{"Asia/Muscat", "fri-mon 10:00-11:00", NULL, "2026-11-23 11:00", false, "2026-11-27 10:00",
	 NULL},
	{"Asia/Muscat", "sat-sun 10:00-11:00", NULL, "2026-11-22 11:00", false, "2026-11-28 10:00",
	 NULL},
	{"Asia/Muscat", "mon,wed 10:00-11:00", NULL, "2026-11-23 11:00", false, "2026-11-25 10:00",
	 NULL},

	/* Exceptions replace the day they name, and the later one wins. */
	{"Asia/Muscat", WEEK "; 2026-11-23 closed", NULL, "2026-11-22 20:00", false,
	 "2026-11-24 09:00", NULL},
	{"Asia/Muscat", WEEK "; 2026-11-23 closed", NULL, "2026-11-23 10:00", false,
	 "2026-11-24 09:00", NULL},
	{"Asia/Muscat", WEEK "; 2026-11-27 10:00-12:00", NULL, "2026-11-27 11:00", true,
	 "2026-11-27 11:00", "2026-11-27 12:00"},
	{"Asia/Muscat", WEEK "; 2026-11-22 10:00-11:00", NULL, "2026-11-22 09:30", false,
	 "2026-11-22 10:00", NULL},
	{"Asia/Muscat", WEEK "; 2026-11-22 10:00-11:00", NULL, "2026-11-22 17:00", false,
	 "2026-11-23 09:00", NULL},
	{"Asia/Muscat", WEEK "; 2026-11-22..2026-12-05 closed", NULL, "2026-11-22 09:30", false,
	 "2026-12-06 09:00", NULL},
	{"Asia/Muscat", WEEK "; 2026-11-22..2026-12-05 closed; 2026-11-25 15:00-16:00", NULL,
	 "2026-11-22 09:30", false, "2026-11-25 15:00", NULL},
	{"Asia/Muscat", WEEK "; 2026-11-25 15:00-16:00; 2026-11-22..2026-12-05 closed", NULL,
	 "2026-11-22 09:30", false, "2026-12-06 09:00", NULL},
	{"Asia/Muscat", "; 2026-11-25 15:00-16:00", NULL, "2026-11-22 09:30", false,
	 "2026-11-25 15:00", NULL},
	{"Asia/Muscat", "; 2026-11-25 15:00-16:00", NULL, "2026-11-25 16:00", false, NEVER, NULL},
	/* A closed day does not cut the night that began on the day before; its own night is
	 * gone. */
	{"Asia/Muscat", "daily 22:00-02:00; 2026-11-23 closed", NULL, "2026-11-23 01:00", true,
	 "2026-11-23 01:00", "2026-11-23 02:00"},
	{"Asia/Muscat", "daily 22:00-02:00; 2026-11-23 closed", NULL, "2026-11-23 22:30", false,
	 "2026-11-24 22:00", NULL},
	{"Asia/Muscat", "daily 22:00-02:00; 2026-11-23 closed", NULL, "2026-11-24 01:00", false,
	 "2026-11-24 22:00", NULL},
	{"Asia/Muscat", "; 2026-11-23 22:00-02:00", NULL, "2026-11-24 01:00", true,
	 "2026-11-24 01:00", "2026-11-24 02:00"},

	/* Nothing at or after `until`. */
	{"Asia/Muscat", WEEK, "2026-11-22 12:00", "2026-11-22 11:59:59", true,
	 "2026-11-22 11:59:59", "2026-11-22 12:00"},
	{"Asia/Muscat", WEEK, "2026-11-22 12:00", "2026-11-22 12:00", false, NEVER, NULL},
	{"Asia/Muscat", WEEK, "2026-11-22 15:00", "2026-11-22 13:30", false, NEVER, NULL},
	{"Asia/Muscat", WEEK, "2026-11-22 16:00", "2026-11-22 13:30", false, NEVER, NULL},
	{"Asia/Muscat", WEEK, "2026-11-22 16:01", "2026-11-22 13:30", false, "2026-11-22 16:00",
	 NULL},
	{"Asia/Muscat", "daily 00:00-24:00", "2026-12-22 12:00", "2026-11-22 11:00", true,
	 "2026-11-22 11:00", "2026-12-22 12:00"},
	{"Asia/Muscat", "always", NULL, "2026-11-27 03:00", true, "2026-11-27 03:00", FOREVER},
	{"Asia/Muscat", "always", "2026-11-27 04:00", "2026-11-27 03:00", true, "2026-11-27 03:00",
	 "2026-11-27 04:00"},
	{"Asia/Muscat", "always", "2026-11-27 04:00", "2026-11-27 04:00", false, NEVER, NULL},

	/* Rules fail closed. */
	{"Asia/Muscat", "", NULL, "2026-11-22 12:00", false, NEVER, NULL},
	{"Asia/Muscat", "mon closed", NULL, "2026-11-23 12:00", false, NEVER, NULL},
	{"Asia/Muscat", "; 2029-01-01 10:00-11:00", NULL, "2026-11-22 12:00", false, NEVER, NULL},

	/* London, 2026-03-29: 01:00 becomes 02:00. An edge in between is the moment of the jump. */
	{"Europe/London", "sun 01:30-04:00", NULL, "2026-03-29 00:59:59", false, "2026-03-29 02:00",
	 NULL},
	{"Europe/London", "sun 01:30-04:00", NULL, "2026-03-29 02:00", true, "2026-03-29 02:00",
	 "2026-03-29 04:00"},
	{"Europe/London", "sun 00:30-01:30", NULL, "2026-03-29 00:45", true, "2026-03-29 00:45",
	 "2026-03-29 02:00"},
	{"Europe/London", "sun 00:30-01:30", NULL, "2026-03-29 02:00", false, "2026-04-05 00:30",
	 NULL},
	/* A span inside the hour that does not exist: closed that day. */
	{"Europe/London", "sun 01:10-01:50", NULL, "2026-03-29 00:00", false, "2026-04-05 01:10",
	 NULL},
	{"Europe/London", "sun 00:00-24:00", NULL, "2026-03-29 00:00", true, "2026-03-29 00:00",
	 "2026-03-30 00:00"},
	{"Europe/London", "daily 09:00-17:00", NULL, "2026-03-28 17:00", false, "2026-03-29 09:00",
	 NULL},
	{"Europe/London", "sat 22:00-03:00", NULL, "2026-03-29 00:30", true, "2026-03-29 00:30",
	 "2026-03-29 03:00"},
	/* 2026-10-25: 02:00 becomes 01:00; the first 01:30 is asked, and the wall shows it
	 * twice. */
	{"Europe/London", "sun 01:00-02:00", NULL, "2026-10-25 00:59", false, "2026-10-25 01:00",
	 NULL},
	{"Europe/London", "sun 01:00-02:00", NULL, "2026-10-25 01:30", true, "2026-10-25 01:30",
	 "2026-10-25 02:00"},
	{"Europe/London", "sun 01:15-01:45", NULL, "2026-10-25 01:30", true, "2026-10-25 01:30",
	 "2026-10-25 01:45"},
	{"Europe/London", "daily 09:00-17:00", NULL, "2026-10-24 17:00", false, "2026-10-25 09:00",
	 NULL},

	/* New York, 2026-03-08 02:00 → 03:00 and 2026-11-01 02:00 → 01:00. */
	{"America/New_York", "sun 02:30-05:00", NULL, "2026-03-08 01:59", false, "2026-03-08 03:00",
	 NULL},
	{"America/New_York", "sun 01:00-02:15", NULL, "2026-03-08 01:30", true, "2026-03-08 01:30",
	 "2026-03-08 03:00"},
	{"America/New_York", "sat 23:00-03:00", NULL, "2026-03-08 01:30", true, "2026-03-08 01:30",
	 "2026-03-08 03:00"},
	{"America/New_York", "daily 09:00-20:00", NULL, "2026-10-31 20:00", false,
	 "2026-11-01 09:00", NULL},
	{"America/New_York", "sun 01:00-02:00", NULL, "2026-11-01 01:59", true, "2026-11-01 01:59",
	 "2026-11-01 02:00"},

	/* Beirut jumps at midnight: 2026-03-29 begins at 01:00, 2026-10-25 00:00 becomes 23:00
	 * again. */
	{"Asia/Beirut", "sun 00:00-24:00", NULL, "2026-03-28 23:59:59", false, "2026-03-29 01:00",
	 NULL},
	{"Asia/Beirut", "sun 00:30-02:00", NULL, "2026-03-28 23:00", false, "2026-03-29 01:00",
	 NULL},
	{"Asia/Beirut", "sat 22:00-00:30", NULL, "2026-03-28 23:00", true, "2026-03-28 23:00",
	 "2026-03-29 01:00"},
	{"Asia/Beirut", "sun 00:00-01:00", NULL, "2026-03-28 23:00", false, "2026-04-05 00:00",
	 NULL},
	{"Asia/Beirut", "sat 23:00-24:00", NULL, "2026-10-24 23:30", true, "2026-10-24 23:30",
	 "2026-10-25 00:00"},
	{"Asia/Beirut", "sun 09:00-10:00", NULL, "2026-10-24 23:30", false, "2026-10-25 09:00",
	 NULL},

	/* Cairo: Friday 2026-04-24 begins at 01:00; Thursday 2026-10-29 has its last hour twice. */
	{"Africa/Cairo", "fri 00:00-02:00", NULL, "2026-04-23 23:30", false, "2026-04-24 01:00",
	 NULL},
	{"Africa/Cairo", "fri 00:15-00:45", NULL, "2026-04-23 23:30", false, "2026-05-01 00:15",
	 NULL},
	{"Africa/Cairo", "thu 23:00-24:00", NULL, "2026-10-29 23:00", true, "2026-10-29 23:00",
	 "2026-10-30 00:00"},
	{"Africa/Cairo", "sun-thu 10:00-14:00", NULL, "2026-10-29 14:00", false, "2026-11-01 10:00",
	 NULL},
};

static void check_moment(const struct open_case *c, const struct zone *zone, const char *what,
			 int64_t found, const char *expected)
{
	char a[MOMENT_SIZE];
	char b[MOMENT_SIZE];
	int64_t wanted = strcmp(expected, FOREVER) == 0 ? INT64_MAX : moment_of(zone, expected);

	if (found == wanted)
		return;
	if (wanted == INT64_MAX || found == INT64_MAX)
		fail_msg("%s '%s' at %s: %s %lld, expected %s", c->zone, c->table, c->at, what,
			 (long long)found, expected);
	fail_msg("%s '%s' at %s: %s %s, expected %s", c->zone, c->table, c->at, what,
		 moment_iso(zone, found, a), moment_iso(zone, wanted, b));
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct open_case *c = &cases[i];
		const struct zone *zone = zone_of(c->zone);
		struct table t;
		int64_t next;

		table_read(c->table, c->until, zone, &t);
		int64_t at = moment_of(zone, c->at);
		if (hours_open(&t.hours, zone, at) != c->open)
			fail_msg("%s '%s' at %s: open should be %d", c->zone, c->table, c->at,
				 c->open);
		bool found = hours_next_open(&t.hours, zone, at, &next);
		if (found != (strcmp(c->next, NEVER) != 0))
			fail_msg("%s '%s' at %s: next is %d", c->zone, c->table, c->at, found);
		if (found)
			check_moment(c, zone, "next", next, c->next);
		if (c->open)
			check_moment(c, zone, "ends", hours_open_until(&t.hours, zone, at),
				     c->ends);
	}
}

/* The hour that exists twice is judged by the wall clock, both times. */
static void test_hour_that_exists_twice(void **state)
{
	static const struct {
		const char *zone;
		const char *table;
		const char *second; /* a moment of the second pass, in UTC */
		bool open;
		const char *next; /* UTC */
	} twice[] = {
		{"Europe/London", "sun 01:15-01:45", "2026-10-25 01:00", false, "2026-10-25 01:15"},
		{"Europe/London", "sun 01:15-01:45", "2026-10-25 01:30", true, "2026-10-25 01:30"},
		{"Europe/London", "sun 01:15-01:45", "2026-10-25 01:45", false, "2026-11-01 01:15"},
		/* From the first pass straight to the second. */
		{"Europe/London", "sun 01:15-01:45", "2026-10-25 00:45", false, "2026-10-25 01:15"},
		{"America/New_York", "sun 01:30-02:00", "2026-11-01 06:45", true,
		 "2026-11-01 06:45"},
		{"America/New_York", "sun 01:30-02:00", "2026-11-01 06:00", false,
		 "2026-11-01 06:30"},
		/* 23:30 comes again after the midnight that was taken back. */
		{"Africa/Cairo", "thu 23:15-23:45", "2026-10-29 21:00", false, "2026-10-29 21:15"},
		{"Africa/Cairo", "fri 00:00-01:00", "2026-10-29 21:30", false, "2026-10-29 22:00"},
		{"Asia/Beirut", "sat 23:00-24:00", "2026-10-24 21:30", true, "2026-10-24 21:30"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(twice); i++) {
		const struct zone *zone = zone_of(twice[i].zone);
		struct table t;
		int64_t next;
		int64_t at = moment_of(zone_utc(), twice[i].second);

		table_read(twice[i].table, NULL, zone, &t);
		assert_int_equal(hours_open(&t.hours, zone, at), twice[i].open);
		assert_true(hours_next_open(&t.hours, zone, at, &next));
		if (next != moment_of(zone_utc(), twice[i].next))
			fail_msg("case %zu: %lld", i, (long long)next);
	}
}

static void test_spans_parse(void **state)
{
	static const struct {
		const char *text;
		int from; /* -1: refused */
		int to;
	} texts[] = {
		{"09:00-13:00", 540, 780},
		{"9:00-13:00", 540, 780},
		{"00:00-24:00", 0, 1440},
		{"22:00-02:00", 1320, 1560},
		{"22:00-24:00", 1320, 1440},
		{"22:00-00:00", 1320, 1440},
		{" 09:00 - 13:00 ", 540, 780},
		{"09:00\u201313:00", 540, 780},
		{"00:00-00:01", 0, 1},
		{"23:59-23:58", 1439, 2878},
		{"23:59-24:00", 1439, 1440},
		{"00:01-00:00", 1, 1440},
		{"09:00", -1, 0},
		{"09:00-", -1, 0},
		{"", -1, 0},
		{"09-13", -1, 0},
		{"0900-1300", -1, 0},
		{"09:0-13:00", -1, 0},
		{"09:000-13:00", -1, 0},
		{"009:00-13:00", -1, 0},
		{"25:00-26:00", -1, 0},
		{"09:60-13:00", -1, 0},
		{"09:00-24:01", -1, 0},
		{"24:00-02:00", -1, 0},
		{"09:00-09:00", -1, 0},
		{"00:00-00:00", -1, 0},
		{"09:00-13:00 16:00-20:00", -1, 0},
		{"09:00-13:00x", -1, 0},
		{"-09:00-13:00", -1, 0},
		{"9am-1pm", -1, 0},
		{"closed", -1, 0},
		{"24:00-24:00", -1, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct hours_span span = {-1, 0};
		const char *why = NULL;
		bool ok = hours_span_parse(texts[i].text, &span, &why);

		if (ok != (texts[i].from >= 0))
			fail_msg("'%s': %s", texts[i].text, ok ? "accepted" : why);
		if (ok && (span.from != texts[i].from || span.to != texts[i].to))
			fail_msg("'%s': %d..%d", texts[i].text, span.from, span.to);
		if (!ok)
			assert_non_null(why);
	}
}

static void test_days_parse(void **state)
{
	static const struct {
		const char *text;
		unsigned days; /* 0: refused */
	} texts[] = {
		{"sun", 0x01},
		{"mon", 0x02},
		{"sat", 0x40},
		{"sun-thu", 0x1f},
		{"fri-mon", 0x63},
		{"sat-sun", 0x41},
		{"mon,wed", 0x0a},
		{"daily", 0x7f},
		{"Sun-Thu", 0x1f},
		{"DAILY", 0x7f},
		{"mon, wed", 0x0a},
		{"sun-mon,thu-fri", 0x33},
		{"sun - thu", 0x1f},
		{"mon-sun", 0x7f},
		{"thu-wed", 0x7f},
		{"mon,mon", 0x02},
		{"", 0},
		{"sunday", 0},
		{"su", 0},
		{"sun-", 0},
		{"-thu", 0},
		{"sun-thu-fri", 0},
		{"sun;mon", 0},
		{"sun,", 0},
		{",sun", 0},
		{"sun-sun", 0},
		{"weekdays", 0},
		{"sun thu", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		unsigned days = 0;
		bool ok = hours_days_parse(texts[i].text, &days);

		if (ok != (texts[i].days != 0) || (ok && days != texts[i].days))
			fail_msg("'%s': %d %#x", texts[i].text, ok, days);
	}
}

static void test_overlap(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		bool overlap;
	} pairs[] = {
		{"09:00-13:00", "16:00-20:00", false}, {"09:00-13:00", "13:00-20:00", false},
		{"09:00-13:00", "12:59-20:00", true},  {"09:00-20:00", "12:00-13:00", true},
		{"09:00-13:00", "09:00-13:00", true},  {"22:00-02:00", "01:00-03:00", true},
		{"22:00-02:00", "02:00-03:00", false}, {"22:00-02:00", "00:00-00:30", true},
		{"22:00-02:00", "23:00-01:00", true},  {"00:00-24:00", "12:00-13:00", true},
		{"00:00-24:00", "22:00-02:00", true},  {"12:00-11:00", "11:00-12:00", false},
		{"12:00-11:00", "10:59-12:00", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		struct hours_span a;
		struct hours_span b;
		const char *why;

		assert_true(hours_span_parse(pairs[i].a, &a, &why));
		assert_true(hours_span_parse(pairs[i].b, &b, &why));
		if (hours_spans_overlap(a, b) != pairs[i].overlap ||
		    hours_spans_overlap(b, a) != pairs[i].overlap)
			fail_msg("%s and %s", pairs[i].a, pairs[i].b);
	}
}

/* The naive reading: look at the calendar on the wall, minute by minute. */
static bool naive_minute_open(const struct hours *h, int64_t day, int minute)
{
	const struct hours_day *spans = &h->week[(day + 4) % 7];

	for (size_t i = 0; i < h->exception_count; i++)
		if (day >= h->exceptions[i].first_day && day <= h->exceptions[i].last_day)
			spans = &h->exceptions[i].day;
	for (size_t i = 0; i < spans->count; i++)
		if (spans->spans[i].from <= minute && minute < spans->spans[i].to)
			return true;
	return false;
}

static bool naive_open(const struct hours *h, const struct zone *zone, int64_t wall_ms)
{
	struct civil c = zone_civil(zone, wall_ms);
	int64_t day = days_from_date(c.year, c.month, c.day);
	int minute = c.hour * 60 + c.minute;

	if (h->has_until && wall_ms >= h->until_ms)
		return false;
	return naive_minute_open(h, day, minute) || naive_minute_open(h, day - 1, minute + 1440);
}

static void random_day(struct rng *r, struct hours_day *day)
{
	day->count = (size_t)rng_below(r, 4);
	for (size_t i = 0; i < day->count; i++) {
		int from = (int)rng_below(r, 1440);
		int length = 1 + (int)rng_below(r, rng_below(r, 4) ? 300 : 1440);
		day->spans[i] = (struct hours_span){from, from + length};
	}
}

static void random_table(struct rng *r, int64_t around_ms, struct table *t)
{
	*t = (struct table){0};
	t->hours.exceptions = t->exceptions;
	for (int i = 0; i < 7; i++)
		random_day(r, &t->hours.week[i]);
	t->hours.exception_count = (size_t)rng_below(r, 6);
	for (size_t i = 0; i < t->hours.exception_count; i++) {
		struct hours_exception *e = &t->exceptions[i];
		e->first_day = around_ms / DAY_MS + (int64_t)rng_below(r, 8) - 3;
		e->last_day = e->first_day + (int64_t)rng_below(r, 3);
		random_day(r, &e->day);
	}
	t->hours.has_until = rng_below(r, 4) == 0;
	t->hours.until_ms = around_ms + (int64_t)rng_below(r, 4 * DAY_MS) - DAY_MS;
}

/* Two days of minutes from the clock change on: what the naive reading says of each. */
#define SCAN_MINUTES 2880

/* All instants of a table are judged against one scan, so a million of them stays quick. */
static void check_against_scan(struct rng *r, const struct table *t, const struct zone *zone,
			       int64_t start_ms, int instants)
{
	static bool open[SCAN_MINUTES + 1];
	static int next_change[SCAN_MINUTES + 1]; /* the first minute from here on that differs */

	for (int i = 0; i <= SCAN_MINUTES; i++)
		open[i] = naive_open(&t->hours, zone, start_ms + i * MINUTE_MS);
	next_change[SCAN_MINUTES] = SCAN_MINUTES;
	for (int i = SCAN_MINUTES; i-- > 0;)
		next_change[i] = open[i] == open[i + 1] ? next_change[i + 1] : i + 1;

	for (int n = 0; n < instants; n++) {
		int minute = (int)rng_below(r, SCAN_MINUTES);
		int64_t at = start_ms + minute * MINUTE_MS + (int64_t)rng_below(r, MINUTE_MS);
		int64_t change = start_ms + next_change[minute] * MINUTE_MS;
		bool known = open[minute] != open[next_change[minute]];
		int64_t next = -1;

		if (hours_open(&t->hours, zone, at) != open[minute])
			fail_msg("%s at %lld: open", zone_name(zone), (long long)at);
		bool found = hours_next_open(&t->hours, zone, at, &next);
		if (open[minute] && (!found || next != at))
			fail_msg("%s at %lld: open, next %lld", zone_name(zone), (long long)at,
				 (long long)next);
		if (!open[minute] && known && (!found || next != change))
			fail_msg("%s at %lld: next %lld, not %lld", zone_name(zone), (long long)at,
				 (long long)next, (long long)change);
		if (!open[minute] && !known && found && next < start_ms + SCAN_MINUTES * MINUTE_MS)
			fail_msg("%s at %lld: too early", zone_name(zone), (long long)at);
		if (open[minute] && known && hours_open_until(&t->hours, zone, at) != change)
			fail_msg("%s at %lld: ends", zone_name(zone), (long long)at);
	}
}

static void test_random_tables(void **state)
{
	static const char *const zones[] = {"Asia/Muscat",      "Europe/London",
					    "America/New_York", "Asia/Beirut",
					    "Africa/Cairo",     "Asia/Kathmandu",
					    "Pacific/Chatham",  "Australia/Lord_Howe"};
	enum { TABLES = 2000, INSTANTS = 500 }; /* a million in all */
	struct rng r;

	(void)state;
	rng_seed(&r, 20261122);
	for (int i = 0; i < TABLES; i++) {
		const struct zone *zone = zone_of(zones[rng_below(&r, COUNT_OF(zones))]);
		int64_t day = days_from_date(2024, 1, 1) + (int64_t)rng_below(&r, 1200);
		struct table t;

		/* Most tables are tried where the clocks change. */
		for (int back = 0; back < 400 && rng_below(&r, 10); back++, day++)
			if (zone_offset_ms(zone, day * DAY_MS) !=
			    zone_offset_ms(zone, (day + 1) * DAY_MS))
				break;
		/* `until` falls on a minute, as it does in a campaign. */
		random_table(&r, day * DAY_MS, &t);
		t.hours.until_ms -= t.hours.until_ms % MINUTE_MS;
		check_against_scan(&r, &t, zone,
				   day * DAY_MS - (int64_t)rng_below(&r, 1440) * MINUTE_MS,
				   INSTANTS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),       cmocka_unit_test(test_hour_that_exists_twice),
		cmocka_unit_test(test_spans_parse), cmocka_unit_test(test_days_parse),
		cmocka_unit_test(test_overlap),     cmocka_unit_test(test_random_tables),
	};

	print_message("%zu moments\n", COUNT_OF(cases));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
