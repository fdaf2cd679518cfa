// The admin's pages: in by a printed link, decided by keyboard, told by the log;
// without JavaScript; and whoever uses a screen reader or a small screen.

import assert from 'node:assert/strict';
import { accessibilityBreaches, overflows } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { becomes } from '../thread.mjs';

const HELD = { locale: 'ar', moderation: 'hold-all', spam: 'balanced' };
const PATH = '/post-ar.html';

// Somebody of the staff at a browser, at the queue of the blog.
async function enter(world, lang, options = {}) {
  const printed = await world.server.run('admin', 'add', 'layla@mail.example', '--site', 'blog', '--role', 'owner', '--name', 'ليلى');
  const link = printed.split('\n').find((line) => line.startsWith('http'));
  const { page } = await world.reader({ locale: lang, ...options });
  await page.goto(`${link}&lang=${lang}`);
  await page.locator('button').click();
  await page.waitForURL(/\/queue\?/);
  return page;
}

async function held(world, texts) {
  const made = [];
  for (const text of texts) made.push((await world.comment(PATH, text, { author: { name: 'زائر' } })).id);
  return made;
}

const items = (page) => page.locator('.item');
const focusedText = (page) => page.evaluate(() => document.activeElement.querySelector?.('.body')?.textContent.trim() ?? '');

journey('an admin decides twenty held comments by keyboard and the log tells it', HELD, async (world) => {
  const texts = Array.from({ length: 20 }, (_, n) => (n % 4 === 3 ? `اربح ${n + 10} دولاراً اليوم https://win${n}.example/casino` : `ملاحظة نافعة رقم ${n + 10}`));
  await held(world, texts);
  const page = await enter(world, 'ar');
  await becomes('what waits', () => items(page).count(), 20);
  // Each says why it is there.
  assert.equal(await page.locator('.item .why').filter({ hasText: 'تُقرأ التعليقات هنا قبل نشرها.' }).count(), 15);
  assert.equal(await page.locator('.item .why').filter({ hasText: 'ما يشبه الرسائل المزعجة' }).count(), 5);
  assert.equal(await page.locator('.count[data-count=pending]').textContent(), '20');
  // What the filter made of an advert stands there with its weights.
  const advert = page.locator('.item', { hasText: 'https://win3.example' });
  assert.match(await advert.locator('.why summary').textContent(), /تقدير المرشح \d+%/);
  assert.match(await advert.locator('.why .for bdi').first().textContent(), /^\+\d+\.\d\d$/);
  await page.keyboard.press('j');
  for (const text of texts) {
    await becomes('the comment in focus', () => focusedText(page), text);
    await page.keyboard.press(text.startsWith('اربح') ? 's' : 'a');
    if (text !== texts.at(-1)) await becomes('what is left', () => page.locator('.item').filter({ hasText: text }).count(), 0);
  }
  await page.getByText('لا شيء ينتظر').waitFor();
  await becomes('what is published', async () => (await world.published(PATH)).length, 15);
  // The last one was taken for spam by mistake: it is found there, taken back, and approved.
  await page.goto(`${world.server.url}/admin/site/blog/queue?lang=ar&status=spam`);
  await becomes('what lies in spam', () => items(page).count(), 5);
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await becomes('what is left in spam', () => items(page).count(), 4);
  await becomes('what is published', async () => (await world.published(PATH)).length, 16);
  await page.keyboard.press('u');
  await becomes('what lies in spam', () => items(page).count(), 5);
  await page.getByText('تم التراجع: 1').waitFor();
  await becomes('what is published', async () => (await world.published(PATH)).length, 15);
  // Many at once, with a reason.
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.locator('.bulk [name=reason]').fill('إعلانات');
  await page.locator('.bulk button[value=remove]').click();
  await becomes('what lies in spam', () => items(page).count(), 3);
  await page.goto(`${world.server.url}/admin/site/blog/log?lang=ar`);
  const log = await page.locator('.log li').allTextContents();
  assert.equal(log.length, 24);
  assert.ok(log.every((line) => line.includes('ليلى')));
  assert.equal(log.filter((line) => line.includes('إزالة') && line.includes('إعلانات')).length, 2);
  assert.ok(log[2].includes('تراجع') && log[2].includes('موافق عليه ← مزعج'), log[2]);
  assert.ok(log[3].includes('موافقة') && log[3].includes('مزعج ← موافق عليه'), log[3]);
});

journey('an admin bans a spammer until Friday by keyboard, and the log tells it', HELD, async (world) => {
  await held(world, ['ملاحظة نافعة', 'اربح الآن وهنا']);
  const page = await enter(world, 'ar');
  for (const key of ['j', 'j']) await page.keyboard.press(key);
  await becomes('the comment in focus', () => focusedText(page), 'اربح الآن وهنا');
  // On an Arabic board the key B types لا.
  await page.evaluate(() => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ﻻ', code: 'KeyB', bubbles: true })));
  await page.waitForURL(/#ban$/);
  assert.equal(await page.locator('[name=until]:checked').inputValue(), 'friday');
  await page.locator('#ban [name=reason]').fill('إعلانات');
  await page.keyboard.press('Enter');
  await page.getByText(/حُظر: زائر · حتى \d+ /).waitFor();
  await becomes('what waits', () => items(page).allTextContents().then((all) => all.filter((text) => text.includes('اربح')).length), 0);
  await page.keyboard.press('j');
  await page.keyboard.press('t');
  await page.getByText('صار صاحب التعليق موثوقاً.').waitFor();
  await page.goto(`${world.server.url}/admin/site/blog/bans?lang=ar`);
  assert.match(await page.locator('.rows li').textContent(), /زائر.*حتى.*إعلانات.*ليلى/s);
  await page.goto(`${world.server.url}/admin/site/blog/log?lang=ar`);
  const log = await page.locator('.log li').allTextContents();
  assert.ok(log.some((line) => /^حظر.*ليلى.*اربح الآن وهنا.*حتى.*إعلانات/s.test(line)), log.join('\n'));
  assert.ok(log.some((line) => line.startsWith('وثوق')));
});

journey('keys of the admin pages work on an Arabic layout, and the list of them opens', HELD, async (world) => {
  await held(world, ['الأول', 'الثاني']);
  const page = await enter(world, 'ar');
  // On an Arabic board the key J types ت, and A types ش.
  for (const [key, code] of [['ت', 'KeyJ'], ['ش', 'KeyA']]) {
    await page.evaluate(([k, c]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: k, code: c, bubbles: true })), [key, code]);
  }
  await becomes('what waits', () => items(page).count(), 1);
  await page.keyboard.press('?');
  await page.locator('dialog[open]').waitFor();
  await page.keyboard.press('Escape');
  // Letters that are typed into a field are no commands.
  await page.keyboard.press('/');
  await page.keyboard.type('ads');
  assert.equal(await page.locator('[name=q]').inputValue(), 'ads');
  assert.equal(await items(page).count(), 1);
});

journey('an admin sets the rules, and what cannot be read is said beside its field', HELD, async (world) => {
  const page = await enter(world, 'ar');
  await page.getByRole('link', { name: 'الشروط' }).click();
  const field = (name) => page.locator(`[name=${name}]`);
  // Pasted, not typed.
  await field('moderation_keys').evaluate((list) => {
    list.value = Array.from({ length: 20_000 }, (_, n) => `عرض${n}`).join('\n');
  });
  await field('patterns_spam').fill('win \\d+\n(unclosed');
  await page.getByRole('button', { name: 'حفظ' }).click();
  world.expectErrors(/422/);
  await page.getByText('السطر 2:').waitFor();
  // What is wrong has the focus and says so; what was typed is there.
  await becomes('the field in focus', () => page.evaluate(() => document.activeElement.name), 'patterns_spam');
  assert.match(await page.locator(`#${await field('patterns_spam').getAttribute('aria-describedby')}`).textContent(), /\(unclosed.*تعبيراً نمطياً/);
  assert.equal((await field('moderation_keys').inputValue()).length > 150_000, true);
  await field('patterns_spam').fill('win \\d+');
  await field('away').fill('2099-12-24');
  await page.getByRole('button', { name: 'حفظ' }).click();
  await page.locator('.note.done').waitFor();
  await page.getByText('20,000 سطر').waitFor();
  // The day is the browser's own, and stays so however often it is saved.
  assert.equal(await field('away').inputValue(), '2099-12-24');
  await page.getByRole('button', { name: 'حفظ' }).click();
  await page.locator('.note.done').waitFor();
  assert.equal(await field('away').inputValue(), '2099-12-24');
  await world.comment(PATH, 'هنا عرض7777 وحده', { author: { name: 'زائر' } });
  await page.goto(`${world.server.url}/admin/site/blog/queue?lang=ar`);
  await page.locator('.item .why').getByText('عرض7777').first().waitFor();
});

journey('an admin moves a comment by keyboard and takes it back, and a spree of decisions by the log', HELD, async (world) => {
  await held(world, ['في غير مكانه', 'ثانٍ', 'ثالث']);
  const page = await enter(world, 'en');
  await page.keyboard.press('j');
  await page.keyboard.press('m');
  await page.waitForURL(/#move$/);
  await becomes('the field in focus', () => page.evaluate(() => document.activeElement.name), 'page');
  await page.keyboard.type('/elsewhere');
  await page.keyboard.press('Enter');
  await page.getByText('The comment was moved, with its replies.').waitFor();
  await page.locator('.where', { hasText: '/elsewhere' }).waitFor();
  await page.locator('#undo button').click();
  await page.getByText('Undone: 1').waitFor();
  assert.equal(await page.locator('.where', { hasText: '/elsewhere' }).count(), 0);
  await page.goto(`${world.server.url}/admin/site/blog/queue?lang=en`);
  await page.keyboard.press('j');
  for (const left of [2, 1]) {
    await page.keyboard.press('d');
    await becomes('what is left', () => items(page).count(), left);
  }
  await page.goto(`${world.server.url}/admin/site/blog/log?lang=en`);
  await page.locator('.log li').nth(1).getByRole('link', { name: 'And all since' }).click();
  await page.getByRole('button', { name: 'Undo everything in this list' }).click();
  await page.getByText('Undone: 2').waitFor();
  await page.goto(`${world.server.url}/admin/site/blog/queue?lang=en`);
  await becomes('what waits', () => items(page).count(), 3);
});

journey('an admin decides and undoes without JavaScript', HELD, async (world) => {
  await held(world, ['سؤال وجيه']);
  const page = await enter(world, 'en', { javaScriptEnabled: false });
  await page.locator('.item button[value^=approve]').click();
  await page.getByText('Approved: 1').waitFor();
  await becomes('what is published', () => world.published(PATH), ['سؤال وجيه']);
  await page.locator('#undo button').click();
  await page.getByText('Undone: 1').waitFor();
  await becomes('what is published', () => world.published(PATH), []);
  assert.equal(await items(page).count(), 1);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto(`${world.server.url}/admin/site/blog/queue?lang=en`);
  await page.getByText('You sign in with a link that works once').waitFor();
});

for (const lang of ['ar', 'en']) {
  for (const colorScheme of ['light', 'dark']) {
    journey(`the admin pages have no barriers (${lang}, ${colorScheme})`, HELD, async (world) => {
      await held(world, ['ملاحظة أولى', 'A second remark, in English', 'ثالثة']);
      const page = await enter(world, lang, { colorScheme });
      const base = `${world.server.url}/admin`;
      await page.locator('.item button[value^=spam]').first().click();
      await page.locator('#undo:not([hidden])').waitFor();
      const shot = (name, width) => world.shot(page, `admin-${name}-${lang}-${colorScheme}-${width}`);
      const one = await page.locator('.item').first().getAttribute('data-id');
      for (const path of ['/site/blog/queue', `/site/blog/comments/${one}`, '/site/blog/bans', '/site/blog/log', '/site/blog/log?by=%D9%84%D9%8A%D9%84%D9%89&since=0', '/site/blog/rules', '/site/blog/settings', '/site/blog/tokens', '/site/blog/people', '/account']) {
        await page.goto(`${base}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
        if (path === '/account') await page.locator('#factor button').click();
        for (const width of [1280, 768, 320]) {
          await page.setViewportSize({ width, height: 900 });
          assert.equal(await overflows(page), false, `${path} is wider than ${width}`);
          await shot(path.includes('/comments/') ? 'one' : path.split('/').at(-1).replace(/\?.*/, '-of-one'), width);
        }
        assert.deepEqual(await accessibilityBreaches(page, 'body'), [], path);
      }
      const { page: outside } = await world.reader({ locale: lang, colorScheme });
      await outside.goto(`${base}?lang=${lang}`);
      assert.deepEqual(await accessibilityBreaches(outside, 'body'), []);
      await world.shot(outside, `admin-door-${lang}-${colorScheme}`);
    });
  }
}

journey('an edit and a change of the rules are taken back by the log', HELD, async (world) => {
  await held(world, ['ملاحظة نافعة']);
  const page = await enter(world, 'ar');
  const body = () => page.locator('.body').first().textContent();
  await items(page).getByText('تعديل…').click();
  const text = page.locator('textarea');
  await text.fill('ملاحظة بعد التصحيح');
  await text.locator('xpath=ancestor::form').locator('button').first().click();
  await becomes('the text', async () => (await body()).trim(), 'ملاحظة بعد التصحيح');
  const [queue, rules, log] = ['queue', 'rules', 'log'].map((name) => `${world.server.url}/admin/site/blog/${name}?lang=ar`);
  await page.goto(rules);
  const words = page.locator('textarea').first();
  await words.fill('قمار');
  await words.locator('xpath=ancestor::form').locator('button').last().click();
  await page.goto(log);
  await becomes('the log', () => page.locator('.log li').count(), 2);
  for (const of of ['تغيير الشروط', 'تعديل']) {
    const line = page.locator('.log li', { hasText: of }).filter({ hasNotText: 'تراجع:' });
    await line.getByRole('button').click();
    await page.locator('.log li', { hasText: `تراجع: ${of}` }).waitFor();
  }
  await page.goto(rules);
  await becomes('the rules', () => words.inputValue(), '');
  await page.goto(queue);
  await becomes('the text', async () => (await body()).trim(), 'ملاحظة نافعة');
});
