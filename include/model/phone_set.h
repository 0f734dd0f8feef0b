/*
 * A set of numbers, for suppression files of any size: a sorted array, 8 bytes each.
 * Fill it with phone_set_add(), then phone_set_seal(); look-ups before that are a BUG().
 */
#ifndef NIDA_MODEL_PHONE_SET_H
#define NIDA_MODEL_PHONE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct phone_set {
	uint64_t *numbers; /* owned */
	size_t count;
	size_t size;
	bool sealed;
};

void phone_set_add(struct phone_set *s, uint64_t number);
void phone_set_seal(struct phone_set *s); /* sorts, drops doubles */
bool phone_set_has(const struct phone_set *s, uint64_t number);
void phone_set_free(struct phone_set *s);

#endif
