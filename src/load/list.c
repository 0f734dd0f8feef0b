#include "load/list.h"

#include "file_p.h"
#include "record_p.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FINGERPRINT_BLOCK (64 * 1024)
#define FAULT_SIZE        512
#define NAME_SIZE_MAX     200 /* bytes; a longer header is no header */

static const char what[] = "The list";

struct list_reading {
	const struct list_rules *rules;
	const struct list_visitor *visitor;
	struct arena arena; /* the header */
	const char **names; /* NULL until the header was read */
	size_t count;
	const char **cells; /* of a row, as many as names */
	int64_t rows;
	char fault[FAULT_SIZE];
};

static bool header_fault(const struct list_reading *l, const struct record *record, struct err *e,
			 const char *why)
{
	return err_set(e, ERR_INVALID, "%s '%s', line %" PRId64 ": %s", what, l->rules->file,
		       record->line, why);
}

/* Trim the names and drop the empty ones at the end; an empty or a repeated one elsewhere is a
 * fault. */
static bool take_names(struct list_reading *l, const struct record *record, struct err *e)
{
	const char **names = arena_array(&l->arena, record->count, sizeof(*names));

	l->names = names;
	for (size_t i = 0; i < record->count; i++) {
		names[i] = text_trim(&l->arena, record->cells[i]);
		if (*names[i])
			l->count = i + 1;
	}
	if (record->fault != RECORD_OK)
		return header_fault(l, record, e,
				    arena_printf(&l->arena,
						 "in the header, the name of column %zu %s",
						 record->fault_cell + 1,
						 record_fault_text(record->fault)));
	if (l->count == 0)
		return header_fault(l, record, e,
				    "the header is empty; expected the names of the columns.");
	for (size_t i = 0; i < l->count; i++) {
		size_t length = strlen(names[i]);
		if (length == 0 || length > NAME_SIZE_MAX)
			return header_fault(l, record, e,
					    arena_printf(&l->arena,
							 "column %zu has %s in the header; "
							 "expected the name of a column.",
							 i + 1,
							 length ? "a whole text" : "no name"));
	}
	return true;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool check_doubles(struct list_reading *l, const struct record *record, struct err *e)
{
	const char **sorted = arena_array(&l->arena, l->count, sizeof(*sorted));

	memcpy(sorted, l->names, l->count * sizeof(*sorted));
	qsort(sorted, l->count, sizeof(*sorted), compare_names);
	for (size_t i = 1; i < l->count; i++)
		if (strcmp(sorted[i - 1], sorted[i]) == 0)
			return header_fault(l, record, e,
					    arena_printf(&l->arena,
							 "the header has two columns "
							 "called '%s'; rename one.",
							 sorted[i]));
	return true;
}

static bool take_header(struct list_reading *l, const struct record *record, struct err *e)
{
	if (!take_names(l, record, e) || !check_doubles(l, record, e))
		return false;
	l->cells = arena_array(&l->arena, l->count, sizeof(*l->cells));
	struct list_header header = {
		.count = l->count,
		.names = l->names,
		.line = record->line,
		.delimiter = record->delimiter,
		.encoding = record->encoding,
	};
	return l->visitor->header(l->visitor->data, &header, e);
}

/* What is wrong with a record, or NULL. */
static const char *judge(struct list_reading *l, const struct record *record)
{
	if (record->fault != RECORD_OK && record->fault_cell < l->count) {
		snprintf(l->fault, sizeof(l->fault), "The cell in column '%s' %s",
			 l->names[record->fault_cell], record_fault_text(record->fault));
		return l->fault;
	}
	if (record->count < l->count) {
		snprintf(l->fault, sizeof(l->fault),
			 "The row has %zu cell%s, but the header has %zu columns.", record->count,
			 record->count == 1 ? "" : "s", l->count);
		return l->fault;
	}
	for (size_t i = l->count; i < record->count; i++) {
		if (!*record->cells[i])
			continue;
		snprintf(l->fault, sizeof(l->fault),
			 "The row has a value in cell %zu, but the header has only %zu column%s.",
			 i + 1, l->count, l->count == 1 ? "" : "s");
		return l->fault;
	}
	return NULL;
}

static bool take_record(void *data, const struct record *record, struct err *e)
{
	struct list_reading *l = data;

	if (!l->names)
		return take_header(l, record, e);
	for (size_t i = 0; i < l->count; i++)
		l->cells[i] = i < record->count ? record->cells[i] : "";
	struct list_row row = {
		.ordinal = ++l->rows,
		.line = record->line,
		.count = l->count,
		.cells = l->cells,
		.bytes = record->bytes,
		.fault = judge(l, record),
	};
	return l->visitor->row(l->visitor->data, &row, e);
}

bool list_read(const struct list_rules *rules, const struct list_visitor *visitor,
	       struct list_summary *out, struct err *e)
{
	struct list_reading l = {.rules = rules, .visitor = visitor};
	struct record_source source = {
		.file = rules->file,
		.what = what,
		.advice = "this is not UTF-8; save the list as \"CSV UTF-8\", or name its encoding "
			  "in "
			  "list.encoding.",
		.encoding = rules->encoding,
	};
	bool ok = record_read(&source, take_record, &l, out->sha256, e);

	out->rows = l.rows;
	if (ok && !l.names)
		ok = err_set(e, ERR_INVALID, "%s '%s' is empty; expected a header and rows.", what,
			     rules->file);
	else if (ok && l.rows == 0)
		ok = err_set(e, ERR_INVALID, "%s '%s' has a header, but no rows.", what,
			     rules->file);
	arena_free(&l.arena);
	return ok;
}

bool list_fingerprint(const char *file, char sha256[SHA256_HEX_SIZE], struct err *e)
{
	char *block;
	size_t got;
	int fd;
	bool ok;

	if (!file_open(file, what, &fd, e))
		return false;
	block = xmalloc(FINGERPRINT_BLOCK);
	struct sha256 *sha = sha256_new();
	do {
		ok = file_read_block(fd, file, what, block, FINGERPRINT_BLOCK, &got, e);
		sha256_add(sha, block, got);
	} while (ok && got == FINGERPRINT_BLOCK);
	sha256_finish(sha, sha256);
	free(block);
	close(fd);
	return ok;
}
