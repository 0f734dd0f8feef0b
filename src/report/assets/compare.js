/*
 * The comparison: runs beside each other, summed by campaign, by day and one by one. All of its data is
 * sums that nida made; the reader may look at one campaign alone.
 */

const facts = JSON.parse(find('run').textContent);
const DATE = 0,
	CALLS = 1,
	ANSWERED = 2,
	TALK = 3,
	COST = 4,
	ENDS = 5;
let chosenCampaign = '';

function nothing() {
	return {
		runs: 0,
		rows: 0,
		reached: 0,
		calls: 0,
		answered: 0,
		talk: 0,
		cost: 0,
		ends: facts.outcomes.map(() => 0),
	};
}

function addDay(sum, day) {
	sum.calls += day[CALLS];
	sum.answered += day[ANSWERED];
	sum.talk += day[TALK];
	sum.cost += day[COST];
	day[ENDS].forEach((count, i) => (sum.ends[i] += count));
}

function sumOf(runs) {
	const sum = nothing();
	for (const run of runs) {
		sum.runs++;
		sum.rows += run.rows;
		sum.reached += run.reached;
		run.days.forEach(day => addDay(sum, day));
	}
	return sum;
}

function chosenRuns() {
	return facts.runs.filter(run => !chosenCampaign || run.campaign === chosenCampaign);
}

/* [[campaign, its sum] …], the one with most calls first. */
function byCampaign(runs) {
	const names = [...new Set(runs.map(run => run.campaign))];
	return names
		.map(name => [name, sumOf(runs.filter(run => run.campaign === name))])
		.sort((a, b) => b[1].calls - a[1].calls);
}

/* [[date, its sum] …] in order. */
function byNight(runs) {
	const days = new Map();
	for (const run of runs) {
		for (const day of run.days) {
			if (!days.has(day[DATE])) days.set(day[DATE], nothing());
			addDay(days.get(day[DATE]), day);
		}
	}
	return [...days].sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

const n = value => format.number.format(value);
const share = (part, all) => (all ? format.percent.format(part / all) : '–');
const talkText = sum => (sum.answered ? clockText(sum.talk / sum.answered) : '–');
const eachText = sum => (sum.answered ? format.cost.format(sum.cost / sum.answered) : '–');
const dateText = date => format.date.format(new Date(`${date}T00:00:00Z`));

/* ---- head ---- */

function drawAbout(runs) {
	const days = byNight(runs);
	const parts = [
		[t('asOf'), format.full.format(facts.asOf)],
		[t('zoneIs'), ltr(knownZone(facts.zone))],
	];
	if (days.length)
		parts.unshift([
			t('callsFrom'),
			`${dateText(days[0][0])} – ${dateText(days.at(-1)[0])}`,
		]);
	if (facts.since) parts.push([t('runsSince'), format.full.format(facts.since)]);
	find('about').replaceChildren(
		...parts.map(([name, value]) =>
			el('span', {}, el('span', {class: 'soft'}, name), ' ', value),
		),
	);
}

function drawCampaigns() {
	const names = [...new Set(facts.runs.map(run => run.campaign))];
	const box = find('campaign');
	box.setAttribute('aria-label', t('campaign'));
	box.replaceChildren(
		el('option', {value: ''}, t('allCampaigns', n(names.length))),
		...names.map(name =>
			el('option', {value: name, selected: name === chosenCampaign}, name),
		),
	);
	box.hidden = names.length < 2;
}

function drawCards(sum) {
	find('cards').replaceChildren(
		card(
			t('cardReach'),
			share(sum.answered, sum.calls),
			`${n(sum.answered)} ${t('of')} ${t('callsOver', sum.calls)}`,
			'lead',
		),
		card(
			t('cardPeople'),
			n(sum.reached),
			`${share(sum.reached, sum.rows)} ${t('of')} ${t('sumRows', sum.rows)}`,
		),
		card(t('cardRuns'), n(sum.runs), ''),
		card(
			t('cardTalk'),
			talkText(sum),
			sum.talk ? `${longText(sum.talk)} ${t('totalTalk')}` : '',
		),
		card(
			t('cardCost'),
			format.cost.format(sum.cost),
			`${t('credits')} · ${eachText(sum)} ${t('perCall')}`,
		),
	);
}

/* ---- tables ---- */

/* Cells are texts or nodes; the first of a line is its head. */
function plainTable(head, lines, last) {
	const row = (line, kind) =>
		el(
			'tr',
			{},
			...line.map((cell, i) =>
				el(i ? 'td' : 'th', i ? {} : {scope: 'row'}, i ? cell : el('bdi', {}, cell)),
			),
		);
	return el(
		'table',
		{},
		el('thead', {}, el('tr', {}, ...head.map(name => el('th', {scope: 'col'}, name)))),
		el('tbody', {}, ...lines.map(row)),
		last ? el('tfoot', {}, row(last)) : null,
	);
}

function sumCells(sum) {
	return [
		n(sum.calls),
		n(sum.answered),
		share(sum.answered, sum.calls),
		talkText(sum),
		format.cost.format(sum.cost),
		eachText(sum),
	];
}

function sumHeads() {
	return [
		t('calls'),
		t('answered'),
		t('share'),
		t('cardTalk'),
		t('cardCost'),
		t('costEach'),
	];
}

function peopleCells(sum) {
	return [n(sum.rows), n(sum.reached), share(sum.reached, sum.rows)];
}

function peopleHeads() {
	return [t('rowsUnit'), t('cardPeople'), t('share')];
}

function runLink(run) {
	return run.page ? el('a', {href: encodeURI(run.page)}, ltr(run.run)) : ltr(run.run);
}

function drawTables(runs) {
	const list = byCampaign(runs);
	const total = sumOf(runs);
	find('by-campaign').replaceChildren(
		plainTable(
			[t('campaign'), t('cardRuns'), ...peopleHeads(), ...sumHeads()],
			list.map(([name, sum]) => [
				name,
				n(sum.runs),
				...peopleCells(sum),
				...sumCells(sum),
			]),
			list.length > 1
				? [t('total'), n(total.runs), ...peopleCells(total), ...sumCells(total)]
				: null,
		),
	);
	const nights = byNight(runs).reverse();
	const ends = outcomesUsed(nights);
	const endCells = sum => ends.map(([, i]) => n(sum.ends[i]));
	find('by-night').replaceChildren(
		plainTable(
			[t('night'), ...sumHeads(), ...ends.map(([name]) => outcomeText(name))],
			nights.map(([date, sum]) => [dateText(date), ...sumCells(sum), ...endCells(sum)]),
			[t('total'), ...sumCells(total), ...endCells(total)],
		),
	);
	find('by-run').replaceChildren(
		plainTable(
			[t('campaign'), t('run'), t('state'), ...peopleHeads(), ...sumHeads()],
			[...runs].reverse().map(run => {
				const sum = sumOf([run]);
				return [
					run.campaign,
					runLink(run),
					t(`run_${run.state}`),
					...peopleCells(sum),
					...sumCells(sum),
				];
			}),
		),
	);
}

function drawAll() {
	const runs = chosenRuns();
	drawTools();
	document.title = t('compared');
	find('title').textContent = t('compared');
	find('foot').textContent = t('footCompared');
	drawCampaigns();
	drawAbout(runs);
	drawCards(sumOf(runs));
	drawPictures(runs);
	drawTables(runs);
}

function start() {
	readersTheme();
	setLanguage(readersLanguage());
	find('language').onclick = changeLanguage;
	find('campaign').addEventListener('change', () => {
		chosenCampaign = find('campaign').value;
		drawAll();
	});
	redrawOnResize(() => drawPictures(chosenRuns()));
	drawAll();
	document.documentElement.dataset.ready = 'yes';
}

start();
