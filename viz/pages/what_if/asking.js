/* The form: a question as the server takes it; sent, saved as a file, opened from one. */
const RESPONSES = ["none", "informed", "day_to_day", "equilibrium"];
const PROFILES = ["weekday_morning", "weekday_midday", "weekday_evening", "weekend_afternoon", "night"];
let measures = [];
const mayRun = () => may("what-if");
const asked = (path) => fetch(path, { cache: "no-store", headers: { "Accept-Language": document.documentElement.lang } });

async function ask(path, body, left = 5) {
  const headers = { "Accept-Language": document.documentElement.lang };
  const given = body === undefined ? { headers } : { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let answer;
  try { answer = await fetch(path, given); } catch (error) { throw new Error(word("what_if.away")); }
  if (answer.ok) { if (lostKey === "what_if.busy") lost(""); return answer; }
  if (answer.status === 503 && body === undefined && left > 0) { /* too busy to answer in time: looking again harms nobody */
    lost("what_if.busy");
    await new Promise((done) => { setTimeout(done, 2000); });
    return ask(path, body, left - 1);
  }
  if (answer.status === 401) { sessionOver(); throw new Error(word("what_if.signed_out")); }
  const told = await answer.json().catch(() => ({}));
  throw new Error([told.error, told.expected, told.remedy].filter(Boolean).join(" · ") || String(answer.status));
}

function responses() {
  const chosen = RESPONSES.filter((name) => document.querySelector(`input[value="${name}"]`).checked);
  return chosen.map((name) => (name === "none" ? name : `${name}(${byId(`of-${name}`).value})`)).join(",");
}

function slug(title) {
  const plain = title.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return plain || "what-if";
}

function question() {
  const title = byId("name").value.trim();
  const scenario = {
    ...base,
    name: slug(title), title: { en: title, zh: title },
    period: { begin: momentAt(byId("from").value), end: momentAt(byId("until").value), warm_up_s: (base.period || {}).warm_up_s ?? 600 },
    demand: { ...(base.demand || {}), profile: byId("profile").value, scale: Number(byId("scale").value) },
    interventions: interventions(),
    measures: [...document.querySelectorAll("#measures input:checked")].map((node) => node.value),
  };
  const asked = { scenario, responses: responses(), members: Number(byId("members").value), budget_s: Number(byId("budget").value) * 60 };
  return me.name || !byId("who").value ? asked : { ...asked, who: byId("who").value.trim() };
}

function tell(words, good) {
  byId("problem").textContent = words;
  byId("problem").classList.toggle("good", Boolean(good));
}
const failed = (error) => tell(word("what_if.refused", { reason: error.message }));

async function run(event) {
  event.preventDefault();
  byId("run").disabled = true;
  try {
    const one = await (await ask("/api/what-if", question())).json();
    tell(word("what_if.sent"), true);
    pick(one.key);
    tab(window.innerWidth <= 760 ? "asked" : "draw");
  } catch (error) { failed(error); } finally { byId("run").disabled = !mayRun(); }
}

async function save() {
  if (!byId("ask").reportValidity()) return;
  try {
    const answer = await ask("/api/what-if/file", question()), link = make("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition"))[1];
    link.click();
    tell("");
  } catch (error) { failed(error); }
}

async function open(file) {
  try {
    fill(await (await ask("/api/what-if/opening", { text: await file.text() })).json());
  } catch (error) { failed(error); }
}

/* Put a scenario into the form; what the form has no place for stays in `base` and is sent along. */
function fill(scenario) {
  const { name, title, period, demand, interventions: list, measures: named, seeds, city: _city, response: _response, ...rest } = scenario;
  base = { ...rest, demand, period };
  byId("name").value = title[language() === 0 ? "en" : "zh"] || title.en || name;
  byId("day").value = period.begin.slice(0, 10);
  byId("from").value = hourIn(period.begin);
  byId("until").value = hourIn(period.end);
  const zone = /([+-])(\d\d):(\d\d)$/.exec(period.begin);
  byId("zone").value = zone ? Number(zone[1] + (Number(zone[2]) + Number(zone[3]) / 60)) : 0;
  byId("profile").value = demand.profile;
  byId("scale").value = demand.scale;
  byId("members").value = Math.min(seeds.count, 64);
  showMeasures(named);
  const kinds = drawn(list);
  tell(kinds.length ? word("what_if.opened", { kinds: kinds.join(", ") }) : word("what_if.opened_plain"), true);
  look("edit");
}

function fresh() {
  base = {};
  const today = new Date(), guess = Math.round(middle / 15);
  byId("name").value = word("what_if.name_default");
  byId("day").value = today.toISOString().slice(0, 10);
  byId("from").value = "17:00";
  byId("until").value = "17:30";
  byId("zone").value = guess;
  byId("zone-label").title = word("what_if.zone_guessed");
  byId("profile").value = "weekday_evening";
  byId("scale").value = 1;
  showMeasures(window.whatIfFirst);
  drawn([]);
  tell("");
}

function showMeasures(chosen) {
  const nodes = measures.map((one) => {
    const label = make("label", "check"), input = make("input");
    input.type = "checkbox";
    input.value = one.name;
    input.checked = chosen.includes(one.name);
    label.append(input, make("span", "", `${say(one.title)}${one.unit ? ` (${has(`unit.${one.unit}`) ? word(`unit.${one.unit}`) : one.unit})` : ""}`));
    return label;
  });
  byId("measures").replaceChildren(...nodes.sort((a, b) => b.firstChild.checked - a.firstChild.checked));
  const count = () => { byId("measure-count").textContent = `${document.querySelectorAll("#measures input:checked").length} / ${measures.length}`; };
  nodes.forEach((node) => node.addEventListener("change", count));
  count();
}

/* What may be done here, once it is known who asks and of which city. */
function showRights() {
  byId("who-label").hidden = Boolean(me.name);
  byId("who").required = !me.name;
  for (const name of ["run", "save", "open"]) byId(name).disabled = !mayRun() || !city;
  if (!mayRun()) tell(word("what_if.may_look"));
}

function wireAsking() {
  byId("profile").append(...PROFILES.map((name) => { const node = make("option", "", word(`what_if.profile.${name}`)); node.value = name; node.dataset.key = `what_if.profile.${name}`; return node; }));
  byId("ask").addEventListener("submit", run);
  byId("save").addEventListener("click", save);
  byId("open").addEventListener("click", () => byId("file").click());
  byId("file").addEventListener("change", () => { if (byId("file").files[0]) open(byId("file").files[0]); byId("file").value = ""; });
  byId("fresh").addEventListener("click", fresh);
}
