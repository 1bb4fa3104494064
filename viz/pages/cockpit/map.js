/* The map: what it shows at the chosen moment, and what it says of the thing under the pointer. */
const hidden = new Set();

function codes(ratios, depths, closed) {
  const out = new Uint8Array(city.edge_ids.length).fill(window.cityMap.NO_VEHICLE);
  (ratios || []).forEach((ratio, i) => { if (ratio !== null) out[i] = Math.round(Math.min(Math.max(ratio, 0), 1) * 200); });
  (closed || []).forEach((i) => { out[i] = window.cityMap.CLOSED; });
  if (hidden.has("speed")) out.forEach((code, i) => { if (code < window.cityMap.CLOSED) out[i] = window.cityMap.NO_VEHICLE; });
  return out;
}

function showMap() {
  if (!map || !state) return;
  const later = moment === "forecast" ? state.forecast : null, roads = state.roads || {};
  map.roads(codes(later ? later.roads_speed_ratio : roads.speed_ratio, null, later ? later.closed : roads.closed));
  const depths = (later ? later.depth_m : state.depth_m) || [];
  map.wet(hidden.has("wet") ? [] : depths);
  const crowd = new Uint8Array(map.blocks.walk ? map.blocks.walk.count : 0);
  if (!hidden.has("crowd") && !later) {
    for (const [link, density] of state.crowd || []) if (density > 0) crowd[link] = 1 + Math.min(Math.round(density * 40), 253);
  }
  map.crowd(crowd);
  const units = hidden.has("units") ? [] : (state.units || []).filter((unit) => Number.isFinite(unit.lon));
  map.units(units);
  if (state.calls) {
    const calls = state.calls.map((call) => ({ kind: "call", label: String(call.id), lon: call.lon, lat: call.lat }));
    const key = JSON.stringify(calls);
    if (key !== map.callsKey) { map.callsKey = key; map.markers([...map.blocks.markers, ...calls]); }
  }
  map.draw();
}

function tooltip(info) {
  if (!info.layer || info.index < 0) return null;
  const id = info.layer.id, d = info.object;
  let lines = [];
  if (id === "speed") {
    const code = map.codes[info.index], depth = map.depths ? map.depths[info.index] : null;
    lines = [city.edge_names[info.index], code <= 200 ? `${word("legend.speed")}: ${Math.round(code / 2)} %` : "", depth ? `${word("legend.depth")}: ${number(depth)} m` : ""];
  } else if (id === "crowd") lines = map.density[info.index] ? [`${((map.density[info.index] - 1) / 40).toFixed(1)} / m²`] : [];
  else if (id === "units") lines = [String(d.id), has(`unit_state.${d.state}`) ? word(`unit_state.${d.state}`) : d.state];
  else if (id === "markers") lines = [d.label, word(`marker.${d.kind}`)];
  const told = lines.filter(Boolean).join("\n");
  return told ? { text: told } : null;
}

async function openCity() {
  for (;;) {
    try {
      const answer = await fetch("/api/city");
      if (!answer.ok) throw new Error(String(answer.status));
      city = await answer.json();
      break;
    } catch (error) {
      byId("map-message").textContent = word("cockpit.failed");
      linkState("lost");
      await new Promise((done) => { setTimeout(done, 3000); });
    }
  }
  byId("attribution").textContent = city.attribution;
  const blocks = await window.cityMap.openBlocks(city.blocks);
  try {
    map = new window.cityMap.CityMap(byId("map"), city.map, blocks, { tooltip });
    window.cockpitMap = map;
    byId("map-message").textContent = state ? "" : word("cockpit.waiting");
  } catch (error) {
    byId("map-message").textContent = word("cockpit.no_webgl");
    byId("map-message").classList.add("stuck");
  }
}

function wireMap() {
  for (const node of document.querySelectorAll(".layer")) {
    node.addEventListener("click", () => {
      const name = node.dataset.layer;
      if (hidden.has(name)) hidden.delete(name); else hidden.add(name);
      show();
    });
  }
  for (const node of document.querySelectorAll("[data-zoom]")) {
    node.addEventListener("click", () => {
      if (!map) return;
      const step = Number(node.dataset.zoom);
      if (step) map.zoomBy(step * 0.7); else map.look(map.home());
    });
  }
}
