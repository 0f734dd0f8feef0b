/*
 * The `list` section of a campaign: which file, which columns, whose numbers.
 */
#include "campaign_p.h"

#include "base/text.h"

static void read_list_file(struct reader *r, const struct node *n, void *into)
{
	struct list_rules *l = into;

	(void)read_path(r, n, &l->file);
}

/* Names of columns are compared with trimmed header cells. */
static void read_column(struct reader *r, const struct node *n, const char **out)
{
	const char *text;

	if (!read_text(r, n, "the name of a column of the list", &text))
		return;
	text = text_trim(r->arena, text);
	if (*text)
		*out = text;
	else
		read_expected(r, n, "the name of a column of the list");
}

static void read_phone_column(struct reader *r, const struct node *n, void *into)
{
	read_column(r, n, &((struct list_rules *)into)->phone);
}

static void read_key_column(struct reader *r, const struct node *n, void *into)
{
	read_column(r, n, &((struct list_rules *)into)->key);
}

static void read_language_column(struct reader *r, const struct node *n, void *into)
{
	read_column(r, n, &((struct list_rules *)into)->language);
}

static void read_timezone_column(struct reader *r, const struct node *n, void *into)
{
	read_column(r, n, &((struct list_rules *)into)->timezone);
}

static void read_consent_column(struct reader *r, const struct node *n, void *into)
{
	read_column(r, n, &((struct list_rules *)into)->consent);
}

static void read_country(struct reader *r, const struct node *n, void *into)
{
	struct list_rules *l = into;
	const char *names[PHONE_COUNTRY_COUNT];
	size_t count = 0;
	size_t found;

	for (int i = PHONE_ANY + 1; i < PHONE_COUNTRY_COUNT; i++)
		names[count++] = phone_country_code((enum phone_country)i);
	if (read_choice(r, n, names, count, &found))
		l->country = (enum phone_country)(found + 1);
}

static void read_accept(struct reader *r, const struct node *n, void *into)
{
	static const char *const names[] = {"mobile", "landline"};
	struct list_rules *l = into;
	bool accepted[COUNT_OF(names)] = {false};
	size_t found;

	if (!read_is_list(r, n, "a list of mobile and landline"))
		return;
	for (const struct node *item = n->first; item; item = item->next) {
		if (!read_choice(r, item, names, COUNT_OF(names), &found))
			return;
		if (accepted[found])
			read_fault(r, item, "'%s' stands twice.", names[found]);
		accepted[found] = true;
	}
	if (!accepted[0])
		read_fault(r, n,
			   "mobile numbers cannot be left out; expected [mobile] or "
			   "[mobile, landline].");
	l->mobile_only = !accepted[1];
}

static void read_duplicates(struct reader *r, const struct node *n, void *into)
{
	static const char *const names[] = {"first", "all", "reject"};
	struct list_rules *l = into;
	size_t found;

	if (!read_choice(r, n, names, COUNT_OF(names), &found))
		return;
	l->duplicates = (enum duplicates_rule)found;
	if (l->duplicates == DUPLICATES_ALL && !node_child(n->parent, "key"))
		read_fault(r, n,
			   "'all' calls every row of a number, so something else must tell the "
			   "rows apart; name that column in list.key.");
}

static void read_encoding(struct reader *r, const struct node *n, void *into)
{
	static const char *const names[] = {"auto", "utf-8", "utf-16", "windows-1256"};
	struct list_rules *l = into;
	size_t found;

	if (read_choice(r, n, names, COUNT_OF(names), &found))
		l->encoding = (enum list_encoding)found;
}

void list_rules_read(struct reader *r, const struct node *n, void *campaign)
{
	static const struct key keys[] = {
		{"file", KEY_REQUIRED, read_list_file},
		{"phone", KEY_REQUIRED, read_phone_column},
		{"key", KEY_OPTIONAL, read_key_column},
		{"language", KEY_OPTIONAL, read_language_column},
		{"timezone", KEY_OPTIONAL, read_timezone_column},
		{"consent", KEY_OPTIONAL, read_consent_column},
		{"country", KEY_OPTIONAL, read_country},
		{"accept", KEY_OPTIONAL, read_accept},
		{"duplicates", KEY_OPTIONAL, read_duplicates},
		{"encoding", KEY_OPTIONAL, read_encoding},
	};
	struct campaign *c = campaign;

	(void)read_map(r, n, keys, COUNT_OF(keys), &c->list);
}
