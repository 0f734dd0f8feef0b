/*
 * Digits of the three scripts that lists are written in.
 */
#ifndef NIDA_MODEL_DIGIT_P_H
#define NIDA_MODEL_DIGIT_P_H

#include <stdint.h>

/* The value of a Latin, Arabic-Indic or Persian digit, or -1. */
int digit_value(uint32_t c);

#endif
