#include "scenario_p.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

static void read_scenario_name(struct reader *r, const struct node *n, void *into)
{
	struct scenario *s = into;

	(void)read_name(r, n, &s->name);
}

static void read_title(struct reader *r, const struct node *n, void *into)
{
	struct scenario *s = into;

	(void)read_bilingual(r, n, &s->title);
}

static void read_variables(struct reader *r, const struct node *n, void *into)
{
	struct scenario *s = into;

	variables_read(r, n, false, &s->variables, &s->variable_count);
}

static void read_outcome(struct reader *r, const struct node *n, void *into)
{
	struct scenario *s = into;

	variables_read(r, n, true, &s->outcomes, &s->outcome_count);
}

/* Names a text may use: the variables, and what is always sent. */
static const char **known_names(struct reader *r, const struct scenario *s, size_t *count)
{
	static const char *const reserved[] = RESERVED_NAMES;
	const char **names =
		arena_array(r->arena, s->variable_count + COUNT_OF(reserved), sizeof(*names));

	*count = 0;
	for (size_t i = 0; i < s->variable_count; i++)
		names[(*count)++] = s->variables[i].name;
	for (size_t i = 0; i < COUNT_OF(reserved); i++)
		names[(*count)++] = reserved[i];
	return names;
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Every {{name}} of a text must be a variable, or the agent would speak the braces. */
static void check_placeholders(struct reader *r, const struct scenario *s, const struct node *n)
{
	struct template t;
	size_t count;
	const char **names = known_names(r, s, &count);
	size_t braces = 0;
	int line;
	int column;

	if (n->kind != NODE_SCALAR || !*n->text || !read_template(r, n, &t))
		return;
	for (size_t i = 0; i < t.count; i++) {
		if (!t.parts[i].is_name)
			continue;
		const char *name = t.parts[i].text;
		tree_locate_braces(r->tree, n, braces++, &line, &column);
		if (!is_among(name, names, count))
			problems_add(r->problems, PROBLEM_ERROR, r->tree->file, line, column,
				     "%s: {{%s}} is no variable of this scenario; %s",
				     node_name(n, r->arena), name,
				     read_suggestion(r, name, names, s->variable_count));
	}
}

static void read_spoken(struct reader *r, const struct node *n, const struct scenario *s,
			struct bilingual *out)
{
	(void)read_bilingual(r, n, out);
	for (const struct node *child = n->kind == NODE_MAP ? n->first : NULL; child;
	     child = child->next)
		check_placeholders(r, s, child);
}

static void read_prompt(struct reader *r, const struct node *n, void *into)
{
	struct scenario *s = into;

	read_spoken(r, n, s, &s->prompt);
}

static void read_first_message(struct reader *r, const struct node *n, void *into)
{
	struct scenario *s = into;

	read_spoken(r, n, s, &s->first_message);
}

static void read_agent(struct reader *r, const struct node *n, void *into)
{
	static const char *const names[] = {"dashboard", "inline"};
	struct scenario *s = into;
	size_t found;

	if (!read_choice(r, n, names, COUNT_OF(names), &found))
		return;
	s->inline_agent = found == 1;
	for (int i = 0; i < LANGUAGE_COUNT && s->inline_agent; i++)
		if (!s->prompt.text[i] != !s->first_message.text[i])
			read_fault(r, n,
				   "an inline agent needs prompt and first_message in the same "
				   "languages; one of the two has no '%s'.",
				   language_code((enum language)i));
	if (s->inline_agent && !node_child(n->parent, "prompt"))
		read_fault(r, n, "an inline agent needs a prompt and a first_message.");
}

static const struct variable *find_outcome(const struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->outcome_count; i++)
		if (strcmp(s->outcomes[i].name, name) == 0)
			return &s->outcomes[i];
	return NULL;
}

static void report_unknown_field(struct reader *r, const struct scenario *s, const struct node *n)
{
	const char **names = arena_array(r->arena, s->outcome_count, sizeof(*names));

	for (size_t i = 0; i < s->outcome_count; i++)
		names[i] = s->outcomes[i].name;
	problems_add(r->problems, PROBLEM_ERROR, r->tree->file, n->key_line, n->key_column,
		     "%s: this is no field under outcome; %s", node_name(n, r->arena),
		     read_suggestion(r, n->key, names, s->outcome_count));
}

static void read_suppress_when(struct reader *r, const struct node *n, void *into)
{
	struct scenario *s = into;

	if (!read_is_map(r, n, "an outcome with its value, such as {disposition: do_not_call}"))
		return;
	struct suppress_when *list = arena_array(r->arena, n->count, sizeof(*list));
	for (const struct node *child = n->first; child; child = child->next) {
		const struct variable *field = find_outcome(s, child->key);
		const char *value;
		size_t found;

		if (!field)
			report_unknown_field(r, s, child);
		else if (field->rule.type == VALUE_CHOICE && field->rule.of_count > 0 &&
			 !read_choice(r, child, field->rule.of, field->rule.of_count, &found))
			continue;
		else if (read_text(r, child, "a value of this outcome", &value))
			list[s->suppress_count++] = (struct suppress_when){field->name, value};
	}
	s->suppress = list;
}

static void read_answer(struct reader *r, const struct node *n, void *into)
{
	(void)read_share(r, n, 0, &((struct rehearsal_rates *)into)->answer);
}

static void read_no_answer(struct reader *r, const struct node *n, void *into)
{
	(void)read_share(r, n, 0, &((struct rehearsal_rates *)into)->no_answer);
}

static void read_failed(struct reader *r, const struct node *n, void *into)
{
	(void)read_share(r, n, 0, &((struct rehearsal_rates *)into)->failed);
}

/* "20s-180s" */
static void read_talk(struct reader *r, const struct node *n, void *into)
{
	static const char expected[] = "two times up to 2h, the shorter first, such as 20s-180s";
	struct rehearsal_rates *rates = into;
	const char *text;
	int64_t least;
	int64_t most;

	if (!read_text(r, n, expected, &text))
		return;
	const char *dash = strchr(text, '-');
	if (!dash || !span_parse(arena_strndup(r->arena, text, (size_t)(dash - text)), &least) ||
	    !span_parse(dash + 1, &most) || least > most || most > 2 * HOUR_MS) {
		read_expected(r, n, expected);
		return;
	}
	rates->talk_min_ms = least;
	rates->talk_max_ms = most;
}

static void read_cost(struct reader *r, const struct node *n, void *into)
{
	struct rehearsal_rates *rates = into;

	if (read_decimal(r, n, &rates->cost_per_minute) && rates->cost_per_minute.micro < 0)
		read_expected(r, n, "an amount of 0 or more");
}

static void read_rehearsal(struct reader *r, const struct node *n, void *into)
{
	static const struct key keys[] = {
		{"answer", KEY_OPTIONAL, read_answer},
		{"no_answer", KEY_OPTIONAL, read_no_answer},
		{"failed", KEY_OPTIONAL, read_failed},
		{"talk", KEY_OPTIONAL, read_talk},
		{"cost_per_minute", KEY_OPTIONAL, read_cost},
	};
	struct rehearsal_rates *rates = &((struct scenario *)into)->rehearsal;
	size_t before = r->problems->errors;

	/* Shares belong together: once one is given, those that are not are 0. */
	if (node_child(n, "answer") || node_child(n, "no_answer") || node_child(n, "failed"))
		rates->answer = rates->no_answer = rates->failed = 0;
	(void)read_map(r, n, keys, COUNT_OF(keys), rates);
	double sum = rates->answer + rates->no_answer + rates->failed;
	if (r->problems->errors == before && fabs(sum - 1) > 1e-6)
		read_fault(r, n,
			   "answer, no_answer and failed must add up to 100%%; they add up to "
			   "%g%%.",
			   sum * 100);
}

void scenario_read(struct reader *r, struct scenario *out)
{
	/* Variables before the texts that use them, texts before the agent that is made of them,
	 * outcomes before what refers to them. */
	static const struct key keys[] = {
		{"scenario", KEY_REQUIRED, read_scenario_name},
		{"title", KEY_OPTIONAL, read_title},
		{"variables", KEY_OPTIONAL, read_variables},
		{"prompt", KEY_OPTIONAL, read_prompt},
		{"first_message", KEY_OPTIONAL, read_first_message},
		{"agent", KEY_OPTIONAL, read_agent},
		{"outcome", KEY_OPTIONAL, read_outcome},
		{"suppress_when", KEY_OPTIONAL, read_suppress_when},
		{"rehearsal", KEY_OPTIONAL, read_rehearsal},
	};

	*out = (struct scenario){
		.rehearsal = {.answer = 0.62,
			      .no_answer = 0.28,
			      .failed = 0.10,
			      .talk_min_ms = 20 * SECOND_MS,
			      .talk_max_ms = 180 * SECOND_MS,
			      .cost_per_minute = {50000}},
	};
	(void)read_map(r, r->tree->root, keys, COUNT_OF(keys), out);
}
