#include "base/emit.h"
#include "base/mem.h"

static char last_char(const struct emit *j)
{
	return j->out->length > 0 ? j->out->data[j->out->length - 1] : '\0';
}

static void break_line(struct emit *j)
{
	if (!j->pretty || j->depth == 0)
		return;
	if (j->line && j->depth >= j->line) {
		if (last_char(j) == ',')
			buf_addc(j->out, ' ');
		return;
	}
	buf_addc(j->out, '\n');
	for (int i = 0; i < j->depth; i++)
		buf_adds(j->out, "  ");
}

/* What stands before a value: a comma behind another one, the line, the name. */
static void begin_value(struct emit *j, const char *name)
{
	char last = last_char(j);

	if (j->depth > 0 && last != '{' && last != '[')
		buf_addc(j->out, ',');
	break_line(j);
	if (!name)
		return;
	buf_add_json(j->out, name);
	buf_adds(j->out, j->pretty ? ": " : ":");
}

void emit_open(struct emit *j, const char *name, char bracket)
{
	begin_value(j, name);
	buf_addc(j->out, bracket);
	j->depth++;
}

void emit_open_line(struct emit *j, const char *name, char bracket)
{
	emit_open(j, name, bracket);
	if (!j->line)
		j->line = j->depth;
}

void emit_close(struct emit *j, char bracket)
{
	char opening = bracket == '}' ? '{' : '[';
	bool empty = last_char(j) == opening;
	bool whole = j->line && j->depth >= j->line;

	if (j->depth == 0)
		BUG("'%c' closes nothing", bracket);
	if (j->line == j->depth)
		j->line = 0;
	j->depth--;
	if (j->pretty && !empty && !whole) {
		buf_addc(j->out, '\n');
		for (int i = 0; i < j->depth; i++)
			buf_adds(j->out, "  ");
	}
	buf_addc(j->out, bracket);
}

void emit_text(struct emit *j, const char *name, const char *text)
{
	begin_value(j, name);
	if (text)
		buf_add_json(j->out, text);
	else
		buf_adds(j->out, "null");
}

void emit_number(struct emit *j, const char *name, int64_t number)
{
	begin_value(j, name);
	buf_add_number(j->out, number);
}

void emit_flag(struct emit *j, const char *name, bool flag)
{
	begin_value(j, name);
	buf_adds(j->out, flag ? "true" : "false");
}

void emit_null(struct emit *j, const char *name)
{
	emit_text(j, name, NULL);
}

void emit_literal(struct emit *j, const char *name, const char *literal)
{
	begin_value(j, name);
	buf_adds(j->out, literal);
}
