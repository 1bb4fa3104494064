/* The maps: drawing, side by side, and the difference; two maps that move together. */
const FASTER = [86, 180, 233], SLOWER = [240, 120, 30], SAME = { dark: [66, 74, 88], light: [200, 198, 194] };
const FEW = [62, 80, 130], SOME = [53, 183, 121], MANY = [253, 231, 37];
let middle = 0; /* the city's longitude, for a guess of its time zone */
let right = null, view = "edit", moved = false; /* moved: the planner has chosen what to look at */

const mix = (a, b, t) => a.map((x, i) => Math.round(x + (b[i] - x) * Math.min(Math.max(t, 0), 1)));
const threeWay = (low, middle, high, t) => (t < 0 ? mix(middle, low, -t) : mix(middle, high, t));

async function openCity() {
  for (;;) {
    try { city = await (await ask("/api/city")).json(); break; } catch (error) {
      lost("what_if.away");
      await new Promise((done) => { setTimeout(done, 3000); });
    }
  }
  lost("");
  byId("city").textContent = `· ${city.name}`;
  byId("attribution").textContent = city.attribution;
  rowOf = new Map(city.edge_ids.map((id, row) => [id, row]));
  byId("streets").append(...[...new Set(city.edge_names.filter(Boolean))].sort().map((name) => { const node = make("option"); node.value = name; return node; }));
  const blocks = await window.cityMap.openBlocks(city.blocks);
  middle = (blocks.box[0] + blocks.box[2]) / 2;
  try {
    map = new window.cityMap.CityMap(byId("map"), inColours(city), blocks, tips(0));
    wireLeft();
    byId("map-message").hidden = true;
  } catch (error) { noMap(); }
}

function noMap() {
  byId("map-message").textContent = word("what_if.no_webgl");
  for (const node of document.querySelectorAll("[data-tool]")) node.disabled = node.dataset.tool !== "rain";
  byId("hint").textContent = word("what_if.by_name");
}

const tips = (side) => ({ tooltip: (info) => tooltip(info, side) });
function wireLeft() {
  map.onView = (seen, how) => { moved = moved || Boolean(how && (how.isDragging || how.isZooming || how.isPanning)); if (right) right.look(still(seen)); };
  window.whatIfMap = map;
}
function wireRight() {
  right.onView = (seen) => { moved = true; map.look(still(seen)); };
  window.whatIfRight = right;
}

/* Both maps in the other colours. */
function recolour() {
  if (!map) return;
  const blocks = map.blocks;
  map = mapAgain(map, byId("map"), inColours(city), blocks, tips(0));
  wireLeft();
  if (right) { right = mapAgain(right, byId("map-right"), inColours(city), blocks, tips(1)); wireRight(); }
}

const still = (seen) => ({ longitude: seen.longitude, latitude: seen.latitude, zoom: seen.zoom });

function openRight() {
  if (right) return;
  right = new window.cityMap.CityMap(byId("map-right"), inColours(city), map.blocks, tips(1));
  wireRight();
}

/* Which figures are on a side: 0 the left one (before), 1 the chosen response; null where nothing is to be shown. */
function figuresOf(side) {
  if (!streets) return null;
  const name = byId("column").value;
  if (name === "settled") return { label: "settled", veh_h: streets.settled[side ? "after_pcu_h" : "before_pcu_h"], closed: side ? [...closedIn()] : [] };
  return streets.columns[side ? Number(name) : 0];
}
const closedIn = () => new Set(streets.columns.flatMap((one) => one.closed));
const figure = () => (byId("column").value === "settled" ? "flow" : byId("figure").value);
const most = () => Math.max(1, ...streets.columns[0].veh_h, ...(streets.settled ? streets.settled.before_pcu_h : []));

function colour(which, colourOf, widthOf) {
  const shape = which.blocks.streets, tones = new Uint8Array(4 * shape.count), widths = new Float32Array(shape.count);
  for (let row = 0; row < shape.count; row += 1) {
    widths[row] = widthOf(row);
    if (widths[row]) tones.set(colourOf(row), 4 * row);
  }
  which.mesh("speed", shape, 1, widths, tones);
}
function shut(which, rows) { which.someStreets("closed", rows.map((row) => ({ row, width: 4.5 })), 1); }

function paintSide(which, figures) {
  if (figure() === "speed") {
    const codes = new Uint8Array(city.edge_ids.length).fill(window.cityMap.NO_VEHICLE);
    figures.speed_ratio.forEach((ratio, row) => { if (ratio !== null) codes[row] = Math.round(ratio * 200); });
    figures.closed.forEach((row) => { codes[row] = window.cityMap.CLOSED; });
    which.roads(codes);
  } else {
    const top = most(), size = (row) => figures.veh_h[row] / top;
    colour(which, (row) => [...(size(row) < 0.5 ? mix(FEW, SOME, 2 * size(row)) : mix(SOME, MANY, 2 * size(row) - 1)), 255], (row) => (figures.veh_h[row] > 0 ? 1 + 8 * Math.sqrt(size(row)) : 0));
    shut(which, figures.closed);
  }
  which.wet(figures.depth_m || []);
  which.draw();
}

/* Above 0 is worse: slower, or more vehicles. */
function differenceOf(row) {
  const [a, b] = [figuresOf(0), figuresOf(1)];
  if (figure() === "flow") return { value: b.veh_h[row] - a.veh_h[row], share: (b.veh_h[row] - a.veh_h[row]) / (0.5 * most()) };
  const [x, y] = [a.speed_ratio[row], b.speed_ratio[row]];
  return x === null || y === null ? null : { value: y - x, share: (x - y) / 0.4 };
}

function paintDifference() {
  colour(map, (row) => { const told = differenceOf(row); return told ? [...threeWay(FASTER, SAME[window.cityLook.theme], SLOWER, told.share), 255] : [0, 0, 0, 0]; },
    (row) => { const told = differenceOf(row); return told && told.value ? 1.5 + 5 * Math.min(Math.abs(told.share), 1) : 0; });
  shut(map, figuresOf(1).closed);
  map.wet(figuresOf(1).depth_m || []);
  map.draw();
}

function showPlaces() {
  if (!map || view !== "edit") return;
  const codes = new Uint8Array(city.edge_ids.length).fill(window.cityMap.NO_VEHICLE);
  for (const row of closed) codes[row] = window.cityMap.CLOSED;
  items.filter((one) => one.kind === "incident").forEach((one) => { codes[one.row] = window.cityMap.CLOSED; });
  map.roads(codes);
  map.wet([]);
  const at = map.blocks.streets;
  const marks = items.flatMap((one) => {
    if (one.kind === "event") return [{ kind: "venue", label: one.name, lon: one.lon, lat: one.lat }];
    if (one.kind !== "incident") return [];
    const middle = (at.starts[one.row] + at.starts[one.row + 1]) >> 1;
    return [{ kind: "call", label: word("what_if.tool.incident"), lon: at.xy[2 * middle], lat: at.xy[2 * middle + 1] }];
  });
  map.markers([...map.blocks.markers, ...marks]);
  map.draw();
}

function paint() {
  if (!map) return;
  if (view === "edit" || !streets) showPlaces();
  else if (view === "difference") paintDifference();
  else { openRight(); paintSide(map, figuresOf(0)); paintSide(right, figuresOf(1)); }
  showLegend();
}

const labelOf = (label) => { const short = label.split("(")[0]; return has(`what_if.response.${short}`) ? word(`what_if.response.${short}`) + label.slice(short.length).replace("(", " (") : word("what_if.settled"); };

/* Which views there are for what was found so far. */
function showViews() {
  const chosenBefore = byId("column").value, there = Boolean(streets);
  const options = there ? streets.columns.slice(1).map((one, i) => [String(i + 1), labelOf(one.label)]) : [];
  if (there && streets.settled) options.push(["settled", word("what_if.settled")]);
  byId("column").replaceChildren(...options.map(([value, words]) => { const node = make("option", "", words); node.value = value; return node; }));
  if (options.some(([value]) => value === chosenBefore)) byId("column").value = chosenBefore;
  for (const one of ["column", "figure"]) byId(one).parentElement.hidden = byId(one).disabled = !there;
  const kind = byId("figure").value || "speed";
  byId("figure").replaceChildren(...["speed", "flow"].map((name) => { const node = make("option", "", word(`what_if.figure.${name}`)); node.value = name; return node; }));
  byId("figure").value = kind;
  for (const node of document.querySelectorAll(".bar [data-view]")) node.disabled = node.dataset.view !== "edit" && !there;
  if (!there && view !== "edit") look("edit");
}

function look(name) {
  view = name;
  document.body.dataset.view = name;
  byId("right").hidden = name !== "split";
  byId("left-caption").hidden = name === "edit";
  for (const node of document.querySelectorAll(".bar [data-view]")) node.setAttribute("aria-pressed", String(node.dataset.view === name));
  if (name !== "edit" && tool) choose(tool);
  if (streets) {
    byId("left-caption").textContent = name === "split" ? word("what_if.response.before") : word("what_if.view.difference");
    byId("right-caption").textContent = byId("column").selectedOptions[0] ? byId("column").selectedOptions[0].textContent : "";
  }
  requestAnimationFrame(() => { if (map && !moved) map.look(map.home()); paint(); if (right && name === "split") right.look(still(map.view)); });
}

function swatch(name, words) {
  const node = make("span");
  node.append(make("i", `swatch ${name}`), document.createTextNode(words));
  return node;
}
function showLegend() {
  const shown = [];
  if (view === "difference") shown.push(make("span", "", word("what_if.legend.faster")), swatch("difference", ""), make("span", "", word("what_if.legend.slower")), make("span", "faint", word("what_if.legend.single")));
  else if (view === "split" && figure() === "speed") shown.push(make("span", "", word("legend.speed")), make("span", "", "0"), swatch("speed", ""), make("span", "", "1"));
  else if (view === "split") shown.push(swatch("flow", word("what_if.legend.flow", { most: number(most()) })));
  shown.push(swatch("closed", word("legend.closed")));
  if (view !== "edit" && byId("column").value === "settled") shown.push(make("span", "faint", word("what_if.settled_hint")));
  byId("legend").replaceChildren(...shown);
}

function tooltip(info, side) {
  if (!info.layer || info.index < 0 || info.layer.id !== "speed") return null;
  const name = city.edge_names[info.index] || word("what_if.nameless");
  if (view === "edit" || !streets) return { text: name };
  if (view === "difference") {
    const told = differenceOf(info.index);
    if (!told) return { text: name };
    return { text: `${name}\n${figure() === "flow" ? number(told.value, true) : `${number(100 * told.value, true)} %`}` };
  }
  const figures = figuresOf(side);
  const ratio = figures.speed_ratio ? figures.speed_ratio[info.index] : null;
  return { text: [name, ratio === null ? "" : `${word("legend.speed")}: ${Math.round(100 * ratio)} %`, `${word("what_if.figure.flow")}: ${number(figures.veh_h[info.index])}`].filter(Boolean).join("\n") };
}

function wireMaps() {
  for (const node of document.querySelectorAll(".bar [data-view]")) node.addEventListener("click", () => look(node.dataset.view));
  for (const name of ["column", "figure"]) byId(name).addEventListener("change", () => look(view));
  for (const node of document.querySelectorAll("[data-zoom]")) {
    node.addEventListener("click", () => {
      const step = Number(node.dataset.zoom);
      if (!map) return;
      moved = Boolean(step);
      if (step) map.zoomBy(step * 0.7); else { map.look(map.home()); if (right) right.look(still(map.view)); }
    });
  }
}
