/* Signal pages: the language switch, the button that prints, and signals that unfold when they are asked for. */
document.getElementById("language").addEventListener("click", () => {
  const root = document.documentElement;
  root.lang = root.lang === "en" ? "zh-CN" : "en";
});
document.getElementById("print").addEventListener("click", () => window.print());
const folds = () => [...document.querySelectorAll("details.fold")];
let folded = [];
window.addEventListener("beforeprint", () => {
  folded = folds().filter((one) => !one.open);
  folded.forEach((one) => (one.open = true));
});
window.addEventListener("afterprint", () => folded.forEach((one) => (one.open = false)));
const unfold = () => {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named || !named.matches("details.fold")) return;
  named.open = true;
  named.scrollIntoView();
};
window.addEventListener("hashchange", unfold);
unfold();
if (location.hash === "#zh") document.documentElement.lang = "zh-CN";
