/*
 * Telephone numbers as people write them → E.164, or a plain reason why not.
 *
 * Nothing is guessed: what was damaged (by Excel, usually) is named as damaged. The only numbers
 * completed are those that say themselves how: `+`, `00`, 11 or 12 digits that begin with a Gulf
 * country code, or national numbers when the campaign names the country they belong to, written as
 * they are dialled there (with the 0 of 050… and 04… in the Emirates and Saudi Arabia).
 *
 * Accepted around and between the digits: blanks of every kind (text_is_blank), hyphens and dashes,
 * dots, brackets, slashes, one leading apostrophe (Excel's text mark); Arabic-Indic and Persian
 * digits. Number plans of the six Gulf states (sources in phone_plan.c) decide there which
 * numbers are possible; elsewhere the shape of E.164 does: 7 to 15 digits, the first not 0.
 */
#ifndef NIDA_MODEL_PHONE_H
#define NIDA_MODEL_PHONE_H

#include <stdbool.h>
#include <stdint.h>

#define PHONE_SIZE 17 /* '+', 15 digits, NUL */

enum phone_country {
	PHONE_ANY, /* none given: numbers without a country code are rejected */
	PHONE_OM,
	PHONE_AE,
	PHONE_SA,
	PHONE_QA,
	PHONE_BH,
	PHONE_KW,
	PHONE_COUNTRY_COUNT,
};

enum phone_line {
	PHONE_LINE_UNKNOWN, /* a country whose plan nida does not know */
	PHONE_LINE_MOBILE,  /* a range for mobile telephones */
	PHONE_LINE_FIXED,   /* a range for landlines */
	PHONE_LINE_OTHER,   /* a known plan, neither: special, toll-free, premium */
};

enum phone_fault {
	PHONE_OK,              /* can be called */
	PHONE_EMPTY,           /* no digit in it, and nothing else that matters */
	PHONE_LETTERS,         /* letters or other characters that no number has */
	PHONE_SCIENTIFIC,      /* 9.68912E+10: a spreadsheet rounded it, the digits are lost */
	PHONE_FLOAT,           /* 96891234567.0: a spreadsheet made a decimal of it */
	PHONE_NO_COUNTRY_CODE, /* national digits and no `list.country` */
	PHONE_LOST_ZERO,       /* digits that are one short where a leading 0 belongs: 501234567 for
				* 0501234567, 0968… for 00968… */
	PHONE_TOO_SHORT,       /* fewer digits than such a number has */
	PHONE_TOO_LONG,        /* too many digits: often two numbers in one cell */
	PHONE_IMPOSSIBLE,      /* right length, but no such range in the country's number plan */
	PHONE_FAULT_COUNT,
};

struct phone {
	char e164[PHONE_SIZE]; /* "" unless fault is PHONE_OK */
	enum phone_line line;
	enum phone_country country; /* PHONE_ANY when nida does not know the plan */
};

/* Judge and normalise; on a fault, out->e164 is "". */
enum phone_fault phone_parse(const char *text, enum phone_country home, struct phone *out);

/* The fault as a sentence that says what was expected and what to do. */
const char *phone_fault_text(enum phone_fault fault);

/* "OM" … "KW"; false for anything else. */
bool phone_country_from_code(const char *code, enum phone_country *out);
const char *phone_country_code(enum phone_country country);

/* An E.164 number as an integer, for sets and for comparing; 0 for anything that is not one. Digits
 * of other shapes (sip:+968…@host, 00968…) are reduced to the same integer. */
uint64_t phone_to_number(const char *e164);

#endif
