/*
 * Recordings: a soft sound of two voices taking turns, made anew for each request and always the
 * same for one call. 8,000 samples a second, 16 bits, one channel; as long as the talk, up to 20 s.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/moment.h"
#include "sim_p.h"

#define RATE        8000
#define LONGEST_MS  (20 * SECOND_MS)
#define TURN_S      1.6              /* how long one of the two speaks */
#define SYLLABLES_S 3.5              /* syllables in a second */
#define LOUDNESS    5000             /* of 32,767 */
#define EARLY_MS    (20 * SECOND_MS) /* RECORDING_EXPIRED: a link of that time is dead */

static void add_number(struct buf *out, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_addc(out, (char)(value >> 8 * i & 0xff));
}

static void add_header(struct buf *out, uint32_t data_bytes)
{
	buf_add(out, "RIFF", 4);
	add_number(out, 36 + data_bytes, 4);
	buf_add(out, "WAVEfmt ", 8);
	add_number(out, 16, 4); /* size of what describes the format */
	add_number(out, 1, 2);  /* PCM */
	add_number(out, 1, 2);  /* channels */
	add_number(out, RATE, 4);
	add_number(out, RATE * 2, 4); /* bytes in a second */
	add_number(out, 2, 2);        /* bytes in a sample */
	add_number(out, 16, 2);       /* bits in a sample */
	buf_add(out, "data", 4);
	add_number(out, data_bytes, 4);
}

/* Two tones of one voice, swelling and fading with each syllable, silent between turns. */
static double sample_at(double at_s, double pitch)
{
	const double turn = fmod(at_s, TURN_S) / TURN_S;
	bool agent = fmod(at_s, 2 * TURN_S) < TURN_S;
	double voice = agent ? pitch : pitch * 0.72;
	double syllable = sin(M_PI * fmod(at_s * SYLLABLES_S, 1));
	double edge = sin(M_PI * turn);

	return (0.7 * sin(2 * M_PI * voice * at_s) + 0.3 * sin(2 * M_PI * voice * 2.4 * at_s)) *
	       syllable * syllable * sqrt(edge);
}

static void make_wav(const struct network_call *call, struct buf *out)
{
	int64_t talk_ms = call->ended_ms - call->answered_ms;
	uint32_t samples;

	if (talk_ms > LONGEST_MS)
		talk_ms = LONGEST_MS;
	samples = (uint32_t)(talk_ms * RATE / SECOND_MS);
	add_header(out, samples * 2);
	for (uint32_t i = 0; i < samples; i++) {
		double pitch = 180 + call->id[0] % 16 * 4;
		double value = LOUDNESS * sample_at((double)i / RATE, pitch);
		add_number(out, (uint32_t)(int32_t)lround(value) & 0xffff, 2);
	}
}

static bool read_offset(const char **p, size_t *out)
{
	char *end;

	if (**p < '0' || **p > '9')
		return false;
	errno = 0;
	*out = strtoull(*p, &end, 10);
	*p = end;
	return errno == 0;
}

/* "bytes=A-B", "bytes=A-", "bytes=-N" of `size` bytes → [*first, *last]. */
static bool read_range(const char *text, size_t size, size_t *first, size_t *last)
{
	const char *p = text + strlen("bytes=");

	*last = size - 1;
	if (*p == '-') {
		size_t count;
		p++;
		if (!read_offset(&p, &count) || *p || count == 0)
			return false;
		*first = count < size ? size - count : 0;
		return true;
	}
	if (!read_offset(&p, first) || *p++ != '-' || *first >= size)
		return false;
	if (*p && (!read_offset(&p, last) || *p || *last < *first))
		return false;
	if (*last >= size)
		*last = size - 1;
	return true;
}

static void send_range(const char *range, struct sim_reply *reply)
{
	size_t size = reply->body.length;
	size_t first;
	size_t last;

	if (!read_range(range, size, &first, &last)) {
		reply->status = 416;
		buf_reset(&reply->body);
		snprintf(reply->content_range, sizeof(reply->content_range), "bytes */%zu", size);
		return;
	}
	reply->status = 206;
	snprintf(reply->content_range, sizeof(reply->content_range), "bytes %zu-%zu/%zu", first,
		 last, size);
	memmove(reply->body.data, reply->body.data + first, last - first + 1);
	reply->body.length = last - first + 1;
}

/* Does this fault befall the recording of this call? Three digits of its id decide, others for each
 * fault. */
static bool befalls(const struct sim *sim, const struct network_call *call,
		    enum recording_fault fault)
{
	char digits[4] = "";

	memcpy(digits, call->id + strlen(call->id) - 12 + 3 * (size_t)fault, 3);
	return (double)strtoul(digits, NULL, 16) / 4096 < sim->options->recording_share[fault];
}

const char *recording_link(const struct sim *sim, const struct sim_request *request,
			   const struct network_call *call, const struct call_report *report)
{
	bool early = request->now_ms - call->ended_ms < EARLY_MS;

	if (!report->recording || !early || !befalls(sim, call, RECORDING_EXPIRED))
		return report->recording;
	return arena_printf(request->arena, "%s?early=1", report->recording);
}

/* What goes wrong on purpose; true: nothing else is to be sent. */
static bool goes_wrong(const struct sim *sim, const struct sim_request *request,
		       const struct network_call *call, struct sim_reply *reply)
{
	if (befalls(sim, call, RECORDING_GONE)) {
		hamsa_error(reply, 404, "There is no such recording any more", "NOT_FOUND");
		return true;
	}
	if (sim_arg(request, "early")) {
		hamsa_error(reply, 403, "This link has expired", "EXPIRED");
		return true;
	}
	if (befalls(sim, call, RECORDING_PAGE)) {
		reply->type = "text/html";
		buf_adds(&reply->body, "<html><body>Please sign in.</body></html>");
		return true;
	}
	return false;
}

void recording_send(struct sim *sim, const struct sim_request *request, struct sim_reply *reply)
{
	const char *name = request->parts[0];
	size_t length = strlen(name);
	const struct network_call *call = NULL;

	if (length > 4 && strcmp(name + length - 4, ".wav") == 0)
		call = network_find(sim->network, request->now_ms,
				    arena_strndup(request->arena, name, length - 4));
	if (call == NULL || call->ended_ms == 0 || call->answered_ms == 0) {
		hamsa_error(reply, 404, "There is no such recording", "NOT_FOUND");
		return;
	}
	if (goes_wrong(sim, request, call, reply))
		return;
	make_wav(call, &reply->body);
	reply->type = "audio/wav";
	reply->ranges = true;
	reply->slow_ms = sim->options->recording_slow_ms;
	snprintf(reply->etag, sizeof(reply->etag), "\"%s\"", call->id);
	bool part = request->range && strncmp(request->range, "bytes=", 6) == 0 &&
		    (!request->if_range || strcmp(request->if_range, reply->etag) == 0);
	if (part)
		send_range(request->range, reply);
	else if (befalls(sim, call, RECORDING_DROP))
		reply->cut = reply->body.length / 2;
}
