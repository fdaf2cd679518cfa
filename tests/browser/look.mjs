// Pictures of the example blogs and of the server's own page, for people to look
// at: `node tests/browser/look.mjs`, into tests/browser/shots/. Two of them are
// the pictures of the README (docs/images).

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { closeBrowser } from './browser.mjs';
import { World } from './harness.mjs';
import { becomes, Thread } from './thread.mjs';

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const world = new World('look');
try {
  await world.open({});
  await world.examples();
  for (const lang of ['ar', 'en']) {
    for (const colorScheme of ['light', 'dark']) {
      for (const width of [320, 768, 1280]) await look(lang, colorScheme, width);
    }
    await readme(lang);
  }
} finally {
  await world.close();
  await closeBrowser();
}

async function look(lang, colorScheme, width) {
  const options = { colorScheme, viewport: { width, height: 900 }, deviceScaleFactor: 1 };
  const name = `${lang}-${colorScheme}-${width}`;
  const page = await world.visit(`/blog-${lang}/`, options);
  await page.locator('#jiwar').scrollIntoViewIfNeeded();
  const thread = new Thread(page, lang);
  await thread.live();
  await thread.rows.first().locator('[data-act=reply]').click();
  await thread.form.email.fill('nobody@');
  await thread.form.submit.click();
  await thread.form.errors.first().waitFor();
  await page.locator('#jiwar').screenshot({ path: `${await folder()}blog-${name}.png` });
  const { page: own } = await world.reader({ ...options, javaScriptEnabled: false });
  await own.goto(`${world.server.url}/discuss/demo-${lang}?page=/blog-${lang}/`);
  await world.shot(own, `discuss-${name}`);
  await Promise.all([page.context().close(), own.context().close()]);
}

async function folder() {
  const path = fileURLToPath(new URL('./shots/', import.meta.url));
  mkdirSync(path, { recursive: true });
  return path;
}

// The end of the post and the beginning of its conversation.
async function readme(lang) {
  mkdirSync(IMAGES, { recursive: true });
  const page = await world.visit(`/blog-${lang}/`, { viewport: { width: 860, height: 900 }, deviceScaleFactor: 1.5, colorScheme: 'light' });
  await page.locator('#jiwar').scrollIntoViewIfNeeded();
  const thread = new Thread(page, lang);
  await thread.live();
  await becomes('the badge', () => thread.heading.isVisible());
  await page.evaluate(() => {
    document.activeElement.blur();
    document.querySelector('#jiwar').scrollIntoView();
  });
  await page.screenshot({ path: `${IMAGES}thread-${lang}.png` });
  await page.context().close();
}
