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

function gridKey(event) {
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

function gridClick(event) {
	const sort = event.target.closest('[data-sort]')?.dataset.sort;
	const place = event.target.closest('[data-place]')?.dataset.place;
	if (sort) {
		/* Up, down, then the order of the list again. */
		if (view.sort !== sort) Object.assign(view, {sort, desc: false});
		else if (!view.desc) view.desc = true;
		else Object.assign(view, {sort: '', desc: false});
		answer();
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
	document.documentElement.dataset.ready = 'yes';
}

function start() {
	const saved = recall('sessionStorage', viewName) ?? {};
	for (const name of Object.keys(view)) {
		if (name in saved) view[name] = saved[name];
	}
	view.columns = recall('localStorage', `nida:columns:${facts.campaign}`) ?? view.columns;
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
