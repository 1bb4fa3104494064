/* Where something is: the streets on the map, the three nearest cameras, and who is on duty. */
let shownAt = null;

/* [lon, lat] in the middle of some streets, by their ids; null where the map has none of them. */
function middleOf(edges) {
  const rows = rowsOf(edges), streets = map && map.blocks.streets;
  if (!streets || !rows.length) return null;
  let x = 0, y = 0, n = 0;
  for (const row of rows) {
    for (let i = streets.starts[row]; i < streets.starts[row + 1]; i += 1) { x += streets.xy[2 * i]; y += streets.xy[2 * i + 1]; n += 1; }
  }
  return n ? [x / n, y / n] : null;
}

let rowOf = null;
function rowsOf(edges) {
  if (!city) return [];
  if (!rowOf) rowOf = new Map(city.edge_ids.map((id, row) => [id, row]));
  return edges.map((edge) => rowOf.get(edge)).filter((row) => row !== undefined);
}

function metres(a, b) {
  const k = Math.PI / 180, x = (b[0] - a[0]) * k * Math.cos(((a[1] + b[1]) / 2) * k), y = (b[1] - a[1]) * k;
  return Math.hypot(x, y) * 6371000;
}

function nearestCameras(at) {
  const told = layerRows("cameras"), known = told.length ? told : (city && city.cameras) || [];
  const rows = known.filter((one) => Number.isFinite(one.lon)).map((one) => ({ one, far: metres(at, [one.lon, one.lat]) }));
  return rows.sort((a, b) => a.far - b.far).slice(0, 3);
}

function cameraList(at) {
  const near = at ? nearestCameras(at) : [];
  if (!near.length) return make("p", "note", word("desk.no_camera"));
  const list = make("ul", "cameras");
  list.append(...near.map(({ one, far }) => {
    const item = make("li"), address = one.stream || one.link || "", name = one.name || one.camera_id || one.id;
    const shown = make(/^https?:\/\//.test(address) ? "a" : "span", "", name);
    if (shown.tagName === "A") { shown.href = address; shown.target = "_blank"; shown.rel = "noreferrer"; }
    item.append(shown, make("small", "", ` ${number(Math.round(far / 10) * 10)} m${shown.tagName === "A" ? "" : ` · ${word("desk.no_picture")}`}`));
    return item;
  }));
  return list;
}

async function tellRoster(node) {
  node.textContent = word("desk.asking");
  try {
    const answer = await asked("/api/roster");
    if (answer.status === 401) sessionOver();
    const rows = answer.ok ? await answer.json() : [];
    if (!answer.ok) node.textContent = word("desk.no_right");
    else if (!rows.length) node.textContent = word("desk.no_roster");
    else node.replaceChildren(...rows.map((one) => make("span", "duty", `${one.agency} · ${one.name} · ${one.call} · ${word("desk.duty_until", { time: hourOf(one.ends) })}`)));
  } catch (error) {
    node.textContent = word("desk.no_server");
  }
}

/* What a card or an alarm shows of its place; `id` keeps it open over new states. */
function placePanel(id, edges, place) {
  const node = make("div", "place"), at = middleOf(edges) || place || null;
  node.append(make("h4", "", word("desk.cameras")), cameraList(at));
  const duty = make("p", "roster");
  if (may("audit")) node.append(button("small", "desk.roster", () => tellRoster(duty)), duty);
  const go = button("small-phone", "desk.show_map", () => document.querySelector(".tabs [data-tab=map]").click());
  node.append(go);
  return node;
}

function lookAt(id, edges, place, changes) {
  shownAt = shownAt === id ? null : id;
  const at = middleOf(edges) || place;
  if (map && map.picked) {
    const rows = shownAt ? changes || rowsOf(edges).map((row) => ({ row, colour: [255, 255, 255] })) : [];
    map.picked(rows);
    if (shownAt && at) map.look({ longitude: at[0], latitude: at[1], zoom: Math.max(map.view.zoom, 15) });
    map.draw();
  }
  alarmsKey = cardsKey = null;
  showDesk();
}
