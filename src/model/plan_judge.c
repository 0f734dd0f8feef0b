/* Judging one row: may it be called, and if so, what is said? One step per rule, in the order in
 * which a reason is given. */
#include "model/plan.h"

#include "base/text.h"
#include "value_p.h"

#include <string.h>

#define SHOWN_MAX 40 /* characters of a value that a detail repeats */

/* One row on its way through the rules. */
struct judging {
	const struct plan *plan;
	const char *const *cells; /* trimmed */
	struct arena *arena;
	struct row_verdict *out;
};

/* The value as a detail shows it: one line, not too long. */
static const char *shown(struct judging *j, const char *text)
{
	const char *clean = value_clean(j->arena, text);
	const char *end = clean;

	if (utf8_length(clean) <= SHOWN_MAX)
		return clean;
	for (int i = 0; i < SHOWN_MAX; i++)
		utf8_next(&end);
	return arena_printf(j->arena, "%.*s…", (int)(end - clean), clean);
}

static bool skip(struct judging *j, enum skip_reason reason, const char *detail)
{
	j->out->skip = reason;
	j->out->detail = detail;
	return false;
}

/* The cell of a column; "" when the campaign names no such column. */
static const char *cell(struct judging *j, int column)
{
	return column < 0 ? "" : j->cells[column];
}

static bool judge_phone(struct judging *j)
{
	const struct list_rules *list = &j->plan->campaign.list;
	const char *text = j->cells[j->plan->columns.phone];
	enum phone_fault fault = phone_parse(text, list->country, &j->out->phone);

	if (fault != PHONE_OK)
		return skip(j, SKIP_INVALID_PHONE,
			    arena_printf(j->arena, "Column '%s' holds '%s'. %s", list->phone,
					 shown(j, text), phone_fault_text(fault)));
	if (!list->mobile_only || j->out->phone.line == PHONE_LINE_MOBILE)
		return true;

	/* What cannot be told to be a mobile is not called either. */
	static const char *const lines[] = {
		[PHONE_LINE_UNKNOWN] = "a number whose country's number plan nida does not know",
		[PHONE_LINE_MOBILE] = "a mobile",
		[PHONE_LINE_FIXED] = "a landline",
		[PHONE_LINE_OTHER] = "a special number",
	};
	return skip(
		j, SKIP_INVALID_PHONE,
		arena_printf(
			j->arena,
			"Column '%s' holds '%s'. It is %s, and list.accept allows mobiles only.",
			list->phone, shown(j, text), lines[j->out->phone.line]));
}

static bool judge_key(struct judging *j)
{
	if (j->plan->columns.key < 0)
		j->out->key = arena_strdup(j->arena, j->out->phone.e164);
	if (*j->out->key)
		return true;
	return skip(
		j, SKIP_MISSING_VALUE,
		arena_printf(j->arena,
			     "Column '%s' is empty; every row needs its own key there (list.key).",
			     j->plan->campaign.list.key));
}

static bool judge_consent(struct judging *j)
{
	static const char *const yes[] = {"yes", "1", "true", "نعم"};
	int column = j->plan->columns.consent;
	const char *text = cell(j, column);

	if (column < 0)
		return true;
	for (size_t i = 0; i < COUNT_OF(yes); i++)
		if (text_equal_nocase(text, yes[i]))
			return true;
	return skip(
		j, SKIP_NO_CONSENT,
		arena_printf(j->arena,
			     "Column '%s' holds '%s'; only yes, 1, true and نعم count as consent.",
			     j->plan->columns.names[column], shown(j, text)));
}

/* What a row without a language gets: Arabic, unless the only agent there is speaks English. */
static enum language default_language(const struct plan *plan)
{
	const struct campaign *c = &plan->campaign;

	const char *const *there =
		plan->scenario.inline_agent ? plan->scenario.prompt.text : c->agent;

	if (!there[LANGUAGE_AR] && there[LANGUAGE_EN])
		return LANGUAGE_EN;
	return LANGUAGE_AR;
}

static bool judge_language(struct judging *j)
{
	int column = j->plan->columns.language;
	const char *text = cell(j, column);
	enum language language = default_language(j->plan);

	if (*text && !language_from_text(text, &language))
		return skip(j, SKIP_BAD_VALUE,
			    arena_printf(j->arena,
					 "Column '%s' holds '%s', which is no language nida knows; "
					 "expected ar or en.",
					 j->plan->columns.names[column], shown(j, text)));
	j->out->language = language;
	const struct plan *plan = j->plan;
	if (plan->scenario.inline_agent ? plan->scenario.prompt.text[language] != NULL
					: plan->campaign.agent[language] != NULL)
		return true;
	return skip(j, SKIP_BAD_VALUE,
		    arena_printf(j->arena,
				 "The row's language is '%s' and the campaign has no agent for it; "
				 "set agent.%s.",
				 language_code(language), language_code(language)));
}

static bool judge_zone(struct judging *j)
{
	int column = j->plan->columns.timezone;
	const char *text = cell(j, column);
	struct err ignored;

	if (!*text || zone_find(text, &j->out->zone, &ignored))
		return true;
	return skip(j, SKIP_BAD_VALUE,
		    arena_printf(j->arena,
				 "Column '%s' holds '%s', which is no time zone of this machine; "
				 "expected a name such as Asia/Muscat.",
				 j->plan->columns.names[column], shown(j, text)));
}

/* "Column 'balance' (parameter accountBalance)", with all columns that the parameter is made of. */
static const char *param_source(struct judging *j, const struct plan_param *param)
{
	size_t parts = param->given ? param->given->value.count : 0;
	const char *columns = "";
	size_t count = 0;

	for (size_t i = 0; i < parts; i++) {
		const struct template_part *part = &param->given->value.parts[i];
		if (part->is_name)
			columns = arena_printf(j->arena, "%s%s'%s'", columns, count++ ? ", " : "",
					       part->text);
	}
	if (count == 0)
		return arena_printf(j->arena, "Parameter %s", param->name);
	return arena_printf(j->arena, "%s %s (parameter %s)", count > 1 ? "Columns" : "Column",
			    columns, param->name);
}

/* Another parameter that cannot be sent: the first decides the reason, all are told. */
static void param_fault(struct judging *j, const struct plan_param *param, const char *text,
			enum value_fault fault)
{
	const char *source = param_source(j, param);
	const char *before = j->out->detail;

	if (!param->given)
		text = text_or_empty(param->rule->fallback);
	else if (param->given->secret)
		text = "…";
	const char *what = value_fault_text(fault, param->rule, text, j->arena);
	if (j->out->skip == SKIP_NONE)
		j->out->skip = fault == VALUE_MISSING ? SKIP_MISSING_VALUE : SKIP_BAD_VALUE;
	if (fault == VALUE_MISSING)
		j->out->detail = arena_printf(j->arena, "%s%s%s %s.", before, *before ? " " : "",
					      source, what);
	else
		j->out->detail = arena_printf(j->arena, "%s%s%s: '%s' %s.", before,
					      *before ? " " : "", source, shown(j, text), what);
}

static const char *judge_param(struct judging *j, const struct plan_param *param)
{
	enum language language = j->out->language;
	const char *value = "";

	if (param->same[language])
		return param->same[language];
	const char *text =
		param->given ? template_render(&param->given->value, j->cells, j->arena) : "";
	enum value_fault fault = value_render(param->rule, text, language, j->arena, &value);
	if (fault != VALUE_OK)
		param_fault(j, param, text, fault);
	return value;
}

static bool judge_params(struct judging *j)
{
	const struct plan *plan = j->plan;
	const char **values = arena_array(j->arena, plan->param_count, sizeof(*values));

	for (size_t i = 0; i < plan->param_count; i++)
		values[i] = judge_param(j, &plan->params[i]);
	if (j->out->skip != SKIP_NONE)
		return false;
	j->out->param_count = plan->param_count;
	j->out->param_names = plan->param_names;
	j->out->param_values = values;
	return true;
}

/* Blanks around a cell are no part of what it says, wherever in a parameter it ends up. */
static const char *const *cells_trim(const char *const *cells, size_t count, struct arena *arena)
{
	const char **trimmed = arena_array(arena, count, sizeof(*trimmed));

	for (size_t i = 0; i < count; i++)
		trimmed[i] = text_bare(arena, cells[i]);
	return trimmed;
}

void plan_judge_row(const struct plan *p, const char *const *cells, struct arena *arena,
		    struct row_verdict *out)
{
	if (!p->params)
		BUG("a row is judged before the plan was bound to a list");

	struct judging j = {
		.plan = p,
		.cells = cells_trim(cells, p->columns.count, arena),
		.arena = arena,
		.out = out,
	};
	*out = (struct row_verdict){
		.skip = SKIP_NONE,
		.detail = "",
		.key = cell(&j, p->columns.key),
		.language = default_language(p),
		.zone = p->campaign.zone ? p->campaign.zone : zone_utc(),
	};
	if (judge_phone(&j) && judge_key(&j) && judge_consent(&j) && judge_language(&j) &&
	    judge_zone(&j))
		(void)judge_params(&j);
}
