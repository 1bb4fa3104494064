/* The dialogue in which something is decided: what, under whose name, why; it shuts by itself when somebody else was first. */
let asking = null;

/* given: title, what, send (key), chips (key of reasons), extra (node), path, body() -> fields or {problem}, gone() -> why it can no longer be decided, or "". */
function openAsk(given) {
  asking = given;
  byId("decision-title").textContent = given.title;
  byId("decision-what").textContent = given.what;
  byId("decision-extra").replaceChildren(...(given.extra ? [given.extra] : []));
  byId("decision-send").textContent = word(given.send);
  byId("decision-send").className = given.danger ? "danger" : "";
  byId("decision-as").textContent = me.name ? word("desk.as", { name: me.name }) : "";
  byId("reason").value = "";
  const reasons = has(given.chips) ? word(given.chips).split("|") : [];
  byId("decision-chips").replaceChildren(...reasons.map((reason) => {
    const chip = make("button", "chip", reason);
    chip.type = "button";
    chip.addEventListener("click", () => { byId("reason").value = reason; byId("decision-send").focus(); });
    return chip;
  }));
  tellAsk("");
  byId("decision").showModal();
  const first = given.extra && given.extra.querySelector("input, select");
  (byId("who").value || me.name ? first || byId("decision-chips").firstChild || byId("reason") : byId("who")).focus();
  watchAsk();
}

function tellAsk(problem, over) {
  byId("decision-problem").textContent = problem;
  byId("decision-send").disabled = Boolean(over);
}

/* A new state came while the dialogue is open: decided by another, expired, changed, or no server. */
function watchAsk() {
  if (!asking || !byId("decision").open || asking.sending) return;
  const gone = asking.gone ? asking.gone() : "";
  const lost = document.body.dataset.link === "lost" ? word("desk.no_server") : "";
  if (gone) tellAsk(gone, true);
  else if (lost) { tellAsk(lost, true); asking.lost = true; }
  else if (asking.lost) { tellAsk(""); asking.lost = false; }
}

async function send(event) {
  event.preventDefault();
  const who = byId("who").value.trim(), reason = byId("reason").value.trim(), given = asking;
  if ((!who && !me.name) || !reason) { tellAsk(word(me.name ? "desk.reason_needed" : "cockpit.needed")); return; }
  const fields = given.body();
  if (fields.problem) { tellAsk(fields.problem); return; }
  given.sending = true;
  tellAsk(word("desk.sending"), true);
  const told = await act(given.path, { ...fields, who, [given.words || "reason"]: reason });
  given.sending = false;
  if (asking !== given) return;
  if (told.problem) { tellAsk(told.problem); watchAsk(); return; }
  byId("decision").close();
  await refresh().catch(() => undefined);
}

function wireAsk() {
  byId("decision-form").addEventListener("submit", send);
  byId("decision-cancel").addEventListener("click", () => byId("decision").close());
  byId("decision").addEventListener("close", () => { asking = null; });
}
