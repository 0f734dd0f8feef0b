/*
 * The data of the page: the facts of the run, the rows as they arrive, transcripts on demand, and the
 * folded text that search looks into. Places in the arrays are those that html.c writes.
 */

const KEY = 0,
	PHONE = 1,
	LANGUAGE = 2,
	STATE = 3,
	WHY = 4,
	DETAIL = 5,
	LINE = 6,
	CELLS = 7,
	TRIES = 8,
	FOLLOW = 9;
const T_NUMBER = 0,
	T_STATE = 1,
	T_OUTCOME = 2,
	T_JOB = 3,
	T_INTENT = 4,
	T_STARTED = 5,
	T_ENDED = 6,
	T_TALK = 7,
	T_COST = 8,
	T_RECORDING = 9,
	T_WORDS = 10,
	T_VALUES = 11,
	T_ESTIMATED = 12,
	T_LINK = 13;

const facts = JSON.parse(document.getElementById('run').textContent);
const rows = [];
const hay = []; /* what a search looks into, folded, row by row */
const phones = []; /* the digits of their numbers */
const rowOfKey = new Map();
let complete = false; /* all rows are here */

/* As often as the report is written again, but no oftener than a reader can follow. */
function reloadMs() {
	return Math.max(facts.every, 5000);
}

/* What the scenario calls the choices of its fields: field → value → [English, Arabic]. */
const choiceLabels = new Map(
	Object.entries(facts.choices).map(([field, labels]) => [field, new Map(Object.entries(labels))]),
);

const stateNames = facts.states.map(s => s[1]);
const outcomeNames = facts.outcomes.map(o => o[1]);
const reasonNames = facts.reasons.map(r => r[1]);

/* One name for where a row stands: its outcome when it is done, else its state. */
function resultOf(row) {
	const state = stateNames[row[STATE]];
	return state === 'done' ? outcomeNames[row[WHY]] : state;
}

function reasonOf(row) {
	return stateNames[row[STATE]] === 'skipped' ? reasonNames[row[WHY]] : '';
}

/* The whole sentence for it, in the reader's language. */
function sentenceOf(row) {
	const state = stateNames[row[STATE]];
	const list =
		state === 'done'
			? facts.outcomes
			: state === 'skipped'
				? facts.reasons
				: facts.states;
	const word = list[state === 'done' || state === 'skipped' ? row[WHY] : row[STATE]];
	return word[lang === 'ar' ? 3 : 2];
}

const CALL_OVER = 3; /* enum attempt_state */

/* Nothing more becomes of the row. */
function isOver(row) {
	return ['done', 'skipped'].includes(stateNames[row[STATE]]);
}

function wasAnswered(attempt) {
	const outcome = outcomeNames[attempt[T_OUTCOME]];
	return outcome === 'completed' || outcome === 'forwarded';
}

/* What the agent found out: the values of the latest attempt that has any. */
function valuesOf(row) {
	for (let i = row[TRIES].length - 1; i >= 0; i--) {
		if (row[TRIES][i][T_VALUES].length) return row[TRIES][i][T_VALUES];
	}
	return [];
}

function valueOf(row, name) {
	const values = valuesOf(row);
	for (let i = 0; i < values.length; i += 2) {
		if (values[i] === name) return values[i + 1];
	}
	return '';
}

function talkOf(row) {
	let sum = -1;
	for (const attempt of row[TRIES]) {
		if (attempt[T_TALK] >= 0) sum = Math.max(sum, 0) + attempt[T_TALK];
	}
	return sum;
}

function costOf(row) {
	let sum = null;
	for (const attempt of row[TRIES]) {
		if (attempt[T_COST] !== null) sum = (sum ?? 0) + attempt[T_COST];
	}
	return sum;
}

/* Is part of the cost the scenario's rate, because Hamsa gave none? */
function costIsEstimated(row) {
	return row[TRIES].some(attempt => attempt[T_ESTIMATED]);
}

/*
 * Text as search compares it: small letters without accents; hamza and its seats, the forms of alef,
 * ta marbuta and ha, alef maqsura and ya, Persian kaf and ya as one letter each; no tashkeel, no
 * tatweel, no direction marks; digits of every script as 0-9.
 */
const foldLetters = {
	'\u0621': '',
	'\u0629': '\u0647',
	'\u0649': '\u064a',
	'\u06cc': '\u064a',
	'\u06a9': '\u0643',
	'\u0671': '\u0627',
};

function fold(text) {
	if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
	return text
		.normalize('NFD')
		.replace(
			/[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
			'',
		)
		.replace(/[\u0621\u0629\u0649\u06cc\u06a9\u0671]/g, c => foldLetters[c])
		.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, c => String(c.charCodeAt(0) & 15))
		.toLowerCase();
}

/* What the page calls where a row stands, in both languages, folded. */
const standWords = new Map();

function wordsOf(row) {
	const place = `${resultOf(row)} ${reasonOf(row)}`;
	if (!standWords.has(place)) {
		const [result, reason] = place.split(' ');
		const names = [`result_${result}`, `skip_${reason}`];
		const list = names.flatMap(name => [words.en[name] ?? '', words.ar[name] ?? '']);
		standWords.set(place, fold(list.join('\n')));
	}
	return standWords.get(place);
}

/*
 * What a search asks for: [{pieces, digits} …]. A term is found where its pieces stand. Digits with the
 * signs that people write between them are one term, and found in the row's number too, however it is
 * written: +968 9001 4127, (+968) 90014127, 9001-4127, 0096890014127.
 */
function searchTerms(text) {
	const list = [];
	for (const piece of fold(text).split(/\s+/).filter(Boolean)) {
		const numeric = /^[+(\[]*\d[\d()[\].\/\u2010-\u2015\u2212-]*$/.test(piece);
		if (numeric && list.at(-1)?.numeric) list.at(-1).pieces.push(piece);
		else list.push({pieces: [piece], numeric});
	}
	for (const term of list) {
		const digits = term.numeric ? term.pieces.join('').replace(/\D/g, '').replace(/^00/, '') : '';
		term.digits = digits.length >= DIGITS_SOUGHT ? digits : '';
	}
	return list;
}

const DIGITS_SOUGHT = 4;

function termFits(term, index) {
	return (
		term.pieces.every(piece => hay[index].includes(piece)) ||
		(term.digits !== '' && phones[index].includes(term.digits))
	);
}

function addRow(row) {
	const parts = [row[KEY], row[PHONE], row[DETAIL], ...row[CELLS]];
	for (const attempt of row[TRIES]) {
		parts.push(attempt[T_JOB], attempt[T_WORDS]);
		for (let i = 0; i < attempt[T_VALUES].length; i += 2) {
			const [field, value] = attempt[T_VALUES].slice(i, i + 2);
			parts.push(value, ...(choiceLabels.get(field)?.get(value) ?? []));
		}
	}
	if (!rowOfKey.has(row[KEY])) rowOfKey.set(row[KEY], rows.length);
	rows.push(row);
	hay.push(`${fold(parts.join('\n'))}\n${wordsOf(row)}`);
	/* A masked number keeps its gap. */
	phones.push(row[PHONE].replace(/[^\d•]/g, ''));
}

/* Take in the blocks of rows while the page is still arriving, a little at a time. A block is whole
 * when something stands behind it. Blocks are dropped once read, to give their memory back. */
function loadRows(onProgress, onComplete) {
	const blocks = document.getElementsByClassName('rows');
	const step = () => {
		const before = rows.length;
		const until = performance.now() + 24;
		while (blocks.length && performance.now() < until) {
			const block = blocks[0];
			if (!block.nextElementSibling && document.readyState === 'loading') break;
			JSON.parse(block.textContent).forEach(addRow);
			block.remove();
		}
		const end = document.getElementById('rows-end');
		if (
			end &&
			!blocks.length &&
			(end.nextElementSibling || document.readyState !== 'loading')
		) {
			complete = true;
			onComplete(JSON.parse(end.textContent));
			return;
		}
		if (rows.length !== before) onProgress();
		setTimeout(step, blocks.length ? 0 : 20);
	};
	step();
}

const talkBlocks = document.getElementsByClassName('talk');
const talkCache = new Map();

function talkBlockReady(n) {
	const block = talkBlocks[n];
	return block && (block.nextElementSibling || document.readyState !== 'loading');
}

function talkBlock(n) {
	if (!talkCache.has(n)) {
		if (talkCache.size > 3) talkCache.delete(talkCache.keys().next().value);
		talkCache.set(n, JSON.parse(talkBlocks[n].textContent));
	}
	return talkCache.get(n);
}

/* The conversations of a row, one list [speaker, text, …] for each attempt; undefined: not here yet. */
function talkOfRow(index) {
	const n = Math.floor(index / facts.chunk);
	return talkBlockReady(n) ? talkBlock(n)[index % facts.chunk] || [] : undefined;
}

/* Look for every term in the transcripts, block by block; onFound gets the matching rows of a block.
 * `wanted()` says whether the question still stands. */
async function searchTalk(terms, wanted, onFound) {
	const blocks = Math.ceil(rows.length / facts.chunk);
	for (let n = 0; n < blocks && wanted(); n++) {
		while (!talkBlockReady(n) && wanted())
			await new Promise(done => setTimeout(done, 50));
		if (!wanted()) return;
		const text = fold(talkBlocks[n].textContent);
		const found = [];
		if (terms.every(term => text.includes(term))) {
			JSON.parse(talkBlocks[n].textContent).forEach((talk, i) => {
				const spoken = talk ? fold(talk.flat().join('\n')) : '';
				if (talk && terms.every(term => spoken.includes(term)))
					found.push(n * facts.chunk + i);
			});
		}
		onFound(found);
		await new Promise(done => setTimeout(done));
	}
}

/* Local calendar of the campaign: weekday 0-6 and hour 0-23. The zone is asked once an hour, as
 * offsets change at full quarters of an hour at most. */
const offsetCache = new Map();
let zoneParts;

function localOffset(ms) {
	const quarter = Math.floor(ms / 900000);
	if (!offsetCache.has(quarter)) {
		zoneParts ??= new Intl.DateTimeFormat('en-US', {
			timeZone: knownZone(facts.zone),
			calendar: 'gregory',
			numberingSystem: 'latn',
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
		});
		const p = {};
		for (const {type, value} of zoneParts.formatToParts(quarter * 900000))
			p[type] = Number(value);
		offsetCache.set(
			quarter,
			Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute) - quarter * 900000,
		);
	}
	return offsetCache.get(quarter);
}

function localTime(ms) {
	const d = new Date(ms + localOffset(ms));
	return {weekday: d.getUTCDay(), hour: d.getUTCHours()};
}
