/*
 * The language of the page, and how numbers and moments look in it. Digits stay Latin in Arabic too:
 * phones, amounts and references in the list are Latin, and one page should not mix two sets of them.
 * Moments are always told in the campaign's zone.
 */

let lang = 'en';
let format = {};

function t(name, ...values) {
	const word = words[lang][name];
	return typeof word === 'function' ? word(...values) : (word ?? name);
}

/* "1 row", "صفّان": a count with its noun in the form that the language wants. */
function counted(n, forms) {
	const form = forms[format.plural.select(n)] ?? forms.other;
	return form.replace('#', format.number.format(n));
}

/* A zone that the browser does not know must not break the page. */
function knownZone(zone) {
	try {
		new Intl.DateTimeFormat('en', {timeZone: zone});
		return zone;
	} catch {
		return 'UTC';
	}
}

function setLanguage(next) {
	const locale = next === 'ar' ? 'ar-OM-u-nu-latn-ca-gregory' : 'en-GB';
	const timeZone = knownZone(facts.zone);
	const moment = options => new Intl.DateTimeFormat(locale, {timeZone, ...options});
	lang = next;
	format = {
		number: new Intl.NumberFormat(locale),
		plural: new Intl.PluralRules(locale),
		percent: new Intl.NumberFormat(locale, {
			style: 'percent',
			maximumFractionDigits: 0,
		}),
		money: new Intl.NumberFormat(locale, {maximumFractionDigits: 3}),
		cost: new Intl.NumberFormat(locale, {
			minimumFractionDigits: 3,
			maximumFractionDigits: 3,
		}),
		full: moment({
			day: 'numeric',
			month: 'short',
			year: 'numeric',
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23',
		}),
		row: moment({
			day: 'numeric',
			month: 'short',
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23',
		}),
		second: moment({
			hour: '2-digit',
			minute: '2-digit',
			second: '2-digit',
			hourCycle: 'h23',
		}),
		time: moment({hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}),
		day: moment({day: 'numeric', month: 'short'}),
		calendar: new Intl.DateTimeFormat(locale, {
			day: 'numeric',
			month: 'short',
			year: 'numeric',
			timeZone: 'UTC',
		}),
		date: new Intl.DateTimeFormat(locale, {
			weekday: 'short',
			day: 'numeric',
			month: 'short',
			timeZone: 'UTC',
		}),
		weekday: new Intl.DateTimeFormat(locale, {weekday: 'short', timeZone: 'UTC'}),
		ago: new Intl.RelativeTimeFormat(locale, {numeric: 'auto'}),
	};
	document.documentElement.lang = next;
	document.documentElement.dir = next === 'ar' ? 'rtl' : 'ltr';
	for (const node of document.querySelectorAll('[data-text]'))
		node.textContent = t(node.dataset.text);
}

/* 83,000 ms as 1:23, 3,700,000 ms as 1:01:40. */
function clockText(ms) {
	const s = Math.round(ms / 1000);
	const two = n => String(n).padStart(2, '0');
	const h = Math.floor(s / 3600);
	const m = Math.floor(s / 60) % 60;
	return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/* Long talk: 1,901 h says more than 1901:19:25. */
function longText(ms) {
	return ms < 36000000
		? clockText(ms)
		: t('hours', format.number.format(Math.round(ms / 3600000)));
}

function agoText(ms) {
	const minutes = Math.round((ms - Date.now()) / 60000);
	if (minutes > -90) return format.ago.format(minutes, 'minute');
	if (minutes > -60 * 36) return format.ago.format(Math.round(minutes / 60), 'hour');
	return format.ago.format(Math.round(minutes / 1440), 'day');
}

/* A value as the scenario labels it; else "will pay" for "will_pay": names are made readable. */
function labelOf(field, text) {
	const label = choiceLabels.get(field)?.get(text)?.[lang === 'ar' ? 1 : 0];
	if (label && label !== text) return label;
	return /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(text) ? text.replace(/_/g, ' ') : text;
}

/* The same for reading: a date as people of the language write it. */
function plainValue(field, text) {
	const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : NaN;
	return Number.isNaN(Number(date)) ? labelOf(field, text) : format.calendar.format(date);
}
