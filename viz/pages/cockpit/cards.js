/* Recommendations as cards: the effect first, the whole receipt on demand, and what became of the last ones. */
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
const dayHour = (iso) => `${dayOf(iso) === dayOf(state.now) ? "" : `${dayOf(iso)} `}${hourOf(iso)}`;
const until = (iso) => `${word("card.valid_until")} ${dayHour(iso)}`;

function listOf(key, items, render) {
  if (!items || !items.length) return [];
  const list = make("ul");
  list.append(...items.map(render));
  return [make("h4", "", word(key)), list];
}

/* What would be done, one line for each intervention. */
function actionLine(one) {
  const kind = word(`desk.action.${one.open ? "road_opened" : one.avoid && !one.avoid.length ? "diversion_over" : one.kind}`);
  if (one.plans) return make("li", "", `${kind}: ${one.plans.map((plan) => `${plan.tls_id} ${plan.phases.map((phase) => number(phase.duration_s)).join(" / ")} s`).join(" · ")}`);
  const streets = (one.edges || one.avoid || []).map(streetOf), signs = (one.signs || []).map(streetOf), unique = (names) => [...new Set(names)].join(", ");
  return make("li", "", [streets.length ? `${kind}: ${unique(streets)}` : kind, signs.length ? word("desk.signs_on", { streets: unique(signs) }) : ""].filter(Boolean).join(" · "));
}

function streetOf(edge) {
  const [row] = rowsOf([edge]);
  return (row !== undefined && city.edge_names[row]) || edge;
}

function effectRow(effect) {
  const item = make("li", effect.verdict.replace(" ", "-"));
  item.append(make("b", "badge", word(`verdict.${effect.verdict}`)), ` ${sentence(effect)}`);
  return item;
}

function details(rec) {
  const node = make("details");
  node.open = opened.has(rec.rec_id);
  node.addEventListener("toggle", () => { if (node.open) opened.add(rec.rec_id); else opened.delete(rec.rec_id); });
  node.append(make("summary", "", word("cockpit.details")));
  node.firstChild.dataset.do = "details";
  const moved = (effect) => effect.difference || effect.low || effect.high;
  const still = (rec.side_effects || []).filter((effect) => !moved(effect));
  node.append(...listOf("desk.why_so", rec.why instanceof Array ? rec.why : [], (line) => make("li", "", say(line))));
  node.append(...listOf("desk.what", rec.action, actionLine));
  node.append(...listOf("card.risks", rec.risks, (line) => make("li", "", say(line))));
  node.append(...listOf("card.side_effects", (rec.side_effects || []).filter(moved), effectRow));
  if (still.length) node.append(make("p", "", `${word("card.unchanged")}: ${still.map((effect) => word(`measure.${effect.measure}`)).join(" · ")}`));
  node.append(...listOf("card.alternatives", rec.alternatives, (other) => {
    const item = make("li", "", [say(other.title) || other.name, say(other.why_not)].filter(Boolean).join(" · "));
    const told = other.effect;
    if (told) item.append(make("small", "effect", Number.isFinite(told.low) ? sentence(told) : `${word(`measure.${told.measure}`)}: ${amount(told.difference, told.unit, true)}`));
    return item;
  }));
  node.append(...listOf("card.rests_on", rec.rests_on, (line) => make("li", "", say(line))));
  const trust = state.desk && state.desk.trust[rec.kind];
  if (trust) node.append(make("h4", "", word("desk.trust")), make("p", "", say(trust.text)));
  node.append(make("h4", "", word("desk.record")), make("p", "ids", [rec.rec_id, rec.run_id, rec.kind === "rollback" ? "" : `twin replay ${rec.rec_id}`].filter(Boolean).join(" · ")));
  if (rec.evidence && rec.evidence.length) node.append(make("h4", "", word("card.evidence")), make("p", "ids", rec.evidence.join(" ")));
  return node;
}

/* Why a recommendation can no longer be decided, in words; "" while it can. */
function decidedMeanwhile(rec) {
  const now = (state.recommendations || []).find((one) => one.rec_id === rec.rec_id);
  if (!now) return word("desk.gone");
  if (now.withdrawn) return `${word("status.withdrawn")} · ${now.withdrawn}`;
  if (now.status === "expired" || Date.parse(now.valid_until) <= twinNow()) return word("desk.expired");
  if (now.status !== "proposed") return word("cockpit.decided_by", { status: word(`status.${now.status}`), who: now.who, reason: now.reason });
  return now.version === rec.version ? "" : word("desk.changed_meanwhile", { told: now.changed });
}

function ask(rec, decision) {
  const path = `/api/recommendations/${encodeURIComponent(rec.rec_id)}/decision`, gone = () => decidedMeanwhile(rec);
  const said = { path, gone, what: say(rec.title), send: `cockpit.${decision}`, chips: `desk.why.${decision}`, title: word(`cockpit.confirm_${decision}`) };
  if (decision === "change") { askChange(rec, said); return; }
  const summary = make("p", "note", rec.effect ? [sentence(rec.effect), asItIs(rec.effect)].filter(Boolean).join(" · ") : word("desk.no_effect"));
  openAsk({ ...said, extra: summary, body: () => (decision === "approve" ? { decision, version: rec.version } : { decision }) });
}

function rollBack(rec) {
  openAsk({
    title: word("desk.rollback_title"), what: say(rec.title), send: "desk.rollback", chips: "desk.why.rollback", danger: true,
    path: `/api/recommendations/${encodeURIComponent(rec.rec_id)}/rollback`, body: () => ({}),
    gone: () => { const now = state.recommendations.find((one) => one.rec_id === rec.rec_id); return now && now.can_go_back ? "" : word("desk.back_gone"); },
  });
}

/* How many must approve, who has, and whether that is enough for who sits here. */
function eyes(rec) {
  const said = rec.approved_by || [], lines = [];
  if (said.length) lines.push(word("cockpit.more_eyes", { who: said.join(", ") }));
  else if (rec.needed > 1) lines.push(word("desk.needed", { count: rec.needed }));
  return lines.map((line) => make("p", "until", line));
}

function openButtons(rec) {
  const buttons = make("p", "buttons"), mine = me.name && (rec.approved_by || []).includes(me.name);
  const able = (rec.edits || []).length || (rec.alternatives || []).some((other) => other.able);
  for (const decision of ["approve", "change", "reject"]) {
    if (!may(decision) || (decision === "change" && !able)) continue;
    const node = button(decision, `cockpit.${decision}`, () => ask(rec, decision));
    node.disabled = decision !== "reject" && Boolean(mine);
    buttons.append(node);
  }
  if (mine) buttons.append(make("span", "note", word("desk.you_said_yes")));
  return buttons.childNodes.length ? [buttons] : [make("p", "until", word("desk.only_look"))];
}

const LETTER_MARK = { done: "●", taken: "●", sent: "○", waiting: "○", sending: "○", held: "○" };

/* What left, and what it brought. */
function aftermath(rec) {
  const nodes = [];
  if (rec.status === "approved" && !(rec.letters || []).length) nodes.push(make("p", "until", word(rec.leaves ? "desk.leaves" : "desk.stays", rec.leaves ? { time: dayHour(rec.leaves.until) } : {})));
  for (const one of rec.letters || []) {
    const mark = LETTER_MARK[one.state] || "▲", line = make("p", `letter ${one.state}`);
    line.append(make("b", "", `${mark} ${word(`desk.letter.${one.state}`)}`), ` ${one.channel} · ${word(`desk.order.${one.kind}`)} · ${hourOf(one.at)}`);
    if (mark === "▲") line.append(make("span", "note", ` ${one.detail}`));
    nodes.push(line);
    if (mark === "▲" && may("approve")) nodes.push(button("small", "desk.retry", () => retry(one)));
  }
  for (const one of rec.outcomes || []) {
    const said = one.at_all ? (one.undone ? "▲" : "○") : word(one.by_design ? "desk.brought" : "desk.brought_twin");
    nodes.push(make("p", `outcome${one.by_design ? " by-design" : ""}${one.undone ? " undone" : ""}`, `${said} ${say(one.text)}`));
  }
  if (rec.can_go_back && may("rollback")) nodes.push(button("small", "desk.rollback", () => rollBack(rec)));
  return nodes;
}

function retry(letter) {
  openAsk({ title: word("desk.retry_title"), what: `${letter.channel} · ${word(`desk.order.${letter.kind}`)}`, send: "desk.retry", chips: "desk.why.retry", path: `/api/outgoing/${encodeURIComponent(letter.key)}/retry`, body: () => ({}) });
}

function placeOf(rec) {
  const edges = rec.edges || (rec.action || []).flatMap((one) => one.edges || one.avoid || []);
  if (!edges.length) return [];
  const id = `rec-${rec.rec_id}`, changes = changesOf(rec), where = button("where", changes ? "desk.before_after" : "desk.where", () => lookAt(id, edges, null, changes));
  where.setAttribute("aria-pressed", String(shownAt === id));
  return shownAt === id ? [where, ...(changes ? [changeKey(rec)] : []), placePanel(id, edges, null)] : [where];
}

function cardOf(rec) {
  const effect = rec.effect, open = rec.status === "proposed";
  const node = make("article", `card ${effect ? effect.verdict.replace(" ", "-") : "unmeasured"}${open ? "" : " decided"}`), head = make("p", "kind");
  node.dataset.rec = rec.rec_id;
  node.dataset.id = `rec-${rec.rec_id}`;
  head.append(make("span", "", has(`kind.${rec.kind}`) ? word(`kind.${rec.kind}`) : rec.kind));
  if (open) head.append(countdown(rec.valid_until, "desk.left"));
  node.append(head, make("h3", "", say(rec.title)));
  if (effect && open) {
    const big = make("p", "big");
    big.append(make("b", "", amount(effect.difference, effect.unit, true)), make("span", "badge", word(`verdict.${effect.verdict}`)));
    node.append(big, make("p", "", [sentence(effect), asItIs(effect)].filter(Boolean).join(" · ")), make("p", "", word(`effect.${effect.verdict.replace(" ", "_")}`)));
  } else if (effect) node.append(make("p", "", `${word("desk.promised")} ${sentence(effect)}`));
  if (rec.changed) node.append(make("p", "until", word("cockpit.changed", { told: rec.changed })));
  if (open) node.append(...eyes(rec), ...openButtons(rec), make("p", "until", until(rec.valid_until)));
  else {
    const status = word(`status.${rec.status}`);
    if (rec.withdrawn) node.append(make("p", "until", `${status} · ${rec.withdrawn}`));
    else node.append(make("p", "until", rec.who ? word("cockpit.decided_by", { status, who: rec.who, reason: rec.reason || "" }) : status));
    node.append(...aftermath(rec));
  }
  node.append(...placeOf(rec), details(rec));
  return node;
}

let cardsKey = null;
function showCards() {
  const recs = (state && state.recommendations) || [], open = recs.filter((rec) => rec.status === "proposed"), done = recs.filter((rec) => rec.status !== "proposed");
  const acting = ((state && state.desk && state.desk.alarms) || []).filter((one) => one.actionable).length;
  byId("waiting-count").textContent = open.length + acting || "";
  const key = JSON.stringify([recs, shownAt, me, language(), Boolean(city)]);
  if (key === cardsKey) return;
  cardsKey = key;
  byId("decided-part").hidden = !done.length;
  renew(byId("decided"), done.map(cardOf));
  if (open.length) renew(byId("cards"), open.map(cardOf));
  else {
    const empty = make("p", "empty", word("cockpit.none"));
    empty.append(make("small", "", word("cockpit.none_hint")));
    byId("cards").replaceChildren(empty);
  }
}
