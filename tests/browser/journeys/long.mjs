// Long threads, links into them, and the badges of lists of posts.

import assert from 'node:assert/strict';
import { inThread } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { becomes, focused, Thread } from '../thread.mjs';

const NUMBERED = Array.from({ length: 300 }, (_, at) => ({ text: `التعليق ${at + 1}.`, name: 'سارة' }));

// Whether the comment is in sight, below whatever stands at the top.
async function inSight(row) {
  return row.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= 0 && Math.min(bottom, top + 40) <= innerHeight;
  });
}

journey('a reader goes through a thread of 300', { locale: 'ar' }, async (world) => {
  await world.thread('/post-ar.html', NUMBERED);
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.rows.first().waitFor();
  assert.equal(await thread.heading.innerText(), '300 تعليق');
  for (let shown = 50; shown < 300; shown += 50) {
    await becomes('comments shown', () => thread.rows.count(), shown);
    await thread.more.click();
    await becomes('comments shown', () => thread.rows.count(), shown + 50);
    assert.equal(await focused(page, (element) => element.querySelector('[data-jw=body]')?.textContent.trim()), `التعليق ${shown + 1}.`, 'the focus is on the first new one');
  }
  assert.equal(await thread.more.count(), 0, 'there is no more');
  assert.deepEqual(await thread.texts(), NUMBERED.map(({ text }) => text), 'each once and in order');
});

journey('a link to an old comment of WordPress still leads to it', { locale: 'ar' }, async (world) => {
  await world.moveIn('/post-ar.html', NUMBERED);
  const page = await world.visit('/post-ar.html#comment-212');
  const thread = new Thread(page, 'ar');
  const row = thread.rows.filter({ hasText: 'التعليق 212.' });
  await row.waitFor();
  await becomes('it is in sight', () => inSight(row));
  assert.equal(await row.evaluate((element) => element.classList.contains('target')), true, 'it is marked');
  assert.equal(await focused(page, (element) => element.querySelector('[data-jw=body]')?.textContent.trim()), 'التعليق 212.');
});

journey('from a comment far down there is a way to those before it', { locale: 'ar' }, async (world) => {
  const made = await world.thread('/post-ar.html', NUMBERED);
  const page = await world.visit(`/post-ar.html#comment-${made[211].id}`);
  const thread = new Thread(page, 'ar');
  await thread.rows.filter({ hasText: 'التعليق 212.' }).waitFor();
  await page.getByRole('link', { name: 'التعليقات السابقة' }).click();
  await thread.rows.filter({ hasText: /التعليق 1\./ }).waitFor();
  assert.equal(new URL(page.url()).origin, world.blog.origin, 'the reader stays on the blog');
});

journey('a permalink leads to a comment on another page of the thread', async (world) => {
  const made = await world.thread('/post-en.html', [...NUMBERED, { text: 'The one that is meant.', parent: 260 }]);
  const { id, permalink } = made.at(-1);
  const { page } = await world.reader();
  // The short link of mails and feeds.
  await page.goto(`${world.server.url}/c/${id}`);
  assert.equal(page.url(), permalink);
  assert.equal(new URL(permalink).origin, world.blog.origin);
  const row = new Thread(page).row('The one that is meant.');
  await becomes('it is in sight', () => inSight(row));
});

journey('a link on the page itself leads to another comment', { locale: 'ar' }, async (world) => {
  const made = await world.thread('/post-ar.html', NUMBERED);
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.rows.first().waitFor();
  await page.evaluate((id) => {
    location.hash = `#comment-${id}`;
  }, made[2].id);
  await becomes('the mark', () => inThread(page, (root) => root.querySelector('.target [data-jw=body]')?.textContent.trim()), 'التعليق 3.');
  await page.evaluate((id) => {
    location.hash = `#comment-${id}`;
  }, made[298].id);
  await becomes('the mark', () => inThread(page, (root) => root.querySelector('.target [data-jw=body]')?.textContent.trim()), 'التعليق 299.');
});

journey('a link to a comment that is not there shows the thread all the same', async (world) => {
  await world.comment('/post-en.html', 'Still here.');
  const page = await world.visit('/post-en.html#comment-does-not-exist');
  await new Thread(page).row('Still here.').waitFor();
});

journey('deep answers stay readable on a small screen', { locale: 'ar' }, async (world) => {
  await world.thread('/post-ar.html', Array.from({ length: 30 }, (_, at) => ({ text: `الرد ${at + 1}.`, name: `جار ${at + 1}`, parent: at })));
  const page = await world.visit('/post-ar.html', { viewport: { width: 320, height: 640 } });
  const thread = new Thread(page, 'ar');
  await thread.rows.nth(29).waitFor();
  const width = await thread.bodies.last().evaluate((element) => element.getBoundingClientRect().width);
  assert.ok(width > 150, `the deepest text is ${width} px wide`);
  // Beyond the indent it is said whom one answers.
  assert.match(await thread.rows.last().textContent(), /رداً على جار 29/);
});

journey('badges of a list of posts come with one request', { locale: 'ar' }, async (world) => {
  await world.thread('/1.html', [{ text: 'واحد' }]);
  await world.thread('/3.html', [{ text: 'أ' }, { text: 'ب' }, { text: 'ج' }]);
  await world.thread('/11.html', Array.from({ length: 11 }, (_, at) => ({ text: `رقم ${at}` })));
  const links = ['/0.html', '/1.html', '/3.html', '/11.html', '/3.html?utm_source=mail'].map((path) => `<li><a href="${path}" data-jiwar-count="${world.blog.origin}${path}">…</a></li>`).join('');
  const url = world.blog.add('/list.html', `<!doctype html><html lang="ar" dir="rtl"><title>المقالات</title><link rel="icon" href="data:,"><ul>${links}<li><b data-jiwar-count="${world.blog.origin}/11.html" data-jiwar-format="number"></b></ul><script src="{{JIWAR}}/embed.js" data-site="blog" data-target="none"></script>`);
  const { page } = await world.reader();
  const asked = [];
  page.on('request', (request) => request.url().includes('/counts') && asked.push(request.url()));
  await page.goto(url);
  const badges = page.locator('[data-jiwar-count]');
  await becomes('the badges', () => badges.allInnerTexts(), ['لا تعليقات', 'تعليق واحد', '3 تعليقات', '11 تعليقاً', '3 تعليقات', '11']);
  assert.equal(asked.length, 1);
  assert.equal(await page.locator('[data-jw=thread]').count(), 0, 'no thread was asked for');
});
