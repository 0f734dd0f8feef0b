#include "load/env.h"

#include "file_p.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENV_SIZE_MAX (64 * 1024)
#define LETTERS      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define DIGITS       "0123456789"

struct setting {
	struct setting *next;
	const char *name;
	const char *value;
	int line;
};

struct env {
	struct arena arena;
	struct setting *settings;
	bool allows_unset;
};

/* A value is a secret: faults name the file, the line and what was expected, never the text. */
static bool fault(const char *file, int line, struct err *e, const char *why)
{
	return err_set(e, ERR_INVALID, "The env file '%s', line %d: %s", file, line, why);
}

/* Is there nothing more, or a comment after a blank? */
static bool is_rest_empty(const char *p)
{
	const char *end = p + strspn(p, " \t");

	return !*end || (*end == '#' && end > p);
}

/* Without quotes a value ends before its trailing blanks, or before a comment after a blank. */
static char *take_plain(char *p)
{
	char *end = p;

	while (*end && !(*end == '#' && (end == p || end[-1] == ' ' || end[-1] == '\t')))
		end++;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return p;
}

/* The value behind "NAME=", in place; NULL when a quote is not closed or something stands
 * behind it. */
static char *take_value(char *p)
{
	char quote = *p;
	char *value = p;
	char *out = p;

	if (quote != '"' && quote != '\'')
		return take_plain(p);
	for (p++; *p && *p != quote; p++) {
		if (quote == '"' && *p == '\\' && (p[1] == '"' || p[1] == '\\'))
			p++;
		*out++ = *p;
	}
	if (*p != quote || !is_rest_empty(p + 1))
		return NULL;
	*out = '\0';
	return value;
}

static const struct setting *find(const struct env *env, const char *name)
{
	for (const struct setting *s = env->settings; s; s = s->next)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

static bool parse_line(struct env *env, const char *file, int number, char *line, struct err *e)
{
	char *p = line + strspn(line, " \t");

	if (!*p || *p == '#')
		return true;
	if (strncmp(p, "export", 6) == 0 && (p[6] == ' ' || p[6] == '\t'))
		p += 6 + strspn(p + 6, " \t");
	char *name = p;
	if (strspn(p, LETTERS) > 0)
		p += strspn(p, LETTERS DIGITS);
	if (p == name || *p != '=')
		return fault(file, number, e,
			     "expected NAME=value, without blanks around the '='.");
	*p++ = '\0';
	char *value = take_value(p);
	if (!value)
		return fault(
			file, number, e,
			"the quoted value must end with the same quote, with nothing behind it "
			"but a comment.");
	if (find(env, name))
		return err_set(e, ERR_INVALID,
			       "The env file '%s', line %d: %s stands there already, "
			       "on line %d; keep one of the two.",
			       file, number, name, find(env, name)->line);

	struct setting *s = arena_alloc(&env->arena, sizeof(*s));
	*s = (struct setting){env->settings, name, value, number};
	env->settings = s;
	return true;
}

static bool parse(struct env *env, const char *file, struct bytes bytes, struct err *e)
{
	char *line = bytes.data;
	int number = 1;
	size_t good = utf8_check(bytes.data, bytes.length);

	if (good < bytes.length) {
		for (size_t i = 0; i < good; i++)
			number += bytes.data[i] == '\n';
		return fault(file, number, e, "expected text in UTF-8.");
	}
	if (strncmp(line, "\xef\xbb\xbf", 3) == 0)
		line += 3;
	for (char *next; line; line = next, number++) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		size_t length = strlen(line);
		if (length > 0 && line[length - 1] == '\r')
			line[length - 1] = '\0';
		if (!parse_line(env, file, number, line, e))
			return false;
	}
	return true;
}

static bool is_private(const char *file, struct err *e)
{
	struct stat status;

	if (stat(file, &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & 077) == 0)
		return true;
	return err_set(
		e, ERR_INVALID,
		"The env file '%s' holds secrets, but others than its owner have access to it "
		"(mode %03o); run: chmod 600 '%s'",
		file, (unsigned)status.st_mode & 0777u, file);
}

static bool read_file(struct env *env, const char *file, struct err *e)
{
	struct bytes bytes;

	return is_private(file, e) &&
	       file_read_whole(file, "The env file", ENV_SIZE_MAX, &env->arena, &bytes, e) &&
	       parse(env, file, bytes, e);
}

/* The first `.env` that exists, beside the campaign or here; NULL: none. */
static const char *find_file(struct env *env, const char *campaign_file)
{
	const char *beside = campaign_file ? file_join(&env->arena, campaign_file, ".env") : ".env";

	if (access(beside, F_OK) == 0)
		return beside;
	return access(".env", F_OK) == 0 ? ".env" : NULL;
}

bool env_load(const char *file, const char *campaign_file, struct env **out, struct err *e)
{
	struct env *env = xcalloc(1, sizeof(*env));

	if (!file)
		file = find_file(env, campaign_file);
	if (file && !read_file(env, file, e)) {
		env_free(env);
		return false;
	}
	*out = env;
	return true;
}

const char *env_get(const struct env *env, const char *name)
{
	const char *value = getenv(name);

	if (value && *value)
		return value;
	const struct setting *s = find(env, name);
	return s && *s->value ? s->value : NULL;
}

void env_allow_unset(struct env *env)
{
	env->allows_unset = true;
}

bool env_allows_unset(const struct env *env)
{
	return env->allows_unset;
}

void env_free(struct env *env)
{
	if (!env)
		return;
	arena_free(&env->arena);
	free(env);
}
