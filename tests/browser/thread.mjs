// What people do in a thread, in the words of its language. Playwright's
// locators see into the thread's shadow root by themselves.

import { WORDS } from './words.mjs';

export class Thread {
  // `within`: where the thread stands, when the page has several.
  constructor(page, lang = 'en', within = page) {
    this.page = page;
    this.words = WORDS[lang];
    this.root = within.locator('[data-jw=thread]');
    this.rows = this.root.locator('li[data-jw=comment]');
    this.bodies = this.rows.locator('[data-jw=body]');
    this.heading = this.root.locator('[data-jw=heading]');
    this.status = this.root.locator('[data-jw=status]');
    this.more = this.root.locator('[data-jw=more]');
    this.form = new Form(this.root.locator('#form'), this.words);
    this.replyForm = new Form(this.root.locator('#reply'), this.words);
    this.editForm = new Form(this.root.locator('#edit'), this.words);
  }

  // Until the part that writes has taken over.
  async live() {
    await this.form.text.focus();
    await this.root.and(this.page.locator('[data-live]')).waitFor();
  }

  // The row of the comment that says this.
  row(text) {
    return this.rows.filter({ has: this.page.getByText(text) });
  }

  // A button or link by its word, in one row or form.
  press(row, word) {
    return row.locator('button, a').filter({ hasText: new RegExp(`^${word}$`, 'u') }).click();
  }

  // Answers a comment: its form opens under it.
  async reply(text) {
    await this.row(text).locator('[data-act=reply]').click();
    await this.replyForm.root.waitFor();
  }

  async texts() {
    return (await this.bodies.allTextContents()).map((text) => text.trim());
  }
}

export class Form {
  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.text = root.locator('textarea[name=body]');
    this.name = root.locator('input[name=name]');
    this.email = root.locator('input[name=email]');
    this.website = root.locator('input[name=website]');
    this.remember = root.locator('input[name=remember]');
    this.submit = root.locator('[data-act=submit]');
    this.preview = root.locator('[data-act=preview]');
    this.direction = root.locator('[data-act=direction]');
    this.cancel = root.locator('[data-act=cancel]');
    this.note = root.locator('[data-jw=note]');
    this.draft = root.locator('[data-jw=draft]');
    this.errors = root.locator('.error');
  }

  async fill({ text, name = 'Layla', email, website }) {
    await this.text.fill(text);
    await this.name.fill(name);
    if (email !== undefined) await this.email.fill(email);
    if (website !== undefined) await this.website.fill(website);
  }

  async send(values) {
    await this.fill(values);
    await this.submit.click();
  }
}

// The element that has the focus, through all shadow roots, as `look` sees it.
export async function focused(page, look) {
  return page.evaluate((source) => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return new Function('element', `return (${source})(element)`)(element);
  }, look.toString());
}

// Waits until a promise of a value is as wanted, then it holds.
export async function becomes(what, look, wanted = true) {
  let last;
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    last = await look();
    if (JSON.stringify(last) === JSON.stringify(wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(last)}`);
}
