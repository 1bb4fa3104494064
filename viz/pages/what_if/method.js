/* The method page: light or dark, and one language at a time. */
(function () {
  "use strict";
  const look = window.cityLook, node = (id) => document.getElementById(id), names = window.whatIfMethodText;
  node("theme").addEventListener("click", () => look.choose("theme", look.theme === "light" ? "dark" : "light"));
  node("language").addEventListener("click", () => look.choose("lang", look.lang === "zh" ? "en" : "zh"));
  look.onChange = () => {
    for (const [id, key] of [["theme", "head.theme"], ["language", "language.switch"]]) {
      node(id).title = names[key][look.lang === "zh" ? 1 : 0];
      node(id).setAttribute("aria-label", node(id).title);
    }
  };
  look.onChange();
})();
