/* What was asked: the queue as it stands, from the server's stream; the chosen one is in the address of the page. */
let all = null, chosen = "", loaded = "", result = null, streets = null;

const progressOf = (one) => {
  const told = one.progress || {}, phase = told.phase || "reading";
  return one.state === "running" ? word(`what_if.phase.${phase}`, told) : "";
};
function shareOf(one) {
  const told = one.progress || {};
  const runs = told.of ? told.done / told.of : 0, members = told.members ? (Math.max(told.member - 1, 0) + runs) / told.members : 0;
  return Math.max(members, Math.min((told.spent_s || 0) / one.budget_s, 1) * 0.02);
}

function button(words, act, name) {
  const node = make("button", name || "", words);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

function row(one) {
  const node = make("li", [one.state, one.key === chosen ? "chosen" : ""].filter(Boolean).join(" ")), head = make("div", "head");
  head.append(button(say(one.title) || one.name, () => pick(one.key), "pick"), make("span", "badge", word(`what_if.state.${one.state}`)));
  node.append(head, make("span", "faint", `${one.who} · ${new Date(one.at).toISOString().slice(0, 16).replace("T", " ")} UTC`));
  if (one.state === "running") {
    const bar = make("progress");
    bar.max = 1;
    bar.value = shareOf(one);
    bar.setAttribute("aria-label", progressOf(one));
    const spent = word("what_if.spent", { spent: number((one.progress.spent_s || 0) / 60), budget: number(one.budget_s / 60) });
    node.append(bar, make("span", "", `${progressOf(one)} · ${spent}`));
  }
  if (one.told) node.append(make("span", "told", say(one.told)));
  const buttons = make("div", "buttons");
  if (mayRun() && ["waiting", "running"].includes(one.state)) buttons.append(button(word("what_if.end"), () => ask(`/api/what-if/${one.key}/ending`, me.name ? {} : { who: byId("who").value || "?" }).catch(failed)));
  if (mayRun() && one.key === chosen) buttons.append(button(word("what_if.again"), () => again(one)));
  if (buttons.childNodes.length) node.append(buttons);
  return node;
}

async function again(one) {
  try {
    const answer = await ask(`/api/what-if/${one.key}/files/scenario.yaml`);
    fill(await (await ask("/api/what-if/opening", { text: await answer.text() })).json());
    for (const name of RESPONSES) {
      const found = new RegExp(`(^|,)${name}(?:\\(([^)]*)\\))?`).exec(one.responses);
      document.querySelector(`input[value="${name}"]`).checked = Boolean(found);
      if (found && found[2] && byId(`of-${name}`)) byId(`of-${name}`).value = found[2];
    }
    byId("budget").value = Math.round(one.budget_s / 60);
    tab("draw");
  } catch (error) { failed(error); }
}

function showList() {
  byId("list").replaceChildren(...(all && all.length ? all.map(row) : [make("li", "empty", word(all ? "what_if.none_asked" : "what_if.reading"))]));
}

function pick(key) {
  chosen = key;
  history.replaceState(null, "", `#${key}`);
  loaded = "";
  showList();
  refreshResult().catch(failed);
}

/* The chosen one's figures, again whenever one more member is done. */
async function refreshResult() {
  const one = (all || []).find((other) => other.key === chosen);
  const now = one && one.has_result ? `${chosen} ${(one.progress || {}).member} ${one.state}` : chosen;
  if (now === loaded) return;
  loaded = now;
  if (!one || !one.has_result) { result = streets = null; showResult(); showViews(); return; }
  const [told, figures] = await Promise.all(["result.json", "streets.json"].map(async (name) => (await ask(`/api/what-if/${one.key}/files/${name}`)).json()));
  const first = !result || result.key !== one.key;
  result = { ...told, key: one.key, responses: one.responses };
  streets = figures;
  showResult();
  showViews();
  if (first) look("split"); else paint();
}

let source = null;
function follow() {
  if (over) return;
  source = new EventSource("/api/what-if/events");
  source.addEventListener("what-ifs", (event) => {
    all = JSON.parse(event.data);
    lost("");
    showList();
    refreshResult().catch(failed);
    window.whatIfSeen = (window.whatIfSeen || 0) + 1;
  });
  source.onerror = async () => {
    if (over) return;
    lost("what_if.away");
    const answer = await asked("/api/what-if").catch(() => null);
    if (answer && answer.status === 401) sessionOver();
    if (source.readyState !== EventSource.CLOSED) return;
    if (answer && answer.status === 404) lost("what_if.no_desk");
    else setTimeout(follow, 3000);
  };
}

let lostKey = "";
function lost(key) {
  lostKey = key;
  byId("lost").hidden = !key;
  byId("lost").textContent = key ? word(key) : "";
}
