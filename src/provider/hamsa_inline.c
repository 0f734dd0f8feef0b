#include "hamsa_p.h"

void hamsa_add_params(struct buf *b, const struct place_order *order)
{
	buf_addc(b, '{');
	for (size_t i = 0; i < order->param_count; i++) {
		if (i)
			buf_addc(b, ',');
		buf_add_json(b, order->param_names[i]);
		buf_addc(b, ':');
		buf_add_json(b, order->param_values[i]);
	}
	buf_addc(b, '}');
}

/* In the call's language, or where that is missing, in the other. */
static const char *text_in(const struct bilingual *text, enum language language)
{
	if (text->text[language])
		return text->text[language];
	return text->text[language == LANGUAGE_AR ? LANGUAGE_EN : LANGUAGE_AR];
}

static void add_text(struct buf *b, const char *key, const char *text)
{
	if (!text)
		return;
	buf_addf(b, ",\"%s\":", key);
	buf_add_json(b, text);
}

/* What a good value looks like, for the agent that has to write it down. */
static void add_form(struct buf *b, const struct value_rule *rule, enum language language)
{
	static const char *const words[VALUE_TYPE_COUNT][LANGUAGE_COUNT] = {
		[VALUE_TEXT] = {[LANGUAGE_AR] = "نص", [LANGUAGE_EN] = "text"},
		[VALUE_NUMBER] = {[LANGUAGE_AR] = "عدد", [LANGUAGE_EN] = "a number"},
		[VALUE_MONEY] = {[LANGUAGE_AR] = "مبلغ", [LANGUAGE_EN] = "an amount"},
		[VALUE_DATE] = {[LANGUAGE_AR] = "تاريخ بصيغة YYYY-MM-DD",
				[LANGUAGE_EN] = "a date, as YYYY-MM-DD"},
		[VALUE_CHOICE] = {[LANGUAGE_AR] = "قيمة واحدة من:", [LANGUAGE_EN] = "one of:"},
	};

	buf_adds(b, words[rule->type][language]);
	if (rule->type == VALUE_MONEY && rule->currency)
		buf_addf(b, " (%s)", rule->currency);
	for (size_t i = 0; rule->type == VALUE_CHOICE && i < rule->of_count; i++)
		buf_addf(b, "%s%s", i ? ", " : " ", rule->of[i]);
}

/* `outcome`: what to find out, in words. */
static void add_outcome(struct buf *b, const struct scenario *s, enum language language)
{
	struct buf words;

	buf_init(&words, HAMSA_REQUEST_MAX);
	buf_adds(&words, language == LANGUAGE_AR
				 ? "سجّل في نهاية المكالمة ما يلي، واترك ما لم يذكره العميل:"
				 : "Record at the end of the call, leaving out what was not said:");
	for (size_t i = 0; i < s->outcome_count; i++) {
		const struct variable *field = &s->outcomes[i];
		const char *label = text_in(&field->label, language);
		buf_addf(&words, "\n- %s", field->name);
		if (label)
			buf_addf(&words, " (%s)", label);
		buf_adds(&words, ": ");
		add_form(&words, &field->rule, language);
	}
	add_text(b, "outcome", words.data);
	buf_free(&words);
}

/* One property of `outcomeResponseShape`, which is written like a JSON schema. */
static void add_property(struct buf *b, const struct variable *field, enum language language)
{
	const struct value_rule *rule = &field->rule;
	bool is_number = rule->type == VALUE_NUMBER || rule->type == VALUE_MONEY;

	buf_add_json(b, field->name);
	buf_addf(b, ":{\"type\":\"%s\"", is_number ? "number" : "string");
	if (rule->type == VALUE_DATE)
		buf_adds(b, ",\"format\":\"date\"");
	if (rule->type == VALUE_CHOICE) {
		buf_adds(b, ",\"enum\":[");
		for (size_t i = 0; i < rule->of_count; i++) {
			if (i)
				buf_addc(b, ',');
			buf_add_json(b, rule->of[i]);
		}
		buf_addc(b, ']');
	}
	add_text(b, "description", text_in(&field->label, language));
	buf_addc(b, '}');
}

void hamsa_add_agent_details(struct buf *b, const struct place_order *order)
{
	const struct scenario *s = order->scenario;
	const char *greeting;

	if (!s)
		BUG("an order without an agent id and without a scenario");
	greeting = text_in(&s->first_message, order->language);
	buf_adds(b, "{\"agentName\":");
	buf_add_json(b, s->name);
	add_text(b, "lang", language_code(order->language));
	add_text(b, "greetingMessage", greeting);
	/* STATIC: said word for word, not made up anew by the model. */
	add_text(b, "greetingMessageType", greeting ? "STATIC" : NULL);
	add_text(b, "preamble", text_in(&s->prompt, order->language));
	if (s->outcome_count) {
		add_outcome(b, s, order->language);
		buf_adds(b, ",\"outcomeResponseShape\":{\"type\":\"object\",\"properties\":{");
		for (size_t i = 0; i < s->outcome_count; i++) {
			if (i)
				buf_addc(b, ',');
			add_property(b, &s->outcomes[i], order->language);
		}
		buf_adds(b, "}}");
	}
	buf_adds(b, ",\"params\":");
	hamsa_add_params(b, order);
	buf_addc(b, '}');
}
