/*
 * The columns of the table: the list's own, what nida knows about each row, what the agent found out.
 * A column gives a plain value (for sorting and CSV) and a text or node (for reading).
 */

function badge(row) {
	const result = resultOf(row);
	return el('span', {class: `badge r-${result}`}, t(`result_${result}`));
}

/* Why, short: the reason it was skipped, or more about what happened. */
function whyOf(row) {
	const reason = reasonOf(row);
	return [reason && t(`skip_${reason}`), row[DETAIL]].filter(Boolean).join(' · ');
}

/* Of nida's words what is about this row: "mobile: 7005662" of "Column 'mobile' holds '7005662'. …". The
 * rest, and what was expected instead, stands in the opened row. */
function ownWords(detail) {
	const [, column, cell] = /^Column '(.*?)' holds '(.*?)'[.,;]/s.exec(detail) ?? [];
	if (column) return cell.trim() ? `${column}: ${cell}` : `${column} is empty`;
	return detail
		.replace(/[;,.] (?:expected|such as|write it as)\b.*$/s, '')
		.replace(/^Column '(.*?)' /s, '$1 ');
}

/* Label and words run in the direction of their own language: in Arabic an English sentence keeps its
 * beginning when there is no room for all of it. */
function whyNode(row) {
	const reason = reasonOf(row);
	const parts = [];
	if (reason) parts.push(el('bdi', {}, t(`skip_${reason}`)));
	if (reason && row[DETAIL]) parts.push(el('span', {}, '·'));
	if (row[DETAIL]) parts.push(el('bdi', {dir: 'auto', class: 'words'}, ownWords(row[DETAIL])));
	return el('span', {class: 'why'}, ...parts);
}

function lastCall(row) {
	return row[TRIES].length ? row[TRIES].at(-1)[T_INTENT] : 0;
}

function looksNumeric(text) {
	return /^[-+]?[\d٠-٩][\d٠-٩\s.,:\/()-]*$/.test(text);
}

function cellNode(text) {
	return looksNumeric(text) ? ltr(text) : el('bdi', {}, text);
}

const nidaColumns = [
	{
		id: 'key',
		name: () => t('colKey'),
		value: row => row[KEY],
		show: row => cellNode(row[KEY]),
		width: 104,
	},
	{
		id: 'phone',
		name: () => t('colPhone'),
		value: row => row[PHONE],
		show: row => ltr(row[PHONE]),
		width: 132,
	},
	{
		id: 'result',
		name: () => t('colResult'),
		value: row => t(`result_${resultOf(row)}`),
		show: badge,
		width: 120,
	},
	{
		id: 'why',
		name: () => t('colWhy'),
		value: whyOf,
		show: whyNode,
		full: whyOf,
		width: 216,
		grow: 420,
	},
	{
		id: 'tries',
		name: () => t('colTries'),
		value: row => row[TRIES].length,
		number: true,
		width: 84,
	},
	{
		id: 'first',
		name: () => t('colFirst'),
		value: row => (row[TRIES].length ? row[TRIES][0][T_INTENT] : 0),
		show: row => (row[TRIES].length ? format.row.format(row[TRIES][0][T_INTENT]) : ''),
		time: true,
		width: 140,
	},
	{
		id: 'last',
		name: () => t('colLast'),
		value: lastCall,
		show: row => (lastCall(row) ? format.row.format(lastCall(row)) : ''),
		time: true,
		width: 134,
	},
	{
		id: 'talk',
		name: () => t('colTalk'),
		value: talkOf,
		span: true,
		show: row => (talkOf(row) >= 0 ? ltr(clockText(talkOf(row))) : ''),
		width: 92,
	},
	{
		id: 'cost',
		name: () => t('colCost'),
		value: row => costOf(row) ?? '',
		number: true,
		show: row =>
			costOf(row) === null
				? ''
				: `${costIsEstimated(row) ? '≈ ' : ''}${format.money.format(costOf(row))}`,
		width: 90,
	},
	{
		id: 'language',
		name: () => t('colLanguage'),
		value: row => (row[LANGUAGE] ? t('en') : t('ar')),
		width: 110,
	},
	{
		id: 'job',
		name: () => t('colJob'),
		value: row => row[TRIES].findLast(a => a[T_JOB])?.[T_JOB] ?? '',
		width: 220,
	},
	{id: 'line', name: () => t('colLine'), value: row => row[LINE], number: true, width: 80},
];

const listColumns = facts.columns.map((name, i) => ({
	id: `c${i}`,
	name: () => name,
	value: row => row[CELLS][i] ?? '',
	show: row => cellNode(row[CELLS][i] ?? ''),
	width: 150,
}));

const fieldColumns = facts.fields.map(([name, english, arabic]) => ({
	id: `f:${name}`,
	name: () => (lang === 'ar' ? arabic : english),
	value: row => valueOf(row, name),
	saved: row => labelOf(name, valueOf(row, name)),
	show: row => cellNode(plainValue(name, valueOf(row, name))),
	width: 120,
}));

const columnGroups = [
	['ofList', listColumns],
	['own', nidaColumns],
	['agentFound', fieldColumns],
];
const allColumns = [...listColumns, ...nidaColumns, ...fieldColumns];
const columnById = new Map(allColumns.map(c => [c.id, c]));

/* The column that says who it is: by its name, else the first with words in it. */
function nameColumn() {
	const wordy = column => rows.slice(0, 20).some(row => /\p{L}{3}/u.test(column.value(row)));
	return (
		listColumns.find(c => /name|customer|client|اسم|عميل/i.test(c.name())) ??
		listColumns.find(wordy)
	);
}

/* Their widths leave room for all of them in a window of 1280. To begin with: who it was, how it ended, what was found out, when and how long. */
function defaultColumns() {
	const who = nameColumn()?.id;
	if (window.innerWidth < 640) return [who ?? 'key', 'result', 'last'];
	const ids = [
		'key',
		who,
		'phone',
		'result',
		fieldColumns[0]?.id,
		'tries',
		'last',
		'talk',
		'why',
	];
	return ids.filter(Boolean);
}

/* What a column is sorted by: numbers where all values are numbers, else folded text. Empty last. */
function sortKeys(column) {
	const values = rows.map(row => column.value(row));
	if (column.number || column.time || column.span)
		return values.map(v => (v === '' || (column.time && v === 0) || v < 0 ? null : v));
	const numbers = values.map(v => (v === '' ? null : Number(fold(v).replace(/,/g, ''))));
	if (numbers.every(n => n === null || Number.isFinite(n))) return numbers;
	return values.map(v => (v === '' ? null : fold(v)));
}

/* As text in a CSV: what is shown, but for dates, times and spans, which a spreadsheet reads as such.
 * results.csv has the values as the agent gave them. */
function csvText(column, row) {
	if (column.saved) return column.saved(row);
	const value = column.value(row);
	if (column.time)
		return value
			? new Date(value + localOffset(value))
					.toISOString()
					.slice(0, 19)
					.replace('T', ' ')
			: '';
	if (column.span) return value >= 0 ? String(Math.round(value / 1000)) : '';
	return String(value);
}

/* Signs that people write between the digits of a phone. */
const PARTED = /[ \xa0]*[-.()[\]\/\u2010-\u2015\u2212][-.()[\]\/\u2010-\u2015\u2212 \xa0]*/g;

/* +96890014127 as +968 9001 4127: behind the country code (ITU-T E.164) groups that people write. One
 * that is parted already stays so, with blanks: +968-9001-4127 is a subtraction to Excel. */
function phoneText(text) {
	const digits = /^\+(\d{7,15})$/.exec(text)?.[1];
	if (!digits) return text.search(PARTED) < 0 ? text : `+${text.slice(1).replace(PARTED, ' ').trim()}`;
	const two = /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
	const code = /^[17]/.test(digits) ? 1 : two.test(digits) ? 2 : 3;
	let out = `+${digits.slice(0, code)}`;
	for (let rest = digits.slice(code); rest;) {
		const take = rest.length <= 4 ? rest.length : rest.length === 8 ? 4 : 3;
		out += ` ${rest.slice(0, take)}`;
		rest = rest.slice(take);
	}
	return out;
}

/* [all, sign, whole, decimals, exponent] of what a spreadsheet takes for a number. */
const NUMBER = /^([-+]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(e[-+]?\d+)?$/i;

/* Would a spreadsheet keep less of this number than stands there? */
function losesDigits([, , whole, decimals = '', exponent]) {
	const digits = (whole.replace(/^0/, '') + decimals).replace(/[,.]/g, '');
	return Boolean(exponent) || /^0\d/.test(whole) || digits.length > 15;
}

/* Digits behind a +, written as people write phones, or masked; not an amount such as +1234567.500. */
function isPhone(text, number) {
	const count = text.match(/[\d\u0660-\u0669\u06f0-\u06f9•]/g)?.length ?? 0;
	return (
		/^\+[\d\u0660-\u0669\u06f0-\u06f9• \xa0\-.()[\]\/\u2010-\u2015\u2212]+$/.test(text) &&
		count >= 7 &&
		count <= 15 &&
		!(number?.[3]?.length <= 4)
	);
}

/* A cell for a spreadsheet, by the rules of results.csv: an apostrophe in front of what could run as a
 * formula, and of a number of which digits would be lost (0012345678, more than 15 of them, 12E4); none
 * for other numbers (-1,234.500) and for phones, which are written as +968 9001 4127: as text. */
function csvCell(text) {
	const number = NUMBER.exec(text);
	if (isPhone(text, number)) text = phoneText(text);
	else if (number) text = (losesDigits(number) ? "'" : '') + text;
	else
		text = text.replace(
			/^(?=[\t\r])|(^|[;\n\r\t])([\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*)(?=[=+\-@＝＋－＠])/g,
			(all, before = '', blanks = '') => `${before}${blanks}'`,
		);
	return `"${text.replace(/"/g, '""')}"`;
}
