/*
 * What the reader asks of the table: words, filters, columns; and what is remembered of it. Choices of
 * taste are kept for all reports; filters and the open row only until the window is closed, so that a
 * page that reloads itself looks as it did.
 */

const viewName = `nida:${facts.campaign}/${facts.run}`;

function rememberView() {
	remember('sessionStorage', viewName, {
		...view,
		scroll: grid.scrollTop,
		page: window.scrollY,
		focus: document.activeElement?.id ?? '',
	});
}

function option(value, text, chosen) {
	return el('option', {value, selected: value === chosen}, text);
}

function select(name, title, options) {
	const node = el(
		'select',
		{id: `filter-${name}`, 'aria-label': title},
		option('', `${title}: ${t('all')}`, view[name]),
		...options.map(([value, text]) => option(value, text, view[name])),
	);
	node.classList.toggle('on', view[name] !== '');
	node.addEventListener('change', () => {
		view[name] = node.value;
		answer();
	});
	return node;
}

/* Stands for every answer that has no bar of its own. */
const OTHER = '\0other';

/* [[value, its name, rows] …] of the field in view; what the reader has chosen stays among them. */
function foundOptions(name) {
	const {items, other} = fieldItems(stats, name);
	const list = items.map(([value, n]) => [value, plainValue(name, value), n]);
	if (other) list.push([OTHER, t('otherAnswers'), other]);
	if (view.found && !list.some(([value]) => value === view.found))
		list.push([view.found, plainValue(name, view.found), stats.fields.get(name).get(view.found) ?? 0]);
	return list;
}

/* Does the row say what is asked of the field? */
function foundFits(name) {
	if (!name) return () => true;
	if (view.found !== OTHER) return row => valueOf(row, name) === view.found;
	const own = new Set(fieldItems(stats, name).items.map(([value]) => value));
	return row => valueOf(row, name) && !own.has(valueOf(row, name));
}

function drawFilters() {
	const results = [
		...facts.outcomes.map(o => [o[0], o[1]]),
		...facts.states.map(s => [s[0], s[1]]),
	].filter(([count, name]) => count > 0 && name !== 'none' && name !== 'done');
	const reasons = facts.reasons.filter(r => r[0] > 0 && r[1] !== 'none');
	const count = n => ` (${format.number.format(n)})`;
	const followUp = rows.reduce((sum, row) => sum + row[FOLLOW], 0);
	if (followUp) results.push([followUp, 'follow_up']);
	const list = [
		select(
			'result',
			t('filterResult'),
			results.map(([n, name]) => [name, t(`result_${name}`) + count(n)]),
		),
	];
	const field = fieldInView();
	if (field)
		list.push(
			select(
				'found',
				field[lang === 'ar' ? 2 : 1],
				foundOptions(field[0]).map(([value, text, n]) => [value, text + count(n)]),
			),
		);
	if (reasons.length)
		list.push(
			select(
				'reason',
				t('filterReason'),
				reasons.map(r => [r[1], t(`skip_${r[1]}`) + count(r[0])]),
			),
		);
	list.push(
		select('language', t('filterLanguage'), [
			['0', t('ar')],
			['1', t('en')],
		]),
	);
	list.push(
		select(
			'tries',
			t('filterTries'),
			[0, 1, 2, 3, 4, 5].map(n => [
				String(n),
				n === 5 ? '5+' : format.number.format(n),
			]),
		),
	);
	find('filters').replaceChildren(...list);
	find('search').placeholder = t('search');
	find('search').setAttribute('aria-label', t('search'));
	find('clear').hidden = !(
		view.q ||
		view.result ||
		view.found ||
		view.reason ||
		view.language ||
		view.tries
	);
}

/* What the rows are chosen by, in words: "Status: Completed". */
function filterTexts() {
	const texts = view.q ? [`${t('searched')}${view.deep ? ` (${t('deep')})` : ''}: “${view.q.trim()}”`] : [];
	for (const box of find('filters').querySelectorAll('select.on'))
		texts.push(
			`${box.getAttribute('aria-label')}: ${(box.selectedOptions[0]?.textContent ?? '').replace(/ \([\d,.\u066c٬]+\)$/, '')}`,
		);
	return texts;
}

function drawColumnList() {
	const chosen = new Set(shownColumns().map(c => c.id));
	find('column-list').replaceChildren(
		...columnGroups
			.filter(g => g[1].length)
			.map(([title, list]) =>
				el(
					'fieldset',
					{},
					el('legend', {}, t(title)),
					...list.map(c => {
						const box = el('input', {
							type: 'checkbox',
							id: `column-${c.id}`,
							checked: chosen.has(c.id),
						});
						box.addEventListener('change', () =>
							chooseColumn(c.id, box.checked),
						);
						return el(
							'label',
							{},
							box,
							' ',
							el('bdi', {}, c.name()),
						);
					}),
				),
			),
	);
}

function chooseColumn(id, wanted) {
	const ids = shownColumns()
		.map(c => c.id)
		.filter(other => other !== id);
	view.columns = wanted ? [...ids, id] : ids.length ? ids : ['key'];
	remember('localStorage', columnsName, view.columns.map(nameOfColumn));
	keepingFocus(drawColumnList);
	drawTable();
}

/* The next list of a campaign may have its columns in another order: what is kept are their names. */
const columnsName = `nida:columns:${facts.campaign}`;

function nameOfColumn(id) {
	const column = columnById.get(id);
	return listColumns.includes(column) ? `list:${column.name()}` : id;
}

function recallColumns() {
	const names = recall('localStorage', columnsName);
	if (!Array.isArray(names)) return null;
	const ids = names
		.map(name => allColumns.find(c => nameOfColumn(c.id) === name)?.id)
		.filter(Boolean);
	return ids.length ? [...new Set(ids)] : null;
}

function drawCount() {
	find('count').textContent = !complete
		? t('loading', rows.length)
		: shown.length === rows.length
			? t('sumRows', rows.length)
			: t('shown', shown.length, rows.length);
}

/* The question changed: the rows that answer it, and transcripts too when they are wanted. */
const TALK_SHOWN_MS = 400;
let question = 0;

function answer() {
	const mine = ++question;
	const wanted = searchTerms(view.q).flatMap(term => term.pieces);
	talkFound = null;
	refreshRows();
	keepingFocus(drawFilters);
	drawCount();
	rememberView();
	if (!view.deep || !wanted.length || !complete) return;
	talkFound = new Set();
	find('count').textContent = t('searching');
	/* What is found is shown now and then: drawing costs the search time. */
	let due = performance.now() + TALK_SHOWN_MS;
	searchTalk(
		wanted,
		() => mine === question,
		found => {
			found.forEach(index => talkFound.add(index));
			if (performance.now() < due) return;
			refreshRows();
			due = performance.now() + TALK_SHOWN_MS;
		},
	).then(() => {
		if (mine !== question) return;
		refreshRows();
		drawCount();
	});
}

function clearFilters() {
	Object.assign(view, {q: '', result: '', found: '', reason: '', language: '', tries: ''});
	find('search').value = '';
	answer();
	find('search').focus();
}
