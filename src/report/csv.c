#include "report/csv.h"

#include "base/text.h"
#include "model/value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CELL_MAX         ((size_t)16 << 20)
#define ROW_MAX          ((size_t)64 << 20)
#define TRANSCRIPT_MAX   32000 /* characters; Excel holds 32,767 in a cell */
#define PHONE_DIGITS_MIN 7
#define PHONE_DIGITS_MAX 15

static const char *const own_columns[] = {
	"state",        "reason", "outcome",   "attempts", "first_call", "last_call",
	"talk_seconds", "cost",   "cost_from", "job_id",   "recording",
};
static const char *const last_columns[] = {"transcript", "phone_e164", "language"};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool begins_formula(uint32_t c)
{
	return c == '=' || c == '+' || c == '-' || c == '@' || c == 0xff1d || c == 0xff0b ||
	       c == 0xff0d || c == 0xff20;
}

/* "-12.500", "+3": a sign, digits, at most one point. */
static bool is_signed_number(const char *text)
{
	const char *p = text;
	int points = 0;

	if (*p != '-' && *p != '+')
		return false;
	if (!is_digit(*++p))
		return false;
	for (; *p; p++) {
		points += *p == '.';
		if ((!is_digit(*p) && *p != '.') || points > 1)
			return false;
	}
	return is_digit(p[-1]);
}

/* "+96890014127", "+968 9001 4127": nothing to run. */
static bool is_phone(const char *text)
{
	int digits = 0;

	if (text[0] != '+' || !is_digit(text[1]))
		return false;
	for (const char *p = text + 1; *p; p++) {
		if (!is_digit(*p) && *p != ' ')
			return false;
		digits += is_digit(*p);
	}
	return digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX;
}

/* Digits of the country code at the front (ITU-T E.164, list of assigned codes). */
static int country_code_length(const char *digits)
{
	static const char two[][3] = {"20", "27", "30", "31", "32", "33", "34", "36", "39",
				      "40", "41", "43", "44", "45", "46", "47", "48", "49",
				      "51", "52", "53", "54", "55", "56", "57", "58", "60",
				      "61", "62", "63", "64", "65", "66", "81", "82", "84",
				      "86", "90", "91", "92", "93", "94", "95", "98"};

	if (digits[0] == '1' || digits[0] == '7')
		return 1;
	for (size_t i = 0; i < COUNT_OF(two); i++) {
		if (memcmp(digits, two[i], 2) == 0)
			return 2;
	}
	return 3;
}

void csv_add_phone(struct buf *out, const char *text)
{
	if (!is_phone(text) || strchr(text, ' ')) {
		buf_adds(out, text);
		return;
	}
	int code = country_code_length(text + 1);
	int left = (int)strlen(text) - 1 - code;
	const char *p = text + 1 + code;

	buf_add(out, text, (size_t)code + 1);
	while (left > 0) {
		/* 9001 4127, 501 234 567, 202 555 0143 */
		int take = left <= 4 ? left : left == 8 ? 4 : 3;
		buf_addc(out, ' ');
		buf_add(out, p, (size_t)take);
		p += take;
		left -= take;
	}
}

/* Text between quotes; what a spreadsheet would run gets an apostrophe in front. */
static void add_neutral(struct buf *out, const char *text)
{
	bool at_start = true;    /* only blanks since the start of what may become a cell */
	const char *done = text; /* what is before it has been added */

	if (*text == '\t' || *text == '\r') {
		buf_addc(out, '\'');
		at_start = false;
	}
	for (const char *p = text; *p;) {
		const char *start = p;
		uint32_t c = utf8_next(&p);
		bool formula = at_start && begins_formula(c);

		if (formula || c == '"') {
			buf_add(out, done, (size_t)(start - done));
			buf_addc(out, formula ? '\'' : '"');
			done = start;
		}
		if (c == ';' || c == '\n' || c == '\r' || c == '\t')
			at_start = true;
		else if (formula || c == UTF8_INVALID || !text_is_blank(c))
			at_start = false;
	}
	buf_adds(out, done);
}

void csv_add_cell(struct buf *out, const char *text)
{
	buf_addc(out, '"');
	if (is_phone(text))
		csv_add_phone(out, text);
	else if (is_signed_number(text))
		buf_adds(out, text);
	else
		add_neutral(out, text);
	buf_addc(out, '"');
}

void csv_line_begin(struct buf *line)
{
	buf_init(line, ROW_MAX);
}

void csv_line_end(struct buf *line, struct writer *w)
{
	buf_adds(line, "\r\n");
	writer_add(w, line->data, line->length);
	buf_free(line);
}

void csv_add_next(struct buf *out, const char *text)
{
	if (out->length > 0)
		buf_addc(out, ',');
	csv_add_cell(out, text);
}

void csv_add_number(struct buf *out, int64_t number)
{
	char text[DECIMAL_SIZE];

	snprintf(text, sizeof(text), "%" PRId64, number);
	csv_add_next(out, text);
}

static bool is_list_column(const struct sheet *s, const char *name)
{
	for (size_t i = 0; i < s->column_count; i++) {
		if (strcmp(s->columns[i], name) == 0)
			return true;
	}
	return false;
}

static bool is_own_column(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(own_columns); i++)
		if (strcmp(own_columns[i], name) == 0)
			return true;
	for (size_t i = 0; i < COUNT_OF(last_columns); i++)
		if (strcmp(last_columns[i], name) == 0)
			return true;
	return false;
}

void csv_add_own_column(struct buf *out, const struct sheet *s, const char *name)
{
	struct arena arena = {0};

	while (is_list_column(s, name))
		name = arena_printf(&arena, "nida_%s", name);
	csv_add_next(out, name);
	arena_free(&arena);
}

/* A field of the scenario gives way to the list's columns and to nida's. */
static void add_field_column(struct buf *out, const struct sheet *s, const char *name)
{
	struct arena arena = {0};

	while (is_list_column(s, name) || is_own_column(name))
		name = arena_printf(&arena, "outcome_%s", name);
	csv_add_next(out, name);
	arena_free(&arena);
}

void csv_begin(struct writer *w, const struct sheet *s)
{
	struct buf line;

	csv_line_begin(&line);
	for (size_t i = 0; i < s->column_count; i++)
		csv_add_next(&line, s->columns[i]);
	for (size_t i = 0; i < COUNT_OF(own_columns); i++)
		csv_add_own_column(&line, s, own_columns[i]);
	for (size_t i = 0; i < s->field_count; i++)
		add_field_column(&line, s, s->fields[i].name);
	for (size_t i = 0; i < COUNT_OF(last_columns); i++)
		csv_add_own_column(&line, s, last_columns[i]);
	writer_adds(w, CSV_BOM);
	csv_line_end(&line, w);
}

static void add_reason(struct buf *out, const struct record *r)
{
	const char *detail = r->row->contact.detail;
	struct buf text;

	buf_init(&text, CELL_MAX);
	buf_adds(&text, record_reason(r, LANGUAGE_EN));
	if (*detail)
		buf_addf(&text, " %s", detail);
	csv_add_next(out, text.data);
	buf_free(&text);
}

static void add_moment(struct buf *out, const struct sheet *s, int64_t wall_ms)
{
	char text[MOMENT_SIZE];

	csv_add_next(out, wall_ms ? moment_iso(s->zone, wall_ms, text) : "");
}

/* Cut behind the last character that fits. */
static void cut_transcript(struct buf *text, const char *note)
{
	size_t count = 0;

	for (const char *p = text->data; *p; count++) {
		if (count == TRANSCRIPT_MAX) {
			text->length = (size_t)(p - text->data);
			text->data[text->length] = '\0';
			buf_adds(text, note);
			return;
		}
		(void)utf8_next(&p);
	}
}

static void add_transcript(struct buf *out, const struct record *r)
{
	static const char *const speakers[LANGUAGE_COUNT][2] = {
		[LANGUAGE_AR] = {"المساعد", "العميل"},
		[LANGUAGE_EN] = {"Agent", "Customer"},
	};
	static const char *const notes[LANGUAGE_COUNT] = {
		[LANGUAGE_AR] = "\n… (البقية في results.jsonl)",
		[LANGUAGE_EN] = "\n… (the rest is in results.jsonl)",
	};
	struct buf text;

	buf_init(&text, CELL_MAX);
	for (size_t i = 0; r->spoken && i < r->spoken->utterance_count; i++) {
		const struct utterance *u = &r->spoken->utterances[i];
		buf_addf(&text, "%s%s: ", i > 0 ? "\n" : "",
			 speakers[r->language][u->speaker == SPEAKER_CUSTOMER]);
		buf_adds(&text, u->text);
	}
	cut_transcript(&text, notes[r->language]);
	csv_add_next(out, text.data);
	buf_free(&text);
}

static void add_calls(struct buf *out, const struct sheet *s, const struct record *r)
{
	const struct contact *c = &r->row->contact;
	char cost[DECIMAL_SIZE];

	csv_add_next(out, contact_state_name(c->state));
	add_reason(out, r);
	csv_add_next(out, c->outcome == OUTCOME_NONE ? "" : outcome_name(c->outcome));
	csv_add_number(out, c->attempts);
	add_moment(out, s, r->first_ms);
	add_moment(out, s, r->last_ms);
	if (r->talk_ms >= 0)
		csv_add_number(out, (r->talk_ms + SECOND_MS / 2) / SECOND_MS);
	else
		csv_add_next(out, "");
	csv_add_next(out, r->has_cost ? record_cost_text(r->cost, cost) : "");
	csv_add_next(out, !r->has_cost ? "" : r->estimated.micro > 0 ? "estimated" : "provider");
	csv_add_next(out, r->job_id);
	csv_add_next(out, r->recording);
}

void csv_row(struct writer *w, const struct sheet *s, const struct record *r)
{
	struct buf line;

	csv_line_begin(&line);
	for (size_t i = 0; i < s->column_count; i++)
		csv_add_next(&line, i < r->cell_count ? r->cells[i] : "");
	add_calls(&line, s, r);
	for (size_t i = 0; i < s->field_count; i++)
		csv_add_next(&line, record_value(r, s->fields[i].name));
	add_transcript(&line, r);
	csv_add_next(&line, r->row->contact.phone);
	csv_add_next(&line, r->row->contact.language);
	csv_line_end(&line, w);
}
