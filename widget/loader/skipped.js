// Stands in for the widget where the server was built without it (JIWAR_SKIP_WIDGET).
(() => {
  const script = document.currentScript;
  console.warn("Jiwar: this server was built without the widget (JIWAR_SKIP_WIDGET). Pages show a link to the comments instead.");
  if (!script) return;
  const show = () => {
    const target = document.querySelector(script.dataset.target || "#jiwar, [data-jiwar]");
    const data = { ...script.dataset, ...target?.dataset };
    const page = data.pageUrl || document.querySelector("link[rel~=canonical]")?.href || location.href.split("#")[0];
    const link = document.createElement("a");
    link.href = new URL(`discuss/${encodeURIComponent(data.site)}?page=${encodeURIComponent(data.pageId || page)}&url=${encodeURIComponent(page)}`, script.src).href;
    link.textContent = /^ar/i.test(data.lang || document.documentElement.lang) ? "التعليقات" : "Comments";
    if (target) target.append(link);
    else script.after(link);
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", show);
  else show();
})();
