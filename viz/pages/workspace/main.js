/* What happens when the page opens, when the language or the rules change, and while it stays open. */
async function again() {
  try {
    await readSignals();
    if (chosen) await choose(chosen.tls_id, true);
  } catch (trouble) {
    complain(trouble);
  }
}

/* In other colours or another language. */
function relook(changed) {
  if (changed.theme) recolour();
  showRules();
  showList();
  if (lastTrouble) complain(lastTrouble);
  if (chosen) { showEditor(); showSend(); }
  if (document.body.dataset.view === "way") showWay();
  if (markSignals) markSignals();
  sayOnMap();
}

function wire() {
  wireHead(relook, () => {});
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

async function start() {
  wire();
  showRules();
  const named = readAddress();
  knowMe().then(() => { if (chosen) showSend(); });
  await openNamed(named);
  await openMap();
  window.workspaceReady = true;
  follow();
}

/* The signals, and the one that the address names; a server that is busy is asked again soon. */
async function openNamed(named) {
  for (;;) {
    try {
      await readSignals();
      if (named) await choose(named);
      return;
    } catch (trouble) {
      complain(trouble);
      if (over) return;
      await new Promise((done) => { setTimeout(done, 3000); });
    }
  }
}

/* What others change shows here, too: every half minute, and sooner after trouble. */
function follow() {
  if (over) return;
  const next = byId("problem").hidden ? 30000 : 5000;
  setTimeout(() => readSignals().catch(complain).finally(follow), next);
}

start();
