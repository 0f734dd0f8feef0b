/*
 * The report of a run over hostile texts, in a real browser: every row opens, and none of them is
 * more than text.
 *
 * usage: node tests/page/hostile.mjs REPORT
 */
import assert from 'node:assert/strict';
import {pathToFileURL} from 'node:url';

import {Browser} from './browser.mjs';

const browser = await Browser.start();
if (!browser) {
	console.log('SKIPPED: there is no Chromium');
	process.exit(0);
}
try {
	const page = await browser.open(pathToFileURL(process.argv[2]).href, {
		width: 1280,
		height: 900,
	});
	await page.until('the rows are there', 'typeof rows !== "undefined" && rows.length > 0');
	await page.run("window.alert = () => { throw new Error('a row ran as a script'); }");
	const count = await page.run('rows.length');
	for (let i = 0; i < count; i++) {
		await page.run(`showDetail(${i})`);
		const strange = "document.querySelectorAll('#detail img, #detail script, #grid img').length";
		assert.equal(await page.run(strange), 0);
		const whole = `document.getElementById('detail').textContent.includes(rows[${i}][CELLS][2])`;
		assert.ok(await page.run(whole), `row ${i} shows its name`);
	}
	assert.deepEqual(page.complaints, []);
	console.log(`${count} rows`);
} finally {
	await browser.stop();
}
