/* Signals on the map and in the list. */
let signals = [], read = false, chosen = null, map = null, markSignals = null, mapSays = "workspace.map_opens";
const COLOURS = { signal_fails: [213, 94, 0], signal_holds: [0, 158, 115], signal_unknown: [95, 104, 115], signal_draft: [0, 114, 178] };
const GLYPHS = { signal_fails: "!", signal_holds: "✓", signal_unknown: "?", signal_draft: "✎" };
const kindOf = (one) => (one.tls_id in drafts ? "signal_draft" : one.failing === null ? "signal_unknown" : one.failing ? "signal_fails" : "signal_holds");
const titleOf = (one) => one.streets || one.tls_id;

async function readSignals() {
  const told = await askJson(`/api/signals?rules=${byId("rules").value}`);
  signals = told.signals;
  read = true;
  calm();
  showList();
  showDraftMarks();
  sayOnMap();
}

function standing(one) {
  if (one.failing === null) return word("workspace.unjudged");
  return one.failing ? word("workspace.fails", { count: one.failing }) : word("workspace.holds");
}

function rowOf(one) {
  const row = make("li", kindOf(one) === "signal_fails" ? "fails" : ""), open = make("button", "open");
  row.dataset.signal = one.tls_id;
  open.type = "button";
  open.setAttribute("aria-current", String(Boolean(chosen && chosen.tls_id === one.tls_id)));
  const facts = [one.streets ? one.tls_id : "", say(one.control), word("workspace.seconds", { n: one.cycle_s }), one.waiting ? word("workspace.on_desk", { count: one.waiting }) : ""];
  open.append(make("b", "", titleOf(one)), make("span", one.failing ? "bad" : "good", standing(one)), make("small", "", facts.filter(Boolean).join(" · ")));
  open.addEventListener("click", () => choose(one.tls_id));
  const add = make("button", "add", "+");
  add.type = "button";
  add.title = word("workspace.add");
  add.setAttribute("aria-label", `${word("workspace.add")}: ${titleOf(one)}`);
  add.addEventListener("click", () => addStop(one.tls_id));
  row.append(open, add);
  return row;
}

function showList() {
  const asked = byId("find").value.trim().toLowerCase();
  const shown = signals.filter((one) => `${one.tls_id} ${one.streets}`.toLowerCase().includes(asked));
  byId("list").replaceChildren(...shown.map(rowOf));
  const failing = signals.filter((one) => one.failing).length;
  const words = { shown: shown.length, all: signals.length, failing };
  byId("count").textContent = !read ? word("workspace.waiting") : !signals.length ? word("workspace.none") : shown.length ? word("workspace.count", words) : word("workspace.none_found");
}

const TIPS = { tooltip: (info) => info.object && info.object.tls_id && { text: info.object.told } };
const specOf = (city) => ({ ...inColours(city), marker_kinds: Object.keys(COLOURS).reverse(), glyphs: GLYPHS, roles: COLOURS });
const clicked = (info) => { if (info.object && info.object.tls_id) pickOnMap(info.object.tls_id); };

function recolour() {
  if (!map) return;
  map = mapAgain(map, byId("map"), specOf(town), map.blocks, TIPS);
  map.deck.setProps({ onClick: clicked });
}

/* The map of the cockpit with the signals as its places; without WebGL the list does it all. */
let town = null;
async function openMap() {
  try {
    const city = town = await askJson("/api/city");
    document.title = `${word("workspace.title")} · ${city.name}`;
    byId("city").textContent = city.name;
    byId("attribution").textContent = city.attribution;
    const blocks = await window.cityMap.openBlocks({ ...city.blocks, markers: [] });
    map = new window.cityMap.CityMap(byId("map"), specOf(city), blocks, TIPS);
    map.deck.setProps({ onClick: clicked });
    markSignals = drawSignals;
    drawSignals();
    mapSays = "";
  } catch (error) {
    const away = error instanceof Trouble;
    mapSays = away ? "workspace.map_again" : "workspace.no_map";
    byId("map").classList.toggle("without", !away);
    if (away && !over) setTimeout(openMap, 5000);
  }
  sayOnMap();
}

function sayOnMap() {
  const lost = map && signals.length && !signals.some((one) => one.lon !== null);
  const key = mapSays || (lost ? "workspace.no_places" : "");
  byId("map-message").hidden = !key;
  byId("map-message").textContent = key ? word(key) : "";
}

function drawSignals() {
  const placed = signals.filter((one) => one.lon !== null);
  map.markers(placed.map((one) => ({ kind: kindOf(one), label: titleOf(one), lon: one.lon, lat: one.lat, tls_id: one.tls_id, told: `${titleOf(one)} · ${standing(one)}` })));
  const rings = document.body.dataset.view === "way" ? stops : chosen ? [chosen.tls_id] : [];
  const ringed = placed.filter((one) => rings.includes(one.tls_id)).map((one) => ({ lon: one.lon, lat: one.lat, colour: [255, 211, 122] }));
  map.units(ringed);
  map.set("units", { data: ringed, getPosition: (d) => [d.lon, d.lat], getFillColor: (d) => d.colour, getRadius: 17 });
  map.draw();
}

function pickOnMap(tls) {
  if (document.body.dataset.view === "way") addStop(tls);
  else choose(tls);
}
