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
  else if (byId("map-message").classList.contains("stuck")) sayStuck();
  if (!city) return;
  if (!map && byId("map-message").classList.contains("stuck")) resketch();
  seen += 1;
  window.cockpitSeen = seen;
}

/* In other colours or another language. */
function relook(changed) {
  if (changed.theme && map) openMap(map.view);
  linkState(document.body.dataset.link);
  if (city) { showAttribution(); writeAddress(); }
  else byId("map-message").textContent = word(document.body.dataset.link === "lost" ? "cockpit.failed" : "cockpit.waiting");
  show();
}

function wire() {
  wireHead(relook, () => { hangUp(); byId("decision").close(); });
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
  show();
  const known = knowMe().then(showWho), first = refresh().catch(() => undefined);
  await readCity();
  await Promise.all([first.then(() => (state ? keepHour() : refresh())).catch(() => undefined), openCity()]);
  if (map && view) map.look(view);
  show();
  await known;
  listen();
}

start();
