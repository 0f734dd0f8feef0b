#include "run/freeze.h"

#include "base/buf.h"
#include "base/pack.h"
#include "base/text.h"
#include "ledger/contact.h"
#include "ledger/load.h"
#include "ledger/run.h"
#include "ledger/suppression.h"
#include "load/plan.h"

#include "sieve_p.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PACKED_MAX  ((size_t)8 << 20)
#define COLUMNS_MAX 300 /* bytes of the columns' names in a message */
#define ROW_BYTES   64  /* about, in a list */

struct freezing {
	struct ledger *ledger;
	struct ledger *do_not_call; /* the same, or NULL: no number stands in the register */
	struct plan *plan;
	struct suppressor *suppressor;
	const struct freeze_options *options; /* NULL: an old run is renewed */
	const char *columns;                  /* of that run, packed */
	int64_t last;                         /* its last ordinal */
	struct frozen *out;
	struct arena row; /* emptied for every row */
	struct buf cells;

	/* a new run */
	struct sieve *sieve;
	struct tally tally;
	unsigned char *suspects; /* a bit for each ordinal; count_only, second reading */
	int64_t suspected;
};

const char *freeze_settings(struct plan *plan)
{
	size_t count;
	const struct plan_setting *settings = plan_settings(plan, &count);
	const char **items = arena_array(&plan->arena, count * 2 + 1, sizeof(*items));
	struct buf packed;

	for (size_t i = 0; i < count; i++) {
		items[2 * i] = settings[i].key;
		items[2 * i + 1] = settings[i].value;
	}
	buf_init(&packed, PACKED_MAX);
	pack_strings(&packed, items, count * 2);
	const char *text = arena_strdup(&plan->arena, packed.data);
	buf_free(&packed);
	return text;
}

static size_t count_labels(const struct scenario *s)
{
	size_t count = s->outcome_count;

	for (size_t i = 0; i < s->outcome_count; i++)
		if (s->outcomes[i].rule.of_labels)
			count += s->outcomes[i].rule.of_count;
	return count;
}

static const char **put_label(const char **item, const char *name, const struct bilingual *label,
			      const char *missing)
{
	const char *en = label->text[LANGUAGE_EN];
	const char *ar = label->text[LANGUAGE_AR];

	*item++ = name;
	*item++ = en ? en : missing;
	*item++ = ar ? ar : missing;
	return item;
}

/* ledger/run.h, `fields`; a missing label is the name of the field, or the choice. */
static void pack_fields(const struct scenario *s, struct arena *arena, struct buf *out)
{
	size_t count = count_labels(s) * 3;
	const char **items = arena_array(arena, count + 1, sizeof(*items));
	const char **item = items;

	for (size_t i = 0; i < s->outcome_count; i++)
		item = put_label(item, s->outcomes[i].name, &s->outcomes[i].label,
				 s->outcomes[i].name);
	for (size_t i = 0; i < s->outcome_count; i++) {
		const struct value_rule *rule = &s->outcomes[i].rule;
		for (size_t k = 0; rule->of_labels && k < rule->of_count; k++)
			item = put_label(item,
					 arena_printf(arena, "%s=%s", s->outcomes[i].name,
						      rule->of[k]),
					 &rule->of_labels[k], rule->of[k]);
	}
	pack_strings(out, items, count);
}

/* Each name that the header lacks with the one that was probably meant, and what there is. */
static void add_misses(struct buf *out, const struct plan *plan, const struct plan_miss *misses,
		       size_t missed, int64_t line)
{
	struct buf columns;
	bool any_near = false;

	for (size_t i = 0; i < missed && i < PLAN_MISSES_MAX; i++) {
		buf_addf(out, "\n  %s: '%s'", misses[i].wanted_by, misses[i].name);
		if (misses[i].near)
			buf_addf(out, "; did you mean '%s'?", misses[i].near);
		any_near = any_near || misses[i].near;
	}
	if (missed > PLAN_MISSES_MAX)
		buf_addf(out, "\n  and %zu more", missed - PLAN_MISSES_MAX);
	buf_init(&columns, COLUMNS_MAX);
	for (size_t i = 0; i < plan->columns.count && !columns.overflow; i++)
		buf_addf(&columns, "%s%s", i ? ", " : "", plan->columns.names[i]);
	buf_addf(out, "\nIts columns are %s%s.", columns.data, columns.overflow ? ", …" : "");
	buf_free(&columns);
	/* Nothing fits at all: then that line is no header, or not cut where it should be. */
	if (line > 0 && plan->columns.phone < 0 && plan->columns.key < 0 && missed > 1 && !any_near)
		buf_adds(out,
			 "\nIf the header stands further down, remove what is above it; if "
			 "cells are not separated by commas, semicolons or tabs, save the list "
			 "with one of them.");
}

/* `line`: where the header stands; 0: in the ledger. */
static bool bind_plan(struct plan *plan, const char *const *names, size_t count, int64_t line,
		      struct err *e)
{
	struct plan_miss misses[PLAN_MISSES_MAX];
	size_t missed;
	struct buf words;
	char where[48] = "the header that the run began with";

	if (plan_bind(plan, names, count, misses, &missed))
		return true;
	buf_init(&words, sizeof(e->text));
	add_misses(&words, plan, misses, missed, line);
	if (line > 0)
		snprintf(where, sizeof(where), "line %" PRId64 ": the header", line);
	(void)err_set(e, ERR_INVALID, "The list '%s', %s lacks columns that %s names:%s",
		      plan->campaign.list.file, where, plan->campaign.file, words.data);
	buf_free(&words);
	return false;
}

bool freeze_rebind(struct plan *plan, const char *packed_columns, struct err *e)
{
	const char **names;
	size_t count;

	if (!unpack_strings(packed_columns, &plan->arena, &names, &count))
		BUG("the ledger has damaged column names");
	return bind_plan(plan, names, count, 0, e);
}

static bool freeze_header(void *data, const struct list_header *header, struct err *e)
{
	struct freezing *f = data;
	const struct plan *plan = f->plan;
	struct buf columns;
	struct buf fields;

	if (!bind_plan(f->plan, header->names, header->count, header->line, e))
		return false;
	f->out->header = *header;
	f->out->header.names = plan->columns.names;
	buf_init(&columns, PACKED_MAX);
	buf_init(&fields, PACKED_MAX);
	pack_strings(&columns, header->names, header->count);
	pack_fields(&plan->scenario, &f->row, &fields);

	struct run run = {
		.campaign = plan->campaign.name,
		.name = f->options->name,
		.rehearsal = f->options->rehearsal,
		.list_file = plan->campaign.list.file,
		.list_sha256 = "",
		.settings = freeze_settings(f->plan),
		.columns = columns.data,
		.scenario = plan->scenario.name,
		.title_en = text_or_empty(plan->scenario.title.text[LANGUAGE_EN]),
		.title_ar = text_or_empty(plan->scenario.title.text[LANGUAGE_AR]),
		.fields = fields.data,
		.zone = zone_name(plan->campaign.zone),
		.created_ms = f->options->now_ms,
	};
	bool ok = ledger_run_create(f->ledger, &run, &f->out->run_id, e) &&
		  ledger_run_set_list_form(f->ledger, f->out->run_id, header->encoding,
					   header->delimiter, e);
	buf_free(&columns);
	buf_free(&fields);
	return ok;
}

static bool judge_suppressed(struct freezing *f, struct row_verdict *v, struct err *e)
{
	const char *source;
	bool found;

	if (v->skip != SKIP_NONE)
		return true;
	if (!suppressor_has(f->suppressor, f->do_not_call, v->phone.e164, &found, &source, e))
		return false;
	if (found) {
		v->skip = SKIP_SUPPRESSED;
		v->detail = arena_printf(&f->row, "on %s", source);
	}
	return true;
}

static bool is_suspect(const struct freezing *f, int64_t ordinal)
{
	/* The file may have grown since the first reading; then its checksum tells. */
	return ordinal <= f->out->summary.rows && (f->suspects[ordinal / 8] >> ordinal % 8 & 1);
}

/* Is the row for the ledger? One that can be called and is only counted is not, unless the second
 * reading is there for it. */
static bool is_kept(const struct freezing *f, int64_t ordinal, enum contact_state state)
{
	bool pending = state == CONTACT_PENDING;

	if (!f->options || !f->options->count_only)
		return true;
	return f->suspects ? pending && is_suspect(f, ordinal) : !pending;
}

/* A row of a new run. */
static bool take_in(struct freezing *f, const struct contact *contact, bool kept, struct err *e)
{
	bool pending = contact->state == CONTACT_PENDING;

	if (f->suspects)
		return !kept || ledger_load_add(f->ledger, contact, e);
	f->tally.state[contact->state]++;
	if (!pending)
		f->tally.skip[contact->reason]++;
	if (pending && !sieve_add(f->sieve, contact->ordinal, contact->key, contact->phone, e))
		return false;
	return !kept || ledger_load_add(f->ledger, contact, e);
}

static bool renew(struct freezing *f, struct contact *contact, struct err *e)
{
	bool known;

	if (!ledger_contact_renew(f->ledger, contact, &known, e))
		return false;
	contact->ordinal = known ? 0 : ++f->last;
	return known || ledger_contact_add(f->ledger, contact, e);
}

/* A cell means something else under another header: then it is another run. */
static bool renew_header(void *data, const struct list_header *header, struct err *e)
{
	struct freezing *f = data;
	struct buf columns;

	buf_init(&columns, PACKED_MAX);
	pack_strings(&columns, header->names, header->count);
	bool same = strcmp(columns.data, f->columns) == 0;
	buf_free(&columns);
	if (!same)
		return err_set(e, ERR_INVALID,
			       "%s: the columns of the list are not those that the run began with, "
			       "so it cannot go on with this list. --new starts over.",
			       f->plan->campaign.list.file);
	return bind_plan(f->plan, header->names, header->count, header->line, e) &&
	       ledger_run_set_list_form(f->ledger, f->out->run_id, header->encoding,
					header->delimiter, e);
}

/* A row that is not kept is packed only to see whether it could be. */
static bool pack_cells(struct freezing *f, const struct list_row *row, bool kept, struct err *e)
{
	buf_reset(&f->cells);
	if (kept || row->bytes >= PACKED_MAX / PACK_GROWTH)
		pack_strings(&f->cells, row->cells, row->count);
	if (!f->cells.overflow)
		return true;
	return err_set(e, ERR_INVALID, "%s:%lld: this row is longer than 8 MiB.",
		       f->plan->campaign.list.file, (long long)row->line);
}

static bool freeze_row(void *data, const struct list_row *row, struct err *e)
{
	struct freezing *f = data;
	struct row_verdict v = {0};

	arena_reset(&f->row);
	plan_judge_row(f->plan, row->cells, &f->row, &v);
	if (row->fault) {
		v.skip = SKIP_BAD_VALUE;
		v.detail = row->fault;
	}
	if (!judge_suppressed(f, &v, e))
		return false;
	enum contact_state state = v.skip == SKIP_NONE ? CONTACT_PENDING : CONTACT_SKIPPED;
	bool kept = is_kept(f, row->ordinal, state);
	if (!pack_cells(f, row, kept, e))
		return false;

	struct contact contact = {
		.run_id = f->out->run_id,
		.ordinal = row->ordinal,
		.line = row->line,
		.key = v.key ? v.key : "",
		.phone = v.phone.e164,
		.language = language_code(v.language),
		.zone = f->plan->columns.timezone >= 0 && v.zone ? zone_name(v.zone) : "",
		.cells = f->cells.data,
		.state = state,
		.reason = v.skip,
		.detail = v.detail ? v.detail : "",
	};
	return f->options ? take_in(f, &contact, kept, e) : renew(f, &contact, e);
}

static void suspect(void *data, int64_t ordinal)
{
	struct freezing *f = data;

	f->suspected++;
	f->suspects[ordinal / 8] |= (unsigned char)(1u << ordinal % 8);
}

static bool same_header(void *data, const struct list_header *header, struct err *e)
{
	(void)data;
	(void)header;
	(void)e;
	return true;
}

/* Only counted so far: write the rows that may stand twice after all, from a second reading. */
static bool add_suspects(struct freezing *f, struct err *e)
{
	struct list_visitor visitor = {.data = f, .header = same_header, .row = freeze_row};
	struct list_summary again;

	if (!list_read(&f->plan->campaign.list, &visitor, &again, e))
		return false;
	return strcmp(again.sha256, f->out->summary.sha256) == 0
		       ? true
		       : err_set(e, ERR_INVALID,
				 "%s: the list was changed while it was read. Try again when it "
				 "is complete.",
				 f->plan->campaign.list.file);
}

/* Skip the rows that stand twice; *twins is how many those are. */
static bool mark_twins(struct freezing *f, int64_t *twins, struct err *e)
{
	*twins = 0;
	if (f->options->count_only) {
		f->suspects = xcalloc((size_t)f->out->summary.rows / 8 + 1, 1);
		if (!sieve_suspects(f->sieve, suspect, f, e))
			return false;
		if (f->suspected == 0)
			return true;
		if (!add_suspects(f, e))
			return false;
	}
	return sieve_mark(f->sieve, f->ledger, f->out->run_id, f->plan->campaign.list.duplicates,
			  twins, e);
}

/* About how many rows the list has. */
static int64_t rows_of(const char *file)
{
	struct stat status;

	return stat(file, &status) == 0 ? status.st_size / ROW_BYTES : 0;
}

static bool load(struct freezing *f, struct err *e)
{
	struct list_visitor visitor = {.data = f, .header = freeze_header, .row = freeze_row};
	const struct list_rules *list = &f->plan->campaign.list;
	struct frozen *out = f->out;
	int64_t twins;
	bool any;

	if (!ledger_suppression_any(f->ledger, &any, e))
		return false;
	f->do_not_call = any ? f->ledger : NULL;
	if (!ledger_load_begin(f->ledger, rows_of(list->file), e) ||
	    !list_read(list, &visitor, &out->summary, e) || !mark_twins(f, &twins, e))
		return false;
	f->tally.state[CONTACT_PENDING] -= twins;
	f->tally.skip[SKIP_DUPLICATE] += twins;
	/* Building the index needs as much memory again. */
	sieve_free(f->sieve);
	f->sieve = NULL;
	return ledger_load_end(f->ledger, e) &&
	       ledger_load_tally(f->ledger, out->run_id, &f->tally, e) &&
	       ledger_run_set_rows(f->ledger, out->run_id, out->summary.rows, out->summary.sha256,
				   e);
}

bool freeze_list(struct ledger *l, struct plan *plan, struct suppressor *suppressor,
		 const struct freeze_options *options, struct frozen *out, struct err *e)
{
	struct freezing f = {
		.ledger = l,
		.plan = plan,
		.suppressor = suppressor,
		.options = options,
		.out = out,
	};

	*out = (struct frozen){0};
	if (!suppressor_refresh(suppressor, e) || !ledger_begin(l, e))
		return false;
	buf_init(&f.cells, PACKED_MAX);
	f.sieve = sieve_new();
	bool ok = load(&f, e) && ledger_commit(l, e);
	if (!ok)
		ledger_rollback(l);
	sieve_free(f.sieve);
	free(f.suspects);
	buf_free(&f.cells);
	arena_free(&f.row);
	return ok;
}

bool freeze_renew(struct ledger *l, struct plan *plan, struct suppressor *suppressor,
		  const struct run *run, int64_t now_ms, struct err *e)
{
	struct frozen out = {.run_id = run->id};
	struct freezing f = {
		.ledger = l,
		.do_not_call = l,
		.plan = plan,
		.suppressor = suppressor,
		.columns = run->columns,
		.out = &out,
	};
	struct list_visitor visitor = {.data = &f, .header = renew_header, .row = freeze_row};

	struct tally tally = {0};

	if (!suppressor_refresh(suppressor, e) || !ledger_begin(l, e))
		return false;
	buf_init(&f.cells, PACKED_MAX);
	bool ok = ledger_contacts_unlist(l, run->id, &f.last, e) &&
		  list_read(&plan->campaign.list, &visitor, &out.summary, e) &&
		  ledger_contacts_skip_unlisted(l, run->id, e) &&
		  ledger_contacts_mark_duplicates(l, run->id, plan->campaign.list.duplicates, e) &&
		  ledger_run_renew(l, run->id, plan->campaign.list.file, freeze_settings(plan),
				   now_ms, e) &&
		  ledger_run_tally(l, run->id, &tally, e) &&
		  ledger_run_set_rows(l, run->id, tally.rows, out.summary.sha256, e) &&
		  ledger_commit(l, e);
	if (!ok)
		ledger_rollback(l);
	buf_free(&f.cells);
	arena_free(&f.row);
	return ok;
}
