/*
 * A ledger with one run in it, for the tests of this room.
 */
#ifndef NIDA_TEST_LEDGER_DESK_H
#define NIDA_TEST_LEDGER_DESK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ledger/attempt.h"
#include "ledger/contact.h"
#include "ledger/ledger.h"
#include "ledger/run.h"

#define T0 INT64_C(1795000000000)

#define must(call)                                         \
	do {                                               \
		struct err e = {0};                        \
		if (!(call))                               \
			fail_msg("%s: %s", #call, e.text); \
	} while (0)

struct desk {
	char path[64];
	struct ledger *l;
	int64_t run;
	struct arena arena;
};

static int64_t desk_run(struct ledger *l, const char *campaign, const char *name)
{
	struct run run = {
		.campaign = campaign,
		.name = name,
		.list_file = "list.csv",
		.list_sha256 = "",
		.settings = "[]",
		.columns = "[\"id\",\"mobile\"]",
		.scenario = "s",
		.title_en = "",
		.title_ar = "",
		.fields = "[]",
		.zone = "Asia/Muscat",
		.created_ms = T0,
	};
	int64_t id = 0;

	must(ledger_run_create(l, &run, &id, &e));
	return id;
}

static struct desk *desk_open(void)
{
	struct desk *d = calloc(1, sizeof(*d));

	snprintf(d->path, sizeof(d->path), "/tmp/nida-ledger-XXXXXX");
	int fd = mkstemp(d->path);
	assert_true(fd >= 0);
	close(fd);
	unlink(d->path);
	must(ledger_open(d->path, LEDGER_WRITE, &d->l, &e));
	d->run = desk_run(d->l, "reminder", "r1");
	return d;
}

static void desk_close(struct desk *d)
{
	const char *const tails[] = {"", "-wal", "-shm", ".reminder.lock"};

	ledger_close(d->l);
	for (size_t i = 0; i < COUNT_OF(tails); i++) {
		char name[128];
		snprintf(name, sizeof(name), "%s%s", d->path, tails[i]);
		unlink(name);
	}
	arena_free(&d->arena);
	free(d);
}

static void desk_add(struct desk *d, int64_t ordinal, const char *key, const char *phone,
		     enum skip_reason skip)
{
	struct contact c = {
		.run_id = d->run,
		.ordinal = ordinal,
		.line = ordinal + 1,
		.key = key,
		.phone = phone,
		.language = "ar",
		.zone = "",
		.cells = "[\"1\",\"2\"]",
		.state = skip == SKIP_NONE ? CONTACT_PENDING : CONTACT_SKIPPED,
		.reason = skip,
		.detail = "",
	};

	must(ledger_contact_add(d->l, &c, &e));
}

/* Rows 1 to n with keys k1, k2, … and numbers +968900000001, …, ready to be called. */
static void desk_fill(struct desk *d, int n)
{
	for (int i = 1; i <= n; i++) {
		char key[32];
		char phone[32];
		snprintf(key, sizeof(key), "k%d", i);
		snprintf(phone, sizeof(phone), "+968900%05d", i);
		desk_add(d, i, key, phone, SKIP_NONE);
	}
	must(ledger_contacts_mark_duplicates(d->l, d->run, DUPLICATES_FIRST, &e));
}

static struct contact desk_get(struct desk *d, const char *key)
{
	struct contact c;
	bool found = false;

	must(ledger_contact_by_key(d->l, d->run, key, &d->arena, &c, &found, &e));
	assert_true(found);
	return c;
}

static int64_t desk_intend(struct desk *d, const char *key, int64_t now_ms)
{
	static unsigned serial;
	struct contact c = desk_get(d, key);
	char ref[33];
	int64_t id = 0;

	snprintf(ref, sizeof(ref), "%032x", ++serial);
	struct attempt a = {
		.number = c.attempts + 1,
		.ref = ref,
		.phone = c.phone,
		.agent = "agent",
	};
	must(ledger_attempt_intend(d->l, &c, &a, "{}", now_ms, &id, &e));
	return id;
}

static struct tally desk_tally(struct desk *d)
{
	struct tally t;

	must(ledger_run_tally(d->l, d->run, &t, &e));
	return t;
}

#endif
