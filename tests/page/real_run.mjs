/*
 * The pages of a real run: nida calls the customers of nida-sim on loopback, and what the pages show,
 * save and play is compared with the ledger.
 *
 *     const run = await RealRun.start(build, folder);     run.tests: name → test(browser)
 *     run.stop();
 */
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const names = ['سالم بن حمد', 'Maryam Said', 'فاطمة بنت خلفان', 'Priya Nair', 'مُنى الرواحية', "John O'Neill"];

const campaign = `campaign: night
scenario: scenario.yaml
list: {file: list.csv, phone: mobile, key: account_no, language: lang, country: OM}
from: +96824000000
agent: d949f13f-40d2-4e48-ac86-b66633070603
params: {customerName: "{{customer_name}}", accountBalance: "{{balance}}", dueDate: "{{due_date}}"}
pace: {calls_per_minute: 600, live: 100}
hours: {timezone: Asia/Muscat, open: {sat-fri: ["00:00-24:00"]}}
retry: {attempts: 2, on: {no_answer: [10m]}}
guard: {breaker: {failures: 100%, of_last: 1000}}
poll: 2s
report: {dir: reports}
`;

function list(rows) {
	const lines = ['account_no,mobile,customer_name,lang,balance,due_date'];
	for (let i = 0; i < rows; i++)
		lines.push(
			`${1000 + i},${i === 7 ? 'none' : `+9689001${2000 + i}`},${names[i % 6]},${i % 2 ? 'en' : 'ar'},${i}.500,2026-12-01`,
		);
	return lines.join('\n') + '\n';
}

/* A CSV as a list of lists. */
function parseCsv(text) {
	const rows = [[]];
	for (const [, cell, end] of text
		.replace(/^\ufeff/, '')
		.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
		rows.at(-1).push(cell.replace(/""/g, '"'));
		if (end !== ',') rows.push([]);
	}
	rows.pop();
	return rows;
}

async function until(what, condition) {
	const end = Date.now() + 120000;
	while (!condition()) {
		if (Date.now() > end) throw new Error(`it never came that ${what}`);
		await new Promise(done => setTimeout(done, 20));
	}
}

export class RealRun {
	static async start(build, folder) {
		const run = new RealRun();
		const bin = name => resolve(build, name);
		run.folder = join(folder, 'real');
		mkdirSync(run.folder);
		cpSync('tests/fixtures/verbs/reminder.yaml', join(run.folder, 'scenario.yaml'));
		writeFileSync(join(run.folder, 'night.yaml'), campaign);
		writeFileSync(join(run.folder, 'list.csv'), list(24));
		const env = {
			...Object.fromEntries(
				Object.entries(process.env).filter(
					([name]) => !/^(NIDA|HAMSA|TWILIO)_|^TZ|_proxy$/i.test(name),
				),
			),
			NIDA_CLOCK: `2026-11-22T10:00:00+04:00x600@${Date.now() / 1000}`,
			HAMSA_API_KEY: 'any',
		};
		const port = join(run.folder, 'port');
		run.sim = spawn(
			bin('nida-sim'),
			['--port', '0', '--port-file', port, '--talk', '5s-20s', '--answer', '70%'],
			{env, stdio: 'ignore'},
		);
		await until('the simulator listens', () => existsSync(port) && readFileSync(port, 'utf8'));
		run.origin = `http://127.0.0.1:${readFileSync(port, 'utf8').trim()}`;
		run.nida = (...args) =>
			execFileSync(bin('nida'), args, {
				cwd: run.folder,
				env: {...env, HAMSA_BASE_URL: `${run.origin}/v1`},
				stdio: ['ignore', 'pipe', 'ignore'],
				timeout: 180000,
			});
		run.nida('run', 'night.yaml', '--yes');
		run.nida('report', '--all', '--out', 'reports');
		const made = readdirSync(join(run.folder, 'reports/night'));
		run.page = pathToFileURL(join(run.folder, 'reports/night', made[0], 'report.html')).href;
		run.comparison = pathToFileURL(join(run.folder, 'reports/comparison.html')).href;
		return run;
	}

	stop() {
		this.sim.kill();
	}

	ledger(sql) {
		const text = execFileSync('sqlite3', ['-json', join(this.folder, 'nida.db'), sql]);
		return JSON.parse(text || '[]');
	}

	/* Nothing was asked of anybody but the disk and, where recordings play, the simulator. */
	quiet(page) {
		assert.deepEqual(page.complaints, []);
		const out = page.requests.filter(
			url => !/^(file|data|blob):/.test(url) && !url.startsWith(`${this.origin}/`),
		);
		assert.deepEqual(out, []);
	}

	async saved(page, columns) {
		await page.send('Page.setDownloadBehavior', {behavior: 'deny'});
		await page.run(
			'(window.blobs = [], window.make ??= URL.createObjectURL.bind(URL), URL.createObjectURL = blob => { blobs.push(blob); return make(blob); }, 0)',
		);
		await page.run(`(view.columns = ${JSON.stringify(columns)}, drawTable(), 0)`);
		await page.run("find('save').click()");
		return parseCsv(await page.run('blobs[0].text()'));
	}

	tests = {
		'a real run: what is saved is what the ledger says': async browser => {
			const page = await browser.open(this.page);
			const wanted = this.ledger(`SELECT key, phone, state, why,
				(SELECT count(*) FROM attempt a WHERE a.contact_id = c.id AND void IS NULL) AS tries,
				(SELECT coalesce(sum(talk_ms), -1) FROM attempt a WHERE a.contact_id = c.id AND talk_ms >= 0) AS talk
				FROM contact c ORDER BY id`);
			const columns = ['key', 'c2', 'phone', 'result', 'tries', 'talk'];
			for (const language of ['en', 'ar']) {
				const rows = await this.saved(page, columns);
				assert.equal(rows.length, wanted.length + 1);
				const says = await page.run('words[lang]');
				rows.slice(1).forEach((row, i) => {
					const w = wanted[i];
					const result = says[`result_${w.state === 'done' ? w.why : w.state}`];
					assert.deepEqual(row, [
						w.key,
						names[i % 6],
						w.phone.replace(/^(\+968)(\d{4})/, '$1 $2 '),
						result,
						String(w.tries),
						w.talk < 0 ? '' : String(Math.round(w.talk / 1000)),
					], `${language} ${i}`);
				});
				await page.run("find('language').click()");
			}
			await page.run('(localStorage.clear(), 0)');
			this.quiet(page);
			await page.close();
		},

		'a real run: the figures are the ledger’s': async browser => {
			const page = await browser.open(this.page);
			const [run] = this.ledger('SELECT calls, answered, talk_ms, rows FROM run');
			assert.deepEqual(
				await page.run('[stats.calls, stats.byHour.reduce((s, h) => s + h[0], 0), facts.talk, rows.length]'),
				[run.calls, run.answered, run.talk_ms, run.rows],
			);
			const [{n}] = this.ledger(
				"SELECT count(*) AS n FROM contact WHERE state = 'done' AND why IN ('no_answer', 'failed', 'lost')",
			);
			assert.ok(n > 0);
			await page.run(
				"(find('filter-result').value = 'follow_up', find('filter-result').dispatchEvent(new Event('change')))",
			);
			assert.equal(await page.run('shown.length'), n);
			assert.match(await page.run("find('sum').textContent"), new RegExp(`${n} to follow up`));
			await page.run("find('clear').click()");
			const field = await page.run("[find('filter-found').options[1].value, stats.fields.get(fieldInView()[0]).get(find('filter-found').options[1].value)]");
			await page.run(
				"(find('filter-found').value = find('filter-found').options[1].value, find('filter-found').dispatchEvent(new Event('change')))",
			);
			assert.equal(await page.run('shown.length'), field[1]);
			assert.ok(await page.run(`shown.every(i => valueOf(rows[i], fieldInView()[0]) === '${field[0]}')`));
			this.quiet(page);
			await page.close();
		},

		'a real run: a recording plays': async browser => {
			const page = await browser.open(this.page);
			await page.run("showDetail(rows.findIndex(row => row[TRIES].some(a => a[T_RECORDING])))");
			assert.ok(
				(await page.run("document.querySelector('audio').src")).startsWith(this.origin),
			);
			await page.run("document.querySelector('audio').play()");
			await page.until(
				'the recording is heard',
				"document.querySelector('audio').currentTime > 0.1 && !document.querySelector('audio').error",
			);
			assert.ok(page.requests.some(url => url.startsWith(this.origin)));
			await page.run("document.querySelector('audio').pause()");
			this.quiet(page);
			await page.close();
		},

		'a real run: both languages, both lights, desktop and phone': async browser => {
			for (const [width, height] of [[1280, 900], [390, 844]]) {
				for (const dark of [false, true]) {
					const page = await browser.open(this.page, {width, height, dark});
					for (const dir of ['ltr', 'rtl']) {
						assert.equal(await page.run('document.documentElement.dir'), dir);
						assert.equal(await page.run('document.documentElement.scrollWidth'), width);
						await page.run("(find('search').value = 'مني', find('search').dispatchEvent(new Event('input')))");
						await page.until('the search is answered', "view.q === 'مني'");
						assert.equal(await page.run('shown.length'), 4);
						await page.run("(view.sort = 'c4', view.desc = true, answer())");
						assert.equal(await page.run('rows[shown[0]][CELLS][4]'), '22.500');
						await page.run('(moveTo(1), openActive())');
						assert.equal(await page.run("find('detail').hidden"), false);
						assert.equal(await page.run('location.hash'), '#row=1016');
						await page.run('(closeDetail(), clearFilters(), view.sort = "", answer())');
						await page.run("find('language').click()");
					}
					await page.run('(localStorage.clear(), sessionStorage.clear(), 0)');
					this.quiet(page);
					await page.close();
				}
			}
		},

		'a comparison: its sums are the ledger’s': async browser => {
			const [run] = this.ledger(
				'SELECT calls, answered, rows, round(cost_micro / 1e6, 3) AS cost FROM run',
			);
			for (const [width, dark] of [[1280, false], [390, true]]) {
				const page = await browser.open(this.comparison, {width, dark});
				const cells = await page.run(
					"[...document.querySelectorAll('#by-campaign tbody td')].map(n => n.textContent)",
				);
				assert.deepEqual(
					[cells[0], cells[1], cells[4], cells[5], Number(cells[8])],
					['1', String(run.rows), String(run.calls), String(run.answered), run.cost],
				);
				/* How the calls of a day ended stands behind what they cost, and adds up. */
				const night = await page.run(
					"[...document.querySelectorAll('#by-night tfoot td')].map(n => Number(n.textContent.replace(/,/g, '')))",
				);
				assert.ok(night.length > 6);
				assert.equal(night.slice(6).reduce((sum, count) => sum + count, 0), run.calls);
				assert.equal(await page.run('document.documentElement.scrollWidth'), width);
				assert.equal(await page.run("document.querySelectorAll('#pictures svg').length"), 6);
				assert.ok(
					await page.run(
						"[...document.querySelectorAll('#pictures figure')].every(f => f.querySelector('details table td'))",
					),
				);
				assert.equal(
					await page.run("new URL(document.querySelector('#by-run a').href).pathname"),
					new URL(this.page).pathname,
				);
				await page.run("find('language').click()");
				assert.equal(await page.run('document.documentElement.dir'), 'rtl');
				assert.equal(await page.run("find('title').textContent"), 'مقارنة الحملات');
				await page.run('(localStorage.clear(), 0)');
				this.quiet(page);
				await page.close();
			}
		},
	};
}
