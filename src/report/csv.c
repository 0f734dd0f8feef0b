#include "report/csv.h"

#include "base/text.h"
#include "model/value.h"

#include <string.h>

#define CELL_MAX         ((size_t)16 << 20)
#define ROW_MAX          ((size_t)64 << 20)
#define TRANSCRIPT_MAX   32000 /* as Excel counts, which holds 32,767 in a cell */
#define PHONE_DIGITS_MIN 7
#define PHONE_DIGITS_MAX 15
#define SHEET_DIGITS     15     /* a spreadsheet keeps no more of a number */
#define MASK_SIGN        0x2022 /* the bullet of text_mask_phone() */
#define DIGITS           "0123456789"

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

/* What a spreadsheet takes for a number. */
struct numeral {
	size_t decimals;
	bool loses; /* a spreadsheet would not keep all that stands there */
};

/* "-1,234.500", "0012", "12E4": a sign, digits, perhaps in threes, at most one point, an exponent.
 */
static bool is_number(const char *text, struct numeral *out)
{
	const char *p = text + (*text == '-' || *text == '+');
	size_t whole = strspn(p, DIGITS);
	bool padded = whole > 1 && *p == '0';
	size_t count = *p == '0' ? 0 : whole;
	bool exponent = false;

	*out = (struct numeral){0};
	if (whole == 0)
		return false;
	for (p += whole; *p == ','; p += 1 + 3, count += 3)
		if (whole > 3 || strspn(p + 1, DIGITS) != 3)
			return false;
	if (*p == '.') {
		out->decimals = strspn(p + 1, DIGITS);
		count += out->decimals;
		p += 1 + out->decimals;
	}
	if ((*p == 'e' || *p == 'E') && is_digit(p[-1])) {
		exponent = true;
		p += p[1] == '-' || p[1] == '+' ? 2 : 1;
		p += strspn(p, DIGITS);
	}
	out->loses = padded || exponent || count > SHEET_DIGITS;
	return *p == '\0' && is_digit(p[-1]);
}

/* Signs that stand between the digits of a phone, as list.phone takes them (model/phone.c). */
static bool separates_digits(uint32_t c)
{
	return c == '-' || c == '.' || c == '(' || c == ')' || c == '[' || c == ']' || c == '/' ||
	       (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

static bool is_phone_digit(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 0x660 && c <= 0x669) || (c >= 0x6f0 && c <= 0x6f9) ||
	       c == MASK_SIGN;
}

/* "+96890014127", "+968 9001-4127", "+96890••••27": nothing to run. */
static bool is_phone(const char *text)
{
	const char *p = text + 1;
	int digits = 0;
	uint32_t c;

	if (text[0] != '+')
		return false;
	while ((c = utf8_next(&p)) != 0) {
		if (is_phone_digit(c))
			digits++;
		else if (c != ' ' && c != 0xa0 && !separates_digits(c))
			return false;
	}
	return digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX;
}

/* Digits of the country code at the front (ITU-T E.164, list of assigned codes). */
static size_t country_code_length(const char *digits)
{
	static const bool two[100] = {
		[20] = true, [27] = true, [30] = true, [31] = true, [32] = true, [33] = true,
		[34] = true, [36] = true, [39] = true, [40] = true, [41] = true, [43] = true,
		[44] = true, [45] = true, [46] = true, [47] = true, [48] = true, [49] = true,
		[51] = true, [52] = true, [53] = true, [54] = true, [55] = true, [56] = true,
		[57] = true, [58] = true, [60] = true, [61] = true, [62] = true, [63] = true,
		[64] = true, [65] = true, [66] = true, [81] = true, [82] = true, [84] = true,
		[86] = true, [90] = true, [91] = true, [92] = true, [93] = true, [94] = true,
		[95] = true, [98] = true,
	};

	if (digits[0] == '1' || digits[0] == '7')
		return 1;
	return two[(digits[0] - '0') * 10 + (digits[1] - '0')] ? 2 : 3;
}

/* Blanks in the place of other signs: +968-9001-4127 is a subtraction to Excel, +968 9001 4127 is
 * not. */
static void add_separated_phone(struct buf *out, const char *text)
{
	bool apart = false; /* signs were passed that are not yet replaced */

	buf_addc(out, '+');
	for (const char *p = text + 1; *p;) {
		const char *here = p;
		uint32_t c = utf8_next(&p);
		if (separates_digits(c)) {
			apart = out->data[out->length - 1] != '+';
			continue;
		}
		if (apart && c != ' ' && out->data[out->length - 1] != ' ')
			buf_addc(out, ' ');
		apart = false;
		buf_add(out, here, (size_t)(p - here));
	}
}

/* +96890014127 as +968 9001 4127. One that is parted already stays so. */
static void add_phone(struct buf *out, const char *text)
{
	size_t length = strlen(text);

	if (strspn(text + 1, DIGITS) != length - 1) {
		add_separated_phone(out, text);
		return;
	}
	size_t done = 1 + country_code_length(text + 1);

	buf_add(out, text, done);
	while (done < length) {
		/* 9001 4127, 501 234 567, 202 555 0143 */
		size_t left = length - done;
		size_t take = left <= 4 ? left : left == 8 ? 4 : 3;
		buf_addc(out, ' ');
		buf_add(out, text + done, take);
		done += take;
	}
}

/* From the start of what may become a cell past blanks, further starts and the character behind
 * them; false when that one needs another in front: then *p is there. */
static bool skip_start(const char **p)
{
	for (;;) {
		const char *here = *p;
		uint32_t c = utf8_next(p);

		if (c == '"' || begins_formula(c)) {
			*p = here;
			return false;
		}
		if (c != ';' && !text_is_blank(c))
			return true;
	}
}

/* The first character from p on that needs another one in front, or the end of the text. */
static const char *next_mark(const char *p, bool at_start)
{
	for (;;) {
		if (at_start && !skip_start(&p))
			return p;
		p += strcspn(p, "\";\n\r\t");
		if (*p == '\0' || *p == '"')
			return p;
		at_start = true;
	}
}

/* Text between quotes; what a spreadsheet would run gets an apostrophe in front. */
static void add_neutral(struct buf *out, const char *text)
{
	const char *done = text; /* what is before it has been added */
	const char *mark = next_mark(text, true);

	if (*text == '\t' || *text == '\r')
		buf_addc(out, '\'');
	while (*mark) {
		buf_add(out, done, (size_t)(mark - done));
		buf_addc(out, *mark == '"' ? '"' : '\'');
		done = mark;
		mark = next_mark(mark + 1, false);
	}
	buf_add(out, done, (size_t)(mark - done));
}

static void add_number_text(struct buf *out, const char *text, bool loses)
{
	if (loses)
		buf_addc(out, '\'');
	buf_adds(out, text);
}

void csv_add_cell(struct buf *out, const char *text)
{
	struct numeral numeral;
	bool number = is_number(text, &numeral);

	buf_addc(out, '"');
	/* +1234567.500 is an amount. */
	if (is_phone(text) && !(number && numeral.decimals > 0 && numeral.decimals <= 3))
		add_phone(out, text);
	else if (number)
		add_number_text(out, text, numeral.loses);
	else
		add_neutral(out, text);
	buf_addc(out, '"');
}

void csv_line_begin(struct buf *line)
{
	buf_init(line, ROW_MAX);
}

static void write_line(struct buf *line, struct writer *w)
{
	buf_add(line, "\r\n", 2);
	writer_add(w, line->data, line->length);
}

void csv_line_end(struct buf *line, struct writer *w)
{
	write_line(line, w);
	buf_free(line);
}

void csv_add_next(struct buf *out, const char *text)
{
	if (out->length > 0)
		buf_addc(out, ',');
	csv_add_cell(out, text);
}

/* A sign and digits: nothing that needs care. */
void csv_add_number(struct buf *out, int64_t number)
{
	if (out->length > 0)
		buf_addc(out, ',');
	buf_addc(out, '"');
	buf_add_number(out, number);
	buf_addc(out, '"');
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

static void add_header(struct buf *line, const struct sheet *s)
{
	for (size_t i = 0; i < s->column_count; i++)
		csv_add_next(line, s->columns[i]);
	for (size_t i = 0; i < COUNT_OF(own_columns); i++)
		csv_add_own_column(line, s, own_columns[i]);
	for (size_t i = 0; i < s->field_count; i++)
		add_field_column(line, s, s->fields[i].name);
	for (size_t i = 0; i < COUNT_OF(last_columns); i++)
		csv_add_own_column(line, s, last_columns[i]);
}

void csv_begin(struct csv *csv, struct writer *out, const struct sheet *s)
{
	*csv = (struct csv){.out = out, .sheet = s};
	buf_init(&csv->cell, CELL_MAX);
	csv_line_begin(&csv->line);
	add_header(&csv->line, s);
	writer_adds(out, CSV_BOM);
	write_line(&csv->line, out);
}

void csv_add_extra(struct buf *text, const struct sheet *s, const struct record *r)
{
	const char *before = " Beyond the header's columns: ";

	for (size_t i = s->column_count; i < r->cell_count; i++) {
		buf_adds(text, before);
		buf_adds(text, r->cells[i]);
		before = " | ";
	}
}

static void add_reason(struct csv *csv, const struct record *r)
{
	const char *detail = r->row->contact.detail;

	buf_reset(&csv->cell);
	buf_adds(&csv->cell, record_reason(r, LANGUAGE_EN));
	if (*detail) {
		buf_addc(&csv->cell, ' ');
		buf_adds(&csv->cell, detail);
	}
	csv_add_extra(&csv->cell, csv->sheet, r);
	csv_add_next(&csv->line, csv->cell.data);
}

static void add_moment(struct csv *csv, int64_t wall_ms)
{
	char text[MOMENT_SIZE];

	csv_add_next(&csv->line, wall_ms ? moment_iso(csv->sheet->zone, wall_ms, text) : "");
}

/* Cut behind the last character that fits. Excel counts units of UTF-16: an emoji is two. */
static void cut_transcript(struct buf *text, const char *note)
{
	const char *p = text->data;

	/* No character is shorter than a byte. */
	if (text->length <= TRANSCRIPT_MAX)
		return;
	for (size_t count = 0; *p;) {
		const char *next = p;
		count += utf8_next(&next) > 0xffff ? 2 : 1;
		if (count > TRANSCRIPT_MAX)
			break;
		p = next;
	}
	if (*p == '\0')
		return;
	text->length = (size_t)(p - text->data);
	buf_adds(text, note);
}

static void add_transcript(struct csv *csv, const struct record *r)
{
	static const char *const speakers[LANGUAGE_COUNT][2] = {
		[LANGUAGE_AR] = {"المساعد: ", "العميل: "},
		[LANGUAGE_EN] = {"Agent: ", "Customer: "},
	};
	static const char *const notes[LANGUAGE_COUNT] = {
		[LANGUAGE_AR] = "\n… (البقية في results.jsonl)",
		[LANGUAGE_EN] = "\n… (the rest is in results.jsonl)",
	};
	struct buf *text = &csv->cell;

	buf_reset(text);
	for (size_t i = 0; r->spoken && i < r->spoken->utterance_count; i++) {
		const struct utterance *u = &r->spoken->utterances[i];
		if (i > 0)
			buf_addc(text, '\n');
		buf_adds(text, speakers[r->language][u->speaker == SPEAKER_CUSTOMER]);
		buf_adds(text, u->text);
	}
	cut_transcript(text, notes[r->language]);
	csv_add_next(&csv->line, text->data);
}

static void add_calls(struct csv *csv, const struct record *r)
{
	const struct contact *c = &r->row->contact;
	struct buf *line = &csv->line;
	char cost[DECIMAL_SIZE];

	csv_add_next(line, contact_state_name(c->state));
	add_reason(csv, r);
	csv_add_next(line, c->outcome == OUTCOME_NONE ? "" : outcome_name(c->outcome));
	csv_add_number(line, c->attempts);
	add_moment(csv, r->first_ms);
	add_moment(csv, r->last_ms);
	if (r->talk_ms >= 0)
		csv_add_number(line, (r->talk_ms + SECOND_MS / 2) / SECOND_MS);
	else
		csv_add_next(line, "");
	csv_add_next(line, r->has_cost ? record_cost_text(r->cost, cost) : "");
	csv_add_next(line, !r->has_cost ? "" : r->estimated.micro > 0 ? "estimated" : "provider");
	csv_add_next(line, r->job_id);
	csv_add_next(line, r->recording);
}

void csv_row(struct csv *csv, const struct record *r)
{
	const struct sheet *s = csv->sheet;
	struct buf *line = &csv->line;

	buf_reset(line);
	for (size_t i = 0; i < s->column_count; i++)
		csv_add_next(line, i < r->cell_count ? r->cells[i] : "");
	add_calls(csv, r);
	for (size_t i = 0; i < s->field_count; i++)
		csv_add_next(line, record_value(r, s->fields[i].name));
	add_transcript(csv, r);
	csv_add_next(line, r->row->contact.phone);
	csv_add_next(line, r->row->contact.language);
	write_line(line, csv->out);
}

void csv_close(struct csv *csv)
{
	buf_free(&csv->line);
	buf_free(&csv->cell);
	*csv = (struct csv){0};
}
