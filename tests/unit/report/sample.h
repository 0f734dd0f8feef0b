/*
 * Rows for tests of the reports, as the ledger would give them: a mixture of everything that can
 * become of a row, Arabic and English, the same for each number and therefore in each run of a
 * test. The first rows carry text that attacks CSV, HTML and JSON.
 */
#ifndef NIDA_TEST_REPORT_SAMPLE_H
#define NIDA_TEST_REPORT_SAMPLE_H

#include "base/buf.h"
#include "base/mem.h"
#include "base/pack.h"
#include "base/rng.h"
#include "ledger/rows.h"
#include "ledger/run.h"

#include <string.h>

#define SAMPLE_START_MS 1795323600000LL /* 2026-11-22 09:00 in Muscat */

static const char *const sample_hostile[] = {
	"</script><script>alert(1)</script>",
	"<!--<script>",
	"]]><img src=x onerror=alert(1)>",
	"=cmd|' /C calc'!A0",
	"\"quoted\", 'both' \\ and \\u003c",
	"\xe2\x80\xaegnp.exe override",
	"Loooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooong",
	"👩‍👩‍👧‍👦 🇴🇲 emoji",
	"line\nbreak\ttab\r\nand \xe2\x80\xa8 more",
	"javascript:alert(1)",
};

static inline const char *sample_pack(struct arena *arena, const char *const *items, size_t count)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	pack_strings(&b, items, count);
	char *text = arena_strdup(arena, b.data);
	buf_free(&b);
	return text;
}

static inline struct run sample_run(struct arena *arena, size_t rows)
{
	static const char *const columns[] = {"account_no", "customer_name", "mobile", "lang",
					      "balance",    "due_date",      "city"};
	static const char *const fields[] = {
		"disposition",
		"Result",
		"النتيجة",
		"promisedDate",
		"Promised date",
		"تاريخ الوعد",
		"summary",
		"Summary",
		"الملخص",
		/* one with both labels, one with none in Arabic */
		"disposition=will_pay",
		"Will pay",
		"سيدفع",
		"disposition=disputes",
		"Disputes it",
		"disputes",
	};

	return (struct run){
		.id = 1,
		.campaign = "payment-reminder",
		.name = "2026-11-22-0900",
		.state = RUN_FINISHED,
		.list_file = "campaigns/customers.csv",
		.list_sha256 = "0",
		.list_encoding = ENCODING_UTF8,
		.list_delimiter = ',',
		.settings = "[]",
		.columns = sample_pack(arena, columns, COUNT_OF(columns)),
		.scenario = "payment-reminder",
		.title_en = "Payment reminder",
		.title_ar = "تذكير بالدفع",
		.fields = sample_pack(arena, fields, COUNT_OF(fields)),
		.zone = "Asia/Muscat",
		.report_dir = "",
		.rows = (int64_t)rows,
		.created_ms = SAMPLE_START_MS,
		.finished_ms = SAMPLE_START_MS + 7 * HOUR_MS,
	};
}

static const char *const sample_talk_ar[] = {
	"agent",
	"السلام عليكم، معكم المساعد الآلي من عُمانتل. هل أتحدث مع صاحب الحساب؟",
	"customer",
	"وعليكم السلام، نعم أنا.",
	"agent",
	"لديكم مبلغ مستحق قدره 12.500 ريال عُماني، وتاريخ استحقاقه 2026-12-03. متى يناسبكم السداد؟",
	"customer",
	"إن شاء الله بعد الراتب.",
	"agent",
	"تمام. هل يناسبكم يوم الثلاثاء 2026-12-01؟",
	"customer",
	"نعم يناسبني، وإذا احتجتم شيئًا فاتصلوا على +968 9001 4127.",
	"agent",
	"شكرًا لكم. سأسجل أن السداد يوم الثلاثاء.",
	"customer",
	"ممتاز.",
	"agent",
	"هل من شيء آخر أساعدكم به؟",
	"customer",
	"لا، شكرًا. في أمان الله.",
};
static const char *const sample_talk_en[] = {
	"agent",
	"Hello, this is the assistant of Omantel. Am I speaking with the holder?",
	"customer",
	"Yes, speaking.",
	"agent",
	"There is an amount of 27.350 rials due on 2026-12-03. When would it suit you to pay?",
	"customer",
	"I will pay on Tuesday.",
	"agent",
	"Is that the first of December?",
	"customer",
	"Yes, the first.",
	"agent",
	"Thank you. I have noted Tuesday, the first of December.",
	"customer",
	"Good. Do I get a message?",
	"agent",
	"Yes, a confirmation is sent when the payment arrives.",
	"customer",
	"Thanks, bye.",
};

static inline enum outcome sample_outcome(struct rng *r, int attempt)
{
	uint64_t dice = rng_below(r, 100);

	if (dice < 52)
		return OUTCOME_COMPLETED;
	if (dice < 84)
		return OUTCOME_NO_ANSWER;
	if (dice < 92)
		return OUTCOME_FAILED;
	if (dice < 96)
		return OUTCOME_FORWARDED;
	return attempt == 0 ? OUTCOME_LOST : OUTCOME_TERMINATED;
}

static inline struct row_attempt sample_attempt(struct arena *arena, struct rng *r, size_t i,
						int number, bool english)
{
	static const char *const dispositions[] = {"will_pay",   "will_pay",   "already_paid",
						   "disputes",   "cannot_pay", "callback",
						   "do_not_call"};
	enum outcome outcome = sample_outcome(r, number - 1);
	bool spoken = outcome == OUTCOME_COMPLETED || outcome == OUTCOME_FORWARDED;
	int64_t intent =
		SAMPLE_START_MS + (int64_t)(i % 5000) * 4900 + (number - 1) * 65 * MINUTE_MS;
	int64_t talk = spoken ? 12000 + (int64_t)rng_below(r, 170000) : -1;
	const char *hostile = i < COUNT_OF(sample_hostile) ? sample_hostile[i] : NULL;
	struct row_attempt a = {
		.number = number,
		.state = ATTEMPT_CLOSED,
		.outcome = outcome,
		.job_id = arena_printf(arena, "6a1f0c%08zx-%d", i * 2654435761u & 0xffffffffu,
				       number),
		.intent_ms = intent,
		.started_ms = spoken ? intent + 9000 : 0,
		.ended_ms = intent + 9000 + (talk > 0 ? talk : 21000),
		.talk_ms = talk,
		.has_cost = spoken,
		.cost = {talk * 833 / 1000},
		.recording = "",
		.recording_file = "",
		.words = "",
		.transcript = "[]",
		.values = "[]",
	};

	if (outcome == OUTCOME_FAILED)
		a.words = "SIP 486 Busy here: the carrier refused the call";
	if (!spoken)
		return a;
	a.recording = i == 9 ? "javascript:alert(1)"
			     : arena_printf(arena, "https://media.example.test/rec/%zu.mp3", i);
	const char *lines[20];
	memcpy(lines, english ? sample_talk_en : sample_talk_ar, sizeof(lines));
	if (hostile)
		lines[3] = hostile;
	a.transcript = sample_pack(arena, lines, COUNT_OF(lines));
	const char *values[] = {
		"disposition",
		dispositions[rng_below(r, COUNT_OF(dispositions))],
		"promisedDate",
		arena_printf(arena, "2026-12-%02d", 1 + (int)(i % 28)),
		"summary",
		hostile ? hostile : english ? "Will pay on Tuesday." : "سيدفع يوم الثلاثاء."};
	a.values = sample_pack(arena, values, COUNT_OF(values));
	return a;
}

static inline const char *sample_cells(struct arena *arena, struct rng *r, size_t i, bool english,
				       const char *phone)
{
	static const char *const names_ar[] = {"سالم بن حمد الحارثي",    "فاطمة بنت خلفان الكندية",
					       "أحمد بن ناصر البوسعيدي", "مُنى بنت سيف الرواحية",
					       "عبدالله بن علي الهنائي", "آمنة بنت سعيد المعمرية"};
	static const char *const names_en[] = {"Maryam Said Al Balushi", "Ahmed Nasser Al Busaidi",
					       "John O'Neill",           "Priya Nair",
					       "Khalid Al Harthy",       "Sara Al Lawati"};
	static const char *const cities[] = {"مسقط", "Seeb", "نزوى", "Sohar", "صلالة"};
	const char *cells[] = {
		arena_printf(arena, "%08zu", 10481203 + i),
		i < COUNT_OF(sample_hostile) ? sample_hostile[i]
		: english                    ? names_en[rng_below(r, COUNT_OF(names_en))]
					     : names_ar[rng_below(r, COUNT_OF(names_ar))],
		phone,
		english ? "en" : "ar",
		arena_printf(arena, "%d.%03d", (int)rng_below(r, 90) + 3,
			     (int)rng_below(r, 2) * 500),
		"2026-12-03",
		cities[rng_below(r, COUNT_OF(cities))],
	};

	return sample_pack(arena, cells, COUNT_OF(cells));
}

/* Row number i, from 0, in the arena. */
static inline struct row sample_row(struct arena *arena, size_t i)
{
	struct rng r;
	struct row row = {0};

	rng_seed(&r, 7919 * (i + 1));
	bool english = rng_below(&r, 100) < 40;
	const char *phone = arena_printf(arena, "+9689%07d", (int)((i * 7919 + 1234) % 10000000));
	row.contact = (struct contact){
		.id = (int64_t)i + 1,
		.run_id = 1,
		.ordinal = (int64_t)i + 1,
		.line = (int64_t)i + 2,
		.key = arena_printf(arena, "%08zu", 10481203 + i),
		.phone = phone,
		.language = english ? "en" : "ar",
		.zone = "",
		.cells = sample_cells(arena, &r, i, english, phone),
		.state = CONTACT_DONE,
		.detail = "",
	};
	if (rng_below(&r, 100) < 6) {
		row.contact.state = CONTACT_SKIPPED;
		row.contact.reason = (enum skip_reason)(1 + rng_below(&r, SKIP_REASON_COUNT - 1));
		row.contact.detail = "column 'mobile'";
		return row;
	}
	size_t most = 1 + rng_below(&r, 3);
	struct row_attempt *list = arena_array(arena, most, sizeof(*list));
	do {
		list[row.attempt_count] =
			sample_attempt(arena, &r, i, (int)row.attempt_count + 1, english);
		row.contact.outcome = list[row.attempt_count++].outcome;
	} while (row.attempt_count < most && row.contact.outcome != OUTCOME_COMPLETED &&
		 row.contact.outcome != OUTCOME_FORWARDED);
	if (rng_below(&r, 1000) < 12) {
		row.contact.state = CONTACT_IN_DOUBT;
		row.contact.outcome = OUTCOME_NONE;
		list[row.attempt_count - 1] =
			(struct row_attempt){.number = (int)row.attempt_count,
					     .state = ATTEMPT_IN_DOUBT,
					     .job_id = "",
					     .intent_ms = SAMPLE_START_MS,
					     .talk_ms = -1,
					     .recording = "",
					     .recording_file = "",
					     .words = "The answer never arrived.",
					     .transcript = "[]",
					     .values = "[]"};
	}
	row.attempts = list;
	row.contact.attempts = (int)row.attempt_count;
	return row;
}

/* Add a row to the totals, as the ledger does call by call. */
static inline void sample_count(struct run *run, struct tally *tally, const struct row *row)
{
	tally->rows++;
	tally->state[row->contact.state]++;
	if (row->contact.state == CONTACT_DONE)
		tally->outcome[row->contact.outcome]++;
	if (row->contact.state == CONTACT_SKIPPED)
		tally->skip[row->contact.reason]++;
	for (size_t i = 0; i < row->attempt_count; i++) {
		const struct row_attempt *a = &row->attempts[i];
		run->calls += *a->job_id != '\0';
		run->answered += a->outcome == OUTCOME_COMPLETED || a->outcome == OUTCOME_FORWARDED;
		run->talk_ms += a->talk_ms > 0 ? a->talk_ms : 0;
		run->cost.micro += a->cost.micro;
	}
}

#endif
