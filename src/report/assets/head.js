/*
 * The head of the page and the figures: what run this is, how it stands, how old the page is, and the
 * sum that shows that every row is accounted for. All of it is known before the first row arrives.
 */

function stateOf(name) {
	return facts.states.find(s => s[1] === name)?.[0] ?? 0;
}

/* [text, class] of the pill. */
function runState() {
	if (facts.state === 'finished') return [t('stateFinished'), 'good'];
	if (facts.state === 'cancelled') return [t('stateCancelled'), 'quiet'];
	if (facts.pausedBy) return [t('statePaused'), 'warn'];
	return facts.live ? [t('stateRunning'), 'busy'] : [t('stateStopped'), 'warn'];
}

function titleText() {
	const [first, second] =
		lang === 'ar' ? [facts.titleAr, facts.titleEn] : [facts.titleEn, facts.titleAr];
	return first || second || facts.campaign;
}

function drawAge() {
	const [state] = runState();
	const over = facts.state !== 'open';
	const sameDay = format.day.format(facts.asOf) === format.day.format(Date.now());
	const when = (sameDay ? format.time : format.full).format(facts.asOf);
	document.getElementById('pill').textContent = over
		? state
		: `${state} · ${t('asOf')} ${when} (${agoText(facts.asOf)})`;
}

/* "minute", "30 seconds": how often the page is written. */
function everyText() {
	const seconds = Math.round(reloadMs() / 1000);
	return seconds % 60 ? t('seconds', seconds) : t('minutes', seconds / 60);
}

function drawNotice(agrees) {
	const notice = document.getElementById('notice');
	const texts = [];
	if (agrees === false) texts.push(t('disagree'));
	if (facts.rehearsal) texts.push(t('rehearsal'));
	if (facts.pausedBy && facts.state === 'open') {
		const who = t('pauser')[facts.pausedBy] ?? facts.pausedBy;
		texts.push(`${t('pausedBecause')} ${who}. ${facts.pauseWords ?? ''}`);
	}
	if (facts.masked) texts.push(t('masked'));
	if (facts.purged) texts.push(`${t('purged')} ${format.full.format(facts.purged)}.`);
	if (facts.live) texts.push(t('reloads', everyText()));
	notice.replaceChildren(...texts.map(text => el('span', {dir: 'auto'}, text)));
	notice.hidden = !texts.length;
	notice.classList.toggle('alarm', agrees === false);
}

function drawAbout() {
	const file = facts.list.split('/').pop();
	const parts = [
		[t('run'), el('bdi', {dir: 'ltr'}, `${facts.campaign} / ${facts.run}`)],
		[t('list'), el('bdi', {dir: 'ltr', title: facts.list}, file)],
		[t('began'), format.full.format(facts.created)],
	];
	if (facts.finished) parts.push([t('finished'), format.full.format(facts.finished)]);
	parts.push([t('zoneIs'), el('bdi', {dir: 'ltr'}, knownZone(facts.zone))]);
	document.getElementById('about').replaceChildren(
		...parts.map(([name, value]) =>
			el('span', {}, el('span', {class: 'soft'}, name), ' ', value),
		),
	);
}

function drawCards() {
	const n = value => format.number.format(value);
	const open = stateOf('pending') + stateOf('placing') + stateOf('live');
	const doubt = stateOf('in_doubt');
	/* A call that is not over is neither answered nor not. */
	const live = stateOf('live');
	const over = facts.calls - live;
	const reach = over ? facts.answered / over : 0;
	const average = facts.answered ? clockText(facts.talk / facts.answered) : '–';
	const each = facts.answered ? facts.cost / facts.answered : 0;
	const doubtNote = doubt ? `${n(doubt)} ${t('doubtRows')}` : '';
	document.getElementById('cards').replaceChildren(
		card(
			t('cardReach'),
			over ? format.percent.format(reach) : '–',
			`${n(facts.answered)} ${t('of')} ${t('callsOver', over)}${live ? ` · ${t('onThePhone', n(live))}` : ''}`,
			'lead',
		),
		card(
			t('cardDone'),
			n(stateOf('done')),
			`${t('of')} ${n(facts.rows)} · ${n(stateOf('skipped'))} ${t('skippedRows')}`,
		),
		card(
			t('cardOpen'),
			open ? n(open) : doubt ? n(doubt) : '0',
			open ? doubtNote : doubtNote || t('nothingOpen'),
			doubt ? 'warn' : '',
		),
		card(t('cardTalk'), average, facts.talk ? `${longText(facts.talk)} ${t('totalTalk')}` : ''),
		card(
			t('cardCost'),
			format.money.format(facts.cost),
			`${t('credits')}${each ? ` · ${format.money.format(each)} ${t('perCall')}` : ''}`,
		),
	);
}

/* rows = done + skipped + …, with the words for each, and whether the rows of this page agree. */
function drawSum(end) {
	const parts = facts.states
		.filter(s => s[0] > 0)
		.map(
			([count, name]) =>
				`${format.number.format(count)} ${t(name === 'done' ? 'state_done' : `result_${name}`).toLowerCase()}`,
		);
	const sum = el(
		'span',
		{class: 'equation'},
		el('bdi', {}, t('sumRows', facts.rows)),
		' = ',
		el('bdi', {}, parts.join(' + ')),
	);
	const agrees = end && end.agrees && rows.length === facts.rows;
	const followUp = rows.reduce((sum, row) => sum + row[FOLLOW], 0);
	document.getElementById('sum').replaceChildren(
		sum,
		' ',
		el(
			'span',
			{class: agrees ? 'good' : 'soft'},
			!end ? t('sumLoading') : agrees ? `✓ ${t('sumAgrees')}` : '',
		),
		end && followUp && !facts.masked ? ` ${t('sumFollowUp', format.number.format(followUp))}` : '',
	);
}

function drawHeadPart(end) {
	document.title = `${titleText()} · ${facts.run}`;
	const title = document.getElementById('title');
	title.textContent = titleText();
	title.dir = 'auto';
	document.getElementById('pill').className = `pill ${runState()[1]}`;
	document.getElementById('foot').textContent = t(
		facts.masked ? 'footMasked' : 'foot',
	);
	drawAge();
	drawNotice(end && end.agrees && rows.length === facts.rows);
	drawAbout();
	drawCards();
	drawSum(end);
}
