/*
 * The report of a run that downloads its recordings, in a real browser: the page plays the files
 * beside it, and asks nobody else.
 *
 * usage: node tests/page/recording.mjs REPORT
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
	const report = pathToFileURL(process.argv[2]).href;
	const page = await browser.open(report);
	await page.run('showDetail(0)');
	const source = await page.run("document.querySelector('audio').src");
	assert.equal(source, new URL('recordings/row-000001-1.wav', report).href);
	const length = await page.run(`new Promise((done, failed) => {
		const audio = document.querySelector('audio');
		audio.addEventListener('loadedmetadata', () => done(audio.duration));
		audio.addEventListener('error', () => failed(new Error('it does not play')));
		audio.load();
		audio.play().catch(() => {});
	})`);
	assert.ok(length > 1, `it lasts ${length} s`);
	assert.deepEqual(page.complaints, []);
	console.log(`plays ${length} s`);
} finally {
	await browser.stop();
}
