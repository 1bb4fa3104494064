/* One signal: its plan as the timing sheet, and which view of it is open. */
const VIEWS = ["plan", "change", "way", "send"];

async function choose(tls, quiet) {
  let told;
  try {
    told = await askJson(`/api/signals/${encodeURIComponent(tls)}?rules=${byId("rules").value}`);
  } catch (trouble) {
    complain(trouble);
    return;
  }
  calm();
  chosen = told;
  byId("nothing").hidden = true;
  byId("chosen").hidden = false;
  document.querySelector("#name .id").textContent = told.streets || told.tls_id;
  document.querySelector("#name small").textContent = told.streets ? told.tls_id : "";
  piece(byId("view-plan"), told.sheet);
  byId("view-plan").hidden = document.body.dataset.view !== "plan";
  if (!quiet) document.body.dataset.pane = "work";
  if (!quiet) byId("work").scrollTop = 0;
  for (const node of document.querySelectorAll("#list li")) node.querySelector(".open").setAttribute("aria-current", String(node.dataset.signal === tls));
  showDraftMarks();
  showEditor();
  showSend();
  keepAddress();
}

function openView(view) {
  document.body.dataset.view = view;
  for (const name of VIEWS) {
    byId(`view-${name}`).hidden = name !== view;
    byId(`tab-${name}`).setAttribute("aria-selected", String(name === view));
    byId(`tab-${name}`).tabIndex = name === view ? 0 : -1;
  }
  if (view === "way") showWay();
  if (view === "send") showSend();
  if (markSignals) markSignals();
  keepAddress();
}

function wireViews() {
  for (const name of VIEWS) {
    const tab = byId(`tab-${name}`);
    tab.addEventListener("click", () => openView(name));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = VIEWS[(VIEWS.indexOf(name) + step + VIEWS.length) % VIEWS.length];
      openView(next);
      byId(`tab-${next}`).focus();
    });
  }
  byId("back").addEventListener("click", () => { document.body.dataset.pane = "places"; });
}

/* What is open stands in the address: a link shows it again. */
function keepAddress() {
  const told = new URLSearchParams();
  if (chosen) told.set("signal", chosen.tls_id);
  told.set("view", document.body.dataset.view);
  told.set("rules", byId("rules").value);
  if (stops.length) told.set("way", JSON.stringify(stops));
  history.replaceState(null, "", `#${told}`);
}

function readAddress() {
  const told = new URLSearchParams(location.hash.slice(1));
  if ([...byId("rules").options].some((one) => one.value === told.get("rules"))) byId("rules").value = told.get("rules");
  try { stops = JSON.parse(told.get("way") || "[]").map(String); } catch { stops = []; }
  if (VIEWS.includes(told.get("view"))) openView(told.get("view"));
  return told.get("signal");
}
