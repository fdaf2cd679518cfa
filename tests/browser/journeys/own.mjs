// One's own comments: while they wait, and changing one's mind.

import assert from 'node:assert/strict';
import { journey } from '../harness.mjs';
import { becomes, focused, Thread } from '../thread.mjs';
import { WORDS } from '../words.mjs';

const PATH = '/post-ar.html';

// Somebody who has just posted.
async function posted(world, text) {
  const page = await world.visit(PATH);
  const thread = new Thread(page, 'ar');
  await thread.live();
  await thread.form.send({ text, name: 'سارة' });
  await becomes('the form', () => thread.form.text.inputValue(), '');
  return { page, thread, words: thread.words };
}

journey('a comment that waits is seen by its writer alone', { locale: 'ar', moderation: 'hold-first' }, async (world) => {
  const { page, thread } = await posted(world, 'أول كلام لي هنا');
  const row = thread.row('أول كلام لي هنا');
  await row.getByText(WORDS.ar.pending).waitFor();
  assert.equal(await thread.status.textContent(), WORDS.ar.pending);
  assert.deepEqual(await world.published(PATH), []);
  await page.reload();
  await thread.live();
  await row.getByText(WORDS.ar.pending).waitFor();
  const other = new Thread(await world.visit(PATH), 'ar');
  await other.live();
  assert.equal(await other.rows.count(), 0);

  const id = await row.getAttribute('data-id');
  await world.decide(id, 'approve');
  await page.reload();
  await thread.live();
  await row.waitFor();
  assert.equal(await row.getByText(WORDS.ar.pending).count(), 0);
  assert.equal(await thread.rows.count(), 1, 'it does not stand there twice');
});

journey('a writer whom the moderators know is not held again', { locale: 'ar', moderation: 'hold-first' }, async (world) => {
  const { page, thread, words } = await posted(world, 'أول كلام لي هنا');
  await world.decide(await thread.row('أول كلام لي هنا').getAttribute('data-id'), 'approve');
  await page.reload();
  await thread.live();
  await thread.form.send({ text: 'وثاني كلام', name: 'سارة' });
  await becomes('the status', () => thread.status.textContent(), words.posted);
  assert.deepEqual(await world.published(PATH), ['أول كلام لي هنا', 'وثاني كلام']);
});

journey('a comment that was refused tells so to its writer alone', { locale: 'ar', moderation: 'hold-all' }, async (world) => {
  const { page, thread } = await posted(world, 'إعلان رخيص');
  const id = await thread.row('إعلان رخيص').getAttribute('data-id');
  await world.decide(id, 'remove');
  await page.reload();
  await thread.live();
  await thread.row('إعلان رخيص').getByText('حُذف تعليقك بقرار من الإشراف.').waitFor();
  const other = await world.visit(PATH);
  await other.getByText(WORDS.ar.empty).waitFor();
});

journey('a comment is taken back at once, its text in the form again', { locale: 'ar' }, async (world) => {
  const { page, thread, words } = await posted(world, 'تسرّعت قليلاً');
  await thread.press(thread.row('تسرّعت قليلاً'), words.undo);
  await becomes('the text', () => thread.form.text.inputValue(), 'تسرّعت قليلاً');
  await becomes('the comments', () => thread.rows.count(), 0);
  assert.equal(await focused(page, (element) => element.name), 'body');
  assert.deepEqual(await world.published(PATH), []);
  assert.equal(await thread.root.getAttribute('data-count'), '0');
  await thread.form.send({ text: 'على مهل', name: 'سارة' });
  await becomes('the status', () => thread.status.textContent(), words.posted);
  assert.deepEqual(await world.published(PATH), ['على مهل']);
});

journey('a writer changes a comment after a reload', { locale: 'ar' }, async (world) => {
  const { page, thread, words } = await posted(world, 'فيه **خطأ** إملائي');
  await page.reload();
  await thread.live();
  const row = thread.rows.first();
  await thread.press(row, words.edit);
  await becomes('the text', () => thread.editForm.text.inputValue(), 'فيه **خطأ** إملائي');
  assert.equal(await row.locator('[data-jw=body]').isVisible(), false, 'the form stands in its place');
  await thread.editForm.text.fill('لا **خطأ** فيه');
  assert.equal(await thread.editForm.submit.innerText(), words.save);
  await thread.editForm.submit.click();
  await becomes('the comment', () => thread.texts(), ['لا خطأ فيه']);
  assert.match(await row.innerText(), /معدَّل/);
  assert.deepEqual(await world.published(PATH), ['لا خطأ فيه']);
});

journey('a change is let go of with Esc, and waits for another try', { locale: 'ar' }, async (world) => {
  const { page, thread, words } = await posted(world, 'كما كان');
  const row = thread.rows.first();
  await thread.press(row, words.edit);
  await thread.editForm.text.fill('كما لم يكن');
  await page.keyboard.press('Escape');
  await becomes('the form', () => thread.editForm.root.count(), 0);
  assert.equal(await row.locator('[data-jw=body]').isVisible(), true);
  assert.equal(await focused(page, (element) => element.dataset.act), 'edit');
  await thread.press(row, words.edit);
  await becomes('the text', () => thread.editForm.text.inputValue(), 'كما لم يكن');
  await thread.press(thread.editForm.root, words.cancel);
  await thread.press(row, words.edit);
  await becomes('the text', () => thread.editForm.text.inputValue(), 'كما كان');
});

journey('a writer deletes a comment, after being asked', { locale: 'ar' }, async (world) => {
  const { page, thread, words } = await posted(world, 'سأندم على هذا');
  await page.reload();
  await thread.live();
  const row = thread.row('سأندم على هذا');
  await thread.press(row, words.remove);
  await row.getByText(words.removeAsk).waitFor();
  await thread.press(row, words.cancel);
  await becomes('the buttons', () => row.locator('[data-act=edit]').count(), 1);
  await thread.press(row, words.remove);
  await row.getByText(words.removeAsk).waitFor();
  await thread.press(row, words.remove);
  await becomes('the comments', () => thread.rows.count(), 0);
  assert.deepEqual(await world.published(PATH), []);
  await page.reload();
  await page.getByText(words.empty).waitFor();
});

journey('a deleted comment that was answered leaves its place', { locale: 'ar' }, async (world) => {
  const { page, thread, words } = await posted(world, 'سؤال محرج');
  const id = await thread.row('سؤال محرج').getAttribute('data-id');
  await world.comment(PATH, 'جواب طيب', { author: { name: 'عمر' }, parent_id: id });
  await page.reload();
  await thread.live();
  const row = thread.rows.first();
  await thread.press(row, words.remove);
  await thread.press(row, words.remove);
  await row.getByText(words.deleted).waitFor();
  const shown = async () => ({ names: await thread.rows.locator('.name').allTextContents(), rows: await thread.rows.count(), classes: await row.evaluate((element) => element.classList.contains('gone')) });
  assert.deepEqual(await shown(), { names: ['عمر'], rows: 2, classes: true });
  await page.reload();
  await row.getByText(words.deleted).waitFor();
  assert.deepEqual(await shown(), { names: ['عمر'], rows: 2, classes: true });
  assert.equal(await thread.texts().then((texts) => texts.join()), 'جواب طيب');
});

journey('what the moderators removed leaves its place too', { locale: 'ar' }, async (world) => {
  const [first] = await world.thread(PATH, [{ text: 'كلام جارح' }, { text: 'اهدأ يا صديقي', parent: 1, name: 'عمر' }]);
  await world.decide(first.id, 'remove');
  const thread = new Thread(await world.visit(PATH), 'ar');
  await thread.rows.first().getByText('حُذف هذا التعليق بقرار من الإشراف').waitFor();
  await thread.row('اهدأ يا صديقي').waitFor();
});

journey('after the time for changes only deleting is offered', { locale: 'ar' }, async (world) => {
  await world.rule('/api/v1/sites/blog', { method: 'PUT', body: { moderation: 'publish-all', edit_window: 0 } });
  const { page, thread } = await posted(world, 'لا رجعة');
  await page.reload();
  await thread.live();
  await becomes('the buttons', () => thread.rows.first().locator('[data-jw=own] button').allInnerTexts(), [WORDS.ar.remove]);
});
