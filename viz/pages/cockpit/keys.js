/* The keyboard: what a key does, unless somebody is writing. */
const KEYS = {
  ".": () => setMoment(moment + 1), ",": () => setMoment(moment - 1), n: () => setMoment(0), "+": () => zoom(1), "-": () => zoom(-1), 0: () => zoom(0),
  t: () => byId("theme").click(), l: () => byId("language").click(), Escape: () => pick(null), "?": () => byId("keys").showModal(),
};

function wireKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "range") return;
    const layers = [...document.querySelectorAll(".layer:not([hidden])")];
    if (/^[1-9]$/.test(event.key)) { if (layers[event.key - 1]) toggleLayer(layers[event.key - 1].dataset.layer); return; }
    if (Object.prototype.hasOwnProperty.call(KEYS, event.key)) { event.preventDefault(); KEYS[event.key](); }
  });
  byId("keys-open").addEventListener("click", () => byId("keys").showModal());
  byId("keys-close").addEventListener("click", () => byId("keys").close());
}
