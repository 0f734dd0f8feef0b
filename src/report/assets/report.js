/*
 * The page as a whole: what the reader does, what is remembered, and what happens when. Choices of
 * taste (language, light or dark, columns) are kept for all reports; filters and the open row only
 * until the window is closed, so that a page that reloads itself looks as it did.
 */

const PRINT_ALL = 2000, PRINT_FIRST = 500;
const RELOAD_MS = 60000;
const find = id => document.getElementById(id);
let end = null;   /* what the page says after its last row */
let stats = null;

function remember(store, name, value) {
	try {
		window[store].setItem(name, JSON.stringify(value));
	} catch { /* no storage for pages from disk: then nothing is remembered */ }
}

function recall(store, name) {
	try {
		return JSON.parse(window[store].getItem(name));
	} catch {
		return null;
	}
}

const viewName = `nida:${facts.campaign}/${facts.run}`;

function rememberView() {
	remember('sessionStorage', viewName, {...view, scroll: grid.scrollTop, page: window.scrollY});
}

/* ---- filters ---- */

function option(value, text, chosen) {
	return el('option', {value, selected: value === chosen}, text);
}

function select(name, title, options) {
	const node = el('select', {id: `filter-${name}`, 'aria-label': title},
		option('', `${title}: ${t('all')}`, view[name]), ...options.map(([value, text]) =>
			option(value, text, view[name])));
	node.classList.toggle('on', view[name] !== '');
	node.addEventListener('change', () => {
		view[name] = node.value;
		answer();
	});
	return node;
}

function drawFilters() {
	const results = [...facts.outcomes.map(o => [o[0], o[1]]), ...facts.states.map(s => [s[0], s[1]])]
		.filter(([count, name]) => count > 0 && name !== 'none' && name !== 'done');
	const reasons = facts.reasons.filter(r => r[0] > 0 && r[1] !== 'none');
	const count = n => ` (${format.number.format(n)})`;
	const list = [select('result', t('filterResult'), results.map(([n, name]) =>
		[name, t(`result_${name}`) + count(n)]))];
	if (reasons.length)
		list.push(select('reason', t('filterReason'), reasons.map(r => [r[1], t(`skip_${r[1]}`) + count(r[0])])));
	list.push(select('language', t('filterLanguage'), [['0', t('ar')], ['1', t('en')]]));
	list.push(select('tries', t('filterTries'), [0, 1, 2, 3, 4, 5].map(n =>
		[String(n), n === 5 ? '5+' : format.number.format(n)])));
	find('filters').replaceChildren(...list);
	find('search').placeholder = t('search');
	find('search').setAttribute('aria-label', t('search'));
	find('clear').hidden = !(view.q || view.result || view.reason || view.language || view.tries);
}

function drawColumnList() {
	const chosen = new Set(shownColumns().map(c => c.id));
	find('column-list').replaceChildren(...columnGroups.filter(g => g[1].length).map(([title, list]) =>
		el('fieldset', {}, el('legend', {}, t(title)), ...list.map(c => {
			const box = el('input', {type: 'checkbox', checked: chosen.has(c.id)});
			box.addEventListener('change', () => chooseColumn(c.id, box.checked));
			return el('label', {}, box, ' ', el('bdi', {}, c.name()));
		}))));
}

function chooseColumn(id, wanted) {
	const ids = shownColumns().map(c => c.id).filter(other => other !== id);
	view.columns = wanted ? [...ids, id] : ids.length ? ids : ['key'];
	remember('localStorage', `nida:columns:${facts.campaign}`, view.columns);
	drawColumnList();
	drawTable();
}

function drawCount() {
	const n = format.number.format(shown.length);
	const all = format.number.format(rows.length);
	find('count').textContent = !complete ? t('loading', all)
		: shown.length === rows.length ? t('shownAll', all) : t('shown', n, all);
}

/* The question changed: the rows that answer it, and transcripts too when they are wanted. */
let question = 0;

function answer() {
	const mine = ++question;
	const wanted = terms();
	talkFound = null;
	refreshRows();
	drawFilters();
	drawCount();
	rememberView();
	if (!view.deep || !wanted.length || !complete)
		return;
	talkFound = new Set();
	find('count').textContent = t('searching');
	searchTalk(wanted, () => mine === question, found => {
		found.forEach(index => talkFound.add(index));
		if (found.length)
			refreshRows();
	}).then(() => mine === question && drawCount());
}

function clearFilters() {
	Object.assign(view, {q: '', result: '', reason: '', language: '', tries: ''});
	find('search').value = '';
	answer();
	find('search').focus();
}

/* ---- saving and printing ---- */

function saveCsv() {
	const list = shownColumns();
	const lines = [list.map(c => csvCell(c.name())).join(',')];
	for (const index of shown)
		lines.push(list.map(c => csvCell(csvText(c, rows[index]))).join(','));
	const blob = new Blob(['\ufeff', lines.join('\r\n'), '\r\n'], {type: 'text/csv;charset=utf-8'});
	const link = el('a', {href: URL.createObjectURL(blob), download: `${facts.campaign}-${facts.run}.csv`});
	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/* Paper holds no scroll bar: a plain table of the rows that are shown, up to a number it states. */
function drawPrint() {
	const count = shown.length <= PRINT_ALL ? shown.length : PRINT_FIRST;
	const list = shownColumns();
	find('print-rows').replaceChildren(
		el('p', {}, t('printed', format.number.format(count), format.number.format(shown.length))),
		el('table', {},
			el('thead', {}, el('tr', {}, ...list.map(c => el('th', {scope: 'col'}, c.name())))),
			el('tbody', {}, ...shown.slice(0, count).map(index => el('tr', {}, ...list.map(c => {
				const row = rows[index];
				return el('td', {}, c.show ? c.show(row) : String(c.value(row)));
			}))))));
}

/* ---- language and light ---- */

function setTheme(theme) {
	if (theme)
		document.documentElement.dataset.theme = theme;
	const dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
	find('theme').textContent = t(dark ? 'light' : 'dark');
	find('theme').onclick = () => {
		remember('localStorage', 'nida:theme', dark ? 'light' : 'dark');
		setTheme(dark ? 'light' : 'dark');
	};
}

function drawAll() {
	find('language').textContent = t('otherLanguage');
	find('language').lang = lang === 'ar' ? 'en' : 'ar';
	setTheme(document.documentElement.dataset.theme ?? '');
	drawHeadPart(end);
	drawCharts(stats);
	drawFilters();
	drawColumnList();
	refreshRows();
	drawCount();
	if (openRow >= 0)
		drawDetail();
}

function changeLanguage() {
	setLanguage(lang === 'ar' ? 'en' : 'ar');
	remember('localStorage', 'nida:language', lang);
	drawAll();
}

/* ---- keys, mouse, time ---- */

function openActive() {
	if (active >= 0)
		showDetail(shown[active]);
	panel.focus({preventScroll: true});
}

function gridKey(event) {
	const page = Math.max(Math.floor((grid.clientHeight - HEAD_HEIGHT) / ROW_HEIGHT) - 1, 1);
	const moves = {ArrowDown: active + 1, ArrowUp: Math.max(active - 1, 0), PageDown: active + page,
		PageUp: active - page, Home: 0, End: shown.length - 1};
	if (event.key in moves) {
		event.preventDefault();
		moveTo(moves[event.key]);
		if (openRow >= 0 && active >= 0)
			showDetail(shown[active]);
	} else if ((event.key === 'Enter' || event.key === ' ') && event.target === grid) {
		event.preventDefault();
		openActive();
	}
}

function anyKey(event) {
	const typing = event.target.closest?.('input, select, textarea');
	if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
		event.preventDefault();
		find('search').focus();
		find('search').select();
	} else if (event.key === 'Escape') {
		if (find('columns').open)
			find('columns').open = false;
		else
			closeDetail();
	}
}

function gridClick(event) {
	const sort = event.target.closest('[data-sort]')?.dataset.sort;
	const place = event.target.closest('[data-place]')?.dataset.place;
	if (sort) {
		/* Up, down, then the order of the list again. */
		if (view.sort !== sort)
			Object.assign(view, {sort, desc: false});
		else if (!view.desc)
			view.desc = true;
		else
			Object.assign(view, {sort: '', desc: false});
		answer();
	} else if (place && !String(getSelection())) {
		active = Number(place);
		markActive();
		showDetail(shown[active]);
	}
}

/* While the run goes on: a fresh page every minute, but never under the reader's hands. */
function reloadLater() {
	if (!facts.live)
		return;
	setTimeout(() => {
		const playing = [...document.querySelectorAll('audio')].some(a => !a.paused);
		const typing = document.activeElement === find('search') || find('columns').open;
		if (playing || typing || !complete) {
			reloadLater();
			return;
		}
		rememberView();
		location.reload();
	}, RELOAD_MS);
}

function wire() {
	let waiting = 0;
	let frame = 0;
	find('language').onclick = changeLanguage;
	find('save').onclick = saveCsv;
	find('clear').onclick = clearFilters;
	find('search').addEventListener('input', () => {
		clearTimeout(waiting);
		waiting = setTimeout(() => {
			view.q = find('search').value;
			answer();
		}, rows.length > 20000 ? 120 : 40);
	});
	find('search').addEventListener('keydown', event => {
		if (event.key === 'ArrowDown' || event.key === 'Enter') {
			event.preventDefault();
			grid.focus();
			moveTo(Math.max(active, 0));
		}
	});
	find('deep').addEventListener('change', () => {
		view.deep = find('deep').checked;
		answer();
	});
	grid.addEventListener('scroll', () => {
		cancelAnimationFrame(frame);
		frame = requestAnimationFrame(placeRows);
	}, {passive: true});
	grid.addEventListener('click', gridClick);
	grid.addEventListener('keydown', gridKey);
	document.addEventListener('keydown', anyKey);
	document.addEventListener('click', event => {
		if (!event.target.closest('#columns'))
			find('columns').open = false;
	});
	window.addEventListener('hashchange', openFromHash);
	window.addEventListener('beforeprint', drawPrint);
	window.addEventListener('pagehide', rememberView);
	watchSize();
}

function watchSize() {
	let width = window.innerWidth;
	let waiting = 0;
	window.addEventListener('resize', () => {
		clearTimeout(waiting);
		waiting = setTimeout(() => {
			if (window.innerWidth !== width)
				drawCharts(stats);
			width = window.innerWidth;
			drawTable();
		}, 100);
	});
	setInterval(drawAge, 20000);
}

function whenComplete(last) {
	const saved = recall('sessionStorage', viewName);
	end = last;
	stats = countRows();
	drawAll();
	if (view.deep && view.q)
		answer();
	if (saved?.scroll)
		grid.scrollTop = saved.scroll;
	if (saved?.page)
		window.scrollTo(0, saved.page);
	openFromHash();
	document.documentElement.dataset.ready = 'yes';
}

function start() {
	const saved = recall('sessionStorage', viewName) ?? {};
	for (const name of Object.keys(view)) {
		if (name in saved)
			view[name] = saved[name];
	}
	view.columns = recall('localStorage', `nida:columns:${facts.campaign}`) ?? view.columns;
	const theme = recall('localStorage', 'nida:theme');
	if (theme === 'light' || theme === 'dark')
		document.documentElement.dataset.theme = theme;
	const chosen = recall('localStorage', 'nida:language');
	setLanguage(chosen === 'ar' || chosen === 'en' ? chosen
		: /^ar\b/.test(navigator.language ?? '') ? 'ar' : 'en');
	find('search').value = view.q;
	find('deep').checked = view.deep;
	wire();
	drawAll();
	let drawn = 0;
	loadRows(() => {
		/* Enough to read, then not again until all are here: drawing costs the loader time. */
		if (drawn === 0 || rows.length > drawn * 4) {
			drawn = rows.length;
			refreshRows();
		}
		drawCount();
	}, whenComplete);
	reloadLater();
}

start();
