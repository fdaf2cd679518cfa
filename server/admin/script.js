// The admin's pages work without this file; with it the queue goes by keyboard,
// and a decision takes the comment away at once.

const form = document.querySelector('#decide');
const undo = document.querySelector('#undo');
const notice = document.querySelector('#notice');
const dialog = document.querySelector('#keys');
const items = () => [...document.querySelectorAll('.item')];
const LETTERS = { a: 'approve', s: 'spam', d: 'remove', r: 'restore', p: 'keep', t: 'trust', b: 'ban', e: 'edit', m: 'move' };

let current = null;
// Acts are sent one after another, so that undoing finds what was done.
let line = Promise.resolve();

function go(item) {
  if (!item) return;
  current = item;
  item.focus({ preventScroll: true });
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  item.scrollIntoView({ block: 'nearest', behavior: still ? 'instant' : 'smooth' });
}

function step(by) {
  const all = items();
  const at = all.indexOf(current);
  go(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function say(text) {
  const note = document.createElement('p');
  note.className = 'note done';
  note.textContent = text;
  notice.replaceChildren(note);
}

// Sends a form as it is, with one button pressed; what was said comes back as JSON.
async function send(action, fields) {
  const response = await fetch(action, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(fields),
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({ title: String(response.status) }));
    throw new Error([problem.title, problem.detail].filter(Boolean).join('. '));
  }
  return response.json();
}

function refresh(told) {
  say(told.said);
  for (const count of document.querySelectorAll('.count')) count.textContent = told[count.dataset.count] ?? count.textContent;
}

function decide(button) {
  const fields = new FormData(form, button);
  line = line.then(async () => {
    try {
      const told = await send(form.action, fields);
      refresh(told);
      undo.elements.entries.value = told.entries.join(',');
      undo.hidden = told.entries.length === 0;
      if (told.stale) return again(told.said, told.entries);
      const all = items();
      const at = all.indexOf(current);
      for (const id of told.ids) document.getElementById(`c-${id}`)?.remove();
      const left = items();
      if (left.length === 0) again(told.said, told.entries);
      else if (!current?.isConnected) go(left[Math.min(Math.max(at, 0), left.length - 1)]);
      if (fields.get('all')) form.elements.reason.value = '';
    } catch (error) {
      say(error.message);
    }
  });
}

// Where we are, without what was done last.
function query() {
  const params = new URLSearchParams(location.search);
  for (const name of ['done', 'n', 'failed', 'overtaken', 'entries', 'ban', 'zone', 'cursor']) params.delete(name);
  return `?${params}`;
}

// The page anew, with what is to be said on it: what it shows was overtaken.
function again(said, entries = []) {
  sessionStorage.setItem('jiwar-said', said);
  sessionStorage.setItem('jiwar-undo', entries.join(','));
  location.assign(location.pathname + query());
}

function takeBack() {
  line = line.then(async () => {
    if (undo.hidden) return;
    try {
      again((await send(undo.action, new FormData(undo))).said);
    } catch (error) {
      say(error.message);
    }
  });
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
  const typing = event.target.closest('input:not([type=checkbox]), select, textarea');
  if (typing) {
    if (event.key === 'Escape') typing.blur();
    return;
  }
  // Where an Arabic layout is on, the same keys of the board do the same.
  const foreign = event.key.length === 1 && event.key.charCodeAt(0) > 127;
  const place = event.code === 'Slash' ? (event.shiftKey ? '?' : '/') : event.code.replace(/^Key/, '').toLowerCase();
  const letter = foreign ? place : event.key;
  if (letter === 'j') step(1);
  else if (letter === 'k') step(-1);
  else if (LETTERS[letter]) current?.querySelector(`[data-act=${LETTERS[letter]}]`)?.click();
  else if (letter === 'x') current?.querySelector('[name=id]')?.click();
  else if (letter === 'u' && undo) takeBack();
  else if (letter === 'o' && current) window.open(current.dataset.url, '_blank', 'noopener');
  else if (letter === '/') document.querySelector('[name=q]')?.focus();
  else if (letter === '?') dialog?.showModal();
  else return;
  event.preventDefault();
}

// The server knows no time zone; the browser does.
const local = new Intl.DateTimeFormat(document.documentElement.lang === 'ar' ? 'ar-u-nu-latn' : 'en', { dateStyle: 'long', timeStyle: 'short' });
for (const time of document.querySelectorAll('time')) time.textContent = local.format(new Date(time.dateTime));

for (const zone of document.querySelectorAll('[name=zone]')) zone.value = String(-new Date().getTimezoneOffset());
// A date that is filled in is the choice.
document.querySelector('#ban [name=date]')?.addEventListener('input', () => {
  document.querySelector('#ban [value=date]').checked = true;
});
// A day is that of the browser's own zone, where its moment is known.
for (const field of document.querySelectorAll('[type=date][data-at]')) {
  const shown = field.form.elements.away_shown;
  if (field.value !== shown.value) continue;
  const at = new Date(Number(field.dataset.at));
  const two = (n) => String(n).padStart(2, '0');
  field.value = shown.value = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
// Where one goes first: to what is wrong, else to the form that the address names. The browser goes
// to the form itself, which takes no focus, and it does so until the page is loaded.
const FIRST = { '#move': '#move [name=page]', '#edit': '#edit textarea', '#ban': '#ban [name=until]:checked' };
addEventListener('load', () => {
  setTimeout(() => document.querySelector(document.querySelector('[aria-invalid]') ? '[aria-invalid]' : (FIRST[location.hash] ?? 'never'))?.focus());
});

if (form) {
  form.addEventListener('submit', (event) => {
    // Trusting, pinning and closing lead to the page anew, once what was decided has arrived.
    const side = event.submitter.name === 'side';
    if (side && event.submitter.dataset.ready) return;
    event.preventDefault();
    if (side) {
      line = line.then(() => {
        event.submitter.dataset.ready = 'yes';
        form.requestSubmit(event.submitter);
      });
    } else decide(event.submitter);
  });
  form.addEventListener('focusin', (event) => {
    current = event.target.closest('.item') ?? current;
  });
  if (location.hash.startsWith('#c-')) go(document.getElementById(location.hash.slice(1)));
  const all = document.querySelector('#all');
  all.closest('label').hidden = false;
  all.addEventListener('change', () => {
    for (const box of form.querySelectorAll('[name=id]')) box.checked = all.checked;
  });
}
// On a comment's own page the form goes as it is.
if (undo && !undo.elements.at) {
  undo.addEventListener('submit', (event) => {
    event.preventDefault();
    takeBack();
  });
  document.addEventListener('keydown', key);
  const said = sessionStorage.getItem('jiwar-said');
  const entries = sessionStorage.getItem('jiwar-undo');
  for (const name of ['jiwar-said', 'jiwar-undo']) sessionStorage.removeItem(name);
  if (said) say(said);
  if (entries) {
    undo.elements.entries.value = entries;
    undo.hidden = false;
  }
}

// A session for the blog's own page goes to the page that opened this window, if it is of that very origin.
const given = document.querySelector('#given');
if (given) {
  const { origin, site, session, lost } = given.dataset;
  delete given.dataset.session;
  if (window.opener) {
    window.opener.postMessage({ jiwar: 'moderate', site, session }, origin);
    window.close();
  } else given.textContent = lost;
}
