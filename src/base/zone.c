/*
 * Zones as tables. glibc knows the zone database but only through one process-wide TZ; so TZ is set
 * once per zone, the offsets of 50 years are read off day by day, and TZ is put back. After that
 * every question is a binary search in an immutable table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/zone.h"

#define FIRST_YEAR 2015
#define LAST_YEAR  2065

struct change {
	int64_t from_ms; /* the first moment with this offset */
	int64_t offset_ms;
};

struct zone {
	struct zone *next;
	char *name;
	size_t count; /* of changes; at least 1 */
	struct change *changes;
};

static struct change utc_change = {INT64_MIN, 0};
static char utc_name[] = "UTC";
static const struct zone utc = {NULL, utc_name, 1, &utc_change};

const struct zone *zone_utc(void)
{
	return &utc;
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

/* Files of the database that are zones by their form only: the machine's own zone and its copies,
 * a placeholder, and the whole database once more, with leap seconds and without. */
static bool is_no_place(const char *name)
{
	static const char *const names[] = {"Factory", "localtime", "posixrules"};
	static const char *const folders[] = {"right/", "posix/"};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (strncmp(name, folders[i], strlen(folders[i])) == 0)
			return true;
	return false;
}

static bool name_is_known(const char *name)
{
	const char *root = getenv("TZDIR");
	char path[512];
	char magic[4] = "";

	if (is_no_place(name) || !*name || name[0] == '/' || name[0] == ':' || name[0] == '.' ||
	    strstr(name, "..") ||
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") !=
		    strlen(name))
		return false;
	snprintf(path, sizeof(path), "%s/%s", root && *root ? root : "/usr/share/zoneinfo", name);

	FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	bool known = fread(magic, 1, 4, file) == 4 && memcmp(magic, "TZif", 4) == 0;
	fclose(file);
	return known;
}

static int64_t offset_at(int64_t second)
{
	time_t t = (time_t)second;
	struct tm local;

	if (!localtime_r(&t, &local))
		BUG("localtime_r fails at %lld", (long long)second);
	return (int64_t)local.tm_gmtoff * SECOND_MS;
}

/* The first second in (before, after] whose offset is not that of `before`. */
static int64_t find_change(int64_t before, int64_t after)
{
	int64_t old = offset_at(before);

	while (after - before > 1) {
		int64_t middle = before + (after - before) / 2;
		if (offset_at(middle) == old)
			before = middle;
		else
			after = middle;
	}
	return after;
}

static void add_change(struct zone *z, int64_t from_ms, int64_t offset_ms)
{
	z->changes = xrealloc(z->changes, (z->count + 1) * sizeof(*z->changes));
	z->changes[z->count++] = (struct change){from_ms, offset_ms};
}

static void read_changes(struct zone *z)
{
	int64_t first = days_from_date(FIRST_YEAR, 1, 1) * 86400;
	int64_t last = days_from_date(LAST_YEAR, 1, 1) * 86400;

	add_change(z, INT64_MIN, offset_at(first));
	for (int64_t t = first; t < last; t += 86400) {
		int64_t from = t;
		while (offset_at(from) != offset_at(t + 86400)) {
			from = find_change(from, t + 86400);
			add_change(z, from * SECOND_MS, offset_at(from));
		}
	}
}

bool zone_find(const char *name, const struct zone **out, struct err *e)
{
	static struct zone *known; /* a cache: zones are immutable and few */

	for (struct zone *z = known; z; z = z->next) {
		if (strcmp(z->name, name) == 0) {
			*out = z;
			return true;
		}
	}
	if (!name_is_known(name))
		return err_set(e, ERR_INVALID,
			       "'%s' is not a time zone of this machine's zone database; "
			       "expected an IANA name such as Asia/Muscat.",
			       name);

	const char *before = getenv("TZ");
	char *saved = before ? xstrdup(before) : NULL;
	struct zone *z = xcalloc(1, sizeof(*z));

	z->name = xstrdup(name);
	setenv("TZ", name, 1);
	tzset();
	read_changes(z);
	if (saved)
		setenv("TZ", saved, 1);
	else
		unsetenv("TZ");
	tzset();
	free(saved);

	z->next = known;
	known = z;
	*out = z;
	return true;
}

static size_t change_index(const struct zone *z, int64_t wall_ms)
{
	size_t low = 0;
	size_t high = z->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (z->changes[middle].from_ms <= wall_ms)
			low = middle;
		else
			high = middle;
	}
	return low;
}

int64_t zone_offset_ms(const struct zone *z, int64_t wall_ms)
{
	return z->changes[change_index(z, wall_ms)].offset_ms;
}

struct civil zone_civil(const struct zone *z, int64_t wall_ms)
{
	int64_t local = wall_ms + zone_offset_ms(z, wall_ms);
	int64_t days = (local >= 0 ? local : local - (DAY_MS - 1)) / DAY_MS;
	int64_t rest = local - days * DAY_MS;
	struct civil c;

	date_from_days(days, &c.year, &c.month, &c.day);
	c.hour = (int)(rest / HOUR_MS);
	c.minute = (int)(rest % HOUR_MS / MINUTE_MS);
	c.second = (int)(rest % MINUTE_MS / SECOND_MS);
	c.weekday = (int)(((days + 4) % 7 + 7) % 7);
	return c;
}

int64_t zone_moment(const struct zone *z, struct civil c)
{
	int64_t local = days_from_date(c.year, c.month, c.day) * DAY_MS + c.hour * HOUR_MS +
			c.minute * MINUTE_MS + c.second * SECOND_MS;
	/* No offset is larger than a day, so the answer lies in the changes of these two days. */
	size_t first = change_index(z, local - DAY_MS);
	size_t last = change_index(z, local + DAY_MS);

	for (size_t i = first; i <= last; i++) {
		int64_t moment = local - z->changes[i].offset_ms;
		if (i + 1 < z->count && moment >= z->changes[i + 1].from_ms)
			continue;
		/* Skipped by a jump forward: the jump itself. */
		return moment < z->changes[i].from_ms ? z->changes[i].from_ms : moment;
	}
	return local - z->changes[last].offset_ms;
}
