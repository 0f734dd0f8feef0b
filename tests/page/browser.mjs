/*
 * Chromium, driven over its own DevTools protocol through a pipe: no package, no port, no network.
 *
 *     const browser = await Browser.start();      null when there is no Chromium
 *     const page = await browser.open(url, {width, height, dark});
 *     await page.run('1 + 1');                    an expression in the page, awaited; throws its errors
 *     await page.until('ready', 'document.…');    waits for a condition, with a bound
 *     page.complaints                             errors, policy violations, requests that left the page
 */
import {spawn} from 'node:child_process';
import {accessSync, constants, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function findChromium() {
	const given = process.env.CHROMIUM;
	const places = given
		? [given]
		: (process.env.PATH ?? '')
				.split(':')
				.flatMap(folder => names.map(name => join(folder, name)));
	return places.find(place => {
		try {
			accessSync(place, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

const flags = folder => [
	'--headless=new',
	'--no-sandbox',
	'--disable-gpu',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--disable-default-apps',
	'--disable-dev-shm-usage',
	'--hide-scrollbars',
	'--mute-audio',
	`--user-data-dir=${folder}`,
	'--remote-debugging-pipe',
	'about:blank',
];

export class Browser {
	static async start() {
		const program = findChromium();
		if (!program) return null;
		const browser = new Browser();
		browser.folder = mkdtempSync(join(tmpdir(), 'nida-page-'));
		browser.process = spawn(program, flags(browser.folder), {
			stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
		});
		browser.waiting = new Map();
		browser.pages = new Map();
		browser.next = 1;
		browser.#listen(browser.process.stdio[4]);
		await browser.send('Browser.getVersion');
		return browser;
	}

	#listen(pipe) {
		let rest = '';
		pipe.setEncoding('utf8');
		pipe.on('data', chunk => {
			const messages = (rest + chunk).split('\0');
			rest = messages.pop();
			messages.forEach(text => this.#take(JSON.parse(text)));
		});
	}

	#take(message) {
		if (!message.id) {
			this.pages.get(message.sessionId)?.event(message.method, message.params);
			return;
		}
		const {done, failed} = this.waiting.get(message.id);
		this.waiting.delete(message.id);
		if (message.error) failed(new Error(message.error.message));
		else done(message.result);
	}

	send(method, params = {}, sessionId = undefined) {
		const id = this.next++;
		this.process.stdio[3].write(JSON.stringify({id, method, params, sessionId}) + '\0');
		return new Promise((done, failed) => this.waiting.set(id, {done, failed}));
	}

	async open(url, {width = 1280, height = 900, dark = false, wait = true} = {}) {
		const {targetId} = await this.send('Target.createTarget', {url: 'about:blank'});
		const {sessionId} = await this.send('Target.attachToTarget', {
			targetId,
			flatten: true,
		});
		const page = new Page(this, sessionId, targetId);
		this.pages.set(sessionId, page);
		for (const domain of ['Page', 'Runtime', 'Log', 'Network'])
			await page.send(`${domain}.enable`);
		await page.send('Emulation.setDeviceMetricsOverride', {
			width,
			height,
			deviceScaleFactor: 1,
			mobile: width < 600,
		});
		await page.send('Emulation.setEmulatedMedia', {
			features: [{name: 'prefers-color-scheme', value: dark ? 'dark' : 'light'}],
		});
		await page.send('Page.navigate', {url});
		if (wait)
			await page.until(
				'the page is complete',
				'document.documentElement.dataset.ready === "yes"',
			);
		return page;
	}

	async stop() {
		const gone = new Promise(done => this.process.once('exit', done));
		await this.send('Browser.close').catch(() => {});
		await gone;
		rmSync(this.folder, {recursive: true, force: true, maxRetries: 5});
	}
}

class Page {
	complaints = [];
	requests = [];
	downloads = [];

	constructor(browser, session, target) {
		Object.assign(this, {browser, session, target});
	}

	send(method, params) {
		return this.browser.send(method, params, this.session);
	}

	event(method, params) {
		if (method === 'Runtime.exceptionThrown')
			this.complaints.push(
				params.exceptionDetails.exception?.description ??
					params.exceptionDetails.text,
			);
		if (
			method === 'Log.entryAdded' &&
			['error', 'warning'].includes(params.entry.level)
		)
			this.complaints.push(params.entry.text);
		if (method === 'Runtime.consoleAPICalled' && params.type === 'error')
			this.complaints.push(
				`console.error: ${params.args.map(a => a.value).join(' ')}`,
			);
		if (method === 'Network.requestWillBeSent') this.requests.push(params.request.url);
	}

	async run(expression) {
		const answer = await this.send('Runtime.evaluate', {
			expression,
			awaitPromise: true,
			returnByValue: true,
			userGesture: true,
		});
		if (answer.exceptionDetails)
			throw new Error(
				`${expression}: ${answer.exceptionDetails.exception?.description}`,
			);
		return answer.result.value;
	}

	async until(what, condition, most_ms = 120000) {
		const end = Date.now() + most_ms;
		for (;;) {
			let now = false;
			try {
				now = await this.run(`Boolean(${condition})`);
			} catch (error) {
				if (Date.now() > end) throw error;
			}
			if (now) return;
			if (Date.now() > end)
				throw new Error(`it never came that ${what}: ${condition}`);
			await new Promise(done => setTimeout(done, 25));
		}
	}

	async key(key, text = undefined) {
		const codes = {
			Enter: 13,
			Escape: 27,
			ArrowDown: 40,
			ArrowUp: 38,
			Home: 36,
			End: 35,
			'/': 191,
		};
		const base = {
			key,
			windowsVirtualKeyCode: codes[key],
			text: text ?? (key === 'Enter' ? '\r' : undefined),
		};
		await this.send('Input.dispatchKeyEvent', {type: 'keyDown', ...base});
		await this.send('Input.dispatchKeyEvent', {type: 'keyUp', ...base});
	}

	async type(text) {
		await this.send('Input.insertText', {text});
	}

	async picture(options = {}) {
		const {data} = await this.send('Page.captureScreenshot', {
			format: 'png',
			...options,
		});
		return Buffer.from(data, 'base64');
	}

	async close() {
		await this.browser.send('Target.closeTarget', {targetId: this.target});
	}
}
