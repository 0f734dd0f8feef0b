#include "model/contact.h"

#include <stddef.h>
#include <string.h>

/* A name for machines and a sentence for people. */
struct word {
	const char *name;
	struct bilingual text;
};

/* clang-format off */
#define TEXT(ar, en) {{[LANGUAGE_AR] = (ar), [LANGUAGE_EN] = (en)}}

static const struct word states[CONTACT_STATE_COUNT] = {
	[CONTACT_PENDING] = {"pending", TEXT("في انتظار موعد الاتصال.", "Waiting to be called.")},
	[CONTACT_PLACING] = {"placing", TEXT("جارٍ إجراء الاتصال.", "The call is being placed.")},
	[CONTACT_LIVE] = {"live", TEXT("المكالمة جارية الآن.", "The call is under way.")},
	[CONTACT_IN_DOUBT] = {"in_doubt",
			      TEXT("أُرسل طلب الاتصال ولم يصل الرد، فقد تكون المكالمة جرت أو لم تجرِ.",
				   "The call was asked for and no answer came back: "
				   "it may or may not have been made.")},
	[CONTACT_DONE] = {"done", TEXT("انتهى الاتصال بهذا العميل.", "Finished.")},
	[CONTACT_SKIPPED] = {"skipped", TEXT("لم يُتصل بهذا العميل.", "Not called.")},
};

static const struct word outcomes[OUTCOME_COUNT] = {
	[OUTCOME_NONE] = {"none", TEXT("لم تنتهِ المكالمة بعد.", "Not over yet.")},
	[OUTCOME_COMPLETED] = {"completed",
			       TEXT("أجاب العميل وانتهت المكالمة بشكل طبيعي.",
				    "The customer answered and the call ended normally.")},
	[OUTCOME_NO_ANSWER] = {"no_answer", TEXT("لم يرد أحد على المكالمة.", "Nobody picked up.")},
	[OUTCOME_FAILED] = {"failed",
			    TEXT("تعذّر إتمام المكالمة بسبب خطأ لدى مزود الخدمة أو شركة الاتصالات.",
				 "The call failed at the provider or the carrier.")},
	[OUTCOME_FORWARDED] = {"forwarded",
			       TEXT("حُوّلت المكالمة إلى جهة أخرى، وغالبًا إلى موظف.",
				    "The call was passed on, usually to a person.")},
	[OUTCOME_TERMINATED] = {"terminated",
				TEXT("أُنهيت المكالمة من جانبنا.",
				     "The call was ended from our side.")},
	[OUTCOME_LOST] = {"lost",
			  TEXT("فُقد أثر المكالمة لدى مزود الخدمة ولا تُعرف نتيجتها.",
			       "The provider lost track of the call; its result is not known.")},
};

static const struct word reasons[SKIP_REASON_COUNT] = {
	[SKIP_NONE] = {"none", TEXT("لا مانع من الاتصال.", "May be called.")},
	[SKIP_INVALID_PHONE] = {"invalid_phone",
				TEXT("رقم الهاتف غير صالح للاتصال.",
				     "The phone number cannot be called.")},
	[SKIP_MISSING_VALUE] = {"missing_value",
				TEXT("تنقص هذا الصف قيمة مطلوبة.", "A required value is missing.")},
	[SKIP_BAD_VALUE] = {"bad_value",
			    TEXT("في هذا الصف قيمة غير صحيحة.",
				 "A value of the row is not valid.")},
	[SKIP_DUPLICATE] = {"duplicate",
			    TEXT("يتكرر هذا الرقم أو هذا المعرّف في صف آخر من القائمة.",
				 "Another row of the list has this number or this key.")},
	[SKIP_SUPPRESSED] = {"suppressed",
			     TEXT("الرقم مسجل في قائمة عدم الاتصال.",
				  "The number is on a do-not-call list.")},
	[SKIP_NO_CONSENT] = {"no_consent",
			     TEXT("لا توجد موافقة مسجلة من العميل على الاتصال به.",
				  "The customer has not consented to be called.")},
	[SKIP_FREQUENCY] = {"frequency",
			    TEXT("بلغت الاتصالات بهذا الرقم الحد المسموح به.",
				 "The number has been called as often as is allowed.")},
	[SKIP_UNSETTLED] = {"unsettled",
			    TEXT("مكالمة سابقة إلى هذا الرقم لم يُحسم أمرها بعد.",
				 "An earlier call to this number is in doubt and not settled.")},
	[SKIP_OUT_OF_TIME] = {"out_of_time",
			      TEXT("انتهى الوقت المحدد للحملة قبل أن يحين دور هذا الصف.",
				   "The campaign's time was over before this row's turn came.")},
	[SKIP_OVER_BUDGET] = {"over_budget",
			      TEXT("استُنفدت ميزانية الحملة قبل أن يحين دور هذا الصف.",
				   "The budget was used up before this row's turn came.")},
	[SKIP_CANCELLED] = {"cancelled",
			    TEXT("أُلغي الاتصال بقرار من أحد المسؤولين عن الحملة.",
				 "A person ended the run or took the row off the list.")},
};

/* clang-format on */

bool contact_may_move(enum contact_state from, enum contact_state to)
{
	static const bool arrows[CONTACT_STATE_COUNT][CONTACT_STATE_COUNT] = {
		[CONTACT_PENDING] = {[CONTACT_PLACING] = true, [CONTACT_SKIPPED] = true},
		[CONTACT_PLACING] = {[CONTACT_LIVE] = true,
				     [CONTACT_PENDING] = true,
				     [CONTACT_DONE] = true,
				     [CONTACT_IN_DOUBT] = true},
		[CONTACT_LIVE] = {[CONTACT_DONE] = true, [CONTACT_PENDING] = true},
		[CONTACT_IN_DOUBT] =
			{[CONTACT_LIVE] = true, [CONTACT_DONE] = true, [CONTACT_PENDING] = true},
	};

	return arrows[from][to];
}

bool contact_state_is_final(enum contact_state state)
{
	return state == CONTACT_DONE || state == CONTACT_SKIPPED;
}

/* The index of `name` among the words, or -1. */
static int word_find(const struct word *words, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(words[i].name, name) == 0)
			return i;
	return -1;
}

const char *contact_state_name(enum contact_state state)
{
	return states[state].name;
}

const char *outcome_name(enum outcome outcome)
{
	return outcomes[outcome].name;
}

const char *skip_reason_name(enum skip_reason reason)
{
	return reasons[reason].name;
}

bool contact_state_from_name(const char *name, enum contact_state *out)
{
	int i = word_find(states, CONTACT_STATE_COUNT, name);

	if (i < 0)
		return false;
	*out = (enum contact_state)i;
	return true;
}

bool outcome_from_name(const char *name, enum outcome *out)
{
	int i = word_find(outcomes, OUTCOME_COUNT, name);

	if (i < 0)
		return false;
	*out = (enum outcome)i;
	return true;
}

bool skip_reason_from_name(const char *name, enum skip_reason *out)
{
	int i = word_find(reasons, SKIP_REASON_COUNT, name);

	if (i < 0)
		return false;
	*out = (enum skip_reason)i;
	return true;
}

const char *contact_state_text(enum contact_state state, enum language language)
{
	return states[state].text.text[language];
}

const char *outcome_text(enum outcome outcome, enum language language)
{
	return outcomes[outcome].text.text[language];
}

const char *skip_reason_text(enum skip_reason reason, enum language language)
{
	return reasons[reason].text.text[language];
}
