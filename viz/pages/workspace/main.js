/* What happens when the page opens, when the language or the rules change, and while it stays open. */
async function again() {
  try {
    await readSignals();
    if (chosen) await choose(chosen.tls_id, true);
  } catch (trouble) {
    complain(trouble);
  }
}

function wire() {
  byId("language").addEventListener("click", () => {
    document.documentElement.lang = language() === 0 ? "zh-CN" : "en";
    label();
    showMe();
    showList();
    if (chosen) { showEditor(); showSend(); }
    if (document.body.dataset.view === "way") showWay();
    if (markSignals) markSignals();
    sayOnMap();
    keepAddress();
  });
  byId("rules").addEventListener("change", () => { again(); keepAddress(); });
  byId("find").addEventListener("input", showList);
  for (const node of document.querySelectorAll("[data-zoom]")) {
    node.addEventListener("click", () => {
      const step = Number(node.dataset.zoom);
      if (map && step) map.zoomBy(step);
      else if (map) map.look(map.home());
    });
  }
  wireViews();
  wireChange();
  wireWay();
  wireSend();
}

async function knowMe() {
  me = await askJson("/api/me");
  window.cityNav(me.pages);
  showMe();
}

function showMe() { byId("me").textContent = me.name ? `${me.name} · ${word(`workspace.role.${me.role}`)}` : ""; }

async function start() {
  wire();
  const asked = readAddress();
  label();
  await openAsked(asked);
  await openMap();
  window.workspaceReady = true;
  follow();
}

/* Who asks, the signals, and the one that the address names; a server that is busy is asked again soon. */
async function openAsked(asked) {
  try {
    await knowMe();
    await readSignals();
    if (asked) await choose(asked);
  } catch (trouble) {
    complain(trouble);
    setTimeout(() => openAsked(asked), 5000);
  }
}

/* What others change shows here, too: every half minute, and sooner after trouble. */
function follow() {
  const next = byId("problem").hidden ? 30000 : 5000;
  setTimeout(() => readSignals().catch(complain).finally(follow), next);
}

start();
