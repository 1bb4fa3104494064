/* What happens when the page opens, and when its language changes. */
function tab(name) {
  document.body.dataset.tab = name;
  for (const node of document.querySelectorAll(".tabs button")) node.setAttribute("aria-pressed", String(node.dataset.tab === name));
  if (name === "map" && map) requestAnimationFrame(() => { if (!map.seenOnce) { map.seenOnce = true; map.look(map.home()); } paint(); });
}

function label() {
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = word(node.dataset.label);
  }
  byId("language").title = word("language.switch");
  for (const node of byId("profile").options) node.textContent = word(`what_if.profile.${node.value}`);
  if (tool) byId("hint").textContent = word(`what_if.hint.${tool}`);
}

function speak(name) {
  const unnamed = byId("name").value === word("what_if.name_default");
  document.documentElement.lang = name;
  if (unnamed) byId("name").value = word("what_if.name_default");
  label();
  if (!city) return;
  if (!map) noMap();
  const ticked = [...document.querySelectorAll("#measures input:checked")].map((node) => node.value);
  showMeasures(ticked);
  showChanges();
  showList();
  showResult();
  showViews();
  look(view);
}

async function start() {
  wireAsking();
  wireDrawing();
  wireMaps();
  byId("language").addEventListener("click", () => speak(language() === 0 ? "zh-CN" : "en"));
  for (const node of document.querySelectorAll(".tabs button")) node.addEventListener("click", () => tab(node.dataset.tab));
  label();
  await knowMe().catch(failed);
  await openCity();
  measures = await (await ask("/api/what-if/measures")).json().catch(() => []);
  fresh();
  if (!may()) tell(word("what_if.may_look"));
  chosen = decodeURIComponent(location.hash.slice(1));
  showViews();
  showLegend();
  follow();
  window.whatIfReady = true;
}

start();
