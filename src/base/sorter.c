#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sorter.h"

#define PAIRS_MAX ((size_t)128 << 10) /* in the buffer */
#define DIGITS    (1 << 8)

/* A sorted piece of the file, and the part of it that is in memory during a walk. */
struct piece {
	int64_t next; /* in the file, in pairs */
	int64_t end;
	size_t room;
	struct sorter_pair *pairs;      /* a part of the sorter's buffer */
	const struct sorter_pair *at;   /* the next one of them */
	const struct sorter_pair *stop; /* behind the last one */
};

struct sorter {
	size_t count; /* in the buffer */
	struct sorter_pair *pairs;
	struct sorter_pair *spare; /* as large; NULL until the first sorting */
	FILE *file;                /* NULL: everything is in the buffer */
	size_t piece_count;
	bool sealed; /* a walk has begun */
};

struct sorter *sorter_new(void)
{
	struct sorter *s = xcalloc(1, sizeof(*s));

	s->pairs = xmalloc(PAIRS_MAX * sizeof(*s->pairs));
	return s;
}

void sorter_free(struct sorter *s)
{
	if (!s)
		return;
	if (s->file)
		fclose(s->file);
	free(s->pairs);
	free(s->spare);
	free(s);
}

static bool file_fault(const char *what, struct err *e)
{
	return err_set(e, ERR_FAILED,
		       "A temporary file of this list cannot be %s: %s. Make room in the folder "
		       "for temporary files (TMPDIR, else /tmp).",
		       what, strerror(errno));
}

/* By one byte of the value; pairs that are equal in it stay in their order. False: all are. */
static bool sort_by_byte(const struct sorter_pair *from, struct sorter_pair *to, size_t count,
			 int shift)
{
	size_t starts[DIGITS] = {0};
	size_t sum = 0;

	for (size_t i = 0; i < count; i++)
		starts[from[i].value >> shift & (DIGITS - 1)]++;
	if (starts[from[0].value >> shift & (DIGITS - 1)] == count)
		return false;
	for (size_t d = 0; d < DIGITS; d++) {
		size_t of_digit = starts[d];
		starts[d] = sum;
		sum += of_digit;
	}
	for (size_t i = 0; i < count; i++)
		to[starts[from[i].value >> shift & (DIGITS - 1)]++] = from[i];
	return true;
}

static void sort_buffer(struct sorter *s)
{
	if (s->count == 0)
		return;
	if (!s->spare)
		s->spare = xmalloc(PAIRS_MAX * sizeof(*s->spare));
	for (int shift = 0; shift < 64; shift += 8) {
		if (!sort_by_byte(s->pairs, s->spare, s->count, shift))
			continue;
		struct sorter_pair *sorted = s->spare;
		s->spare = s->pairs;
		s->pairs = sorted;
	}
}

/* A file without a name, for us alone and for no program that we start. Not every file system can
 * make one at once; with others its name is taken away from it. */
static FILE *open_nameless(void)
{
	const char *folder = getenv("TMPDIR");
	char path[PATH_MAX];

	if (!folder || !*folder)
		folder = "/tmp";
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		if (snprintf(path, sizeof(path), "%s/nida-XXXXXX", folder) >= (int)sizeof(path)) {
			errno = ENAMETOOLONG;
			return NULL;
		}
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			(void)unlink(path);
	}
	return fd < 0 ? NULL : fdopen(fd, "w+");
}

static bool write_piece(struct sorter *s, struct err *e)
{
	sort_buffer(s);
	if (!s->file)
		s->file = open_nameless();
	if (!s->file || fwrite(s->pairs, sizeof(*s->pairs), s->count, s->file) != s->count ||
	    fflush(s->file) != 0)
		return file_fault("written", e);
	s->piece_count++;
	/* Of the last piece, which may be shorter, the count is needed for reading. */
	if (!s->sealed)
		s->count = 0;
	return true;
}

bool sorter_add(struct sorter *s, uint64_t value, int64_t place, struct err *e)
{
	if (s->sealed)
		BUG("a sorter that was walked is added to");
	if (s->count == PAIRS_MAX && !write_piece(s, e))
		return false;
	s->pairs[s->count++] = (struct sorter_pair){value, place};
	return true;
}

static bool fill(const struct sorter *s, struct piece *p, struct err *e)
{
	int64_t left = p->end - p->next;
	size_t want = left < (int64_t)p->room ? (size_t)left : p->room;
	size_t size = want * sizeof(*p->pairs);

	p->at = p->pairs;
	p->stop = p->pairs + want;
	for (size_t got = 0; got < size;) {
		off_t at = (off_t)(p->next * (int64_t)sizeof(*p->pairs) + (int64_t)got);
		ssize_t n = pread(fileno(s->file), (char *)p->pairs + got, size - got, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return file_fault("read", e);
		got += (size_t)n;
	}
	p->next += (int64_t)want;
	return true;
}

static bool is_before(const struct piece *a, const struct piece *b)
{
	return a->at->value != b->at->value ? a->at->value < b->at->value
					    : a->at->place < b->at->place;
}

/* Let the piece at `i` sink to its place in the heap; the least is at 0. */
static void sink(struct piece **heap, size_t count, size_t i)
{
	struct piece *sinking = heap[i];

	for (size_t child = 2 * i + 1; child < count; child = 2 * i + 1) {
		/* Added, not asked: which of two is less cannot be foreseen. */
		if (child + 1 < count)
			child += is_before(heap[child + 1], heap[child]);
		if (!is_before(heap[child], sinking))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = sinking;
}

static bool open_pieces(struct sorter *s, struct piece *pieces, struct piece **heap, struct err *e)
{
	size_t room = PAIRS_MAX / s->piece_count;

	if (room == 0)
		BUG("%zu pieces", s->piece_count);
	for (size_t i = 0; i < s->piece_count; i++) {
		heap[i] = &pieces[i];
		pieces[i] = (struct piece){
			.next = (int64_t)(i * PAIRS_MAX),
			.end = (int64_t)(i + 1 < s->piece_count ? (i + 1) * PAIRS_MAX
								: i * PAIRS_MAX + s->count),
			.room = room,
			.pairs = s->pairs + i * room,
		};
		if (!fill(s, &pieces[i], e))
			return false;
	}
	for (size_t i = s->piece_count; i-- > 0;)
		sink(heap, s->piece_count, i);
	return true;
}

static bool merge(struct sorter *s,
		  bool (*visit)(void *data, const struct sorter_pair *pair, struct err *e),
		  void *data, struct err *e)
{
	size_t count = s->piece_count;
	struct piece *pieces = xcalloc(count, sizeof(*pieces));
	struct piece **heap = xcalloc(count, sizeof(*heap));
	bool ok = open_pieces(s, pieces, heap, e);

	while (ok && count > 0) {
		struct piece *least = heap[0];
		ok = visit(data, least->at, e);
		if (++least->at == least->stop && least->next < least->end)
			ok = ok && fill(s, least, e);
		else if (least->at == least->stop)
			heap[0] = heap[--count];
		sink(heap, count, 0);
	}
	free(heap);
	free(pieces);
	return ok;
}

/* Before the first walk: sort what is in the buffer, and let it join what is in the file. */
static bool seal(struct sorter *s, struct err *e)
{
	if (s->sealed)
		return true;
	s->sealed = true;
	bool ok = true;
	if (s->file)
		ok = write_piece(s, e);
	else
		sort_buffer(s);
	free(s->spare);
	s->spare = NULL;
	return ok;
}

bool sorter_each(struct sorter *s,
		 bool (*visit)(void *data, const struct sorter_pair *pair, struct err *e),
		 void *data, struct err *e)
{
	if (!seal(s, e))
		return false;
	if (s->file)
		return merge(s, visit, data, e);
	for (size_t i = 0; i < s->count; i++)
		if (!visit(data, &s->pairs[i], e))
			return false;
	return true;
}
