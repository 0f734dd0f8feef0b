/*
 * Random numbers from a seed (xoshiro256**, Blackman and Vigna, public domain algorithm), so that a
 * rehearsal and a failing test replay exactly. A real run seeds it from the kernel; 128 bits from
 * it name an attempt (unique, not secret).
 */
#ifndef NIDA_BASE_RNG_H
#define NIDA_BASE_RNG_H

#include <stdint.h>

struct rng {
	uint64_t s[4];
};

void rng_seed(struct rng *r, uint64_t seed);
void rng_seed_from_kernel(struct rng *r);
uint64_t rng_next(struct rng *r);

/* Uniform in [0, bound); bound > 0. */
uint64_t rng_below(struct rng *r, uint64_t bound);

/* Uniform in [0, 1). */
double rng_unit(struct rng *r);

/* 32 lower-case hexadecimal digits and a NUL. */
void rng_hex(struct rng *r, char out[33]);

#endif
