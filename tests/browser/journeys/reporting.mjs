// Reporting a comment, and asking for another look at the removal of one's own.

import assert from 'node:assert/strict';
import { accessibilityBreaches, overflows } from '../browser.mjs';
import { journey } from '../harness.mjs';
import { becomes, focused, Thread } from '../thread.mjs';

const PATH = '/post-ar.html';
const WORDS = {
  ar: { report: 'إبلاغ', title: 'الإبلاغ عن هذا التعليق', sent: 'شكراً لك. سينظر فيه فريق الإشراف.', abuse: 'إساءة أو تهجّم' },
  en: { report: 'Report', title: 'Report this comment', sent: 'Thank you. The moderators will look at it.', abuse: 'Insult or attack' },
};

// A moderator's browser at a list of the admin's pages.
async function desk(world, lang, status) {
  const printed = await world.server.run('admin', 'add', 'layla@mail.example', '--site', 'blog', '--role', 'owner', '--name', 'ليلى');
  const { page } = await world.reader({ locale: lang });
  await page.goto(`${printed.split('\n').find((line) => line.startsWith('http'))}&lang=${lang}`);
  await page.locator('button').click();
  await page.waitForURL(/\/queue\?/);
  await page.goto(`${world.server.url}/admin/site/blog/queue?lang=${lang}&status=${status}`);
  return page;
}

const tag = (element) => [element.localName, element.name ?? '', element.dataset?.act ?? ''].join(' ').trim();

for (const lang of ['ar', 'en']) {
  journey(`a reader reports a comment by keyboard and a moderator keeps it (${lang})`, { locale: lang }, async (world) => {
    const path = `/post-${lang}.html`;
    const words = WORDS[lang];
    const text = lang === 'ar' ? 'كلام فيه نظر' : 'A doubtful remark';
    await world.comment(path, text);
    const other = await world.comment(path, lang === 'ar' ? 'كلام آخر' : 'Another remark');
    await world.api(`/api/v1/sites/blog/comments/${other.id}/reports`, { method: 'POST', body: { reason: 'spam' } });
    const page = await world.visit(path, { viewport: { width: 320, height: 700 } });
    const thread = new Thread(page, lang);
    await thread.live();
    const row = thread.row(text);
    const link = row.locator('[data-act=report]');
    assert.equal(await link.textContent(), words.report);
    await link.focus();
    await page.keyboard.press('Enter');
    const form = row.locator('form[data-to]');
    await form.waitFor();
    assert.equal(await form.locator('h3').textContent(), words.title);
    await becomes('the focus', () => focused(page, tag), 'input reason');
    assert.equal(await overflows(page), false, 'it fits into 320 px');
    assert.deepEqual(await accessibilityBreaches(page), []);
    await world.shot(page, `report-${lang}-320`);
    // Escape leads back to where one was, and the link opens it once more.
    await page.keyboard.press('Escape');
    await becomes('the form', () => form.count(), 0);
    await becomes('the focus', () => focused(page, tag), 'a  report');
    await page.keyboard.press('Enter');
    await form.waitFor();
    await becomes('the focus', () => focused(page, tag), 'input reason');
    // Nothing chosen: the browser asks for it, and nothing is sent.
    await form.locator('[type=submit]').click();
    assert.equal(await form.count(), 1);
    await form.locator('[value=spam]').focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await form.locator(':checked').getAttribute('value'), 'abuse');
    await form.locator('textarea').fill('<b>note</b> كلمة');
    await page.keyboard.press('Control+Enter');
    await becomes('the form', () => form.count(), 0);
    await becomes('what is said', () => thread.status.textContent(), words.sent);
    assert.ok((await row.textContent()).includes(words.sent));
    await becomes('the focus', () => focused(page, (element) => element.dataset.jw), 'comment');
    // Answering is as it was.
    await thread.reply(text);
    assert.equal(await thread.form.text.inputValue(), '', 'nothing of it became a draft');

    const admin = await desk(world, lang, 'reported');
    const item = admin.locator('.item');
    await becomes('what is reported', () => item.count(), 2);
    const seen = await item.filter({ hasText: text }).locator('.against').textContent();
    assert.ok(seen.includes(words.abuse) && seen.includes('<b>note</b> كلمة') && seen.includes('0.50'), seen);
    for (const width of [1000, 320]) {
      await admin.setViewportSize({ width, height: 800 });
      assert.equal(await overflows(admin), false, `${width} px`);
      await world.shot(admin, `admin-reported-${lang}-${width}`);
    }
    assert.deepEqual(await accessibilityBreaches(admin, 'body'), []);
    await admin.keyboard.press('j');
    await admin.keyboard.press('p');
    await becomes('what is left', () => item.count(), 1);
    await becomes('the count', () => admin.locator('[data-count=reported]').textContent(), '1');
    await admin.keyboard.press('u');
    await becomes('what is reported', () => item.count(), 2);
    assert.equal((await world.published(path)).length, 2);
  });
}

journey('one reports others, and not oneself', { locale: 'ar' }, async (world) => {
  await world.comment(PATH, 'كلام غيري');
  const page = await world.visit(PATH);
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.form.send({ text: 'كلامي أنا', name: 'سارة' });
  await thread.row('كلامي أنا').locator('[data-act=edit]').waitFor();
  assert.equal(await thread.row('كلامي أنا').locator('[data-act=report]').count(), 0);
  assert.equal(await thread.row('كلام غيري').locator('[data-act=report]').count(), 1);
  await page.reload();
  await thread.live();
  await thread.row('كلامي أنا').locator('[data-act=edit]').waitFor();
  assert.equal(await thread.row('كلامي أنا').locator('[data-act=report]').count(), 0);
});

journey('a comment is reported without JavaScript', { locale: 'ar' }, async (world) => {
  await world.comment(PATH, 'كلام فيه نظر');
  const { page } = await world.reader({ javaScriptEnabled: false, viewport: { width: 320, height: 700 } });
  await page.goto(`${world.server.url}/discuss/blog?page=${encodeURIComponent(world.blog.origin + PATH)}`);
  await page.locator('[data-act=report]').click();
  await page.getByLabel(WORDS.ar.abuse).check();
  await page.locator('textarea').fill('كلمة');
  await world.shot(page, 'report-page-ar-320');
  await page.locator('[type=submit]').click();
  await page.getByText(WORDS.ar.sent).waitFor();
  await page.getByRole('link', { name: 'العودة إلى التعليقات' }).click();
  await page.getByText('كلام فيه نظر').waitFor();
  assert.equal((await world.rule('/api/v1/sites/blog/moderation/queue?status=reported')).total, 1);
});

journey('the page to report from has no barriers', { locale: 'ar' }, async (world) => {
  const { id } = await world.comment(PATH, 'كلام فيه نظر');
  const page = await world.visit(`${world.server.url}/discuss/blog/report?comment=${id}`, { viewport: { width: 320, height: 700 } });
  assert.equal(await overflows(page), false);
  assert.deepEqual(await accessibilityBreaches(page, 'body'), []);
});

journey('a writer reads why a comment was removed, asks for another look, and is answered', { locale: 'ar' }, async (world) => {
  const page = await world.visit(PATH, { viewport: { width: 320, height: 700 } });
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.form.send({ text: 'كلام فيه اسم', name: 'سارة' });
  await becomes('the form', () => thread.form.text.inputValue(), '');
  const id = await thread.row('كلام فيه اسم').getAttribute('data-id');
  const decide = (decision, reason) => world.rule('/api/v1/sites/blog/moderation/decisions', { method: 'POST', body: { decisions: [{ id, decision, reason }] } });
  await decide('remove', 'فيه اسم شخص');
  await page.reload();
  await thread.live();
  const row = thread.row('كلام فيه اسم');
  await row.getByText('حُذف تعليقك بقرار من الإشراف.').waitFor();
  await row.getByText('فيه اسم شخص').waitFor();
  // For everybody else it is not there.
  const other = new Thread(await world.visit(PATH), 'ar');
  await other.live();
  assert.equal(await other.rows.count(), 0);
  await row.locator('summary').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await becomes('the focus', () => focused(page, tag), 'textarea text');
  await page.keyboard.type('حذفت الاسم');
  assert.equal(await overflows(page), false);
  assert.deepEqual(await accessibilityBreaches(page), []);
  await world.shot(page, 'appeal-ar-320');
  await page.keyboard.press('Control+Enter');
  await becomes('what is said', () => thread.status.textContent(), 'وصل طلبك. سيعيد فريق الإشراف النظر فيه.');
  assert.equal(await row.locator('form').count(), 0);
  assert.equal((await thread.form.text.inputValue()), '');

  const admin = await desk(world, 'ar', 'appealed');
  await admin.locator('.item', { hasText: 'حذفت الاسم' }).waitFor();
  await world.shot(admin, 'admin-appealed-ar');
  assert.deepEqual(await accessibilityBreaches(admin, 'body'), []);
  await admin.keyboard.press('j');
  await admin.keyboard.press('x');
  await admin.locator('.bulk [name=reason]').fill('الاسم ما زال فيه');
  await admin.locator('.bulk button[value=keep]').click();
  await becomes('what is left', () => admin.locator('.item').count(), 0);
  await page.reload();
  await thread.live();
  await row.getByText('أُعيد النظر في التعليق، وبقي القرار كما هو.').waitFor();
  await row.getByText('الاسم ما زال فيه').waitFor();
  await admin.goto(`${world.server.url}/admin/site/blog/log?lang=ar`);
  const log = await admin.locator('.log li').allTextContents();
  assert.ok(log[0].startsWith('إبقاء') && log[1].startsWith('طلب إعادة النظر'), log.join('\n'));
});
