#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "download_p.h"

#define TIMEOUT_MS      (10L * 60 * 1000)
#define MOST_PER_SECOND (4L * 1024 * 1024)
#define COPY_SIZE       65536
#define MAGIC_SIZE      64
#define RIFF_HEAD       8          /* what the length in a RIFF header leaves out */
#define RIFF_UNKNOWN    0x7ffff000 /* writers that cannot go back put such a length there, or more */
#define TEXT_SIZE       128
#define WORDS_SIZE      256

struct download {
	struct http_sink sink;
	char *url;
	char *path;
	char asked[TEXT_SIZE]; /* the validator of the part that is there; "" : there is none */
	int64_t most;
	bool loopback_too;

	int fd; /* -1: not open */
	struct sha256 *hash;
	int64_t bytes;             /* in the file */
	char validator[TEXT_SIZE]; /* of what comes now */
	char type[TEXT_SIZE];      /* as the server says */
	char words[WORDS_SIZE];    /* what was wrong; "" : nothing */
	bool hopeless;             /* so wrong that there is no use in trying again */
};

/* What recordings look like, whatever their server calls them. */
static const struct {
	size_t at;
	const char *bytes;
	const char *type;
	const char *ending;
} magics[] = {
	{8, "WAVE", "audio/wav", "wav"},      {0, "ID3", "audio/mpeg", "mp3"},
	{0, "\xff\xfb", "audio/mpeg", "mp3"}, {0, "\xff\xf3", "audio/mpeg", "mp3"},
	{0, "\xff\xf2", "audio/mpeg", "mp3"}, {0, "\xff\xfa", "audio/mpeg", "mp3"},
	{0, "OggS", "audio/ogg", "ogg"},      {0, "fLaC", "audio/flac", "flac"},
	{4, "ftyp", "audio/mp4", "m4a"},      {0, "\x1a\x45\xdf\xa3", "audio/webm", "webm"},
	{0, "\xff\xf1", "audio/aac", "aac"},  {0, "\xff\xf9", "audio/aac", "aac"},
};

static void complain(struct download *d, bool hopeless, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void complain(struct download *d, bool hopeless, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(d->words, sizeof(d->words), fmt, args);
	va_end(args);
	d->hopeless = hopeless;
}

/* ---- the file -------------------------------------------------------------------------------- */

static bool cannot_write(struct download *d)
{
	complain(d, false, "its file cannot be written: %s", strerror(errno));
	return false;
}

/* Throw away what there is. */
static bool begin_anew(struct download *d)
{
	char ignored[SHA256_HEX_SIZE];

	d->bytes = 0;
	if (d->hash)
		sha256_finish(d->hash, ignored);
	d->hash = sha256_new();
	if (ftruncate(d->fd, 0) != 0 || lseek(d->fd, 0, SEEK_SET) != 0)
		return cannot_write(d);
	return true;
}

/* The part that is there counts: it is hashed, and the file stands at its end. */
static bool go_on(struct download *d)
{
	char *copy = xmalloc(COPY_SIZE);
	ssize_t length;

	d->hash = sha256_new();
	while ((length = read(d->fd, copy, COPY_SIZE)) > 0)
		sha256_add(d->hash, copy, (size_t)length);
	free(copy);
	return length == 0 ? true : cannot_write(d);
}

static bool open_file(struct download *d)
{
	struct stat status;

	/* Customers' voices: for the owner alone, and through no link that somebody left there. */
	d->fd = open(d->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (d->fd < 0 || fstat(d->fd, &status) != 0)
		return cannot_write(d);
	d->bytes = status.st_size;
	/* A part of nobody knows what. */
	if (!d->asked[0] && d->bytes > 0)
		return begin_anew(d);
	if (d->bytes == 0)
		d->asked[0] = '\0';
	return true;
}

/* ---- what comes ------------------------------------------------------------------------------ */

static bool is_type(const char *type, const char *wanted)
{
	size_t length = strlen(wanted);

	return strncasecmp(type, wanted, length) == 0 &&
	       (wanted[length - 1] == '/' || strchr("; \t", type[length]));
}

/* "audio/svg+xml" and the like are pages, whoever wrote them. */
static bool is_audio(const char *type)
{
	return is_type(type, "audio/") && !strcasestr(type, "xml") && !strcasestr(type, "json") &&
	       !strcasestr(type, "html");
}

/* Stores that do not know what they keep call it a stream of octets. */
static bool may_be_a_recording(const char *type)
{
	return is_audio(type) || is_type(type, "application/octet-stream") ||
	       is_type(type, "binary/octet-stream") || is_type(type, "application/ogg") ||
	       is_type(type, "video/mp4") || is_type(type, "video/webm");
}

static bool sink_begin(void *data, const struct http_head *head)
{
	struct download *d = data;
	bool more = head->status == 206;

	snprintf(d->type, sizeof(d->type), "%s", head->content_type);
	snprintf(d->validator, sizeof(d->validator), "%s", head->validator);
	if (!may_be_a_recording(d->type)) {
		complain(d, false, "what came is no recording but '%s'",
			 d->type[0] ? d->type : "of no type");
		return false;
	}
	if (more && head->first != d->bytes) {
		complain(d, false, "another part came than was asked for");
		d->validator[0] = '\0';
		return false;
	}
	if (!(more ? go_on(d) : begin_anew(d)))
		return false;
	if (head->length > d->most - d->bytes) {
		complain(d, true, "it is larger than %lld MiB", (long long)(d->most >> 20));
		return false;
	}
	return true;
}

static bool sink_add(void *data, const char *bytes, size_t length)
{
	struct download *d = data;

	if ((int64_t)length > d->most - d->bytes) {
		complain(d, true, "it is larger than %lld MiB", (long long)(d->most >> 20));
		return false;
	}
	while (length > 0) {
		ssize_t written = write(d->fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return cannot_write(d);
		sha256_add(d->hash, bytes, (size_t)written);
		d->bytes += written;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

struct download *download_new(const struct fetch_order *order, bool loopback_too)
{
	struct download *d = xcalloc(1, sizeof(*d));

	d->sink = (struct http_sink){.begin = sink_begin, .add = sink_add, .data = d};
	d->url = xstrdup(order->url);
	d->path = xstrdup(order->path);
	snprintf(d->asked, sizeof(d->asked), "%s", order->validator);
	d->most = order->most_bytes;
	d->loopback_too = loopback_too;
	d->fd = -1;
	return d;
}

void download_free(struct download *d)
{
	char ignored[SHA256_HEX_SIZE];

	if (!d)
		return;
	if (d->fd >= 0)
		close(d->fd);
	if (d->hash)
		sha256_finish(d->hash, ignored);
	free(d->url);
	free(d->path);
	free(d);
}

bool download_send(struct download *d, struct http *http, void *token)
{
	char range[64];
	char condition[TEXT_SIZE + 16];
	const char *headers[] = {range, condition};
	const char *words;

	if (!http_check_link(d->url, d->loopback_too, &words)) {
		complain(d, true, "%s", words);
		return false;
	}
	if (!open_file(d))
		return false;
	snprintf(range, sizeof(range), "Range: bytes=%lld-", (long long)d->bytes);
	snprintf(condition, sizeof(condition), "If-Range: %s", d->asked);
	http_send(http, &(struct http_request){
				.method = HTTP_GET,
				.url = d->url,
				.headers = headers,
				.header_count = d->asked[0] ? COUNT_OF(headers) : 0,
				.timeout_ms = TIMEOUT_MS,
				.sink = &d->sink,
				.most_per_second = MOST_PER_SECOND,
				.token = token,
			});
	return true;
}

/* ---- what it was ----------------------------------------------------------------------------- */

static bool begins(const char *bytes, size_t length, const char *with)
{
	return length >= strlen(with) && memcmp(bytes, with, strlen(with)) == 0;
}

/* A page or a message in a recording's clothes. */
static bool looks_like_text(const char *bytes, size_t length)
{
	size_t i = begins(bytes, length, "\xef\xbb\xbf") ? 3 : 0;

	if (begins(bytes, length, "\xff\xfe") || begins(bytes, length, "\xfe\xff"))
		return true; /* UTF-16 */
	while (i < length && strchr(" \t\r\n", bytes[i]) && bytes[i])
		i++;
	return i < length && strchr("<{[", bytes[i]) && bytes[i];
}

/* How long a WAV says that it is; 0: it does not say. The one kind that tells, so that one whose
 * server did not say how much would come is known to be cut off. */
static int64_t own_length(const char *first, size_t length)
{
	uint32_t said = 0;

	if (length < RIFF_HEAD || !begins(first, length, "RIFF"))
		return 0;
	for (int i = 3; i >= 0; i--)
		said = said << 8 | (unsigned char)first[4 + i];
	return said == 0 || said >= RIFF_UNKNOWN ? 0 : (int64_t)said + RIFF_HEAD;
}

/* Type and ending by the first bytes; false: it is no recording, or not all of one. */
static bool recognise(struct download *d, struct arena *arena, struct fetched *out)
{
	char first[MAGIC_SIZE] = "";
	ssize_t length = pread(d->fd, first, sizeof(first), 0);
	int64_t own = own_length(first, length > 0 ? (size_t)length : 0);

	/* An odd length has a byte behind it that not everybody writes. */
	if (own > d->bytes + 1) {
		complain(d, false, "it is cut off: its header tells of %lld bytes, and %lld came",
			 (long long)own, (long long)d->bytes);
		return false;
	}
	for (size_t i = 0; i < COUNT_OF(magics); i++) {
		size_t size = strlen(magics[i].bytes);
		if (length >= (ssize_t)(magics[i].at + size) &&
		    memcmp(first + magics[i].at, magics[i].bytes, size) == 0) {
			out->type = magics[i].type;
			out->ending = magics[i].ending;
			return true;
		}
	}
	/* A kind that nida does not know: its server's word is taken for it. */
	if (!is_audio(d->type) || length <= 0 || looks_like_text(first, (size_t)length)) {
		complain(d, false, "what came is no recording, although its server calls it '%s'",
			 d->type);
		return false;
	}
	out->type = arena_strndup(arena, d->type, strcspn(d->type, "; \t"));
	out->ending = "audio";
	return true;
}

static enum fetch_verdict verdict_of_status(int status)
{
	switch (status) {
	case 401:
	case 403:
	case 404:
	case 410:
		return FETCH_EXPIRED;
	default:
		return status >= 300 && status < 400 ? FETCH_REFUSED : FETCH_LATER;
	}
}

/* A whole body came, or nothing was left of it: is it what was wanted? */
static enum fetch_verdict judge_file(struct download *d, const struct http_answer *http,
				     struct arena *arena, struct fetched *out)
{
	if (http->status != 200 && http->status != 206) {
		complain(d, false, "%s", http->words);
		/* What is there is no part of what the server has. */
		if (http->status == 416)
			d->asked[0] = '\0';
		return verdict_of_status(http->status);
	}
	d->validator[0] = '\0';
	/* An answer without a body begins nothing. The part that is there is not judged in its
	 * place, nor gone on with: the server has something else now. */
	if (!d->hash || d->bytes == 0) {
		complain(d, false, "nothing came");
		d->asked[0] = '\0';
		return FETCH_LATER;
	}
	if (!recognise(d, arena, out))
		return FETCH_LATER;
	if (fdatasync(d->fd) != 0) {
		(void)cannot_write(d);
		return FETCH_LATER;
	}
	return FETCH_OK;
}

void download_judge(struct download *d, const struct http_answer *http, struct arena *arena,
		    struct answer *out)
{
	struct fetched *fetched = arena_alloc(arena, sizeof(*fetched));
	char hex[SHA256_HEX_SIZE] = "";

	*fetched = (struct fetched){.type = "", .ending = ""};
	if (http && http->result == HTTP_ANSWERED && !d->words[0]) {
		out->fetch = judge_file(d, http, arena, fetched);
		out->retry_after_ms = http->retry_after_ms;
	} else {
		if (!d->words[0])
			complain(d, false, "%s", http->words);
		out->fetch = d->hopeless ? FETCH_REFUSED : FETCH_LATER;
	}
	if (d->hash)
		sha256_finish(d->hash, hex);
	d->hash = NULL;
	fetched->bytes = d->bytes;
	fetched->sha256 = arena_strdup(arena, hex);
	/* Nothing of this answer came into the file: the part is what it was. */
	fetched->validator = arena_strdup(arena, hex[0] ? d->validator : d->asked);
	out->fetched = fetched;
	out->words = arena_strdup(arena, d->words);
}
