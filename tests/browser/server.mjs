// A real `jiwar` on a free port, with data of its own.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = process.env.JIWAR_BIN ?? fileURLToPath(new URL('../../target/debug/jiwar', import.meta.url));
const READY_WITHIN = 30_000; // milliseconds
const LOG_LENGTH = 4_000; // characters of its log that are kept

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) process.on(signal, () => process.exit(code));

export class Jiwar {
  static async prepare(env = {}) {
    const jiwar = new Jiwar();
    jiwar.data = mkdtempSync(join(tmpdir(), 'jiwar-journey-'));
    jiwar.port = await freePort();
    // The blog is at `localhost`: another host name, so another site for the browser.
    jiwar.url = `http://127.0.0.1:${jiwar.port}`;
    // Somebody else's settings are not this server's, and what the suite sets is none of its settings.
    const own = Object.entries(process.env).filter(([name]) => !/^(JIWAR_|DATABASE_URL$|PORT$)/.test(name));
    jiwar.env = { ...Object.fromEntries(own), JIWAR_DATA_DIR: jiwar.data, JIWAR_LISTEN: `127.0.0.1:${jiwar.port}`, JIWAR_PUBLIC_URL: jiwar.url, JIWAR_WRITES_PER_MINUTE: '0', ...env };
    jiwar.log = '';
    return jiwar;
  }

  // What a command prints: `run('site', 'add', …)`.
  async run(...args) {
    try {
      const { stdout } = await promisify(execFile)(PROGRAM, args, { env: this.env });
      return stdout;
    } catch (error) {
      throw new Error(`jiwar ${args.join(' ')} failed: ${error.stderr || error.message}`);
    }
  }

  async start() {
    const child = spawn(PROGRAM, ['serve'], { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    running.add(child);
    this.ended = new Promise((resolve) => {
      child.once('error', resolve);
      child.once('exit', resolve);
    }).finally(() => running.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => {
        this.log = (this.log + bytes).slice(-LOG_LENGTH);
      });
    }
    await this.#ready();
  }

  async #ready() {
    const deadline = Date.now() + READY_WITHIN;
    let over = false;
    this.ended.then(() => {
      over = true;
    });
    while (Date.now() < deadline && !over) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(over ? `the server ended at its start:\n${this.log}` : `the server was not ready within ${READY_WITHIN / 1000} s`);
  }

  // As a power cut would.
  async kill9() {
    await this.#end('SIGKILL');
  }

  async stop() {
    await this.#end('SIGTERM');
  }

  async #end(signal) {
    this.child?.kill(signal);
    await this.ended;
  }

  endOfLog() {
    return this.log.trimEnd();
  }

  async remove() {
    await this.kill9();
    rmSync(this.data, { recursive: true, force: true });
  }
}

export async function freePort() {
  const listener = createServer();
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}
