/* What one may do at the desk, and doing it: one request for each act, and every answer is told. */
const LONGEST_WAIT_MS = 20000;

function showWho() {
  if (me.name) byId("who").value = me.name;
  byId("who-label").hidden = Boolean(me.name);
}

/* What the server said, in the language of the page, which it was asked for. */
function problemOf(status, told) {
  const words = word(has(`desk.refused.${status}`) ? `desk.refused.${status}` : "desk.refused.other", { status });
  const own = [told.error, told.remedy].filter(Boolean).join(" · ");
  return own ? word("cockpit.refused", { reason: own }) : words;
}

/* POST something; {} when it is done, else {problem}. A request whose answer is lost may have arrived: that is said, and nothing is sent again by itself. */
async function act(path, body) {
  const stop = new AbortController(), late = setTimeout(() => stop.abort(), LONGEST_WAIT_MS);
  try {
    const given = me.name || !("who" in body) ? { ...body, who: undefined } : body;
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang }, body: JSON.stringify(given), signal: stop.signal,
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return {};
    if (answer.status === 401) { sessionOver(); return { problem: word("desk.refused.401") }; }
    if (answer.status === 409) await refresh().catch(() => undefined);
    return { problem: problemOf(answer.status, told) };
  } catch (error) {
    return { problem: word(stop.signal.aborted ? "desk.slow" : "desk.not_known") };
  } finally {
    clearTimeout(late);
  }
}

function button(className, key, onClick, values) {
  const node = make("button", className, word(key, values));
  node.type = "button";
  node.dataset.do = key;
  node.addEventListener("click", onClick);
  return node;
}

/* The twin's clock between two states, in ms. */
let stateAt = 0;
function twinNow() {
  const pace = state.held ? 0 : state.speed || 0;
  return Date.parse(state.now) + pace * (performance.now() - stateAt);
}

function spanOf(ms) {
  const s = Math.max(0, Math.round(ms / 1000)), h = Math.floor(s / 3600), two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

/* What is left until a time; goes on by itself between two states. */
function countdown(iso, key) {
  const node = make("span", "left");
  node.dataset.until = iso;
  node.dataset.key = key;
  node.setAttribute("role", "timer");
  return node;
}

/* What may no longer be approved is not offered, also before the server says so. */
function closeCard(card) {
  for (const decision of ["approve", "change"]) for (const act of card.querySelectorAll(`button.${decision}`)) act.disabled = true;
}

function tick() {
  if (!state) return;
  const now = twinNow();
  for (const node of document.querySelectorAll("[data-until]")) {
    const left = Date.parse(node.dataset.until) - now;
    node.textContent = left > 0 ? word(node.dataset.key, { left: spanOf(left) }) : word(`${node.dataset.key}_over`);
    node.classList.toggle("soon", left <= 120000);
    node.classList.toggle("over", left <= 0);
    if (left <= 0 && node.dataset.key === "desk.left") closeCard(node.closest(".card"));
  }
}

/* New children, and the keyboard where it was. */
function renew(container, nodes) {
  const held = document.activeElement, inside = container.contains(held);
  const place = inside && held.closest("[data-id]"), id = place && place.dataset.id, doing = inside && held.dataset.do;
  container.replaceChildren(...nodes);
  if (!doing) return;
  const again = [...container.querySelectorAll("[data-do]")].find((node) => node.dataset.do === doing && (!id || node.closest("[data-id]")?.dataset.id === id));
  if (again) again.focus({ preventScroll: true });
}

function switchMode() {
  const next = state.desk.mode === "normal" ? "emergency" : "normal";
  openAsk({ title: word("desk.mode_title"), what: word(`desk.mode_to.${next}`), send: "desk.switch", chips: `desk.why.mode_${next}`, path: "/api/mode", body: () => ({ mode: next }) });
}

function assetsOf(recs) {
  const found = new Set();
  const look = (value, key) => {
    if (Array.isArray(value)) value.forEach((one) => look(one, key));
    else if (value && typeof value === "object") Object.entries(value).forEach(([name, one]) => look(one, name));
    else if (key === "tls_id") found.add(`signal:${value}`);
    else if (key === "edges") found.add(`road:${value}`);
    else if (key === "signs") found.add(`sign:${value}`);
  };
  recs.forEach((rec) => look(rec.action));
  return [...found];
}

function lowerAutonomy(asset) {
  const body = make("div", "fields"), where = make("label", "", word("desk.asset")), level = make("label", "", word("desk.level"));
  const input = make("input"), select = make("select");
  input.id = "asset";
  input.value = asset || "";
  input.setAttribute("list", "assets");
  const known = make("datalist");
  known.id = "assets";
  known.append(...assetsOf(state.recommendations || []).concat("signal:*").map((one) => { const option = make("option"); option.value = one; return option; }));
  select.id = "level";
  for (const name of ["supervised", "advise", "shadow", "file"]) {
    const option = make("option", "", word(`desk.level.${name}`));
    option.value = name;
    select.append(option);
  }
  if (asset) select.value = "file";
  where.append(input, known);
  level.append(select);
  body.append(where, level);
  openAsk({
    title: word("desk.autonomy_title"), what: word("desk.autonomy_what"), send: "desk.set", chips: "desk.why.autonomy", extra: body, path: "/api/autonomy",
    body: () => (input.value.trim() ? { asset: input.value.trim(), level: select.value } : { problem: word("desk.asset_needed") }),
  });
}

let barKey = null;
function showBar() {
  const desk = state.desk, key = JSON.stringify([desk && [desk.mode, desk.lowered, desk.clock_behind_s > 5, desk.dead], me, language()]);
  if (key === barKey) return;
  barKey = key;
  if (!desk) { byId("desk-bar").replaceChildren(); return; }
  document.body.dataset.mode = desk.mode;
  const nodes = [make("b", `mode ${desk.mode}`, word(`desk.mode.${desk.mode}`))];
  if (may("mode")) nodes.push(button("small", desk.mode === "normal" ? "desk.to_emergency" : "desk.to_normal", switchMode));
  if (may("autonomy")) nodes.push(button("small", "desk.autonomy", () => lowerAutonomy("")));
  for (const one of desk.lowered) {
    nodes.push(make("span", "note", `${one.assets}: ${word(`desk.level.${one.level}`)}`));
    if (may("autonomy")) nodes.push(button("small", "desk.give_back", () => lowerAutonomy(one.assets)));
  }
  if (desk.clock_behind_s > 5) nodes.push(make("p", "trouble", word("desk.clock_behind", { seconds: number(desk.clock_behind_s) })));
  if (desk.dead.length) nodes.push(make("p", "trouble", word("desk.dead", { count: desk.dead.length })));
  renew(byId("desk-bar"), nodes);
}

/* How much there is of each part, and a way there. */
function showJumps() {
  const desk = state.desk, recs = state.recommendations || [];
  byId("desk-jump").hidden = !desk;
  document.body.dataset.desk = desk ? "yes" : "no";
  if (!desk) return;
  const open = recs.filter((rec) => rec.status === "proposed").length;
  const undone = (state.recommendations || []).filter((one) => (one.outcomes || []).some((told) => told.undone)).length, bad = desk.dead.length + undone;
  const counts = { alarms: desk.alarms.filter((one) => one.actionable).length, recommendations: open, cases: desk.cases.length, decided: bad ? `▲ ${bad}` : "" };
  for (const [part, count] of Object.entries(counts)) byId(`${part}-count`).textContent = count || "";
}

function showDesk() {
  if (!state) return;
  stateAt = performance.now();
  showJumps();
  showBar();
  showAlarms();
  showCards();
  showCases();
  watchAsk();
  tick();
}

function wireDesk() {
  wireAsk();
  wireReady();
  for (const node of document.querySelectorAll("[data-jump]")) node.addEventListener("click", () => byId(node.dataset.jump).scrollIntoView({ block: "start" }));
  setInterval(tick, 1000);
}
