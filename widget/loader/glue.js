// What the engine asks of the browser, where that is said shorter here than at the
// border of WebAssembly: build.rs puts it behind the glue of wasm-bindgen. Nothing
// of it throws; what could not be had is undefined.

const attempt = (what) => {
  try {
    return what();
  } catch {}
};
const area = (tab) => (tab ? sessionStorage : localStorage);

const parseJson = (text) => attempt(() => JSON.parse(text));
const member = (of, key) => of?.[key];
const put = (of, key, value) => of && (of[key] = value);

// The blog's own storage, or that of this tab. It may be full, switched off or forbidden.
const kept = (tab, key) => attempt(() => area(tab).getItem(key));
const keep = (tab, key, value) =>
  attempt(() => {
    value === undefined ? area(tab).removeItem(key) : area(tab).setItem(key, value);
    return true;
  });

// 32 hexadecimal digits that nobody can guess.
const randomHex = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte + 256).toString(16).slice(1)).join("");
// How many letters a text has as people count them (UAX #29).
const graphemes = (text) => attempt(() => [...new Intl.Segmenter().segment(text)].length);
// A line to the server (server-sent events).
const line = (url) => attempt(() => new EventSource(url));
// Finds the answer to a challenge, with a script that is fetched for it.
const prove = async (...work) => (await import("./proof.js")).default(...work);
