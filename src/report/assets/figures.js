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
	return stats;
}

function countCalls(stats, row) {
	let answeredAt = 0;
	row[TRIES].forEach((attempt, i) => {
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
	else if (row[TRIES].length) stats.never++;
}

function countValues(stats, row) {
	const values = valuesOf(row);
	for (let i = 0; i < values.length; i += 2) {
		const counts = stats.fields.get(values[i]);
		/* Free text has as many values as rows: no picture, so no need to count on. */
		if (counts && values[i + 1] && counts.size <= 40)
			counts.set(values[i + 1], (counts.get(values[i + 1]) ?? 0) + 1);
	}
}

/* Fields that are worth a picture: few values, short ones, and more rows than values. */
function chartFields(stats) {
	return facts.fields.filter(([name]) => {
		const counts = stats.fields.get(name);
		let total = 0;
		let longest = 0;
		for (const [value, count] of counts) {
			total += count;
			longest = Math.max(longest, value.length);
		}
		return (
			counts.size > 0 &&
			counts.size <= 14 &&
			longest <= 32 &&
			total >= 2 * counts.size
		);
	});
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
