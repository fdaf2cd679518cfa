// What was typed is never lost, and what was sent is there exactly once.

import assert from 'node:assert/strict';
import { journey } from '../harness.mjs';
import { becomes, Thread } from '../thread.mjs';
import { WORDS } from '../words.mjs';

const LOST = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_FAILED|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_CLOSED|ERR_SOCKET_NOT_CONNECTED/;
const PATH = '/post-ar.html';

async function open(world, reader) {
  const { page } = reader ?? (await world.reader());
  await page.goto(world.blog.origin + PATH);
  const thread = new Thread(page, 'ar');
  await thread.live();
  return { page, thread };
}

journey('a draft survives a reload', { locale: 'ar' }, async (world) => {
  const { page, thread } = await open(world);
  await thread.form.fill({ text: 'كتبت نصف فكرة', name: 'سارة' });
  await becomes('what is said', () => thread.form.draft.innerText(), WORDS.ar.draft);
  await page.reload();
  await thread.live();
  await becomes('the text', () => thread.form.text.inputValue(), 'كتبت نصف فكرة');
  assert.equal(await thread.form.name.inputValue(), 'سارة');
});

journey('a draft survives leaving the page and coming back', { locale: 'ar' }, async (world) => {
  const { page, thread } = await open(world);
  await thread.form.text.fill('سأعود حالاً');
  await page.goto(`${world.blog.origin}/post-en.html`);
  const other = new Thread(page);
  await other.live();
  assert.equal(await other.form.text.inputValue(), '', 'it belongs to its own page');
  await page.goBack();
  await thread.live();
  await becomes('the text', () => thread.form.text.inputValue(), 'سأعود حالاً');
});

journey('the draft of an answer comes back open under its comment', { locale: 'ar' }, async (world) => {
  await world.comment(PATH, 'من يعرف سبّاكاً؟', { author: { name: 'سارة' } });
  const { page, thread } = await open(world);
  await thread.reply('من يعرف سبّاكاً؟');
  await thread.replyForm.text.fill('أعرف واحداً');
  await page.reload();
  await thread.live();
  await becomes('the text', () => thread.replyForm.text.inputValue(), 'أعرف واحداً');
  assert.equal(await thread.form.text.inputValue(), '');
});

journey('two tabs do not take each other\'s text', { locale: 'ar' }, async (world) => {
  const reader = await world.reader();
  const first = await open(world, reader);
  const second = await open(world, { page: await reader.context.newPage() });
  await first.thread.form.fill({ text: 'من النافذة الأولى', name: 'سارة' });
  await second.thread.form.fill({ text: 'من النافذة الثانية', name: 'سارة' });
  await first.thread.form.submit.click();
  await becomes('the status', () => first.thread.status.textContent(), WORDS.ar.posted);
  assert.equal(await second.thread.form.text.inputValue(), 'من النافذة الثانية');
  await second.page.reload();
  await second.thread.live();
  await becomes('the text', () => second.thread.form.text.inputValue(), 'من النافذة الثانية');
});

journey('a server that is down costs nobody a word', { locale: 'ar' }, async (world) => {
  world.expectErrors(LOST);
  const { page, thread } = await open(world);
  await world.server.kill9();
  await thread.form.send({ text: 'لن يضيع هذا', name: 'سارة' });
  await thread.form.note.getByText(WORDS.ar.network).waitFor();
  assert.equal(await thread.form.text.inputValue(), 'لن يضيع هذا');
  assert.equal(await thread.rows.count(), 0, 'nothing is shown as if it were there');
  await world.server.start();
  await thread.form.note.getByRole('button', { name: WORDS.ar.retry }).click();
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(await world.published(PATH), ['لن يضيع هذا']);
  await page.reload();
  await thread.live();
  assert.equal(await thread.form.text.inputValue(), '');
});

journey('it is sent again by itself once the line is back', { locale: 'ar' }, async (world) => {
  world.expectErrors(LOST);
  const { page, thread } = await open(world);
  await page.context().setOffline(true);
  await thread.form.send({ text: 'من القطار', name: 'سارة' });
  await thread.form.note.getByText(WORDS.ar.network).waitFor();
  await page.context().setOffline(false);
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(await world.published(PATH), ['من القطار']);
});

journey('an answer that was lost does not make two comments', { locale: 'ar' }, async (world) => {
  world.expectErrors(LOST);
  const { page, thread } = await open(world);
  // The server gets it, and the line breaks before its answer is here.
  await page.route('**/api/v1/sites/blog/comments', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  }, { times: 1 });
  await thread.form.send({ text: 'مرة واحدة فقط', name: 'سارة' });
  await thread.form.note.getByText(WORDS.ar.network).waitFor();
  assert.deepEqual(await world.published(PATH), ['مرة واحدة فقط'], 'the server has it');
  await thread.form.note.getByRole('button', { name: WORDS.ar.retry }).click();
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(await world.published(PATH), ['مرة واحدة فقط']);
  assert.equal(await thread.rows.count(), 1);
});

journey('nor does a lost answer with a reload and a killed server between', { locale: 'ar' }, async (world) => {
  world.expectErrors(LOST);
  const { page, thread } = await open(world);
  await page.route('**/api/v1/sites/blog/comments', async (route) => {
    await route.fetch();
    await world.server.kill9();
    await route.abort('connectionreset');
  }, { times: 1 });
  await thread.form.send({ text: 'رغم كل شيء', name: 'سارة' });
  await thread.form.note.getByText(WORDS.ar.network).waitFor();
  await world.server.start();
  assert.deepEqual(await world.published(PATH), ['رغم كل شيء'], 'what was acknowledged is on disk');
  await page.reload();
  await thread.live();
  await becomes('the text', () => thread.form.text.inputValue(), 'رغم كل شيء');
  await thread.form.submit.click();
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(await world.published(PATH), ['رغم كل شيء']);
  assert.equal(await thread.rows.count(), 1);
});

journey('a comment that was changed after a lost answer is a new one', { locale: 'ar' }, async (world) => {
  world.expectErrors(LOST);
  const { page, thread } = await open(world);
  await page.route('**/api/v1/sites/blog/comments', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  }, { times: 1 });
  await thread.form.send({ text: 'النص الأول', name: 'سارة' });
  await thread.form.note.getByText(WORDS.ar.network).waitFor();
  await thread.form.send({ text: 'نص آخر تماماً', name: 'سارة' });
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(await world.published(PATH), ['النص الأول', 'نص آخر تماماً']);
});

journey('a second click does not send a second time', { locale: 'ar' }, async (world) => {
  const { page, thread } = await open(world);
  const sent = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  await thread.form.fill({ text: 'نقرتان', name: 'سارة' });
  await thread.form.submit.dblclick();
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.equal(sent.length, 1);
});

journey('a browser that keeps nothing still writes', { locale: 'ar' }, async (world) => {
  const { page } = await world.reader();
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(globalThis, name, {
        get() {
          throw new DOMException('forbidden', 'SecurityError');
        },
      });
    }
  });
  const { thread } = await open(world, { page });
  await thread.form.send({ text: 'بلا ذاكرة', name: 'سارة' });
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(await world.published(PATH), ['بلا ذاكرة']);
});

journey('a server that answers with nonsense costs nobody a word', { locale: 'ar' }, async (world) => {
  world.expectErrors(/502/);
  const { page, thread } = await open(world);
  await page.route('**/api/v1/sites/blog/comments', (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>', headers: { 'access-control-allow-origin': '*' } }), { times: 1 });
  await thread.form.send({ text: 'خلف وكيل متعب', name: 'سارة' });
  await thread.form.note.getByText(WORDS.ar.network).waitFor();
  assert.equal(await thread.form.text.inputValue(), 'خلف وكيل متعب');
  await thread.form.note.getByRole('button', { name: WORDS.ar.retry }).click();
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
});
