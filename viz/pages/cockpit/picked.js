/* What is picked on the map, or under the pointer: a street or a thing, told in lines. */
let picked = null;
const isPicked = (layer, id) => Boolean(picked && picked.layer === layer && picked.id === id);

function span(row, key, step, unit) {
  return word("live.span", { value: amount(row[key][step], unit), low: number(row.low[step]), high: number(row.high[step]) });
}

const inMinutes = (seconds) => (seconds === 0 ? word("live.now") : word("live.in_min", { minutes: Math.round(seconds / 60) }));

const TOLD = {
  ponds: (row, step) => [span(row, "depth_m", step, "m"), pondWords(row)],
  sites: (row, step) => [span(row, "people", step, "people"), row.holds ? word("live.holds", { holds: number(row.holds) }) : word("cockpit.site_no_capacity")],
  parks: (row, step) => [parkWords(row, step), word(row.guessed ? "live.park_guessed" : "live.park_capacity", { capacity: number(row.capacity) })],
  sensors: (row) => [word(`live.sensor.${row.status}`), row.fault ? say(row.fault) : ""],
  signals: (row) => [word(`live.signal.${row.state}`), row.source === "guessed" ? word("live.signal.guessed") : ""],
  cameras: (row) => [word(row.heading_known ? "live.camera.view" : "live.camera.unknown"), row.stream ? "" : word("live.camera.none")],
  units: (row) => [word(`live.unit.${row.state}`)],
};

/* Cars of a car park as they were told: nobody forecasts them. */
function parkWords(row, step) {
  if (row.taken === null) return word("live.park_unknown");
  const told = (state.parks || []).find((one) => one.id === row.id) || row;
  const words = word("live.park_taken", { taken: number(told.taken), free: number(Math.max(row.capacity - told.taken, 0)), minutes: number(Math.round((told.last_s_ago || 0) / 60)) });
  return step > stepsGone() ? `${words} · ${word("live.park_not_ahead")}` : words;
}

function pondWords(row) {
  const limit = Math.round(row.limit_m * 100);
  if (row.reach_s !== null) return word("live.pond_reach", { limit, when: inMinutes(row.reach_s) });
  return row.sooner_s !== null ? word("live.pond_perhaps", { limit, when: inMinutes(row.sooner_s) }) : word("live.pond_never", { limit });
}

function streetLines(row) {
  const step = stepShown(), speed = stepOf(hour.speed, step)[row], lines = [];
  if (speed !== NOT_KNOWN) {
    const level = map.spec.levels.find(([, least]) => speed / 200 >= least - 1e-9) || map.spec.levels[map.spec.levels.length - 1];
    const spread = hour.spread ? stepOf(hour.spread, step)[row] : NOT_KNOWN;
    lines.push(word("live.speed", { level: level[0], share: Math.round(speed / 2) }) + (spread === NOT_KNOWN ? "" : ` ${word("live.spread", { share: Math.round(spread / 4) })}`));
  } else lines.push(word("legend.no_vehicle"));
  const queue = hour.queue ? stepOf(hour.queue, step)[row] : NOT_KNOWN;
  if (queue !== NOT_KNOWN && queue > 0) lines.push(word("live.queue", { share: Math.round(queue / 2) }));
  const depth = hour.depth ? stepOf(hour.depth, step)[row] : NOT_KNOWN;
  if (depth !== NOT_KNOWN && depth > 0) lines.push(`${word("legend.depth")}: ${number(depth / 100)} m`);
  if ((hour.closed[step] || []).includes(row)) lines.push(word("legend.closed"));
  lines.push(changeWords(row));
  const sure = hour.sure ? stepOf(hour.sure, step)[row] : null;
  if (tooOld()) lines.push(word("live.too_old"));
  else if (speed !== NOT_KNOWN && sure !== null) lines.push(word(sure === SKILLED ? "live.sure.skilled" : sure === NO_SKILL ? "live.sure.no_skill" : "live.sure.unchecked"));
  return lines;
}

function thingTitle(layer, row) { return `${word(`cockpit.layer.${layer}`)} · ${row.name || row.id}`; }

function tooltip(info) {
  if (!info.layer || info.index < 0 || !hour) return null;
  const id = info.layer.id, d = info.object;
  let lines = [];
  if (id === "speed") lines = [city.edge_names[info.index], ...streetLines(info.index)];
  else if (id === "crowd") lines = map.density[info.index] ? [`${((map.density[info.index] - 1) / 40).toFixed(1)} / m²`] : [];
  else if (id === "units") lines = [String(d.id), has(`unit_state.${d.state}`) ? word(`unit_state.${d.state}`) : d.state];
  else if (id === "things") lines = [thingTitle(d.layer, d.row), ...TOLD[d.layer](d.row, stepShown())];
  else if (id === "markers") lines = [d.label, word(`marker.${d.kind}`)];
  const told = lines.filter(Boolean).join("\n");
  return told ? { text: told } : null;
}

function pick(layer, id) {
  picked = layer ? { layer, id } : null;
  if (layer && layer !== "street") hidden.delete(layer);
  writeAddress();
  show();
}

function pickAt(info) {
  if (!info.layer || info.index < 0) { if (picked) pick(null); return; }
  if (info.layer.id === "things") pick(info.object.layer, info.object.row.id);
  else if (info.layer.id === "speed") pick("street", city.edge_ids[info.index]);
}

/* The picked thing's row and place; nothing when the city has no such thing. */
function pickedNow() {
  if (!picked) return null;
  if (picked.layer === "street") {
    const row = city.edge_ids.indexOf(picked.id);
    if (row < 0) return null;
    const streets = map.blocks.streets, i = Math.floor((streets.starts[row] + streets.starts[row + 1] - 1) / 2);
    return { street: row, place: { lon: streets.xy[2 * i], lat: streets.xy[2 * i + 1] }, title: city.edge_names[row] || city.edge_ids[row], lines: streetLines(row) };
  }
  const row = layerRows(picked.layer).find((one) => one.id === picked.id);
  return row ? { row, place: placed(row) ? row : null, title: thingTitle(picked.layer, row), lines: TOLD[picked.layer](row, stepShown()) } : null;
}

function linkTo(address) {
  const link = make("a", "", word("live.camera.open"));
  link.href = address;
  link.target = "_blank";
  link.rel = "noreferrer";
  return link;
}

function showPicked() {
  const now = pickedNow(), box = byId("picked");
  box.hidden = !now;
  map.pickStreet(now && now.street !== undefined ? [now.street] : []);
  map.ring(now && now.row && now.place ? [now.place] : []);
  if (!now) return;
  const nodes = [make("h3", "", now.title), ...now.lines.filter(Boolean).map((line) => make("p", "", line))];
  if (now.row && /^https?:\/\//.test(now.row.stream || "")) nodes.push(linkTo(now.row.stream));
  const near = now.place && picked.layer !== "cameras" ? nearestCameras([now.place.lon, now.place.lat]) : [];
  if (near.length) {
    nodes.push(make("p", "near", word("live.near_cameras")));
    for (const { one: row, far } of near) {
      const button = make("button", "", `${row.name || row.id} · ${amount(Math.round(far), "m")}`);
      button.type = "button";
      button.addEventListener("click", () => pick("cameras", row.id));
      nodes.push(button);
    }
  }
  byId("picked-lines").replaceChildren(...nodes);
}

function wirePicked() { byId("picked-close").addEventListener("click", () => pick(null)); }
