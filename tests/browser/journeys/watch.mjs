// Moderating in the blog's own page: from signing in to undoing.

import assert from 'node:assert/strict';
import { accessibilityBreaches, inThread, overflows } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { becomes, focused, Thread } from '../thread.mjs';

const HELD = { locale: 'ar', moderation: 'hold-all' };
const WORDS = {
  ar: { door: 'تسجيل الدخول للإشراف', allow: 'السماح', waiting: 'ينتظر في هذه الصفحة: 1', why: 'تُقرأ التعليقات هنا قبل نشرها.' },
  en: { door: 'Sign in to moderate', allow: 'Allow', waiting: 'Waiting on this page: 1', why: 'Comments here are read before they are published.' },
};

// A public comment, and an answer to it that waits.
async function conversation(world, path) {
  const root = await world.comment(path, 'الأصل', { author: { name: 'سارة' } });
  await world.decide(root.id, 'approve');
  await world.comment(path, 'رد ينتظر', { author: { name: 'عمر' }, parent_id: root.id });
  return root;
}

// Somebody of the staff, signed in at the server.
async function staff(world, lang, options = {}) {
  const printed = await world.server.run('admin', 'add', 'layla@mail.example', '--site', 'blog', '--role', 'moderator', '--name', 'ليلى');
  const link = printed.split('\n').find((line) => line.startsWith('http'));
  const reader = await world.reader({ locale: lang, ...options });
  await reader.page.goto(`${link}&lang=${lang}`);
  await reader.page.locator('button').click();
  await reader.page.waitForURL(/\/queue\?/);
  return reader;
}

const bar = (page) => page.locator('[data-jw=watch]');
const act = (within, what) => within.locator(`[data-do=${what}]`);
const said = (page) => bar(page).locator('[data-watch=said]');

// From the blog's page, through the server's window, and back.
async function signIn(context, page, lang) {
  await bar(page).getByRole('button', { name: WORDS[lang].door }).waitFor();
  const opened = context.waitForEvent('page');
  await act(bar(page), 'enter').click();
  const popup = await opened;
  await popup.getByRole('button', { name: WORDS[lang].allow, exact: true }).waitFor();
  const closed = popup.waitForEvent('close');
  await popup.getByRole('button', { name: WORDS[lang].allow, exact: true }).click();
  await closed;
  await act(bar(page), 'leave').waitFor();
}

for (const lang of ['ar', 'en']) {
  journey(`a moderator signs in on the blog, decides in place, and undoes (${lang})`, { ...HELD, locale: lang }, async (world) => {
    const path = `/post-${lang}.html`;
    await conversation(world, path);
    const { context, page: desk } = await staff(world, lang);
    const way = await desk.locator('[data-act=watch]').first().getAttribute('href');
    assert.equal(way, `${world.blog.origin}${path}#jiwar-moderate`);
    const page = await context.newPage();
    await page.goto(way);
    const thread = new Thread(page, lang);
    await signIn(context, page, lang);
    assert.match(await bar(page).textContent(), new RegExp(`ليلى.*${WORDS[lang].waiting}`, 's'));
    // What waits stands under what it answers, and says why.
    assert.deepEqual(await thread.texts(), ['الأصل', 'رد ينتظر']);
    const held = thread.row('رد ينتظر');
    assert.match(await held.locator('.why').textContent(), new RegExp(WORDS[lang].why));
    // By keyboard.
    await act(held, 'approve').focus();
    await page.keyboard.press('Enter');
    await becomes('what is published', () => world.published(path), ['الأصل', 'رد ينتظر']);
    await becomes('the focus', () => focused(page, (element) => element.dataset.do), 'undo');
    assert.notEqual(await said(page).textContent(), '');
    await page.keyboard.press('Enter');
    await becomes('what is published', () => world.published(path), ['الأصل']);
    await act(thread.row('رد ينتظر'), 'approve').waitFor();
    // One that is public: out of sight with a reason, and back.
    const menu = () => thread.row('الأصل').locator('details.acts');
    await menu().locator('summary').click();
    await menu().locator('[name=reason]').fill('خارج الموضوع');
    await act(menu(), 'remove').click();
    await becomes('what is published', () => world.published(path), []);
    const { entries } = await world.rule('/api/v1/sites/blog/moderation/log');
    assert.deepEqual([entries[0].action, entries[0].by, entries[0].reason], ['remove', 'ليلى', 'خارج الموضوع']);
    await act(bar(page), 'undo').click();
    await becomes('what is published', () => world.published(path), ['الأصل']);
    await menu().locator('summary').click();
    await act(menu(), 'pin').click();
    await thread.row('الأصل').locator('[data-jw=pinned]').waitFor();
    await menu().locator('summary').click();
    assert.equal(await act(menu(), 'pin').count(), 0);
    await act(menu(), 'edit').click();
    await menu().locator('textarea').fill('الأصل بعد تعديل');
    await menu().locator('textarea + button').click();
    await becomes('what is published', () => world.published(path), ['الأصل بعد تعديل']);
    await act(bar(page), 'close').click();
    await act(bar(page), 'open').waitFor();
    assert.equal(await thread.root.getAttribute('data-state'), 'closed');
    await act(bar(page), 'undo').click();
    await act(bar(page), 'close').waitFor();
    // The session is kept for the next page, and given back.
    await page.goto(world.blog.origin + path);
    await act(bar(page), 'leave').click();
    await becomes('what is kept', () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('watch'))), []);
    await becomes('the bar', () => bar(page).count(), 0);
    assert.deepEqual(await thread.texts(), ['الأصل بعد تعديل']);
  });
}

journey('readers have nothing of it, and nobody talks the page into a session', HELD, async (world) => {
  const path = '/post-ar.html';
  await conversation(world, path);
  const { context, page } = await world.reader({ locale: 'ar' });
  const fetched = [];
  page.on('request', (request) => /watch/.test(request.url()) && fetched.push(request.url()));
  await page.goto(world.blog.origin + path);
  const thread = new Thread(page, 'ar');
  await thread.live();
  assert.deepEqual(fetched, []);
  await page.goto('about:blank');
  await page.goto(`${world.blog.origin}${path}#jiwar-moderate`);
  await bar(page).waitFor();
  assert.deepEqual(await thread.texts(), ['الأصل'], 'nothing that waits is shown');
  const opened = context.waitForEvent('page');
  await act(bar(page), 'enter').click();
  const popup = await opened;
  await popup.getByText('jiwar admin link').waitFor();
  // The blog's own scripts, and the wrong origins, are not the server's window.
  await page.evaluate(() => postMessage({ jiwar: 'moderate', site: 'blog', session: 'js_forged' }, '*'));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('watch'))), []);
  // One that has ended: the door again.
  world.expectErrors(/401/);
  await page.evaluate(() => localStorage.setItem('jiwar:watch:blog', 'js_ended'));
  await page.reload();
  await act(bar(page), 'enter').waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem('jiwar:watch:blog')), null);
});

journey('somebody else was quicker: the moderator is told, and nothing is overwritten', HELD, async (world) => {
  const path = '/post-ar.html';
  await conversation(world, path);
  const { context } = await staff(world, 'ar');
  const page = await context.newPage();
  await page.goto(`${world.blog.origin}${path}#jiwar-moderate`);
  await signIn(context, page, 'ar');
  const { comments } = await world.rule('/api/v1/sites/blog/moderation/queue');
  await world.decide(comments[0].id, 'spam');
  await act(new Thread(page, 'ar').row('رد ينتظر'), 'approve').click();
  await said(page).getByText('سبق أن اتُّخذ قرار آخر في هذا التعليق').waitFor();
  assert.deepEqual(await world.published(path), ['الأصل']);
});

for (const lang of ['ar', 'en']) {
  for (const scheme of ['light', 'dark']) {
    journey(`no barrier for who moderates on the blog, under a strict policy (${lang}, ${scheme})`, { ...HELD, locale: lang }, async (world) => {
      const path = `/strict-${lang}.html`;
      const policy = "default-src 'none'; script-src SERVER 'wasm-unsafe-eval'; connect-src SERVER; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types jiwar";
      const body = `<!doctype html><html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Post</title><link rel="icon" href="data:,"><style>body { background: ${scheme === 'dark' ? '#15171a; color: #dcdad5' : '#fff; color: #222'} }</style></head><body><main><h1>Post</h1><section id="jiwar" data-theme="${scheme}"></section></main><script async src="{{JIWAR}}/embed.js" data-site="blog"></script></body></html>`;
      world.blog.add(path, body, { 'content-security-policy': policy.replaceAll('SERVER', world.server.url) });
      await conversation(world, path);
      const { context } = await staff(world, lang, { colorScheme: scheme, bypassCSP: false });
      const page = await context.newPage();
      const breaches = [];
      await page.exposeFunction('breached', (what) => breaches.push(what));
      await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => globalThis.breached(`${event.violatedDirective} ${event.blockedURI}`)));
      await page.goto(`${world.blog.origin}${path}#jiwar-moderate`);
      await signIn(context, page, lang);
      const thread = new Thread(page, lang);
      await thread.row('الأصل').locator('details.acts summary').click();
      for (const width of [1000, 320]) {
        await page.setViewportSize({ width, height: 800 });
        assert.equal(await overflows(page), false, `wider than ${width}`);
        const wide = await inThread(page, (root) => [...root.querySelectorAll('.jw *')].filter((element) => !element.closest('pre, .sr, .skip') && element.getBoundingClientRect().width > innerWidth).map((element) => element.localName));
        assert.deepEqual(wide, []);
        await world.shot(page, `watch-${lang}-${scheme}-${width}`);
      }
      assert.deepEqual(breaches, []);
      await act(thread.row('رد ينتظر'), 'approve').click();
      await act(bar(page), 'undo').waitFor();
      // axe itself is a script that the policy refuses: it looks at the same page without one.
      const { page: free } = { page: await context.newPage() };
      await free.goto(world.blog.add(`/free-${lang}.html`, body.replace('id="jiwar"', `id="jiwar" data-page-id="${path}"`)));
      await bar(free).waitFor();
      await new Thread(free, lang).row('الأصل').locator('details.acts summary').click();
      assert.deepEqual(await accessibilityBreaches(free, 'html'), []);
    });
  }
}
