/*
 * The two forms of a comparison.
 */
#ifndef NIDA_REPORT_COMPARE_P_H
#define NIDA_REPORT_COMPARE_P_H

#include "report/compare.h"
#include "report/writer.h"

#define COMPARE_DATE_SIZE 16

/* "2026-11-22" */
const char *compare_date(int64_t day, char out[COMPARE_DATE_SIZE]);

void compare_write_csv(struct writer *w, const struct compare *c);
void compare_write_html(struct writer *w, const struct compare *c);

#endif
