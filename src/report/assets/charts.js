/*
 * The pictures: figures counted from the rows, drawn as SVG, each with a table that says the same.
 * Colours come from the style sheet by class (dark mode, print); shape, order and labels carry the
 * meaning too, so that nothing depends on telling colours apart. In Arabic everything runs from the
 * right, time included.
 */

const SVG = 'http://www.w3.org/2000/svg';

function svg(name, attributes, ...children) {
	const node = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes))
		node.setAttribute(key, value);
	node.append(...children);
	return node;
}

function el(name, attributes, ...children) {
	const node = document.createElement(name);
	for (const [key, value] of Object.entries(attributes ?? {})) {
		if (key in node && typeof value !== 'string')
			node[key] = value;
		else
			node.setAttribute(key, value);
	}
	node.append(...children.filter(child => child !== null && child !== undefined));
	return node;
}

/* ---- counting ---- */

const MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const bucketSizes = [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, DAY, 7 * DAY,
	30 * DAY];
const talkSteps = [15, 30, 60, 120, 180, 300, Infinity]; /* seconds */

function countRows() {
	const stats = {calls: 0, first: Infinity, last: -Infinity, byHour: [], byDay: [],
		tries: [], never: 0, lengths: talkSteps.map(() => 0), times: [], fields: new Map()};
	for (let i = 0; i < 24; i++)
		stats.byHour.push([0, 0]);
	for (let i = 0; i < 7; i++)
		stats.byDay.push([0, 0]);
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
		if (answered)
			answeredAt ||= i + 1;
		if (answered && attempt[T_TALK] >= 0)
			stats.lengths[talkSteps.findIndex(step => attempt[T_TALK] < step * 1000)]++;
	});
	if (answeredAt)
		stats.tries[answeredAt] = (stats.tries[answeredAt] ?? 0) + 1;
	else if (row[TRIES].length)
		stats.never++;
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
		return counts.size > 0 && counts.size <= 14 && longest <= 32 && total >= 2 * counts.size;
	});
}

function timeBuckets(stats) {
	if (!stats.calls)
		return {size: HOUR, list: []};
	const size = bucketSizes.find(s => (stats.last - stats.first) / s < 48) ?? bucketSizes.at(-1);
	const align = ms => Math.floor((ms + localOffset(ms)) / size) * size;
	const start = align(stats.first);
	const count = Math.min((align(stats.last) - start) / size + 1, 400);
	const list = Array.from({length: count}, (_, i) => ({local: start + i * size, yes: 0, no: 0}));
	for (let i = 0; i < stats.times.length; i += 2) {
		const bucket = list[(align(stats.times[i]) - start) / size];
		if (bucket)
			bucket[stats.times[i + 1] ? 'yes' : 'no']++;
	}
	return {size, list};
}

/* ---- drawing ---- */

function figure(title, aside, picture, head, lines, summary) {
	const table = el('table', {},
		el('thead', {}, el('tr', {}, ...head.map(h => el('th', {scope: 'col'}, h)))),
		el('tbody', {}, ...lines.map(line => el('tr', {}, ...line.map((cell, i) =>
			i ? el('td', {}, cell) : el('th', {scope: 'row'}, el('bdi', {}, cell)))))));
	if (picture) {
		picture.setAttribute('role', 'img');
		picture.setAttribute('aria-label', `${title}. ${summary ?? ''}`);
	}
	return el('figure', {class: 'picture'},
		el('figcaption', {}, el('h3', {}, title), aside ?? ''),
		picture ?? el('p', {class: 'empty'}, t('nothing')),
		picture ? el('details', {}, el('summary', {}, t('asTable')), table) : null);
}

/* x of a thing `w` wide at `x` from the start of a picture `width` wide. */
function fromStart(width, x, w = 0) {
	return lang === 'ar' ? width - x - w : x;
}

function anchor(where) {
	return lang === 'ar' ? {start: 'end', end: 'start', middle: 'middle'}[where] : where;
}

function label(width, x, y, text, where = 'start', kind = 'label') {
	return svg('text', {x: fromStart(width, x), y, 'text-anchor': anchor(where), class: kind,
		direction: 'ltr', 'unicode-bidi': 'plaintext'}, text);
}

/* Horizontal bars: [{label, count, kind}]. */
function bars(width, items, total) {
	const line = 30;
	const most = Math.max(...items.map(i => i.count), 1);
	const names = Math.min(width * 0.42, Math.max(...items.map(i => [...i.label].length)) * 7.2 + 12);
	const room = width - names - 92;
	const picture = svg('svg', {viewBox: `0 0 ${width} ${items.length * line}`, class: 'bars'});
	items.forEach((item, i) => {
		const y = i * line;
		const w = Math.max(item.count / most * room, item.count ? 3 : 0);
		const name = [...item.label];
		const most_letters = Math.floor((names - 8) / 7.2);
		picture.append(
			label(width, 0, y + 19, name.length > most_letters
				? name.slice(0, most_letters - 1).join('') + '…' : item.label),
			svg('rect', {x: fromStart(width, names, room), y: y + 6, width: room, height: 18, rx: 4,
				class: 'track'}),
			svg('rect', {x: fromStart(width, names, w), y: y + 6, width: w, height: 18, rx: 4,
				class: `fill ${item.kind ?? 'plain'}`},
				svg('title', {}, `${item.label}: ${format.number.format(item.count)}`)),
			label(width, width, y + 19, format.percent.format(total ? item.count / total : 0), 'end',
				'label soft'),
			label(width, width - 44, y + 19, format.number.format(item.count), 'end', 'label strong'));
	});
	return picture;
}

/* Lines of a scale that reads well: 0, 5, 10 …, at most four of them. */
function scale(most) {
	const rough = Math.max(most, 1) / 4;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = Math.max([1, 2, 5, 10].map(m => m * power).find(s => s >= rough), 1);
	const list = [];
	for (let v = 0; v < most + step; v += step)
		list.push(v);
	return list;
}

/* Standing bars: [{label, parts: [[count, class] …], title}]; `share`: a scale of per cent. */
function columns(width, items, share) {
	const height = 190, bottom = 26, top = 10, left = share ? 40 : 38;
	const most = share ? 1 : Math.max(...items.map(i => i.parts.reduce((s, p) => s + p[0], 0)), 1);
	const lines = share ? [0, 0.25, 0.5, 0.75, 1] : scale(most);
	const y = v => height - bottom - v / lines.at(-1) * (height - bottom - top);
	const slot = (width - left) / items.length;
	const w = Math.min(Math.max(slot * 0.72, 2), 44);
	const picture = svg('svg', {viewBox: `0 0 ${width} ${height}`, class: 'columns'});
	for (const v of lines) {
		picture.append(
			svg('line', {x1: fromStart(width, left), x2: fromStart(width, width), y1: y(v), y2: y(v),
				class: v ? 'line' : 'axis'}),
			label(width, left - 6, y(v) + 4, share ? format.percent.format(v) : format.number.format(v),
				'end', 'label soft'));
	}
	const widest = Math.max(...items.map(i => i.label.length)) * 6.6 + 10;
	const every = Math.max(1, Math.ceil(widest / slot));
	items.forEach((item, i) => {
		const x = left + i * slot + (slot - w) / 2;
		let base = 0;
		const group = svg('g', {}, svg('title', {}, item.title));
		group.append(svg('rect', {x: fromStart(width, left + i * slot, slot), y: top, width: slot,
			height: height - top - bottom, class: 'catch'}));
		for (const [count, kind] of item.parts) {
			group.append(svg('rect', {x: fromStart(width, x, w), y: y(base + count), width: w,
				height: y(base) - y(base + count), class: `fill ${kind}`}));
			base += count;
		}
		picture.append(group);
		if (i % every === 0)
			picture.append(label(width, x + w / 2, height - 8, item.label, 'middle', 'label soft'));
	});
	return picture;
}

function legend(items) {
	return el('span', {class: 'legend'}, ...items.map(([kind, text]) =>
		el('span', {}, el('i', {class: `key ${kind}`}), text)));
}

/* ---- the pictures ---- */

/* Where the rows stand, from the totals: complete before the rows are here. */
function standItems() {
	const items = [];
	facts.outcomes.forEach(([count, name]) => name !== 'none' && items.push([count, name]));
	facts.states.forEach(([count, name]) => name !== 'done' && items.push([count, name]));
	return items.filter(([count]) => count > 0)
		.map(([count, name]) => ({count, label: t(`result_${name}`), kind: `r-${name}`}));
}

function drawStand(width) {
	const items = standItems();
	return figure(t('stand'), null, items.length ? bars(width, items, facts.rows) : null,
		[t('colResult'), t('rowsUnit'), t('share')],
		items.map(i => [i.label, format.number.format(i.count), format.percent.format(i.count / facts.rows)]),
		items.map(i => `${i.label} ${i.count}`).join(', '));
}

let chosenField = '';

function drawFound(width, stats, redraw) {
	const fields = chartFields(stats);
	const field = fields.find(f => f[0] === chosenField) ?? fields[0];
	if (!field)
		return figure(t('found'), null, null, [], []);
	const items = [...stats.fields.get(field[0])].sort((a, b) => b[1] - a[1])
		.map(([value, count]) => ({label: plainValue(value), count}));
	const total = items.reduce((sum, i) => sum + i.count, 0);
	const name = f => f[lang === 'ar' ? 2 : 1];
	const choice = fields.length < 2 ? el('span', {class: 'soft'}, name(field))
		: el('select', {'aria-label': t('found')}, ...fields.map(f =>
			el('option', {value: f[0], selected: f === field}, name(f))));
	choice.addEventListener('change', () => {
		chosenField = choice.value;
		redraw();
	});
	return figure(t('found'), choice, bars(width, items, total), [name(field), t('rowsUnit'), t('share')],
		items.map(i => [i.label, format.number.format(i.count), format.percent.format(i.count / total)]),
		items.map(i => `${i.label} ${i.count}`).join(', '));
}

function bucketName(local, size) {
	/* `local` is the zone's calendar written as if it were UTC. */
	const d = new Date(local);
	const two = n => String(n).padStart(2, '0');
	const hour = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
	const day = format.day.format(new Date(local - localOffset(local)));
	return size >= DAY ? [day, day] : [hour, `${day} ${hour}`];
}

function drawTime(width, stats) {
	const {size, list} = timeBuckets(stats);
	const days = list.length && list.at(-1).local - list[0].local >= DAY;
	const items = list.map(b => {
		const [short, long] = bucketName(b.local, size);
		return {label: days ? bucketName(b.local, DAY)[0] : short, long,
			parts: [[b.yes, 'yes'], [b.no, 'no']],
			title: `${long}: ${t('answered')} ${b.yes}, ${t('unanswered')} ${b.no}`};
	});
	return figure(t('overTime'), legend([['yes', t('answered')], ['no', t('unanswered')]]),
		items.length ? columns(width, items, false) : null,
		[t('bucket'), t('answered'), t('unanswered')],
		items.map(i => [i.long, ...i.parts.map(p => format.number.format(p[0]))]),
		`${t('calls')}: ${stats.calls}`);
}

function shareItems(pairs, name) {
	return pairs.map(([yes, no], i) => {
		const all = yes + no;
		const rate = all ? yes / all : 0;
		return {all, rate, label: name(i), parts: [[rate, 'yes']],
			title: `${name(i)}: ${format.percent.format(rate)} ${t('ofCalls')} (${yes} / ${all})`};
	});
}

function drawShare(width, title, items) {
	const called = items.filter(i => i.all);
	/* One lucky call is not an hour worth knowing. */
	const enough = called.filter(i => i.all * called.length >= called.reduce((s, j) => s + j.all, 0) / 4);
	const best = enough.reduce((a, b) => b.rate > (a?.rate ?? -1) ? b : a, null);
	const aside = best && called.length > 1 ? el('span', {class: 'soft'},
		`${t('best')} ${best.label} · ${format.percent.format(best.rate)}`) : null;
	return figure(title, aside, called.length ? columns(width, items, true) : null,
		['', t('calls'), t('share')],
		called.map(i => [i.label, format.number.format(i.all), format.percent.format(i.rate)]),
		called.map(i => i.title).join(', '));
}

function drawHours(width, stats) {
	const used = stats.byHour.map((pair, i) => pair[0] + pair[1] ? i : -1).filter(i => i >= 0);
	const first = used.length ? used[0] : 0;
	const slice = used.length ? stats.byHour.slice(first, used.at(-1) + 1) : [];
	return drawShare(width, t('byHour'),
		shareItems(slice, i => `${String(first + i).padStart(2, '0')}:00`));
}

function drawDays(width, stats) {
	/* 4 January 1970 was a Sunday. */
	return drawShare(width, t('byDay'),
		shareItems(stats.byDay, i => format.weekday.format(new Date((3 + i) * DAY))));
}

function drawTries(width, stats) {
	const items = [];
	for (let i = 1; i < stats.tries.length; i++)
		items.push({label: t('attemptN', i), count: stats.tries[i] ?? 0, kind: 'yes'});
	if (stats.never)
		items.push({label: t('never'), count: stats.never, kind: 'no'});
	const total = items.reduce((sum, i) => sum + i.count, 0);
	return figure(t('tries'), null, items.length ? bars(width, items, total) : null,
		[t('calls'), t('rowsUnit'), t('share')],
		items.map(i => [i.label, format.number.format(i.count), format.percent.format(i.count / total)]),
		items.map(i => `${i.label} ${i.count}`).join(', '));
}

function drawLengths(width, stats) {
	const name = i => talkSteps[i] === Infinity ? `> ${clockText(talkSteps[i - 1] * 1000)}`
		: `< ${clockText(talkSteps[i] * 1000)}`;
	const total = stats.lengths.reduce((a, b) => a + b, 0);
	const items = stats.lengths.map((count, i) => ({label: name(i), count, parts: [[count, 'yes']],
		title: `${name(i)}: ${count}`}));
	return figure(t('lengths'), null, total ? columns(width, items, false) : null,
		[t('colTalk'), t('calls')], items.map(i => [i.label, format.number.format(i.count)]),
		items.map(i => i.title).join(', '));
}

/* Draw what is known: before the rows are here, only where they stand. */
function drawCharts(stats) {
	const box = document.getElementById('pictures');
	const gap = 20;
	const across = box.clientWidth > 1040 ? 3 : box.clientWidth > 640 ? 2 : 1;
	const width = Math.max(Math.floor((box.clientWidth - gap * (across - 1)) / across) - 48, 240);
	const wide = across === 1 ? width : width * 2 + gap + 48;
	const redraw = () => drawCharts(stats);
	box.replaceChildren(drawStand(width));
	if (!stats)
		return;
	const time = drawTime(wide, stats);
	time.classList.add('wide');
	const found = facts.fields.length ? [drawFound(width, stats, redraw)] : [];
	const hours = drawHours(across === 3 ? wide : width, stats);
	hours.classList.toggle('wide', across === 3);
	box.append(...found, drawTries(width, stats));
	if (across === 2 && box.children.length % 2)
		box.append(drawLengths(width, stats), time, hours, drawDays(width, stats));
	else
		box.append(time, drawLengths(width, stats), hours, drawDays(width, stats));
}
