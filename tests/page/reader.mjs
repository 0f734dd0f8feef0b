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
};
