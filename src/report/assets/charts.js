/*
 * The pictures of the page, one function each, and how they share the room there is.
 */

/* Where the rows stand, from the totals: complete before the rows are here. */
function standItems() {
	const items = [];
	facts.outcomes.forEach(([count, name]) => name !== 'none' && items.push([count, name]));
	facts.states.forEach(([count, name]) => name !== 'done' && items.push([count, name]));
	return items
		.filter(([count]) => count > 0)
		.map(([count, name]) => ({count, label: t(`result_${name}`), kind: `r-${name}`}));
}

function drawStand(width) {
	const items = standItems();
	return figure(
		t('stand'),
		null,
		items.length ? bars(width, items, facts.rows) : null,
		[t('colResult'), t('rowsUnit'), t('share')],
		items.map(i => [
			i.label,
			format.number.format(i.count),
			format.percent.format(i.count / facts.rows),
		]),
		items.map(i => `${i.label} ${i.count}`).join(', '),
	);
}

/* The outcome field that is drawn: the reader's choice, else the first that makes a picture. */
function fieldInView() {
	const fields = stats?.charted ?? [];
	return fields.find(f => f[0] === view.field) ?? fields[0];
}

/* The fields to choose from, or the name of the only one. */
function fieldChoice(field, redraw) {
	const name = f => f[lang === 'ar' ? 2 : 1];
	const fields = stats.charted;
	if (fields.length < 2) return el('span', {class: 'soft'}, name(field));
	const choice = el(
		'select',
		{id: 'chart-field', 'aria-label': t('found')},
		...fields.map(f => el('option', {value: f[0], selected: f === field}, name(f))),
	);
	choice.addEventListener('change', () => {
		Object.assign(view, {field: choice.value, found: ''});
		answer();
		redraw();
	});
	return choice;
}

function drawFound(width, stats, redraw) {
	const field = fieldInView();
	if (!field)
		return figure(t('found'), null, null, [], [], '', facts.purged ? t('nothingPurged') : '');
	const {items, total, other} = fieldItems(stats, field[0]);
	const list = items.map(([value, count]) => ({label: plainValue(field[0], value), count}));
	if (other) list.push({label: t('otherAnswers'), count: other, kind: 'no'});
	return figure(
		t('found'),
		fieldChoice(field, redraw),
		bars(width, list, total),
		[field[lang === 'ar' ? 2 : 1], t('rowsUnit'), t('share')],
		list.map(i => [
			i.label,
			format.number.format(i.count),
			format.percent.format(i.count / total),
		]),
		list.map(i => `${i.label} ${i.count}`).join(', '),
	);
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
		return {
			label: days ? bucketName(b.local, DAY)[0] : short,
			long,
			parts: [
				[b.yes, 'yes'],
				[b.no, 'no'],
			],
			title: `${long}: ${t('answered')} ${b.yes}, ${t('unanswered')} ${b.no}`,
		};
	});
	return figure(
		t('overTime'),
		legend([
			['yes', t('answered')],
			['no', t('unanswered')],
		]),
		items.length ? columns(width, items, false) : null,
		[t('bucket'), t('answered'), t('unanswered')],
		items.map(i => [i.long, ...i.parts.map(p => format.number.format(p[0]))]),
		`${t('calls')}: ${stats.calls}`,
	);
}

function shareItems(pairs, name) {
	return pairs.map(([yes, no], i) => {
		const all = yes + no;
		const rate = all ? yes / all : 0;
		return {
			all,
			rate,
			label: name(i),
			parts: [[rate, 'yes']],
			title: `${name(i)}: ${format.percent.format(rate)} ${t('ofCalls')} (${yes} / ${all})`,
		};
	});
}

function drawShare(width, title, items) {
	const called = items.filter(i => i.all);
	/* One lucky call is not an hour worth knowing. */
	const enough = called.filter(
		i => i.all * called.length >= called.reduce((s, j) => s + j.all, 0) / 4,
	);
	const best = enough.reduce((a, b) => (b.rate > (a?.rate ?? -1) ? b : a), null);
	const aside =
		best && called.length > 1
			? el(
					'span',
					{class: 'soft'},
					`${t('best')} ${best.label} · ${format.percent.format(best.rate)}`,
				)
			: null;
	return figure(
		title,
		aside,
		called.length ? columns(width, items, true) : null,
		['', t('calls'), t('share')],
		called.map(i => [
			i.label,
			format.number.format(i.all),
			format.percent.format(i.rate),
		]),
		called.map(i => i.title).join(', '),
	);
}

function drawHours(width, stats) {
	const used = stats.byHour
		.map((pair, i) => (pair[0] + pair[1] ? i : -1))
		.filter(i => i >= 0);
	const first = used.length ? used[0] : 0;
	const slice = used.length ? stats.byHour.slice(first, used.at(-1) + 1) : [];
	return drawShare(
		width,
		t('byHour'),
		shareItems(slice, i => `${String(first + i).padStart(2, '0')}:00`),
	);
}

function drawDays(width, stats) {
	/* 4 January 1970 was a Sunday. */
	return drawShare(
		width,
		t('byDay'),
		shareItems(stats.byDay, i => format.weekday.format(new Date((3 + i) * DAY))),
	);
}

function drawTries(width, stats) {
	const items = [];
	for (let i = 1; i < stats.tries.length; i++)
		items.push({label: t('attemptN', i), count: stats.tries[i] ?? 0, kind: 'yes'});
	if (stats.never) items.push({label: t('never'), count: stats.never, kind: 'no'});
	const total = items.reduce((sum, i) => sum + i.count, 0);
	return figure(
		t('tries'),
		null,
		items.length ? bars(width, items, total) : null,
		[t('calls'), t('rowsUnit'), t('share')],
		items.map(i => [
			i.label,
			format.number.format(i.count),
			format.percent.format(i.count / total),
		]),
		items.map(i => `${i.label} ${i.count}`).join(', '),
	);
}

function drawLengths(width, stats) {
	const name = i =>
		talkSteps[i] === Infinity
			? `> ${clockText(talkSteps[i - 1] * 1000)}`
			: `< ${clockText(talkSteps[i] * 1000)}`;
	const total = stats.lengths.reduce((a, b) => a + b, 0);
	const items = stats.lengths.map((count, i) => ({
		label: name(i),
		count,
		parts: [[count, 'yes']],
		title: `${name(i)}: ${count}`,
	}));
	return figure(
		t('lengths'),
		null,
		total ? columns(width, items, false) : null,
		[t('colTalk'), t('calls')],
		items.map(i => [i.label, format.number.format(i.count)]),
		items.map(i => i.title).join(', '),
	);
}

/* Draw what is known: before the rows are here, only where they stand. */
function drawCharts(stats) {
	const box = document.getElementById('pictures');
	const {across, width, wide} = pictureWidths(box);
	const redraw = () => keepingFocus(() => drawCharts(stats));
	box.replaceChildren(drawStand(width));
	if (!stats) return;
	const time = drawTime(wide, stats);
	time.classList.add('wide');
	const found = facts.fields.length ? [drawFound(width, stats, redraw)] : [];
	const hours = drawHours(across === 3 ? wide : width, stats);
	hours.classList.toggle('wide', across === 3);
	box.append(...found, drawTries(width, stats));
	if (across === 2 && box.children.length % 2)
		box.append(drawLengths(width, stats), time, hours, drawDays(width, stats));
	else box.append(time, drawLengths(width, stats), hours, drawDays(width, stats));
}
