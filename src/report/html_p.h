/*
 * Parts of html.c that are stories of their own: the policy of the page, and the block with what
 * the page knows before the first row.
 */
#ifndef NIDA_REPORT_HTML_P_H
#define NIDA_REPORT_HTML_P_H

#include "base/buf.h"
#include "report/html.h"

struct asset {
	const unsigned char *bytes;
	size_t size;
};

/* Append 'sha256-…' (with its quotes) of these assets joined. */
void html_add_hash(struct buf *out, const struct asset *assets, size_t count);

/* Append the JSON of the run: names, totals, words for states. */
void html_add_run(struct buf *out, const struct sheet *s, const struct html_facts *facts);

#endif
