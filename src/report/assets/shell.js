/*
 * What every page of nida has: elements by their id, what the reader chose remembered, the language and
 * the light.
 */

const find = id => document.getElementById(id);

function remember(store, name, value) {
	try {
		window[store].setItem(name, JSON.stringify(value));
	} catch {
		/* no storage for pages from disk: then nothing is remembered */
	}
}

function recall(store, name) {
	try {
		return JSON.parse(window[store].getItem(name));
	} catch {
		return null;
	}
}

/* What is drawn anew must not drop the keyboard's focus: the control of the same id takes it over. */
function keepingFocus(redraw) {
	const held = document.activeElement;
	redraw();
	if (held?.id && !held.isConnected) find(held.id)?.focus({preventScroll: true});
}

/* Phones and other numbers keep their order inside Arabic. */
function ltr(text) {
	return el('bdi', {dir: 'ltr'}, text);
}

function card(name, value, note, kind = '') {
	return el(
		'div',
		{class: `card ${kind}`},
		el('dt', {}, name),
		el('dd', {}, el('strong', {}, value), note ? el('span', {}, note) : null),
	);
}

/* How wide a picture is, and one across two places, in a box of them. */
function pictureWidths(box) {
	const gap = 20;
	const across = box.clientWidth > 1040 ? 3 : box.clientWidth > 640 ? 2 : 1;
	const width = Math.max(
		Math.floor((box.clientWidth - gap * (across - 1)) / across) - 48,
		240,
	);
	return {across, width, wide: across === 1 ? width : width * 2 + gap + 48};
}

function redrawOnResize(redraw) {
	let width = window.innerWidth;
	let waiting = 0;
	window.addEventListener('resize', () => {
		clearTimeout(waiting);
		waiting = setTimeout(() => {
			redraw(window.innerWidth !== width);
			width = window.innerWidth;
		}, 100);
	});
}

function setTheme(theme) {
	if (theme) document.documentElement.dataset.theme = theme;
	const dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
	find('theme').textContent = t(dark ? 'light' : 'dark');
	find('theme').onclick = () => {
		remember('localStorage', 'nida:theme', dark ? 'light' : 'dark');
		setTheme(dark ? 'light' : 'dark');
	};
}

/* The language chosen last, else the browser's. */
function readersLanguage() {
	const chosen = recall('localStorage', 'nida:language');
	if (chosen === 'ar' || chosen === 'en') return chosen;
	return /^ar\b/.test(navigator.language ?? '') ? 'ar' : 'en';
}

function readersTheme() {
	const theme = recall('localStorage', 'nida:theme');
	if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
}

/* The two buttons in the corner, in the language of the page. */
function drawTools() {
	find('language').textContent = t('otherLanguage');
	find('language').lang = lang === 'ar' ? 'en' : 'ar';
	setTheme(document.documentElement.dataset.theme ?? '');
}

function changeLanguage() {
	setLanguage(lang === 'ar' ? 'en' : 'ar');
	remember('localStorage', 'nida:language', lang);
	drawAll();
}
