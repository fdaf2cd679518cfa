// Live: what others do while somebody reads. It is told, and nothing moves.

import assert from 'node:assert/strict';
import { layoutShift } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { Jiwar } from '../server.mjs';
import { becomes, Thread } from '../thread.mjs';

const PATH = '/post-ar.html';
const SOON = 1_000; // milliseconds in which a comment should be told of; the words may take as long again

// The button that says what has come since.
const news = (thread) => thread.root.locator('[data-act=new]');

async function liveReader(world, path = PATH, lang = 'ar') {
  const page = await world.visit(path);
  const thread = new Thread(page, lang);
  await thread.root.and(page.locator('[data-live]')).waitFor();
  return { page, thread };
}

journey('new comments wait behind a button, and nothing moves', { locale: 'ar' }, async (world) => {
  await world.thread(PATH, Array.from({ length: 12 }, (_, at) => ({ text: `سطر رقم ${at}`, name: 'سارة' })));
  const { page, thread } = await liveReader(world);
  await thread.rows.nth(5).scrollIntoViewIfNeeded();
  const before = await thread.rows.nth(5).boundingBox();
  const first = await world.comment(PATH, 'خبر أول', { author: { name: 'عمر' } });
  await world.comment(PATH, 'رد على الخبر', { author: { name: 'هدى' }, parent_id: first.id });
  await becomes('the button', () => news(thread).textContent(), 'عرض تعليقين جديدين');
  assert.deepEqual(await thread.rows.nth(5).boundingBox(), before);
  assert.equal(await layoutShift(page), 0);
  assert.equal(await thread.row('خبر أول').count(), 0);
  await becomes('the heading', () => thread.heading.textContent(), '14 تعليقاً');
  await news(thread).click();
  assert.deepEqual((await thread.texts()).slice(-2), ['خبر أول', 'رد على الخبر']);
  assert.ok(await news(thread).isHidden());
});

journey('one is not told of one\'s own comment', { locale: 'ar' }, async (world) => {
  const { thread } = await liveReader(world);
  await thread.form.send({ text: 'كلامي أنا', name: 'سارة' });
  await thread.row('كلامي أنا').locator('[data-act=undo]').waitFor();
  await world.comment(PATH, 'كلام غيري', { author: { name: 'عمر' } });
  await becomes('the button', () => news(thread).textContent(), 'عرض تعليق جديد');
  await becomes('the heading', () => thread.heading.textContent(), 'تعليقان');
  await news(thread).click();
  assert.deepEqual(await thread.texts(), ['كلامي أنا', 'كلام غيري']);
});

journey('what is changed, removed or approved changes in its place', async (world) => {
  const [one, two] = await world.thread('/post-en.html', [{ text: 'The first word' }, { text: 'The second word', name: 'Omar' }]);
  const { thread } = await liveReader(world, '/post-en.html', 'en');
  await thread.reply('The second word');
  await thread.replyForm.text.fill('half a sent');
  await world.rule(`/api/v1/sites/blog/comments/${two.id}`, { method: 'PATCH', body: { body: 'The second word, mended' } });
  await thread.row('The second word, mended').waitFor();
  assert.equal(await thread.replyForm.text.inputValue(), 'half a sent');
  await world.decide(one.id, 'remove');
  await becomes('the list', () => thread.rows.count(), 1);
  await becomes('the heading', () => thread.heading.textContent(), '1 comment');
});

journey('a page out of sight lets the line go, and catches up', async (world) => {
  const { page, thread } = await liveReader(world, '/post-en.html', 'en');
  const sight = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  const lines = [];
  page.on('request', (request) => request.url().includes('/events?') && lines.push(request.url()));
  await sight(true);
  await world.comment('/post-en.html', 'Said while nobody looked', { author: { name: 'Omar' } });
  await sight(false);
  await becomes('the button', () => news(thread).textContent(), 'Show 1 new comment');
  assert.equal(lines.length, 1, 'the line was opened anew');
});

journey('helpful and thanks come from those who have spoken', async (world) => {
  await world.comment('/post-en.html', 'Turn the valve to the left.', { author: { name: 'Omar' } });
  const other = await liveReader(world, '/post-en.html', 'en');
  const { page, thread } = await liveReader(world, '/post-en.html', 'en');
  const row = thread.row('Turn the valve');
  const helpful = row.locator('[data-act=helpful]');
  await helpful.click();
  await row.getByText('Once a comment of yours is published here').waitFor();
  assert.equal(await helpful.getAttribute('aria-pressed'), 'false');
  await thread.form.send({ text: 'That did it!', name: 'Layla' });
  await thread.row('That did it!').locator('[data-act=undo]').waitFor();
  assert.equal(await thread.row('That did it!').locator('[data-act=helpful]').count(), 0, 'nobody praises himself');
  await helpful.click();
  await becomes('the count', () => helpful.locator('[data-jw=helpful]').textContent(), '1');
  await becomes('the count of another reader', () => other.thread.row('Turn the valve').locator('[data-jw=helpful]').textContent(), '1');
  await row.locator('[data-act=thanks]').click();
  await becomes('the thanks', () => row.locator('[data-act=thanks]').getAttribute('aria-pressed'), 'true');
  await page.reload();
  await thread.root.and(page.locator('[data-live]')).waitFor();
  assert.equal(await helpful.getAttribute('aria-pressed'), 'true');
  await helpful.click();
  await becomes('the count', () => helpful.locator('[data-jw=helpful]').textContent(), '');
});

journey('a comment at one server is told at another within a second', { locale: 'ar', postgres: true }, async (world) => {
  const second = await Jiwar.prepare({ ...world.shared });
  try {
    await second.start();
    await world.thread(PATH, Array.from({ length: 8 }, (_, at) => ({ text: `قديم ${at}` })));
    const { page, thread } = await liveReader(world);
    await thread.rows.nth(3).scrollIntoViewIfNeeded();
    const before = await thread.rows.nth(3).boundingBox();
    // Another person, in another browser, on the second server's own page.
    const { page: writer } = await world.reader({ javaScriptEnabled: false });
    await writer.goto(`${second.url}/discuss/blog?page=${encodeURIComponent(world.blog.origin + PATH)}&lang=ar`);
    await writer.locator('textarea[name=body]').fill('من الخادم الآخر');
    await writer.locator('input[name=name]').fill('عمر');
    await writer.locator('[data-act=submit]').click();
    const posted = Date.now();
    await news(thread).waitFor();
    const took = Date.now() - posted;
    assert.ok(took < 2 * SOON, `it took ${took} ms`);
    assert.deepEqual(await thread.rows.nth(3).boundingBox(), before);
    assert.equal(await layoutShift(page), 0);
    await news(thread).click();
    await thread.row('من الخادم الآخر').waitFor();
  } finally {
    await second.remove();
  }
});
