/*
 * What a reader finds in the page, in a real browser: name → test(browser, url of a page of the sample rows).
 * Hooked into page_test.mjs.
 */
import assert from 'node:assert/strict';

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
		/* Its first letter is in view, inside the cell and beside the label. */
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
		const shown = await page.run(`${words}.textContent`);
		assert.ok(shown.startsWith("Column 'mobile' holds 'none'."));
		assert.ok(!shown.includes('+96891234567'), 'the number of an example is not the customer’s');
		assert.match(await page.run(`${words}.closest('.cell').title`), /\+96891234567/);
		await page.run(`(localStorage.clear(), showDetail(${index}), 0)`);
		assert.match(await page.run("find('detail').textContent"), /\+96891234567/);
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
};
