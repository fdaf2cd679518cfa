// Chromium, and what a journey asks of a page.

import { chromium } from 'playwright-core';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// The host of a thread: its shadow root holds what readers see.
export const HOST = '#jiwar, [data-jiwar]';

let browser;

async function open() {
  browser ??= await chromium.launch({ executablePath: process.env.JIWAR_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
}

// Someone with a browser profile of their own.
export class Reader {
  errors = [];

  static async open(options) {
    const reader = new Reader();
    reader.context = await (await open()).newContext({ viewport: { width: 1000, height: 800 }, ...options });
    reader.context.setDefaultTimeout(15_000);
    reader.context.on('page', (page) => reader.#listen(page));
    reader.page = await reader.context.newPage();
    return reader;
  }

  #listen(page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText;
      // A page that is left breaks off what it was loading.
      if (why !== 'net::ERR_ABORTED') this.errors.push(`${request.method()} ${request.url()}: ${why}`);
    });
  }

  async close() {
    await this.context.close();
  }
}

// The value of `look(root, argument)`, where `root` is the thread's shadow root.
// Playwright's own locators see through open shadow roots by themselves.
export async function inThread(page, look, argument, host = HOST) {
  const root = await page.evaluateHandle((selector) => {
    const element = [...document.querySelectorAll(selector)].find((candidate) => candidate.shadowRoot);
    if (!element) throw new Error(`no thread in ${selector}`);
    return element.shadowRoot;
  }, host);
  return root.evaluate(look, argument);
}

// Waits until a thread is shown, and says what it says.
export async function threadText(page, host = HOST) {
  await page.waitForFunction((selector) => [...document.querySelectorAll(selector)].some((element) => element.shadowRoot?.textContent.trim()), host);
  return inThread(page, (root) => root.textContent.replaceAll(/\s+/g, ' ').trim(), undefined, host);
}

// Breaches of WCAG 2.2 A and AA that axe finds, one line each.
export async function accessibilityBreaches(page, within = HOST) {
  const file = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(file, 'utf8'));
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await page.evaluate(([selector, values]) => globalThis.axe.run(selector, { runOnly: { type: 'tag', values } }), [within, tags]);
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.flat().join(' ')).join('; ')}`);
}

// Whether the page scrolls sideways.
export async function overflows(page) {
  return page.evaluate(() => document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth);
}

// How much the page has jumped since it was opened (cumulative layout shift, web.dev/cls).
export async function layoutShift(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        let sum = 0;
        const add = (entries) => {
          for (const entry of entries) if (!entry.hadRecentInput) sum += entry.value;
        };
        const observer = new PerformanceObserver((list) => add(list.getEntries()));
        observer.observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            add(observer.takeRecords());
            observer.disconnect();
            resolve(sum);
          }),
        );
      }),
  );
}
