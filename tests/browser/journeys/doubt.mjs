// What tells a person at the form from a program, and what is asked of the doubtful.

import assert from 'node:assert/strict';
import { inThread } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { becomes, Thread } from '../thread.mjs';
import { WORDS } from '../words.mjs';

const JUDGED = { locale: 'ar', spam: 'balanced' };
const PATH = '/post-ar.html';
const KIND = 'قرأت المقال مرتين، وأظن أن الفقرة الثالثة تحتاج إلى مثال من حياة الناس حتى تتضح الفكرة.';
// One of these is held at `balanced`, by little, whatever the shipped weights are.
const TEXTS = ['تابعوا قناتي على اليوتيوب', 'تابعوا قناتي على اليوتيوب وانستقرام', 'اشتركوا في قناتي على اليوتيوب', 'زوروا موقعي', 'زوروا موقعي الجديد', 'تابعوني على انستقرام ويوتيوب', 'زوروا قناتي', 'اشتركوا في قناتي الجديدة', 'تصفح هذا الموقع الجديد', 'زوروا متجري على انستقرام'];

// The first that the server asks for work for. Each is tried on another page, and those that are not are taken out of sight.
async function doubtful(world) {
  for (const [at, body] of TEXTS.entries()) {
    const answer = await world.api('/api/v1/sites/blog/comments', { method: 'POST', body: { page: { id: `/probe-${at}` }, body, author: { name: 'سارة' }, form: { can_prove: true } } });
    if (answer.status === 403) return body;
    await world.decide((await answer.json()).comment.id, 'remove');
  }
  throw new Error('no text is doubtful any more');
}

const isForm = (response) => response.url().includes('/api/v1/sites/blog/form?');
const isComment = (response) => response.url().endsWith('/api/v1/sites/blog/comments') && response.request().method() === 'POST';

// What the filter found in what is out of sight, the heaviest first.
async function signals(world, status = 'pending') {
  const { comments } = await world.rule(`/api/v1/sites/blog/moderation/queue?status=${status}`);
  return comments.map(({ review }) => review.judgement?.evidence.map(({ signal }) => signal) ?? []);
}

// The reader's clock, as far on as somebody needs to write.
const write = (seconds) => becomes('time', ((end) => async () => Date.now() > end)(Date.now() + seconds * 1000));

journey('who writes at leisure is published, and the form says when it was begun', JUDGED, async (world) => {
  const page = await world.visit(PATH);
  const thread = new Thread(page, 'ar');
  const asked = [];
  page.on('response', (response) => isForm(response) && asked.push(response.status()));
  const token = page.waitForResponse(isForm);
  await thread.live();
  const { token: made, decoy } = await (await token).json();
  await thread.form.fill({ text: KIND, name: 'سارة' });
  await write(4);
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/comments'));
  await thread.form.submit.click();
  assert.deepEqual((await sent).postDataJSON().form, { token: made, can_prove: true });
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(await world.published(PATH), [KIND]);
  assert.deepEqual(asked, [200], 'asked for once');
  // The field that people do not see is no field for them.
  await inThread(page, (root, name) => {
    const field = root.querySelector(`[name=${name}]`);
    if (field.getBoundingClientRect().width || field.tabIndex >= 0 || field.autocomplete !== 'off') throw new Error(field.outerHTML);
  }, decoy);
  // The next one begins anew.
  const next = page.waitForResponse(isForm);
  await thread.form.text.focus();
  assert.notEqual((await (await next).json()).token, made);
});

journey('too quick, and a field filled in that nobody sees: held, with these reasons', JUDGED, async (world) => {
  const page = await world.visit(PATH);
  const thread = new Thread(page, 'ar');
  const token = page.waitForResponse(isForm);
  await thread.live();
  const { decoy } = await (await token).json();
  await becomes('the field', () => inThread(page, (root, name) => Boolean(root.querySelector(`[name=${name}]`)), decoy));
  await inThread(page, (root, name) => {
    root.querySelector(`[name=${name}]`).value = 'https://x.test';
  }, decoy);
  await thread.form.send({ text: 'مقال جميل', name: 'روبوت' });
  await thread.row('مقال جميل').locator('.state', { hasText: WORDS.ar.pending }).waitFor();
  // So certain that it is put aside; its writer sees it waiting.
  await becomes('what is put aside', async () => (await signals(world, 'spam')).length, 1);
  const [found] = await signals(world, 'spam');
  assert.equal(found[0], 'decoy-filled');
  assert.ok(found.includes('too-quick'), found.join());
});

journey('a draft that is found again keeps the time at which it was begun', JUDGED, async (world) => {
  const page = await world.visit(PATH);
  const thread = new Thread(page, 'ar');
  const token = page.waitForResponse(isForm);
  await thread.live();
  const { token: made } = await (await token).json();
  await thread.form.fill({ text: KIND, name: 'سارة' });
  await becomes('the draft', () => thread.form.draft.textContent(), WORDS.ar.draft);
  await page.reload();
  await becomes('the text', () => thread.form.text.inputValue(), KIND);
  await thread.live();
  await write(4);
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/comments'));
  await thread.form.submit.click();
  assert.equal((await sent).postDataJSON().form.token, made);
  await becomes('what is published', () => world.published(PATH), [KIND]);
});

journey('no token, and the comment goes all the same', JUDGED, async (world) => {
  world.expectErrors(/form\?|ERR_FAILED/);
  const { page } = await world.reader();
  await page.route('**/api/v1/sites/blog/form?*', (route) => route.abort('failed'));
  await page.goto(world.blog.origin + PATH);
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.form.send({ text: KIND, name: 'سارة' });
  await becomes('what is published', () => world.published(PATH), [KIND]);
});

journey('a doubtful comment is asked for work, does it, and is published', JUDGED, async (world) => {
  world.expectErrors(/403/);
  const text = await doubtful(world);
  const page = await world.visit(PATH);
  const thread = new Thread(page, 'ar');
  const answers = [];
  page.on('response', (response) => isComment(response) && answers.push([response.status(), response.request().headers()['idempotency-key']]));
  await thread.live();
  await thread.form.fill({ text, name: 'سارة' });
  await write(4);
  await thread.form.submit.click();
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(answers.map(([status]) => status), [403, 201]);
  assert.equal(answers[0][1], answers[1][1], 'one comment, one key');
  assert.equal((await world.published(PATH)).length, 1);
  assert.equal(await thread.form.note.textContent(), '', 'nobody was bothered');
});

journey('where the work cannot be fetched the comment waits, and is not lost', JUDGED, async (world) => {
  world.expectErrors(/403|proof\.js|ERR_FAILED/);
  const text = await doubtful(world);
  const { page } = await world.reader();
  await page.route('**/proof.js', (route) => route.abort('failed'));
  await page.goto(world.blog.origin + PATH);
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.form.fill({ text, name: 'سارة' });
  await write(4);
  await thread.form.submit.click();
  await becomes('what waits', async () => (await signals(world)).length, 1);
  await thread.root.locator('.pending .state', { hasText: WORDS.ar.pending }).waitFor();
});
