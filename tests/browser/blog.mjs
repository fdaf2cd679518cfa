// Somebody's blog: the pages of pages/ and examples/, and what a journey adds,
// at `localhost`, which is another host than the server's 127.0.0.1.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDERS = ['./pages', '../../examples'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));

const KINDS = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

export class Blog {
  // What stands for `{{NAME}}` in a page.
  values = {};
  #added = new Map();

  static async open() {
    const blog = new Blog();
    blog.listener = createServer((request, response) => blog.#answer(request, response));
    await new Promise((resolve) => blog.listener.listen(0, '127.0.0.1', resolve));
    blog.origin = `http://localhost:${blog.listener.address().port}`;
    return blog;
  }

  // A page of this journey's own, with the headers it needs (a policy, say).
  add(path, html, headers = {}) {
    this.#added.set(path, { html, headers });
    return this.origin + path;
  }

  async #answer(request, response) {
    const path = decodeURIComponent(new URL(request.url, this.origin).pathname);
    const added = this.#added.get(path);
    const file = added ? null : await find(path.endsWith('/') ? `${path}index.html` : path);
    if (!added && !file) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing here.');
      return;
    }
    const kind = added ? KINDS['.html'] : (KINDS[extname(file.path)] ?? 'application/octet-stream');
    const body = added ? this.#filledIn(added.html) : kind.startsWith('text/') ? this.#filledIn(file.bytes.toString()) : file.bytes;
    response.writeHead(200, { 'content-type': kind, 'cache-control': 'no-store', ...added?.headers }).end(body);
  }

  #filledIn(text) {
    return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name) => this.values[name] ?? whole);
  }

  async close() {
    this.listener.closeAllConnections();
    await new Promise((resolve) => this.listener.close(resolve));
  }
}

async function find(path) {
  for (const folder of FOLDERS) {
    const file = normalize(folder + path);
    if (!file.startsWith(folder + sep)) continue;
    const bytes = await readFile(file).catch(() => null);
    if (bytes) return { path: file, bytes };
  }
  return null;
}
