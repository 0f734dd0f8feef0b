/*
 * Which of our names did somebody mean who wrote one that is none? For messages about names that
 * people type: keys of YAML files, columns of a list, choices. Pure; nothing is allocated.
 */
#ifndef NIDA_BASE_TEXT_NEAR_H
#define NIDA_BASE_TEXT_NEAR_H

#include <stddef.h>

/* The name of `names` that `found` was probably meant to be (edit distance ≤ 2 and less than half
 * the longer of the two), or NULL. Case, blanks, '_', '-' and '.' do not count, nor do the forms of
 * alef, ه for ة, ي for ى, vowel signs and tatweel in Arabic. */
const char *text_near_miss(const char *found, const char *const *names, size_t count);

#endif
