// Reading: what anybody sees who opens a post, before a word is written.

import assert from 'node:assert/strict';
import { HOST, inThread, layoutShift } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { becomes, focused, Thread } from '../thread.mjs';
import { WORDS } from '../words.mjs';

// A reader whose browser is never idle: nothing is fetched that nobody asked for.
async function busyReader(world, path, options) {
  const { page } = await world.reader(options);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url())));
  await page.addInitScript(() => {
    globalThis.requestIdleCallback = (call) => {
      globalThis.whenIdle = call;
      return 1;
    };
  });
  await page.goto(world.blog.origin + path);
  return { page, asked: () => asked.filter(({ origin }) => origin === world.server.url).map(({ pathname }) => pathname.replace(/\/[0-9a-f]{8,}\//, '/{hash}/')) };
}

journey('a thread is read without WebAssembly', { locale: 'ar' }, async (world) => {
  await world.comment('/post-ar.html', 'سقطت مظلتي عند الظهر.', { author: { name: 'سارة' } });
  const { page, asked } = await busyReader(world, '/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.row('سقطت مظلتي عند الظهر.').waitFor();
  await page.waitForLoadState('networkidle');
  assert.deepEqual(asked().sort(), ['/embed.js', '/embed/blog/thread', '/widget/{hash}/style.css']);
  await page.evaluate(() => globalThis.whenIdle());
  await thread.root.and(page.locator('[data-live]')).waitFor();
  assert.ok(asked().includes('/widget/{hash}/widget.wasm'), 'an idle browser fetches the part that writes');
});

journey('a thread wakes when somebody goes to its form', async (world) => {
  const { page, asked } = await busyReader(world, '/post-en.html');
  const thread = new Thread(page);
  await thread.form.text.pressSequentially('Typed at once');
  await thread.root.and(page.locator('[data-live]')).waitFor();
  assert.ok(asked().includes('/widget/{hash}/widget.wasm'));
  assert.equal(await thread.form.text.inputValue(), 'Typed at once');
});

journey('a reader who saves data is not sent what nobody asked for', async (world) => {
  const { page } = await world.reader();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  await page.goto(`${world.blog.origin}/post-en.html`);
  await new Thread(page).form.text.waitFor();
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  await page.waitForLoadState('networkidle');
  assert.deepEqual(asked.filter((url) => /widget\.(js|wasm)/.test(url)), []);
});

journey('the thread lives in a shadow root, with its language and direction', { locale: 'ar' }, async (world) => {
  await world.comment('/post-ar.html', 'WordPress ما زال أفضل خيار');
  await world.comment('/post-ar.html', 'It still rains in Lisbon.');
  const page = await world.visit('/post-ar.html');
  await new Thread(page, 'ar').rows.first().waitFor();
  const seen = await inThread(page, (root) => {
    const section = root.querySelector('[data-jw=thread]');
    const bodies = [...root.querySelectorAll('[data-jw=body]')].map((body) => [body.dir, body.lang, getComputedStyle(body).direction]);
    return { lang: section.lang, dir: section.dir, bodies, heading: root.querySelector('[data-jw=heading]').textContent };
  });
  assert.deepEqual(seen, { lang: 'ar', dir: 'rtl', bodies: [['rtl', 'ar', 'rtl'], ['ltr', 'en', 'ltr']], heading: 'تعليقان' });
  assert.equal(await page.evaluate((host) => document.querySelector(host).textContent.trim(), HOST), '', 'nothing of it stands in the page itself');
});

for (const [path, what] of [['/post-ar.html', 'an Arabic'], ['/post-en.html', 'an English']]) {
  journey(`${what} page does not jump while the thread arrives`, { locale: path.includes('ar') ? 'ar' : 'en' }, async (world) => {
    await world.thread(path, Array.from({ length: 40 }, (_, at) => ({ text: `Comment number ${at + 1}` })));
    const page = await world.visit(path, { viewport: { width: 375, height: 700 } });
    await new Thread(page).rows.first().waitFor();
    const height = await page.evaluate((host) => document.querySelector(host).getBoundingClientRect().height, HOST);
    assert.ok(height >= 240, `the thread is ${height} px high`);
    const shift = await layoutShift(page);
    assert.ok(shift < 0.01, `the page has jumped by ${shift}`);
  });
}

journey('an empty thread invites to write', { locale: 'ar' }, async (world) => {
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await page.getByText(WORDS.ar.empty).waitFor();
  assert.equal(await thread.rows.count(), 0);
  await thread.form.submit.waitFor();
});

journey('a closed thread is read and has no form', { locale: 'ar' }, async (world) => {
  await world.comment('/post-ar.html', 'كلمة أخيرة');
  await world.rule(`/api/v1/sites/blog/thread?page=${encodeURIComponent(`${world.blog.origin}/post-ar.html`)}`, { method: 'PATCH', body: { state: 'closed' } });
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.row('كلمة أخيرة').waitFor();
  await page.getByText(WORDS.ar.closed).waitFor();
  assert.equal(await thread.form.root.count(), 0);
  assert.equal(await thread.rows.getByRole('link', { name: WORDS.ar.reply }).count(), 0, 'nobody is invited to answer');
});

journey('a blog that is not on the list is told so, and leads to the comments', { locale: 'ar' }, async (world) => {
  world.expectErrors(/403/);
  await world.site('other', { origin: 'https://elsewhere.example', locale: 'ar' });
  const url = world.blog.add('/other.html', '<!doctype html><html lang="ar" dir="rtl"><title>غريب</title><link rel="icon" href="data:,"><div id="jiwar"></div><script src="{{JIWAR}}/embed.js" data-site="other"></script>');
  const page = await world.visit(url);
  const alert = page.getByRole('alert');
  await alert.waitFor();
  assert.match(await alert.innerText(), /التعليق غير متاح من هذا العنوان/);
  assert.match(await alert.innerText(), /إن كانت هذه مدونتك/);
  await alert.getByRole('link').click();
  await page.waitForURL(`${world.server.url}/discuss/other**`);
  await page.getByText(WORDS.ar.empty).waitFor();
});

journey('a blog with a wrong key is told so', async (world) => {
  world.expectErrors(/404/);
  const url = world.blog.add('/wrong.html', '<!doctype html><html lang="en"><title>Wrong</title><link rel="icon" href="data:,"><div id="jiwar"></div><script src="{{JIWAR}}/embed.js" data-site="blgo"></script>');
  const page = await world.visit(url);
  await page.getByRole('alert').getByText('the key in data-site').waitFor();
});

journey('a server that is away is said, and the thread comes once it is back', { locale: 'ar' }, async (world) => {
  world.expectErrors(/ERR_CONNECTION_REFUSED|ERR_FAILED/, /Jiwar: /);
  await world.comment('/post-ar.html', 'كنت هنا قبل العطل');
  const { page } = await world.reader();
  // The loader is there, its server is not any more.
  let away = true;
  await page.route('**/embed/blog/thread**', (route) => (away ? route.abort('connectionrefused') : route.continue()));
  await page.goto(`${world.blog.origin}/post-ar.html`);
  const alert = page.getByRole('alert');
  await alert.waitFor();
  away = false;
  await alert.getByRole('button', { name: 'أعد المحاولة' }).click();
  await new Thread(page, 'ar').row('كنت هنا قبل العطل').waitFor();
});

journey('a reader without a line gets the thread when it is back', async (world) => {
  world.expectErrors(/ERR_INTERNET_DISCONNECTED/, /Jiwar: /);
  await world.comment('/post-en.html', 'Patience.');
  const { page, context } = await world.reader();
  await page.goto(`${world.blog.origin}/post-en.html`);
  const thread = new Thread(page);
  await thread.row('Patience.').waitFor();
  await context.setOffline(true);
  await page.evaluate((host) => globalThis.Jiwar.update(host), HOST);
  await page.getByRole('alert').waitFor();
  await context.setOffline(false);
  await thread.row('Patience.').waitFor();
});

journey('the order can be turned around', { locale: 'ar' }, async (world) => {
  await world.thread('/post-ar.html', Array.from({ length: 9 }, (_, at) => ({ text: `التعليق رقم ${at + 1}` })));
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.live();
  assert.equal((await thread.texts())[0], 'التعليق رقم 1');
  await thread.root.locator('[data-act=sort][data-sort=newest]').click();
  await becomes('the first comment', async () => (await thread.texts())[0], 'التعليق رقم 9');
  assert.equal(page.url(), `${world.blog.origin}/post-ar.html`, 'the reader stays on the page');
  await becomes('the focus', () => focused(page, (element) => element.dataset.sort), 'newest');
  await thread.live();
  await thread.root.locator('[data-act=sort][data-sort=oldest]').click();
  await becomes('the first comment', async () => (await thread.texts())[0], 'التعليق رقم 1');
});

journey('times are said in words, with the moment behind them', { locale: 'ar' }, async (world) => {
  await world.comment('/post-ar.html', 'قبل لحظة');
  const page = await world.visit('/post-ar.html', { timezoneId: 'Asia/Amman' });
  const thread = new Thread(page, 'ar');
  await thread.live();
  const time = thread.row('قبل لحظة').locator('time');
  await becomes('the time', () => time.innerText(), 'الآن');
  assert.doesNotMatch(await time.getAttribute('title'), /UTC/, 'the title is in the zone of the reader');
});

journey('who does not want the comments skips them', async (world) => {
  await world.comment('/post-en.html', 'First!');
  const page = await world.visit('/post-en.html');
  const thread = new Thread(page);
  await thread.row('First!').waitFor();
  await thread.root.locator('.skip').focus();
  await page.keyboard.press('Enter');
  await becomes('the focus', () => focused(page, (element) => element.name), 'body');
});

journey('an unknown choice is said once on the console, and falls back', async (world) => {
  await world.comment('/odd.html', 'Still shown.');
  const url = world.blog.add('/odd.html', '<!doctype html><html lang="en"><title>Odd</title><link rel="icon" href="data:,"><div data-jiwar data-theme="purple"></div><div data-jiwar data-theme="purple" data-page-id="/another"></div><script src="{{JIWAR}}/embed.js" data-site="blog" data-sort="loudest"></script>');
  const { page } = await world.reader();
  const warned = [];
  page.on('console', (message) => message.type() === 'warning' && warned.push(message.text()));
  await page.goto(url);
  await page.getByText('Still shown.').waitFor();
  assert.deepEqual(warned.sort(), ['Jiwar: unknown data-sort="loudest"', 'Jiwar: unknown data-theme="purple"']);
});
