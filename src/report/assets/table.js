/*
 * The table: which rows are shown, in which order, and a grid that holds only those in view, so that
 * 100,000 rows scroll like 100. The grid keeps the keyboard's focus; aria-activedescendant names the
 * active row, and aria-rowcount and aria-rowindex tell a screen reader what is not in the document.
 *
 * It is our own: the table libraries that hold 100,000 rows bring several times the script of this whole
 * page into every report that is mailed, and styles that the page's policy would have to let in.
 */

const ROW_HEIGHT = 44,
	HEAD_HEIGHT = 42,
	NARROW_WIDTH = 100,
	TIME_WIDTH = 132;
/* Browsers limit how tall an element can be; beyond this the scroll bar is a map of the rows. */
const MOST_PIXELS = 8000000;

const view = {
	q: '',
	deep: false,
	result: '',
	field: '', /* the outcome field that is drawn and filtered by; '': the first that can be */
	found: '', /* its value */
	reason: '',
	language: '',
	tries: '',
	sort: '',
	desc: false,
	columns: null,
};
let shown = []; /* indexes into rows */
let active = -1; /* index into shown; -1: none */
let talkFound = null; /* rows whose transcripts match; null: not searched */
const grid = document.getElementById('grid');
const sizer = document.createElement('div');
const inView = new Map(); /* place in shown → element */

function fits(row, wanted, index, saysSo) {
	if (view.result === 'follow_up' ? !row[FOLLOW] : view.result && resultOf(row) !== view.result)
		return false;
	if (!saysSo(row)) return false;
	if (view.reason && reasonOf(row) !== view.reason) return false;
	if (view.language && String(row[LANGUAGE]) !== view.language) return false;
	if (view.tries && String(Math.min(row[TRIES].length, 5)) !== view.tries) return false;
	for (const term of wanted) {
		if (!termFits(term, index)) return Boolean(talkFound?.has(index));
	}
	return true;
}

function chooseRows() {
	const wanted = searchTerms(view.q);
	/* Not known before all rows are here. */
	const saysSo = foundFits(view.found ? fieldInView()?.[0] : '');
	shown = [];
	for (let i = 0; i < rows.length; i++) {
		if (fits(rows[i], wanted, i, saysSo)) shown.push(i);
	}
	sortRows();
}

let sortedBy = null; /* {id, language, count, keys} of the last sort */

function sortRows() {
	const column = columnById.get(view.sort);
	if (!column) return;
	if (
		sortedBy?.id !== column.id ||
		sortedBy.language !== lang ||
		sortedBy.count !== rows.length
	)
		sortedBy = {
			id: column.id,
			language: lang,
			count: rows.length,
			keys: sortKeys(column),
		};
	const keys = sortedBy.keys;
	const sign = view.desc ? -1 : 1;
	shown.sort((a, b) => {
		const x = keys[a],
			y = keys[b];
		if (x === y) return a - b;
		if (x === null || y === null) return x === null ? 1 : -1;
		return x < y ? -sign : sign;
	});
}

function shownColumns() {
	return (view.columns ?? defaultColumns()).map(id => columnById.get(id)).filter(Boolean);
}

/* ---- drawing ---- */

let headId = ''; /* the column whose head had the focus last */

/* One head is a tab stop; arrows lead to the others. */
function headInReach(list) {
	return [headId, view.sort].find(id => list.some(c => c.id === id)) ?? list[0].id;
}

function focusHead(id) {
	headId = id;
	for (const button of grid.querySelectorAll('[data-sort]'))
		button.tabIndex = button.dataset.sort === id ? 0 : -1;
	find(`sort-${id}`).focus();
}

function drawHead() {
	const list = shownColumns();
	const narrow = grid.clientWidth < 640;
	/* A time that is cut has lost its hour. */
	const least = c => (narrow ? Math.min(c.width, c.time ? TIME_WIDTH : NARROW_WIDTH) : c.width);
	const sizes = list.map(c => `minmax(${least(c)}px, ${narrow ? least(c) : (c.grow ?? c.width)}fr)`);
	grid.style.setProperty('--columns', sizes.join(' '));
	grid.style.setProperty('--least', `${list.reduce((sum, c) => sum + least(c), 0)}px`);
	grid.setAttribute('aria-colcount', list.length);
	const head = el(
		'div',
		{role: 'row', class: 'row head', 'aria-rowindex': '1'},
		...list.map((c, i) => {
			const sorted = view.sort === c.id;
			const button = el(
				'button',
				{
					type: 'button',
					id: `sort-${c.id}`,
					tabindex: c.id === headInReach(list) ? '0' : '-1',
					'data-sort': c.id,
				},
				el('bdi', {}, c.name()),
				el(
					'span',
					{class: 'arrow', 'aria-hidden': 'true'},
					sorted ? (view.desc ? '↓' : '↑') : '',
				),
			);
			return el(
				'div',
				{
					role: 'columnheader',
					class: 'cell',
					'aria-colindex': String(i + 1),
					'aria-sort': sorted
						? view.desc
							? 'descending'
							: 'ascending'
						: 'none',
				},
				button,
			);
		}),
	);
	return head;
}

function drawRow(place) {
	const index = shown[place];
	const row = rows[index];
	const cells = shownColumns().map((c, i) => {
		const content = c.show
			? c.show(row)
			: c.number
				? format.number.format(c.value(row))
				: c.value(row);
		const plain = c.full?.(row) ?? (typeof content === 'string' ? content : content.textContent);
		return el(
			'div',
			{
				role: 'gridcell',
				class: c.number || c.span ? 'cell number' : 'cell',
				'aria-colindex': String(i + 1),
				title: plain,
			},
			content,
		);
	});
	const node = el(
		'div',
		{
			role: 'row',
			class: 'row',
			id: `row-${index}`,
			'data-place': String(place),
			'aria-rowindex': String(place + 2),
		},
		...cells,
	);
	if (place % 2) node.classList.add('odd');
	return node;
}

function pixels() {
	return Math.min(shown.length * ROW_HEIGHT, MOST_PIXELS);
}

/* Rows in view, given where the scroll bar is. */
function firstInView() {
	const room = grid.clientHeight - HEAD_HEIGHT;
	const most = pixels() - room;
	if (most <= 0) return {exact: 0, room};
	const ratio = Math.min(grid.scrollTop / most, 1);
	return {exact: ratio * (shown.length * ROW_HEIGHT - room), room};
}

function placeRows() {
	const {exact, room} = firstInView();
	const from = Math.max(Math.floor(exact / ROW_HEIGHT) - 6, 0);
	const to = Math.min(Math.ceil((exact + room) / ROW_HEIGHT) + 6, shown.length);
	for (const [place, node] of inView) {
		if (place < from || place >= to) {
			node.remove();
			inView.delete(place);
		}
	}
	for (let place = from; place < to; place++) {
		if (!inView.has(place)) {
			const node = drawRow(place);
			inView.set(place, node);
			sizer.append(node);
		}
		inView.get(place).style.top = `${grid.scrollTop + place * ROW_HEIGHT - exact}px`;
	}
	markActive();
}

function markActive() {
	for (const [place, node] of inView) {
		node.classList.toggle('active', place === active);
		node.setAttribute('aria-selected', place === active ? 'true' : 'false');
	}
	if (inView.has(active)) grid.setAttribute('aria-activedescendant', inView.get(active).id);
	else grid.removeAttribute('aria-activedescendant');
}

/* Everything again: other rows, order, columns or language. */
function drawTable() {
	keepingFocus(drawGrid);
}

function drawGrid() {
	const left = grid.scrollLeft;
	inView.clear();
	sizer.replaceChildren();
	sizer.className = 'sizer';
	sizer.setAttribute('role', 'rowgroup');
	sizer.style.height = `${pixels()}px`;
	grid.setAttribute('aria-rowcount', String(shown.length + 1));
	grid.replaceChildren(el('div', {role: 'rowgroup', class: 'head-group'}, drawHead()), sizer);
	if (!shown.length && complete)
		grid.append(el('p', {class: 'empty'}, rows.length ? t('none') : nothingText()));
	grid.scrollLeft = left;
	active = Math.min(active, shown.length - 1);
	placeRows();
}

/* More rows arrived, or the same question has another answer. */
function refreshRows() {
	const index = shown[active];
	chooseRows();
	active = index === undefined ? -1 : shown.indexOf(index);
	drawTable();
}

function moveTo(place) {
	if (!shown.length) return;
	active = Math.min(Math.max(place, 0), shown.length - 1);
	const {exact, room} = firstInView();
	const top = active * ROW_HEIGHT;
	let wanted = exact;
	if (top < exact) wanted = top;
	else if (top + ROW_HEIGHT > exact + room) wanted = top + ROW_HEIGHT - room;
	const whole = shown.length * ROW_HEIGHT - room;
	if (wanted !== exact && whole > 0) grid.scrollTop = (wanted / whole) * (pixels() - room);
	placeRows();
}
