/* Now and the next hour in steps: what the server packs, or two steps made of a state that has no hour. */
const NOT_KNOWN = 255, NO_SKILL = 1, UNCHECKED = 2, SKILLED = 3;
let hour = null, fetching = "";

async function unpackHour(told) {
  const names = ["speed", "queue", "spread", "sure", "depth"];
  const arrays = await Promise.all(names.map((name) => (told[name] ? window.cityMap.unpack(told[name]) : null)));
  const open = Object.fromEntries(names.map((name, i) => [name, arrays[i]]));
  const crowd = told.crowd && { links: await window.cityMap.unpack(told.crowd.links), density: await window.cityMap.unpack(told.crowd.density) };
  return { ...told, ...open, crowd, made: Date.parse(told.made_at) };
}

/* People per m2 as codes: 0 nobody, else 1 + 40 x density. */
const densityCode = (density) => (density > 0 ? 1 + Math.min(Math.round(density * 40), 253) : 0);
function crowdOfState(links) {
  if (!links.length) return null;
  return { links: Int32Array.from(links, (one) => one[0]), density: Uint8Array.from(links, (one) => densityCode(one[1])) };
}

function speedCodes(ratios, n) {
  const out = new Uint8Array(n).fill(NOT_KNOWN);
  (ratios || []).forEach((ratio, i) => { if (ratio !== null) out[i] = Math.round(Math.min(Math.max(ratio, 0), 1) * 200); });
  return out;
}

function depthCodes(depths, n) {
  const out = new Uint8Array(n).fill(NOT_KNOWN);
  (depths || []).forEach((depth, i) => { if (depth !== null) out[i] = Math.min(Math.round(depth * 100), 254); });
  return out;
}

/* A state without an hour: now, and the end of its forecast. */
function hourOfState() {
  const n = city.edge_ids.length, later = state.forecast, steps = later && later.horizon_s ? 2 : 1;
  const join = (parts) => { const out = new Uint8Array(n * steps); parts.slice(0, steps).forEach((part, k) => out.set(part, k * n)); return out; };
  const roads = state.roads || {};
  return {
    id: null, made: Date.parse(state.now), made_at: state.now, step_s: later ? later.horizon_s : 0, steps,
    speed: join([speedCodes(roads.speed_ratio, n), speedCodes(later && later.roads_speed_ratio, n)]),
    depth: join([depthCodes(state.depth_m, n), depthCodes(later && later.depth_m, n)]),
    queue: null, spread: null, sure: null, rows: {},
    closed: [roads.closed || [], (later && later.closed) || []], crowd: crowdOfState(state.crowd || []),
  };
}

const sameHour = () => Boolean(hour && state.hour && hour.id === state.hour.id);

/* The hour that belongs to the state: fetched once for each picture. */
async function keepHour() {
  if (!city || !state) return;
  if (!state.hour) { hour = hourOfState(); return; }
  if (sameHour() || fetching === state.hour.id) return;
  fetching = state.hour.id;
  try {
    const answer = await asked("/api/hour");
    if (answer.ok) { hour = await unpackHour(await answer.json()); show(); }
  } finally {
    fetching = "";
  }
}

/* Steps of the hour that are over by the twin's clock. */
function stepsGone() {
  if (!hour || !hour.step_s) return 0;
  return Math.max(Math.floor((Date.parse(state.now) - hour.made) / (1000 * hour.step_s)), 0);
}
const tooOld = () => Boolean(hour && hour.step_s && hour.id !== null && stepsGone() >= hour.steps);
const stepShown = () => (hour ? Math.min(stepsGone() + moment, hour.steps - 1) : 0);
const stepsLeft = () => (hour ? Math.max(hour.steps - 1 - Math.min(stepsGone(), hour.steps - 1), 0) : 0);

/* One step of a packed array: a view, not a copy. */
function stepOf(array, step) {
  const n = city.edge_ids.length;
  return array ? array.subarray(step * n, (step + 1) * n) : null;
}
