/* Layers of the map: which there are, which are shown, and the signs of things that stand somewhere. */
const hidden = new Set(["areas", "parks", "sensors", "signals", "cameras"]);
const THINGS = ["parks", "cameras", "signals", "sensors", "units", "sites", "ponds"];

/* What a thing's colour and sign say at a step: [tone, sign or nothing for the layer's own]. */
const STANDING = {
  ponds: (row) => (row.reach_s === 0 ? ["bad", "!"] : row.reach_s !== null ? ["watch"] : row.sooner_s !== null ? ["soon"] : ["idle"]),
  sites: (row, step) => {
    const share = row.holds ? row.people[step] / row.holds : 0;
    return share >= 1 ? ["bad", "!"] : share >= 0.8 ? ["watch"] : [row.holds ? "plain" : "idle"];
  },
  parks: (row) => (row.taken === null ? ["idle"] : row.taken >= 0.95 * row.capacity ? ["bad", "!"] : ["plain"]),
  sensors: (row) => (row.fault ? ["bad", "!"] : row.status === "silent" ? ["bad", "×"] : row.status === "late" ? ["watch", "…"] : ["good"]),
  signals: (row) => (row.state === "changed" ? ["watch"] : ["idle"]),
  cameras: () => ["plain"],
  units: (row) => (row.state === "busy" ? ["idle", "–"] : ["plain"]),
};

const placed = (row) => Number.isFinite(row.lon) && Number.isFinite(row.lat);
const layerRows = (layer) => ((hour && hour.rows) || {})[layer] || [];

function thingsShown(step) {
  const { tones, signs } = map.spec;
  return THINGS.filter((layer) => !hidden.has(layer)).flatMap((layer) => layerRows(layer).filter(placed).map((row) => {
    const [tone, sign] = STANDING[layer](row, step);
    return { layer, row, lon: row.lon, lat: row.lat, colour: tones[tone], sign: sign || signs[layer] };
  }));
}

/* A layer that has nothing in this city is not offered. */
function offered(layer) {
  if (!hour) return ["speed", "wet", "crowd", "units"].includes(layer);
  if (layer === "speed") return true;
  if (layer === "queue") return Boolean(hour.queue);
  if (layer === "wet") return Boolean(hour.depth);
  if (layer === "crowd") return Boolean(hour.crowd);
  if (layer === "units") return layerRows("units").length + (state.units || []).length > 0;
  return layerRows(layer).length > 0;
}

function showLayers() {
  for (const node of document.querySelectorAll(".layer")) {
    const layer = node.dataset.layer, on = !hidden.has(layer), there = offered(layer);
    node.hidden = !there;
    node.setAttribute("aria-pressed", String(on));
    const legend = document.querySelector(`[data-legend=${layer}]`);
    if (legend) legend.hidden = !on || !there;
  }
}

function toggleLayer(layer) {
  if (hidden.has(layer)) hidden.delete(layer); else hidden.add(layer);
  writeAddress();
  show();
}

function wireLayers() {
  byId("layers").open = window.innerWidth > 760;
  for (const node of document.querySelectorAll(".layer")) node.addEventListener("click", () => toggleLayer(node.dataset.layer));
}
