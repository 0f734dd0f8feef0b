#include "campaign_p.h"

#include "base/text.h"

#include <string.h>

static void read_timezone(struct reader *r, const struct node *n, void *into)
{
	static const char expected[] = "a time zone such as Asia/Muscat";
	struct campaign *c = into;
	const char *text;
	struct err e;

	if (!read_text(r, n, expected, &text) || zone_find(text, &c->zone, &e))
		return;
	if (strcmp(text, n->text) == 0)
		read_fault(r, n, "%s", e.text);
	else /* what a variable holds must not be told */
		read_expected(r, n, expected);
}

/* One span, checked against those the day already has. */
static bool read_hours_span(struct reader *r, const struct node *n, struct hours_day *day)
{
	struct hours_span span;
	const char *text;
	const char *why;

	if (!read_text(r, n, "a span of hours such as \"09:00-13:00\"", &text))
		return false;
	if (!hours_span_parse(text, &span, &why)) {
		read_fault(r, n, "'%s' is no span of hours: %s", n->text, why);
		return false;
	}
	for (size_t i = 0; i < day->count; i++) {
		if (hours_spans_overlap(day->spans[i], span)) {
			read_fault(r, n, "'%s' overlaps item %zu of the same day.", n->text, i + 1);
			return false;
		}
	}
	day->spans[day->count++] = span;
	return true;
}

/* "closed", or a list of spans. */
static bool read_day(struct reader *r, const struct node *n, struct hours_day *day)
{
	static const char expected[] = "closed or a list of hours such as [\"09:00-13:00\"]";
	bool ok = true;

	*day = (struct hours_day){0};
	if (n->kind == NODE_SCALAR && strcmp(n->text, "closed") == 0)
		return true;
	if (!read_is_list(r, n, expected))
		return false;
	if (n->count > HOURS_SPANS_MAX) {
		read_fault(r, n, "a day has at most %d spans; found %zu.", HOURS_SPANS_MAX,
			   n->count);
		return false;
	}
	for (const struct node *item = n->first; item; item = item->next)
		ok = read_hours_span(r, item, day) && ok;
	return ok;
}

static void fault_at_key(struct reader *r, const struct node *n, const char *text)
{
	problems_add(r->problems, PROBLEM_ERROR, r->tree->file, n->key_line, n->key_column,
		     "%s: %s", node_name(n, r->arena), text);
}

static void read_open(struct reader *r, const struct node *n, void *into)
{
	struct hours *h = &((struct campaign *)into)->hours;
	unsigned seen = 0;
	bool any = false;
	size_t before = r->problems->errors + r->problems->warnings;

	/* Not always open any more, even when what follows is wrong: rules fail closed. */
	h->always = false;
	if (!read_is_map(r, n, "days with their hours, such as {sun-thu: [\"09:00-13:00\"]}"))
		return;
	for (const struct node *child = n->first; child; child = child->next) {
		struct hours_day day;
		unsigned days;

		if (!hours_days_parse(child->key, &days)) {
			fault_at_key(r, child,
				     "expected days such as sun-thu, fri, \"mon,wed\" or daily.");
			continue;
		}
		if (seen & days)
			fault_at_key(r, child, "a day of these has its hours already.");
		seen |= days;
		if (!read_day(r, child, &day))
			continue;
		any = any || day.count > 0;
		for (int weekday = 0; weekday < 7; weekday++)
			if (days & 1u << weekday)
				h->week[weekday] = day;
	}
	if (!any && r->problems->errors + r->problems->warnings == before)
		read_fault(r, n, "no day is open; nobody would ever be called.");
}

/* "2026-11-18" at *p, which moves past it. */
static bool take_date(const char **p, int64_t *day)
{
	int part[3] = {0};
	static const int digits[] = {4, 2, 2};

	for (size_t i = 0; i < COUNT_OF(part); i++) {
		if (i > 0 && *(*p)++ != '-')
			return false;
		for (int d = 0; d < digits[i]; d++, (*p)++) {
			if (**p < '0' || **p > '9')
				return false;
			part[i] = part[i] * 10 + (**p - '0');
		}
	}
	if (!date_is_valid(part[0], part[1], part[2]))
		return false;
	*day = days_from_date(part[0], part[1], part[2]);
	return true;
}

static bool parse_dates(const char *text, struct hours_exception *out)
{
	const char *p = text;

	if (!take_date(&p, &out->first_day))
		return false;
	out->last_day = out->first_day;
	if (*p == '\0')
		return true;
	if (strncmp(p, "..", 2) != 0)
		return false;
	p += 2;
	return take_date(&p, &out->last_day) && *p == '\0' && out->last_day >= out->first_day;
}

static void read_except(struct reader *r, const struct node *n, void *into)
{
	struct hours *h = &((struct campaign *)into)->hours;
	size_t count = 0;

	if (!read_is_map(r, n, "dates with their hours, such as {2026-11-18: closed}"))
		return;
	struct hours_exception *list = arena_array(r->arena, n->count, sizeof(*list));
	for (const struct node *child = n->first; child; child = child->next) {
		struct hours_exception *x = &list[count];
		if (!parse_dates(child->key, x))
			fault_at_key(r, child,
				     "expected a date such as 2026-11-18, or a range such as "
				     "2026-02-18..2026-03-19, the first day first.");
		else if (read_day(r, child, &x->day))
			count++;
	}
	h->exceptions = list;
	h->exception_count = count;
}

/* "2026-11-22 20:00" on the campaign's own clock. */
static void read_until(struct reader *r, const struct node *n, void *into)
{
	static const char expected[] = "a moment such as \"2026-11-22 20:00\" (in hours.timezone)";
	struct campaign *c = into;
	struct civil moment = {0};
	const char *text;
	int64_t day;

	if (!read_text(r, n, expected, &text))
		return;
	const char *p = text;
	bool ok = take_date(&p, &day) && strlen(p) == 6 && p[0] == ' ' && p[3] == ':';
	for (int i = 1; ok && i < 6; i++)
		ok = i == 3 || (p[i] >= '0' && p[i] <= '9');
	if (ok) {
		moment.hour = (p[1] - '0') * 10 + (p[2] - '0');
		moment.minute = (p[4] - '0') * 10 + (p[5] - '0');
		ok = moment.minute <= 59 && moment.hour * 60 + moment.minute <= 24 * 60;
	}
	if (!ok) {
		read_expected(r, n, expected);
		return;
	}
	date_from_days(day, &moment.year, &moment.month, &moment.day);
	c->hours.has_until = true;
	if (c->zone)
		c->hours.until_ms = zone_moment(c->zone, moment);
}

void hours_read(struct reader *r, const struct node *n, void *campaign)
{
	/* The zone first: `until` is read in it. */
	static const struct key keys[] = {
		{"timezone", KEY_OPTIONAL, read_timezone},
		{"open", KEY_OPTIONAL, read_open},
		{"except", KEY_OPTIONAL, read_except},
		{"until", KEY_OPTIONAL, read_until},
	};
	struct campaign *c = campaign;

	if (!read_is_map(r, n, "timezone, open, except, until"))
		return;
	/* A wrong zone must not leave the default behind for `until` to be read in. */
	if (node_child(n, "timezone"))
		c->zone = NULL;
	(void)read_map(r, n, keys, COUNT_OF(keys), c);
	if (node_child(n, "except") && !node_child(n, "open"))
		read_fault(r, n,
			   "'except' changes the hours of some dates, but 'open' is missing: "
			   "say when the other days are open.");
}
