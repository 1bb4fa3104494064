/* What leaves: files for other tools, and changed plans for the desk. */
let leaves = {};

const scope = () => document.querySelector("input[name=scope]:checked").value;

/* Signals that leave, and those of them that are changed. */
function leaving() {
  const all = Object.keys(drafts);
  if (scope() === "one") return { names: [chosen.tls_id], edited: drafts[chosen.tls_id] ? [drafts[chosen.tls_id].plan] : [] };
  return { names: scope() === "all" ? [] : all, edited: changedPlans() };
}

/* Rules that fail somewhere in what leaves: of changed plans as they were checked, of the others as they run today. */
function failingRules() {
  const { names, edited } = leaving(), changed = edited.map((plan) => plan.tls_id), found = {};
  const rows = signals.filter((one) => !names.length || names.includes(one.tls_id));
  for (const row of rows) {
    const rules = changed.includes(row.tls_id) ? drafts[row.tls_id].rules || [] : row.rules || [];
    for (const one of rules) found[one.rule] = { ...one, count: one.count + (found[one.rule] ? found[one.rule].count : 0) };
  }
  return Object.values(found);
}

function showSend() {
  if (!chosen) return;
  const failing = failingRules();
  byId("leaves").hidden = !failing.length;
  byId("leave-list").replaceChildren(...failing.map((one) => {
    const row = make("li"), field = make("input"), line = make("label", "", word("workspace.leave", { meaning: say(one.meaning), count: one.count }));
    Object.assign(field, { type: "text", maxLength: 300, value: leaves[one.rule] || "" });
    field.dataset.rule = one.rule;
    field.addEventListener("input", () => { leaves[one.rule] = field.value; });
    line.append(field);
    row.append(line);
    return row;
  }));
  byId("who-line").hidden = Boolean(me.name);
  byId("edition-line").hidden = byId("format").value !== "gat1049";
  const mine = may("signals"), { edited } = leaving();
  byId("desk-form").hidden = !mine || !edited.length;
  byId("desk-closed").hidden = mine && edited.length > 0;
  byId("desk-closed").textContent = mine ? word("workspace.no_draft") : word("workspace.not_role", { role: word(me.role ? `head.role.${me.role}` : "workspace.nobody") });
}

/* Leave to fail, as the server takes it; nothing where a reason is missing. */
function overrides(said) {
  const given = failingRules().map((one) => ({ rule: one.rule, reason: (leaves[one.rule] || "").trim() }));
  if (given.every((one) => one.reason)) return given;
  said.textContent = word("workspace.need_leave");
  document.querySelector(`[data-rule="${given.find((one) => !one.reason).rule}"]`).focus();
  return null;
}

function whoActs(said) {
  if (me.name) return { who: null };
  const who = byId("who").value.trim();
  if (who) return { who };
  said.textContent = word("workspace.need_who");
  byId("who").focus();
  return null;
}

async function download() {
  const said = byId("export-said"), { names, edited } = leaving(), leave = overrides(said), actor = leave && whoActs(said);
  if (!actor) return;
  const kind = byId("format").value;
  said.textContent = word("workspace.exporting");
  byId("download").disabled = true;
  try {
    const answer = await ask("/api/signals/export", { signals: names, edited, format: kind, edition: Number(byId("edition").value), rules: byId("rules").value, overrides: leave, ...actor });
    const link = make("a"), address = URL.createObjectURL(await answer.blob());
    Object.assign(link, { href: address, download: `signals-${kind}.zip` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    said.textContent = word("workspace.exported", { written: answer.headers.get("x-signals-written"), left: answer.headers.get("x-signals-left-out") });
  } catch (trouble) {
    explain(said, trouble);
  } finally {
    byId("download").disabled = false;
  }
}

async function propose() {
  const said = byId("desk-said"), { edited } = leaving(), reason = byId("reason").value.trim();
  const leave = overrides(said), actor = leave && whoActs(said);
  if (!actor) return;
  if (!reason) {
    said.textContent = word("workspace.need_reason");
    byId("reason").focus();
    return;
  }
  const names = edited.map((plan) => plan.tls_id);
  const body = {
    plans: edited, made_for: Object.fromEntries(names.map((tls) => [tls, drafts[tls].digest])), reason, rules: byId("rules").value,
    reasons: names.flatMap(reasonsOf), overrides: leave, hours: Number(byId("hours").value), ...actor,
  };
  byId("propose").disabled = true;
  said.textContent = word("workspace.proposing");
  try {
    const done = await askJson("/api/signals/proposals", body);
    for (const tls of names) delete drafts[tls];
    keepDrafts();
    byId("reason").value = "";
    await readSignals();
    await choose(chosen.tls_id, true);
    showSend();
    const until = done.valid_until.replace("T", " ").slice(0, 16);
    said.textContent = word("workspace.proposed", { rec: done.rec_id, until });
  } catch (trouble) {
    explain(said, trouble);
  } finally {
    byId("propose").disabled = false;
  }
}

function wireSend() {
  byId("download").addEventListener("click", download);
  byId("propose").addEventListener("click", propose);
  byId("format").addEventListener("change", showSend);
  for (const node of document.querySelectorAll("input[name=scope]")) node.addEventListener("change", showSend);
}
