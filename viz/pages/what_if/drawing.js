/* Drawing on the map: which street lies under the pointer, which streets a line crosses. */
const NEAR_PX = 14, LEAST_DRAG_PX = 6;
let tool = null, drag = null, rowOf = new Map();

const mercator = (lat) => -Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
const worldOf = () => 512 * 2 ** map.view.zoom;

function pixelOf(lon, lat) {
  const world = worldOf(), box = byId("map");
  return [((lon - map.view.longitude) / 360) * world + box.clientWidth / 2,
    (mercator(lat) - mercator(map.view.latitude)) * world + box.clientHeight / 2];
}

function placeOf(x, y) {
  const world = worldOf(), box = byId("map");
  const up = mercator(map.view.latitude) + (y - box.clientHeight / 2) / world;
  return [map.view.longitude + ((x - box.clientWidth / 2) / world) * 360, (Math.atan(Math.exp(-up * 2 * Math.PI)) * 360) / Math.PI - 90];
}

/* Calls back with each piece of each street, in pixels. */
function pieces(each) {
  const shape = map.blocks.streets;
  for (let row = 0; row < shape.count; row += 1) {
    let before = null;
    for (let i = shape.starts[row]; i < shape.starts[row + 1]; i += 1) {
      const now = pixelOf(shape.xy[2 * i], shape.xy[2 * i + 1]);
      if (before) each(row, before, now);
      before = now;
    }
  }
}

function nearest(x, y) {
  let best = -1, least = NEAR_PX;
  pieces((row, a, b) => {
    const dx = b[0] - a[0], dy = b[1] - a[1], long = dx * dx + dy * dy || 1;
    const t = Math.min(Math.max(((x - a[0]) * dx + (y - a[1]) * dy) / long, 0), 1);
    const apart = Math.hypot(a[0] + t * dx - x, a[1] + t * dy - y);
    if (apart < least) { least = apart; best = row; }
  });
  return best;
}

function crossed(from, to) {
  const side = (a, b, p) => Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]));
  const rows = new Set();
  pieces((row, a, b) => {
    if (side(from, to, a) !== side(from, to, b) && side(a, b, from) !== side(a, b, to)) rows.add(row);
  });
  return [...rows];
}

/* A street's other direction, which the map's import calls by the same id with a minus. */
function twin(row) {
  const id = city.edge_ids[row], other = id.startsWith("-") ? id.slice(1) : `-${id}`;
  return rowOf.has(other) ? rowOf.get(other) : -1;
}
const both = (rows) => (byId("both-ways").checked ? [...new Set([...rows, ...rows.map(twin).filter((row) => row >= 0)])] : rows);

function choose(name) {
  tool = tool === name || name === "rain" ? null : name;
  for (const node of document.querySelectorAll("[data-tool]")) node.setAttribute("aria-pressed", String(node.dataset.tool === tool));
  byId("sheet").toggleAttribute("hidden", !tool);
  byId("hint").textContent = tool ? word(`what_if.hint.${tool}`) : "";
  if (name === "rain") addRain();
  if (tool) { look("edit"); tab(window.innerWidth <= 760 ? "map" : "draw"); }
}

function pointAt(event) {
  const box = byId("map").getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function put(at) {
  if (tool === "event") {
    const [lon, lat] = placeOf(...at), [west, south, east, north] = map.blocks.box;
    if (lon < west || lon > east || lat < south || lat > north) return;
    addEvent([lon, lat]);
  }
  else {
    const row = nearest(...at);
    if (row < 0) return;
    if (tool === "incident") addIncident(row);
    else toggle(both([row]), !closed.has(row));
  }
  if (tool !== "closure") choose(tool);
}

function wireDrawing() {
  const sheet = byId("sheet"), cut = byId("cut");
  sheet.addEventListener("pointerdown", (event) => { drag = pointAt(event); sheet.setPointerCapture(event.pointerId); });
  sheet.addEventListener("pointermove", (event) => {
    if (!drag || tool !== "closure") return;
    const now = pointAt(event);
    cut.removeAttribute("hidden");
    [["x1", drag[0]], ["y1", drag[1]], ["x2", now[0]], ["y2", now[1]]].forEach(([key, value]) => cut.setAttribute(key, value));
  });
  sheet.addEventListener("pointerup", (event) => {
    const from = drag, to = pointAt(event);
    drag = null;
    cut.setAttribute("hidden", "");
    if (!from) return;
    if (Math.hypot(to[0] - from[0], to[1] - from[1]) < LEAST_DRAG_PX || tool !== "closure") put(to);
    else toggle(both(crossed(from, to)), true);
  });
  sheet.addEventListener("wheel", (event) => { event.preventDefault(); map.zoomBy(event.deltaY < 0 ? 0.4 : -0.4); }, { passive: false });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && tool) choose(tool); });
  for (const node of document.querySelectorAll("[data-tool]")) node.addEventListener("click", () => choose(node.dataset.tool));
  byId("close-street").addEventListener("click", () => {
    const name = byId("street").value.trim();
    const rows = city.edge_names.flatMap((one, row) => (one && one === name ? [row] : []));
    if (rows.length) { toggle(rows, true); byId("street").value = ""; }
  });
}
