// Keyboard, screen reader, small screens, calm eyes.

import assert from 'node:assert/strict';
import { accessibilityBreaches, inThread, overflows } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { becomes, focused, Thread } from '../thread.mjs';
import { WORDS } from '../words.mjs';

const PATH = '/post-ar.html';

journey('everything is done by keyboard', { locale: 'ar' }, async (world) => {
  await world.comment(PATH, 'من يعرف سبّاكاً؟', { author: { name: 'سارة' } });
  const page = await world.visit(PATH);
  const thread = new Thread(page, 'ar');
  await thread.row('من يعرف سبّاكاً؟').waitFor();
  await page.evaluate(() => globalThis.requestIdleCallback(() => {}));
  await thread.root.and(page.locator('[data-live]')).waitFor();
  // In the order in which it is read.
  const order = [];
  for (let at = 0; at < 14; at += 1) {
    await page.keyboard.press('Tab');
    order.push(await focused(page, (element) => element.dataset.act || element.name || element.localName));
  }
  assert.deepEqual(order, ['jump', 'link', 'reply', 'helpful', 'thanks', 'report', 'body', 'name', 'email', 'website', 'remember', 'submit', 'preview', 'direction']);
  for (let at = 0; at < 11; at += 1) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await becomes('the focus', () => focused(page, (element) => `${element.form?.id} ${element.name}`), 'reply body');
  await page.keyboard.insertText('عمّي سبّاك');
  await page.keyboard.press('Tab');
  await page.keyboard.insertText('عمر');
  await page.keyboard.press('Control+Enter');
  await becomes('what is published', () => world.published(PATH), ['من يعرف سبّاكاً؟', 'عمّي سبّاك']);
  await becomes('the focus', () => focused(page, (element) => element.querySelector?.('[data-jw=body]')?.textContent.trim()), 'عمّي سبّاك');
  const undo = thread.row('عمّي سبّاك').locator('[data-act=undo]');
  await undo.focus();
  await page.keyboard.press('Enter');
  await becomes('what is published', () => world.published(PATH), ['من يعرف سبّاكاً؟']);
});

journey('keys count by their place, whatever the layout', { locale: 'ar' }, async (world) => {
  const page = await world.visit(PATH);
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.form.fill({ text: 'بلوحة مفاتيح عربية', name: 'سارة' });
  await thread.form.text.focus();
  // Some input methods name the key otherwise; its place is the same.
  await thread.form.text.evaluate((element) => element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Process', code: 'Enter', ctrlKey: true, bubbles: true, composed: true, cancelable: true })));
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
});

journey('a plain Enter makes a new line', { locale: 'ar' }, async (world) => {
  const page = await world.visit(PATH);
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.form.name.fill('سارة');
  await thread.form.text.focus();
  await page.keyboard.insertText('سطر');
  await page.keyboard.press('Enter');
  await page.keyboard.insertText('وسطر');
  assert.equal(await thread.form.text.inputValue(), 'سطر\nوسطر');
  assert.deepEqual(await world.published(PATH), []);
});

journey('who listens is told what happens', { locale: 'ar' }, async (world) => {
  world.expectErrors(/ERR_FAILED|CONNECTION/);
  await world.comment(PATH, 'سؤال', { author: { name: 'سارة' } });
  const page = await world.visit(PATH);
  const thread = new Thread(page, 'ar');
  await thread.live();
  await inThread(page, (root) => {
    globalThis.said = [];
    const status = root.querySelector('[data-jw=status]');
    new MutationObserver(() => status.textContent && globalThis.said.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
  });
  await thread.form.send({ text: 'مسموع', name: 'عمر' });
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(await page.evaluate(() => globalThis.said), ['جارٍ الإرسال…', WORDS.ar.posted]);
  assert.deepEqual(await thread.status.evaluate((element) => [element.getAttribute('role'), element.getAttribute('aria-live')]), ['status', 'polite']);
  await page.route('**/api/v1/sites/blog/comments', (route) => route.abort('failed'));
  await thread.form.send({ text: 'غير مسموع', name: 'عمر' });
  await thread.form.note.getByText(WORDS.ar.network).waitFor();
  assert.equal(await thread.form.note.getAttribute('role'), 'alert');
  // Replies say whose they are, and links say what they are about.
  assert.equal(await page.getByRole('link', { name: /^رد على تعليق \u2068?سارة\u2069?$/ }).count(), 1);
});

journey('nothing moves for those who want calm', { locale: 'ar' }, async (world) => {
  const [made] = await world.thread(PATH, [{ text: 'هدوء' }]);
  const page = await world.visit(`${PATH}#comment-${made.id}`, { reducedMotion: 'reduce' });
  const thread = new Thread(page, 'ar');
  await thread.row('هدوء').waitFor();
  await thread.live();
  assert.deepEqual(await inThread(page, (root) => root.getAnimations().length), 0);
  const outline = await thread.row('هدوء').locator('article').evaluate((element) => getComputedStyle(element).outlineStyle);
  assert.equal(outline, 'solid', 'the comment is marked all the same');
});

for (const lang of ['ar', 'en']) {
  journey(`nothing scrolls sideways at 320 pixels (${lang})`, { locale: lang }, async (world) => {
    const path = `/post-${lang}.html`;
    const long = 'https://example.org/' + 'a'.repeat(200);
    await world.thread(path, [
      { text: `كلمة ${long} كلمة`, name: 'ا'.repeat(40) },
      { text: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(2), parent: 1, name: 'W'.repeat(40) },
      { text: `\`\`\`\n${'x = 1; '.repeat(60)}\n\`\`\``, parent: 2 },
      { text: '> اقتباس\n\n- واحد\n- اثنان', parent: 3 },
    ]);
    const page = await world.visit(path, { viewport: { width: 320, height: 640 } });
    const thread = new Thread(page, lang);
    await thread.live();
    await thread.rows.last().locator('[data-act=reply]').click();
    await thread.replyForm.submit.click();
    await becomes('the errors', async () => (await thread.replyForm.errors.count()) > 0);
    assert.equal(await overflows(page), false, 'the page scrolls sideways');
    const wide = await inThread(page, (root) => [...root.querySelectorAll('.jw *')].filter((element) => !element.closest('pre, .sr, .skip') && element.getBoundingClientRect().width > innerWidth).map((element) => element.localName));
    assert.deepEqual(wide, []);
    assert.deepEqual(await accessibilityBreaches(page), []);
  });
}

journey('fingers find what they mean to press', { locale: 'ar' }, async (world) => {
  await world.comment(PATH, 'سؤال', { author: { name: 'سارة' } });
  const page = await world.visit(PATH, { viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true });
  const thread = new Thread(page, 'ar');
  await thread.live();
  const small = await inThread(page, (root) =>
    [...root.querySelectorAll('button, .quiet, textarea, input:not([type=hidden], [type=checkbox])')]
      .map((element) => ({ what: element.dataset.act || element.name, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width && box.height < 44)
      .map(({ what, box }) => `${what}: ${Math.round(box.height)} px`),
  );
  assert.deepEqual(small, []);
  await thread.form.text.tap();
  assert.ok((await thread.form.text.evaluate((element) => parseFloat(getComputedStyle(element).fontSize))) >= 16, 'phones do not zoom in');
});

for (const lang of ['ar', 'en']) {
  for (const scheme of ['light', 'dark']) {
    journey(`no barrier in the thread and its form with errors (${lang}, ${scheme})`, { locale: lang }, async (world) => {
      const path = `/axe-${lang}.html`;
      await world.thread(path, [{ text: 'سؤال عن [رابط](https://example.org)', name: 'سارة' }, { text: 'An answer with `code`', parent: 1 }]);
      const page = await world.visit(
        world.blog.add(path, `<!doctype html><html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8"><title>Post</title><link rel="icon" href="data:,"><style>body { background: ${scheme === 'dark' ? '#15171a; color: #dcdad5' : '#fff; color: #222'} }</style></head><body><main><h1>Post</h1><section id="jiwar" data-theme="${scheme}"></section></main><script async src="{{JIWAR}}/embed.js" data-site="blog"></script></body></html>`),
        { colorScheme: scheme },
      );
      const thread = new Thread(page, lang);
      await thread.live();
      assert.deepEqual(await accessibilityBreaches(page, 'html'), [], 'at rest');
      await thread.form.email.fill('nobody@');
      await thread.form.submit.click();
      await becomes('the errors', () => thread.form.errors.count(), 3);
      assert.deepEqual(await accessibilityBreaches(page, 'html'), [], 'with errors');
      await thread.form.send({ text: 'Written by hand', name: 'Sam', email: '' });
      await becomes('the status', () => thread.status.textContent(), thread.words.posted);
      await thread.reply('Written by hand');
      assert.deepEqual(await accessibilityBreaches(page, 'html'), [], 'with an answer begun');
      await page.keyboard.press('Escape');
      await thread.press(thread.row('Written by hand'), thread.words.remove);
      assert.deepEqual(await accessibilityBreaches(page, 'html'), [], 'with a question asked');
    });

    journey(`no barrier on the server's own page (${lang}, ${scheme})`, { locale: lang }, async (world) => {
      world.expectErrors(/404/);
      const path = `/post-${lang}.html`;
      await world.thread(path, Array.from({ length: 9 }, (_, at) => ({ text: `كلام ${at} and words`, parent: at % 3 ? at : 0 })));
      // axe itself is a script: the page's policy has to let it in.
      const { page } = await world.reader({ colorScheme: scheme, bypassCSP: true });
      const url = `${world.server.url}/discuss/blog?page=${encodeURIComponent(world.blog.origin + path)}`;
      await page.goto(url);
      assert.deepEqual(await accessibilityBreaches(page, 'html'), [], 'at rest');
      await page.locator('#form').evaluate((form) => form.setAttribute('novalidate', ''));
      world.expectErrors(/422/);
      await page.locator('[data-act=submit]').click();
      await page.locator('.error').first().waitFor();
      assert.deepEqual(await accessibilityBreaches(page, 'html'), [], 'with errors');
      await page.goto(`${world.server.url}/discuss/nowhere?page=/a`);
      assert.deepEqual(await accessibilityBreaches(page, 'html'), [], 'where nothing is');
    });
  }
}
