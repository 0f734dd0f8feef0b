#include "report/record.h"

#include "base/buf.h"
#include "base/pack.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LABEL_PARTS 3 /* name, English label, Arabic label */

static bool damaged(const struct run *run, const char *what, struct err *e)
{
	return err_set(
		e, ERR_FAILED,
		"The ledger is damaged: %s of run '%s' of campaign '%s' cannot be read. Restore "
		"the ledger from a backup, or check its disk.",
		what, run->name, run->campaign);
}

struct place {
	const char *name;
	size_t column;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *left = a;
	const struct place *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : (left->column > right->column) - (left->column < right->column);
}

static int compare_name(const void *name, const void *place)
{
	return strcmp(name, ((const struct place *)place)->name);
}

/* The second of two columns that share a name is "name_2", or what is free then. A list of today
 * has no two alike, but a ledger may come from elsewhere. */
static const char *const *unique_names(struct sheet *s)
{
	size_t count = s->column_count;
	const char **names = arena_array(&s->arena, count + 1, sizeof(*names));
	struct place *places = arena_array(&s->arena, count + 1, sizeof(*places));

	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){s->columns[i], i};
	qsort(places, count, sizeof(*places), compare_places);
	for (size_t i = 0, turn = 1; i < count; i++) {
		const char *name = places[i].name;
		bool again = i > 0 && strcmp(places[i - 1].name, name) == 0;

		turn = again ? turn : 1;
		while (again && bsearch(name, places, count, sizeof(*places), compare_name))
			name = arena_printf(&s->arena, "%s_%zu", places[i].name, ++turn);
		names[places[i].column] = name;
	}
	return names;
}

static const char *label_or_name(const char *label, const char *name)
{
	return *label ? label : name;
}

/* `items` are the packed fields and choices of ledger/run.h; a field's name has no '='. */
static void take_labels(struct sheet *s, const char **items, size_t count)
{
	struct sheet_field *fields = arena_array(&s->arena, count + 1, sizeof(*fields));
	struct sheet_choice *choices = arena_array(&s->arena, count + 1, sizeof(*choices));

	for (size_t i = 0; i < count; i++) {
		const char **part = items + i * LABEL_PARTS;
		const char *sign = strchr(part[0], '=');
		if (sign)
			choices[s->choice_count++] = (struct sheet_choice){
				.field = arena_printf(&s->arena, "%.*s", (int)(sign - part[0]),
						      part[0]),
				.value = sign + 1,
				.label[LANGUAGE_EN] = label_or_name(part[1], sign + 1),
				.label[LANGUAGE_AR] = label_or_name(part[2], sign + 1),
			};
		else
			fields[s->field_count++] = (struct sheet_field){
				.name = part[0],
				.label[LANGUAGE_EN] = label_or_name(part[1], part[0]),
				.label[LANGUAGE_AR] = label_or_name(part[2], part[0]),
			};
	}
	s->fields = fields;
	s->choices = choices;
}

bool sheet_open(struct sheet *s, const struct run *run, struct err *e)
{
	const char **items;
	size_t count;

	*s = (struct sheet){.run = run};
	if (!zone_find(run->zone, &s->zone, e))
		return false;
	if (!unpack_strings(run->columns, &s->arena, &items, &s->column_count))
		return damaged(run, "the list's header", e);
	s->columns = items;
	s->names = unique_names(s);

	if (!unpack_strings(run->fields, &s->arena, &items, &count) || count % LABEL_PARTS != 0)
		return damaged(run, "the outcome fields", e);
	take_labels(s, items, count / LABEL_PARTS);
	return true;
}

void sheet_close(struct sheet *s)
{
	arena_free(&s->arena);
}

static bool unpack_transcript(const char *text, struct arena *arena, struct record_attempt *out)
{
	const char **items;
	size_t count;

	if (!unpack_strings(text, arena, &items, &count) || count % 2 != 0)
		return false;
	struct utterance *list = arena_array(arena, count / 2 + 1, sizeof(*list));
	for (size_t i = 0; i < count / 2; i++) {
		bool agent = strcmp(items[2 * i], "agent") == 0;
		list[i] = (struct utterance){
			.speaker = agent ? SPEAKER_AGENT : SPEAKER_CUSTOMER,
			.text = items[2 * i + 1],
		};
	}
	out->utterances = list;
	out->utterance_count = count / 2;
	return true;
}

static bool unpack_values(const char *text, struct arena *arena, struct record_attempt *out)
{
	const char **items;
	size_t count;

	if (!unpack_strings(text, arena, &items, &count) || count % 2 != 0)
		return false;
	struct outcome_value *list = arena_array(arena, count / 2 + 1, sizeof(*list));
	for (size_t i = 0; i < count / 2; i++)
		list[i] = (struct outcome_value){items[2 * i], items[2 * i + 1]};
	out->values = list;
	out->value_count = count / 2;
	return true;
}

static bool damaged_row(const struct row *row, const char *what, struct err *e)
{
	return err_set(e, ERR_FAILED,
		       "The ledger is damaged: %s of row %" PRId64
		       " (key '%s') cannot be read. Restore "
		       "the ledger from a backup, or check its disk.",
		       what, row->contact.ordinal, row->contact.key);
}

/* Later attempts win: they are added in order. */
static void add_up(struct record *r, const struct record_attempt *a)
{
	if (r->first_ms == 0)
		r->first_ms = a->of->intent_ms;
	r->last_ms = a->of->intent_ms;
	if (a->of->talk_ms >= 0)
		r->talk_ms = (r->talk_ms < 0 ? 0 : r->talk_ms) + a->of->talk_ms;
	if (a->of->has_cost) {
		r->has_cost = true;
		r->cost.micro += a->of->cost.micro;
		r->estimated.micro += a->of->cost_estimated ? a->of->cost.micro : 0;
	}
	if (*a->of->job_id)
		r->job_id = a->of->job_id;
	if (*a->of->recording)
		r->recording = a->of->recording;
	if (a->utterance_count > 0)
		r->spoken = a;
	if (a->value_count > 0)
		r->valued = a;
}

bool record_make(const struct row *row, struct arena *arena, struct record *out, struct err *e)
{
	const char **cells;
	struct record_attempt *attempts =
		arena_array(arena, row->attempt_count + 1, sizeof(*attempts));

	*out = (struct record){
		.row = row,
		.language = strcmp(row->contact.language, "en") == 0 ? LANGUAGE_EN : LANGUAGE_AR,
		.attempts = attempts,
		.attempt_count = row->attempt_count,
		.talk_ms = -1,
		.job_id = "",
		.recording = "",
	};
	if (!unpack_strings(row->contact.cells, arena, &cells, &out->cell_count))
		return damaged_row(row, "the cells", e);
	out->cells = cells;
	for (size_t i = 0; i < row->attempt_count; i++) {
		attempts[i].of = &row->attempts[i];
		attempts[i].file = "";
		attempts[i].away = "";
		if (!unpack_transcript(row->attempts[i].transcript, arena, &attempts[i]))
			return damaged_row(row, "a transcript", e);
		if (!unpack_values(row->attempts[i].values, arena, &attempts[i]))
			return damaged_row(row, "an outcome", e);
		add_up(out, &attempts[i]);
	}
	return true;
}

static bool lies_at(const struct record_home *home, const char *file, struct arena *arena)
{
	return access(arena_printf(arena, "%s/%s", home->folder, file), F_OK) == 0;
}

void record_find_files(struct record *r, int folder, const struct record_home *home,
		       struct arena *arena)
{
	for (size_t i = 0; i < r->attempt_count; i++) {
		struct record_attempt *a = &r->attempts[i];
		const char *file = a->of->recording_file;
		if (!*file)
			continue;
		if (faccessat(folder, file, F_OK, 0) != 0) {
			if (home && lies_at(home, file, arena))
				a->away = arena_printf(arena, "%s/%s", home->way, file);
			continue;
		}
		a->file = file;
		if (r->recording == a->of->recording)
			r->recording = a->file;
	}
}

/* What a path has that a link cannot have as it is. */
static void add_link(struct buf *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "-._~/";

	for (const char *p = path; *p; p++) {
		if (strchr(plain, *p))
			buf_addc(out, *p);
		else
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)*p);
	}
}

/* Both absolute, without dots and links. */
static const char *way_between(const char *from, const char *to, struct arena *arena)
{
	size_t same = 0; /* of what they share, up to a '/' or the end of both */
	struct buf way;

	for (size_t i = 0;; i++) {
		bool ends = (from[i] == '/' || !from[i]) && (to[i] == '/' || !to[i]);
		if (ends)
			same = i;
		if (from[i] != to[i] || !from[i])
			break;
	}
	buf_init(&way, PATH_MAX * 3);
	for (const char *p = from + same; *p; p++)
		if (*p == '/')
			buf_adds(&way, "../");
	add_link(&way, to + same + (to[same] == '/'));
	if (way.length > 0 && way.data[way.length - 1] == '/')
		way.data[--way.length] = '\0';
	const char *out = way.overflow || way.length == 0 ? NULL : arena_strdup(arena, way.data);
	buf_free(&way);
	return out;
}

const char *record_way(const char *from, const char *to, struct arena *arena)
{
	char *here = realpath(from, NULL);
	char *there = realpath(to, NULL);
	const char *way = here && there ? way_between(here, there, arena) : NULL;

	free(here);
	free(there);
	return way;
}

const char *record_value(const struct record *r, const char *name)
{
	for (size_t i = 0; r->valued && i < r->valued->value_count; i++) {
		if (strcmp(r->valued->values[i].name, name) == 0)
			return r->valued->values[i].value;
	}
	return "";
}

const char *record_reason(const struct record *r, enum language language)
{
	const struct contact *c = &r->row->contact;

	if (c->state == CONTACT_SKIPPED)
		return skip_reason_text(c->reason, language);
	if (c->state == CONTACT_DONE)
		return outcome_text(c->outcome, language);
	return contact_state_text(c->state, language);
}

const char *record_cost_text(struct decimal cost, char out[DECIMAL_SIZE])
{
	decimal_format(cost, 6, out);
	char *end = out + strlen(out);
	while (end > out && end[-1] == '0')
		*--end = '\0';
	if (end > out && end[-1] == '.')
		end[-1] = '\0';
	return out;
}
