// For those who moderate, in the blog's own page: fetched by them alone. It signs in
// through a window of the server's, and puts in what `/embed/{site}/watch` answers.
// The session lies in the blog's own storage; no cookie goes from one origin to another.

const sheet = new CSSStyleSheet();
sheet.replaceSync(`{{style}}`);

const name = (o) => "jiwar:watch:" + o.site;
// Where nothing can be stored it lasts as long as the page.
const kept = {};
// What was done last in a thread, to be said and undone after it was drawn anew.
const last = new WeakMap();

const session = (o) => {
  try {
    return localStorage.getItem(name(o));
  } catch {
    return kept[o.site];
  }
};
const keep = (o, secret) => {
  kept[o.site] = secret;
  try {
    secret ? localStorage.setItem(name(o), secret) : localStorage.removeItem(name(o));
  } catch {}
};

const ask = (o, path, method = "GET", body) => {
  const secret = session(o);
  const headers = { ...(secret && { authorization: "Bearer " + secret }), ...(body && { "content-type": "application/json" }), ...(o.lang && { "accept-language": o.lang }) };
  return fetch(o.api + path, { method, headers, body: body && JSON.stringify(body), credentials: "omit" });
};

// A window of the server's asks for leave, and hands a session over: to this origin alone.
// What comes from another window or origin is not heard.
const enter = (o, lang, again) => {
  const url = `${o.api}admin/site/${o.site}/blog?` + new URLSearchParams({ origin: location.origin, lang });
  const from = open(url, "jiwar-moderate", "popup,width=520,height=640");
  const hear = ({ origin, source, data }) => {
    if (source !== from || origin !== new URL(o.api).origin || data?.jiwar !== "moderate" || data.site !== o.site) return;
    removeEventListener("message", hear);
    keep(o, data.session);
    again();
  };
  addEventListener("message", hear);
};

const isolated = (text) => "\u2068" + text + "\u2069";
const depth = (row) => +row.dataset.depth;

// Below what it answers, else where new comments come.
const place = (list, row, newest) => {
  let at = row.dataset.parent && list.querySelector(`li[data-id="${row.dataset.parent}"]`);
  if (!at) return newest ? list.prepend(row) : list.append(row);
  while (at.nextElementSibling && depth(at.nextElementSibling) >= depth(row)) at = at.nextElementSibling;
  at.after(row);
};

// The buttons of a comment that is public already.
const offer = (row, template) => {
  const menu = template.cloneNode(true);
  const writer = row.querySelector("bdi.name, .name bdi")?.textContent ?? "";
  const label = menu.querySelector("summary");
  const ban = menu.querySelector("[data-to]");
  label.ariaLabel = label.dataset.label.replace("{name}", isolated(writer));
  ban.href = ban.dataset.to.replace("{id}", row.dataset.id);
  const isPinned = row.querySelector("[data-jw=pinned]");
  for (const [act, fits] of [["pin", !row.dataset.parent && !isPinned], ["unpin", isPinned]]) if (!fits) menu.querySelector(`[data-do=${act}]`).remove();
  row.dataset.status = "approved";
  row.querySelector("article").append(menu);
};

// The text as it was written, in a field in its place.
const edit = async (o, row, button, done) => {
  const answer = await ask(o, `api/v1/sites/${o.site}/comments/${row.dataset.id}`);
  if (!answer.ok) return done(answer);
  const { save, cancel, label, said } = button.dataset;
  const box = document.createElement("div");
  const field = document.createElement("textarea");
  const make = (word, onclick) => Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: word, onclick });
  const shut = () => {
    box.remove();
    button.hidden = false;
    button.focus();
  };
  const { body, dir } = await answer.json();
  Object.assign(field, { value: body, dir, rows: 5, ariaLabel: label });
  const send = async () => done(await ask(o, `api/v1/sites/${o.site}/comments/${row.dataset.id}`, "PATCH", { body: field.value }), said);
  box.className = "acts";
  box.append(field, make(save, send), make(cancel, shut));
  button.hidden = true;
  button.after(box);
  field.focus();
};

// What an act asks of the server, and what would undo it.
const request = (o, what, row, page) => {
  const id = row?.dataset.id;
  const base = `api/v1/sites/${o.site}/`;
  const thread = (state) => [base + "thread?" + new URLSearchParams({ page }), "PATCH", { state }];
  const pin = (method) => [`${base}comments/${id}/pin`, method];
  if (what === "pin") return [pin("PUT"), pin("DELETE")];
  if (what === "unpin") return [pin("DELETE"), pin("PUT")];
  if (what === "close") return [thread("closed"), thread("open")];
  if (what === "open") return [thread("open"), thread("closed")];
  const reason = row.querySelector("[name=reason]").value.trim() || null;
  const decide = (more) => [base + "moderation/decisions", "POST", { decisions: [{ id, ...more }] }];
  return [decide({ decision: what, reason, expected: row.dataset.status }), decide({ decision: "restore" })];
};

// Puts everything into a thread that was just drawn. `again` draws it anew.
export default async (section, o, host, again) => {
  const { page, sort } = section.dataset;
  const tongue = section.lang;
  const answer = await ask(o, `embed/${o.site}/watch?` + new URLSearchParams({ page, lang: tongue }));
  if (answer.status === 401 || answer.status === 403) {
    if (!session(o)) return;
    keep(o);
    return again();
  }
  if (!answer.ok || !section.isConnected) return;
  const made = host.parse(await answer.text());
  const bar = made.querySelector("[data-jw=watch]");
  const list = section.querySelector("[data-jw=list]");
  const root = section.getRootNode();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const template = made.querySelector("template")?.content.firstElementChild;
  const dress = () => {
    for (const row of list.querySelectorAll("li[data-id]:not(.gone, .pending)")) if (!row.querySelector("details.acts")) offer(row, template);
  };
  if (template) {
    dress();
    // Those that come later, or are drawn anew, have them too.
    new MutationObserver(dress).observe(list, { childList: true });
  }
  for (const row of [...made.querySelectorAll("[data-watch=held] > li")]) {
    list.querySelector(`li[data-id="${row.dataset.id}"]`)?.remove();
    place(list, row, sort !== "oldest");
  }
  section.prepend(bar);
  const said = bar.querySelector("[data-watch=said]");
  const undo = bar.querySelector("[data-do=undo]");

  // Says how it went. What succeeded is drawn anew, and can be undone.
  const done = async (answer, words, back) => {
    const told = await answer.json().catch(() => ({}));
    const code = told.results?.[0]?.code;
    if (!answer.ok || code) {
      said.textContent = code === "conflict" ? bar.dataset.conflict : [told.title, told.detail].filter(Boolean).join(". ") || bar.dataset.failed;
      return;
    }
    last.set(o, { words, back, top: scrollY });
    await again();
  };

  section.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-do]");
    if (!button) return;
    const row = button.closest("li[data-id]");
    const what = button.dataset.do;
    button.disabled = true;
    try {
      if (what === "enter") enter(o, tongue, again);
      else if (what === "leave") {
        await ask(o, `embed/${o.site}/watch`, "DELETE");
        keep(o);
        await again();
      } else if (what === "edit") await edit(o, row, button, done);
      else if (what === "undo") await done(await ask(o, ...last.get(o).back), undo.dataset.said);
      else {
        const [forth, back] = request(o, what, row, page);
        await done(await ask(o, ...forth), button.dataset.said, back);
      }
    } catch {
      said.textContent = bar.dataset.failed;
    }
    button.disabled = false;
  });

  // After an act: what was done is said, and undoing it is the next thing at hand.
  const did = last.get(o);
  if (!did) return;
  scrollTo({ top: did.top, behavior: "instant" });
  said.textContent = did.words;
  undo && (undo.hidden = !did.back);
  const next = did.back && undo ? undo : bar;
  if (next === bar) bar.tabIndex = -1;
  next.focus({ preventScroll: true });
  if (!did.back) last.delete(o);
};
