#include "hamsa_p.h"

#include "table_p.h"

#include "cmd/say.h"

#include "base/buf.h"
#include "base/columns.h"
#include "base/moment.h"

#include <stdio.h>

#define TEXT_MAX ((size_t)16 << 20)
#define WIDTH    80

/* "  knows: a, b, c", folded at 80 columns. */
static void print_names(const char *label, const char *const *names, size_t count)
{
	size_t indent = columns_of(label);
	size_t used = indent;

	say(stdout, "%s", label);
	for (size_t i = 0; i < count; i++) {
		size_t width = columns_of(names[i]) + 2;
		if (i > 0 && used + width > WIDTH) {
			say(stdout, "\n%*s", (int)indent, "");
			used = indent;
		}
		say(stdout, "%s%s", names[i], i + 1 < count ? ", " : "");
		used += width;
	}
	say(stdout, "%s\n", count ? "" : "none");
}

static void print_agent(const struct account_agent *agent)
{
	char most[MOMENT_SIZE] = "";

	if (agent->max_call_ms)
		span_words(agent->max_call_ms, most);
	table_cell(agent->id, 36, true);
	say(stdout, "  ");
	table_cell(*agent->name ? agent->name : "(without a name)", 42, false);
	putchar('\n');
	say(stdout, "  language      %s\n", *agent->language ? agent->language : "not said");
	say(stdout, "  longest call  %s\n", *most ? most : "not said");
	if (agent->idle_ms)
		say(stdout, "  hangs up      after %s of silence\n",
		    span_words(agent->idle_ms, most));
	print_names("  placeholders  ", agent->known, agent->known_count);
}

static void add_names(struct buf *out, const char *name, const char *const *names, size_t count)
{
	buf_addf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_addc(out, ',');
		buf_add_json(out, names[i]);
	}
	buf_addc(out, ']');
}

static void add_member(struct buf *out, const char *name, const char *text)
{
	buf_addf(out, "%s\"%s\":", out->data[out->length - 1] == '{' ? "" : ",", name);
	buf_add_json(out, text);
}

static void print_agent_json(const struct account_agent *agent)
{
	struct buf out;

	buf_init(&out, TEXT_MAX);
	buf_addc(&out, '{');
	add_member(&out, "id", agent->id);
	add_member(&out, "name", agent->name);
	add_member(&out, "type", agent->type);
	add_member(&out, "language", agent->language);
	buf_addf(&out, ",\"max_call_s\":%lld,\"idle_s\":%lld", agent->max_call_ms / SECOND_MS,
		 agent->idle_ms / SECOND_MS);
	add_names(&out, "spoken", agent->spoken, agent->spoken_count);
	add_names(&out, "placeholders", agent->known, agent->known_count);
	say(stdout, "%s}\n", out.data);
	buf_free(&out);
}

bool hamsa_agents(struct session *s, struct account *a, struct err *e)
{
	struct account_agent *agents;
	size_t count;

	if (!account_agents(a, &s->arena, &agents, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (option_given(s->in, OPTION_JSON))
			print_agent_json(&agents[i]);
		else
			print_agent(&agents[i]);
	}
	if (count == 0 && !option_given(s->in, OPTION_JSON))
		say(stdout, "The project has no agent.\n");
	return true;
}

static void print_number_json(const struct account_number *number)
{
	struct buf out;

	buf_init(&out, TEXT_MAX);
	buf_addc(&out, '{');
	add_member(&out, "number", number->number);
	add_member(&out, "type", number->type);
	add_member(&out, "label", number->label);
	add_member(&out, "agent_id", number->agent_id);
	say(stdout, "%s}\n", out.data);
	buf_free(&out);
}

bool hamsa_numbers(struct session *s, struct account *a, struct err *e)
{
	static const struct table_column columns[] = {{"NUMBER", 16},
						      {"TYPE", 8},
						      {"LABEL", 14},
						      {"ANSWERED BY", 36}};
	struct account_number *numbers;
	struct table table;
	size_t count;

	if (!account_numbers(a, &s->arena, &numbers, &count, e))
		return false;
	table_begin(&table, &s->arena, columns, COUNT_OF(columns));
	for (size_t i = 0; i < count; i++) {
		const struct account_number *n = &numbers[i];
		if (option_given(s->in, OPTION_JSON))
			print_number_json(n);
		else
			table_add(&table,
				  (const char *const[]){n->number, n->type, n->label, n->agent_id});
	}
	if (option_given(s->in, OPTION_JSON))
		return true;
	if (count == 0)
		say(stdout, "The project has no number of its own.\n");
	else
		table_print(&table);
	return true;
}
