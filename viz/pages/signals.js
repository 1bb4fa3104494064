/* Signal pages: the language switch and the button that prints. */
document.getElementById("language").addEventListener("click", () => {
  const root = document.documentElement;
  root.lang = root.lang === "en" ? "zh-CN" : "en";
});
document.getElementById("print").addEventListener("click", () => window.print());
if (location.hash === "#zh") document.documentElement.lang = "zh-CN";
