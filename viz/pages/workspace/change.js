/* Other times for a plan, with the check at each step. */
let turn = 0, waiting = null, checked = null;

const planNow = () => (drafts[chosen.tls_id] ? drafts[chosen.tls_id].plan : chosen.plan);
const free = () => chosen.plan.control !== "static";

function showEditor() {
  byId("editor").hidden = !chosen.editable;
  byId("not-editable").hidden = chosen.editable;
  document.querySelector(".edit").classList.toggle("fixed", !free());
  if (!chosen.editable) return showChecked(null);
  const plan = planNow();
  byId("offset").value = plan.offset_s;
  byId("phases").replaceChildren(...plan.phases.map((phase, number) => phaseRow(phase, number)));
  byId("reset").disabled = !drafts[chosen.tls_id];
  showTimes(null);
  showCycle();
  return check();
}

function phaseRow(phase, number) {
  const today = chosen.plan.phases[number], shows = chosen.phases[number], row = make("tr", shows.changing ? "changing" : "");
  const told = [];
  if (shows.green.length) told.push(word("workspace.green", { groups: shows.green.join(" ") }));
  if (shows.yellow.length) told.push(word("workspace.yellow", { groups: shows.yellow.join(" ") }));
  const cell = make("td", "", told.join(" · ") || word("workspace.red"));
  if (shows.changing) cell.append(make("small", "", ` ${word("workspace.clearing")}`));
  row.append(make("td", "num", String(number)), cell);
  row.append(timeCell(phase, number, "duration_s", "workspace.length", ""));
  row.append(timeCell(phase, number, "min_s", "workspace.least", "free"), timeCell(phase, number, "max_s", "workspace.most", "free"));
  row.append(make("td", "num", String(today.duration_s)));
  return row;
}

function timeCell(phase, number, name, key, more) {
  const cell = make("td", `num ${more}`), field = make("input");
  Object.assign(field, { type: "number", min: 0, max: 600, step: 1, value: phase[name] });
  field.dataset.field = `${number}.${name}`;
  field.setAttribute("aria-label", word("workspace.field", { what: word(key), number }));
  field.addEventListener("input", () => edit((plan) => setTime(plan.phases[number], name, field.valueAsNumber), field));
  cell.append(field);
  return cell;
}

/* At fixed times the limits are the length; else the length stays between them. */
function setTime(phase, name, seconds) {
  phase[name] = seconds;
  if (!free() || phase.min_s === phase.max_s) Object.assign(phase, { min_s: seconds, max_s: seconds, duration_s: seconds });
  if (name === "duration_s") Object.assign(phase, { min_s: Math.min(phase.min_s, seconds), max_s: Math.max(phase.max_s, seconds) });
}

function edit(change, field) {
  if (!Number.isFinite(field.valueAsNumber)) return;
  const before = drafts[chosen.tls_id];
  const draft = before || { plan: structuredClone(chosen.plan), digest: chosen.digest, reasons: {} };
  change(draft.plan);
  draft.plan.program_id = `${chosen.plan.program_id}+`;
  draft.plan.source = "engineer";
  if (sameTimes(draft.plan, chosen.plan)) delete drafts[chosen.tls_id];
  else drafts[chosen.tls_id] = draft;
  showTimes(field);
  byId("reset").disabled = !drafts[chosen.tls_id];
  showCycle();
  keepDrafts();
  clearTimeout(waiting);
  waiting = setTimeout(check, 300);
}

/* All fields as the plan is now; the one that somebody types in is left alone. */
function showTimes(typed) {
  const plan = planNow();
  for (const field of byId("phases").querySelectorAll("[data-field]")) {
    const [number, name] = field.dataset.field.split("."), value = plan.phases[number][name];
    if (field !== typed) field.value = value;
    field.classList.toggle("changed", value !== chosen.plan.phases[number][name]);
  }
  byId("offset").classList.toggle("changed", plan.offset_s !== chosen.plan.offset_s);
}

function sameTimes(one, other) {
  const times = (plan) => JSON.stringify([plan.offset_s, plan.phases.map((phase) => [phase.duration_s, phase.min_s, phase.max_s])]);
  return times(one) === times(other);
}

function showCycle() {
  const sum = (plan) => Math.round(10 * plan.phases.reduce((all, phase) => all + phase.duration_s, 0)) / 10;
  const now = sum(planNow()), today = sum(chosen.plan);
  byId("cycle").textContent = word(now === today ? "workspace.cycle_same" : "workspace.cycle", { now, today });
}

async function check() {
  const own = (turn += 1), draft = drafts[chosen.tls_id];
  if (!draft) return showChecked(null);
  if (draft.digest !== chosen.digest) {
    byId("verdict").textContent = word("workspace.moved", { name: chosen.tls_id });
    byId("verdict").dataset.standing = "bad";
    return undefined;
  }
  byId("verdict").textContent = byId("verdict").textContent || word("workspace.checking");
  try {
    const told = await askJson("/api/signals/check", { plan: draft.plan, rules: byId("rules").value, reasons: [] });
    if (own !== turn) return undefined;
    draft.rules = told.rules;
    keepDrafts();
    return showChecked(told);
  } catch (trouble) {
    if (own !== turn) return undefined;
    byId("verdict").dataset.standing = "bad";
    return explain(byId("verdict"), trouble);
  }
}

function showChecked(told) {
  checked = told;
  piece(byId("difference"), told && told.changes ? told.diff : "");
  piece(byId("broken"), told ? told.check : "");
  sayVerdict();
  if (told) askReasons();
}

function sayVerdict() {
  const node = byId("verdict"), told = checked;
  if (!told) {
    node.dataset.standing = "";
    node.textContent = chosen && chosen.editable ? word("workspace.unchanged") : "";
    return;
  }
  const key = !told.failing ? "workspace.all_hold" : told.new ? "workspace.broken" : "workspace.as_before";
  const mended = told.mended ? ` ${word("workspace.mended", { count: told.mended })}` : "";
  node.dataset.standing = told.new ? "bad" : told.failing ? "so-so" : "good";
  node.textContent = word(key, { changes: told.changes, failing: told.failing, fresh: told.new }) + mended;
}

/* A line to write on for each change that has no reason of its own. */
function askReasons() {
  const draft = drafts[chosen.tls_id];
  for (const row of byId("difference").querySelectorAll("tr[data-kind]")) {
    const cell = row.querySelector(".why");
    if (cell.textContent.trim()) continue;
    const field = make("input"), key = JSON.stringify([row.dataset.kind, row.dataset.subject]);
    Object.assign(field, { type: "text", maxLength: 300, value: draft.reasons[key] || "" });
    field.setAttribute("aria-label", word("workspace.why", { what: row.cells[0].innerText, where: row.dataset.subject }));
    field.addEventListener("input", () => { draft.reasons[key] = field.value; keepDrafts(); });
    cell.append(field);
  }
}

function wireChange() {
  byId("offset").addEventListener("input", () => edit((plan) => { plan.offset_s = byId("offset").valueAsNumber; }, byId("offset")));
  byId("reset").addEventListener("click", () => { dropDraft(chosen.tls_id); choose(chosen.tls_id, true); });
}
