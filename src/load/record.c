#include "record_p.h"

#include "file_p.h"
#include "list_encoding_p.h"

#include "base/buf.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <csv.h>

#define BLOCK_SIZE DECODER_BLOCK_MAX

struct reading {
	const struct record_source *source;
	record_visit *visit;
	void *data;
	struct err *e;
	bool failed; /* e says why */

	struct decoder decoder;
	struct csv_parser csv;
	bool is_utf8_proved; /* a letter outside ASCII was seen, and it was well-formed */
	bool is_suspect;     /* bytes that are no UTF-8 came since the record began */

	int64_t line;        /* the physical line that is being fed */
	bool after_cr;       /* the last byte was CR: an LF now belongs to the same line end */
	bool is_open;        /* a record has begun and has not ended */
	bool has_ended;      /* it has; set by libcsv's callback */
	int64_t cell_line;   /* where its present cell begins */
	size_t record_bytes; /* fed for it so far */

	struct record record;
	struct buf text; /* its cells, each with a NUL */
	size_t *offsets; /* of the cells in `text` */
	const char **cells;
	size_t cells_size;
};

static void fail(struct reading *r, int64_t line, const char *why)
{
	if (!r->failed)
		(void)err_set(r->e, ERR_INVALID, "%s '%s', line %" PRId64 ": %s", r->source->what,
			      r->source->file, line, why);
	r->failed = true;
}

const char *record_fault_text(enum record_fault fault)
{
	switch (fault) {
	case RECORD_HAS_NUL:
		return "holds a NUL byte; the file may be damaged.";
	case RECORD_NOT_TEXT:
		return "is not in the encoding of the file.";
	case RECORD_TOO_LONG:
		return "is longer than 64 KiB.";
	case RECORD_OK:
		break;
	}
	return "is in order.";
}

static void note_fault(struct reading *r, enum record_fault fault)
{
	if (r->record.fault != RECORD_OK)
		return;
	r->record.fault = fault;
	r->record.fault_cell = r->record.count;
}

/* A copy in which everything that is not UTF-8 has become U+FFFD. */
static void add_mended(struct buf *out, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t good = utf8_check(bytes, length);
		buf_add(out, bytes, good);
		if (good == length)
			break;
		buf_adds(out, "\xef\xbf\xbd");
		bytes += good + 1;
		length -= good + 1;
	}
}

static void note_utf8(struct reading *r, const char *bytes, size_t length)
{
	if (!r->is_utf8_proved)
		r->is_utf8_proved = utf8_ascii(bytes, length) < length;
}

/* Judge the bytes of a cell; what is wrong is noted for the record. True: they can be kept as
 * they are. */
static bool check_text(struct reading *r, const char *bytes, size_t length)
{
	size_t good = r->is_suspect ? utf8_check(bytes, length) : length;

	if (good == length) {
		note_utf8(r, bytes, length);
		return true;
	}
	if (bytes[good] == '\0')
		note_fault(r, RECORD_HAS_NUL);
	else if (r->decoder.is_certain || r->is_utf8_proved)
		note_fault(r, RECORD_NOT_TEXT);
	else
		fail(r, r->cell_line, r->source->advice);
	return false;
}

static void add_cell(struct reading *r, const char *bytes, size_t length)
{
	bool is_clean = check_text(r, bytes, length);

	if (length > RECORD_CELL_MAX) {
		note_fault(r, RECORD_TOO_LONG);
		length = RECORD_CELL_MAX;
		is_clean = false;
	}
	r->offsets[r->record.count] = r->text.length;
	if (is_clean) {
		buf_add(&r->text, bytes, length + 1); /* CSV_APPEND_NULL */
	} else {
		add_mended(&r->text, bytes, length);
		buf_add(&r->text, "", 1);
	}
	r->record.count++;
}

/* libcsv: a cell has ended. */
static void on_cell(void *cell, size_t length, void *data)
{
	struct reading *r = data;

	if (r->record.count == RECORD_CELLS_MAX)
		fail(r, r->record.line, "this record has more than 16384 cells.");
	if (r->failed)
		return;
	if (r->record.count == r->cells_size) {
		r->cells_size = r->cells_size ? 2 * r->cells_size : 32;
		r->offsets = xrealloc(r->offsets, r->cells_size * sizeof(*r->offsets));
		r->cells = xrealloc(r->cells, r->cells_size * sizeof(*r->cells));
	}
	add_cell(r, cell, length);
	r->cell_line = r->line;
}

/* libcsv: the record has ended. */
static void on_record(int end, void *data)
{
	struct reading *r = data;

	(void)end;
	r->has_ended = true;
}

static void deliver(struct reading *r)
{
	for (size_t i = 0; i < r->record.count; i++)
		r->cells[i] = r->text.data + r->offsets[i];
	r->record.cells = r->cells;
	r->record.bytes = r->text.length;
	if (!r->failed && !r->visit(r->data, &r->record, r->e))
		r->failed = true;
	r->record.count = 0;
	r->record.fault = RECORD_OK;
	r->is_open = false;
	r->has_ended = false;
	buf_reset(&r->text);
}

static bool is_blank(const struct reading *r, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] == r->record.delimiter || !memchr(" \t\r\n", text[i], 4))
			return false;
	return true;
}

/* libcsv stopped: a quote inside a bare cell, or text behind a closing quote. Both are what an
 * unclosed quote further up looks like when the next quote is met. */
static void fail_at_quote(struct reading *r)
{
	char why[256];

	if (r->cell_line == r->line) {
		fail(r, r->line,
		     "a quote (\") stands where none can: a cell that holds quotes must be "
		     "in quotes itself, with each quote in it written twice (\"\").");
		return;
	}
	snprintf(why, sizeof(why),
		 "a quote (\") opens a cell that is not closed on this line, and text "
		 "that does not belong there follows the next quote, on line %" PRId64 ".",
		 r->line);
	fail(r, r->cell_line, why);
}

/* Feed one line, or the part of it that is here. */
static bool feed_line(struct reading *r, const char *text, size_t length)
{
	if (!r->is_open && !is_blank(r, text, length)) {
		r->is_open = true;
		r->record.line = r->line;
		r->cell_line = r->line;
		r->record_bytes = 0;
		r->is_suspect = false;
	}
	/* What is right as a line is right in each of its cells: they are parted by ASCII. */
	r->is_suspect = r->is_suspect || utf8_check(text, length) < length;
	if (csv_parse(&r->csv, text, length, on_cell, on_record, r) != length)
		fail_at_quote(r);
	r->record_bytes += length;
	if (r->is_open && !r->has_ended && r->record_bytes > RECORD_MAX)
		fail(r, r->cell_line,
		     "the cell that begins here does not end within 8 MiB; a quote (\") "
		     "is not closed.");
	if (r->has_ended)
		deliver(r);
	return !r->failed;
}

/* Cut a block into physical lines. */
static bool feed(struct reading *r, const char *text, size_t length)
{
	const char *end = text + length;
	const char *lf = NULL; /* the next one at or after `text`; `end` when there is none */

	while (text < end) {
		if (!lf || lf < text)
			lf = memchr(text, '\n', (size_t)(end - text));
		if (!lf)
			lf = end;

		/* The LF of a CR LF that was cut by the end of the last block. */
		bool is_second_half = r->after_cr && lf == text;
		r->after_cr = false;
		const char *cr = memchr(text, '\r', (size_t)(lf - text));
		const char *stop = cr && cr + 1 != lf ? cr + 1 : lf == end ? end : lf + 1;
		bool ends_line = stop[-1] == '\n' || stop[-1] == '\r';
		r->after_cr = stop == end && stop[-1] == '\r';
		if (!feed_line(r, text, (size_t)(stop - text)))
			return false;
		r->line += ends_line && !is_second_half;
		text = stop;
	}
	return true;
}

/* Comma, semicolon or tab: whichever stands most often outside quotes on the first line.
 * Excel's own "sep=;" line decides too; its length is returned, to be passed over. */
static size_t sniff_delimiter(const char *text, size_t length, char *delimiter)
{
	static const char candidates[] = {',', ';', '\t'};
	size_t counts[COUNT_OF(candidates)] = {0};
	bool is_quoted = false;
	size_t start = 0;
	size_t best = 0;

	if (length >= 6 && memcmp(text, "sep=", 4) == 0 && strchr("\r\n", text[5])) {
		*delimiter = text[4];
		return memchr(candidates, text[4], sizeof(candidates)) ? 5 : 0;
	}
	while (start < length && (text[start] == '\r' || text[start] == '\n'))
		start++;
	for (size_t i = start; i < length; i++) {
		if (!is_quoted && (text[i] == '\n' || text[i] == '\r'))
			break;
		is_quoted ^= text[i] == '"';
		for (size_t c = 0; c < COUNT_OF(candidates); c++)
			counts[c] += !is_quoted && text[i] == candidates[c];
	}
	for (size_t c = 1; c < COUNT_OF(candidates); c++)
		if (counts[c] > counts[best])
			best = c;
	*delimiter = candidates[best];
	return 0;
}

/* The first block decides on encoding and delimiter. */
static bool begin(struct reading *r, const char *head, size_t length)
{
	const char *why;

	if (!decoder_begin(&r->decoder, r->source->encoding, head, length, &why)) {
		r->failed = true;
		return err_set(r->e, ERR_INVALID, "%s '%s' %s", r->source->what, r->source->file,
			       why);
	}
	r->record.encoding = r->decoder.encoding;
	return true;
}

static bool take_block(struct reading *r, const char *bytes, size_t length, bool is_first)
{
	const char *text;
	size_t text_length;

	if (is_first) {
		if (!begin(r, bytes, length))
			return false;
		bytes += r->decoder.mark;
		length -= r->decoder.mark;
	}
	decoder_feed(&r->decoder, bytes, length, &text, &text_length);
	if (is_first) {
		size_t skip = sniff_delimiter(text, text_length, &r->record.delimiter);
		csv_set_delim(&r->csv, (unsigned char)r->record.delimiter);
		text += skip;
		text_length -= skip;
	}
	return feed(r, text, text_length);
}

static void finish(struct reading *r)
{
	if (!r->failed && csv_fini(&r->csv, on_cell, on_record, r) != 0)
		fail(r, r->cell_line, "a quote (\") opens a cell here and is never closed.");
	if (!r->failed && r->has_ended)
		deliver(r);
	if (!decoder_end(&r->decoder))
		fail(r, r->line,
		     "the file ends in the middle of a character; it has been cut off.");
	csv_free(&r->csv);
	buf_free(&r->text);
	free(r->offsets);
	free(r->cells);
}

static void read_blocks(struct reading *r, int fd, struct sha256 *sha)
{
	const struct record_source *source = r->source;
	char *block = xmalloc(BLOCK_SIZE);
	bool is_first = true;
	size_t got;

	do {
		if (!file_read_block(fd, source->file, source->what, block, BLOCK_SIZE, &got,
				     r->e)) {
			r->failed = true;
			break;
		}
		sha256_add(sha, block, got);
		if (!take_block(r, block, got, is_first))
			break;
		is_first = false;
	} while (got == BLOCK_SIZE);
	free(block);
}

bool record_read(const struct record_source *source, record_visit *visit, void *data,
		 char sha256[SHA256_HEX_SIZE], struct err *e)
{
	struct reading r = {.source = source, .visit = visit, .data = data, .e = e, .line = 1};
	int fd;

	/* Nothing to close as long as no block has been looked at. */
	r.decoder.iconv = (iconv_t)-1;
	if (!file_open(source->file, source->what, &fd, e))
		return false;
	if (csv_init(&r.csv, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
		BUG("libcsv cannot start");
	csv_set_realloc_func(&r.csv, xrealloc);
	csv_set_blk_size(&r.csv, 4096);
	/* Every byte that is no text may become three. */
	buf_init(&r.text, (size_t)4 * RECORD_MAX);
	struct sha256 *sha = sha256_new();
	read_blocks(&r, fd, sha);
	sha256_finish(sha, sha256);
	finish(&r);
	close(fd);
	return !r.failed;
}
