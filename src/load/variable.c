/*
 * One variable of a scenario, or one field of its outcome: its type and the limits that type has.
 */
#include "scenario_p.h"

#include "base/text.h"

#include <string.h>

#define VARIABLE_NAME_MAX 64
#define LETTERS           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define DIGITS            "0123456789"

struct variable_draft {
	struct variable *variable;
	bool is_outcome;
	const struct node *fallback; /* NULL: no `default` */
};

static void read_type(struct reader *r, const struct node *n, void *into)
{
	struct variable_draft *d = into;
	const char *names[VALUE_TYPE_COUNT];
	size_t found;

	for (int i = 0; i < VALUE_TYPE_COUNT; i++)
		names[i] = value_type_name((enum value_type)i);
	if (read_choice(r, n, names, COUNT_OF(names), &found))
		d->variable->rule.type = (enum value_type)found;
}

/* Does a limit make sense for this type? Otherwise nobody would keep it, and that must be said. */
static bool suits(struct reader *r, const struct node *n, const struct variable_draft *d,
		  unsigned types)
{
	enum value_type type = d->variable->rule.type;

	if (types & 1u << type)
		return true;
	read_fault(r, n, "a %s has no '%s'.", value_type_name(type), n->key);
	return false;
}

#define FOR_TEXT    (1u << VALUE_TEXT)
#define FOR_MONEY   (1u << VALUE_MONEY)
#define FOR_DATE    (1u << VALUE_DATE)
#define FOR_CHOICE  (1u << VALUE_CHOICE)
#define FOR_NUMBERS (1u << VALUE_NUMBER | 1u << VALUE_MONEY)

static void read_required(struct reader *r, const struct node *n, void *into)
{
	struct variable_draft *d = into;

	if (d->is_outcome)
		read_fault(r, n, "what a call finds out cannot be required.");
	else
		(void)read_bool(r, n, &d->variable->rule.required);
}

/* Of a text, `min` and `max` count characters; of a number they are numbers. */
static void read_min(struct reader *r, const struct node *n, void *into)
{
	struct variable_draft *d = into;
	struct value_rule *rule = &d->variable->rule;
	int64_t length;

	if (!suits(r, n, d, FOR_NUMBERS | FOR_TEXT))
		return;
	if (rule->type != VALUE_TEXT)
		rule->has_min = read_decimal(r, n, &rule->min);
	else if (read_whole(r, n, 0, VALUE_LENGTH_MAX, &length))
		rule->min_length = (size_t)length;
}

static void read_max(struct reader *r, const struct node *n, void *into)
{
	struct variable_draft *d = into;
	struct value_rule *rule = &d->variable->rule;
	int64_t length;

	if (!suits(r, n, d, FOR_NUMBERS | FOR_TEXT))
		return;
	if (rule->type != VALUE_TEXT)
		rule->has_max = read_decimal(r, n, &rule->max);
	else if (read_whole(r, n, 1, VALUE_LENGTH_MAX, &length))
		rule->max_length = (size_t)length;
	if ((rule->has_min && rule->has_max && rule->max.micro < rule->min.micro) ||
	    (rule->max_length && rule->max_length < rule->min_length))
		read_fault(r, n, "'max' is smaller than 'min'.");
}

static void read_decimals(struct reader *r, const struct node *n, void *into)
{
	struct variable_draft *d = into;

	if (suits(r, n, d, FOR_NUMBERS))
		d->variable->rule.has_decimals = read_int(r, n, 0, 6, &d->variable->rule.decimals);
}

static void read_currency(struct reader *r, const struct node *n, void *into)
{
	static const char *const thousandths[] = {"OMR", "BHD", "KWD"};
	static const char expected[] = "three capital letters such as OMR";
	struct variable_draft *d = into;
	const char *text;

	if (!suits(r, n, d, FOR_MONEY) || !read_text(r, n, expected, &text))
		return;
	if (strlen(text) != 3 || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3) {
		read_expected(r, n, expected);
		return;
	}
	d->variable->rule.currency = text;
	d->variable->rule.decimals = 2;
	for (size_t i = 0; i < COUNT_OF(thousandths); i++)
		if (strcmp(text, thousandths[i]) == 0)
			d->variable->rule.decimals = 3;
}

static void read_in(struct reader *r, const struct node *n, void *into)
{
	struct variable_draft *d = into;
	struct value_rule *rule = &d->variable->rule;

	if (!suits(r, n, d, FOR_DATE) ||
	    !read_texts(r, n, "a list of date forms such as [\"%Y-%m-%d\"]", &rule->in,
			&rule->in_count))
		return;
	for (const struct node *item = n->first; item; item = item->next)
		if (!value_date_form_ok(item->text, false))
			read_expected(
				r, item,
				"a date form with day, month and year (%d %m %Y %y %b %B %e), such "
				"as %d/%m/%Y");
}

static void read_out(struct reader *r, const struct node *n, void *into)
{
	static const char expected[] =
		"a date form of %d %-d %m %-m %Y %B %b %A %a, such as \"%-d %B %Y\"";
	struct variable_draft *d = into;
	const char *text;

	if (!suits(r, n, d, FOR_DATE) || !read_text(r, n, expected, &text))
		return;
	if (value_date_form_ok(text, true))
		d->variable->rule.out = text;
	else
		read_expected(r, n, expected);
}

/* {will_pay: {en: Will pay, ar: سيدفع}, …} */
static void read_labelled(struct reader *r, const struct node *n, struct value_rule *rule)
{
	const char **choices = arena_array(r->arena, n->count, sizeof(*choices));
	struct bilingual *labels = arena_array(r->arena, n->count, sizeof(*labels));
	size_t used = 0;

	for (const struct node *child = n->first; child; child = child->next) {
		if (!*child->key)
			read_fault(r, n, "a choice cannot be empty.");
		choices[used] = child->key;
		(void)read_bilingual(r, child, &labels[used++]);
	}
	rule->of = choices;
	rule->of_labels = labels;
	rule->of_count = used;
}

static void read_of(struct reader *r, const struct node *n, void *into)
{
	struct variable_draft *d = into;
	struct value_rule *rule = &d->variable->rule;

	if (!suits(r, n, d, FOR_CHOICE))
		return;
	if (n->kind == NODE_MAP && n->count > 0)
		read_labelled(r, n, rule);
	else
		(void)read_texts(r, n,
				 "a list of choices such as [yes, no], or each with its label, "
				 "such as {yes: {en: Yes, ar: نعم}, …}",
				 &rule->of, &rule->of_count);
}

static void read_default(struct reader *r, const struct node *n, void *into)
{
	struct variable_draft *d = into;

	if (d->is_outcome)
		read_fault(r, n, "what a call finds out has no default.");
	else if (read_text(r, n, "the value that an empty cell stands for",
			   &d->variable->rule.fallback))
		d->fallback = n;
}

static void read_label(struct reader *r, const struct node *n, void *into)
{
	struct variable_draft *d = into;

	(void)read_bilingual(r, n, &d->variable->label);
}

/* Rules that need more than one key; only asked when each key by itself was right. */
static void check_rule(struct reader *r, const struct node *n, const struct variable_draft *d)
{
	const struct value_rule *rule = &d->variable->rule;
	const char *out;

	if (rule->type == VALUE_CHOICE && rule->of_count == 0)
		read_fault(r, n, "a choice needs 'of', the list of what can be chosen.");
	else if (d->fallback) {
		enum value_fault fault =
			value_render(rule, rule->fallback, LANGUAGE_EN, r->arena, &out);
		if (fault != VALUE_OK)
			read_fault(r, d->fallback, "the default '%s' %s.", rule->fallback,
				   value_fault_text(fault, rule, rule->fallback, r->arena));
	}
}

static void read_variable(struct reader *r, const struct node *n, bool is_outcome,
			  struct variable *out)
{
	/* The type first, since it decides what the others mean; currency before decimals, which it
	 * gives a default; min before max and everything before the default, which are compared. */
	static const struct key keys[] = {
		{"type", KEY_REQUIRED, read_type},
		{"required", KEY_OPTIONAL, read_required},
		{"min", KEY_OPTIONAL, read_min},
		{"max", KEY_OPTIONAL, read_max},
		{"currency", KEY_OPTIONAL, read_currency},
		{"decimals", KEY_OPTIONAL, read_decimals},
		{"in", KEY_OPTIONAL, read_in},
		{"out", KEY_OPTIONAL, read_out},
		{"of", KEY_OPTIONAL, read_of},
		{"default", KEY_OPTIONAL, read_default},
		{"label", KEY_OPTIONAL, read_label},
	};
	struct variable_draft d = {.variable = out, .is_outcome = is_outcome};
	size_t before = r->problems->errors;

	out->rule.decimals = 3;
	if (read_map(r, n, keys, COUNT_OF(keys), &d) && r->problems->errors == before)
		check_rule(r, n, &d);
}

/* Names go into {{…}} and into JSON: letters, digits and '_' only. */
static void check_name(struct reader *r, const struct node *n, bool is_outcome)
{
	static const char *const reserved[] = RESERVED_NAMES;
	const char *text = NULL;

	if (strspn(n->key, LETTERS) == 0 || n->key[strspn(n->key, LETTERS DIGITS)] ||
	    strlen(n->key) > VARIABLE_NAME_MAX)
		text = "expected a name of letters a-z, digits and '_', at most 64, the first no "
		       "digit.";
	for (size_t i = 0; i < COUNT_OF(reserved) && !is_outcome; i++)
		if (strcmp(n->key, reserved[i]) == 0)
			text = "nida sends this name itself; choose another.";
	if (text)
		problems_add(r->problems, PROBLEM_ERROR, r->tree->file, n->key_line, n->key_column,
			     "%s: %s", node_name(n, r->arena), text);
}

void variables_read(struct reader *r, const struct node *n, bool is_outcome,
		    const struct variable **out, size_t *count)
{
	if (n->kind != NODE_MAP) {
		read_expected(r, n, "names with their rules, such as {dueDate: {type: date}}");
		return;
	}
	struct variable *list = arena_array(r->arena, n->count, sizeof(*list));
	size_t used = 0;
	for (const struct node *child = n->first; child; child = child->next) {
		list[used].name = child->key;
		check_name(r, child, is_outcome);
		read_variable(r, child, is_outcome, &list[used++]);
	}
	*out = list;
	*count = used;
}
