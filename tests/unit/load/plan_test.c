/*
 * Campaign and scenario files with every problem they must give, as the user reads it.
 *
 * Each case is laid over a small faultless pair of files: a line of the base that begins with a
 * key of the case falls away, the case follows. Problems are told as "C:3:7: text" (campaign),
 * "S:…" (scenario), with "warning: " before the text of a warning.
 */
#include "load/plan.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const base_campaign[] = {
	"campaign: demo",
	"scenario: s.yaml",
	"list: {file: a.csv, phone: mobile}",
	"agent: agent-1",
	"hours: {open: {daily: [\"00:00-24:00\"]}}",
	"params: {customerName: \"{{name}}\"}",
	NULL,
};

static const char *const base_scenario[] = {
	"scenario: demo",
	"variables: {customerName: {type: text, required: true}}",
	NULL,
};

static char dir[] = "/tmp/nida-plan-XXXXXX";
static char campaign_path[64];
static char scenario_path[64];

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(campaign_path, sizeof(campaign_path), "%s/c.yaml", dir);
	snprintf(scenario_path, sizeof(scenario_path), "%s/s.yaml", dir);
	(void)unsetenv("HAMSA_VOICE_AGENT_ID");
	(void)setenv("T_CPM", "lots", 1);
	(void)setenv("T_OK", "7", 1);
	(void)setenv("T_FROM", "+968 2400 0000", 1);
	return setenv("T_AGENT", "agent-ar", 1);
}

static int remove_dir(void **state)
{
	(void)state;
	(void)unlink(campaign_path);
	(void)unlink(scenario_path);
	return rmdir(dir);
}

/* Does a line of `text` begin with the key of this line? */
static bool overrides(const char *text, const char *line)
{
	size_t length = (size_t)(strchr(line, ':') - line) + 1;

	for (const char *p = text; p; p = strchr(p, '\n'), p = p ? p + 1 : NULL)
		if (strncmp(p, line, length) == 0)
			return true;
	return false;
}

static void write_file(const char *path, const char *const *base, const char *text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	for (; *base; base++)
		if (!overrides(text, *base))
			fprintf(file, "%s\n", *base);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static struct plan *load_for(bool allow_unset, const char *campaign, const char *scenario,
			     struct buf *told)
{
	struct problems problems = {0};
	struct env *env;
	struct err e;

	write_file(campaign_path, base_campaign, campaign);
	write_file(scenario_path, base_scenario, scenario);
	assert_true(env_load(NULL, campaign_path, &env, &e));
	if (allow_unset)
		env_allow_unset(env);
	struct plan *plan = plan_load(campaign_path, env, &problems);
	buf_init(told, 64 * 1024);
	for (size_t i = 0; i < problems.count; i++) {
		const struct problem *p = &problems.items[i];
		const char *file = strcmp(p->file, campaign_path) == 0   ? "C"
				   : strcmp(p->file, scenario_path) == 0 ? "S"
									 : p->file;
		buf_addf(told, "%s%s:%d:%d: %s%s", i ? "\n" : "", file, p->line, p->column,
			 p->level == PROBLEM_WARNING ? "warning: " : "", p->text);
	}
	assert_int_equal(plan == NULL, problems.errors > 0);
	problems_free(&problems);
	env_free(env);
	return plan;
}

static struct plan *load(const char *campaign, const char *scenario, struct buf *told)
{
	return load_for(false, campaign, scenario, told);
}

static const struct {
	const char *campaign;
	const char *scenario;
	const char *expected;
} cases[] = {
	{"", "", ""},
	{"campaign: \"-x\"", "",
	 "C:6:11: campaign: expected a name of letters a-z, digits and '-', at most 64, the "
	 "first no '-'; found '-x'."},
	{"campaign: حملة", "",
	 "C:6:11: campaign: expected a name of letters a-z, digits and '-', at most 64, the "
	 "first no '-'; found 'حملة'."},
	{"campaign:", "",
	 "C:6:10: campaign: expected a name of letters a-z, digits and '-', at most 64, the "
	 "first no '-'; found nothing."},
	{"campaign: [a]", "",
	 "C:6:11: campaign: expected a name of letters a-z, digits and '-', at most 64, the "
	 "first no '-'; found a list."},
	{"campain: x", "", "C:7:1: campain: this key is not known; did you mean 'campaign'?"},
	{"bogus_key: x", "",
	 "C:7:1: bogus_key: this key is not known; expected one of campaign, scenario, "
	 "list, from, agent, params, pace, hours, retry, guard, suppress, poll, in_doubt, "
	 "report, on_finish."},
	{"list: {phone: m}", "", "C:6:1: list.file: this key is missing; it has no default."},
	{"list: {file: a.csv}", "", "C:6:1: list.phone: this key is missing; it has no default."},
	{"list: x", "", "C:6:7: list: expected a map of keys and values; found 'x'."},
	{"list: {file: a.csv, phone: \"  \"}", "",
	 "C:6:28: list.phone: expected the name of a column of the list; found '  '."},
	{"list: {file: a.csv, phone: m, country: XX}", "",
	 "C:6:40: list.country: found 'XX'; expected one of OM, AE, SA, QA, BH, KW."},
	{"list: {file: a.csv, phone: m, country: om}", "",
	 "C:6:40: list.country: found 'om'; did you mean 'OM'?"},
	{"list: {file: a.csv, phone: m, duplicates: all}", "",
	 "C:6:43: list.duplicates: 'all' calls every row of a number, so something else "
	 "must tell the rows apart; name that column in list.key."},
	{"list: {file: a.csv, phone: m, key: id, duplicates: all}", "", ""},
	{"list: {file: a.csv, phone: m, duplicates: frist, encoding: utf8}", "",
	 "C:6:43: list.duplicates: found 'frist'; did you mean 'first'?\n"
	 "C:6:60: list.encoding: found 'utf8'; did you mean 'utf-8'?"},
	{"list: {file: a.csv, phone: m, accept: [landline]}", "",
	 "C:6:39: list.accept: mobile numbers cannot be left out; expected [mobile] or "
	 "[mobile, landline]."},
	{"list: {file: a.csv, phone: m, accept: mobile}", "",
	 "C:6:39: list.accept: expected a list of mobile and landline; found 'mobile'."},
	{"list: {file: a.csv, phone: m, accept: [mobile, mobil]}", "",
	 "C:6:48: item 2 of list.accept: found 'mobil'; did you mean 'mobile'?"},
	{"list: {file: a.csv, phone: m, colour: red, languag: l}", "",
	 "C:6:31: list.colour: this key is not known; expected one of file, phone, key, "
	 "language, timezone, consent, country, accept, duplicates, encoding.\n"
	 "C:6:44: list.languag: this key is not known; did you mean 'language'?"},
	{"from: 24000000", "",
	 "C:7:7: from: expected the caller's number in full, with '+' and its country code, "
	 "such as +96824000000."},
	{"from: ${T_CPM}", "",
	 "C:7:7: from: expected the caller's number in full, with '+' and its country code, "
	 "such as +96824000000."},
	{"from: ${T_UNSET}", "",
	 "C:7:7: from: the variable T_UNSET is not set; set it in the environment or in the "
	 "env file."},
	{"from: ${T_UNSET", "",
	 "C:7:7: from: '${' begins a variable here; expected ${NAME} with letters, digits "
	 "and '_'."},
	{"from: \"${}\"", "",
	 "C:7:7: from: '${' begins a variable here; expected ${NAME} with letters, digits "
	 "and '_'."},
	{"agent: {fr: x}", "", "C:6:9: agent.fr: this key is not known; expected one of ar, en."},
	{"agent: \"a b\"", "",
	 "C:6:8: agent: expected an agent's id, such as "
	 "d949f13f-40d2-4e48-ac86-b66633070603; found 'a b'."},
	{"agent: {en: x}", "",
	 "C:6:8: agent: list.language is not set, so every customer is called in Arabic, "
	 "but there is no agent for 'ar'."},
	/* With a column for the language, one agent may be enough: rows of the other are told
	 * so. */
	{"list: {file: a.csv, phone: m, language: lang}\nagent: {en: x}", "", ""},
	{"agent: \"\"", "",
	 "C:6:8: agent: expected an agent's id, such as "
	 "d949f13f-40d2-4e48-ac86-b66633070603; found nothing."},
	{"pace: {calls_per_minute: 0, live: many}", "",
	 "C:7:26: pace.calls_per_minute: expected a whole number from 1 on; found "
	 "'0'.\n"
	 "C:7:35: pace.live: expected a whole number from 1 on; found 'many'."},
	{"pace: {calls_per_minute: 1.5, live: -1}", "",
	 "C:7:26: pace.calls_per_minute: expected a whole number from 1 on; found "
	 "'1.5'.\n"
	 "C:7:37: pace.live: expected a whole number from 1 on; found '-1'."},
	{"pace: {calls_per_minute: 1000000, live: 1000000}", "", ""},
	{"pace: {calls_per_minute: 9223372036854775807, live: 9223372036854775808}", "",
	 "C:7:53: pace.live: expected a whole number from 1 on; found "
	 "'9223372036854775808'."},
	{"pace: {live: 99999999999999999999}", "",
	 "C:7:14: pace.live: expected a whole number from 1 on; found "
	 "'99999999999999999999'."},
	{"pace: {calls_per_minute: \"${T_CPM}\"}", "",
	 "C:7:26: pace.calls_per_minute: expected a whole number from 1 on; found "
	 "'${T_CPM}'."},
	{"pace: {live: \"${T_OK}\"}", "", ""},
	{"pace: {lives: 3}", "", "C:7:8: pace.lives: this key is not known; did you mean 'live'?"},
	{"pace: 30", "", "C:7:7: pace: expected a map of keys and values; found '30'."},
	{"pace:", "", "C:7:6: pace: expected a map of keys and values; found nothing."},
	{"hours: {timezone: Asia/Nowhere}", "",
	 "C:0:0: warning: no hours are set: customers are called at any time of day and "
	 "night.\n"
	 "C:6:19: hours.timezone: 'Asia/Nowhere' is not a time zone of this machine's zone "
	 "database; expected an IANA name such as Asia/Muscat."},
	{"hours: {timezone: \"${T_CPM}\", open: {fri: closed, sat: [\"09:00-10:00\"]}}", "",
	 "C:6:19: hours.timezone: expected a time zone such as Asia/Muscat; found "
	 "'${T_CPM}'."},
	{"hours: {open: {}}", "",
	 "C:6:15: hours.open: expected days with their hours, such as {sun-thu: "
	 "[\"09:00-13:00\"]}; found an empty map."},
	{"hours: {open: {daily: closed}}", "",
	 "C:6:15: hours.open: no day is open; nobody would ever be called."},
	{"hours: {open: {sun: [\"09:00-13:00\", \"12:00-14:00\"]}}", "",
	 "C:6:37: item 2 of hours.open.sun: '12:00-14:00' overlaps item 1 of the same day."},
	{"hours: {open: {sun: [\"09:00-09:00\"]}}", "",
	 "C:6:22: item 1 of hours.open.sun: '09:00-09:00' is no span of hours: it ends "
	 "where it begins; a whole day is 00:00-24:00."},
	{"hours: {open: {sun: [\"9-13\"]}}", "",
	 "C:6:22: item 1 of hours.open.sun: '9-13' is no span of hours: it must be written "
	 "HH:MM-HH:MM, for example 09:00-13:00."},
	{"hours: {open: {sun: [\"09:00-25:00\"]}}", "",
	 "C:6:22: item 1 of hours.open.sun: '09:00-25:00' is no span of hours: its times "
	 "must lie between 00:00 and 24:00."},
	{"hours: {open: {sunday: [\"09:00-13:00\"]}}", "",
	 "C:6:16: hours.open.sunday: expected days such as sun-thu, fri, \"mon,wed\" or "
	 "daily."},
	{"hours: {open: {sun-tue: [\"09:00-13:00\"], mon: closed}}", "",
	 "C:6:42: hours.open.mon: a day of these has its hours already."},
	{"hours: {open: {sun: \"09:00-13:00\"}}", "",
	 "C:6:21: hours.open.sun: expected closed or a list of hours such as "
	 "[\"09:00-13:00\"]; found '09:00-13:00'."},
	{"hours: {open: {sun: [\"22:00-02:00\"]}}", "", ""},
	{"hours: {open: {daily: [\"01:00-02:00\", \"02:00-03:00\", \"03:00-04:00\", "
	 "\"04:00-05:00\", \"05:00-06:00\", \"06:00-07:00\", \"07:00-08:00\", "
	 "\"08:00-09:00\", \"09:00-10:00\"]}}",
	 "", "C:6:23: hours.open.daily: a day has at most 8 spans; found 9."},
	{"hours: {open: {sun: [\"09:00-13:00\"]}, except: {2026-02-30: closed, 2026-3-1: "
	 "closed, 2026-03-19..2026-02-18: closed}}",
	 "",
	 "C:6:48: hours.except.2026-02-30: expected a date such as 2026-11-18, or a range "
	 "such as 2026-02-18..2026-03-19, the first day first.\n"
	 "C:6:68: hours.except.2026-3-1: expected a date such as 2026-11-18, or a range "
	 "such as 2026-02-18..2026-03-19, the first day first.\n"
	 "C:6:86: hours.except.2026-03-19..2026-02-18: expected a date such as 2026-11-18, "
	 "or a range such as 2026-02-18..2026-03-19, the first day first."},
	{"hours: {except: {2026-11-18: closed}}", "",
	 "C:0:0: warning: no hours are set: customers are called at any time of day and "
	 "night.\n"
	 "C:6:8: hours: 'except' changes the hours of some dates, but 'open' is missing: "
	 "say when the other days are open."},
	{"hours: {until: \"2026-11-22\"}", "",
	 "C:0:0: warning: no hours are set: customers are called at any time of day and "
	 "night.\n"
	 "C:6:16: hours.until: expected a moment such as \"2026-11-22 20:00\" (in "
	 "hours.timezone); found '2026-11-22'."},
	{"hours: {open: {sun: [\"09:00-13:00\"]}, until: \"2026-11-22 25:00\"}", "",
	 "C:6:46: hours.until: expected a moment such as \"2026-11-22 20:00\" (in "
	 "hours.timezone); found '2026-11-22 25:00'."},
	{"hours: {until: \"2026-11-22 20:00\"}", "",
	 "C:0:0: warning: no hours are set: customers are called at any time of day and "
	 "night."},
	{"hours:\n"
	 "  opened: {sun: x}",
	 "",
	 "C:0:0: warning: no hours are set: customers are called at any time of day and "
	 "night.\n"
	 "C:7:3: hours.opened: this key is not known; did you mean 'open'?"},
	{"retry: {attempts: 3}", "",
	 "C:7:8: warning: retry: attempts is 3, but nothing stands under retry.on: nobody "
	 "is called a second time."},
	{"retry: {attempts: 0}", "",
	 "C:7:19: retry.attempts: expected a whole number from 1 to 20; found '0'."},
	{"retry: {attempts: 3, on: {}}", "",
	 "C:7:8: warning: retry: attempts is 3, but nothing stands under retry.on: nobody "
	 "is called a second time."},
	{"retry: {attempts: 3, on: {completed: [5m], busy: [1m], no_anser: [2m]}}", "",
	 "C:7:27: retry.on.completed: calls with this outcome are not tried again; expected "
	 "one of no_answer, failed.\n"
	 "C:7:44: retry.on.busy: calls with this outcome are not tried again; expected one "
	 "of no_answer, failed.\n"
	 "C:7:56: retry.on.no_anser: calls with this outcome are not tried again; did you "
	 "mean 'no_answer'?"},
	{"retry: {attempts: 3, on: {no_answer: [30m, 2h], failed: [5m]}}", "", ""},
	{"retry: {attempts: 2, on: {no_answer: [30m, 2h]}}", "",
	 "C:7:38: warning: retry.on.no_answer: 2 waits are given, but with retry.attempts 2 "
	 "only 1 can come to pass."},
	{"retry: {attempts: 1, on: {no_answer: [30m]}}", "",
	 "C:7:38: warning: retry.on.no_answer: 1 wait is given, but with retry.attempts 1 only 0 "
	 "can come to pass."},
	{"retry: {attempts: 2, on: {no_answer: 30m}}", "",
	 "C:7:38: retry.on.no_answer: expected a list of waits such as [30m, 2h]; found "
	 "'30m'."},
	{"retry: {attempts: 2, on: {no_answer: [30]}}", "",
	 "C:7:39: item 1 of retry.on.no_answer: expected a time from 1 s to 30 d, written "
	 "such as 90s, 30m, 4h or 7d; found '30'."},
	{"retry: {attempts: 2, on: {no_answer: [0s]}}", "",
	 "C:7:39: item 1 of retry.on.no_answer: expected a time from 1 s to 30 d, written "
	 "such as 90s, 30m, 4h or 7d; found '0s'."},
	{"retry: {attempts: 2, on: {no_answer: [31d]}}", "",
	 "C:7:39: item 1 of retry.on.no_answer: expected a time from 1 s to 30 d, written "
	 "such as 90s, 30m, 4h or 7d; found '31d'."},
	{"guard: {breaker: {failures: 150%}}", "",
	 "C:7:29: guard.breaker.failures: expected a share from 0% to 100%, such as 20%; "
	 "found '150%'."},
	{"guard: {breaker: {failures: 0.5, of_last: 0}}", "",
	 "C:7:29: guard.breaker.failures: expected a share from 0% to 100%, such as 20%; "
	 "found '0.5'.\n"
	 "C:7:43: guard.breaker.of_last: expected a whole number from 1 to 1000; found '0'."},
	{"guard: {breaker: {failures: 0%}}", "", ""},
	{"guard: {canary: {rows: 10}}", "",
	 "C:7:9: guard.canary.min_answered: this key is missing; it has no default."},
	{"guard: {canary: {rows: 0, min_answered: 20}}", "",
	 "C:7:24: guard.canary.rows: expected a whole number from 1 to 1000000; found '0'.\n"
	 "C:7:41: guard.canary.min_answered: expected a share from 0% to 100%, such as 20%; "
	 "found '20'."},
	{"guard: {budget: -1}", "",
	 "C:7:17: guard.budget: expected an amount above 0; found '-1'."},
	{"guard: {budget: 12.5 OMR}", "",
	 "C:7:17: guard.budget: expected a number such as 12.500; found '12.5 OMR'."},
	{"guard: {budget: \"12,500\"}", "",
	 "C:7:17: guard.budget: expected a number such as 12.500; found '12,500'."},
	{"guard: {budget: 25.000, per_person: {min_gap: 4h, per_day: 1, per_week: 3}}", "", ""},
	{"guard: {per_person: {min_gap: 4, per_day: x}}", "",
	 "C:7:31: guard.per_person.min_gap: expected a time from 1 s to 366 d, written such "
	 "as 90s, 30m, 4h or 7d; found '4'.\n"
	 "C:7:43: guard.per_person.per_day: expected a whole number from 1 to 100; found "
	 "'x'."},
	{"guard: {budge: 3}", "",
	 "C:7:9: guard.budge: this key is not known; did you mean 'budget'?"},
	{"suppress: dnc.csv", "",
	 "C:7:11: suppress: expected a list of files such as [do-not-call.csv]; found "
	 "'dnc.csv'."},
	{"suppress: [a.csv, a.csv]", "", "C:7:19: item 2 of suppress: 'a.csv' stands twice."},
	{"suppress: []", "", ""},
	{"suppress: [{a: b}]", "", "C:7:12: item 1 of suppress: expected text; found a map."},
	{"poll: 500ms", "",
	 "C:7:7: poll: expected a time from 1 s to 10 min, written such as 90s, 30m, 4h or "
	 "7d; found '500ms'."},
	{"poll: 5", "",
	 "C:7:7: poll: expected a time from 1 s to 10 min, written such as 90s, 30m, 4h or "
	 "7d; found '5'."},
	{"in_doubt: {settle: never, then: redail}", "",
	 "C:7:20: in_doubt.settle: expected a time from 1 s to 1 d, written such as 90s, "
	 "30m, 4h or 7d; found 'never'.\n"
	 "C:7:33: in_doubt.then: found 'redail'; did you mean 'redial'?"},
	{"report: {formats: [csv, pdf]}", "",
	 "C:7:25: item 2 of report.formats: found 'pdf'; expected one of csv, html, json."},
	{"report: {formats: []}", "",
	 "C:7:19: report.formats: expected a list of csv, html and json; found an empty "
	 "list."},
	{"report: {formats: [csv, csv], recordings: copy, every: 1, dir: \"\"}", "",
	 "C:7:25: item 2 of report.formats: 'csv' stands twice.\n"
	 "C:7:43: report.recordings: found 'copy'; expected one of link, download.\n"
	 "C:7:56: report.every: expected a time from 1 s to 1 d, written such as 90s, 30m, "
	 "4h or 7d; found '1'.\n"
	 "C:7:64: report.dir: expected a path, relative to this file; found nothing."},
	{"on_finish: notify.sh", "",
	 "C:7:12: on_finish: expected a program and its arguments, such as "
	 "[\"./notify.sh\"]; found 'notify.sh'."},
	{"params: {customerName: \"{{name\"}", "",
	 "C:6:25: params.customerName: '{{' opens a name that is not closed; expected '}}' "
	 "after it."},
	{"params: {customerName: \"مرحبا {{name}} {{}}\"}", "",
	 "C:6:40: params.customerName: '{{}}' has no name in it; expected the name of a "
	 "column or variable, such as {{customer_name}}."},
	{"params: {customerName: {{name}}}", "",
	 "C:6:25: A key must be plain text; a value that begins with {{ needs quotes: "
	 "\"{{…}}\"."},
	{"params: {customerNam: x}", "",
	 "C:6:1: params.customerName: the scenario requires this variable, and nothing "
	 "supplies it.\n"
	 "C:6:10: warning: params.customerNam: the scenario has no such variable, so it is "
	 "sent unchecked; did you mean 'customerName'?"},
	{"params: {customerName: x, extra: y}", "",
	 "C:6:27: warning: params.extra: the scenario has no such variable, so it is sent "
	 "unchecked; expected customerName."},
	{"params: {customerName: x, language: y, nidaRef: z}", "",
	 "C:6:27: params.language: nida sends this one itself; leave it out.\n"
	 "C:6:40: params.nidaRef: nida sends this one itself; leave it out."},
	{"params: {customerName: \"${T_UNSET}\"}", "",
	 "C:6:24: params.customerName: the variable T_UNSET is not set; set it in the "
	 "environment or in the env file."},
	{"params: x", "",
	 "C:6:1: params.customerName: the scenario requires this variable, and nothing "
	 "supplies it.\n"
	 "C:6:9: params: expected names with values, such as {customerName: \"{{name}}\"}; "
	 "found 'x'."},
	{"params: {customerName: |\n"
	 "    one\n"
	 "    two {{x}} and {{\n"
	 "  }",
	 "", "C:6:24: This is not valid YAML: found character that cannot start any token."},
	{"params:\n"
	 "  customerName: |\n"
	 "    one {{x}}\n"
	 "    two {{x}} and {{y",
	 "",
	 "C:9:19: params.customerName: '{{' opens a name that is not closed; expected '}}' "
	 "after it."},
	{"agent: x",
	 "agent: inline\n"
	 "prompt: {ar: س}\n"
	 "first_message: {ar: س}",
	 "C:6:8: warning: agent: the scenario brings its own agent (agent: inline), so this "
	 "one is not used."},
	{"", "agent: inline",
	 "C:4:8: warning: agent: the scenario brings its own agent (agent: inline), so this "
	 "one is not used.\n"
	 "S:3:8: agent: an inline agent needs a prompt and a first_message."},
	{"",
	 "agent: inline\n"
	 "prompt: {ar: س, en: a}\n"
	 "first_message: {ar: س}",
	 "C:4:8: warning: agent: the scenario brings its own agent (agent: inline), so this "
	 "one is not used.\n"
	 "S:3:8: agent: an inline agent needs prompt and first_message in the same "
	 "languages; one of the two has no 'en'."},
	{"", "agent: dashbord", "S:3:8: agent: found 'dashbord'; did you mean 'dashboard'?"},
	{"", "title: Reminder",
	 "S:3:8: title: expected texts by language: {ar: …, en: …}; found 'Reminder'."},
	{"", "title: {en: a, fr: b}",
	 "S:3:16: title.fr: this key is not known; expected one of ar, en."},
	{"", "scenario: a_b",
	 "S:2:11: scenario: expected a name of letters a-z, digits and '-', at most 64, the "
	 "first no '-'; found 'a_b'."},
	{"", "variables: {customerName: {}}",
	 "S:2:13: variables.customerName.type: this key is missing; it has no default."},
	{"", "variables: {customerName: text}",
	 "S:2:27: variables.customerName: expected a map of keys and values; found 'text'."},
	{"", "variables: {customerName: {type: txt, requird: true}}",
	 "S:2:34: variables.customerName.type: found 'txt'; did you mean 'text'?\n"
	 "S:2:39: variables.customerName.requird: this key is not known; did you mean "
	 "'required'?"},
	{"",
	 "variables: {customerName: {type: text}, 1a: {type: text}, a-b: {type: text}, "
	 "language: {type: text}}",
	 "S:2:41: variables.1a: expected a name of letters a-z, digits and '_', at most 64, "
	 "the first no digit.\n"
	 "S:2:59: variables.a-b: expected a name of letters a-z, digits and '_', at most "
	 "64, the first no digit.\n"
	 "S:2:78: variables.language: nida sends this name itself; choose another."},
	{"", "variables: {customerName: {type: text, required: maybe}}",
	 "S:2:50: variables.customerName.required: expected true or false; found 'maybe'."},
	{"", "variables: {customerName: {type: text, decimals: 2, of: [a]}}",
	 "S:2:50: variables.customerName.decimals: a text has no 'decimals'.\n"
	 "S:2:57: variables.customerName.of: a text has no 'of'."},
	{"", "variables: {customerName: {type: text, min: 5, max: 4}}",
	 "S:2:53: variables.customerName.max: 'max' is smaller than 'min'."},
	{"", "variables: {customerName: {type: text, max: 0}}",
	 "S:2:45: variables.customerName.max: expected a whole number from 1 to 4000; found "
	 "'0'."},
	{"", "variables: {customerName: {type: text, max: 4001}}",
	 "S:2:45: variables.customerName.max: expected a whole number from 1 to 4000; found "
	 "'4001'."},
	{"",
	 "variables: {customerName: {type: money, min: 5, max: 1, currency: omr, decimals: "
	 "7}}",
	 "S:2:54: variables.customerName.max: 'max' is smaller than 'min'.\n"
	 "S:2:67: variables.customerName.currency: expected three capital letters such as "
	 "OMR; found 'omr'.\n"
	 "S:2:82: variables.customerName.decimals: expected a whole number from 0 to 6; "
	 "found '7'."},
	{"", "variables: {customerName: {type: money, min: cheap}}",
	 "S:2:46: variables.customerName.min: expected a number such as 12.500; found "
	 "'cheap'."},
	{"", "variables: {customerName: {type: date, in: [\"%Y-%m\"], out: \"%Q\"}}",
	 "S:2:45: item 1 of variables.customerName.in: expected a date form with day, month "
	 "and year (%d %m %Y %y %b %B %e), such as %d/%m/%Y; found '%Y-%m'.\n"
	 "S:2:60: variables.customerName.out: expected a date form of %d %-d %m %-m %Y %B "
	 "%b %A %a, such as \"%-d %B %Y\"; found '%Q'."},
	{"", "variables: {customerName: {type: date, in: \"%Y-%m-%d\"}}",
	 "S:2:44: variables.customerName.in: expected a list of date forms such as "
	 "[\"%Y-%m-%d\"]; found '%Y-%m-%d'."},
	{"", "variables: {customerName: {type: choice}}",
	 "S:2:27: variables.customerName: a choice needs 'of', the list of what can be "
	 "chosen."},
	{"", "variables: {customerName: {type: choice, of: [a, a]}}",
	 "S:2:50: item 2 of variables.customerName.of: 'a' stands twice."},
	{"", "outcome: {d: {type: choice, of: {a: {en: A}, b: {fr: B}}}}",
	 "S:3:50: outcome.d.of.b.fr: this key is not known; expected one of ar, en."},
	{"", "outcome: {d: {type: choice, of: {a: A}}}",
	 "S:3:37: outcome.d.of.a: expected texts by language: {ar: …, en: …}; found 'A'."},
	{"", "outcome: {d: {type: choice, of: {}}}",
	 "S:3:33: outcome.d.of: expected a list of choices such as [yes, no], or each with its "
	 "label, such as {yes: {en: Yes, ar: نعم}, …}; found an empty map."},
	{"", "outcome: {d: {type: choice, of: {\"\": {en: A}}}}",
	 "S:3:33: outcome.d.of: a choice cannot be empty."},
	{"", "variables: {customerName: {type: choice, of: [a, b], default: c}}",
	 "S:2:63: variables.customerName.default: the default 'c' is not one of the "
	 "choices; expected one of: a, b."},
	{"", "variables: {customerName: {type: money, default: a lot}}",
	 "S:2:50: variables.customerName.default: the default 'a lot' is not a number; "
	 "expected digits such as 1234 or 12.5."},
	{"", "variables: {customerName: {type: text}, dueDate: {type: date, required: true}}",
	 "C:6:1: params.dueDate: the scenario requires this variable, and nothing supplies "
	 "it."},
	{"",
	 "variables: {customerName: {type: text}, dueDate: {type: date, required: true, "
	 "default: 2026-11-22}}",
	 ""},
	{"", "prompt: {en: \"Hello {{customerNme}}, {{ language }}\"}",
	 "S:3:21: prompt.en: {{customerNme}} is no variable of this scenario; did you mean "
	 "'customerName'?"},
	{"",
	 "prompt:\n"
	 "  en: |\n"
	 "    Hello {{customerName}}\n"
	 "    and {{nobody}} and {{dueDat}}\n",
	 "S:6:9: prompt.en: {{nobody}} is no variable of this scenario; expected "
	 "customerName.\n"
	 "S:6:24: prompt.en: {{dueDat}} is no variable of this scenario; expected "
	 "customerName."},
	{"", "first_message: {en: \"Hello {{customerName\"}",
	 "S:3:28: first_message.en: '{{' opens a name that is not closed; expected '}}' "
	 "after it."},
	{"", "first_message: {en: \"{{{customerName}}}, {{x}}\"}",
	 "S:3:42: first_message.en: {{x}} is no variable of this scenario; expected "
	 "customerName."},
	{"", "outcome: {d: {type: choice, of: [a, b], required: true}}",
	 "S:3:51: outcome.d.required: what a call finds out cannot be required."},
	{"",
	 "outcome: {d: {type: choice, of: [a, b]}}\n"
	 "suppress_when: {d: c}",
	 "S:4:20: suppress_when.d: found 'c'; expected one of a, b."},
	{"",
	 "outcome: {dis: {type: text}}\n"
	 "suppress_when: {dist: c}",
	 "S:4:17: suppress_when.dist: this is no field under outcome; did you mean 'dis'?"},
	{"", "suppress_when: {d: c}",
	 "S:3:17: suppress_when.d: this is no field under outcome; there are none."},
	{"", "outcome: {d: {type: date, default: x}}",
	 "S:3:36: outcome.d.default: what a call finds out has no default."},
	{"", "rehearsal: {answer: 50%}",
	 "S:3:12: rehearsal: answer, no_answer and failed must add up to 100%; they add up "
	 "to 50%."},
	{"",
	 "rehearsal: {answer: 62%, no_answer: 28%, failed: 10%, talk: 180s-20s, "
	 "cost_per_minute: -1}",
	 "S:3:61: rehearsal.talk: expected two times up to 2h, the shorter first, such as "
	 "20s-180s; found '180s-20s'.\n"
	 "S:3:88: rehearsal.cost_per_minute: expected an amount of 0 or more; found '-1'."},
	{"", "rehearsal: {talk: 20}",
	 "S:3:19: rehearsal.talk: expected two times up to 2h, the shorter first, such as "
	 "20s-180s; found '20'."},
	{"", "rehearsal: {answer: 33.3%, no_answer: 33.3%, failed: 33.4%}", ""},
	{"pace: {live: 0}\n"
	 "retry: {attempts: x}\n"
	 "guard: {budge: 1}",
	 "variables: {customerName: {type: tex}}\n"
	 "rehearsal: {talk: x}",
	 "C:7:14: pace.live: expected a whole number from 1 on; found '0'.\n"
	 "C:8:19: retry.attempts: expected a whole number from 1 to 20; found 'x'.\n"
	 "C:9:9: guard.budge: this key is not known; did you mean 'budget'?\n"
	 "S:2:34: variables.customerName.type: found 'tex'; did you mean 'text'?\n"
	 "S:3:19: rehearsal.talk: expected two times up to 2h, the shorter first, such as "
	 "20s-180s; found 'x'."},
	{"- a\n"
	 "- b",
	 "", "C:7:1: This is not valid YAML: did not find expected key."},
	{"pace: {live: 3, live: 4}", "",
	 "C:7:17: pace.live: this key stands twice; the first is on line 7."},
	{"pace: &a {live: 3}\n"
	 "retry: *a",
	 "",
	 "C:7:7: Anchors (&name) are not used here; write the value itself.\n"
	 "C:8:8: Aliases (*name) are not used here; write the value itself, in quotes if it "
	 "begins with '*'."},
};

static void gives_every_problem(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf told;
		struct plan *plan = load(cases[i].campaign, cases[i].scenario, &told);

		if (strcmp(told.data, cases[i].expected) != 0)
			fail_msg("case %zu gave:\n%s\nexpected:\n%s\nfor:\n%s\n%s", i, told.data,
				 cases[i].expected, cases[i].campaign, cases[i].scenario);
		if (plan)
			plan_free(plan);
		buf_free(&told);
	}
}

static void says_when_a_file_is_not_there(void **state)
{
	struct problems problems = {0};
	struct env *env;
	struct err e;
	struct buf told;

	(void)state;
	assert_true(env_load(NULL, NULL, &env, &e));
	assert_null(plan_load("/nowhere/c.yaml", env, &problems));
	assert_int_equal(problems.count, 1);
	assert_string_equal(problems.items[0].text,
			    "The campaign file '/nowhere/c.yaml' does not exist.");
	problems_free(&problems);
	env_free(env);

	assert_null(load("scenario: /nowhere/s.yaml\n", "", &told));
	assert_string_equal(told.data,
			    "/nowhere/s.yaml:0:0: The scenario file '/nowhere/s.yaml' does "
			    "not exist.");
	buf_free(&told);
	assert_null(load("scenario: /tmp\n", "", &told));
	assert_string_equal(told.data,
			    "/tmp:0:0: The scenario file '/tmp' is a directory; expected a file.");
	buf_free(&told);
}

/* A plan that must load without any problem but those expected. */
static struct plan *load_well(const char *campaign, const char *scenario, const char *expected)
{
	struct buf told;
	struct plan *plan = load(campaign, scenario, &told);

	if (!plan || strcmp(told.data, expected) != 0)
		fail_msg("%s", told.data);
	buf_free(&told);
	return plan;
}

#define NO_HOURS \
	"C:0:0: warning: no hours are set: customers are called at any time of day and night."

static const char bare_campaign[] =
	"campaign: bare\nscenario: s.yaml\nlist: {file: a.csv, phone: mobile}\nagent: x\n"
	"hours: {timezone: Asia/Muscat}\nparams: {customerName: x}\n";

static void has_defaults(void **state)
{
	struct plan *plan = load_well(bare_campaign, "", NO_HOURS);
	const struct campaign *c = &plan->campaign;
	char reports[128];

	(void)state;
	assert_string_equal(c->name, "bare");
	assert_null(c->from);
	assert_null(c->list.key);
	assert_null(c->list.language);
	assert_null(c->list.timezone);
	assert_null(c->list.consent);
	assert_int_equal(c->list.country, PHONE_ANY);
	assert_false(c->list.mobile_only);
	assert_int_equal(c->list.duplicates, DUPLICATES_FIRST);
	assert_int_equal(c->list.encoding, ENCODING_AUTO);
	assert_int_equal(c->calls_per_minute, 10);
	assert_int_equal(c->live, 5);
	assert_string_equal(zone_name(c->zone), "Asia/Muscat");
	assert_true(c->hours.always);
	assert_false(c->hours.has_until);
	assert_int_equal(c->retry.attempts, 1);
	for (int i = 0; i < OUTCOME_COUNT; i++)
		assert_int_equal(c->retry.on[i].count, 0);
	assert_true(c->guard.breaker.failures == 0.5);
	assert_int_equal(c->guard.breaker.of_last, 20);
	assert_int_equal(c->guard.canary.rows, 0);
	assert_false(c->guard.has_budget);
	assert_int_equal(c->guard.person.min_gap_ms, 0);
	assert_int_equal(c->guard.person.per_day, 0);
	assert_int_equal(c->guard.person.per_week, 0);
	assert_int_equal(c->suppress_count, 0);
	assert_int_equal(c->poll_ms, 5000);
	assert_int_equal(c->settle_ms, 5 * MINUTE_MS);
	assert_int_equal(c->in_doubt, IN_DOUBT_REDIAL);
	snprintf(reports, sizeof(reports), "%s/../reports", dir);
	assert_string_equal(c->report_dir, reports);
	assert_int_equal(c->report_formats, REPORT_CSV | REPORT_HTML | REPORT_JSON);
	assert_int_equal(c->recordings, RECORDINGS_LINK);
	assert_int_equal(c->report_every_ms, MINUTE_MS);
	assert_int_equal(c->on_finish_count, 0);
	plan_free(plan);
}

static const char full_campaign[] =
	"campaign: payment-reminder\n"
	"scenario: s.yaml\n"
	"list:\n"
	"  file: customers.csv\n"
	"  phone: رقم الجوال\n"
	"  key: account no\n"
	"  language: lang\n"
	"  timezone: tz\n"
	"  consent: consent\n"
	"  country: OM\n"
	"  accept: [mobile]\n"
	"  duplicates: reject\n"
	"  encoding: windows-1256\n"
	"from: ${T_FROM}\n"
	"agent: {ar: \"${T_AGENT}\", en: agent-en}\n"
	"params:\n"
	"  customerName: \"{{customer_name}}\"\n"
	"  accountBalance: \"{{ balance }} due\"\n"
	"  dueDate: \"{{due_date}}\"\n"
	"pace: {calls_per_minute: 30, live: 10}\n"
	"hours:\n"
	"  timezone: Asia/Dubai\n"
	"  open: {sun-thu: [\"09:00-13:00\", \"16:00-20:00\"], sat: [\"22:00-02:00\"]}\n"
	"  except: {2026-11-18: closed, 2026-02-18..2026-03-19: [\"10:00-12:00\"]}\n"
	"  until: \"2026-11-22 20:00\"\n"
	"retry: {attempts: 3, on: {no_answer: [30m, 2h], failed: [5m]}}\n"
	"guard:\n"
	"  breaker: {failures: 40%, of_last: 30}\n"
	"  canary: {rows: 10, min_answered: 20%}\n"
	"  budget: 25.000\n"
	"  per_person: {min_gap: 4h, per_day: 1, per_week: 3}\n"
	"suppress: [do-not-call.csv, /etc/dnc.csv]\n"
	"poll: 7s\n"
	"in_doubt: {settle: 6m, then: hold}\n"
	"report: {dir: out, formats: [csv, json], recordings: download, every: 90s}\n"
	"on_finish: [\"./notify.sh\", \"./done\"]\n";

static const char full_scenario[] =
	"scenario: payment-reminder\n"
	"title: {en: Payment reminder, ar: تذكير بالدفع}\n"
	"variables:\n"
	"  customerName:   {type: text, required: true, max: 80, label: {en: Customer, ar: "
	"العميل}}\n"
	"  accountBalance: {type: money, required: yes, min: 0.001, currency: OMR, decimals: 3}\n"
	"  dueDate:        {type: date, required: true, in: [\"%Y-%m-%d\", \"%d/%m/%Y\"], "
	"out: \"%-d %B %Y\"}\n"
	"  plan:           {type: choice, of: [a, b], default: b}\n"
	"prompt: {ar: \"مرحبا {{customerName}}\", en: \"Hello {{customerName}}\"}\n"
	"first_message: {ar: \"مرحبا\", en: \"Hello\"}\n"
	"agent: dashboard\n"
	"outcome:\n"
	"  promisedDate: {type: date, label: {en: Promised date, ar: تاريخ الوعد}}\n"
	"  disposition:  {type: choice, of: [will_pay, do_not_call]}\n"
	"  reached:      {type: choice, of: {me: {en: Me, ar: أنا}, other: {en: Another}}}\n"
	"suppress_when: {disposition: do_not_call}\n"
	"rehearsal: {answer: 50%, no_answer: 30%, failed: 20%, talk: 10s-2m, cost_per_minute: "
	"0.07}\n";

static void in_folder(const char *path, const char *name)
{
	char expected[160];

	snprintf(expected, sizeof(expected), "%s/%s", dir, name);
	assert_string_equal(path, expected);
}

static void takes_every_key_of_a_campaign(void **state)
{
	struct plan *plan = load_well(full_campaign, full_scenario, "");
	const struct campaign *c = &plan->campaign;
	const struct retry_waits *waits = c->retry.on;

	(void)state;
	in_folder(c->scenario_file, "s.yaml");
	in_folder(c->list.file, "customers.csv");
	assert_string_equal(c->list.phone, "رقم الجوال");
	assert_string_equal(c->list.key, "account no");
	assert_string_equal(c->list.language, "lang");
	assert_string_equal(c->list.timezone, "tz");
	assert_string_equal(c->list.consent, "consent");
	assert_int_equal(c->list.country, PHONE_OM);
	assert_true(c->list.mobile_only);
	assert_int_equal(c->list.duplicates, DUPLICATES_REJECT);
	assert_int_equal(c->list.encoding, ENCODING_WINDOWS_1256);
	assert_string_equal(c->from, "+96824000000");
	assert_string_equal(c->agent[LANGUAGE_AR], "agent-ar");
	assert_string_equal(c->agent[LANGUAGE_EN], "agent-en");
	assert_int_equal(c->param_count, 3);
	assert_string_equal(c->params[1].name, "accountBalance");
	assert_int_equal(c->params[1].line, 18);
	assert_int_equal(c->params[1].column, 3);
	assert_string_equal(c->params[1].value.parts[0].text, "balance");
	assert_int_equal(c->calls_per_minute, 30);
	assert_int_equal(c->live, 10);
	assert_int_equal(waits[OUTCOME_NO_ANSWER].count, 2);
	assert_int_equal(waits[OUTCOME_NO_ANSWER].ms[1], 2 * HOUR_MS);
	assert_int_equal(waits[OUTCOME_FAILED].ms[0], 5 * MINUTE_MS);
	assert_int_equal(c->retry.attempts, 3);
	assert_int_equal(c->suppress_count, 2);
	in_folder(c->suppress[0], "do-not-call.csv");
	assert_string_equal(c->suppress[1], "/etc/dnc.csv");
	assert_int_equal(c->poll_ms, 7000);
	assert_int_equal(c->settle_ms, 6 * MINUTE_MS);
	assert_int_equal(c->in_doubt, IN_DOUBT_HOLD);
	in_folder(c->report_dir, "out");
	assert_int_equal(c->report_formats, REPORT_CSV | REPORT_JSON);
	assert_int_equal(c->recordings, RECORDINGS_DOWNLOAD);
	assert_int_equal(c->report_every_ms, 90000);
	assert_int_equal(c->on_finish_count, 2);
	in_folder(c->on_finish[0], "./notify.sh");
	assert_string_equal(c->on_finish[1], "./done");
	plan_free(plan);
}

static void takes_hours_and_guards(void **state)
{
	struct plan *plan = load_well(full_campaign, full_scenario, "");
	const struct hours *h = &plan->campaign.hours;
	const struct guard *g = &plan->campaign.guard;
	int64_t until;

	(void)state;
	assert_false(h->always);
	for (int day = 0; day <= 4; day++)
		assert_int_equal(h->week[day].count, 2);
	assert_int_equal(h->week[5].count, 0);
	assert_int_equal(h->week[6].spans[0].from, 1320);
	assert_int_equal(h->week[6].spans[0].to, 1560);
	assert_int_equal(h->exception_count, 2);
	assert_int_equal(h->exceptions[0].first_day, days_from_date(2026, 11, 18));
	assert_int_equal(h->exceptions[0].last_day, days_from_date(2026, 11, 18));
	assert_int_equal(h->exceptions[0].day.count, 0);
	assert_int_equal(h->exceptions[1].last_day - h->exceptions[1].first_day, 29);
	assert_int_equal(h->exceptions[1].day.spans[0].from, 600);
	assert_true(moment_parse_iso("2026-11-22T20:00:00+04:00", &until));
	assert_true(h->has_until);
	assert_int_equal(h->until_ms, until);
	assert_string_equal(zone_name(plan->campaign.zone), "Asia/Dubai");
	assert_true(g->breaker.failures == 0.4);
	assert_int_equal(g->breaker.of_last, 30);
	assert_int_equal(g->canary.rows, 10);
	assert_true(g->canary.min_answered == 0.2);
	assert_true(g->has_budget);
	assert_int_equal(g->budget.micro, 25000000);
	assert_int_equal(g->person.min_gap_ms, 4 * HOUR_MS);
	assert_int_equal(g->person.per_day, 1);
	assert_int_equal(g->person.per_week, 3);
	plan_free(plan);
}

static void takes_every_key_of_a_scenario(void **state)
{
	struct plan *plan = load_well(full_campaign, full_scenario, "");
	const struct scenario *s = &plan->scenario;
	const struct variable *v = s->variables;

	(void)state;
	assert_string_equal(s->title.text[LANGUAGE_EN], "Payment reminder");
	assert_int_equal(s->variable_count, 4);
	assert_int_equal(v[0].rule.type, VALUE_TEXT);
	assert_true(v[0].rule.required);
	assert_int_equal(v[0].rule.max_length, 80);
	assert_string_equal(v[0].label.text[LANGUAGE_AR], "العميل");
	assert_int_equal(v[1].rule.type, VALUE_MONEY);
	assert_true(v[1].rule.required && v[1].rule.has_min && !v[1].rule.has_max);
	assert_int_equal(v[1].rule.min.micro, 1000);
	assert_int_equal(v[1].rule.decimals, 3);
	assert_string_equal(v[1].rule.currency, "OMR");
	assert_int_equal(v[2].rule.in_count, 2);
	assert_string_equal(v[2].rule.out, "%-d %B %Y");
	assert_string_equal(v[3].rule.fallback, "b");
	assert_false(v[3].rule.required);
	assert_string_equal(s->prompt.text[LANGUAGE_EN], "Hello {{customerName}}");
	assert_string_equal(s->first_message.text[LANGUAGE_AR], "مرحبا");
	assert_false(s->inline_agent);
	assert_int_equal(s->outcome_count, 3);
	assert_int_equal(s->outcomes[1].rule.of_count, 2);
	assert_null(s->outcomes[1].rule.of_labels);
	assert_int_equal(s->outcomes[2].rule.of_count, 2);
	assert_string_equal(s->outcomes[2].rule.of[0], "me");
	assert_string_equal(s->outcomes[2].rule.of_labels[0].text[LANGUAGE_AR], "أنا");
	assert_null(s->outcomes[2].rule.of_labels[1].text[LANGUAGE_AR]);
	assert_int_equal(s->suppress_count, 1);
	assert_string_equal(s->suppress[0].field, "disposition");
	assert_string_equal(s->suppress[0].value, "do_not_call");
	assert_true(s->rehearsal.no_answer == 0.3);
	assert_int_equal(s->rehearsal.talk_min_ms, 10000);
	assert_int_equal(s->rehearsal.talk_max_ms, 120000);
	assert_int_equal(s->rehearsal.cost_per_minute.micro, 70000);
	plan_free(plan);
}

static void takes_the_agent_from_the_environment(void **state)
{
	static const char *const nothing = NULL;

	(void)state;
	write_file(scenario_path, base_scenario, "");
	write_file(campaign_path, &nothing,
		   "campaign: demo\nscenario: s.yaml\nlist: {file: a.csv, phone: m}\n"
		   "hours: {open: {fri: [\"09:00-10:00\"]}}\nparams: {customerName: x}\n");

	struct problems problems = {0};
	struct env *env;
	struct err e;
	assert_true(env_load(NULL, campaign_path, &env, &e));
	assert_null(plan_load(campaign_path, env, &problems));
	assert_int_equal(problems.count, 1);
	assert_non_null(
		strstr(problems.items[0].text, "set HAMSA_VOICE_AGENT_ID in the environment"));
	problems_free(&problems);

	assert_int_equal(setenv("HAMSA_VOICE_AGENT_ID", "from-env", 1), 0);
	struct plan *plan = plan_load(campaign_path, env, &problems);
	assert_non_null(plan);
	assert_string_equal(plan->campaign.agent[LANGUAGE_AR], "from-env");
	assert_string_equal(plan->campaign.agent[LANGUAGE_EN], "from-env");
	plan_free(plan);
	assert_int_equal(unsetenv("HAMSA_VOICE_AGENT_ID"), 0);

	/* An inline agent needs none. */
	write_file(scenario_path, base_scenario,
		   "agent: inline\nprompt: {ar: a}\nfirst_message: {ar: b}\n");
	plan = plan_load(campaign_path, env, &problems);
	assert_non_null(plan);
	assert_int_equal(problems.count, 0);
	assert_null(plan->campaign.agent[LANGUAGE_AR]);
	plan_free(plan);
	env_free(env);
}

/* The value of one setting after a change; the caller compares. */
static void setting_of(const char *campaign, const char *scenario, const char *key, char *out,
		       size_t size)
{
	struct buf told;
	struct plan *plan = load(campaign, scenario, &told);
	size_t count;

	if (!plan)
		fail_msg("%s", told.data);
	const struct plan_setting *s = plan_settings(plan, &count);
	*out = '\0';
	for (size_t i = 0; i < count; i++) {
		assert_true(i == 0 || strcmp(s[i - 1].key, s[i].key) < 0);
		if (strcmp(s[i].key, key) == 0)
			snprintf(out, size, "%s", s[i].value);
	}
	buf_free(&told);
	plan_free(plan);
}

static void tells_which_settings_make_another_run(void **state)
{
	static const struct {
		const char *campaign;
		const char *scenario;
		const char *key;
		bool differs;
	} changes[] = {
		{"agent: other", "", "agent.ar", true},
		{"agent: other", "", "agent.en", true},
		{"from: \"+96824000000\"", "", "from", true},
		{"params: {customerName: \"{{other}}\"}", "", "params.customerName", true},
		/* Blanks within the braces mean nothing. */
		{"params: {customerName: \"{{ name }}\"}", "", "params.customerName", false},
		{"params: {customerName: \"${T_OK}\"}", "", "params.customerName", true},
		{"list: {file: a.csv, phone: other}", "", "list.phone", true},
		{"list: {file: b.csv, phone: mobile}", "", "list.phone", false},
		{"list: {file: a.csv, phone: mobile, key: id}", "", "list.key", true},
		{"list: {file: a.csv, phone: mobile, country: OM}", "", "list.country", true},
		{"list: {file: a.csv, phone: mobile, accept: [mobile]}", "", "list.accept", true},
		{"list: {file: a.csv, phone: mobile, consent: c}", "", "list.consent", true},
		{"list: {file: a.csv, phone: mobile, duplicates: reject}", "", "list.duplicates",
		 true},
		{"", "variables: {customerName: {type: text, required: true, max: 9}}", "scenario",
		 true},
		{"", "variables: {customerName: {type: text, required: true, min: 9}}", "scenario",
		 true},
		{"", "variables: {customerName: {type: text, required: true, default: x}}",
		 "scenario", true},
		{"", "variables: {customerName: {type: text, required: true, label: {en: x}}}",
		 "scenario", false},
		{"", "title: {en: x}", "scenario", false},
		{"", "rehearsal: {talk: 1s-2s}", "scenario", false},
		/* With an agent that lives in Hamsa, the prompt here is only a copy. */
		{"", "prompt: {en: x}", "scenario", false},
		{"", "prompt: {en: x}\nfirst_message: {en: y}\nagent: inline", "scenario", true},
		{"", "outcome: {d: {type: text}}\nsuppress_when: {d: never}", "scenario", true},
		{"# a comment\npace: {live: 9}", "# a comment", "scenario", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		char before[200];
		char after[200];

		setting_of("", "", changes[i].key, before, sizeof(before));
		setting_of(changes[i].campaign, changes[i].scenario, changes[i].key, after,
			   sizeof(after));
		if ((strcmp(before, after) != 0) != changes[i].differs)
			fail_msg("change %zu: %s is '%s', then '%s'", i, changes[i].key, before,
				 after);
	}
}

/* For verbs that place nothing: what is not set stays as it is written, and is told only where a
 * rule gets lost by it. */
static void goes_on_without_variables(void **state)
{
	static const struct {
		const char *campaign;
		const char *told;
	} unset[] = {
		{"from: \"${T_NONE}\"", ""},
		{"agent: \"${T_NONE}\"", ""},
		{"params: {customerName: \"{{name}} ${T_NONE}\"}", ""},
		{"list: {file: \"${T_NONE}\", phone: mobile}", ""},
		{"report: {dir: \"${T_NONE}\"}", ""},
		{"on_finish: [\"${T_NONE}\"]", ""},
		{"pace: {live: \"${T_NONE}\"}",
		 "C:7:14: warning: pace.live: the variable T_NONE is not set, so this verb goes on "
		 "without it."},
		{"hours: {open: {sun: [\"${T_NONE}\"]}}",
		 "C:6:22: warning: item 1 of hours.open.sun: the variable T_NONE is not set, so "
		 "this "
		 "verb goes on without it."},
		{"pace: {live: \"${T_OK}x\"}",
		 "C:7:14: pace.live: expected a whole number from 1 on; found '${T_OK}x'."},
		{"campaign: \"${T_NONE}\"", "C:6:11: campaign: the variable T_NONE is not set; set "
					    "it in the environment or in the "
					    "env file."},
		{"scenario: \"${T_NONE}.yaml\"", "C:6:11: scenario: the variable T_NONE is not "
						 "set; set it in the environment or in "
						 "the env file."},
		{"pace: {live: \"${T_NONE\"}",
		 "C:7:14: pace.live: '${' begins a variable here; expected ${NAME} with letters, "
		 "digits and '_'."},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(unset); i++) {
		struct buf told;
		struct plan *plan = load_for(true, unset[i].campaign, "", &told);
		assert_string_equal(told.data, unset[i].told);
		plan_free(plan);
		buf_free(&told);
	}
}

static void takes_the_shipped_campaigns(void **state)
{
	static const char *const names[] = {"account-inquiry", "payment-reminder",
					    "service-upgrade", "technical-support"};
	struct env *env;
	struct err e;

	(void)state;
	assert_int_equal(setenv("HAMSA_PHONE_NUMBER", "+96824000000", 1), 0);
	assert_int_equal(setenv("HAMSA_VOICE_AGENT_ID", "agent", 1), 0);
	assert_true(env_load(NULL, NULL, &env, &e));
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct problems problems = {0};
		char file[80];

		snprintf(file, sizeof(file), "campaigns/%s.yaml", names[i]);
		struct plan *plan = plan_load(file, env, &problems);
		if (!plan || problems.count > 0)
			fail_msg("%s:%d: %s", problems.items[0].file, problems.items[0].line,
				 problems.items[0].text);
		assert_string_equal(plan->campaign.name, names[i]);
		plan_free(plan);
	}
	env_free(env);
	assert_int_equal(unsetenv("HAMSA_PHONE_NUMBER"), 0);
	assert_int_equal(unsetenv("HAMSA_VOICE_AGENT_ID"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_every_problem),
		cmocka_unit_test(says_when_a_file_is_not_there),
		cmocka_unit_test(has_defaults),
		cmocka_unit_test(takes_every_key_of_a_campaign),
		cmocka_unit_test(takes_hours_and_guards),
		cmocka_unit_test(takes_every_key_of_a_scenario),
		cmocka_unit_test(takes_the_agent_from_the_environment),
		cmocka_unit_test(tells_which_settings_make_another_run),
		cmocka_unit_test(goes_on_without_variables),
		cmocka_unit_test(takes_the_shipped_campaigns),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
