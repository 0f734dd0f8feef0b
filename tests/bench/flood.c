/*
 * The bare reference: libcurl's multi interface doing what a campaign cannot do without, a POST and
 * a GET for each call, and nothing else: no ledger, no rules, no looking into the answers beyond
 * the id of the call. Handles and connections are kept.
 *
 * usage: flood URL CALLS CONNECTIONS; prints the requests made and the seconds they took.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#define ANSWER_MAX      8192
#define CONNECTIONS_MAX 1024

struct slot {
	CURL *easy;
	bool reading; /* the GET of a call that was placed */
	size_t length;
	char answer[ANSWER_MAX];
	char url[256];
};

struct flood {
	CURLM *multi;
	struct curl_slist *headers;
	const char *root;
	long left; /* calls that are still to be placed */
	long requests;
	long open; /* requests under way */
};

static const char order[] =
	"{\"toNumber\":\"+96890014127\",\"phoneNumber\":\"+96824000000\",\"voiceAgentId\":"
	"\"d949f13f-40d2-4e48-ac86-b66633070603\",\"params\":{\"customerName\":\"سالم بن حمد "
	"الحارثي\",\"accountBalance\":\"12.500\",\"dueDate\":\"3 ديسمبر 2026\",\"companyNameAr\":"
	"\"سدرة للاتصالات\",\"companyNameEn\":\"Sidra Telecom\",\"scenario\":"
	"\"payment-reminder\",\"language\":\"ar\",\"nidaRef\":"
	"\"00112233445566778899aabbccddeeff\"}}";

static size_t take(char *bytes, size_t size, size_t count, void *data)
{
	struct slot *slot = data;
	size_t length = size * count;
	size_t room = ANSWER_MAX - 1 - slot->length;
	size_t kept = length < room ? length : room;

	memcpy(slot->answer + slot->length, bytes, kept);
	slot->length += kept;
	slot->answer[slot->length] = '\0';
	return length;
}

static void start(struct flood *f, struct slot *slot)
{
	slot->length = 0;
	curl_easy_setopt(slot->easy, CURLOPT_URL, slot->url);
	curl_multi_add_handle(f->multi, slot->easy);
	f->requests++;
	f->open++;
}

static void start_place(struct flood *f, struct slot *slot)
{
	if (f->left == 0)
		return;
	f->left--;
	slot->reading = false;
	snprintf(slot->url, sizeof(slot->url), "%s/v1/voice-agents/phone-number/call", f->root);
	curl_easy_setopt(slot->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDSIZE, (long)(sizeof(order) - 1));
	curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDS, order);
	start(f, slot);
}

static void start_read(struct flood *f, struct slot *slot)
{
	const char *id = strstr(slot->answer, "\"jobId\":\"");

	if (!id) {
		fprintf(stderr, "flood: no id in '%s'\n", slot->answer);
		exit(1);
	}
	slot->reading = true;
	snprintf(slot->url, sizeof(slot->url), "%s/v1/voice-agents/conversation/%.36s", f->root,
		 id + 9);
	curl_easy_setopt(slot->easy, CURLOPT_HTTPGET, 1L);
	start(f, slot);
}

static void take_answers(struct flood *f)
{
	CURLMsg *message;
	int queued;

	while ((message = curl_multi_info_read(f->multi, &queued))) {
		CURLcode code = message->data.result;
		struct slot *slot = NULL;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&slot);
		curl_multi_remove_handle(f->multi, message->easy_handle);
		f->open--;
		if (code != CURLE_OK) {
			fprintf(stderr, "flood: %s\n", curl_easy_strerror(code));
			exit(1);
		}
		if (slot->reading)
			start_place(f, slot);
		else
			start_read(f, slot);
	}
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: flood URL CALLS CONNECTIONS\n", stderr);
		return 2;
	}
	long connections = strtol(argv[3], NULL, 10);
	struct flood f = {.root = argv[1], .left = strtol(argv[2], NULL, 10)};
	struct slot *slots = calloc(CONNECTIONS_MAX, sizeof(*slots));
	int running;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	f.multi = curl_multi_init();
	curl_multi_setopt(f.multi, CURLMOPT_MAXCONNECTS, connections);
	f.headers = curl_slist_append(f.headers, "Expect:");
	f.headers = curl_slist_append(f.headers, "Content-Type: application/json");
	f.headers = curl_slist_append(f.headers, "Authorization: Token bench");
	double began = now_s();
	for (long i = 0; i < connections && i < CONNECTIONS_MAX; i++) {
		slots[i].easy = curl_easy_init();
		curl_easy_setopt(slots[i].easy, CURLOPT_PRIVATE, &slots[i]);
		curl_easy_setopt(slots[i].easy, CURLOPT_HTTPHEADER, f.headers);
		curl_easy_setopt(slots[i].easy, CURLOPT_WRITEFUNCTION, take);
		curl_easy_setopt(slots[i].easy, CURLOPT_WRITEDATA, &slots[i]);
		start_place(&f, &slots[i]);
	}
	while (f.open > 0) {
		curl_multi_perform(f.multi, &running);
		/* Fewer are running than were started: something has been answered. */
		if (running < f.open)
			take_answers(&f);
		else
			curl_multi_poll(f.multi, NULL, 0, 1000, NULL);
	}
	printf("%ld %.6f\n", f.requests, now_s() - began);
	for (long i = 0; i < connections && i < CONNECTIONS_MAX; i++)
		curl_easy_cleanup(slots[i].easy);
	curl_multi_cleanup(f.multi);
	curl_slist_free_all(f.headers);
	free(slots);
	return 0;
}
