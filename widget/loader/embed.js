// Jiwar's loader: puts the thread's HTML into the page, and fetches the part
// that writes (WebAssembly) once somebody wants to. The contract is docs/EMBED.md.
(() => {
  const doc = document;
  const script = doc.currentScript || doc.querySelector("script[data-site][src*='embed.js']");
  // A page with several scripts has one Jiwar; each script brings its own threads.
  if (window.Jiwar?.add) return Jiwar.add(script);

  const WORDS = {
    ltr: ["Loading…", "The comments could not be loaded.", "Try again", "Comments page"],
    rtl: ["جارٍ التحميل…", "تعذّر تحميل التعليقات.", "أعد المحاولة", "صفحة التعليقات"],
  };
  const CHOICES = { theme: /^(light|dark|auto)$/, sort: /^(oldest|newest|best|helpful|active|discussed)$/, loading: /^(lazy|eager)$/, lang: /^(ar|en)\b/i };

  const said = {};
  const warn = (text) => (said[text] ??= !console.warn("Jiwar: " + text));
  const find = (at) => (at.nodeType ? at : doc.querySelector(at));
  const make = (tag, more) => Object.assign(doc.createElement(tag), more);
  const query = (list) => "?" + new URLSearchParams(Object.entries(list).filter((pair) => pair[1]));

  // The one place where text becomes HTML; it all comes from the server.
  let policy;
  try {
    policy = window.trustedTypes?.createPolicy("jiwar", { createHTML: (html) => html });
  } catch {}
  const parse = (html) => make("template", { innerHTML: policy?.createHTML(html) ?? html }).content;

  const sheet = (css) => {
    const made = new CSSStyleSheet();
    made.replaceSync(css);
    return made;
  };
  const waiting = sheet(":host{display:block}div{min-height:240px}");
  // What all threads of the page share, by name: the style, the engine.
  const shared = {};

  // What a call says goes before the element's attributes, and those before the script's.
  const settle = (el, given, defaults) => {
    const o = { ...defaults, ...el.dataset, ...given };
    for (const name in CHOICES) {
      if (o[name] && !CHOICES[name].test(o[name])) {
        warn(`unknown data-${name}="${o[name]}"`);
        o[name] = "";
      }
    }
    o.lang ||= el.closest("[lang]")?.lang || "";
    o.pageUrl ||= doc.querySelector("link[rel~=canonical]")?.href || location.href.split("#")[0];
    o.pageId ||= o.pageUrl;
    return o;
  };

  const wanted = () => {
    try {
      return decodeURIComponent(/^#comment-(.+)/.exec(location.hash)[1]);
    } catch {}
  };

  const threads = new Map();

  // The thread of one element.
  const Thread = (el, given, defaults) => {
    const o = settle(el, given, defaults);
    const root = el.shadowRoot || el.attachShadow({ mode: "open" });
    const dir = /^ar/i.test(o.lang) ? "rtl" : "ltr";
    const [loading, failed, retry, open] = WORDS[dir];
    let section, asked, observer, queue, live, lent;

    const where = (comment) => query({ page: o.pageId, url: o.pageUrl, title: o.pageTitle || doc.title, sort: o.sort, lang: o.lang, comment });
    const emit = (name, detail) => el.dispatchEvent(new CustomEvent("jiwar:" + name, { bubbles: true, detail }));

    // A box of the height that the thread will have at least.
    const box = (role, ...parts) => {
      const made = make("div", { role, lang: o.lang, dir });
      made.append(...parts);
      root.replaceChildren(made);
      return made;
    };

    const load = async (comment = wanted()) => {
      observer?.disconnect();
      const mine = (asked = {});
      const get = async (path) => {
        const answer = await fetch(o.api + path, { credentials: "omit", signal: AbortSignal.timeout(3e4) });
        const text = await answer.text();
        if (answer.ok) return text;
        const error = new Error(answer.status + " " + text);
        try {
          error.problem = JSON.parse(text);
        } catch {}
        throw error;
      };
      const style = (shared[o.api] ??= get("widget/{{hash}}/style.css").then(sheet));
      const here = `embed/${o.site}/thread` + where(comment);
      try {
        const content = parse(await get(here));
        const css = await style;
        if (asked === mine) show(content.querySelector("[data-jw=thread]"), css, comment);
      } catch (error) {
        delete shared[o.api];
        if (asked === mine) fail(error, here);
      }
    };

    const show = (made, css, comment) => {
      lent?.line?.close();
      section = made;
      live = false;
      queue = [];
      for (const kind of ["click", "submit", "focusin", "input", "keydown"]) section.addEventListener(kind, hear);
      // What the engine may use of ours. The form is as nobody has written in it yet.
      lent = {
        parse,
        ring: (event) => live && live.hear(section, lent, event),
        get hidden() {
          return doc.hidden;
        },
        form: made.querySelector("form")?.cloneNode(true),
        emit: (name, detail) => emit(name, JSON.parse(detail)),
      };
      theme(o.theme);
      root.adoptedStyleSheets = [css];
      root.replaceChildren(made);
      reveal("comment-" + (section.dataset.comment || comment));
      emit("ready", { page: section.dataset.page, count: +section.dataset.count });
      watch(made);
      if (!navigator.connection?.saveData) (window.requestIdleCallback || setTimeout)(() => wake(made), { timeout: 4000 });
    };

    // Those who moderate have a part of their own.
    const watch = (made) => {
      try {
        if (location.hash !== "#jiwar-moderate" && !localStorage["jiwar:watch:" + o.site]) return;
      } catch {}
      import(o.api + "widget/{{hash}}/watch.js").then((desk) => desk.default(made, o, lent, () => load("")));
    };

    const theme = (name) => {
      o.theme = name;
      if (section) section.dataset.theme = name || "auto";
      if (el.dataset.theme) el.dataset.theme = name || "auto";
    };

    // Says so, and shows a way on. A thread that stands already stays.
    const fail = (error, here) => {
      console.error("Jiwar:", o.api + here, error);
      emit("error", { message: error.message });
      if (section) return;
      const onclick = () => {
        if (!made.isConnected) return;
        box("status", loading);
        load();
      };
      const link = make("a", { textContent: open, href: o.api + "discuss/" + o.site + where() });
      // The server says why in the reader's language, if it could be heard at all.
      const said = error.problem ? error.problem.title + ". " + (error.problem.detail || "") : failed;
      const made = box("alert", said, " ", make("button", { textContent: retry, onclick }), " ", link);
      addEventListener("online", onclick, { once: true });
    };

    // Brings a part into view, and the screen reader to it.
    const reveal = (id) => {
      const item = root.getElementById(id);
      if (!item) return false;
      root.querySelector(".target")?.classList.remove("target");
      item.classList.add("target");
      item.tabIndex = -1;
      item.scrollIntoView();
      item.focus({ preventScroll: true });
      return true;
    };

    // Links within the thread and its order are ours. Other acts are kept until the engine runs.
    const hear = (event) => {
      const { target, type } = event;
      const click = type === "click";
      const actor = target.closest(click ? "[data-act]:not([type=submit])" : "form");
      if (!actor || (click && (event.metaKey || event.ctrlKey || event.shiftKey))) return;
      const { act, sort } = actor.dataset;
      if (act === "link") return actor.href === location.href && reveal(actor.hash.slice(1));
      if (act === "jump" || act === "sort" || act === "earlier") {
        event.preventDefault();
        if (act !== "jump") {
          o.sort = sort || o.sort;
          load("").then(() => root.querySelector("[data-act=sort][aria-current]")?.focus());
          return;
        }
        const field = root.querySelector(actor.hash + " textarea");
        if (field) field.focus();
        else if (!reveal(actor.hash.slice(1))) location.hash = actor.hash;
      } else if (live) {
        live.hear(section, lent, event);
      } else if (!shared.refused) {
        if (click || type === "submit") {
          event.preventDefault();
          queue.push([actor, event]);
        }
        wake(section);
      }
    };

    // Hands the thread over to the engine. Where WebAssembly is refused (content
    // policy, old browser), links and forms lead to the server's own pages.
    const wake = async (at) => {
      const engine = await (shared.engine ??= import(o.api + "widget/{{hash}}/widget.js")
        .then((glue) => glue.default(o.api + "widget/{{hash}}/widget.wasm").then(() => glue))
        .catch((error) => {
          shared.engine = null;
          shared.refused = navigator.onLine;
          warn("writing leads to the comments page: " + error);
          addEventListener("online", () => wake(at), { once: true });
        }));
      if (live || at !== section || !(engine || shared.refused)) return;
      live = engine;
      engine?.mount(section, lent);
      for (const [actor, event] of queue.splice(0)) {
        if (event.type === "submit") engine ? actor.requestSubmit(event.submitter) : actor.submit();
        else if (engine) actor.click();
        else if (actor.href) location = actor.href;
      }
    };

    const stop = () => {
      lent?.line?.close();
      asked = section = live = lent = 0;
      observer?.disconnect();
      root.replaceChildren();
    };

    root.adoptedStyleSheets = [waiting];
    box("status", loading);
    if (!o.site) fail(new Error("data-site is missing"), "");
    else if (o.loading === "eager" || wanted()) load();
    else {
      observer = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && load(), { rootMargin: "800px" });
      observer.observe(el);
    }
    // Times are said anew; a page out of sight lets the line to the server go.
    const tick = () => live && live.tick(section, lent);
    return { given, defaults, load, reveal, theme, tick, stop };
  };

  // Badges: one request for each site and language, however many there are.
  const count = (defaults = base) => {
    const groups = {};
    for (const el of doc.querySelectorAll("[data-jiwar-count]")) {
      const o = settle(el, {}, defaults);
      const url = `${o.api}api/v1/sites/${o.site}/counts`;
      const group = (groups[url + o.lang] ??= { url, lang: o.lang, at: {} });
      (group.at[o.jiwarCount || o.pageId] ??= []).push(el);
    }
    for (const { url, lang, at } of Object.values(groups)) {
      const all = Object.keys(at).sort();
      while (all.length) {
        const pages = all.splice(0, 200);
        const long = pages.length > 50;
        const ask = long ? url : url + "?" + new URLSearchParams([...pages.map((page) => ["page", page]), ["lang", lang]]);
        fetch(ask, long ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ pages, lang }) } : {})
          .then((answer) => answer.json())
          .then(({ counts, words }) => {
            for (const page of pages) for (const el of at[page]) el.textContent = (el.dataset.jiwarFormat !== "number" && words?.[page]) || counts[page];
          })
          .catch((error) => console.error("Jiwar:", ask, error));
      }
    }
  };

  const destroy = (at) => {
    threads.get(find(at))?.stop();
    threads.delete(find(at));
  };
  const mount = (at, given, defaults = base) => {
    destroy(at);
    threads.set(find(at), Thread(find(at), given, defaults));
  };

  // The script's own threads: where it is told to, or at the marked places, or where it stands.
  // In the head it has no place of its own: it may be there for the badges alone.
  const add = (own) => {
    const defaults = { ...own?.dataset, api: new URL(".", own?.src || location).href };
    const begin = () => {
      const all = defaults.target === "none" ? [] : [...doc.querySelectorAll(defaults.target || "#jiwar,[data-jiwar]")];
      if (!all.length && !defaults.target && own && doc.body.contains(own)) {
        all.push(make("div"));
        own.after(all[0]);
      }
      for (const el of all) threads.has(el) || mount(el, {}, defaults);
      count(defaults);
    };
    if (doc.readyState === "loading") doc.addEventListener("readystatechange", begin, { once: true });
    else begin();
    return defaults;
  };

  window.Jiwar = {
    add,
    count,
    mount,
    destroy,
    update: (at, given) => {
      const old = threads.get(find(at));
      mount(at, { ...old?.given, ...given }, old?.defaults);
    },
    setTheme: (name, at) => threads.forEach((thread, el) => (at && el !== find(at)) || thread.theme(name)),
  };
  const tick = () => threads.forEach((thread) => thread.tick());
  setInterval(tick, 6e4);
  doc.addEventListener("visibilitychange", tick);
  addEventListener("hashchange", () => {
    const all = [...threads.values()];
    if (wanted() && !all.some((thread) => thread.reveal("comment-" + wanted()))) all.forEach((thread) => thread.load());
  });
  const base = add(script);
})();
