/*
 * Every question is answered in stretches: parts of one local day during which the zone's offset
 * does not change. Inside a stretch local time runs evenly, so its spans can be read off without
 * walking minute by minute, and a clock that jumps simply begins a new stretch.
 */
#include "model/hours.h"

#include "base/mem.h"

#define DAY_MINUTES  1440
#define HORIZON_DAYS 400

struct stretch {
	int64_t from_ms; /* the moment asked about */
	int64_t to_ms;   /* the next local midnight or change of the offset */
	int64_t offset_ms;
	int64_t day; /* local days since 1970 */
};

static int64_t floor_div(int64_t a, int64_t b)
{
	return (a >= 0 ? a : a - (b - 1)) / b;
}

/* The first moment in (from, to] with another offset than at `from`; `to` has another one. */
static int64_t find_change(const struct zone *zone, int64_t from_ms, int64_t to_ms)
{
	int64_t offset_ms = zone_offset_ms(zone, from_ms);

	while (to_ms - from_ms > 1) {
		int64_t middle = from_ms + (to_ms - from_ms) / 2;
		if (zone_offset_ms(zone, middle) == offset_ms)
			from_ms = middle;
		else
			to_ms = middle;
	}
	return to_ms;
}

static struct stretch stretch_at(const struct zone *zone, int64_t wall_ms)
{
	struct stretch s = {.from_ms = wall_ms, .offset_ms = zone_offset_ms(zone, wall_ms)};

	s.day = floor_div(wall_ms + s.offset_ms, DAY_MS);
	s.to_ms = (s.day + 1) * DAY_MS - s.offset_ms;
	/* No zone changes its offset and changes it back within one day. */
	if (zone_offset_ms(zone, s.to_ms) != s.offset_ms)
		s.to_ms = find_change(zone, wall_ms, s.to_ms);
	return s;
}

static const struct hours_day *day_of(const struct hours *h, int64_t day)
{
	for (size_t i = h->exception_count; i-- > 0;)
		if (day >= h->exceptions[i].first_day && day <= h->exceptions[i].last_day)
			return &h->exceptions[i].day;
	/* 1970-01-01 was a Thursday. */
	return &h->week[((day + 4) % 7 + 7) % 7];
}

/* One span as moments, if local time went on evenly. */
struct opening {
	int64_t from_ms;
	int64_t to_ms;
};

static struct opening opening_of(const struct stretch *s, int64_t day, struct hours_span span)
{
	int64_t midnight_ms = day * DAY_MS - s->offset_ms;

	return (struct opening){midnight_ms + span.from * MINUTE_MS,
				midnight_ms + span.to * MINUTE_MS};
}

/* The first moment ≥ wall_ms of this stretch that lies in a span of `day`; the stretch's end if
 * none. */
static int64_t first_open(const struct hours *h, const struct stretch *s, int64_t day,
			  int64_t wall_ms)
{
	const struct hours_day *spans = day_of(h, day);
	int64_t first_ms = s->to_ms;

	for (size_t i = 0; i < spans->count; i++) {
		struct opening o = opening_of(s, day, spans->spans[i]);
		int64_t from_ms = o.from_ms > wall_ms ? o.from_ms : wall_ms;
		if (from_ms < o.to_ms && from_ms < first_ms)
			first_ms = from_ms;
	}
	return first_ms;
}

/* Spans of the day before may reach into this one. */
static int64_t stretch_first_open(const struct hours *h, const struct stretch *s, int64_t wall_ms)
{
	int64_t before_ms = first_open(h, s, s->day - 1, wall_ms);
	int64_t today_ms = first_open(h, s, s->day, wall_ms);

	return before_ms < today_ms ? before_ms : today_ms;
}

/* The end of the longest span of `day` in which wall_ms lies; wall_ms itself if there is none. */
static int64_t span_end(const struct hours *h, const struct stretch *s, int64_t day,
			int64_t wall_ms)
{
	const struct hours_day *spans = day_of(h, day);
	int64_t end_ms = wall_ms;

	for (size_t i = 0; i < spans->count; i++) {
		struct opening o = opening_of(s, day, spans->spans[i]);
		if (o.from_ms <= wall_ms && wall_ms < o.to_ms && o.to_ms > end_ms)
			end_ms = o.to_ms;
	}
	return end_ms;
}

/* The first closed moment ≥ wall_ms of this stretch, or its end. */
static int64_t stretch_first_closed(const struct hours *h, const struct stretch *s, int64_t wall_ms)
{
	while (wall_ms < s->to_ms) {
		int64_t before_ms = span_end(h, s, s->day - 1, wall_ms);
		int64_t today_ms = span_end(h, s, s->day, wall_ms);
		int64_t end_ms = before_ms > today_ms ? before_ms : today_ms;
		if (end_ms == wall_ms)
			return wall_ms;
		wall_ms = end_ms;
	}
	return s->to_ms;
}

bool hours_open(const struct hours *h, const struct zone *zone, int64_t wall_ms)
{
	if (h->has_until && wall_ms >= h->until_ms)
		return false;
	if (h->always)
		return true;

	struct stretch s = stretch_at(zone, wall_ms);
	return stretch_first_open(h, &s, wall_ms) == wall_ms;
}

bool hours_next_open(const struct hours *h, const struct zone *zone, int64_t wall_ms, int64_t *out)
{
	int64_t horizon_ms = wall_ms + HORIZON_DAYS * DAY_MS;

	if (h->has_until && h->until_ms < horizon_ms)
		horizon_ms = h->until_ms;
	for (int64_t t = wall_ms; t < horizon_ms;) {
		if (h->always) {
			*out = t;
			return true;
		}
		struct stretch s = stretch_at(zone, t);
		int64_t open_ms = stretch_first_open(h, &s, t);
		if (open_ms < s.to_ms && open_ms < horizon_ms) {
			*out = open_ms;
			return true;
		}
		t = s.to_ms;
	}
	return false;
}

int64_t hours_open_until(const struct hours *h, const struct zone *zone, int64_t wall_ms)
{
	int64_t last_ms = h->has_until ? h->until_ms : INT64_MAX;
	int64_t horizon_ms = wall_ms + HORIZON_DAYS * DAY_MS;

	if (!hours_open(h, zone, wall_ms))
		BUG("it is closed at %lld", (long long)wall_ms);
	if (h->always)
		return last_ms;
	for (int64_t t = wall_ms; t < last_ms && t < horizon_ms;) {
		struct stretch s = stretch_at(zone, t);
		int64_t closed_ms = stretch_first_closed(h, &s, t);
		if (closed_ms < s.to_ms)
			return closed_ms < last_ms ? closed_ms : last_ms;
		t = s.to_ms;
	}
	return last_ms;
}

bool hours_spans_overlap(struct hours_span a, struct hours_span b)
{
	for (int shift = -DAY_MINUTES; shift <= DAY_MINUTES; shift += DAY_MINUTES)
		if (a.from < b.to + shift && b.from + shift < a.to)
			return true;
	return false;
}
