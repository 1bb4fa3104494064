/* Time-space diagrams over several signals; changed plans count. */
let stops = [], wayTurn = 0;

function addStop(tls) {
  if (stops[stops.length - 1] === tls) return;
  stops.push(tls);
  showWay();
  if (markSignals) markSignals();
  keepAddress();
}

function stopRow(tls, number) {
  const row = make("li"), known = signals.find((one) => one.tls_id === tls), name = known ? titleOf(known) : tls;
  const out = make("button", "out", "×");
  out.type = "button";
  out.setAttribute("aria-label", word("workspace.take_out", { name }));
  out.addEventListener("click", () => { stops.splice(number, 1); showWay(); if (markSignals) markSignals(); keepAddress(); });
  row.append(make("b", "", name), " ", make("small", "", `${name === tls ? "" : tls}${tls in drafts ? " ✎" : ""}`), out);
  return row;
}

async function showWay() {
  byId("stops").replaceChildren(...stops.map(stopRow));
  const own = (wayTurn += 1), problem = byId("way-problem");
  problem.hidden = true;
  if (stops.length < 2) {
    piece(byId("way"), "");
    problem.hidden = false;
    problem.textContent = word("workspace.two_stops");
    return;
  }
  const speed = byId("speed").valueAsNumber;
  try {
    const told = await askJson("/api/signals/corridor", { signals: stops, edited: changedPlans().filter((plan) => stops.includes(plan.tls_id)), speed_kmh: Number.isFinite(speed) ? speed : null });
    if (own === wayTurn) piece(byId("way"), told.sheet);
  } catch (trouble) {
    if (own !== wayTurn) return;
    piece(byId("way"), "");
    explain(problem, trouble, trouble.status === 400 ? "workspace.no_way" : undefined);
  }
}

function wireWay() {
  byId("add-stop").addEventListener("click", () => { if (chosen) addStop(chosen.tls_id); });
  byId("turn-round").addEventListener("click", () => { stops.reverse(); showWay(); keepAddress(); });
  byId("speed").addEventListener("change", showWay);
}
