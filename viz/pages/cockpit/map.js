/* The map: what it shows at the chosen moment. */
function roadCodes(step) {
  const out = new Uint8Array(city.edge_ids.length).fill(window.cityMap.NO_VEHICLE);
  if (!hidden.has("speed")) out.set(stepOf(hour.speed, step));
  for (const row of hour.closed[step] || []) out[row] = window.cityMap.CLOSED;
  return out;
}

function hatchedRows(step) {
  const speed = stepOf(hour.speed, step), sure = stepOf(hour.sure, step), rows = [], old = tooOld();
  if (hidden.has("speed") || !(sure || old)) return rows;
  for (let i = 0; i < speed.length; i += 1) if (speed[i] !== NOT_KNOWN && (old || sure[i] === NO_SKILL)) rows.push(i);
  return rows;
}

function showAreas(step) {
  const tones = map.spec.tones, found = [];
  if (!hidden.has("areas")) {
    for (const area of (hour.rows || {}).areas || []) {
      const share = area.time_s[step] / (area.target_s || Infinity);
      const tone = share <= 1 ? "good" : share <= 1.25 ? "soon" : share <= 1.5 ? "watch" : "bad";
      for (const row of area.edges) found.push({ row, colour: tones[tone] });
    }
  }
  map.areas(found);
}

/* What the map's picture hangs on: a state that tells no more than the time is no reason to draw it anew. */
function pictureKey(step) {
  return JSON.stringify([hour.id, step, [...hidden], tooOld(), picked && [picked.layer, picked.id], state.units, state.calls]);
}

function showMap() {
  if (!map || !state || !hour) return;
  const step = stepShown(), n = city.edge_ids.length, key = pictureKey(step);
  if (hour.id !== null && map.shownKey === key) return;
  map.shownKey = key;
  map.roads(roadCodes(step));
  map.hatch(hatchedRows(step));
  const queue = hidden.has("queue") ? null : stepOf(hour.queue, step), full = [];
  if (queue) for (let i = 0; i < n; i += 1) if (queue[i] !== NOT_KNOWN && queue[i] >= 50) full.push(i);
  map.queues(full, (row) => queue[row] / 200);
  const water = stepOf(hour.depth, step);
  map.wet(hidden.has("wet") || !water ? [] : Array.from(water, (code) => (code === NOT_KNOWN ? null : code / 100)));
  const crowd = new Uint8Array(map.blocks.walk ? map.blocks.walk.count : 0);
  if (!hidden.has("crowd")) {
    const links = (hour.crowd || {}).links || [];
    for (let i = 0; i < links.length; i += 1) crowd[links[i]] = hour.crowd.density[step * links.length + i]; // none beyond a state's one step
  }
  map.crowd(crowd);
  showAreas(step);
  map.units(hidden.has("units") ? [] : (state.units || []).filter((unit) => Number.isFinite(unit.lon)));
  if (state.calls) {
    const calls = state.calls.map((call) => ({ kind: "call", label: String(call.id), lon: call.lon, lat: call.lat }));
    const key = JSON.stringify(calls);
    if (key !== map.callsKey) { map.callsKey = key; map.markers([...map.blocks.markers, ...calls]); }
  }
  map.things(thingsShown(step));
  map.cones(hidden.has("cameras") ? [] : ((hour.rows || {}).cameras || []).filter((camera) => camera.heading_known || isPicked("cameras", camera.id)));
  showPicked();
  map.draw();
  if (map.hourDrawn !== hour.id) requestAnimationFrame(() => { map.hourDrawn = hour.id; map.drawnAt = Date.now(); requestAnimationFrame(unsketch); });
}

function theme() { return document.documentElement.dataset.theme === "light" ? "light" : "dark"; }

/* The drawing that stood here until the map came goes. */
function unsketch() {
  const early = window.cockpitEarly || {};
  early.over = true;
  if (early.sketch) early.sketch.remove();
}

function sayStuck() { byId("map-message").textContent = word((window.cockpitEarly || {}).sketch ? "cockpit.sketch_alone" : "cockpit.no_webgl"); }

/* Where there will be no other map, the drawing shows the moment. */
function resketch() {
  const { sketch } = window.cockpitEarly || {};
  if (!sketch || !hour) return;
  sketch.wear((city.maps || {})[theme()] || city.map);
  const step = stepShown(), codes = roadCodes(step);
  for (const row of hatchedRows(step)) codes[row] = window.cityMap.NO_VEHICLE; // it has no hatching
  sketch.draw(codes);
}

/* The map once more in other colours, seen from where it was. */
function openMap(view) {
  const box = byId("map");
  if (map) { map.tiles = null; map.deck.finalize(); box.querySelectorAll("canvas").forEach((canvas) => canvas.parentElement === box ? canvas.remove() : canvas.parentElement.remove()); }
  try {
    map = new window.cityMap.CityMap(box, (city.maps || {})[theme()] || city.map, openedBlocks, { tooltip, picked: pickAt, tiles: city.tiles });
    map.onGround = showAttribution;
    showAttribution();
    if (view) map.look(view);
    map.onView = writeAddress;
    window.cockpitMap = map;
    byId("map-message").textContent = state ? "" : word("cockpit.waiting");
  } catch (error) {
    map = null;
    byId("map-message").classList.add("stuck");
    sayStuck();
  }
}

/* Whose map it is: the city's, and that of the tile server while its pictures come. */
function showAttribution() {
  const told = [city.attribution];
  if (city.tiles) told.push(map && !map.tiles ? word("live.no_tiles") : city.tiles.attribution);
  byId("attribution").textContent = told.join(" · ");
}

let openedBlocks = null;
async function readCity() {
  for (;;) {
    try {
      const answer = await asked("/api/city");
      if (!answer.ok) throw new Error(String(answer.status));
      city = await answer.json();
      break;
    } catch (error) {
      byId("map-message").textContent = word("cockpit.failed");
      linkState("lost");
      await new Promise((done) => { setTimeout(done, 3000); });
    }
  }
  showAttribution();
}

async function openCity() {
  openedBlocks = await ((window.cockpitEarly || {}).blocks || window.cityMap.openBlocks(city.blocks));
  openMap(null);
}

function zoom(step) {
  if (!map) return;
  if (step) map.zoomBy(step * 0.7); else { map.look(map.home()); writeAddress(); }
}

function wireMap() {
  for (const node of document.querySelectorAll("[data-zoom]")) node.addEventListener("click", () => zoom(Number(node.dataset.zoom)));
}
