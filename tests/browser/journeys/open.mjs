import assert from 'node:assert/strict';
import { overflows, threadText } from '../browser.mjs';
import { journey } from '../harness.mjs';

journey('a reader opens an English post and sees its thread', async (world) => {
  await world.comment('/post-en.html', 'My umbrella gave up at noon.');
  const page = await world.visit('/post-en.html');
  assert.match(await threadText(page), /My umbrella gave up at noon\./);
  assert.equal(await page.title(), 'Rain on the roof');
});

journey('a reader opens an Arabic post on a small screen', { locale: 'ar' }, async (world) => {
  await world.comment('/post-ar.html', 'سقطت مظلتي عند الظهر.', { author: { name: 'سارة' } });
  const page = await world.visit('/post-ar.html', { viewport: { width: 320, height: 640 } });
  assert.match(await threadText(page), /سقطت مظلتي عند الظهر\./);
  assert.equal(await overflows(page), false, 'it scrolls sideways');
});
