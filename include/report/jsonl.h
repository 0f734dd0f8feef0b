/*
 * results.jsonl: one JSON object per row of the list, for machines. Nothing is altered, shortened
 * or translated; moments are UTC, talk is in ms, a cost is a number in the provider's unit.
 *
 *     {"row":1,"line":2,"key":"…","phone":"+968…","language":"ar","columns":{"name":"…"},
 *      "state":"done","reason":null,"reason_text":"…","detail":"","outcome":"completed",
 *      "attempts":[{"number":1,"state":"closed","outcome":"completed","job_id":"…",
 *        "intent":"…Z","started":"…Z","ended":"…Z","talk_ms":61000,"cost":0.05,"recording":"…",
 *        "recording_file":"recordings/…","words":"","transcript":[{"speaker":"agent","text":"…"}],"values":{"disposition":"…"}}]}
 *
 * What is not known is null. A recording that was downloaded lies beside the report. Cells beyond
 * the header's columns are in "extra", an array. Where two columns have one name, the second is
 * "name_2", so that no value is lost.
 */
#ifndef NIDA_REPORT_JSONL_H
#define NIDA_REPORT_JSONL_H

#include "report/record.h"
#include "report/writer.h"

#include <stdbool.h>

/* False when one row is larger than 64 MiB. */
bool jsonl_row(struct writer *w, const struct sheet *s, const struct record *r,
	       struct err *e) MUST_CHECK;

#endif
