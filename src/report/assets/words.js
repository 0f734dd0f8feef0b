/*
 * The words of the page in both languages, and how numbers and moments look in them. Digits stay
 * Latin in Arabic too: phones, amounts and references in the list are Latin, and one page should not
 * mix two sets of them. Moments are always told in the campaign's zone.
 */
'use strict';

const words = {
	en: {
		otherLanguage: 'العربية', light: 'Light', dark: 'Dark', skipToTable: 'Skip to the rows',
		figures: 'Figures', charts: 'Charts', rows: 'Rows', deep: 'Transcripts too',
		search: 'Name, number, value …', clear: 'Clear filters', columns: 'Columns',
		saveCsv: 'Save as CSV',
		keys: 'Keys: / searches, ↑ ↓ choose a row, Enter opens it, Esc closes it.',
		run: 'Run', list: 'List', began: 'Began', finished: 'Finished', zoneIs: 'Times in',
		rehearsal: 'Rehearsal: nobody was called',
		stateRunning: 'Running', stateStopped: 'Not finished', stateFinished: 'Finished',
		stateCancelled: 'Cancelled', statePaused: 'Paused',
		asOf: 'as of', pausedBecause: 'Placing calls is paused', disagree:
			'The totals and the rows of this report do not agree. The ledger may be damaged: ' +
			'run “nida audit” before you rely on it.',
		pauser: {operator: 'by a person', breaker: 'by the breaker: too many calls failed',
			budget: 'by the budget', canary: 'by the canary: too few of the first calls were answered',
			provider: 'by Hamsa'},
		cardRows: 'Rows in the list', cardDone: 'Done', cardReach: 'Calls answered',
		cardTalk: 'Average talk', cardCost: 'Cost', cardOpen: 'Still to do', of: 'of',
		perCall: 'per answer', hours: n => `${n} h`, credits: 'credits', callsPlaced: 'calls placed',
		skippedRows: 'skipped', totalTalk: 'in all', doubtRows: 'in doubt', nothingOpen: 'nothing',
		sumRows: n => `${n} rows`, sumAgrees: 'Every row of the list is accounted for.', sumLoading: 'Counting the rows …',
		stand: 'Where the rows stand', found: 'What customers said', overTime: 'Calls over time',
		byHour: 'Answered by hour of day', byDay: 'Answered by weekday', tries: 'Calls until answered',
		lengths: 'Length of answered calls', answered: 'Answered', unanswered: 'Not answered',
		share: 'Share', calls: 'Calls', rowsUnit: 'Rows', asTable: 'As a table', bucket: 'From',
		nothing: 'Nothing to show yet.', never: 'never', ofCalls: 'of calls', best: 'Best:',
		attemptN: n => ['1st', '2nd', '3rd'][n - 1] || `${n}th`,
		all: 'all', filterResult: 'Status', filterReason: 'Why skipped', filterLanguage: 'Language',
		filterTries: 'Calls',
		shown: (n, all) => `${n} of ${all} rows`, shownAll: all => `${all} rows`,
		loading: n => `${n} rows so far …`, searching: 'Searching transcripts …',
		none: 'No row fits. Clear the filters to see all.',
		colResult: 'Status', colWhy: 'Why', colTries: 'Calls', colLast: 'Last call', colFirst: 'First call',
		colTalk: 'Talk', colCost: 'Cost', colPhone: 'Phone', colLanguage: 'Language', colKey: 'Key',
		colLine: 'Line', colJob: 'Job id', own: 'Calls', ofList: 'List', agentFound: 'Found out',
		ar: 'Arabic', en: 'English',
		close: 'Close', copyLink: 'Link to this row', previous: 'Previous row', next: 'Next row',
		attempts: 'Calls', attempt: n => `Call ${n}`, conversation: 'Conversation', original: 'From the list',
		result: 'What the agent found out', agent: 'Agent', customer: 'Customer',
		recording: 'Recording', openRecording: 'Open the recording', noTalk: 'No transcript.',
		talkLoading: 'The transcript is still loading …', provider: 'Hamsa says', jobId: 'Job id',
		start: 'Placed', talkBegan: 'Talk began', ended: 'Ended', cost: 'Cost', extra: 'Extra cell',
		printed: (n, all) => n < all ? `The first ${n} of ${all} rows. results.csv has all of them.`
			: `All ${all} rows.`,
		reloads: 'This page reloads itself every minute until the run is finished.',
		foot: 'Written by nida. Personal data: pass it on with care.',
		attemptState: ['Being placed', 'In progress', 'In doubt', 'Over'],
		result_pending: 'Waiting', result_placing: 'Being placed', result_live: 'On the phone',
		result_in_doubt: 'In doubt', result_skipped: 'Skipped', result_completed: 'Completed',
		result_no_answer: 'No answer', result_failed: 'Failed', result_forwarded: 'Forwarded',
		result_terminated: 'Ended by us', result_lost: 'Lost', state_done: 'Done',
		skip_invalid_phone: 'Invalid number', skip_missing_value: 'Missing value',
		skip_bad_value: 'Bad value', skip_duplicate: 'Duplicate', skip_suppressed: 'Do not call',
		skip_no_consent: 'No consent', skip_frequency: 'Called too often',
		skip_out_of_time: 'Out of time', skip_over_budget: 'Over budget', skip_cancelled: 'Cancelled',
	},
	ar: {
		otherLanguage: 'English', light: 'فاتح', dark: 'داكن', skipToTable: 'انتقل إلى الصفوف',
		figures: 'الأرقام', charts: 'الرسوم', rows: 'الصفوف', deep: 'في المحادثات أيضًا',
		search: 'ابحث باسم أو رقم أو قيمة …', clear: 'إزالة عوامل التصفية', columns: 'الأعمدة',
		saveCsv: 'حفظ CSV',
		keys: 'المفاتيح: / للبحث، ↑ ↓ لاختيار صف، Enter لفتحه، Esc لإغلاقه.',
		run: 'التشغيل', list: 'القائمة', began: 'بدأ', finished: 'انتهى', zoneIs: 'الأوقات بتوقيت',
		rehearsal: 'تجربة: لم يُتصل بأحد',
		stateRunning: 'قيد التشغيل', stateStopped: 'لم يكتمل', stateFinished: 'مكتمل',
		stateCancelled: 'ملغى', statePaused: 'متوقف مؤقتًا',
		asOf: 'حتى', pausedBecause: 'إجراء المكالمات متوقف مؤقتًا', disagree:
			'مجاميع هذا التقرير لا تطابق صفوفه. قد يكون السجل تالفًا: شغّل nida audit قبل الاعتماد عليه.',
		pauser: {operator: 'بقرار من شخص', breaker: 'لكثرة المكالمات الفاشلة', budget: 'لبلوغ الميزانية',
			canary: 'لقلة الردود في المكالمات الأولى', provider: 'من حمسة'},
		cardRows: 'صفوف القائمة', cardDone: 'تم', cardReach: 'مكالمات تم الرد عليها',
		cardTalk: 'متوسط المحادثة', cardCost: 'التكلفة', cardOpen: 'المتبقي', of: 'من',
		perCall: 'لكل رد', hours: n => `${n} ساعة`, credits: 'رصيد', callsPlaced: 'مكالمة أُجريت',
		skippedRows: 'متروك', totalTalk: 'في المجموع', doubtRows: 'غير محسوم', nothingOpen: 'لا شيء',
		sumRows: n => `عدد الصفوف ${n}`, sumAgrees: 'كل صف في القائمة له مصير معروف.', sumLoading: 'جارٍ عدّ الصفوف …',
		stand: 'مصير الصفوف', found: 'ما قاله العملاء', overTime: 'المكالمات عبر الوقت',
		byHour: 'الردود حسب ساعة اليوم', byDay: 'الردود حسب يوم الأسبوع', tries: 'عدد المكالمات حتى الرد',
		lengths: 'مدة المكالمات المُجابة', answered: 'تم الرد', unanswered: 'بلا رد',
		share: 'النسبة', calls: 'المكالمات', rowsUnit: 'الصفوف', asTable: 'كجدول', bucket: 'من',
		nothing: 'لا شيء بعد.', never: 'بلا رد', ofCalls: 'من المكالمات', best: 'الأفضل:',
		attemptN: n => ['الأولى', 'الثانية', 'الثالثة', 'الرابعة', 'الخامسة'][n - 1] || String(n),
		all: 'الكل', filterResult: 'الوضع', filterReason: 'سبب الترك', filterLanguage: 'اللغة',
		filterTries: 'المكالمات',
		shown: (n, all) => `${n} من ${all} صف`, shownAll: all => `عدد الصفوف: ${all}`,
		loading: n => `${n} صف حتى الآن …`, searching: 'جارٍ البحث في المحادثات …',
		none: 'لا صف يطابق. أزل عوامل التصفية لرؤية الكل.',
		colResult: 'الوضع', colWhy: 'السبب', colTries: 'المكالمات', colLast: 'آخر مكالمة',
		colFirst: 'أول مكالمة', colTalk: 'المحادثة', colCost: 'التكلفة', colPhone: 'الهاتف',
		colLanguage: 'اللغة', colKey: 'المفتاح', colLine: 'السطر', colJob: 'رقم المهمة',
		own: 'المكالمات', ofList: 'القائمة', agentFound: 'ما عُرف', ar: 'العربية', en: 'الإنجليزية',
		close: 'إغلاق', copyLink: 'رابط هذا الصف', previous: 'الصف السابق', next: 'الصف التالي',
		attempts: 'المكالمات', attempt: n => `المكالمة ${n}`, conversation: 'المحادثة', original: 'من القائمة',
		result: 'ما توصّل إليه المساعد', agent: 'المساعد', customer: 'العميل',
		recording: 'التسجيل', openRecording: 'افتح التسجيل', noTalk: 'لا توجد محادثة.',
		talkLoading: 'المحادثة قيد التحميل …', provider: 'تقول حمسة', jobId: 'رقم المهمة',
		start: 'أُجريت', talkBegan: 'بدأت المحادثة', ended: 'انتهت', cost: 'التكلفة', extra: 'خلية زائدة',
		printed: (n, all) => n < all ? `أول ${n} صف من ${all}. الكل في results.csv.`
			: `عدد الصفوف: ${all}.`,
		reloads: 'تُحدَّث هذه الصفحة تلقائيًا كل دقيقة حتى يكتمل التشغيل.',
		foot: 'أعدّته nida. يحتوي بيانات شخصية: شاركه بحذر.',
		attemptState: ['قيد الإجراء', 'جارية', 'غير محسومة', 'انتهت'],
		result_pending: 'في الانتظار', result_placing: 'قيد الإجراء', result_live: 'على الهاتف',
		result_in_doubt: 'غير محسوم', result_skipped: 'متروك', result_completed: 'اكتملت',
		result_no_answer: 'لا رد', result_failed: 'فشلت', result_forwarded: 'حُوّلت',
		result_terminated: 'أنهيناها', result_lost: 'مفقودة', state_done: 'تم',
		skip_invalid_phone: 'رقم غير صالح', skip_missing_value: 'قيمة ناقصة',
		skip_bad_value: 'قيمة غير صالحة', skip_duplicate: 'مكرر', skip_suppressed: 'عدم الاتصال',
		skip_no_consent: 'بلا موافقة', skip_frequency: 'اتصالات كثيرة',
		skip_out_of_time: 'انتهى الوقت', skip_over_budget: 'تجاوز الميزانية', skip_cancelled: 'ملغى',
	},
};

let lang = 'en';
let format = {};

function t(name, ...values) {
	const word = words[lang][name];
	return typeof word === 'function' ? word(...values) : word ?? name;
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
		percent: new Intl.NumberFormat(locale, {style: 'percent', maximumFractionDigits: 0}),
		money: new Intl.NumberFormat(locale, {maximumFractionDigits: 3}),
		full: moment({day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit',
			hourCycle: 'h23'}),
		row: moment({day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}),
		second: moment({hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'}),
		time: moment({hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}),
		day: moment({day: 'numeric', month: 'short'}),
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

function agoText(ms) {
	const minutes = Math.round((ms - Date.now()) / 60000);
	if (minutes > -90)
		return format.ago.format(minutes, 'minute');
	if (minutes > -60 * 36)
		return format.ago.format(Math.round(minutes / 60), 'hour');
	return format.ago.format(Math.round(minutes / 1440), 'day');
}

/* "will_pay" as "will pay": values that are names of the scenario, made readable. */
function plainValue(text) {
	return /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(text) ? text.replace(/_/g, ' ') : text;
}
