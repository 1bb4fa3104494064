/* What happens when the page opens and when a new state has come. */
function show() {
  if (city && state && !state.hour) hour = hourOfState();
  momentWanted();
  showHead();
  showTimeline();
  showLayers();
  showDesk();
  if (!state) return;
  showFigures();
  showSites();
  showFeeds();
  if (hour) showSoon();
  showMap();
  if (map) byId("map-message").hidden = true;
  else if (byId("map-message").classList.contains("stuck")) byId("map-message").textContent = word("cockpit.no_webgl");
  seen += 1;
  window.cockpitSeen = seen;
}

function label() {
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", word(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = word(node.dataset.label);
  }
  byId("language").title = word("language.switch");
}

function wire() {
  byId("language").addEventListener("click", () => {
    document.documentElement.lang = language() === 0 ? "zh-CN" : "en";
    label();
    linkState(document.body.dataset.link);
    showSeat();
    if (city) showAttribution();
    writeAddress();
    show();
  });
  for (const node of document.querySelectorAll(".tabs button")) {
    node.addEventListener("click", () => {
      document.body.dataset.tab = node.dataset.tab;
      for (const other of document.querySelectorAll(".tabs button")) other.setAttribute("aria-pressed", String(other === node));
    });
  }
  wireTimeline();
  wireMap();
  wireLayers();
  wirePicked();
  wireAddress();
  wireKeys();
  wireDesk();
}

async function start() {
  const view = readAddress();
  wire();
  label();
  await knowMe().catch(() => undefined);
  await openCity();
  if (map && view) map.look(view);
  show();
  await refresh().catch(() => undefined);
  listen();
}

start();
