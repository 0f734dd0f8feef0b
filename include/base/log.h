/*
 * The log: one line per event on standard error, for people (text) or machines (JSON lines).
 *
 * The sink is one of the two mutable globals of nida. Nothing secret and no whole phone number is
 * ever logged: callers mask phones with text_mask_phone(). Control characters are shown, not sent.
 * While a progress view is on the
 * terminal, the log is quiet below LOG_WARN (the view shows the same things better).
 */
#ifndef NIDA_BASE_LOG_H
#define NIDA_BASE_LOG_H

#include <stdbool.h>

enum log_level {
	LOG_DEBUG, /* every request and decision; only with --verbose */
	LOG_INFO,  /* what an operator wants to find in the morning */
	LOG_WARN,  /* works, but a person should know */
	LOG_ERROR, /* does not work */
};

enum log_format {
	LOG_TEXT,
	LOG_JSON,
};

struct clock;

/* The clock is borrowed for as long as anything is logged. */
void log_configure(enum log_format format, enum log_level least, const struct clock *clock);
bool log_is_json(void);

/* A view on the terminal shows what LOG_INFO would say; LOG_DEBUG was asked for and stays. */
void log_quiet(void);

/* Called before a line is written, so that a redrawn view can clear itself; NULL: none. */
void log_set_before(void (*before)(void *), void *data);

void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A line that says the same in figures: `members` of a JSON object (",\"rows\":3") are added to a
 * JSON line and left out of one for people. */
void log_figures(enum log_level level, const char *text, const char *members);

#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)

#endif
