/*
 * The page as a whole: what happens when, language and light, keys and mouse, and the reload while a run
 * goes on.
 */

let end = null; /* what the page says after its last row */
let stats = null;

/* ---- language and light ---- */

function drawAll() {
	drawTools();
	drawHeadPart(end);
	drawCharts(stats);
	drawFilters();
	drawColumnList();
	refreshRows();
	drawCount();
	if (openRow >= 0) drawDetail();
}

/* ---- keys, mouse, time ---- */

function openActive() {
	if (active >= 0) showDetail(shown[active]);
	panel.focus({preventScroll: true});
}

/* From the head of one column to another, or down to the rows. */
function headKey(event, id) {
	const ids = shownColumns().map(c => c.id);
	const place = ids.indexOf(id);
	const forward = lang === 'ar' ? 'ArrowLeft' : 'ArrowRight';
	const back = lang === 'ar' ? 'ArrowRight' : 'ArrowLeft';
	const moves = {
		[forward]: Math.min(place + 1, ids.length - 1),
		[back]: Math.max(place - 1, 0),
		Home: 0,
		End: ids.length - 1,
	};
	if (event.key in moves) {
		event.preventDefault();
		focusHead(ids[moves[event.key]]);
	} else if (event.key === 'ArrowDown') {
		event.preventDefault();
		grid.focus();
		moveTo(Math.max(active, 0));
	}
}

function gridKey(event) {
	const head = event.target.closest('[data-sort]')?.dataset.sort;
	if (head) {
		headKey(event, head);
		return;
	}
	if (event.key === 'ArrowUp' && active <= 0) {
		event.preventDefault();
		focusHead(headInReach(shownColumns()));
		return;
	}
	const page = Math.max(Math.floor((grid.clientHeight - HEAD_HEIGHT) / ROW_HEIGHT) - 1, 1);
	const moves = {
		ArrowDown: active + 1,
		ArrowUp: Math.max(active - 1, 0),
		PageDown: active + page,
		PageUp: active - page,
		Home: 0,
		End: shown.length - 1,
	};
	if (event.key in moves) {
		event.preventDefault();
		moveTo(moves[event.key]);
		if (openRow >= 0 && active >= 0) showDetail(shown[active]);
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
		if (find('columns').open) find('columns').open = false;
		else closeDetail();
	}
}

/* Up, down, then the order of the list again. */
function sortBy(id) {
	if (view.sort !== id) Object.assign(view, {sort: id, desc: false});
	else if (!view.desc) view.desc = true;
	else Object.assign(view, {sort: '', desc: false});
	headId = id;
	answer();
	find('told').textContent = `${columnById.get(id).name()}: ${t(
		!view.sort ? 'sortedNot' : view.desc ? 'sortedDown' : 'sortedUp',
	)}`;
}

function gridClick(event) {
	const sort = event.target.closest('[data-sort]')?.dataset.sort;
	const place = event.target.closest('[data-place]')?.dataset.place;
	if (sort) {
		sortBy(sort);
	} else if (place && !String(getSelection())) {
		active = Number(place);
		markActive();
		showDetail(shown[active]);
	}
}

/* While the run goes on: a fresh page as often as one is written, but never under the reader's hands. */
function reloadLater() {
	if (!facts.live) return;
	setTimeout(() => {
		const playing = [...document.querySelectorAll('audio')].some(a => !a.paused);
		const typing = document.activeElement === find('search') || find('columns').open;
		if (playing || typing || !complete) {
			reloadLater();
			return;
		}
		rememberView();
		location.reload();
	}, reloadMs());
}

function wire() {
	let waiting = 0;
	let frame = 0;
	find('language').onclick = changeLanguage;
	find('save').onclick = saveCsv;
	find('clear').onclick = clearFilters;
	find('search').addEventListener('input', () => {
		clearTimeout(waiting);
		waiting = setTimeout(
			() => {
				view.q = find('search').value;
				answer();
			},
			rows.length > 20000 ? 120 : 40,
		);
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
	grid.addEventListener(
		'scroll',
		() => {
			cancelAnimationFrame(frame);
			frame = requestAnimationFrame(placeRows);
		},
		{passive: true},
	);
	grid.addEventListener('click', gridClick);
	grid.addEventListener('keydown', gridKey);
	document.addEventListener('keydown', anyKey);
	document.addEventListener('click', event => {
		if (!event.target.closest('#columns')) find('columns').open = false;
	});
	window.addEventListener('hashchange', openFromHash);
	window.addEventListener('beforeprint', drawPrint);
	window.addEventListener('pagehide', rememberView);
	watchSize();
}

function watchSize() {
	redrawOnResize(wider => {
		if (wider) drawCharts(stats);
		drawTable();
	});
	setInterval(drawAge, 20000);
}

function whenComplete(last) {
	const saved = recall('sessionStorage', viewName);
	end = last;
	stats = countRows();
	drawAll();
	if (view.deep && view.q) answer();
	if (saved?.scroll) grid.scrollTop = saved.scroll;
	if (saved?.page) window.scrollTo(0, saved.page);
	openFromHash();
	if (saved?.focus) find(saved.focus)?.focus({preventScroll: true});
	document.documentElement.dataset.ready = 'yes';
}

function start() {
	const saved = recall('sessionStorage', viewName) ?? {};
	for (const name of Object.keys(view)) {
		if (name in saved) view[name] = saved[name];
	}
	view.columns = recallColumns() ?? view.columns;
	readersTheme();
	setLanguage(readersLanguage());
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
