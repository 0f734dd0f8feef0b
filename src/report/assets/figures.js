/*
 * The figures behind the pictures, counted once from all rows: when calls were made, how many were
 * answered, after how many tries, how long they lasted, what was found out. Hours and weekdays are
 * those of the campaign's zone.
 */

const MINUTE = 60000,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR;
const bucketSizes = [
	MINUTE,
	5 * MINUTE,
	15 * MINUTE,
	30 * MINUTE,
	HOUR,
	3 * HOUR,
	6 * HOUR,
	DAY,
	7 * DAY,
	30 * DAY,
];
const CHOICES_SHOWN = 14,
	CHOICE_LENGTH = 32,
	VALUES_COUNTED = 200,
	FEW_ROWS = 12,
	MOSTLY = 0.8;
const talkSteps = [15, 30, 60, 120, 180, 300, Infinity]; /* seconds */

function countRows() {
	const stats = {
		calls: 0,
		first: Infinity,
		last: -Infinity,
		byHour: [],
		byDay: [],
		tries: [],
		never: 0,
		lengths: talkSteps.map(() => 0),
		times: [],
		fields: new Map(),
	};
	for (let i = 0; i < 24; i++) stats.byHour.push([0, 0]);
	for (let i = 0; i < 7; i++) stats.byDay.push([0, 0]);
	facts.fields.forEach(([name]) => stats.fields.set(name, new Map()));
	for (const row of rows) {
		countCalls(stats, row);
		countValues(stats, row);
	}
	stats.charted = chartFields(stats);
	return stats;
}

function countCalls(stats, row) {
	let answeredAt = 0;
	row[TRIES].forEach((attempt, i) => {
		/* Nobody knows yet what a call comes to that is not over. */
		if (attempt[T_STATE] !== CALL_OVER) return;
		const answered = wasAnswered(attempt);
		const {hour, weekday} = localTime(attempt[T_INTENT]);
		stats.calls++;
		stats.first = Math.min(stats.first, attempt[T_INTENT]);
		stats.last = Math.max(stats.last, attempt[T_INTENT]);
		stats.times.push(attempt[T_INTENT], answered);
		stats.byHour[hour][answered ? 0 : 1]++;
		stats.byDay[weekday][answered ? 0 : 1]++;
		if (answered) answeredAt ||= i + 1;
		if (answered && attempt[T_TALK] >= 0)
			stats.lengths[talkSteps.findIndex(step => attempt[T_TALK] < step * 1000)]++;
	});
	if (answeredAt) stats.tries[answeredAt] = (stats.tries[answeredAt] ?? 0) + 1;
	else if (row[TRIES].length && isOver(row)) stats.never++;
}

function countValues(stats, row) {
	const values = valuesOf(row);
	for (let i = 0; i < values.length; i += 2) {
		const counts = stats.fields.get(values[i]);
		if (!counts || !values[i + 1]) continue;
		/* Free text has as many values as rows; its picture would be no picture. */
		const value = counts.has(values[i + 1]) || counts.size < VALUES_COUNTED ? values[i + 1] : '';
		counts.set(value, (counts.get(value) ?? 0) + 1);
	}
}

/* A word of a scenario ("will_pay", "yes"), not a sentence, an amount or a date. */
function isWord(value) {
	return /^\p{L}[\p{L}\p{M}\p{N}]*([_-][\p{L}\p{M}\p{N}]+)*$/u.test(value);
}

/*
 * The values of a field as a picture shows them: [[value, count] …], most first, and how many rows say
 * something else: what is no choice (long, or not among those that have labels nor a word like them), and
 * what is rare. One odd answer must not hide the others.
 */
function fieldItems(stats, name) {
	const labels = choiceLabels.get(name);
	const fits = value =>
		value &&
		value.length <= CHOICE_LENGTH &&
		(!labels || labels.has(value) || isWord(value));
	const all = [...(stats.fields.get(name) ?? [])];
	const list = all.filter(([value]) => fits(value)).sort((a, b) => b[1] - a[1]);
	const items = list.slice(0, list.length > CHOICES_SHOWN ? CHOICES_SHOWN - 1 : CHOICES_SHOWN);
	const total = all.reduce((sum, [, count]) => sum + count, 0);
	return {items, total, other: items.reduce((rest, [, count]) => rest - count, total)};
}

/* Is it a choice? The scenario says so by labels; else most answers are the same few: words, or values
 * of which each comes twice. */
function looksLikeChoice(stats, name) {
	const {items, total} = fieldItems(stats, name);
	const shown = items.reduce((sum, [, count]) => sum + count, 0);
	const words = items.reduce((sum, [value, count]) => sum + (isWord(value) ? count : 0), 0);
	return (
		shown >= total * MOSTLY &&
		(shown >= 2 * items.length || (total <= FEW_ROWS && words >= total * MOSTLY))
	);
}

/* Fields that are worth a picture, those that are choices for certain first. */
function chartFields(stats) {
	const said = facts.fields.filter(([name]) => stats.fields.get(name).size);
	const known = said.filter(([name]) => choiceLabels.has(name));
	return [
		...known,
		...said.filter(f => !known.includes(f) && looksLikeChoice(stats, f[0])),
	];
}

function timeBuckets(stats) {
	if (!stats.calls) return {size: HOUR, list: []};
	const size =
		bucketSizes.find(s => (stats.last - stats.first) / s < 48) ?? bucketSizes.at(-1);
	const align = ms => Math.floor((ms + localOffset(ms)) / size) * size;
	const start = align(stats.first);
	const count = Math.min((align(stats.last) - start) / size + 1, 400);
	const list = Array.from({length: count}, (_, i) => ({
		local: start + i * size,
		yes: 0,
		no: 0,
	}));
	for (let i = 0; i < stats.times.length; i += 2) {
		const bucket = list[(align(stats.times[i]) - start) / size];
		if (bucket) bucket[stats.times[i + 1] ? 'yes' : 'no']++;
	}
	return {size, list};
}
