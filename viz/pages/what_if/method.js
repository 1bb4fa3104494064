/* The method page in one language at a time: #zh in its address is Chinese. */
(function () {
  "use strict";
  const speak = () => { document.documentElement.lang = location.hash === "#zh" ? "zh-CN" : "en"; };
  document.getElementById("language").addEventListener("click", () => { location.hash = location.hash === "#zh" ? "" : "zh"; });
  window.addEventListener("hashchange", speak);
  speak();
})();
