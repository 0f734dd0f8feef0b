#include "run/screen.h"

#include "base/columns.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_DEFAULT 80
#define COLUMNS_LEAST   20
#define LINES_DEFAULT   24
#define LINES_LEAST     4
#define LINE_SIZE       2048

static struct winsize size_of(const struct screen *s)
{
	struct winsize size = {0};

	(void)ioctl(fileno(s->terminal), TIOCGWINSZ, &size);
	if (size.ws_col == 0)
		size.ws_col = COLUMNS_DEFAULT;
	if (size.ws_row == 0)
		size.ws_row = LINES_DEFAULT;
	if (size.ws_col < COLUMNS_LEAST)
		size.ws_col = COLUMNS_LEAST;
	if (size.ws_row < LINES_LEAST)
		size.ws_row = LINES_LEAST;
	return size;
}

size_t screen_width(const struct screen *s)
{
	return (size_t)size_of(s).ws_col - 1;
}

/* Back to where the drawing begins, whatever the terminal has made of its lines since. */
static void go_up(const struct screen *s, struct winsize size)
{
	size_t up = 0;

	for (size_t i = 0; i < s->drawn; i++)
		up += s->widths[i] > size.ws_col ? (s->widths[i] - 1) / size.ws_col + 1 : 1;
	if (up > (size_t)size.ws_row - 1)
		up = (size_t)size.ws_row - 1;
	/* What is typed meanwhile, "^C" at the least, stands where the cursor was. */
	fputc('\r', s->terminal);
	if (up > 0)
		fprintf(s->terminal, "\033[%zuA", up);
}

/* A line may hold colours; they take no room. */
static size_t width_of(const char *line, size_t length)
{
	char plain[LINE_SIZE];
	size_t used = 0;

	for (size_t i = 0; i < length && used + 1 < sizeof(plain); i++) {
		if (line[i] == '\033') {
			while (i < length && line[i] != 'm')
				i++;
			continue;
		}
		plain[used++] = line[i];
	}
	plain[used] = '\0';
	return columns_of(plain);
}

static size_t count_lines(const char *lines)
{
	size_t count = 0;

	for (; *lines; lines += *lines == '\n') {
		lines += strcspn(lines, "\n");
		count++;
	}
	return count;
}

static void draw_line(struct screen *s, const char *line, size_t length)
{
	fprintf(s->terminal, "%.*s\033[K\n", (int)length, line);
	s->widths[s->drawn++] = width_of(line, length);
}

void screen_draw(struct screen *s, const char *lines)
{
	struct winsize size = size_of(s);
	size_t most = size.ws_row - 1u < SCREEN_LINES_MAX ? size.ws_row - 1u : SCREEN_LINES_MAX;
	size_t all = count_lines(lines);
	size_t shown = all <= most ? all : most - 1;

	go_up(s, size);
	/* A line that a narrower terminal has broken stays one line to it until it is cleared. */
	if (s->columns != size.ws_col)
		fputs("\033[J", s->terminal);
	s->columns = size.ws_col;
	s->drawn = 0;
	while (s->drawn < shown) {
		size_t length = strcspn(lines, "\n");
		draw_line(s, lines, length);
		lines += length;
		lines += *lines == '\n';
	}
	if (shown < all) {
		char more[LINE_SIZE];
		int length = snprintf(more, sizeof(more), "… %zu more lines", all - shown);
		draw_line(s, more, (size_t)length);
	}
	/* A shorter drawing than the last one leaves nothing of it behind. */
	fputs("\033[J", s->terminal);
	fflush(s->terminal);
}

void screen_erase(struct screen *s)
{
	go_up(s, size_of(s));
	fputs("\033[J", s->terminal);
	s->drawn = 0;
	fflush(s->terminal);
}
