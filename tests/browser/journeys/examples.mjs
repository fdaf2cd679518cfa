// The two blogs that come with Jiwar, with the conversations that were moved in.

import assert from 'node:assert/strict';
import { accessibilityBreaches, layoutShift, overflows } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { becomes, Thread } from '../thread.mjs';

// A reader who has come to the end of the post: the thread is fetched shortly before.
async function atTheEnd(world, lang, options) {
  const page = await world.visit(`/blog-${lang}/`, options);
  await page.locator('#jiwar').scrollIntoViewIfNeeded();
  return { page, thread: new Thread(page, lang) };
}

for (const lang of ['ar', 'en']) {
  journey(`the example blog's conversation came in whole (${lang})`, async (world) => {
    await world.examples();
    const { page, thread } = await atTheEnd(world, lang);
    await thread.rows.first().waitFor();
    assert.equal(await thread.rows.count(), 16);
    await becomes('the badge', () => page.locator('[data-jiwar-count]').first().innerText(), await thread.heading.innerText());
    assert.ok((await thread.rows.locator('.badge').count()) > 0, 'the author is known as such');
    assert.equal(await page.getByText('viagra').count(), 0);
    await page.getByRole('link', { name: await thread.heading.innerText() }).click();
    await becomes('the thread is in sight', () => thread.heading.evaluate((element) => element.getBoundingClientRect().top < innerHeight));
  });

  journey(`somebody joins the example blog's conversation (${lang})`, async (world) => {
    await world.examples();
    const { page, thread } = await atTheEnd(world, lang);
    await thread.live();
    await thread.form.send({ text: 'مقعد جديد / A new bench', name: 'Sara' });
    await thread.row('A new bench').getByText(thread.words.pending).waitFor();
  });

  for (const colorScheme of ['light', 'dark']) {
    journey(`no barrier on the example blog (${lang}, ${colorScheme})`, async (world) => {
      await world.examples();
      const { page, thread } = await atTheEnd(world, lang, { colorScheme });
      await thread.live();
      assert.deepEqual(await accessibilityBreaches(page, 'html'), [], 'at rest');
      await thread.form.email.fill('nobody@');
      await thread.form.submit.click();
      await becomes('the errors', () => thread.form.errors.count(), 3);
      assert.deepEqual(await accessibilityBreaches(page, 'html'), [], 'with errors');
    });
  }

  for (const width of [320, 768, 1280]) {
    journey(`the example blog stands at ${width} pixels (${lang})`, async (world) => {
      await world.examples();
      const page = await world.visit(`/blog-${lang}/`, { viewport: { width, height: 800 } });
      const thread = new Thread(page, lang);
      // It is fetched while the reader is still two pages above it, and stands when they come.
      await page.evaluate(() => scrollTo(0, document.querySelector('#jiwar').getBoundingClientRect().top - innerHeight - 600));
      await thread.rows.first().waitFor({ state: 'attached' });
      await page.locator('#jiwar').scrollIntoViewIfNeeded();
      assert.equal(await overflows(page), false, 'it scrolls sideways');
      assert.ok((await layoutShift(page)) < 0.01, 'it jumps');
    });
  }
}

journey('the list of example posts says how much is said under each', async (world) => {
  await world.examples();
  const page = await world.visit('/');
  const badges = page.locator('[data-jiwar-count]');
  if ((await badges.count()) > 0) await becomes('the badges', async () => (await badges.allInnerTexts()).every((text) => /\d/.test(text)));
  assert.deepEqual(await accessibilityBreaches(page, 'html'), []);
});
