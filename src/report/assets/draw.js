/*
 * Drawing: elements, SVG, and the two kinds of picture there are (lying and standing bars), each with a
 * table that says the same. Colours come from the style sheet by class (dark mode, print); shape,
 * order and labels carry the meaning too, so that nothing depends on telling colours apart. In Arabic
 * everything runs from the right, time included.
 */

const SVG = 'http://www.w3.org/2000/svg';

function svg(name, attributes, ...children) {
	const node = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
	node.append(...children);
	return node;
}

function el(name, attributes, ...children) {
	const node = document.createElement(name);
	for (const [key, value] of Object.entries(attributes ?? {})) {
		if (key in node && typeof value !== 'string') node[key] = value;
		else node.setAttribute(key, value);
	}
	node.append(...children.filter(child => child !== null && child !== undefined));
	return node;
}

/* Of a run that goes on there may be something later. */
function nothingText() {
	return t(facts.state === 'open' ? 'nothing' : 'nothingEver');
}

function figure(title, aside, picture, head, lines, summary, instead) {
	const table = el(
		'table',
		{},
		el('thead', {}, el('tr', {}, ...head.map(h => el('th', {scope: 'col'}, h)))),
		el(
			'tbody',
			{},
			...lines.map(line =>
				el(
					'tr',
					{},
					...line.map((cell, i) =>
						i
							? el('td', {}, cell)
							: el(
									'th',
									{scope: 'row'},
									el('bdi', {}, cell),
								),
					),
				),
			),
		),
	);
	if (picture) {
		picture.setAttribute('role', 'img');
		picture.setAttribute('aria-label', `${title}. ${summary ?? ''}`);
	}
	return el(
		'figure',
		{class: 'picture'},
		el('figcaption', {}, el('h3', {}, title), aside ?? ''),
		picture ?? el('p', {class: 'empty'}, instead || nothingText()),
		picture ? el('details', {}, el('summary', {}, t('asTable')), table) : null,
	);
}

/* x of a thing `w` wide at `x` from the start of a picture `width` wide. */
function fromStart(width, x, w = 0) {
	return lang === 'ar' ? width - x - w : x;
}

function anchor(where) {
	return lang === 'ar' ? {start: 'end', end: 'start', middle: 'middle'}[where] : where;
}

function label(width, x, y, text, where = 'start', kind = 'label') {
	return svg(
		'text',
		{
			x: fromStart(width, x),
			y,
			'text-anchor': anchor(where),
			class: kind,
			direction: 'ltr',
			'unicode-bidi': 'plaintext',
		},
		text,
	);
}

/* Room for the longest of these texts in bold digits. */
function textRoom(texts) {
	return Math.max(...texts.map(text => text.length)) * 8 + 12;
}

/* Horizontal bars: [{label, count, kind}]. */
function bars(width, items, total) {
	const line = 30;
	const most = Math.max(...items.map(i => i.count), 1);
	const names = Math.min(
		width * 0.42,
		Math.max(...items.map(i => [...i.label].length)) * 7.2 + 12,
	);
	const counts = textRoom(items.map(i => format.number.format(i.count)));
	const room = width - names - 44 - Math.max(counts, 48);
	const picture = svg('svg', {viewBox: `0 0 ${width} ${items.length * line}`, class: 'bars'});
	items.forEach((item, i) => {
		const y = i * line;
		const w = Math.max((item.count / most) * room, item.count ? 3 : 0);
		const name = [...item.label];
		const most_letters = Math.floor((names - 8) / 7.2);
		picture.append(
			label(
				width,
				0,
				y + 19,
				name.length > most_letters
					? name.slice(0, most_letters - 1).join('') + '…'
					: item.label,
			),
			svg('rect', {
				x: fromStart(width, names, room),
				y: y + 6,
				width: room,
				height: 18,
				rx: 4,
				class: 'track',
			}),
			svg(
				'rect',
				{
					x: fromStart(width, names, w),
					y: y + 6,
					width: w,
					height: 18,
					rx: 4,
					class: `fill ${item.kind ?? 'plain'}`,
				},
				svg(
					'title',
					{},
					`${item.label}: ${format.number.format(item.count)}`,
				),
			),
			label(
				width,
				width,
				y + 19,
				format.percent.format(total ? item.count / total : 0),
				'end',
				'label soft',
			),
			label(
				width,
				width - 44,
				y + 19,
				format.number.format(item.count),
				'end',
				'label strong',
			),
		);
	});
	return picture;
}

/* Lines of a scale that reads well: 0, 5, 10 …, at most four of them; `least`: the smallest step. */
function scale(most, least) {
	const rough = Math.max(most, least) / 4;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = Math.max(
		[1, 2, 5, 10].map(m => m * power).find(s => s >= rough),
		least,
	);
	const list = [];
	for (let v = 0; v < most + step; v += step) list.push(v);
	return list;
}

/* Standing bars: [{label, parts: [[count, class] …], title}]; `share`: a scale of per cent; `least`: the smallest step
 * of another one. */
function columns(width, items, share, least = 1) {
	const height = 190,
		bottom = 26,
		top = 10,
		left = share ? 40 : 38;
	const most = share
		? 1
		: Math.max(...items.map(i => i.parts.reduce((s, p) => s + p[0], 0)), least);
	const lines = share ? [0, 0.25, 0.5, 0.75, 1] : scale(most, least);
	const y = v => height - bottom - (v / lines.at(-1)) * (height - bottom - top);
	const slot = (width - left) / items.length;
	const w = Math.min(Math.max(slot * 0.72, 2), 44);
	const picture = svg('svg', {viewBox: `0 0 ${width} ${height}`, class: 'columns'});
	for (const v of lines) {
		picture.append(
			svg('line', {
				x1: fromStart(width, left),
				x2: fromStart(width, width),
				y1: y(v),
				y2: y(v),
				class: v ? 'line' : 'axis',
			}),
			label(
				width,
				left - 6,
				y(v) + 4,
				share ? format.percent.format(v) : format.number.format(v),
				'end',
				'label soft',
			),
		);
	}
	const widest = Math.max(...items.map(i => i.label.length)) * 6.6 + 10;
	const every = Math.max(1, Math.ceil(widest / slot));
	items.forEach((item, i) => {
		const x = left + i * slot + (slot - w) / 2;
		let base = 0;
		const group = svg('g', {}, svg('title', {}, item.title));
		group.append(
			svg('rect', {
				x: fromStart(width, left + i * slot, slot),
				y: top,
				width: slot,
				height: height - top - bottom,
				class: 'catch',
			}),
		);
		for (const [count, kind] of item.parts) {
			const high = y(base) - y(base + count);
			group.append(
				svg('rect', {
					x: fromStart(width, x, w),
					y: y(base + count),
					width: w,
					/* A line of paper between two parts. */
					height: high - (base && high > 2 ? 1 : 0),
					class: `fill ${kind}`,
				}),
			);
			base += count;
		}
		picture.append(group);
		if (i % every === 0)
			picture.append(
				label(
					width,
					x + w / 2,
					height - 8,
					item.label,
					'middle',
					'label soft',
				),
			);
	});
	return picture;
}

function legend(items) {
	return el(
		'span',
		{class: 'legend'},
		...items.map(([kind, text]) =>
			el('span', {}, el('i', {class: `key ${kind}`}), text),
		),
	);
}
