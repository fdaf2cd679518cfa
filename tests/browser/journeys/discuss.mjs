// Without JavaScript: the server's own page reads, writes and answers.

import assert from 'node:assert/strict';
import { overflows } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { Thread } from '../thread.mjs';
import { WORDS } from '../words.mjs';

const PATH = '/post-ar.html';

async function discuss(world, options = {}, more = '') {
  const { page } = await world.reader({ javaScriptEnabled: false, ...options });
  await page.goto(`${world.server.url}/discuss/blog?page=${encodeURIComponent(world.blog.origin + PATH)}${more}`);
  return { page, thread: new Thread(page, 'ar') };
}

journey('without JavaScript the blog\'s page is whole, only without comments', { locale: 'ar' }, async (world) => {
  await world.comment(PATH, 'تعليق');
  const page = await world.visit(PATH, { javaScriptEnabled: false });
  assert.match(await page.locator('main').innerText(), /هطل المطر/);
  assert.equal(await page.getByText('تعليق').count(), 0);
});

journey('the page of a thread is read without JavaScript', { locale: 'ar' }, async (world) => {
  await world.thread(PATH, [{ text: 'سؤال', name: 'سارة' }, { text: 'جواب', name: 'عمر', parent: 1 }]);
  const { page, thread } = await discuss(world);
  assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
  assert.deepEqual(await thread.texts(), ['سؤال', 'جواب']);
  assert.equal(await thread.heading.innerText(), 'تعليقان');
  assert.match(await page.title(), /A post/);
  const ld = JSON.parse(await page.locator('script[type="application/ld+json"]').textContent());
  assert.match(JSON.stringify(ld), /DiscussionForumPosting/);
});

journey('a comment is posted without JavaScript', { locale: 'ar' }, async (world) => {
  const { page, thread } = await discuss(world);
  await thread.form.send({ text: 'كتبته بلا برنامج', name: 'سارة' });
  await thread.row('كتبته بلا برنامج').waitFor();
  assert.deepEqual(await world.published(PATH), ['كتبته بلا برنامج']);
  await page.reload();
  assert.equal(await thread.rows.count(), 1, 'a reload does not send it again');
});

journey('an answer is posted without JavaScript', { locale: 'ar' }, async (world) => {
  await world.comment(PATH, 'من يعرف سبّاكاً؟', { author: { name: 'سارة' } });
  const { page, thread } = await discuss(world);
  await thread.press(thread.row('من يعرف سبّاكاً؟'), WORDS.ar.reply);
  await page.waitForURL(/reply=/);
  assert.match((await thread.form.root.locator('h3').innerText()).replaceAll(/[\u2066-\u2069]/g, ''), /^اترك رداً على سارة$/);
  await thread.form.send({ text: 'عمّي', name: 'عمر' });
  const row = thread.row('عمّي');
  await row.waitFor();
  assert.equal(await row.getAttribute('data-depth'), '1');
});

journey('a comment that waits is shown to its writer without JavaScript', { locale: 'ar', moderation: 'hold-all' }, async (world) => {
  const { thread } = await discuss(world);
  await thread.form.send({ text: 'أنتظر الإذن', name: 'سارة' });
  const row = thread.row('أنتظر الإذن');
  await row.getByText(WORDS.ar.pending).waitFor();
  assert.deepEqual(await world.published(PATH), []);
  const other = await discuss(world);
  assert.equal(await other.thread.rows.count(), 0);
});

journey('what is missing is said without JavaScript, and the text comes back', { locale: 'ar' }, async (world) => {
  world.expectErrors(/422/);
  const { page, thread } = await discuss(world);
  await page.locator('#form').evaluate((form) => form.setAttribute('novalidate', ''));
  await thread.form.send({ text: 'نص بلا اسم', name: '' });
  await thread.form.root.locator('.error').waitFor();
  assert.deepEqual(await thread.form.errors.allInnerTexts(), [WORDS.ar.required]);
  assert.equal(await thread.form.text.inputValue(), 'نص بلا اسم');
  assert.equal(await thread.form.name.getAttribute('aria-invalid'), 'true');
  await thread.form.send({ text: 'نص باسم', name: 'سارة' });
  await thread.row('نص باسم').waitFor();
});

journey('the preview works without JavaScript', { locale: 'ar' }, async (world) => {
  const { thread } = await discuss(world);
  await thread.form.fill({ text: 'كلام **مهم**', name: 'سارة' });
  await thread.form.preview.click();
  await thread.form.root.locator('[data-jw=preview] strong').waitFor();
  assert.equal(await thread.form.text.inputValue(), 'كلام **مهم**');
  assert.deepEqual(await world.published(PATH), []);
  await thread.form.submit.click();
  await thread.row('كلام مهم').waitFor();
});

journey('a long thread is gone through without JavaScript', { locale: 'ar' }, async (world) => {
  await world.thread(PATH, Array.from({ length: 60 }, (_, at) => ({ text: `التعليق ${at + 1}.` })));
  const { page, thread } = await discuss(world, { viewport: { width: 320, height: 640 } });
  assert.equal(await thread.rows.count(), 50);
  await thread.more.click();
  await thread.row('التعليق 60.').waitFor();
  assert.equal(await thread.rows.count(), 10);
  assert.equal(await overflows(page), false, 'it scrolls sideways');
  await page.getByRole('link', { name: 'التعليقات السابقة' }).click();
  await thread.rows.filter({ hasText: /التعليق 1\./ }).waitFor();
  await thread.root.locator('[data-act=sort][data-sort=newest]').click();
  await page.waitForURL(/sort=newest/);
  assert.equal((await thread.texts())[0], 'التعليق 60.');
});

journey('the end of a long thread stays where it was jumped to', { locale: 'ar' }, async (world) => {
  await world.thread(PATH, Array.from({ length: 60 }, (_, at) => ({ text: `التعليق ${at + 1}.` })));
  for (const viewport of [{ width: 320, height: 640 }, { width: 1000, height: 800 }]) {
    const { page, thread } = await discuss(world, { viewport, javaScriptEnabled: true });
    const places = await thread.more.evaluate(async (link) => {
      const seen = [];
      link.scrollIntoView({ block: 'center' });
      for (let frame = 0; frame < 8; frame += 1) {
        seen.push(link.getBoundingClientRect().top);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return seen;
    });
    assert.ok(Math.max(...places) - Math.min(...places) <= 1, `at ${viewport.width} px it moved while it was pressed: ${places}`);
    await page.close();
  }
});

journey('a closed thread takes nothing without JavaScript', { locale: 'ar' }, async (world) => {
  world.expectErrors(/403|409|410|423/);
  await world.comment(PATH, 'كلمة أخيرة');
  const { page, thread } = await discuss(world);
  await thread.form.fill({ text: 'متأخر قليلاً', name: 'سارة' });
  await world.rule(`/api/v1/sites/blog/thread?page=${encodeURIComponent(world.blog.origin + PATH)}`, { method: 'PATCH', body: { state: 'closed' } });
  await thread.form.submit.click();
  await page.getByText(WORDS.ar.closed).first().waitFor();
  assert.deepEqual(await world.published(PATH), ['كلمة أخيرة']);
});

journey('the page is the same in English', async (world) => {
  await world.comment('/post-en.html', 'An umbrella story.');
  const { page } = await world.reader({ javaScriptEnabled: false });
  await page.goto(`${world.server.url}/discuss/blog?page=${encodeURIComponent(`${world.blog.origin}/post-en.html`)}`);
  const thread = new Thread(page);
  await thread.form.send({ text: 'So do I.', name: 'Sam' });
  await thread.row('So do I.').waitFor();
  assert.equal(await page.locator('html').getAttribute('dir'), 'ltr');
  await page.getByRole('link', { name: 'Back to the post' }).click();
  await page.waitForURL(`${world.blog.origin}/post-en.html`);
});
