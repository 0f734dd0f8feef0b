/*
 * What is said on an answered call: choose an ending by weight, put the conversation together,
 * fill in the call's parameters. All choices come from the call's own seed, so that every reading
 * of a call tells the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/moment.h"
#include "model/language.h"
#include "network_p.h"
#include "network_script_p.h"

#define LINES_MAX       24
#define VALUES_MAX      12
#define TEXT_MAX        (64 * 1024)
#define LOCAL_OFFSET_MS (4 * HOUR_MS) /* simulated customers live in Oman */

/* What has been chosen for one call. */
struct script {
	const struct network_call *call;
	const struct script_family *family;
	const struct script_ending *ending;
	enum language language;
	size_t variant;
	size_t matter;
	size_t confirm;
	size_t closing;
	uint64_t chance; /* for drawn texts */
};

static const struct script_family *const families[] = {
	&script_payment, &script_inquiry, &script_upgrade,
	&script_visit,   &script_support, &script_general, /* takes whatever is left */
};

static const char *const confirms[LANGUAGE_COUNT][3] = {
	[LANGUAGE_AR] = {"C: نعم، أنا معك. تفضل.",
			 "C: وعليكم السلام، نعم، معك {customerName|صاحب الخط}.",
			 "C: أيوه، خير إن شاء الله؟"},
	[LANGUAGE_EN] = {"C: Yes, speaking.",
			 "C: Yes, this is {customerName|the owner of this line}.",
			 "C: Hello, yes, that is me. What is it about?"},
};

static const char *const closings[LANGUAGE_COUNT][3] = {
	[LANGUAGE_AR] = {"A: شكرًا لوقتكم، في أمان الله.\nC: في أمان الله.",
			 "A: نشكر لكم تعاونكم، وطاب يومكم.\nC: الله يعافيك، مع السلامة.",
			 "A: شكرًا لكم على سعة صدركم، في أمان الله.\nC: شكرًا، مع السلامة."},
	[LANGUAGE_EN] = {"A: Thank you for your time. Have a good day.\nC: Thank you, bye.",
			 "A: Thank you, that is all from my side. Goodbye.\nC: All right, goodbye.",
			 "A: Thanks for your help, and have a nice day.\nC: You too. Bye."},
};

struct choice {
	const char *name;
	const char *option[4][LANGUAGE_COUNT];
};

/* Names with one beginning ("channel", "channelWords") agree, since one chance decides them all. */
static const struct choice choices[] = {
	{"time",
	 {{"غدًا الساعة العاشرة صباحًا", "tomorrow at ten in the morning"},
	  {"اليوم بعد صلاة المغرب", "today after six in the evening"},
	  {"غدًا بعد صلاة العصر", "tomorrow afternoon, after four"},
	  {"يوم الأحد الساعة الخامسة مساءً", "Sunday at five in the afternoon"}}},
	{"channel",
	 {{"whatsapp", "whatsapp"}, {"sms", "sms"}, {"call", "call"}, {"branch", "branch"}}},
	{"channelWords",
	 {{"على الواتساب", "on WhatsApp"},
	  {"برسالة نصية", "by text message"},
	  {"باتصال من موظف", "by a call from a colleague"},
	  {"في أقرب فرع", "at the nearest branch"}}},
	{"score", {{"5", "5"}, {"4", "4"}, {"5", "5"}, {"3", "3"}}},
	{"scoreWords",
	 {{"خمسة", "five"},
	  {"أربعة", "four"},
	  {"خمسة من خمسة", "five out of five"},
	  {"ثلاثة", "three"}}},
	{"scoreLow", {{"2", "2"}, {"1", "1"}, {"3", "3"}, {"2", "2"}}},
	{"scoreLowWords",
	 {{"اثنان", "two"}, {"واحد", "one"}, {"ثلاثة", "three"}, {"اثنان فقط", "only two"}}},
};

static const char *const months[12][LANGUAGE_COUNT] = {
	{"يناير", "January"},  {"فبراير", "February"}, {"مارس", "March"},
	{"أبريل", "April"},    {"مايو", "May"},        {"يونيو", "June"},
	{"يوليو", "July"},     {"أغسطس", "August"},    {"سبتمبر", "September"},
	{"أكتوبر", "October"}, {"نوفمبر", "November"}, {"ديسمبر", "December"},
};

/* Values of a choice that are spoken in words. */
static const struct {
	const char *drawn;
	const char *param;
	const char *value;
	const char *words[LANGUAGE_COUNT];
} spoken[] = {
	{"topic", "inquiryTopic", "bill", {"الفاتورة", "your bill"}},
	{"topic", "inquiryTopic", "balance", {"المبلغ المستحق", "the amount due"}},
	{"topic", "inquiryTopic", "plan", {"الباقة", "your plan"}},
	{"topic", "inquiryTopic", "data", {"رصيد الإنترنت", "your data"}},
	{"topic", "inquiryTopic", "roaming", {"خدمة التجوال", "roaming"}},
	{"topic", NULL, NULL, {"حسابكم", "your account"}},
	{"service", "serviceType", "fibre", {"إنترنت الألياف البصرية", "fibre internet"}},
	{"service", "serviceType", "home_5g", {"إنترنت المنزل", "5G home internet"}},
	{"service", "serviceType", "mobile", {"الهاتف المتنقل", "mobile line"}},
	{"service", "serviceType", "tv", {"خدمة التلفزيون", "television service"}},
	{"service", NULL, NULL, {"الخدمة", "service"}},
};

static const char *param_or(const struct script *s, const char *name, const char *otherwise)
{
	const char *value = network_call_param(s->call, name);

	return value && *value ? value : otherwise;
}

/* A day one to ten days after the call, as a date or in words. */
static void add_promise(const struct script *s, bool words, struct buf *out)
{
	int64_t day = (s->call->answered_ms + LOCAL_OFFSET_MS) / DAY_MS;
	int year, month, dom;

	date_from_days(day + 1 + (int64_t)(s->chance / 4 % 10), &year, &month, &dom);
	if (words)
		buf_addf(out, "%d %s", dom, months[month - 1][s->language]);
	else
		buf_addf(out, "%04d-%02d-%02d", year, month, dom);
}

static void add_half(const struct script *s, struct buf *out)
{
	struct decimal amount;
	int decimals;
	char text[DECIMAL_SIZE];

	if (!decimal_parse(param_or(s, "accountBalance", ""), &amount, &decimals))
		return;
	amount.micro /= 2;
	buf_adds(out, decimal_format(amount, 3, text));
}

static void drawn_text(const struct script *s, const char *name, struct buf *out)
{
	for (size_t i = 0; i < COUNT_OF(choices); i++) {
		if (strcmp(choices[i].name, name) == 0) {
			buf_adds(out, choices[i].option[s->chance % 4][s->language]);
			return;
		}
	}
	for (size_t i = 0; i < COUNT_OF(spoken); i++) {
		if (strcmp(spoken[i].drawn, name) != 0)
			continue;
		if (spoken[i].param == NULL ||
		    strcmp(param_or(s, spoken[i].param, ""), spoken[i].value) == 0) {
			buf_adds(out, spoken[i].words[s->language]);
			return;
		}
	}
	if (strcmp(name, "half") == 0)
		add_half(s, out);
	else if (strcmp(name, "promise") == 0 || strcmp(name, "promiseWords") == 0)
		add_promise(s, name[7] != '\0', out);
	else
		BUG("no text is drawn for {@%s}", name);
}

static void add_placeholder(const struct script *s, const char *inside, size_t length,
			    struct buf *out)
{
	char text[128];
	const char *otherwise = "";

	if (length >= sizeof(text))
		BUG("a placeholder of %zu bytes", length);
	memcpy(text, inside, length);
	text[length] = '\0';
	char *bar = strchr(text, '|');
	if (bar) {
		*bar = '\0';
		otherwise = bar + 1;
	}
	if (text[0] == '@')
		drawn_text(s, text + 1, out);
	else
		buf_adds(out, param_or(s, text, otherwise));
}

static void fill(const struct script *s, const char *text, size_t length, struct buf *out)
{
	const char *end = text + length;

	while (text < end) {
		const char *open = memchr(text, '{', (size_t)(end - text));
		const char *close = open ? memchr(open, '}', (size_t)(end - open)) : NULL;
		if (close == NULL) {
			buf_add(out, text, (size_t)(end - text));
			return;
		}
		buf_add(out, text, (size_t)(open - text));
		add_placeholder(s, open + 1, (size_t)(close - open - 1), out);
		text = close + 1;
	}
}

/* Lines of "A: …" and "C: …" become utterances. */
static void add_lines(const struct script *s, const char *text, struct arena *arena,
		      struct utterance *lines, size_t *count)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		struct buf line;

		if (*count == LINES_MAX || length < 3 || text[1] != ':')
			BUG("a bad line in a script: %s", text);
		buf_init(&line, TEXT_MAX);
		fill(s, text + 3, length - 3, &line);
		lines[(*count)++] = (struct utterance){
			.speaker = text[0] == 'A' ? SPEAKER_AGENT : SPEAKER_CUSTOMER,
			.text = arena_strdup(arena, line.data),
		};
		buf_free(&line);
		text += length + (text[length] == '\n');
	}
}

static void add_value(struct arena *arena, const char *name, const char *value,
		      struct outcome_value *values, size_t *count)
{
	if (name == NULL || *value == '\0')
		return;
	if (*count == VALUES_MAX)
		BUG("more than %d values in a script", VALUES_MAX);
	values[(*count)++] =
		(struct outcome_value){arena_strdup(arena, name), arena_strdup(arena, value)};
}

static void add_values(const struct script *s, const char *text, struct arena *arena,
		       struct outcome_value *values, size_t *count)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		size_t name_length = strcspn(text, "=");
		const char *name = arena_strndup(arena, text, name_length);
		struct buf value;

		if (strcmp(name, "@time") == 0)
			name = s->family->time_field;
		buf_init(&value, TEXT_MAX);
		fill(s, text + name_length + 1, length - name_length - 1, &value);
		add_value(arena, name, value.data, values, count);
		buf_free(&value);
		text += length + (text[length] == '\n');
	}
}

static const struct script_family *choose_family(const struct network_call *call)
{
	const char *scenario = network_call_param(call, "scenario");

	for (size_t i = 0; i < COUNT_OF(families); i++) {
		const struct script_family *f = families[i];
		if (f->scenario && (scenario == NULL || strcmp(f->scenario, scenario) != 0))
			continue;
		const char *value = f->when_name ? network_call_param(call, f->when_name) : NULL;
		if (f->when_name && (value == NULL || strcmp(value, f->when_value) != 0))
			continue;
		return f;
	}
	BUG("no family of scripts takes every scenario");
}

static const struct script_ending *choose_ending(const struct script_family *f, struct rng *draw)
{
	int at = (int)rng_below(draw, 100);

	for (size_t i = 0; i < f->ending_count; i++) {
		if (at < f->endings[i].weight)
			return &f->endings[i];
		at -= f->endings[i].weight;
	}
	for (int i = 0; i < COMMON_COUNT; i++) {
		if (at < f->common[i])
			return &script_common_endings[i];
		at -= f->common[i];
	}
	BUG("the weights of a family of scripts do not add up to 100");
}

static void choose(const struct network_call *call, uint64_t talk_seed, struct script *s)
{
	struct rng draw;

	*s = (struct script){.call = call, .family = choose_family(call)};
	rng_seed(&draw, talk_seed);
	s->ending = choose_ending(s->family, &draw);
	s->language = LANGUAGE_AR;
	const char *language = network_call_param(call, "language");
	if (language && strcmp(language, language_code(LANGUAGE_EN)) == 0)
		s->language = LANGUAGE_EN;
	s->variant = (size_t)rng_below(&draw, SCRIPT_VARIANTS);
	s->matter = (size_t)rng_below(&draw, SCRIPT_VARIANTS);
	s->confirm = (size_t)rng_below(&draw, COUNT_OF(confirms[0]));
	s->closing = (size_t)rng_below(&draw, COUNT_OF(closings[0]));
	s->chance = rng_next(&draw) >> 8;
}

bool script_is_brief(const struct network_call *call, uint64_t talk_seed)
{
	struct script s;

	choose(call, talk_seed, &s);
	return s.ending->course != COURSE_WHOLE;
}

void script_write(const struct network_call *call, uint64_t talk_seed, struct arena *arena,
		  struct call_report *out)
{
	struct utterance *lines = arena_array(arena, LINES_MAX, sizeof(*lines));
	struct outcome_value *values = arena_array(arena, VALUES_MAX, sizeof(*values));
	struct script s;

	choose(call, talk_seed, &s);
	const struct script_variant *variant = &s.ending->variants[s.language][s.variant];
	enum script_course course = s.ending->course;

	out->utterance_count = 0;
	add_lines(&s, s.family->greeting[s.language], arena, lines, &out->utterance_count);
	if (course == COURSE_WHOLE || course == COURSE_EARLY)
		add_lines(&s, confirms[s.language][s.confirm], arena, lines, &out->utterance_count);
	if (course == COURSE_WHOLE)
		add_lines(&s, s.family->matter[s.language][s.matter], arena, lines,
			  &out->utterance_count);
	add_lines(&s, variant->lines, arena, lines, &out->utterance_count);
	if (course == COURSE_WHOLE || course == COURSE_EARLY)
		add_lines(&s, closings[s.language][s.closing], arena, lines, &out->utterance_count);
	out->utterances = lines;

	out->value_count = 0;
	add_value(arena, "disposition", s.ending->disposition, values, &out->value_count);
	if (!s.family->bare)
		add_values(&s, variant->values, arena, values, &out->value_count);
	out->values = values;
}
