/*
 * From UTF-8 to the encoding of a list.
 */
#ifndef NIDA_REPORT_ENCODER_P_H
#define NIDA_REPORT_ENCODER_P_H

#include "model/campaign.h"
#include "report/writer.h"

#include <stddef.h>

struct encoder;

/* NULL for UTF-8, which needs none. */
struct encoder *encoder_new(enum list_encoding encoding);
void encoder_free(struct encoder *encoder);

/* What the file begins with: the mark of UTF-8 or UTF-16. */
void encoder_begin(struct encoder *encoder, struct writer *out);

/* Whole characters only. One that the encoding does not have becomes '?'. */
void encoder_add(struct encoder *encoder, struct writer *out, const char *text, size_t length);

#endif
