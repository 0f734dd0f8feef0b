/*
 * Digits of the three scripts that lists are written in.
 */
#ifndef NIDA_MODEL_DIGIT_P_H
#define NIDA_MODEL_DIGIT_P_H

#include <stdint.h>

/* The value of a Latin, Arabic-Indic or Persian digit, or -1. Here in the header because it is
 * asked for every character of a number. */
static inline int digit_value(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	if (c >= 0x0660 && c <= 0x0669)
		return (int)(c - 0x0660);
	if (c >= 0x06f0 && c <= 0x06f9)
		return (int)(c - 0x06f0);
	return -1;
}

#endif
