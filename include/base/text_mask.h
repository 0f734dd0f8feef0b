/*
 * Text that is shown or logged without anybody's whole number.
 *
 * Telephone numbers are masked so that who knows the list still knows whom a line is about; in
 * words of somebody else's every number that may be one is. Masking is for people's eyes: nothing
 * is found or compared by what is left.
 */
#ifndef NIDA_BASE_TEXT_MASK_H
#define NIDA_BASE_TEXT_MASK_H

#include "base/mem.h"

/* "+968 91•• ••34": enough for a person who knows the list, useless for one who does not. Any text
 * of 6 characters or fewer is masked whole. The result lies in `out`. */
#define TEXT_MASK_SIZE 48
const char *text_mask_phone(const char *phone, char out[TEXT_MASK_SIZE]);

/* A copy in the arena in which every telephone number is masked but for its last two digits: words
 * of somebody else's that are to be logged. A number is 7 digits or more, Arabic-Indic ones too,
 * with blanks, hyphens, dots or brackets between them. What is none stays: UUIDs and other
 * hexadecimal ids of 16 characters or more, dates (2026-12-01, 01/12/2026), amounts (123456.500;
 * 1,234,567). */
char *text_mask_numbers(struct arena *a, const char *text);

#endif
