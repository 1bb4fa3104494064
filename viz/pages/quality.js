/* The quality page: one map of doubts and repairs, lists that fly to them, two languages. */
(function () {
  "use strict";

  const page = JSON.parse(document.getElementById("data-page").textContent);
  const byId = (id) => document.getElementById(id);
  const TOP = 50, PAGE = 60, SIDE = 64, REPAIRS = page.groups.length - 1;
  const hidden = new Set();
  let map = null, doubts = null, repairs = null, chosen = null, ringed = null, repairsShown = PAGE;

  function language() { return document.documentElement.lang === "en" ? 0 : 1; }
  function word(key, values) {
    let text = (page.text[key] || [key, key])[language()];
    for (const [name, value] of Object.entries(values || {})) text = text.replace(`{${name}}`, value);
    return text;
  }
  function make(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  /* Signs: a shape and a colour for each group, with a light rim so that they stand apart where they overlap. */
  function corners(count, turn, inner) {
    const points = [];
    for (let i = 0; i < count * (inner ? 2 : 1); i += 1) {
      const angle = turn + (i * 2 * Math.PI) / (count * (inner ? 2 : 1)), r = inner && i % 2 ? inner : 1;
      points.push([r * Math.cos(angle), r * Math.sin(angle)]);
    }
    return points;
  }
  const UP = -Math.PI / 2;
  const SHAPES = {
    diamond: corners(4, UP), triangle: corners(3, UP), square: corners(4, Math.PI / 4), pentagon: corners(5, UP),
    star: corners(5, UP, 0.45), drop: corners(3, -UP),
    cross: [[-0.32, -0.95], [0.32, -0.95], [0.32, -0.32], [0.95, -0.32], [0.95, 0.32], [0.32, 0.32], [0.32, 0.95],
      [-0.32, 0.95], [-0.32, 0.32], [-0.95, 0.32], [-0.95, -0.32], [-0.32, -0.32]],
  };
  function drawSign(context, shape, colour, x, y, size) {
    const r = size * 0.4;
    context.beginPath();
    if (shape === "circle") context.arc(x, y, r * 0.9, 0, 2 * Math.PI);
    else for (const [u, v] of SHAPES[shape]) context.lineTo(x + r * u, y + r * v);
    context.closePath();
    context.lineJoin = "round";
    context.lineWidth = size * 0.14;
    context.strokeStyle = "#fff";
    context.stroke();
    context.fillStyle = colour;
    context.fill();
    context.lineWidth = size * 0.035;
    context.strokeStyle = "rgba(0,0,0,.55)";
    context.stroke();
  }
  function sign(group) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE;
    drawSign(canvas.getContext("2d"), group.shape, group.colour, SIDE / 2, SIDE / 2, SIDE);
    return canvas;
  }
  function atlas() {
    const canvas = document.createElement("canvas"), mapping = {};
    canvas.width = SIDE * page.groups.length;
    canvas.height = SIDE;
    page.groups.forEach((group, i) => {
      drawSign(canvas.getContext("2d"), group.shape, group.colour, SIDE * (i + 0.5), SIDE / 2, SIDE);
      mapping[i] = { x: SIDE * i, y: 0, width: SIDE, height: SIDE, mask: false };
    });
    return { iconAtlas: canvas, iconMapping: mapping };
  }

  async function columns(packed) {
    return JSON.parse(new TextDecoder().decode(await window.cityMap.unpack(packed)));
  }

  /* The less influential below; a repair is as small as the smallest doubt. */
  function signs() {
    const most = Math.max(...doubts.influence, 1e-9), rows = [];
    repairs.at.forEach((at, row) => rows.push({ kind: "repair", row, at, group: REPAIRS, size: 11 }));
    doubts.at.forEach((at, row) => {
      rows.push({ kind: "doubt", row, at, group: doubts.group[row], size: 11 + 25 * Math.sqrt(doubts.influence[row] / most) });
    });
    rows.sort((a, b) => a.size - b.size);
    const beside = new Map();  // signs at one place stand side by side
    for (const d of rows) {
      const key = d.at.join(), before = beside.get(key) || 0;
      d.aside = before;
      beside.set(key, before + 0.8 * d.size);
    }
    return rows;
  }

  function drawSigns() {
    if (!map) return;
    map.set("signs", {
      ...map.atlas, data: map.rows.filter((d) => !hidden.has(d.group)),
      getPosition: (d) => d.at, getIcon: (d) => String(d.group), getSize: (d) => d.size, sizeScale: map.scale,
      getPixelOffset: (d) => [d.aside * map.scale, 0], updateTriggers: { getPixelOffset: map.scale },
    });
    const edges = chosen && chosen.kind === "doubt" ? doubts.edges[chosen.row] : [];
    map.someStreets("picked", [...edges].map((row) => ({ row, width: 9 })), 1);
    const rings = [];
    if (ringed) for (const one of page.checks[ringed]) rings.push({ kind: "place", at: one.lonlat, text: `${one.id} ${one.words}` });
    if (chosen) rings.push({ kind: "place", at: chosen.at, text: "" });
    map.set("rings", { data: rings, getPosition: (d) => d.at });
    map.draw();
  }

  /* Smaller signs where a whole large city is in view; again when the zoom has changed enough to see it. */
  function rescale() {
    const scale = Math.min(Math.max(0.55 + 0.17 * (map.view.zoom - 12), 0.4), 1.1);
    if (Math.abs(scale - map.scale) < 0.04) return;
    map.scale = scale;
    drawSigns();
  }

  function percent(value) { return value >= 0.0995 ? `${Math.round(100 * value)} %` : value >= 0.0005 ? `${(100 * value).toFixed(1)} %` : "< 0.1 %"; }

  function told(d) {
    if (d.kind === "place") return [d.text];
    if (d.kind === "repair") {
      const r = repairs, why = r.whys[r.why[d.row]][language()];
      return [why, `${r.before[d.row] || "–"} → ${r.after[d.row] || "–"}`, [r.rule[d.row], r.osm[d.row], r.net[d.row]].filter(Boolean).join(" · ")];
    }
    const lines = [language() ? doubts.zh[d.row] : doubts.en[d.row], doubts.remedies[doubts.remedy[d.row]][language()]];
    return [...lines, `${word("quality.influence")}: ${percent(doubts.influence[d.row])}`];
  }

  function showCard(d) {
    const card = byId("card"), text = byId("card-text");
    card.hidden = !d || d.kind === "place";
    if (card.hidden) return;
    text.replaceChildren(...told(d).map((line) => make("p", "", line)));
    const osm = (d.kind === "doubt" ? doubts.osm : repairs.osm)[d.row].split(" ").filter(Boolean);
    if (!osm.length) return;
    const links = make("p");
    for (const one of osm.slice(0, 6)) {
      const a = make("a", "", one), kind = { n: "node", w: "way", r: "relation" }[one[0]];
      if (!kind || !/^\d+$/.test(one.slice(1))) continue;
      a.href = `https://www.openstreetmap.org/${kind}/${one.slice(1)}`;
      a.target = "_blank";
      a.rel = "noopener noreferrer";
      a.title = word("quality.on_osm");
      links.append(a, " ");
    }
    if (osm.length > 6) links.append(`+${osm.length - 6}`);
    text.append(links);
  }

  function choose(d, fly) {
    chosen = d;
    showCard(d);
    for (const node of document.querySelectorAll(".row")) {
      node.setAttribute("aria-current", String(!!d && node.dataset.kind === d.kind && Number(node.dataset.row) === d.row));
    }
    drawSigns();
    if (map && d && fly && d.kind === "doubt" && doubts.city[d.row]) map.look(map.home());
    else if (map && d && fly) map.look({ longitude: d.at[0], latitude: d.at[1], zoom: Math.max(map.view.zoom, 16.3) });
    if (map && d && fly) rescale();
  }

  function row(d, parts, className) {
    const item = make("li"), button = make("button", `row ${className || ""}`);
    button.type = "button";
    button.dataset.kind = d.kind;
    button.dataset.row = d.row;
    button.append(...parts);
    button.setAttribute("aria-current", String(!!chosen && chosen.kind === d.kind && chosen.row === d.row));
    button.addEventListener("click", () => choose(d, true));
    item.append(button);
    return item;
  }

  function signNode(group) {
    const node = make("i", "sign");
    node.append(sign(page.groups[group]));
    node.title = word(`quality.group.${page.groups[group].key}`);
    return node;
  }

  function listDoubts() {
    if (!byId("doubt-rows")) return;
    const most = Math.max(...doubts.influence, 1e-9), order = doubts.influence.map((_, i) => i);
    const seen = order.filter((i) => !hidden.has(doubts.group[i])), top = seen.slice(0, TOP);
    byId("doubt-rows").replaceChildren(...top.map((i, rank) => {
      const text = make("span", "told", language() ? doubts.zh[i] : doubts.en[i]);
      text.append(make("small", "", doubts.remedies[doubts.remedy[i]][language()]));
      const share = make("span", "share", percent(doubts.influence[i])), bar = make("i");
      bar.style.width = `${Math.max(2, 100 * (doubts.influence[i] / most))}%`;
      bar.style.background = page.groups[doubts.group[i]].colour;
      share.append(bar);
      return row({ kind: "doubt", row: i, at: doubts.at[i] }, [make("span", "rank", String(rank + 1)), signNode(doubts.group[i]), text, share]);
    }));
    byId("doubts-shown").textContent = top.length ? word("quality.shown_of", { shown: top.length, count: seen.length }) : word("quality.nothing_found");
  }

  function listRepairs() {
    if (!byId("repair-rows")) return;
    const rule = byId("rule").value, asked = byId("search").value.trim().toLowerCase(), r = repairs, fits = [];
    for (let i = 0; i < r.rule.length; i += 1) {
      if (rule && r.rule[i] !== rule) continue;
      const text = [r.rule[i], r.osm[i], r.net[i], r.before[i], r.after[i], ...r.whys[r.why[i]]].join(" ").toLowerCase();
      if (!asked || text.includes(asked)) fits.push(i);
    }
    byId("repair-rows").replaceChildren(...fits.slice(0, repairsShown).map((i) => {
      const text = make("span", "told", r.whys[r.why[i]][language()]), change = make("small");
      change.append(make("code", "", r.before[i] || "–"), " → ", make("code", "", r.after[i] || "–"));
      text.append(change, make("small", "", [r.rule[i], r.osm[i], r.net[i]].filter(Boolean).join(" · ")));
      return row({ kind: "repair", row: i, at: r.at[i] }, [signNode(REPAIRS), text], "repair");
    }));
    byId("repairs-empty").hidden = fits.length > 0;
    byId("repair-rows").hidden = fits.length === 0;
    byId("more").hidden = fits.length <= repairsShown;
    byId("rule").options[0].textContent = word("quality.every_rule");
  }

  function label() {
    for (const node of document.querySelectorAll("[data-label]")) {
      node.setAttribute("aria-label", word(node.dataset.label));
      node.title = word(node.dataset.label);
    }
    byId("language").title = word("language.switch");
    byId("map").setAttribute("aria-label", word("quality.map"));
    if (byId("age")) byId("age").textContent = word("quality.age", { n: Math.max(0, Math.floor((Date.now() - Date.parse(page.data_date)) / 864e5)) });
    listDoubts();
    listRepairs();
    showCard(chosen);
  }

  function listen() {
    byId("language").addEventListener("click", () => {
      document.documentElement.lang = language() === 0 ? "zh-CN" : "en";
      label();
    });
    byId("card-close").addEventListener("click", () => choose(null));
    for (const node of document.querySelectorAll("[data-zoom]")) {
      node.addEventListener("click", () => {
        if (!map) return;
        if (Number(node.dataset.zoom)) map.zoomBy(Number(node.dataset.zoom) * 0.7);
        else map.look(map.home());
        rescale();
      });
    }
    for (const node of document.querySelectorAll(".group")) {
      node.querySelector(".sign").append(sign(page.groups[Number(node.dataset.group)]));
      node.addEventListener("click", () => {
        const group = Number(node.dataset.group);
        if (!hidden.delete(group)) hidden.add(group);
        node.setAttribute("aria-pressed", String(!hidden.has(group)));
        drawSigns();
        listDoubts();
      });
    }
    for (const node of document.querySelectorAll(".go")) {
      const at = [Number(node.dataset.lon), Number(node.dataset.lat)];
      node.addEventListener("click", () => choose({ kind: "place", row: -1, at, text: node.textContent }, true));
    }
    for (const node of document.querySelectorAll(".ring")) {
      node.addEventListener("click", () => {
        ringed = ringed === node.dataset.check ? null : node.dataset.check;
        for (const one of document.querySelectorAll(".ring")) one.setAttribute("aria-pressed", String(one.dataset.check === ringed));
        drawSigns();
        if (ringed && map) { map.look(map.home()); rescale(); }
      });
    }
    if (!byId("rule")) return;
    const again = () => { repairsShown = PAGE; listRepairs(); };
    byId("rule").addEventListener("change", again);
    byId("search").addEventListener("input", again);
    byId("more").addEventListener("click", () => { repairsShown += 5 * PAGE; listRepairs(); });
  }

  async function openMap() {
    const container = byId("map");
    try {
      const blocks = await window.cityMap.openBlocks(page.blocks);
      map = new window.cityMap.CityMap(container, page.map, blocks, {
        tooltip: (info) => (info.object && info.object.kind ? { text: told(info.object).filter(Boolean).join("\n") } : null),
      });
      map.atlas = atlas();
      map.rows = signs();
      map.deck.setProps({ onClick: (info) => choose(info.object && info.object.kind && info.object.kind !== "place" ? info.object : null) });
      map.scale = 0;
      map.onView = rescale;
      rescale();
    } catch (error) {
      map = null;
      container.querySelector(".failed-map").hidden = false;
    }
  }

  function printed() {
    window.addEventListener("beforeprint", () => {
      for (const node of document.querySelectorAll("details")) node.open = true;
      if (!map) return;
      map.deck.redraw("print");
      let image = map.container.querySelector("img.printed");
      if (!image) { image = make("img", "printed"); image.alt = ""; map.container.appendChild(image); }
      image.src = map.container.querySelector("canvas").toDataURL("image/png");
    });
  }

  async function start() {
    [doubts, repairs] = await Promise.all([columns(page.doubts), columns(page.repairs)]);
    listen();
    label();
    await openMap();
    printed();
    window.qualityReady = true;
    window.qualityMap = map;
  }

  start();
})();
