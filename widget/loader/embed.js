// Jiwar's loader: puts the thread's HTML into the page, and fetches the part
// that writes (WebAssembly) once somebody wants to. The contract is docs/EMBED.md.
// The build drops comments and indentation only: no string may run over a line's end.
(() => {
  const HASH = "{{hash}}";
  const WORDS = {
    en: ["Loading comments…", "The comments could not be loaded.", "Try again", "Open the comments page"],
    ar: ["يجري تحميل التعليقات…", "تعذّر تحميل التعليقات.", "أعد المحاولة", "افتح صفحة التعليقات"],
  };
  const CHOICES = { theme: ["light", "dark", "auto"], sort: ["oldest", "newest"], loading: ["lazy", "eager"] };
  const ATTRIBUTES = ["site", "pageId", "pageUrl", "pageTitle", "lang", "theme", "sort", "target", "loading", "sso", "jiwar"];
  const SKELETON = ":host{display:block}.wait{min-height:240px;display:grid;gap:1em;align-content:start;align-items:start;justify-items:start}.wait i{display:block;inline-size:100%;block-size:3.5em;border-radius:6px;background:currentcolor;opacity:.08}";

  const doc = document;
  const script = doc.currentScript || [...doc.querySelectorAll("script[data-site]")].find((s) => /\/embed\.js/.test(s.src));
  const home = (script ? new URL(".", script.src).href : "").replace(/\/$/, "");
  const encode = encodeURIComponent;
  const said = new Set();
  const warn = (text) => said.has(text) || (said.add(text), console.warn("Jiwar: " + text));
  const find = (at) => (typeof at === "string" ? doc.querySelector(at) : at);

  // The one place where text becomes HTML; it all comes from the server.
  let policy = null;
  const parse = (html) => {
    if (!policy) {
      try {
        policy = window.trustedTypes ? trustedTypes.createPolicy("jiwar", { createHTML: (text) => text }) : 0;
      } catch {
        policy = 0;
      }
    }
    const template = doc.createElement("template");
    template.innerHTML = policy ? policy.createHTML(html) : html;
    return template.content;
  };

  const make = (tag, text, more) => Object.assign(doc.createElement(tag), text ? { textContent: text } : {}, more);
  const sheet = (css) => {
    const made = new CSSStyleSheet();
    made.replaceSync(css);
    return made;
  };
  const skeletonSheet = sheet(SKELETON);
  const styles = {};
  const style = (api) => (styles[api] ??= fetch(`${api}/widget/${HASH}/style.css`, { credentials: "omit" })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then(sheet)
    .catch(() => {
      delete styles[api];
    }));

  // Options: what the call says, else the element's attributes, else the script's.
  const settle = (el, given, defaults) => {
    const own = el.dataset || {};
    for (const name in { ...own, ...given }) {
      if (!ATTRIBUTES.includes(name) && name !== "api") given && name in given ? warn(`unknown option "${name}"`) : 0;
    }
    const o = { api: home, ...defaults, ...own, ...given };
    for (const name in CHOICES) {
      if (o[name] && !CHOICES[name].includes(o[name])) {
        warn(`data-${name}="${o[name]}" is not one of ${CHOICES[name].join(", ")}`);
        o[name] = "";
      }
    }
    if (o.lang && !/^(ar|en)\b/i.test(o.lang)) {
      warn(`data-lang="${o.lang}" is not a language of the interface (ar, en)`);
      o.lang = "";
    }
    o.lang ||= el.closest("[lang]")?.lang || "";
    return o;
  };
  const words = (lang) => WORDS[/^ar/i.test(lang) ? "ar" : "en"];

  const pageUrl = (o) => o.pageUrl || doc.querySelector("link[rel~=canonical]")?.href || location.href.split("#")[0];
  const query = (o) => {
    const url = pageUrl(o);
    const list = { page: o.pageId || url, url, title: o.pageTitle || doc.title, sort: o.sort, lang: o.lang };
    return Object.keys(list).filter((k) => list[k]).map((k) => k + "=" + encode(list[k])).join("&");
  };
  const fragmentUrl = (o, comment) => `${o.api}/embed/${encode(o.site)}/thread?${query(o)}${comment ? "&comment=" + encode(comment) : ""}`;
  const discussUrl = (o) => `${o.api}/discuss/${encode(o.site)}?${query(o)}`;
  const wantedComment = () => {
    const hash = /^#comment-(.+)$/.exec(location.hash);
    try {
      return hash && decodeURIComponent(hash[1]);
    } catch {
      return null;
    }
  };

  const mounts = new Map();

  // The thread of one element.
  class Mount {
    constructor(el, given, defaults) {
      this.el = el;
      this.given = given;
      this.defaults = defaults;
      this.o = settle(el, given, defaults);
      this.root = el.shadowRoot || el.attachShadow({ mode: "open" });
      this.queue = [];
      for (const kind of ["click", "submit", "focusin"]) this.root.addEventListener(kind, this);
      this.sheets(skeletonSheet);
      this.wait();
      if (this.o.loading === "eager" || wantedComment() || !window.IntersectionObserver) this.load();
      else {
        this.seen = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && this.load(), { rootMargin: "800px" });
        this.seen.observe(el);
      }
    }

    sheets(...list) {
      this.root.adoptedStyleSheets = list;
    }

    emit(name, detail) {
      this.el.dispatchEvent(new CustomEvent("jiwar:" + name, { bubbles: true, detail }));
    }

    // A box of the height that the thread will have at least.
    wait() {
      const box = make("div", "", { className: "wait", lang: this.o.lang, dir: /^ar/i.test(this.o.lang) ? "rtl" : "" });
      const note = make("span", words(this.o.lang)[0]);
      note.setAttribute("role", "status");
      box.append(note, make("i"), make("i"), make("i"));
      this.root.replaceChildren(box);
    }

    async load(comment = wantedComment()) {
      this.seen?.disconnect();
      this.asked?.abort();
      const asked = (this.asked = new AbortController());
      const late = setTimeout(() => asked.abort("late"), 30000);
      const ready = style(this.o.api);
      try {
        const answer = await fetch(fragmentUrl(this.o, comment), { credentials: "omit", signal: asked.signal });
        const text = await answer.text();
        if (!answer.ok) throw new Error(answer.status + " " + text.slice(0, 500));
        const css = await ready;
        if (asked === this.asked) this.show(parse(text), css, comment);
      } catch (error) {
        if (asked === this.asked) this.fail(error);
      } finally {
        clearTimeout(late);
      }
    }

    show(content, css, comment) {
      const section = content.querySelector("[data-jw=thread]");
      if (!section) return this.fail(new Error("no thread in the answer"));
      this.tried = 0;
      this.live = false;
      this.section = section;
      this.theme(this.o.theme);
      this.sheets(...[skeletonSheet, css].filter(Boolean));
      this.root.replaceChildren(section);
      if (comment) this.reveal(section.dataset.comment || comment);
      this.emit("ready", { page: section.dataset.page, count: +section.dataset.count });
      if (engine.done) this.wake();
      else if (!navigator.connection?.saveData) (window.requestIdleCallback || setTimeout)(() => this.section === section && this.wake(), { timeout: 4000 });
    }

    theme(name) {
      this.o.theme = name;
      if (this.section) this.section.dataset.theme = name || "auto";
    }

    // What went wrong, in words, with a way on; nothing that was typed is touched.
    fail(error) {
      const [, failed, again, open] = words(this.o.lang);
      console.error(`Jiwar: ${fragmentUrl(this.o)}:`, error);
      this.emit("error", { message: String(error?.message || error) });
      if (this.section?.isConnected) return;
      const box = make("div", "", { className: "wait", lang: this.o.lang, dir: /^ar/i.test(this.o.lang) ? "rtl" : "" });
      const note = make("p", failed);
      note.setAttribute("role", "alert");
      const retry = () => {
        this.wait();
        this.load();
      };
      box.append(note, make("button", again, { type: "button", onclick: retry }), make("a", open, { href: discussUrl(this.o) }));
      this.root.replaceChildren(box);
      addEventListener("online", () => box.isConnected && retry(), { once: true });
    }

    // Brings a comment into view and tells screen readers where they are.
    reveal(id) {
      const item = this.root.getElementById("comment-" + id);
      if (!item) return false;
      this.root.querySelectorAll(".target").forEach((other) => other.classList.remove("target"));
      item.classList.add("target");
      item.tabIndex = -1;
      item.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
      item.focus({ preventScroll: true });
      return true;
    }

    // Until the engine runs, actions are kept and done again once it does.
    handleEvent(event) {
      const at = event.target;
      const link = at.closest?.("a[href*='#comment-']");
      if (event.type === "click" && link && plain(event)) {
        const id = link.hash.slice(9);
        if (link.getAttribute("href")[0] === "#") {
          event.preventDefault();
          if (location.hash === link.hash) this.reveal(id);
          else location.hash = link.hash;
        } else if (link.hash === location.hash) this.reveal(id);
        return;
      }
      if (this.live || engine.refused) return;
      const actor = event.type === "click" ? at.closest?.("[data-act]:not([type=submit])") : at.closest?.("form");
      if (!actor || (event.type === "click" && !plain(event))) return;
      if (event.type !== "focusin") {
        event.preventDefault();
        this.queue.push([actor, event.type, event.submitter]);
      }
      this.wake();
    }

    // Hands the thread over to the engine.
    async wake() {
      const section = this.section;
      const run = section && (await engine.load(this.o.api));
      if (this.live || this.section !== section) return;
      if (run) {
        this.live = true;
        run.mount(section, {
          parse,
          emit: (name, detail) => this.emit(name, JSON.parse(detail)),
          reveal: (id) => this.reveal(id),
          fetch: (url, init) => fetch(url, init),
        });
      }
      for (const [actor, kind, submitter] of this.queue.splice(0)) {
        if (kind === "submit") run ? actor.requestSubmit(submitter) : actor.submit();
        else if (run) actor.click();
        else if (actor.href) location.assign(actor.href);
      }
    }

    stop() {
      this.asked?.abort();
      this.asked = this.section = null;
      this.seen?.disconnect();
      for (const kind of ["click", "submit", "focusin"]) this.root.removeEventListener(kind, this);
      this.sheets();
      this.root.replaceChildren();
    }
  }

  const plain = (event) => !event.defaultPrevented && !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

  // The WebAssembly, once for all threads of the page. Where it is refused
  // (content policy, old browser), links and forms lead to the server's pages.
  const engine = {
    load(api) {
      return (this.started ??= import(`${api}/widget/${HASH}/widget.js`)
        .then(async (run) => {
          await run.default({ module_or_path: `${api}/widget/${HASH}/widget.wasm` });
          this.done = true;
          return run;
        })
        .catch((error) => {
          warn("writing happens on the comments page, because the widget could not start: " + error);
          if (error instanceof TypeError && !navigator.onLine) this.started = null;
          else this.refused = true;
        }));
    },
  };

  // Count badges: one request for each site, however many there are.
  const count = async (defaults) => {
    const sites = {};
    for (const el of doc.querySelectorAll("[data-jiwar-count]:not([data-jiwar-counted])")) {
      const o = settle(el, { jiwar: 0 }, { ...defaults, theme: "", sort: "", loading: "" });
      if (!o.site) continue;
      el.dataset.jiwarCounted = "";
      const pages = (sites[o.api + " " + o.site + " " + o.lang] ??= { o, at: {} }).at;
      (pages[el.dataset.jiwarCount || o.pageId || pageUrl(o)] ??= []).push(el);
    }
    for (const { o, at } of Object.values(sites)) {
      const pages = Object.keys(at).sort();
      while (pages.length) {
        const part = pages.splice(0, 200);
        const url = `${o.api}/api/v1/sites/${encode(o.site)}/counts`;
        const short = part.length <= 50;
        const ask = short ? url + "?" + part.map((p) => "page=" + encode(p)).join("&") + (o.lang && "&lang=" + encode(o.lang)) : url;
        const init = short ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ pages: part, lang: o.lang || null }) };
        try {
          const answer = await fetch(ask, { credentials: "omit", ...init });
          if (!answer.ok) throw new Error(answer.status);
          const { counts, words } = await answer.json();
          for (const page of part) {
            for (const el of at[page]) el.textContent = (el.dataset.jiwarFormat !== "number" && words?.[page]) || counts[page] || 0;
          }
        } catch (error) {
          console.error(`Jiwar: ${url}:`, error);
          for (const page of part) for (const el of at[page]) delete el.dataset.jiwarCounted;
        }
      }
    }
  };

  const mount = (at, given, defaults = script?.dataset) => {
    const el = find(at);
    if (!el) throw new Error(`Jiwar: there is no element ${at}`);
    destroy(el);
    const made = new Mount(el, given, { ...defaults });
    mounts.set(el, made);
    if (!made.o.site) made.fail(new Error("data-site is missing"));
    return el;
  };
  const destroy = (at) => {
    const el = find(at);
    mounts.get(el)?.stop();
    mounts.delete(el);
  };

  const begin = (own, defaults) => {
    let all = [...doc.querySelectorAll(defaults.target && defaults.target !== "none" ? defaults.target : "#jiwar, [data-jiwar]")];
    if (defaults.target === "none") all = [];
    else if (!all.length && defaults.target) warn(`data-target="${defaults.target}" finds nothing`);
    // A script in the head has no place of its own: it may be there for the badges alone.
    else if (!all.length && own && doc.body?.contains(own)) {
      all = [make("div")];
      own.after(all[0]);
    }
    for (const el of all) if (!mounts.has(el)) mount(el, undefined, defaults);
    count(defaults);
  };

  const setUp = (own) => {
    const defaults = { ...own?.dataset };
    if (own) defaults.api = new URL(".", own.src).href.replace(/\/$/, "");
    if (doc.readyState === "loading") doc.addEventListener("readystatechange", () => begin(own, defaults), { once: true });
    else begin(own, defaults);
  };

  // A page with several scripts has one Jiwar; each script brings its own threads.
  if (window.Jiwar?.setUp) return window.Jiwar.setUp(script);
  window.Jiwar = {
    setUp,
    mount,
    destroy,
    count: () => count(script?.dataset || {}),
    update: (at, given) => mount(at, { ...mounts.get(find(at))?.given, ...given }, mounts.get(find(at))?.defaults),
    setTheme: (theme, at) => {
      for (const [el, made] of mounts) if (!at || el === find(at)) made.theme(theme);
    },
  };
  addEventListener("hashchange", () => {
    const id = wantedComment();
    if (id && ![...mounts.values()].some((made) => made.reveal(id))) for (const made of mounts.values()) made.load(id);
  });
  setUp(script);
})();
