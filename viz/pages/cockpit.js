/* The cockpit: one map, key figures, cards to decide on. The server sends the whole state; the view stays where it is. */
(function () {
  "use strict";

  const text = window.cockpitText;
  const byId = (id) => document.getElementById(id);
  const hidden = new Set();
  let city = null, map = null, state = null, moment = "now", deciding = null, seen = 0, opened = new Set();

  const language = () => (document.documentElement.lang === "en" ? 0 : 1);
  const has = (key) => Object.prototype.hasOwnProperty.call(text, key);
  function word(key, values) {
    const found = has(key) ? text[key][language()] : key.slice(key.indexOf(".") + 1);
    return found.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
  }
  const say = (words) => (words ? (language() === 0 ? words.en : words.zh) || words.en || "" : "");

  function make(tag, className, content) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (content !== undefined) node.textContent = content;
    return node;
  }

  function number(value, signed) {
    if (value === null || value === undefined || !Number.isFinite(value)) return "–";
    const size = Math.abs(value), digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
    const shown = size.toLocaleString("en-US", { maximumFractionDigits: digits });
    if (Number(shown.replace(/,/g, "")) === 0) return "0";
    return (value < 0 ? "−" : signed ? "+" : "") + shown;
  }

  function amount(value, unit, signed) {
    const long = unit === "s" && Math.abs(value) >= 600;
    const shown = number(long ? value / 60 : value, signed), one = `unit.one ${unit}`;
    const named = long ? "unit.min" : /^[+−]?1$/.test(shown) && has(one) ? one : `unit.${unit}`;
    return `${shown} ${unit ? word(named) : ""}`.trim();
  }

  /* Times are shown in the offset of the twin's own clock, wherever the browser is. */
  function local(iso) {
    const time = Date.parse(iso || ""), offset = /([+-])(\d\d):?(\d\d)$/.exec((state && state.now) || "");
    if (!Number.isFinite(time)) return "";
    const minutes = offset ? Number(offset[1] + "1") * (60 * Number(offset[2]) + Number(offset[3])) : 0;
    return new Date(time + 60000 * minutes).toISOString();
  }
  const hourOf = (iso) => local(iso).slice(11, 16);
  const dayOf = (iso) => local(iso).slice(0, 10);

  function linkState(kind) {
    document.body.dataset.link = kind;
    byId("link-words").textContent = word({ live: "cockpit.connected", lost: "cockpit.retrying", connecting: "cockpit.connecting" }[kind]);
    const lost = byId("lost");
    lost.hidden = kind !== "lost";
    if (kind === "lost") lost.textContent = word("cockpit.lost", { time: state ? hourOf(state.now) : "–" });
  }

  function showHead() {
    byId("city").textContent = city ? `${word("cockpit.title")} · ${city.name}` : word("cockpit.title");
    if (!state) return;
    byId("time").textContent = hourOf(state.now);
    byId("date").textContent = dayOf(state.now);
    const mode = state.labels || state.mode;
    byId("mode").hidden = !mode;
    byId("mode").textContent = has(`mode.${mode}`) ? word(`mode.${mode}`) : mode || "";
    byId("pace").hidden = !state.speed;
    const busy = has(`cockpit.busy.${state.busy}`) ? word(`cockpit.busy.${state.busy}`) : "";
    byId("pace").textContent = state.held ? busy || word("cockpit.held") : busy ? `${busy} · ${word("cockpit.speed_x", { speed: number(state.speed) })}` : word("cockpit.speed_x", { speed: number(state.speed) });
  }

  function showFigures() {
    const nodes = (state.figures || []).map((figure) => {
      const node = make("div", "figure");
      node.append(make("span", "", word(`figure.${figure.key}`)));
      const fast = figure.unit === "m/s";
      node.append(make("b", "", number(fast ? figure.value * 3.6 : figure.value)));
      const unit = fast ? "km/h" : figure.unit ? word(`unit.${figure.unit}`) : "";
      const trend = figure.trend === undefined || figure.trend === null ? "" : figure.trend > 0 || figure.trend === "up" ? "▲" : figure.trend < 0 || figure.trend === "down" ? "▼" : "";
      const mark = make("em", "", [unit, trend].filter(Boolean).join(" "));
      if (trend) mark.title = word(trend === "▲" ? "cockpit.trend.up" : "cockpit.trend.down");
      node.append(mark);
      return node;
    });
    byId("figures").replaceChildren(...nodes);
  }

  function codes(ratios, depths, closed) {
    const out = new Uint8Array(city.edge_ids.length).fill(window.cityMap.NO_VEHICLE);
    (ratios || []).forEach((ratio, i) => { if (ratio !== null) out[i] = Math.round(Math.min(Math.max(ratio, 0), 1) * 200); });
    (closed || []).forEach((i) => { out[i] = window.cityMap.CLOSED; });
    if (hidden.has("speed")) out.forEach((code, i) => { if (code < window.cityMap.CLOSED) out[i] = window.cityMap.NO_VEHICLE; });
    return out;
  }

  function showMap() {
    if (!map || !state) return;
    const later = moment === "forecast" ? state.forecast : null, roads = state.roads || {};
    map.roads(codes(later ? later.roads_speed_ratio : roads.speed_ratio, null, later ? later.closed : roads.closed));
    const depths = (later ? later.depth_m : state.depth_m) || [];
    map.wet(hidden.has("wet") ? [] : depths);
    const crowd = new Uint8Array(map.blocks.walk ? map.blocks.walk.count : 0);
    if (!hidden.has("crowd") && !later) {
      for (const [link, density] of state.crowd || []) if (density > 0) crowd[link] = 1 + Math.min(Math.round(density * 40), 253);
    }
    map.crowd(crowd);
    const units = hidden.has("units") ? [] : (state.units || []).filter((unit) => Number.isFinite(unit.lon));
    map.units(units);
    if (state.calls) {
      const calls = state.calls.map((call) => ({ kind: "call", label: String(call.id), lon: call.lon, lat: call.lat }));
      const key = JSON.stringify(calls);
      if (key !== map.callsKey) { map.callsKey = key; map.markers([...map.blocks.markers, ...calls]); }
    }
    map.draw();
  }

  function showMoments() {
    const horizon = state && state.forecast ? state.forecast.horizon_s : null;
    const button = document.querySelector("[data-moment=forecast]");
    button.disabled = !horizon;
    if (!horizon && moment === "forecast") moment = "now";
    byId("forecast-words").textContent = horizon ? word("cockpit.forecast", { minutes: Math.round(horizon / 60) }) : word("cockpit.forecast_short");
    for (const node of document.querySelectorAll(".moment")) node.setAttribute("aria-pressed", String(node.dataset.moment === moment));
    for (const node of document.querySelectorAll(".layer")) {
      const on = !hidden.has(node.dataset.layer);
      node.setAttribute("aria-pressed", String(on));
      document.querySelector(`[data-legend=${node.dataset.layer}]`).hidden = !on;
    }
  }

  function sentence(effect) {
    const long = effect.unit === "s" && Math.abs(effect.difference) >= 600 ? 60 : 1;
    const end = (value) => number(value === null ? null : value / long, true);
    return word("effect.sentence", {
      title: word(`measure.${effect.measure}`), difference: amount(effect.difference, effect.unit, true), low: end(effect.low), high: end(effect.high), n: effect.n,
    });
  }

  function asItIs(effect) {
    return Number.isFinite(effect.base) && effect.base ? word("effect.as_it_is", { base: amount(effect.base, effect.unit) }) : "";
  }

  /* The day too, where it is another one than the twin's. */
  function until(iso) {
    const day = dayOf(iso) === dayOf(state.now) ? "" : `${dayOf(iso)} `;
    return `${word("card.valid_until")} ${day}${hourOf(iso)}`;
  }

  function listOf(key, items, render) {
    if (!items || !items.length) return [];
    const list = make("ul");
    list.append(...items.map(render));
    return [make("h4", "", word(key)), list];
  }

  function details(rec) {
    const node = make("details");
    node.open = opened.has(rec.rec_id);
    node.addEventListener("toggle", () => { if (node.open) opened.add(rec.rec_id); else opened.delete(rec.rec_id); });
    node.append(make("summary", "", word("cockpit.details")));
    const moved = (effect) => effect.difference || effect.low || effect.high;
    const still = (rec.side_effects || []).filter((effect) => !moved(effect));
    node.append(...listOf("card.risks", rec.risks, (line) => make("li", "", say(line))));
    node.append(...listOf("card.side_effects", (rec.side_effects || []).filter(moved), (effect) => {
      const item = make("li", effect.verdict.replace(" ", "-"));
      item.append(make("b", "badge", word(`verdict.${effect.verdict}`)), ` ${sentence(effect)}`);
      return item;
    }));
    if (still.length) node.append(make("p", "", `${word("card.unchanged")}: ${still.map((effect) => word(`measure.${effect.measure}`)).join(" · ")}`));
    node.append(...listOf("card.alternatives", rec.alternatives, (other) => {
      const item = make("li", "", [say(other.title) || other.name, say(other.why_not)].filter(Boolean).join(" · "));
      const told = other.effect;
      if (told) item.append(make("small", "effect", Number.isFinite(told.low) ? sentence(told) : `${word(`measure.${told.measure}`)}: ${amount(told.difference, told.unit, true)}`));
      return item;
    }));
    node.append(...listOf("card.rests_on", rec.rests_on, (line) => make("li", "", say(line))));
    if (rec.evidence && rec.evidence.length) node.append(make("h4", "", word("card.evidence")), make("p", "ids", rec.evidence.join(" ")));
    return node;
  }

  function cardOf(rec) {
    const effect = rec.effect, open = rec.status === "proposed";
    const node = make("article", `card ${effect ? effect.verdict.replace(" ", "-") : "unmeasured"}${open ? "" : " decided"}`);
    node.dataset.rec = rec.rec_id;
    node.append(make("p", "kind", has(`kind.${rec.kind}`) ? word(`kind.${rec.kind}`) : rec.kind), make("h3", "", say(rec.title)));
    if (effect) {
      const big = make("p", "big");
      big.append(make("b", "", amount(effect.difference, effect.unit, true)), make("span", "badge", word(`verdict.${effect.verdict}`)));
      node.append(big, make("p", "", [sentence(effect), asItIs(effect)].filter(Boolean).join(" · ")), make("p", "", word(`effect.${effect.verdict.replace(" ", "_")}`)));
    }
    if (rec.changed) node.append(make("p", "until", word("cockpit.changed", { told: rec.changed })));
    if (open && rec.approved_by && rec.approved_by.length) node.append(make("p", "until", word("cockpit.more_eyes", { who: rec.approved_by.join(", ") })));
    if (open) {
      const buttons = make("p", "buttons");
      for (const decision of ["approve", "reject"]) {
        const button = make("button", decision, word(`cockpit.${decision}`));
        button.type = "button";
        button.addEventListener("click", () => ask(rec, decision));
        buttons.append(button);
      }
      node.append(buttons, make("p", "until", until(rec.valid_until)));
    } else {
      const status = word(`status.${rec.status}`);
      if (rec.withdrawn) node.append(make("p", "until", `${status} · ${rec.withdrawn}`));
      else node.append(make("p", "until", rec.who ? word("cockpit.decided_by", { status, who: rec.who, reason: rec.reason || rec.why || "" }) : status));
    }
    node.append(details(rec));
    return node;
  }

  let cardsKey = null;
  function showCards() {
    const recs = (state && state.recommendations) || [];
    const waiting = recs.filter((rec) => rec.status === "proposed").length;
    byId("waiting-count").textContent = waiting || "";
    const key = JSON.stringify([recs, language()]);
    if (key === cardsKey) return;
    cardsKey = key;
    if (recs.length) byId("cards").replaceChildren(...recs.map(cardOf));
    else {
      const empty = make("p", "empty", word("cockpit.none"));
      empty.append(make("small", "", word("cockpit.none_hint")));
      byId("cards").replaceChildren(empty);
    }
  }

  function siteOf(zone, minutes) {
    const node = make("li", "site"), name = make("span", "name", zone.name);
    if (zone.level) node.classList.add("alarm");
    if (zone.level) name.append(make("b", "badge", word("cockpit.site_level", { level: zone.level })));
    node.append(name, make("span", "people", zone.last_s_ago === null ? "?" : amount(zone.people, "people")));
    if (zone.holds) {
      const bar = make("progress", "full");
      bar.max = 1;
      bar.value = Math.min(zone.share, 1);
      bar.setAttribute("aria-label", zone.name);
      node.append(bar);
    }
    const share = zone.holds ? word("cockpit.site_share", { share: Math.round(100 * zone.share), holds: number(zone.holds), basis: word(`cockpit.site_basis.${zone.basis}`) }) : word("cockpit.site_no_capacity");
    const span = word("cockpit.site_span", { low: number(zone.low), high: number(zone.high) });
    node.append(make("span", "more", [share, span, word("cockpit.site_soon", { minutes, people: number(zone.soon) })].join(" · ")));
    const next = zone.next, times = next ? { level: next.level, earliest: hourOf(next.earliest), expected: hourOf(next.expected) } : null;
    if (next) node.append(make("span", "warn", word(next.expected ? "cockpit.site_next" : "cockpit.site_perhaps", times)));
    if (zone.status !== "ok") node.append(make("span", "warn", `▲ ${word(`cockpit.site_${zone.status}`)}`));
    return node;
  }

  function showSites() {
    const told = state.occupancy;
    document.body.dataset.sites = told ? "yes" : "no";
    if (!told) {
      if (document.body.dataset.tab === "sites") document.querySelector(".tabs [data-tab=map]").click();
      return;
    }
    const zones = [...told.zones].sort((a, b) => b.level - a.level || (b.share || 0) - (a.share || 0) || b.people - a.people);
    byId("alarm-count").textContent = zones.filter((zone) => zone.level).length || "";
    byId("sites-at").textContent = [told.at ? word("cockpit.sites_at", { time: hourOf(told.at) }) : "", told.synthetic ? word("cockpit.sites_synthetic") : ""].filter(Boolean).join(" · ");
    byId("sites-error").hidden = !told.error;
    byId("sites-error").textContent = told.error ? word("cockpit.sites_error", { reason: say(told.error) }) : "";
    if (zones.length) byId("site-list").replaceChildren(...zones.map((zone) => siteOf(zone, told.soon_min)));
    else {
      const empty = make("li", "empty", word("cockpit.sites_waiting"));
      empty.append(make("small", "", word("cockpit.sites_waiting_hint", { count: told.counters })));
      byId("site-list").replaceChildren(empty);
    }
    byId("sites-notes").hidden = !told.notes.length;
    byId("sites-notes-words").textContent = word("cockpit.sites_notes", { count: told.notes.length });
    byId("site-notes").replaceChildren(...told.notes.map((note) => make("li", "", say(note))));
  }

  function showFeeds() {
    const awaited = ["vehicle_count", "rain_intensity", "person_count", "emergency_call"];
    const feeds = (state.feeds || []).filter((feed) => feed.count || awaited.includes(feed.name));
    byId("feeds").replaceChildren(...feeds.map((feed) => {
      const node = make("li", feed.status);
      node.append(make("i", "", feed.status === "ok" ? "●" : "▲"), make("b", "", word(`feed.${feed.name}`)), make("span", "", has(`cockpit.feed.${feed.status}`) ? word(`cockpit.feed.${feed.status}`) : feed.status));
      const age = feed.name === "dead_letters" ? number(feed.count) : feed.last_s_ago === null || feed.last_s_ago === undefined ? word("cockpit.feed_never") : word("cockpit.feed_line", { count: number(feed.count), age: Math.round(feed.last_s_ago) });
      node.append(make("span", "", age));
      return node;
    }));
    const entries = [...(state.log || [])].sort((a, b) => (a.time < b.time ? 1 : -1)).slice(0, 100);
    byId("log").replaceChildren(...(entries.length ? entries.map((entry) => {
      const node = make("li");
      node.append(make("time", "", hourOf(entry.time)), make("span", "", say(entry)));
      return node;
    }) : [make("li", "empty", word("cockpit.log_empty"))]));
  }

  function show() {
    showHead();
    showMoments();
    showCards();
    if (!state) return;
    showFigures();
    showSites();
    showFeeds();
    showMap();
    if (map) byId("map-message").hidden = true;
    seen += 1;
    window.cockpitSeen = seen;
  }

  function ask(rec, decision) {
    deciding = { rec, decision };
    byId("decision-title").textContent = word(`cockpit.confirm_${decision}`);
    byId("decision-what").textContent = say(rec.title);
    byId("decision-send").textContent = word(`cockpit.${decision}`);
    byId("decision-problem").textContent = "";
    byId("reason").value = "";
    byId("decision").showModal();
    byId(byId("who").value ? "reason" : "who").focus();
  }

  async function send(event) {
    event.preventDefault();
    const who = byId("who").value.trim(), reason = byId("reason").value.trim(), problem = byId("decision-problem");
    if (!who || !reason) { problem.textContent = word("cockpit.needed"); return; }
    byId("decision-send").disabled = true;
    try {
      const answer = await fetch(`/api/recommendations/${encodeURIComponent(deciding.rec.rec_id)}/decision`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ decision: deciding.decision, who, reason, version: deciding.rec.version }),
      });
      const told = await answer.json().catch(() => ({}));
      if (answer.status === 401) { location.assign("/sign-in"); return; }
      if (!answer.ok) { problem.textContent = word("cockpit.refused", { reason: told.error || told.detail || answer.status }); return; }
      byId("decision").close();
      await refresh();
    } catch (error) {
      problem.textContent = word("cockpit.refused", { reason: String(error.message || error) });
    } finally {
      byId("decision-send").disabled = false;
    }
  }

  async function refresh() {
    const answer = await fetch("/api/state", { cache: "no-store" });
    if (answer.status === 401) location.assign("/sign-in");
    if (answer.ok) { state = await answer.json(); show(); }
  }

  async function knowMe() {
    const answer = await fetch("/api/me");
    const me = answer.ok ? await answer.json() : {};
    if (me.name) { byId("who").value = me.name; byId("who").readOnly = true; }
  }

  function listen() {
    const source = new EventSource("/api/events");
    source.addEventListener("state", (event) => { state = JSON.parse(event.data); linkState("live"); show(); });
    source.onopen = () => linkState("live");
    source.onerror = () => {
      linkState("lost");
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
    };
  }

  function tooltip(info) {
    if (!info.layer || info.index < 0) return null;
    const id = info.layer.id, d = info.object;
    let lines = [];
    if (id === "speed") {
      const code = map.codes[info.index], depth = map.depths ? map.depths[info.index] : null;
      lines = [city.edge_names[info.index], code <= 200 ? `${word("legend.speed")}: ${Math.round(code / 2)} %` : "", depth ? `${word("legend.depth")}: ${number(depth)} m` : ""];
    } else if (id === "crowd") lines = map.density[info.index] ? [`${((map.density[info.index] - 1) / 40).toFixed(1)} / m²`] : [];
    else if (id === "units") lines = [String(d.id), has(`unit_state.${d.state}`) ? word(`unit_state.${d.state}`) : d.state];
    else if (id === "markers") lines = [d.label, word(`marker.${d.kind}`)];
    const told = lines.filter(Boolean).join("\n");
    return told ? { text: told } : null;
  }

  function label() {
    for (const node of document.querySelectorAll("[data-label]")) {
      node.setAttribute("aria-label", word(node.dataset.label));
      if (node.tagName === "BUTTON") node.title = word(node.dataset.label);
    }
    byId("language").title = word("language.switch");
  }

  function wire() {
    byId("language").addEventListener("click", () => {
      document.documentElement.lang = language() === 0 ? "zh-CN" : "en";
      label();
      linkState(document.body.dataset.link);
      show();
    });
    for (const node of document.querySelectorAll(".tabs button")) {
      node.addEventListener("click", () => {
        document.body.dataset.tab = node.dataset.tab;
        for (const other of document.querySelectorAll(".tabs button")) other.setAttribute("aria-pressed", String(other === node));
      });
    }
    for (const node of document.querySelectorAll(".moment")) node.addEventListener("click", () => { moment = node.dataset.moment; show(); });
    for (const node of document.querySelectorAll(".layer")) {
      node.addEventListener("click", () => {
        const name = node.dataset.layer;
        if (hidden.has(name)) hidden.delete(name); else hidden.add(name);
        show();
      });
    }
    for (const node of document.querySelectorAll("[data-zoom]")) {
      node.addEventListener("click", () => {
        if (!map) return;
        const step = Number(node.dataset.zoom);
        if (step) map.zoomBy(step * 0.7); else map.look(map.home());
      });
    }
    byId("decision-form").addEventListener("submit", send);
    byId("decision-cancel").addEventListener("click", () => byId("decision").close());
  }

  async function openCity() {
    for (;;) {
      try {
        const answer = await fetch("/api/city");
        if (!answer.ok) throw new Error(String(answer.status));
        city = await answer.json();
        break;
      } catch (error) {
        byId("map-message").textContent = word("cockpit.failed");
        linkState("lost");
        await new Promise((done) => { setTimeout(done, 3000); });
      }
    }
    byId("attribution").textContent = city.attribution;
    const blocks = await window.cityMap.openBlocks(city.blocks);
    try {
      map = new window.cityMap.CityMap(byId("map"), city.map, blocks, { tooltip });
      window.cockpitMap = map;
      byId("map-message").textContent = state ? "" : word("cockpit.waiting");
    } catch (error) {
      byId("map-message").textContent = word("cockpit.no_webgl");
      byId("map-message").classList.add("stuck");
    }
  }

  async function start() {
    wire();
    label();
    await knowMe().catch(() => undefined);
    await openCity();
    show();
    await refresh().catch(() => undefined);
    listen();
  }

  start();
})();
