/* What the page needs first is asked for at once, and the streets are drawn before the map's bundle is looked at: that
   and a first WebGL take a browser seconds where there is no graphics card. */
(function () {
  "use strict";

  const { CLOSED, NO_VEHICLE, unpack } = window.cityBlocks, LONGEST_MS = 1500, NO_SKILL = 1, early = { paths: {}, blocks: null, sketch: null, over: false };
  window.cockpitEarly = early;

  /* An answer whose body may be read by whoever comes. */
  async function once(path) {
    const answer = await fetch(path, { cache: "no-store" });
    let body = null;
    return { ok: answer.ok, status: answer.status, json: () => (body = body || answer.json()) };
  }
  for (const path of ["/api/me", "/api/city", "/api/state"]) early.paths[path] = once(path).catch(() => null);
  early.paths["/api/hour"] = read("/api/state").then((state) => (state && state.hour ? once("/api/hour") : null)).catch(() => null);

  async function read(path) {
    const answer = await early.paths[path];
    return answer && answer.ok ? answer.json().catch(() => null) : null;
  }

  /* The view that a link asks for. */
  function asked() {
    const told = new URLSearchParams(location.hash.slice(1)), zoom = Number(told.get("z")), [longitude, latitude] = (told.get("c") || "").split(",").map(Number);
    return zoom && Number.isFinite(longitude) && Number.isFinite(latitude) ? { zoom, longitude, latitude } : null;
  }

  /* Codes of the streets now: of the hour's step, else of the state; where the twin has no skill it shows none. */
  async function codesOf(city, state, hour) {
    const n = city.edge_ids.length;
    if (hour && hour.speed) {
      const gone = hour.step_s && state ? Math.floor((Date.parse(state.now) - Date.parse(hour.made_at)) / (1000 * hour.step_s)) : 0;
      const step = Math.min(Math.max(gone, 0), hour.steps - 1), part = async (packed) => (await unpack(packed)).slice(step * n, (step + 1) * n);
      const codes = await part(hour.speed), sure = hour.sure ? await part(hour.sure) : [];
      sure.forEach((word, row) => { if (word === NO_SKILL) codes[row] = NO_VEHICLE; });
      for (const row of hour.closed[step] || []) codes[row] = CLOSED;
      return codes;
    }
    if (!state || !state.roads) return null;
    const ratio = state.roads.speed_ratio || [];
    const codes = Uint8Array.from({ length: n }, (_, i) => (Number.isFinite(ratio[i]) ? Math.round(Math.min(Math.max(ratio[i], 0), 1) * 200) : NO_VEHICLE));
    for (const row of state.roads.closed || []) codes[row] = CLOSED;
    return codes;
  }

  async function sketched() {
    const [city, state, hour] = await Promise.all(["/api/city", "/api/state", "/api/hour"].map(read));
    if (!city) return;
    early.blocks = window.cityBlocks.openBlocks(city.blocks);
    const [blocks, codes] = await Promise.all([early.blocks, codesOf(city, state, hour)]);
    if (early.over) return; // on a busy machine the map itself was first
    const spec = (city.maps || {})[document.documentElement.dataset.theme] || city.map;
    early.sketch = new window.CitySketch(document.getElementById("map"), spec, blocks, asked());
    early.sketch.draw(codes);
    document.getElementById("map-message").textContent = "";
    await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
    early.sketchedAt = Date.now();
  }

  function loaded() {
    for (const name of ["deck.js", "cockpit.js"]) {
      const script = document.createElement("script");
      script.src = `/static/${name}`;
      script.async = false; // one after the other
      document.head.append(script);
    }
  }
  Promise.race([sketched().catch(() => undefined), new Promise((done) => { setTimeout(done, LONGEST_MS); })]).then(loaded);
})();
