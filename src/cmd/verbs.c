#include "cmd/verb.h"

#include "base/mem.h"

const struct verb *const verbs[] = {
	&verb_check,    &verb_rehearse, &verb_run,   &verb_status, &verb_end_call, &verb_pause,
	&verb_resume,   &verb_cancel,   &verb_try,   &verb_report, &verb_settle,   &verb_events,
	&verb_suppress, &verb_audit,    &verb_hamsa, &verb_purge,
};

const size_t verb_count = COUNT_OF(verbs);

static const struct option_entry entries[OPTION_COUNT] = {
	[OPTION_ALL] = {"all", NULL, "all: faults, live calls or campaigns, as the verb has it"},
	[OPTION_CALLED] = {"called", NULL, "the call was made: the row is done"},
	[OPTION_CONTINUE] = {"continue", NULL,
			     "go on with an unfinished run although the list or the words changed"},
	[OPTION_COUNTRY] = {"country", "OM", "numbers without a country code belong here"},
	[OPTION_DRY_RUN] =
		{"dry-run", NULL,
		 "show what would be done and do nothing: of run, every request as JSON"},
	[OPTION_END_LIVE] = {"end-live", NULL, "end the live calls too"},
	[OPTION_ENV_FILE] = {"env-file", "FILE",
			     "credentials and settings; else .env beside the campaign, or here"},
	[OPTION_FORMAT] = {"format", "csv,html,json", "which report files to write"},
	[OPTION_JSON] = {"json", NULL, "print JSON for machines"},
	[OPTION_KEEP] = {"keep", "COLUMNS", "with --mask: columns of the list that name nobody"},
	[OPTION_LEDGER] = {"ledger", "FILE", "the ledger; else nida.db beside the campaign"},
	[OPTION_LIMIT] = {"limit", "N", "place at most N calls, then stop"},
	[OPTION_LIST] = {"list", "FILE", "the customer list, instead of the campaign's list.file"},
	[OPTION_LOG] = {"log", "text|json", "how the log on standard error is written"},
	[OPTION_MASK] = {"mask", NULL, "without names, numbers and transcripts; see nida(1)"},
	[OPTION_NEW] = {"new", NULL, "start a new run although one of the same list exists"},
	[OPTION_NOT_CALLED] = {"not-called", NULL,
			       "the call was never made: the row is called again"},
	[OPTION_OLDER_THAN] = {"older-than", "AGE",
			       "of runs that are over for so long, such as 90d; 7d at least"},
	[OPTION_ONLINE] = {"online", NULL, "ask Hamsa too: key, project, agents, number"},
	[OPTION_ONLY] = {"only", "KEY", "call this row alone"},
	[OPTION_OUT] = {"out", "DIR",
			"the folder for reports, instead of the campaign's report.dir"},
	[OPTION_PERSON] = {"person", "NUMBER", "of this person alone, in every run"},
	[OPTION_PROMETHEUS] = {"prometheus", NULL, "print metrics in Prometheus's text format"},
	[OPTION_REASON] = {"reason", "TEXT", "why, for whoever looks at it later"},
	[OPTION_ROW] = {"row", "KEY",
			"use the values of this row; else the first that can be called"},
	[OPTION_RUN] = {"run", "NAME", "this run, not the newest"},
	[OPTION_SEED] = {"seed", "N",
			 "which simulated customers; the same number, the same ones (1)"},
	[OPTION_SINCE] = {"since", "SPAN", "how far to look back: 90m, 24h, 30d"},
	[OPTION_TO] = {"to", "NUMBER", "the number to call, with its country code"},
	[OPTION_VERBOSE] = {"verbose", NULL, "log every decision"},
	[OPTION_VIA] = {"via", "hamsa|twilio",
			"whom to ask; else Hamsa, then Twilio if that fails"},
	[OPTION_WATCH] = {"watch", NULL, "draw it again every second; q leaves"},
	[OPTION_YES] = {"yes", NULL, "do not ask first"},
	[OPTION_HELP] = {"help", NULL, "this text"},
};

const struct option_entry *option_entry(enum option_id id)
{
	return &entries[id];
}

bool option_given(const struct invocation *in, enum option_id id)
{
	return in->values[id] != NULL;
}
