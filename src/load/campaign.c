#include "campaign_p.h"

#include "file_p.h"

#include <string.h>

#define POLL_MAX_MS (10 * MINUTE_MS)

static void read_campaign_name(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	if (read_is_set(r, n))
		(void)read_name(r, n, &c->name);
}

static void read_scenario_file(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	if (read_is_set(r, n))
		(void)read_path(r, n, &c->scenario_file);
}

/* The caller's number; checked like a customer's, so that a typing error does not wait for the
 * first dial. It may come from the environment, so it never gets into the message. */
static void read_from(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;
	struct phone phone;
	const char *text;

	/* Only those who call need it. */
	if (read_is_unset(r, n) ||
	    !read_text(r, n, "the caller's number, such as +96824000000", &text))
		return;
	if (phone_parse(text, PHONE_ANY, &phone) == PHONE_OK)
		c->from = arena_strdup(r->arena, phone.e164);
	else
		read_fault(r, n,
			   "expected the caller's number in full, with '+' and its country code, "
			   "such as +96824000000.");
}

static bool read_agent_id(struct reader *r, const struct node *n, const char **out)
{
	static const char expected[] =
		"an agent's id, such as d949f13f-40d2-4e48-ac86-b66633070603";
	const char *text;

	if (!read_text(r, n, expected, &text))
		return false;
	for (const char *p = text; *p; p++) {
		if (*p <= ' ' || *p > '~') {
			read_expected(r, n, expected);
			return false;
		}
	}
	*out = text;
	return true;
}

static void read_agent_ar(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	(void)read_agent_id(r, n, &c->agent[LANGUAGE_AR]);
}

static void read_agent_en(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	(void)read_agent_id(r, n, &c->agent[LANGUAGE_EN]);
}

static void read_agent(struct reader *r, const struct node *n, void *into)
{
	static const struct key keys[] = {
		{"ar", KEY_OPTIONAL, read_agent_ar},
		{"en", KEY_OPTIONAL, read_agent_en},
	};
	struct campaign *c = into;

	if (n->kind != NODE_SCALAR) {
		if (read_is_map(r, n, "an agent's id, or one for each language: {ar: …, en: …}"))
			(void)read_map(r, n, keys, COUNT_OF(keys), c);
		return;
	}
	if (read_agent_id(r, n, &c->agent[LANGUAGE_AR]))
		c->agent[LANGUAGE_EN] = c->agent[LANGUAGE_AR];
}

static void read_params(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	if (n->kind != NODE_MAP) {
		read_expected(r, n, "names with values, such as {customerName: \"{{name}}\"}");
		return;
	}
	c->params = arena_array(r->arena, n->count, sizeof(*c->params));
	for (const struct node *child = n->first; child; child = child->next) {
		/* A param with a faulty value still counts as given. */
		struct param *p = &c->params[c->param_count++];
		p->name = child->key;
		p->line = child->key_line;
		p->column = child->key_column;
		p->secret = child->kind == NODE_SCALAR && strstr(child->text, "${");
		(void)read_template(r, child, &p->value);
	}
}

static void read_suppress(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	if (n->kind == NODE_LIST && n->count == 0)
		return;
	if (!read_texts(r, n, "a list of files such as [do-not-call.csv]", &c->suppress,
			&c->suppress_count))
		return;
	const char **files = arena_array(r->arena, c->suppress_count, sizeof(*files));
	for (size_t i = 0; i < c->suppress_count; i++)
		files[i] = file_join(r->arena, r->tree->file, c->suppress[i]);
	c->suppress = files;
}

static void read_poll(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	(void)read_span(r, n, SECOND_MS, POLL_MAX_MS, &c->poll_ms);
}

static void read_settle(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	(void)read_span(r, n, SECOND_MS, DAY_MS, &c->settle_ms);
}

static void read_then(struct reader *r, const struct node *n, void *into)
{
	static const char *const names[] = {"redial", "hold"};
	struct campaign *c = into;
	size_t found;

	if (read_choice(r, n, names, COUNT_OF(names), &found))
		c->in_doubt = (enum in_doubt_rule)found;
}

static void read_in_doubt(struct reader *r, const struct node *n, void *into)
{
	static const struct key keys[] = {
		{"settle", KEY_OPTIONAL, read_settle},
		{"then", KEY_OPTIONAL, read_then},
	};

	(void)read_map(r, n, keys, COUNT_OF(keys), into);
}

static void read_report_dir(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	if (read_is_unset(r, n))
		c->report_dir = NULL;
	else
		(void)read_path(r, n, &c->report_dir);
}

static void read_formats(struct reader *r, const struct node *n, void *into)
{
	static const char *const names[] = {"csv", "html", "json"};
	struct campaign *c = into;
	unsigned formats = 0;
	size_t found;

	if (!read_is_list(r, n, "a list of csv, html and json"))
		return;
	for (const struct node *item = n->first; item; item = item->next) {
		if (!read_choice(r, item, names, COUNT_OF(names), &found))
			continue;
		if (formats & 1u << found)
			read_fault(r, item, "'%s' stands twice.", names[found]);
		formats |= 1u << found;
	}
	c->report_formats = formats;
}

static void read_recordings(struct reader *r, const struct node *n, void *into)
{
	static const char *const names[] = {"link", "download"};
	struct campaign *c = into;
	size_t found;

	if (read_choice(r, n, names, COUNT_OF(names), &found))
		c->recordings = (enum recordings_rule)found;
}

static void read_every(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;

	(void)read_span(r, n, SECOND_MS, DAY_MS, &c->report_every_ms);
}

static void read_report(struct reader *r, const struct node *n, void *into)
{
	static const struct key keys[] = {
		{"dir", KEY_OPTIONAL, read_report_dir},
		{"formats", KEY_OPTIONAL, read_formats},
		{"recordings", KEY_OPTIONAL, read_recordings},
		{"every", KEY_OPTIONAL, read_every},
	};

	(void)read_map(r, n, keys, COUNT_OF(keys), into);
}

static void read_on_finish(struct reader *r, const struct node *n, void *into)
{
	struct campaign *c = into;
	size_t count = 0;

	if (n->kind == NODE_LIST && n->count == 0)
		return;
	if (!read_is_list(r, n, "a program and its arguments, such as [\"./notify.sh\"]"))
		return;
	const char **argv = arena_array(r->arena, n->count, sizeof(*argv));
	for (const struct node *item = n->first; item; item = item->next)
		if (read_text(r, item, "text", &argv[count]))
			count++;
	/* Like a shell: a bare name is looked for in PATH, anything else is a path. */
	if (count > 0 && strchr(argv[0], '/'))
		argv[0] = file_join(r->arena, r->tree->file, argv[0]);
	c->on_finish = argv;
	c->on_finish_count = count;
}

static void set_defaults(struct reader *r, struct campaign *c)
{
	struct err e;

	*c = (struct campaign){
		.file = r->tree->file,
		.list = {.duplicates = DUPLICATES_FIRST, .encoding = ENCODING_AUTO},
		.calls_per_minute = 10,
		.live = 5,
		.hours = {.always = true},
		.retry = {.attempts = 1},
		.guard = {.breaker = {.failures = 0.5, .of_last = 20}},
		.poll_ms = 5 * SECOND_MS,
		.settle_ms = 5 * MINUTE_MS,
		.in_doubt = IN_DOUBT_REDIAL,
		.report_dir = file_join(r->arena, r->tree->file, "../reports"),
		.report_formats = REPORT_CSV | REPORT_HTML | REPORT_JSON,
		.recordings = RECORDINGS_LINK,
		.report_every_ms = MINUTE_MS,
	};
	if (!zone_find("Asia/Muscat", &c->zone, &e)) {
		c->zone = NULL;
		if (!node_child(r->tree->root, "hours") ||
		    !node_child(node_child(r->tree->root, "hours"), "timezone"))
			problems_add(r->problems, PROBLEM_ERROR, r->tree->file, 0, 0,
				     "hours.timezone: %s", e.text);
	}
}

void campaign_read(struct reader *r, struct campaign *out)
{
	static const struct key keys[] = {
		{"campaign", KEY_REQUIRED, read_campaign_name},
		{"scenario", KEY_REQUIRED, read_scenario_file},
		{"list", KEY_REQUIRED, list_rules_read},
		{"from", KEY_OPTIONAL, read_from},
		{"agent", KEY_OPTIONAL, read_agent},
		{"params", KEY_OPTIONAL, read_params},
		{"pace", KEY_OPTIONAL, pace_read},
		{"hours", KEY_OPTIONAL, hours_read},
		{"retry", KEY_OPTIONAL, retry_read},
		{"guard", KEY_OPTIONAL, guard_read},
		{"suppress", KEY_OPTIONAL, read_suppress},
		{"poll", KEY_OPTIONAL, read_poll},
		{"in_doubt", KEY_OPTIONAL, read_in_doubt},
		{"report", KEY_OPTIONAL, read_report},
		{"on_finish", KEY_OPTIONAL, read_on_finish},
	};

	set_defaults(r, out);
	if (read_map(r, r->tree->root, keys, COUNT_OF(keys), out) && out->hours.always)
		problems_add(
			r->problems, PROBLEM_WARNING, r->tree->file, 0, 0,
			"no hours are set: customers are called at any time of day and night.");
}
