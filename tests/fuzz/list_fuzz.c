/*
 * Any bytes as a list and as a suppression file. The first byte chooses the encoding. Whatever is
 * read must be UTF-8, as wide as the header, and in order.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -Iinclude \
 *         tests/fuzz/list_fuzz.c src/load/[a-z]*.c src/model/[a-z]*.c src/base/[a-z]*.c \
 *         -lyaml -lcsv -lcrypto -lm
 */
#include "load/list.h"
#include "load/suppression.h"

#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	size_t count;
	int64_t ordinal;
	int64_t line;
};

static void check_text(const char *text)
{
	if (utf8_check(text, strlen(text)) != strlen(text))
		BUG("a cell is not UTF-8");
}

static bool check_header(void *data, const struct list_header *header, struct err *e)
{
	struct seen *seen = data;

	(void)e;
	seen->count = header->count;
	if (header->count == 0 || header->encoding == ENCODING_AUTO)
		BUG("a header without columns or encoding");
	for (size_t i = 0; i < header->count; i++) {
		check_text(header->names[i]);
		if (!*header->names[i])
			BUG("a name is empty");
	}
	return true;
}

static bool check_row(void *data, const struct list_row *row, struct err *e)
{
	struct seen *seen = data;

	(void)e;
	if (row->count != seen->count || row->ordinal != seen->ordinal + 1 ||
	    row->line <= seen->line)
		BUG("a row does not follow the last one");
	for (size_t i = 0; i < row->count; i++)
		check_text(row->cells[i]);
	if (row->fault)
		check_text(row->fault);
	seen->ordinal = row->ordinal;
	seen->line = row->line;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	char path[64];
	struct err e = {0};

	if (size == 0)
		return 0;
	if (fd < 0)
		fd = memfd_create("list", 0);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data + 1, size - 1, 0) != (ssize_t)size - 1)
		BUG("the file cannot be written");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

	struct seen seen = {0};
	struct list_rules rules = {.file = path, .encoding = (enum list_encoding)(data[0] % 4)};
	struct list_visitor visitor = {&seen, check_header, check_row};
	struct list_summary summary;
	if (list_read(&rules, &visitor, &summary, &e) ? summary.rows != seen.ordinal : !*e.text)
		BUG("rows or reasons are missing");

	struct phone_set set = {0};
	if (!suppression_read(path, PHONE_OM, &set, &e))
		check_text(e.text);
	phone_set_free(&set);
	return 0;
}
