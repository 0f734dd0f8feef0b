/*
 * Reading JSON that somebody else wrote, on top of cJSON.
 *
 * Nothing is taken for granted: a missing key, a null, a number written as text and text written as
 * a number are all met in practice. Look-ups are case-sensitive and treat null as absent. Items are
 * borrowed from the tree; texts are copied into the arena, so that they outlive it. The answers of
 * Hamsa wrap what is asked for in up to three levels of `data`.
 */
#ifndef NIDA_PROVIDER_JSON_H
#define NIDA_PROVIDER_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/err.h"
#include "base/mem.h"

/* The tree, which the caller gives back with cJSON_Delete(); NULL when the text is not JSON from
 * its first byte to its last. Halves of surrogate pairs and \u0000, on which cJSON gives up or
 * stops short, are read as U+FFFD. */
cJSON *json_parse(const char *text);

/* NULL when `object` is no object, has no such key, or has null there. */
const cJSON *json_get(const cJSON *object, const char *key);

/* As json_get(), and where there is nothing, the same question to what lies under `data`. */
const cJSON *json_find(const cJSON *root, const char *key);

/* What json_find() finds the key in; NULL: nothing. */
const cJSON *json_holding(const cJSON *root, const char *key);

/* Text, number or boolean as text; NULL for anything else. */
const char *json_text(const cJSON *item, struct arena *arena);

/* json_text() of a key's value; NULL when it is empty or not there. */
const char *json_get_text(const cJSON *object, const char *key, struct arena *arena);

/* The members of a list that json_text() knows, as "a, b, c"; NULL: none, or no list. At most `max`
 * bytes, and what does not fit any more is counted instead: "a, b, … (+98)". */
const char *json_joined(const cJSON *list, size_t max, struct arena *arena);

/* A finite number, written as one or as text. */
bool json_number(const cJSON *item, double *out) MUST_CHECK;

/* ISO 8601 (taken as UTC where it names no zone), or an epoch in seconds or milliseconds. */
bool json_moment(const cJSON *item, int64_t *wall_ms) MUST_CHECK;

#endif
