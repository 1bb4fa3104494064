/* What changes: closed streets, rain, events, incidents; and what an opened file has beside these, kept as it is. */
const closed = new Set();
let items = [], kept = [], base = {};

const pad = (n) => String(n).padStart(2, "0");
const minutesOf = (hour) => Number(hour.slice(0, 2)) * 60 + Number(hour.slice(3, 5));
function offset() {
  const value = Number(byId("zone").value) || 0, size = Math.round(Math.abs(value) * 60);
  return `${value < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}
/* A moment of the day asked about; hours before its beginning are of the next day. */
function momentAt(hour, more = 0) {
  const from = minutesOf(byId("from").value || "00:00"), at = minutesOf(hour);
  const date = new Date(`${byId("day").value}T00:00:00Z`);
  date.setUTCMinutes(at + more + (at < from ? 1440 : 0));
  return `${date.toISOString().slice(0, 19)}${offset()}`;
}
const hourIn = (iso) => iso.slice(11, 16);

function toggle(rows, shut) {
  for (const row of rows) if (shut) closed.add(row); else closed.delete(row);
  showChanges();
}
function addRain() {
  items = items.filter((one) => one.kind !== "rain");
  items.push({ kind: "rain", mm: 30, minutes: 60, begins: byId("from").value, slows: true, floods: true, depths: false });
  showChanges();
}
function addEvent([lon, lat]) {
  const name = `${word("what_if.tool.event")} ${items.filter((one) => one.kind === "event").length + 1}`;
  items.push({ kind: "event", name, lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)), people: 5000, ends: byId("from").value, cars: 0.08 });
  showChanges();
}
function addIncident(row) {
  items.push({ kind: "incident", row, begins: byId("from").value, minutes: 30, call: false });
  showChanges();
}

/* All of it as interventions of a scenario file. */
function interventions() {
  const told = [];
  if (closed.size) told.push({ kind: "road_closure", edges: [...closed].sort((a, b) => a - b).map((row) => city.edge_ids[row]) });
  items.forEach((one, number) => {
    if (one.kind === "rain") {
      told.push({ kind: "rainfall", chicago: { begin: momentAt(one.begins), depth_mm: one.mm, duration_s: one.minutes * 60 },
        on_roads: one.floods, on_drivers: one.slows, assume_depths: one.depths, source: one.source || word("what_if.rain_source", one) });
    } else if (one.kind === "event") {
      told.push({ ...(one.more || {}), kind: "event", name: one.name, at: { lon: one.lon, lat: one.lat }, people: one.people, ends: momentAt(one.ends), car_share: one.cars });
    } else {
      const edge = city.edge_ids[one.row];
      told.push({ kind: "road_closure", edges: [edge], begin: momentAt(one.begins), end: momentAt(one.begins, one.minutes) });
      if (one.call) told.push({ kind: "emergency_call", call_id: `incident-${number + 1}`, time: momentAt(one.begins), at: { edge } });
    }
  });
  return [...told, ...kept];
}

/* What a file says, as far as it can be drawn; gives the kinds that cannot, which stay as they are. */
function drawn(list) {
  closed.clear();
  items = [];
  kept = [];
  for (const one of list) {
    if (one.kind === "road_closure" && !one.begin && !one.end) one.edges.forEach((id) => { if (rowOf.has(id)) closed.add(rowOf.get(id)); });
    else if (one.kind === "road_closure" && one.begin && one.end && one.edges.length === 1 && rowOf.has(one.edges[0])) {
      items.push({ kind: "incident", row: rowOf.get(one.edges[0]), begins: hourIn(one.begin), minutes: Math.round((Date.parse(one.end) - Date.parse(one.begin)) / 60000), call: false });
    } else if (one.kind === "rainfall" && one.chicago && one.chicago.depth_mm && !items.some((item) => item.kind === "rain")) {
      items.push({ kind: "rain", mm: one.chicago.depth_mm, minutes: one.chicago.duration_s / 60, begins: hourIn(one.chicago.begin), slows: one.on_drivers, floods: one.on_roads, depths: one.assume_depths, source: one.source });
    } else if (one.kind === "event" && one.at.lon !== null && one.at.lon !== undefined && !one.begins) {
      items.push({ kind: "event", name: one.name, lon: one.at.lon, lat: one.at.lat, people: one.people, ends: hourIn(one.ends), cars: one.car_share, more: { event_kind: one.event_kind, egress_s: one.egress_s, party_size: one.party_size, exits: one.exits } });
    } else kept.push(one);
  }
  showChanges();
  return [...new Set(kept.map((one) => one.kind))];
}

function field(one, key, told, attributes) {
  const node = make("label", "", word(told)), input = make("input");
  Object.entries(attributes).forEach(([name, value]) => input.setAttribute(name, value));
  if (attributes.type === "checkbox") {
    input.checked = one[key];
    node.className = "check";
    node.prepend(input);
  } else {
    input.value = one[key];
    node.append(input);
  }
  input.addEventListener("change", () => {
    one[key] = attributes.type === "checkbox" ? input.checked : attributes.type === "number" ? Number(input.value) : input.value;
    showPlaces();
  });
  return node;
}

const NUMBER = (min, max, step) => ({ type: "number", min, max, step, required: "" });
const TIME = { type: "time", required: "" }, CHECK = { type: "checkbox" };
const FIELDS = {
  rain: [["begins", "what_if.begins", TIME], ["minutes", "what_if.minutes", NUMBER(5, 720, 5)], ["mm", "what_if.mm", NUMBER(1, 400, 1)]],
  event: [["name", "what_if.name", { maxlength: "60", required: "" }], ["people", "what_if.people", NUMBER(1, 1000000, 1)], ["ends", "what_if.ends", TIME], ["cars", "what_if.car_share", NUMBER(0, 1, 0.01)]],
  incident: [["begins", "what_if.begins", TIME], ["minutes", "what_if.incident_lasts", NUMBER(1, 720, 1)]],
};
const CHECKS = {
  rain: [["slows", "what_if.rain_slows"], ["floods", "what_if.rain_floods"], ["depths", "what_if.rain_depths"]],
  event: [],
  incident: [["call", "what_if.incident_call"]],
};

function card(title, remove) {
  const node = make("li"), head = make("div", "head"), gone = make("button", "", word("what_if.remove"));
  gone.type = "button";
  gone.setAttribute("aria-label", `${word("what_if.remove")}: ${title}`);
  gone.addEventListener("click", () => { remove(); showChanges(); });
  head.append(make("b", "", title), gone);
  node.append(head);
  return node;
}

function closureCard() {
  const names = [...new Set([...closed].map((row) => city.edge_names[row] || word("what_if.nameless")))];
  const told = word("what_if.closed_streets", { count: closed.size, names: names.slice(0, 4).join(", ") + (names.length > 4 ? " …" : "") });
  return card(told, () => closed.clear());
}

function itemCard(one) {
  const street = one.kind === "incident" ? ` · ${city.edge_names[one.row] || word("what_if.nameless")}` : "";
  const node = card(word(`what_if.tool.${one.kind}`) + street, () => { items = items.filter((other) => other !== one); });
  const row = make("div", "row");
  row.append(...FIELDS[one.kind].map(([key, told, attributes]) => field(one, key, told, attributes)));
  node.append(row, ...CHECKS[one.kind].map(([key, told]) => field(one, key, told, CHECK)));
  if (one.kind === "incident") node.append(make("p", "faint", word("what_if.incident_note")));
  return node;
}

function showChanges() {
  const cards = [...(closed.size ? [closureCard()] : []), ...items.map(itemCard), ...kept.map((one) => card(one.kind, () => { kept = kept.filter((other) => other !== one); }))];
  byId("changes").replaceChildren(...(cards.length ? cards : [make("li", "empty", word("what_if.nothing_drawn"))]));
  showPlaces();
}
