// Writing: the form, its words, its errors, and what happens when it is sent.

import assert from 'node:assert/strict';
import { inThread } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { becomes, focused, Thread } from '../thread.mjs';
import { WORDS } from '../words.mjs';

for (const lang of ['ar', 'en']) {
  const path = `/post-${lang}.html`;

  journey(`the form speaks WordPress's words (${lang})`, { locale: lang }, async (world) => {
    const page = await world.visit(path);
    await new Thread(page, lang).form.submit.waitFor();
    const said = await inThread(page, (root) => {
      const form = root.querySelector('#form');
      const said = (selector) => [...form.querySelectorAll(selector)].map((element) => element.textContent.replaceAll(/\s+/g, ' ').trim());
      const required = [...form.querySelectorAll('[required]')].map(({ name }) => name);
      return { title: said('h3')[0], notes: said('.notes')[0] ?? said('p').find((text) => text.includes('*')), labels: said('label'), required, submit: said('[type=submit]') };
    });
    const words = WORDS[lang];
    assert.deepEqual(said, {
      title: words.title,
      notes: words.notes,
      labels: [`${words.comment} *`, `${words.name} *`, words.email, words.website, words.remember],
      required: ['body', 'name'],
      submit: [words.submit],
    });
  });

  journey(`a comment that cannot be sent says why at each field (${lang})`, { locale: lang, site: ['--email-required'] }, async (world) => {
    const page = await world.visit(path);
    const thread = new Thread(page, lang);
    await thread.live();
    const { form, words } = thread;
    assert.match(await form.root.locator('label', { hasText: words.email }).first().innerText(), /\*$/);
    await form.email.fill('nobody@');
    await form.submit.click();
    await becomes('the errors', () => form.errors.allInnerTexts(), [words.required, words.required, words.badEmail]);
    assert.equal(await focused(page, (element) => element.name), 'body', 'the focus goes to the first');
    for (const field of [form.text, form.name, form.email]) {
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      const described = await field.evaluate((element) => element.getRootNode().getElementById(element.getAttribute('aria-describedby'))?.textContent);
      assert.ok(described, 'it is described by its error');
    }
    await form.text.fill('Now there is something');
    await becomes('the errors', () => form.errors.count(), 2);
    assert.equal(await form.text.getAttribute('aria-invalid'), null);
    assert.deepEqual(await world.published(path), []);
  });
}

journey('a comment stands there at once, and stays once the server has it', { locale: 'ar' }, async (world) => {
  const { page } = await world.reader();
  let answer;
  const answered = new Promise((resolve) => {
    answer = resolve;
  });
  await page.route('**/api/v1/sites/blog/comments', async (route) => {
    await answered;
    await route.continue();
  });
  await page.goto(`${world.blog.origin}/post-ar.html`);
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.form.send({ text: 'وصلتُ قبل المطر', name: 'سارة' });
  const row = thread.row('وصلتُ قبل المطر');
  await row.waitFor();
  assert.match(await row.getAttribute('class'), /pending/, 'it is not there yet');
  assert.equal(await page.getByText(WORDS.ar.empty).count(), 0);
  answer();
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  assert.doesNotMatch(await row.getAttribute('class'), /pending/);
  assert.equal(await thread.heading.textContent(), 'تعليق واحد');
  assert.equal(await thread.form.text.inputValue(), '', 'the form is free again');
  await page.reload();
  await thread.row('وصلتُ قبل المطر').waitFor();
  assert.equal(await thread.rows.count(), 1);
});

journey('another reader sees the comment', { locale: 'ar' }, async (world) => {
  const mine = await world.visit('/post-ar.html');
  const yours = await world.visit('/post-ar.html');
  const [writer, reader] = [new Thread(mine, 'ar'), new Thread(yours, 'ar')];
  await reader.form.submit.waitFor();
  await writer.live();
  await writer.form.send({ text: 'هل يسمعني أحد؟', name: 'عمر' });
  await becomes('the status', () => writer.status.textContent(), WORDS.ar.posted);
  await yours.reload();
  const row = reader.row('هل يسمعني أحد؟');
  await row.waitFor();
  assert.equal(await row.locator('.name').innerText(), 'عمر');
  await reader.live();
  assert.equal(await row.locator('[data-act=edit], [data-act=delete]').count(), 0, 'it is not theirs to change');
});

journey('an answer is written under its comment', { locale: 'ar' }, async (world) => {
  await world.comment('/post-ar.html', 'من يعرف سبّاكاً؟', { author: { name: 'سارة' } });
  await world.comment('/post-ar.html', 'تعليق آخر');
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.reply('من يعرف سبّاكاً؟');
  assert.match((await thread.replyForm.root.locator('h3').innerText()).replaceAll(/[\u2066-\u2069]/g, ''), /^اترك رداً على سارة$/);
  await becomes('the focus', () => focused(page, (element) => `${element.form?.id} ${element.name}`), 'reply body');
  await thread.replyForm.send({ text: 'عمّي، وهو قريب منك', name: 'عمر' });
  await becomes('the order', () => thread.texts(), ['من يعرف سبّاكاً؟', 'عمّي، وهو قريب منك', 'تعليق آخر']);
  await becomes('the answer form', () => thread.replyForm.root.count(), 0);
  assert.equal(await thread.row('عمّي، وهو قريب منك').getAttribute('data-depth'), '1');
  await becomes('what is published', () => world.published('/post-ar.html'), ['من يعرف سبّاكاً؟', 'عمّي، وهو قريب منك', 'تعليق آخر']);
});

journey('Esc closes an answer, gives the focus back and keeps the text', { locale: 'ar' }, async (world) => {
  await world.comment('/post-ar.html', 'من يعرف سبّاكاً؟', { author: { name: 'سارة' } });
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.reply('من يعرف سبّاكاً؟');
  await thread.replyForm.text.fill('لحظة، سأسأل');
  await page.keyboard.press('Escape');
  await becomes('the answer form', () => thread.replyForm.root.count(), 0);
  assert.equal(await focused(page, (element) => element.dataset.act), 'reply');
  await page.keyboard.press('Enter');
  await becomes('the text', () => thread.replyForm.text.inputValue(), 'لحظة، سأسأل');
  await thread.replyForm.cancel.click();
  await becomes('the answer form', () => thread.replyForm.root.count(), 0);
  assert.equal(page.url(), `${world.blog.origin}/post-ar.html`);
});

journey('the preview shows the text as it will look', { locale: 'ar' }, async (world) => {
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.live();
  const { form, words } = thread;
  await form.text.fill('كلام **مهم** جداً');
  assert.equal(await form.preview.innerText(), words.preview);
  await form.preview.click();
  const shown = form.root.locator('[data-jw=preview]');
  await becomes('the preview', () => shown.locator('strong').allInnerTexts(), ['مهم']);
  assert.equal(await form.text.isVisible(), false);
  await form.root.getByRole('button', { name: words.write }).click();
  await becomes('the text', () => form.text.isVisible());
  assert.equal(await form.text.inputValue(), 'كلام **مهم** جداً');
  assert.deepEqual(await world.published('/post-ar.html'), []);
});

journey('the text runs the way it is written', { locale: 'ar' }, async (world) => {
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.live();
  const { form } = thread;
  const runs = async (text) => {
    await form.text.fill(text);
    return form.text.evaluate((element) => getComputedStyle(element).direction);
  };
  // The first letter is a bad witness.
  for (const text of ['WordPress ما زال أفضل خيار', '@Omar شكراً', 'https://blog.example/a هذا الرابط مفيد', 'C++ أسرع من Python']) assert.equal(await runs(text), 'rtl', text);
  for (const text of ['It rains', 'I read about المدونات twice']) assert.equal(await runs(text), 'ltr', text);
  await form.direction.click();
  assert.equal(await form.text.evaluate((element) => getComputedStyle(element).direction), 'rtl', 'the button turns it around');
  assert.equal(await runs('It rains again'), 'rtl', 'and it stays');
  await form.name.fill('سارة');
  await form.submit.click();
  const body = thread.row('It rains again').locator('[data-jw=body]');
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  await becomes('the direction', () => body.getAttribute('dir'), 'rtl');
  await page.reload();
  await becomes('the direction', () => body.getAttribute('dir'), 'rtl');
});

journey('mixed sentences keep their order', { locale: 'ar' }, async (world) => {
  await world.comment('/post-ar.html', 'سؤال أول', { author: { name: 'Omar (2)' } });
  const texts = ['جرّبت WordPress و Ghost (ثم عدت)', 'السعر 3,500 ريال، أي 933 USD', 'استعمل `cargo build` أولاً'];
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.live();
  for (const text of texts) {
    await thread.form.send({ text, name: 'سارة' });
    await becomes('the form', () => thread.form.text.inputValue(), '');
  }
  const dirs = await thread.bodies.evaluateAll((all) => all.map((body) => body.dir));
  assert.deepEqual(dirs, ['rtl', 'rtl', 'rtl', 'rtl']);
  const code = thread.bodies.locator('code');
  assert.equal(await code.evaluate((element) => getComputedStyle(element).direction), 'ltr');
  // The bracket stays with the name: it is isolated.
  await thread.reply('سؤال أول');
  assert.match(await thread.replyForm.root.locator('h3').innerText(), /^اترك رداً على \u2068Omar \(2\)\u2069$/);
});

journey('name and address are remembered if the writer wants it', { locale: 'ar' }, async (world) => {
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.form.fill({ text: 'أول مرة', name: 'سارة', email: 'sara@reader.example' });
  await thread.form.remember.check();
  await thread.form.submit.click();
  await becomes('the status', () => thread.status.textContent(), WORDS.ar.posted);
  const another = await page.context().newPage();
  await another.goto(`${world.blog.origin}/post-ar.html`);
  const later = new Thread(another, 'ar');
  await later.live();
  await becomes('the name', () => later.form.name.inputValue(), 'سارة');
  assert.equal(await later.form.email.inputValue(), 'sara@reader.example');
  await later.form.remember.uncheck();
  await later.form.text.fill('آخر مرة');
  await later.form.submit.click();
  await becomes('the status', () => later.status.textContent(), WORDS.ar.posted);
  const stranger = await page.context().newPage();
  await stranger.goto(`${world.blog.origin}/post-ar.html`);
  const third = new Thread(stranger, 'ar');
  await third.live();
  assert.equal(await third.form.name.inputValue(), '', 'it is forgotten again');
});

journey('what is too long is said, and not cut', { locale: 'ar' }, async (world) => {
  world.expectErrors(/422/);
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.live();
  const left = thread.form.root.locator('[data-jw=left]');
  await thread.form.text.fill('ا'.repeat(9_990));
  await becomes('what is left', () => left.innerText(), 'بقيت 10 أحرف');
  await thread.form.text.fill('ا'.repeat(10_001));
  await thread.form.name.fill('سارة');
  await thread.form.submit.click();
  await becomes('the error', () => thread.form.errors.count(), 1);
  assert.equal((await thread.form.text.inputValue()).length, 10_001);
});

journey('the same words twice are declined with the reason', { locale: 'ar' }, async (world) => {
  world.expectErrors(/409/);
  const page = await world.visit('/post-ar.html');
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.form.send({ text: 'مرة واحدة تكفي', name: 'سارة' });
  await becomes('the form', () => thread.form.text.inputValue(), '');
  await thread.form.send({ text: 'مرة واحدة تكفي', name: 'سارة' });
  await thread.form.note.getByText('سبق إرسال هذا التعليق').waitFor();
  assert.equal(await thread.form.text.inputValue(), 'مرة واحدة تكفي', 'the text is still there');
  assert.equal(await thread.rows.count(), 1);
});

journey('what others could do harm with is shown as text', async (world) => {
  const page = await world.visit('/post-en.html');
  const thread = new Thread(page);
  await thread.live();
  await thread.form.send({ text: '<img src=x onerror="document.title=1"><script>document.title=2</script> <b>bold</b> [x](javascript:alert(1))', name: '<i>Eve</i>' });
  await becomes('the status', () => thread.status.textContent(), WORDS.en.posted);
  await page.reload();
  await thread.rows.first().waitFor();
  assert.equal(await thread.root.locator('script, [onerror], a[href^="javascript"]').count(), 0);
  assert.equal(await page.title(), 'Rain on the roof');
  assert.equal(await thread.rows.first().locator('.name').innerText(), '<i>Eve</i>');
});
