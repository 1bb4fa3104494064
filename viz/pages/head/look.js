/* Colours and language of every page, before anything is painted: what a link asked of this tab, else what was chosen
   last on any page of this browser, else dark, and the language of the browser. */
window.cityLook = (function () {
  "use strict";
  const root = document.documentElement, NAMES = { theme: ["dark", "light"], lang: ["en", "zh"] };
  const first = { theme: "dark", lang: /^zh\b/i.test(navigator.language || "") ? "zh" : "en" };
  const look = { theme: null, lang: null, onChange: null };
  const known = (name, value) => (NAMES[name].includes(value) ? value : null);
  const keyOf = (name) => `citytwin-${name}`;

  /* A browser that may keep nothing still shows what was chosen, on this page. */
  function kept(store, name) { try { return known(name, window[store].getItem(keyOf(name))); } catch { return null; } }
  function keep(store, name, value) {
    try { if (value) window[store].setItem(keyOf(name), value); else window[store].removeItem(keyOf(name)); } catch { /* see above */ }
  }

  function show(told) {
    const changed = { theme: told.theme !== look.theme, lang: told.lang !== look.lang };
    Object.assign(look, told);
    root.dataset.theme = look.theme;
    root.lang = look.lang === "zh" ? "zh-CN" : "en";
    if (look.onChange && (changed.theme || changed.lang)) look.onChange(changed);
  }
  const remembered = (name) => kept("sessionStorage", name) || kept("localStorage", name) || first[name];

  /* What the address asks for holds in this tab until something is chosen. */
  function asked(name) {
    const told = new URLSearchParams(location.hash.slice(1));
    const value = known(name, told.get(name) || (name === "lang" && told.has("zh") ? "zh" : ""));
    if (value) keep("sessionStorage", name, value);
    return value;
  }

  look.choose = (name, value) => {
    keep("sessionStorage", name, null);
    keep("localStorage", name, value);
    show({ theme: look.theme, lang: look.lang, [name]: value });
  };
  window.addEventListener("storage", (event) => {
    const name = Object.keys(NAMES).find((one) => keyOf(one) === event.key);
    if (name) show({ theme: look.theme, lang: look.lang, [name]: remembered(name) });
  });
  window.addEventListener("hashchange", () => show({ theme: asked("theme") || look.theme, lang: asked("lang") || look.lang }));

  const [how] = performance.getEntriesByType("navigation"), followed = !how || how.type === "navigate";
  show(Object.fromEntries(Object.keys(NAMES).map((name) => [name, (followed && asked(name)) || remembered(name)])));
  return look;
})();
