/*
 * report.html: one file that opens from disk, in any browser of today, and asks nobody for
 * anything.
 *
 * Where the rows come from is the caller's affair: html_begin(), html_row() for each, html_end().
 *
 * The page is streamed. In this order it holds
 *   1. the frame, the style and a JSON block with the totals: enough for the first picture;
 *   2. the script, which draws them at once and then takes in what follows while it arrives;
 *   3. the rows, in JSON blocks of HTML_CHUNK_ROWS compact arrays (fields by position, see
 *      add_row() in html.c, read in data.js);
 *   4. the transcripts, in blocks of the same rows, which are parsed only when a row is opened or
 *      transcripts are searched. While the rows pass they go to a spool, since they come last.
 * So a list of 100,000 rows shows its totals at once, its table after a second or two, and is never
 * in memory here; it stays one file because people send reports to each other. The blocks are plain
 * text: each can be read as soon as it has arrived, and with any tool; where size matters, the file
 * as a whole packs well.
 *
 * Safety. A Content-Security-Policy allows exactly this style and this script, by their SHA-256,
 * and no connection at all; only recordings may be played from elsewhere. All values travel as JSON
 * in blocks that are never executed, with every '<' as \u003c: `</script>` cannot end a block, and
 * neither can `<!--<script>`, which would swallow its end. The script makes text nodes of them,
 * never markup.
 */
#ifndef NIDA_REPORT_HTML_H
#define NIDA_REPORT_HTML_H

#include "base/buf.h"
#include "report/record.h"
#include "report/writer.h"

#include <stdbool.h>
#include <stdint.h>

#define HTML_CHUNK_ROWS 500

struct html {
	struct writer *out;
	struct writer talk; /* the spool of transcripts */
	const struct sheet *sheet;
	struct buf text;  /* what is being put together */
	const char *rest; /* the part of the frame that is not yet written */
	int64_t rows;
};

struct html_facts {
	const struct tally *tally;
	int64_t now_ms;
	bool live;
	int64_t every_ms; /* of a live one */
	bool masked;
};

/* The writer and the sheet are borrowed until html_close(). */
bool html_begin(struct html *h, struct writer *out, const struct sheet *sheet,
		const struct html_facts *facts, struct err *e) MUST_CHECK;

/* False when one row is larger than 64 MiB. */
bool html_row(struct html *h, const struct record *r, struct err *e) MUST_CHECK;

/* `agrees`: the totals and the rows that passed tell the same story. */
bool html_end(struct html *h, bool agrees, struct err *e) MUST_CHECK;

/* Harmless on a zeroed struct. */
void html_close(struct html *h);

#endif
