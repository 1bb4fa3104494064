/* What happens when the page opens and when a new state has come. */
function show() {
  showHead();
  showMoments();
  showDesk();
  if (!state) return;
  showFigures();
  showSites();
  showFeeds();
  showMap();
  if (map) byId("map-message").hidden = true;
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
  wireDesk();
}

async function start() {
  wire();
  label();
  await knowMe().catch(() => undefined);
  await openCity();
  show();
  await refresh().catch(() => undefined);
  listen();
}

start();
