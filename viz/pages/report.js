/* The report: one clock for every map, one choice of scenario, two languages. */
(function () {
  "use strict";

  const page = JSON.parse(document.getElementById("data-page").textContent);
  const byId = (id) => document.getElementById(id);
  const maps = [];
  let frame = 0, shown = page.shown, playing = null, resting = null;

  function language() { return document.documentElement.lang === "en" ? 0 : 1; }
  function word(key) { return (page.text[key] || [key, key])[language()]; }

  function label() {
    for (const node of document.querySelectorAll("[data-label]")) {
      node.setAttribute("aria-label", word(node.dataset.label));
      node.title = word(node.dataset.label);
    }
    byId("slider").setAttribute("aria-label", word("report.time"));
    byId("language").title = word("language.switch");
  }

  function clockOf(timeS) {
    const minutes = Math.floor(page.zero_min + timeS / 60) % 1440, two = (n) => String(n).padStart(2, "0");
    return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  }

  /* Where along its route a unit is, evenly spaced between dispatch and arrival; null before and long after. */
  function place(call, timeS) {
    if (call.dispatch_s === null || timeS < call.dispatch_s || call.path.length < 2) return null;
    const share = call.arrival_s === null ? 0 : Math.min((timeS - call.dispatch_s) / Math.max(call.arrival_s - call.dispatch_s, 1), 1);
    const lengths = [0];
    for (let i = 1; i < call.path.length; i += 1) {
      const [a, b] = [call.path[i - 1], call.path[i]];
      lengths.push(lengths[i - 1] + Math.hypot((b[0] - a[0]) * Math.cos((a[1] * Math.PI) / 180), b[1] - a[1]));
    }
    const wanted = share * lengths[lengths.length - 1];
    let i = 1;
    while (i < lengths.length - 1 && lengths[i] < wanted) i += 1;
    const part = (wanted - lengths[i - 1]) / Math.max(lengths[i] - lengths[i - 1], 1e-12);
    const [a, b] = [call.path[i - 1], call.path[i]];
    return { lon: a[0] + (b[0] - a[0]) * part, lat: a[1] + (b[1] - a[1]) * part };
  }

  function slice(array) {
    const count = array.shape[1];
    return array.subarray(frame * count, (frame + 1) * count);
  }

  function other() {
    if (shown !== page.base) return shown;
    return Object.keys(page.calls).find((key) => key !== page.base && page.calls[key].length) || page.base;
  }

  /* Maps on the screen follow at once; the others when the clock rests. */
  function show() {
    byId("clock").textContent = clockOf(page.times_s[frame]);
    byId("slider").value = frame;
    for (const map of maps) map.stale = true;
    update(maps.filter((map) => map.onScreen));
    clearTimeout(resting);
    resting = setTimeout(() => update(maps), 350);
  }

  function update(some) {
    const timeS = page.times_s[frame];
    for (const map of some.filter((one) => one.stale)) {
      map.stale = false;
      const kind = map.spec.kind, roads = map.blocks.roads[shown], crowd = map.blocks.crowd[shown];
      if (roads && (kind === "traffic" || kind === "flood")) map.roads(slice(roads));
      if (kind === "flood" || kind === "ambulance") map.flood(frame);
      if (kind === "crowd") map.crowd(crowd ? slice(crowd) : new Uint8Array(map.blocks.walk.count));
      if (kind === "ambulance") {
        const before = page.calls[page.base] || [], after = other() === page.base ? [] : page.calls[other()];
        map.routes(before, after);
        const moving = [[before, [213, 94, 0]], [after, [0, 114, 178]]].flatMap(([calls, colour]) =>
          calls.map((call) => ({ call, at: place(call, timeS), colour })).filter((d) => d.at)
            .map((d) => ({ ...d.at, colour: d.colour, unit: d.call.unit_id })));
        map.units(moving);
      }
      map.draw();
    }
  }

  function choose(key) {
    shown = key;
    for (const node of document.querySelectorAll(".choice")) node.setAttribute("aria-pressed", String(node.dataset.key === key));
    show();
  }

  function play(on) {
    byId("play").setAttribute("aria-pressed", String(on));
    document.querySelector("#play .icon").textContent = on ? "❚❚" : "▶";
    clearTimeout(playing);
    playing = null;
    if (!on) return;
    if (frame >= page.times_s.length - 1) frame = -1;
    const step = () => {
      if (frame >= page.times_s.length - 1) { play(false); return; }
      frame += 1;
      show();
      playing = setTimeout(step, 220);
    };
    step();
  }

  function tooltip(info, map) {
    if (!info.layer || info.index < 0) return null;
    const id = info.layer.id, d = info.object;
    const lines = [];
    if (id === "speed") {
      const code = map.codes[info.index];
      lines.push(page.edge_names[info.index], code <= 200 ? `${word("legend.speed")}: ${Math.round(code / 2)} %` : "");
    } else if (id === "crowd") {
      const code = map.density[info.index];
      if (code) lines.push(`${((code - 1) / 40).toFixed(1)} / m²`);
    } else if (id === "before" || id === "after") {
      lines.push(`${d.call_id} · ${d.unit_id}`, word(`legend.${id}`), d.response_s === null ? word("report.unanswered") : `${(d.response_s / 60).toFixed(1)} min`);
    } else if (id === "markers") lines.push(d.label, word(`marker.${d.kind}`));
    else if (id === "units") lines.push(d.unit);
    const told = lines.filter(Boolean).join("\n");
    return told ? { text: told } : null;
  }

  function link(map) {
    map.onView = (view) => {
      for (const twin of maps) if (twin !== map) twin.look({ longitude: view.longitude, latitude: view.latitude, zoom: view.zoom });
    };
    for (const button of map.container.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => {
        const step = Number(button.dataset.zoom);
        if (step) map.zoomBy(step * 0.7);
        else { map.look(map.home()); map.onView(map.view); }
      });
    }
  }

  async function start() {
    label();
    const slider = byId("slider");
    slider.max = page.times_s.length - 1;
    byId("language").addEventListener("click", () => {
      document.documentElement.lang = language() === 0 ? "zh-CN" : "en";
      label();
    });
    const blocks = await window.cityMap.openBlocks(page.blocks);
    for (const container of document.querySelectorAll(".canvas")) {
      const spec = page.maps.find((map) => map.kind === container.dataset.kind);
      try {
        const map = new window.cityMap.CityMap(container, spec, blocks, { tooltip });
        map.onScreen = true;
        maps.push(map);
        link(map);
      } catch (error) {
        container.querySelector(".failed").hidden = false;
      }
    }
    const watch = new IntersectionObserver((entries) => {
      for (const entry of entries) maps.find((map) => map.container === entry.target).onScreen = entry.isIntersecting;
      update(maps.filter((map) => map.onScreen));
    });
    for (const map of maps) watch.observe(map.container);
    slider.addEventListener("input", () => { play(false); frame = Number(slider.value); show(); });
    byId("play").addEventListener("click", () => play(playing === null));
    for (const node of document.querySelectorAll(".choice")) node.addEventListener("click", () => choose(node.dataset.key));
    frame = Math.floor(page.times_s.length / 2);
    choose(shown);
    window.addEventListener("beforeprint", () => {
      for (const node of document.querySelectorAll("details")) node.open = true;
      update(maps);
      for (const map of maps) {
        map.deck.redraw("print");
        let image = map.container.querySelector("img.printed");
        if (!image) { image = document.createElement("img"); image.className = "printed"; image.alt = ""; map.container.appendChild(image); }
        image.src = map.container.querySelector("canvas").toDataURL("image/png");
      }
    });
    window.reportReady = true;
    window.reportMaps = maps;
  }

  start();
})();
