/* What is looked at stands in the address: another screen that opens the link sees the same moment, place and thing. */
let writing = 0;

function addressNow() {
  const told = new URLSearchParams();
  if (map) {
    told.set("z", map.view.zoom.toFixed(2));
    told.set("c", `${map.view.longitude.toFixed(5)},${map.view.latitude.toFixed(5)}`);
  }
  if (moment && hour) told.set("m", String(Math.round((moment * hour.step_s) / 60)));
  if (picked) told.set("s", `${picked.layer}:${picked.id}`);
  told.set("off", [...hidden].sort().join(","));
  told.set("lang", language() === 1 ? "zh" : "en");
  told.set("theme", theme());
  return `#${told.toString().replace(/%2C/g, ",").replace(/%3A/g, ":")}`;
}

/* Not at every frame of a pan: browsers refuse too many. */
function writeAddress() {
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, "", addressNow()), 300);
}

let wanted = null;
function readAddress() {
  const told = new URLSearchParams(location.hash.slice(1));
  wanted = told;
  const c = (told.get("c") || "").split(",").map(Number), z = Number(told.get("z"));
  if (told.has("off")) { hidden.clear(); for (const layer of told.get("off").split(",").filter(Boolean)) hidden.add(layer); }
  const s = told.get("s") || "", colon = s.indexOf(":");
  picked = colon > 0 && (s.slice(0, colon) === "street" || THINGS.includes(s.slice(0, colon))) ? { layer: s.slice(0, colon), id: s.slice(colon + 1) } : null;
  return Number.isFinite(z) && z && c.length === 2 && c.every(Number.isFinite) ? { zoom: z, longitude: c[0], latitude: c[1] } : null;
}

/* The moment is known in steps only once there is an hour. */
function momentWanted() {
  if (!wanted || !hour || !hour.step_s) return;
  moment = Math.min(Math.max(Math.round((60 * Number(wanted.get("m") || 0)) / hour.step_s), 0), stepsLeft());
  wanted = null;
}

function wireAddress() {
  window.addEventListener("hashchange", () => {
    const view = readAddress();
    if (map && view) map.look(view);
    show();
  });
  byId("share").addEventListener("click", async () => {
    history.replaceState(null, "", addressNow());
    try { await navigator.clipboard.writeText(location.href); byId("share").dataset.done = "yes"; } catch (error) { window.prompt(word("live.share"), location.href); }
    setTimeout(() => { delete byId("share").dataset.done; }, 2000);
  });
}
