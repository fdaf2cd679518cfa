// The blog's page around the thread: its policies, its style, its scripts.

import assert from 'node:assert/strict';
import { HOST, inThread, threadText } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { becomes, Thread } from '../thread.mjs';
import { WORDS } from '../words.mjs';

const html = (body, head = '', lang = 'ar') =>
  `<!doctype html><html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8"><title>مقال</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;
const TAG = '<script async src="{{JIWAR}}/embed.js" data-site="blog"></script>';

// A page of the blog under a policy of its own; breaches are noted.
async function underPolicy(world, policy, head = '') {
  const url = world.blog.add('/strict.html', html(`<h1>مقال</h1><section id="jiwar"></section>${TAG}`, head), { 'content-security-policy': policy.replaceAll('SERVER', world.server.url) });
  const { page } = await world.reader();
  await page.addInitScript(() => {
    globalThis.breaches = [];
    document.addEventListener('securitypolicyviolation', (event) => globalThis.breaches.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(url);
  return { page, thread: new Thread(page, 'ar'), breaches: () => page.evaluate(() => globalThis.breaches) };
}

const STRICT = "default-src 'none'; script-src SERVER 'wasm-unsafe-eval'; connect-src SERVER; style-src 'none'; img-src data:; base-uri 'none'; form-action 'none'";

journey('a strict policy holds: everything works and nothing breaches it', { locale: 'ar' }, async (world) => {
  await world.comment('/strict.html', 'سؤال', { author: { name: 'سارة' } });
  const { page, thread, breaches } = await underPolicy(world, STRICT);
  await thread.live();
  await thread.form.text.fill('معاينة **أولاً**');
  await thread.form.preview.click();
  await thread.form.root.locator('[data-jw=preview] strong').waitFor();
  await thread.form.preview.click();
  await thread.form.direction.click();
  await thread.form.send({ text: 'تحت رقابة شديدة', name: 'عمر' });
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  await thread.reply('سؤال');
  await thread.replyForm.send({ text: 'وجواب', name: 'عمر' });
  await becomes('the comments', () => thread.texts(), ['سؤال', 'وجواب', 'تحت رقابة شديدة']);
  assert.deepEqual(await breaches(), []);
  assert.equal(await thread.form.submit.evaluate((element) => getComputedStyle(element).backgroundColor), 'rgb(11, 122, 117)', 'it has its style');
  assert.equal(await page.evaluate(() => document.styleSheets.length + document.adoptedStyleSheets.length), 0);
});

journey('a page that demands trusted types gets them', { locale: 'ar' }, async (world) => {
  const { thread, breaches } = await underPolicy(world, `${STRICT}; require-trusted-types-for 'script'; trusted-types jiwar`);
  await thread.live();
  await thread.form.send({ text: 'موثوق', name: 'سارة' });
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(await breaches(), []);
});

journey('where WebAssembly is refused the thread is read, and written on the server\'s page', { locale: 'ar' }, async (world) => {
  world.expectErrors(/wasm|WebAssembly/i);
  await world.comment('/strict.html', 'ما زلت مقروءاً');
  const { page, thread } = await underPolicy(world, "default-src 'none'; script-src SERVER; connect-src SERVER; style-src 'none'; img-src data:");
  await thread.row('ما زلت مقروءاً').waitFor();
  await thread.form.fill({ text: 'نص لا يضيع', name: 'سارة' });
  await thread.form.submit.click();
  await page.waitForURL(`${world.server.url}/discuss/**`);
  assert.equal(await thread.form.text.inputValue(), 'نص لا يضيع', 'the text came along');
  assert.equal(await thread.form.name.inputValue(), 'سارة');
  await thread.form.root.locator('[data-jw=preview]').getByText('نص لا يضيع').waitFor();
  await thread.form.submit.click();
  await thread.row('نص لا يضيع').waitFor();
  assert.deepEqual(await world.published('/strict.html'), ['ما زلت مقروءاً', 'نص لا يضيع']);
});

const HOSTILE = `<style>
  * { letter-spacing: .3em !important; text-transform: uppercase !important; font-style: italic !important; text-align: left !important; direction: ltr !important;
      color: red !important; float: left; margin: 20px !important; padding: 20px !important; line-height: 1 !important; text-shadow: 2px 2px blue; word-spacing: 1em; text-indent: 3em; visibility: visible; }
  li::before { content: "HOSTILE"; } a { display: none !important; } form, ol { border: 9px solid lime !important; }
  .jw, .body, .name, .error { font-size: 90px !important; }
</style>`;

journey('a hostile theme does not come in', { locale: 'ar' }, async (world) => {
  await world.comment('/theme.html', 'نص هادئ', { author: { name: 'سارة' } });
  const url = world.blog.add('/theme.html', html(`<section id="jiwar"></section>${TAG}`, HOSTILE));
  const page = await world.visit(url);
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.reply('نص هادئ');
  const seen = await inThread(page, (root) => {
    const wrong = [];
    for (const element of root.querySelectorAll('.jw, .jw *')) {
      const style = getComputedStyle(element);
      const code = element.closest('[dir=ltr], code, pre');
      const say = (what) => wrong.push(`${element.localName}.${element.className} ${what}`);
      if (!/^(normal|0px)$/.test(style.letterSpacing)) say(`letter-spacing ${style.letterSpacing}`);
      if (!/^(normal|0px)$/.test(style.wordSpacing)) say(`word-spacing ${style.wordSpacing}`);
      if (style.textTransform !== 'none') say(`text-transform ${style.textTransform}`);
      if (style.fontStyle !== 'normal') say(`font-style ${style.fontStyle}`);
      if (style.direction !== 'rtl' && !code) say(`direction ${style.direction}`);
      if (style.textAlign === 'left') say(`text-align ${style.textAlign}`);
      if (style.textShadow !== 'none') say(`text-shadow ${style.textShadow}`);
      if (style.textIndent !== '0px') say(`text-indent ${style.textIndent}`);
      if (style.cssFloat !== 'none') say(`float ${style.cssFloat}`);
      if (parseFloat(style.fontSize) > 40) say(`font-size ${style.fontSize}`);
    }
    const body = root.querySelector('[data-jw=body]');
    return { wrong, leading: parseFloat(getComputedStyle(body).lineHeight) / parseFloat(getComputedStyle(body).fontSize), links: getComputedStyle(root.querySelector('[data-act=reply]')).display };
  });
  assert.deepEqual(seen.wrong, []);
  assert.ok(seen.leading >= 1.75, `Arabic lines are ${seen.leading} apart`);
  assert.notEqual(seen.links, 'none');
});

journey('nothing of the thread leaks out into the page', { locale: 'ar' }, async (world) => {
  await world.comment('/plain.html', 'نص');
  const body = '<h2>عنوان</h2><p class="name body error">فقرة</p><ol><li class="c d1">بند</li></ol><form><input name="name"><button class="submit">زر</button></form><section id="jiwar"></section>';
  const look = () =>
    [...document.querySelectorAll('h2, p, li, input, button')].map((element) => {
      const style = getComputedStyle(element);
      return [...style].map((name) => `${name}:${style.getPropertyValue(name)}`).join(';');
    });
  const globals = () => Object.getOwnPropertyNames(globalThis);
  const { page } = await world.reader();
  await page.goto(world.blog.add('/before.html', html(body)));
  const before = { styles: await page.evaluate(look), globals: await page.evaluate(globals) };
  await page.goto(world.blog.add('/plain.html', html(body + TAG)));
  await new Thread(page, 'ar').live();
  assert.deepEqual(await page.evaluate(look), before.styles);
  const added = (await page.evaluate(globals)).filter((name) => !before.globals.includes(name));
  assert.deepEqual(added, ['Jiwar']);
  assert.deepEqual(await page.context().cookies(), [], 'no cookie is set');
});

journey('the thread takes the font and the colours of the page', { locale: 'ar' }, async (world) => {
  await world.comment('/own.html', 'نص');
  const style = '<style>body { font-family: "Noto Naskh Arabic"; color: rgb(1, 2, 3); } #jiwar { --jiwar-accent: rgb(90, 0, 90); } #jiwar::part(heading) { font-size: 33px; }</style>';
  const page = await world.visit(world.blog.add('/own.html', html(`<section id="jiwar"></section>${TAG}`, style)));
  const thread = new Thread(page, 'ar');
  await thread.rows.first().waitFor();
  assert.deepEqual(
    await inThread(page, (root) => {
      const of = (selector, name) => getComputedStyle(root.querySelector(selector))[name];
      return [of('[data-jw=body]', 'fontFamily'), of('[data-jw=body]', 'color'), of('[data-act=submit]', 'backgroundColor'), of('[data-jw=heading]', 'fontSize')];
    }),
    ['"Noto Naskh Arabic"', 'rgb(1, 2, 3)', 'rgb(90, 0, 90)', '33px'],
  );
});

journey('light, dark, and as the page is', { locale: 'ar' }, async (world) => {
  await world.comment('/themes.html', 'نص');
  const page = await world.visit(world.blog.add('/themes.html', html(`<section id="jiwar" data-theme="dark"></section>${TAG}`, '<style>body { background: #111; color: rgb(10, 200, 10) }</style>')));
  const thread = new Thread(page, 'ar');
  await thread.rows.first().waitFor();
  const colour = () => thread.bodies.first().evaluate((element) => getComputedStyle(element).color);
  await becomes('dark', colour, 'rgb(220, 218, 213)');
  await page.evaluate(() => globalThis.Jiwar.setTheme('light'));
  await becomes('light', colour, 'rgb(36, 38, 42)');
  await page.evaluate(() => globalThis.Jiwar.setTheme('auto'));
  await becomes('the page\'s own', colour, 'rgb(10, 200, 10)');
});

journey('two threads on one page keep apart', { locale: 'ar' }, async (world) => {
  const url = world.blog.add('/two.html', html(`<div data-jiwar id="a" data-page-id="first"></div><div data-jiwar id="b" data-page-id="second" data-lang="en"></div>${TAG}`));
  const page = await world.visit(url);
  const [a, b] = [new Thread(page, 'ar', page.locator('#a')), new Thread(page, 'en', page.locator('#b'))];
  await a.live();
  await b.live();
  await a.form.send({ text: 'في الأول', name: 'سارة' });
  await becomes('the status', () => a.status.textContent(), WORDS.ar.posted);
  await b.form.send({ text: 'In the second', name: 'Sam' });
  await becomes('the status', () => b.status.textContent(), WORDS.en.posted);
  assert.deepEqual([await a.texts(), await b.texts()], [['في الأول'], ['In the second']]);
  await page.reload();
  await a.rows.first().waitFor();
  await b.rows.first().waitFor();
  assert.deepEqual([await a.texts(), await b.texts()], [['في الأول'], ['In the second']]);
});

journey('a page of one address changes its thread', { locale: 'ar' }, async (world) => {
  await world.comment('/one', 'تحت الأول');
  await world.comment('/two', 'تحت الثاني');
  const url = world.blog.add('/app.html', html(`<main></main><script async src="{{JIWAR}}/embed.js" data-site="blog" data-target="none"></script>`));
  const page = await world.visit(url);
  await page.waitForFunction(() => globalThis.Jiwar);
  const heard = page.evaluate(() => {
    globalThis.heard = [];
    for (const name of ['ready', 'posted', 'error']) document.addEventListener(`jiwar:${name}`, (event) => globalThis.heard.push([name, event.detail.page ?? event.detail.status ?? event.detail.message]));
    const place = document.createElement('section');
    place.id = 'jiwar';
    document.querySelector('main').append(place);
    globalThis.Jiwar.mount(place, { pageId: '/one' });
  });
  await heard;
  const thread = new Thread(page, 'ar');
  await thread.row('تحت الأول').waitFor();
  await page.evaluate(() => globalThis.Jiwar.update('#jiwar', { pageId: '/two' }));
  await thread.row('تحت الثاني').waitFor();
  assert.equal(await thread.row('تحت الأول').count(), 0);
  await thread.live();
  await thread.form.send({ text: 'وأنا أيضاً', name: 'سارة' });
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.deepEqual(await world.published('/two'), ['تحت الثاني', 'وأنا أيضاً']);
  assert.deepEqual(await page.evaluate(() => globalThis.heard), [['ready', '/one'], ['ready', '/two'], ['posted', 'approved']]);
  await page.evaluate(() => globalThis.Jiwar.destroy('#jiwar'));
  assert.equal(await page.evaluate((host) => document.querySelector(host).shadowRoot.childElementCount, HOST), 0);
});

journey('mounting and destroying leaves nothing behind', { locale: 'ar' }, async (world) => {
  const url = world.blog.add('/leak.html', html(`<main id="place"></main><script async src="{{JIWAR}}/embed.js" data-site="blog" data-target="none"></script>`));
  const page = await world.visit(url);
  await page.waitForFunction(() => globalThis.Jiwar);
  const round = () =>
    page.evaluate(async () => {
      const host = document.createElement('div');
      document.querySelector('#place').append(host);
      const ready = new Promise((resolve) => host.addEventListener('jiwar:ready', resolve));
      globalThis.Jiwar.mount(host, { pageId: '/leak' });
      await ready;
      const section = host.shadowRoot.querySelector('[data-jw=thread]');
      host.shadowRoot.querySelector('textarea').focus();
      while (!section.hasAttribute('data-live')) await new Promise((resolve) => requestAnimationFrame(resolve));
      globalThis.Jiwar.destroy(host);
      host.remove();
    });
  const session = await page.context().newCDPSession(page);
  const held = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
    return { nodes, jsEventListeners };
  };
  for (let at = 0; at < 3; at += 1) await round();
  const before = await held();
  for (let at = 0; at < 20; at += 1) await round();
  const after = await held();
  assert.ok(after.nodes - before.nodes < 20 * 20, `${before.nodes} nodes, then ${after.nodes}`);
  assert.ok(after.jsEventListeners - before.jsEventListeners < 20, `${before.jsEventListeners} listeners, then ${after.jsEventListeners}`);
});

journey('the loader stands twice on a page and works once', { locale: 'ar' }, async (world) => {
  await world.comment('/twice.html', 'مرة');
  const page = await world.visit(world.blog.add('/twice.html', html(`<section id="jiwar"></section>${TAG}${TAG}`)));
  const thread = new Thread(page, 'ar');
  await thread.row('مرة').waitFor();
  assert.equal(await page.locator('[data-jw=thread]').count(), 1);
});

journey('without a marked place the thread stands where its script stands', { locale: 'ar' }, async (world) => {
  await world.comment('/here.html', 'هنا');
  const page = await world.visit(world.blog.add('/here.html', html(`<p>قبل</p>${TAG}<p id="after">بعد</p>`)));
  await page.getByText('هنا').waitFor();
  assert.match(await threadText(page, 'div'), /هنا/);
  assert.equal(await page.locator('#after').evaluate((element) => element.previousElementSibling.localName), 'div');
});

journey('a page\'s spellings are one page', async (world) => {
  await world.comment('/post-en.html', 'Found under all its names.');
  for (const path of ['/post-en.html?utm_source=mail&fbclid=1', '/post-en.html#section']) {
    const page = await world.visit(path);
    await new Thread(page).row('Found under all its names.').waitFor();
  }
});

journey('an address in Arabic letters is one page in all spellings', { locale: 'ar' }, async (world) => {
  const name = '/هل-انتهى-عصر-المتابعين';
  world.blog.add(name, html(`<section id="jiwar"></section>${TAG}`));
  await world.comment(name, 'لم ينته');
  for (const path of [name, encodeURI(name), encodeURI(name).toLowerCase()]) {
    const page = await world.visit(path);
    await new Thread(page, 'ar').row('لم ينته').waitFor();
  }
});
