/*
 * What the pages have in common: a frame with marks that are filled in, one style sheet, a script
 * in parts, a policy that allows exactly these, and data that cannot get out of its block. And the
 * part of html.c that is a story of its own: what the page knows before the first row.
 */
#ifndef NIDA_REPORT_HTML_P_H
#define NIDA_REPORT_HTML_P_H

#include "base/buf.h"
#include "report/html.h"
#include "report/writer.h"

#include <stddef.h>

struct asset {
	const unsigned char *bytes;
	size_t size;
};

struct html_frame {
	const char *text;           /* with its marks: policy, title, style, run, script, rows */
	const struct asset *script; /* in the order in which its parts need each other */
	size_t script_count;
	const char *title; /* plain text */
	struct buf *facts; /* JSON: what the script knows to begin with; emptied */
};

/* Write the frame up to the place of the rows; what comes behind it is returned. */
const char *html_write_frame(struct writer *w, const struct html_frame *frame);

/* The text put together so far, as data inside a <script>: without any '<'. Empties it. */
void html_write_data(struct writer *w, struct buf *text);

/* Append 'sha256-…' (with its quotes) of these assets joined. */
void html_add_hash(struct buf *out, const struct asset *assets, size_t count);

/* Append the JSON of the run: names, totals, words for states. */
void html_add_run(struct buf *out, const struct sheet *s, const struct html_facts *facts);

#endif
