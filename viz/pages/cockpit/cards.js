/* Recommendations as cards, and the dialogue in which one is decided. */
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

function wireCards() {
  byId("decision-form").addEventListener("submit", send);
  byId("decision-cancel").addEventListener("click", () => byId("decision").close());
}
