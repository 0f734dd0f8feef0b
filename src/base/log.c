#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/moment.h"

#define LINE_MAX_BYTES 4096

static struct {
	enum log_format format;
	enum log_level least;
	const struct clock *clock;
	void (*before)(void *);
	void *before_data;
} sink = {.least = LOG_WARN};

void log_configure(enum log_format format, enum log_level least, const struct clock *clock)
{
	sink.format = format;
	sink.least = least;
	sink.clock = clock;
}

bool log_is_json(void)
{
	return sink.format == LOG_JSON;
}

void log_quiet(void)
{
	if (sink.least > LOG_DEBUG && sink.least < LOG_WARN)
		sink.least = LOG_WARN;
}

void log_set_before(void (*before)(void *), void *data)
{
	sink.before = before;
	sink.before_data = data;
}

static void write_line(enum log_level level, const char *text, const char *members)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	char when[MOMENT_SIZE] = "";

	if (sink.before)
		sink.before(sink.before_data);
	if (sink.clock)
		moment_iso(zone_utc(), clock_wall_ms(sink.clock), when);

	struct buf line;
	buf_init(&line, (size_t)8 * LINE_MAX_BYTES);
	if (sink.format == LOG_JSON) {
		buf_addf(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":", when,
			 names[level]);
		buf_add_json(&line, text);
		buf_adds(&line, members);
		buf_addc(&line, '}');
	} else {
		buf_addf(&line, "%s %-5s ", when, names[level]);
		buf_add_shown(&line, text, false);
	}
	buf_addc(&line, '\n');
	fputs(line.data, stderr);
	buf_free(&line);
}

void log_line(enum log_level level, const char *fmt, ...)
{
	char text[LINE_MAX_BYTES];
	va_list args;

	if (level < sink.least)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	write_line(level, text, "");
}

void log_figures(enum log_level level, const char *text, const char *members)
{
	if (level >= sink.least)
		write_line(level, text, members);
}
