/* What happens when the page opens, and when its language changes. */
function tab(name) {
  document.body.dataset.tab = name;
  for (const node of document.querySelectorAll(".tabs button")) node.setAttribute("aria-pressed", String(node.dataset.tab === name));
  if (name === "map" && map) requestAnimationFrame(() => { if (!map.seenOnce) { map.seenOnce = true; map.look(map.home()); } paint(); });
}

/* In other colours or another language; a name that nobody changed is told in the new one. */
const unnamed = () => text["what_if.name_default"].includes(byId("name").value);
function relook(changed) {
  if (changed.theme) recolour();
  if (changed.lang) {
    if (unnamed()) byId("name").value = word("what_if.name_default");
    if (tool) byId("hint").textContent = word(`what_if.hint.${tool}`);
    if (lostKey) lost(lostKey);
    if (!mayRun()) tell(word("what_if.may_look"));
  }
  if (!city) return;
  if (!map) noMap();
  showMeasures([...document.querySelectorAll("#measures input:checked")].map((node) => node.value));
  showChanges();
  showList();
  showResult();
  showViews();
  showLegend();
  look(view);
}

async function knowMeasures() {
  for (;;) {
    try { measures = await (await ask("/api/what-if/measures")).json(); return; } catch (error) {
      if (over) return;
      failed(error);
      await new Promise((done) => { setTimeout(done, 3000); });
    }
  }
}

async function start() {
  wireAsking();
  wireDrawing();
  wireMaps();
  wireHead(relook, () => { if (source) source.close(); });
  for (const node of document.querySelectorAll(".tabs button")) node.addEventListener("click", () => tab(node.dataset.tab));
  for (const name of ["run", "save", "open"]) byId(name).disabled = true;
  const known = knowMe();
  await openCity();
  await knowMeasures();
  fresh();
  byId("ask").inert = false;
  await known;
  showRights();
  chosen = decodeURIComponent(location.hash.slice(1));
  showViews();
  showLegend();
  follow();
  window.whatIfReady = true;
}

start();
