/*
 * One row, open beside the table: what the list said, what was found out, each call with its times,
 * recording and conversation. Text of customers and providers is only ever set as text.
 */

const panel = document.getElementById('detail');
let openRow = -1; /* index into rows; -1: closed */

/* Numbers, dates and phones keep their order inside a sentence of either direction. */
function sentence(text) {
	const parts = [];
	let done = 0;
	for (const match of text.matchAll(/[+#]?[\d٠-٩][\d٠-٩\s.,:\/()+-]*[\d٠-٩]/g)) {
		parts.push(text.slice(done, match.index), ltr(match[0]));
		done = match.index + match[0].length;
	}
	parts.push(text.slice(done));
	return parts;
}

function pairs(list) {
	return el(
		'dl',
		{class: 'pairs'},
		...list.flatMap(([name, node]) => [
			el('dt', {}, el('bdi', {}, name)),
			el('dd', {}, typeof node === 'string' ? cellNode(node) : node),
		]),
	);
}

function section(title, ...content) {
	return el('section', {}, el('h3', {}, title), ...content);
}

/* A recording is a link of the web, or a file beside this page: nothing that could be a program. */
function safeLink(url) {
	return /^https?:\/\//i.test(url) || /^(?![a-z][a-z0-9+.-]*:)(?!\/\/)[^\\]+$/i.test(url);
}

/* The page alone was passed on, without the files of its recordings: then the link may still do. */
function fallBack(audio, open, link) {
	audio.addEventListener(
		'error',
		() => {
			audio.src = link;
			open.href = link;
			audio.play().catch(() => 0);
		},
		{once: true},
	);
}

function recordingNode(url, link) {
	if (!safeLink(url)) return el('p', {class: 'soft wrap'}, ltr(url));
	const audio = el('audio', {
		controls: true,
		preload: 'none',
		src: url,
		'aria-label': t('recording'),
	});
	const open = el(
		'a',
		{href: url, target: '_blank', rel: 'noopener noreferrer'},
		t('openRecording'),
	);
	if (link && safeLink(link)) fallBack(audio, open, link);
	return el('div', {class: 'recording'}, audio, open);
}

function conversation(lines) {
	const list = el('ol', {class: 'speech'});
	for (let i = 0; i < lines.length; i += 2) {
		const who = lines[i] ? 'customer' : 'agent';
		list.append(
			el(
				'li',
				{class: who},
				el('span', {class: 'who'}, t(who)),
				el('p', {dir: 'auto'}, ...sentence(lines[i + 1])),
			),
		);
	}
	return list;
}

function moment(ms) {
	return el('bdi', {}, `${format.day.format(ms)} ${format.second.format(ms)}`);
}

function attemptNode(attempt, lines) {
	const outcome = outcomeNames[attempt[T_OUTCOME]];
	const facts_ = [[t('start'), moment(attempt[T_INTENT])]];
	if (attempt[T_STARTED]) facts_.push([t('talkBegan'), moment(attempt[T_STARTED])]);
	if (attempt[T_ENDED]) facts_.push([t('ended'), moment(attempt[T_ENDED])]);
	if (attempt[T_TALK] >= 0) facts_.push([t('colTalk'), ltr(clockText(attempt[T_TALK]))]);
	if (attempt[T_COST] !== null)
		facts_.push([
			attempt[T_ESTIMATED] ? t('costEstimated') : t('cost'),
			`${format.money.format(attempt[T_COST])}`,
		]);
	if (attempt[T_JOB]) facts_.push([t('jobId'), el('code', {dir: 'ltr'}, attempt[T_JOB])]);
	const node = el(
		'section',
		{class: 'attempt'},
		el(
			'h4',
			{},
			t('attempt', attempt[T_NUMBER]),
			' ',
			el(
				'span',
				{class: `badge r-${outcome}`},
				outcome === 'none'
					? t('attemptState')[attempt[T_STATE]]
					: t(`result_${outcome}`),
			),
		),
		pairs(facts_),
	);
	if (attempt[T_WORDS])
		node.append(
			el(
				'p',
				{class: 'quote'},
				el('span', {class: 'soft'}, `${t('provider')}: `),
				el('bdi', {}, attempt[T_WORDS]),
			),
		);
	if (attempt[T_RECORDING]) node.append(recordingNode(attempt[T_RECORDING], attempt[T_LINK]));
	if (lines?.length) node.append(conversation(lines));
	else if (lines && wasAnswered(attempt)) node.append(el('p', {class: 'soft'}, t(facts.masked ? 'noTalkMasked' : 'noTalk')));
	return node;
}

function resultSection(row) {
	const values = valuesOf(row);
	const list = [];
	for (let i = 0; i < values.length; i += 2) {
		const field = facts.fields.find(f => f[0] === values[i]);
		const name = field ? field[lang === 'ar' ? 2 : 1] : values[i];
		if (values[i + 1]) list.push([name, plainValue(values[i], values[i + 1])]);
	}
	return list.length ? section(t('result'), pairs(list)) : null;
}

function iconButton(name, sign, action) {
	const button = el(
		'button',
		{
			type: 'button',
			id: `detail-${name}`,
			class: 'quiet',
			'aria-label': t(name),
			title: t(name),
		},
		sign,
	);
	button.addEventListener('click', action);
	return button;
}

function titleOf(row) {
	return nameColumn()?.value(row) || row[KEY] || row[PHONE];
}

function drawDetail() {
	const row = rows[openRow];
	const talk = row[TRIES].length ? talkOfRow(openRow) : [];
	const attempts = row[TRIES].map((attempt, i) => attemptNode(attempt, talk?.[i] ?? []));
	const why = row[DETAIL] ? el('p', {class: 'soft'}, el('bdi', {dir: 'auto'}, row[DETAIL])) : null;
	const cells = row[CELLS].map((cell, i) => [
		facts.columns[i] ?? `${t('extra')} ${i + 1}`,
		cell,
	]);
	const arrows = lang === 'ar' ? ['→', '←'] : ['←', '→'];

	panel.replaceChildren(
		el(
			'div',
			{class: 'detail-head'},
			el(
				'div',
				{},
				el('h2', {id: 'detail-title', dir: 'auto'}, titleOf(row)),
				el(
					'p',
					{class: 'soft'},
					row[PHONE] ? ltr(row[PHONE]) : '',
					row[PHONE] ? ' · ' : '',
					row[LANGUAGE] ? t('en') : t('ar'),
					' · ',
					`${t('colLine')} `,
					format.number.format(row[LINE]),
				),
			),
			el(
				'div',
				{class: 'detail-tools'},
				iconButton('previous', arrows[0], () => stepDetail(-1)),
				iconButton('next', arrows[1], () => stepDetail(1)),
				iconButton('close', '✕', closeDetail),
			),
		),
		el('p', {class: 'verdict'}, badge(row), ' ', el('bdi', {}, sentenceOf(row))),
		why ?? '',
		resultSection(row) ?? '',
		attempts.length ? section(t('attempts'), ...attempts.reverse()) : '',
		talk === undefined ? el('p', {class: 'soft'}, t('talkLoading')) : '',
		section(t('original'), pairs(cells)),
		el('p', {class: 'link'}, el('a', {href: `#${addressOf(openRow)}`}, t('copyLink'))),
	);
	if (talk === undefined)
		setTimeout(() => openRow >= 0 && rows[openRow] === row && keepingFocus(drawDetail), 300);
}

function showDetail(index) {
	openRow = index;
	keepingFocus(drawDetail);
	panel.hidden = false;
	panel.scrollTop = 0;
	document.body.classList.add('with-detail');
	setHash(addressOf(index));
}

function closeDetail() {
	if (openRow < 0) return;
	openRow = -1;
	panel.hidden = true;
	panel.replaceChildren();
	document.body.classList.remove('with-detail');
	setHash('');
	grid.focus({preventScroll: true});
}

function stepDetail(by) {
	const place = shown.indexOf(openRow);
	if (place < 0 || (!shown[place + by] && shown[place + by] !== 0)) return;
	moveTo(place + by);
	showDetail(shown[place + by]);
}

/* The address names the open row, without a history entry for each one looked at. */
function setHash(hash) {
	try {
		history.replaceState(
			null,
			'',
			hash ? `#${hash}` : location.href.replace(/#.*/, ''),
		);
	} catch {
		location.hash = hash;
	}
}

/* By its key; a row that has none, one that an earlier row has too, or a masked one, by its line in the
 * list. */
function addressOf(index) {
	const row = rows[index];
	return row[KEY] && !facts.masked && rowOfKey.get(row[KEY]) === index
		? `row=${encodeURIComponent(row[KEY])}`
		: `line=${row[LINE]}`;
}

function rowOfAddress(hash) {
	const [, kind, name] = /^#(row|line)=(.+)$/.exec(hash) ?? [];
	try {
		return kind === 'line'
			? rows.findIndex(row => String(row[LINE]) === name)
			: (rowOfKey.get(decodeURIComponent(name ?? '')) ?? -1);
	} catch {
		return -1; /* not an address of ours */
	}
}

function openFromHash() {
	const index = location.hash ? rowOfAddress(location.hash) : -1;
	if (index < 0 || index === openRow) return;
	const place = shown.indexOf(index);
	if (place >= 0) moveTo(place);
	showDetail(index);
}
