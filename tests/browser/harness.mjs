// A journey: someone at a browser, a blog, and a Jiwar server on another origin.
//
//   journey('a reader opens a post', async (world) => {
//     const page = await world.visit('/post-en.html');
//     assert.equal(await page.title(), 'Rain on the roof');
//   });
//
// Each journey has a server with empty data, a blog and browser profiles of its
// own. An error on a page's console fails the journey, unless it was expected.

import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Blog } from './blog.mjs';
import { Reader } from './browser.mjs';
import { Jiwar } from './server.mjs';
import { wxr } from './wxr.mjs';

const SHOTS = fileURLToPath(new URL('./shots/', import.meta.url));
const LIMIT = 90_000; // milliseconds; a journey that hangs has failed

export const journeys = [];

// `options`: `locale`, the site's language; `moderation`, so that a guest's comment
// is public at once where nothing else is said; `site`, further words for
// `jiwar site add`; `env`, further settings of the server;
// `postgres`, that its database is one which another server may share.
export function journey(name, options, steps = options) {
  if (journeys.some((other) => other.name === name)) throw new Error(`two journeys are called ${name}`);
  journeys.push({ name, steps, options: typeof options === 'function' ? {} : options });
}

// Null, or why it failed.
export async function walk({ name, steps, options }) {
  const world = new World(name);
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${LIMIT / 1000} s`)), LIMIT);
  });
  try {
    await Promise.race([world.open(options).then(() => steps(world)), limit]);
    world.assertNoErrors();
    return null;
  } catch (error) {
    return `${error?.stack ?? error}${await world.evidence()}`;
  } finally {
    clearTimeout(timer);
    await world.close();
  }
}

// What servers behind one database have in common. One journey has it for itself.
function sharedDatabase() {
  const url = process.env.JIWAR_TEST_POSTGRES;
  if (!url) throw new Error('JIWAR_TEST_POSTGRES names no PostgreSQL: `cargo suite journeys` starts one');
  return { JIWAR_DATABASE_URL: url, JIWAR_SECRET: randomBytes(32).toString('base64url') };
}

export class World {
  constructor(name) {
    this.name = name;
    this.readers = [];
    this.expected = [];
  }

  async open({ env = {}, postgres = false, ...site }) {
    this.blog = await Blog.open();
    this.shared = postgres ? sharedDatabase() : {};
    this.server = await Jiwar.prepare({ ...env, ...this.shared });
    this.blog.values = { JIWAR: this.server.url, SITE: 'blog' };
    await this.site('blog', site);
    await this.server.start();
  }

  // One more site on the server, with the blog's origin on its list.
  async site(key, { locale = 'en', moderation = 'publish-all', spam = 'off', origin = this.blog.origin, name = 'The Blog', site = [] } = {}) {
    await this.server.run('site', 'add', key, '--name', name, '--origin', origin, '--locale', locale, '--moderation', moderation, '--spam', spam, ...site);
  }

  // A thread that has been there for long, moved in from WordPress: see wxr.mjs.
  async moveIn(path, comments, { site = 'blog' } = {}) {
    const file = join(this.server.data, 'moved-in.xml');
    writeFileSync(file, wxr(this.blog.origin, path, comments));
    await this.server.run('import', '--site', site, file);
  }

  // The two blogs of examples/ with their conversations, moved in from WordPress.
  async examples() {
    for (const lang of ['ar', 'en']) {
      const site = `demo-${lang}`;
      await this.site(site, { locale: lang, name: lang === 'ar' ? 'دفتر الحارة' : 'The Corner Notebook', moderation: 'hold-first' });
      await this.server.run('import', '--site', site, fileURLToPath(new URL(`../../examples/conversation-${lang}.xml`, import.meta.url)));
    }
  }

  // A thread of many, in this order: `{ text, name?, parent? }`, where `parent` is
  // the number of an earlier one, the first being 1. Gives them back as the server has them.
  async thread(path, comments) {
    const made = [];
    for (const { text, name, parent } of comments) {
      made.push(await this.comment(path, text, { author: { name: name ?? 'Layla' }, parent_id: parent ? made[parent - 1].id : undefined }));
    }
    return made;
  }

  // A request that a moderator or admin makes.
  async rule(path, { scope = 'admin', ...request } = {}) {
    this.tokens ??= {};
    this.tokens[scope] ??= (await this.server.run('token', 'create', '--site', 'blog', '--scope', scope)).trim();
    const answer = await this.api(path, { ...request, headers: { authorization: `Bearer ${this.tokens[scope]}` } });
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  // A moderator's decision: approve, spam, remove, restore.
  async decide(id, decision) {
    return this.rule('/api/v1/sites/blog/moderation/decisions', { method: 'POST', body: { decisions: [{ id, decision }] } });
  }

  // What everybody may read under a page of the blog, as text, in the order shown.
  async published(path) {
    const answer = await this.api(`/api/v1/sites/blog/thread?page=${encodeURIComponent(this.blog.origin + path)}`);
    return (await answer.json()).comments.map(({ html }) => html.replaceAll(/<[^>]+>/g, ''));
  }

  // A browser profile of its own; `options` are Playwright's for a context.
  async reader(options = {}) {
    const reader = await Reader.open(options);
    this.readers.push(reader);
    return reader;
  }

  // A new reader's page, at this path of the blog (or at a whole URL).
  async visit(path, options = {}) {
    const { page } = await this.reader(options);
    await page.goto(new URL(path, this.blog.origin).href);
    return page;
  }

  // A request as the blog's pages make it, without a browser.
  async api(path, { method = 'GET', body, headers = {} } = {}) {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return fetch(this.server.url + path, { method, ...sent, headers: { origin: this.blog.origin, ...type, ...headers } });
  }

  // A comment that is there before the reader comes.
  async comment(path, body, { author = { name: 'Layla' }, parent_id } = {}) {
    const page = { id: this.blog.origin + path, url: this.blog.origin + path, title: 'A post' };
    const answer = await this.api('/api/v1/sites/blog/comments', { method: 'POST', body: { page, body, author, parent_id } });
    if (answer.status !== 201) throw new Error(`a comment was answered with ${answer.status}: ${await answer.text()}`);
    return (await answer.json()).comment;
  }

  async shot(page, name) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage: true });
  }

  // Errors on the console that are part of this journey.
  expectErrors(...patterns) {
    this.expected.push(...patterns);
  }

  assertNoErrors() {
    // A line that is lost is opened again, by the browser itself; it says so on the console.
    const lostLine = /\/events\?.*ERR_|ERR_.*\/events\?/;
    const errors = this.readers.flatMap((reader) => reader.errors).filter((text) => ![lostLine, ...this.expected].some((pattern) => pattern.test(text)));
    if (errors.length > 0) throw new Error(`errors on the console:\n${errors.join('\n')}`);
  }

  // What may help to understand a failure.
  async evidence() {
    const errors = this.readers.flatMap((reader) => reader.errors);
    const pages = this.readers.flatMap((reader) => reader.context.pages());
    const slug = this.name.replaceAll(/[^\p{L}\p{N}]+/gu, '-');
    const shots = await Promise.all(pages.map((page, at) => this.shot(page, `failed-${slug}-${at}`).then(() => `failed-${slug}-${at}.png`, () => 'none')));
    return [
      ...(errors.length > 0 ? ['', 'console:', ...errors] : []),
      ...(shots.length > 0 ? ['', `screenshots in tests/browser/shots: ${shots.join(', ')}`] : []),
      ...(this.server ? ['', 'end of the server\'s log:', this.server.endOfLog()] : []),
    ].join('\n');
  }

  async close() {
    await Promise.allSettled(this.readers.map((reader) => reader.close()));
    await this.server?.remove();
    await this.blog?.close();
  }
}
