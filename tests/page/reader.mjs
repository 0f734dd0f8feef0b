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
};
