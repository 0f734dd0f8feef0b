#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/moment.h"
#include "provider/json.h"

#define DATA_LEVELS  3
#define LEFT_OUT_MAX 32                 /* bytes of ", … (+98)" */
#define EXACT_MAX    9007199254740992.0 /* 2^53: whole numbers below it are exact */

/* The four digits of the escape at p ("\u00e9"), or -1 when there is none. */
static int escape_code(const char *p)
{
	int code = 0;

	if (p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		int c = p[i] | 0x20;
		if (c >= '0' && c <= '9' && p[i] == c)
			code = code * 16 + c - '0';
		else if (c >= 'a' && c <= 'f')
			code = code * 16 + c - 'a' + 10;
		else
			return -1;
	}
	return code;
}

static bool is_high(int code)
{
	return code >= 0xd800 && code <= 0xdbff;
}

static bool is_low(int code)
{
	return code >= 0xdc00 && code <= 0xdfff;
}

static void repair_escapes(char *text)
{
	for (char *p = strchr(text, '\\'); p && p[1]; p = strchr(p, '\\')) {
		int code = escape_code(p);
		if (code < 0) {
			p += 2;
		} else if (is_high(code) && is_low(escape_code(p + 6))) {
			p += 12;
		} else {
			if (code == 0 || is_high(code) || is_low(code))
				memcpy(p + 2, "fffd", 4);
			p += 6;
		}
	}
}

cJSON *json_parse(const char *text)
{
	char *copy = NULL;

	if (strstr(text, "\\ud") || strstr(text, "\\uD") || strstr(text, "\\u0000")) {
		copy = xstrdup(text);
		repair_escapes(copy);
		text = copy;
	}
	/* The length includes the NUL, or cJSON does not see that the text ends there. */
	cJSON *root = cJSON_ParseWithLengthOpts(text, strlen(text) + 1, NULL, true);
	free(copy);
	return root;
}

const cJSON *json_get(const cJSON *object, const char *key)
{
	const cJSON *item =
		cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;

	return cJSON_IsNull(item) ? NULL : item;
}

const cJSON *json_holding(const cJSON *root, const char *key)
{
	for (int level = 0; level <= DATA_LEVELS && root; level++) {
		if (json_get(root, key))
			return root;
		root = json_get(root, "data");
	}
	return NULL;
}

const cJSON *json_find(const cJSON *root, const char *key)
{
	return json_get(json_holding(root, key), key);
}

const char *json_text(const cJSON *item, struct arena *arena)
{
	if (cJSON_IsString(item))
		return arena_strdup(arena, item->valuestring);
	if (cJSON_IsBool(item))
		return cJSON_IsTrue(item) ? "true" : "false";
	if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble))
		return NULL;

	double value = item->valuedouble;
	if (value == floor(value) && fabs(value) < EXACT_MAX)
		return arena_printf(arena, "%.0f", value);
	/* Beyond that the last digits are lost: two ids would look like one. */
	if (value == floor(value))
		return NULL;
	return arena_printf(arena, "%.15g", value);
}

const char *json_get_text(const cJSON *object, const char *key, struct arena *arena)
{
	const char *text = json_text(json_get(object, key), arena);

	return text && *text ? text : NULL;
}

const char *json_joined(const cJSON *list, size_t max, struct arena *arena)
{
	struct arena one = {0};
	const cJSON *part;
	const char *joined = NULL;
	size_t count = 0;
	size_t left_out = 0;
	struct buf b;

	buf_init(&b, max > LEFT_OUT_MAX ? max - LEFT_OUT_MAX : 0);
	for (part = cJSON_IsArray(list) ? list->child : NULL; part; part = part->next) {
		arena_reset(&one);
		const char *text = json_text(part, &one);
		const char *comma = count > 0 ? ", " : "";
		if (!text)
			continue;
		count++;
		/* Behind the first that does not fit none is shown: what is shown is the
		 * beginning. */
		if (left_out > 0 || strlen(comma) + strlen(text) > b.max - b.length) {
			left_out++;
			continue;
		}
		buf_adds(&b, comma);
		buf_adds(&b, text);
	}
	if (left_out > 0)
		joined =
			arena_printf(arena, "%s%s… (+%zu)", b.data, b.length ? ", " : "", left_out);
	else if (count > 0)
		joined = arena_strdup(arena, b.data);
	buf_free(&b);
	arena_free(&one);
	return joined;
}

bool json_number(const cJSON *item, double *out)
{
	double value;

	if (cJSON_IsNumber(item)) {
		value = item->valuedouble;
	} else if (cJSON_IsString(item)) {
		/* Plain decimals only: strtod() would also take "inf", "0x10" and blanks. */
		const char *text = item->valuestring;
		char *end;
		if (!*text || strspn(text, "+-.0123456789eE") != strlen(text))
			return false;
		value = strtod(text, &end);
		if (*end != '\0')
			return false;
	} else {
		return false;
	}
	if (!isfinite(value))
		return false;
	*out = value;
	return true;
}

bool json_moment(const cJSON *item, int64_t *wall_ms)
{
	/* As seconds this is the year 5138, as milliseconds it is 1973: no call is as old or as
	 * late. */
	const double seconds_below = 1e11;
	const double ms_below = 1e14;
	char zoned[48];
	double value;

	if (cJSON_IsString(item)) {
		if (moment_parse_iso(item->valuestring, wall_ms))
			return true;
		int length = snprintf(zoned, sizeof(zoned), "%sZ", item->valuestring);
		if (length < (int)sizeof(zoned) && moment_parse_iso(zoned, wall_ms))
			return true;
	}
	if (!json_number(item, &value) || value <= 0 || value >= ms_below)
		return false;
	*wall_ms = (int64_t)(value < seconds_below ? value * SECOND_MS : value);
	return true;
}
