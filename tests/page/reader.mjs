/*
 * What a reader finds in the page, in a real browser: name → test(browser, url of a page of the sample rows).
 * Hooked into page_test.mjs.
 */
import assert from 'node:assert/strict';

/* What an expression of figures.js says of rows whose field `name` has these values. */
const chartOf = (name, values) => `(() => {
	const made = ${JSON.stringify(values)}.map(value => {
		const row = structuredClone(rows[20]);
		row[TRIES] = [structuredClone(rows.find(r => valuesOf(r).length)[TRIES].findLast(a => a[T_VALUES].length))];
		row[TRIES][0][T_VALUES] = [${JSON.stringify(name)}, value];
		return row;
	});
	const made_ = {fields: new Map(facts.fields.map(f => [f[0], new Map()]))};
	made.forEach(row => countValues(made_, row));
	return {charted: chartFields(made_).map(f => f[0]), ...fieldItems(made_, ${JSON.stringify(name)})};
})()`;

export const readerTests = {
	async 'cells for a spreadsheet: those of results.csv'(browser, url) {
		const page = await browser.open(url);
		const cells = {
			'+968-9001-0001': '+968 9001 0001',
			'+968 9001-0002': '+968 9001 0002',
			'+(968) 9001.4127': '+968 9001 4127',
			'+96890••••00': '+96890••••00',
			'+968*9001': "'+968*9001",
			'-1,234.500': '-1,234.500',
			'+1234567.500': '+1234567.500',
			'-1,23.500': "'-1,23.500",
			'-2+3': "'-2+3",
			'0012345678': "'0012345678",
			'0096891234568': "'0096891234568",
			'-007': "'-007",
			1234567890123456: "'1234567890123456",
			'0.1234567890123456': "'0.1234567890123456",
			123456789012345: '123456789012345',
			'12E4': "'12E4",
			'0.500': '0.500',
			'0': '0',
			'00:30': '00:30',
		};
		for (const [from, to] of Object.entries(cells))
			assert.equal(await page.run(`csvCell(${JSON.stringify(from)})`), `"${to}"`);
		return page;
	},

	async 'why: a sentence in the other language keeps its beginning'(browser, url) {
		const page = await browser.open(url);
		const index = await page.run("rows.findIndex(row => reasonOf(row))");
		assert.ok(index >= 0);
		await page.run(`(rows[${index}][DETAIL] = "Column 'mobile' holds 'none'. There is no number at all in it; expected one such as +96891234567.",
			find('language').click(), view.columns = ['key', 'why'], view.reason = reasonOf(rows[${index}]), view.q = 'example', hay[${index}] += ' example', answer(), 0)`);
		const words = "document.querySelector('#grid .sizer .words')";
		assert.equal(await page.run(`getComputedStyle(${words}).direction`), 'ltr');
		assert.equal(await page.run("getComputedStyle(document.querySelector('#grid .sizer .why')).direction"), 'rtl');
		/* What is about this row: the number of an example is not the customer's. */
		assert.equal(await page.run(`${words}.textContent`), 'mobile: none');
		assert.match(await page.run(`${words}.closest('.cell').title`), /\+96891234567/);
		assert.equal(await page.run("ownWords(\"Column 'due' is empty; expected a value.\")"), 'due is empty');
		/* Its first letter is in view, inside the cell and beside the label. */
		await page.run(`(rows[${index}][DETAIL] = "on the list of those who asked not to be called", drawTable(), 0)`);
		await page.run("(columnById.get('why').width = 130, grid.style.width = '420px', drawTable(), 0)");
		assert.ok(
			await page.run(`(() => {
				const range = document.createRange();
				range.setStart(${words}.firstChild, 0);
				range.setEnd(${words}.firstChild, 1);
				const first = range.getBoundingClientRect();
				const cell = ${words}.closest('.cell').getBoundingClientRect();
				return ${words}.scrollWidth > ${words}.clientWidth && first.left >= cell.left && first.right <= cell.right;
			})()`),
		);
		await page.run(`(localStorage.clear(), showDetail(${index}), 0)`);
		assert.match(await page.run("find('detail').textContent"), /asked not to be called/);
		return page;
	},

	async 'sorts by keyboard alone, and says so'(browser, url) {
		const page = await browser.open(url);
		const held = 'document.activeElement.id';
		const press = async (key, code, text) => {
			const base = {key, windowsVirtualKeyCode: code, text};
			await page.send('Input.dispatchKeyEvent', {type: 'keyDown', ...base});
			await page.send('Input.dispatchKeyEvent', {type: 'keyUp', ...base});
		};
		await page.run("(view.columns = ['key', 'c4', 'talk'], drawTable(), grid.focus(), moveTo(1), 0)");
		assert.equal(await page.run("grid.querySelectorAll('[data-sort][tabindex=\"0\"]').length"), 1);
		await page.key('ArrowUp');
		assert.equal(await page.run(held), 'grid');
		await page.key('ArrowUp');
		assert.equal(await page.run(held), 'sort-key');
		await press('ArrowRight', 39);
		assert.equal(await page.run(held), 'sort-c4');
		await page.key('Enter');
		assert.equal(await page.run('view.sort'), 'c4');
		assert.equal(await page.run(held), 'sort-c4', 'the head keeps the focus');
		assert.equal(await page.run("document.activeElement.parentNode.getAttribute('aria-sort')"), 'ascending');
		assert.equal(await page.run("find('told').textContent"), 'balance: sorted, the smallest first');
		await press(' ', 32, ' ');
		assert.equal(await page.run("document.activeElement.parentNode.getAttribute('aria-sort')"), 'descending');
		await page.run("find('language').click()");
		await page.run("find('sort-c4').focus()");
		await press('ArrowLeft', 37);
		assert.equal(await page.run(held), 'sort-talk', 'in Arabic the next column lies to the left');
		await page.key('ArrowDown');
		assert.equal(await page.run(held), 'grid');
		assert.ok(await page.run('active >= 0'));
		await page.run('(localStorage.clear(), 0)');
		return page;
	},

	async 'what is drawn anew keeps the focus'(browser, url) {
		const page = await browser.open(url);
		const held = 'document.activeElement.id';
		const change = (id, value) =>
			page.run(`(find('${id}').focus(), find('${id}').value = '${value}', find('${id}').dispatchEvent(new Event('change')))`);
		await change('filter-result', 'completed');
		assert.equal(await page.run(held), 'filter-result');
		assert.equal(await page.run('document.activeElement.isConnected && view.result'), 'completed');
		await page.run("find('clear').click()");
		/* A second field that makes a picture. */
		await page.run(`(facts.fields.push(['mood', 'Mood', 'المزاج']),
			rows.forEach((row, i) => row[TRIES].forEach(a => a[T_VALUES].length && a[T_VALUES].push('mood', i % 2 ? 'calm' : 'busy'))),
			stats = countRows(), drawCharts(stats), 0)`);
		await change('chart-field', await page.run("find('chart-field').options[1].value"));
		assert.equal(await page.run(held), 'chart-field');
		await page.run("(find('columns').open = true, find('column-cost').focus(), find('column-cost').click(), 0)");
		assert.equal(await page.run(held), 'column-cost');
		await page.run("(find('columns').open = false, moveTo(0), openActive(), find('detail-next').focus(), find('detail-next').click(), 0)");
		assert.equal(await page.run(held), 'detail-next');
		assert.equal(await page.run('openRow'), await page.run('shown[1]'));
		await page.run('(localStorage.clear(), sessionStorage.clear(), 0)');
		return page;
	},

	async 'chosen columns are known by their names'(browser, url) {
		const page = await browser.open(url);
		await page.run("(chooseColumn('c6', true), chooseColumn('f:summary', true), 0)");
		const kept = await page.run('JSON.parse(localStorage.getItem(columnsName))');
		assert.deepEqual(kept.slice(-2), ['list:city', 'f:summary']);
		/* The next list: no such column, the names the other way round. */
		await page.run("(localStorage.setItem(columnsName, JSON.stringify(['list:gone', 'c4', 'list:balance', 'list:city', 'phone'])), 0)");
		assert.deepEqual(await page.run('recallColumns()'), ['c4', 'c6', 'phone']);
		await page.run("(localStorage.setItem(columnsName, JSON.stringify(['c4'])), 0)");
		assert.equal(await page.run('recallColumns()'), null, 'a place is no name');
		await page.run('(localStorage.clear(), sessionStorage.clear(), 0)');
		return page;
	},

	async 'one odd answer hides no picture'(browser, url) {
		const page = await browser.open(url);
		const long = 'I shall pay when I have been paid myself, God willing';
		const of = (name, values) => page.run(chartOf(name, values));
		let found = await of('disposition', ['will_pay', 'will_pay', 'disputes', long]);
		assert.deepEqual(found.charted, ['disposition']);
		assert.deepEqual(found.items, [['will_pay', 2], ['disputes', 1]]);
		assert.equal(found.other, 1);
		/* One row, and more kinds of answer than bars. */
		assert.deepEqual((await of('disposition', ['will_pay'])).charted, ['disposition']);
		found = await of('disposition', Array.from({length: 40}, (_, i) => `kind_${i % 20}`));
		assert.deepEqual(found.charted, ['disposition']);
		assert.equal(found.items.length, 13);
		assert.equal(found.other, 40 - 26);
		/* Fields of which no label is known: words are choices, sentences and many dates are not. */
		assert.deepEqual((await of('summary', ['agreed'])).charted, ['summary']);
		assert.deepEqual((await of('summary', ['He will pay', 'She will not'])).charted, []);
		assert.deepEqual((await of('summary', [...Array(20).fill('yes'), ...Array(9).fill('no'), long])).charted, ['summary']);
		assert.deepEqual(
			(await of('promisedDate', Array.from({length: 30}, (_, i) => `2026-12-${i + 1}`))).charted,
			[],
		);
		/* In the page: a bar, an option, and the rows behind it. */
		await page.run(`(() => {
			const row = rows.find(r => valueOf(r, 'disposition') === 'will_pay');
			valuesOf(row)[valuesOf(row).indexOf('will_pay')] = '${long}';
			stats = countRows();
			drawAll();
		})()`);
		assert.ok(await page.run("[...document.querySelectorAll('#pictures svg text')].some(t => t.textContent === 'Other answers')"));
		await page.run("(find('filter-found').value = OTHER, find('filter-found').dispatchEvent(new Event('change')))");
		assert.equal(await page.run('shown.length'), 1);
		assert.equal(await page.run("valueOf(rows[shown[0]], 'disposition')"), long);
		await page.run('(sessionStorage.clear(), 0)');
		return page;
	},

	async 'calls that are not over count as neither'(browser, _, live) {
		const page = await browser.open(live);
		const before = await page.run('[stats.calls, stats.never]');
		const over = await page.run(`(() => {
			const row = rows.find(r => r[TRIES].length === 1 && !wasAnswered(r[TRIES][0]) && isOver(r));
			row[STATE] = stateNames.indexOf('live');
			row[TRIES][0][T_STATE] = 1;
			row[TRIES][0][T_OUTCOME] = 0;
			facts.states.find(s => s[1] === 'live')[0] = 1;
			stats = countRows();
			drawAll();
			return facts.calls - 1;
		})()`);
		assert.deepEqual(await page.run('[stats.calls, stats.never]'), [before[0] - 1, before[1] - 1]);
		const card = await page.run("document.querySelector('.card.lead').textContent");
		assert.ok(card.includes(`of ${over} calls placed · 1 not over`), card);
		await page.run('(sessionStorage.clear(), 0)');
		return page;
	},

	async 'paper says what is missing on it'(browser, url) {
		const page = await browser.open(url);
		const printed = async () => {
			await page.run("window.dispatchEvent(new Event('beforeprint'))");
			return page.run("document.querySelector('#print-rows p').textContent");
		};
		assert.equal(await printed(), 'All 60 rows.');
		await page.run("(view.q = 'balushi ', view.result = 'completed', answer(), 0)");
		const n = await page.run('shown.length');
		assert.equal(await printed(), `${n} of 60 rows. Chosen by Search: “balushi”; Status: Completed.`);
		await page.run("find('language').click()");
		assert.match(await printed(), /^\S+ من 60 صفًا\. بحسب البحث: “balushi”؛ الوضع: اكتملت\.$/);
		await page.run('(localStorage.clear(), sessionStorage.clear(), 0)');
		return page;
	},

	async 'counts its words as each language does'(browser, url) {
		const page = await browser.open(url);
		const rows = list => page.run(`${JSON.stringify(list)}.map(n => t('sumRows', n))`);
		assert.deepEqual(await rows([1, 2, 1200]), ['1 row', '2 rows', '1,200 rows']);
		assert.equal(await page.run("t('shown', 1, 1)"), '1 of 1 row');
		assert.equal(await page.run("t('callsOver', 1)"), '1 call placed');
		await page.run("find('language').click()");
		assert.deepEqual(await rows([1, 2, 3, 11, 100]), ['صف واحد', 'صفان', '3 صفوف', '11 صفًا', '100 صف']);
		assert.equal(await page.run("t('shown', 1, 2)"), '1 من صفين');
		await page.run('(localStorage.clear(), 0)');
		return page;
	},

	async 'a run that is over promises nothing'(browser, url, live) {
		const empty = "(rows.length = 0, hay.length = 0, shown.length = 0, stats = countRows(), drawAll(), document.querySelector('#grid .empty').textContent)";
		const over = await browser.open(url);
		assert.equal(await over.run(empty), 'Nothing to show.');
		await over.run('(facts.purged = facts.finished, drawAll(), 0)');
		assert.ok(await over.run("find('pictures').textContent.includes('Removed with the personal data.')"));
		await over.close();
		const page = await browser.open(live);
		assert.equal(await page.run(empty), 'Nothing to show yet.');
		await page.run('(sessionStorage.clear(), 0)');
		return page;
	},

	async 'finds a number however it is written, and the words that are shown'(browser, url) {
		const page = await browser.open(url);
		const finds = async words => {
			await page.run(`(view.q = ${JSON.stringify(words)}, answer(), 0)`);
			return page.run('shown.slice(0, 3)');
		};
		const phone = await page.run('rows[30][PHONE]');
		const local = phone.slice(4);
		for (const words of [
			phone,
			local,
			`${local.slice(0, 4)}-${local.slice(4)}`,
			`(+968) ${local}`,
			`00968${local}`,
			`00968 ${local}`,
			`+968 ${local.slice(0, 4)} ${local.slice(4)}`,
			`+968-${local.slice(0, 4)}-${local.slice(4)}`,
			local.replace(/\d/g, d => '٠١٢٣٤٥٦٧٨٩'[d]),
		])
			assert.deepEqual(await finds(words), [30], words);
		assert.deepEqual(await finds(`${local} nobody`), []);
		const completed = await page.run("rows.filter(row => resultOf(row) === 'completed').length");
		for (const words of ['Completed', 'اكتملت']) {
			await finds(words);
			assert.ok((await page.run('shown.length')) >= completed, words);
			assert.ok(await page.run("shown.some(i => resultOf(rows[i]) === 'completed')"), words);
		}
		const skipped = await page.run('rows.findIndex(row => reasonOf(row))');
		await finds(await page.run(`t('skip_' + reasonOf(rows[${skipped}]))`));
		assert.ok(await page.run(`shown.includes(${skipped})`));
		await page.run('(sessionStorage.clear(), 0)');
		return page;
	},

	async 'dates that were found out are read in the reader’s language, and saved as dates'(browser, url) {
		const page = await browser.open(url);
		const row = "rows.find(row => valueOf(row, 'promisedDate') === '2026-12-22')";
		const shown = `columnById.get('f:promisedDate').show(${row}).textContent`;
		assert.equal(await page.run(shown), '22 Dec 2026');
		await page.run("find('language').click()");
		assert.equal(await page.run(shown), '22 ديسمبر 2026');
		assert.equal(await page.run(`csvText(columnById.get('f:promisedDate'), ${row})`), '2026-12-22');
		await page.run("(localStorage.clear(), showDetail(rows.findIndex(row => valueOf(row, 'promisedDate') === '2026-12-22')), 0)");
		assert.match(await page.run("find('detail').innerText"), /22 ديسمبر 2026/);
		assert.equal(await page.run("plainValue('x', '2026-99-99')"), '2026-99-99');
		return page;
	},

	async 'on a phone in Arabic the last call shows its hour'(browser, url) {
		const page = await browser.open(url, {width: 390, height: 844});
		await page.run("(find('language').click(), 0)");
		const cut = `[...grid.querySelectorAll('.sizer .row')].filter(row => {
			const cell = row.lastChild;
			return cell.textContent && cell.scrollWidth > cell.clientWidth;
		}).length`;
		assert.equal(await page.run('shownColumns().at(-1).id'), 'last');
		assert.equal(await page.run(cut), 0);
		await page.run('(localStorage.clear(), 0)');
		return page;
	},

	async 'counts of a large run stand beside the bars'(browser, url) {
		const page = await browser.open(url);
		const overlap = `(() => {
			const picture = bars(300, [{label: 'Completed', count: 1234567, kind: 'yes'}, {label: 'No answer', count: 45678}], 1280245);
			document.body.append(picture);
			picture.style.width = '300px';
			const bar = picture.querySelector('.track').getBoundingClientRect();
			const texts = [...picture.querySelectorAll('.strong')].map(t => t.getBoundingClientRect());
			const shares = [...picture.querySelectorAll('text.soft')].map(t => t.getBoundingClientRect());
			picture.remove();
			return texts.some((t, i) => t.left < bar.right || t.right > shares[i].left);
		})()`;
		assert.equal(await page.run(overlap), false);
		return page;
	},

	async 'what was not answered can be seen'(browser, url) {
		for (const dark of [false, true]) {
			const page = await browser.open(url, {dark});
			const contrast = await page.run(`(() => {
				const light = name => {
					const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim().slice(1);
					const full = hex.length === 3 ? [...hex].map(c => c + c).join('') : hex;
					const [r, g, b] = [0, 2, 4].map(i => parseInt(full.slice(i, i + 2), 16) / 255)
						.map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
					return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
				};
				return ['--yes', '--no', '--r-skipped', '--r-pending'].map(name => {
					const pair = [light(name), light('--card')].sort((a, b) => b - a);
					return pair[0] / pair[1];
				});
			})()`);
			assert.ok(contrast.every(c => c >= 3), `${dark}: ${contrast}`);
			await page.close();
		}
	},

	async 'a recording that did not come along is heard by its link'(browser, url) {
		const page = await browser.open(url);
		await page.run(`(() => {
			const index = rows.findIndex(row => row[TRIES].some(a => a[T_RECORDING]));
			const attempt = rows[index][TRIES].findLast(a => a[T_RECORDING]);
			attempt[T_LINK] = 'linked.mp3';
			attempt[T_RECORDING] = 'recordings/gone.mp3';
			showDetail(index);
			window.audio = document.querySelector('audio');
		})()`);
		assert.match(await page.run('audio.src'), /recordings\/gone\.mp3$/);
		await page.run('(audio.play().catch(() => 0), 0)');
		await page.until('the link is taken', "audio.src.endsWith('/linked.mp3')");
		assert.match(await page.run("document.querySelector('.recording a').href"), /\/linked\.mp3$/);
		await page.close();
	},

	async 'the columns of the beginning fit a window, in both languages'(browser, url) {
		const page = await browser.open(url, {width: 1280});
		for (let i = 0; i < 2; i++) {
			assert.equal(await page.run('shownColumns().at(-1).id'), 'why');
			assert.ok(await page.run('grid.scrollWidth <= grid.clientWidth'));
			assert.equal(
				await page.run("[...grid.querySelectorAll('.head button')].filter(b => b.scrollWidth > b.clientWidth).length"),
				0,
			);
			assert.equal(
				await page.run("[...grid.querySelectorAll('.sizer .row')].filter(r => ['phone', 'last'].some(id => { const c = r.children[shownColumns().findIndex(c => c.id === id)]; return c.scrollWidth > c.clientWidth; })).length"),
				0,
			);
			await page.run("find('language').click()");
		}
		await page.run('(localStorage.clear(), 0)');
		return page;
	},
};
